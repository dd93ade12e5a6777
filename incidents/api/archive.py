"""Routes about what becomes of incidents after their end: class and periods, legal holds, how retention goes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import followup
from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed
from incidents.archive import classes
from incidents.audience import MASK, seen
from incidents.fields import Ident, Input, Moment, Text
from incidents.models import Incident, LegalHold, Retention
from incidents.refusals import NotFound
from incidents.roles import DESK, INSPECTOR, LEADER, REVIEWER, WATCH_COMMANDER, WATCHING, audience_of
from incidents.row import Json
from incidents.services import holds, retention

HOLDING = (WATCH_COMMANDER, INSPECTOR, LEADER)
MOST = 500


class ClassInput(Input):
    """Another class, with its reason."""

    retention_class = Text(12, code=True)
    reason = Text(400)


class HoldInput(Input):
    """What is held, why, on which basis, until when."""

    scope = serializers.ChoiceField(LegalHold.Scope.values)
    incident = Ident(required=False, allow_null=True, default=None)
    subject = Text(100, required=False, default="")
    since = Moment(required=False, allow_null=True, default=None)
    before = Moment(required=False, allow_null=True, default=None)
    reason = Text(400)
    legal_basis = Text(200)
    until = Moment(required=False, allow_null=True, default=None)


def hold_shown(by: Any, hold: LegalHold) -> Json:
    """Return a hold as a person may see it: the subject's name or number is caller data."""
    row = hold.row()
    return row if by.has(*DESK, INSPECTOR) else {**row, "subject": MASK if row["subject"] else ""}


class ArchiveOfView(APIView):
    """What holds an incident open, how long it is kept, and what stops its redaction."""

    roles = {"GET": WATCHING}

    @extend_schema(responses=dict)
    def get(self, request: Request, incident_id: int) -> Response:
        """Return class (proposed while it is open), holds that cover it, and what keeps it open."""
        by: Any = request.auth
        incident = Incident.objects.filter(pk=incident_id, centre_id=by.centre_id).first()
        if incident is None or seen(audience_of(by), "incident", incident.row(), incident.readers()) is None:
            raise NotFound()
        row = Retention.objects.filter(incident=retention.root(incident)).select_related("incident").first()
        found = holds.of_incidents(retention.family(incident), timezone.now())
        return Response(
            {
                "retention": row.row() if row else None,
                "proposed": classes.propose(incident),
                "holds": [hold_shown(by, hold) for hold in found],
                "open_matters": [str(sentence) for sentence in followup.open_matters(incident)]
                if incident.is_open
                else [],
            }
        )


class ClassView(APIView):
    """The class of an incident."""

    roles = {"POST": (WATCH_COMMANDER, REVIEWER, INSPECTOR)}

    @extend_schema(request=ClassInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Set it, with a reason."""
        said = parsed(ClassInput, request)
        return carried_out(retention.set_class, by=actor(request), incident_id=incident_id, **said)


class HoldsView(APIView):
    """Legal holds."""

    roles = {"GET": (*HOLDING, REVIEWER), "POST": HOLDING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List them, those in force first."""
        by: Any = request.auth
        found = LegalHold.objects.filter(centre_id=by.centre_id).select_related("incident").order_by("-id")[:MOST]
        now = timezone.now()
        rows = [
            {
                **hold_shown(by, one),
                "active": one.is_active(now),
                "incident_no": one.incident.incident_no if one.incident else "",
            }
            for one in found
            if one.incident is None or seen(audience_of(by), "incident", one.incident.row(), one.incident.readers())
        ]
        rows.sort(key=lambda row: not row["active"])
        return Response({"holds": rows})

    @extend_schema(request=HoldInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Place one."""
        said = parsed(HoldInput, request)
        return carried_out(holds.place_hold, by=actor(request), incident_id=said.pop("incident"), **said)


class EndHoldView(APIView):
    """Asking for the end of a hold; somebody else approves it."""

    roles = {"POST": HOLDING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, hold_id: int) -> Response:
        """Ask, with the reason."""
        said = parsed(Reason, request)
        return carried_out(holds.ask_end, by=actor(request), hold_id=hold_id, reason=said["reason"])

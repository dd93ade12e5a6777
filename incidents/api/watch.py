"""Routes of watch entries and their hits (布控)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import INSPECTORS_ONLY
from incidents.fields import Ident, Input, Moment, Text
from incidents.models import WatchEntry, WatchHit
from incidents.roles import ANALYST, DESK, INSPECTOR, VIDEO, WATCH_COMMANDER, audience_of
from incidents.row import Json
from incidents.services import watch, watch_hits

READING = (*DESK, ANALYST, VIDEO, INSPECTOR)
ASKING = (*DESK, ANALYST, VIDEO)
SHOWN = 200


class NewEntry(Input):
    """What is to be watched for, why, on which basis, until when."""

    subject = serializers.ChoiceField(WatchEntry.Subject.values)
    value = Text(60, code=True)
    incident = Ident(required=False, allow_null=True)
    reason = Text(400)
    legal_basis = Text(200)
    expires_at = Moment(required=False, allow_null=True)


class Handling(Input):
    """What a person made of a hit."""

    text = Text(400)


class WatchView(APIView):
    """The watch entries and their hits."""

    roles = {"GET": READING, "POST": ASKING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the entries, those that wait or hold first, and the hits, those that nobody has handled first."""
        by: Any = request.auth
        hidden = audience_of(by) == "overview"
        entries = WatchEntry.objects.filter(centre_id=by.centre_id).select_related("incident")
        opened = entries.filter(state__in=watch.OPEN).order_by("-id")
        ended = entries.exclude(state__in=watch.OPEN).order_by("-id")[:SHOWN]
        hits = WatchHit.objects.filter(centre_id=by.centre_id).select_related("entry__incident", "camera")
        waiting = hits.filter(handled_at__isnull=True).order_by("-id")[:SHOWN]
        handled = hits.filter(handled_at__isnull=False).order_by("-id")[:SHOWN]
        return Response(
            {
                "watch_entries": [told(row) for row in [*opened, *ended] if not (hidden and closed_to(row))],
                "watch_hits": [hit_told(row) for row in [*waiting, *handled] if not (hidden and closed_to(row))],
            }
        )

    @extend_schema(request=NewEntry, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Ask for one."""
        by, said = actor(request), parsed(NewEntry, request)
        return carried_out(watch.ask_watch, by=by, incident_id=said.pop("incident", None), **said)


class ApproveWatchView(APIView):
    """审批."""

    roles = {"POST": (WATCH_COMMANDER,)}

    @extend_schema(request=None, responses=dict)
    def post(self, request: Request, entry_id: int) -> Response:
        """Put it in force."""
        return carried_out(watch.approve_watch, by=actor(request), entry_id=entry_id)


class RefuseWatchView(APIView):
    """不批."""

    roles = {"POST": (WATCH_COMMANDER,)}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, entry_id: int) -> Response:
        """Refuse it with the reason."""
        by, said = actor(request), parsed(Reason, request)
        return carried_out(watch.refuse_watch, by=by, entry_id=entry_id, reason=said["reason"])


class WithdrawWatchView(APIView):
    """撤控."""

    roles = {"POST": ASKING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, entry_id: int) -> Response:
        """End it before its time."""
        by, said = actor(request), parsed(Reason, request)
        return carried_out(watch.withdraw_watch, by=by, entry_id=entry_id, reason=said["reason"])


class HandleHitView(APIView):
    """A person looks at a hit."""

    roles = {"POST": ASKING}

    @extend_schema(request=Handling, responses=dict)
    def post(self, request: Request, hit_id: int) -> Response:
        """Write what was made of it."""
        by, said = actor(request), parsed(Handling, request)
        return carried_out(watch_hits.handle_hit, by=by, hit_id=hit_id, text=said["text"])


def closed_to(row: WatchEntry | WatchHit) -> bool:
    """Tell whether a row is about a complaint: the inspectors' alone (R1)."""
    return INSPECTORS_ONLY in row.readers()


def told(row: WatchEntry) -> Json:
    """Return an entry with the number of its incident."""
    return {**row.row(), "incident_no": row.incident.incident_no if row.incident else ""}


def hit_told(row: WatchHit) -> Json:
    """Return a hit with the number of its incident and the name of the camera."""
    incident = row.entry.incident
    names = {
        "incident_no": incident.incident_no if incident else "",
        "camera_name": row.camera.name if row.camera else "",
    }
    return {**row.row(), **names}

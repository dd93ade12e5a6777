"""Routes of directives, of the acts of a mode, and of interception."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.api.incident import visible_incident
from dispatch.directives import acts, intercepting, tracks
from dispatch.directives.intercepting import Seen
from dispatch.directives.models import Directive
from dispatch.directives.services import (
    ISSUING,
    Plan,
    accept_directive,
    issue_directive,
    send_interception,
    withdraw_directive,
)
from incidents import centres
from incidents.actor import Actor
from incidents.api.fusion import about
from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.audience import INSPECTORS_ONLY
from incidents.fields import Flag, Ident, Input, Moment, Number, PointInput, Text
from incidents.models import Incident
from incidents.refusals import NotFound
from incidents.roles import ANALYST, DESK, INSPECTOR, LEADER, OFFICER, ORDERING, VIDEO, WATCHING, audience_of
from incidents.row import Json
from patrol.models import NEVER_SENT, Unit

READING = (*DESK, ANALYST, VIDEO, LEADER, INSPECTOR)
ENDED_SHOWN = 50


class TaskedUnit(Input):
    """A unit, and the less urgent order that it leaves for this."""

    unit = Ident()
    drop = Ident(required=False, allow_null=True, default=None)


class DirectiveInput(Input):
    """A directive."""

    task = serializers.ChoiceField(Directive.Task.values)
    text = Text(1000)
    units = serializers.ListField(child=TaskedUnit(), min_length=1, max_length=20)
    lead = Ident(required=False, allow_null=True, default=None)
    silent = Flag(required=False, default=False)
    locked_position = Ident(required=False, allow_null=True, default=None)
    point = PointInput(required=False, allow_null=True, default=None)
    place = Text(200, required=False, default="")


class InterceptionInput(Input):
    """The directives of an interception, one for each point."""

    points = serializers.ListField(child=DirectiveInput(), min_length=1, max_length=12)


class SeenInput(Input):
    """A fleeing vehicle as it was last seen."""

    point = PointInput()
    seen_at = Moment(required=False, allow_null=True, default=None)
    heading = Number(0, 360, required=False, allow_null=True, default=None)
    motorcycle = Flag(required=False, default=False)


class ToldInput(Input):
    """What the unit of a stake-out says."""

    text = Text(200, required=False, default="")
    device_at = Moment(required=False, allow_null=True, default=None)


class ReliefInput(Input):
    """Who takes over."""

    unit = Ident()


class ReceiptInput(Input):
    """The device's own time, a claim."""

    device_at = Moment(required=False, allow_null=True, default=None)


class DirectivesView(APIView):
    """The directives of a centre."""

    roles = {"GET": READING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the open ones, the newest first, the last ended ones, and the units that can be told."""
        by: Any = request.auth
        mine = Directive.objects.filter(centre_id=by.centre_id).select_related("incident").prefetch_related("lines")
        opened = mine.filter(state__in=Directive.OPEN).order_by("-id")
        ended = mine.exclude(state__in=Directive.OPEN).order_by("-id")[:ENDED_SHOWN]
        shown = [about(by, row.incident) | row.row() for row in [*opened, *ended] if not hidden(by, row)]
        return Response({"directives": shown, "units": units_of(by)})


def hidden(by: Actor, row: Directive) -> bool:
    """Tell whether a directive is about what the reader may not know of (R1)."""
    return INSPECTORS_ONLY in row.readers() and audience_of(by) == "overview"


def units_of(by: Actor) -> list[Json]:
    """Return the units on duty that can be sent, with their status and their order."""
    found = Unit.objects.filter(centre_id=by.centre_id, ended_at__isnull=True, on_shift__isnull=False)
    names = ("id", "call_sign", "label", "kind", "status", "assignment_id")
    return list(found.exclude(kind__in=NEVER_SENT).order_by("call_sign").values(*names))


class IssueView(APIView):
    """下达指令."""

    roles = {"POST": ISSUING}

    @extend_schema(request=DirectiveInput, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Issue a directive straight to units."""
        by = actor(request)
        plan = plan_of(by, parsed(DirectiveInput, request))
        return carried_out(issue_directive, by=by, incident_id=incident_id, plan=plan)


def plan_of(by: Actor, said: dict[str, Any], path: str = "") -> Plan:
    """Read a directive out of a body; the first unit leads unless another one is named."""
    point = said["point"] and stored_point(said["point"], centres.centre(by.centre_id), f"{path}point")
    units = {one["unit"]: one["drop"] for one in said["units"]}
    return Plan(
        task=said["task"],
        text=said["text"],
        units=units,
        lead=said["lead"] or next(iter(units)),
        silent=said["silent"],
        position_id=said["locked_position"],
        point={"lat": point["lat"], "lng": point["lng"]} if point else None,
        place=said["place"],
    )


class AcceptDirectiveView(APIView):
    """签收."""

    roles = {"POST": (OFFICER,)}

    @extend_schema(request=ReceiptInput, responses=dict)
    def post(self, request: Request, directive_id: int) -> Response:
        """Accept it as a unit that had its order already."""
        by, said = actor(request), parsed(ReceiptInput, request)
        return carried_out(accept_directive, by=by, directive_id=directive_id, device_at=said["device_at"])


class WithdrawDirectiveView(APIView):
    """撤销."""

    roles = {"POST": ISSUING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, directive_id: int) -> Response:
        """Withdraw it with the reason."""
        by, said = actor(request), parsed(Reason, request)
        return carried_out(withdraw_directive, by=by, directive_id=directive_id, reason=said["reason"][:200])


class InterceptionView(APIView):
    """Where a fleeing vehicle can be met."""

    roles = {"POST": ISSUING}

    @extend_schema(request=SeenInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Propose points; nothing is sent and nothing is written."""
        by: Any = request.auth
        said = parsed(SeenInput, request)
        incident = Incident.objects.filter(pk=incident_id, centre_id=by.centre_id).first()
        if incident is None or incident.is_complaint:
            raise NotFound()
        now = timezone.now()
        point = stored_point(said["point"], centres.centre(by.centre_id))
        seen = Seen(point["lat"], point["lng"], said["seen_at"] or now, said["heading"], said["motorcycle"])
        return Response(intercepting.proposed(incident, seen, now))


class SendInterceptionView(APIView):
    """堵截."""

    roles = {"POST": ISSUING}

    @extend_schema(request=InterceptionInput, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Send all points in one act, each with its own units."""
        by, said = actor(request), parsed(InterceptionInput, request)
        plans = [plan_of(by, one, f"points.{at}.") for at, one in enumerate(said["points"])]
        return carried_out(send_interception, by=by, incident_id=incident_id, plans=plans)


class TracksView(APIView):
    """All units of an incident on one map."""

    roles = {"GET": WATCHING}

    @extend_schema(responses=dict)
    def get(self, request: Request, incident_id: int) -> Response:
        """Return their tracks since the mode began."""
        by: Any = request.auth
        incident, _shown = visible_incident(by, incident_id)
        return Response(tracks.of_incident(incident, timezone.now()))


class BreakOffView(APIView):
    """停止追击."""

    roles = {"POST": ORDERING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Break it off; every unit is told with the reason."""
        by, said = actor(request), parsed(Reason, request)
        return carried_out(acts.break_off, by=by, incident_id=incident_id, reason=said["reason"][:200])


class StatusToldView(APIView):
    """How the unit of a stake-out stands."""

    roles = {"POST": (OFFICER, *ORDERING)}

    @extend_schema(request=ToldInput, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Say it."""
        by, said = actor(request), parsed(ToldInput, request)
        return carried_out(acts.answer_prompt, by=by, assignment_id=assignment_id, **said)


class RelieveView(APIView):
    """接替."""

    roles = {"POST": ORDERING}

    @extend_schema(request=ReliefInput, responses={201: dict})
    def post(self, request: Request, assignment_id: int) -> Response:
        """Send a unit that takes over."""
        by, said = actor(request), parsed(ReliefInput, request)
        return carried_out(acts.relieve, by=by, assignment_id=assignment_id, unit_id=said["unit"])

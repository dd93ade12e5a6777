"""Routes about the checklist of an order and the handing over of a scene."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.api.orders import MOVING, Claim
from dispatch.services import checklist
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Flag, Ident, Input, Text
from incidents.roles import DESK, OFFICER, STATION_DUTY


class TickInput(Claim):
    """A step of the checklist."""

    item = Text(32, code=True)
    done = Flag(required=False, default=True)


class HandOnInput(Claim):
    """Who takes the scene over."""

    to = Ident(required=False, allow_null=True, default=None)
    to_name = Text(100, required=False, default="")
    contact = Text(100, required=False, default="")


class TakenInput(Input):
    """Who took it."""

    received_by = Text(100)
    reply = Text(200, required=False, default="")


class ChecklistView(APIView):
    """The checklist of an order."""

    roles = MOVING

    @extend_schema(request=TickInput, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Tick a step off."""
        said = {"device_at": None, **parsed(TickInput, request)}
        return carried_out(checklist.tick, by=actor(request), assignment_id=assignment_id, **said)


class HandOnView(APIView):
    """Handing a scene over (R16)."""

    roles = MOVING

    @extend_schema(request=HandOnInput, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Ask the responsible unit to take over."""
        said = {"device_at": None, **parsed(HandOnInput, request)}
        return carried_out(checklist.hand_on, by=actor(request), assignment_id=assignment_id, **said)


class TakenOverView(APIView):
    """The receipt of a hand-over."""

    roles = {"POST": (*DESK, OFFICER, STATION_DUTY)}

    @extend_schema(request=TakenInput, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Note who took it over."""
        said = parsed(TakenInput, request)
        return carried_out(checklist.receive, by=actor(request), assignment_id=assignment_id, **said)

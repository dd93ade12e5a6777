"""Routes that write what is known about an incident."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.alerts import acknowledge, shelve
from incidents.api import inputs
from incidents.api.calls import AT_DESK
from incidents.api.inputs import centre_of
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.fields import Input
from incidents.roles import DESK, OFFICER, ORDERING, STATION_DUTY
from incidents.services import incidents


class PlaceView(APIView):
    """The place of an incident."""

    roles = AT_DESK

    @extend_schema(request=inputs.PlaceInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Accept or replace it."""
        by, facts = actor(request), parsed(inputs.PlaceInput, request)
        point = stored_point(facts.pop("point"), centre_of(by))
        version = facts.pop("version")
        return carried_out(
            incidents.accept_place, by=by, incident_id=incident_id, version=version, point=point, facts=facts
        )


class PriorityView(APIView):
    """The priority of an incident."""

    roles = AT_DESK

    @extend_schema(request=inputs.PriorityInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Raise it, or as watch commander lower it."""
        found = parsed(inputs.PriorityInput, request)
        return carried_out(
            incidents.reprioritise,
            by=actor(request),
            incident_id=incident_id,
            version=found["version"],
            level=found["priority"],
            reason=found["reason"],
        )


class NoteView(APIView):
    """Remarks on an incident."""

    roles = {"POST": (*DESK, STATION_DUTY, OFFICER)}

    @extend_schema(request=inputs.Words, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Append a remark."""
        found = parsed(inputs.Words, request)
        return carried_out(incidents.add_note, by=actor(request), incident_id=incident_id, text=found["text"])


class ModeView(APIView):
    """The mode of an incident."""

    roles = {"POST": ORDERING}

    @extend_schema(request=inputs.ModeInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Switch to routine, stake-out, pursuit or interception."""
        found = parsed(inputs.ModeInput, request)
        return carried_out(
            incidents.switch_mode,
            by=actor(request),
            incident_id=incident_id,
            version=found["version"],
            mode=found["mode"],
            quiet=found["quiet"],
            reason=found["reason"],
        )


class AcknowledgeView(APIView):
    """An alert that somebody takes on."""

    roles = {"POST": DESK}
    while_locked = ("POST",)  # critical ones: the command refuses the others

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, alert_id: int) -> Response:
        """Acknowledge it."""
        parsed(Input, request)
        return carried_out(acknowledge, by=actor(request), alert_id=alert_id)


class ShelveView(APIView):
    """An alert that can wait a few minutes."""

    roles = {"POST": DESK}

    @extend_schema(request=inputs.Shelf, responses=dict)
    def post(self, request: Request, alert_id: int) -> Response:
        """Shelve it."""
        found = parsed(inputs.Shelf, request)
        return carried_out(
            shelve, by=actor(request), alert_id=alert_id, minutes=found["minutes"], reason=found["reason"]
        )

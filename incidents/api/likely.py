"""Routes about duplicates: which incidents a call may be about, attaching undone, a call split off (F6)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import likeness, standing
from incidents.api.inputs import IncidentFacts, Reason, VersionedReason, centre_of, with_point
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Ident, Input, PointInput, Text
from incidents.likeness import Like, Report
from incidents.models import Call
from incidents.roles import DESK, ORDERING
from incidents.row import Json
from incidents.services import joining


class Said(Input):
    """What is in the form while the caller talks."""

    call = Ident(required=False, allow_null=True)
    point = PointInput(required=False, allow_null=True)
    type_reported = Text(8, required=False, default="", code=True)
    address_text = Text(200, required=False, default="")
    narrative = Text(10_000, required=False, default="")
    vehicle_plate = Text(20, required=False, default="", code=True)
    caller_number = Text(32, required=False, default="", code=True)
    contact_phone = Text(32, required=False, default="", code=True)


class SplitInput(VersionedReason):
    """Which call is another event's, and what is known of that one."""

    call = Ident()
    facts = IncidentFacts(required=False)


class LikelyView(APIView):
    """Which open incidents a call may be about; nothing is written."""

    roles = {"POST": DESK}

    @extend_schema(request=Said, responses=dict)
    def post(self, request: Request) -> Response:
        """Return them with their chances and reasons."""
        by: Any = request.auth
        said = with_point(parsed(Said, request), centre_of(by))
        call = Call.objects.filter(pk=said["call"], centre_id=by.centre_id).first() if said.get("call") else None
        found = standing.likely(by.centre_id, report_of(said, call), but=call.incident_id if call else None)
        known = likeness.rules()
        return Response(
            {
                "version": known.version,
                "near_m": known.settings.near_m,
                "recent_s": known.settings.recent_s,
                "work_from": known.settings.work_from,
                "likely": [shown(like, callers) for like, callers in found],
            }
        )


def report_of(said: Json, call: Call | None) -> Report:
    """Return what is in the form as a report; its moment is the answer of the call, or now."""
    point = said.get("point") or {}
    answered = call.answered_at if call is not None and call.answered_at else timezone.now()
    return Report(
        at=answered.timestamp(),
        lat=point.get("lat"),
        lng=point.get("lng"),
        type=said["type_reported"],
        place=said["address_text"],
        words=said["narrative"],
        plate=said["vehicle_plate"],
        numbers=tuple(number for number in (said["caller_number"], said["contact_phone"]) if number),
    )


def shown(like: Like, callers: int) -> Json:
    """Return a suggestion with its reasons."""
    return {
        "incident": like.id,
        "chance": like.chance,
        "metres": like.metres,
        "seconds": round(like.seconds),
        "type": like.type,
        "words": list(like.words),
        "plate": like.plate,
        "number": like.number,
        "callers": callers,
    }


class DetachView(APIView):
    """An attached call gets its own life back."""

    roles = {"POST": DESK}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Detach it with the reason."""
        said = parsed(Reason, request)
        return carried_out(joining.detach_call, by=actor(request), call_id=call_id, reason=said["reason"])


class SplitView(APIView):
    """One call of an incident was another event."""

    roles = {"POST": ORDERING}

    @extend_schema(request=SplitInput, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Make a new incident of it."""
        by, said = actor(request), parsed(SplitInput, request)
        facts = with_point(said.pop("facts", {}), centre_of(by), path="facts.")
        said["call_id"] = said.pop("call")
        return carried_out(joining.split_call, by=by, incident_id=incident_id, facts=facts, **said)

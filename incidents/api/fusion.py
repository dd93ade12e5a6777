"""Routes of the fusion desk (合成作战): requests, clues, locked positions."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import centres
from incidents.actor import Actor
from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.audience import INSPECTORS_ONLY, seen
from incidents.fields import Flag, Ident, Input, Moment, Number, PointInput, Text, Whole
from incidents.models import Clue, Confidence, FusionRequest, Incident, LockedPosition, User
from incidents.roles import ANALYST, DESK, INSPECTOR, VIDEO, WATCH_COMMANDER, audience_of
from incidents.row import Json
from incidents.services import clues, fusion, locked_positions
from incidents.services.locked_positions import LONGEST_MINUTES, USUAL_MINUTES, Fix

READING = (*DESK, ANALYST, VIDEO, INSPECTOR)
FINDING = (ANALYST, VIDEO)
ENDED_SHOWN = 50
TOLD = ("incident_no", "stage", "type_reported", "priority", "address_text", "point", "open")


class NewRequest(Input):
    """What is asked of the fusion centre."""

    ask = serializers.ChoiceField(FusionRequest.Ask.values)
    text = Text(1000)
    legal_basis = Text(200)
    by_rule = Flag(required=False, default=False)


class FusionAcceptance(Input):
    """The speciality under which a request is taken on."""

    speciality = Text(40, required=False, default="")


class FusionReceiver(Input):
    """To whom a request goes, and what the receiver must know."""

    to = Text(12, code=True)
    words = Text(400, required=False, default="")


class EndInput(Input):
    """How a request ended."""

    state = serializers.ChoiceField([str(one) for one in FusionRequest.ENDED])
    text = Text(4_000)


class NewClue(Input):
    """One clue."""

    request = Ident(required=False, allow_null=True)
    kind = serializers.ChoiceField(Clue.Kind.values)
    text = Text(1000)
    value = Text(60, required=False, code=True, default="")
    source = Text(100)  # type: ignore[assignment]
    confidence = serializers.ChoiceField(Confidence.values)
    seen_at = Moment(required=False, allow_null=True)
    point = PointInput(required=False, allow_null=True)


class PositionInput(Input):
    """Where a suspect is believed to be."""

    point = PointInput()
    radius_m = Number(1, 20_000)
    source = Text(100)  # type: ignore[assignment]
    confidence = serializers.ChoiceField(Confidence.values)
    minutes = Whole(1, LONGEST_MINUTES, required=False, default=USUAL_MINUTES)


class FusionView(APIView):
    """The queue of the fusion centre."""

    roles = {"GET": READING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the open requests, the oldest first, the last ended ones, and what the rule proposes."""
        by: Any = request.auth
        mine = whole(FusionRequest.objects.filter(centre_id=by.centre_id))
        opened = mine.filter(state__in=fusion.OPEN).order_by("id")
        ended = mine.exclude(state__in=fusion.OPEN).order_by("-id")[:ENDED_SHOWN]
        return Response(
            {
                "fusion_requests": [told for row in [*opened, *ended] if (told := with_products(by, row)) is not None],
                "proposals": proposals(by),
                "analysts": analysts(by.centre_id),
            }
        )


class AskFusionView(APIView):
    """Ask for fusion work."""

    roles = {"POST": DESK}

    @extend_schema(request=NewRequest, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Ask, from an incident."""
        by, said = actor(request), parsed(NewRequest, request)
        return carried_out(fusion.ask_fusion, by=by, incident_id=incident_id, **said)


class AcceptFusionView(APIView):
    """受理."""

    roles = {"POST": (ANALYST,)}

    @extend_schema(request=FusionAcceptance, responses=dict)
    def post(self, request: Request, request_id: int) -> Response:
        """Take it on."""
        by, said = actor(request), parsed(FusionAcceptance, request)
        return carried_out(fusion.accept_fusion, by=by, request_id=request_id, **said)


class HandOverFusionView(APIView):
    """One request changes hands."""

    roles = {"POST": (ANALYST, WATCH_COMMANDER)}

    @extend_schema(request=FusionReceiver, responses=dict)
    def post(self, request: Request, request_id: int) -> Response:
        """Hand it over by name."""
        by, said = actor(request), parsed(FusionReceiver, request)
        return carried_out(fusion.hand_over_fusion, by=by, request_id=request_id, to_no=said["to"], words=said["words"])


class HandOverAllFusionView(APIView):
    """The shift of the fusion centre changes."""

    roles = {"POST": (ANALYST,)}

    @extend_schema(request=FusionReceiver, responses=dict)
    def post(self, request: Request) -> Response:
        """Hand over everything that one works on."""
        by, said = actor(request), parsed(FusionReceiver, request)
        return carried_out(fusion.hand_over_all_fusion, by=by, to_no=said["to"], words=said["words"])


class EndFusionView(APIView):
    """办结."""

    roles = {"POST": (ANALYST, WATCH_COMMANDER)}

    @extend_schema(request=EndInput, responses=dict)
    def post(self, request: Request, request_id: int) -> Response:
        """End it with its result, or without."""
        by, said = actor(request), parsed(EndInput, request)
        return carried_out(fusion.end_fusion, by=by, request_id=request_id, **said)


class CluesView(APIView):
    """The clues of an incident."""

    roles = {"POST": FINDING}

    @extend_schema(request=NewClue, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Note one."""
        by, facts = actor(request), parsed(NewClue, request)
        point = facts.pop("point", None)
        if point:
            stored = stored_point(point, centres.centre(by.centre_id))
            facts |= {"lat": stored["lat"], "lng": stored["lng"]}
        request_id = facts.pop("request", None)
        return carried_out(clues.add_clue, by=by, incident_id=incident_id, request_id=request_id, facts=facts)


class PushClueView(APIView):
    """推送."""

    roles = {"POST": FINDING}

    @extend_schema(request=None, responses=dict)
    def post(self, request: Request, clue_id: int) -> Response:
        """Push it to the units on the incident."""
        return carried_out(clues.push_clue, by=actor(request), clue_id=clue_id)


class VoidClueView(APIView):
    """A clue that does not hold."""

    roles = {"POST": FINDING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, clue_id: int) -> Response:
        """Take it back with the reason."""
        by, said = actor(request), parsed(Reason, request)
        return carried_out(clues.void_clue, by=by, clue_id=clue_id, reason=said["reason"][:200])


class LockPositionView(APIView):
    """锁定位置."""

    roles = {"POST": FINDING}

    @extend_schema(request=PositionInput, responses={201: dict})
    def post(self, request: Request, request_id: int) -> Response:
        """State where the suspect is."""
        by = actor(request)
        return carried_out(locked_positions.lock_position, by=by, request_id=request_id, fix=fix_of(request, by))


class RenewPositionView(APIView):
    """A position is stated anew."""

    roles = {"POST": FINDING}

    @extend_schema(request=PositionInput, responses={201: dict})
    def post(self, request: Request, position_id: int) -> Response:
        """Renew it; the old one stays in the log."""
        by = actor(request)
        return carried_out(locked_positions.renew_position, by=by, position_id=position_id, fix=fix_of(request, by))


def fix_of(request: Request, by: Actor) -> Fix:
    """Read a position out of a body."""
    said = parsed(PositionInput, request)
    point = stored_point(said.pop("point"), centres.centre(by.centre_id))
    return Fix(lat=point["lat"], lng=point["lng"], **said)


def whole(found: Any) -> Any:
    """Read requests with their products."""
    made = Prefetch("clues", Clue.objects.select_related("incident").order_by("id"))
    placed = Prefetch("positions", LockedPosition.objects.order_by("id"))
    return found.select_related("incident").prefetch_related(made, placed)


def with_products(by: Actor, row: FusionRequest) -> Json | None:
    """Return a request with its clues, its positions and what the reader may see of its incident; None for a request
    that is not this reader's to know (R1)."""
    if INSPECTORS_ONLY in row.readers() and audience_of(by) == "overview":
        return None
    told: Json = row.row()
    told["clues"] = [one.row() for one in row.clues.all()]
    told["positions"] = [one.row() for one in row.positions.all()]
    return told | about(by, row.incident)


def about(by: Actor, incident: Incident) -> Json:
    """Return what a reader may see of an incident, in a few words."""
    shown = seen(audience_of(by), "incident", incident.row(), incident.readers()) or {}
    return {"incident_open" if name == "open" else name: shown.get(name) for name in TOLD}


def proposals(by: Actor) -> list[Json]:
    """Return the incidents for which the rule proposes a request: urgent crimes that nobody has asked about."""
    found = Incident.objects.filter(
        centre_id=by.centre_id,
        priority__lte=fusion.URGENT,
        type_reported__startswith=fusion.CRIME,
        fusion_requests__isnull=True,
    ).order_by("-id")[:ENDED_SHOWN]
    return [{"incident": one.pk, **about(by, one)} for one in found if one.is_open and not one.is_complaint]


def analysts(centre_id: int) -> list[Json]:
    """Return the people of the fusion centre, for handing over by name."""
    found = User.objects.filter(centre_id=centre_id, is_active=True, groups__name=ANALYST).order_by("badge")
    return [{"badge": one.badge, "name": one.name} for one in found]

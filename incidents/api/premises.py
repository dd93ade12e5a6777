"""Routes about what is known of a place before anybody goes there: premise notes and history."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import centres, history, places
from incidents.actor import Actor
from incidents.api.inputs import Reason
from incidents.api.parties import Purpose
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.audience import MASK
from incidents.fields import Flag, Ident, Input, Moment, Number, PointInput, Text, Whole
from incidents.models import PremiseNote
from incidents.roles import DESK, INSPECTOR, OFFICER, STATION_DUTY, WATCHING, audience_of
from incidents.row import Json
from incidents.services import premises
from incidents.tree import under

KINDS = list(PremiseNote.Kind.values)
WRITING = (*DESK, STATION_DUTY)


class PremiseFacts(Input):
    """What a note says."""

    kind = serializers.ChoiceField(KINDS, required=False)
    text = Text(1000, required=False, allow_blank=False)
    sensitive = Flag(required=False)
    place_name = Text(200, required=False)
    radius_m = Whole(5, premises.WIDEST_M, required=False)
    review_at = Moment(required=False)
    expires_at = Moment(required=False)


class NewPremise(PremiseFacts):
    """A new note on a place."""

    point = PointInput()
    kind = serializers.ChoiceField(KINDS)
    text = Text(1000)
    review_at = Moment()
    expires_at = Moment()


class PremiseEdit(PremiseFacts):
    """An edit, made from a version."""

    version = Whole(1, 2**31 - 1)


class Surroundings(Input):
    """A place and a number whose past is asked for; the incident at hand is left out."""

    lat = Number(-90, 90, required=False, allow_null=True)
    lng = Number(-180, 180, required=False, allow_null=True)
    number = Text(32, required=False, code=True)
    incident = Ident(required=False, allow_null=True)


class SurroundingsView(APIView):
    """What is known of a place and of a number. A POST, so that no number stands in a log of addresses."""

    roles = {"POST": WATCHING}

    @extend_schema(request=Surroundings, responses=dict)
    def post(self, request: Request) -> Response:
        """Return notes and history of the WGS-84 point, and the history of the number for those who may read numbers."""
        by: Any = request.auth
        asked = parsed(Surroundings, request)
        lat, lng, without, now = asked.get("lat"), asked.get("lng"), asked.get("incident"), timezone.now()
        audience = audience_of(by)
        answer: Json = {"place": None, "number": None}
        if lat is not None and lng is not None:
            past = history.at_place(by.centre_id, audience, lat, lng, now, without=without)
            answer["place"] = {"notes": notes_for(by, lat, lng), "history": past}
        if asked.get("number") and by.has(*DESK, INSPECTOR):
            answer["number"] = history.of_number(by.centre_id, audience, asked["number"], now, without=without)
        return Response(answer)


def notes_for(by: Actor, lat: float, lng: float) -> list[Json]:
    """Return the notes on a point as a person may see them: the desk and inspectors all, a station those of its area,
    others only that there is one and of which kind."""
    rows = [note.row() for note in premises.notes_at(by.centre_id, lat, lng, timezone.now())]
    if by.has(*DESK, INSPECTOR):
        return rows
    owner = places.locate(by.centre_id, lat, lng).organisation_id
    if by.has(STATION_DUTY) and by.org_id is not None and owner in under(by.org_id):
        return rows
    return [{**row, "text": MASK, "place_name": "", "author_name": ""} for row in rows]


class PremisesView(APIView):
    """Notes on places."""

    roles = {"POST": WRITING}

    @extend_schema(request=NewPremise, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Write one."""
        by, facts = actor(request), parsed(NewPremise, request)
        point = stored_point(facts.pop("point"), centres.centre(by.centre_id))
        return carried_out(premises.note_premise, by=by, point=point, facts=facts)


class PremiseView(APIView):
    """One note."""

    roles = {"PATCH": WRITING}

    @extend_schema(request=PremiseEdit, responses=dict)
    def patch(self, request: Request, note_id: int) -> Response:
        """Write it anew, or say that it still holds."""
        facts = parsed(PremiseEdit, request)
        version = facts.pop("version")
        return carried_out(premises.describe_premise, by=actor(request), note_id=note_id, version=version, facts=facts)


class EndPremiseView(APIView):
    """The end of a note."""

    roles = {"POST": WRITING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, note_id: int) -> Response:
        """End it with the reason."""
        said = parsed(Reason, request)
        return carried_out(premises.end_premise, by=actor(request), note_id=note_id, reason=said["reason"])


class ReadPremiseView(APIView):
    """The words of a sensitive note."""

    roles = {"POST": (*WRITING, OFFICER)}

    @extend_schema(request=Purpose, responses=dict)
    def post(self, request: Request, note_id: int) -> Response:
        """Read them, with the purpose."""
        said = parsed(Purpose, request)
        return carried_out(premises.read_premise, by=actor(request), note_id=note_id, purpose=said["purpose"])

"""Routes about suspects, arrests, incidents cleared along, and what is not back with its owner."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.services import outcomes
from incidents import centres
from incidents.actor import Actor
from incidents.api.fusion import about
from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.audience import seen
from incidents.fields import SEXES, Ident, Input, Moment, PointInput, Text
from incidents.models import Cleared, Incident, Party, Suspect
from incidents.roles import ANALYST, DESK, INSPECTOR, LEADER, OFFICER, STATION_DUTY, VIDEO, audience_of
from incidents.row import Json

READING = (*DESK, ANALYST, VIDEO, LEADER, INSPECTOR)
WORKING = (*DESK, ANALYST, VIDEO, OFFICER, STATION_DUTY)
CLEARING = (*DESK, ANALYST, VIDEO)
SHOWN, MOST_THINGS = 200, 1_000
NOT_HOME = ("stolen", "recovered", "lost")


class NewSuspect(Input):
    """A person of the incident, or who he is said to be."""

    party = Ident(required=False, allow_null=True, default=None)
    name = Text(100, required=False)
    description = Text(400, required=False)
    sex = serializers.ChoiceField(SEXES, required=False)
    caught_by = Text(12, code=True, required=False, default="")
    device_at = Moment(required=False, allow_null=True, default=None)


class ArrestInput(Input):
    """An arrest."""

    caught_by = Text(12, code=True)
    caught_at = Moment(required=False, allow_null=True, default=None)
    point = PointInput(required=False, allow_null=True, default=None)
    credit = serializers.ListField(child=Text(12, code=True), required=False, default=list, max_length=12)


class CreditInput(Input):
    """Who takes part in the credit."""

    credit = serializers.ListField(child=Text(12, code=True), max_length=12)


class HandSuspectInput(Input):
    """Who goes on with him."""

    to = Text(100)


class ClearInput(Input):
    """Which incident an arrest clears along, and why."""

    incident = Ident()
    reason = Text(200)


class OutcomesView(APIView):
    """Suspects and property of a centre."""

    roles = {"GET": READING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the newest suspects, and every vehicle and thing that is not back with its owner, of closed incidents
        too: nothing is lost from the list."""
        by: Any = request.auth
        found = Suspect.objects.filter(centre_id=by.centre_id).select_related("incident", "party")
        suspects = [suspect_row(by, row) for row in found.order_by("-id")[:SHOWN] if not row.incident.is_complaint]
        things = Party.objects.filter(centre_id=by.centre_id, void_at__isnull=True, status__in=NOT_HOME)
        newest = things.select_related("incident").order_by("-id")[:MOST_THINGS]
        rows = [shown(by, one) for one in newest if not one.incident.is_complaint]
        return Response({"suspects": suspects, "property": rows, "property_count": things.count()})


def suspect_row(by: Actor, row: Suspect) -> Json:
    """Return a suspect with his person and incident as the reader may see them."""
    numbers = (
        Cleared.objects.filter(suspect=row, undone_at__isnull=True)
        .order_by("incident_id")
        .values_list("incident__incident_no", flat=True)
    )
    person = party_seen(by, row.party, row.incident)
    named = {"name": person.get("name", ""), "description": person.get("description", "")}
    return row.row() | about(by, row.incident) | named | {"cleared_numbers": list(numbers)}


def shown(by: Actor, row: Party) -> Json:
    """Return a thing with its incident as the reader may see them."""
    return party_seen(by, row, row.incident) | about(by, row.incident)


def party_seen(by: Actor, row: Party, incident: Incident) -> Json:
    """Return a party as the reader may see it: who works on the case reads it whole, a leader masked."""
    if by.has(ANALYST, VIDEO):
        return row.row()
    return seen(audience_of(by), "party", row.row(), incident.readers()) or {}


class SuspectsView(APIView):
    """The suspects of an incident."""

    roles = {"POST": WORKING}

    @extend_schema(request=NewSuspect, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Name one; with `caught_by` he is caught in the same act, now: a device's own time is a claim."""
        by, facts = actor(request), parsed(NewSuspect, request)
        party, unit, _claim = facts.pop("party"), facts.pop("caught_by"), facts.pop("device_at")
        arrest = outcomes.Arrest(unit) if unit else None
        return carried_out(
            outcomes.add_suspect, by=by, incident_id=incident_id, party_id=party, facts=facts, arrest=arrest
        )


class ArrestView(APIView):
    """抓获."""

    roles = {"POST": WORKING}

    @extend_schema(request=ArrestInput, responses=dict)
    def post(self, request: Request, suspect_id: int) -> Response:
        """Note the arrest."""
        by, said = actor(request), parsed(ArrestInput, request)
        if said["point"]:
            point = stored_point(said["point"], centres.centre(by.centre_id))
            said["point"] = {"lat": point["lat"], "lng": point["lng"]}
        return carried_out(outcomes.catch_suspect, by=by, suspect_id=suspect_id, **said)


class CreditView(APIView):
    """参战单位."""

    roles = {"POST": CLEARING}

    @extend_schema(request=CreditInput, responses=dict)
    def post(self, request: Request, suspect_id: int) -> Response:
        """Say anew who takes part in the credit."""
        by, said = actor(request), parsed(CreditInput, request)
        return carried_out(outcomes.credit_units, by=by, suspect_id=suspect_id, credit=said["credit"])


class HandSuspectOverView(APIView):
    """移交."""

    roles = {"POST": WORKING}

    @extend_schema(request=HandSuspectInput, responses=dict)
    def post(self, request: Request, suspect_id: int) -> Response:
        """Hand him over."""
        by, said = actor(request), parsed(HandSuspectInput, request)
        return carried_out(outcomes.hand_suspect_over, by=by, suspect_id=suspect_id, to=said["to"])


class ReleaseSuspectView(APIView):
    """释放."""

    roles = {"POST": WORKING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, suspect_id: int) -> Response:
        """Release him with the reason."""
        by, said = actor(request), parsed(Reason, request)
        return carried_out(outcomes.release_suspect, by=by, suspect_id=suspect_id, reason=said["reason"][:200])


class ClearView(APIView):
    """带破."""

    roles = {"POST": CLEARING}

    @extend_schema(request=ClearInput, responses=dict)
    def post(self, request: Request, suspect_id: int) -> Response:
        """Note an incident that the arrest clears along."""
        by, said = actor(request), parsed(ClearInput, request)
        return carried_out(
            outcomes.clear_incident, by=by, suspect_id=suspect_id, incident_id=said["incident"], reason=said["reason"]
        )


class UndoClearingView(APIView):
    """带破 that was an error."""

    roles = {"POST": CLEARING}

    @extend_schema(request=ClearInput, responses=dict)
    def post(self, request: Request, suspect_id: int) -> Response:
        """Take it back."""
        by, said = actor(request), parsed(ClearInput, request)
        return carried_out(
            outcomes.undo_clearing, by=by, suspect_id=suspect_id, incident_id=said["incident"], reason=said["reason"]
        )

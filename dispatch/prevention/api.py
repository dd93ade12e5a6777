"""Routes of prevention: the warnings, what is done about them, the hints of a patrol."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.prevention import past, services
from dispatch.prevention.model import HOURS
from dispatch.prevention.models import PreventionWarning
from incidents.actor import Actor
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import seen
from incidents.fields import Input, Text
from incidents.geo import distance_m
from incidents.roles import ANALYST, DISPATCHER, INSPECTOR, LEADER, OFFICER, REVIEWER, STATION_DUTY, WATCH_COMMANDER
from incidents.roles import audience_of
from incidents.row import Json
from patrol.models import Position

READING: Final = (WATCH_COMMANDER, DISPATCHER, LEADER, INSPECTOR, REVIEWER, ANALYST, STATION_DUTY)
ENDED_SHOWN: Final = 100
NEAR_M: Final = 3_000.0
HINTS: Final = 12
SHIFT_HOURS: Final = 8


class ActInput(Input):
    """What was done."""

    words = Text(400)


class EndWarningInput(Input):
    """What came of a warning."""

    outcome = serializers.ChoiceField([str(one) for one in services.OUTCOMES])
    words = Text(400)


class WarningsView(APIView):
    """The prevention board."""

    roles = {"GET": READING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the warnings that stand, the newest first, then those that ended last; to a station its own."""
        by: Any = request.auth
        mine = PreventionWarning.objects.filter(centre_id=by.centre_id)
        opened = mine.exclude(state=services.State.ENDED).order_by("-id")
        ended = mine.filter(state=services.State.ENDED).order_by("-ended_at")[:ENDED_SHOWN]
        return Response({"warnings": [row for one in [*opened, *ended] if (row := shown(by, one)) is not None]})


def shown(by: Actor, one: PreventionWarning) -> Json | None:
    """Return a warning as a reader may see it."""
    return seen(audience_of(by), one.NOUN, one.row(), one.readers())


class AcknowledgeWarningView(APIView):
    """Take one on."""

    roles = {"POST": services.SEEING_TO}

    @extend_schema(request=None, responses=dict)
    def post(self, request: Request, warning_id: int) -> Response:
        """Own it from now on."""
        return carried_out(services.acknowledge_warning, by=actor(request), warning_id=warning_id)


class ActOnWarningView(APIView):
    """Something was done."""

    roles = {"POST": (*services.SEEING_TO, OFFICER)}

    @extend_schema(request=ActInput, responses=dict)
    def post(self, request: Request, warning_id: int) -> Response:
        """Say what."""
        by, said = actor(request), parsed(ActInput, request)
        return carried_out(services.act_on_warning, by=by, warning_id=warning_id, **said)


class EndWarningView(APIView):
    """What came of it."""

    roles = {"POST": services.SEEING_TO}

    @extend_schema(request=EndWarningInput, responses=dict)
    def post(self, request: Request, warning_id: int) -> Response:
        """End it."""
        by, said = actor(request), parsed(EndWarningInput, request)
        return carried_out(services.end_warning, by=by, warning_id=warning_id, **said)


class HintsView(APIView):
    """Where a patrol should look in."""

    roles = {"GET": (OFFICER,)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the warnings of places near the own unit that hold at an hour of this shift, the next ones first."""
        by: Any = request.auth
        return Response({"hints": hints(by, timezone.now())})


def hints(by: Actor, now: dt.datetime) -> list[Json]:
    """Return what a unit is told: place, kind, reason, distance, and whether its hours are now; no caller, no words of
    a caller."""
    spot = Position.objects.filter(unit_id=by.on_unit or 0, suspect=False).first()
    if spot is None:
        return []
    standing = PreventionWarning.objects.filter(centre_id=by.centre_id, lat__isnull=False, valid_until__gt=now)
    standing = standing.exclude(state=services.State.ENDED).exclude(kind=services.Kind.REPEAT_CALLER)
    told = []
    for row in standing.exclude(kind=services.Kind.SERIES):
        assert row.lat is not None and row.lng is not None
        metres = distance_m(spot.lat, spot.lng, row.lat, row.lng)
        starts_in = hours_until(row, now)
        if metres <= NEAR_M and starts_in < SHIFT_HOURS:
            told.append({**hint(row), "metres": round(metres), "now": starts_in == 0})
    return sorted(told, key=lambda one: (not one["now"], one["metres"]))[:HINTS]


def hint(row: PreventionWarning) -> Json:
    """Return what a unit sees of a warning."""
    names = ("id", "kind", "type_group", "place_text", "point", "radius_m", "hour", "hours", "reason", "state")
    told = row.row()
    return {name: told[name] for name in names}


def hours_until(row: PreventionWarning, now: dt.datetime) -> int:
    """Return in how many hours the hours of a warning begin; 0 while they last, and for one without hours."""
    if row.hour is None or row.hours is None:
        return 0
    ahead = (row.hour - int(past.day_of(now) * 24)) % HOURS
    return 0 if HOURS - ahead < row.hours else ahead

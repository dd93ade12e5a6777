"""Routes of prevention: the warnings, what is done about them."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.prevention import services
from dispatch.prevention.models import PreventionWarning
from incidents.actor import Actor
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import seen
from incidents.fields import Input, Text
from incidents.roles import (
    ANALYST,
    DISPATCHER,
    INSPECTOR,
    LEADER,
    OFFICER,
    REVIEWER,
    STATION_DUTY,
    WATCH_COMMANDER,
    audience_of,
)
from incidents.row import Json

READING: Final = (WATCH_COMMANDER, DISPATCHER, LEADER, INSPECTOR, REVIEWER, ANALYST, STATION_DUTY)
ENDED_SHOWN: Final = 100


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

"""Reading the statistics over HTTP (docs/contract.md 7)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch import alarm_figures
from dispatch.statistics import board, misses
from dispatch.statistics.definitions import definitions
from dispatch.statistics.keeping import Keeper
from dispatch.statistics.period import last_days
from incidents import roles
from incidents.refusals import BadInput
from incidents.roles import audience_of

MOST_DAYS = 92
MOST_HOURS = 72
DAYS_KEPT = Keeper()
DAYS = OpenApiParameter("days", int, description="Calendar days at Asia/Shanghai, today included.")

HOURS = OpenApiParameter("hours", int, description="Hours back from now, 1 to 72.")


class StatisticsToday(APIView):
    """Today's figures."""

    roles: ClassVar = {"GET": roles.TODAYS_FIGURES}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Return today's figures on both clocks."""
        by: Any = request.auth
        return Response({**board.today(by.centre_id, timezone.now()), "definitions": definitions()})


class StatisticsDays(APIView):
    """The last days."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=[DAYS], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Return the last days as a series and in total."""
        by: Any = request.auth
        count, centre_id = days_of(request, 30), by.centre_id
        answer = DAYS_KEPT.get((centre_id, count), lambda: board.days(centre_id, count, timezone.now()))
        return Response({**answer, "definitions": definitions()})


class StatisticsAlarms(APIView):
    """The alarm budget."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=[HOURS], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Return the alarms per seat of the last hours."""
        by: Any = request.auth
        given = request.query_params.get("hours", "8")
        if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MOST_HOURS):
            raise BadInput(hours=_("A whole number from 1 to %(most)s.") % {"most": MOST_HOURS})
        return Response(alarm_figures.figures(by.centre_id, timezone.now(), int(given)))


class StatisticsMisses(APIView):
    """The misses with their reasons."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=[DAYS], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Return the misses of the last days that the reader may see."""
        by: Any = request.auth
        now = timezone.now()
        period = last_days(days_of(request, 1), now)
        return Response(misses.read_misses(by.centre_id, audience_of(by), period, now))


def days_of(request: Request, default: int) -> int:
    """Return the number of days that was asked for; anything but 1 to 92 is BadInput."""
    asked = request.query_params.get("days", str(default))
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 3 and 1 <= int(asked) <= MOST_DAYS):
        raise BadInput(days=_("Ask for 1 to 92 days."))
    return int(asked)

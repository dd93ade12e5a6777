"""Reading the statistics over HTTP (docs/contract.md 7)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch import alarm_figures
from dispatch.api.incident import visible_incident
from dispatch.statistics import answers, board, delays, misses, present, rows, types, unit_times, worst
from dispatch.statistics.definitions import definitions, in_both_languages
from dispatch.statistics.period import last_days
from dispatch.statistics.visible import hidden
from dispatch.statistics_questions import (
    against_of,
    behind_of,
    days_of,
    delays_of,
    form_of,
    hours_of,
    is_in_columns,
    limit_of,
    misses_of,
    page_of,
    period_of,
    question_of,
    short_period_of,
    table,
    urgent_of,
    wanted_of,
)
from incidents import roles
from incidents.roles import audience_of
from incidents.row import stamp

DAYS = OpenApiParameter("days", int, description="Calendar days at Asia/Shanghai, today included.")
QUESTION = [
    OpenApiParameter("since", str, description="First day, YYYY-MM-DD; today without it."),
    OpenApiParameter("until", str, description="Last day, included; today without it."),
    OpenApiParameter("by", str, description="Dimension, e.g. station, unit, hour, cell; all without it."),
    OpenApiParameter("value", str, description="One value of the dimension alone."),
    OpenApiParameter("urgent", str, description="1: priorities 1 and 2 alone."),
]
FIGURES = [
    *QUESTION,
    OpenApiParameter("keys", str, description="K1 … K20, volume; joined by commas."),
    OpenApiParameter("clock", str, description="A or B; both without it."),
    OpenApiParameter("source", str, description="button, position, published; all without it."),
    OpenApiParameter("measure", str, description="rate, p50, p90, …; all without it."),
    OpenApiParameter("against", str, description="previous (环比) or year (同比)."),
    OpenApiParameter("shape", str, description="columns: a list for each field instead of a row for each figure."),
    OpenApiParameter("as", str, description="csv or xlsx; JSON without it."),
]
AS = FIGURES[-1]
HOURS = OpenApiParameter("hours", int, description="Hours back from now, 1 to 72.")
SPLIT = OpenApiParameter("split", str, description="1: by value as well, each on the same times.")
PER = OpenApiParameter("per", str, description="day, week or month.")
LIMIT = OpenApiParameter("limit", str, description="K7 (five minutes) or K8 (ten), on clock A; K7 without it.")
MISSES = [
    DAYS,
    *QUESTION[:2],
    QUESTION[4],
    OpenApiParameter("source", str, description="button, position or published; button without it."),
    OpenApiParameter("limit", str, description="K7 or K8: those that missed it, on either clock; any without it."),
    OpenApiParameter("skip", int, description="`next` of the page before."),
    OpenApiParameter("most", int, description="Rows of a page, 1 to 300; 100 without it."),
    AS,
]
DELAYS = [
    *QUESTION[:2],
    OpenApiParameter("by", str, description="station, priority or hour; station without it."),
    *QUESTION[3:],
    LIMIT,
    OpenApiParameter("part", str, description="A part of the delay: the incidents in which it has a share."),
    AS,
]
ROWS = [
    *QUESTION,
    OpenApiParameter("of", str, description="A figure's `rows`."),
    OpenApiParameter("part", str, description="n, hits, misses, open, EX1 …"),
    OpenApiParameter("over", int, description="Of durations: longer than so many seconds."),
    OpenApiParameter("up_to", int, description="Of durations: up to so many seconds."),
    OpenApiParameter("after", str, description="`next` of the page before."),
    OpenApiParameter("as", str, description="csv or xlsx; JSON without it."),
]


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
        answer = board.days(by.centre_id, days_of(request, 30), timezone.now())
        return Response({**answer, "definitions": definitions()})


class StatisticsAlarms(APIView):
    """The alarm budget."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=[HOURS], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Return the alarms per seat of the last hours."""
        by: Any = request.auth
        return Response(alarm_figures.figures(by.centre_id, timezone.now(), hours_of(request)))


class StatisticsMisses(APIView):
    """The misses with their reasons."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=MISSES, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Any:
        """Return the misses of a period, or of the last days, that the reader may see, or as a table of up to 2,000."""
        by: Any = request.auth
        now, form = timezone.now(), form_of(request)
        period = (
            short_period_of(request, now) if "since" in request.query_params else last_days(days_of(request, 1), now)
        )
        answer = misses.read_misses(by.centre_id, audience_of(by), period, now, misses_of(request, form))
        return table(by, form, answer, "misses") if form else Response(answer)


class StatisticsMiss(APIView):
    """Where the time of one incident went."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(operation_id="statistics_miss_retrieve", parameters=[LIMIT], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, incident_id: int) -> Response:
        """Return its parts with their norms and shares of the delay, and which unit would have made it."""
        by: Any = request.auth
        limit = limit_of(request)
        incident, visible = visible_incident(by, incident_id)
        return Response(delays.of_incident(by.centre_id, incident, visible, limit, timezone.now()))


class StatisticsDelays(APIView):
    """Where the delays of a period come from."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=DELAYS, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Any:
        """Return them by part and group, with the incidents that the reader may see, or as a table."""
        by: Any = request.auth
        now, form, asked = timezone.now(), form_of(request), delays_of(request)
        answer = delays.of_period(by.centre_id, audience_of(by), short_period_of(request, now), asked, now)
        return table(by, form, answer, "delays") if form else Response(answer)


class StatisticsUnitTimes(APIView):
    """Units compared fairly."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=[*QUESTION[:2], QUESTION[4], AS], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Any:
        """Return observed against expected times of a period, or as a table."""
        by: Any = request.auth
        now, form, urgent = timezone.now(), form_of(request), urgent_of(request)
        answer = unit_times.of_period(by.centre_id, short_period_of(request, now), urgent, now)
        return table(by, form, answer, "unit-times") if form else Response(answer)


class StatisticsWorst(APIView):
    """The slowest incidents of the last hours."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=[HOURS, AS], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Any:
        """Return ten of them as the reader may see them, the slowest first, or as a table."""
        by: Any = request.auth
        form = form_of(request)
        answer = worst.slowest(by.centre_id, audience_of(by), hours_of(request, 24), timezone.now())
        return table(by, form, answer, "worst") if form else Response(answer)


class StatisticsTypes(APIView):
    """Types as reported against types as verified."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=[*QUESTION[:2], AS], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Any:
        """Return how often each pair occurred in a period, or as a table."""
        by: Any = request.auth
        now, form = timezone.now(), form_of(request)
        answer = types.pairs(by.centre_id, period_of(request, now), now)
        return table(by, form, answer, "types") if form else Response(answer)


class StatisticsFigures(APIView):
    """Figures of any period by any dimension."""

    roles: ClassVar = {"GET": roles.SUPERVISING}
    per = ""

    @extend_schema(parameters=FIGURES, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Any:
        """Return them by group, beside another period where it is asked for, or as a table."""
        by: Any = request.auth
        now = timezone.now()
        question, wanted = question_of(request, by.centre_id, now, self.per), wanted_of(request)
        if is_in_columns(request, wanted):
            return Response(answers.in_columns(question, wanted, now))
        form = form_of(request)
        answer = answers.figures(question, wanted, now, against_of(request, question))
        return table(by, form, answer, "figures") if form else Response(answer)


class StatisticsSeries(StatisticsFigures):
    """Figures over time."""

    per = "day"

    @extend_schema(parameters=[*FIGURES, PER, SPLIT], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Any:
        """Return one group for each day, week or month, also for one without anything."""
        return super().get(request)


class StatisticsRows(APIView):
    """The rows behind a figure."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=ROWS, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Any:
        """Return one page of them as the reader may see them, newest first, or as a table of up to 2,000."""
        by: Any = request.auth
        now = timezone.now()
        question, asked, form = question_of(request, by.centre_id, now), behind_of(request), form_of(request)
        answer = rows.behind(question, asked, audience_of(by), now, page_of(request))
        return (
            table(by, form, rows.whole(question, asked, audience_of(by), now, answer), "rows")
            if form
            else Response(answer)
        )


class StatisticsOpenLoops(APIView):
    """What is past its deadline now (K20)."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=[AS], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Any:
        """List it, the oldest first, with the owner who must act, or as a table."""
        by: Any = request.auth
        now, form = timezone.now(), form_of(request)
        found = present.overdue(by.centre_id, now)
        unseen = hidden(audience_of(by), [row["incident"] for row in found])
        shown = [{**row, "due_at": stamp(row["due_at"])} for row in found if row["incident"] not in unseen]
        count = len({row["incident"] for row in found})
        answer = {"as_of": stamp(now), "count": count, "hidden": len(unseen), "rows": shown}
        return table(by, form, answer, "open-loops") if form else Response(answer)


class StatisticsDefinitions(APIView):
    """What the figures mean."""

    roles: ClassVar = {"GET": roles.TODAYS_FIGURES}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Return formulas, notes and dimensions in both languages, with their version."""
        return Response(in_both_languages())

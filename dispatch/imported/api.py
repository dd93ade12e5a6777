"""Reading imported histories over HTTP: apart from our own figures, and marked in every answer and file."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.imported import figures, services
from dispatch.imported.models import History
from dispatch.statistics import exports
from dispatch.statistics_questions import as_file, chosen, day, form_of
from incidents import roles
from incidents.refusals import NotFound

ASKED = [
    OpenApiParameter("by", str, description=f"{', '.join(figures.GROUPS)}; all without it."),
    OpenApiParameter("since", str, description="First day on the other system's clock; the first of all without it."),
    OpenApiParameter("until", str, description="Last day, included; the last of all without it."),
    OpenApiParameter("as", str, description="csv or xlsx; JSON without it."),
]


class HistoriesView(APIView):
    """The histories of a centre."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """List them, the latest first."""
        by: Any = request.auth
        return Response({"histories": [one.row() for one in services.of_centre(by.centre_id)]})


class HistoryFiguresView(APIView):
    """The figures of one history."""

    roles: ClassVar = {"GET": roles.SUPERVISING}

    @extend_schema(parameters=ASKED, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, history_id: int) -> Response | HttpResponse:
        """Return its figures by a dimension, as JSON or as a file with the same lines."""
        by: Any = request.auth
        history = History.objects.filter(pk=history_id, centre_id=by.centre_id).first()
        if history is None:
            raise NotFound()
        zone = ZoneInfo(tomllib.loads(history.mapping)["source"]["timezone"])
        since, until = bounds(request, zone)
        form, dimension = form_of(request), chosen(request, "by", list(figures.GROUPS), "all")
        lines = figures.figures(history, dimension, since, until, zone)
        if form:
            return as_file(by, form, exports.row_lines(lines), "imported", str(history.pk))
        return Response({"imported": True, "history": history.row(), "timezone": str(zone), "figures": lines})


def bounds(request: Request, zone: ZoneInfo) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return the moments between which calls count; None where no day was named."""
    never = dt.date(2000, 1, 1)
    first, last = day(request, "since", never), day(request, "until", never)
    since = None if first == never else dt.datetime.combine(first, dt.time(), zone)
    until = None if last == never else dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    return since, until

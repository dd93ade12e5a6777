"""Routes of the merit ledger (M10)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.merit import reading, services
from dispatch.merit.models import LedgerEntry
from dispatch.statistics import exports
from dispatch.statistics.period import last_days
from dispatch.statistics_questions import as_file, days_of, form_of, period_of
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Ident, Input, Text
from incidents.refusals import BadInput
from incidents.roles import LEADER, OFFICER, SUPERVISING, WATCH_COMMANDER

DECIDING = (LEADER, WATCH_COMMANDER)


class Decision(Input):
    """Which entries, and what becomes of them."""

    entries = serializers.ListField(child=Ident(), min_length=1, max_length=200)
    approve = serializers.BooleanField()
    remark = Text(200, required=False, default="")


class Objection(Input):
    """The words of an objection."""

    words = Text(400)


class Answer(Input):
    """What becomes of an objection."""

    lift = serializers.BooleanField()
    words = Text(400)


ASKED = [
    OpenApiParameter("days", int, description="Calendar days at Asia/Shanghai, today included; 31 without it."),
    OpenApiParameter("since", str, description="First day, YYYY-MM-DD, instead of days."),
    OpenApiParameter("until", str, description="Last day, included; today without it."),
    OpenApiParameter("unit", int, description="Entries of one unit."),
    OpenApiParameter("person", int, description="Entries of one officer."),
    OpenApiParameter("as", str, description="csv or xlsx: the totals; JSON without it."),
]


def number(request: Request, name: str) -> int | None:
    """Return an id that was asked for."""
    given = request.query_params.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise BadInput(**{name: _("This is not one of the words that may stand here.")})
    return int(given)


class LedgerView(APIView):
    """The ledger of a period."""

    roles = {"GET": SUPERVISING}

    @extend_schema(parameters=ASKED, responses=dict)
    def get(self, request: Request) -> Response | HttpResponse:
        """Return the entries of a period, of one unit or officer if asked, and what they come to; as CSV or XLSX the
        totals."""
        by: Any = request.auth
        now, form = timezone.now(), form_of(request)
        period = period_of(request, now) if "since" in request.query_params else last_days(days_of(request, 31), now)
        found = reading.entries(by.centre_id, period, number(request, "unit"), number(request, "person"))
        totals = reading.totals(found)
        if form:
            return as_file(by, form, exports.row_lines(totals), "merit")
        return Response({"count": found.count(), "entries": reading.newest(found), "totals": totals})


class MyLedgerView(APIView):
    """What the ledger says of the person who asks."""

    roles = {"GET": (OFFICER,)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the own decided entries, and those of units that the person led at the event."""
        by: Any = request.auth
        decided = LedgerEntry.objects.filter(centre_id=by.centre_id).exclude(state=LedgerEntry.State.WAITING)
        mine = decided.filter(person_id=by.user_id).order_by("-event_at")[: reading.AT_MOST]
        return Response({"entries": [row.row() for row in mine]})


class DecideView(APIView):
    """Deciding."""

    roles = {"POST": DECIDING}

    @extend_schema(request=Decision, responses=dict)
    def post(self, request: Request) -> Response:
        """Approve or refuse entries that wait."""
        return carried_out(services.decide, by=actor(request), **parsed(Decision, request))


class ObjectView(APIView):
    """Objecting."""

    roles = {"POST": (OFFICER,)}

    @extend_schema(request=Objection, responses=dict)
    def post(self, request: Request, entry_id: int) -> Response:
        """Object to an entry."""
        return carried_out(services.object_to, by=actor(request), entry_id=entry_id, **parsed(Objection, request))


class AnswerView(APIView):
    """Answering an objection."""

    roles = {"POST": DECIDING}

    @extend_schema(request=Answer, responses=dict)
    def post(self, request: Request, entry_id: int) -> Response:
        """Let the entry stand, or lift it."""
        return carried_out(services.answer, by=actor(request), entry_id=entry_id, **parsed(Answer, request))

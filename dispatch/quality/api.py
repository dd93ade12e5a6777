"""Routes about the quality sample."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.models import QualityMark, SampleDraw
from dispatch.quality import services
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import MASK
from incidents.fields import Input, Text, Whole
from incidents.roles import INSPECTOR, REVIEWER, SUPERVISING, WATCH_COMMANDER
from incidents.row import Json

AT_MOST = 600


class MarksInput(Input):
    """Marks by aspect, made from a version."""

    version = Whole(1, 2**31 - 1)
    marks = serializers.DictField(child=Text(8, code=True))
    remarks = Text(400, required=False, default="")
    demand = Text(400, required=False, default="")


class SampleView(APIView):
    """The newest samples."""

    roles = {"GET": SUPERVISING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the reports drawn in the last two months with their marks, what is open first."""
        by: Any = request.auth
        draws = list(SampleDraw.objects.filter(centre_id=by.centre_id).order_by("-month")[:2])
        rows = QualityMark.objects.filter(draw__in=draws).select_related("draw", "incident", "report__assignment")
        found = sorted(rows[:AT_MOST], key=lambda one: (one.outcome != "", -one.pk))
        return Response({"samples": [sample_row(one) for one in found], "draws": [draw_row(one) for one in draws]})


class MarkView(APIView):
    """One report of the sample."""

    roles = {"POST": (REVIEWER, INSPECTOR, WATCH_COMMANDER)}

    @extend_schema(request=MarksInput, responses=dict)
    def post(self, request: Request, mark_id: int) -> Response:
        """Mark it."""
        said = parsed(MarksInput, request)
        return carried_out(services.mark, by=actor(request), mark_id=mark_id, **said)


def sample_row(one: QualityMark) -> Json:
    """Return a mark with what the reviewer reads; the narrative of a confidential incident stays masked."""
    incident, report, order = one.incident, one.report, one.report.assignment
    return {
        **one.row(),
        "incident_no": incident.incident_no,
        "type_reported": incident.type_reported,
        "stage": incident.stage,
        "address_text": MASK if incident.confidential else incident.address_text,
        "report_row": {**report.row(), "process_text": MASK if incident.confidential else report.process_text},
        "lead_name": order.lead_name,
        "minutes": minutes(one),
    }


def minutes(one: QualityMark) -> int | None:
    """Return how long after the end of the order the report came."""
    ended = one.report.assignment.finished_at
    return max(0, round((one.report.reported_at - ended).total_seconds() / 60)) if ended else None


def draw_row(one: SampleDraw) -> Json:
    """Return a draw with how far it is."""
    marks = list(one.marks.values_list("outcome", flat=True))
    return {
        "month": one.month,
        "seed": one.seed,
        "population": one.population,
        "size": one.size,
        "marked": sum(outcome != "" for outcome in marks),
        "failed": marks.count("failed"),
    }

"""Routes of the standing reports."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.standing import services
from dispatch.standing.models import Edition, StandingReport
from dispatch.statistics import exports
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Input, Text
from incidents.refusals import NotFound, WrongTurn
from incidents.roles import PLANS_REPORTS, SUPERVISING
from incidents.services.exporting import let_out

NEWEST = 60


class Plan(Input):
    """What is asked, and how often."""

    name = Text(60)
    question = serializers.DictField(child=serializers.CharField(max_length=400), allow_empty=False)
    rhythm = serializers.ChoiceField(choices=StandingReport.Rhythm.choices)
    ready_at = serializers.TimeField(input_formats=["%H:%M"])


class StandingReportsView(APIView):
    """The reports and their newest editions."""

    roles = {"GET": SUPERVISING, "POST": PLANS_REPORTS}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return what runs and what was made, the newest first."""
        by: Any = request.auth
        running = StandingReport.objects.filter(centre_id=by.centre_id, ended_at__isnull=True).order_by("name")
        made = Edition.objects.filter(centre_id=by.centre_id).defer("content").select_related("report")
        return Response(
            {
                "reports": [report.row() for report in running],
                "editions": [
                    {**one.row(), "name": one.report.name} for one in made.order_by("-created_at", "-id")[:NEWEST]
                ],
            }
        )

    @extend_schema(request=Plan, responses=dict)
    def post(self, request: Request) -> Response:
        """Plan a report."""
        return carried_out(services.plan, by=actor(request), **parsed(Plan, request))


class EndReportView(APIView):
    """Ending a report."""

    roles = {"POST": PLANS_REPORTS}

    @extend_schema(request=None, responses=dict)
    def post(self, request: Request, report_id: int) -> Response:
        """End it."""
        return carried_out(services.end, by=actor(request), report_id=report_id)


class AskAgainView(APIView):
    """An edition that could not be made."""

    roles = {"POST": PLANS_REPORTS}

    @extend_schema(request=None, responses=dict)
    def post(self, request: Request, edition_id: int) -> Response:
        """Try it again."""
        return carried_out(services.ask_again, by=actor(request), edition_id=edition_id)


class EditionFileView(APIView):
    """The file of an edition."""

    roles = {"GET": SUPERVISING}

    @extend_schema(responses=dict)
    def get(self, request: Request, edition_id: int) -> HttpResponse:
        """Return the workbook as it was made; taking it out is journalled."""
        by: Any = request.auth
        edition = Edition.objects.filter(pk=edition_id, centre_id=by.centre_id).first()
        if edition is None:
            raise NotFound()
        if edition.content is None:
            raise WrongTurn(edition, _("This edition is not made yet."))
        let_out(by, "standing_report", "xlsx", edition.lines)
        said = HttpResponse(bytes(edition.content), content_type=exports.XLSX_TYPE)
        said["Content-Disposition"] = f'attachment; filename="zz110-report-{edition.report_id}-{edition.first}.xlsx"'
        said["ETag"] = f'"{edition.sha256}"'
        return said

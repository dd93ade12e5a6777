"""Routes of what comes in from the grid (网格上报) and of the pictures of tasks and reports."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import geo, pictures
from incidents.api.grid_tasks import stored
from incidents.api_tools import actor, carried_out, keyed, parsed
from incidents.fields import CRS, Flag, Ident, Input, Moment, PointInput, Text, convertible
from incidents.models import GridPicture, GridReport
from incidents.refusals import BadInput, NotFound
from incidents.roles import (
    DESK,
    GRID_WORKER,
    INSPECTOR,
    LEADER,
    OFFICER,
    PARTNER,
    REVIEWER,
    STATION_DUTY,
)
from incidents.services import grid_reports

READING = (GRID_WORKER, OFFICER, STATION_DUTY, *DESK, INSPECTOR, LEADER, REVIEWER)
REPORTING = (GRID_WORKER, PARTNER, OFFICER, STATION_DUTY)
ANSWERING = (STATION_DUTY, *DESK)
KINDS = list(GridReport.Kind.values)


class NewGridReport(Input):
    """A hazard or information."""

    kind = serializers.ChoiceField(KINDS)
    urgent = Flag(required=False, default=False)
    text = Text(1000)
    place_text = Text(200, required=False, default="")
    point = PointInput(required=False, allow_null=True, default=None)
    grid = Ident(required=False, allow_null=True, default=None)
    device_at = Moment(required=False, allow_null=True, default=None)
    photos = serializers.ListField(child=Ident(), max_length=20, required=False, default=list)


class GridReportEnd(Input):
    """What came of a report."""

    outcome = serializers.ChoiceField(GridReport.Outcome.values)
    text = Text(1000, required=False, default="")
    type_reported = Text(8, code=True, required=False, default="")
    duty = Text(4, code=True, required=False, default="")


class GridPictureInput(Input):
    """A picture with when and where it was taken."""

    file = serializers.FileField()
    taken_at = Moment(required=False, allow_null=True)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False, allow_null=True)
    lng = serializers.FloatField(min_value=-180, max_value=180, required=False, allow_null=True)
    crs = serializers.ChoiceField(CRS, required=False)


class GridReportsView(APIView):
    """Bringing something in."""

    roles = {"POST": REPORTING}

    @extend_schema(request=NewGridReport, responses={201: dict})
    def post(self, request: Request) -> Response:
        """File a hazard or information."""
        by = actor(request)
        said = stored(parsed(NewGridReport, request), by)
        grid_id, picture_ids = said.pop("grid"), said.pop("photos")
        return carried_out(grid_reports.file_report, by=by, grid_id=grid_id, picture_ids=picture_ids, **said)


class TakeReportView(APIView):
    """受理."""

    roles = {"POST": ANSWERING}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, report_id: int) -> Response:
        """Take it on."""
        parsed(Input, request)
        return carried_out(grid_reports.take_report, by=actor(request), report_id=report_id)


class SettleReportView(APIView):
    """办结."""

    roles = {"POST": ANSWERING}

    @extend_schema(request=GridReportEnd, responses=dict)
    def post(self, request: Request, report_id: int) -> Response:
        """Say what came of it."""
        by, said = actor(request), parsed(GridReportEnd, request)
        outcome, text = said.pop("outcome"), said.pop("text")
        return carried_out(
            grid_reports.settle_report, by=by, report_id=report_id, outcome=outcome, text=text, facts=said
        )


class GridPicturesView(APIView):
    """Upload a picture."""

    roles = {"POST": REPORTING}
    parser_classes = [MultiPartParser]

    @extend_schema(request=GridPictureInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Store it; a task or a report then names it."""
        found = parsed(GridPictureInput, request)
        data = found["file"].read()
        digest = hashlib.sha256(f"{request.path}\n".encode() + data).digest()
        by = replace(keyed(request), body_hash=digest)
        lat, lng = found.get("lat"), found.get("lng")
        if lat is not None and lng is not None:
            if "crs" not in found:
                raise BadInput(crs=_("A point needs its datum."))
            convertible({"lat": lat, "lng": lng, "crs": found["crs"]})
            lat, lng = geo.to_wgs84(lat, lng, found["crs"])
        columns = pictures.store(data)
        answer = carried_out(
            grid_reports.add_picture, by=by, columns=columns, taken_at=found.get("taken_at"), lat=lat, lng=lng
        )
        answer.status_code = 201
        return answer


class GridPictureView(APIView):
    """One picture."""

    roles = {"GET": (*READING, PARTNER)}

    @extend_schema(responses={(200, "image/jpeg"): bytes})
    def get(self, request: Request, picture_id: int) -> HttpResponseBase:
        """Return it to whoever took it and to those who may see what it belongs to."""
        by: Any = request.auth
        picture = GridPicture.objects.filter(pk=picture_id, centre_id=by.centre_id).first()
        if picture is None or not picture.file or not grid_reports.may_see_picture(by, picture):
            raise NotFound()
        return FileResponse(
            pictures.path_of(picture.file).open("rb"), content_type="image/jpeg", headers=pictures.HEADERS
        )

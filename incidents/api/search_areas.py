"""Routes of the video desk's queue and of search areas (排查范围, M22)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import geo
from incidents.actor import Actor
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import MASK, seen
from incidents.cameras import shapes
from incidents.fields import CRS, Flag, Ident, Input, Moment, Number, Text, convertible
from incidents.models import Bookmark, Clue, FusionRequest, Incident, Organisation, SearchArea
from incidents.models.incidents import ENDED
from incidents.refusals import NotFound
from incidents.roles import ANALYST, DESK, INSPECTOR, STATION_DUTY, VIDEO, WATCH_COMMANDER, audience_of
from incidents.row import Json, stamp
from incidents.services import fusion, search_areas
from incidents.services.search_areas import Shape

READING = (*DESK, VIDEO, ANALYST, INSPECTOR, STATION_DUTY)
LEADING = (VIDEO, ANALYST, WATCH_COMMANDER)
CHECKING = (*LEADING, STATION_DUTY)
FOR_CAMERAS = ("person", "vehicle", "thing", "track")
MOST_OTHERS = 100


class Corner(Input):
    """One point of a shape."""

    lat = Number(-90, 90)
    lng = Number(-180, 180)


class ShapeInput(Input):
    """Where to look."""

    kind = serializers.ChoiceField(shapes.KINDS)
    points = serializers.ListField(child=Corner(), min_length=1, max_length=200)
    crs = serializers.ChoiceField(CRS)
    radius_m = Number(10, 5_000, required=False, default=300)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse corners that their datum cannot express, and a shape with too few of them."""
        for corner in attrs["points"]:
            convertible({**corner, "crs": attrs["crs"]})
        if len(attrs["points"]) < {"circle": 1, "route": 2, "polygon": 3}[attrs["kind"]]:
            raise serializers.ValidationError({"points": [_("An area has at least three corners.")]})
        return attrs


class NewArea(Input):
    """A search area."""

    shape = ShapeInput()
    since = Moment()
    until = Moment()
    note = Text(200, required=False, default="")
    request = Ident(required=False, allow_null=True)
    branch = Ident(required=False, allow_null=True)


class WiderArea(Input):
    """What is to be looked through beside the old area."""

    shape = ShapeInput()
    note = Text(200, required=False, default="")
    branch = Ident(required=False, allow_null=True)


class Sharing(Input):
    """With whom."""

    branch = Ident()


class Check(Input):
    """What was found in the pictures of a camera; empty: nothing."""

    checked = Flag(required=False, default=True)
    finding = Text(400, required=False, default="")


def shape_of(said: dict[str, Any]) -> Shape:
    """Return a validated shape in WGS-84."""
    points = tuple(geo.to_wgs84(one["lat"], one["lng"], said["crs"]) for one in said["points"])
    return Shape(said["kind"], points, said["radius_m"])


class AreasView(APIView):
    """The search areas of an incident."""

    roles = {"POST": LEADING}

    @extend_schema(request=NewArea, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Open one."""
        by, said = actor(request), parsed(NewArea, request)
        return carried_out(
            search_areas.open_area,
            by=by,
            incident_id=incident_id,
            shape=shape_of(said["shape"]),
            since=said["since"],
            until=said["until"],
            note=said["note"],
            request_id=said.get("request"),
            branch_id=said.get("branch"),
        )


class WidenAreaView(APIView):
    """扩大范围."""

    roles = {"POST": LEADING}

    @extend_schema(request=WiderArea, responses={201: dict})
    def post(self, request: Request, area_id: int) -> Response:
        """Widen it."""
        by, said = actor(request), parsed(WiderArea, request)
        shape, other = shape_of(said["shape"]), said.get("branch")
        return carried_out(
            search_areas.widen_area, by=by, area_id=area_id, shape=shape, branch_id=other, note=said["note"]
        )


class ShareAreaView(APIView):
    """协同分局."""

    roles = {"POST": LEADING}

    @extend_schema(request=Sharing, responses=dict)
    def post(self, request: Request, area_id: int) -> Response:
        """Share it."""
        by, said = actor(request), parsed(Sharing, request)
        return carried_out(search_areas.share_area, by=by, area_id=area_id, branch_id=said["branch"])


class EndAreaView(APIView):
    """The search is over."""

    roles = {"POST": LEADING}

    @extend_schema(request=None, responses=dict)
    def post(self, request: Request, area_id: int) -> Response:
        """End it."""
        return carried_out(search_areas.end_area, by=actor(request), area_id=area_id)


class AreaView(APIView):
    """One search area with its cameras."""

    roles = {"GET": READING}

    @extend_schema(responses=dict)
    def get(self, request: Request, area_id: int) -> Response:
        """Return the area and its list: each camera with who looked through it, when, and what was found."""
        by: Any = request.auth
        area = SearchArea.objects.filter(pk=area_id, centre_id=by.centre_id).select_related("incident").first()
        if area is None or (told := area_told(by, area)) is None:
            raise NotFound()
        marks = area.cameras.select_related("camera").order_by("camera__gb_code")
        rows = []
        for mark in marks:
            mark.area = area
            rows.append({**mark.row(), "camera_row": mark.camera.row()})
        return Response({"search_area": told, "searched_cameras": rows})


class CheckView(APIView):
    """已排查."""

    roles = {"POST": CHECKING}

    @extend_schema(request=Check, responses=dict)
    def post(self, request: Request, mark_id: int) -> Response:
        """Say what was found, or that it must be looked at again."""
        by, said = actor(request), parsed(Check, request)
        return carried_out(search_areas.check_camera, by=by, mark_id=mark_id, **said)


class VideoQueueView(APIView):
    """The queue of the video desk."""

    roles = {"GET": READING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the incidents with work for cameras (an open request, an open search, a bookmark) and after them the
        other open ones; a branch gets what is shared with it."""
        by: Any = request.auth
        with_stations = Organisation.objects.filter(centre_id=by.centre_id, kind="branch", children__kind="station")
        branches = with_stations.distinct().order_by("code")
        tasks = [told for incident in work(by) if (told := task(by, incident)) is not None]
        mine = by.has(*DESK, VIDEO, ANALYST, INSPECTOR)
        return Response(
            {
                "tasks": tasks if mine else [one for one in tasks if one["search_areas"]],
                "branches": [{"id": one.pk, "name": one.name} for one in branches] if mine else [],
            }
        )


def work(by: Actor) -> list[Incident]:
    """Return the incidents of the queue: those with work first, the oldest first; then the newest of the others."""
    asked = FusionRequest.objects.filter(incident=OuterRef("pk"), state__in=fusion.OPEN, ask__in=FOR_CAMERAS)
    searched = SearchArea.objects.filter(incident=OuterRef("pk"), ended_at__isnull=True)
    marked = Bookmark.objects.filter(incident=OuterRef("pk"))
    found = Incident.objects.filter(centre_id=by.centre_id)
    open_ones = ~Q(stage__in=ENDED)
    tasks = found.filter(Q(Exists(searched)) | (open_ones & (Q(Exists(asked)) | Q(Exists(marked))))).order_by("id")
    known = list(tasks[:MOST_OTHERS])
    others = found.filter(open_ones).exclude(pk__in=[one.pk for one in known]).order_by("-id")
    return [one for one in [*known, *others[:MOST_OTHERS]] if not one.is_complaint]


def task(by: Actor, incident: Incident) -> Json | None:
    """Return an incident with its requests, search areas and bookmarks as a person may see them."""
    audience = audience_of(by)
    areas = [told for one in of(SearchArea, incident) if (told := area_told(by, one)) is not None]
    told = seen(audience, "incident", incident.row(), incident.readers())
    if told is None and not areas:
        return None
    squad = by.has(*DESK, VIDEO, ANALYST, INSPECTOR)
    requests = [one.row() for one in of(FusionRequest, incident) if squad]
    marks = [{**one.row(), "camera_name": one.camera.name} for one in of(Bookmark, incident, "camera") if squad]
    open_requests = [one for one in requests if one["open"] and one["ask"] in FOR_CAMERAS]
    return {
        "incident": told if told is not None else in_short(incident),
        "fusion_requests": requests,
        "clues": [one.row() for one in of(Clue, incident) if squad],
        "search_areas": areas,
        "bookmarks": marks,
        "has_work": bool(open_requests or marks or any(one["ended_at"] is None for one in areas)),
    }


def of(model: Any, incident: Incident, *related: str) -> list[Any]:
    """Return the rows of an incident, which they carry."""
    rows = list(model.objects.filter(incident=incident).select_related(*related).order_by("id"))
    for row in rows:
        row.incident = incident
    return rows


def area_told(by: Actor, area: SearchArea) -> Json | None:
    """Return an area to those who work on it or read it, with the name of the branch."""
    if area.incident.is_complaint:
        return None
    if not by.has(*DESK, VIDEO, ANALYST, INSPECTOR) and not search_areas.is_shared_with(area, by):
        return None
    return {**area.row(), "branch_name": area.branch.name if area.branch else ""}


def in_short(incident: Incident) -> Json:
    """Return what a branch needs to know of an incident that is not its own: number, type, place and time."""
    quiet = incident.confidential
    return {
        "id": incident.pk,
        "version": incident.version,
        "incident_no": incident.incident_no,
        "open": incident.is_open,
        "stage": incident.stage,
        "priority": incident.priority,
        "type_reported": incident.type_reported,
        "address_text": MASK if quiet else incident.address_text,
        "point": None if incident.lat is None else {"lat": incident.lat, "lng": incident.lng},
        "answered_at": stamp(incident.answered_at),
        "occurred_from": stamp(incident.occurred_from),
        "narrative": "",
    }

"""Routes of the register of cameras and of what was seen through them (图侦, M24)."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import centres, geo, pictures
from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, keyed, parsed, stored_point
from incidents.audience import seen
from incidents.cameras import sources
from incidents.cameras.near import LONGEST_M, USUAL_M, near
from incidents.fields import Flag, Ident, Input, Moment, Number, PointInput, Text, Whole
from incidents.models import Camera, Confidence, Gateway, Incident
from incidents.refusals import BadInput, NotFound
from incidents.roles import (
    ADMINISTRATOR,
    ANALYST,
    DESK,
    DISPATCHER,
    INSPECTOR,
    OFFICER,
    STATION_DUTY,
    VIDEO,
    WATCH_COMMANDER,
    WATCHING,
    audience_of,
)
from incidents.services import cameras, viewings

READING = (*DESK, VIDEO, ANALYST, INSPECTOR, STATION_DUTY)
OPENING = (VIDEO, ANALYST, DISPATCHER, WATCH_COMMANDER, STATION_DUTY)
KEEPING = (VIDEO, ADMINISTRATOR)
FINDING = (ANALYST, VIDEO)
LISTED = 200


class CameraEdit(Input):
    """What the register says of one camera, corrected from a version."""

    version = Whole(1, 2**31 - 1)
    name = Text(100, required=False, allow_blank=False)
    point = PointInput(required=False)
    bearing = Number(0, 359.999, required=False, allow_null=True)
    fov_deg = Number(1, 360, required=False, allow_null=True)
    range_m = Number(1, 20_000, required=False, allow_null=True)
    pole_code = Text(40, required=False, code=True)
    owner_net = serializers.ChoiceField(Camera.Net.values, required=False)
    state = serializers.ChoiceField(Camera.State.values, required=False)
    neighbours = serializers.ListField(child=Text(20, code=True), max_length=20, required=False)


class Opening(Input):
    """Which period, for which incident, to what purpose."""

    incident = Ident()
    since = Moment()
    until = Moment()
    purpose = Text(200)


class MarkInput(Input):
    """A moment in the pictures, in words, with its still."""

    at = Moment()
    text = Text(400, required=False, default="")
    file = serializers.FileField(required=False)


class ClueOfMark(Input):
    """What a bookmark shows, and whether the units are told now."""

    text = Text(1000, required=False, default="")
    confidence = serializers.ChoiceField(Confidence.values, required=False, default=Confidence.MEDIUM)
    request = Ident(required=False, allow_null=True)
    push = Flag(required=False, default=False)


class CamerasView(APIView):
    """The register."""

    roles = {"GET": (*READING, ADMINISTRATOR)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return up to 200 cameras whose code, name or pole holds `q`, and how many there are."""
        by: Any = request.auth
        wanted = request.query_params.get("q", "")[:60].strip()
        standing = Camera.objects.filter(centre_id=by.centre_id, ended_at__isnull=True)
        words = Q(gb_code__contains=wanted) | Q(name__icontains=wanted) | Q(pole_code__icontains=wanted)
        found = standing.filter(words) if wanted else standing
        shown = [one.row() for one in found.order_by("gb_code")[:LISTED]]
        return Response({"count": found.count(), "cameras": shown})


class CameraView(APIView):
    """One camera of the register."""

    roles = {"PATCH": KEEPING}

    @extend_schema(request=CameraEdit, responses=dict)
    def patch(self, request: Request, camera_id: int) -> Response:
        """Correct it."""
        by, facts = actor(request), parsed(CameraEdit, request)
        if point := facts.pop("point", None):
            stored = stored_point(point, centres.centre(by.centre_id))
            facts |= {"lat": stored["lat"], "lng": stored["lng"]}
        version = facts.pop("version")
        return carried_out(cameras.describe_camera, by=by, camera_id=camera_id, version=version, facts=facts)


class EndCameraView(APIView):
    """A camera that stands no more."""

    roles = {"POST": KEEPING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, camera_id: int) -> Response:
        """End it."""
        by, said = actor(request), parsed(Reason, request)
        return carried_out(cameras.end_camera, by=by, camera_id=camera_id, reason=said["reason"])


class NearCamerasView(APIView):
    """Cameras near a place and a time."""

    roles = {"GET": READING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return those within `radius` metres of an incident or a point that stood at `at`: first those that look at it,
        then those that may, then the others, each by distance."""
        by: Any = request.auth
        lat, lng = place_asked(request, by)
        radius = number_asked(request, "radius", USUAL_M, 10, LONGEST_M)
        at = moment_asked(request, "at") or timezone.now()
        found = near(by.centre_id, lat, lng, radius_m=radius, at=at)
        point = {"lat": lat, "lng": lng}
        return Response({"point": point, "radius_m": radius, "cameras": [one.row() for one in found]})


def place_asked(request: Request, by: Any) -> tuple[float, float]:
    """Return the point of `incident`, or of `lat`, `lng` and `crs`. Raises NotFound, BadInput."""
    asked = request.query_params
    if "incident" in asked:
        number = asked["incident"]
        found = Incident.objects.filter(pk=int(number) if number.isdecimal() and len(number) < 16 else 0).first()
        told = found and seen(audience_of(by), "incident", found.row(), found.readers())
        if found is None or found.centre_id != by.centre_id or told is None:
            raise NotFound()
        if found.lat is None or found.lng is None:
            raise BadInput(incident=_("This incident has no place yet."))
        return found.lat, found.lng
    try:
        point = geo.to_wgs84(float(asked["lat"]), float(asked["lng"]), asked["crs"])
    except (KeyError, ValueError) as error:
        raise BadInput(lat=_("Name an incident, or lat, lng and crs of a point.")) from error
    return point


def number_asked(request: Request, name: str, usual: float, low: float, high: float) -> float:
    """Return a number of the query within bounds. Raises BadInput."""
    try:
        found = float(request.query_params.get(name, usual))
    except ValueError:
        found = low - 1
    if not low <= found <= high:
        raise BadInput(**{name: _("Between %(low)g and %(high)g is wanted.") % {"low": low, "high": high}})
    return found


def moment_asked(request: Request, name: str) -> dt.datetime | None:
    """Return a moment of the query with its offset. Raises BadInput."""
    given = request.query_params.get(name)
    if given is None:
        return None
    try:
        found = parse_datetime(given[:40].replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 2000 <= found.year < 2100:
        raise BadInput(**{name: _("A moment needs its offset.")})
    return found


class OpenCameraView(APIView):
    """倒查."""

    roles = {"POST": OPENING}

    @extend_schema(request=Opening, responses={201: dict})
    def post(self, request: Request, camera_id: int) -> Response:
        """Open it at a time."""
        by, said = actor(request), parsed(Opening, request)
        said["incident_id"] = said.pop("incident")
        return carried_out(viewings.open_camera, by=by, camera_id=camera_id, **said)


class SourceView(APIView):
    """Where the pictures are that somebody opened."""

    roles = {"GET": OPENING}

    @extend_schema(responses=dict)
    def get(self, request: Request, viewing_id: int) -> Response:
        """Return their address."""
        by: Any = request.auth
        viewing = viewings.own(viewing_id, by)
        adapter: Gateway | None = sources.of_centre(by.centre_id)
        if adapter is None:
            raise sources.NoPicture()
        centre = centres.centre(by.centre_id)
        return Response(sources.source_of(viewing, adapter, centre.code, timezone.now()))


class FrameView(APIView):
    """A picture of the simulated source."""

    roles = {"GET": OPENING}

    @extend_schema(responses={(200, "image/jpeg"): bytes})
    def get(self, request: Request, viewing_id: int) -> HttpResponseBase:
        """Draw the picture of a moment of the opened period."""
        by: Any = request.auth
        viewing = viewings.own(viewing_id, by)
        at = moment_asked(request, "at") or viewing.since
        if viewing.mode != "simulated" or not viewing.since <= at <= min(viewing.until, timezone.now()):
            raise sources.NoPicture()
        return HttpResponse(sources.drawn(viewing, at), content_type="image/jpeg", headers=pictures.HEADERS)


class MarksView(APIView):
    """Mark a moment."""

    roles = {"POST": OPENING}
    parser_classes = [MultiPartParser]

    @extend_schema(request=MarkInput, responses={201: dict})
    def post(self, request: Request, viewing_id: int) -> Response:
        """Keep it, with the still."""
        said = parsed(MarkInput, request)
        data = said["file"].read() if "file" in said else b""
        digest = hashlib.sha256(f"{request.path}\n{said['at']}\n{said['text']}\n".encode() + data).digest()
        by = replace(keyed(request), body_hash=digest)
        still = pictures.store(data) if data else None
        return carried_out(
            viewings.mark_moment, by=by, viewing_id=viewing_id, at=said["at"], text=said["text"], still=still
        )


class StillView(APIView):
    """The still of a bookmark."""

    roles = {"GET": (*WATCHING, OFFICER)}

    @extend_schema(responses={(200, "image/jpeg"): bytes})
    def get(self, request: Request, bookmark_id: int) -> HttpResponseBase:
        """Return it to those who may see it."""
        by: Any = request.auth
        mark = viewings.still_of(bookmark_id, by, audience_of(by))
        assert mark.still is not None
        picture = pictures.path_of(mark.still["file"]).open("rb")
        return FileResponse(picture, content_type="image/jpeg", headers=pictures.HEADERS)


class VoidMarkView(APIView):
    """A bookmark that shows something else."""

    roles = {"POST": FINDING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, bookmark_id: int) -> Response:
        """Take it back."""
        by = actor(request)
        return carried_out(viewings.void_bookmark, by=by, bookmark_id=bookmark_id, **parsed(Reason, request))


class ClueOfMarkView(APIView):
    """A bookmark becomes a clue."""

    roles = {"POST": FINDING}

    @extend_schema(request=ClueOfMark, responses={201: dict})
    def post(self, request: Request, bookmark_id: int) -> Response:
        """Make it, and push it when asked to."""
        by, said = actor(request), parsed(ClueOfMark, request)
        said["request_id"] = said.pop("request", None)
        return carried_out(viewings.make_clue, by=by, bookmark_id=bookmark_id, **said)

"""Reference data: the base map, areas, named places."""

from __future__ import annotations

import json
import math
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import centres, places
from incidents.addresses.keys import RANKS
from incidents.demo_city.ground import BOX
from incidents.models import Area, Centre
from incidents.refusals import BadInput
from incidents.roles import OFFICER, WATCHING

READING = {"GET": (*WATCHING, OFFICER)}


def map_of(centre: Centre) -> tuple[bytes, str]:
    """Return the base map of a centre with its tag: the demo city's, or a bare box where none is loaded."""
    south, west, north, east = centre.box
    if (south, west, north, east) == (BOX.south, BOX.west, BOX.north, BOX.east):
        return places.base_map(), f'"{places.base_map_version()}"'
    box = {"south": south, "west": west, "north": north, "east": east}
    return json.dumps({"box": box, "layers": {}}).encode(), f'"bare-{centre.pk}"'


def map_answer(request: Request, centre: Centre) -> HttpResponse:
    """Answer with the base map of a centre; one that the browser has is 304."""
    text, tag = map_of(centre)
    headers = {"ETag": tag, "Cache-Control": "private, max-age=0, must-revalidate"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(text, content_type="application/json", headers=headers)


class MapView(APIView):
    """The base map, drawn by the browser without any tile server."""

    roles = READING

    @extend_schema(responses=dict)
    def get(self, request: Request) -> HttpResponse:
        """Return it; unchanged maps are 304."""
        by: Any = request.auth
        return map_answer(request, centres.centre(by.centre_id))


class AreasView(APIView):
    """The areas of the centre."""

    roles = READING

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List them."""
        by: Any = request.auth
        found = Area.objects.filter(centre_id=by.centre_id, ended_at__isnull=True).order_by("kind", "code")
        return Response({"areas": [area.row() for area in found]})


class PlacesView(APIView):
    """The gazetteer."""

    roles = READING

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Search by Chinese, pinyin, initials, house number, crossing or code; `kind` restricts it."""
        by: Any = request.auth
        text = request.query_params.get("q", "")
        limit = request.query_params.get("limit", "10")
        if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit[:4]) <= 50:
            raise BadInput(limit="1–50")
        if len(text) > 60 or "\0" in text:
            raise BadInput(q="1–60")
        kinds = [kind for kind in request.query_params.get("kind", "")[:80].split(",") if kind]
        if any(kind not in RANKS for kind in kinds):
            raise BadInput(kind=", ".join(RANKS))
        return Response({"places": [place.row() for place in places.search(by.centre_id, text, int(limit), kinds)]})


class PlaceAtView(APIView):
    """What lies at a point."""

    roles = READING

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the owner, the kind of area and the nearest name of a WGS-84 point."""
        by: Any = request.auth
        lat, lng = (degrees(request, name, limit) for name, limit in (("lat", 90), ("lng", 180)))
        located, near = places.locate(by.centre_id, lat, lng), places.nearest(by.centre_id, lat, lng)
        named = {"name": near[0].name, "kind": near[0].kind, "metres": round(near[1])} if near else None
        owner = {"owner": located.organisation_name, "area_kind": located.area_kind}
        return Response({**owner, **located.areas(), "nearest": named})


def degrees(request: Request, name: str, limit: int) -> float:
    """Return a parameter in degrees."""
    try:
        found = float(request.query_params.get(name, ""))
    except ValueError:
        found = math.nan
    if not -limit <= found <= limit:
        raise BadInput(**{name: f"-{limit}–{limit}"})
    return found

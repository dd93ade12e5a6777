"""Routes about roads: what is closed."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import geo
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import CRS, Input, Moment, Number, Text, convertible
from incidents.roles import OFFICER, ORDERING, WATCHING
from patrol.models import RoadClosure
from patrol.roads import closing


class CornerInput(Input):
    """One corner of a shape."""

    lat = Number(-90, 90)
    lng = Number(-180, 180)


class ClosureInput(Input):
    """A part of the map to be closed."""

    kind = serializers.ChoiceField(["polygon", "line"])
    points = serializers.ListField(child=CornerInput(), min_length=2, max_length=200)
    crs = serializers.ChoiceField(CRS)
    starts_at = Moment(required=False, allow_null=True)
    ends_at = Moment(required=False, allow_null=True)
    reason = Text(200, required=False, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse an area of fewer than three corners, and corners that their datum cannot express."""
        for corner in attrs["points"]:
            convertible({**corner, "crs": attrs["crs"]})
        if attrs["kind"] == "polygon" and len(attrs["points"]) < 3:
            raise serializers.ValidationError({"points": [_("An area has at least three corners.")]})
        return attrs


def shape_of(found: dict[str, Any]) -> dict[str, Any]:
    """Return a validated shape in WGS-84, as it is stored."""
    corners = [geo.to_wgs84(corner["lat"], corner["lng"], found["crs"]) for corner in found["points"]]
    return {"kind": found["kind"], "points": [[round(lng, 7), round(lat, 7)] for lat, lng in corners]}


class ClosuresView(APIView):
    """Closed roads."""

    roles = {"GET": (*WATCHING, OFFICER), "POST": ORDERING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List those that hold now or will."""
        by: Any = request.auth
        now = timezone.now()
        found = RoadClosure.objects.filter(centre_id=by.centre_id, ended_at__isnull=True).order_by("id")
        shown = [one.row() for one in found if one.ends_at is None or one.ends_at > now]
        return Response({"closures": shown})

    @extend_schema(request=ClosureInput, responses=dict)
    def post(self, request: Request) -> Response:
        """Close some."""
        by, found = actor(request), parsed(ClosureInput, request)
        return carried_out(
            closing.close_road,
            by=by,
            shape=shape_of(found),
            starts_at=found.get("starts_at"),
            ends_at=found.get("ends_at"),
            reason=found["reason"],
        )


class EndClosureView(APIView):
    """A road is open again."""

    roles = {"POST": ORDERING}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, closure_id: int) -> Response:
        """Open it."""
        parsed(Input, request)
        return carried_out(closing.end_closure, by=actor(request), closure_id=closure_id)

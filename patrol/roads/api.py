"""Routes about roads: what is closed, what is covered, how far a unit comes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import duty, geo
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import CRS, Input, Moment, Number, Text, convertible
from incidents.refusals import BadInput, NotFound
from incidents.roles import OFFICER, ORDERING, WATCHING
from incidents.row import Json, stamp
from patrol.models import Position, RoadClosure
from patrol.roads import closing, estimate, live, store
from patrol.roads.coverage import Coverage, share
from patrol.roads.network import Network
from patrol.roads.profiles import CAR, FOOT, MOTORCYCLE
from patrol.roads.shapes import areas


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


KIND_OF = {CAR: "UP", MOTORCYCLE: "UM", FOOT: "UF"}


def minutes_of(request: Request, centre_id: int) -> list[int]:
    """Return the minutes asked for, up to four of 1 to 20; by default the rings of the duty level (R17, R26)."""
    given = request.query_params.get("minutes")
    if given is None:
        return duty.present(centre_id).ring_minutes
    try:
        found = sorted({int(one) for one in given[:40].split(",")})
    except ValueError as error:
        raise BadInput(minutes=_("Minutes are whole numbers, joined by commas.")) from error
    if not 1 <= len(found) <= 4 or not all(1 <= one <= 20 for one in found):
        raise BadInput(minutes=_("Ask for one to four limits of 1 to 20 minutes."))
    return found


def shown(network: Network | None) -> Json | None:
    """Return what a map says of the network it stands on."""
    if network is None:
        return None
    return {"version": network.version, "source": network.source, "fictional": network.fictional}


class CoverageView(APIView):
    """What the available units cover now."""

    roles = {"GET": WATCHING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the areas and the share of the demand (K19) for each limit; without a unit as if it were sent."""
        by: Any = request.auth
        minutes, now = minutes_of(request, by.centre_id), timezone.now()
        without = whole_number(request, "without")
        network, found = store.current(by.centre_id), live.covering(by.centre_id, now, without)
        if network is None or found is None:
            return Response({"at": stamp(now), "network": None, "minutes": []})
        seconds = found.seconds
        return Response(
            {
                "at": stamp(now),
                "network": shown(network),
                "units": found.units,
                "demand": {"basis": found.demand.basis, "n": found.demand.n},
                "minutes": [
                    {
                        "minutes": one,
                        "share": round(share(seconds, found.demand.weights, one * 60.0), 4),
                        "areas": areas(network, seconds, one * 60.0),
                    }
                    for one in minutes
                ],
            }
        )


class IsochroneView(APIView):
    """How far one unit, or somebody at a point, comes."""

    roles = {"GET": WATCHING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the areas for each limit."""
        by: Any = request.auth
        minutes, now = minutes_of(request, by.centre_id), timezone.now()
        start = self.start(request, by.centre_id)
        network = store.current(by.centre_id)
        if network is None:
            return Response({"at": stamp(now), "network": None, "minutes": []})
        closed = estimate.closed_now(by.centre_id, network, now)
        field = Coverage(network, estimate.hour_of(now), closed=closed).field([start])
        found = [{"minutes": one, "areas": areas(network, field, one * 60.0)} for one in minutes]
        return Response({"at": stamp(now), "network": shown(network), "minutes": found})

    def start(self, request: Request, centre_id: int) -> estimate.UnitPoint:
        """Return where the search starts: at a unit's last fix, or at a WGS-84 point with a profile."""
        if unit := whole_number(request, "unit"):
            row = Position.objects.filter(unit_id=unit, centre_id=centre_id).values_list("lat", "lng", "unit__kind")
            if not (found := row.first()):
                raise NotFound()
            return unit, *found
        try:
            lat, lng = geo.to_wgs84(
                float(request.query_params["lat"]), float(request.query_params["lng"]), request.query_params["crs"]
            )
        except (KeyError, ValueError) as error:
            raise BadInput(lat=_("Name a unit, or lat, lng and crs of a point.")) from error
        return 0, lat, lng, KIND_OF.get(request.query_params.get("profile", CAR), "UP")


def whole_number(request: Request, name: str) -> int:
    """Return an id out of the query, 0 where there is none."""
    text = request.query_params.get(name, "")
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadInput(**{name: _("This is no id.")})
    return int(text)

"""Where a point is and where a name is: areas of a centre, its gazetteer and its base map."""

from __future__ import annotations

import json
import math
import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, F, Max, Sum
from shapely import Point, Polygon, STRtree

from incidents import demo_city, geo
from incidents.addresses.search import search
from incidents.models import Area, Place
from incidents.row import Json

__all__ = ["Located", "base_map", "base_map_version", "locate", "nearest", "search"]

RURAL = "rural"
NEAR_M = 500.0
NEAR_DEGREES = 0.006  # a little more than 500 m, in both directions
_AREA_KINDS_FIRST_SMALLEST = ("urban", "suburban", "rural")


@dataclass(frozen=True, slots=True)
class Located:
    """Who owns a point, what kind of area it lies in, and its beat, grid and ring; None and "" where none covers it."""

    organisation_id: int | None
    organisation_name: str
    area_kind: str
    beat: Json | None = None
    grid: Json | None = None
    ring: Json | None = None

    def areas(self) -> Json:
        """Return beat, grid and ring as an incident keeps them."""
        return {"beat": self.beat, "grid": self.grid, "ring": self.ring}


@dataclass(frozen=True, slots=True)
class _Areas:
    """The areas of one centre as they were at one version of the table, in a tree."""

    signature: tuple[int, int, int]
    areas: list[Area]
    tree: STRtree


_known: dict[int, _Areas] = {}
_map_lock = threading.Lock()


def locate(centre_id: int, lat: float, lng: float) -> Located:
    """Return the station that owns a WGS-84 point, its kind of area (urban, suburban, rural), its beat, grid and ring.

    A point on a border belongs to the area with the lower number; of several rings the one with the fewest minutes
    counts (R17). Outside of every kind of area it is rural.
    """
    known = _areas(centre_id)
    found = [known.areas[index] for index in sorted(known.tree.query(Point(lng, lat), predicate="intersects"))]
    station = next((area for area in found if area.kind == Area.Kind.STATION), None)
    kinds = {area.code for area in found if area.kind == Area.Kind.AREA_KIND}
    kind = next((code for code in _AREA_KINDS_FIRST_SMALLEST if code in kinds), RURAL if known.areas else "")
    beat, grid = (next((area for area in found if area.kind == one), None) for one in (Area.Kind.BEAT, Area.Kind.GRID))
    rings = sorted((area for area in found if area.kind == Area.Kind.RING), key=lambda area: (area.minutes, area.pk))
    return Located(
        station.owner_id if station else None,
        station.name if station else "",
        kind,
        *(area.label() if area else None for area in (beat, grid, rings[0] if rings else None)),
    )


def nearest(centre_id: int, lat: float, lng: float) -> tuple[Place, float] | None:
    """Return the named place nearest to a WGS-84 point and its distance in metres; None beyond 500 m. Roads lie where
    their name stands, so other names win where both are near."""
    east = math.cos(math.radians(lat))
    place = (
        Place.objects.filter(
            edition__centre_id=centre_id,
            edition__state="current",
            lat__range=(lat - NEAR_DEGREES, lat + NEAR_DEGREES),
            lng__range=(lng - NEAR_DEGREES, lng + NEAR_DEGREES),
        )
        .exclude(kind__in=("road", "post"))
        .order_by((F("lat") - lat) * (F("lat") - lat) + (F("lng") - lng) * (F("lng") - lng) * east * east, "pk")
        .first()
    )
    if place is None:
        return None
    metres = geo.distance_m(lat, lng, place.lat, place.lng)
    return (place, metres) if metres <= NEAR_M else None


def _areas(centre_id: int) -> _Areas:
    """Return the areas of a centre, read again only when the table has changed since."""
    present = Area.objects.filter(centre_id=centre_id, ended_at__isnull=True)
    totals = present.aggregate(n=Count("id"), last=Max("id"), versions=Sum("version"))
    signature = (totals["n"], totals["last"] or 0, totals["versions"] or 0)
    known = _known.get(centre_id)
    if known is None or known.signature != signature:
        areas = list(present.order_by("id"))
        known = _Areas(signature, areas, STRtree([Polygon(area.ring) for area in areas]))
        _known[centre_id] = known
    return known


def base_map() -> bytes:
    """Return the drawn base map as JSON; drawn once per release of the demo city, then read from the data folder."""
    with _map_lock:
        return _read_map(demo_city.digest())


def base_map_version() -> str:
    """Return what changes when the base map changes: an ETag for it."""
    return demo_city.digest()


@lru_cache(maxsize=1)
def _read_map(digest: str) -> bytes:
    path = Path(settings.HOME) / "maps" / f"demo-{digest}.json"
    try:
        return path.read_bytes()
    except OSError:
        drawn = _draw_map()
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_bytes(drawn)
    half.replace(path)
    return drawn


def _draw_map() -> bytes:
    # Imported here: drawing takes a second and needs libraries that a process which finds the file never loads.
    from incidents.demo_city.base_map import base_map as draw  # noqa: PLC0415  see above

    return json.dumps(draw(), ensure_ascii=False, separators=(",", ":")).encode()

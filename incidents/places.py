"""Where a point is and where a name is: areas of a centre, its gazetteer and its base map."""

from __future__ import annotations

import json
import os
import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_
from pathlib import Path

from django.conf import settings
from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Sum, Value, When
from shapely import Point, Polygon, STRtree

from incidents import demo_city, geo
from incidents.models import Area, Place

RURAL = "rural"
NEAR_M = 500.0
NEAR_DEGREES = 0.006  # a little more than 500 m, in both directions
_AREA_KINDS_FIRST_SMALLEST = ("urban", "suburban", "rural")
_ROAD_WORDS = re.compile(r"[^路街巷道桥\s]+[路街巷道桥]?")
_JOINING = re.compile(r"路口|交叉口|交汇处|[与和、,，]")


@dataclass(frozen=True, slots=True)
class Located:
    """Who owns a point and what kind of area it lies in; None and "" where no area covers it."""

    organisation_id: int | None
    organisation_name: str
    area_kind: str


@dataclass(frozen=True, slots=True)
class _Areas:
    """The areas of one centre as they were at one version of the table, in a tree."""

    signature: tuple[int, int, int]
    areas: list[Area]
    tree: STRtree


_known: dict[int, _Areas] = {}
_map_lock = threading.Lock()


def locate(centre_id: int, lat: float, lng: float) -> Located:
    """Return the station that owns a WGS-84 point and its kind of area (urban, suburban, rural).

    A point on a border belongs to the area with the lower number. Outside of every kind of area it is rural.
    """
    known = _areas(centre_id)
    found = [known.areas[index] for index in sorted(known.tree.query(Point(lng, lat), predicate="intersects"))]
    station = next((area for area in found if area.kind == Area.Kind.STATION), None)
    kinds = {area.code for area in found if area.kind == Area.Kind.AREA_KIND}
    kind = next((code for code in _AREA_KINDS_FIRST_SMALLEST if code in kinds), RURAL if known.areas else "")
    return Located(station.owner_id if station else None, station.name if station else "", kind)


def nearest(centre_id: int, lat: float, lng: float) -> tuple[Place, float] | None:
    """Return the named place nearest to a WGS-84 point and its distance in metres; None beyond 500 m. Roads lie where
    their name stands, so other names win where both are near."""
    about = Place.objects.filter(
        centre_id=centre_id,
        lat__range=(lat - NEAR_DEGREES, lat + NEAR_DEGREES),
        lng__range=(lng - NEAR_DEGREES, lng + NEAR_DEGREES),
    ).exclude(kind__in=("road", "post"))
    found = [(geo.distance_m(lat, lng, place.lat, place.lng), place) for place in about]
    if not found:
        return None
    metres, place = min(found, key=lambda pair: (pair[0], pair[1].pk))
    return (place, metres) if metres <= NEAR_M else None


def search(centre_id: int, text: str, limit: int = 10) -> list[Place]:
    """Find places by Chinese words, pinyin or initials, best first; blank text finds nothing.

    Several words must all occur: 新华路 延安路 finds the crossing of both, as does 新华路延安路.
    """
    wanted = unicodedata.normalize("NFKC", text).replace("\x00", "").strip().lower()[:80]
    if not wanted:
        return []
    places = Place.objects.filter(centre_id=centre_id)
    if wanted.isascii():
        return list(_by_letters(places, "".join(wanted.split()))[:limit])
    return list(_by_words(places, wanted)[:limit])


def _by_letters(places: QuerySet[Place], letters: str) -> QuerySet[Place]:
    rank = Case(
        When(initials=letters, then=Value(0)),
        When(pinyin=letters, then=Value(0)),
        When(initials__startswith=letters, then=Value(1)),
        When(pinyin__startswith=letters, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = Q(initials__startswith=letters) | Q(pinyin__icontains=letters) | Q(name__icontains=letters)
    return places.filter(found).annotate(rank=rank).order_by("rank", _kind_order(), "name")


def _by_words(places: QuerySet[Place], wanted: str) -> QuerySet[Place]:
    words = _ROAD_WORDS.findall(_JOINING.sub(" ", wanted)) or [wanted]
    rank = Case(
        When(name=wanted, then=Value(0)),
        When(name__startswith=wanted, then=Value(1)),
        When(name__icontains=wanted, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    every_word = reduce(and_, (Q(name__icontains=word) for word in words[:6]))
    on_road = Q(note__icontains=wanted) & ~Q(kind="post")
    return places.filter(every_word | on_road).annotate(rank=rank).order_by("rank", _kind_order(), "name")


def _kind_order() -> Case:
    """Landmarks before roads, roads before crossings, lamp posts last."""
    kinds = ("station", "landmark", "road", "crossing", "shop", "post")
    whens = [When(kind=kind, then=Value(number)) for number, kind in enumerate(kinds)]
    return Case(*whens, default=Value(len(kinds)), output_field=IntegerField())


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

"""The drawn base map of the demo city: plain data for the browser's own vector map, no tiles.

Positions are `[lng, lat]` in WGS-84 degrees to a metre. The network is invented, and the map says so on its face.
"""

from __future__ import annotations

from functools import lru_cache
from math import atan2, cos, degrees, dist, sin
from random import Random
from typing import Any, Final

import numpy as np
import shapely
from shapely import LineString, Polygon, contains, contains_xy
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from incidents.demo_city import ground
from incidents.demo_city.curves import Metres, polygons
from incidents.demo_city.gazetteer import gazetteer
from incidents.demo_city.roads import BRIDGES, ROADS
from incidents.demo_city.stations import areas, stations
from incidents.demo_city.streets import Street, bend, network

VERSION: Final = 1
_SEED: Final = 24
_SHOWN_KINDS: Final = ("landmark", "shop")
# Width and depth of a house, the gaps beside and behind it, in metres; the last is a works hall.
_HOUSES: Final = ((46, 13, 9, 17), (24, 22, 16, 18), (19, 13, 6, 12), (74, 42, 18, 18))
_HOW_OFTEN: Final = (5, 2, 3)
_WORKS: Final = 3


@lru_cache(maxsize=1)
def base_map() -> dict[str, Any]:
    """Return the base map `{"version", "box", "metres", "layers"}`; the same for every call and every machine.

    Houses are in metres from the box's south-west corner, angles in degrees from east against the clock.
    """
    region = ground.BOX
    return {
        "version": VERSION,
        "box": {"west": region.west, "south": region.south, "east": region.east, "north": region.north},
        "metres": {"per_lng": ground.M_PER_LNG, "per_lat": ground.M_PER_LAT},
        "layers": {
            "land": _land(),
            "water": _water(),
            "parks": _shapes(ground.parks()),
            "buildings": _buildings(),
            "roads": _roads(),
            "bridges": _bridges(),
            "places": _places(),
            "stations": [{"code": org.code, "name": org.short_name, "point": list(org.at or ())} for org in stations()],
            "areas": [{"kind": area.kind, "code": area.code, "name": area.name, "ring": _ring(area.ring)}
                      for area in areas()],
        },
    }  # fmt: skip


def _ring(points: list[Metres]) -> list[list[float]]:
    return [[round(lng, 5), round(lat, 5)] for lng, lat in points]


def _points(points: list[Metres]) -> list[list[float]]:
    return _ring([ground.to_lnglat(x, y) for x, y in points])


def _shapes(shapes: dict[str, BaseGeometry], kind: str = "") -> list[dict[str, Any]]:
    """Return bent outlines with their names; a shape of several parts is listed part by part."""
    found = []
    for name, shape in shapes.items():
        for part in polygons(shapely.transform(shape.segmentize(90), _bent, interleaved=False)):
            outline = part.simplify(2)
            holes = [_points(list(hole.coords)) for hole in outline.interiors]
            item = {"name": name, "rings": [_points(list(outline.exterior.coords)), *holes]}
            found.append({**item, "kind": kind} if kind else item)
    return found


def _water() -> list[dict[str, Any]]:
    """Return rivers and lakes; a river carries its middle line, along which its name is written."""
    items = _shapes(ground.water())
    for item in items:
        if item["name"] in ground.RIVERS:
            item["line"] = _ring(ground.RIVERS[item["name"]][1])
    return items


def _bent(xs: Any, ys: Any) -> Any:
    moved = [bend(x, y) for x, y in zip(xs, ys, strict=True)]
    return [x for x, _ in moved], [y for _, y in moved]


def _land() -> list[dict[str, Any]]:
    """Return built-up land, villages, campuses and works: what lies under the streets."""
    town = ground.outline(ground.BUILT_UP)
    plots = np.array(network()[1])
    country = plots[~contains(town, shapely.centroid(plots))]
    villages = unary_union(shapely.buffer(country, 14, quad_segs=2)).difference(town.buffer(20)).simplify(4)
    parts = [
        _shapes({"": town.difference(unary_union(list(ground.water().values())))}, "town"),
        _shapes({"": villages}, "village"),
        _shapes({"漳州古城": ground.outline(ground.OLD_TOWN)}, "old_town"),
        *[_shapes({name: ground.outline(ring)}, kind) for name, (kind, ring) in ground.GROUNDS.items()],
    ]
    return [item for part in parts for item in part]


def _roads() -> list[dict[str, Any]]:
    """Return every way for drawing, the smallest first, without the vertices that only join it to others."""
    order = {
        kind: rank for rank, kind in enumerate(("lane", "foot", "tertiary", "rail", "secondary", "primary", "trunk"))
    }
    ways = sorted(network()[0], key=lambda street: order[street.road_class])
    drawn = shapely.simplify([LineString(way.points) for way in ways], 1.0)
    return [_road(way, shapely.get_coordinates(line).tolist()) for way, line in zip(ways, drawn, strict=True)]


def _road(way: Street, points: list[Metres]) -> dict[str, Any]:
    found: dict[str, Any] = {"class": way.road_class, "points": _points(points)}
    return {"name": way.name, **found} if way.name else found


def _bridges() -> list[dict[str, Any]]:
    lines = {street.name: LineString(street.points) for street in network()[0][: len(ROADS)]}
    classes = {road.name: road.road_class for road in ROADS}
    found = []
    for name, road, water in BRIDGES:
        span = lines[road].intersection(
            shapely.transform(ground.water()[water].segmentize(90), _bent, interleaved=False).buffer(30)
        )
        found.append({"name": name, "class": classes[road], "points": _points(list(span.coords))})
    return found


def _places() -> list[dict[str, Any]]:
    return [
        {
            "name": place.name,
            "kind": place.kind,
            "rank": place.rank,
            "point": [round(place.lng, 5), round(place.lat, 5)],
        }
        for place in gazetteer()
        if place.kind in _SHOWN_KINDS
    ]


def _buildings() -> dict[str, Any]:
    """Return houses by the plot: `kinds` of width, depth and gaps, and plots of
    `[x, y, angle, columns, rows, kind, present]`, the last one bit a house in hexadecimal, first column first."""
    random = Random(_SEED)
    works = [ground.outline(ring) for kind, ring in ground.GROUNDS.values() if kind != "sports"]
    plots = [*network()[1], *works]
    kinds = [*random.choices((0, 1, 2), weights=_HOW_OFTEN, k=len(plots) - len(works)), *[_WORKS] * len(works)]
    yards = shapely.buffer(plots, -9, quad_segs=1)
    frames = shapely.get_coordinates(shapely.normalize(shapely.oriented_envelope(plots))).reshape(-1, 5, 2)
    houses = [
        _houses(yard, _frame(frame.tolist()), random, kind)
        for yard, frame, kind in zip(yards, frames, kinds, strict=True)
        if not yard.is_empty and yard.area > 500 and random.random() > 0.06
    ]
    return {"kinds": _HOUSES, "plots": [plot for plot in houses if plot]}


def _houses(yard: Polygon, frame: tuple[Metres, float, float, float], random: Random, kind: int) -> list[Any]:
    """Return the houses on a plot: rows along its longer side, a few gaps; an empty list where none fits."""
    width, depth, beside, behind = _HOUSES[kind]
    corner, angle, length, breadth = frame
    columns, rows = int(length // (width + beside)), int(breadth // (depth + behind))
    if columns * rows == 0:
        return []
    u = (np.tile(np.arange(columns), rows) + 0.5) * (width + beside)
    v = (np.repeat(np.arange(rows), columns) + 0.5) * (depth + behind)
    sides = np.array([[width / 2], [-width / 2], [-width / 2], [width / 2]]) + u
    fronts = np.array([[depth / 2], [depth / 2], [-depth / 2], [-depth / 2]]) + v
    east = corner[0] + sides * cos(angle) - fronts * sin(angle)
    north = corner[1] + sides * sin(angle) + fronts * cos(angle)
    built = contains_xy(yard, east, north).all(axis=0)
    built &= np.array([random.random() < 0.9 for _ in range(columns * rows)])
    if not built.any():
        return []
    x, y = bend(*corner)
    present = sum(1 << index for index in np.flatnonzero(built).tolist())
    return [round(x), round(y), round(degrees(angle)) % 360, columns, rows, kind, f"{present:x}"]


def _frame(corners: list[Metres]) -> tuple[Metres, float, float, float]:
    """Return a corner of a plot's rectangle, the angle of its longer side and both lengths.

    The corners run clockwise, as `normalize` leaves them, so the rectangle lies to the left of the way back.
    """
    a, b, c = corners[2], corners[1], corners[0]
    length, breadth = dist(a, b), dist(b, c)
    if length < breadth:
        a, b, length, breadth = b, c, breadth, length
    return (a[0], a[1]), atan2(b[1] - a[1], b[0] - a[0]), length, breadth

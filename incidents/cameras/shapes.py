"""Search areas as rings (排查范围, M22): a polygon, a circle round a point, a strip along a route. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from incidents.geo import METRES_PER_DEGREE

Ring = list[list[float]]  # [[lng, lat], …], closed, WGS-84
KINDS: Final = ("polygon", "circle", "route")
MOST_KM2: Final = 150.0
ROUNDNESS: Final = 8
"""Segments of a quarter of a circle: 64 corners stay 0.5 % inside of it."""


class BadShape(ValueError):
    """A shape that is none: it crosses itself, has no inside, or is too large. The text says which."""


def ring_of(kind: str, points: list[tuple[float, float]], radius_m: float) -> Ring:
    """Return the ring of a shape; `points` are (lat, lng). A circle has one point, a route at least two, a polygon three
    corners. Raises BadShape."""
    if len(points) < {"circle": 1, "route": 2, "polygon": 3}[kind]:
        raise BadShape("points")
    lat0, lng0 = points[0]
    local = [metres(lat, lng, lat0, lng0) for lat, lng in points]
    if kind == "polygon":
        shape: BaseGeometry = Polygon(local)
    else:
        shape = (Point(local[0]) if kind == "circle" else LineString(local)).buffer(radius_m, quad_segs=ROUNDNESS)
    return closed(shape, lat0, lng0)


def joined(before: Ring, after: Ring) -> Ring:
    """Return the ring of both areas together: widening never loses ground. Raises BadShape where they do not meet."""
    lng0, lat0 = before[0]
    both = local_area(before, lat0, lng0).union(local_area(after, lat0, lng0))
    return closed(both, lat0, lng0)


def inside(ring: Ring, places: Iterable[tuple[float, float]]) -> list[bool]:
    """Tell of each place (lat, lng) whether it lies in the ring."""
    found = list(places)
    if not found:
        return []
    pairs = np.array(found)
    return [bool(one) for one in shapely.contains_xy(Polygon(ring), pairs[:, 1], pairs[:, 0])]


def box_of(ring: Ring) -> tuple[float, float, float, float]:
    """Return south, west, north, east of a ring."""
    lngs, lats = [one[0] for one in ring], [one[1] for one in ring]
    return min(lats), min(lngs), max(lats), max(lngs)


def metres(lat: float, lng: float, lat0: float, lng0: float) -> tuple[float, float]:
    """Return metres east and north of an origin; exact enough over a city."""
    return (lng - lng0) * METRES_PER_DEGREE * cos(radians(lat0)), (lat - lat0) * METRES_PER_DEGREE


def local_area(ring: Ring, lat0: float, lng0: float) -> Polygon:
    """Return a ring in metres round an origin."""
    return Polygon([metres(lat, lng, lat0, lng0) for lng, lat in ring])


def closed(shape: BaseGeometry, lat0: float, lng0: float) -> Ring:
    """Return a shape's outline in degrees; holes are looked through too. Raises BadShape."""
    if not isinstance(shape, Polygon) or not shape.is_valid or shape.area <= 0:
        raise BadShape("shape")
    if shape.area > MOST_KM2 * 1e6:
        raise BadShape("size")
    scale = METRES_PER_DEGREE * cos(radians(lat0))
    return [[round(lng0 + x / scale, 6), round(lat0 + y / METRES_PER_DEGREE, 6)] for x, y in shape.exterior.coords]

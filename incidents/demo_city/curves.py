"""Lines of the demo city in metres: smoothing them, widening them, cutting land into blocks. Pure geometry."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, hypot, sin

from shapely import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

Metres = tuple[float, float]


def smooth(points: list[Metres], every_m: float) -> list[Metres]:
    """Return a Catmull-Rom curve through the points with a vertex about every so many metres."""
    curve = [points[0]]
    padded = [points[0], *points, points[-1]]
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        steps = max(1, ceil(hypot(end[0] - start[0], end[1] - start[1]) / every_m))
        curve += [_between(before, start, end, after, step / steps) for step in range(1, steps + 1)]
    return curve


def _between(before: Metres, start: Metres, end: Metres, after: Metres, t: float) -> Metres:
    def axis(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)

    return axis(before[0], start[0], end[0], after[0]), axis(before[1], start[1], end[1], after[1])


def strip(line: list[Metres], width_m: float) -> BaseGeometry:
    """Return the land along a line: a river that breathes a little in its width."""
    parts = []
    for number, (start, end) in enumerate(pairwise(line)):
        breath = 1 + 0.10 * sin(number * 0.55) + 0.06 * sin(number * 0.21 + 1)
        parts.append(LineString([start, end]).buffer(width_m / 2 * breath, quad_segs=4))
    return unary_union(parts).simplify(4)


def rounded(shape: BaseGeometry, radius_m: float) -> BaseGeometry:
    """Return a shape with its outer corners rounded to the radius."""
    return shape.buffer(-radius_m, quad_segs=4).buffer(radius_m, quad_segs=4)


def pieces(shape: BaseGeometry) -> list[LineString]:
    """Return the lines that a cut left over: none, one or several."""
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [shape]
    if isinstance(shape, MultiLineString):
        return list(shape.geoms)
    return [line for part in getattr(shape, "geoms", []) for line in pieces(part)]


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """Return the polygons in a shape."""
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    return [polygon for part in getattr(shape, "geoms", []) for polygon in polygons(part)]

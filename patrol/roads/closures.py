"""Which edges a closed area or line takes out. Pure: shapely over the network's own points."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from patrol.roads.build import M_PER_DEGREE
from patrol.roads.costs import NOTHING_CLOSED, Closed
from patrol.roads.network import Ints, Network

BESIDE_M: Final = 12.0
"""A line drawn by hand along a road closes what runs so near to it."""

Shape = dict[str, Any]
"""{"kind": "polygon" | "line", "points": [[lng, lat], …]}, WGS-84."""


def closed_by(network: Network, shapes: Sequence[Shape]) -> Closed:
    """Return the edges that closed areas and lines take out. A polygon closes every edge that it touches; a line closes
    what it crosses, and what runs along it for most of its length."""
    if not shapes:
        return NOTHING_CLOSED
    said = json.dumps(sorted(json.dumps(shape, sort_keys=True) for shape in shapes))
    return _closed(network, said)


@lru_cache(maxsize=16)
def _closed(network: Network, said: str) -> Closed:
    edges = [_edges(network, json.loads(shape)) for shape in json.loads(said)]
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    return Closed(digest, np.unique(np.concatenate(edges)).astype(np.int32))


def _edges(network: Network, shape: Shape) -> Ints:
    """Return the edges that one shape closes, measured on a plane around it."""
    points = np.asarray(shape["points"], dtype=np.float64)
    lng0, lat0 = points.mean(axis=0)
    per_lng = M_PER_DEGREE * float(np.cos(np.radians(lat0)))
    flat = np.column_stack([(points[:, 0] - lng0) * per_lng, (points[:, 1] - lat0) * M_PER_DEGREE])
    area: BaseGeometry = Polygon(flat) if shape["kind"] == "polygon" else LineString(flat)
    if shape["kind"] == "polygon":
        area = area.buffer(0)
    west, south, east, north = area.buffer(BESIDE_M).bounds
    x, y = (network.lng - lng0) * per_lng, (network.lat - lat0) * M_PER_DEGREE
    tail, head = network.tail, network.head
    near = np.flatnonzero(
        (np.maximum(x[tail], x[head]) >= west)
        & (np.minimum(x[tail], x[head]) <= east)
        & (np.maximum(y[tail], y[head]) >= south)
        & (np.minimum(y[tail], y[head]) <= north)
    )
    ends = np.stack([np.column_stack([x[node], y[node]]) for node in (tail[near], head[near])], axis=1)
    lines = shapely.linestrings(ends)
    hit = shapely.intersects(area, lines)
    if shape["kind"] == "line":
        along = shapely.length(shapely.intersection(lines, area.buffer(BESIDE_M, cap_style="flat")))
        hit |= along > 0.6 * shapely.length(lines)
    return np.asarray(near[hit], dtype=np.int32)

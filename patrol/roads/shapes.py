"""Reachable ground as areas for the map: the cells that a field covers, joined. Pure."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from shapely import Polygon

from patrol.roads.build import M_PER_DEGREE
from patrol.roads.network import Floats, Network

CELL_M: Final = 90.0
SMALLEST_CELLS: Final = 3

Area = list[list[list[float]]]
"""Rings of [lng, lat]: the outline, then holes."""


def areas(network: Network, field: Floats, limit_s: float, cell_m: float = CELL_M) -> list[Area]:
    """Return the ground around every road that the field reaches within a limit, largest area first."""
    lat0, lng0 = float(network.lat.mean()), float(network.lng.mean())
    per_lng = M_PER_DEGREE * float(np.cos(np.radians(lat0)))
    x, y = (network.lng - lng0) * per_lng / cell_m, (network.lat - lat0) * M_PER_DEGREE / cell_m
    reached = field <= limit_s
    edge = np.flatnonzero(reached[network.tail] & reached[network.head])
    tail, head = network.tail[edge], network.head[edge]
    steps = np.maximum(1, np.ceil(np.hypot(x[head] - x[tail], y[head] - y[tail]) * 1.5)).astype(np.int64)
    owner = np.repeat(np.arange(len(edge)), steps + 1)
    share = (np.arange(len(owner)) - np.repeat(np.cumsum(steps + 1) - (steps + 1), steps + 1)) / steps[owner]
    columns = np.concatenate([x[reached], x[tail][owner] * (1 - share) + x[head][owner] * share])
    rows = np.concatenate([y[reached], y[tail][owner] * (1 - share) + y[head][owner] * share])
    cells = np.unique(np.column_stack([np.floor(columns), np.floor(rows)]), axis=0)
    if not len(cells):
        return []
    whole = shapely.union_all(shapely.box(cells[:, 0], cells[:, 1], cells[:, 0] + 1, cells[:, 1] + 1))
    smooth = whole.buffer(0.7).buffer(-0.9).simplify(0.35)
    parts = [part for part in shapely.get_parts(smooth) if part.area >= SMALLEST_CELLS]
    parts.sort(key=lambda part: -part.area)
    scale = np.array([cell_m / per_lng, cell_m / M_PER_DEGREE])
    return [_rings(part, scale, np.array([lng0, lat0])) for part in parts]


def _rings(part: Polygon, scale: Floats, origin: Floats) -> Area:
    """Return a polygon in degrees, without holes too small to be seen."""
    holes = [hole for hole in part.interiors if Polygon(hole).area >= SMALLEST_CELLS]
    return [np.round(np.asarray(ring.coords) * scale + origin, 5).tolist() for ring in (part.exterior, *holes)]

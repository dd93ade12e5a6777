"""The nearest usable edge of a point. Pure: NumPy over the network's grid, thousands of points at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from patrol.roads.build import M_PER_DEGREE
from patrol.roads.network import Bools, Floats, Ints, Network
from patrol.roads.profiles import SNAP_LIMIT_M

REACHES: Final = (1, 2, 5, 12, 30)
"""Cells around a point's own that are looked at, farther only for those that found nothing near enough."""


@dataclass(frozen=True, slots=True, eq=False)
class Snaps:
    """Where points lie on the network: edge (-1: too far from every usable one), share of it from its tail, and the
    metres from the point to there."""

    edge: Ints
    share: Floats
    walk_m: Floats

    def __len__(self) -> int:
        return len(self.edge)

    def of(self, index: int | NDArray[np.intp]) -> Snaps:
        """Return some of them."""
        which = np.atleast_1d(np.asarray(index))
        return Snaps(self.edge[which], self.share[which], self.walk_m[which])


def snap(network: Network, points: Floats, usable: Bools, limit_m: float = SNAP_LIMIT_M) -> Snaps:
    """Snap points, an array of latitude and longitude (n × 2), to the nearest edge that `usable` allows, up to
    `limit_m` away."""
    points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    edge = np.full(len(points), -1, dtype=np.int32)
    share, walk = np.zeros(len(points)), np.full(len(points), np.inf)
    waiting = np.flatnonzero(np.isfinite(points).all(axis=1))
    grid = network.grid
    for reach in REACHES:
        if not len(waiting):
            break
        owner, found = _around(network, points[waiting], reach)
        kept = usable[found]
        owner, found = owner[kept], found[kept]
        if len(owner):
            at, far = _project(network, points[waiting[owner]], found)
            best = np.full(len(waiting), np.inf)
            np.minimum.at(best, owner, far)
            first = np.flatnonzero(far == best[owner])[::-1]
            won = waiting[owner[first]]
            edge[won], share[won], walk[won] = found[first], at[first], far[first]
        # What lies in cells not looked at is at least so far away: their smaller side counts on the ground.
        certain = reach * grid.cell_m * 0.98
        waiting = waiting[walk[waiting] > certain]
        if certain >= limit_m:
            break
    edge[walk > limit_m] = -1
    return Snaps(edge, share, walk)


def _around(network: Network, points: Floats, reach: int) -> tuple[NDArray[np.intp], Ints]:
    """Return the edges in the cells around points: for each hit the index of its point, and the edge."""
    grid = network.grid
    row = np.floor((points[:, 0] - grid.south) / grid.lat_step).astype(np.int64)
    column = np.floor((points[:, 1] - grid.west) / grid.lng_step).astype(np.int64)
    rows = row[:, None] + np.arange(-reach, reach + 1)[None, :]
    first, last = (column - reach).clip(0), (column + reach).clip(None, grid.columns - 1)
    there = (rows >= 0) & (rows < grid.rows) & (first <= last)[:, None]
    owner, which = np.nonzero(there)
    base = rows[owner, which] * grid.columns
    start, end = network.cell_starts[base + first[owner]], network.cell_starts[base + last[owner] + 1]
    count = (end - start).astype(np.int64)
    total = int(count.sum())
    flat = np.arange(total) + np.repeat(start - (np.cumsum(count) - count), count)
    return np.repeat(owner, count), network.cell_edges[flat]


def _project(network: Network, points: Floats, edges: Ints) -> tuple[Floats, Floats]:
    """Return the share of each edge where its point falls on it, and the metres to there."""
    per_lng = M_PER_DEGREE * np.cos(np.radians(points[:, 0]))
    tail, head = network.tail[edges], network.head[edges]
    ax, ay = (network.lng[tail] - points[:, 1]) * per_lng, (network.lat[tail] - points[:, 0]) * M_PER_DEGREE
    bx, by = (network.lng[head] - points[:, 1]) * per_lng, (network.lat[head] - points[:, 0]) * M_PER_DEGREE
    dx, dy = bx - ax, by - ay
    long = dx * dx + dy * dy
    share = np.where(long > 0, -(ax * dx + ay * dy) / np.where(long > 0, long, 1), 0.0).clip(0.0, 1.0)
    return share, np.hypot(ax + share * dx, ay + share * dy)


def place(network: Network, edge: int, share: float) -> tuple[float, float]:
    """Return latitude and longitude of a place on an edge."""
    tail, head = network.tail[edge], network.head[edge]
    return (
        float(network.lat[tail] * (1 - share) + network.lat[head] * share),
        float(network.lng[tail] * (1 - share) + network.lng[head] * share),
    )

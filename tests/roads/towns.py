"""Small road networks for tests: drawn by hand, by a seed, or by hypothesis; and a plain Dijkstra to hold against."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from typing import Any

import numpy as np
from hypothesis import strategies as st

from patrol.roads import network as files
from patrol.roads.build import Roads, build
from patrol.roads.network import CLASSES, Network

BOTH = files.CAR_ON | files.CAR_BACK | files.MOTORCYCLE_ON | files.MOTORCYCLE_BACK | files.FOOT_ON | files.FOOT_BACK
ONE_WAY = files.CAR_ON | files.MOTORCYCLE_ON | files.FOOT_ON | files.FOOT_BACK
LANE = files.MOTORCYCLE_ON | files.MOTORCYCLE_BACK | files.FOOT_ON | files.FOOT_BACK
SOUTH, WEST = 24.50, 117.65
STEP = 0.001  # degrees between corners, about 100 m


def roads(nodes: list[tuple[float, float]], edges: list[tuple[int, int, str, int]], kmh: float = 0) -> Roads:
    """Return roads of nodes (latitude, longitude) and edges (tail, head, class, flags)."""
    return Roads(
        lat=np.array([node[0] for node in nodes]),
        lng=np.array([node[1] for node in nodes]),
        tail=np.array([edge[0] for edge in edges], dtype=np.int32),
        head=np.array([edge[1] for edge in edges], dtype=np.int32),
        metres=np.full(len(edges), np.nan),
        kmh=np.full(len(edges), kmh, dtype=np.float32),
        road_class=np.array([CLASSES.index(edge[2]) for edge in edges], dtype=np.uint8),
        flags=np.array([edge[3] for edge in edges], dtype=np.uint16),
    )


def grid(rows: int, columns: int, seed: int = 1, one_way: float = 0.0, source: str = "grid") -> Network:
    """Return a town of rows × columns corners; the seed moves them, names classes and makes some ways one-way."""
    random = np.random.default_rng(seed)
    nodes = [
        (SOUTH + (row + random.uniform(-0.3, 0.3)) * STEP, WEST + (column + random.uniform(-0.3, 0.3)) * STEP)
        for row in range(rows)
        for column in range(columns)
    ]
    edges = []
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            for there in ([here + 1] if column + 1 < columns else []) + ([here + columns] if row + 1 < rows else []):
                kind = str(random.choice(["secondary", "tertiary", "residential", "residential"]))
                edges.append((here, there, kind, ONE_WAY if random.random() < one_way else BOTH))
    return build(roads(nodes, edges), source=source)


@st.composite
def towns(draw: Any) -> Network:
    """Draw a town with one-ways, lanes that no car may use, and posted speeds."""
    rows, columns = draw(st.integers(3, 7)), draw(st.integers(3, 7))
    seed = draw(st.integers(0, 10_000))
    random = np.random.default_rng(seed)
    town = roads(
        [
            (SOUTH + (row + random.uniform(-0.4, 0.4)) * STEP, WEST + (column + random.uniform(-0.4, 0.4)) * STEP)
            for row in range(rows)
            for column in range(columns)
        ],
        [
            (int(one), int(other), str(random.choice(CLASSES[1:9])), int(random.choice([BOTH, BOTH, ONE_WAY, LANE])))
            for one, other in _streets(rows, columns, random)
        ],
    )
    posted = random.choice([0, 0, 30, 60], size=len(town.tail)).astype(np.float32)
    return build(
        Roads(town.lat, town.lng, town.tail, town.head, town.metres, posted, town.road_class, town.flags),
        source="drawn",
    )


def _streets(rows: int, columns: int, random: np.random.Generator) -> list[tuple[int, int]]:
    near = [(n, n + 1) for n in range(rows * columns) if (n + 1) % columns]
    near += [(n, n + columns) for n in range((rows - 1) * columns)]
    kept = [pair for pair in near if random.random() < 0.85] or near
    far = [tuple(random.choice(rows * columns, 2, replace=False)) for _ in range(3)]
    return [*kept, *[(int(a), int(b)) for a, b in far]]


def plain_times(arcs: dict[Any, list[tuple[Any, float]]], start: Any) -> dict[Any, float]:
    """Dijkstra as in the textbook, over a dictionary: seconds from `start` to everything it leads to."""
    seconds = {start: 0.0}
    waiting: list[tuple[float, int, Any]] = [(0.0, 0, start)]
    count = 0
    while waiting:
        spent, _, node = heapq.heappop(waiting)
        if spent > seconds[node]:
            continue
        for other, more in arcs[node]:
            if spent + more < seconds.get(other, math.inf):
                seconds[other] = spent + more
                count += 1
                heapq.heappush(waiting, (spent + more, count, other))
    return seconds


def nothing() -> dict[Any, list[tuple[Any, float]]]:
    """Return an empty graph."""
    return defaultdict(list)

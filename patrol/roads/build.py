"""Making a network of nodes and edges: clip, keep what hangs together per profile, lay out for searches. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from incidents.geo import EARTH_RADIUS_M
from patrol.roads import network as files
from patrol.roads.network import CLASSES, Bools, Floats, Grid, Ints, Network
from patrol.roads.profiles import PROFILES

CELL_M: Final = 100.0
MOST_CELLS: Final = 4_000_000
M_PER_DEGREE: Final = float(np.radians(1.0)) * EARTH_RADIUS_M
SUSPICIOUS_KMH: Final = (3.0, 130.0)  # a posted speed outside of this is reported and not used


class NothingLeft(ValueError):
    """No road is left that any profile could use."""


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """Nodes and edges as a reader found them; lengths are the great circle's where `metres` is NaN."""

    lat: Floats
    lng: Floats
    tail: Ints
    head: Ints
    metres: Floats
    kmh: NDArray[np.float32]
    road_class: NDArray[np.uint8]
    flags: NDArray[np.uint16]

    def only(self, kept: Bools) -> Roads:
        """Return the roads with some of the edges alone; nodes stay."""
        return replace(
            self,
            **{name: getattr(self, name)[kept] for name in ("tail", "head", "metres", "kmh", "road_class", "flags")},
        )


def build(roads: Roads, *, source: str, fictional: bool = False, within: BaseGeometry | None = None) -> Network:
    """Make a network: edges with a node outside of `within` (a shape in degrees, lng first) go, and for each profile
    what does not belong to its largest strongly connected part. The report says what went. Raises NothingLeft."""
    report: dict[str, Any] = {"read": {"nodes": len(roads.lat), "edges": len(roads.tail)}}
    if within is not None:
        inside = shapely.contains_xy(within, roads.lng, roads.lat)
        kept = inside[roads.tail] & inside[roads.head]
        report["clipped_edges"] = int((~kept).sum())
        roads = roads.only(kept)
    roads = _measured(roads.only(roads.tail != roads.head))
    roads, report["suspicious_speeds"] = _believable(roads)
    roads, report["dropped"] = _largest_parts(roads)
    if not len(roads.tail):
        raise NothingLeft("no road is left that a car, a motorcycle or a walker could use")
    roads = _used_nodes(roads)
    report |= _totals(roads)
    grid, cells = _grid(roads)
    arrays = {name: getattr(roads, name) for name in Roads.__slots__} | _adjacency(roads) | cells
    return files.assemble(arrays, grid, source, fictional, report)


def great_circle(lat1: Floats, lng1: Floats, lat2: Floats, lng2: Floats) -> Floats:
    """Return distances in metres between points in degrees (haversine on the mean radius)."""
    a, b = np.radians(lat1), np.radians(lat2)
    chord = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lng2 - lng1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(chord))))


def _measured(roads: Roads) -> Roads:
    """Fill in the lengths that nobody gave."""
    line = great_circle(roads.lat[roads.tail], roads.lng[roads.tail], roads.lat[roads.head], roads.lng[roads.head])
    return replace(roads, metres=np.where(np.isnan(roads.metres), line, roads.metres))


def _believable(roads: Roads) -> tuple[Roads, list[dict[str, Any]]]:
    """Forget speeds that cannot be meant; return which, each with its number of edges."""
    low, high = SUSPICIOUS_KMH
    odd = (roads.kmh != 0) & ((roads.kmh < low) | (roads.kmh > high))
    values, counts = np.unique(roads.kmh[odd], return_counts=True)
    found = [{"kmh": round(float(kmh), 1), "edges": int(n)} for kmh, n in zip(values[:20], counts[:20], strict=True)]
    return replace(roads, kmh=np.where(odd, 0, roads.kmh).astype(np.float32)), found


def _largest_parts(roads: Roads) -> tuple[Roads, dict[str, dict[str, float]]]:
    """Close to each profile what it could not get to or not come back from; drop what is open to nobody."""
    flags, dropped = roads.flags.copy(), {}
    for profile in PROFILES.values():
        both = np.uint16(profile.on | profile.back)
        on, back = (flags & profile.on) != 0, (flags & profile.back) != 0
        tails = np.concatenate([roads.tail[on], roads.head[back]])
        heads = np.concatenate([roads.head[on], roads.tail[back]])
        size = len(roads.lat)
        graph = csr_matrix((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(size, size))
        count, part = connected_components(graph, directed=True, connection="strong")
        used = np.unique(np.concatenate([tails, heads])) if len(tails) else np.zeros(0, dtype=np.int64)
        parts = np.bincount(part[used], minlength=count) if len(used) else np.zeros(1, dtype=np.int64)
        largest = part == int(parts.argmax())
        lost = (on | back) & ~(largest[roads.tail] & largest[roads.head])
        dropped[profile.name] = {
            "parts": int((parts > 0).sum()) - 1,
            "edges": int(lost.sum()),
            "km": round(float(roads.metres[lost].sum()) / 1000, 2),
        }
        flags[lost] &= ~both
    anybody = np.uint16(sum(profile.on | profile.back for profile in PROFILES.values()))
    return replace(roads, flags=flags).only((flags & anybody) != 0), {
        name: found for name, found in dropped.items() if found["edges"]
    }


def _used_nodes(roads: Roads) -> Roads:
    """Drop nodes without an edge and number the rest along the rows of a grid, so that neighbours lie near in memory."""
    used = np.zeros(len(roads.lat), dtype=bool)
    used[roads.tail] = used[roads.head] = True
    old = np.flatnonzero(used)
    strips = np.floor(roads.lat[old] * 200)
    old = old[np.lexsort((roads.lng[old], strips))]
    new = np.full(len(roads.lat), -1, dtype=np.int32)
    new[old] = np.arange(len(old), dtype=np.int32)
    return replace(roads, lat=roads.lat[old], lng=roads.lng[old], tail=new[roads.tail], head=new[roads.head])


def _totals(roads: Roads) -> dict[str, Any]:
    by_class = np.bincount(roads.road_class, weights=roads.metres, minlength=len(CLASSES)) / 1000
    return {
        "nodes": len(roads.lat),
        "edges": len(roads.tail),
        "km": {name: round(float(by_class[index]), 2) for index, name in enumerate(CLASSES) if by_class[index]},
        "one_way_edges": int((((roads.flags & files.CAR_ON) != 0) != ((roads.flags & files.CAR_BACK) != 0)).sum()),
        "bridge_km": round(float(roads.metres[(roads.flags & files.BRIDGE) != 0].sum()) / 1000, 2),
        "tunnel_km": round(float(roads.metres[(roads.flags & files.TUNNEL) != 0].sum()) / 1000, 2),
    }


def _adjacency(roads: Roads) -> dict[str, NDArray[Any]]:
    """Return both arcs of every edge, sorted by the node that they leave."""
    edges = np.arange(len(roads.tail), dtype=np.int32)
    leaves = np.concatenate([roads.tail, roads.head])
    order = np.argsort(leaves, kind="stable")
    counts = np.bincount(leaves, minlength=len(roads.lat))
    back = np.repeat(np.array([0, 1], dtype=np.uint8), len(edges))
    return {
        "starts": np.concatenate([[0], np.cumsum(counts)]),
        "heads": np.concatenate([roads.head, roads.tail])[order],
        "arc_edge": np.concatenate([edges, edges])[order],
        "arc_back": back[order],
        "ways": np.minimum(counts, 255),
    }


def _grid(roads: Roads) -> tuple[Grid, dict[str, NDArray[Any]]]:
    """Lay cells over the network and note which edges touch which: each edge by pieces no longer than a cell."""
    south, west = float(roads.lat.min()), float(roads.lng.min())
    north, east = float(roads.lat.max()), float(roads.lng.max())
    per_lng = M_PER_DEGREE * max(0.01, float(np.cos(np.radians((south + north) / 2))))
    high, wide = (north - south) * M_PER_DEGREE, (east - west) * per_lng
    cell = max(CELL_M, float(np.sqrt(high * wide / MOST_CELLS)))
    grid = Grid(south, west, int(high // cell) + 1, int(wide // cell) + 1, cell / M_PER_DEGREE, cell / per_lng, cell)
    rows, columns = (roads.lat - south) / grid.lat_step, (roads.lng - west) / grid.lng_step
    tail, head = roads.tail, roads.head
    length = np.hypot(rows[head] - rows[tail], columns[head] - columns[tail])
    pieces = np.maximum(1, np.ceil(length)).astype(np.int64)
    edge = np.repeat(np.arange(len(tail), dtype=np.int64), pieces)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    ends = []
    for shift in (0, 1):
        share = (step + shift) / pieces[edge]
        ends.append(
            (
                np.floor(rows[tail[edge]] * (1 - share) + rows[head[edge]] * share).clip(0, grid.rows - 1),
                np.floor(columns[tail[edge]] * (1 - share) + columns[head[edge]] * share).clip(0, grid.columns - 1),
            )
        )
    (row1, column1), (row2, column2) = ends
    cells = np.concatenate([r * grid.columns + c for r in (row1, row2) for c in (column1, column2)]).astype(np.int64)
    pairs = np.unique(cells * len(tail) + np.tile(edge, 4))
    counts = np.bincount(pairs // len(tail), minlength=grid.rows * grid.columns)
    return grid, {"cell_starts": np.concatenate([[0], np.cumsum(counts)]), "cell_edges": pairs % len(tail)}

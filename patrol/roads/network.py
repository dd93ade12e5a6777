"""A road network in memory: arrays over a mapped file, laid out for searches. Pure: NumPy alone.

One file = one version. Nodes are points; an edge is a straight piece of way between two nodes; each edge has two arcs,
one per direction, and whether a profile may use an arc is a bit of the edge's flags. Because every edge has both arcs,
one adjacency serves searches along the traffic and against it: only the costs differ.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"ZZ110ROADS1\n"
ALIGNED: Final = 64

CLASSES: Final = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "residential", "living_street", "service", "track", "path",
)  # fmt: skip
"""Classes of ways; their place is what the file holds, so new ones are only ever added at the end."""

CAR_ON, CAR_BACK, MOTORCYCLE_ON, MOTORCYCLE_BACK, FOOT_ON, FOOT_BACK, BRIDGE, TUNNEL = (1 << bit for bit in range(8))
"""Bits of an edge: who may use it from its tail to its head (on) and the other way (back), and what it is."""

ARRAYS: Final[dict[str, str]] = {
    "lat": "<f8",  # of nodes, WGS-84 degrees
    "lng": "<f8",
    "tail": "<i4",  # of edges
    "head": "<i4",
    "metres": "<f8",
    "kmh": "<f4",  # posted or measured speed, 0 where unknown
    "road_class": "u1",
    "flags": "<u2",
    "starts": "<i4",  # arcs of node n: starts[n] to starts[n + 1]
    "heads": "<i4",  # of arcs
    "arc_edge": "<i4",
    "arc_back": "u1",  # 1: the arc runs from the edge's head to its tail
    "ways": "u1",  # neighbours of a node; three make a junction
    "cell_starts": "<i4",  # edges of grid cell c: cell_edges[cell_starts[c]] …
    "cell_edges": "<i4",
}

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


class BrokenNetwork(ValueError):
    """The file is no network of this format, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells over the network, by which the nearest edge is found."""

    south: float
    west: float
    rows: int
    columns: int
    lat_step: float
    lng_step: float
    cell_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """One version of a road network; equal versions hold equal roads."""

    version: str  # the first sixteen figures of the digest
    digest: str  # SHA-256 of the arrays and the head
    source: str
    fictional: bool
    report: dict[str, Any]
    grid: Grid
    lat: Floats
    lng: Floats
    tail: Ints
    head: Ints
    metres: Floats
    kmh: NDArray[np.float32]
    road_class: NDArray[np.uint8]
    flags: NDArray[np.uint16]
    starts: Ints
    heads: Ints
    arc_edge: Ints
    arc_back: NDArray[np.uint8]
    ways: NDArray[np.uint8]
    cell_starts: Ints
    cell_edges: Ints

    @property
    def nodes(self) -> int:
        """Return the number of nodes."""
        return len(self.lat)

    @property
    def edges(self) -> int:
        """Return the number of edges."""
        return len(self.tail)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return south, west, north, east of the nodes, in degrees."""
        return float(self.lat.min()), float(self.lng.min()), float(self.lat.max()), float(self.lng.max())


def assemble(
    arrays: dict[str, NDArray[Any]], grid: Grid, source: str, fictional: bool, report: dict[str, Any]
) -> Network:
    """Make a network of ready arrays (see `ARRAYS`) and name its version by what it holds."""
    held = {name: np.ascontiguousarray(arrays[name], dtype=kind) for name, kind in ARRAYS.items()}
    digest = hashlib.sha256(json.dumps([source, fictional]).encode())
    for name in ARRAYS:
        digest.update(held[name].tobytes())
    found = digest.hexdigest()
    return Network(found[:16], found, source, fictional, report, grid, **held)


def write(network: Network, path: Path) -> None:
    """Write a network to a file: whole or not at all, on disk before it has its name."""
    held = {name: getattr(network, name) for name in ARRAYS}
    places, offset = {}, 0
    for name, array in held.items():
        places[name] = [offset, len(array)]
        offset += -(-array.nbytes // ALIGNED) * ALIGNED
    grid = {name: getattr(network.grid, name) for name in Grid.__slots__}
    head = json.dumps(
        {
            "digest": network.digest,
            "source": network.source,
            "fictional": network.fictional,
            "report": network.report,
            "grid": grid,
            "arrays": places,
            "bytes": offset,
        },
        ensure_ascii=False,
    ).encode()
    start = -(-(len(MAGIC) + 8 + len(head)) // ALIGNED) * ALIGNED
    half = path.with_suffix(f".{os.getpid()}")
    with half.open("wb") as file:
        file.write(MAGIC + len(head).to_bytes(8, "little") + head)
        for name, array in held.items():
            file.seek(start + places[name][0])
            file.write(array.tobytes())
        file.truncate(start + offset)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def read(path: Path) -> Network:
    """Map a network file into memory; pages come in as they are used. Raises BrokenNetwork or OSError."""
    with path.open("rb") as file:
        opening = file.read(len(MAGIC) + 8)
        if not opening.startswith(MAGIC) or len(opening) < len(MAGIC) + 8:
            raise BrokenNetwork(f"{path.name} is no road network of this version")
        length = int.from_bytes(opening[len(MAGIC) :], "little")
        size = os.fstat(file.fileno()).st_size
        if length > size:
            raise BrokenNetwork(f"{path.name} is cut off")
        try:
            head = json.loads(file.read(length))
        except ValueError as error:
            raise BrokenNetwork(f"{path.name} has a broken head") from error
    start = -(-(len(MAGIC) + 8 + length) // ALIGNED) * ALIGNED
    if size != start + head["bytes"]:
        raise BrokenNetwork(f"{path.name} is cut off")
    whole = np.memmap(path, dtype=np.uint8, mode="r")
    held = {}
    for name, kind in ARRAYS.items():
        offset, count = head["arrays"][name]
        piece = whole[start + offset : start + offset + count * np.dtype(kind).itemsize]
        held[name] = np.frombuffer(piece, dtype=kind)
    return Network(
        head["digest"][:16], head["digest"], head["source"], head["fictional"], head["report"],
        Grid(**head["grid"]), **held,
    )  # fmt: skip

"""A plain export of a GIS department as roads: one table of nodes, one of arcs (docs/operations.md)."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from incidents import geo
from patrol.roads import network as files
from patrol.roads.build import Roads, great_circle
from patrol.roads.network import CLASSES
from patrol.roads.osm import CARS, MOTORCYCLES, WALKERS, UnreadableFile

NODE_COLUMNS: Final = ("id", "lon", "lat")
ARC_COLUMNS: Final = ("from", "to")
"""Further ones may be there: metres, seconds or kmh, class (as in OpenStreetMap), one_way (1: from → to only)."""
TRUE: Final = ("1", "true", "yes", "y", "t", "是")


def read(nodes: Path, arcs: Path, crs: str, progress: Callable[[int], object] = lambda rows: None) -> Roads:
    """Read the two tables, UTF-8 with a header line; points in the datum `crs`. Raises UnreadableFile with the line."""
    numbers: dict[str, int] = {}
    places: list[tuple[float, float]] = []
    for line, row in _rows(nodes, NODE_COLUMNS):
        progress(1)
        try:
            places.append(geo.to_wgs84(float(row["lat"]), float(row["lon"]), crs))
        except ValueError as error:
            raise UnreadableFile(f"{nodes.name} line {line}: {error}") from error
        if row["id"] in numbers:
            raise UnreadableFile(f"{nodes.name} line {line}: node {row['id']} stands there twice")
        numbers[row["id"]] = len(numbers)
    found = []
    for line, row in _rows(arcs, ARC_COLUMNS):
        progress(1)
        try:
            found.append(_arc(row, numbers))
        except (KeyError, ValueError) as error:
            raise UnreadableFile(f"{arcs.name} line {line}: {error}") from error
    if not found:
        raise UnreadableFile(f"{arcs.name} holds no arc")
    return _roads(places, np.array(found))


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a table with their line numbers."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in columns if name not in (reader.fieldnames or [])]
            if missing:
                raise UnreadableFile(f"{path.name} has no column {', '.join(missing)}")
            return list(enumerate(reader, 2))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path.name} cannot be read: {error}") from error


def _arc(row: dict[str, str], numbers: dict[str, int]) -> tuple[float, ...]:
    """Return tail, head, class, flags, metres, km/h and seconds of a row; NaN for what it leaves open."""
    for end in ("from", "to"):
        if row[end] not in numbers:
            raise KeyError(f"there is no node {row[end]}")
    kind = row.get("class") or "residential"
    if kind not in CLASSES:
        raise ValueError(f"unknown class {kind}; known are {', '.join(CLASSES)}")
    flags = WALKERS | MOTORCYCLES | (0 if kind == "path" else CARS)
    if (row.get("one_way") or "").strip().lower() in TRUE:
        flags &= ~(files.CAR_BACK | files.MOTORCYCLE_BACK)
    metres, kmh, seconds = (float(row.get(name) or "nan") for name in ("metres", "kmh", "seconds"))
    if any(value <= 0 or math.isinf(value) for value in (metres, kmh, seconds)):
        raise ValueError("metres, kmh and seconds are above zero")
    return numbers[row["from"]], numbers[row["to"]], CLASSES.index(kind), flags, metres, kmh, seconds


def _roads(places: list[tuple[float, float]], table: files.Floats) -> Roads:
    points = np.array(places)
    tail, head = table[:, 0].astype(np.int32), table[:, 1].astype(np.int32)
    line = great_circle(points[tail, 0], points[tail, 1], points[head, 0], points[head, 1])
    metres = np.where(np.isnan(table[:, 4]), line, table[:, 4])
    # Seconds are what a car was seen to take: the speed that they mean stands for a posted one.
    seen = metres / table[:, 6] * 3.6
    kmh = np.where(np.isnan(table[:, 6]), np.nan_to_num(table[:, 5], nan=0.0), seen)
    return Roads(
        points[:, 0].copy(), points[:, 1].copy(), tail, head, metres, kmh.astype(np.float32),
        table[:, 2].astype(np.uint8), table[:, 3].astype(np.uint16),
    )  # fmt: skip

"""OpenStreetMap extracts as roads: who may use a way, which way round, how fast. Reading is osmium's."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import osmium

from patrol.roads import network as files
from patrol.roads.build import Roads
from patrol.roads.network import CLASSES

KIND_OF: Final[dict[str, str]] = {
    **{name: name for name in CLASSES},
    **{f"{name}_link": name for name in ("motorway", "trunk", "primary", "secondary", "tertiary")},
    "unclassified": "residential", "road": "residential", "busway": "service",
    "pedestrian": "path", "footway": "path", "cycleway": "path", "steps": "path", "bridleway": "path",
}  # fmt: skip
CARS: Final = files.CAR_ON | files.CAR_BACK
MOTORCYCLES: Final = files.MOTORCYCLE_ON | files.MOTORCYCLE_BACK
WALKERS: Final = files.FOOT_ON | files.FOOT_BACK
SHUT: Final = ("no",)
"""`private` is no obstacle to the police: gates of compounds open."""
_SPEED: Final = re.compile(r"^(\d{1,3}(?:\.\d)?)\s*(mph|km/h|kmh)?$")


class UnreadableFile(ValueError):
    """The file cannot be read as what it says it is; the message says why."""


def read(path: Path, progress: Callable[[int], object] = lambda ways: None) -> Roads:
    """Read the ways of an extract (.osm, .osm.gz, .osm.pbf), edges from vertex to vertex; `progress` hears how many
    more ways are read. Raises UnreadableFile for a broken or empty one."""
    if not path.is_file():
        raise UnreadableFile(f"{path} is no file")
    numbers: dict[int, int] = {}
    places: list[tuple[float, float]] = []
    rows: list[tuple[int, int, int, int, float]] = []
    try:
        reader = osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
        for way in reader:
            if not isinstance(way, osmium.osm.Way):
                continue
            progress(1)
            tags = {tag.k: tag.v for tag in way.tags}
            kind, flags = kind_and_flags(tags)
            if not flags:
                continue
            before, speed, number = -1, kmh(tags.get("maxspeed", "")), CLASSES.index(kind)
            for node in way.nodes:
                # A way that leaves the extract names nodes that the file does not hold.
                if not node.location.valid():
                    before = -1
                    continue
                here = numbers.get(node.ref, -1)
                if here < 0:
                    here = numbers[node.ref] = len(places)
                    places.append((node.location.lat, node.location.lon))
                if before >= 0 and before != here:
                    rows.append((before, here, number, flags, speed))
                before = here
    except (RuntimeError, osmium.InvalidLocationError, ValueError) as error:
        raise UnreadableFile(f"{path.name} cannot be read: {error}") from error
    if not rows:
        raise UnreadableFile(f"{path.name} holds no road")
    return roads_of(places, rows)


def roads_of(places: list[tuple[float, float]], rows: list[tuple[int, int, int, int, float]]) -> Roads:
    """Return roads of places (latitude, longitude) and rows (tail, head, class, flags, km/h)."""
    points, table = np.array(places), np.array(rows)
    return Roads(
        lat=points[:, 0].copy(),
        lng=points[:, 1].copy(),
        tail=table[:, 0].astype(np.int32),
        head=table[:, 1].astype(np.int32),
        metres=np.full(len(rows), math.nan),
        kmh=table[:, 4].astype(np.float32),
        road_class=table[:, 2].astype(np.uint8),
        flags=table[:, 3].astype(np.uint16),
    )


def kind_and_flags(tags: Mapping[str, str]) -> tuple[str, int]:
    """Return the class of a way and who may use it in which direction; no flags where nobody may."""
    way = tags.get("highway", "")
    kind = KIND_OF.get(way)
    if kind is None or tags.get("area") == "yes":
        return "", 0
    flags = (0 if kind == "path" else CARS) | (0 if way == "steps" else MOTORCYCLES)
    flags |= 0 if kind == "motorway" else WALKERS
    if way in ("motorway", "motorway_link") and tags.get("foot") == "yes":
        flags |= WALKERS
    if tags.get("access") in SHUT or tags.get("vehicle") in SHUT or tags.get("motor_vehicle") in SHUT:
        flags &= ~CARS if tags.get("access") not in SHUT else 0
    if tags.get("motor_vehicle") in ("yes", "permissive", "designated") or tags.get("emergency") in (
        "yes",
        "designated",
    ):
        flags |= CARS | MOTORCYCLES
    if tags.get("foot") in SHUT:
        flags &= ~WALKERS
    elif tags.get("foot") in ("yes", "designated", "permissive"):
        flags |= WALKERS
    flags &= _directions(tags, way)
    if not flags:
        return kind, 0
    flags |= files.BRIDGE if tags.get("bridge", "no") != "no" else 0
    flags |= files.TUNNEL if tags.get("tunnel", "no") != "no" else 0
    return kind, flags


def _directions(tags: Mapping[str, str], way: str) -> int:
    """Return the bits that the arrow of a way leaves; walkers do not mind it."""
    both = CARS | MOTORCYCLES | WALKERS
    said = tags.get("oneway", "")
    if said in ("-1", "reverse"):
        return both & ~(files.CAR_ON | files.MOTORCYCLE_ON)
    implied = tags.get("junction") in ("roundabout", "circular") or way in ("motorway", "motorway_link")
    if said in ("yes", "true", "1") or (implied and said != "no"):
        return both & ~(files.CAR_BACK | files.MOTORCYCLE_BACK)
    return both


def kmh(text: str) -> float:
    """Return a posted speed in km/h, 0 for none or one in words (`CN:urban`)."""
    found = _SPEED.match(text.strip())
    if not found:
        return 0.0
    return round(float(found[1]) * (1.609344 if found[2] == "mph" else 1.0), 1)

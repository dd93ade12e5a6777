"""The demo city's road network: the streets that its base map draws, as a network. Fictional, and labelled so."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from shapely import LineString

from incidents import demo_city
from incidents.demo_city import ground
from incidents.demo_city.curves import Metres
from incidents.demo_city.roads import ROADS
from incidents.demo_city.streets import Street, bend, network
from patrol.roads import network as files
from patrol.roads.build import Roads, build
from patrol.roads.network import CLASSES, Network

SOURCE: Final = "demo city (fictional)"
CLASS_OF: Final = {"lane": "residential", "foot": "path"}
ALL: Final = (
    files.CAR_ON | files.CAR_BACK | files.MOTORCYCLE_ON | files.MOTORCYCLE_BACK | files.FOOT_ON | files.FOOT_BACK
)
NO_CARS: Final = ALL & ~(files.CAR_ON | files.CAR_BACK)
"""The lanes of the old town: for walkers and motorcycles only (domain 10)."""
NARROW_ONE_WAY_EVERY: Final = 9
"""One in so many of the smaller through streets is one-way, as in any old core."""


def source() -> str:
    """Return the name of this very version of the demo city's roads."""
    return f"{SOURCE} {demo_city.digest()}"


def demo_network() -> Network:
    """Lay the streets of the demo city out as a network: the same on every machine. Takes seconds."""
    nodes: dict[tuple[int, int], int] = {}
    places: list[Metres] = []
    rows: list[tuple[int, int, int, int]] = []
    streets = network()[0]
    met = _meetings(streets)
    for number, street in enumerate(streets):
        if street.road_class == "rail":
            continue
        flags, kind = _flags(street, number, met), CLASSES.index(CLASS_OF.get(street.road_class, street.road_class))
        here = [_node(point, nodes, places) for point in street.points]
        rows += [(one, other, kind, flags) for one, other in pairwise(here) if one != other]
    xs, ys = np.array(places).T
    edges = np.array(rows)
    flags_of_all = edges[:, 3].astype(np.uint16)
    flags_of_all[_over_water(xs, ys, edges)] |= files.BRIDGE
    metres = np.hypot(xs[edges[:, 0]] - xs[edges[:, 1]], ys[edges[:, 0]] - ys[edges[:, 1]])
    roads = Roads(
        lat=ground.BOX.south + ys / ground.M_PER_LAT,
        lng=ground.BOX.west + xs / ground.M_PER_LNG,
        tail=edges[:, 0].astype(np.int32),
        head=edges[:, 1].astype(np.int32),
        metres=metres,
        kmh=np.zeros(len(edges), dtype=np.float32),
        road_class=edges[:, 2].astype(np.uint8),
        flags=flags_of_all,
    )
    return build(roads, source=source(), fictional=True)


def _node(point: Metres, nodes: dict[tuple[int, int], int], places: list[Metres]) -> int:
    """Return the number of a vertex; streets that were joined share it to 20 cm."""
    key = _key(point)
    if key not in nodes:
        nodes[key] = len(places)
        places.append(point)
    return nodes[key]


def _meetings(streets: tuple[Street, ...]) -> Counter[tuple[int, int]]:
    """Count the streets at every vertex."""
    return Counter(key for street in streets for key in {_key(point) for point in street.points})


def _flags(street: Street, number: int, met: Counter[tuple[int, int]]) -> int:
    """Return who may use a street. A dead end is never one-way: nobody would come back from it."""
    if street.road_class == "foot":
        return NO_CARS
    through = met[_key(street.points[0])] > 1 and met[_key(street.points[-1])] > 1
    if street.road_class == "tertiary" and number >= len(ROADS) and number % NARROW_ONE_WAY_EVERY == 0 and through:
        return ALL & ~(files.CAR_BACK | files.MOTORCYCLE_BACK)
    return ALL


def _key(point: Metres) -> tuple[int, int]:
    return round(point[0] * 5), round(point[1] * 5)


def _over_water(
    xs: files.Floats, ys: files.Floats, edges: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
) -> files.Bools:
    """Tell which edges lie over a river, as the base map bends it."""
    rivers = shapely.union_all(
        [shapely.transform(water.segmentize(90), _bent, interleaved=False) for water in ground.water().values()]
    )
    shapely.prepare(rivers)
    lines = np.array([LineString([(xs[a], ys[a]), (xs[b], ys[b])]) for a, b in edges[:, :2]])
    return np.asarray(shapely.intersects(rivers, lines))


def _bent(xs: files.Floats, ys: files.Floats) -> tuple[files.Floats, files.Floats]:
    moved = [bend(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]
    return np.array([x for x, _ in moved]), np.array([y for _, y in moved])

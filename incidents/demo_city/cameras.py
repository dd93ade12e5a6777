"""The cameras of the demo city: invented, on poles along its named roads and its town streets, with their bearings,
ranges and neighbours. Deterministic."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import atan2, degrees
from random import Random
from typing import Any, Final

from shapely import LineString

from incidents.demo_city.ground import BRANCH_LINE_LNG, to_lnglat
from incidents.demo_city.streets import Street, network

SEED: Final = 2017
EVERY_M: Final = {"trunk": 900, "primary": 280, "secondary": 330, "tertiary": 430}
FIRST_SOCIAL: Final = ("tertiary",)
SHORTEST_M: Final = 160
SMALL_STREETS: Final = 0.125
LOOKS: Final = ("机位1", "机位2")
BRANCH_CODES: Final = ("350602", "350603")  # 芗城, 龙文: the first six digits of GB/T 28181
TYPE_CAMERA: Final = "132"


@lru_cache(maxsize=1)
def cameras() -> tuple[dict[str, Any], ...]:
    """Return the facts of every camera, as the register's table holds them."""
    draw, roads = Random(SEED), []
    found: list[dict[str, Any]] = []
    for street in network()[0]:
        if has_poles(street, draw):
            first = len(found)
            found += along(street, draw, first)
            roads.append(range(first, len(found)))
    for road in roads:
        for one, other in pairwise(road):
            found[one]["neighbours"].append(found[other]["gb_code"])
            found[other]["neighbours"].append(found[one]["gb_code"])
    return tuple(found)


def has_poles(street: Street, draw: Random) -> bool:
    """Tell whether cameras stand along a street: all main roads, one in eight of the smaller ones."""
    if not street.name or street.road_class not in EVERY_M or LineString(street.points).length < SHORTEST_M:
        return False
    return street.road_class != "tertiary" or draw.random() < SMALL_STREETS


def along(street: Street, draw: Random, first: int) -> list[dict[str, Any]]:
    """Return the cameras of one street: a pole every few hundred metres, looking along the road in turn."""
    line, every = LineString(street.points), EVERY_M[street.road_class]
    found = []
    for number in range(max(1, int(line.length // every))):
        here = min(line.length - 5, every * number + draw.uniform(0.35, 0.65) * every)
        at, ahead = line.interpolate(here), line.interpolate(here + 4)
        lng, lat = to_lnglat(at.x, at.y)
        along_deg = degrees(atan2(ahead.x - at.x, ahead.y - at.y)) % 360
        turns = draw.random() < 0.15
        # Bearings go in turn along the road and against it, so that its whole length is seen.
        bearing = None if turns else round(along_deg + 180 * (number % 2) + draw.uniform(-12, 12), 1) % 360
        serial = first + number + 1
        branch = BRANCH_CODES[lng >= BRANCH_LINE_LNG]
        found.append(
            {
                "gb_code": f"{branch}0000{TYPE_CAMERA}{serial:07d}",
                "name": f"{street.name}{number + 1:02d}杆{LOOKS[number % 2]}",
                "lat": lat,
                "lng": lng,
                "bearing": bearing,
                "fov_deg": None if turns else draw.choice([56.0, 70.0, 92.0]),
                "range_m": draw.choice([90.0, 120.0, 160.0, 220.0]),
                "pole_code": f"JK{serial:04d}",
                "owner_net": "social" if street.road_class in FIRST_SOCIAL and draw.random() < 0.5 else "police",
                "state": "offline" if draw.random() < 0.03 else "online",
                "neighbours": [],
            }
        )
    return found

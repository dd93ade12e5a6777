"""How long every unit takes to a place on a given network, by road where one is known, else by straight line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from incidents.geo import distance_m
from patrol.roads import times
from patrol.roads.costs import NOTHING_CLOSED, Closed
from patrol.roads.network import Network
from patrol.roads.profiles import AIR, profile_of, straight_seconds

ENOUGH: Final = 40
"""So many units get their road time even where a city has thousands; the others are farther than all of these."""

ROAD, STRAIGHT = "road", "straight"
WHY: Final = {times.REACHED: "", times.TOO_FAR: "too_far", times.NO_PATH: "no_path", times.BEYOND: "beyond"}

UnitPoint = tuple[int, float, float, str]
"""A unit: id, latitude, longitude, kind (7.7)."""


@dataclass(frozen=True, slots=True)
class Travel:
    """How long one unit takes: `basis` road or straight; `why` straight: no_network, too_far (the unit or the place is
    far from every road), no_path (within half an hour), beyond (enough others are nearer; it takes at least so long);
    "" also for a drone, which flies."""

    seconds: float
    metres: float | None  # of the straight line; of a road only where a route was asked for
    basis: str
    why: str


def travel_on(
    network: Network,
    units: Sequence[UnitPoint],
    target: tuple[float, float],
    hour: int,
    *,
    closed: Closed = NOTHING_CLOSED,
    emergency: bool = True,
    enough: int = ENOUGH,
) -> dict[int, Travel]:
    """Return what `travel` does, on a given network: for whoever has no database, such as an offline replay."""
    if not units:
        return {}
    points = np.array([(unit[1], unit[2]) for unit in units])
    found = times.explained(
        network, target, points, [profile_of(unit[3]) for unit in units], hour,
        closures=closed, emergency=emergency, enough=enough,
    )  # fmt: skip
    answer = {}
    for unit, seconds, why in zip(units, found.seconds.tolist(), found.why.tolist(), strict=True):
        if why == times.REACHED:
            answer[unit[0]] = Travel(seconds, None, ROAD, "")
        elif profile_of(unit[3]) == AIR:
            answer[unit[0]] = straight(unit, *target, "")
        else:
            least = found.within_s if why == times.BEYOND else 0.0
            answer[unit[0]] = straight(unit, *target, WHY[why], least)
    return answer


def straight(unit: UnitPoint, lat: float, lng: float, why: str, least_s: float = 0.0) -> Travel:
    """Return the estimate by straight line, not below `least_s`."""
    metres = distance_m(unit[1], unit[2], lat, lng)
    return Travel(max(least_s, straight_seconds(unit[3], metres)), metres, STRAIGHT, why)

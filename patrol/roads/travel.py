"""How long every unit takes to a place on a given network, by road where one is known, else by straight line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from incidents.geo import EARTH_RADIUS_M, distance_m
from patrol.roads import times
from patrol.roads.costs import NOTHING_CLOSED, Closed
from patrol.roads.network import Floats, Network
from patrol.roads.profiles import AIR, profile_of, straight_seconds

ENOUGH: Final = 40
"""So many units get their road time even where a city has thousands; the others are farther than all of these."""

ROAD, STRAIGHT = "road", "straight"
WHY: Final = {times.REACHED: "", times.TOO_FAR: "too_far", times.NO_PATH: "no_path", times.BEYOND: "beyond"}

UnitPoint = tuple[int, float, float, str]
"""A unit: id, latitude, longitude, kind (7.7)."""


class Travel(NamedTuple):
    """How long one unit takes: `basis` road or straight; `why` straight: no_network, too_far (the unit or the place is
    far from every road), no_path (within half an hour), beyond (enough others are nearer; it takes at least so long);
    "" also for a drone, which flies."""

    seconds: float
    metres: float | None  # of the straight line; of a road only where a route was asked for
    basis: str
    why: str = ""


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
    points = np.array([unit[1:3] for unit in units])
    profiles = [profile_of(unit[3]) for unit in units]
    found = times.explained(
        network, target, points, profiles, hour,
        closures=closed, emergency=emergency, enough=enough, names=[unit[0] for unit in units],
    )  # fmt: skip
    line_m = distances_m(points, target)
    line_s = line_m * np.array([straight_seconds(unit[3], 1.0) for unit in units])
    beyond = (found.why == times.BEYOND) & np.array([profile != AIR for profile in profiles])
    line_s = np.where(beyond, np.maximum(line_s, found.within_s), line_s)
    return {
        unit[0]: Travel(road_s, None, ROAD, "")
        if why == times.REACHED
        else Travel(by_line_s, metres, STRAIGHT, "" if profile == AIR else WHY[why])
        for unit, profile, road_s, why, by_line_s, metres in zip(
            units, profiles, found.seconds.tolist(), found.why.tolist(), line_s.tolist(), line_m.tolist(), strict=True
        )
    }


def distances_m(points: Floats, target: tuple[float, float]) -> Floats:
    """Return the great-circle metres of points (n × 2, latitude first) to a place, as `geo.distance_m` does."""
    lat, lng = np.radians(points[:, 0]), np.radians(points[:, 1])
    to_lat, to_lng = np.radians(target[0]), np.radians(target[1])
    chord = np.sin((to_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(to_lat) * np.sin((to_lng - lng) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(chord))), dtype=np.float64)


def straight(unit: UnitPoint, lat: float, lng: float, why: str, least_s: float = 0.0) -> Travel:
    """Return the estimate by straight line, not below `least_s`."""
    metres = distance_m(unit[1], unit[2], lat, lng)
    return Travel(max(least_s, straight_seconds(unit[3], metres)), metres, STRAIGHT, why)

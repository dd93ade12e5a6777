"""The next camera on somebody's way (M24): declared neighbours first, else what lies near in the direction of movement,
each with the moment at which to look. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from incidents.cameras.sight import turn_deg
from incidents.geo import bearing_deg, distance_m

PACES: Final = {"foot": 1.5, "ride": 5.0, "drive": 9.0}
"""Metres a second of who walks, rides an e-bike, drives in town."""
DETOUR: Final = 1.3
"""Roads are longer than the straight line by about this, where no network says better."""
WITHIN_M: Final = 1_200.0
MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Stop:
    """A camera as a stop of somebody's way."""

    id: int
    code: str
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Next:
    """A camera to go on with: how far, in which direction, and when to look there."""

    id: int
    metres: float
    bearing: float
    travel_s: float
    at: dt.datetime
    declared: bool  # by the register as a neighbour
    by_road: bool  # metres of the road network, not of the straight line


def following(
    here: Stop,
    others: Iterable[Stop],
    *,
    declared: Iterable[str],
    at: dt.datetime,
    pace: str,
    heading: float | None = None,
    road_m: Callable[[list[Stop]], list[float | None]] = lambda stops: [None] * len(stops),
) -> list[Next]:
    """Return the cameras after one, the likeliest first: neighbours that the register declares, then the others within
    reach; with a `heading` those ahead before those beside and behind. `road_m` gives metres by road where known."""
    named = frozenset(declared)
    near = [one for one in others if one.id != here.id and (one.code in named or straight(here, one) <= WITHIN_M)]
    near.sort(key=lambda one: (one.code not in named, straight(here, one) * reluctance(here, one, heading)))
    chosen = near[:MOST]
    found = [
        step(here, one, metres, at=at, pace=pace, declared=one.code in named)
        for one, metres in zip(chosen, road_m(chosen), strict=True)
    ]
    return sorted(found, key=lambda one: (not one.declared, one.travel_s * reluctance_of(one.bearing, heading)))


def straight(here: Stop, there: Stop) -> float:
    """Return metres as the crow flies."""
    return distance_m(here.lat, here.lng, there.lat, there.lng)


def reluctance(here: Stop, there: Stop, heading: float | None) -> float:
    """Return how much farther a camera counts for lying off the heading: 1 ahead, 2 at right angles, 3 behind."""
    return reluctance_of(bearing_deg(here.lat, here.lng, there.lat, there.lng), heading)


def reluctance_of(bearing: float, heading: float | None) -> float:
    """Return the same for a bearing."""
    return 1.0 if heading is None else 1.0 + turn_deg(bearing, heading) / 90.0


def step(here: Stop, there: Stop, road_m: float | None, *, at: dt.datetime, pace: str, declared: bool) -> Next:
    """Return one step of the way. Metres by road never undercut the straight line."""
    direct = straight(here, there)
    metres = direct * DETOUR if road_m is None else max(road_m, direct)
    travel = metres / PACES[pace]
    bearing = bearing_deg(here.lat, here.lng, there.lat, there.lng)
    return Next(there.id, metres, bearing, travel, at + dt.timedelta(seconds=travel), declared, road_m is not None)

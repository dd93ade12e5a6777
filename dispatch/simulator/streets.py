"""The roads that simulated units drive on: the demo city's own network, the one that the seed loads into the centre.

Whoever predicts and whoever drives use the same roads, one-ways and speeds; what differs is the driver. Pure; laying the
network out takes seconds once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from dispatch.simulator import city
from dispatch.simulator.city import Metres
from patrol.roads.demo import demo_network
from patrol.roads.profiles import AIR, PROFILES, profile_of, straight_seconds
from patrol.roads.routes import Route, route
from patrol.roads.times import LIMIT_S

LONGEST_S: Final = 4 * LIMIT_S
"""A way that takes longer is none: across the whole box a walker needs hours."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way in metres with the second at which each of its points is passed."""

    points: list[Metres]
    seconds: list[float]


class Streets:
    """The demo city's network with its corners."""

    def __init__(self) -> None:
        self.network = demo_network()
        places = zip(np.asarray(self.network.lat).tolist(), np.asarray(self.network.lng).tolist(), strict=True)
        self.corners: list[Metres] = [city.metres(lat, lng) for lat, lng in places]
        self._tree = cKDTree(np.array(self.corners))

    def near(self, point: Metres) -> Metres:
        """Return the corner nearest to a point in metres."""
        return self.corners[int(self._tree.query(point)[1])]

    def around(self, point: Metres, radius_m: float, random: Random) -> Metres:
        """Draw a street corner within a radius."""
        angle, reach = random.uniform(0, math.tau), radius_m * math.sqrt(random.random())
        return self.near((point[0] + reach * math.cos(angle), point[1] + reach * math.sin(angle)))

    def way(self, kind: str, start: Metres, end: Metres, *, hour: int, urgent: bool) -> Way:
        """Return the quickest way of a unit of a kind (7.7) at an hour of the day; where no road leads, a straight line
        in the time that the product assumes for one."""
        profile = profile_of(kind)
        if profile == AIR:
            return _straight(kind, start, end)
        found = route(
            self.network, city.degrees(start), city.degrees(end), profile, hour, emergency=urgent, limit_s=LONGEST_S
        )
        return _straight(kind, start, end) if found is None else _followed(found)


def _straight(kind: str, start: Metres, end: Metres) -> Way:
    return Way([start, end], [0.0, straight_seconds(kind, math.dist(start, end))])


def _followed(found: Route) -> Way:
    """Leave out the points that are passed in no time, as where the road begins at the unit's feet."""
    points, seconds = [city.metres(*found.line[0])], [0.0]
    for point, at in zip(found.line[1:], found.at_s[1:], strict=True):
        if at - seconds[-1] > 1e-6:
            points.append(city.metres(*point))
            seconds.append(at)
    return Way(points, seconds)


def fastest_mps(kind: str) -> float:
    """Return the most metres per second at which a unit of a kind may be seen: its urgent best on an empty road."""
    profile = PROFILES[profile_of(kind)]
    return max(profile.most_kmh, *profile.kmh.values()) * profile.emergency_factor * 1.05 / 3.6


@lru_cache(maxsize=1)
def streets() -> Streets:
    """Return the demo city's streets."""
    return Streets()

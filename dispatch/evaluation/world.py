"""The demo city as tables: seconds from every node to every place where things happen, and where units are. Pure."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from dispatch.simulator import city
from incidents.demo_city import fleet, ground
from incidents.demo_city.gazetteer import gazetteer
from incidents.demo_city.stations import stations
from patrol.roads.costs import costs
from patrol.roads.demo import demo_network
from patrol.roads.network import Network
from patrol.roads.profiles import profile_of
from patrol.roads.snap import snap
from patrol.roads.times import approach

Tenths = NDArray[np.uint16]
PEAK_HOURS: Final = frozenset({7, 8, 16, 17, 18})
BANDS: Final = (11, 8)  # the hour whose speeds stand for the quiet and for the busy hours
LONGEST_S: Final = 6_500.0
SAMPLE_EVERY: Final = 4
BEAT_M: Final = {"UF": 350.0}
WIDE_BEAT_M: Final = 750.0
LEG_S: Final = 240.0
AWAY_S: Final = 1_800.0
BREAK_SHARE, TASK_SHARE = 0.10, 0.12
RETURN_MPS: Final = 25.0 / 3.6 / 1.4


@dataclass(frozen=True, slots=True)
class Post:
    """One unit of the fleet with its beat: the nodes among which it patrols."""

    number: int
    call_sign: str
    kind: str
    profile: str
    home: city.Metres
    station: int
    beat: tuple[int, ...]
    equipment: tuple[str, ...]
    armed: bool
    carries_detainees: bool


class World:
    """Everything that does not change from day to day."""

    def __init__(self) -> None:
        self.network: Network = demo_network()
        lat, lng = np.asarray(self.network.lat), np.asarray(self.network.lng)
        self.points = np.array([city.metres(a, b) for a, b in zip(lat.tolist(), lng.tolist(), strict=True)])
        self.tree = cKDTree(self.points)
        places = [place for place in gazetteer() if city.where_of(place)]
        self.spots = np.array([city.metres(place.lat, place.lng) for place in places])
        self.spot_degrees = [(place.lat, place.lng) for place in places]
        self.spot_tree = cKDTree(self.spots)
        core = ground.CORE
        inside = [core.west <= one.lng <= core.east and core.south <= one.lat <= core.north for one in places]
        weights = np.where(inside, city.CORE_WEIGHT, 1.0)
        # Coverage is looked at on a fixed sample of the places: a fourth of them tells the share to about a point.
        self.sample = np.arange(0, len(places), SAMPLE_EVERY)
        self.weights = weights[self.sample] / weights[self.sample].sum()
        self.rows: dict[tuple[str, int, bool, int], Tenths] = {}
        self.bases = [city.metres(one.at[1], one.at[0]) for one in stations() if one.at]
        # A node from which a kind gets to the middle of the town is one where it can be.
        self.middle = int(self.spot_tree.query(city.metres(*ground_middle()))[1])
        self.posts = self._posts()

    def row(self, profile: str, band: int, urgent: bool, spot: int) -> Tenths:
        """Return tenths of seconds from every node to a spot, as the roads module finds them; kept once found."""
        key = (profile, band, urgent, spot)
        found = self.rows.get(key)
        if found is None:
            cost = costs(self.network, profile, BANDS[band], None, urgent)
            target = snap(self.network, np.array([self.spot_degrees[spot]]), cost.usable)
            seconds = approach(cost, target, LONGEST_S).found.seconds[: self.network.nodes]
            walk = float(target.walk_m[0]) / (5.0 / 3.6) if np.isfinite(target.walk_m[0]) else 0.0
            found = self.rows[key] = (np.minimum(seconds + walk, LONGEST_S) * 10).astype(np.uint16)
        return found

    @lru_cache(maxsize=8)  # noqa: B019  there is one world per process
    def covered(self, profile: str, band: int) -> NDArray[np.bool_]:
        """Tell for each sampled spot and node whether the drive, urgently, takes at most five minutes."""
        return np.stack([self.row(profile, band, True, int(spot)) <= 3_000 for spot in self.sample])

    def _posts(self) -> list[Post]:
        found: list[Post] = []
        for unit in fleet.units():
            if not unit.dispatchable or unit.kind == "UD":
                continue
            home = city.metres(unit.home[1], unit.home[0])
            reach = BEAT_M.get(unit.kind, WIDE_BEAT_M)
            usable = self.row(profile_of(unit.kind), 0, False, self.middle) < LONGEST_S * 10 - 1
            beat = [node for node in self.tree.query_ball_point(home, reach) if usable[node]]
            nearest = int(self.tree.query(home)[1])
            station = min(range(len(self.bases)), key=lambda at: math.dist(self.bases[at], home))
            found.append(
                Post(
                    len(found), unit.call_sign, unit.kind, profile_of(unit.kind), home, station,
                    tuple(beat) or (nearest,), unit.equipment, unit.armed, unit.carries_detainees,
                )
            )  # fmt: skip
        return found

    def spot_of(self, lat: float, lng: float) -> int:
        """Return the spot nearest to a point."""
        return int(self.spot_tree.query(city.metres(lat, lng))[1])

    def seconds(self, post: Post, node: int, spot: int, hour: int, urgent: bool) -> float:
        """Return the road seconds of a unit from a node to a spot."""
        return float(self.row(post.profile, band_of(hour), urgent, spot)[node]) / 10

    def reach(self, post: Post, node: int, hour: int) -> NDArray[np.bool_]:
        """Tell for each sampled spot whether a unit gets there in five minutes, driving urgently."""
        return np.asarray(self.covered(post.profile, band_of(hour))[:, node])

    def node_near(self, point: city.Metres) -> int:
        """Return the node nearest to a point."""
        return int(self.tree.query(point)[1])


def ground_middle() -> tuple[float, float]:
    """Return the middle of the dense core, latitude first."""
    core = ground.CORE
    return (core.south + core.north) / 2, (core.west + core.east) / 2


@lru_cache(maxsize=1)
def world() -> World:
    """Return the demo city; building it takes some seconds."""
    return World()


def band_of(hour: int) -> int:
    """Return the band of an hour: 1 in the rush, else 0."""
    return int(hour % 24 in PEAK_HOURS)


def draw(seed: int, *of: int) -> float:
    """Return a number from 0 to 1 that depends on its arguments alone: every policy meets the same luck."""
    text = ",".join(map(str, (seed, *of)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big") / (1 << 56)


def patrol_node(seed: int, post: Post, now: float) -> int:
    """Return the node of a unit on patrol: another corner of its beat every few minutes."""
    return post.beat[int(draw(seed, 1, post.number, int(now // LEG_S)) * len(post.beat))]


def duty(seed: int, post: Post, now: float) -> str:
    """Return what a free unit does at a moment: available, on a break or on a task."""
    chance = draw(seed, 2, post.number, int(now // AWAY_S))
    if chance < BREAK_SHARE:
        return "break"
    return "on_task" if chance < BREAK_SHARE + TASK_SHARE else "available"

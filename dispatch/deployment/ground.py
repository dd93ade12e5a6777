"""The roads as a replay needs them: each search towards a place is made once for both fleets, patrol points lie on the
network already. Pure.

The times are those of the ranking (`patrol.roads.times`): one search against the traffic per profile, up to half an
hour, by straight line beyond it or where no network is loaded. Closures of the past are not played again.
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.deployment.fleet import Stand
from dispatch.ranking import Way
from incidents.geo import distance_m
from patrol.roads import times
from patrol.roads.costs import costs
from patrol.roads.network import Floats, Network
from patrol.roads.profiles import AIR, profile_of, straight_seconds
from patrol.roads.snap import Snaps, snap
from patrol.roads.times import Approach

POINTS: Final = 12  # places of a patrol
LEG_S: Final = 240.0  # how long it stays near one of them
PATROL_M: Final = {"UF": 350.0}
WIDE_PATROL_M: Final = 750.0
M_PER_DEGREE: Final = 111_195.0
KEPT: Final = 48  # searches
COVERED_S: Final = 300.0
SPOTS: Final = 160  # places by which coverage is judged
PEAK_HOURS: Final = frozenset({7, 8, 16, 17, 18})
BANDS: Final = (11, 8)  # the hour whose speeds stand for the quiet and for the busy hours, for coverage alone

Bools = NDArray[np.bool_]


def draws(count: int, *of: int) -> list[float]:
    """Return numbers between 0 and 1 that depend on their arguments alone: both fleets meet the same luck."""
    digest = hashlib.blake2b(",".join(map(str, of)).encode(), digest_size=7 * count).digest()
    return [(int.from_bytes(digest[at : at + 7], "big") + 0.5) / (1 << 56) for at in range(0, 7 * count, 7)]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a free unit is: a point, and which of its patrol's places it is (-1: none, on its way back)."""

    stand: int
    place: int
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a unit is wanted, at which hour of the day, and whether it drives urgently."""

    lat: float
    lng: float
    hour: int
    urgent: bool


class Beats:
    """The patrol points of a fleet, on the network."""

    def __init__(self, network: Network | None, stands: Sequence[Stand], seed: int) -> None:
        self.points = np.array([patrol(one, seed) for one in stands]).reshape(len(stands), POINTS, 2)
        self.profiles = [profile_of(one.kind) for one in stands]
        self.snaps: Snaps | None = None
        if network is None:
            return
        edge = np.full(len(stands) * POINTS, -1, dtype=np.int32)
        share, walk = np.zeros(len(edge)), np.full(len(edge), np.inf)
        for name in sorted(set(self.profiles) - {AIR}):
            mine = np.repeat([profile == name for profile in self.profiles], POINTS)
            found = snap(network, self.points.reshape(-1, 2)[mine], costs(network, name, BANDS[0], None, True).usable)
            edge[mine], share[mine], walk[mine] = found.edge, found.share, found.walk_m
        self.snaps = Snaps(edge, share, walk)


def patrol(stand: Stand, seed: int) -> list[tuple[float, float]]:
    """Return the places of a unit's patrol around its post, the post first; a moved post takes them along."""
    reach = PATROL_M.get(stand.kind, WIDE_PATROL_M)
    found = [(stand.lat, stand.lng)]
    for number in range(1, POINTS):
        far, turn = draws(2, seed, 3, stand.unit, number)
        metres, angle = reach * math.sqrt(far), 2 * math.pi * turn
        lat = stand.lat + metres * math.cos(angle) / M_PER_DEGREE
        lng = stand.lng + metres * math.sin(angle) / (M_PER_DEGREE * math.cos(math.radians(stand.lat)))
        found.append((lat, lng))
    return found


class Ground:
    """The network of a centre, or none, and the demand by which coverage is judged."""

    def __init__(self, network: Network | None, demand: Floats, seed: int) -> None:
        """Take the network and the places of all incidents of the period (n × 2), of which a fixed share is drawn."""
        self.network = network
        if len(demand) > SPOTS:
            demand = demand[np.sort(np.random.default_rng(seed).choice(len(demand), SPOTS, replace=False))]
        self.demand = demand
        self._searches: OrderedDict[tuple[str, Goal], Approach] = OrderedDict()
        self._reach: dict[tuple[str, int], NDArray[np.uint8]] = {}

    def ways(self, beats: Beats, stands: Sequence[Stand], spots: Sequence[Spot], goal: Goal) -> dict[int, Way]:
        """Return how long each free unit takes to a place, by the index of its stand."""
        found: dict[int, Way] = {}
        if self.network is not None:
            for name in sorted({beats.profiles[spot.stand] for spot in spots} - {AIR}):
                mine = [spot for spot in spots if beats.profiles[spot.stand] == name]
                seconds = self.seconds(name, beats, mine, goal)
                found |= {
                    spot.stand: Way(one, None, "road")
                    for spot, one in zip(mine, seconds.tolist(), strict=True)
                    if math.isfinite(one)
                }
        for spot in spots:
            if spot.stand not in found:
                metres = distance_m(spot.lat, spot.lng, goal.lat, goal.lng)
                seconds_s = straight_seconds(stands[spot.stand].kind, metres)
                found[spot.stand] = Way(seconds_s, metres, "straight", "no_network" if self.network is None else "")
        return found

    def seconds(self, name: str, beats: Beats, spots: Sequence[Spot], goal: Goal) -> Floats:
        """Return the road seconds of units of one profile; infinite where no way within half an hour is known."""
        way = self._search(name, goal)
        if way.target.edge[0] < 0:
            return np.full(len(spots), np.inf)
        starts = self.snapped(name, beats, spots)
        got = times.branches(way, starts)[0]
        return np.where((starts.edge < 0) | (got > way.limit_s), np.inf, got)

    def snapped(self, name: str, beats: Beats, spots: Sequence[Spot]) -> Snaps:
        """Return where units stand on the network; who is on its way back is looked up anew."""
        assert self.network is not None and beats.snaps is not None
        at = np.array([max(0, spot.place) + spot.stand * POINTS for spot in spots], dtype=np.intp)
        found = beats.snaps.of(at)
        back = np.array([spot.place < 0 for spot in spots])
        if back.any():
            points = np.array([(spot.lat, spot.lng) for spot in spots])[back]
            fresh = snap(self.network, points, costs(self.network, name, BANDS[0], None, True).usable)
            found.edge[back], found.share[back], found.walk_m[back] = fresh.edge, fresh.share, fresh.walk_m
        return found

    def _search(self, name: str, goal: Goal) -> Approach:
        key = (name, goal)
        found = self._searches.get(key)
        if found is None:
            assert self.network is not None
            cost = costs(self.network, name, goal.hour, None, goal.urgent)
            found = times.approach(
                cost, snap(self.network, np.array([(goal.lat, goal.lng)]), cost.usable), times.LIMIT_S
            )
            self._searches[key] = found
            while len(self._searches) > KEPT:
                self._searches.popitem(last=False)
        return found

    def reach(self, beats: Beats, spots: Sequence[Spot], hour: int) -> Bools | None:
        """Tell for each free unit and sampled place of demand whether it is there in five minutes, driving urgently;
        None without a network."""
        if self.network is None or not len(self.demand):
            return None
        found = np.zeros((len(spots), len(self.demand)), dtype=bool)
        for name in sorted({beats.profiles[spot.stand] for spot in spots} - {AIR}):
            mine = [at for at, spot in enumerate(spots) if beats.profiles[spot.stand] == name]
            snaps = self.snapped(name, beats, [spots[at] for at in mine])
            node = np.where(snaps.share < 0.5, self.network.tail[snaps.edge], self.network.head[snaps.edge])
            rows = np.unpackbits(self._within(name, hour)[node], axis=1, count=len(self.demand)).astype(bool)
            found[mine] = rows & (snaps.edge >= 0)[:, None]
        return found

    def _within(self, name: str, hour: int) -> NDArray[np.uint8]:
        """Return a row of bits for each node: which sampled places it reaches in five minutes."""
        band = int(hour in PEAK_HOURS)
        found = self._reach.get((name, band))
        if found is None:
            assert self.network is not None
            cost = costs(self.network, name, BANDS[band], None, True)
            goals = snap(self.network, self.demand, cost.usable)
            inside = np.zeros((self.network.nodes, len(self.demand)), dtype=bool)
            for at in range(len(self.demand)):
                seconds = times.approach(cost, goals.of(at), COVERED_S).found.seconds[: self.network.nodes]
                inside[:, at] = seconds + times.reach_s(goals.of(at))[0] <= COVERED_S
            found = self._reach[name, band] = np.packbits(inside, axis=1)
        return found

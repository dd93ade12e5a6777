"""Where a fleeing vehicle can be met: points ahead of it that a unit reaches before it, by road time (堵截, R9). Pure.

The vehicle is taken to be as quick as a police vehicle under siren, so that a stated margin errs on the careful side.
Its *escape front* are the nodes at which the quickest way out of the circle of `horizon_s` leaves it. A set of points
*holds* a node of the front when every way of at most `limit_s` seconds to it leads through one of them. Points are
chosen one after the other: always the one through which the quickest present way to most nodes of the front leads,
among those that a unit still free reaches with the margin; then the search is done again with this node shut, so that
the next point is chosen against the detour that the first one leaves. All searches are exact (Dijkstra over all arcs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from patrol.roads.costs import Closed, Costs, Entries, costs, search
from patrol.roads.network import Bools, Floats, Ints, Network
from patrol.roads.profiles import AIR, CAR, profile_of
from patrol.roads.snap import Snaps, snap
from patrol.roads.times import delays, entries_from

HORIZON_S: Final = 240.0  # the front lies so far from where the vehicle is now
SLACK: Final = 1.25  # ways up to so much longer than the horizon count as detours
MARGIN_S: Final = 30.0  # a unit is there so long before the vehicle, to set up
MOST: Final = 6
ENOUGH_MARGIN_S: Final = 120.0  # beyond this a larger margin is worth nothing more
U_TURN_DEG: Final = 100.0  # with a known heading the vehicle begins within so many degrees of it
NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Fleeing:
    """A vehicle as it was last seen: place, heading in degrees (None: unknown), and the seconds since."""

    lat: float
    lng: float
    heading: float | None = None
    age_s: float = 0.0
    profile: str = CAR


@dataclass(frozen=True, slots=True)
class Free:
    """A unit that could go: id, place, kind, and the seconds until it drives off."""

    unit_id: int
    lat: float
    lng: float
    kind: str
    ready_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Point:
    """A point of interception: node, place, its unit; seconds from now of the unit and of the vehicle; the share of the
    front whose present quickest way led through it, and the share held with all points up to this one."""

    node: int
    lat: float
    lng: float
    unit_id: int
    unit_s: float
    vehicle_s: float
    covers: float
    held: float

    @property
    def margin_s(self) -> float:
        """Return how long before the vehicle the unit is there."""
        return self.vehicle_s - self.unit_s


@dataclass(frozen=True, slots=True)
class Proposal:
    """The points, best first; the size of the front, the share of it to which the quickest way leads through one of
    them, the share that they hold, and the horizon from now."""

    points: list[Point]
    front: int
    covered: float
    held: float
    horizon_s: float


def propose(
    network: Network,
    vehicle: Fleeing,
    units: Sequence[Free],
    hour: int,
    *,
    closed: Closed | None = None,
    horizon_s: float = HORIZON_S,
    margin_s: float = MARGIN_S,
    most: int = MOST,
) -> Proposal:
    """Propose points and their units. The front lies `horizon_s` ahead of where the vehicle is now, so what it has
    driven since it was seen is added. Empty when the vehicle is far from every road, or no unit is in time anywhere."""
    far = horizon_s + vehicle.age_s
    cost = costs(network, vehicle.profile, hour, closed, True)
    begins = start_of(network, cost, vehicle)
    if begins is None:
        return Proposal([], 0, 0.0, 0.0, horizon_s)
    first = search(cost, begins, against=False, limit_s=far * SLACK, paths=True)
    assert first.before is not None
    front = front_of(first.seconds, first.before, far, network.nodes)
    if not len(front):
        return Proposal([], 0, 0.0, 0.0, horizon_s)
    reach = Reach(network, hour, closed, units, far * SLACK)
    points: list[Point] = []
    seconds, before, held = first.seconds, first.before, 0.0
    while len(points) < most and held < 1.0:
        gain = through(before, front[np.isfinite(seconds[front])], network.nodes)
        chosen = best(gain, seconds - vehicle.age_s, reach, margin_s)
        if chosen is None:
            break
        node, unit, unit_s = chosen
        shut = blocked(cost, [*(one.node for one in points), node])
        found = search(shut, without(begins, [*(one.node for one in points), node]), against=False,
                       limit_s=far * SLACK, paths=True)  # fmt: skip
        assert found.before is not None
        held = float(np.mean(~np.isfinite(found.seconds[front])))
        vehicle_s = float(seconds[node]) - vehicle.age_s
        place = float(network.lat[node]), float(network.lng[node])
        points.append(Point(node, *place, units[unit].unit_id, unit_s, vehicle_s, float(gain[node]) / len(front), held))
        reach.take(unit)
        seconds, before = found.seconds, found.before
    passed = passing(first.before, front, [one.node for one in points], network.nodes)
    return Proposal(points, len(front), passed, held, horizon_s)


def passing(before: Ints, front: Ints, nodes: Sequence[int], count: int) -> float:
    """Return the share of the front whose quickest way leads through one of these nodes."""
    met = np.zeros(len(front), dtype=bool)
    at, alive = front.astype(np.int64), np.arange(len(front))
    while len(alive):
        met[alive] |= np.isin(at, nodes)
        at = before[at].astype(np.int64)
        going = (at >= 0) & (at < count)
        at, alive = at[going], alive[going]
    return float(met.mean())


def start_of(network: Network, cost: Costs, vehicle: Fleeing) -> Entries | None:
    """Return how the search of the vehicle begins: on its road, and with a known heading not back the way it came."""
    at = snap(network, np.array([[vehicle.lat, vehicle.lng]]), cost.usable)
    if at.edge[0] < 0:
        return None
    begins = entries_from(cost, at, np.zeros(1))
    if vehicle.heading is None:
        return begins
    ahead = np.array(
        [abs(turn(bearing(network, at, int(node)), vehicle.heading)) <= U_TURN_DEG for node in begins.node]
    )
    if not ahead.any():  # the road runs across the stated heading: it may have turned either way
        return begins
    return Entries(1, begins.source[ahead], begins.node[ahead], begins.seconds[ahead])


def bearing(network: Network, at: Snaps, node: int) -> float:
    """Return the bearing in degrees along a snapped edge towards one of its ends."""
    edge = int(at.edge[0])
    other = int(network.head[edge]) if node == network.tail[edge] else int(network.tail[edge])
    north = float(network.lat[node] - network.lat[other])
    east = float(network.lng[node] - network.lng[other]) * np.cos(np.radians(float(network.lat[node])))
    return float(np.degrees(np.arctan2(east, north))) % 360


def turn(one: float, other: float) -> float:
    """Return the angle between two bearings, -180 to 180."""
    return (one - other + 180) % 360 - 180


def front_of(seconds: Floats, before: Ints, far: float, nodes: int) -> Ints:
    """Return the nodes whose quickest way is the first to pass the horizon: they lie beyond it, the node before them
    within. A source (from `nodes` on) counts as within."""
    beyond = np.flatnonzero(np.isfinite(seconds) & (seconds >= far))
    parents = before[beyond]
    inner = np.where(parents >= nodes, True, seconds[np.minimum(parents, nodes - 1)] < far)
    return beyond[inner & (parents >= 0)].astype(np.int32)


def through(before: Ints, front: Ints, nodes: int) -> NDArray[np.int64]:
    """Count for each node how many nodes of the front have their quickest way through it, themselves included."""
    gain = np.zeros(nodes, dtype=np.int64)
    at = front.astype(np.int64)
    while len(at):
        np.add.at(gain, at, 1)
        at = before[at].astype(np.int64)
        at = at[(at >= 0) & (at < nodes)]
    return gain


def best(gain: NDArray[np.int64], vehicle_s: Floats, reach: Reach, margin_s: float) -> tuple[int, int, float] | None:
    """Return the node to take next with its unit and the unit's seconds: the greatest gain, then the greatest margin up
    to ENOUGH_MARGIN_S, then the one that the vehicle reaches first. None when no unit is in time anywhere."""
    soonest, nearest = reach.soonest()
    coming = np.where(np.isfinite(vehicle_s), vehicle_s, -np.inf)  # where it cannot come nobody need wait
    margin = np.where(np.isfinite(soonest), coming - np.where(np.isfinite(soonest), soonest, 0.0), -np.inf)
    possible = np.flatnonzero((gain > 0) & (margin >= margin_s) & (nearest != NOBODY))
    if not len(possible):
        return None
    worth = np.minimum(margin[possible], ENOUGH_MARGIN_S)
    node = int(possible[np.lexsort((vehicle_s[possible], -worth, -gain[possible]))[0]])
    return node, int(nearest[node]), float(soonest[node])


def blocked(cost: Costs, nodes: Sequence[int]) -> Costs:
    """Return the costs with no way into these nodes."""
    data = cost.data(False).copy()
    into = np.flatnonzero(np.isin(cost.network.heads, np.array(nodes, dtype=np.int32)))
    data[into] = np.inf
    return replace(cost, _data={False: data})


def without(begins: Entries, nodes: Sequence[int]) -> Entries:
    """Return the beginnings of a search that do not lead straight into these nodes."""
    kept: Bools = ~np.isin(begins.node, np.array(nodes, dtype=np.int32))
    return Entries(begins.count, begins.source[kept], begins.node[kept], begins.seconds[kept])


class Reach:
    """When the free units are at every node, by one search per profile over all of them; a unit that has its point is
    taken out of the next one."""

    def __init__(
        self, network: Network, hour: int, closed: Closed | None, units: Sequence[Free], limit_s: float
    ) -> None:
        self.network, self.units, self.limit_s = network, list(units), limit_s
        self.groups: dict[str, Costs] = {}
        self.snaps: dict[str, tuple[NDArray[np.intp], Snaps]] = {}
        self.taken: set[int] = set()
        self.kept: dict[str, tuple[Floats, Ints]] = {}
        names = np.array([profile_of(one.kind) for one in units], dtype=object)
        for name in dict.fromkeys(names.tolist()):
            if name == AIR:
                continue
            which = np.flatnonzero(names == name)
            self.groups[name] = costs(network, name, hour, closed, True)
            places = np.array([[units[at].lat, units[at].lng] for at in which.tolist()])
            self.snaps[name] = (which, snap(network, places, self.groups[name].usable))

    def take(self, unit: int) -> None:
        """Take a unit out: it has its point."""
        self.taken.add(unit)
        self.kept.pop(profile_of(self.units[unit].kind), None)

    def soonest(self) -> tuple[Floats, Ints]:
        """Return the seconds of the nearest free unit to every node, and which one it is (NOBODY: none in time)."""
        seconds = np.full(self.network.nodes, np.inf)
        nearest = np.full(self.network.nodes, NOBODY, dtype=np.int32)
        for name in self.groups:
            if name not in self.kept:
                self.kept[name] = self.searched(name)
            mine, whose = self.kept[name]
            sooner = mine < seconds
            seconds, nearest = np.where(sooner, mine, seconds), np.where(sooner, whose, nearest)
        return seconds, nearest

    def searched(self, name: str) -> tuple[Floats, Ints]:
        """Search from all free units of a profile at once."""
        which, snaps = self.snaps[name]
        free = np.array([at not in self.taken for at in which]) & (snaps.edge >= 0)
        if not free.any():
            nobody = np.full(self.network.nodes, NOBODY, dtype=np.int32)
            return np.full(self.network.nodes, np.inf), nobody
        which, snaps = which[free], snaps.of(np.flatnonzero(free))
        cost = self.groups[name]
        ready = np.array([self.units[at].ready_s for at in which.tolist()])
        found = search(cost, entries_from(cost, snaps, delays(cost, snaps) + ready), against=False,
                       limit_s=self.limit_s, by_source=True)  # fmt: skip
        assert found.nearest is not None
        whose = np.where(found.nearest < 0, NOBODY, which[np.maximum(found.nearest, 0)]).astype(np.int32)
        return found.seconds, whose

"""The road time of every unit to one place, by one bounded search against the traffic per profile. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from patrol.roads.costs import Closed, Costs, Entries, Found, costs, search
from patrol.roads.network import Floats, Ints, Network
from patrol.roads.profiles import AIR, FOOT, NOISE_M, WALK_KMH, YARD_KMH
from patrol.roads.snap import Snaps, snap
from patrol.roads.standing import standing

LIMIT_S: Final = 1800.0
FIRST_LIMIT_S: Final = 300.0

REACHED, TOO_FAR, NO_PATH, BEYOND = 0, 1, 2, 3
"""Why a point has its time or none: it has one; it or the target is far from every road; no way leads there; the search
ended before it, because enough others were nearer."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """Seconds of every point to the target (infinite: none), why, and the bound under which nobody was missed."""

    seconds: Floats
    why: NDArray[np.int8]
    within_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Approach:
    """One search towards a target for one profile, from which any number of points can be read."""

    costs: Costs
    target: Snaps  # one
    found: Found
    limit_s: float


def arrivals(
    network: Network,
    target: tuple[float, float],
    points: Floats,
    profiles: str | Sequence[str],
    hour: int,
    *,
    closures: Closed | None = None,
    emergency: bool = True,
    limit_s: float = LIMIT_S,
) -> Floats:
    """Return the seconds of points (n × 2, latitude first) to the target, each by its own profile; infinite where no
    way within `limit_s` is known. Exact: parts of edges, walks to and from the road and junctions count."""
    found = explained(network, target, points, profiles, hour, closures=closures, emergency=emergency, limit_s=limit_s)
    return found.seconds


def explained(
    network: Network,
    target: tuple[float, float],
    points: Floats,
    profiles: str | Sequence[str],
    hour: int,
    *,
    closures: Closed | None = None,
    emergency: bool = True,
    limit_s: float = LIMIT_S,
    enough: int | None = None,
    names: Sequence[int] | None = None,
) -> Arrivals:
    """Return what `arrivals` does, with reasons. With `enough` the search begins narrow and widens only until so many
    points are reached; the times of these are as exact, the others are said to be beyond. With `names` the points are
    units (ids), whose places on the network are kept while they stand."""
    points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    kinds = np.array([profiles] * len(points) if isinstance(profiles, str) else list(profiles), dtype=object)
    seconds, why = np.full(len(points), np.inf), np.full(len(points), NO_PATH, dtype=np.int8)
    groups: list[tuple[NDArray[np.intp], Costs, Snaps, Snaps]] = []
    for name in dict.fromkeys(kinds.tolist()):
        if name == AIR:
            continue
        which = np.flatnonzero(kinds == name)
        cost = costs(network, name, hour, closures, emergency)
        goal = snap(network, np.array([target]), cost.usable)
        if names is None:
            starts = snap(network, points[which], cost.usable)
        else:
            starts = standing(cost, [names[at] for at in which.tolist()], points[which])
        groups.append((which, cost, goal, starts))
    if enough is None or len(points) <= enough:
        enough, bound = len(points), limit_s
    else:
        bound = min(limit_s, FIRST_LIMIT_S)
    while True:
        for which, cost, goal, starts in groups:
            seconds[which], why[which] = _read(approach(cost, goal, bound), starts)
        if bound >= limit_s or int(np.isfinite(seconds).sum()) >= enough:
            break
        bound = min(limit_s, bound * 3)
    if bound < limit_s:
        why[why == NO_PATH] = BEYOND
    return Arrivals(seconds, why, bound)


def approach(cost: Costs, target: Snaps, limit_s: float, paths: bool = False) -> Approach:
    """Search against the traffic from a snapped target (one), up to `limit_s` seconds away from it."""
    if target.edge[0] < 0:
        nothing = np.full(cost.network.nodes, np.inf)
        return Approach(cost, target, Found(nothing, None, None), limit_s)
    found = search(cost, entries_to(cost, target), against=True, limit_s=limit_s, paths=paths)
    return Approach(cost, target, found, limit_s)


def entries_to(cost: Costs, targets: Snaps) -> Entries:
    """Return how searches towards snapped targets begin: from a target down both halves of its edge."""
    network, edge = cost.network, targets.edge
    number = np.arange(len(edge), dtype=np.int32)
    node = np.concatenate([network.tail[edge], network.head[edge]])
    seconds = np.concatenate([part(targets.share, cost.on[edge]), part(1 - targets.share, cost.back[edge])])
    open_ = np.isfinite(seconds)
    return Entries(len(edge), np.concatenate([number, number])[open_], node[open_], seconds[open_])


def entries_from(cost: Costs, starts: Snaps, delay_s: Floats) -> Entries:
    """Return how searches from snapped starts begin, each after its own delay; junctions at the first node count."""
    network, edge = cost.network, starts.edge
    number = np.arange(len(edge), dtype=np.int32)
    tail, head = network.tail[edge], network.head[edge]
    node = np.concatenate([head, tail])
    seconds = np.concatenate(
        [
            part(1 - starts.share, cost.on[edge]) + cost.junction[head] + delay_s,
            part(starts.share, cost.back[edge]) + cost.junction[tail] + delay_s,
        ]
    )
    open_ = np.isfinite(seconds) & np.concatenate([edge >= 0, edge >= 0])
    return Entries(len(edge), np.concatenate([number, number])[open_], node[open_], seconds[open_])


def leave_s(starts: Snaps, profile_kmh: float | None) -> Floats:
    """Return the seconds from where units stand to their road: nothing within the noise of a receiver for vehicles;
    walkers (`profile_kmh`) walk every metre."""
    if profile_kmh is not None:
        return starts.walk_m / (profile_kmh / 3.6)
    return np.where(starts.walk_m <= NOISE_M, 0.0, starts.walk_m / (YARD_KMH / 3.6))


def reach_s(targets: Snaps) -> Floats:
    """Return the seconds on foot from the road to the place itself."""
    return targets.walk_m / (WALK_KMH / 3.6)


def delays(cost: Costs, starts: Snaps) -> Floats:
    """Return `leave_s` for the profile of these costs."""
    return leave_s(starts, WALK_KMH if cost.profile == FOOT else None)


def part(share: Floats, seconds: Floats) -> Floats:
    """Return the share of an edge's seconds. Nothing of it costs nothing, whichever way it is open: who stands at its
    end stands on the corner."""
    open_ = np.isfinite(seconds)
    return np.where(share <= 0, 0.0, np.where(open_, share * np.where(open_, seconds, 0.0), np.inf))


def _read(way: Approach, starts: Snaps) -> tuple[Floats, NDArray[np.int8]]:
    """Return seconds and reasons of snapped starts."""
    seconds, _ends = branches(way, starts)
    far = starts.edge < 0
    if way.target.edge[0] < 0:
        far = np.ones(len(starts), dtype=bool)
    seconds = np.where(far | (seconds > way.limit_s), np.inf, seconds)
    why = np.where(far, TOO_FAR, np.where(np.isfinite(seconds), REACHED, NO_PATH)).astype(np.int8)
    return seconds, why


def branches(way: Approach, starts: Snaps) -> tuple[Floats, Ints]:
    """Return the seconds of snapped starts and the node by which each leaves its edge (-1: straight along the edge)."""
    cost, network, edge = way.costs, way.costs.network, starts.edge
    tail, head = network.tail[edge], network.head[edge]
    by_head = part(1 - starts.share, cost.on[edge]) + cost.junction[head] + way.found.seconds[head]
    by_tail = part(starts.share, cost.back[edge]) + cost.junction[tail] + way.found.seconds[tail]
    ahead = way.target.share[0] - starts.share
    along = np.where(ahead >= 0, part(ahead, cost.on[edge]), part(-ahead, cost.back[edge]))
    along = np.where(edge == way.target.edge[0], along, np.inf)
    seconds = np.minimum(np.minimum(by_head, by_tail), along)
    ends = np.where(along <= seconds, -1, np.where(by_head <= by_tail, head, tail)).astype(np.int32)
    return seconds + delays(cost, starts) + reach_s(way.target)[0], ends

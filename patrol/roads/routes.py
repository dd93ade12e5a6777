"""The quickest way from one place to another as a line. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from patrol.roads.costs import Closed, Costs, costs
from patrol.roads.network import Network
from patrol.roads.profiles import WALK_KMH
from patrol.roads.snap import Snaps, place, snap
from patrol.roads.times import LIMIT_S, Approach, approach, branches, delays


@dataclass(frozen=True, slots=True)
class Route:
    """A way: its points (latitude, longitude) from start to end, seconds and metres, and the second at each point."""

    line: list[tuple[float, float]]
    seconds: float
    metres: float
    at_s: list[float]


def route(
    network: Network,
    start: tuple[float, float],
    end: tuple[float, float],
    profile: str,
    hour: int,
    *,
    closures: Closed | None = None,
    emergency: bool = True,
    limit_s: float = 4 * LIMIT_S,
) -> Route | None:
    """Return the quickest way of a profile between two points, or None where there is none within `limit_s`. Its seconds
    are those that `times.arrivals` gives."""
    found = routes(network, [start], end, profile, hour, closures=closures, emergency=emergency, limit_s=limit_s)
    return found[0]


def routes(
    network: Network,
    starts: list[tuple[float, float]],
    end: tuple[float, float],
    profile: str,
    hour: int,
    *,
    closures: Closed | None = None,
    emergency: bool = True,
    limit_s: float = 4 * LIMIT_S,
) -> list[Route | None]:
    """Return the ways of several starts to one end, by one search."""
    cost = costs(network, profile, hour, closures, emergency)
    usable = cost.usable
    target = snap(network, np.array([end]), usable)
    snapped = snap(network, np.array(starts), usable)
    if target.edge[0] < 0:
        return [None] * len(starts)
    way = approach(cost, target, limit_s, paths=True)
    seconds, ends = branches(way, snapped)
    return [
        _line(way, starts[index], end, at=snapped.of(index), node=int(ends[index]), seconds=float(seconds[index]))
        if snapped.edge[index] >= 0 and np.isfinite(seconds[index])
        else None
        for index in range(len(starts))
    ]


def _line(
    way: Approach, start: tuple[float, float], end: tuple[float, float], *, at: Snaps, node: int, seconds: float
) -> Route:
    """Follow the search from a start to the target."""
    cost, network, found = way.costs, way.costs.network, way.found
    assert found.before is not None
    first, last = (
        place(network, int(at.edge[0]), at.share[0]),
        place(network, int(way.target.edge[0]), way.target.share[0]),
    )
    line, moments = [start, first], [0.0, float(delays(cost, at)[0])]
    on_foot = float(way.target.walk_m[0]) / (WALK_KMH / 3.6)
    metres = float(at.walk_m[0]) + float(way.target.walk_m[0])
    if node < 0:
        metres += abs(float(way.target.share[0] - at.share[0])) * float(network.metres[at.edge[0]])
    else:
        share = 1 - at.share[0] if node == network.head[at.edge[0]] else at.share[0]
        metres += float(share) * float(network.metres[at.edge[0]])
        nodes = [node]
        while (after := int(found.before[nodes[-1]])) < network.nodes:
            nodes.append(after)
        # What the search found is the time from a node to the target on its road, without the walk at the end.
        line += [(float(network.lat[one]), float(network.lng[one])) for one in nodes]
        moments += [seconds - on_foot - float(found.seconds[one]) for one in nodes]
        metres += sum(_metres(cost, one, other) for one, other in pairwise(nodes))
        edge = int(way.target.edge[0])
        share = way.target.share[0] if nodes[-1] == network.tail[edge] else 1 - way.target.share[0]
        metres += float(share) * float(network.metres[edge])
    return Route([*line, last, end], seconds, metres, [*moments, seconds - on_foot, seconds])


def _metres(cost: Costs, one: int, other: int) -> float:
    """Return the length of the quickest arc from one node to another."""
    network = cost.network
    arcs = np.arange(network.starts[one], network.starts[one + 1])
    arcs = arcs[network.heads[arcs] == other]
    return float(network.metres[network.arc_edge[arcs[np.argmin(cost.data(False)[arcs])]]])

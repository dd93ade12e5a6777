"""Coverage: seconds from the nearest unit to every node, kept while units move (K19). Pure.

A layer holds the field of one profile. When a unit moves only the ground it leaves and the ground it gains are worked
out again: what it leaves is a search inward from the neighbours' times over that ground alone; what it gains is a
search outward that stops where others are nearer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from patrol.roads.costs import Closed, Costs, Entries, costs, search
from patrol.roads.network import Floats, Ints, Network
from patrol.roads.profiles import AIR, profile_of
from patrol.roads.snap import Snaps, snap
from patrol.roads.times import delays, entries_from, part, reach_s

LIMIT_S: Final = 1200.0
"""Beyond this nobody counts as covered, and no search goes farther."""
FIRST_REACH_S: Final = 120.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Seconds to every node from the nearest unit (infinite beyond the limit), and which unit it is (-1: none)."""

    seconds: Floats
    unit: NDArray[np.int64]


class Layer:
    """The field of the units of one profile over one network, at one hour."""

    def __init__(
        self, network: Network, profile: str, hour: int, *, closed: Closed | None = None, limit_s: float = LIMIT_S
    ) -> None:
        self.network, self.limit_s = network, limit_s
        self.cost: Costs = costs(network, profile, hour, closed, True)
        self.snaps: dict[int, Snaps] = {}
        self.seconds = np.full(network.nodes, np.inf)
        self.unit = np.full(network.nodes, -1, dtype=np.int64)

    def lay(self, units: dict[int, Point]) -> None:
        """Work the whole field out anew."""
        ids = list(units)
        found = snap(self.network, np.array([units[one] for one in ids]).reshape(-1, 2), self.cost.usable)
        self.snaps = {one: found.of(index) for index, one in enumerate(ids) if found.edge[index] >= 0}
        self.seconds = np.full(self.network.nodes, np.inf)
        self.unit = np.full(self.network.nodes, -1, dtype=np.int64)
        if not self.snaps:
            return
        entries, names = self._entries(list(self.snaps))
        got = search(self.cost, entries, against=False, limit_s=self.limit_s, by_source=True)
        assert got.nearest is not None
        self.seconds = got.seconds
        self.unit = np.where(got.nearest >= 0, names[np.maximum(got.nearest, 0)], -1)

    def put(self, unit: int, point: Point) -> None:
        """Let a unit stand somewhere, whether it stood elsewhere before or not."""
        self.take(unit)
        found = snap(self.network, np.array([point]), self.cost.usable)
        if found.edge[0] < 0:
            return
        self.snaps[unit] = found
        entries, _ = self._entries([unit])
        # A walker far from the road begins late: the first reach must get as far as the road at least.
        reach = FIRST_REACH_S + float(entries.seconds.max(initial=0.0))
        while True:
            got = search(self.cost, entries, against=False, limit_s=min(reach, self.limit_s)).seconds
            won = np.flatnonzero(got < self.seconds)
            if reach >= self.limit_s or not self._grows(won, got, reach):
                break
            reach *= 2
        self.seconds[won] = got[won]
        self.unit[won] = unit

    def _grows(self, won: NDArray[np.intp], got: Floats, reach: float) -> bool:
        """Tell whether the ground won goes on beyond the reach of the search."""
        arcs, owner = _arcs(self.network, won)
        there = self.network.heads[arcs]
        seconds = got[won[owner]] + self.cost.data(False)[arcs]
        return bool(((seconds > reach) & (seconds < self.seconds[there]) & (seconds <= self.limit_s)).any())

    def take(self, unit: int) -> None:
        """Take a unit away: its ground goes to the others."""
        if self.snaps.pop(unit, None) is None:
            return
        ground = np.flatnonzero(self.unit == unit)
        seconds, owner = self._left(unit, ground)
        self.seconds[ground], self.unit[ground] = seconds, owner

    def without(self, unit: int) -> Floats:
        """Return the seconds to every node as if a unit were not there; nothing is changed."""
        if unit not in self.snaps:
            return self.seconds
        ground = np.flatnonzero(self.unit == unit)
        field = self.seconds.copy()
        field[ground] = self._left(unit, ground)[0]
        return field

    def _left(self, unit: int, ground: NDArray[np.intp]) -> tuple[Floats, NDArray[np.int64]]:
        """Return seconds and units on the ground of one unit when it is gone: a search over this ground alone, from
        the times of the nodes around it and from units that stand on it behind this one."""
        network, count = self.network, len(ground)
        arcs, owner = _arcs(network, ground)
        there = network.heads[arcs]
        # Ids of the ground's nodes on a graph of their own; its last node stands for everything outside.
        local = np.full(network.nodes, -1, dtype=np.int64)
        local[ground] = np.arange(count)
        inside = local[there] >= 0
        along = self.cost.data(False)[arcs]
        inward = self.cost.data(True)[arcs] + self.seconds[there]
        begin, name = np.full(count, np.inf), np.full(count, -1, dtype=np.int64)
        _lower(begin, name, owner[~inside], inward[~inside], self.unit[there[~inside]])
        others = [one for one in self.snaps if one != unit]
        if others:
            entries, names = self._entries(others)
            mine = local[entries.node] >= 0
            _lower(begin, name, local[entries.node[mine]], entries.seconds[mine], names[entries.source[mine]])
        return self._spread(count, (owner[inside], local[there[inside]], along[inside]), begin, name)

    def _spread(
        self,
        count: int,
        arcs: tuple[NDArray[np.intp], NDArray[np.int64], Floats],
        begin: Floats,
        name: NDArray[np.int64],
    ) -> tuple[Floats, NDArray[np.int64]]:
        """Search over a small graph from one source that leads to every node after its own delay."""
        starts = np.flatnonzero(begin <= self.limit_s)
        tails = np.concatenate([arcs[0], np.full(len(starts), count)])
        heads = np.concatenate([arcs[1], starts])
        seconds = np.concatenate([arcs[2], begin[starts]])
        order = np.lexsort((seconds, tails))
        rows = np.concatenate([[0], np.cumsum(np.bincount(tails, minlength=count + 1))])
        graph = csr_matrix((seconds[order], heads[order], rows), shape=(count + 1, count + 1))
        got, before = dijkstra(graph, indices=count, limit=self.limit_s, return_predecessors=True)
        return got[:count], _named(before[:count], name, count)

    def _entries(self, units: list[int]) -> tuple[Entries, NDArray[np.int64]]:
        """Return how a search from units begins, and their ids in its order."""
        held = [self.snaps[unit] for unit in units]
        snaps = Snaps(*(np.concatenate([getattr(one, part) for one in held]) for part in Snaps.__slots__))
        return entries_from(self.cost, snaps, delays(self.cost, snaps)), np.array(units, dtype=np.int64)

    def at(self, places: Snaps, seconds: Floats) -> Floats:
        """Return the seconds to snapped places, walks included, out of a field of this layer."""
        network, edge = self.network, places.edge
        tail, head = network.tail[edge], network.head[edge]
        on = seconds[tail] + part(places.share, self.cost.on[edge])
        back = seconds[head] + part(1 - places.share, self.cost.back[edge])
        found = np.minimum(on, back) + reach_s(places)
        return np.where((edge >= 0) & (found <= self.limit_s), found, np.inf)


def _arcs(network: Network, nodes: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return the arcs that leave nodes, each with the place of its node among them."""
    start = network.starts[nodes].astype(np.int64)
    count = network.starts[nodes + 1] - start
    owner = np.repeat(np.arange(len(nodes)), count)
    return np.arange(int(count.sum())) + np.repeat(start - (np.cumsum(count) - count), count), owner


def _lower(
    best: Floats, name: NDArray[np.int64], at: NDArray[np.int64], seconds: Floats, names: NDArray[np.int64]
) -> None:
    """Write smaller seconds, and whose they are, into places that may be named several times."""
    order = np.argsort(-seconds, kind="stable")
    order = order[seconds[order] < best[at[order]]]
    best[at[order]], name[at[order]] = seconds[order], names[order]


def _named(before: Ints, name: NDArray[np.int64], source: int) -> NDArray[np.int64]:
    """Return whose every node is: that of the node where its path entered. `before` leads there step by step."""
    count = len(before)
    root = np.where((before == source) | (before < 0), np.arange(count), before)
    while not np.array_equal(further := root[root], root):
        root = further
    return np.where(before < 0, -1, name[root])


class Coverage:
    """The field of all units of a centre, each by its profile; the nearest counts, whatever it drives.

    Where no car may go, the walk from the nearest street counts: a lane is covered by whoever can stop before it.
    """

    def __init__(self, network: Network, hour: int, *, closed: Closed | None = None, limit_s: float = LIMIT_S) -> None:
        self.network, self.hour, self.closed, self.limit_s = network, hour, closed, limit_s
        self.layers: dict[str, Layer] = {}
        self.profile: dict[int, str] = {}
        self._aside: dict[str, tuple[NDArray[np.intp], Snaps]] = {}

    def field(self, units: Iterable[tuple[int, float, float, str]]) -> Floats:
        """Lay the field anew for units (id, latitude, longitude, kind) and return seconds per node. Drones, which have
        no road and take nobody along, do not count."""
        by_profile: dict[str, dict[int, Point]] = {}
        self.profile = {}
        for unit, lat, lng, kind in units:
            if (name := profile_of(kind)) != AIR:
                by_profile.setdefault(name, {})[unit] = (lat, lng)
                self.profile[unit] = name
        self.layers = {}
        for name, held in by_profile.items():
            self._layer(name).lay(held)
        return self.seconds()

    def _layer(self, name: str) -> Layer:
        if name not in self.layers:
            self.layers[name] = Layer(self.network, name, self.hour, closed=self.closed, limit_s=self.limit_s)
        return self.layers[name]

    def move(self, unit: int, point: Point, kind: str = "") -> None:
        """Let a unit stand at a point; a new one needs its kind."""
        name = profile_of(kind) if kind else self.profile.get(unit, profile_of(kind))
        if name == AIR:
            return
        if self.profile.get(unit, name) != name:
            self.remove(unit)
        self.profile[unit] = name
        self._layer(name).put(unit, point)

    def remove(self, unit: int) -> None:
        """Take a unit away."""
        name = self.profile.pop(unit, None)
        if name is not None:
            self.layers[name].take(unit)

    def seconds(self) -> Floats:
        """Return seconds per node from the nearest unit of any profile."""
        return self._joined({})

    def without(self, unit: int) -> Floats:
        """Return seconds per node as if a unit were not there; nothing is changed."""
        name = self.profile.get(unit)
        return self._joined({} if name is None else {name: self.layers[name].without(unit)})

    def _joined(self, instead: dict[str, Floats]) -> Floats:
        whole = np.full(self.network.nodes, np.inf)
        for name, layer in self.layers.items():
            seconds = instead.get(name, layer.seconds)
            np.minimum(whole, seconds, out=whole)
            nodes, snaps = self._lanes(name, layer)
            if len(nodes):
                whole[nodes] = np.minimum(whole[nodes], layer.at(snaps, seconds))
        return whole

    def _lanes(self, name: str, layer: Layer) -> tuple[NDArray[np.intp], Snaps]:
        """Return the nodes where this profile has no way, with the nearest place that it has."""
        if name not in self._aside:
            usable = layer.cost.usable
            on_it = np.zeros(self.network.nodes, dtype=bool)
            on_it[self.network.tail[usable]] = on_it[self.network.head[usable]] = True
            nodes = np.flatnonzero(~on_it)
            points = np.column_stack([self.network.lat[nodes], self.network.lng[nodes]])
            self._aside[name] = (nodes, snap(self.network, points, usable))
        return self._aside[name]


def share(field: Floats, weights: Floats, limit_s: float) -> float:
    """Return the share of the weight that lies within the limit (K19), 0 to 1; 0 where there is no weight."""
    total = float(weights.sum())
    return float(weights[field <= limit_s].sum()) / total if total > 0 else 0.0

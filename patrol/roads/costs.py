"""What every arc costs a profile at an hour, and searches over the arcs. Pure: NumPy and SciPy.

The searches are `scipy.sparse.csgraph.dijkstra` with a limit. Each starts at nodes of its own that stand behind the
network's last one and lead to the ends of the edges where a point was snapped: parts of edges are counted so.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from patrol.roads.network import CLASSES, Bools, Floats, Ints, Network
from patrol.roads.profiles import PROFILES, SPEEDS, speeds, traffic

KEPT_BYTES: Final = 400_000_000
NO_LIMIT: Final = 1e12
INF: Final = np.inf
ROOM: Final = 16_384
"""Entries of sources that fit behind a network's arcs without copying them."""


@dataclass(frozen=True, slots=True, eq=False)
class Closed:
    """Edges that nobody may use at a moment; `key` names what closed them."""

    key: str
    edges: Ints

    def mask(self, network: Network) -> Bools:
        """Return one truth per edge."""
        found = np.zeros(network.edges, dtype=bool)
        found[self.edges] = True
        return found


NOTHING_CLOSED: Final = Closed("", np.zeros(0, dtype=np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """How searches begin: for each of `count` sources the nodes it leads to and their seconds."""

    count: int
    source: Ints
    node: Ints
    seconds: Floats


@dataclass(slots=True, eq=False)
class Costs:
    """Seconds of one profile at one hour: for a whole edge in each direction, junctions apart, infinite where closed."""

    network: Network
    profile: str
    on: Floats
    back: Floats
    junction: Floats  # seconds at the node that an arc leads to
    usable: Bools  # edges that may be used in any direction
    closed_key: str  # what is closed of the network
    _data: dict[bool, Floats] = field(default_factory=dict)

    def data(self, against: bool) -> Floats:
        """Return the costs of all arcs, of driving along them or, `against`, of coming down them from their heads."""
        found = self._data.get(against)
        if found is None:
            network = self.network
            back = network.arc_back.astype(bool) != against
            found = np.empty(len(network.heads) + ROOM)
            arcs = found[: len(network.heads)]
            arcs[:] = np.where(back, self.back[network.arc_edge], self.on[network.arc_edge])
            arcs += np.repeat(self.junction, np.diff(network.starts)) if against else self.junction[network.heads]
            self._data[against] = found
        return found

    @property
    def nbytes(self) -> int:
        """Return the memory that is held."""
        return sum(a.nbytes for a in (self.on, self.back, self.junction, *self._data.values()))


_known: OrderedDict[tuple[Any, ...], Costs] = OrderedDict()
_lock = threading.Lock()


def costs(network: Network, profile: str, hour: int, closed: Closed | None = None, emergency: bool = True) -> Costs:
    """Return the costs of a profile (car, motorcycle, foot) at an hour of the day, kept for the next search."""
    closed = closed or NOTHING_CLOSED
    key = (network.digest, profile, traffic(PROFILES[profile], hour), closed.key, emergency)
    with _lock:
        found = _known.get(key)
        if found is not None:
            _known.move_to_end(key)
            return found
    made = _computed(network, profile, hour, closed, emergency)
    with _lock:
        _known[key] = made
        while len(_known) > 1 and sum(one.nbytes for one in _known.values()) > KEPT_BYTES:
            _known.popitem(last=False)
    return made


def _computed(network: Network, name: str, hour: int, closed: Closed, emergency: bool) -> Costs:
    profile = PROFILES[name]
    by_class = speeds(profile, hour, emergency)
    main, small = traffic(profile, hour)
    shares = np.array([main if of in SPEEDS.main else small for of in CLASSES])
    urgent = profile.emergency_factor if emergency else 1.0
    free = np.minimum(network.kmh.astype(np.float64) * profile.posted_share, profile.most_kmh) / 3.6
    pace = np.where(network.kmh > 0, free * shares[network.road_class] * urgent, by_class[network.road_class])
    if profile.most_kmh <= 5.0:
        pace = by_class[network.road_class]  # a walker does not read speed limits
    seconds = network.metres / pace
    shut = closed.mask(network)
    on = np.where(((network.flags & profile.on) != 0) & ~shut, seconds, INF)
    back = np.where(((network.flags & profile.back) != 0) & ~shut, seconds, INF)
    waits = profile.emergency_junction_s if emergency else profile.junction_s
    junction = np.where(network.ways >= 3, waits, 0.0)
    return Costs(network, name, on, back, junction, np.isfinite(on) | np.isfinite(back), closed.key)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a search found, per node: seconds (infinite beyond the limit), the node before it (-1: none; from
    `network.nodes` on: a source) and, with several sources, which of them is nearest."""

    seconds: Floats
    before: Ints | None
    nearest: Ints | None


def search(
    costs: Costs,
    entries: Entries,
    *,
    against: bool,
    limit_s: float = NO_LIMIT,
    paths: bool = False,
    by_source: bool = False,
) -> Found:
    """Search from the entries over the whole network at once. `against` gives the seconds *to* the sources, else *from*
    them; `by_source` says which source is the nearest of all."""
    network = costs.network
    size, total = network.nodes, network.nodes + entries.count
    sources = np.arange(size, total)
    room = _room(network)
    with room.lock:
        graph = room.graph(costs.data(against), entries)
        if entries.count == 1 and not by_source:
            found = dijkstra(graph, indices=size, limit=limit_s, return_predecessors=paths)
            seconds, before = found if paths else (found, None)
            return Found(seconds[:size], None if before is None else before[:size], None)
        seconds, before, nearest = dijkstra(
            graph, indices=sources, limit=limit_s, min_only=True, return_predecessors=True
        )
    return Found(seconds[:size], before[:size], np.where(nearest[:size] < 0, -1, nearest[:size] - size))


class _Room:
    """The adjacency of a network with room behind it for sources, so that no search copies millions of arcs."""

    def __init__(self, network: Network) -> None:
        self.lock = threading.Lock()
        self.nodes, self.arcs = network.nodes, len(network.heads)
        self.starts = np.concatenate([network.starts, np.zeros(ROOM, dtype=np.int32)])
        self.heads = np.concatenate([network.heads, np.zeros(ROOM, dtype=np.int32)])

    def graph(self, data: Floats, entries: Entries) -> Any:
        """Return the matrix of arcs with the sources as its last rows."""
        order = np.argsort(entries.source, kind="stable")
        ends = np.cumsum(np.bincount(entries.source, minlength=entries.count)) + self.arcs
        more, total = len(order), self.nodes + entries.count
        if more > ROOM or entries.count > ROOM:
            starts = np.concatenate([self.starts[: self.nodes + 1], ends]).astype(np.int32)
            heads = np.concatenate([self.heads[: self.arcs], entries.node[order]])
            data = np.concatenate([data[: self.arcs], entries.seconds[order]])
        else:
            self.starts[self.nodes + 1 : total + 1] = ends
            self.heads[self.arcs : self.arcs + more] = entries.node[order]
            data[self.arcs : self.arcs + more] = entries.seconds[order]
            starts, heads = self.starts[: total + 1], self.heads[: self.arcs + more]
            data = data[: self.arcs + more]
        return csr_matrix((data, heads, starts), shape=(total, total), copy=False)


_rooms: OrderedDict[str, _Room] = OrderedDict()


def _room(network: Network) -> _Room:
    with _lock:
        room = _rooms.get(network.digest)
        if room is None:
            room = _rooms[network.digest] = _Room(network)
            while len(_rooms) > 4:
                _rooms.popitem(last=False)
        return room

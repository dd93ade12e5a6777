"""Where units stand on the network, kept between questions: a unit that has not moved is not snapped again.

Every seat asks for rankings every few seconds and every open incident is looked at, but most fixes of a city stay the
same in between. What is kept is exact: another position, network, profile or closure is another question.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import numpy as np

from patrol.roads.costs import Costs
from patrol.roads.network import Floats
from patrol.roads.snap import Snaps, snap

KEPT_TABLES: Final = 12  # networks × profiles × closures
LARGEST: Final = 50_000  # units in one; a table beyond that is begun anew

Key = tuple[str, str, str]


class _Table:
    """Positions and snaps of units, in growing arrays; a unit has a place in them by its id."""

    def __init__(self) -> None:
        self.place: dict[int, int] = {}
        self.points = np.full((0, 2), np.nan)
        self.edge = np.zeros(0, dtype=np.int32)
        self.share, self.walk_m = np.zeros(0), np.zeros(0)

    def places(self, names: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Return the places of units, with room made for new ones."""
        known = self.place
        found = np.array([known.setdefault(name, len(known)) for name in names], dtype=np.intp)
        more = len(known) - len(self.edge)
        if more > 0:
            more = max(more, 256)
            self.points = np.concatenate([self.points, np.full((more, 2), np.nan)])
            self.edge = np.concatenate([self.edge, np.full(more, -1, dtype=np.int32)])
            self.share = np.concatenate([self.share, np.zeros(more)])
            self.walk_m = np.concatenate([self.walk_m, np.full(more, np.inf)])
        return found


_tables: OrderedDict[Key, _Table] = OrderedDict()
_lock = threading.Lock()


def standing(cost: Costs, names: Sequence[int], points: Floats) -> Snaps:
    """Return the snaps of units (ids, and their positions n × 2), those that moved anew and the others as kept."""
    key = (cost.network.digest, cost.profile, cost.closed_key)
    with _lock:
        table = _table(key)
        place = table.places(names)
        moved = np.flatnonzero((table.points[place] != points).any(axis=1))
        if len(moved):
            fresh = snap(cost.network, points[moved], cost.usable)
            at = place[moved]
            table.points[at] = points[moved]
            table.edge[at], table.share[at], table.walk_m[at] = fresh.edge, fresh.share, fresh.walk_m
        return Snaps(table.edge[place], table.share[place], table.walk_m[place])


def _table(key: Key) -> _Table:
    table = _tables.get(key)
    if table is None or len(table.place) > LARGEST:
        table = _tables[key] = _Table()
    _tables.move_to_end(key)
    while len(_tables) > KEPT_TABLES:
        _tables.popitem(last=False)
    return table


def forget() -> None:
    """Drop everything that is kept."""
    with _lock:
        _tables.clear()

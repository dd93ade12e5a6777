"""The coverage of a centre as it is now, kept in each process while units move (K19)."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from incidents.geo import distance_m
from patrol.models import NEVER_SENT, Status, Unit
from patrol.roads import store
from patrol.roads.coverage import Coverage, share
from patrol.roads.demand import Demand, demand
from patrol.roads.estimate import UnitPoint, closed_now, hour_of
from patrol.roads.network import Floats

FRESH: Final = dt.timedelta(seconds=180)
"""A unit without a fix for so long covers nothing (domain 5)."""
MOVED_M: Final = 50.0
"""A unit that moved less is left where it stood: a few seconds of driving, and no search."""
WITHIN_S: Final = 300.0
"""K19 counts what can be reached within five minutes."""


@dataclass(slots=True)
class _Kept:
    """What a process keeps of one centre."""

    key: tuple[str, int, str]  # network, hour, closures
    coverage: Coverage
    stand: dict[int, UnitPoint] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Now:
    """The coverage at a moment: seconds per node, the demand, and who was counted."""

    coverage: Coverage
    seconds: Floats
    demand: Demand
    units: int

    def share(self, within_s: float = WITHIN_S) -> float:
        """Return K19: the share of the demand within reach."""
        return share(self.seconds, self.demand.weights, within_s)


@dataclass(frozen=True, slots=True)
class Left:
    """K19 now and after sending each of some units, as shares from 0 to 1."""

    now: float
    after: dict[int, float]


_kept: dict[int, _Kept] = {}
_lock = threading.RLock()


def covering(centre_id: int, now: dt.datetime, without: int = 0) -> Now | None:
    """Return the coverage of the available units with a fresh position, as if unit `without` were sent; None where no
    network is loaded."""
    network = store.current(centre_id)
    if network is None:
        return None
    closed, hour = closed_now(centre_id, network, now), hour_of(now)
    units = {unit[0]: unit for unit in available(centre_id, now)}
    with _lock:
        key = (network.digest, hour, closed.key)
        kept = _kept.get(centre_id)
        if kept is None or kept.key != key:
            kept = _kept[centre_id] = _Kept(key, Coverage(network, hour, closed=closed))
        _bring_up(kept, units)
        # The kept field moves on with the next question of another thread: what is handed out is read here, locked.
        seconds = kept.coverage.without(without) if without else kept.coverage.seconds()
        return Now(kept.coverage, seconds, demand(centre_id, network, now), len(units))


def _bring_up(kept: _Kept, units: dict[int, UnitPoint]) -> None:
    """Move what has moved; lay the whole field anew when that is less work."""
    gone = [unit for unit in kept.stand if unit not in units]
    moved = [unit for one, unit in units.items() if _has_moved(kept.stand.get(one), unit)]
    if len(gone) + len(moved) > max(4, len(units) // 3):
        kept.coverage.field(units.values())
        kept.stand = dict(units)
        return
    for one in gone:
        kept.coverage.remove(one)
        del kept.stand[one]
    for unit in moved:
        kept.coverage.move(unit[0], (unit[1], unit[2]), unit[3])
        kept.stand[unit[0]] = unit


def _has_moved(before: UnitPoint | None, unit: UnitPoint) -> bool:
    return before is None or before[3] != unit[3] or distance_m(*before[1:3], *unit[1:3]) > MOVED_M


def available(centre_id: int, now: dt.datetime) -> list[UnitPoint]:
    """Return the units that could be sent at once, with a fresh and credible position."""
    rows = Unit.objects.filter(
        centre_id=centre_id,
        ended_at__isnull=True,
        status=Status.AVAILABLE,
        position__fixed_at__gte=now - FRESH,
        position__suspect=False,
    ).exclude(kind__in=NEVER_SENT)
    return list(rows.values_list("id", "position__lat", "position__lng", "kind"))


def after_sending(centre_id: int, units: Iterable[int], now: dt.datetime, within_s: float = WITHIN_S) -> Left | None:
    """Return K19 now and after sending each of some units alone; None where no network is loaded."""
    with _lock:
        found = covering(centre_id, now)
        if found is None:
            return None
        weights = found.demand.weights
        after = {unit: share(found.coverage.without(unit), weights, within_s) for unit in units}
    return Left(found.share(within_s), after)

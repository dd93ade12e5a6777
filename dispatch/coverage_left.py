"""The 5-minute coverage that remains after sending a unit (K19), for the first candidates of a ranking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.ranking import UnitState
from patrol.roads import live


@dataclass(frozen=True, slots=True)
class CoverageLeft:
    """Share of demand (0 to 1) within five minutes now, and after sending each unit."""

    now: float
    after: dict[int, float]


def after_sending(centre_id: int, first: Iterable[UnitState], now: dt.datetime) -> CoverageLeft | None:
    """Return what remains after sending each of the first units; None where no network is loaded. A unit that covers
    nothing now, because it is busy, takes nothing away."""
    found = live.after_sending(centre_id, [unit.unit_id for unit in first], now)
    if found is None:
        return None
    return CoverageLeft(round(found.now, 4), {unit: round(share, 4) for unit, share in found.after.items()})

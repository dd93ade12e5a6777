"""The 5-minute coverage that remains after sending a unit (K19), for the first candidates of a ranking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.ranking import UnitState


@dataclass(frozen=True, slots=True)
class CoverageLeft:
    """Share of demand (0 to 1) within five minutes now, and after sending each unit."""

    now: float
    after: dict[int, float]


def after_sending(
    centre_id: int, units: Iterable[UnitState], first: Iterable[UnitState], now: dt.datetime
) -> CoverageLeft | None:
    """Return what remains after sending each of the first units; None where no network is loaded."""
    return None

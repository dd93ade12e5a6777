"""The roads of units to a place, as the ranking takes them; without a network the ranking draws the straight line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from dispatch.ranking import UnitState, Way


def ways(
    centre_id: int, units: Iterable[UnitState], lat: float, lng: float, now: dt.datetime, *, emergency: bool
) -> dict[int, Way]:
    """Return the road of every unit that has a position, by unit id."""
    return {}

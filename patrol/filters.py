"""Reasons to refuse or doubt a fix, one predicate each (A51, style: Traccar). Pure."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass

FUTURE_ALLOWED = dt.timedelta(seconds=10)
OLD_AFTER = dt.timedelta(hours=12)
FASTEST_KMH = 250.0
COARSEST_M = 2_000.0
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class FixIn:
    """A fix in WGS-84 as it came in."""

    unit_id: int
    lat: float
    lng: float
    fixed_at: dt.datetime
    accuracy_m: float | None = None
    speed_kmh: float | None = None
    heading: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Last:
    """The last position taken."""

    lat: float
    lng: float
    fixed_at: dt.datetime


def from_the_future(fix: FixIn, last: Last | None, now: dt.datetime) -> bool:
    """The device claims a moment that has not come."""
    return fix.fixed_at > now + FUTURE_ALLOWED


def too_old(fix: FixIn, last: Last | None, now: dt.datetime) -> bool:
    """Older than an offline queue may hold."""
    return fix.fixed_at < now - OLD_AFTER


def too_coarse(fix: FixIn, last: Last | None, now: dt.datetime) -> bool:
    """An accuracy of kilometres places nobody."""
    return fix.accuracy_m is not None and fix.accuracy_m > COARSEST_M


def repeated(fix: FixIn, last: Last | None, now: dt.datetime) -> bool:
    """The same moment again: a retry of the batch."""
    return last is not None and fix.fixed_at == last.fixed_at


def impossibly_fast(fix: FixIn, last: Last | None, now: dt.datetime) -> bool:
    """Faster than any unit since the last fix (300 km in 5 s); a helicopter is slower."""
    if last is None:
        return False
    seconds = abs((fix.fixed_at - last.fixed_at).total_seconds())
    metres = flat_distance_m(fix.lat, fix.lng, last.lat, last.lng)
    return metres > 200 and metres / max(seconds, 1.0) * 3.6 > FASTEST_KMH


REFUSED: dict[str, Callable[[FixIn, Last | None, dt.datetime], bool]] = {
    "from_the_future": from_the_future,
    "too_old": too_old,
    "too_coarse": too_coarse,
    "repeated": repeated,
}


def refusal(fix: FixIn, last: Last | None, now: dt.datetime) -> str:
    """Return why a fix is not taken, or ""."""
    return next((reason for reason, applies in REFUSED.items() if applies(fix, last, now)), "")


def flat_distance_m(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Return metres on a flat earth; good to a per mille over a city."""
    dy = (lat2 - lat1) * METRES_PER_DEGREE
    dx = (lng2 - lng1) * METRES_PER_DEGREE * math.cos(math.radians((lat1 + lat2) / 2))
    return math.hypot(dx, dy)

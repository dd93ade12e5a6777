"""Departure and arrival as the positions show them (domain 8): beside the buttons, never merged with them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from incidents.geo import distance_m

FAR_M: Final = 100.0  # from the place of acceptance: departed; to the incident: arrived
FRESH_S: Final = 15.0
SHARP_M: Final = 50.0


@dataclass(frozen=True, slots=True)
class Fix:
    """One fix of a track."""

    at: dt.datetime
    received_at: dt.datetime
    lat: float
    lng: float
    accuracy_m: float | None

    @property
    def age_s(self) -> float:
        """Return how old it was when it came in."""
        return max(0.0, (self.received_at - self.at).total_seconds())


def departure(track: Sequence[Fix], accepted_at: dt.datetime) -> Fix | None:
    """Return the first fix more than 100 m from the place of acceptance. `track` is sorted by time and begins before
    the acceptance where it can."""
    before = [fix for fix in track if fix.at <= accepted_at]
    after = [fix for fix in track if fix.at > accepted_at]
    start = before[-1] if before else after[0] if after else None
    if start is None:
        return None
    return next((fix for fix in after if distance_m(start.lat, start.lng, fix.lat, fix.lng) > FAR_M), None)


def arrival(track: Sequence[Fix], lat: float, lng: float, since: dt.datetime) -> Fix | None:
    """Return the first of two consecutive fixes, each at most 15 s old, sharp to 50 m and within 100 m of the place."""
    later = [fix for fix in track if fix.at >= since]
    return next((one for one, other in pairwise(later) if near(one, lat, lng) and near(other, lat, lng)), None)


def near(fix: Fix, lat: float, lng: float) -> bool:
    """Tell whether a fix may count as being there."""
    sharp = fix.accuracy_m is not None and fix.accuracy_m <= SHARP_M
    return sharp and fix.age_s <= FRESH_S and distance_m(fix.lat, fix.lng, lat, lng) <= FAR_M

"""What a patrol is told of the warnings around it: nearby, of this shift (巡逻提示)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from dispatch.prevention import past
from dispatch.prevention.model import HOURS
from dispatch.prevention.models import PreventionWarning
from incidents.geo import distance_m
from incidents.row import Json
from patrol.models import Position

NEAR_M: Final = 3_000.0
AT_MOST: Final = 12
SHIFT_HOURS: Final = 8
HIDDEN: Final = (PreventionWarning.Kind.REPEAT_CALLER, PreventionWarning.Kind.SERIES)


def hints(centre_id: int, unit_id: int, now: dt.datetime) -> list[Json]:
    """Return what a unit on patrol is told of the next eight hours within three kilometres, what holds now first: place, kind, reason, distance, and whether its hours are now; no caller, no words of
    a caller."""
    spot = Position.objects.filter(unit_id=unit_id).first()
    if spot is None:
        return []
    standing = PreventionWarning.objects.filter(centre_id=centre_id, lat__isnull=False, valid_until__gt=now)
    standing = standing.exclude(state=PreventionWarning.State.ENDED).exclude(kind__in=HIDDEN)
    told = []
    for row in standing:
        assert row.lat is not None and row.lng is not None
        metres = distance_m(spot.lat, spot.lng, row.lat, row.lng)
        starts_in = hours_until(row, now)
        if metres <= NEAR_M and starts_in < SHIFT_HOURS:
            told.append({**hint(row), "metres": round(metres), "now": starts_in == 0})
    return sorted(told, key=lambda one: (not one["now"], one["metres"]))[:AT_MOST]


def hint(row: PreventionWarning) -> Json:
    """Return what a unit sees of a warning."""
    names = ("id", "kind", "type_group", "place_text", "point", "radius_m", "hour", "hours", "reason", "state")
    told = row.row()
    return {name: told[name] for name in names}


def hours_until(row: PreventionWarning, now: dt.datetime) -> int:
    """Return in how many hours the hours of a warning begin; 0 while they last, and for one without hours."""
    if row.hour is None or row.hours is None:
        return 0
    ahead = (row.hour - int(past.day_of(now) * 24)) % HOURS
    return 0 if HOURS - ahead < row.hours else ahead

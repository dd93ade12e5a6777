"""A fleet as it stood and worked, and the same one changed: posts, units, shifts. Pure; moments are seconds of the epoch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

DAY_S: Final = 86_400.0
CITY_OFFSET_S: Final = 8 * 3_600.0
AVAILABLE: Final = "available"
MOVE, REMOVE, ADD, SHIFT = "move", "remove", "add", "shift"

Change = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """A time from `start` to before `end`, and the status that a unit had in it."""

    start: float
    end: float
    status: str = AVAILABLE


@dataclass(frozen=True, slots=True)
class Stand:
    """One unit at one post: when it was on duty there, and when it was not free for a reason of its own (a break, a
    task, an order that only this unit could get)."""

    unit: int  # negative: a unit that does not exist
    call_sign: str
    kind: str
    lat: float
    lng: float
    duty: tuple[Span, ...]
    away: tuple[Span, ...] = ()
    equipment: tuple[str, ...] = ()
    armed: bool = False
    carries_detainees: bool = False
    belongs: tuple[int, ...] = ()
    beat: str = ""  # as the roster names it

    def status(self, now: float) -> str:
        """Return what it does at a moment when no order holds it; "" off duty."""
        if within(self.duty, now) is None:
            return ""
        found = within(self.away, now)
        return found.status if found else AVAILABLE

    def duty_s(self, since: float, until: float) -> float:
        """Return the seconds on duty within a time."""
        return sum(max(0.0, min(one.end, until) - max(one.start, since)) for one in self.duty)


def within(spans: Sequence[Span], now: float) -> Span | None:
    """Return the span of an ordered list, none over another, that a moment lies in."""
    at = bisect_right(spans, now, key=lambda one: one.start) - 1
    return spans[at] if at >= 0 and now < spans[at].end else None


def ordered(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Put spans in order; of two that overlap the later one begins where the earlier one ends."""
    found: list[Span] = []
    for one in sorted(spans, key=lambda span: (span.start, span.end)):
        start = max(one.start, found[-1].end) if found else one.start
        if one.end > start:
            found.append(replace(one, start=start))
    return tuple(found)


def changed(stands: Sequence[Stand], changes: Sequence[Change], since: float, until: float) -> list[Stand]:
    """Return the fleet with changes made one after the other; units that are added are on duty on each day of the
    period."""
    found = list(stands)
    for number, change in enumerate(changes, 1):
        if change["kind"] == ADD:
            found.append(added(change, -number, since, until))
        else:
            found = [one for old in found if (one := of_unit(old, change)) is not None]
    return found


def of_unit(old: Stand, change: Change) -> Stand | None:
    """Return a stand after a change, itself when the change is about another unit; None when it is taken away."""
    if old.unit != change["unit"]:
        return old
    if change["kind"] == REMOVE:
        return None
    if change["kind"] == MOVE:
        return replace(old, lat=change["lat"], lng=change["lng"])
    by = change["minutes"] * 60.0
    return replace(old, duty=moved(old.duty, by), away=moved(old.away, by))


def moved(spans: Iterable[Span], by: float) -> tuple[Span, ...]:
    """Return spans so many seconds later."""
    return tuple(replace(one, start=one.start + by, end=one.end + by) for one in spans)


def added(change: Change, unit: int, since: float, until: float) -> Stand:
    """Return a unit that does not exist, on duty at the same hours of each day, those of the night over midnight."""
    start, end = change["from_minute"] * 60.0, change["to_minute"] * 60.0
    length = (end - start) % DAY_S or DAY_S
    midnight = (since + CITY_OFFSET_S) // DAY_S * DAY_S - CITY_OFFSET_S
    days = int((until - midnight) // DAY_S) + 2
    duty = [Span(midnight + day * DAY_S + start, midnight + day * DAY_S + start + length) for day in range(-1, days)]
    return Stand(unit, change["call_sign"], change["unit_kind"], change["lat"], change["lng"], ordered(duty))

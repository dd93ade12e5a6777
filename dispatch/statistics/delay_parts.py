"""Where the time of a late arrival went: parts that add up to the elapsed time, and the delay dealt among them so that
it adds up as well (docs/statistics.md, "Where a delay comes from"). Pure, in whole milliseconds.

Clock A begins at the answer, so the ringing lies before its zero: it is told beside the parts and is none of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Span = tuple[dt.datetime, dt.datetime]
Parts = dict[str, int]  # milliseconds

ENTRY, ORDER, NO_UNIT, REORDER = "entry", "order", "no_unit", "reorder"
DELIVERY, ACCEPTANCE, TURNOUT, WRONG_ADDRESS, TRAVEL = "delivery", "acceptance", "turnout", "wrong_address", "travel"
PARTS = (ENTRY, ORDER, NO_UNIT, REORDER, DELIVERY, ACCEPTANCE, TURNOUT, WRONG_ADDRESS, TRAVEL)
CHAIN = (ENTRY, ORDER, REORDER, DELIVERY, ACCEPTANCE, TURNOUT)  # travel follows, to the end
# No rule of the service limits these two: the entry has none, and five minutes until departure (R25) are as long as the
# whole arrival. So they are ours.
ENTRY_S, TURNOUT_S = 60, 60
MOVED_M = 150.0  # a place that moved so far after the departure was the wrong one before
EPOCH, MILLISECOND = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.timedelta(milliseconds=1)


class Rule(Protocol):
    """The limits of a priority (`incidents.limits.Limits`), as far as they are norms."""

    @property
    def order_within(self) -> dt.timedelta:
        """From the place to the order."""

    @property
    def deliver_within(self) -> dt.timedelta:
        """From the order to the delivery."""

    @property
    def accept_within(self) -> dt.timedelta:
        """From the order to the acceptance."""

    @property
    def depart_within(self) -> dt.timedelta:
        """From the order to the departure."""


@dataclass(frozen=True, slots=True)
class Way:
    """The moments of one event on clock A. A step that nobody stamped, or that a later one only implied, is None."""

    answered_at: dt.datetime
    end_at: dt.datetime  # arrival, else when nobody was on the way any more, else now
    reached: bool
    ring_at: dt.datetime | None = None
    placed_at: dt.datetime | None = None
    first_order_at: dt.datetime | None = None
    order_at: dt.datetime | None = None  # of the order that counts
    delivered_at: dt.datetime | None = None
    accepted_at: dt.datetime | None = None
    departed_at: dt.datetime | None = None
    corrected_at: dt.datetime | None = None  # when the wrong place was put right, after the departure
    nobody: Sequence[Span] = ()  # when no unit of the centre could be sent
    near_s: float | None = None  # how long the nearest unit was expected to need, from its order


def split(way: Way, limit_ms: int) -> Parts:
    """Split the time from the answer to the end into all parts; they add up to `elapsed_ms(way)`, none is negative.

    The steps follow each other; whatever the order of the stamps, a step never begins before the one before it ends. The
    time of a step that nobody stamped belongs to the next one that somebody did.
    """
    parts = dict.fromkeys(PARTS, 0)
    end, at = elapsed_ms(way), 0
    for name, moment in steps(way):
        until = end if moment is None else min(max(offset(way, moment), at), end)
        parts[name] += until - at
        if name == ORDER:
            move(parts, ORDER, NO_UNIT, overlap(way, at, until))
        if name == TRAVEL:
            carve_travel(parts, way, at, limit_ms)
        at = until
        if moment is None:
            break
    return parts


def steps(way: Way) -> list[tuple[str, dt.datetime | None]]:
    """Return the steps with the moments at which they ended; None runs until the end. A place accepted after the first
    order was not waited for: the entry ended with that order."""
    ready = min([one for one in (way.placed_at, way.first_order_at) if one is not None], default=None)
    moments = (ready, way.first_order_at, way.order_at, way.delivered_at, way.accepted_at, way.departed_at)
    last = max((index for index, moment in enumerate(moments) if moment is not None), default=-1)
    known = [(name, moment) for name, moment in zip(CHAIN, moments, strict=True) if moment is not None]
    running = TRAVEL if way.reached or last + 1 == len(CHAIN) else CHAIN[last + 1]
    return [*known, (running, None)]


def carve_travel(parts: Parts, way: Way, began: int, limit_ms: int) -> None:
    """Take from the drive what the wrong place cost, then what even the nearest unit would have been late by."""
    if way.corrected_at is not None:
        move(parts, TRAVEL, WRONG_ADDRESS, offset(way, way.corrected_at) - began)
    if way.near_s is not None:
        move(parts, TRAVEL, NO_UNIT, round(way.near_s * 1000) - limit_ms)


def move(parts: Parts, of: str, to: str, amount: int) -> None:
    """Move milliseconds from one part to another, at most what it has."""
    taken = min(max(amount, 0), parts[of])
    parts[of] -= taken
    parts[to] += taken


def overlap(way: Way, since: int, until: int) -> int:
    """Return how many milliseconds of a span nobody could be sent; spans that overlap each other count once."""
    total, at = 0, since
    for begin, end in sorted(way.nobody):
        first, last = max(offset(way, begin), at), min(offset(way, end), until)
        if last > first:
            total += last - first
            at = last
    return total


def whole_ms(moment: dt.datetime) -> int:
    """Return the whole milliseconds from 1970 to a moment: every moment is cut to them before two are compared, so that
    whatever spans are added add up."""
    return (moment - EPOCH) // MILLISECOND


def offset(way: Way, moment: dt.datetime) -> int:
    """Return the milliseconds from the answer to a moment."""
    return whole_ms(moment) - whole_ms(way.answered_at)


def elapsed_ms(way: Way) -> int:
    """Return the milliseconds that clock A shows at the end."""
    return max(0, offset(way, way.end_at))


def ringing_ms(way: Way) -> int | None:
    """Return the milliseconds from the first ring to the answer, before clock A; None where nothing rang."""
    return None if way.ring_at is None else max(0, -offset(way, way.ring_at))


def norms(rule: Rule, limit_ms: int) -> Parts:
    """Return what each part may take by the limits of a priority (R13, 7.2); the drive has what these leave of the
    arrival limit. What should not be there at all has nothing."""
    deliver, accept = in_ms(rule.deliver_within), in_ms(rule.accept_within)
    found = {
        **dict.fromkeys(PARTS, 0),
        ENTRY: ENTRY_S * 1000,
        ORDER: in_ms(rule.order_within),
        DELIVERY: deliver,
        ACCEPTANCE: max(0, accept - deliver),
        TURNOUT: min(TURNOUT_S * 1000, max(0, in_ms(rule.depart_within) - accept)),
    }
    return {**found, TRAVEL: max(0, limit_ms - sum(found.values()))}


def in_ms(span: dt.timedelta) -> int:
    """Return a span in milliseconds."""
    return round(span / MILLISECOND)


def excess(parts: Mapping[str, int], allowed: Mapping[str, int]) -> Parts:
    """Return what each part took beyond its norm."""
    return {name: max(0, parts[name] - allowed[name]) for name in PARTS}


def deal(parts: Mapping[str, int], allowed: Mapping[str, int], limit_ms: int) -> Parts:
    """Deal the delay (elapsed − limit) among the parts; the shares add up to it, none is negative or more than its part.

    By what is beyond the norms where that covers the delay. Where it does not, all of it counts, and the rest of the
    delay is dealt by the time within the norms: each was kept, but together they were too long.
    """
    delay = max(0, sum(parts.values()) - limit_ms)
    over = excess(parts, allowed)
    beyond = sum(over.values())
    if beyond >= delay:
        return in_proportion(delay, over)
    rest = in_proportion(delay - beyond, {name: parts[name] - over[name] for name in PARTS})
    return {name: over[name] + rest[name] for name in PARTS}


def in_proportion(amount: int, weights: Mapping[str, int]) -> Parts:
    """Deal whole milliseconds by weight; what rounding leaves goes to the largest remainders, in the order of the
    parts."""
    found, total = dict.fromkeys(PARTS, 0), sum(weights.values())
    if not total or not amount:
        return found
    rests: list[tuple[int, str]] = []
    for name in PARTS:
        if weights[name]:
            found[name], rest = divmod(amount * weights[name], total)
            rests.append((-rest, name))
    left = amount - sum(found.values())
    rests.sort(key=lambda one: one[0])  # keeps the order of the parts among equal ones
    for _rest, name in rests[:left]:
        found[name] += 1
    return found

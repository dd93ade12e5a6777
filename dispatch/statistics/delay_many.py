"""The delays of many late events at once: the same parts and shares as `delay_parts` splits one into, over their
records. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.statistics.delay_parts import CHAIN, NO_UNIT, ORDER, PARTS, TRAVEL, WRONG_ADDRESS, Parts, Span, whole_ms
from dispatch.statistics.late_records import NONE, Records
from dispatch.statistics.sums import Ints

Truths = NDArray[np.bool_]
AT = {name: at for at, name in enumerate(PARTS)}
CHAIN_AT = np.array([AT[name] for name in CHAIN])
LARGE = 1 << 31  # milliseconds: beyond, a product of two spans does not fit into 64 bits


@dataclass(frozen=True, slots=True)
class Nobody:
    """Spans in which nobody could be sent, that do not overlap, as milliseconds; and how long all before each took."""

    begins: Ints
    ends: Ints
    before: Ints

    @classmethod
    def of(cls, spans: Sequence[Span]) -> Nobody:
        """Take spans, oldest first."""
        found = np.array([[whole_ms(begin), whole_ms(end)] for begin, end in spans], dtype=np.int64).reshape(-1, 2)
        lengths = found[:, 1] - found[:, 0]
        return cls(found[:, 0], found[:, 1], np.concatenate([[0], np.cumsum(lengths)]))

    def until(self, moments: Ints) -> Ints:
        """Return how long nobody could be sent before each of some moments."""
        if not len(self.begins):
            return np.zeros_like(moments)
        at = np.searchsorted(self.begins, moments, side="right")
        last_end = np.where(at > 0, self.ends[at - 1], NONE)
        return np.asarray(self.before[at] - np.maximum(0, last_end - moments) * (at > 0))


@dataclass(frozen=True, slots=True)
class Terms:
    """What events are held against: the limit, the norms of each priority, how old a position may be, up to which priority
    a unit may be taken from its task, and when nobody could be sent, for these priorities and for the others."""

    limit_ms: int
    norms: Mapping[int, Parts]
    never_after_s: float
    divert_up_to: int
    nobody_urgent: Nobody
    nobody_other: Nobody

    def waited(self, records: Records, since: Ints, until: Ints) -> Ints:
        """Return how long nobody could be sent between two moments of each event, told from its answer."""
        begin, end = records["answered_at"] + since, records["answered_at"] + until
        urgent, other = (one.until(end) - one.until(begin) for one in (self.nobody_urgent, self.nobody_other))
        return np.where(records["priority"] <= self.divert_up_to, urgent, other)


def split(records: Records, terms: Terms, now: dt.datetime) -> Ints:
    """Return the milliseconds of every part (columns in the order of PARTS) of every event (rows)."""
    answered = records["answered_at"]
    end = np.maximum(np.where(records["end_at"] == NONE, whole_ms(now), records["end_at"]) - answered, 0)
    placed, first = records["placed_at"], records["first_order_at"]
    ready = np.where(placed == NONE, first, np.where(first == NONE, placed, np.minimum(placed, first)))
    steps = [ready, first, *(records[name] for name in ("order_at", "delivered_at", "accepted_at", "departed_at"))]
    parts = np.zeros((len(records), len(PARTS)), dtype=np.int64, order="F")  # worked on column by column
    at, last = np.zeros_like(end), np.full(len(records), -1)
    for number, moment in enumerate(steps):
        known = moment != NONE
        until = np.where(known, np.minimum(np.maximum(moment - answered, at), end), at)
        parts[:, CHAIN_AT[number]] += until - at
        if CHAIN[number] == ORDER:
            move(parts, ORDER, NO_UNIT, terms.waited(records, at, until))
        at, last = until, np.where(known, number, last)
    travels = records["reached"] | (last + 1 == len(CHAIN))
    running = np.where(travels, AT[TRAVEL], CHAIN_AT[np.minimum(last + 1, len(CHAIN) - 1)])
    parts[np.arange(len(records)), running] += end - at
    move(parts, ORDER, NO_UNIT, terms.waited(records, at, end) * (running == AT[ORDER]))
    carve_travel(parts, records, at, terms)
    return parts


def carve_travel(parts: Ints, records: Records, began: Ints, terms: Terms) -> None:
    """Take from the drives what wrong places cost, then what even the nearest unit would have been late by."""
    corrected = records["corrected_at"]
    wrong = np.where(corrected == NONE, 0, corrected - records["answered_at"] - began)
    move(parts, TRAVEL, WRONG_ADDRESS, wrong)
    fresh = records["fix_age_s"] <= terms.never_after_s  # what is not a number is not fresh
    near = np.fmin(np.where(fresh, records["expected_s"], np.nan), records["first_expected_s"])
    beyond = np.where(np.isnan(near), 0, np.rint(np.nan_to_num(near) * 1000).astype(np.int64) - terms.limit_ms)
    move(parts, TRAVEL, NO_UNIT, beyond)


def move(parts: Ints, of: str, to: str, amount: Ints) -> None:
    """Move milliseconds from one part to another, at most what it has."""
    taken = np.minimum(np.maximum(amount, 0), parts[:, AT[of]])
    parts[:, AT[of]] -= taken
    parts[:, AT[to]] += taken


def deal(parts: Ints, priorities: Ints, terms: Terms) -> Ints:
    """Deal the delay of each event among its parts, as `delay_parts.deal` does it for one."""
    delay = np.maximum(0, parts.sum(axis=1) - terms.limit_ms)
    allowed = np.zeros_like(parts)
    for priority, norm in terms.norms.items():
        allowed[priorities == priority] = [norm[name] for name in PARTS]
    over = np.maximum(0, parts - allowed)
    beyond = over.sum(axis=1)
    covered = beyond >= delay
    dealt = np.where(covered[:, None], 0, over)
    amounts = np.where(covered, delay, delay - beyond)
    return np.asarray(dealt + in_proportion(amounts, np.where(covered[:, None], over, parts - over)))


def in_proportion(amounts: Ints, weights: Ints) -> Ints:
    """Deal whole milliseconds by weight, row by row; what rounding leaves goes to the largest remainders."""
    total = weights.sum(axis=1)
    share = np.maximum(total, 1)[:, None]
    found, rest = np.divmod(amounts[:, None] * weights, share)
    large = np.flatnonzero((amounts >= LARGE) | (total >= LARGE))
    if len(large):
        exact = amounts[large, None].astype(object) * weights[large]  # whole numbers of any size
        found[large], rest[large] = exact // share[large], exact % share[large]
    left = np.where(total > 0, amounts - found.sum(axis=1), 0)
    found += ranks(rest) < left[:, None]
    return np.asarray(found)


def ranks(values: Ints) -> Ints:
    """Return the rank of each value in its row, 0 the largest; equal ones keep their order. By pairs of columns: there are
    nine, and sorting a hundred thousand short rows takes five times as long."""
    found = np.zeros(values.shape, dtype=np.int8, order="F")
    columns = [np.ascontiguousarray(column) for column in values.T]
    for later, column in enumerate(columns):
        for earlier in range(later):
            larger = (column > columns[earlier]).view(np.int8)
            found[:, earlier] += larger
            found[:, later] += 1 - larger
    return found.astype(np.int64)

"""Marks: what one fact counts for, each packed into one whole number. Pure.

A mark is `measure << 20 | value`. A measure holds either durations in whole seconds (rounded up, so that "up to 300 s"
stays true), or an outcome, or an amount. Counting marks is all that the statistics ever store: counts of days, units or
cities are added, and every share and percentile is computed from the added counts, never from other shares.

A number once given to a measure is never given to another one; a changed meaning is a new measure and a new VERSION.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum

VERSION = 6  # of the definitions: facts counted under another version are counted again
BITS = 20
MOST = (1 << BITS) - 1
OPEN_TIME = MOST  # among durations: nothing has ended yet
LOST_TIME = MOST - 1  # among answer times: the call was lost
LONGEST = MOST - 16  # seconds: twelve days; whatever took longer counts as this long


class Kind(IntEnum):
    """What a fact is about; each kind has its own moment by which it belongs to a day."""

    INCIDENT = 1  # the answer of the earliest call (clock A)
    ORDER = 2  # its dispatch
    CALL = 3  # its first ring
    CALLBACK = 4  # the asking
    SUPERVISION = 5  # the date by which it was due
    TRANSFER = 6  # its sending
    PARTY = 7  # the recovery
    SUSPECT = 8  # the arrest
    CLEARED = 9  # the first arrest that cleared the incident along
    FUSION = 10  # the asking


class Outcome(IntEnum):
    """Outcomes of a measure that is a share."""

    HIT = 0
    MISS = 1
    OPEN = 2
    NOT_STARTED = 3
    OUTSIDE = 4
    NO_TIME = 5  # this source knows no moment
    EX1 = 11
    EX2 = 12
    EX3 = 13
    EX4 = 14
    EX5 = 15
    EX6 = 16
    LATE_EX5 = 25  # declared needless only after the limit


EXCLUDED = {f"EX{number}": Outcome(10 + number) for number in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted. `slot` says in which part of a cell its counts lie: what is asked together is read
    together."""

    number: int
    name: str
    kind: Kind
    slot: int = 0


CLOCKS = ("A", "B")
SOURCES = ("button", "position", "published")
_BASE, _PUBLISHED = 6, 7
_T_SLOT = {("A", "published"): 1, ("B", "published"): 2, ("A", "button"): 3, ("B", "button"): 3}
_RATES = [(key, clock, source) for key in ("K7", "K8") for clock in CLOCKS for source in SOURCES]
_TIMES = [(clock, source) for clock in CLOCKS for source in SOURCES]
I, O = Kind.INCIDENT, Kind.ORDER  # noqa: E741
_ALL = [
    *(
        Measure(1 + at, f"{key}.{clock}.{source}", I, _PUBLISHED if source == "published" else 0)
        for at, (key, clock, source) in enumerate(_RATES)
    ),
    *(Measure(13 + at, f"base.{source}", I, _BASE) for at, source in enumerate(SOURCES)),
    *(
        Measure(16 + at, f"K9.{clock}.{source}", I, _T_SLOT.get((clock, source), 4))
        for at, (clock, source) in enumerate(_TIMES)
    ),
    Measure(22, "K2", I, 5),
    Measure(23, "K3", I, 5),
    Measure(24, "K3.place", I),
    Measure(25, "K9.source", I, _BASE),
    Measure(26, "K17.late", I),
    Measure(27, "K14.loss", I),
    Measure(28, "K14.loss_thousands", I, 5),
    Measure(29, "K14.loss_yuan", I, 5),
    Measure(30, "K14.recovered_thousands", I, 5),
    Measure(31, "K14.recovered_yuan", I, 5),
    Measure(32, "delay", I),
    Measure(33, "K13", I),
    Measure(34, "funnel.accept", I, 5),
    Measure(35, "funnel.arrive", I, 5),
    Measure(36, "funnel.close", I, 5),
    Measure(37, "times.type", I),
    Measure(40, "orders", O),
    Measure(41, "needless", O),
    Measure(42, "K4", O, 1),
    Measure(43, "K5.published", O, 2),
    Measure(44, "K5.button", O, 3),
    Measure(45, "K5.position", O, 3),
    Measure(46, "K6.order", O, 4),
    Measure(47, "K6.finish", O, 4),
    Measure(48, "K10.arrive", O, 5),
    Measure(49, "K10.depart", O, 5),
    Measure(50, "K10.known", O),
    Measure(51, "times.by", O),
    Measure(52, "times.claim", O, 5),
    Measure(53, "times.corrected", O),
    Measure(60, "K1", Kind.CALL, 1),
    Measure(61, "K18.kind", Kind.CALL),
    Measure(62, "K18.validity", Kind.CALL),
    Measure(70, "K11.handling", Kind.CALLBACK),
    Measure(71, "K11.taking", Kind.CALLBACK),
    Measure(80, "K15", Kind.SUPERVISION),
    Measure(90, "K18.transfer", Kind.TRANSFER),
    Measure(91, "K18.receipt", Kind.TRANSFER, 1),
    Measure(100, "K12.vehicles", Kind.PARTY),
    Measure(101, "K14.items", Kind.PARTY),
    Measure(110, "K12.suspects", Kind.SUSPECT),
    Measure(111, "K12.cleared", Kind.CLEARED),
    Measure(120, "K16.accept", Kind.FUSION, 1),
    Measure(121, "K16.lock", Kind.FUSION, 1),
    Measure(122, "K16.arrest", Kind.FUSION, 1),
    Measure(123, "K16.result", Kind.FUSION),
]
MEASURES = {one.name: one for one in _ALL}
LOWEST = {one.name: one.number << BITS for one in _ALL}
BY_NUMBER = {one.number: one for one in _ALL}
SLOTS = 8


def mark(measure: str, value: int) -> int:
    """Return the mark of a value of a measure."""
    return LOWEST[measure] | value


def lowest(measure: str) -> int:
    """Return the lowest mark of a measure; the highest is `lowest + MOST`."""
    return LOWEST[measure]


def seconds(start: dt.datetime | None, end: dt.datetime | None) -> int | None:
    """Return the whole seconds from one moment to another, rounded up; None while one of them is missing. A moment
    before its start (a position that came in before the button) counts as 0."""
    if start is None or end is None:
        return None
    taken = end - start
    return within_range(taken.days * 86_400 + taken.seconds + (taken.microseconds > 0))


def within_range(value: int) -> int:
    """Return a duration that a mark can hold."""
    return min(max(value, 0), LONGEST)


def time_mark(measure: str, value: int | None) -> int:
    """Return the mark of a duration; None is "nothing yet"."""
    return mark(measure, OPEN_TIME if value is None else within_range(value))

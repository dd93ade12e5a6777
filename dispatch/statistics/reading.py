"""Reading cubes: cells of years and months as far as they are rolled up, of days otherwise; and what still turns.

The cost depends on how many cells are asked for and never on how many incidents they were counted from.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dispatch.statistics import facets
from dispatch.statistics.asked import Question, begin_of
from dispatch.statistics.cells import PAIR_BYTES
from dispatch.statistics.cube import Cube
from dispatch.statistics.marks import MEASURES, Kind
from dispatch.statistics.months import month_of, rolled_up, year_end, years_rolled_up
from dispatch.statistics.query import fetch, fetch_binary
from dispatch.statistics.sums import Ints

SPLIT = "~"  # between value and time in the name of a group
# The slots of a cell come as one piece, and so do those of all dates that count together: sums laid behind one another
# are still sums.
CELLS = """
SELECT facet, {date}, {piece} FROM dispatch_count_cell
WHERE centre_id = %(centre)s AND kind = %(kind)s AND urgent = %(urgent)s AND monthly = %(monthly)s
  AND dimension = %(dimension)s AND date = ANY(%(dates)s){more}
"""
DATE = {
    "": "NULL::date",
    "day": "date",
    "week": "date_trunc('week', date)::date",
    "month": "date_trunc('month', date)::date",
}  # which dates count together, by the time that somebody asks by
TURNING = """
SELECT day, facets, turns FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND turns_until >= %(now)s AND day >= %(first)s AND day <= %(last)s
  AND (NOT %(urgent)s OR urgent)
"""


@dataclass(frozen=True, slots=True)
class Read:
    """Cubes by kind of fact, all over the same groups."""

    groups: list[str]
    cubes: dict[Kind, Cube]


class Grouping:
    """To which group a facet on a date belongs. By value the groups come out as they are met; by time, and by the hours
    of the week, every one is there, also one without anything."""

    def __init__(self, question: Question) -> None:
        """Take the question apart."""
        self.names = values_of(question)
        self.per = question.per
        self.groups: dict[str, int] = {}
        self.lines: dict[str, int] = {}  # of a split: each value, on times of its own
        self.times = sorted({begin_of(day, self.per).isoformat() for day in question.period.days()})
        if question.split:
            self.lines = {name: at for at, name in enumerate(sorted(set(self.names.values())))}
            begins = [f"{name}{SPLIT}{time}" for name in self.lines for time in self.times]
        elif self.per:
            begins = self.times
        elif question.value is not None or question.by == "all":
            begins = [question.value or ""]
        else:
            begins = sorted(set(self.names.values())) if "slot" in (question.by, question.dimension.of) else []
        for name in begins:
            self.groups[name] = len(self.groups)

    def numbers(self, facets_of: Sequence[int], dates: Sequence[dt.date]) -> Ints:
        """Return the groups of many cells at once; -1 for a facet that is not asked for."""
        found = np.asarray(facets_of, dtype=np.int64)
        if not len(found):
            return found
        asked = {facet: self.number(facet) for facet in np.unique(found).tolist()}
        table = np.full(int(found.max()) + 1, -1, dtype=np.int64)
        table[list(asked)] = list(asked.values())
        of_facet = table[found]
        if not self.per:
            return of_facet
        place = {time: at for at, time in enumerate(self.times)}
        times = {date: place[begin_of(date, self.per).isoformat()] for date in set(dates)}
        of_date = np.fromiter((times[date] for date in dates), dtype=np.int64, count=len(dates))
        return np.where(of_facet < 0, -1, of_facet * len(self.times) + of_date)

    def number(self, facet: int) -> int:
        """Return the group of a facet by value; by time the number of its line, which is the only one without a split."""
        name = self.names.get(facet)
        if name is None:
            return -1
        if self.lines:
            return self.lines[name]
        return 0 if self.per else self.groups.setdefault(name, len(self.groups))


def read(question: Question, measures: Collection[str], now: dt.datetime) -> Read:
    """Read the counts of measures as a question groups them. The caller holds the one moment of all statements."""
    grouping = Grouping(question)
    wanted: dict[Kind, set[int]] = {}
    for name in measures:
        wanted.setdefault(MEASURES[name].kind, set()).add(MEASURES[name].slot)
    pairs = {kind: counted(question, kind, sorted(slots), grouping, now) for kind, slots in wanted.items()}
    size = len(grouping.groups)  # only now every group is known
    return Read(list(grouping.groups), {kind: Cube(size, *found) for kind, found in pairs.items()})


def values_of(question: Question) -> dict[int, str]:
    """Return the facets that a question is about, with the group that each belongs to."""
    dimension = question.dimension
    known = facets.of_dimension(question.centre_id, dimension.number)
    group = dimension.group(question.centre_id) if dimension.group is not None else None
    found = {number: value if group is None else group(value) or "" for number, value in known.items()}
    if question.value is None:
        return found
    return {number: name for number, name in found.items() if name == question.value}


def counted(
    question: Question, kind: Kind, slots: list[int], grouping: Grouping, now: dt.datetime
) -> tuple[Ints, Ints, Ints]:
    """Read groups, marks and counts of one kind of fact."""
    cells = rows(question, kind, slots)
    numbers = grouping.numbers([cell[0] for cell in cells], [cell[1] for cell in cells])
    lengths = np.fromiter((len(cell[2]) // PAIR_BYTES for cell in cells), dtype=np.int64, count=len(cells))
    pairs = np.frombuffer(b"".join(cell[2] for cell in cells), dtype="<i4").reshape(-1, 2).astype(np.int64)
    of_pair = np.repeat(numbers, lengths)
    if (numbers < 0).any():
        pairs, of_pair = pairs[of_pair >= 0], of_pair[of_pair >= 0]
    more = turning(question, kind, grouping, now)
    return (
        np.concatenate([of_pair, more[:, 0]]),
        np.concatenate([pairs[:, 0], more[:, 1]]),
        np.concatenate([pairs[:, 1], more[:, 2]]),
    )


def rows(question: Question, kind: Kind, slots: list[int]) -> list[tuple[Any, ...]]:
    """Read the cells of a question, months and days: facet, date and sum."""
    found: list[tuple[Any, ...]] = []
    piece = " || ".join(f"coalesce(s{slot}, '')" for slot in slots)
    more = "" if question.value is None else " AND facet = ANY(%(facets)s)"
    if question.per != "day":
        piece, more = f"string_agg({piece}, ''::bytea)", f"{more} GROUP BY 1, 2"
    statement = CELLS.format(date=DATE[question.per], piece=piece, more=more)
    rolled, days = dates_of(question, kind)
    for monthly, dates in ((True, rolled), (False, days)):
        if dates:
            found += fetch_binary(
                statement,
                {
                    "centre": question.centre_id,
                    "kind": int(kind),
                    "urgent": question.urgent,
                    "monthly": monthly,
                    "dimension": question.dimension.number,
                    "dates": dates,
                    "facets": list(values_of(question)) if question.value is not None else [],
                },
            )
    return found


def dates_of(question: Question, kind: Kind) -> tuple[list[dt.date], list[dt.date]]:
    """Split a period into what is rolled up (years under their last day, months under their first) and the days beside
    it. By day or week only days will do, by month no year; and what holds more than is asked for is not read."""
    days = question.period.days()
    if question.per in ("day", "week"):
        return [], days
    inside = set(days)
    years = set() if question.per else years_of(question, kind, inside)
    rolled = rolled_up(question.centre_id, {month_of(day) for day in days}, [int(kind)])
    until = {
        month: last
        for (month, _kind, dimension), last in rolled.items()
        if dimension == question.dimension.number and month.year not in years and month in inside and last in inside
    }
    left = [day for day in days if day.year not in years and not (day <= until.get(month_of(day), dt.date.min))]
    return [*sorted(until), *(year_end(year) for year in sorted(years))], left


def years_of(question: Question, kind: Kind, inside: set[dt.date]) -> set[int]:
    """Return the years that are asked for as a whole and rolled up for this question."""
    asked = {day.year for day in inside}
    rolled = years_rolled_up(question.centre_id, asked)
    return {
        year
        for year in asked
        if dt.date(year, 1, 1) in inside
        and year_end(year) in inside
        and (year, int(kind), question.dimension.number) in rolled
    }


def turning(question: Question, kind: Kind, grouping: Grouping, now: dt.datetime) -> Ints:
    """Return what is not yet what it is counted as: group, mark and difference."""
    found: list[tuple[int, int, int]] = []
    period = question.period
    values = {
        "centre": question.centre_id, "kind": int(kind), "now": now, "first": period.first, "last": period.last,
        "urgent": question.urgent,
    }  # fmt: skip
    for day, facets_of, turns in fetch(TURNING, values):
        here = set(grouping.numbers(facets_of, [day] * len(facets_of)).tolist()) - {-1}
        for lasting, meanwhile, until in json.loads(turns) if isinstance(turns, str) else turns:
            if dt.datetime.fromisoformat(until) >= now:
                found += [(number, lasting, -1) for number in here] + [(number, meanwhile, 1) for number in here]
    return np.asarray(found, dtype=np.int64).reshape(-1, 3)

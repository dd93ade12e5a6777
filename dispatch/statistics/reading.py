"""Reading cubes: cells of whole months where they are rolled up, of days otherwise; and what still turns with time.

The cost depends on how many cells are asked for and never on how many incidents they were counted from.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dispatch.statistics import facets
from dispatch.statistics.asked import Question, begin_of
from dispatch.statistics.cube import Cube
from dispatch.statistics.dimensions import DIMENSIONS
from dispatch.statistics.marks import MEASURES, Kind
from dispatch.statistics.months import month_of, next_month, whole_months
from dispatch.statistics.query import fetch, fetch_binary
from dispatch.statistics.sums import Ints

CELLS = """
SELECT facet, date, {slots} FROM dispatch_count_cell
WHERE centre_id = %(centre)s AND kind = %(kind)s AND urgent = %(urgent)s AND monthly = %(monthly)s
  AND dimension = %(dimension)s AND date = ANY(%(dates)s)
"""
TURNING = """
SELECT day, facets, turns FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND turns_until >= %(now)s AND day >= %(first)s AND day <= %(last)s
  AND (NOT %(urgent)s OR urgent)
"""
Place = Callable[[int, dt.date], int | None]


@dataclass(frozen=True, slots=True)
class Read:
    """Cubes by kind of fact, all over the same groups."""

    groups: list[str]
    cubes: dict[Kind, Cube]


def read(question: Question, measures: Collection[str], now: dt.datetime) -> Read:
    """Read the counts of measures as a question groups them. The caller holds the one moment of all statements."""
    place, groups = grouping(question)
    wanted: dict[Kind, set[int]] = {}
    for name in measures:
        wanted.setdefault(MEASURES[name].kind, set()).add(MEASURES[name].slot)
    pairs = {kind: counted(question, kind, sorted(slots), place, now) for kind, slots in wanted.items()}
    cubes = {kind: Cube(len(groups), *found) for kind, found in pairs.items()}  # only now every group is known
    return Read(list(groups), cubes)


def grouping(question: Question) -> tuple[Place, dict[str, int]]:
    """Return the function that tells the group of a facet and a date, and the groups with their numbers. By value the
    groups come out as they are met; by time every one is there, also one without anything."""
    names = values_of(question)
    if not question.per:
        groups: dict[str, int] = {} if question.by != "all" and question.value is None else {question.value or "": 0}

        def by_value(facet: int, date: dt.date) -> int | None:
            name = names.get(facet)
            return None if name is None else groups.setdefault(name, len(groups))

        if DIMENSIONS[question.by].of == "slot" or question.by == "slot":
            for name in sorted(set(names.values())):
                groups.setdefault(name, len(groups))
        return by_value, groups
    begins = sorted({begin_of(day, question.per) for day in question.period.days()})
    times = {begin.isoformat(): number for number, begin in enumerate(begins)}

    def by_time(facet: int, date: dt.date) -> int | None:
        return times[begin_of(date, question.per).isoformat()] if facet in names else None

    return by_time, times


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
    question: Question, kind: Kind, slots: list[int], place: Place, now: dt.datetime
) -> tuple[Ints, Ints, Ints]:
    """Read groups, marks and counts of one kind of fact."""
    parts, numbers, lengths = [], [], []
    for facet, date, *found in rows(question, kind, slots):
        number = place(facet, date)
        if number is not None:
            written = found[0] or b"" if len(found) == 1 else b"".join(one for one in found if one)
            parts.append(written)
            numbers.append(number)
            lengths.append(len(written) // 8)
    pairs = np.frombuffer(b"".join(parts), dtype="<i4").reshape(-1, 2).astype(np.int64)
    of_pair = np.repeat(np.asarray(numbers, dtype=np.int64), lengths)
    more = turning(question, kind, place, now)
    return (
        np.concatenate([of_pair, more[:, 0]]),
        np.concatenate([pairs[:, 0], more[:, 1]]),
        np.concatenate([pairs[:, 1], more[:, 2]]),
    )


def rows(question: Question, kind: Kind, slots: list[int]) -> Iterable[tuple[Any, ...]]:
    """Read the cells of a question: months first, then days."""
    statement = CELLS.format(slots=", ".join(f"s{slot}" for slot in slots))
    if question.value is not None:
        statement += " AND facet = ANY(%(facets)s)"
    months, days = dates_of(question)
    for monthly, dates in ((True, months), (False, days)):
        if dates:
            yield from fetch_binary(
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


def dates_of(question: Question) -> tuple[list[dt.date], list[dt.date]]:
    """Split a period into months that are rolled up and the days beside them. By day or week only days will do."""
    days = question.period.days()
    if question.per in ("day", "week"):
        return [], days
    inside = set(days)
    rolled = whole_months(question.centre_id)
    months = sorted(
        month
        for month in {month_of(day) for day in days} & rolled
        if month in inside and next_month(month) - dt.timedelta(days=1) in inside
    )
    return months, [day for day in days if month_of(day) not in months]


def turning(question: Question, kind: Kind, place: Place, now: dt.datetime) -> Ints:
    """Return what is not yet what it is counted as: group, mark and difference."""
    found: list[tuple[int, int, int]] = []
    period = question.period
    values = {
        "centre": question.centre_id, "kind": int(kind), "now": now, "first": period.first, "last": period.last,
        "urgent": question.urgent,
    }  # fmt: skip
    for day, numbers, turns in fetch(TURNING, values):
        here = {number for facet in numbers if (number := place(facet, day)) is not None}
        for lasting, meanwhile, until in json.loads(turns) if isinstance(turns, str) else turns:
            if dt.datetime.fromisoformat(until) >= now:
                found += [(number, lasting, -1) for number in here] + [(number, meanwhile, 1) for number in here]
    return np.asarray(found, dtype=np.int64).reshape(-1, 3)

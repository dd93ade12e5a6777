"""Cells: the counts of one facet on one day, or in one month that is over (roll-up).

A cell has six slots; marks that are asked together lie in one, and only that one is read. The month that runs has no
monthly cells: thirty days are few, and every command would otherwise write twice as much.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection

from dispatch.statistics import months
from dispatch.statistics.marks import BITS, BY_NUMBER, SLOTS
from dispatch.statistics.months import month_of, next_month
from dispatch.statistics.query import fetch
from dispatch.statistics.sums import Ints, added, crossed, packed, unpacked

if TYPE_CHECKING:
    from dispatch.statistics.counting import Kept

SLOT_NAMES = ", ".join(f"s{slot}" for slot in range(SLOTS))
# kind, urgent, monthly, dimension, date, facet
CellKey = tuple[int, bool, bool, int, dt.date, int]
FIND = f"""
SELECT c.kind, c.urgent, c.monthly, c.dimension, c.date, c.facet, {SLOT_NAMES} FROM dispatch_count_cell c
JOIN unnest(%(kinds)s::smallint[], %(urgent)s::boolean[], %(monthly)s::boolean[], %(dimensions)s::smallint[],
            %(dates)s::date[], %(facets)s::integer[]) AS w (kind, urgent, monthly, dimension, date, facet)
  ON c.kind = w.kind AND c.urgent = w.urgent AND c.monthly = w.monthly AND c.dimension = w.dimension
 AND c.date = w.date AND c.facet = w.facet
WHERE c.centre_id = %(centre)s
"""
PUT = f"""
INSERT INTO dispatch_count_cell (centre_id, kind, urgent, monthly, dimension, date, facet, {SLOT_NAMES})
VALUES (%s, %s, %s, %s, %s, %s, %s, {", ".join(["%s"] * SLOTS)})
ON CONFLICT (centre_id, kind, urgent, monthly, dimension, date, facet)
DO UPDATE SET {", ".join(f"s{slot} = excluded.s{slot}" for slot in range(SLOTS))}
"""
SLOT_OF = np.zeros(1 << (31 - BITS), dtype=np.int64)
for _measure in BY_NUMBER.values():
    SLOT_OF[_measure.number] = _measure.slot


def apply(centre_id: int, gone: Sequence[Kept], come: Sequence[Kept]) -> None:
    """Take facts out of the cells and put others in: of their day, and of their month where it is rolled up."""
    every = [*gone, *come]
    rolled = months.note(centre_id, {month_of(one.fact.day) for one in every}) if every else set()
    keys: dict[CellKey, int] = {}
    groups = [cells_of(one, keys, rolled) for one in every]
    cells, marks = crossed(groups, [one.fact.marks for one in every])
    if not len(cells):
        return
    signs = np.repeat(
        [-1] * len(gone) + [1] * len(come),
        [len(cells_here) * len(one.fact.marks) for cells_here, one in zip(groups, every, strict=True)],
    )
    joined, counts = added(cells << 32 | marks, signs)
    put(centre_id, list(keys), joined >> 32, joined & 0xFFFFFFFF, counts)


def cells_of(one: Kept, keys: dict[CellKey, int], rolled: set[dt.date]) -> list[int]:
    """Return the numbers of the cells that a fact counts in; new ones are added to `keys`."""
    fact, found = one.fact, []
    month = month_of(fact.day)
    dates = [(False, fact.day), (True, month)] if month in rolled else [(False, fact.day)]
    for (dimension, _value), facet in zip(fact.facets, one.facets, strict=True):
        for monthly, date in dates:
            for urgent in (False, True) if fact.urgent else (False,):
                key = (int(fact.kind), urgent, monthly, dimension, date, facet)
                found.append(keys.setdefault(key, len(keys)))
    return found


def put(centre_id: int, keys: list[CellKey], cells: Ints, marks: Ints, counts: Ints) -> None:
    """Add differences to stored cells. `cells` rises and says to which of the keys each mark belongs."""
    touched = np.unique(cells)
    before = find(centre_id, [keys[at] for at in touched])
    starts = np.searchsorted(cells, touched)
    ends = np.append(starts[1:], len(cells))
    rows, empty = [], []
    for at, start, end in zip(touched.tolist(), starts.tolist(), ends.tolist(), strict=True):
        key = keys[at]
        slots = merged(before.get(key, [None] * SLOTS), marks[start:end], counts[start:end])
        if any(slots):
            rows.append([centre_id, *key, *slots])
        elif key in before:
            empty.append([centre_id, *key])
    write(rows, empty)


def merged(before: Sequence[Any], marks: Ints, counts: Ints) -> list[bytes | None]:
    """Return the slots of a cell with a difference added."""
    slots: list[bytes | None] = [bytes(one) if one is not None else None for one in before]
    slot_of = SLOT_OF[marks >> BITS]
    for slot in np.unique(slot_of).tolist():
        mine = slot_of == slot
        more, many = marks[mine], counts[mine]
        if slots[slot]:
            old_marks, old_counts = unpacked(slots[slot])
            more, many = added(np.concatenate([old_marks, more]), np.concatenate([old_counts, many]))
        slots[slot] = packed(more, many)
    return slots


def find(centre_id: int, keys: Sequence[CellKey]) -> dict[CellKey, list[Any]]:
    """Read cells by their keys."""
    if not keys:
        return {}
    kinds, urgent, monthly, dimensions, dates, facets = (list(part) for part in zip(*keys, strict=True))
    values = {
        "centre": centre_id, "kinds": kinds, "urgent": urgent, "monthly": monthly, "dimensions": dimensions,
        "dates": dates, "facets": facets,
    }  # fmt: skip
    return {row[:6]: list(row[6:]) for row in fetch(FIND, values)}


def write(rows: Sequence[Sequence[Any]], empty: Sequence[Sequence[Any]]) -> None:
    """Write cells; what counts nothing any more is gone."""
    with connection.cursor() as cursor:
        if rows:
            cursor.executemany(PUT, rows)
        if empty:
            cursor.executemany(
                "DELETE FROM dispatch_count_cell WHERE centre_id = %s AND kind = %s AND urgent = %s AND monthly = %s "
                "AND dimension = %s AND date = %s AND facet = %s",
                empty,
            )


def roll_up(centre_id: int, month: dt.date) -> None:
    """Make the monthly cells of a month from its days, inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM dispatch_count_cell WHERE centre_id = %s AND monthly AND date = %s", [centre_id, month]
        )
    for kind, urgent, dimension in fetch(
        "SELECT DISTINCT kind, urgent, dimension FROM dispatch_count_cell WHERE centre_id = %(centre)s AND NOT monthly "
        "AND date >= %(since)s AND date < %(until)s",
        {"centre": centre_id, "since": month, "until": next_month(month)},
    ):
        write([*rolled(centre_id, month, kind, urgent, dimension)], [])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dispatch_count_month (centre_id, month, whole) VALUES (%s, %s, true) "
            "ON CONFLICT (centre_id, month) DO UPDATE SET whole = true",
            [centre_id, month],
        )


def rolled(centre_id: int, month: dt.date, kind: int, urgent: bool, dimension: int) -> Iterable[list[Any]]:
    """Add up the days of a month, facet by facet."""
    rows = fetch(
        f"SELECT facet, {SLOT_NAMES} FROM dispatch_count_cell WHERE centre_id = %(centre)s AND kind = %(kind)s "
        "AND urgent = %(urgent)s AND NOT monthly AND dimension = %(dimension)s AND date >= %(since)s "
        "AND date < %(until)s ORDER BY facet",
        {
            "centre": centre_id, "kind": kind, "urgent": urgent, "dimension": dimension, "since": month,
            "until": next_month(month),
        },
    )  # fmt: skip
    by_facet: dict[int, list[tuple[Any, ...]]] = {}
    for facet, *slots in rows:
        by_facet.setdefault(facet, []).append(tuple(slots))
    for facet, days in by_facet.items():
        slots = [packed(*added(*unpacked(b"".join(day[slot] or b"" for day in days)))) for slot in range(SLOTS)]
        yield [centre_id, kind, urgent, True, dimension, month, facet, *slots]

"""Cells: the counts of one facet on one day, or of many days together (`roll_up`).

A cell has eight slots; marks that are asked together lie in one, and only that one is read. `monthly` cells hold many days:
those of a month up to some day, under its first day, or those of a year, under its last one. The days that run are in
none: they are few, and every command would otherwise write twice as much.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection

from dispatch.statistics import months
from dispatch.statistics.marks import BITS, BY_NUMBER, SLOTS
from dispatch.statistics.months import Months, Years, month_of
from dispatch.statistics.query import fetch
from dispatch.statistics.sums import Ints, added, crossed, packed, unpacked

if TYPE_CHECKING:
    from dispatch.statistics.counting import Kept

SLOT_NAMES = ", ".join(f"s{slot}" for slot in range(SLOTS))
# kind, urgent, monthly, dimension, date, facet
CellKey = tuple[int, bool, bool, int, dt.date, int]
FIND = f"""
SELECT c.kind, c.urgent, c.monthly, c.dimension, c.date, c.facet, {SLOT_NAMES} FROM unnest(%(kinds)s::smallint[], %(urgent)s::boolean[], %(monthly)s::boolean[], %(dimensions)s::smallint[],
            %(dates)s::date[], %(facets)s::integer[]) AS w (kind, urgent, monthly, dimension, date, facet)
CROSS JOIN LATERAL (
    SELECT * FROM dispatch_count_cell
    WHERE centre_id = %(centre)s AND kind = w.kind AND urgent = w.urgent AND monthly = w.monthly
      AND dimension = w.dimension AND date = w.date AND facet = w.facet
    OFFSET 0  -- one look into the index for each key, whatever the planner knows of a table that has just grown
) AS c
"""
COLUMNS = f"centre_id, kind, urgent, monthly, dimension, date, facet, {SLOT_NAMES}"
WHICH = "centre_id = %s AND kind = %s AND urgent = %s AND monthly = %s AND dimension = %s AND date = %s AND facet = %s"
CHANGE = f"UPDATE dispatch_count_cell SET {', '.join(f's{slot} = %s' for slot in range(SLOTS))} WHERE {WHICH}"
SLOT_BITS, MARK_BITS, PAIR_BYTES = 3, 32, 8
SLOT_OF = np.zeros(1 << (31 - BITS), dtype=np.int64)
for _measure in BY_NUMBER.values():
    SLOT_OF[_measure.number] = _measure.slot


def apply(centre_id: int, gone: Sequence[Kept], come: Sequence[Kept]) -> None:
    """Take facts out of the cells and put others in: of their day, and of month and year where these hold that day."""
    every = [*gone, *come]
    if not every:
        return
    months_of = {month_of(one.fact.day) for one in every}
    months.note(centre_id, months_of)
    rolled = months.rolled_up(centre_id, months_of, {int(one.fact.kind) for one in every})
    years = months.years_rolled_up(centre_id, {one.fact.day.year for one in every})
    keys: dict[CellKey, int] = {}
    groups = [cells_of(one, keys, rolled, years) for one in every]
    cells, marks = crossed(groups, [one.fact.marks for one in every])
    if not len(cells):
        return
    signs = np.repeat(
        [-1] * len(gone) + [1] * len(come),
        [len(cells_here) * len(one.fact.marks) for cells_here, one in zip(groups, every, strict=True)],
    )
    # Sorted by cell, slot and mark, so that every slot of a cell is one piece of one array.
    places = (cells << SLOT_BITS | SLOT_OF[marks >> BITS]) << MARK_BITS
    joined, counts = added(places | marks, signs)
    put(centre_id, list(keys), joined, counts)


def cells_of(one: Kept, keys: dict[CellKey, int], rolled: Months, years: Years) -> list[int]:
    """Return the numbers of the cells that a fact counts in; new ones are added to `keys`."""
    fact, kind, found = one.fact, int(one.fact.kind), []
    month, day, year = month_of(fact.day), (False, fact.day), fact.day.year
    for (dimension, _value), facet in zip(fact.facets, one.facets, strict=True):
        dates = [day]
        if fact.day <= rolled.get((month, kind, dimension), dt.date.min):
            dates.append((True, month))
        if (year, kind, dimension) in years:
            dates.append((True, months.year_end(year)))
        for monthly, date in dates:
            for urgent in (False, True) if fact.urgent else (False,):
                found.append(keys.setdefault((kind, urgent, monthly, dimension, date, facet), len(keys)))
    return found


def put(centre_id: int, keys: list[CellKey], joined: Ints, counts: Ints) -> None:
    """Add differences to stored cells. `joined` rises and holds cell, slot and mark in one number."""
    places, starts = np.unique(joined >> MARK_BITS, return_index=True)
    marks = joined & ((1 << MARK_BITS) - 1)
    touched = [keys[at] for at in np.unique(places >> SLOT_BITS)]
    before = find(centre_id, touched)
    slots_of = {key: list(before.get(key, [None] * SLOTS)) for key in touched}
    pairs = np.stack([marks, counts], axis=1).astype("<i4").tobytes()
    ends = [*starts[1:].tolist(), len(joined)]
    for place, start, end in zip(places.tolist(), starts.tolist(), ends, strict=True):
        slots, slot = slots_of[keys[place >> SLOT_BITS]], place & ((1 << SLOT_BITS) - 1)
        if slots[slot]:
            old_marks, old_counts = unpacked(slots[slot])
            slots[slot] = packed(
                *added(np.concatenate([old_marks, marks[start:end]]), np.concatenate([old_counts, counts[start:end]]))
            )
        else:
            slots[slot] = pairs[start * PAIR_BYTES : end * PAIR_BYTES]
    write_cells(centre_id, slots_of, before)


def write_cells(centre_id: int, slots_of: dict[CellKey, list[Any]], before: dict[CellKey, list[Any]]) -> None:
    """Write cells as they are now; what counts nothing any more is gone."""
    new = [[centre_id, *key, *slots] for key, slots in slots_of.items() if key not in before and any(slots)]
    old: list[list[Any]] = [
        [*slots, centre_id, *key] for key, slots in slots_of.items() if key in before and any(slots)
    ]
    empty: list[list[Any]] = [[centre_id, *key] for key, slots in slots_of.items() if key in before and not any(slots)]
    if new:
        insert(new)
    with connection.cursor() as cursor:
        if old:
            cursor.executemany(CHANGE, old)
        if empty:
            cursor.executemany(f"DELETE FROM dispatch_count_cell WHERE {WHICH}", empty)


def insert(rows: Iterable[Sequence[Any]]) -> None:
    """Write cells that do not exist yet."""
    with connection.cursor() as cursor, cursor.copy(f"COPY dispatch_count_cell ({COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


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

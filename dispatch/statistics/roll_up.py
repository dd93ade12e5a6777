"""Roll-up: cells of settled days added to those of their month, and months of a year that is over to those of the year."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection, transaction

from dispatch.statistics import months, no_unit
from dispatch.statistics.cells import MARK_BITS, PAIR_BYTES, SLOT_NAMES, insert
from dispatch.statistics.dimensions import STORED
from dispatch.statistics.head import claim
from dispatch.statistics.marks import SLOTS, Kind
from dispatch.statistics.months import last_day, year_end
from dispatch.statistics.period import day_of
from dispatch.statistics.query import fetch, fetch_binary, one_moment
from dispatch.statistics.sums import added, unpacked

# Most of a day's incidents are closed by the end of the next one, and what is rolled up is written twice.
SETTLED = dt.timedelta(days=2)
# What a year is rolled up by: each part is a transaction of its own, so that counting never waits for a whole year.
PARTS = {(int(kind), dimension.number) for kind in Kind for dimension in STORED}
BUDGET_S = 20.0  # of a minute's housekeeping, for years
BEHIND = """
SELECT centre_id, month FROM dispatch_count_month
WHERE month <= %(settled)s
  AND (until IS NULL OR until < least(%(settled)s, (month + interval '1 month - 1 day')::date)) ORDER BY month
"""
# Years all of whose months are whole.
YEARS = """
SELECT centre_id, extract(year FROM month)::integer AS year FROM dispatch_count_month
GROUP BY 1, 2 HAVING bool_and(until IS NOT NULL AND until = (month + interval '1 month - 1 day')::date) ORDER BY 1, 2
"""
GROUPS = """
SELECT DISTINCT kind, urgent, dimension FROM dispatch_count_cell
WHERE centre_id = %(centre)s AND NOT monthly AND date >= %(since)s AND date <= %(until)s
"""
CELLS = f"""
SELECT facet, {SLOT_NAMES} FROM dispatch_count_cell
WHERE centre_id = %(centre)s AND kind = %(kind)s AND urgent = %(urgent)s AND monthly = %(monthly)s
  AND dimension = %(dimension)s AND date >= %(since)s AND date <= %(until)s
"""
Cell = tuple[int, Sequence[bytes | None]]  # facet and slots


def go_on(now: dt.datetime) -> int:
    """Roll up the days that have settled, also those of the month that runs, and the years that are over; returns how
    many months and parts of years went on. What is being counted by somebody else waits."""
    settled = day_of(now) - SETTLED
    done = 0
    for centre_id, month in fetch(BEHIND, {"settled": settled}):
        with one_moment(), transaction.atomic():
            if is_free(centre_id):
                add_days(centre_id, month, min(last_day(month), settled))
                done += 1
    until = time.monotonic() + BUDGET_S
    for centre_id, year in fetch(YEARS, {}):
        if year_end(year) > settled:
            continue
        left = PARTS - {(kind, dimension) for _year, kind, dimension in months.years_rolled_up(centre_id, {year})}
        for kind, dimension in sorted(left):
            if time.monotonic() >= until:
                return done  # the rest at the next turn
            with one_moment(), transaction.atomic():
                if is_free(centre_id):
                    add_months(centre_id, year, kind, dimension)
                    done += 1
    return done


def is_free(centre_id: int) -> bool:
    """Take a centre's counts for this transaction; false while another process has them, or a rebuild runs."""
    head = claim(centre_id)
    return head is not None and not head.rebuilding


def add_days(centre_id: int, month: dt.date, until: dt.date) -> None:
    """Add the days of a month up to `until` to its cells, inside the caller's transaction: those that are not in them yet.
    A month that was never rolled up, or that a rebuild counts anew, begins with its first day."""
    before = months.rolled_up(centre_id, [month]).get(month)
    if before is None:
        forget("date = %s", [centre_id, month])
    since = month if before is None else before + dt.timedelta(days=1)
    days = {"centre": centre_id, "since": since, "until": until, "monthly": False}
    for kind, urgent, dimension in fetch(GROUPS, days):
        group = {**days, "kind": kind, "urgent": urgent, "dimension": dimension}
        cells = read_cells(group)
        if before is not None:
            cells += read_cells({**group, "monthly": True, "since": month, "until": month})
            # One DELETE and one COPY: thousands of single UPDATEs take longer, and counting waits for them.
            forget(
                "date = %s AND kind = %s AND urgent = %s AND dimension = %s",
                [centre_id, month, kind, urgent, dimension],
            )
        write(centre_id, (kind, urgent, dimension, month), summed(cells))
    no_unit.keep(centre_id, since, until)
    months.note_rolled_up(centre_id, month, until)


def add_months(centre_id: int, year: int, kind: int, dimension: int) -> None:
    """Add the months of a year to its cells, of one kind and dimension, inside the caller's transaction."""
    end = year_end(year)
    forget("date = %s AND kind = %s AND dimension = %s", [centre_id, end, kind, dimension])
    # The last of its months begins before the year ends: its own cells are none of them.
    values = {
        "centre": centre_id,
        "kind": kind,
        "dimension": dimension,
        "monthly": True,
        "since": end.replace(month=1, day=1),
    }
    for urgent in (False, True):
        sums = summed(read_cells({**values, "urgent": urgent, "until": end.replace(day=1)}))
        write(centre_id, (kind, urgent, dimension, end), sums)
    months.note_year(centre_id, year, kind, dimension)


def forget(which: str, values: list[Any]) -> None:
    """Remove cells of many days."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM dispatch_count_cell WHERE centre_id = %s AND monthly AND {which}", values)


def write(centre_id: int, of: tuple[int, bool, int, dt.date], sums: dict[int, list[bytes | None]]) -> None:
    """Write the cells of many days of a kind, urgent or not, by a dimension, under a date."""
    kind, urgent, dimension, date = of
    insert(
        [centre_id, kind, urgent, True, dimension, date, facet, *slots] for facet, slots in sums.items() if any(slots)
    )


def read_cells(values: dict[str, Any]) -> list[Cell]:
    """Read the cells of some dates: facet and slots, the same facet once for each date."""
    return [(facet, slots) for facet, *slots in fetch_binary(CELLS, values)]


def summed(cells: Sequence[Cell]) -> dict[int, list[bytes | None]]:
    """Add the cells of each facet up, slot by slot: all of them in one pass, because there are tens of thousands of slots
    with a handful of marks each."""
    facets = sorted({facet for facet, _slots in cells})
    number = {facet: at for at, facet in enumerate(facets)}
    pieces = [
        (number[facet] * SLOTS + slot, piece) for facet, slots in cells for slot, piece in enumerate(slots) if piece
    ]
    if not pieces:
        return {}
    marks, counts = unpacked(b"".join(piece for _place, piece in pieces))
    lengths = np.fromiter((len(piece) // PAIR_BYTES for _place, piece in pieces), dtype=np.int64, count=len(pieces))
    places = np.repeat(np.fromiter((place for place, _piece in pieces), dtype=np.int64, count=len(pieces)), lengths)
    keys, counts = added(places << MARK_BITS | marks, counts)
    written = np.stack([keys & ((1 << MARK_BITS) - 1), counts], axis=1).astype("<i4").tobytes()
    found: dict[int, list[bytes | None]] = {facet: [None] * SLOTS for facet in facets}
    places, starts = np.unique(keys >> MARK_BITS, return_index=True)
    for place, start, end in zip(places.tolist(), starts.tolist(), [*starts[1:].tolist(), len(keys)], strict=True):
        facet, slot = divmod(place, SLOTS)
        found[facets[facet]][slot] = written[start * PAIR_BYTES : end * PAIR_BYTES]
    return found

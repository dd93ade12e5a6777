"""Roll-up: cells of settled days added to those of their month, and months of a year that is over to those of the year."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from dispatch.statistics import months
from dispatch.statistics.cells import SLOT_NAMES, find, insert, write_cells
from dispatch.statistics.dimensions import STORED
from dispatch.statistics.head import claim
from dispatch.statistics.marks import SLOTS, Kind
from dispatch.statistics.months import last_day, year_end
from dispatch.statistics.period import day_of
from dispatch.statistics.query import fetch, fetch_binary, one_moment
from dispatch.statistics.sums import added, packed, unpacked

# Most of a day's incidents are closed by the end of the next one, and what is rolled up is written twice.
SETTLED = dt.timedelta(days=2)
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
NOTHING = (None,) * SLOTS
Cell = Sequence[bytes | None]


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
            with one_moment(), transaction.atomic():
                if time.monotonic() < until and is_free(centre_id):
                    add_months(centre_id, year, kind, dimension)
                    done += 1
    return done


# What a year is rolled up by: each part is a transaction of its own, so that counting never waits for a whole year.
PARTS = {(int(kind), dimension.number) for kind in Kind for dimension in STORED}


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
        by_facet = cells_by_facet({**days, "kind": kind, "urgent": urgent, "dimension": dimension})
        keys = {facet: (kind, urgent, True, dimension, month, facet) for facet in by_facet}
        found = {} if before is None else find(centre_id, [*keys.values()])
        write_cells(
            centre_id,
            {key: joined([*by_facet[facet], found.get(key, NOTHING)]) for facet, key in keys.items()},
            found,
        )
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
        by_facet = cells_by_facet({**values, "urgent": urgent, "until": end.replace(day=1)})
        insert(
            [[centre_id, kind, urgent, True, dimension, end, facet, *joined(mine)] for facet, mine in by_facet.items()]
        )
    months.note_year(centre_id, year, kind, dimension)


def forget(which: str, values: list[Any]) -> None:
    """Remove cells of many days."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM dispatch_count_cell WHERE centre_id = %s AND monthly AND {which}", values)


def cells_by_facet(values: dict[str, Any]) -> dict[int, list[Cell]]:
    """Read the cells of some dates by facet: the slots of each date."""
    by_facet: dict[int, list[Cell]] = {}
    for facet, *slots in fetch_binary(CELLS, values):
        by_facet.setdefault(facet, []).append(slots)
    return by_facet


def joined(cells: Sequence[Cell]) -> list[bytes | None]:
    """Add cells up, slot by slot."""
    return [packed(*added(*unpacked(b"".join(cell[slot] or b"" for cell in cells)))) for slot in range(SLOTS)]

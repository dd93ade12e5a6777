"""Roll-up: cells of settled days added to those of their month, and months of a year that is over to those of the year.

What one kind of fact has by one dimension is a part. Each part is a transaction of its own and lets the follower go
first, so that counting waits for a part of a month and never for the whole of it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from django.db import connection, transaction

from dispatch.statistics import details, head, months, no_unit
from dispatch.statistics.cells import MARK_BITS, PAIR_BYTES, SLOT_NAMES, insert
from dispatch.statistics.dimensions import STORED
from dispatch.statistics.marks import SLOTS, Kind
from dispatch.statistics.months import last_day, year_end
from dispatch.statistics.period import day_of
from dispatch.statistics.query import fetch, fetch_binary
from dispatch.statistics.sums import added, unpacked

# Most of a day's incidents are closed by the end of the next one, and what is rolled up is written twice.
SETTLED = dt.timedelta(days=2)
DAY = dt.timedelta(days=1)
PARTS = {(int(kind), dimension.number) for kind in Kind for dimension in STORED}
NOBODY = (0, 0)  # when no unit was free: kept with the parts of a month, and with none of a year
DETAILS = 100  # in place of a dimension: the details of a kind, kept likewise
MONTH_PARTS = PARTS | {NOBODY} | {(int(kind), DETAILS) for kind in details.KINDS}
BUDGET_S = 20.0  # of a minute's housekeeping
GIVE_WAY_S = 1.5  # to the follower, which looks into the journal each second
BEHIND = """
SELECT m.centre_id, m.month FROM dispatch_count_month m
WHERE m.month <= %(settled)s AND %(parts)s > (
    SELECT count(*) FROM dispatch_count_month_part p WHERE p.centre_id = m.centre_id AND p.month = m.month
      AND p.until >= least(%(settled)s, (m.month + interval '1 month - 1 day')::date))
ORDER BY m.month
"""
# Years all of whose months are whole.
YEARS = """
SELECT m.centre_id, extract(year FROM m.month)::integer AS year FROM dispatch_count_month m
GROUP BY 1, 2 HAVING bool_and(%(parts)s <= (
    SELECT count(*) FROM dispatch_count_month_part p WHERE p.centre_id = m.centre_id AND p.month = m.month
      AND p.until = (m.month + interval '1 month - 1 day')::date))
ORDER BY 1, 2
"""
CELLS = f"""
SELECT facet, {SLOT_NAMES} FROM dispatch_count_cell
WHERE centre_id = %(centre)s AND kind = %(kind)s AND urgent = %(urgent)s AND monthly = %(monthly)s
  AND dimension = %(dimension)s AND date >= %(since)s AND date <= %(until)s
"""
Part = tuple[int, int]  # kind and dimension
Cell = tuple[int, Sequence[bytes | None]]  # facet and slots


def go_on(now: dt.datetime) -> int:
    """Roll up the days that have settled, also those of the month that runs, and the years that are over, as far as the
    time of one turn allows; returns how many parts went on. What is being counted by somebody else waits."""
    until = time.monotonic() + BUDGET_S
    done = 0
    for centre_id, act in left(day_of(now) - SETTLED):
        if time.monotonic() >= until:
            break  # the rest at the next turn
        give_way(centre_id)
        with transaction.atomic():
            if is_free(centre_id):
                act()
                done += 1
    return done


def left(settled: dt.date) -> Iterator[tuple[int, Callable[[], None]]]:
    """Return what is to be rolled up, part by part: the centre and the act."""
    for centre_id, month in fetch(BEHIND, {"settled": settled, "parts": len(MONTH_PARTS)}):
        until = min(last_day(month), settled)
        known = months.rolled_up(centre_id, [month], {kind for kind, _dimension in MONTH_PARTS})
        for part in sorted(MONTH_PARTS):
            if known.get((month, *part), dt.date.min) < until:
                yield centre_id, partial(add_days_of, centre_id, month, until, part)
    for centre_id, year in fetch(YEARS, {"parts": len(MONTH_PARTS)}):
        if year_end(year) <= settled:
            rolled = {(kind, dimension) for _year, kind, dimension in months.years_rolled_up(centre_id, {year})}
            for part in sorted(PARTS - rolled):
                yield centre_id, partial(add_months, centre_id, year, part)


def give_way(centre_id: int) -> None:
    """Let what the journal has be counted first: the follower takes the same lock and finds it free only in between."""
    until = time.monotonic() + GIVE_WAY_S
    while centre_id in head.heads_behind() and time.monotonic() < until:
        time.sleep(0.05)


def is_free(centre_id: int) -> bool:
    """Take a centre's counts for this transaction; false while another process has them, or a rebuild runs."""
    found = head.claim(centre_id)
    return found is not None and not found.rebuilding


def add_days(centre_id: int, month: dt.date, until: dt.date) -> None:
    """Add the days of a month up to `until` to its cells, all parts of it inside the caller's transaction."""
    for part in sorted(MONTH_PARTS):
        add_days_of(centre_id, month, until, part)


def add_days_of(centre_id: int, month: dt.date, until: dt.date, part: Part) -> None:
    """Add the days of a month up to `until` to a part of its cells, inside the caller's transaction: those that are not
    in it yet. A part that was never rolled up, or that a rebuild counts anew, begins with the month's first day."""
    before = months.rolled_up(centre_id, [month], [part[0]]).get((month, *part))
    since = month if before is None else before + DAY
    if since > until:
        return
    if part == NOBODY:
        no_unit.keep(centre_id, since, until)
    elif part[1] == DETAILS:
        details.keep(centre_id, Kind(part[0]), since, until)
    else:
        add_days_to_cells(centre_id, month, before, until, part)
    months.note_rolled_up(centre_id, month, *part, until)


def add_days_to_cells(centre_id: int, month: dt.date, before: dt.date | None, until: dt.date, part: Part) -> None:
    """Add the days after `before` to a part's cells."""
    kind, dimension = part
    of = {"centre": centre_id, "kind": kind, "dimension": dimension}
    which, values = "date = %s AND kind = %s AND dimension = %s", [centre_id, month, kind, dimension]
    if before is None:
        forget(which, values)
    for urgent in (False, True):
        since = month if before is None else before + DAY
        cells = read_cells({**of, "urgent": urgent, "monthly": False, "since": since, "until": until})
        if not cells:
            continue
        if before is not None:
            cells += read_cells({**of, "urgent": urgent, "monthly": True, "since": month, "until": month})
            # One DELETE and one COPY: thousands of single UPDATEs take longer, and counting waits for them.
            forget(f"{which} AND urgent = %s", [*values, urgent])
        write(centre_id, (kind, urgent, dimension, month), summed(cells))


def add_months(centre_id: int, year: int, part: Part) -> None:
    """Add the months of a year to a part of its cells, inside the caller's transaction."""
    kind, dimension = part
    end = year_end(year)
    forget("date = %s AND kind = %s AND dimension = %s", [centre_id, end, kind, dimension])
    # The last of its months begins before the year ends: its own cells are none of them.
    values = {
        "centre": centre_id, "kind": kind, "dimension": dimension, "monthly": True, "since": end.replace(month=1, day=1),
    }  # fmt: skip
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

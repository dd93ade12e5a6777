"""Counting everything anew, day by day: after the definitions changed, after rows came in without entries, or to make
sure. Every day is one transaction; what is left stands in the head, so a rebuild that was killed goes on, by the command
or by the follower. The counts of a day that is right already do not change.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction

from dispatch.statistics import details, months, no_unit, roll_up
from dispatch.statistics.counting import Touched, recount
from dispatch.statistics.head import claim, note_centres
from dispatch.statistics.marks import VERSION
from dispatch.statistics.months import last_day, month_of
from dispatch.statistics.period import day_span
from dispatch.statistics.query import fetch, one_moment

FIRST = """
SELECT min(at) FROM (
    SELECT min(answered_at) AS at FROM incidents_incident WHERE centre_id = %(centre)s
    UNION ALL SELECT min(ring_at) FROM incidents_call WHERE centre_id = %(centre)s
    UNION ALL SELECT min(created_at) FROM incidents_transfer WHERE centre_id = %(centre)s
    UNION ALL SELECT min(day)::timestamptz FROM dispatch_count_fact WHERE centre_id = %(centre)s
) AS found
"""
UNDER_WAY = """
SELECT rebuild_next, rebuild_until FROM dispatch_count_head
WHERE centre_id = %s AND version = %s AND rebuild_next IS NOT NULL FOR UPDATE
"""
# Every column before the date is named: so the key serves, and no day reads all cells.
WIPE_FACTS = "DELETE FROM dispatch_count_fact WHERE centre_id = %(centre)s AND kind = ANY(%(kinds)s) AND day = %(day)s"
WIPE_CELLS = """
DELETE FROM dispatch_count_cell WHERE centre_id = %(centre)s AND kind = ANY(%(kinds)s) AND urgent = ANY('{f,t}')
  AND NOT monthly AND dimension = ANY(%(dimensions)s) AND date = %(day)s
"""
SPAN = "centre_id = %(centre)s AND {at} >= %(since)s AND {at} < %(until)s"
INCIDENTS = f"""
SELECT id FROM incidents_incident WHERE {SPAN.format(at="answered_at")}
UNION SELECT incident FROM dispatch_count_fact WHERE centre_id = %(centre)s AND day = %(day)s
  AND incident IS NOT NULL AND kind <> 6
"""
CALLS = f"""
SELECT id FROM incidents_call WHERE {SPAN.format(at="ring_at")}
UNION SELECT source FROM dispatch_count_fact WHERE centre_id = %(centre)s AND day = %(day)s AND kind = 3
"""
TRANSFERS = f"""
SELECT id FROM incidents_transfer WHERE {SPAN.format(at="created_at")}
UNION SELECT source FROM dispatch_count_fact WHERE centre_id = %(centre)s AND day = %(day)s AND kind = 6
"""


def begin(centre_id: int, today: dt.date) -> int:
    """Ask for a rebuild of all days of a centre up to today; returns how many. One that is under way goes on."""
    note_centres()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UNDER_WAY, [centre_id, VERSION])
        if (found := cursor.fetchone()) is not None:
            return int((found[1] - found[0]).days) + 1
        first = fetch(FIRST, {"centre": centre_id})[0][0]
        since = first.astimezone(dt.UTC).date() - dt.timedelta(days=1) if first else today
        # Entries up to the present head are covered by the rebuild; the follower goes on behind them.
        cursor.execute(
            "UPDATE dispatch_count_head c SET version = %s, seq = h.seq, rebuild_from = %s, rebuild_next = %s, "
            "rebuild_until = %s FROM incidents_head h WHERE c.centre_id = %s AND h.centre_id = c.centre_id",
            [VERSION, since, since, today, centre_id],
        )
        months.begin_anew(centre_id)
        no_unit.forget(centre_id)
        details.forget(centre_id)
    return (today - since).days + 1


def unfinished() -> list[int]:
    """Return the centres that have days left, or whose counts were made under other definitions."""
    rows = fetch(
        "SELECT centre_id FROM dispatch_count_head WHERE rebuild_next IS NOT NULL OR version <> %(version)s",
        {"version": VERSION},
    )
    return [row[0] for row in rows]


def step(centre_id: int) -> int:
    """Count the next day anew; returns how many facts that day has, at least 1, and 0 when nothing is left or another
    process is at it."""
    with one_moment(), transaction.atomic():
        head = claim(centre_id)
        if head is None or head.rebuild_next is None or head.rebuild_until is None:
            return 0
        day = head.rebuild_next
        touched = sources_of(centre_id, day)
        wipe(centre_id, day)
        recount(centre_id, touched)
        if day == last_day(month_of(day)) and day < head.rebuild_until:
            roll_up.add_days(centre_id, month_of(day), day)
        later = day + dt.timedelta(days=1)
        left = [head.rebuild_from, later, head.rebuild_until] if later <= head.rebuild_until else [None, None, None]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE dispatch_count_head SET rebuild_from = %s, rebuild_next = %s, rebuild_until = %s "
                "WHERE centre_id = %s",
                [*left, centre_id],
            )
        return max(1, len(touched))


def wipe(centre_id: int, day: dt.date) -> None:
    """Take away what was counted of a day, facts and cells: a fact that comes out as it was would leave its cells as they
    are, also where another version of the definitions laid them out, or where they are wrong."""
    kinds, dimensions = (sorted({part[at] for part in roll_up.PARTS}) for at in (0, 1))
    values: dict[str, Any] = {"centre": centre_id, "day": day, "kinds": kinds, "dimensions": dimensions}
    with connection.cursor() as cursor:
        cursor.execute(WIPE_FACTS, values)
        cursor.execute(WIPE_CELLS, values)


def sources_of(centre_id: int, day: dt.date) -> Touched:
    """Return what belongs to a day, and what was counted there."""
    since, until = day_span(day)
    values = {"centre": centre_id, "since": since, "until": until, "day": day}
    return Touched(*({row[0] for row in fetch(statement, values)} for statement in (INCIDENTS, CALLS, TRANSFERS)))

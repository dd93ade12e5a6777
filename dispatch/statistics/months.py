"""Months of the counts: a partition of facts for each, and up to which day each part of its cells is rolled up; and which
parts of years are. A part is what one kind of fact has by one dimension."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection

from dispatch.statistics.query import fetch

LOCK = 110_002
Months = dict[tuple[dt.date, int, int], dt.date]  # month, kind and dimension: the last day that is in its cells
Years = set[tuple[int, int, int]]  # year, kind and dimension that are rolled up


def month_of(day: dt.date) -> dt.date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: dt.date) -> dt.date:
    """Return the first day of the month after."""
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def last_day(month: dt.date) -> dt.date:
    """Return the last day of a month."""
    return next_month(month) - dt.timedelta(days=1)


def year_end(year: int) -> dt.date:
    """Return the last day of a year, under which its cells lie."""
    return dt.date(year, 12, 31)


def ensure_months(days: Collection[dt.date]) -> None:
    """Make the partitions of days that have none yet. Two processes take turns."""
    for month in sorted({month_of(day) for day in days}):
        name = f"dispatch_count_fact_{month:%Y_%m}"
        if fetch("SELECT to_regclass(%(name)s)", {"name": name})[0][0] is not None:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            # Text of our own, no input: a partition's bounds cannot be parameters.
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF dispatch_count_fact "
                f"FOR VALUES FROM ('{month}') TO ('{next_month(month)}')"
            )


def note(centre_id: int, months: Collection[dt.date]) -> None:
    """Note months that hold counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dispatch_count_month (centre_id, month) SELECT %s, unnest(%s::date[]) ON CONFLICT DO NOTHING",
            [centre_id, sorted(months)],
        )


def rolled_up(centre_id: int, months: Collection[dt.date], kinds: Collection[int]) -> Months:
    """Return up to which day months are rolled up, by kind and dimension."""
    rows = fetch(
        "SELECT month, kind, dimension, until FROM dispatch_count_month_part "
        "WHERE centre_id = %(centre)s AND month = ANY(%(months)s) AND kind = ANY(%(kinds)s)",
        {"centre": centre_id, "months": sorted(months), "kinds": sorted(kinds)},
    )
    return {(month, kind, dimension): until for month, kind, dimension, until in rows}


def note_rolled_up(centre_id: int, month: dt.date, kind: int, dimension: int, until: dt.date) -> None:
    """Note up to which day a month is rolled up by a kind and a dimension."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dispatch_count_month_part (centre_id, month, kind, dimension, until) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (centre_id, month, kind, dimension) DO UPDATE SET until = excluded.until",
            [centre_id, month, kind, dimension, until],
        )


def years_rolled_up(centre_id: int, years: Collection[int]) -> Years:
    """Return by which kinds and dimensions years are rolled up."""
    statement = (
        "SELECT year, kind, dimension FROM dispatch_count_year WHERE centre_id = %(centre)s AND year = ANY(%(years)s)"
    )
    return set(fetch(statement, {"centre": centre_id, "years": sorted(years)}))


def note_year(centre_id: int, year: int, kind: int, dimension: int) -> None:
    """Note that a year is rolled up by a kind and a dimension."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dispatch_count_year (centre_id, year, kind, dimension) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [centre_id, year, kind, dimension],
        )


def begin_anew(centre_id: int) -> None:
    """Note that nothing is rolled up: a rebuild counts every day, and what is rolled up of it afterwards is new."""
    with connection.cursor() as cursor:
        for table in ("dispatch_count_month_part", "dispatch_count_year"):
            cursor.execute(f"DELETE FROM {table} WHERE centre_id = %s", [centre_id])

"""Months of the counts: a partition of facts for each, and whether its cells are rolled up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection

from dispatch.statistics.query import fetch

LOCK = 110_002


def month_of(day: dt.date) -> dt.date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: dt.date) -> dt.date:
    """Return the first day of the month after."""
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


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


def note(centre_id: int, months: Collection[dt.date]) -> set[dt.date]:
    """Note months that hold counts; returns those of them that are rolled up."""
    values = sorted(months)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dispatch_count_month (centre_id, month) SELECT %s, unnest(%s::date[]) ON CONFLICT DO NOTHING",
            [centre_id, values],
        )
    rows = fetch(
        "SELECT month FROM dispatch_count_month WHERE centre_id = %(centre)s AND whole AND month = ANY(%(months)s)",
        {"centre": centre_id, "months": values},
    )
    return {row[0] for row in rows}


def whole_months(centre_id: int) -> set[dt.date]:
    """Return the months that are rolled up."""
    rows = fetch("SELECT month FROM dispatch_count_month WHERE centre_id = %(c)s AND whole", {"c": centre_id})
    return {row[0] for row in rows}

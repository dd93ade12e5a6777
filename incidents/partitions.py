"""Monthly partitions of the journal and of the track (design 3)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from django.db import connection

PARTITIONED = {"incidents_entry": "at", "patrol_fix": "received_at"}  # table, column
MONTHS_AHEAD = 3


def month_starts(now: dt.datetime) -> list[dt.date]:
    """Return the first days of this month and the next ones, UTC."""
    first = now.astimezone(dt.UTC).date().replace(day=1)
    starts = [first]
    for _ in range(MONTHS_AHEAD + 1):
        starts.append((starts[-1] + dt.timedelta(days=32)).replace(day=1))
    return starts


def in_default(table: str, start: dt.date, end: dt.date) -> bool:
    """Tell whether rows of a month already lie in the default partition; they stay there, which is only slower."""
    column = PARTITIONED[table]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM {table}_default WHERE {column} >= %s AND {column} < %s)",
            [f"{start}+00", f"{end}+00"],
        )
        return bool(cursor.fetchone()[0])


def ensure(now: dt.datetime) -> int:
    """Make the partitions of this month and the next three; rows of other months go to the default partition."""
    made = 0
    starts = month_starts(now)
    with connection.cursor() as cursor:
        for table in PARTITIONED:
            for start, end in pairwise(starts):
                name = f"{table}_{start:%Y_%m}"
                cursor.execute("SELECT to_regclass(%s)", [name])
                if cursor.fetchone()[0] is None and not in_default(table, start, end):
                    # Text of our own, no input: a partition's bounds cannot be parameters.
                    cursor.execute(
                        f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{start}+00') TO ('{end}+00')"
                    )
                    if table == "incidents_entry":
                        cursor.execute(
                            f"CREATE TRIGGER entries_are_never_truncated BEFORE TRUNCATE ON {name} "
                            "FOR EACH STATEMENT EXECUTE FUNCTION zz110_append_only()"
                        )
                    made += 1
    return made

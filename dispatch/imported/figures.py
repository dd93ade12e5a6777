"""Figures of an imported history, by the same formulas as our own (domain 8), from its own rows alone.

A source is counted as a whole, however many files brought it. The base are all its incidents: what the other system excluded is not known. One that nobody reached is a miss of K7 and K8
and stands beside as `no_arrival`. Seconds are whole, rounded up; a percentile p of n values is the value at rank ⌈p·n⌉.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from dispatch.imported.models import History, HistoryResponse

Json = dict[str, Any]
PERCENTILES: Final = (50, 80, 90, 95)
FIVE_MINUTES, TEN_MINUTES = 300, 600
LOCAL = "received AT TIME ZONE %(zone)s"
# What a dimension is, of an incident; times are those of the other system's own clock.
GROUPS: Final = {
    "all": "'all'",
    "month": f"to_char({LOCAL}, 'YYYY-MM')",
    "day": f"to_char({LOCAL}, 'YYYY-MM-DD')",
    "weekday": f"to_char({LOCAL}, 'ID')",
    "hour": f"to_char({LOCAL}, 'HH24')",
    "type": "type",
    "priority": "coalesce(priority::text, '')",
    "unit": "unit",
}
# Clock, from, to, and the key of the percentiles between them.
SPANS: Final = (
    ("K2", "A", "received", "dispatched"),
    ("K5", "order", "dispatched", "departed"),
    ("K9", "A", "received", "arrived"),
    ("K9", "B", "dispatched", "arrived"),
)
EVENTS = f"""
WITH event AS (
    SELECT incident, min(received_at) AS received, min(dispatched_at) AS dispatched, min(departed_at) AS departed,
           min(on_scene_at) AS arrived, min(priority) AS priority,
           (array_agg(type ORDER BY row_no))[1] AS type,
           (array_agg(unit ORDER BY on_scene_at NULLS LAST, dispatched_at NULLS LAST, row_no))[1] AS unit
    FROM {HistoryResponse._meta.db_table} WHERE centre_id = %(centre)s AND source = %(source)s GROUP BY incident
)
"""


def figures(
    history: History, by: str, since: dt.datetime | None, until: dt.datetime | None, zone: ZoneInfo
) -> list[Json]:
    """Return a line for each figure of each value of a dimension: K2, K5, K7, K8 and K9 with n and what is missing.

    `since` is included, `until` is not; both None take the whole history."""
    lines = [line for row in counted(history, by, since, until, zone) for line in lines_of(row)]
    return [{"source": history.source, "by": by, **line} for line in lines]


def counted(
    history: History, by: str, since: dt.datetime | None, until: dt.datetime | None, zone: ZoneInfo
) -> list[Json]:
    """Count the incidents of each value and rank their seconds."""
    sql = (
        f"{EVENTS} SELECT {GROUPS[by]} AS value, count(*) AS n, count(arrived) AS arrived, count(dispatched) AS sent, "
        + ", ".join(shares(clock, begin) for clock, begin in (("A", "received"), ("B", "dispatched")))
        + ", "
        + ", ".join(ranked(f"{key}_{clock}", begin, end) for key, clock, begin, end in SPANS)
        + " FROM event WHERE (%(since)s::timestamptz IS NULL OR received >= %(since)s)"
        " AND (%(until)s::timestamptz IS NULL OR received < %(until)s) GROUP BY 1 ORDER BY 1"
    )
    asked: dict[str, Any] = {
        "centre": history.centre_id,
        "source": history.source,
        "zone": str(zone),
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def shares(clock: str, begin: str) -> str:
    """Return the SQL of how many were reached within five and ten minutes of a clock."""
    seconds = whole(begin, "arrived")
    return ", ".join(
        f'count(*) FILTER (WHERE {seconds} <= {limit}) AS "within_{limit}_{clock}"'
        for limit in (FIVE_MINUTES, TEN_MINUTES)
    )


def ranked(name: str, begin: str, end: str) -> str:
    """Return the SQL of the percentiles of a span and of how many values it has."""
    seconds = whole(begin, end)
    at = ", ".join(str(percent / 100) for percent in PERCENTILES)
    return (
        f'count({seconds}) AS "n_{name}", percentile_disc(ARRAY[{at}]) WITHIN GROUP (ORDER BY {seconds}) AS "p_{name}"'
    )


def whole(begin: str, end: str) -> str:
    """Return the SQL of a span in whole seconds, rounded up."""
    return f"ceil(extract(epoch FROM {end} - {begin}))::int"


def lines_of(row: Json) -> list[Json]:
    """Return the figures of one value."""
    missing = row["n"] - row["arrived"]
    found = []
    for key, limit in (("K7", FIVE_MINUTES), ("K8", TEN_MINUTES)):
        for clock, base in (("A", row["n"]), ("B", row["sent"])):
            hits = row[f"within_{limit}_{clock}"]
            value = round(hits / base, 6) if base else None
            facts = {
                "key": key,
                "clock": clock,
                "measure": "rate",
                "value": value,
                "unit": "share",
                "n": base,
                "hits": hits,
            }
            found.append({"value_of": row["value"], **facts, "no_arrival": missing})
    for key, clock, _begin, _end in SPANS:
        seconds, n = row[f"p_{key}_{clock}"] or [None] * len(PERCENTILES), row[f"n_{key}_{clock}"]
        for percent, value in zip(PERCENTILES, seconds, strict=True):
            facts = {
                "key": key,
                "clock": clock,
                "measure": f"p{percent}",
                "value": value,
                "unit": "s",
                "n": n,
                "hits": None,
            }
            found.append({"value_of": row["value"], **facts, "no_arrival": missing})
    return found

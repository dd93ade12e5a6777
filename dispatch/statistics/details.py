"""Details: what is asked of facts one by one and never added, as one piece of memory for any number of them.

Of days that have settled they are kept a piece a day (`keep`, with the roll-up); what changes later renews the piece of
its day (`renew`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection

from dispatch.statistics.marks import Kind
from dispatch.statistics.period import Period
from dispatch.statistics.query import fetch_binary

KINDS = (Kind.INCIDENT, Kind.ORDER)  # whose facts have details
KEPT = """
SELECT day, pieces FROM dispatch_count_detail
WHERE centre_id = %(centre)s AND kind = %(kind)s AND day >= %(first)s AND day <= %(last)s
"""
PIECES = """
SELECT string_agg(detail, ''::bytea) FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND day = ANY(%(days)s) AND detail IS NOT NULL
"""
OF_DAY = """
coalesce((SELECT string_agg(f.detail, ''::bytea) FROM dispatch_count_fact f
          WHERE f.centre_id = w.centre_id AND f.kind = w.kind AND f.day = w.day AND f.detail IS NOT NULL), ''::bytea)
"""
KEEP = f"""
INSERT INTO dispatch_count_detail (centre_id, kind, day, pieces)
SELECT w.centre_id, w.kind, w.day, {OF_DAY}
FROM (SELECT %s::bigint AS centre_id, %s::smallint AS kind, day::date AS day
      FROM generate_series(%s::date, %s::date, interval '1 day') AS day) AS w
ON CONFLICT (centre_id, kind, day) DO UPDATE SET pieces = excluded.pieces
"""
RENEW = f"""
UPDATE dispatch_count_detail k SET pieces = {OF_DAY}
FROM (SELECT %s::bigint AS centre_id, kind, day FROM unnest(%s::smallint[], %s::date[]) AS u (kind, day)) AS w
WHERE k.centre_id = w.centre_id AND k.kind = w.kind AND k.day = w.day
"""


def pieces(centre_id: int, kind: Kind, period: Period) -> bytes:
    """Return the details of one kind of facts of a period behind one another, in no order."""
    values = {"centre": centre_id, "kind": int(kind), "first": period.first, "last": period.last}
    kept = dict(fetch_binary(KEPT, values))
    found = list(kept.values())
    if days := [day for day in period.days() if day not in kept]:
        [(rest,)] = fetch_binary(PIECES, {**values, "days": days})
        found.append(rest or b"")
    return b"".join(found)


def keep(centre_id: int, kind: Kind, first: dt.date, last: dt.date) -> None:
    """Keep the details of days that have settled, inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [centre_id, int(kind), first, last])


def renew(centre_id: int, changed: Collection[tuple[int, dt.date]]) -> None:
    """Make the pieces of days anew that are kept and whose facts (kind, day) have changed."""
    if changed:
        kinds, days = zip(*sorted(changed), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(RENEW, [centre_id, list(kinds), list(days)])


def forget(centre_id: int) -> None:
    """Keep nothing: a rebuild keeps it anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM dispatch_count_detail WHERE centre_id = %s", [centre_id])

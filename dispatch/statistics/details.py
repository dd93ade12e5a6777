"""Details: what is asked of facts one by one and never added, as one piece of memory for any number of them."""

from __future__ import annotations

from dispatch.statistics.marks import Kind
from dispatch.statistics.period import Period
from dispatch.statistics.query import fetch_binary

PIECES = """
SELECT string_agg(detail, ''::bytea) FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND day >= %(first)s AND day <= %(last)s AND detail IS NOT NULL
"""


def pieces(centre_id: int, kind: Kind, period: Period) -> bytes:
    """Return the details of one kind of facts of a period behind one another, in no order."""
    values = {"centre": centre_id, "kind": int(kind), "first": period.first, "last": period.last}
    [(found,)] = fetch_binary(PIECES, values)
    return bytes(found or b"")

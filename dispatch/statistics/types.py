"""Types as they were reported against types as they were verified: what a call sounded like and what it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dispatch.statistics.answers import counted_to, span
from dispatch.statistics.marks import Kind, Outcome, mark
from dispatch.statistics.period import Period
from dispatch.statistics.query import fetch, one_moment

Json = dict[str, Any]
REPORTED, VERIFIED = 4, 5  # the stored dimensions of both types
PAIRS = """
SELECT r.value, v.value, count(*) FROM dispatch_count_fact c
JOIN dispatch_count_facet r ON r.id = ANY(c.facets) AND r.dimension = %(reported)s AND r.centre_id = c.centre_id
JOIN dispatch_count_facet v ON v.id = ANY(c.facets) AND v.dimension = %(verified)s AND v.centre_id = c.centre_id
WHERE c.centre_id = %(centre)s AND c.kind = %(kind)s AND c.day >= %(first)s AND c.day <= %(last)s
  AND c.marks && %(marks)s::integer[]
GROUP BY r.value, v.value ORDER BY count(*) DESC, r.value, v.value
"""


def pairs(centre_id: int, period: Period, now: dt.datetime) -> Json:
    """Count the incidents of a period by reported and verified type, without drills and merged ones; "" is not verified
    yet."""
    with one_moment():
        answer = {**counted_to(centre_id, now), "period": span(period)}
        found = fetch(
            PAIRS,
            {
                "centre": centre_id, "kind": int(Kind.INCIDENT), "first": period.first, "last": period.last,
                "reported": REPORTED, "verified": VERIFIED,
                "marks": [mark("times.type", one) for one in (Outcome.HIT, Outcome.MISS, Outcome.OPEN)],
            },
        )  # fmt: skip
    rows = [{"reported": reported, "verified": verified, "n": n} for reported, verified, n in found]
    return {**answer, "n": sum(row["n"] for row in rows), "rows": rows}

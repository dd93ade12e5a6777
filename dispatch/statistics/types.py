"""Types as they were reported against types as they were verified: what a call sounded like and what it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dispatch.statistics import facets
from dispatch.statistics.answers import counted_to, span
from dispatch.statistics.marks import Kind, Outcome, mark
from dispatch.statistics.period import Period
from dispatch.statistics.query import fetch, one_moment

Json = dict[str, Any]
# The places of both types among the facets of an incident (`incident_facts.facets`), counted from one: a join by
# dimension would look at every facet of every incident.
PAIRS = """
SELECT facets[5], facets[6], count(*) FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND day >= %(first)s AND day <= %(last)s
  AND marks && %(marks)s::integer[]
GROUP BY 1, 2
"""


def pairs(centre_id: int, period: Period, now: dt.datetime) -> Json:
    """Count the incidents of a period by reported and verified type, without drills and merged ones, the most frequent
    pair first; "" is not verified yet."""
    with one_moment():
        answer = {**counted_to(centre_id, now), "period": span(period)}
        values = {
            "centre": centre_id, "kind": int(Kind.INCIDENT), "first": period.first, "last": period.last,
            "marks": [mark("times.type", one) for one in (Outcome.HIT, Outcome.MISS, Outcome.OPEN)],
        }  # fmt: skip
        found = fetch(PAIRS, values)
        names = facets.named(centre_id, {facet for row in found for facet in row[:2]})
    rows = [{"reported": names[one][1], "verified": names[other][1], "n": n} for one, other, n in found]
    rows.sort(key=lambda row: (-row["n"], row["reported"], row["verified"]))
    return {**answer, "n": sum(row["n"] for row in rows), "rows": rows}

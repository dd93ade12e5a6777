"""The slowest incidents of the last hours, reached or not, each with its steps and reasons (targets 4.4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dispatch.statistics.answers import counted_to
from dispatch.statistics.arrival import Clock
from dispatch.statistics.late_records import BUTTON, MISSED
from dispatch.statistics.marks import LONGEST, MOST, OPEN_TIME, Kind, Outcome, lowest, mark
from dispatch.statistics.misses import Miss, elapsed, miss_row, shown
from dispatch.statistics.query import fetch, fetch_binary, one_moment
from dispatch.statistics.rows import present
from dispatch.statistics.visible import hidden

Json = dict[str, Any]
TEN = 10
MOST_OPEN = 300  # nobody there yet: all of them are looked at, because only their rows say when they ended
TIME = lowest("K9.A.button")
WITH_REASON = mark("delay", Outcome.HIT)
# The time of each by its mark alone: all the marks of a day are many times as many.
TIMES = """
SELECT source, at, (SELECT m - %(time)s FROM unnest(marks) AS m WHERE m >= %(time)s AND m <= %(time)s + %(most)s LIMIT 1)
FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND day >= %(first)s AND at > %(since)s AND at <= %(now)s
"""
MARKS = """
SELECT source, marks, turns FROM dispatch_count_fact
WHERE kind = %(kind)s AND source = ANY(%(sources)s) AND day >= %(first)s
"""


def slowest(centre_id: int, audience: str, hours: int, now: dt.datetime) -> Json:
    """Return the ten incidents of the base set that took longest from the answer, by button; who is not there yet has
    taken the time until now. What the audience may not see is counted as `hidden` where it would stand in the list."""
    since = now - dt.timedelta(hours=hours)
    with one_moment():
        answer = counted_to(centre_id, now)
        found = shown(centre_id, candidates(centre_id, since, now))
        found.sort(key=lambda one: (-(elapsed(one, Clock.ANSWER, now) or 0), one.miss.id))
        ten = found[:TEN]
        unseen = hidden(audience, [one.miss.id for one in ten])
        visible = [one for one in ten if one.miss.id not in unseen]
        rows = [row for one in visible if (row := miss_row(one, audience, now)) is not None]
    return {**answer, "hours": hours, "source": "button", "hidden": len(ten) - len(rows), "rows": rows}


def candidates(centre_id: int, since: dt.datetime, now: dt.datetime) -> list[Miss]:
    """Find the facts that may be among the ten slowest: the slowest that were reached, and all that were not."""
    values = {
        "centre": centre_id, "kind": int(Kind.INCIDENT), "first": (since - dt.timedelta(days=1)).date(), "since": since,
        "now": now, "time": TIME, "most": MOST,
    }  # fmt: skip
    timed = [one for one in fetch_binary(TIMES, values) if one[2] is not None]
    reached = sorted((-time, source) for source, _at, time in timed if time <= LONGEST)
    waiting = sorted((at, source) for source, at, time in timed if time == OPEN_TIME)
    sources = [source for _, source in reached[:TEN]] + [source for _, source in waiting[:MOST_OPEN]]
    found = {source: (marks, turns) for source, marks, turns in fetch(MARKS, {**values, "sources": sources})}
    return [miss_of(source, *found[source], now) for source in sources]


def miss_of(source: int, marks: list[int], turns: Any, now: dt.datetime) -> Miss:
    """Return which limits an incident has missed by button."""
    missed = (MISSED[one] for one in present(marks, turns, now) if one in MISSED)
    return Miss(source, [limit for by, limit in missed if by == BUTTON], WITH_REASON in marks)

"""The slowest incidents of the last hours, reached or not, each with its steps and reasons (targets 4.4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dispatch.statistics.answers import counted_to
from dispatch.statistics.arrival import Clock
from dispatch.statistics.late_records import BUTTON, MISSED
from dispatch.statistics.marks import BITS, LONGEST, MOST, OPEN_TIME, Kind, Outcome, lowest, mark
from dispatch.statistics.misses import Miss, elapsed, miss_row, shown
from dispatch.statistics.query import fetch, one_moment
from dispatch.statistics.rows import present
from dispatch.statistics.visible import hidden

Json = dict[str, Any]
TEN = 10
MOST_OPEN = 300  # nobody there yet: all of them are looked at, because only their rows say when they ended
TIME = lowest("K9.A.button")
WITH_REASON = mark("delay", Outcome.HIT)
FACTS = """
SELECT source, at, marks, turns FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND day >= %(first)s AND at > %(since)s AND at <= %(now)s
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
        "now": now,
    }  # fmt: skip
    reached: list[tuple[int, Miss]] = []
    waiting: list[tuple[dt.datetime, Miss]] = []
    for source, at, marks, turns in fetch(FACTS, values):
        time = next((one & MOST for one in marks if one >> BITS == TIME >> BITS), None)
        if time is None:
            continue
        missed = (MISSED[one] for one in present(marks, turns, now) if one in MISSED)
        one = Miss(source, [limit for by, limit in missed if by == BUTTON], WITH_REASON in marks)
        if time == OPEN_TIME:
            waiting.append((at, one))
        elif time <= LONGEST:
            reached.append((time, one))
    reached.sort(key=lambda pair: (-pair[0], pair[1].id))
    waiting.sort(key=lambda pair: pair[0])
    return [one for _time, one in reached[:TEN]] + [one for _at, one in waiting[:MOST_OPEN]]

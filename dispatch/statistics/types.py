"""Types as they were reported against types as they were verified: what a call sounded like and what it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dispatch.statistics import reading
from dispatch.statistics.answers import counted_to, span
from dispatch.statistics.asked import Question
from dispatch.statistics.dimensions import types_in
from dispatch.statistics.marks import MEASURES, Outcome
from dispatch.statistics.period import Period
from dispatch.statistics.query import one_moment

Json = dict[str, Any]
MEASURE = "times.type"


def pairs(centre_id: int, period: Period, now: dt.datetime) -> Json:
    """Count the incidents of a period by reported and verified type, without drills, merged ones and those
    whose reported type nobody noted, the most frequent pair first; "" is not verified yet."""
    with one_moment():
        answer = {**counted_to(centre_id, now), "period": span(period)}
        found = reading.read(Question(centre_id, period, "types"), [MEASURE], now)
    outcomes = found.cubes[MEASURES[MEASURE].kind].outcomes(MEASURE)
    counts = outcomes[[Outcome.HIT, Outcome.MISS, Outcome.OPEN]].tolist()
    rows = [
        {"reported": reported, "verified": verified, "n": n}
        for (reported, verified), n in zip(map(types_in, found.groups), counts, strict=True)
        if n
    ]
    rows.sort(key=lambda row: (-row["n"], row["reported"], row["verified"]))
    return {**answer, "n": sum(row["n"] for row in rows), "rows": rows}

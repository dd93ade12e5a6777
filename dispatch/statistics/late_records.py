"""Late events as records of fixed size, stored with their facts: which limits they missed, and their steps. A month of
them is one piece of memory.

A record holds moments only: limits, and how old a position may be, are those of the moment at which somebody asks.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.statistics.arrival import LIMITS, Clock
from dispatch.statistics.delay_parts import EPOCH, MILLISECOND, whole_ms
from dispatch.statistics.delay_steps import Steps
from dispatch.statistics.details import pieces
from dispatch.statistics.marks import LONGEST, SOURCES, Kind, Outcome, lowest, mark
from dispatch.statistics.period import Period
from dispatch.statistics.query import fetch

Records = NDArray[Any]
BUTTON = "button"
LIMITED = [(source, f"{key}.{clock.value}") for source in SOURCES for key in LIMITS for clock in Clock]
BIT = {one: 1 << at for at, one in enumerate(LIMITED)}
MISSED = {mark(f"{limit}.{source}", Outcome.MISS): (source, limit) for source, limit in LIMITED}
THERE = {source: 1 << at for at, source in enumerate(SOURCES)}
ARRIVED = {source: range(lowest(f"K9.A.{source}"), lowest(f"K9.A.{source}") + LONGEST + 1) for source in SOURCES}
NONE = np.iinfo(np.int64).min
MOMENTS = (
    "answered_at", "end_at", "placed_at", "first_order_at", "order_at", "delivered_at", "accepted_at", "departed_at",
    "corrected_at",
)  # fmt: skip
SPANS = ("fix_age_s", "expected_s", "first_expected_s")
RECORD = np.dtype(
    [
        ("id", "<i8"), ("station", "<i8"), ("priority", "<i2"), ("reached", "?"),
        ("missed", "<u2"),  # a bit for each limit by each source of time, also one that has not passed yet
        ("there", "u1"),  # a bit for each source that knows when somebody arrived
        ("explained", "?"),  # somebody gave a delay reason
        *((name, "<i8") for name in MOMENTS),  # milliseconds since 1970, or NONE
        *((name, "<f8") for name in SPANS),  # seconds, or not a number
    ]
)  # fmt: skip
# Few facts turn with time; what they missed in the end is not missed yet.
TURNING = """
SELECT source, turns FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND turns_until >= %(now)s AND day >= %(first)s AND day <= %(last)s
"""


def packed(row: dict[str, Any], steps: Steps, marks: tuple[int, ...], *, explained: bool) -> bytes | None:
    """Write the record of an incident; None for one that misses no limit by any source of time."""
    missed = sum(BIT[MISSED[one]] for one in set(marks) & MISSED.keys())
    if not missed:
        return None
    there = sum(bit for source, bit in THERE.items() if any(one in ARRIVED[source] for one in marks))
    moments = [None if (moment := getattr(steps, name)) is None else whole_ms(moment) for name in MOMENTS]
    spans = [getattr(steps, name) for name in SPANS]
    values = (
        row["id"], row["jurisdiction_id"] or 0, row["priority"], steps.arrived_at is not None, missed, there, explained,
        *(NONE if one is None else one for one in moments), *(np.nan if one is None else one for one in spans),
    )  # fmt: skip
    return np.array([values], dtype=RECORD).tobytes()


def unpacked(written: bytes) -> Records:
    """Read records that lie behind one another."""
    return np.frombuffer(written, dtype=RECORD)


def read(centre_id: int, period: Period, now: dt.datetime) -> Records:
    """Read the incidents of a period that have missed a limit by now, in no order. The caller holds the one moment."""
    records = unpacked(pieces(centre_id, Kind.INCIDENT, period))
    values = {"centre": centre_id, "kind": int(Kind.INCIDENT), "now": now, "first": period.first, "last": period.last}
    turning = {
        source: sum(BIT[MISSED[one]] for one in waiting(turns_of(turns), now) & MISSED.keys())
        for source, turns in fetch(TURNING, values)
    }
    if not turning:
        return records
    records = records.copy()
    ids, few = np.ascontiguousarray(records["id"]), np.array(sorted(turning))
    # Of a few among a hundred thousand: a search in the few, and no sort of all.
    at_few = np.minimum(np.searchsorted(few, ids), len(few) - 1)
    for at in np.flatnonzero(few[at_few] == ids).tolist():
        records["missed"][at] &= 0xFFFF ^ turning[int(ids[at])]
    missed = records["missed"] > 0
    return records if missed.all() else records[missed]


def turns_of(stored: Any) -> list[Any]:
    """Read the turns of a fact, which a plain cursor hands over as text."""
    return (json.loads(stored) if isinstance(stored, str) else stored) or []


def waiting(turns: list[Any], now: dt.datetime) -> set[int]:
    """Return the marks that do not hold yet at a moment."""
    return {lasting for lasting, _meanwhile, until in turns if dt.datetime.fromisoformat(until) >= now}


def moment_of(whole: int) -> dt.datetime:
    """Return the moment of whole milliseconds since 1970."""
    return EPOCH + whole * MILLISECOND


def bits_of(limit: str, source: str) -> int:
    """Return the bits of the limits that begin with a name (K7, K8; "" is any), by a source of time."""
    return sum(bit for (by, name), bit in BIT.items() if by == source and name.startswith(limit))


def limits_of(missed: int, source: str) -> list[str]:
    """Return the limits of the bits of a record by a source of time, such as `K7.A`."""
    return [limit for (by, limit), bit in BIT.items() if by == source and missed & bit]

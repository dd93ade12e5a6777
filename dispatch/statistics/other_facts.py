"""Facts of calls, transfers, callbacks, supervision orders and property (domain 8: K1, K11, K12, K14, K15, K18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from dispatch.statistics.dimensions import slot_of
from dispatch.statistics.facts import ALL, Fact, Turn
from dispatch.statistics.incident_facts import counting_order, facets
from dispatch.statistics.incident_rows import Whole
from dispatch.statistics.marks import LOST_TIME, Kind, Outcome, mark, seconds, time_mark
from dispatch.statistics.period import day_of
from dispatch.statistics.query import fetch_named

UNIT = 2  # the dimension of units
VOICE = ("CH11", "CH12", "CH13")
VALIDITY = {"valid": 1, "duplicate": 2, "invalid": 3}
# Of a callback: 1 to 3 are the grades.
NOT_ANSWERED, REFUSED, UNSUITABLE, WAITING = 4, 5, 6, 7
SETTLED = {"no_answer": NOT_ANSWERED, "refused": REFUSED, "unsuitable": UNSUITABLE}

CALLS = """
SELECT id, channel, kind, validity, ring_at, answered_at, lost_at, state, agent_no, drill, source
FROM incidents_call WHERE centre_id = %(centre)s AND id = ANY(%(ids)s)
"""
TRANSFERS = """
SELECT t.id, t.incident_id, t.direction, t.state, t.sent_at, t.receipt_at, c.channel, c.drill
FROM incidents_transfer t JOIN incidents_call c ON c.id = t.call_id
WHERE t.centre_id = %(centre)s AND t.id = ANY(%(ids)s) AND t.sent_at IS NOT NULL
"""


def call_facts(centre_id: int, ids: Collection[int]) -> list[Fact]:
    """Read calls and return what they count for."""
    return [call_fact(row) for row in fetch_named(CALLS, {"centre": centre_id, "ids": list(ids)})]


def call_fact(row: dict[str, Any]) -> Fact:
    """Return what a call counts for (K1, K18). A drill has no marks but EX1."""
    marks = [mark("K18.kind", Outcome.EX1 + 100)] if row["drill"] else [*call_marks(row), *answer_marks(row)]
    return Fact(
        kind=Kind.CALL,
        source=row["id"],
        at=row["ring_at"],
        day=day_of(row["ring_at"]),
        facets=(ALL, (3, row["agent_no"]), (7, row["channel"]), (8, slot_of(row["ring_at"]))),
        marks=tuple(marks),
    )


def call_marks(row: dict[str, Any]) -> list[int]:
    """Return the marks of a call's kind (CK01 is 1, without a kind 0) and validity."""
    number = int(row["kind"][2:]) if row["kind"][2:].isdigit() else 0
    return [mark("K18.kind", number), mark("K18.validity", VALIDITY.get(row["validity"], 0))]


def answer_marks(row: dict[str, Any]) -> list[int]:
    """Return the mark of K1. A call that was answered only after it had been lost (a call back) counts as lost: nobody
    answered its ring. Of what was entered afterwards nobody knows when it rang."""
    if row["channel"] not in VOICE or row["source"]:
        return []
    if row["lost_at"] is not None and (row["answered_at"] is None or row["answered_at"] > row["lost_at"]):
        return [mark("K1", LOST_TIME)]
    if row["answered_at"] is not None:
        return [time_mark("K1", seconds(row["ring_at"], row["answered_at"]))]
    return [time_mark("K1", None)] if row["state"] == "waiting" else []


def transfer_facts(centre_id: int, ids: Collection[int]) -> list[Fact]:
    """Read transfers and return what they count for (K18)."""
    return [transfer_fact(row) for row in fetch_named(TRANSFERS, {"centre": centre_id, "ids": list(ids)})]


def transfer_fact(row: dict[str, Any]) -> Fact:
    """Return what a transfer that was sent counts for: returned (MISS) or not (HIT), and the time to its receipt."""
    marks: list[int] = []
    if row["direction"] == "out" and not row["drill"]:
        state = Outcome.MISS if row["state"] == "returned" else Outcome.HIT
        marks = [mark("K18.transfer", state), time_mark("K18.receipt", seconds(row["sent_at"], row["receipt_at"]))]
    return Fact(
        kind=Kind.TRANSFER,
        source=row["id"],
        at=row["sent_at"],
        day=day_of(row["sent_at"]),
        facets=(ALL, (7, row["channel"]), (8, slot_of(row["sent_at"]))),
        marks=tuple(marks),
        incident=row["incident_id"],
    )


def followed(whole: Whole) -> list[Fact]:
    """Return what followed an incident: callbacks, supervision orders, recovered property. A drill counts nowhere."""
    if whole.row["drill"]:
        return []
    return [
        *(callback_fact(whole, row) for row in whole.callbacks if row["asked_at"] or row["outcome"]),
        *(supervision_fact(whole, row) for row in whole.supervision),
        *(party_fact(whole, row) for row in whole.parties),
        *(suspect_fact(whole, row) for row in whole.suspects),
        *(cleared_fact(whole, row) for row in whole.cleared),
        *(fusion_fact(whole, row) for row in whole.fusion),
    ]


def belonging(
    whole: Whole, kind: Kind, source: int, at: dt.datetime, marks: list[int], *, station: int | None = None,
    turns: tuple[Turn, ...] = (),
) -> Fact:  # fmt: skip
    """Return a fact that is split as its incident is; `station` takes the place of the owner station."""
    found = facets(whole, at, counting_order(whole))
    if station is not None:
        found = tuple((number, str(station)) if number == 1 else (number, value) for number, value in found)
    return Fact(
        kind, source, at, day_of(at), found, tuple(marks), incident=whole.row["id"],
        urgent=whole.row["priority"] <= 2, turns=turns,
    )  # fmt: skip


def callback_fact(whole: Whole, row: dict[str, Any]) -> Fact:
    """Return what a callback counts for (K11): its grade, or why there is none."""
    answered = row["outcome"] == "answered"
    value = row["grade"] if answered else SETTLED.get(row["outcome"], WAITING)
    name = "K11.taking" if row["aim"] == "taking" else "K11.handling"
    return belonging(whole, Kind.CALLBACK, row["id"], row["asked_at"] or row["created_at"], [mark(name, value)])


def supervision_fact(whole: Whole, row: dict[str, Any]) -> Fact:
    """Return what a supervision order counts for (K15): closed by its date or not; open ones before their date wait."""
    done = row["closed_at"] if row["state"] == "closed" else None
    hit = done is not None and done <= row["due_at"]
    waits = () if done else (Turn(mark("K15", Outcome.MISS), mark("K15", Outcome.OPEN), row["due_at"]),)
    marks = [mark("K15", Outcome.HIT if hit else Outcome.MISS)]
    return belonging(whole, Kind.SUPERVISION, row["id"], row["due_at"], marks, station=row["to_id"], turns=waits)


def suspect_fact(whole: Whole, row: dict[str, Any]) -> Fact:
    """Return what an arrest counts for (K12): once for the city, and once for every credited unit, so unit totals may
    exceed the city's."""
    found = belonging(whole, Kind.SUSPECT, row["id"], row["caught_at"], [mark("K12.suspects", Outcome.HIT)])
    if not row["credited"]:
        return found
    others = tuple(one for one in found.facets if one[0] != UNIT)
    return replace(found, facets=(*others, *((UNIT, str(unit)) for unit in row["credited"])))


def cleared_fact(whole: Whole, row: dict[str, Any]) -> Fact:
    """Return what an incident that an arrest cleared along counts for (K12): once, whoever else cleared it."""
    return belonging(whole, Kind.CLEARED, whole.row["id"], row["at"], [mark("K12.cleared", Outcome.HIT)])


def fusion_fact(whole: Whole, row: dict[str, Any]) -> Fact:
    """Return what a fusion request counts for (K16): the times to acceptance, to the first locked position, and from
    there to the first arrest; whether it had a result."""
    locked = row["locked_at"]
    caught = next(
        (one["caught_at"] for one in whole.suspects if locked is not None and one["caught_at"] >= locked), None
    )
    marks = [
        time_mark("K16.accept", seconds(row["asked_at"], row["accepted_at"])),
        time_mark("K16.lock", seconds(row["asked_at"], locked)),
        mark("K16.result", {"done": Outcome.HIT, "no_result": Outcome.MISS}.get(row["state"], Outcome.OPEN)),
    ]
    if locked is not None:
        marks.append(time_mark("K16.arrest", seconds(locked, caught)))
    return belonging(whole, Kind.FUSION, row["id"], row["asked_at"], marks)


def party_fact(whole: Whole, row: dict[str, Any]) -> Fact:
    """Return what a recovered thing counts for (K12, K14): recovered (MISS until it is given back) or returned (HIT)."""
    marks = [mark("K14.items", Outcome.HIT if row["returned_at"] else Outcome.MISS)]
    if row["kind"] == "vehicle" and row["recovered_at"]:
        marks.append(mark("K12.vehicles", Outcome.HIT))
    return belonging(whole, Kind.PARTY, row["id"], row["recovered_at"] or row["returned_at"], marks)

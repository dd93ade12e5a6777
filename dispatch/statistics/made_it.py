"""Which unit would have made it: the units that were free at the first order, from where their positions showed them
then, by the same roads and the same usual preparation that the ranking counts with (M3, targets 4.4)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from dispatch import history, ranking, travel
from dispatch import policy as policies
from dispatch import spread as spreads
from dispatch.ranking import Question, UnitState
from dispatch.review.seen import positions_at
from dispatch.spread import Spread
from dispatch.statistics import no_unit
from dispatch.statistics.delay_rows import Late, Said
from dispatch.statistics.incident_rows import Order
from dispatch.statistics.query import fetch, fetch_named
from incidents.row import stamp
from patrol.models import NEVER_SENT

Json = dict[str, Any]
MOST = 20  # units of one answer, the first there first
# The state that a unit was in until this very moment: the order itself opens the next one.
FREE_THEN = """
SELECT u.id, u.call_sign, u.label, u.kind, p.status
FROM patrol_unit u JOIN patrol_statusperiod p ON p.unit_id = u.id
WHERE u.centre_id = %(centre)s AND u.kind <> ALL(%(never)s) AND p.status = ANY(%(statuses)s)
  AND p.started_at < %(at)s AND (p.ended_at IS NULL OR (p.ended_at >= %(at)s AND p.ended_at < %(longest)s))
ORDER BY u.call_sign
"""
# What the ranking of the decision rested on: the place as it was known, and how long preparation usually took.
KEPT = """
SELECT question -> 'question' ->> 'lat' AS lat, question -> 'question' ->> 'lng' AS lng, question -> 'spread' AS spread
FROM dispatch_rankrecord WHERE id = %(record)s
"""


def would_have(centre_id: int, late: Late, limit_s: int, now: dt.datetime) -> Json:
    """Return who would have been there within a limit, sent at the moment of the first order; what is not known is said.

    Nobody is estimated from a fix that the ranking would not have recommended from (180 s)."""
    first = late.orders[0] if late.orders else None
    said = late.said[first.id] if first is not None else None
    kept = record_of(said)
    place, spread, source = basis_of(centre_id, late, kept, now)
    if first is None or place is None:
        return {**nothing(), "why": "no_order" if first is None else "no_place", "chosen": choice_of(first, said)}
    moment = first.dispatched_at
    left = limit_s - (moment - late.steps.answered_at).total_seconds()
    urgent = late.row["priority"] <= policies.current().divert_up_to
    free = free_then(centre_id, moment, urgent)
    states, unknown = standing(free, moment)
    question = Question(moment, late.row["priority"], "", late.steps.answered_at, moment, *place)
    rows = estimate(centre_id, states, question, spread)
    for row in rows:
        row |= {"margin_s": round(left - row["expected_s"], 1), "made_it": row["expected_s"] <= left}
        row["sent"] = any(order.unit == row["unit"] and order.dispatched_at == moment for order in late.orders)
    return {
        "why": "" if states else why_nobody(centre_id, moment, free),
        "at": stamp(moment),
        "left_s": round(left, 1),
        "usual_s": round(float(spreads.preparation(spread).mean()), 1),
        "place": source,
        "free": len(free),
        "count": sum(row["made_it"] and not row["sent"] for row in rows),
        "units": rows[:MOST],
        "unknown": unknown,
        "chosen": choice_of(first, said),
    }


def why_nobody(centre_id: int, moment: dt.datetime, free: list[tuple[Any, ...]]) -> str:
    """Return why nobody could be estimated: no position, nobody free, or nobody knows what the units did then."""
    if free:
        return "no_position"
    return "no_free_unit" if no_unit.is_known(centre_id, moment) else "no_status"


def nothing() -> Json:
    """Return an answer in which nothing could be estimated."""
    return {"at": None, "left_s": None, "usual_s": None, "place": "", "free": 0, "count": 0, "units": [], "unknown": []}


def record_of(said: Said | None) -> Json | None:
    """Return what was kept of the ranking that an order rests on."""
    if said is None or said.record is None:
        return None
    return next(iter(fetch_named(KEPT, {"record": said.record})), None)


def basis_of(
    centre_id: int, late: Late, kept: Json | None, now: dt.datetime
) -> tuple[tuple[float, float] | None, Spread, str]:
    """Return place, preparation and whether the place is that of the decision ("then") or the present one ("now")."""
    if kept is not None and kept["lat"] is not None:
        stored = kept["spread"]
        return (float(kept["lat"]), float(kept["lng"])), spreads.from_row(loaded(stored)), "then"
    place = None if late.row["lat"] is None else (late.row["lat"], late.row["lng"])
    return place, history.parameters(centre_id, now), "now"


def loaded(stored: Any) -> Json:
    """Read JSON that a plain cursor may hand over as text."""
    found: Json = json.loads(stored) if isinstance(stored, str) else stored
    return found


def free_then(centre_id: int, moment: dt.datetime, urgent: bool) -> list[tuple[Any, ...]]:
    """Return the units that could be sent at a moment: available, for P1 and P2 also on a task."""
    statuses = ["available", "on_task"] if urgent else ["available"]
    values = {
        "centre": centre_id,
        "at": moment,
        "statuses": statuses,
        "never": list(NEVER_SENT),
        "longest": moment + no_unit.LONGEST,
    }
    return fetch(FREE_THEN, values)


def standing(free: list[tuple[Any, ...]], moment: dt.datetime) -> tuple[list[UnitState], list[Json]]:
    """Put units where their last fix showed them; those without a fresh one are named with the reason."""
    fixes = {row[0]: row for row in positions_at([one[0] for one in free], moment)}
    never_after = dt.timedelta(seconds=policies.current().never_after_s)
    states, unknown = [], []
    for unit, call_sign, label, kind, status in free:
        fix = fixes.get(unit)
        fixed_at = dt.datetime.fromtimestamp(fix[6] / 1000, dt.UTC) if fix else None
        if fix is None or fixed_at is None or moment - fixed_at > never_after:
            unknown.append({"unit": unit, "call_sign": call_sign, "why": "no_fix" if fix is None else "old_fix"})
            continue
        states.append(UnitState(unit, call_sign, label, kind, status, True, fix[1], fix[2], fixed_at))
    return states, unknown


def estimate(centre_id: int, states: list[UnitState], question: Question, spread: Spread) -> list[Json]:
    """Return each unit with its drive and the seconds until it would have been there, the first there first. The roads
    are those of now with what was closed then."""
    if not states or question.lat is None or question.lng is None:
        return []
    policy = policies.current()
    urgent = question.priority <= policy.divert_up_to
    ways = travel.ways(centre_id, states, question.lat, question.lng, question.at, emergency=urgent)
    found = ranking.measure(question, states, ways, policy, spread)
    rows = [
        {
            "unit": unit.unit_id,
            "call_sign": unit.call_sign,
            "kind": unit.kind,
            "status": unit.status,
            "seconds": round(way.seconds, 1),
            "expected_s": round(float(expected), 1),
            "basis": way.basis,
            "fix_age_s": round(float(age)),
        }
        for unit, way, expected, age in zip(found.units, found.ways, found.expected_s, found.age_s, strict=True)
    ]
    return sorted(rows, key=lambda row: (row["expected_s"], row["call_sign"]))


def choice_of(order: Order | None, said: Said | None) -> Json | None:
    """Return what the journalled decision of the first order said: who went, which rank it had, and why another one."""
    if order is None or said is None:
        return None
    return {
        "call_sign": said.call_sign,
        "rank": said.rank,
        "of": said.of,
        "first": said.first,
        "expected_s": order.expected_s,
        "first_expected_s": order.first_expected_s,
        "override_reason": said.override_reason,
        "override_text": said.override_text,
        "record": said.record,
    }

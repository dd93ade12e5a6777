"""Asking who can go: reading what the ranking needs, and keeping what it said with the order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from dispatch import coverage_left, history, rank_record, ranking, travel
from dispatch import policy as policies
from dispatch.models import Assignment, RankRecord
from dispatch.rank_record import Asked
from dispatch.ranking import Drop, Question, Ranking, UnitState
from incidents import codebook
from incidents.models import Incident
from incidents.row import Json, stamp
from patrol.models import NEVER_SENT, Unit

UNIT_COLUMNS = (
    "id", "call_sign", "label", "kind", "status", "status_reason", "equipment", "armed", "carries_detainees",
    "position__lat", "position__lng", "position__fixed_at", "position__suspect", "position__accuracy_m",
    "squad_id", "squad__parent_id",
)  # fmt: skip
# What each unit did since its shift began: orders, and when the last one ended.
LOADS = """
SELECT a.unit_id, count(*), max(a.finished_at)
FROM dispatch_assignment a JOIN patrol_unit u ON u.id = a.unit_id
WHERE a.centre_id = %s AND a.dispatched_at >= %s AND a.dispatched_at >= (u.on_shift->>'started_at')::timestamptz
      AND a.state NOT IN ('refused', 'withdrawn')
GROUP BY a.unit_id
"""
LONGEST_SHIFT = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Found:
    """A ranking with what it was asked."""

    asked: Asked
    ranking: Ranking


def ask(incident: Incident, now: dt.datetime, *, with_coverage: bool = True) -> Found | None:
    """Rank the centre's units for an incident; None without a place, for then nobody can be ranked.

    Coverage is worked out for the first few of the ranking without it, and reorders these alone."""
    if incident.lat is None or incident.lng is None:
        return None
    policy = policies.current()
    question = question_of(incident, now)
    units = states(incident.centre_id, now, with_drops=incident.priority <= policy.divert_up_to)
    here = [unit for unit in units if not ranking.exclusion(unit, question, policy)]
    ways = travel.ways(
        incident.centre_id, here, incident.lat, incident.lng, now, emergency=incident.priority <= policy.divert_up_to
    )
    asked = Asked(question, units, ways, policy.version, history.parameters(incident.centre_id, now), {}, None)
    found = asked.answer(policy)
    if with_coverage:
        first = [one.unit for one in found.recommended(policy.of_first)]
        left = coverage_left.after_sending(incident.centre_id, first, now)
        if left is not None:
            asked = replace(asked, coverage=left.after, coverage_now=left.now)
            found = asked.answer(policy)
    return Found(asked, found)


def rank(incident: Incident, now: dt.datetime, *, with_coverage: bool = True) -> Ranking:
    """Return the ranking alone; without a place every unit is excluded for that reason."""
    found = ask(incident, now, with_coverage=with_coverage)
    if found is None:
        unplaced = [ranking.Excluded(unit, "no_place") for unit in states(incident.centre_id, now)]
        return Ranking(ranking.NONE, now, policies.current().version, ranking.nobody(), unplaced)
    return found.ranking


def question_of(incident: Incident, now: dt.datetime) -> Question:
    """Return what is asked for an incident at a moment."""
    code = incident.type_reported
    kinds = codebook.attribute("incident_type", code, "unit_kinds", []) if code else []
    needs = list(policies.current().needs_of(code))
    if incident.weapon == "yes" and "armed" not in needs:
        needs.append("armed")
    return Question(
        at=now,
        priority=incident.priority,
        type_code=code,
        answered_at=incident.answered_at,
        first_order_at=incident.first_dispatched_at,
        lat=incident.lat,
        lng=incident.lng,
        unit_kinds=tuple(kinds),
        needs=tuple(needs),
        present=frozenset(incident.units),
        area_kind=incident.area_kind,
        owner=incident.jurisdiction_id,
    )


def states(centre_id: int, now: dt.datetime, *, with_drops: bool = False) -> list[UnitState]:
    """Return every unit of a centre as the ranking sees it; with the orders that they could leave when asked."""
    rows = Unit.objects.filter(centre_id=centre_id, ended_at__isnull=True).order_by("id").values_list(*UNIT_COLUMNS)
    done = loads(centre_id, now)
    drops = live_orders(centre_id) if with_drops else {}
    return [state_of(row, done.get(row[0], (0, None)), drops.get(row[0])) for row in rows]


def state_of(row: tuple[Any, ...], load: tuple[int, dt.datetime | None], drop: Drop | None) -> UnitState:
    """Return one unit as the ranking sees it."""
    if row[4] == "on_task" and drop is None:
        drop = Drop(None, None, "", 0, row[4], row[5])
    return UnitState(
        unit_id=row[0],
        call_sign=row[1],
        label=row[2],
        kind=row[3],
        status=row[4],
        dispatchable=row[3] not in NEVER_SENT,
        equipment=tuple(row[6]),
        armed=row[7],
        carries_detainees=row[8],
        lat=row[9],
        lng=row[10],
        fixed_at=row[11],
        suspect=bool(row[12]),
        accuracy_m=row[13],
        orders=load[0],
        freed_at=load[1],
        drop=drop,
        belongs=tuple(found for found in row[14:16] if found is not None),
    )


def loads(centre_id: int, now: dt.datetime) -> dict[int, tuple[int, dt.datetime | None]]:
    """Return orders of the running shift and the end of the last one, by unit."""
    with connection.cursor() as cursor:
        cursor.execute(LOADS, [centre_id, now - LONGEST_SHIFT])
        return {unit: (count, ended) for unit, count, ended in cursor.fetchall()}


def live_orders(centre_id: int) -> dict[int, Drop]:
    """Return the order that each unit under way could leave."""
    rows = Assignment.objects.filter(
        centre_id=centre_id, state__in=[Assignment.State(name) for name in policies.current().divert_states]
    ).values_list("unit_id", "id", "incident_id", "incident__incident_no", "incident__priority", "state")
    return {unit: Drop(order, incident, number, level, state) for unit, order, incident, number, level, state in rows}


def next_best(incident: Incident, now: dt.datetime) -> str:
    """Return the call sign of the unit to propose next, or "". Coverage is left out: this runs inside commands."""
    best = rank(incident, now, with_coverage=False).recommended(1)
    return best[0].unit.call_sign if best else ""


def keep(incident: Incident, found: Found | None, seen: list[int]) -> Json:
    """Keep a whole ranking for the orders that are about to rest on it; returns its number and digest."""
    if found is None:
        return {}
    question, answer = rank_record.stored(found.asked), rank_record.answer_row(found.ranking)
    record = RankRecord.objects.create(
        centre_id=incident.centre_id,
        incident=incident,
        at=found.ranking.at,
        policy=found.ranking.policy,
        question=question,
        answer=answer,
        seen=seen,
    )
    return {"record": record.pk, "digest": rank_record.digest(question, answer)}


def basis_of(found: Ranking, unit_id: int) -> Json:
    """Return what was seen of a unit at the moment of the order, to be stored with it (rank_basis)."""
    best = found.recommended(1)
    chosen = next((candidate for candidate in found.candidates if candidate.unit.unit_id == unit_id), None)
    basis: dict[str, Any] = {
        "basis": found.basis,
        "at": stamp(found.at),
        "policy": found.policy,
        "first": best[0].unit.call_sign if best else "",
        "of": len(found.candidates),
    }
    if best:
        basis["first_expected_s"] = round(best[0].expected_s)
    if chosen is not None:
        basis |= {
            "rank": chosen.rank,
            "distance_m": round(chosen.distance_m),
            "seconds": round(chosen.seconds),
            "expected_s": round(chosen.expected_s),
            "chance": chosen.chance,
            "coverage_now": found.coverage_now,
            "coverage_after": chosen.coverage_after,
            "way": chosen.basis,
            "fix_age_s": round(chosen.fix_age_s),
            "kind": chosen.unit.kind,
            "status": chosen.unit.status,
            "reason": chosen.reason,
        }
    return basis

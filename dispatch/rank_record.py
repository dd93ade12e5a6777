"""A ranking as it is kept with an order, and asked again: question, units, ways, parameters and answer. Pure.

The question holds everything that the answer rests on, so `again()` gives the same answer with the policy of its time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from dispatch import policy as policies
from dispatch import ranking, spread
from dispatch.policy import Policy
from dispatch.ranking import Drop, Question, Ranking, UnitState, Way
from dispatch.spread import Spread

Json = dict[str, Any]
UNIT_FIELDS = tuple(one.name for one in fields(UnitState))
MOMENTS = ("fixed_at", "freed_at")


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that a ranking was made from."""

    question: Question
    units: list[UnitState]
    ways: dict[int, Way]
    policy: int
    spread: Spread
    coverage: dict[int, float]
    coverage_now: float | None

    def answer(self, policy: Policy) -> Ranking:
        """Rank."""
        return ranking.rank(
            self.question,
            self.units,
            self.ways,
            policy=policy,
            spread=self.spread,
            coverage=self.coverage,
            coverage_now=self.coverage_now,
        )


def stored(asked: Asked) -> Json:
    """Return a question as JSON; units as lists in the order of `unit_fields`."""
    return {
        "question": {**asdict(asked.question), **_question_values(asked.question)},
        "unit_fields": list(UNIT_FIELDS),
        "units": [_unit(one) for one in asked.units],
        "ways": [[unit, way.seconds, way.metres, way.basis, way.why] for unit, way in asked.ways.items()],
        "policy": asked.policy,
        "spread": asked.spread.row(),
        "coverage": [[unit, share] for unit, share in asked.coverage.items()],
        "coverage_now": asked.coverage_now,
    }


def _question_values(question: Question) -> Json:
    first = question.first_order_at
    return {
        "at": question.at.isoformat(),
        "answered_at": question.answered_at.isoformat(),
        "first_order_at": first.isoformat() if first else None,
        "present": sorted(question.present),
    }


def _unit(unit: UnitState) -> list[Any]:
    return [_value(getattr(unit, name)) for name in UNIT_FIELDS]


def _value(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, Drop):
        return asdict(value)
    return list(value) if isinstance(value, tuple) else value


def asked_of(row: Json) -> Asked:
    """Return the question that `stored()` wrote."""
    question = dict(row["question"])
    for name in ("at", "answered_at", "first_order_at"):
        question[name] = dt.datetime.fromisoformat(question[name]) if question[name] else None
    question |= {name: tuple(question[name]) for name in ("unit_kinds", "needs")}
    question["present"] = frozenset(question["present"])
    return Asked(
        question=Question(**question),
        units=[_unit_of(dict(zip(row["unit_fields"], values, strict=True))) for values in row["units"]],
        ways={unit: Way(seconds, metres, basis, why) for unit, seconds, metres, basis, why in row["ways"]},
        policy=row["policy"],
        spread=spread.from_row(row["spread"]),
        coverage=dict(row["coverage"]),
        coverage_now=row["coverage_now"],
    )


def _unit_of(values: Json) -> UnitState:
    for name in MOMENTS:
        values[name] = dt.datetime.fromisoformat(values[name]) if values[name] else None
    for name in ("equipment", "belongs"):
        values[name] = tuple(values.get(name, ()))
    values["drop"] = Drop(**values["drop"]) if values["drop"] else None
    return UnitState(**values)


def answer_row(found: Ranking) -> Json:
    """Return an answer as it is kept and compared: who stood where, with what figures, and who was excluded why."""
    return {
        "basis": found.basis,
        "policy": found.policy,
        "coverage_now": found.coverage_now,
        "candidates": [
            {
                "unit": one.unit.unit_id,
                "call_sign": one.unit.call_sign,
                "rank": one.rank,
                "recommended": one.recommended,
                "seconds": round(one.seconds, 3),
                "expected_s": one.expected_s,
                "chance": one.chance,
                "cost_s": one.cost_s,
                "coverage_after": one.coverage_after,
                "reason": one.reason,
            }
            for one in found.candidates
        ],
        "excluded": [[one.unit.call_sign, one.code] for one in found.excluded],
    }


def digest(question: Json, answer: Json) -> str:
    """Return the SHA-256 of a kept ranking; it stands in the order's `rank_basis`, which the journal's chain covers."""
    text = json.dumps([question, answer], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def again(question: Json) -> Json:
    """Answer a kept question anew, with the policy of its time. Raises UnknownPolicy."""
    asked = asked_of(question)
    return answer_row(asked.answer(policies.of(asked.policy)))

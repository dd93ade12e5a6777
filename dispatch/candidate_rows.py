"""A ranking as the console shows it: rows with figures, and the reasons as one line in the user's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dispatch import policy as policies
from dispatch.ranking import Candidate, Drop, Question, Ranking
from dispatch.spread import Spread
from incidents.row import Json, stamp

AT_MOST = 100  # candidates in one answer; the others are counted
EXCLUDED_BECAUSE = {
    "never_sent": gettext_lazy("never sent to a scene"),
    "on_it_already": gettext_lazy("on this incident already"),
    "on_task": gettext_lazy("on a task, taken for P1 and P2 only"),
    "as_urgent": gettext_lazy("under way to work that is as urgent"),
    "no_position": gettext_lazy("no position"),
    "no_place": gettext_lazy("the incident has no place yet"),
    "off_duty": gettext_lazy("off duty"),
    "assigned": gettext_lazy("has an order"),
    "en_route": gettext_lazy("under way to another incident"),
    "on_scene": gettext_lazy("at another scene"),
    "transporting": gettext_lazy("transporting"),
    "break": gettext_lazy("on a break"),
    "out_of_service": gettext_lazy("out of service"),
}
WORDS = {
    "no_path": gettext_lazy("no road leads there, straight line"),
    "too_far": gettext_lazy("too far from any road, straight line"),
    "kind_fits": gettext_lazy("kind fits"),
    "category": gettext_lazy("of the kind that goes first (by category)"),
    "not_category": gettext_lazy("another kind goes first (by category)"),
    "direct": gettext_lazy("of the owning station (direct)"),
    "not_direct": gettext_lazy("the owning station goes first (direct)"),
    "lacks_armed": gettext_lazy("unarmed"),
    "lacks_detainees": gettext_lazy("cannot carry detainees"),
    "lacks_women": gettext_lazy("no woman officer"),
    "lacks_water": gettext_lazy("no water rescue gear"),
    "lacks_dog": gettext_lazy("no dog"),
    "suspect_fix": gettext_lazy("position doubtful"),
    "stale_fix": gettext_lazy("position too old to recommend"),
    "old_fix": gettext_lazy("position old"),
    "just_freed": gettext_lazy("just back from an order"),
}


def shown(found: Ranking, question: Question | None = None, spread: Spread | None = None) -> Json:
    """Return a ranking as the console shows it (docs/contract.md 5)."""
    clock_a, clock_b = question.elapsed() if question else (0.0, 0.0)
    return {
        "basis": found.basis,
        "at": stamp(found.at),
        "policy": found.policy,
        "strategy": strategy_of(found, question),
        "coverage_now": found.coverage_now,
        "parameters": spread.row() if spread else None,
        "elapsed": {"A": round(clock_a), "B": round(clock_b)} if question else None,
        "candidates": [candidate_row(one, clock_a, clock_b) for one in found.candidates[:AT_MOST]],
        "more": max(0, len(found.candidates) - AT_MOST),
        "excluded": [
            {
                "unit": one.unit.unit_id,
                "call_sign": one.unit.call_sign,
                "label": one.unit.label,
                "code": one.code,
                "reason": str(EXCLUDED_BECAUSE.get(one.code, one.code)),
            }
            for one in found.excluded
        ],
    }


def strategy_of(found: Ranking, question: Question | None) -> str:
    """Name the way of handling that the ranking followed (R8): nearest, category or direct."""
    if question is None:
        return "nearest"
    policy = policies.of(found.policy)
    strategy = policy.strategy_of(question.type_code, question.area_kind, question.priority)
    return strategy.way if strategy else "nearest"


def candidate_row(one: Candidate, clock_a: float, clock_b: float) -> Json:
    """Return one candidate: `arrives` is what both clocks will show, `chance` of being there in 5 and 10 minutes."""
    return {
        "unit": one.unit.unit_id,
        "call_sign": one.unit.call_sign,
        "label": one.unit.label,
        "kind": one.unit.kind,
        "rank": one.rank,
        "recommended": one.recommended,
        "distance_m": round(one.distance_m),
        "seconds": round(one.seconds),
        "expected_s": round(one.expected_s),
        "arrives": {"A": round(clock_a + one.expected_s), "B": round(clock_b + one.expected_s)},
        "chance": one.chance,
        "basis": one.basis,
        "why": one.why,
        "coverage_after": one.coverage_after,
        "fix_age_s": round(one.fix_age_s),
        "status": one.unit.status,
        "orders": one.unit.orders,
        "lacks": list(one.lacks),
        "would_drop": drop_row(one.unit.drop),
        "cost_s": round(one.cost_s),
        "reason": sentence(one),
    }


def drop_row(drop: Drop | None) -> Json | None:
    """Return what a unit would leave."""
    if drop is None:
        return None
    return {
        "assignment": drop.assignment,
        "incident": drop.incident,
        "incident_no": drop.incident_no,
        "priority": drop.priority or None,
        "text": drop.text,
    }


def sentence(one: Candidate) -> str:
    """Return a candidate's reasons in one line, in the user's language. The coverage that it leaves stands beside them
    as figures."""
    parts = [way_words(one), *(str(WORDS[code]) for code in one.reason.split() if code in WORDS)]
    if one.unit.drop is not None:
        parts.append(drop_words(one.unit.drop))
    if one.unit.orders:
        count = one.unit.orders
        parts.append(ngettext("%(count)d order this shift", "%(count)d orders this shift", count) % {"count": count})
    return " · ".join(parts)


def way_words(one: Candidate) -> str:
    """Say on what the time rests, how far it is as the crow flies (no route is asked for in a ranking), and how old the
    position is."""
    values: dict[str, Any] = {"distance": distance_words(one.distance_m), "age": round(one.fix_age_s)}
    if one.basis == "road":
        return _("road time, %(distance)s in a straight line, fix %(age)d s old") % values
    return _("straight line %(distance)s, fix %(age)d s old") % values


def distance_words(metres: float) -> str:
    """Write a distance in metres, from a kilometre on in kilometres with one digit."""
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def drop_words(drop: Drop) -> str:
    """Say what a unit would leave."""
    if drop.assignment is None:
        return _("leaves its task: %(text)s") % {"text": drop.text or "–"}
    return _("leaves %(incident_no)s (P%(priority)d)") % {"incident_no": drop.incident_no, "priority": drop.priority}

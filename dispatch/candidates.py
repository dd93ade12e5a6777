"""Reading what the ranking needs, and showing what it says."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch import ranking
from dispatch.ranking import Ranking, UnitState
from incidents.models import Incident
from incidents.row import Json, stamp
from patrol.models import Unit

EXCLUDED_BECAUSE = {
    "never_sent": gettext_lazy("never sent to a scene"),
    "on_it_already": gettext_lazy("on this incident already"),
    "on_task": gettext_lazy("on a task, taken for P1 and P2 only"),
    "no_position": gettext_lazy("no position"),
    "off_duty": gettext_lazy("off duty"),
    "assigned": gettext_lazy("has an order"),
    "en_route": gettext_lazy("under way to another incident"),
    "on_scene": gettext_lazy("at another scene"),
    "transporting": gettext_lazy("transporting"),
    "break": gettext_lazy("on a break"),
    "out_of_service": gettext_lazy("out of service"),
}


def states(centre_id: int) -> list[UnitState]:
    """Return every unit of a centre as the ranking sees it, in one query."""
    rows = Unit.objects.filter(centre_id=centre_id, ended_at__isnull=True).values_list(
        "id",
        "call_sign",
        "label",
        "kind",
        "status",
        "position__lat",
        "position__lng",
        "position__fixed_at",
        "position__suspect",
        "position__accuracy_m",
    )
    return [
        UnitState(
            unit_id=row[0],
            call_sign=row[1],
            label=row[2],
            kind=row[3],
            status=row[4],
            dispatchable=row[3] not in ("UV", "UJ", "UB"),
            lat=row[5],
            lng=row[6],
            fixed_at=row[7],
            suspect=bool(row[8]),
            accuracy_m=row[9],
        )
        for row in rows
    ]


def rank(incident: Incident, now: dt.datetime) -> Ranking:
    """Rank the centre's units for an incident; without a place nobody can be ranked."""
    found = states(incident.centre_id)
    if incident.lat is None or incident.lng is None:
        return Ranking("none", now, [], [ranking.Excluded(unit, "no_place") for unit in found])
    return ranking.rank(
        found,
        lat=incident.lat,
        lng=incident.lng,
        priority=incident.priority,
        now=now,
        present=frozenset(incident.units),
    )


def next_best(incident: Incident, now: dt.datetime) -> str:
    """Return the call sign of the unit to propose next, or ""."""
    best = rank(incident, now).recommended()
    return best[0].unit.call_sign if best else ""


def basis_of(found: Ranking, unit_id: int) -> Json:
    """Return what was seen of a unit at the moment of the order, to be stored with it (rank_basis)."""
    best = found.recommended()
    chosen = next((candidate for candidate in found.candidates if candidate.unit.unit_id == unit_id), None)
    basis: dict[str, Any] = {
        "basis": found.basis,
        "at": stamp(found.at),
        "policy": ranking.POLICY_VERSION,
        "first": best[0].unit.call_sign if best else "",
        "of": len(found.candidates),
    }
    if chosen is not None:
        basis |= {
            "rank": chosen.rank,
            "distance_m": round(chosen.distance_m),
            "seconds": round(chosen.seconds),
            "fix_age_s": round(chosen.fix_age_s),
            "kind": chosen.unit.kind,
            "status": chosen.unit.status,
        }
    return basis


def shown(found: Ranking) -> Json:
    """Return a ranking as the console shows it (docs/contract.md 5)."""
    return {
        "basis": found.basis,
        "at": stamp(found.at),
        "candidates": [
            {
                "unit": one.unit.unit_id,
                "call_sign": one.unit.call_sign,
                "label": one.unit.label,
                "kind": one.unit.kind,
                "rank": one.rank,
                "recommended": one.recommended,
                "distance_m": round(one.distance_m),
                "seconds": round(one.seconds),
                "fix_age_s": round(one.fix_age_s),
                "status": one.unit.status,
                "would_drop": None,
                "reason": sentence(one),
            }
            for one in found.candidates
        ],
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


def sentence(one: ranking.Candidate) -> str:
    """Return a candidate's reason in one line, in the user's language."""
    line = _("straight line %(metres)d m, fix %(age)d s old") % {
        "metres": round(one.distance_m),
        "age": round(one.fix_age_s),
    }
    doubts = {
        "suspect_fix": _("position doubtful"),
        "stale_fix": _("position too old to recommend"),
        "old_fix": _("position old"),
        "on_task": _("on a task"),
    }
    return " · ".join([line, *(doubts[code] for code in one.reason.split() if code in doubts)])

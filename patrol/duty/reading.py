"""What the shift page reads: the week, who is on duty against the plan, the check-in rate, the shortfall (R26)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from incidents import duty
from incidents.actor import Actor
from incidents.models import Organisation
from incidents.roles import DESK, INSPECTOR, LEADER
from incidents.row import Json, stamp
from patrol.duty.models import PlannedShift
from patrol.models import NEVER_SENT, Status, Unit

AWAY = (Status.BREAK, Status.OUT_OF_SERVICE)


def units_for(by: Actor) -> Any:
    """Return the units that a person plans or looks after: a station's duty desk the own ones."""
    found = Unit.objects.filter(centre_id=by.centre_id, ended_at__isnull=True).exclude(kind__in=NEVER_SENT)
    return found if by.has(*DESK, INSPECTOR, LEADER) else found.filter(squad_id=by.org_id)


def roster(by: Actor, since: dt.datetime, until: dt.datetime) -> Json:
    """Return the planned shifts of a span with the units they are planned on, and the check-in rate of what is due."""
    units = list(units_for(by).order_by("squad__kind", "squad__code", "call_sign"))
    plans = PlannedShift.objects.filter(
        unit__in=units, starts_at__lt=until, ends_at__gt=since, cancelled_at__isnull=True
    ).select_related("unit")
    return {
        "since": stamp(since),
        "until": stamp(until),
        "units": [
            {"id": one.pk, "call_sign": one.call_sign, "label": one.label, "squad": one.squad_id,
             "squad_name": one.squad_name} for one in units
        ],
        "planned_shifts": [plan.row() for plan in plans.order_by("starts_at", "unit__call_sign")],
    }  # fmt: skip


def check_in(by: Actor, since: dt.datetime, now: dt.datetime) -> Json:
    """Return the terminal check-in rate (R26): of the shifts planned to start in the span, how many signed on within the
    limit of the duty level, late, or not at all."""
    grace = duty.present(by.centre_id).sign_on_within
    due = PlannedShift.objects.filter(
        unit__in=units_for(by), cancelled_at__isnull=True, starts_at__gte=since, starts_at__lte=now - grace
    )
    rows = list(due.values_list("starts_at", "signed_on_at", "missing"))
    on_time = sum(1 for starts, signed, _missing in rows if signed is not None and signed <= starts + grace)
    missing = sum(1 for _starts, signed, _missing in rows if signed is None)
    return {
        "due": len(rows),
        "on_time": on_time,
        "late": len(rows) - on_time - missing,
        "missing": missing,
        "people_missing": sum(len(absent) for _starts, _signed, absent in rows),
        "rate": on_time / len(rows) if rows else None,
        "grace_s": int(grace.total_seconds()),
    }


def on_duty(by: Actor, now: dt.datetime) -> list[Json]:
    """Return every unit that is planned now or on duty now: against the plan on_time, late, missing, not_yet (its limit
    still runs) or unplanned."""
    grace = duty.present(by.centre_id).sign_on_within
    units = {unit.pk: unit for unit in units_for(by)}
    plans = PlannedShift.objects.filter(
        unit__in=list(units), cancelled_at__isnull=True, starts_at__lte=now, ends_at__gt=now
    ).select_related("unit")
    by_unit = {plan.unit_id: plan for plan in plans}
    shown = [unit for unit in units.values() if unit.on_shift is not None or unit.pk in by_unit]
    rows = [
        {**unit.row(), "plan": plan.row() if plan else None, "against_plan": against(unit, plan, grace, now)}
        for unit in shown
        for plan in [by_unit.get(unit.pk)]
    ]
    order = ["missing", "late", "not_yet", "unplanned", "on_time"]
    return sorted(rows, key=lambda row: (order.index(row["against_plan"]), row["call_sign"]))


def against(unit: Unit, plan: PlannedShift | None, grace: dt.timedelta, now: dt.datetime) -> str:
    """Hold a unit against its plan."""
    if plan is None:
        return "unplanned"
    if plan.signed_on_at is None:
        # On duty on a shift that is not this plan's: the crew is there all the same.
        if unit.on_shift is not None:
            return "unplanned"
        return "missing" if now > plan.starts_at + grace else "not_yet"
    return "late" if plan.signed_on_at > plan.starts_at + grace else "on_time"


def shortfall(centre_id: int) -> list[Json]:
    """Return each patrol squad: how many of its units are on duty and not out of service, how many the duty level wants
    (at most what it has), and what is missing. Stations are not squads: their car goes with the duty desk."""
    wanted = duty.present(centre_id).min_units
    units = Unit.objects.filter(centre_id=centre_id, ended_at__isnull=True, squad__kind=Organisation.Kind.SQUAD)
    units = units.exclude(kind__in=NEVER_SENT)
    squads: dict[int, Json] = {}
    for unit in units.order_by("squad__code", "call_sign"):
        squad = squads.setdefault(
            unit.squad_id, {"squad": unit.squad_id, "name": unit.squad_name, "units": 0, "have": 0}
        )
        squad["units"] += 1
        squad["have"] += unit.on_shift is not None and unit.status != Status.OUT_OF_SERVICE
    found = []
    for squad in squads.values():
        want = min(wanted, squad["units"])
        found.append({**squad, "want": want, "missing": max(0, want - squad["have"])})
    return sorted(found, key=lambda one: -one["missing"])


def away(by: Actor) -> list[Json]:
    """Return the units on a break or out of service, the overdue ones first."""
    found = units_for(by).filter(Q(status__in=AWAY)).order_by("back_by", "call_sign")
    return sorted((unit.row() for unit in found), key=lambda row: row["return_overdue_at"] is None)

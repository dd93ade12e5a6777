"""Away from the street: breaks with their limits, out of service with a reason and an expected return (row 67)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import codebook, duty
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Organisation
from incidents.refusals import BadInput, WrongTurn
from incidents.row import Json, stamp
from patrol.models import Status, Unit

AT_ONCE = 200


def facts_of(
    unit: Unit, status: str, *, by: Actor, now: dt.datetime, reason: str, reason_code: str, back_at: dt.datetime | None
) -> Json:
    """Return what a status needs beside itself. Raises BadInput for a unit out of service without a reason, WrongTurn
    when too many of the squad are on a break already; the desk may go beyond that."""
    codebook.require("away_reason", reason_code, "reason_code")
    if back_at is not None and back_at <= now:
        raise BadInput(back_at=_("The expected return must lie ahead."))
    if status == Status.BREAK:
        rules = duty.present(unit.centre_id)
        if by.on_unit == unit.pk:
            must_have_room(unit, rules.breaks_at_once)
        return {"back_by": now + rules.break_within}
    if status != Status.OUT_OF_SERVICE:
        return {}
    if not reason and (not reason_code or codebook.attribute("away_reason", reason_code, "needs_text")):
        raise BadInput(reason=_("Say why the unit is out of service."))
    return {"away_reason": reason_code, "back_by": back_at}


def must_have_room(unit: Unit, most: int) -> None:
    """Refuse a break when the squad has its number of breaks; the squad's row makes two at once take turns."""
    Organisation.objects.select_for_update(no_key=True).get(pk=unit.squad_id)
    away = Unit.objects.filter(squad_id=unit.squad_id, status=Status.BREAK).exclude(pk=unit.pk)
    names = list(away.order_by("call_sign").values_list("label", flat=True))
    if len(names) < most:
        return
    if not most:
        raise WrongTurn(unit, _("At this duty level there are no breaks; ask the dispatcher."))
    raise WrongTurn(unit, _("On a break already: %(units)s. Ask the dispatcher.") % {"units": ", ".join(names)})


def sweep(now: dt.datetime) -> int:
    """Notice units that are not back in time, and those that are; returns how many."""
    overdue = Unit.objects.filter(back_by__lte=now, return_overdue_at__isnull=True)
    back = Unit.objects.filter(return_overdue_at__isnull=False).filter(Q(back_by__isnull=True) | Q(back_by__gt=now))
    done = 0
    for unit_id in overdue.values_list("pk", flat=True)[:AT_ONCE]:
        done += bool(note_overdue(by=None, unit_id=unit_id))
    for unit_id in back.values_list("pk", flat=True)[:AT_ONCE]:
        done += bool(note_return(by=None, unit_id=unit_id))
    return done


@command
def note_overdue(*, by: Actor | None, unit_id: int) -> dict[str, Any]:
    """A break has lasted longer than its limit, or a unit out of service is not back when it said."""
    now = timezone.now()
    unit = claimed(unit_id, Q(back_by__lte=now, return_overdue_at__isnull=True))
    if unit is None:
        return {}
    due = unit.back_by
    unit.change(by=None, now=now, return_overdue_at=now)
    alerts = told(unit, now, due)
    record("unit.return_overdue", unit, *alerts, call_sign=unit.call_sign, status=unit.status, passed_at=stamp(due))
    return {"unit": unit.pk}


def told(unit: Unit, now: dt.datetime, due: dt.datetime | None) -> list[Alert]:
    """Raise the alert unless one about this unit stands."""
    standing = Alert.objects.filter(
        kind="return_overdue", unit_id=unit.pk, acknowledged_at__isnull=True, cause_ended_at__isnull=True
    )
    if standing.exists():
        return []
    facts: dict[str, Any] = {"call_sign": unit.call_sign, "status": unit.status, "reason": unit.status_reason}
    return [
        raise_alert(
            "return_overdue", centre_id=unit.centre_id, by=None, now=now, raised_at=due, unit_id=unit.pk, **facts
        )
    ]  # fmt: skip


@command
def note_return(*, by: Actor | None, unit_id: int) -> dict[str, Any]:
    """A unit that was overdue is back, or has said anew when it will be."""
    now = timezone.now()
    again = Q(back_by__isnull=True) | Q(back_by__gt=now)
    unit = claimed(unit_id, Q(return_overdue_at__isnull=False) & again)
    if unit is None:
        return {}
    unit.change(by=None, now=now, return_overdue_at=None)
    ended = end_causes(now, "return_overdue", unit_id=unit.pk)
    record("unit.returned", unit, *ended, call_sign=unit.call_sign)
    return {"unit": unit.pk}


def claimed(unit_id: int, condition: Q) -> Unit | None:
    """Lock a unit that still meets a condition; one that another process has is left to it."""
    found = Unit.objects.select_for_update(skip_locked=True, no_key=True).filter(condition, pk=unit_id)
    return found.first()

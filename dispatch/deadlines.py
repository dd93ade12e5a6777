"""The sweep: each limit that passed is claimed once, dated when it passed, and becomes an alert (style 34–39).

Safe from any number of processes: rows are claimed with SKIP LOCKED, one short command each.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from dispatch import candidates, early_warning, urging
from dispatch.directives import stake_out
from dispatch.models import Assignment
from incidents import alerts
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Deadline, Heartbeat, Incident
from incidents.row import Row, stamp
from patrol.duty import away, checks, roster
from patrol.models import Unit

Kind = Deadline.Kind
SET_ASIDE_FOR = dt.timedelta(minutes=1)
SILENT_AFTER = dt.timedelta(seconds=180)
AT_ONCE = 500
SWEEP = "sweep"
log = logging.getLogger(__name__)

# What a passed limit is called in the journal and on the alert list.
ENTRY = {
    Kind.ORDER: "incident.overdue",
    Kind.DELIVER: "assignment.undelivered",
    Kind.ACCEPT: "assignment.unaccepted",
    Kind.DEPART: "assignment.not_departed",
    Kind.ARRIVE: "assignment.late",
    Kind.REPORT: "assignment.unreported",
    Kind.ANSWER: "assignment.prompt_unanswered",
    Kind.ARRIVE5_A: "incident.late",
    Kind.ARRIVE10_A: "incident.late",
    Kind.ARRIVE5_B: "incident.late",
    Kind.ARRIVE10_B: "incident.late",
}
# Clock A alone raises the arrival alert, so that one cause makes one alarm (alarm budget); clock B stands on the card.
# The order's own arrival limit asks for the reason, when the unit has given none (R14).
ALERT = {
    Kind.ORDER: "order_overdue",
    Kind.DELIVER: "undelivered",
    Kind.ACCEPT: "unaccepted",
    Kind.DEPART: "not_departed",
    Kind.ARRIVE: "late_unexplained",
    Kind.REPORT: "unreported",
    Kind.ANSWER: stake_out.ALERT,
    Kind.ARRIVE5_A: "late5",
    Kind.ARRIVE10_A: "late10",
}


def sweep() -> int:
    """Fire what is due now; returns how many. A row that cannot be fired is set aside for a minute and shown."""
    now = timezone.now()
    fired = 0
    due = Deadline.objects.filter(state=Deadline.State.RUNNING, due_at__lte=now).exclude(set_aside_until__gt=now)
    for deadline_id in due.order_by("due_at").values_list("id", flat=True)[:AT_ONCE]:
        try:
            fired += bool(fire(by=None, deadline_id=deadline_id))
        except Exception:
            log.exception("deadline %s set aside", deadline_id)
            set_aside(deadline_id, now)
    urging.urge_due(now)
    fired += sweep_silent_units(now)
    fired += away.sweep(now) + checks.sweep(now) + roster.sweep(now)
    early_warning.sweep(now)
    Heartbeat.objects.update_or_create(name=SWEEP, defaults={"at": timezone.now()})
    return fired


def set_aside(deadline_id: int, now: dt.datetime) -> None:
    """Leave a row that raises alone for a minute, and tell the watch commander."""
    try:
        put_aside(by=None, deadline_id=deadline_id, until=now + SET_ASIDE_FOR)
    except DatabaseError:
        log.exception("deadline %s could not be set aside", deadline_id)


@command
def put_aside(*, by: Actor | None, deadline_id: int, until: dt.datetime) -> dict[str, Any]:
    """Journal that a limit could not be fired."""
    now = timezone.now()
    row = Deadline.objects.select_related("incident").get(pk=deadline_id)
    if row.set_aside_until is not None and row.set_aside_until > now:
        return {}
    seen_before = row.set_aside_until is not None
    row.change(by=None, now=now, set_aside_until=until)
    shown: list[Row] = []
    if not seen_before:
        shown.append(
            alerts.raise_alert(
                "sweep_failed",
                centre_id=row.centre_id,
                by=None,
                now=now,
                incident_id=row.incident_id,
                deadline=row.kind,
                incident_no=row.incident.incident_no,
            )
        )
    record("deadline.set_aside", row, *shown, limit=row.kind)
    return {}


@command
def fire(*, by: Actor | None, deadline_id: int) -> dict[str, Any]:
    """Claim one due limit and record that it passed. Another process's row, or one met meanwhile, is left alone."""
    now = timezone.now()
    row = (
        Deadline.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(pk=deadline_id, state=Deadline.State.RUNNING, due_at__lte=now)
        .select_related("incident")
        .first()
    )
    if row is None:
        return {}
    assignment = Assignment.objects.filter(pk=row.assignment_id).first() if row.assignment_id else None
    if row.kind == Kind.PROMPT and assignment is not None:
        return stake_out.ask(row, assignment, now)
    row.change(by=None, now=now, state=Deadline.State.MISSED, noticed_at=now)
    incident = row.incident
    data = values(row, incident, assignment, now)
    shown: list[Row] = []
    # Met between its moment and this sweep: the miss stands, but nobody needs to be called.
    if row.stopped_at is None and row.kind in ALERT and not is_explained(row, assignment):
        urgent = incident.priority == 1 and row.kind in (Kind.ORDER, Kind.ACCEPT)
        shown.append(
            alerts.raise_alert(
                ALERT[Kind(row.kind)],
                centre_id=row.centre_id,
                by=None,
                now=now,
                raised_at=row.due_at,
                incident_id=incident.pk,
                assignment_id=row.assignment_id,
                unit_id=row.unit_id,
                urgent=urgent,
                **data,
            )
        )
    record(ENTRY[Kind(row.kind)], row, *shown, **data)
    return {"deadline": row.pk}


def is_explained(row: Deadline, assignment: Assignment | None) -> bool:
    """Tell whether the unit has said why it is late before its arrival limit passed (R14)."""
    return row.kind == Kind.ARRIVE and assignment is not None and assignment.delay_at is not None


def values(row: Deadline, incident: Incident, assignment: Assignment | None, now: dt.datetime) -> dict[str, Any]:
    """Return what the sentence of a passed limit needs; `passed_at` is when it passed, the entry's `at` when noticed."""
    data: dict[str, Any] = {
        "limit": row.kind,
        "passed_at": stamp(row.due_at),
        "incident_no": incident.incident_no,
        "priority": incident.priority,
    }
    if assignment is not None:
        unit = Unit.objects.filter(pk=assignment.unit_id).first()
        data |= {"call_sign": assignment.call_sign}
        if row.kind == Kind.DELIVER and unit is not None:
            data |= {"radio_channel": unit.radio_channel, "radio_id": unit.radio_id}
    if row.kind in (Kind.ORDER, Kind.ACCEPT, Kind.ARRIVE10_A):
        data["proposed"] = candidates.next_best(incident, now)
    return data


def sweep_silent_units(now: dt.datetime) -> int:
    """Notice units on duty whose fixes stopped, and those that are heard again."""
    silent = Q(position__received_at__lt=now - SILENT_AFTER)
    on_duty = Unit.objects.filter(on_shift__isnull=False)
    changed = 0
    for unit_id in on_duty.filter(silent, silent_since__isnull=True).values_list("id", flat=True):
        changed += bool(note_silence(by=None, unit_id=unit_id))
    for unit_id in on_duty.filter(silent_since__isnull=False).exclude(silent).values_list("id", flat=True):
        changed += bool(note_heard(by=None, unit_id=unit_id))
    return changed


@command
def note_silence(*, by: Actor | None, unit_id: int) -> dict[str, Any]:
    """A unit on duty has sent no fix for three minutes."""
    now = timezone.now()
    unit = (
        Unit.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(pk=unit_id, silent_since__isnull=True, on_shift__isnull=False)
        .first()
    )
    if unit is None:
        return {}
    heard_at = unit.position.received_at
    unit.change(by=None, now=now, silent_since=heard_at)
    shown = raise_for_unit("unit_silent", unit, now, heard_at + SILENT_AFTER, last_heard_at=stamp(heard_at))
    record("unit.went_silent", unit, *shown, call_sign=unit.call_sign, last_heard_at=stamp(heard_at))
    return {"unit": unit.pk}


def raise_for_unit(kind: str, unit: Unit, now: dt.datetime, passed_at: dt.datetime, **data: Any) -> list[Alert]:
    """Raise an alert about a unit unless one of the kind is open."""
    is_open = Alert.objects.filter(
        kind=kind, unit_id=unit.pk, acknowledged_at__isnull=True, cause_ended_at__isnull=True
    ).exists()
    if is_open:
        return []
    return [
        alerts.raise_alert(
            kind,
            centre_id=unit.centre_id,
            by=None,
            now=now,
            raised_at=passed_at,
            unit_id=unit.pk,
            call_sign=unit.call_sign,
            **data,
        )
    ]


@command
def note_heard(*, by: Actor | None, unit_id: int) -> dict[str, Any]:
    """A unit that was silent is heard again."""
    now = timezone.now()
    unit = (
        Unit.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk=unit_id, silent_since__isnull=False)
        .first()
    )
    if unit is None:
        return {}
    unit.change(by=None, now=now, silent_since=None)
    ended = alerts.end_causes(now, "unit_silent", unit_id=unit.pk)
    record("unit.was_heard", unit, *ended, call_sign=unit.call_sign)
    return {"unit": unit.pk}


def heartbeat_age(now: dt.datetime) -> float | None:
    """Return seconds since the last sweep, or None when there was none."""
    found = Heartbeat.objects.filter(name=SWEEP).values_list("at", flat=True).first()
    return (now - found).total_seconds() if found else None

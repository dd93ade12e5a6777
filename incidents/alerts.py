"""Raising, ending and acknowledging alerts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import alarm_policy, metrics, statements
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.locking import Locked
from incidents.models import Alert
from incidents.refusals import BadInput, WrongTurn

SEVERITY = {
    "emergency": "critical",
    "backup_requested": "serious",
    "refused": "serious",
    "undelivered": "serious",
    "unaccepted": "serious",
    "order_overdue": "serious",
    "late5": "caution",
    "late10": "serious",
    "not_departed": "caution",
    "unreported": "caution",
    "delayed": "caution",
    "unit_silent": "caution",
    "withdrawal_unconfirmed": "caution",
    "sweep_failed": "critical",
    "at_risk": "caution",
    "swap_proposed": "caution",
    "flag_asked": "caution",
    "approval_asked": "caution",
    "retention_late": "caution",
    "text_failed": "serious",
    "transfer_unanswered": "serious",
    "transfer_unsent": "serious",
    "transfer_returned": "serious",
    "case_unsent": "caution",
    "supervision_due": "caution",
    "supervision_overdue": "caution",
    "call_spooled": "serious",
    "card_unchecked": "caution",
    "late_unexplained": "caution",
    "handed_on": "caution",
    "return_overdue": "caution",
    "premise_review": "caution",
    "watch_asked": "caution",
    "review_task_overdue": "caution",
    "watch_hit": "serious",
    "grid_reopened": "caution",
    "grid_overdue": "caution",
    "grid_returned": "caution",
    "grid_urgent": "serious",
    "grid_waiting": "caution",
    "partner_asked": "caution",
    "directive_issued": "caution",
    "prompt_unanswered": "serious",
    "export_limit": "caution",
}
OPEN = "acknowledged_at IS NULL AND cause_ended_at IS NULL"
# The watch commander must act; the desk sees it too (R4, R14).
TO_WATCH = frozenset(
    {
        "refused",
        "unaccepted",
        "late10",
        "sweep_failed",
        "flag_asked",
        "watch_asked",
        "review_task_overdue",
        "approval_asked",
        "retention_late",
        "supervision_due",
        "supervision_overdue",
        "card_unchecked",
        "partner_asked",
        "premise_review",
        "export_limit",
    }
)


def raise_alert(
    kind: str,
    *,
    centre_id: int,
    by: Actor | None,
    now: dt.datetime,
    raised_at: dt.datetime | None = None,
    incident_id: int | None = None,
    assignment_id: int | None = None,
    unit_id: int | None = None,
    urgent: bool = False,
    **data: Any,
) -> Alert:
    """Insert an alert inside a command and return it for the entry; `urgent` makes a P1's alert critical."""
    severity = "critical" if urgent else SEVERITY[kind]
    metrics.ALARMS.labels(kind, severity).inc()
    return Alert.make(
        by=by,
        now=now,
        centre_id=centre_id,
        kind=kind,
        severity=severity,
        to="watch" if kind in TO_WATCH else "desk",
        incident_id=incident_id,
        assignment_id=assignment_id,
        unit_id=unit_id,
        raised_at=raised_at or now,
        data=data,
        sounds=alarm_policy.sounds(severity, stands=stands(centre_id, incident_id, unit_id)),
    )


def stands(centre_id: int, incident_id: int | None, unit_id: int | None) -> bool:
    """Tell whether an alarm of the same cause (the incident, else the unit) waits for a person already."""
    column, value = ("incident_id", incident_id) if incident_id else ("unit_id", unit_id)
    if value is None:
        return False
    found = statements.fetch(
        Alert, f"centre_id = %s AND {column} = %s AND {OPEN} AND sounds LIMIT 1", [centre_id, value]
    )
    return bool(found)


def end_causes(now: dt.datetime, *kinds: str, **of: Any) -> list[Alert]:
    """End the open alerts of these kinds whose cause is over (accepted, arrived, heard again)."""
    owners = "".join(f" AND {name} = %s" for name in of)
    rows = statements.change_where(
        Alert,
        "cause_ended_at = %s, updated_at = %s, updated_by_id = NULL, terminal = '', version = version + 1",
        f"kind = ANY(%s) AND {OPEN}{owners}",
        [now, now, list(kinds), *of.values()],
    )
    rows += next_in_line(now, rows)
    prefetch_related_objects(rows, "incident")
    return rows


def next_in_line(now: dt.datetime, ended: list[Alert]) -> list[Alert]:
    """Let the first alert that had joined an alarm sound now that the alarm has ended without a person."""
    incidents = sorted({row.incident_id for row in ended if row.sounds and row.incident_id})
    if not incidents:
        return []
    return statements.change_where(
        Alert,
        "sounds = TRUE, updated_at = %s, version = version + 1",
        f"id IN (SELECT min(id) FROM incidents_alert WHERE incident_id = ANY(%s) AND {OPEN} AND severity = %s "
        "GROUP BY incident_id HAVING NOT bool_or(sounds))",
        [now, incidents, alarm_policy.SERIOUS],
    )


@command
def acknowledge(*, by: Actor, alert_id: int) -> Alert:
    """Acknowledge an alert: somebody has taken it on. A repeat changes nothing. At a locked seat only a critical one can
    be, because an officer in danger waits for no PIN."""
    now = timezone.now()
    alert = Alert.locked(alert_id, by.centre_id)
    if by.locked and alert.severity != alarm_policy.CRITICAL:
        raise Locked()
    if alert.acknowledged_at is None:
        alert.change(by=by, now=now, acknowledged_at=now, acknowledged_by_no=by.badge)
        record("alert.acknowledged", alert)
    return alert


@command
def shelve(*, by: Actor, alert_id: int, minutes: int, reason: str) -> Alert:
    """Put an alert aside for some minutes with a reason; it comes back by itself. A critical one cannot be shelved."""
    now = timezone.now()
    until = now + dt.timedelta(minutes=minutes)
    if not now < until <= now + alarm_policy.SHELVED_AT_MOST:
        raise BadInput(minutes=_("An alert is shelved for 1 to 30 minutes."))
    alert = Alert.locked(alert_id, by.centre_id)
    if not alert.is_open:
        raise WrongTurn(alert)
    if alert.severity == alarm_policy.CRITICAL:
        raise WrongTurn(alert, _("A critical alert cannot be shelved: somebody must take it on."))
    alert.change(by=by, now=now, shelved_until=until, shelved_by_no=by.badge, shelf_reason=reason)
    record("alert.shelved", alert, minutes=minutes, reason=reason)
    return alert

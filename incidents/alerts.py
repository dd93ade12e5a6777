"""Raising, ending and acknowledging alerts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from incidents import metrics, statements
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert

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
    "text_failed": "serious",
    "transfer_unanswered": "serious",
    "transfer_unsent": "serious",
    "transfer_returned": "serious",
    "case_unsent": "caution",
    "supervision_due": "caution",
    "supervision_overdue": "caution",
    "call_spooled": "serious",
    "card_unchecked": "caution",
}
# The watch commander must act; the desk sees it too (R4, R14).
TO_WATCH = frozenset(
    {
        "refused",
        "unaccepted",
        "late10",
        "sweep_failed",
        "flag_asked",
        "supervision_due",
        "supervision_overdue",
        "card_unchecked",
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
    )


def end_causes(now: dt.datetime, *kinds: str, **of: Any) -> list[Alert]:
    """End the open alerts of these kinds whose cause is over (accepted, arrived, heard again)."""
    owners = "".join(f" AND {name} = %s" for name in of)
    rows = statements.change_where(
        Alert,
        "cause_ended_at = %s, updated_at = %s, updated_by_id = NULL, terminal = '', version = version + 1",
        "kind = ANY(%s) AND acknowledged_at IS NULL AND cause_ended_at IS NULL" + owners,
        [now, now, list(kinds), *of.values()],
    )
    prefetch_related_objects(rows, "incident")
    return rows


@command
def acknowledge(*, by: Actor, alert_id: int) -> Alert:
    """Acknowledge an alert: somebody has taken it on. A repeat changes nothing."""
    now = timezone.now()
    alert = Alert.locked(alert_id, by.centre_id)
    if alert.acknowledged_at is None:
        alert.change(by=by, now=now, acknowledged_at=now, acknowledged_by_no=by.badge)
        record("alert.acknowledged", alert)
    return alert

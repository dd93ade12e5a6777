"""Raising, ending and acknowledging alerts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from incidents import metrics
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
}
# The watch commander must act; the desk sees it too (R4, R14).
TO_WATCH = frozenset({"refused", "unaccepted", "late10", "sweep_failed"})


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
    rows = list(
        Alert.objects.filter(kind__in=kinds, acknowledged_at__isnull=True, cause_ended_at__isnull=True, **of)
        .order_by("id")
        .select_related("incident")
        .select_for_update(no_key=True, of=("self",))
    )
    for row in rows:
        row.change(by=None, now=now, cause_ended_at=now)
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

"""How many alarms a seat hears: the budget of EEMUA 191 held against the alerts of the last hours, nothing hidden."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Q

from incidents import alarm_policy
from incidents.models import Alert, User
from incidents.row import Json, stamp

ROLES = alarm_policy.EVERY_SEAT
STANDS_AFTER = dt.timedelta(hours=1)  # nobody took it on, and its cause has not ended: a standing alarm


def figures(centre_id: int, now: dt.datetime, hours: int) -> Json:
    """Return the alarms of the last hours by role and by kind, those that were joined or shelved counted beside them."""
    since = now - dt.timedelta(hours=hours)
    rows = list(Alert.objects.filter(centre_id=centre_id, raised_at__gt=since).order_by("raised_at"))
    rung = [row for row in rows if row.sounds]
    open_now = Alert.objects.filter(centre_id=centre_id, acknowledged_at=None, cause_ended_at=None)
    return {
        "as_of": stamp(now),
        "hours": hours,
        "limits": {"steady": alarm_policy.STEADY, "flood": alarm_policy.FLOOD},
        "raised": len(rows),
        "rung": len(rung),
        "listed": sum(row.severity == alarm_policy.CAUTION for row in rows),
        "joined": sum(not row.sounds and row.severity != alarm_policy.CAUTION for row in rows),
        "shelved": sum(row.shelved_until is not None for row in rows),
        "standing": open_now.filter(raised_at__lt=now - STANDS_AFTER).count(),
        "taken_on_s": taken_on(rung),
        "roles": [of_role(role, rung, centre_id, since, now) for role in ROLES],
        "kinds": kinds(rows),
    }


def of_role(role: str, rung: list[Alert], centre_id: int, since: dt.datetime, now: dt.datetime) -> Json:
    """Return what a seat of a role has heard: every seat of the role hears the same."""
    heard = [row.raised_at for row in rung if role in alarm_policy.heard_by(row.kind)]
    return {
        "role": role,
        "seats": seats_of(role, centre_id),
        "rung": len(heard),
        "per_10_min": round(alarm_policy.per_window(len(heard), now - since), 2),
        "worst_10_min": alarm_policy.worst_window(heard),
    }


def seats_of(role: str, centre_id: int) -> int:
    """Return how many seats have a person of the role signed in."""
    seated = User.objects.filter(Q(groups__name=role), centre_id=centre_id, is_active=True).exclude(on_seat="")
    return seated.count()


def taken_on(rung: list[Alert]) -> Json:
    """Return in how many seconds alarms were acknowledged: n, median and worst, and how many ended by themselves."""
    waits = sorted((row.acknowledged_at - row.raised_at).total_seconds() for row in rung if row.acknowledged_at)
    return {
        "n": len(waits),
        "median": round(waits[len(waits) // 2], 1) if waits else None,
        "worst": round(waits[-1], 1) if waits else None,
        "ended": sum(row.cause_ended_at is not None and row.acknowledged_at is None for row in rung),
    }


def kinds(rows: list[Alert]) -> list[dict[str, Any]]:
    """Return the alerts by kind, the most frequent first."""
    raised, rung = Counter(row.kind for row in rows), Counter(row.kind for row in rows if row.sounds)
    return [{"kind": kind, "raised": count, "rung": rung[kind]} for kind, count in raised.most_common()]

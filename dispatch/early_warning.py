"""What the sweep does every five seconds beside the limits: warns before a miss, proposes swaps, and reads departure
and arrival from the positions. Each finding is one short command; nothing is ever sent by itself."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from dispatch import by_position, outlook, outlooks
from dispatch import policy as policies
from dispatch.by_position import Fix
from dispatch.models import Assignment
from dispatch.outlook import Outlook
from dispatch.services.follow import Chain, first, follow, rows_of
from dispatch.services.moves import MILESTONES, stop_clocks
from incidents import alerts
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Centre, Heartbeat, Incident
from incidents.row import stamp
from patrol.models import Status
from patrol.services import set_status

LOOK: Final = "outlook"
EVERY: Final = dt.timedelta(seconds=5)
BEFORE: Final = dt.timedelta(seconds=60)  # of the track before the acceptance: where the unit stood
State = Assignment.State
log = logging.getLogger(__name__)


def sweep(now: dt.datetime) -> int:
    """Look at every centre when five seconds have passed since anybody did; returns how many commands were carried out.
    A failure is logged and never stops the sweep of the limits."""
    if not claimed(now):
        return 0
    done = 0
    for centre_id in Centre.objects.values_list("id", flat=True):
        try:
            done += sweep_positions(centre_id)
            done += sweep_outlooks(centre_id, now)
        except Exception:
            log.exception("outlook of centre %s failed", centre_id)
    return done


def claimed(now: dt.datetime) -> bool:
    """Claim this look: of several processes one does it."""
    _row, made = Heartbeat.objects.get_or_create(name=LOOK, defaults={"at": now})
    return made or Heartbeat.objects.filter(name=LOOK, at__lte=now - EVERY).update(at=now) == 1


# --- before the miss ---


def sweep_outlooks(centre_id: int, now: dt.datetime) -> int:
    """Raise and end warnings and swap proposals of a centre."""
    found = {one.incident: one for one in outlooks.look(centre_id, now)}
    standing = open_alerts(centre_id)
    done = 0
    for incident_id, one in found.items():
        done += settle(incident_id, one, standing.get(incident_id, []), now)
    for incident_id, rows in standing.items():
        if incident_id not in found:
            done += bool(ease(by=None, incident_id=incident_id, alert_ids=[row.pk for row in rows]))
    return done


def open_alerts(centre_id: int) -> dict[int, list[Alert]]:
    """Return the standing warnings and proposals by incident."""
    found: dict[int, list[Alert]] = {}
    rows = Alert.objects.filter(
        centre_id=centre_id, kind__in=("at_risk", "swap_proposed"), cause_ended_at__isnull=True, incident__isnull=False
    )
    for row in rows.filter(raised_at__gte=timezone.now() - dt.timedelta(days=1)):
        found.setdefault(row.incident_id or 0, []).append(row)
    return found


def settle(incident_id: int, one: Outlook, standing: list[Alert], now: dt.datetime) -> int:
    """Compare what is foreseen with what stands; returns how many commands were carried out."""
    policy = policies.current()
    limit = policy.warning.limits.get(one.priority)
    miss = one.miss(limit) if limit else None
    warned = [row for row in standing if row.kind == "at_risk"]
    proposed = [row for row in standing if row.kind == "swap_proposed"]
    over = [row for row in warned if row.data.get("limit") != limit or miss is None or miss < policy.warning.clear_at]
    over += [row for row in proposed if one.swap is None or row.assignment_id != one.swap.assignment]
    done = 0
    if over:
        done += bool(ease(by=None, incident_id=incident_id, alert_ids=[row.pk for row in over]))
    if limit and miss is not None and miss >= policy.warning.miss_at and not [row for row in warned if row not in over]:
        done += bool(warn(by=None, incident_id=incident_id, limit=limit, found=facts(one, limit, miss)))
    swap = one.swap
    begins = swap is not None and one.best_s is not None and outlook.begins(swap, one.best_s, policy.swap)
    if swap is not None and begins and not [row for row in proposed if row not in over]:
        values = {"unit": swap.unit, "proposed": swap.call_sign, "gain_s": swap.gain_s}
        done += bool(propose_swap(by=None, assignment_id=swap.assignment, found=values))
    return done


def facts(one: Outlook, limit: str, miss: float) -> dict[str, Any]:
    """Return what a warning says."""
    return {
        "miss": round(miss, 3),
        "best_s": one.best_s,
        "slack_s": one.slack_s,
        "who": one.who or "",
        "going": one.is_going,
        "unreachable": limit in one.unreachable,
        "proposed": one.swap.call_sign if one.swap else "" if one.is_going else one.who or "",
    }


@command
def warn(*, by: Actor | None, incident_id: int, limit: str, found: dict[str, Any]) -> dict[str, Any]:
    """Warn that a limit will probably be missed; once per incident and limit, also when the first warning was seen."""
    now = timezone.now()
    incident = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    if incident is None or incident.first_on_scene_at is not None or not incident.is_open:
        return {}
    standing = Alert.objects.filter(incident=incident, cause_ended_at__isnull=True)
    # One cause makes one alarm: who has been told that nobody was sent in time knows that it will be late.
    if standing.filter(kind="at_risk", data__limit=limit).exists() or standing.filter(kind="order_overdue").exists():
        return {}
    values = {**found, "limit": limit, "incident_no": incident.incident_no, "priority": incident.priority}
    alert = alerts.raise_alert(
        "at_risk", centre_id=incident.centre_id, by=None, now=now, incident_id=incident.pk, **values
    )
    record("incident.at_risk", alert, **values)
    return {"alert": alert.pk}


@command
def ease(*, by: Actor | None, incident_id: int, alert_ids: list[int]) -> dict[str, Any]:
    """End warnings and proposals whose cause is over: in time after all, there, passed, or gained too little."""
    now = timezone.now()
    rows = list(
        Alert.objects.filter(pk__in=alert_ids, incident_id=incident_id, cause_ended_at__isnull=True)
        .order_by("id")
        .select_related("incident")
        .select_for_update(no_key=True, of=("self",))
    )
    for row in rows:
        row.change(by=None, now=now, cause_ended_at=now)
    if rows:
        record("incident.risk_eased", *rows, what=rows[0].kind)
    return {"alerts": [row.pk for row in rows]} if rows else {}


@command
def propose_swap(*, by: Actor | None, assignment_id: int, found: dict[str, Any]) -> dict[str, Any]:
    """Propose another unit that would be there clearly earlier; not again within five minutes of the last time."""
    now = timezone.now()
    order = Assignment.objects.select_for_update(no_key=True, of=("self",)).filter(pk=assignment_id).first()
    if order is None or order.state not in outlooks.GOING:
        return {}
    rest = now - dt.timedelta(seconds=policies.current().swap.again_after_s)
    if Alert.objects.filter(kind="swap_proposed", assignment_id=order.pk, raised_at__gt=rest).exists():
        return {}
    values = {**found, "call_sign": order.call_sign}
    alert = alerts.raise_alert(
        "swap_proposed",
        centre_id=order.centre_id,
        by=None,
        now=now,
        incident_id=order.incident_id,
        assignment_id=order.pk,
        unit_id=order.unit_id,
        **values,
    )
    record("assignment.swap_proposed", alert, **values)
    return {"alert": alert.pk}


# --- departure and arrival by position ---


def sweep_positions(centre_id: int) -> int:
    """Note departures and arrivals that the tracks show; returns how many."""
    waiting = list(
        Assignment.objects.filter(
            centre_id=centre_id,
            state__in=(State.ACCEPTED, State.EN_ROUTE, State.ON_SCENE),
            accepted_at__isnull=False,
            on_scene_pos_at__isnull=True,
        )
        .exclude(purpose="self")
        .select_related("incident")
    )
    if not waiting:
        return 0
    tracks = tracks_of({order.unit_id for order in waiting}, min(one.accepted_at for one in waiting if one.accepted_at))
    done = 0
    for order in waiting:
        left, there = shown_by(order, tracks.get(order.unit_id, []))
        if (left is not None and order.departed_pos_at is None) or there is not None:
            done += bool(note_position(by=None, assignment_id=order.pk, departed=left, arrived=there))
    return done


def shown_by(order: Assignment, track: list[Fix]) -> tuple[Fix | None, Fix | None]:
    """Return the fixes that show departure and arrival of an order, if any do."""
    assert order.accepted_at is not None
    since = order.accepted_at - BEFORE
    mine = [fix for fix in track if fix.at >= since]
    left = by_position.departure(mine, order.accepted_at)
    incident = order.incident
    if incident.lat is None or incident.lng is None or order.purpose == "directive":  # it leads elsewhere
        return left, None
    return left, by_position.arrival(mine, incident.lat, incident.lng, order.accepted_at)


def tracks_of(units: set[int], since: dt.datetime) -> dict[int, list[Fix]]:
    """Return the tracks of units, sorted by time; suspect fixes are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, fixed_at, received_at, lat, lng, accuracy_m FROM patrol_fix "
            "WHERE unit_id = ANY(%s) AND received_at >= %s AND NOT suspect ORDER BY fixed_at",
            [sorted(units), since - BEFORE],
        )
        found: dict[int, list[Fix]] = {}
        for unit, *values in cursor.fetchall():
            found.setdefault(unit, []).append(Fix(*values))
    return found


@command
def note_position(*, by: Actor | None, assignment_id: int, departed: Fix | None, arrived: Fix | None) -> dict[str, Any]:
    """Write what the positions show beside the buttons. Who has driven off without pressing is under way (domain 5: the
    system moves the order when the unit moves > 100 m); an arrival is only proposed, for somebody must say it."""
    now = timezone.now()
    order = Assignment.objects.filter(pk=assignment_id).first()
    if order is None:
        return {}
    chain = Chain(assignment_id, order.centre_id)
    order = chain.assignment
    fields: dict[str, Any] = {}
    if departed is not None and order.departed_pos_at is None:
        fields["departed_pos_at"] = departed.at
    if arrived is not None and order.on_scene_pos_at is None:
        fields |= {"on_scene_pos_at": arrived.at, "pos_age_s": arrived.age_s, "pos_accuracy_m": arrived.accuracy_m}
    if not fields or not (order.is_live or order.state == State.FINISHED):
        return {}
    drives_off = "departed_pos_at" in fields and order.state == State.ACCEPTED
    shown: list[Any] = []
    if drives_off:
        mark = {"by": "", "by_proxy": False, "implied": True, "device_at": stamp(fields["departed_pos_at"])}
        fields |= {"state": State.EN_ROUTE, "departed_at": now, "marks": {**order.marks, str(State.EN_ROUTE): mark}}
    order.change(by=None, now=now, **fields)
    if drives_off:
        set_status(chain.unit, Status.EN_ROUTE, by=None, now=now)
        shown = rows_of(chain.unit, stop_clocks(chain, State.EN_ROUTE, now))
        milestones = first(chain.incident, now, *MILESTONES.get(State.EN_ROUTE, ()))
        shown += [*follow(chain.incident, by=None, now=now, **milestones), chain.incident]
    values: dict[str, Any] = {
        name: stamp(fields[name]) for name in ("departed_pos_at", "on_scene_pos_at") if name in fields
    }
    kind = "assignment.position_arrived" if "on_scene_pos_at" in fields else "assignment.position_departed"
    record(kind, order, *shown, call_sign=order.call_sign, moved=drives_off, **values)
    return {"assignment": order.pk}

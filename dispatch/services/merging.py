"""Merging incidents of one event, and undoing it (domain 5 and 6: every caller's words, number and recording are kept).

The rule for units: who has accepted, drives or is on scene goes on with the event, so the order moves to the incident
that stays. An order that nobody has accepted yet is withdrawn as a duplicate (CX2), unless nobody at all is on the
incident that stays: then it moves too. Undoing gives orders that still run, limits, clocks and stage back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.directives.following import keeps_open
from dispatch.models import Assignment, Report
from dispatch.services.follow import Chain, follow
from dispatch.services.orders import take_back
from incidents import limits, statements
from incidents.actor import Actor
from incidents.alerts import end_causes
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Call, Deadline, Incident, Stage
from incidents.models.incidents import TRANSITIONS
from incidents.refusals import BadInput, Stale, WrongTurn
from incidents.row import Json, Row
from incidents.services.incidents import move_limits, start_clock_earlier
from incidents.services.joining import earliest
from incidents.services.learning import learn
from incidents.services.retention import begin_again
from patrol.models import Unit

State = Assignment.State
LIVE = (State.DISPATCHED, State.DELIVERED, State.ACCEPTED, State.EN_ROUTE, State.ON_SCENE)
GOES_ON = (State.ACCEPTED, State.EN_ROUTE, State.ON_SCENE)
DUPLICATE_ORDER = "CX2"
ON_CLOCK_B = (limits.Kind.ARRIVE5_B, limits.Kind.ARRIVE10_B)
MERGED = "EX2"
DRILL = "EX1"
ALERTS_OF_AN_INCIDENT = (
    "order_overdue", "late5", "late10", "undelivered", "unaccepted", "not_departed", "delayed",
    "late_unexplained", "at_risk", "swap_proposed", "handed_on",
)  # fmt: skip
# A milestone of an event is reached when the first unit reaches it: column of the incident, column of an order.
MILESTONES = (("first_accepted_at", "accepted_at"), ("first_on_scene_at", "on_scene_at"))


@dataclass(slots=True)
class Pair:
    """Two incidents with live orders of one of them, all locked in the one order (style rule 26)."""

    orders: list[Chain]
    goes: Incident
    stays: Incident


def lock(goes_id: int, stays_id: int, order_ids: list[int], centre_id: int, owner_id: int) -> Pair:
    """Lock orders, their units, and both incidents by id. Raises Stale when the live orders of `owner_id` have changed
    meanwhile: the desk looks again."""
    orders = [Assignment.locked(one, centre_id) for one in sorted(order_ids)]
    units = {one: Unit.locked(one, centre_id) for one in sorted({order.unit_id for order in orders})}
    held = {one: Incident.locked(one, centre_id) for one in sorted((goes_id, stays_id))}
    return Pair(
        [Chain.of(order, units[order.unit_id], held[owner_id]) for order in orders], held[goes_id], held[stays_id]
    )


def live_orders(incident_id: int) -> list[int]:
    """Return the ids of the live orders of an incident."""
    return list(
        Assignment.objects.filter(incident_id=incident_id, state__in=LIVE).order_by("id").values_list("id", flat=True)
    )


@command
def merge(*, by: Actor, incident_id: int, version: int, into: int, reason: str) -> Incident:
    """Join an incident to another one of the same event. Clocks start with the earliest call and the first order of
    both; the units of the one that stays are told what the callers of the other said that is new."""
    now = timezone.now()
    if incident_id == into:
        raise BadInput(into=_("An incident cannot be merged into itself."))
    pair = lock(incident_id, into, live_orders(incident_id), by.centre_id, owner_id=incident_id)
    incident, target = pair.goes, pair.stays
    if incident.version != version or live_orders(incident_id) != [one.assignment.pk for one in pair.orders]:
        raise Stale(incident)
    if not target.is_open:
        raise WrongTurn(target)
    if Stage.MERGED not in TRANSITIONS[incident.stage]:
        raise WrongTurn(incident)
    if keeps_open(incident):
        raise WrongTurn(incident, _("A directive of this incident is still to be carried out."))
    before = remembered(target)
    moved, orders = divide(pair, by=by, now=now)
    voided = void_limits(incident, now)
    incident.change(
        by=by,
        now=now,
        stage=Stage.MERGED,
        merged_into=target,
        reason=reason,
        exclusion=MERGED,
        units=[],
        closed_at=now,
        before_merge={**before, "orders": orders, "limits": [row.pk for row in voided if isinstance(row, Deadline)]},
    )
    changed = [*moved, *voided, *start_clock_earlier(target, incident.answered_at, by=by, now=now)]
    changed += start_clock_b_earlier(target, incident.first_dispatched_at, by=by, now=now)
    changed += arrive(target, incident, by=by, now=now)
    changed += follow(target, by=by, now=now)
    # First the orders come to their new incident, then the old one leaves the boards with all that hangs on it.
    record("incident.took_in", target, *once(changed, target), other=incident.incident_no, reason=reason)
    record("incident.merged", incident, into=target.incident_no, reason=reason)
    for call in Call.objects.filter(incident=incident).order_by("id"):
        learn(target, call, by=by, now=now)
    return incident


def remembered(target: Incident) -> Json:
    """Return how the clocks and milestones of the incident that stays stood before."""
    names = ("first_dispatched_at", *(name for name, _column in MILESTONES))
    return {name: moment.isoformat() if (moment := getattr(target, name)) else None for name in names}


def divide(pair: Pair, *, by: Actor, now: dt.datetime) -> tuple[list[Row], list[int]]:
    """Move the orders that go on with the event and withdraw the others; returns changed rows and the ids moved."""
    nobody = not live_orders(pair.stays.pk)
    changed: list[Row] = []
    orders: list[int] = []
    for chain in pair.orders:
        if nobody or chain.assignment.state in GOES_ON:
            changed += hand(chain, pair.stays, by=by, now=now)
            orders.append(chain.assignment.pk)
            continue
        rows = take_back(chain, by=by, now=now, code=DUPLICATE_ORDER, text=pair.stays.incident_no)
        record(
            "assignment.withdrawn",
            chain.assignment,
            chain.unit,
            *rows,
            call_sign=chain.unit.call_sign,
            code=DUPLICATE_ORDER,
        )
    return changed, orders


def hand(chain: Chain, to: Incident, *, by: Actor, now: dt.datetime) -> list[Row]:
    """Move one locked order with its limits, reports and alerts to another incident, and let its phone look again."""
    order = chain.assignment
    order.change(by=by, now=now, incident=to)
    chain.unit.touch(by=by, now=now)
    changed: list[Row] = [order, chain.unit]
    models: tuple[Any, ...] = (Deadline, Report, Alert)
    for model in models:
        rows: list[Any] = statements.change_where(
            model,
            "incident_id = %s, updated_at = %s, version = version + 1",
            "assignment_id = %s AND incident_id <> %s",
            [to.pk, now, order.pk, to.pk],
        )
        for row in rows:
            row.incident = to
        changed += rows
    return changed


def void_limits(incident: Incident, now: dt.datetime) -> list[Row]:
    """Void what still runs for the incident that goes and end its alerts; limits that were missed stay missed."""
    voided = limits.stop(incident, None, now=now, void=True)
    return [*voided, *end_causes(now, *ALERTS_OF_AN_INCIDENT, incident_id=incident.pk)]


def arrive(target: Incident, incident: Incident, *, by: Actor, now: dt.datetime) -> list[Row]:
    """Take over the milestones that the other incident had reached earlier; an arrival stops the arrival limits."""
    fields = {
        name: reached
        for name, _column in MILESTONES
        if (reached := getattr(incident, name)) and (getattr(target, name) is None or reached < getattr(target, name))
    }
    if not fields:
        return []
    arrives = "first_on_scene_at" in fields and target.first_on_scene_at is None
    target.change(by=by, now=now, **fields)
    return list(limits.stop(target, limits.ARRIVAL_KINDS, now=now)) if arrives else []


def start_clock_b_earlier(
    target: Incident, ordered_at: dt.datetime | None, *, by: Actor, now: dt.datetime
) -> list[Row]:
    """Let clock B of an event start with the first order to any of its incidents, and move its limits."""
    if ordered_at is None or (target.first_dispatched_at is not None and ordered_at >= target.first_dispatched_at):
        return []
    target.change(by=by, now=now, first_dispatched_at=ordered_at)
    due = limits.first_order(ordered_at)
    rows = move_limits(target, due, by=by, now=now)
    if not rows and target.first_on_scene_at is None and target.priority < 4:
        return list(limits.start(target, due, by=by, now=now))
    return rows


def once(rows: list[Any], but: Row) -> list[Any]:
    """Leave out rows that are named twice, and one that leads the entry already."""
    found = {(row.NOUN, row.pk): row for row in rows if row != but}
    return list(found.values())


def undo(*, by: Actor, incident_id: int, version: int, reason: str, now: dt.datetime) -> Incident:
    """Take a merge back inside a command: both incidents stand as if they had never been one. Orders that moved and
    still run come back; one that was withdrawn stays so, and the limit for a new order starts."""
    held = Incident.objects.get(pk=incident_id, centre_id=by.centre_id)
    before, stays_id = dict(held.before_merge), held.merged_into_id
    assert stays_id is not None
    ids = Assignment.objects.filter(pk__in=before.get("orders", []), incident_id=stays_id, state__in=LIVE)
    pair = lock(incident_id, stays_id, list(ids.values_list("id", flat=True)), by.centre_id, owner_id=stays_id)
    incident, target = pair.goes, pair.stays
    if incident.version != version:
        raise Stale(incident)
    begin_again(incident, by=by, now=now)
    changed: list[Any] = []
    incident.change(
        by=by,
        now=now,
        stage=Stage.NEW,
        merged_into=None,
        closed_at=None,
        exclusion=DRILL if incident.drill else "",
        reason=reason,
        before_merge={},
    )
    for chain in pair.orders:
        if chain.assignment.is_live:
            changed += hand(chain, incident, by=by, now=now)
    changed += run_again(incident, before.get("limits", []), now)
    changed += follow(incident, by=by, now=now)
    record("incident.reopened", incident, *once(changed, incident), before=Stage.MERGED, reason=reason)
    given = give_back(target, before, by=by, now=now) if target.is_open else []
    record("incident.gave_back", target, *once(given, target), other=incident.incident_no, reason=reason)
    return incident


def run_again(incident: Incident, ids: list[int], now: dt.datetime) -> list[Deadline]:
    """Let the limits run again that the merge had made void; the sweep dates those that have passed meanwhile."""
    rows = statements.change_where(
        Deadline,
        "state = 'running', stopped_at = NULL, updated_at = %s, version = version + 1",
        "id = ANY(%s) AND state = 'void' AND (incident_id, kind) NOT IN (SELECT incident_id, kind FROM "
        "incidents_deadline WHERE incident_id = %s AND state = 'running' AND assignment_id IS NULL)",
        [now, ids, incident.pk],
    )
    for row in rows:
        row.incident = incident
    return rows


def give_back(target: Incident, before: Json, *, by: Actor, now: dt.datetime) -> list[Any]:
    """Set clocks and milestones of the incident that stayed to what its own calls and orders say; its running limits
    move with them, those on an order that was never its own become void."""
    orders = Assignment.objects.filter(incident=target)
    fields: dict[str, dt.datetime | None] = {}
    for name, column in (("first_dispatched_at", "dispatched_at"), *MILESTONES):
        own = orders.filter(**{f"{column}__isnull": False}).order_by(column).values_list(column, flat=True).first()
        known = [moment for moment in (own, moment_of(before.get(name))) if moment]
        fields[name] = min(known, default=None)
    target.change(by=by, now=now, **fields)
    target.change(by=by, now=now, answered_at=earliest(target))
    changed: list[Any] = list(move_limits(target, limits.first_answer(target), by=by, now=now))
    if target.first_dispatched_at is None:
        changed += limits.stop(target, ON_CLOCK_B, now=now, void=True)
    else:
        changed += move_limits(target, limits.first_order(target.first_dispatched_at), by=by, now=now)
    return [*changed, *follow(target, by=by, now=now)]


def moment_of(text: str | None) -> dt.datetime | None:
    """Read a moment that was kept as text."""
    return dt.datetime.fromisoformat(text) if text else None

"""Issuing directives, accepting and withdrawing them (指令, M23, M25; one live assignment per unit, domain 5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.directives import following
from dispatch.directives.models import Directive, DirectiveLine
from dispatch.models import Assignment
from dispatch.services import orders
from dispatch.services.follow import Chain, follow, rows_of
from dispatch.services.orders import Choice
from incidents import centres
from incidents.actor import Actor
from incidents.alerts import raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import FusionRequest, Incident, LockedPosition
from incidents.refusals import BadInput, Forbidden, NotFound, UnitBusy, WrongTurn
from incidents.roles import ANALYST, DISPATCHER, VIDEO, WATCH_COMMANDER
from incidents.row import Json
from incidents.services import fusion, numbers
from incidents.services.incidents import put_in_mode, refuse_ended
from incidents.services.locked_positions import latest
from patrol.models import Unit

Task = Directive.Task
ISSUING = (ANALYST, VIDEO, DISPATCHER, WATCH_COMMANDER)
LIVE = ("dispatched", "delivered", "accepted", "en_route", "on_scene")
BEFORE_SCENE = ("dispatched", "delivered", "accepted", "en_route")
INTERCEPTION, ROUTINE = "interception", "routine"


@dataclass(frozen=True, slots=True)
class Plan:
    """One directive as it is asked for. `units` are ids, each with the less urgent order that it leaves, or None."""

    task: str
    text: str
    units: dict[int, int | None]
    lead: int
    silent: bool = False
    position_id: int | None = None
    point: Json | None = None
    place: str = ""


@command
def issue_directive(*, by: Actor, incident_id: int, plan: Plan) -> Directive:
    """Issue a directive straight to units: a free unit gets an order of the purpose "directive", a unit that is on the
    incident already keeps the order that it has, and the directive is attached to it. A unit that is busy elsewhere is
    refused (UnitBusy) unless `units` names the less urgent order that it leaves, by the rule of orders. An arrest or a
    stake-out rests on a locked position that is valid and the present one. The desk is told by the same entry."""
    return issued(by=by, incident_id=incident_id, plans=[plan])[0]


@command
def send_interception(*, by: Actor, incident_id: int, plans: list[Plan]) -> list[Directive]:
    """Send all points of an interception in one act, each with its own units (堵截, R9): all or none. An incident in
    routine mode is in interception from then on."""
    return issued(by=by, incident_id=incident_id, plans=plans, mode=INTERCEPTION)


def issued(*, by: Actor, incident_id: int, plans: list[Plan], mode: str = "") -> list[Directive]:
    """Issue several directives of one incident in one act. Locks: requests, orders, units, incident."""
    now = timezone.now()
    incident = readied(incident_id, by, plans)
    positions = [resting(plan, incident, by=by, now=now) for plan in plans]
    choices = [Choice(unit, "directive", drop=drop) for plan in plans for unit, drop in plan.units.items()]
    orders.divert(incident, choices, by=by, now=now)
    running = running_orders(incident, [choice.unit_id for choice in choices])
    made: list[Assignment] = []
    held: dict[int, Assignment] = {}
    for plan in plans:
        for unit_id in plan.units:
            order, is_new = running.get(unit_id), False
            if order is None:
                order, is_new = ordered(incident, unit_id, plan, by=by, now=now)
            held[unit_id] = order
            made += [order] if is_new else []
    fresh = {order.pk for order in made}
    for order in sorted(made, key=lambda one: one.unit_id):
        orders.take_unit(order, by=by, now=now, priority=incident.priority)
    incident = Incident.locked(incident_id, by.centre_id)
    refuse_ended(incident)
    for order in held.values():
        if order.pk not in fresh:
            still_on_it(order)
    rows = [
        written(incident, plan, position, held, fresh, by=by, now=now)
        for plan, position in zip(plans, positions, strict=True)
    ]
    if made:
        orders.finish_order(incident, made, by=by, now=now)
    if mode and incident.mode == ROUTINE:
        put_in_mode(incident, mode, by=by, now=now)
    return rows


def readied(incident_id: int, by: Actor, plans: list[Plan]) -> Incident:
    """Return the incident that directives may be issued for. Raises NotFound (R1), WrongTurn, BadInput."""
    incident = Incident.objects.filter(pk=incident_id, centre_id=by.centre_id).first()
    if incident is None or incident.is_complaint:
        raise NotFound()
    refuse_ended(incident)
    named = [unit for plan in plans for unit in plan.units]
    if len(named) != len(set(named)):
        raise BadInput(units=_("A unit can be told to do one thing only."))
    for plan in plans:
        if plan.lead not in plan.units:
            raise BadInput(lead=_("The lead is one of the units."))
        if plan.task in Directive.RESTING and plan.position_id is None:
            raise BadInput(locked_position=_("An arrest or a stake-out needs a locked position."))
    return incident


def resting(plan: Plan, incident: Incident, *, by: Actor, now: dt.datetime) -> LockedPosition | None:
    """Return the locked position that a directive rests on, held so that nobody renews it meanwhile. Raises WrongTurn
    with the present one when it was replaced, and when it has run out (M23)."""
    if plan.position_id is None:
        return None
    known = LockedPosition.objects.filter(pk=plan.position_id, incident=incident).first()
    if known is None:
        raise NotFound()
    request = FusionRequest.locked(known.request_id, by.centre_id)
    row = LockedPosition.objects.get(pk=plan.position_id)
    if row.replaced_at is not None:
        raise WrongTurn(latest(request), _("This position was replaced: use the present one."))
    if row.valid_until <= now or request.state not in fusion.OPEN:
        raise WrongTurn(row, _("This position has run out: renew it first."))
    return row


def running_orders(incident: Incident, unit_ids: list[int]) -> dict[int, Assignment]:
    """Lock the live orders that units have on this incident already, by unit."""
    found = Assignment.objects.filter(incident=incident, unit_id__in=unit_ids, state__in=LIVE)
    ids = found.order_by("id").values_list("pk", flat=True)
    rows = [Assignment.locked(one, incident.centre_id) for one in ids]
    return {row.unit_id: row for row in rows if row.is_live}


def ordered(incident: Incident, unit_id: int, plan: Plan, *, by: Actor, now: dt.datetime) -> tuple[Assignment, bool]:
    """Return the order that carries the directive for a unit, and whether it is new. Where the dispatcher sends the
    unit to the same incident in the same moment, the directive joins that order; elsewhere the unit is busy."""
    unit = orders.sendable(unit_id, by)
    try:
        return orders.write_order(incident, unit, by=by, now=now, purpose="directive", text=plan.text), True
    except UnitBusy:
        joined = running_orders(incident, [unit_id]).get(unit_id)
        if joined is None:
            raise
        return joined, False


def still_on_it(order: Assignment) -> None:
    """Refuse to attach to an order that has ended before the rows were locked."""
    order.refresh_from_db()
    if not order.is_live:
        raise UnitBusy(order.unit, _("This unit has just left the incident."))


def written(
    incident: Incident,
    plan: Plan,
    position: LockedPosition | None,
    held: dict[int, Assignment],
    fresh: set[int],
    *,
    by: Actor,
    now: dt.datetime,
) -> Directive:
    """Insert a directive with its lines, its alert at the desk and its entry."""
    row_id = numbers.next_id("dispatch_directive")
    lead = held[plan.lead]
    where: dict[str, Any] = dict(following.pointing(position)) if position else dict(plan.point or {})
    row = Directive.make(
        by=by,
        now=now,
        id=row_id,
        directive_no=numbers.number(centres.centre(by.centre_id), "L", row_id, now),
        centre_id=by.centre_id,
        incident=incident,
        task=plan.task,
        text=plan.text,
        silent=plan.silent or incident.quiet,
        locked_position=position,
        place=plan.place,
        lead_unit_id=plan.lead,
        lead_call_sign=lead.call_sign,
        issued_by_no=by.badge,
        issued_by_name=by.name,
        issued_from=desk_of(by),
        issued_at=now,
        **where,
    )
    lines = [line_of(row, held[unit_id], attached=held[unit_id].pk not in fresh) for unit_id in plan.units]
    signs = " ".join(line.call_sign for line in lines)
    alert = raise_alert(
        following.ALERT, centre_id=by.centre_id, by=by, now=now, incident_id=incident.pk, directive=row.pk,
        directive_no=row.directive_no, incident_no=incident.incident_no, task=plan.task, units=signs, badge=by.badge,
    )  # fmt: skip
    record("directive.issued", row, alert, directive_no=row.directive_no, task=plan.task, units=signs)
    return row


def line_of(row: Directive, order: Assignment, *, attached: bool) -> DirectiveLine:
    """Insert the line of one unit."""
    return DirectiveLine.objects.create(
        directive=row, assignment=order, unit_id=order.unit_id, call_sign=order.call_sign, attached=attached
    )


def desk_of(by: Actor) -> str:
    """Name the desk that a directive comes from."""
    return "fusion" if by.has(ANALYST) else "video" if by.has(VIDEO) else "desk"


@command
def accept_directive(*, by: Actor, directive_id: int, device_at: dt.datetime | None = None) -> Directive:
    """A unit that had its order already accepts the directive (签收); the desk may say so by radio for the lead unit
    alone. Accepting the order made for a directive accepts the directive. A repeat changes nothing."""
    now = timezone.now()
    known = Directive.objects.filter(pk=directive_id, centre_id=by.centre_id).first()
    if known is None:
        raise NotFound()
    line = lines_of(known).filter(unit_id=by.on_unit).order_by("-id").first()
    if line is None:
        raise Forbidden(_("Your unit does not have this directive."))
    chain = Chain(line.assignment_id, by.centre_id)
    row = Directive.locked(directive_id, by.centre_id)
    row.incident = chain.incident
    if line.accepted_at is not None:
        return row
    if not row.is_open or not chain.assignment.is_live:
        raise WrongTurn(row)
    lines_of(row).filter(pk=line.pk, accepted_at=None).update(accepted_at=now)
    record(
        "directive.accepted", row, directive_no=row.directive_no, call_sign=chain.unit.call_sign,
        device_at=device_at.isoformat() if device_at else None,
    )  # fmt: skip
    following.follow_one(row, by=by, now=now)
    return row


def lines_of(row: Directive) -> Any:
    """Return the lines of a directive."""
    return DirectiveLine.objects.filter(directive=row)


@command
def withdraw_directive(*, by: Actor, directive_id: int, reason: str) -> Directive:
    """Withdraw a directive with its reason. The orders that were made for it alone and have not arrived are taken back;
    a unit that had its order before keeps it, and who is there finishes. A repeat changes nothing."""
    now = timezone.now()
    known = Directive.objects.filter(pk=directive_id, centre_id=by.centre_id).first()
    if known is None:
        raise NotFound()
    ids = lines_of(known).filter(attached=False, assignment__state__in=BEFORE_SCENE).order_by("assignment_id")
    chains = held_chains(alone(known, list(ids.values_list("assignment_id", flat=True))), by)
    incident = Incident.locked(known.incident_id, by.centre_id)
    row = Directive.locked(directive_id, by.centre_id)
    row.incident = incident
    if row.state == Directive.State.WITHDRAWN:
        return row
    if not row.is_open:
        raise WrongTurn(row)
    following.withdrawn(row, by=by, now=now, reason=reason)
    for chain in chains:
        chain.hold(chain.assignment, chain.unit, incident)
        if chain.assignment.state not in BEFORE_SCENE:
            continue
        changed = orders.take_back(chain, by=by, now=now, code="CX9", text=reason)
        restarted = follow(incident, by=by, now=now)
        record(
            "assignment.withdrawn",
            *rows_of(chain.assignment, chain.unit, incident, changed, restarted),
            call_sign=chain.unit.call_sign,
            code="CX9",
        )
    return row


def held_chains(order_ids: list[int], by: Actor) -> list[Chain]:
    """Lock several orders of one incident with their units, in the one order: all orders, all units, the incident."""
    held = [Assignment.locked(one, by.centre_id) for one in order_ids]
    units = {one: Unit.locked(one, by.centre_id) for one in sorted({order.unit_id for order in held})}
    return [Chain.of(order, units[order.unit_id], Incident.locked(order.incident_id, by.centre_id)) for order in held]


def alone(row: Directive, order_ids: list[int]) -> list[int]:
    """Return the orders that no other open directive rests on."""
    shared = DirectiveLine.objects.filter(assignment_id__in=order_ids, directive__state__in=Directive.OPEN)
    others = set(shared.exclude(directive=row).values_list("assignment_id", flat=True))
    return [one for one in order_ids if one not in others]

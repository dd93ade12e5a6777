"""Orders: sending units and taking orders back (派警、撤回)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch import candidates, order_text
from dispatch import policy as policies
from dispatch.directives.stake_out import ASKED_EVERY, STAKE_OUT
from dispatch.models import Assignment
from dispatch.ranking import Ranking
from dispatch.services.follow import Chain, first, follow, rows_of
from incidents import centres, codebook, limits
from incidents.actor import Actor
from incidents.alerts import end_causes
from incidents.commands import command
from incidents.journal import record
from incidents.models import Deadline, Incident
from incidents.refusals import BadInput, Forbidden, NotFound, UnitBusy, WrongTurn
from incidents.row import Json
from incidents.services import notices, numbers
from incidents.services.incidents import refuse_ended
from patrol.models import Status, Unit
from patrol.services import set_status

SENDABLE = (Status.AVAILABLE, Status.ON_TASK, Status.BREAK)
ALERTS_OF_AN_ORDER = ("undelivered", "unaccepted", "not_departed", "delayed", "late_unexplained", "swap_proposed")


@dataclass(frozen=True, slots=True)
class Choice:
    """One unit that the dispatcher chose."""

    unit_id: int
    purpose: str = "first"
    override_reason: str = ""
    override_text: str = ""
    drop: int | None = None  # the less urgent order that the unit leaves for this one


@dataclass(frozen=True, slots=True)
class Sending:
    """What the orders of one act share."""

    incident: Incident
    by: Actor
    now: dt.datetime
    found: Ranking
    kept: Json  # number and digest of the kept ranking
    chosen: list[Choice]
    seen: list[int]
    text: str
    replaces: int | None = None  # the order that is swapped for this one


@command
def assign(
    *, by: Actor, incident_id: int, choices: list[Choice], text: str = "", seen: list[int] | None = None
) -> list[Assignment]:
    """Send units to an incident in one act: orders, statuses, clocks and entries together or not at all.

    `seen` are the units that stood first on the dispatcher's screen, best first: choosing among them needs no reason
    even when the ranking has changed in the last second. The database decides races: UnitBusy names the loser's unit.
    """
    now = timezone.now()
    incident = Incident.objects.filter(pk=incident_id, centre_id=by.centre_id).first()
    if incident is None:
        raise NotFound()
    refuse_unready(incident)
    sending = prepare(incident, by=by, now=now, choices=choices, seen=seen or [], text=text)
    divert(incident, choices, by=by, now=now)
    made = [insert(sending, choice, index) for index, choice in enumerate(choices)]
    for assignment in sorted(made, key=lambda one: one.unit_id):
        take_unit(assignment, by=by, now=now, priority=incident.priority)
    incident = Incident.locked(incident_id, by.centre_id)
    refuse_unready(incident)
    finish_order(incident, made, by=by, now=now)
    return made


def prepare(
    incident: Incident,
    *,
    by: Actor,
    now: dt.datetime,
    choices: list[Choice],
    seen: list[int],
    text: str,
    replaces: int | None = None,
) -> Sending:
    """Rank once for all orders of an act and keep the ranking that they rest on."""
    found = candidates.ask(incident, now)
    told = found.ranking if found else candidates.rank(incident, now)
    kept = candidates.keep(incident, found, seen)
    return Sending(incident, by, now, told, kept, choices, seen, text, replaces)


def divert(incident: Incident, chosen: list[Choice], *, by: Actor, now: dt.datetime) -> None:
    """Take back the less urgent orders that chosen units leave (CX3), each with its own entry. All rows of the act are
    locked first, in the one order, so that two acts that divert from each other's incidents cannot lock crosswise."""
    drops = sorted(choice.drop for choice in chosen if choice.drop is not None)
    if not drops:
        return
    centre_id = by.centre_id
    held = {row.pk: row for row in (Assignment.locked(drop, centre_id) for drop in drops)}
    for unit_id in sorted({choice.unit_id for choice in chosen}):
        Unit.locked(unit_id, centre_id)
    for incident_id in sorted({incident.pk, *(row.incident_id for row in held.values())}):
        Incident.locked(incident_id, centre_id)
    for choice in chosen:
        if choice.drop is None:
            continue
        chain = Chain(choice.drop, centre_id)
        refuse_divert(chain, choice, incident)
        changed = take_back(chain, by=by, now=now, code="CX3", text=incident.incident_no)
        restarted = follow(chain.incident, by=by, now=now)
        record(
            "assignment.withdrawn",
            *rows_of(chain.assignment, chain.unit, chain.incident, changed, restarted),
            call_sign=chain.unit.call_sign,
            code="CX3",
            diverted_to=incident.incident_no,
        )


def refuse_divert(chain: Chain, choice: Choice, incident: Incident) -> None:
    """Refuse to take a unit from work that is as urgent, or that it is doing already."""
    policy = policies.current()
    may_leave = chain.assignment.state in policy.divert_states and chain.assignment.unit_id == choice.unit_id
    if incident.priority > policy.divert_up_to or chain.incident.priority <= incident.priority or not may_leave:
        raise WrongTurn(chain.assignment, _("This unit cannot be taken from its order."))


def refuse_unready(incident: Incident) -> None:
    """Refuse orders to what has ended, needs nobody, or lies nowhere: an order may go as soon as a place is accepted."""
    refuse_ended(incident)
    if not incident.attendance:
        raise WrongTurn(incident, _("This incident needs no attendance."))
    if not incident.is_placed and not incident.address_text:
        raise WrongTurn(incident, _("Accept a place first; an order needs to say where."))


def insert(sending: Sending, choice: Choice, index: int) -> Assignment:
    """Insert one order that rests on a ranking."""
    incident, found = sending.incident, sending.found
    unit = sendable(choice.unit_id, sending.by)
    check_override(choice, index, found, len(sending.chosen), sending.seen)
    best = found.recommended()
    return write_order(
        incident,
        unit,
        by=sending.by,
        now=sending.now,
        purpose=choice.purpose,
        text=sending.text or order_text.prefilled(incident),
        parent_id=sending.replaces or previous(incident, choice.purpose),
        recommended=best[0].unit.call_sign if best else "",
        rank_basis={**candidates.basis_of(found, unit.pk), **sending.kept},
        override_reason=choice.override_reason,
        override_text=choice.override_text,
    )


def sendable(unit_id: int, by: Actor) -> Unit:
    """Return a unit of the register. Raises NotFound."""
    unit = Unit.objects.filter(pk=unit_id, centre_id=by.centre_id, ended_at__isnull=True).first()
    if unit is None:
        raise NotFound()
    return unit


def write_order(
    incident: Incident, unit: Unit, *, by: Actor, now: dt.datetime, purpose: str, text: str, **more: Any
) -> Assignment:
    """Write the row of one order; the partial unique index decides who gets the unit. Raises UnitBusy."""
    row_id = numbers.next_id("dispatch_assignment")
    try:
        with transaction.atomic():
            return Assignment.make(
                by=by,
                now=now,
                id=row_id,
                assignment_no=numbers.number(centres.centre(incident.centre_id), "P", row_id, now),
                centre_id=incident.centre_id,
                incident=incident,
                unit=unit,
                call_sign=unit.call_sign,
                unit_kind=unit.kind,
                purpose=purpose,
                state=Assignment.State.DISPATCHED,
                order_text=text,
                dispatcher_no=by.badge,
                dispatcher_name=by.name,
                seat_no=by.seat,
                dispatched_at=now,
                **more,
            )
    except IntegrityError as error:
        if "one_live_assignment_per_unit" in str(error):
            unit.refresh_from_db()
            raise UnitBusy(unit) from error
        raise


def check_override(choice: Choice, index: int, found: Ranking, wanted: int, seen: list[int]) -> None:
    """Ask for a reason when somebody else than the first-ranked is sent (7.6); of n units the first n need none."""
    path = f"units.{index}.override_reason"
    codebook.require("override", choice.override_reason, path)
    best = [one.unit.unit_id for one in found.recommended()[:wanted]]
    usual = not best or choice.unit_id in best or choice.unit_id in seen[:wanted]
    # A unit that cannot go at all is refused as busy, whatever reason is given.
    cannot_go = any(one.unit.unit_id == choice.unit_id and one.code != "no_position" for one in found.excluded)
    if usual or cannot_go or choice.purpose in ("directive", "self", "support", "relief"):
        return
    if not choice.override_reason:
        raise BadInput(**{path: _("Another unit stands first: say why this one goes.")})
    if choice.override_reason == "OV9" and not choice.override_text:
        raise BadInput(**{f"units.{index}.override_text": _("“Other” needs words.")})


def previous(incident: Incident, purpose: str) -> int | None:
    """Return the refused or withdrawn order that this one replaces, or None."""
    if purpose != "first":
        return None
    dead = Assignment.objects.filter(incident=incident, state__in=["refused", "withdrawn"]).order_by("-id").first()
    return dead.pk if dead else None


def take_unit(assignment: Assignment, *, by: Actor, now: dt.datetime, priority: int) -> None:
    """Give the unit its order. Raises UnitBusy with the unit's row when it cannot be sent."""
    unit = Unit.locked(assignment.unit_id, by.centre_id)
    if not unit.is_dispatchable or unit.on_shift is None:
        raise UnitBusy(unit, _("This unit is not on duty or never sent to a scene."))
    if unit.status not in SENDABLE or (unit.status == Status.ON_TASK and priority > 2):
        raise UnitBusy(unit, _("This unit cannot be sent now."))
    set_status(unit, Status.ASSIGNED, by=by, now=now, assignment_id=assignment.pk)
    assignment.unit = unit


def finish_order(incident: Incident, made: list[Assignment], *, by: Actor, now: dt.datetime) -> None:
    """Start the clocks of the orders, let the incident follow, and record one entry per order."""
    stopped = limits.stop(incident, [Deadline.Kind.ORDER], now=now)
    is_first = incident.first_dispatched_at is None
    restarted = follow(incident, by=by, now=now, **first(incident, now, "first_dispatched_at"))
    if is_first and incident.priority < 4:
        restarted += limits.start(incident, limits.first_order(now), by=by, now=now)
    ended = end_causes(now, "order_overdue", incident_id=incident.pk)
    for number, assignment in enumerate(made):
        assignment.incident = incident
        clocks = limits.start(
            incident,
            order_limits(incident, now, assignment.purpose),
            by=by,
            now=now,
            assignment_id=assignment.pk,
            unit_id=assignment.unit_id,
        )
        shared = rows_of(incident, stopped, restarted, list(ended)) if number == 0 else []
        record(
            "assignment.sent",
            assignment,
            assignment.unit,
            *shared,
            *clocks,
            call_sign=assignment.call_sign,
            incident_no=incident.incident_no,
        )
    if is_first:
        notices.tell(incident, by=by, now=now)


def order_limits(incident: Incident, now: dt.datetime, purpose: str = "first") -> dict[str, dt.datetime]:
    """Return the limits that start with an order (7.2); the arrival's follows the kind of area (R13), and a response
    ring where it is stricter (R17). A directive leads elsewhere than to the caller: no arrival limit is its own. During
    a stake-out the unit is asked how it stands every half hour (M40)."""
    rule = limits.of(
        incident.priority, incident.area_kind, centre_id=incident.centre_id, ring_minutes=incident.ring_minutes
    )
    due = {
        Deadline.Kind.DELIVER: now + rule.deliver_within,
        Deadline.Kind.ACCEPT: now + rule.accept_within,
        Deadline.Kind.DEPART: now + rule.depart_within,
    }
    if rule.arrive_within is not None and purpose != "directive":
        due[Deadline.Kind.ARRIVE] = now + rule.arrive_within
    if incident.mode == STAKE_OUT:
        due[Deadline.Kind.PROMPT] = now + ASKED_EVERY
    return {str(kind): moment for kind, moment in due.items()}


@command
def withdraw(*, by: Actor, assignment_id: int, code: str, text: str = "") -> Assignment:
    """Take an order back before the unit is on scene; the unit is told and must confirm."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    if chain.assignment.state == Assignment.State.WITHDRAWN:
        return chain.assignment
    check_code(code, text)
    changed = take_back(chain, by=by, now=now, code=code, text=text)
    restarted = follow(chain.incident, by=by, now=now)
    record(
        "assignment.withdrawn",
        *rows_of(chain.assignment, chain.unit, chain.incident, changed, restarted),
        call_sign=chain.unit.call_sign,
        code=code,
    )
    return chain.assignment


def check_code(code: str, text: str, field: str = "cancel_code") -> None:
    """Refuse an unknown cancel code, and 'other' without words."""
    if not code:
        raise BadInput(**{field: _("A withdrawal needs its reason.")})
    codebook.require("cancel", code, field)
    if code == "CX9" and not text:
        raise BadInput(text=_("“Other” needs words."))


def take_back(chain: Chain, *, by: Actor, now: dt.datetime, code: str, text: str) -> list[Any]:
    """Withdraw one locked order and free its unit; returns the other rows that changed."""
    assignment = chain.assignment
    if Assignment.State.WITHDRAWN not in Assignment.TRANSITIONS[Assignment.State(assignment.state)]:
        raise WrongTurn(assignment)
    assignment.change(
        by=by, now=now, state=Assignment.State.WITHDRAWN, withdrawn_at=now, cancel_code=code, cancel_text=text
    )
    set_status(chain.unit, Status.AVAILABLE, by=by, now=now, assignment_id=None)
    stopped = limits.stop(chain.incident, None, now=now, assignment_id=assignment.pk, void=True)
    ended = end_causes(now, *ALERTS_OF_AN_ORDER, assignment_id=assignment.pk)
    return [*stopped, *ended]


@command
def confirm_withdrawal(*, by: Actor, assignment_id: int) -> Assignment:
    """The unit has understood that the order was taken back."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    if by.on_unit != chain.unit.pk and not by.has("dispatcher", "watch_commander"):
        raise Forbidden()
    if chain.assignment.state != Assignment.State.WITHDRAWN:
        raise WrongTurn(chain.assignment)
    if chain.assignment.withdrawal_confirmed_at is None:
        chain.assignment.change(by=by, now=now, withdrawal_confirmed_at=now)
        record("assignment.withdrawal_confirmed", chain.assignment, call_sign=chain.unit.call_sign)
    return chain.assignment

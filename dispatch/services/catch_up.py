"""Orders and their times entered afterwards: by radio while the console was cut off, or from a card (补录, targets 1.4).

Only here may a time be anything but now (A50): for what a console noted while it was offline, and for paper while the
watch commander has catch-up open. Each time is marked with who entered it, when, from what and why.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch import order_text
from dispatch.models import Assignment
from dispatch.services.follow import Chain, follow, rows_of
from dispatch.services.moves import UNIT_STATUS
from dispatch.services.orders import SENDABLE, order_limits
from incidents import centres, codebook, limits, statements
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Deadline, Incident, LateEntry
from incidents.refusals import BadInput, Forbidden, NotFound, UnitBusy, WrongTurn
from incidents.roles import ORDERING
from incidents.row import Json, Row, stamp
from incidents.services import late, numbers
from incidents.services.incidents import refuse_ended
from incidents.services.late import Original
from patrol.models import Status, Unit
from patrol.services import set_status

State, Kind, Source = Assignment.State, Deadline.Kind, LateEntry.Source
# The moves in their order: the field of the input, the column, the state.
MOVES = (
    ("accepted_at", "accepted_at", State.ACCEPTED),
    ("departed_at", "departed_at", State.EN_ROUTE),
    ("arrived_at", "on_scene_at", State.ON_SCENE),
    ("finished_at", "finished_at", State.FINISHED),
)
LONGEST_OFFLINE = dt.timedelta(days=1)
AT_THE_DOOR = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Times:
    """One unit's order as a card or a note says it."""

    unit_id: int
    sent_at: dt.datetime
    moves: dict[str, dt.datetime]  # by the fields of MOVES
    result_code: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the entries of one act share."""

    by: Actor
    now: dt.datetime
    source: str
    reason: str

    def mark(self, *, implied: bool) -> Json:
        """Return who entered a time, when, from what and why."""
        return {
            "by": self.by.badge,
            "by_proxy": True,
            "implied": implied,
            "device_at": None,
            "source": self.source,
            "entered_at": stamp(self.now),
            "reason": self.reason,
        }


@command
def enter_late(
    *,
    by: Actor,
    source: str,
    number: int,
    facts: dict[str, Any],
    original: Original,
    incident: dict[str, Any] | None,
    orders: list[Times],
    reason: str,
) -> Json:
    """Enter a call from an offline queue or a card with its incident and the orders that were given by radio, all or
    nothing. Returns the rows and the incidents that may be the same event."""
    now = timezone.now()
    late_check(by, source, reason, orders)
    entered = late.enter(
        by=by, now=now, source=source, number=number, facts=facts, original=original, incident=incident, reason=reason
    )
    made: list[Assignment] = []
    if orders:
        if entered.incident is None:
            raise BadInput(orders=_("Orders need an incident."))
        entry = Entry(by, now, source, reason)
        made, more = give_orders(entry, entered.incident, orders, not_before=original.answered_at)
        entered.rows = [row for row in entered.rows if not isinstance(row, Deadline)] + [
            *entered.incident.deadlines.all(), *more
        ]  # fmt: skip
    late.record_entered(entered)
    record_orders(made, reason)
    return {
        "late_entry": entered.late.row(),
        "call": entered.call.row(),
        "incident": entered.incident.row() if entered.incident else None,
        "assignments": [order.row() for order in made],
    }


def late_check(by: Actor, source: str, reason: str, orders: list[Times]) -> None:
    """Refuse a card without a reason, and orders by radio from somebody who gives none."""
    if source == Source.PAPER and not reason:
        raise BadInput(reason=_("Paper is entered with a reason."))
    if orders and source != Source.PAPER and not by.has(*ORDERING):
        raise Forbidden()


@command
def note_orders(*, by: Actor, incident_id: int, orders: list[Times], source: str, reason: str) -> list[Assignment]:
    """Enter orders by radio of an incident that the board has, with their own times."""
    now = timezone.now()
    in_catch_up(by, source, reason)
    incident = Incident.locked(incident_id, by.centre_id)
    refuse_ended(incident)
    if source == Source.OFFLINE:
        orders = [not_before_the_answer(one, incident) for one in orders]
    made, rows = give_orders(Entry(by, now, source, reason), incident, orders, not_before=incident.answered_at)
    record_orders(made, reason, incident, *rows)
    return made


def not_before_the_answer(order: Times, incident: Incident) -> Times:
    """Return an order of an offline queue, at the earliest with the answer: a call whose own request waited at the door
    of the server was answered when it was served, up to some minutes after its seat gave the order by radio."""
    early = incident.answered_at - order.sent_at
    if not dt.timedelta() < early <= AT_THE_DOOR:
        return order
    return replace(order, sent_at=incident.answered_at)


@command
def note_moves(
    *, by: Actor, assignment_id: int, moves: dict[str, dt.datetime], result_code: str, source: str, reason: str
) -> Assignment:
    """Enter the times of an order that the board has; what has a time already keeps it."""
    now = timezone.now()
    in_catch_up(by, source, reason)
    chain = Chain(assignment_id, by.centre_id)
    assignment = chain.assignment
    if not assignment.is_live:
        raise WrongTurn(assignment)
    known = {name: getattr(assignment, column) for name, column, _state in MOVES}
    times = {name: known[name] or moves.get(name) for name in known}
    wanted = check_order({name: at for name, at in times.items() if at}, assignment.dispatched_at, now, source)
    entry = Entry(by, now, source, reason)
    fields = stamped(entry, wanted, moves, result_code, dict(assignment.marks))
    if fields["state"] == assignment.state:
        return assignment
    assignment.change(by=by, now=now, **fields)
    move_unit(chain.unit, assignment, by=by, now=now)
    changed = meet_limits(chain.incident, assignment, now)
    restarted = follow(chain.incident, by=by, now=now, **milestones(chain.incident, assignment))
    changed += after_finish(chain.incident, assignment, by=by, now=now)
    record(
        "assignment.times_entered",
        *rows_of(assignment, chain.unit, chain.incident, changed, restarted),
        call_sign=assignment.call_sign,
        reason=reason,
    )
    return assignment


def in_catch_up(by: Actor, source: str, reason: str) -> None:
    """Refuse times by hand outside catch-up, and without a reason (A50)."""
    if not reason:
        raise BadInput(reason=_("Times by hand need a reason."))
    if source == Source.PAPER:
        late.open_catch_up(by.centre_id)


def check_order(
    moves: dict[str, dt.datetime], sent_at: dt.datetime, now: dt.datetime, source: str
) -> dict[str, dt.datetime]:
    """Return the times with those of skipped moves filled in. Refuses times that run backwards or lie ahead (A50)."""
    if source == Source.OFFLINE and sent_at < now - LONGEST_OFFLINE:
        raise BadInput(sent_at=_("This is too long ago; enter it in catch-up mode."))
    before, found = sent_at, dict(moves)
    for name, _column, _state in MOVES:
        if name in found:
            found[name] = late.not_ahead(found[name], now, name)
            if found[name] < before:
                raise BadInput(**{name: _("This lies before the step before it.")})
            before = found[name]
    # A step that nobody noted happened at the latest with the next one; without an arrival nobody need have departed.
    if "arrived_at" in found:
        found.setdefault("departed_at", found["arrived_at"])
    later = [found[name] for name in ("departed_at", "arrived_at", "finished_at") if name in found]
    if later:
        found.setdefault("accepted_at", later[0])
    return found


def stamped(
    entry: Entry, times: dict[str, dt.datetime], noted: dict[str, dt.datetime], result_code: str, marks: Json
) -> dict[str, Any]:
    """Return the fields of an order with these times: its last state, columns and marks. What was not `noted` is
    implied."""
    fields: dict[str, Any] = {"state": State.DISPATCHED}
    for name, column, state in MOVES:
        if name in times:
            fields[column], fields["state"] = times[name], state
            marks.setdefault(str(state), entry.mark(implied=name not in noted))
    if "finished_at" in times:
        if not codebook.require("result", result_code, "result_code"):
            raise BadInput(result_code=_("Finishing needs a result."))
        fields["result_code"] = result_code
        fields["no_attendance"] = "arrived_at" not in times
    return {**fields, "marks": marks}


def give_orders(
    entry: Entry, incident: Incident, orders: list[Times], *, not_before: dt.datetime
) -> tuple[list[Assignment], list[Row]]:
    """Insert the orders with their times, let units, limits and the incident follow; returns them and the other rows."""
    made: list[Assignment] = []
    rows: list[Row] = []
    for times in sorted(orders, key=lambda one: one.sent_at):
        sent_at = late.not_ahead(times.sent_at, entry.now, "sent_at")
        if sent_at < not_before:
            raise BadInput(sent_at=_("An order follows the call."))
        wanted = check_order(times.moves, sent_at, entry.now, entry.source)
        is_first = incident.first_dispatched_at is None
        fields = stamped(entry, wanted, times.moves, times.result_code, {})
        order = insert(entry, incident, times, sent_at, fields, is_first=is_first)
        rows += start_limits(incident, order, is_first, by=entry.by, now=entry.now)
        rows += meet_limits(incident, order, entry.now)
        rows += follow(incident, by=entry.by, now=entry.now, **milestones(incident, order))
        rows += after_finish(incident, order, by=entry.by, now=entry.now)
        made.append(order)
    return made, unique([*rows, incident, *(order.unit for order in made)])


def unique(rows: list[Row]) -> list[Row]:
    """Return each row once, as it is last."""
    return list({(row.NOUN, row.pk): row for row in rows}.values())


def insert(
    entry: Entry, incident: Incident, times: Times, sent_at: dt.datetime, fields: dict[str, Any], *, is_first: bool
) -> Assignment:
    """Insert one order; a live one takes the unit, which must be free."""
    unit = Unit.objects.filter(pk=times.unit_id, centre_id=entry.by.centre_id, ended_at__isnull=True).first()
    if unit is None:
        raise NotFound()
    row_id = numbers.next_id("dispatch_assignment")
    shift = unit.on_shift or {"lead_no": "", "lead_name": "", "crew": []}
    try:
        with transaction.atomic():
            order = Assignment.make(
                by=entry.by,
                now=entry.now,
                id=row_id,
                assignment_no=numbers.number(centres.centre(incident.centre_id), "P", row_id, sent_at),
                centre_id=incident.centre_id,
                incident=incident,
                unit=unit,
                call_sign=unit.call_sign,
                unit_kind=unit.kind,
                purpose="first" if is_first else "support",
                order_text=order_text.prefilled(incident),
                dispatcher_no=entry.by.badge,
                dispatcher_name=entry.by.name,
                seat_no=entry.by.seat,
                rank_basis={"basis": "none", "source": entry.source},
                dispatched_at=sent_at,
                lead_no=shift["lead_no"],
                lead_name=shift["lead_name"],
                crew=shift["crew"],
                **fields,
            )
    except IntegrityError as error:
        if "one_live_assignment_per_unit" in str(error):
            raise UnitBusy(unit) from error
        raise
    order.unit = unit
    if order.is_live:
        order.unit = unit = Unit.locked(unit.pk, entry.by.centre_id)
        if not unit.is_dispatchable or unit.on_shift is None or unit.status not in SENDABLE:
            raise UnitBusy(unit, _("This unit cannot be sent now."))
        set_status(unit, Status.ASSIGNED, by=entry.by, now=entry.now, assignment_id=order.pk)
        move_unit(unit, order, by=entry.by, now=entry.now)
    return order


def move_unit(unit: Unit, order: Assignment, *, by: Actor, now: dt.datetime) -> None:
    """Let a unit's status follow its order."""
    state = State(order.state)
    if state == State.FINISHED:
        set_status(unit, Status.AVAILABLE, by=by, now=now, assignment_id=None)
    elif state in UNIT_STATUS:
        set_status(unit, UNIT_STATUS[state], by=by, now=now)


def start_limits(incident: Incident, order: Assignment, is_first: bool, *, by: Actor, now: dt.datetime) -> list[Row]:
    """Start the limits of an order at its own time, and with the first one clock B."""
    stopped: list[Row] = list(limits.stop(incident, [Kind.ORDER], now=order.dispatched_at))
    if is_first and incident.priority < 4:
        stopped += limits.start(incident, limits.first_order(order.dispatched_at), by=by, now=now)
    if order.is_live:
        due = order_limits(incident, order.dispatched_at)
        stopped += limits.start(incident, due, by=by, now=now, assignment_id=order.pk, unit_id=order.unit_id)
    return [*stopped, *date_misses(incident, now)]


def meet_limits(incident: Incident, order: Assignment, now: dt.datetime) -> list[Row]:
    """Stop the limits that the order's times meet, each at its own time; what was missed is dated and makes no alarm:
    nobody can help any more."""
    changed: list[Row] = []
    steps = (
        (order.accepted_at, [Kind.DELIVER, Kind.ACCEPT]),
        (order.departed_at, [Kind.DEPART]),
        (order.on_scene_at, [Kind.ARRIVE]),
    )
    for at, kinds in steps:
        if at is not None:
            changed += limits.stop(incident, kinds, now=at, assignment_id=order.pk)
    if order.state == State.FINISHED:
        changed += limits.stop(incident, None, now=order.finished_at or now, assignment_id=order.pk, void=True)
    if order.on_scene_at is not None and incident.first_on_scene_at is None:
        changed += limits.stop(incident, limits.ARRIVAL_KINDS, now=order.on_scene_at)
    return [*changed, *date_misses(incident, now)]


def date_misses(incident: Incident, now: dt.datetime) -> list[Row]:
    """Mark as missed what was stopped only after its limit."""
    rows = statements.change_where(
        Deadline,
        "state = 'missed', noticed_at = %s, updated_at = %s, version = version + 1",
        "incident_id = %s AND state = 'running' AND stopped_at IS NOT NULL",
        [now, now, incident.pk],
    )
    for row in rows:
        row.incident = incident
    return list(rows)


def milestones(incident: Incident, order: Assignment) -> dict[str, dt.datetime]:
    """Return the incident's milestones that this order reaches earlier than any before it."""
    reached = {
        "first_dispatched_at": order.dispatched_at,
        "first_accepted_at": order.accepted_at,
        "first_on_scene_at": order.on_scene_at,
    }
    return {
        name: at for name, at in reached.items() if at and (getattr(incident, name) is None or at < getattr(incident, name))
    }  # fmt: skip


def after_finish(incident: Incident, order: Assignment, *, by: Actor, now: dt.datetime) -> list[Row]:
    """Let a finished order ask for its report, and date the handling by the card."""
    if order.state != State.FINISHED:
        return []
    if incident.handled_at == now and order.finished_at is not None:
        incident.change(by=by, now=now, handled_at=order.finished_at)
    incident.change(by=by, now=now, result_code=incident.result_code or order.result_code)
    due = {str(Kind.REPORT): now + limits.of(incident.priority, centre_id=incident.centre_id).report_within}
    return [*limits.start(incident, due, by=by, now=now, assignment_id=order.pk, unit_id=order.unit_id)]


def record_orders(made: list[Assignment], reason: str, *rows: Row) -> None:
    """Record one entry per order; the first carries the other rows."""
    for place, order in enumerate(made):
        record(
            "assignment.entered_late",
            order,
            *(rows if place == 0 else ()),
            call_sign=order.call_sign,
            reason=reason,
        )

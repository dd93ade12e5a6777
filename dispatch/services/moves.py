"""Moves of an order: delivered, accepted, en route, on scene, finished, refused, delayed (domain 5, 派警单)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch import candidates
from dispatch.models import Assignment
from dispatch.services.follow import Chain, first, follow, rows_of
from dispatch.services.orders import ALERTS_OF_AN_ORDER
from incidents import codebook, limits, metrics
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Deadline
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.row import Json, stamp
from patrol.models import Status
from patrol.services import set_status

State = Assignment.State
Kind = Deadline.Kind
# The steps in their order, each with the column it stamps; a move stamps the skipped ones as implied.
STEPS = (
    (State.DELIVERED, "delivered_at"),
    (State.ACCEPTED, "accepted_at"),
    (State.EN_ROUTE, "departed_at"),
    (State.ON_SCENE, "on_scene_at"),
)
KIND_OF = {
    State.DELIVERED: "assignment.delivered",
    State.ACCEPTED: "assignment.accepted",
    State.EN_ROUTE: "assignment.en_route",
    State.ON_SCENE: "assignment.on_scene",
}
UNIT_STATUS = {State.EN_ROUTE: Status.EN_ROUTE, State.ON_SCENE: Status.ON_SCENE}
STOPPED_BY = {
    State.DELIVERED: [Kind.DELIVER],
    State.ACCEPTED: [Kind.DELIVER, Kind.ACCEPT],
    State.EN_ROUTE: [Kind.DELIVER, Kind.ACCEPT, Kind.DEPART],
    State.ON_SCENE: [Kind.DELIVER, Kind.ACCEPT, Kind.DEPART, Kind.ARRIVE],
}
ALERTS_ENDED_BY = {
    State.DELIVERED: ["undelivered"],
    State.ACCEPTED: ["undelivered", "unaccepted"],
    State.EN_ROUTE: ["undelivered", "unaccepted", "not_departed"],
    State.ON_SCENE: list(ALERTS_OF_AN_ORDER),
}
# Until the unit is finished it may say why it was late (R14).
EXPLAINABLE = (State.DISPATCHED, State.DELIVERED, State.ACCEPTED, State.EN_ROUTE, State.ON_SCENE)
MILESTONES = {
    State.ACCEPTED: ("first_accepted_at",),
    State.EN_ROUTE: ("first_accepted_at",),
    State.ON_SCENE: ("first_accepted_at", "first_on_scene_at"),
}


def require_crew(chain: Chain, by: Actor) -> bool:
    """Refuse everybody but the unit's crew and, by radio, dispatcher and watch commander; returns by_proxy."""
    if by.on_unit == chain.unit.pk:
        return False
    if by.has("dispatcher", "watch_commander"):
        return True
    raise Forbidden(_("You are not on this unit."))


def require_lead(chain: Chain, by: Actor) -> None:
    """Refuse everybody but the sworn lead of the running shift."""
    if by.on_unit != chain.unit.pk or not chain.unit.on_shift or chain.unit.on_shift["lead_no"] != by.badge:
        raise Forbidden(_("Only the lead of the unit may do this."))


def mark(by: Actor, *, proxy: bool, implied: bool, device_at: dt.datetime | None) -> Json:
    """Return who made a move, how, and the device's own time as its claim."""
    return {"by": by.badge, "by_proxy": proxy, "implied": implied, "device_at": stamp(device_at)}


@command
def advance(*, by: Actor, assignment_id: int, to: str, device_at: dt.datetime | None = None) -> Assignment:
    """Move an order to delivered, accepted, en route or on scene. Repeating the present state changes nothing; an
    older one that is passed already (a late delivery receipt) answers with the row; impossible ones are WrongTurn."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    proxy = require_crew(chain, by)
    assignment, target = chain.assignment, State(to)
    if assignment.state == target or (target == State.DELIVERED and assignment.delivered_at is not None):
        return assignment
    if target not in Assignment.TRANSITIONS[State(assignment.state)]:
        raise WrongTurn(assignment)
    fields = stamps(assignment, target, by=by, now=now, proxy=proxy, device_at=device_at)
    if target != State.DELIVERED and assignment.accepted_at is None:
        fields.update(crew_fields(chain))
        seconds = (now - assignment.dispatched_at).total_seconds()
        metrics.ORDER_ACK_SECONDS.labels(str(chain.incident.priority)).observe(seconds)
    assignment.change(by=by, now=now, state=target, **fields)
    if target in UNIT_STATUS:
        set_status(chain.unit, UNIT_STATUS[target], by=by, now=now)
    changed = stop_clocks(chain, target, now)
    restarted = follow(chain.incident, by=by, now=now, **first(chain.incident, now, *MILESTONES.get(target, ())))
    record(
        KIND_OF[target],
        *rows_of(assignment, chain.unit, chain.incident, changed, restarted),
        call_sign=chain.unit.call_sign,
        by_proxy=proxy,
    )
    return assignment


def stamps(
    assignment: Assignment, target: str, *, by: Actor, now: dt.datetime, proxy: bool, device_at: dt.datetime | None
) -> dict[str, Any]:
    """Return the moment of the step and of those it skips, which are marked implied."""
    fields: dict[str, Any] = {}
    marks = dict(assignment.marks)
    for step, column in STEPS:
        is_target = step == target
        if getattr(assignment, column) is None:
            fields[column] = now
            marks[str(step)] = mark(by, proxy=proxy, implied=not is_target, device_at=device_at)
        if is_target:
            break
    fields["marks"] = marks
    return fields


def crew_fields(chain: Chain) -> dict[str, Any]:
    """Return lead and crew copied from the shift at acceptance."""
    shift = chain.unit.on_shift or {"lead_no": "", "lead_name": "", "crew": []}
    return {"lead_no": shift["lead_no"], "lead_name": shift["lead_name"], "crew": shift["crew"]}


def stop_clocks(chain: Chain, target: str, now: dt.datetime) -> list[Any]:
    """Stop the limits that a step meets, the incident's arrival limits with the first arrival, and end their alerts."""
    step = State(target)
    stopped: list[Any] = limits.stop(chain.incident, STOPPED_BY[step], now=now, assignment_id=chain.assignment.pk)
    if step == State.ON_SCENE and chain.incident.first_on_scene_at is None:
        stopped += limits.stop(chain.incident, limits.ARRIVAL_KINDS, now=now)
        stopped += [*end_causes(now, "at_risk", "swap_proposed", incident_id=chain.incident.pk)]
    return [*stopped, *end_causes(now, *ALERTS_ENDED_BY[step], assignment_id=chain.assignment.pk)]


@command
def refuse(*, by: Actor, assignment_id: int, code: str, text: str, device_at: dt.datetime | None = None) -> Assignment:
    """The lead refuses an order with code and words (R4): the watch commander is alerted, the next unit offered, and
    no clock stops. "Not my area" does not exist."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    if chain.assignment.state == State.REFUSED:
        return chain.assignment
    require_lead(chain, by)
    codebook.require("refusal", code, "refusal_code")
    if not code:
        raise BadInput(refusal_code=_("A refusal needs its reason."))
    if not text:
        raise BadInput(text=_("A refusal needs words."))
    if State.REFUSED not in Assignment.TRANSITIONS[State(chain.assignment.state)]:
        raise WrongTurn(chain.assignment)
    marks = {**chain.assignment.marks, "refused": mark(by, proxy=False, implied=False, device_at=device_at)}
    chain.assignment.change(
        by=by, now=now, state=State.REFUSED, refused_at=now, refusal_code=code, refusal_text=text, marks=marks
    )
    status = Status.OUT_OF_SERVICE if code == "RF1" else Status.AVAILABLE
    set_status(chain.unit, status, by=by, now=now, assignment_id=None)
    stopped = limits.stop(chain.incident, None, now=now, assignment_id=assignment_id, void=True)
    ended = end_causes(now, *ALERTS_OF_AN_ORDER, assignment_id=assignment_id)
    restarted = follow(chain.incident, by=by, now=now)
    alert = raise_alert(
        "refused",
        centre_id=by.centre_id,
        by=by,
        now=now,
        incident_id=chain.incident.pk,
        assignment_id=assignment_id,
        unit_id=chain.unit.pk,
        urgent=chain.incident.priority == 1,
        call_sign=chain.unit.call_sign,
        incident_no=chain.incident.incident_no,
        code=code,
        text=text,
        proposed=candidates.next_best(chain.incident, now),
    )
    record(
        "assignment.refused",
        *rows_of(chain.assignment, chain.unit, chain.incident, alert, stopped, list(ended), restarted),
        call_sign=chain.unit.call_sign,
        code=code,
    )
    return chain.assignment


@command
def finish(
    *,
    by: Actor,
    assignment_id: int,
    result_code: str,
    no_attendance: bool = False,
    device_at: dt.datetime | None = None,
) -> Assignment:
    """The lead finishes the order (处置完毕); before on scene only with "no attendance". The watch commander may do it
    by radio when a terminal is dead."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    assignment = chain.assignment
    if assignment.state == State.FINISHED:
        return assignment
    proxy = by.has("watch_commander") and by.on_unit != chain.unit.pk
    if not proxy:
        require_lead(chain, by)
    if not result_code:
        raise BadInput(result_code=_("Finishing needs a result."))
    codebook.require("result", result_code, "result_code")
    if State.FINISHED not in Assignment.TRANSITIONS[State(assignment.state)]:
        raise WrongTurn(assignment)
    if assignment.state != State.ON_SCENE and not no_attendance:
        raise WrongTurn(assignment, _("Before arrival an order can be finished only with “no attendance”."))
    if assignment.handed_at is not None and assignment.handed_received_at is None:
        raise WrongTurn(assignment, _("The other unit has not taken over yet: the first one stays responsible."))
    marks = {**assignment.marks, "finished": mark(by, proxy=proxy, implied=False, device_at=device_at)}
    assignment.change(
        by=by,
        now=now,
        state=State.FINISHED,
        finished_at=now,
        result_code=result_code,
        no_attendance=no_attendance,
        marks=marks,
    )
    set_status(chain.unit, Status.AVAILABLE, by=by, now=now, assignment_id=None)
    stopped = limits.stop(chain.incident, None, now=now, assignment_id=assignment_id, void=True)
    if assignment.reported_at is None:
        due = {str(Kind.REPORT): now + limits.of(chain.incident.priority).report_within}
        stopped += limits.start(chain.incident, due, by=by, now=now, assignment_id=assignment_id, unit_id=chain.unit.pk)
    ended = end_causes(now, *ALERTS_OF_AN_ORDER, "backup_requested", assignment_id=assignment_id)
    restarted = follow(chain.incident, by=by, now=now, result_code=chain.incident.result_code or result_code)
    record(
        "assignment.finished",
        *rows_of(assignment, chain.unit, chain.incident, stopped, list(ended), restarted),
        call_sign=chain.unit.call_sign,
        code=result_code,
    )
    return assignment


@command
def report_delay(
    *, by: Actor, assignment_id: int, code: str, text: str = "", device_at: dt.datetime | None = None
) -> Assignment:
    """The unit is held up and says so at once (R14): the desk tells the caller and is offered the next unit."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    require_crew(chain, by)
    if not code:
        raise BadInput(delay_code=_("A delay needs its reason."))
    codebook.require("delay", code, "delay_code")
    if code == "DL99" and not text:
        raise BadInput(text=_("“Other” needs words."))
    if chain.assignment.state not in EXPLAINABLE:
        raise WrongTurn(chain.assignment)
    marks = {**chain.assignment.marks, "delayed": mark(by, proxy=False, implied=False, device_at=device_at)}
    at = chain.assignment.delay_at or now
    chain.assignment.change(by=by, now=now, delay_at=at, delay_code=code, delay_text=text, marks=marks)
    ended = end_causes(now, "delayed", "late_unexplained", assignment_id=assignment_id)
    if chain.assignment.state == State.ON_SCENE:  # said afterwards: nobody needs to be called any more
        record("assignment.delayed", *rows_of(chain.assignment, list(ended)), call_sign=chain.unit.call_sign, code=code)
        return chain.assignment
    alert = raise_alert(
        "delayed",
        centre_id=by.centre_id,
        by=by,
        now=now,
        incident_id=chain.incident.pk,
        assignment_id=assignment_id,
        unit_id=chain.unit.pk,
        call_sign=chain.unit.call_sign,
        incident_no=chain.incident.incident_no,
        code=code,
        text=text,
        proposed=candidates.next_best(chain.incident, now),
    )
    record(
        "assignment.delayed",
        *rows_of(chain.assignment, alert, list(ended)),
        call_sign=chain.unit.call_sign,
        code=code,
    )
    return chain.assignment


@command
def tell_caller(*, by: Actor, assignment_id: int) -> Assignment:
    """The desk has told the caller that the unit is held up (R14)."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    if chain.assignment.caller_told_at is None:
        chain.assignment.change(by=by, now=now, caller_told_at=now)
        record("assignment.caller_told", chain.assignment, call_sign=chain.unit.call_sign)
    return chain.assignment

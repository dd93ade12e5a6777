"""Ticking off the steps of the card's checklist (M18, R15, R16), and handing a scene over (R16)."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.models import Assignment, Tick
from dispatch.services.follow import Chain
from dispatch.services.moves import require_crew
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Organisation
from incidents.refusals import BadInput, WrongTurn
from incidents.services import cards

State = Assignment.State
OVER = (State.REFUSED, State.WITHDRAWN)


@command
def tick(*, by: Actor, assignment_id: int, item: str, done: bool, device_at: dt.datetime | None = None) -> Tick:
    """Tick a step off, or take the tick back; each time is kept with the phone's own."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    require_crew(chain, by)
    if chain.assignment.state in OVER:
        raise WrongTurn(chain.assignment)
    known = cards.of_centre(by.centre_id)
    types = (chain.incident.type_verified, chain.incident.type_reported)
    step = next((found for code in types if (found := known.of(code).step(item))), None)
    row = Tick.objects.select_for_update(no_key=True).filter(assignment=chain.assignment, item=item).first()
    if step is None and row is None:
        raise BadInput(item=_("The card of this type has no such step."))
    if row is not None and row.done == done:
        return row
    fields = {"done": done, "ticked_at": now, "ticked_by_no": by.badge, "device_at": device_at}
    if row is None and step is not None:
        row = Tick.make(
            by=by, now=now, centre_id=by.centre_id, assignment=chain.assignment, incident=chain.incident,
            unit_id=chain.unit.pk, item=item, zh=step.zh, en=step.en, **fields,
        )  # fmt: skip
    elif row is not None:
        row.incident = chain.incident
        row.change(by=by, now=now, **fields)
    assert row is not None
    record("assignment.ticked", row, call_sign=chain.unit.call_sign, done=done, zh=row.zh, en=row.en)
    return row


@command
def hand_on(
    *, by: Actor, assignment_id: int, to: int | None, to_name: str, contact: str, device_at: dt.datetime | None = None
) -> Assignment:
    """Ask the unit that is responsible to take the scene over. First contact stays responsible until somebody there
    has taken it (R16); the desk is told."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    require_crew(chain, by)
    order = chain.assignment
    if order.state != State.ON_SCENE:
        raise WrongTurn(order, _("Handing over begins on the scene."))
    target = Organisation.objects.filter(pk=to, centre_id=by.centre_id).first() if to else chain.incident.jurisdiction
    if to and target is None:
        raise BadInput(to=_("Name the unit that takes over."))
    name = to_name or (target.name if target else "")
    if not name:
        raise BadInput(to_name=_("Name the unit that takes over."))
    if order.handed_at is not None and (order.handed_to_name, order.handed_contact) == (name, contact):
        return order
    if order.handed_received_at is not None:
        raise WrongTurn(order, _("It was taken over already."))
    order.change(
        by=by, now=now, handed_to=target, handed_to_name=name, handed_contact=contact, handed_at=now,
        marks={**order.marks, "handed_on": {"by": by.badge, "device_at": device_at.isoformat() if device_at else None}},
    )  # fmt: skip
    ended = end_causes(now, "handed_on", assignment_id=order.pk)
    alert = raise_alert(
        "handed_on", centre_id=by.centre_id, by=by, now=now, incident_id=chain.incident.pk, assignment_id=order.pk,
        unit_id=chain.unit.pk, call_sign=chain.unit.call_sign, to_unit=name, contact=contact,
    )  # fmt: skip
    record("assignment.handed_on", order, alert, *ended, call_sign=chain.unit.call_sign, to=name)
    return order


@command
def receive(*, by: Actor, assignment_id: int, received_by: str, reply: str) -> Assignment:
    """Somebody of the responsible unit has taken the scene over; from now on the first unit may finish."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    order = chain.assignment
    if not by.has("station_duty", "call_taker"):
        require_crew(chain, by)
    if order.handed_at is None:
        raise WrongTurn(order, _("Nothing was handed over."))
    if order.handed_received_at is None:
        order.change(by=by, now=now, handed_received_at=now, handed_received_by=received_by, handed_reply=reply)
        ended = end_causes(now, "handed_on", assignment_id=order.pk)
        record(
            "assignment.hand_over_received", order, *ended,
            call_sign=chain.unit.call_sign, to=order.handed_to_name, received_by=received_by,
        )  # fmt: skip
    return order

"""Swapping an order for a unit that would be there clearly earlier: proposed by the sweep, done by a person (R14, CX3)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.models import Assignment
from dispatch.services.follow import Chain, follow, rows_of
from dispatch.services.orders import Choice, finish_order, insert, prepare, refuse_unready, take_back, take_unit
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.refusals import WrongTurn
from patrol.models import Unit

NEARER_UNIT = "CX3"


@command
def swap(*, by: Actor, assignment_id: int, unit_id: int) -> list[Assignment]:
    """Take an order back before its unit is on scene and send another unit instead, in one act: the old order ends with
    CX3, the new one names it as its parent and has the purpose "relief"."""
    now = timezone.now()
    old = Assignment.locked(assignment_id, by.centre_id)
    if old.unit_id == unit_id:
        raise WrongTurn(old, _("This unit has the order already."))
    for one in sorted((old.unit_id, unit_id)):
        Unit.locked(one, by.centre_id)
    chain = Chain(assignment_id, by.centre_id)
    incident = chain.incident
    refuse_unready(incident)
    choice = Choice(unit_id, purpose="relief")
    sending = prepare(
        incident, by=by, now=now, choices=[choice], seen=[], text=chain.assignment.order_text, replaces=assignment_id
    )
    changed = take_back(chain, by=by, now=now, code=NEARER_UNIT, text="")
    made = insert(sending, choice, 0)
    take_unit(made, by=by, now=now, priority=incident.priority)
    restarted = follow(incident, by=by, now=now)
    record(
        "assignment.withdrawn",
        *rows_of(chain.assignment, chain.unit, incident, changed, restarted),
        call_sign=chain.unit.call_sign,
        code=NEARER_UNIT,
        swapped_for=made.call_sign,
    )
    finish_order(incident, [made], by=by, now=now)
    return [made]

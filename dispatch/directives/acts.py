"""What is done while a mode runs: answering a prompt, relieving a unit, breaking a pursuit off (M40)."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.directives import stake_out
from dispatch.directives.models import Directive, DirectiveLine
from dispatch.directives.services import line_of
from dispatch.models import Assignment
from dispatch.services.follow import Chain, rows_of
from dispatch.services.moves import require_crew
from dispatch.services.orders import Choice, finish_order, insert, prepare, refuse_unready, take_unit
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Incident
from incidents.refusals import WrongTurn
from incidents.row import Row, stamp
from incidents.services.incidents import mode_followed, refuse_ended
from patrol.models import Unit

BROKEN_OFF_FROM = ("pursuit", "interception")


@command
def answer_prompt(*, by: Actor, assignment_id: int, text: str = "", device_at: dt.datetime | None = None) -> Assignment:
    """A unit of a stake-out says how it stands, asked or not; the next prompt comes half an hour later."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    require_crew(chain, by)
    order = chain.assignment
    if not order.is_live or chain.incident.mode != stake_out.STAKE_OUT:
        raise WrongTurn(order)
    changed = [*stake_out.stop_asking(order, now=now), *stake_out.next_prompt(order, by=by, now=now)]
    record("assignment.status_told", order, *changed, call_sign=order.call_sign, text=text, device_at=stamp(device_at))
    return order


@command
def relieve(*, by: Actor, assignment_id: int, unit_id: int) -> list[Assignment]:
    """Send another unit to take over from one that is on the incident (接替): the new order names the old one as its
    parent and carries its open directives; the old unit sees who comes and stays until its lead finishes."""
    now = timezone.now()
    old = Assignment.locked(assignment_id, by.centre_id)
    if old.unit_id == unit_id:
        raise WrongTurn(old, _("This unit has the order already."))
    incident = Incident.objects.get(pk=old.incident_id)
    refuse_unready(incident)
    choice = Choice(unit_id, purpose="relief")
    sending = prepare(incident, by=by, now=now, choices=[choice], seen=[], text=old.order_text, replaces=assignment_id)
    made = insert(sending, choice, 0)
    for one in sorted((old.unit_id, unit_id)):
        Unit.locked(one, by.centre_id)
    take_unit(made, by=by, now=now, priority=incident.priority)
    incident = Incident.locked(incident.pk, by.centre_id)
    refuse_ended(incident)
    old.incident = incident
    if not old.is_live:
        raise WrongTurn(old)
    old.change(by=by, now=now, relief=made.call_sign)
    carried = carry_on(old, made, by=by, now=now)
    record("assignment.relief_sent", *rows_of(old, carried), call_sign=old.call_sign, relief=made.call_sign)
    finish_order(incident, [made], by=by, now=now)
    return [made]


def carry_on(old: Assignment, new: Assignment, *, by: Actor, now: dt.datetime) -> list[Row]:
    """Give the new order the open directives of the old one."""
    of_old = DirectiveLine.objects.filter(assignment=old).values("directive_id")
    found = Directive.objects.select_for_update(no_key=True).filter(pk__in=of_old, state__in=Directive.OPEN)
    rows: list[Row] = []
    for row in found.order_by("id"):
        row.incident = old.incident
        line_of(row, new, attached=False)
        row.touch(by=by, now=now)
        rows.append(row)
    return rows


@command
def break_off(*, by: Actor, incident_id: int, reason: str) -> Incident:
    """Break a pursuit or an interception off (停止追击), whatever else has changed meanwhile: every unit of the incident
    is told in the same moment, with the reason. A repeat changes nothing."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id)
    if incident.broken_off_at is not None and incident.mode not in BROKEN_OFF_FROM:
        return incident
    if not incident.is_open or incident.mode not in BROKEN_OFF_FROM:
        raise WrongTurn(incident)
    before = incident.mode
    incident.change(
        by=by, now=now, mode="routine", quiet=False, mode_at=now, mode_reason=reason[:200], broken_off_at=now
    )
    changed = mode_followed(incident, before, by=by, now=now)
    record("incident.broken_off", incident, *changed, before=before, reason=reason[:200], units=len(incident.units))
    return incident

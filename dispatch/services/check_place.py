"""One key for a caller who is lost or silent but whose place is known: somebody goes and looks (R18)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.services.orders import Choice, finish_order, insert, prepare, take_unit
from incidents import centres
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Incident
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.roles import ORDERING
from incidents.services.incidents import open_incident

TYPE, PRIORITY = "0599", 2
TEXT = "来电中断或无法通话，请到该处核实是否有人需要帮助；敲门前先听、先看。"
NARRATIVE = "来电中断或静默，位置已知，派警核实。"
STATES = (Call.State.LOST, Call.State.IN_PROGRESS, Call.State.WRAP_UP)


@command
def check_place(*, by: Actor, call_id: int) -> Incident:
    """Open an urgent incident at the caller's place and send the nearest unit to look, in one act. A call-taker opens
    it; the unit is the dispatcher's."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    refuse_unfit(call, by)
    centre = centres.centre(by.centre_id)
    made = open_incident(by=by, now=now, centre=centre, facts=facts_of(call), call=call)
    incident = made.incident
    call.change(by=by, now=now, incident=incident, saved_at=call.saved_at or now)
    record("incident.created", incident, call, *made.deadlines, call_no=call.call_no)
    if by.has(*ORDERING):
        send_nearest(incident, by=by, now=now)
        incident.refresh_from_db()
    return incident


def refuse_unfit(call: Call, by: Actor) -> None:
    """Refuse a call that has its incident, that is neither lost nor silent, or whose place nobody knows."""
    if call.incident_id is not None:
        raise WrongTurn(call, _("This call has an incident already."))
    if call.state not in STATES or not (call.state == Call.State.LOST or call.silent):
        raise WrongTurn(call)
    if call.state != Call.State.LOST and call.agent_id not in (None, by.user_id) and not by.has("watch_commander"):
        raise Forbidden(_("This call belongs to another call-taker."))
    if not call.caller_point and not (call.caller_address or call.subscriber_address):
        raise BadInput(caller_point=_("The place of this caller is not known."))


def facts_of(call: Call) -> dict[str, Any]:
    """Return the incident of a caller of whom only the place is known; the place stays unverified."""
    return {
        "type_reported": TYPE,
        "priority": PRIORITY,
        "intake_class": "IC2",
        "narrative": " ".join(part for part in (NARRATIVE, call.narrative) if part),
        "address_text": call.caller_address or call.subscriber_address,
        "point": call.caller_point,
        "point_status": "unverified",
    }


def send_nearest(incident: Incident, *, by: Actor, now: Any) -> None:
    """Send the first unit of the ranking; with nobody to recommend the incident waits for the dispatcher's choice."""
    sending = prepare(incident, by=by, now=now, choices=[], seen=[], text=TEXT)
    best = sending.found.recommended(1)
    if not best or best[0].unit.drop is not None:
        return
    order = insert(sending, Choice(best[0].unit.unit_id), 0)
    take_unit(order, by=by, now=now, priority=incident.priority)
    finish_order(Incident.locked(incident.pk, by.centre_id), [order], by=by, now=now)

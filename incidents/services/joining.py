"""Calls and the incidents that others reported: attaching in one act, detaching, splitting off (F6, CK08)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres, limits
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Incident
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.row import Row
from incidents.services import incidents
from incidents.services.calls import move, validity_of
from incidents.services.learning import learn, retract

DETACHED_WITHIN = dt.timedelta(minutes=10)
DUPLICATE = "CK08"
ALARM = "CK01"


@command
def join_call(*, by: Actor, call_id: int, incident_id: int) -> Call:
    """Attach a call to an incident that another caller reported; every caller's words are kept, and the units on it
    are told what is new in them."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.incident_id == incident_id:
        return call
    if call.incident_id is not None or call.answered_at is None:
        raise WrongTurn(call)
    incident = Incident.locked(incident_id, by.centre_id)
    incidents.refuse_ended(incident)
    before = {"by": by.user_id, "kind": call.kind, "drill": call.drill}
    call.change(
        by=by,
        now=now,
        incident=incident,
        saved_at=now,
        kind=DUPLICATE,
        validity="duplicate",
        drill=incident.drill,
        joined_at=now,
        before_join=before,
    )
    moved = incidents.start_clock_earlier(incident, call.answered_at, by=by, now=now)
    record("call.joined", call, *moved, incident_no=incident.incident_no)
    learn(incident, call, by=by, now=now)
    return call


@command
def detach_call(*, by: Actor, call_id: int, reason: str) -> Call:
    """Give a call that was attached its own life back: the watch commander at any time, who attached it within ten
    minutes. Clock A of the incident goes back to the calls that stay, and its units are told what was not theirs."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.joined_at is None or call.incident_id is None:
        raise WrongTurn(call, _("This call was not attached to another incident."))
    refuse_late(call, by, now)
    incident = Incident.locked(call.incident_id, by.centre_id)
    before = dict(call.before_join)
    let_go(call, by=by, now=now, kind=before.get("kind", ""), drill=before.get("drill", False), incident=None)
    moved = start_clock_anew(incident, call, by=by, now=now)
    notes = retract(incident, call, by=by, now=now)
    record(
        "call.detached",
        call,
        *moved,
        *notes,
        incident_id=incident.pk,
        incident_no=incident.incident_no,
        call_no=call.call_no,
        reason=reason,
    )
    return call


def refuse_late(call: Call, by: Actor, now: dt.datetime) -> None:
    """Let the watch commander detach at any time, the one who attached within ten minutes, nobody else."""
    if by.has("watch_commander"):
        return
    assert call.joined_at is not None
    if call.before_join.get("by") != by.user_id or now - call.joined_at > DETACHED_WITHIN:
        raise Forbidden(_("Only the watch commander detaches a call that was attached by others or ten minutes ago."))


def let_go(call: Call, *, by: Actor, now: dt.datetime, kind: str, **fields: Any) -> None:
    """Write what a call becomes that leaves an incident. One that was finished goes back to wrap-up: without the
    incident it has no outcome yet."""
    if call.state == Call.State.DONE and fields.get("incident") is None:
        move(call, Call.State.WRAP_UP, by=by, now=now, done_at=None)
    call.change(by=by, now=now, kind=kind, validity=validity_of(kind), joined_at=None, before_join={}, **fields)


def start_clock_anew(incident: Incident, call: Call, *, by: Actor, now: dt.datetime) -> list[Row]:
    """Let clock A start with the earliest call that is left, when the one that leaves had moved it (K2, K7); limits
    that still run move with it, what was missed stays missed."""
    if not incident.is_open or call.answered_at != incident.answered_at:
        return []
    answered = earliest(incident)
    if answered <= incident.answered_at:
        return []
    incident.change(by=by, now=now, answered_at=answered)
    return [incident, *incidents.move_limits(incident, limits.first_answer(incident), by=by, now=now)]


def earliest(incident: Incident) -> dt.datetime:
    """Return when an event was first answered: by its calls, by what is merged into it, or when it was opened, as a
    patrol's own find is; never after the first order."""
    answers = [incident.created_at]
    answers += [call.answered_at for call in incident.calls.all() if call.answered_at]
    answers += incident.merged.filter(stage="merged").values_list("answered_at", flat=True)
    if incident.first_dispatched_at is not None:
        answers.append(incident.first_dispatched_at)
    return min(answers)


@command
def split_call(
    *, by: Actor, incident_id: int, version: int, call_id: int, reason: str, facts: dict[str, Any]
) -> Incident:
    """Make a new incident of one call of an incident that others reported too: own number, clock A from that call's
    answer, the caller's own words. `facts` say what is known better; place and type are the old ones' words until then."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    source = Incident.locked(incident_id, by.centre_id, version)
    incidents.refuse_ended(source)
    if call.incident_id != source.pk:
        raise BadInput(call=_("This call does not belong to the incident."))
    if source.calls.exclude(pk=call.pk).count() == 0:
        raise WrongTurn(source, _("The only call of an incident cannot be split off."))
    centre = centres.centre(by.centre_id)
    said = {"type_reported": source.type_reported, "intake_class": source.intake_class, "narrative": call.narrative}
    place = {} if "point" in facts else {"address_text": call.caller_address or source.address_text}
    made = incidents.open_incident(by=by, now=now, centre=centre, facts={**said, **place, **facts}, call=call)
    before = dict(call.before_join)
    kind = before.get("kind") or (ALARM if call.kind == DUPLICATE else call.kind)
    let_go(call, by=by, now=now, kind=kind, incident=made.incident)
    moved = start_clock_anew(source, call, by=by, now=now)
    notes = retract(source, call, by=by, now=now)
    record(
        "incident.created", made.incident, call, *made.deadlines, call_no=call.call_no, split_from=source.incident_no
    )
    record(
        "incident.split",
        *moved,
        *notes,
        centre_id=source.centre_id,
        incident_id=source.pk,
        into=made.incident.incident_no,
        call_no=call.call_no,
        reason=reason,
    )
    return made.incident

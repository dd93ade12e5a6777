"""Calls: from the ring to an outcome (domain 5, 接警单)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres, codebook
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Incident
from incidents.refusals import BadInput, Forbidden, NumberUsed, WrongTurn
from incidents.row import Row, stamp
from incidents.services import blocks, incidents, number_flags, numbers, watch_hits
from incidents.services.learning import learn

State = Call.State
VOICE = ("CH11", "CH12", "CH13")
# Kinds and closing reasons that say that nobody needed help: nuisance, misdial, test (R18, R20).
NUISANCE = ("CK09", "CK10", "CK12", "CL2", "CL3", "CL6")
WALK_UP = "CH42"


def validity_of(kind: str) -> str:
    """Return valid, duplicate or invalid for a kind of call (7.3)."""
    return str(codebook.attribute("call_kind", kind, "validity", "")) if kind else ""


@command
def take_call(
    *,
    by: Actor,
    facts: dict[str, Any],
    waiting: bool = False,
    incident: dict[str, Any] | None = None,
    number: int | None = None,
) -> Row:
    """Open a call record: ringing (`waiting`) or already answered by this call-taker. With `incident` its incident is
    opened in the same command. The answer starts clock A. `number` is one of the seat's block: should the answer be
    lost, the seat knows the call's number all the same."""
    now = timezone.now()
    centre = centres.centre(by.centre_id)
    check_opening(facts, waiting, incident)
    if waiting:
        return rung(by=by, now=now, facts=facts)
    if number is not None:
        refuse_used(by, number)
    call = made(by=by, now=now, facts=facts, state=State.IN_PROGRESS, row_id=number, **taken_by(by, now))
    if incident is not None:
        opened = incidents.open_incident(by=by, now=now, centre=centre, facts=incident, call=call)
        # One insert and no second version: the call was made in this very command.
        Call.objects.filter(pk=call.pk).update(incident=opened.incident, saved_at=now)
        call.incident, call.saved_at = opened.incident, now
        record("call.answered", call)
        record("incident.created", opened.incident, *opened.deadlines, call_no=call.call_no)
    else:
        record("call.answered", call)
    watch_hits.look_at_call(call, call.incident, by=by, now=now)
    return call


def check_opening(facts: dict[str, Any], waiting: bool, incident: dict[str, Any] | None) -> None:
    """Refuse a new call whose codes no table has, and an incident of a call that nobody has answered."""
    codebook.require("channel", facts.get("channel", ""), "channel")
    codebook.require("call_kind", facts.get("kind", ""), "kind")
    if waiting and incident is not None:
        raise BadInput(incident=_("A call that nobody has answered makes no incident."))
    if incident is not None:
        incidents.check_codes(incident)


def refuse_used(by: Actor, number: int) -> None:
    """Refuse a number that was not given out to a seat, or that a call has. Raises BadInput or NumberUsed."""
    blocks.block_of(by.centre_id, number, "seat")
    used = Call.objects.filter(pk=number).first()
    if used is not None:
        raise NumberUsed(used)


def made(
    *, by: Actor, now: dt.datetime, facts: dict[str, Any], state: str, row_id: int | None = None, **fields: Any
) -> Call:
    """Insert a call with its number and the flag of the caller's number (R20)."""
    centre = centres.centre(by.centre_id)
    row_id = row_id or numbers.next_id("incidents_call")
    return Call.make(
        by=by,
        now=now,
        id=row_id,
        call_no=numbers.number(centre, "J", row_id, now),
        centre=centre,
        state=state,
        ring_at=now,
        validity=validity_of(facts.get("kind", "")),
        number_flag=number_flags.flag_of(by.centre_id, facts.get("caller_number", ""), now),
        **fields,
        **facts,
    )


def rung(*, by: Actor, now: dt.datetime, facts: dict[str, Any]) -> Call:
    """Let a contact ring, inside a command: on every call-taker's screen in the same moment."""
    call = made(by=by, now=now, facts=facts, state=State.WAITING)
    record("call.rang", call)
    watch_hits.look_at_call(call, None, by=by, now=now)
    return call


def noted(*, by: Actor, now: dt.datetime, facts: dict[str, Any]) -> Call:
    """Record a contact that has its outcome already and waits for nobody, inside a command."""
    call = made(by=by, now=now, facts=facts, state=State.DONE, done_at=now, saved_at=now)
    record("call.finished", call)
    return call


def met(*, by: Actor, now: dt.datetime, incident: Incident, facts: dict[str, Any]) -> Call:
    """Record a contact that a unit had on the street, inside the command that opened its incident: it needs no seat any
    more, and it is counted like any other (M14, M51)."""
    facts = {"kind": "CK02" if facts["channel"] == WALK_UP else "CK01", "narrative": incident.narrative, **facts}
    outcome: dict[str, Any] = {"incident": incident, "saved_at": now, "done_at": now}
    call = made(by=by, now=now, facts=facts, state=State.DONE, **taken_by(by, now), **outcome)
    watch_hits.look_at_call(call, incident, by=by, now=now)
    return call


def taken_by(by: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return the fields that say who answered, where and when."""
    return {
        "answered_at": now,
        "agent_id": by.user_id,
        "agent_no": by.badge,
        "agent_name": by.name,
        "seat_no": by.seat,
    }


def move(call: Call, to: str, *, by: Actor | None, now: dt.datetime, **fields: Any) -> None:
    """Move a call along its state machine; the only writer of its state. Raises WrongTurn."""
    if to not in Call.TRANSITIONS[State(call.state)]:
        raise WrongTurn(call)
    call.change(by=by, now=now, state=to, **fields)


@command
def answer_call(*, by: Actor, call_id: int) -> Call:
    """Answer a waiting call; of several who try one wins, the others get the row with the winner's number."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.state == State.IN_PROGRESS and call.agent_id == by.user_id:
        return call
    if call.state != State.WAITING:
        raise WrongTurn(call, _("This call was answered by somebody else."))
    move(call, State.IN_PROGRESS, by=by, now=now, **taken_by(by, now))
    record("call.answered", call)
    return call


@command
def describe_call(*, by: Actor, call_id: int, version: int, facts: dict[str, Any]) -> Call:
    """Write what the caller said; the true caller's words stay, later additions go to `supplement`."""
    call = Call.locked(call_id, by.centre_id, version)
    refuse_foreign(call, by)
    if call.state == State.DONE:
        raise WrongTurn(call)
    codebook.require("call_kind", facts.get("kind", ""), "kind")
    refuse_nuisance(call, facts.get("kind", ""))
    if call.coded_at is not None and facts.get("silent") is False:
        raise BadInput(silent=_("A coded call stays silent."))
    if "kind" in facts:
        facts = {**facts, "validity": validity_of(facts["kind"])}
    changes = call.change(by=by, **facts)
    if changes:
        record("call.described", call, changes=changes)
        watch_hits.look_at_call(call, None, by=by, now=timezone.now())
    return call


def refuse_foreign(call: Call, by: Actor) -> None:
    """A call-taker edits the own open calls only (targets 3.1); the watch commander may all."""
    if call.agent_id not in (None, by.user_id) and not by.has("watch_commander"):
        raise Forbidden(_("This call belongs to another call-taker."))


@command
def supplement_call(*, by: Actor, call_id: int, text: str) -> Call:
    """Append what the caller added later, with time and author."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    added = {"at": stamp(now), "by": by.badge, "text": text}
    call.change(by=by, now=now, supplements=[*call.supplements, added])
    record("call.supplemented", call)
    watch_hits.look_at_call(call, None, by=by, now=now)
    if call.incident_id is not None:
        learn(Incident.locked(call.incident_id, by.centre_id), call, by=by, now=now)
    return call


@command
def hang_up(*, by: Actor, call_id: int) -> Call:
    """End the talk: to wrap-up when the kind is set, else the call is lost and must be called back (R18)."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.state in (State.WRAP_UP, State.LOST, State.DONE):
        return call
    drop(call, by=by, now=now)
    return call


def drop(call: Call, *, by: Actor, now: dt.datetime) -> None:
    """End the talk of a call, inside a command."""
    if call.kind:
        move(call, State.WRAP_UP, by=by, now=now, hung_up_at=now)
        record("call.hung_up", call)
    else:
        move(call, State.LOST, by=by, now=now, hung_up_at=now, lost_at=now)
        record("call.lost", call)


@command
def lose_call(*, by: Actor, call_id: int) -> Call:
    """The caller gave up before anybody answered."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.state == State.LOST:
        return call
    if call.state != State.WAITING:
        raise WrongTurn(call)
    move(call, State.LOST, by=by, now=now, hung_up_at=now, lost_at=now)
    record("call.lost", call)
    return call


@command
def call_back(*, by: Actor, call_id: int, answered: bool) -> Call:
    """Note a try to reach the caller of a lost call; when somebody answers, the call goes on (R18). A silent call is
    never rung back (R19)."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.silent or codebook.attribute("channel", call.channel, "never_ring_back", False):
        raise WrongTurn(call, _("This caller must not be rung back."))
    if call.state != State.LOST:
        raise WrongTurn(call)
    attempts = [*call.callback_attempts, {"at": stamp(now), "by": by.badge, "answered": answered}]
    if answered:
        fields = taken_by(by, now)
        # Clock A of a call that had been answered before keeps its first answer.
        if call.answered_at is not None:
            del fields["answered_at"]
        move(call, State.IN_PROGRESS, by=by, now=now, callback_attempts=attempts, **fields)
    else:
        call.change(by=by, now=now, callback_attempts=attempts)
    record("call.called_back", call, answered=answered)
    return call


@command
def begin_coded(*, by: Actor, call_id: int) -> Call:
    """The caller cannot speak freely (R18): only yes and no are asked, nothing may ring there, and the call is no
    nuisance until somebody has listened to it."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.state not in (State.IN_PROGRESS, State.WRAP_UP, State.LOST):
        raise WrongTurn(call)
    if call.coded_at is not None:
        return call
    call.change(by=by, now=now, coded_at=now, silent=True)
    rows: list[Row] = [call]
    if call.incident_id is not None:
        incident = Incident.locked(call.incident_id, by.centre_id)
        incident.change(by=by, now=now, silent=True)
        rows.append(incident)
    record("call.coded", *rows)
    return call


@command
def note_listened(*, by: Actor, call_id: int) -> Call:
    """Somebody has listened to the recording of a coded call; from now on it may be called a nuisance (R18)."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.coded_at is None:
        raise WrongTurn(call)
    if call.listened_at is None:
        call.change(by=by, now=now, listened_at=now, listened_by_no=by.badge)
        record("call.listened", call)
    return call


@command
def open_incident_of_call(*, by: Actor, call_id: int, facts: dict[str, Any]) -> Incident:
    """Open the call's incident, while the caller still talks if need be (pre-dispatch). One call, one incident."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    refuse_foreign(call, by)
    if call.incident_id is not None:
        raise WrongTurn(call, _("This call has an incident already."))
    if call.answered_at is None or call.state == State.DONE:
        raise WrongTurn(call)
    centre = centres.centre(by.centre_id)
    made = incidents.open_incident(by=by, now=now, centre=centre, facts=facts, call=call)
    call.change(by=by, now=now, incident=made.incident, saved_at=call.saved_at or now)
    record("incident.created", made.incident, call, *made.deadlines, call_no=call.call_no)
    watch_hits.look_at_call(call, made.incident, by=by, now=now)
    return made.incident


@command
def finish_call(*, by: Actor, call_id: int, facts: dict[str, Any]) -> Call:
    """Give the call its outcome: an incident, or a closing reason; a lost one needs its attempts (M64)."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.state == State.DONE:
        return call
    refuse_foreign(call, by)
    check_outcome(call, facts)
    if call.state == State.IN_PROGRESS:
        move(call, State.WRAP_UP, by=by, now=now, hung_up_at=now)
    fields = {**facts, "validity": validity_of(facts.get("kind") or call.kind)}
    move(call, State.DONE, by=by, now=now, done_at=now, saved_at=call.saved_at or now, **fields)
    record("call.finished", call)
    return call


def check_outcome(call: Call, facts: dict[str, Any]) -> None:
    """Refuse to finish a call without a kind and an outcome."""
    kind, reason = facts.get("kind") or call.kind, facts.get("closing_reason", "")
    codebook.require("call_kind", kind, "kind")
    codebook.require("closing", reason, "closing_reason")
    if call.state == State.WAITING:
        raise WrongTurn(call)
    if call.state == State.LOST and not call.callback_attempts and not call.silent:
        raise WrongTurn(call, _("Try to reach the caller first."))
    if not kind:
        raise BadInput(kind=_("A call needs its kind before it is finished."))
    refuse_nuisance(call, kind, reason)
    if call.incident_id is None and not reason:
        raise BadInput(closing_reason=_("A call without an incident needs a closing reason."))
    if reason == "CL9" and not facts.get("closing_text"):
        raise BadInput(closing_text=_("“Other” needs words."))


def refuse_nuisance(call: Call, *codes: str) -> None:
    """Refuse to call a coded call a nuisance, a misdial or a test before somebody has listened to it (R18)."""
    if call.coded_at is not None and call.listened_at is None and any(code in NUISANCE for code in codes):
        raise BadInput(kind=_("A coded call is no nuisance before somebody has listened to the recording."))


@command
def reopen_call(*, by: Actor, call_id: int, reason: str) -> Call:
    """Take a finished call back to wrap-up (watch commander)."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.state == State.WRAP_UP:
        return call
    move(call, State.WRAP_UP, by=by, now=now, done_at=None, reopen_reason=reason)
    record("call.reopened", call, reason=reason)
    return call

"""Calls that are entered after they were taken: from a queue, the spool, a card. Original times stand beside the times
of entry and are never mixed with them (targets 1.4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres, geo
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Call, CatchUp, Incident, LateEntry, NumberBlock, User
from incidents.refusals import BadInput, Forbidden, NumberUsed, WrongTurn
from incidents.row import Json, Row
from incidents.services import blocks, calls, incidents, number_flags, numbers, watch_hits

State, Source = Call.State, LateEntry.Source
BLOCKS_OF = {
    Source.OFFLINE: (NumberBlock.Purpose.SEAT,),
    Source.SPOOL: (NumberBlock.Purpose.SEAT, NumberBlock.Purpose.SPOOL),
    Source.PAPER: (NumberBlock.Purpose.PAPER,),
}
OLDEST = {Source.OFFLINE: dt.timedelta(days=1), Source.SPOOL: dt.timedelta(days=7)}
AHEAD = dt.timedelta(seconds=60)  # of a clock that goes fast
NEAR_METRES, NEAR_TIME = 300.0, dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Original:
    """When and by whom a call was taken, as somebody claims it."""

    answered_at: dt.datetime
    hung_up_at: dt.datetime | None = None
    taken_by: str = ""


@dataclass(slots=True)
class Entered:
    """What one late entry made, for the entry in the journal."""

    call: Call
    late: LateEntry
    incident: Incident | None
    rows: list[Row]


def enter(
    *, by: Actor, now: dt.datetime, source: str, number: int, facts: dict[str, Any], original: Original,
    incident: dict[str, Any] | None, reason: str, talking: bool = False,
) -> Entered:  # fmt: skip
    """Enter a call with its number and original times, inside a command. A call that the same person opened under this
    number while the system was still there is completed; anything else with this number is refused (NumberUsed).
    `talking`: the call may still be going on."""
    centre = centres.centre(by.centre_id)
    known = Call.objects.select_for_update(no_key=True).filter(pk=number, centre_id=by.centre_id).first()
    if known is not None and source == Source.PAPER:
        raise NumberUsed(known)
    # A call that rang through the exchange has a number of no block.
    block = None if known is not None else blocks.block_of(by.centre_id, number, *BLOCKS_OF[Source(source)])
    original = checked_times(original, source, by, block, now)
    taker = taken_by(by, original)
    call = None
    if known is None:
        try:
            with transaction.atomic():
                call = made(by=by, now=now, source=source, number=number, facts=facts, original=original, taker=taker)
        except IntegrityError:
            # The request that opened the call under this number waited for the server too, and was served just now.
            known = Call.objects.select_for_update(no_key=True).filter(pk=number, centre_id=by.centre_id).first()
            if known is None or source == Source.PAPER:
                raise
    if call is None:
        assert known is not None
        call = completed(known, by=by, now=now, facts=facts, original=original, taker=taker, makes=incident is not None)
    rows: list[Row] = []
    opened = None
    if incident is not None:
        found = incidents.open_incident(
            by=by, now=now, centre=centre, facts=incident, call=call, happened_at=call.answered_at
        )
        opened, rows = found.incident, [*found.deadlines]
    settle(call, opened, by=by, now=now, hung_up_at=original.hung_up_at, talking=talking)
    late = note(call, opened, by=by, now=now, source=source, taker=taker.badge, reason=reason)
    if late.needs_check:
        rows.append(ask_for_check(late, opened, by=by, now=now))
    return Entered(call, late, opened, rows)


def checked_times(original: Original, source: str, by: Actor, block: NumberBlock | None, now: dt.datetime) -> Original:
    """Refuse times that cannot be (A50): ahead of now, ended before they began, older than the way of entry allows,
    on a card before it was printed or outside the outage that the catch-up is about."""
    answered, hung_up = not_ahead(original.answered_at, now, "answered_at"), original.hung_up_at
    if hung_up is not None:
        hung_up = not_ahead(hung_up, now, "hung_up_at")
        if hung_up < answered:
            raise BadInput(hung_up_at=_("A call ends after it was answered."))
    if source == Source.PAPER:
        outage = open_catch_up(by.centre_id)
        if not outage.began_at <= answered <= outage.over_at:
            raise BadInput(answered_at=_("This lies outside the outage that the catch-up is about."))
        if block is not None and answered < block.created_at:
            raise BadInput(answered_at=_("This card was not printed yet at that time."))
    elif answered < now - OLDEST[Source(source)]:
        raise BadInput(answered_at=_("This is too long ago; enter it in catch-up mode."))
    return Original(answered, hung_up, original.taken_by)


def not_ahead(moment: dt.datetime, now: dt.datetime, field: str) -> dt.datetime:
    """Return a claimed moment, at most now; one that is more than a fast clock ahead is BadInput."""
    if moment > now + AHEAD:
        raise BadInput(**{field: _("This lies in the future.")})
    return min(moment, now)


def open_catch_up(centre_id: int) -> CatchUp:
    """Return the open catch-up. Raises Forbidden when the watch commander has opened none (A50)."""
    found = CatchUp.objects.filter(centre_id=centre_id, ended_at__isnull=True).first()
    if found is None:
        raise Forbidden(_("Times are entered by hand only while the watch commander has catch-up open."))
    return found


@dataclass(frozen=True, slots=True)
class Taker:
    """Who took the call."""

    user_id: int | None
    badge: str
    name: str


def taken_by(by: Actor, original: Original) -> Taker:
    """Return who took the call: the one who enters it, or the badge on the card."""
    if original.taken_by in ("", by.badge):
        return Taker(by.user_id, by.badge, by.name)
    found = User.objects.filter(centre_id=by.centre_id, badge=original.taken_by).first()
    if found is None:
        raise BadInput(taken_by=_("There is nobody with this badge."))
    return Taker(found.pk, found.badge, found.name)


def made(
    *, by: Actor, now: dt.datetime, source: str, number: int, facts: dict[str, Any], original: Original, taker: Taker
) -> Call:
    """Insert the call; its number's date is the day on which it was taken."""
    return Call.make(
        by=by,
        now=now,
        id=number,
        call_no=numbers.number(centres.centre(by.centre_id), "J", number, original.answered_at),
        centre_id=by.centre_id,
        state=State.IN_PROGRESS,
        ring_at=original.answered_at,
        answered_at=original.answered_at,
        agent_id=taker.user_id,
        agent_no=taker.badge,
        agent_name=taker.name,
        seat_no=by.seat,
        source=source,
        validity=calls.validity_of(facts.get("kind", "")),
        number_flag=number_flags.flag_of(by.centre_id, facts.get("caller_number", ""), now),
        **facts,
    )


def completed(
    call: Call, *, by: Actor, now: dt.datetime, facts: dict[str, Any], original: Original, taker: Taker, makes: bool
) -> Call:
    """Write what was taken down while the system was away into the call that was open already."""
    is_same = call.agent_id == taker.user_id and call.centre_id == by.centre_id and call.state != State.DONE
    if not is_same or LateEntry.objects.filter(call=call, incident__isnull=False).exists():
        raise NumberUsed(call)
    if makes and call.incident_id is not None:
        raise NumberUsed(call, _("This call has its incident already."))
    changes = {name: value for name, value in facts.items() if name != "channel"}
    if changes.get("kind"):
        changes["validity"] = calls.validity_of(changes["kind"])
    call.change(by=by, now=now, **changes)
    return call


def settle(
    call: Call, incident: Incident | None, *, by: Actor, now: dt.datetime, hung_up_at: dt.datetime | None, talking: bool
) -> None:
    """Give the call its incident and its state: done with an outcome, else wrap-up, else lost and to be called back."""
    fields: dict[str, Any] = {"incident": incident, "saved_at": now} if incident else {}
    if incident is not None or talking:
        call.change(by=by, now=now, **fields)
    if talking or call.state not in (State.IN_PROGRESS, State.WRAP_UP):
        return
    ended_at = hung_up_at or call.answered_at
    if not call.kind:
        calls.move(call, State.LOST, by=by, now=now, hung_up_at=ended_at, lost_at=ended_at)
        return
    if call.state == State.IN_PROGRESS:
        calls.move(call, State.WRAP_UP, by=by, now=now, hung_up_at=ended_at)
    if call.incident_id is not None or call.closing_reason:
        calls.check_outcome(call, {"kind": call.kind, "closing_reason": call.closing_reason,
                                   "closing_text": call.closing_text})  # fmt: skip
        calls.move(call, State.DONE, by=by, now=now, done_at=now, saved_at=now)


def note(
    call: Call, incident: Incident | None, *, by: Actor, now: dt.datetime, source: str, taker: str, reason: str
) -> LateEntry:
    """Insert the late entry, with the incidents that may be the same event; of a call that the spool brought before,
    the entry learns of its incident."""
    known = LateEntry.objects.filter(call=call).select_for_update(no_key=True).first()
    found = similar(incident) if incident else []
    if known is not None:
        known.change(by=by, now=now, incident=incident, similar=found)
        return known
    return LateEntry.make(
        by=by,
        now=now,
        centre_id=by.centre_id,
        call=call,
        incident=incident,
        source=source,
        serial=call.pk,
        entered_by_no=by.badge,
        taken_by_no=taker,
        reason=reason,
        similar=found,
        needs_check=source == Source.PAPER and incident is not None and incident.priority == 1,
    )


def similar(incident: Incident) -> list[Json]:
    """Return at most five incidents that may be the same event: within half an hour, and near or told by the same
    number or at the same address. Nothing is merged by itself."""
    around = Incident.objects.filter(
        centre_id=incident.centre_id,
        answered_at__range=(incident.answered_at - NEAR_TIME, incident.answered_at + NEAR_TIME),
        merged_into__isnull=True,
    ).exclude(pk=incident.pk)
    found = [likeness(incident, other) for other in around.order_by("-id")[:200]]
    return sorted((one for one in found if one), key=lambda one: one["seconds"])[:5]


def likeness(incident: Incident, other: Incident) -> Json:
    """Return how another incident is like this one, empty when it is not."""
    metres = None
    if incident.lat is not None and incident.lng is not None and other.lat is not None and other.lng is not None:
        metres = geo.distance_m(incident.lat, incident.lng, other.lat, other.lng)
    same_number = bool(incident.contact_phone) and incident.contact_phone == other.contact_phone
    same_address = bool(incident.address_text) and incident.address_text == other.address_text
    if not (same_number or same_address or (metres is not None and metres <= NEAR_METRES)):
        return {}
    seconds = abs((incident.answered_at - other.answered_at).total_seconds())
    return {
        "incident": other.pk,
        "incident_no": other.incident_no,
        "address_text": other.address_text,
        "type_reported": other.type_reported,
        "metres": round(metres) if metres is not None else None,
        "seconds": round(seconds),
        "same_number": same_number,
    }


def ask_for_check(late: LateEntry, incident: Incident | None, *, by: Actor, now: dt.datetime) -> Alert:
    """Raise the alert that waits for the second person."""
    return raise_alert(
        "card_unchecked",
        centre_id=late.centre_id,
        by=by,
        now=now,
        incident_id=incident.pk if incident else None,
        serial=late.serial,
        entered_by=late.entered_by_no,
        incident_no=incident.incident_no if incident else "",
    )


def record_entered(entered: Entered, *more: Row) -> None:
    """Record a late entry with all that it made."""
    rows = [entered.late, *([entered.incident] if entered.incident else []), *entered.rows, *more]
    record(
        "call.entered_late", entered.call, *rows, serial=entered.late.serial, source=entered.late.source,
        reason=entered.late.reason,
    )  # fmt: skip
    watch_hits.look_at_call(entered.call, entered.incident, by=None, now=entered.late.created_at)


@command
def enter_spooled(
    *, by: Actor, number: int | None, facts: dict[str, Any], incident: dict[str, Any] | None, waiting: bool,
    at: dt.datetime, note_text: str = "",
) -> Row:  # fmt: skip
    """Enter a call that the server took into its emergency spool; the caller may still be talking. A ringing one rings
    now. The desk is told of each."""
    now = timezone.now()
    if number is None:
        number = numbers.next_id("incidents_call")
        NumberBlock.make(by=by, now=now, centre_id=by.centre_id, purpose="spool", numbers=[number])
    if waiting:
        call = calls.rung(by=by, now=now, facts=facts)
        raised = tell_desk(call, None, by=by, now=now)
        record("alert.raised", raised)
        return call
    entered = enter(
        by=by,
        now=now,
        source=Source.SPOOL,
        number=number,
        facts=facts,
        original=Original(at),
        incident=incident,
        reason=note_text,
        talking=True,
    )
    record_entered(entered, tell_desk(entered.call, entered.incident, by=by, now=now))
    return entered.call


def tell_desk(call: Call, incident: Incident | None, *, by: Actor, now: dt.datetime) -> Alert:
    """Raise the alert that a call has come out of the spool."""
    return raise_alert(
        "call_spooled",
        centre_id=call.centre_id,
        by=by,
        now=now,
        incident_id=incident.pk if incident else None,
        call_no=call.call_no,
        incident_no=incident.incident_no if incident else "",
    )


@command
def check_card(*, by: Actor, entry_id: int) -> LateEntry:
    """A second person has compared a P1 card with what was entered; never the one who entered it."""
    now = timezone.now()
    late = LateEntry.locked(entry_id, by.centre_id)
    if late.checked_at is not None:
        return late
    if late.entered_by_no == by.badge:
        raise Forbidden(_("A second person compares the card."))
    if not late.needs_check:
        raise WrongTurn(late)
    late.change(by=by, now=now, checked_at=now, checked_by_no=by.badge)
    ended = end_causes(now, "card_unchecked", centre_id=late.centre_id, **{"data->>'serial'": str(late.serial)})
    record("late_entry.checked", late, *ended, incident_id=late.incident_id, serial=late.serial)
    return late


@command
def tell_apart(*, by: Actor, entry_id: int) -> LateEntry:
    """Somebody has looked: the entry is an event of its own."""
    now = timezone.now()
    late = LateEntry.locked(entry_id, by.centre_id)
    if late.apart_at is None:
        late.change(by=by, now=now, apart_at=now, apart_by_no=by.badge)
        record("late_entry.told_apart", late, incident_id=late.incident_id, serial=late.serial)
    return late


@command
def open_catch_up_mode(*, by: Actor, began_at: dt.datetime, over_at: dt.datetime, reason: str) -> CatchUp:
    """Open the time in which paper is entered (watch commander), with the outage it is about."""
    now = timezone.now()
    began, over = not_ahead(began_at, now, "began_at"), not_ahead(over_at, now, "over_at")
    if over <= began:
        raise BadInput(over_at=_("An outage ends after it began."))
    known = CatchUp.objects.filter(centre_id=by.centre_id, ended_at__isnull=True).first()
    if known is not None:
        raise WrongTurn(known, _("A catch-up is open already."))
    row = CatchUp.make(
        by=by, now=now, centre_id=by.centre_id, reason=reason, began_at=began, over_at=over, opened_by_no=by.badge
    )
    record("catch_up.opened", row, reason=reason)
    return row


@command
def end_catch_up(*, by: Actor, catch_up_id: int) -> CatchUp:
    """End the catch-up: from now on no time is entered by hand."""
    now = timezone.now()
    row = CatchUp.locked(catch_up_id, by.centre_id)
    if row.ended_at is None:
        row.change(by=by, now=now, ended_at=now, ended_by_no=by.badge)
        record("catch_up.ended", row)
    return row

"""Text threads: a contact that writes instead of speaking (12110 SMS, the public report page; R19).

A text of a number that has an open call goes to that call; else it opens one, silent: nothing ever rings back. What the
desk answers is written in the command's transaction and sent by a durable job.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres, codebook, gateways, jobs
from incidents.actor import Actor
from incidents.alerts import raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Gateway, Message
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.row import Json
from incidents.services import calls

SEND = "send_text"
SMS = "CH21"
WEB, SILENT_WEB = "CH22", "CH23"
State = Message.State
# What is put into a text when it goes out and stands nowhere before: a link's secret.
OUTGOING: list[Callable[[Message], str]] = []


def has_thread(call: Call) -> bool:
    """Tell whether a call's contact can be written to."""
    return bool(codebook.attribute("channel", call.channel, "never_ring_back", False)) or call.channel == WEB


@command
def receive_text(
    *, by: Actor, gateway_id: int, number: str, text: str, external_id: str, sent_at: dt.datetime | None = None
) -> Message:
    """Take a text from the telephone network into its thread; a repeat of the same text changes nothing."""
    now = timezone.now()
    known = Message.objects.filter(
        centre_id=by.centre_id, direction=Message.Direction.IN, external_id=external_id
    ).select_related("call")
    if external_id and (found := known.first()) is not None:
        return found
    lock_thread(by.centre_id, number)
    call = (
        Call.objects.filter(centre_id=by.centre_id, channel=SMS, caller_number=number)
        .exclude(state=Call.State.DONE)
        .order_by("-id")
        .first()
    )
    if call is None:
        facts = {"channel": SMS, "caller_number": number, "contact_phone": number, "silent": True, "sent_at": sent_at}
        call = calls.rung(by=by, now=now, facts={**facts, "gateway_id": gateway_id, "narrative": text})
    return add_incoming(call, by=by, now=now, text=text, sent_at=sent_at, external_id=external_id)


def lock_thread(centre_id: int, number: str) -> None:
    """Let two texts of one number that come at once take turns, so that they make one thread and not two."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"text/{centre_id}/{number}"])


def add_incoming(call: Call, *, by: Actor, now: dt.datetime, **fields: Any) -> Message:
    """Append what the contact wrote or showed, inside a command."""
    message = Message.make(
        by=by,
        now=now,
        centre_id=call.centre_id,
        call=call,
        direction=Message.Direction.IN,
        state=State.RECEIVED,
        received_at=now,
        **fields,
    )
    record("text.received", message, call)
    return message


@command
def report_online(*, by: Actor, gateway_id: int, facts: dict[str, Any], token_hash: str) -> Message:
    """Open the call of a report from the public page, with its first text; `token_hash` is how the reporter comes
    back."""
    now = timezone.now()
    text = facts["narrative"]
    channel = SILENT_WEB if facts.get("silent") else WEB
    made = calls.rung(
        by=by, now=now, facts={**facts, "channel": channel, "gateway_id": gateway_id, "token_hash": token_hash}
    )
    return add_incoming(made, by=by, now=now, text=text, sent_at=facts.get("sent_at"))


@command
def add_online(*, by: Actor, call_id: int, text: str, picture: Json | None = None) -> Message:
    """Append a text or a picture of the person who reported online."""
    call = Call.locked(call_id, by.centre_id)
    if call.state == Call.State.DONE:
        raise BadInput(text=_("This report is finished. If you need help again, make a new one."))
    return add_incoming(call, by=by, now=timezone.now(), text=text, picture=picture)


@command
def write_text(*, by: Actor, call_id: int, text: str) -> Message:
    """Answer a contact in its thread. Raises WrongTurn for a call that has none."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if not has_thread(call):
        raise WrongTurn(call, _("This caller cannot be written to."))
    goes_out = call.channel == SMS
    message = Message.make(
        by=by,
        now=now,
        centre_id=call.centre_id,
        call=call,
        direction=Message.Direction.OUT,
        # The report page reads its thread itself.
        state=State.QUEUED if goes_out else State.SENT,
        text=text,
        sent_at=None if goes_out else now,
        by_no=by.badge,
    )
    if goes_out:
        jobs.enqueue(SEND, centre_id=call.centre_id, payload={"message": message.pk}, now=now, queue="urgent")
    record("text.written", message, call)
    return message


@command
def mark_sent(*, by: Actor | None, message_id: int, external_id: str) -> Message:
    """Note that the gateway took a text."""
    now = timezone.now()
    message = locked(message_id)
    if message.state == State.QUEUED:
        message.change(by=by, now=now, state=State.SENT, sent_at=now, external_id=external_id[:80])
        record("text.sent", message, centre_id=message.centre_id)
    return message


@command
def mark_failed(*, by: Actor | None, message_id: int) -> Message:
    """Note that a text could not be sent; somebody must find another way."""
    now = timezone.now()
    message = locked(message_id)
    if message.state == State.QUEUED:
        message.change(by=by, now=now, state=State.FAILED)
        alert = raise_alert(
            "text_failed",
            centre_id=message.centre_id,
            by=by,
            now=now,
            incident_id=message.call.incident_id,
            number=message.call.caller_number,
            text=message.text[:80],
        )
        record("text.failed", message, alert, centre_id=message.centre_id)
    return message


def locked(message_id: int) -> Message:
    """Lock a message, whatever its centre: the clock has none."""
    found = Message.objects.select_for_update(of=("self",)).select_related("call").filter(pk=message_id).first()
    if found is None:
        raise NotFound()
    return found


def gateway_of(call: Call) -> Gateway | None:
    """Return the gateway through which a call's contact is written to."""
    gateway = call.gateway
    if gateway is not None and gateway.active and gateway.kind == Gateway.Kind.TEXT:
        return gateway
    return Gateway.objects.filter(centre_id=call.centre_id, kind=Gateway.Kind.TEXT, active=True).order_by("id").first()


@jobs.handler(SEND)
def send_text(payload: Json) -> None:
    """Post a text to its gateway; may run twice for one text, the gateway sees the same event."""
    message = Message.objects.select_related("call__gateway").get(pk=payload["message"])
    if message.state != State.QUEUED:
        return
    gateway = gateway_of(message.call)
    if gateway is None or not gateway.address:
        raise RuntimeError("no text gateway with an address")
    number = payload.get("number", message.call.caller_number)
    content = {"number": number, "text": outgoing(message), "message": str(message.pk)}
    answer = gateways.post(gateway, centres.centre(message.centre_id).code, f"text-{message.pk}", content)
    mark_sent(by=None, message_id=message.pk, external_id=str(answer.get("message", "")))


def outgoing(message: Message) -> str:
    """Return a message's words as they go out."""
    return next((said for fill in OUTGOING if (said := fill(message)) != message.text), message.text)


@jobs.given_up(SEND)
def give_text_up(payload: Json) -> None:
    """Tell the desk that a text will not be sent."""
    mark_failed(by=None, message_id=payload["message"])

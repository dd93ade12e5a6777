"""Passing a contact to another body and hearing of it again (R10, R11, R22, R23)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres, codebook, gateways, jobs, limits
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Call, Gateway, Transfer
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.row import Json, Row, stamp
from incidents.services import calls, numbers

PUSH = "push_transfer"
State = Transfer.State
GRID = "grid"  # 社区110: the body that is our own; its task is the transfer's other half (M38)
# Bodies within the centre, each with what takes a transfer inside the command that makes it.
TAKERS: dict[str, Callable[..., list[Row]]] = {}
CHANNEL_OF_BODY = {"12345": "CH62", "119": "CH63", "120": "CH64", "city": "CH61"}
OTHER_BODY = "CH69"


def taker(body: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register what takes the transfers to a body within the centre."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        TAKERS[body] = function
        return function

    return register


@command
def transfer(
    *, by: Actor, call_id: int, to_body: str, way: str, danger: bool, told_caller: str, grid_id: int | None = None
) -> Transfer:
    """Pass a contact on. Whoever may be in danger gets the police first: without an incident such a transfer is
    refused (R10, R22). The body's receipt has its limit. To the grid (社区110) it is a task there in the same act, of the
    grid that the contact's place lies in unless `grid_id` names one (M38)."""
    now = timezone.now()
    codebook.require("body", to_body, "to_body")
    call = Call.locked(call_id, by.centre_id)
    if call.answered_at is None:
        raise WrongTurn(call)
    if danger and call.incident_id is None:
        raise BadInput(danger=_("Somebody may be in danger: open the incident and send first, then pass it on."))
    if not told_caller.strip():
        raise BadInput(told_caller=_("Write down what the caller was told."))
    known = Transfer.objects.filter(call=call, to_body=to_body, direction="out", state__in=OPEN).first()
    if known is not None:
        raise WrongTurn(known, _("This call was passed to this body already."))
    row_id = numbers.next_id("incidents_transfer")
    made = Transfer.make(
        by=by,
        now=now,
        id=row_id,
        transfer_no=numbers.number(centres.centre(by.centre_id), "Z", row_id, now),
        centre_id=by.centre_id,
        direction="out",
        call=call,
        incident_id=call.incident_id,
        to_body=to_body,
        way=way,
        danger=danger,
        told_caller=told_caller,
        first_receiver="110" if way == Transfer.Way.FIRST_RECEIVER else "",
        state=State.UNSENT,
        receipt_by=now + dt.timedelta(seconds=int(codebook.attribute("body", to_body, "receipt_s", 600))),
    )
    if to_body in TAKERS:
        TAKERS[to_body](made, by=by, now=now, grid_id=grid_id)
        made.change(by=by, now=now, state=State.SENT, sent_at=now)
    elif gateway_of(made) is not None:
        jobs.enqueue(PUSH, centre_id=by.centre_id, payload={"transfer": made.pk}, now=now)
    record("transfer.made", made, to_body=to_body, way=way)
    return made


ENTRY = {
    State.SENT: "transfer.sent",
    State.ACCEPTED: "transfer.accepted",
    State.FINISHED: "transfer.finished",
    State.RETURNED: "transfer.returned",
}
OPEN = (State.UNSENT, State.SENT, State.ACCEPTED)


def gateway_of(row: Transfer) -> Gateway | None:
    """Return the adapter of the body, if there is one."""
    return (
        Gateway.objects.filter(centre_id=row.centre_id, kind=Gateway.Kind.BODY, code=row.to_body, active=True)
        .exclude(address="")
        .first()
    )


@jobs.handler(PUSH)
def push(payload: Json) -> None:
    """Post a transfer to its body; may run twice, the body sees the same event."""
    row = Transfer.objects.select_related("call", "incident").get(pk=payload["transfer"])
    gateway = gateway_of(row)
    if row.state != State.UNSENT or gateway is None:
        return
    answer = gateways.post(gateway, centres.centre(row.centre_id).code, f"transfer-{row.pk}", content_of(row))
    note(by=None, centre_id=row.centre_id, transfer_no=row.transfer_no, to=State.SENT, facts={})
    if answer.get("receipt_no"):
        facts = {"receipt_no": str(answer["receipt_no"])[:60]}
        note(by=None, centre_id=row.centre_id, transfer_no=row.transfer_no, to=State.ACCEPTED, facts=facts)


@jobs.given_up(PUSH)
def give_push_up(payload: Json) -> None:
    """Tell the desk that a person must pass it on."""
    mark_push_failed(by=None, transfer_id=payload["transfer"])


def content_of(row: Transfer) -> Json:
    """Return what the other body is told."""
    call, incident = row.call, row.incident
    return {
        "transfer": row.transfer_no,
        "way": row.way,
        "danger": row.danger,
        "call_no": call.call_no,
        "called_at": stamp(call.ring_at),
        "kind": call.kind,
        "narrative": (incident.narrative if incident else "") or call.narrative,
        "address": incident.address_text if incident else call.caller_address,
        "point": incident.point() if incident else call.caller_point,
        "contact_name": call.caller_name,
        "contact_phone": "" if call.silent else call.contact_phone or call.caller_number,
        "silent": call.silent,
    }


@command
def note(*, by: Actor | None, centre_id: int, transfer_no: str, to: str, facts: dict[str, Any]) -> Transfer:
    """Note what became of a transfer: sent, accepted with the body's number, finished with its result, returned with
    its reason. A return takes the call back into the queue (R23)."""
    now = timezone.now()
    row = (
        Transfer.objects.select_for_update(no_key=True, of=("self",))
        .filter(centre_id=centre_id, transfer_no=transfer_no)
        .select_related("call")
        .first()
    )
    if row is None:
        raise NotFound()
    if row.state == to:
        return row
    if row.to_body in TAKERS:
        raise WrongTurn(row, _("The grid's task says what became of it."))
    return noted(row, to, by=by, now=now, facts=facts)


def noted(row: Transfer, to: str, *, by: Actor | None, now: dt.datetime, facts: dict[str, Any]) -> Transfer:
    """Note what became of a locked transfer, inside a command."""
    if to not in Transfer.TRANSITIONS[State(row.state)]:
        raise WrongTurn(row)
    if to == State.RETURNED and not str(facts.get("return_reason", "")).strip():
        raise BadInput(return_reason=_("A return says why."))
    fields: dict[str, Any] = {"state": to, **facts}
    fields["sent_at"] = row.sent_at or now
    if to != State.SENT:
        fields["receipt_at"] = row.receipt_at or now
    row.change(by=by, now=now, **fields)
    changed: list[Any] = ended(row, now) if to != State.SENT else []
    if to == State.RETURNED:
        changed += take_back(row, by=by, now=now)
    record(ENTRY[State(to)], row, *changed, to_body=row.to_body)
    return row


def ended(row: Transfer, now: dt.datetime) -> list[Alert]:
    """End the alert about a missing receipt."""
    return end_causes(
        now, "transfer_unanswered", "transfer_unsent", centre_id=row.centre_id, **{"data->>'transfer'": str(row.pk)}
    )


def take_back(row: Transfer, *, by: Actor | None, now: dt.datetime) -> list[Any]:
    """Take the call of a returned transfer back to wrap-up, and tell everybody at the desk."""
    call = Call.locked(row.call_id, row.centre_id)
    rows: list[Any] = []
    if call.state == Call.State.DONE:
        calls.move(
            call, Call.State.WRAP_UP, by=by, now=now, done_at=None, reopen_reason=f"{row.to_body} {row.return_reason}"
        )
        rows.append(call)
    alert = raise_alert(
        "transfer_returned",
        centre_id=row.centre_id,
        by=by,
        now=now,
        incident_id=row.incident_id,
        transfer=row.pk,
        call=call.pk,
        body=row.to_body,
        reason=row.return_reason,
    )
    return [*rows, alert]


@command
def mark_unanswered(*, by: Actor | None, transfer_id: int) -> Transfer:
    """Note that a body has not confirmed in time, and tell the desk once."""
    now = timezone.now()
    row = Transfer.objects.select_for_update(no_key=True).get(pk=transfer_id)
    if row.unanswered_at is None and row.waits_for_receipt and row.receipt_by is not None and row.receipt_by <= now:
        row.change(by=by, now=now, unanswered_at=now)
        alert = tell(row, "transfer_unanswered", by=by, now=now)
        record("transfer.unanswered", row, alert, to_body=row.to_body)
    return row


@command
def urge(*, by: Actor | None, transfer_id: int) -> Transfer:
    """Ask after a receipt before its limit (催办), once."""
    now = timezone.now()
    row = Transfer.objects.select_for_update(no_key=True).get(pk=transfer_id)
    if row.urged_at is None and row.waits_for_receipt and row.receipt_by is not None and now < row.receipt_by:
        row.change(by=by, now=now, urged_at=now)
        channel = "adapter" if gateway_of(row) is not None and not row.push_failed else "telephone"
        record("transfer.urged", row, to_body=row.to_body, channel=channel)
    return row


def to_urge(now: dt.datetime) -> list[int]:
    """Return the transfers of which most of the limit is over without a receipt."""
    waiting = Transfer.objects.filter(
        direction="out", state__in=[State.UNSENT, State.SENT], urged_at__isnull=True, receipt_by__gt=now
    )
    found = waiting.order_by("receipt_by").values_list("pk", "created_at", "receipt_by")
    return [pk for pk, start, end in found if end and start + (end - start) * limits.URGE_AT <= now][:200]


@command
def mark_push_failed(*, by: Actor | None, transfer_id: int) -> Transfer:
    """Note that the adapter gave up."""
    now = timezone.now()
    row = Transfer.objects.select_for_update(no_key=True).get(pk=transfer_id)
    if row.state == State.UNSENT and not row.push_failed:
        row.change(by=by, now=now, push_failed=True)
        alert = tell(row, "transfer_unsent", by=by, now=now)
        record("transfer.not_sent", row, alert, to_body=row.to_body)
    return row


def tell(row: Transfer, kind: str, *, by: Actor | None, now: dt.datetime) -> Alert:
    """Raise an alert about a transfer."""
    return raise_alert(
        kind,
        centre_id=row.centre_id,
        by=by,
        now=now,
        incident_id=row.incident_id,
        transfer=row.pk,
        call=row.call_id,
        body=row.to_body,
        number=row.transfer_no,
    )


@command
def receive(*, by: Actor, body: str, reference: str, facts: dict[str, Any]) -> Call:
    """Let what another body passes to us ring, with a transfer row of its own; the body's number is the receipt."""
    now = timezone.now()
    known = Transfer.objects.filter(
        centre_id=by.centre_id, direction="in", to_body=body, receipt_no=reference
    ).select_related("call")
    if (found := known.first()) is not None:
        return found.call
    call = calls.rung(by=by, now=now, facts={**facts, "channel": CHANNEL_OF_BODY.get(body, OTHER_BODY)})
    row_id = numbers.next_id("incidents_transfer")
    row = Transfer.make(
        by=by,
        now=now,
        id=row_id,
        transfer_no=numbers.number(centres.centre(by.centre_id), "Z", row_id, now),
        centre_id=by.centre_id,
        direction="in",
        call=call,
        to_body=body,
        way=Transfer.Way.PUSH,
        danger=False,
        state=State.ACCEPTED,
        sent_at=now,
        receipt_at=now,
        receipt_no=reference,
    )
    record("transfer.received", row, call, to_body=body)
    return call


def overdue(now: dt.datetime) -> list[int]:
    """Return the transfers whose receipt is overdue and of which nobody was told."""
    waiting = Transfer.objects.filter(
        direction="out", state__in=[State.UNSENT, State.SENT], unanswered_at__isnull=True, receipt_by__lte=now
    )
    return list(waiting.order_by("receipt_by").values_list("pk", flat=True)[:200])

"""What a telephone exchange tells: rings, answers, hang-ups, recordings (docs/contract.md 8).

Events may come late, twice or out of order; none of them makes a second call or loses one. Which person answered is
known from the seat that the exchange names.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, User
from incidents.services import calls

State = Call.State
CHANNEL_OF_NUMBER = {"122": "CH12"}
VOICE, VIDEO = "CH11", "CH13"
RING, ANSWERED, HUNG_UP, ABANDONED, RECORDED = "ring", "answered", "hung_up", "abandoned", "recorded"
TYPES = (RING, ANSWERED, HUNG_UP, ABANDONED, RECORDED)


@command
def hear(*, by: Actor, gateway_id: int, kind: str, reference: str, facts: dict[str, Any]) -> Call:
    """Carry out one event of an exchange about its call `reference`."""
    now = timezone.now()
    seat, recording = facts.pop("seat", ""), facts.pop("recording_id", "")
    video = facts.pop("video", False)
    call = (
        Call.objects.select_for_update(no_key=True)
        .filter(centre_id=by.centre_id, gateway_id=gateway_id, external_ref=reference)
        .first()
    )
    if call is None:
        channel = VIDEO if video else CHANNEL_OF_NUMBER.get(facts.get("dialled_number", ""), VOICE)
        call = calls.rung(
            by=by, now=now, facts={**facts, "channel": channel, "gateway_id": gateway_id, "external_ref": reference}
        )
    if kind == ANSWERED and call.state in (State.WAITING, State.LOST):
        calls.move(call, State.IN_PROGRESS, by=by, now=now, **answered_at_seat(by, seat, now))
        record("call.answered", call)
    elif kind == HUNG_UP and call.state == State.IN_PROGRESS:
        calls.drop(call, by=by, now=now)
    elif kind in (HUNG_UP, ABANDONED) and call.state == State.WAITING:
        calls.move(call, State.LOST, by=by, now=now, hung_up_at=now, lost_at=now)
        record("call.lost", call)
    elif kind == RECORDED and recording and call.recording_id != recording:
        call.change(by=by, now=now, recording_id=recording)
        record("call.described", call, changes={"recording_id": ["", recording]})
    return call


def answered_at_seat(by: Actor, seat: str, now: Any) -> dict[str, Any]:
    """Return who answered: the person signed in at the seat; of an empty or unknown seat only the seat is known."""
    found = User.objects.filter(centre_id=by.centre_id, on_seat=seat, is_active=True).first() if seat else None
    said: dict[str, Any] = {"answered_at": now, "seat_no": seat}
    if found is not None:
        said |= {"agent_id": found.pk, "agent_no": found.badge, "agent_name": found.name}
    return said

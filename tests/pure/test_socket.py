"""The bounded queue of one socket, and who is closed when its client has said nothing for a lease."""

from __future__ import annotations

import asyncio
import time

import pytest

from incidents.live import hub as hub_module
from incidents.live.hub import LEASE_S, Hub
from incidents.live.socket import QUEUE_LENGTH, TOO_SLOW, Socket


def socket(**facts: object) -> Socket:
    """Return a socket of somebody at the desk."""
    made = Socket(user_id=1, session_key="s", access_version=1, centre_id=1, audience="desk", role="dispatcher")
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def queued(one: Socket) -> list[str | None]:
    """Return what the wire would get."""
    return [one.queue.get_nowait() for _ in range(one.queue.qsize())]


async def test_frames_leave_in_their_order() -> None:
    one = socket()
    for number in range(QUEUE_LENGTH):
        one.put(str(number))
    assert queued(one) == [str(number) for number in range(QUEUE_LENGTH)]


async def test_a_full_queue_is_no_queue_any_more_but_a_reason_to_start_over() -> None:
    one = socket()
    for number in range(QUEUE_LENGTH + 1):
        one.put(str(number))
    one.put("too late")
    assert (one.ended, one.close_code) == (True, TOO_SLOW)
    assert queued(one) == [None], "a hole in the numbers would be worse than nothing"


async def test_the_first_reason_for_an_end_counts() -> None:
    one = socket()
    one.end(4403)
    one.end(TOO_SLOW)
    assert one.close_code == 4403
    assert queued(one) == [None]


async def test_positions_give_way_to_entries() -> None:
    one = socket()
    for _ in range(QUEUE_LENGTH):
        one.put_if_half_empty("moved")
    assert one.queue.qsize() == QUEUE_LENGTH // 2
    one.put("entry")
    assert not one.ended


async def test_a_client_that_is_silent_for_a_lease_is_closed_and_a_poll_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "LEASES_EVERY_S", 0.01)
    hub, now = Hub(), time.monotonic()
    silent, lively, poll = socket(heard_at=now - LEASE_S - 1), socket(heard_at=now - LEASE_S + 5), socket()
    hub.sockets = {silent, lively, poll}
    hub.groups = {(1, "desk"): {silent, lively, poll}}
    looking = asyncio.create_task(hub.end_leases())
    await asyncio.sleep(0.1)
    looking.cancel()
    assert (silent.ended, silent.close_code) == (True, TOO_SLOW)
    assert not lively.ended
    assert not poll.ended
    assert hub.sockets == {lively, poll}

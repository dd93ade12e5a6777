"""500 calls with their incidents within 10 s, open loop: each is sent at its moment, whatever the others do (L2)."""

from __future__ import annotations

import asyncio
import time

from tests.bench.city import CALL, Person, sign_in
from tests.bench.figures import emit
from tests.stack.stack import Stack

CALLS, WITHIN_S = 500, 10.0
SEATS = [f"jiejing{number}" for number in range(1, 7)]


async def measure(stack: Stack, calls: int) -> None:
    """Send the calls from six seats and time each from its moment to its answer, waiting included."""
    seats = [await sign_in(stack.base_url, name) for name in SEATS]
    before = stack.value("SELECT count(*) FROM incidents_call")
    began = time.perf_counter()
    samples = await asyncio.gather(*(take(seats, number, began) for number in range(calls)))
    emit(
        "call_burst",
        samples,
        calls=calls,
        within_s=WITHIN_S * calls / CALLS,
        all_answered_after_s=round(time.perf_counter() - began, 1),
        slower_than_2_s=sum(one > 2_000 for one in samples),
        stored=stack.value("SELECT count(*) FROM incidents_call") - before,
        told_to_come_again=sum(seat.told_again for seat in seats),
        web_processes=sum(name.startswith("web") for name in stack.programs),
        target="all stored, none slower than 2 s",
    )


async def take(seats: list[Person], number: int, began: float) -> float:
    """Take one call at its moment; returns milliseconds."""
    moment = began + number * WITHIN_S / CALLS
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))
    facts = {**CALL, "caller_number": f"1900000{number:04d}"}
    await seats[number % len(seats)].post("/api/calls/", facts)
    return (time.perf_counter() - moment) * 1000


def run(stack: Stack, seconds: float) -> None:
    """Measure with two web processes on the one port."""
    stack.start_web("web-2")
    asyncio.run(measure(stack, CALLS if seconds >= 10 else 100))
    stack.kill_web("web-2")

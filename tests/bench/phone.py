"""Order → phone: from the dispatcher's request to the frame on the officer's socket (p99 ≤ 200 ms)."""

from __future__ import annotations

import asyncio
import time

from tests.bench.city import CALL, crews, sign_in
from tests.bench.feed import open_socket
from tests.bench.figures import emit
from tests.stack.stack import Stack

ORDERS = 200


async def measure(stack: Stack, orders: int) -> None:
    """Send and withdraw orders to one unit, one at a time."""
    desk, dispatcher = await sign_in(stack.base_url, "jiejing3"), await sign_in(stack.base_url, "paijing2")
    officer = (await crews(stack.base_url, 1))[0]
    socket = await open_socket(officer, stack.base_url)
    incident = (await desk.post("/api/calls/", CALL))["call"]["incident"]
    choice = {"unit": officer.me["unit"], "purpose": "support"}
    samples = []
    for _ in range(orders):
        began = time.perf_counter()
        sending = asyncio.create_task(dispatcher.post(f"/api/incidents/{incident}/orders/", {"units": [choice]}))
        while '"kind":"assignment.sent"' not in str(await asyncio.wait_for(socket.recv(), 20)):
            continue
        samples.append((time.perf_counter() - began) * 1000)
        order = (await sending)["assignments"][0]["id"]
        await dispatcher.post(f"/api/assignments/{order}/withdraw/", {"cancel_code": "CX8"})
        await officer.post(f"/api/assignments/{order}/confirm-withdrawal/")
    emit("order_to_phone_frame", samples, target="p99 ≤ 200 ms")
    await socket.close()


def run(stack: Stack, seconds: float) -> None:
    """Measure 200 orders, fewer in a quick run."""
    asyncio.run(measure(stack, ORDERS if seconds >= 20 else 40))

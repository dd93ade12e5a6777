"""Commands per second with 16 in flight: whole chains of real commands over HTTP (target ≥ 100/s, p99 ≤ 250 ms)."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tests.bench.city import CALL, Person, crews, here, sign_in
from tests.bench.figures import emit
from tests.stack.stack import Stack

IN_FLIGHT = 16


async def chain(desk: Person, dispatcher: Person, officer: Person, until: float, samples: list[float]) -> None:
    """Play calls from the ring to the report until the time is over."""

    async def timed(person: Person, path: str, body: Any = None) -> Any:
        began = time.perf_counter()
        answer = await person.post(path, body)
        samples.append((time.perf_counter() - began) * 1000)
        return answer

    while time.monotonic() < until:
        incident = (await timed(desk, "/api/calls/", CALL))["call"]["incident"]
        choice = {"unit": officer.me["unit"], "purpose": "support"}
        sent = await timed(dispatcher, f"/api/incidents/{incident}/orders/", {"units": [choice]})
        path = f"/api/assignments/{sent['assignments'][0]['id']}"
        for move in ("deliver", "accept", "depart", "arrive"):
            await timed(officer, f"{path}/{move}/")
        await timed(officer, f"{path}/finish/", {"result_code": "RS16"})
        report = {
            "kind": "handling",
            "type_verified": "020101",
            "result_codes": ["RS16"],
            "process_text": "到场未见异常",
            "address_verified": "新华路",
            "camera_ref": "JL0001",
        }
        await timed(officer, f"{path}/reports/", report)


async def measure(stack: Stack, seconds: float) -> None:
    """Run 16 chains side by side."""
    desk, dispatcher = await sign_in(stack.base_url, "jiejing1"), await sign_in(stack.base_url, "paijing1")
    officers = await crews(stack.base_url, IN_FLIGHT)
    warm: list[float] = []
    await asyncio.gather(*(chain(desk, dispatcher, one, time.monotonic() + 3, warm) for one in officers))
    await asyncio.gather(*(here(officer) for officer in officers))
    samples: list[float] = []
    began = time.monotonic()
    await asyncio.gather(*(chain(desk, dispatcher, one, began + seconds, samples) for one in officers))
    taken = time.monotonic() - began
    webs = sum(1 for name in stack.programs if name.startswith("web"))
    emit(
        "commands",
        samples,
        commands_per_s=round(len(samples) / taken, 1),
        in_flight=IN_FLIGHT,
        seconds=round(taken, 1),
        web_processes=webs,
        target="≥ 100/s, p99 ≤ 250 ms",
    )


def run(stack: Stack, seconds: float) -> None:
    """Measure with two web processes on the one port."""
    stack.start_web("web-2")
    asyncio.run(measure(stack, seconds))
    stack.kill_web("web-2")

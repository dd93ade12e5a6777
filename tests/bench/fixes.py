"""400 fixes a second for a minute through the gateway's route; 2,000 units, each heard every five seconds."""

from __future__ import annotations

import asyncio
import time

from tests.bench.city import Person, now, register_units, sign_in
from tests.bench.figures import cpu_seconds, emit
from tests.stack.stack import Stack

UNITS, PER_SECOND, BATCHES_PER_SECOND = 2_000, 400, 8


async def batch(person: Person, units: list[int], samples: list[float]) -> None:
    """Send one batch."""
    moment = now()
    fixes = [
        {"unit": unit, "lat": 24.5 + unit % 97 / 5000, "lng": 117.65, "crs": "WGS84", "taken_at": moment}
        for unit in units
    ]
    began = time.perf_counter()
    answer = await person.post("/api/positions/", {"fixes": fixes})
    samples.append((time.perf_counter() - began) * 1000)
    assert answer["taken"] == len(units), answer


async def measure(stack: Stack, seconds: float) -> None:
    """Send batches at an even pace and print time and processor share."""
    units = register_units(stack, UNITS)
    person = await sign_in(stack.base_url, "jieru")
    size = PER_SECOND // BATCHES_PER_SECOND
    samples: list[float] = []
    pids = {name: program.pid for name, program in stack.programs.items() if program.poll() is None}
    if stack.postgres.process is not None:
        pids["postgres"] = stack.postgres.process.pid
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    began, sent = time.monotonic(), 0
    tasks = []
    while (due := began + sent / BATCHES_PER_SECOND) < began + seconds:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        start = sent * size % UNITS
        tasks.append(asyncio.create_task(batch(person, units[start : start + size], samples)))
        sent += 1
    await asyncio.gather(*tasks)
    taken = time.monotonic() - began
    share = {name: round((cpu_seconds(pid) - before[name]) / taken * 100, 1) for name, pid in pids.items()}
    emit("gps_fixes", samples, fixes_per_s=round(sent * size / taken, 1), units=UNITS, batch=size, cpu_percent=share)


def run(stack: Stack, seconds: float) -> None:
    """Measure."""
    asyncio.run(measure(stack, seconds))

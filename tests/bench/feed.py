"""Commit → frame: many sockets, each entry to all of them (p99 ≤ 100 ms and 0 lost at 200 × 20/s; 2,000 × 4/s)."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect

from tests.bench.city import CALL, Person, sign_in
from tests.bench.figures import emit
from tests.stack.stack import Stack

KIND = '"kind":"incident.note_added"'
AT = '"at":"'


@dataclass
class Ear:
    """One socket: how late its frames came, and how many notes it heard."""

    lags_ms: list[float] = field(default_factory=list)
    heard: int = 0
    gap: bool = False
    last: int = 0

    async def listen(self, socket: ClientConnection) -> None:
        """Take frames until the socket closes."""
        async for text in socket:
            if not isinstance(text, str) or KIND not in text[:400]:
                continue
            arrived = time.time()
            self.heard += 1
            start = text.index(AT) + len(AT)
            committed = dt.datetime.fromisoformat(text[start : start + 24]).timestamp()
            self.lags_ms.append((arrived - committed) * 1000)


async def open_socket(person: Person, base_url: str) -> ClientConnection:
    """Open one socket with a ticket of its own and wait for its hello."""
    ticket = (await person.post("/api/ticket/"))["ticket"]
    socket = await connect(
        base_url.replace("http", "ws") + "/live/",
        subprotocols=["zz110", f"ticket.{ticket}"],  # type: ignore[list-item]
        additional_headers={"Cookie": person.cookie},
        origin=base_url,  # type: ignore[arg-type]
        compression=None,
        ping_interval=None,
        proxy=None,
        max_queue=None,
    )
    assert json.loads(await socket.recv())["t"] == "hello"
    return socket


async def pings(sockets: list[ClientConnection]) -> None:
    """Keep the leases."""
    while True:
        await asyncio.sleep(10)
        for socket in sockets:
            await socket.send('{"t":"ping"}')


async def write(person: Person, incidents: list[int], per_second: float, seconds: float) -> int:
    """Add notes at an even pace and return how many were acknowledged."""
    began, count = time.monotonic(), 0
    waiting: set[asyncio.Task[object]] = set()
    while (due := began + count / per_second) < began + seconds:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        path = f"/api/incidents/{incidents[count % len(incidents)]}/note/"
        task = asyncio.create_task(person.post(path, {"text": f"备注 {count}"}))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
        count += 1
    await asyncio.gather(*waiting)
    return count


async def measure(stack: Stack, sockets: int, per_second: float, seconds: float) -> None:
    """Open the sockets, write, and print how late and how completely the frames came."""
    person = await sign_in(stack.base_url, "jiejing2")
    incidents = [(await person.post("/api/calls/", CALL))["call"]["incident"] for _ in range(20)]
    opened: list[ClientConnection] = []
    alive = asyncio.create_task(pings(opened))  # also of those that are open while others are being opened
    for start in range(0, sockets, 20):
        batch = min(20, sockets - start)
        opened += await asyncio.gather(*(open_socket(person, stack.base_url) for _ in range(batch)))
    ears = [Ear() for _ in opened]
    tasks = [asyncio.create_task(ear.listen(socket)) for ear, socket in zip(ears, opened, strict=True)]
    await asyncio.sleep(1)
    written = await write(person, incidents, per_second, seconds)
    await asyncio.sleep(3)
    lost = sum(written - ear.heard for ear in ears)
    alive.cancel()
    for task in tasks:
        task.cancel()
    lags = [lag for ear in ears for lag in ear.lags_ms]
    emit(
        f"commit_to_frame_{sockets}_sockets",
        lags,
        sockets=sockets,
        events_per_s=per_second,
        events=written,
        told_again=person.told_again,
        frames_lost=lost,
        target="p99 ≤ 100 ms, 0 lost" if sockets == 200 else "report",
    )
    await asyncio.gather(*(socket.close() for socket in opened), return_exceptions=True)
    await person.client.aclose()


def run(stack: Stack, seconds: float) -> None:
    """Measure both sizes."""
    asyncio.run(measure(stack, 200, 20, seconds))
    asyncio.run(measure(stack, 2_000, 4, seconds))

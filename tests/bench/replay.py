"""Going to a moment of a day with 50,000 entries: the board rebuilt and sent, over HTTP (要案复盘)."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import random
import subprocess
import sys
import time
from typing import Any

from tests.bench.city import sign_in
from tests.bench.figures import cpu_seconds, emit, line
from tests.stack.stack import Stack

ENTRIES = 50_000
SEED = 62
TARGET = "p99 ≤ 500 ms"
POINT = {"lat": 24.5112, "lng": 117.6540, "crs": "WGS84"}


def handled(stack: Stack) -> int:
    """Let one incident be handled as every other of the day; returns it."""
    desk = stack.sign_in("jiejing1", seat="J07")
    facts = {
        "type_reported": "020102",
        "address_text": "延安路18号",
        "point": POINT,
        "narrative": "电动车被盗，锁被剪断",
    }
    call = desk.post(
        "/api/calls/", {"channel": "CH11", "kind": "CK01", "caller_number": "19000000101", "incident": facts}
    )
    desk.post(f"/api/calls/{call['call']['id']}/finish/", {"kind": "CK01"})
    incident: int = call["call"]["incident"]
    unit = stack.sql("SELECT id FROM patrol_unit WHERE call_sign = 'C104'")[0]["id"]
    officer = stack.sign_in("c104a")
    officer.post("/api/my-unit/shift/", {"unit": unit, "crew": []})
    order = stack.sign_in("paijing1", seat="P11").post(
        f"/api/incidents/{incident}/orders/", {"units": [{"unit": unit, "override_reason": "OV1"}]}
    )["assignments"][0]["id"]
    for move in ("deliver", "accept", "depart", "arrive"):
        officer.post(f"/api/assignments/{order}/{move}/")
    officer.post(f"/api/assignments/{order}/finish/", {"result_code": "RS16"})
    return incident


async def seek(stack: Stack, review: int, since: str, until: str, seconds: float) -> None:
    """Go to random moments of the day, as the player does."""
    commander = await sign_in(stack.base_url, "zhihui")
    await commander.post(f"/api/reviews/{review}/read/", {"purpose": "性能测试"})
    first, last = dt.datetime.fromisoformat(since), dt.datetime.fromisoformat(until)
    draw, samples, sizes = random.Random(SEED), [], []
    web = stack.programs["web"].pid
    stop, used = time.monotonic() + min(seconds, 60), cpu_seconds(web)
    while time.monotonic() < stop:
        moment = first + draw.random() * (last - first)
        began = time.perf_counter()
        told = await commander.client.get(f"/api/reviews/{review}/board/", params={"at": moment.isoformat()})
        samples.append((time.perf_counter() - began) * 1000)
        assert told.status_code == 200, told.text
        sizes.append(len(told.content))
    cpu_ms = round((cpu_seconds(web) - used) / len(samples) * 1000, 1)  # of the web process, for each seek
    emit("replay_seek", samples, entries=ENTRIES, board_kb=round(max(sizes) / 1024), cpu_ms=cpu_ms, target=TARGET)


def run(stack: Stack, seconds: float) -> None:
    """Fill a day, mark it, seek in it."""
    incident = handled(stack)
    filled = subprocess.run(
        [sys.executable, "-m", "tests.bench.replay_inside", str(incident), str(ENTRIES)],
        env=stack.environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    facts: dict[str, Any] = json.loads(filled.stdout.splitlines()[-1])
    line("replay_marks", entries=ENTRIES, marks=facts["marks"], seconds=facts["seconds"], kb=facts["kb"])
    asyncio.run(seek(stack, facts["review"], facts["since"], facts["until"], seconds))

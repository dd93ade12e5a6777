"""Which of 2,000 open incidents a call may be about: the scoring alone, and over HTTP while a call-taker types.

Reports and incidents are drawn from the labelled set. Half of the questions have no place yet, so that every open
incident is compared; over HTTP an incident changes before every fifth question, as it does on a busy board.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from dispatch.evaluation import several_callers
from dispatch.evaluation.several_callers import Told
from incidents import likeness
from incidents.likeness import Rarity, Signs
from tests.bench.city import Person, sign_in
from tests.bench.figures import emit
from tests.stack.stack import Stack, manage

OPEN = 2_000
QUESTIONS = 600
SEED = 77
TARGET = "p99 ≤ 100 ms over HTTP"
FILL = """
from django.utils import timezone
from dispatch.evaluation import several_callers
from incidents.models import Centre, Incident
centre = Centre.objects.get(code="350600")
now = timezone.now()
firsts = {{}}
for one in several_callers.calls({events}, {seed}):
    firsts.setdefault(one.event, one.report)
rows = [
    Incident(centre=centre, incident_no=f"BENCH{{number:06d}}", stage="pending", answered_at=now, created_at=now,
             updated_at=now, lat=report.lat, lng=report.lng if report.lat is not None else None,
             type_reported=report.type, address_text=report.place, narrative=report.words, contact_phone="")
    for number, report in list(firsts.items())[:{open}]
]
Incident.objects.bulk_create(rows)
"""


def further_calls(events: int) -> list[Told]:
    """Return the calls of the set that are not the first of their event."""
    seen: set[int] = set()
    found = []
    for one in several_callers.calls(events, SEED):
        if one.event in seen:
            found.append(one)
        seen.add(one.event)
    return found[:QUESTIONS]


def alone() -> None:
    """Measure making a report ready and scoring it, in one process."""
    known = likeness.rules()
    events: dict[int, Signs] = {}
    rarity = Rarity()
    for one in several_callers.calls(OPEN * 2, SEED):
        if one.event not in events and len(events) < OPEN:
            events[one.event] = likeness.signs(one.report, known)
            rarity.add(events[one.event].grams)
    latest = max(event.at for event in events.values())
    samples = []
    for call in further_calls(OPEN):
        report = call.report.__class__(
            at=latest, lat=call.report.lat, lng=call.report.lng, type=call.report.type, place=call.report.place,
            words=call.report.words,
        )  # fmt: skip
        began = time.perf_counter()
        likeness.likely(likeness.signs(report, known), events, rarity, known)
        samples.append((time.perf_counter() - began) * 1000)
    emit("duplicates.scoring", samples, open_incidents=len(events))


async def over_http(stack: Stack, seconds: float) -> None:
    """Measure what a call-taker waits for."""
    desk = await sign_in(stack.base_url, "jiejing1")
    body: dict[str, Any] = {"channel": "CH11", "kind": "CK01", "incident": {"address_text": "延安路18号"}}
    incident = (await desk.post("/api/calls/", body))["call"]["incident"]
    questions = further_calls(OPEN)
    await ask(desk, questions[0])
    samples: list[float] = []
    until = time.monotonic() + min(seconds, 30)
    for number, call in enumerate(questions):
        if time.monotonic() > until:
            break
        if number % 5 == 0:
            await desk.post(f"/api/incidents/{incident}/note/", {"text": f"第{number}次"})
        began = time.perf_counter()
        await ask(desk, call)
        samples.append((time.perf_counter() - began) * 1000)
    emit("duplicates.http", samples, open_incidents=OPEN, target=TARGET)


async def ask(desk: Person, call: Told) -> None:
    """Ask as the form does."""
    report = call.report
    point = {"lat": report.lat, "lng": report.lng, "crs": "WGS84"} if report.lat is not None else None
    facts = {"type_reported": report.type, "address_text": report.place, "narrative": report.words}
    await desk.post("/api/likely/", {**facts, "point": point})


def run(stack: Stack, seconds: float) -> None:
    """Measure both."""
    alone()
    manage(stack.environment, "shell", "-v0", "-c", FILL.format(events=OPEN * 2, seed=SEED, open=OPEN))
    asyncio.run(over_http(stack, seconds))
    stack.sql("UPDATE incidents_incident SET stage = 'archived' WHERE incident_no LIKE 'BENCH%' RETURNING 1 AS one")

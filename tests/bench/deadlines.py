"""10,000 open deadlines of which 1,000 fall due within a minute, the worker killed once meanwhile (lateness p99 ≤ 1.5 s,
each exactly once)."""

from __future__ import annotations

import asyncio
import time

from tests.bench.city import CALL, sign_in
from tests.bench.figures import emit
from tests.stack.stack import Stack

OPEN, DUE = 10_000, 1_000


async def one_incident(stack: Stack) -> int:
    """Return an incident to copy."""
    person = await sign_in(stack.base_url, "jiejing4")
    return int((await person.post("/api/calls/", CALL))["call"]["incident"])


def lay(stack: Stack, incident: int, seconds: float) -> None:
    """Copy the incident 10,000 times, each with one running limit: 1,000 spread over the run, the rest far away."""
    columns = [
        row["column_name"]
        for row in stack.sql(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'incidents_incident' "
            "ORDER BY ordinal_position"
        )
    ]
    shown = ", ".join("n + 1000000" if c == "id" else "'bench-' || n" if c == "incident_no" else c for c in columns)
    stack.sql(
        f"INSERT INTO incidents_incident ({', '.join(columns)}) SELECT {shown} FROM incidents_incident, "
        f"generate_series(1, {OPEN}) n WHERE id = {incident}"
    )
    stack.sql(
        "INSERT INTO incidents_deadline (centre_id, version, created_at, updated_at, terminal, incident_id, kind, due_at, "
        "state) SELECT centre_id, 1, now(), now(), '', id, 'arrive5_a', now() + interval '5 s' + "
        f"CASE WHEN id - 1000000 <= {DUE} THEN (id - 1000000) * interval '{seconds / DUE} s' "
        "ELSE interval '1 day' END, 'running' FROM incidents_incident WHERE id > 1000000"
    )


def run(stack: Stack, seconds: float) -> None:
    """Let them fall due, kill the worker in the middle, start it again three seconds later."""
    incident = asyncio.run(one_incident(stack))
    lay(stack, incident, seconds)
    time.sleep(5 + seconds / 2)
    stack.kill_worker()
    time.sleep(3)
    stack.start_worker()
    open_left = "SELECT count(*) FROM incidents_deadline WHERE state = 'running' AND due_at <= now()"
    time.sleep(seconds / 2)
    stack.wait_until(lambda: stack.value(open_left) == 0, "every due limit to be fired", within=60)
    rows = stack.sql(
        "SELECT extract(epoch FROM noticed_at - due_at) * 1000 AS late FROM incidents_deadline "
        "WHERE incident_id > 1000000 AND state = 'missed'"
    )
    entries = stack.value("SELECT count(*) FROM incidents_entry WHERE kind = 'incident.late' AND incident_id > 1000000")
    emit(
        "deadline_lateness",
        [float(row["late"]) for row in rows],
        open=OPEN,
        due=DUE,
        fired=len(rows),
        entries=entries,
        worker_killed=1,
        over_s=seconds,
        target="p99 ≤ 1,500 ms, each exactly once",
    )

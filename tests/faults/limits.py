"""Limits that fall due when a test wants it, and whether each was fired exactly once."""

from __future__ import annotations

from tests.faults.load import take_call
from tests.stack.session import Session
from tests.stack.stack import Stack

FIRED_WITHIN = 30.0  # seconds; 1.5 on a quiet machine
FIRED = (
    "SELECT d.id FROM incidents_deadline d JOIN incidents_entry e ON e.incident_id = d.incident_id AND e.kind = "
    "'incident.overdue' WHERE d.id = ANY(%s) AND d.state = 'missed'"
)


def let_pass(stack: Stack, taker: Session, number: int = 1) -> list[int]:
    """Take some calls, let the limit for an order of each pass now, and return the limits."""
    incidents = [take_call(taker).answer["call"]["incident"] for _ in range(number)]
    rows = stack.sql(
        "UPDATE incidents_deadline SET due_at = now() WHERE kind = 'order' AND incident_id = ANY(%s) RETURNING id",
        [incidents],
    )
    assert len(rows) == number
    return [row["id"] for row in rows]


def wait_until_fired(stack: Stack, limits: list[int]) -> None:
    """Wait until every limit was fired, and fail when one was fired twice."""
    stack.wait_until(lambda: len(stack.sql(FIRED, [limits])) >= len(limits), "the limits to fire", within=FIRED_WITHIN)
    assert sorted(row["id"] for row in stack.sql(FIRED, [limits])) == sorted(limits)


def heard_since(stack: Stack, program: str) -> bool:
    """Say whether a program (`sweep`, `worker`) beats: its last beat is younger than two seconds."""
    query = "SELECT 1 FROM incidents_heartbeat WHERE name = %s AND at > now() - interval '2 s'"
    return bool(stack.sql(query, [program]))

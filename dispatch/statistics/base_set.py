"""Reading the cases of a period: one row per event, whatever was merged into it (domain 8, base set).

Plain SQL, because one statement must see calls, incidents and orders of the same moment. An event is an incident
together with all that was merged into it, so its clock A is the answer of its earliest call and its clock B the first
order that anybody sent to it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from dispatch.statistics.arrival import Case
from dispatch.statistics.period import Period
from dispatch.statistics.query import fetch

# A call that was merged in may lie before its incident; nothing is merged across more than this.
MERGED_WITHIN = "1 day"

CASES = """
WITH RECURSIVE family (root, member) AS (
    SELECT id, id FROM incidents_incident
    WHERE centre_id = %(centre)s AND answered_at >= %(since)s
      AND answered_at < %(until)s::timestamptz + %(reach)s::interval AND merged_into_id IS NULL
  UNION
    SELECT family.root, child.id FROM incidents_incident child JOIN family ON child.merged_into_id = family.member
),
answers AS (
    SELECT family.root, min(call.answered_at) AS answered_at
    FROM family JOIN incidents_call call ON call.incident_id = family.member GROUP BY family.root
),
orders AS (
    SELECT family.root, min(a.dispatched_at) AS dispatched_at, min(a.on_scene_at) AS on_scene_at,
           bool_or(a.purpose = 'self') AND NOT bool_or(a.purpose <> 'self') AS only_self
    FROM family JOIN dispatch_assignment a ON a.incident_id = family.member
    WHERE a.purpose <> 'directive' GROUP BY family.root
),
events AS (
    SELECT i.*, least(i.answered_at, answers.answered_at) AS clock_a, orders.dispatched_at AS clock_b,
           orders.on_scene_at AS arrived_at, coalesce(orders.only_self, false) AS only_self
    FROM incidents_incident i
    LEFT JOIN answers ON answers.root = i.id
    LEFT JOIN orders ON orders.root = i.id
    WHERE i.id IN (SELECT root FROM family)
  UNION ALL
    SELECT i.*, i.answered_at, NULL, NULL, false FROM incidents_incident i
    WHERE i.centre_id = %(centre)s AND i.answered_at >= %(since)s AND i.answered_at < %(until)s
      AND i.merged_into_id IS NOT NULL
)
SELECT id, clock_a, clock_b, arrived_at,
       CASE WHEN stage IN ('cancelled', 'handed_over', 'invalid') THEN closed_at
            WHEN NOT attendance THEN coalesce(submitted_at, closed_at) END,
       priority, area_kind,
       CASE WHEN drill THEN 'EX1' WHEN merged_into_id IS NOT NULL THEN 'EX2'
            WHEN only_self OR exclusion = 'EX3' THEN 'EX3' WHEN NOT attendance OR exclusion = 'EX5' THEN 'EX5'
            WHEN exclusion = 'EX6' THEN 'EX6' ELSE '' END
FROM events WHERE clock_a >= %(since)s AND clock_a < %(until)s
ORDER BY clock_a, id
"""
# The facts of a list cost as much again as the case itself; the figures do not need them.
FACTS = "incident_no, type_reported, intake_class, confidential, address_text, stage, handled_at"
EVENTS = CASES.replace("SELECT id, clock_a,", f"SELECT {FACTS}, id, clock_a,")


@dataclass(frozen=True, slots=True)
class Event:
    """A case with the facts that a list shows beside it."""

    case: Case
    incident_no: str
    type_reported: str
    intake_class: str
    confidential: bool
    address_text: str
    stage: str
    handled_at: dt.datetime | None


def read_events(centre_id: int, period: Period) -> list[Event]:
    """Read the events of a period by the answer of their earliest call, oldest first."""
    return [Event(Case(*row[7:]), *row[:7]) for row in read(EVENTS, centre_id, period)]


def read_cases(centre_id: int, period: Period) -> list[Case]:
    """Read the cases of a period by the answer of their earliest call, oldest first."""
    return [Case(*row) for row in read(CASES, centre_id, period)]


def read(statement: str, centre_id: int, period: Period) -> list[tuple[Any, ...]]:
    """Run one of the statements above."""
    values = {"centre": centre_id, "since": period.since, "until": period.until, "reach": MERGED_WITHIN}
    return fetch(statement, values)

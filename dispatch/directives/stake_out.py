"""The prompts of a stake-out (蹲守, M40): every half hour each unit is asked how it stands; who does not answer is shown.

A prompt is a limit of the order like every other: a row with its moment, swept each second.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from dispatch.models import Assignment
from incidents import limits
from incidents.actor import Actor
from incidents.alerts import end_causes
from incidents.journal import record
from incidents.models import Deadline, Incident
from incidents.row import Row

STAKE_OUT = "stake_out"
ASKED_EVERY = dt.timedelta(minutes=30)
ANSWERED_WITHIN = dt.timedelta(minutes=5)
LIVE = ("dispatched", "delivered", "accepted", "en_route", "on_scene")
PROMPTS = (Deadline.Kind.PROMPT, Deadline.Kind.ANSWER)
ALERT = "prompt_unanswered"


def follow_mode(incident: Incident, before: str, by: Actor, now: dt.datetime) -> list[Row]:
    """Begin the prompts with a stake-out, end them with it; returns the rows for the entry of the switch."""
    orders = Assignment.objects.filter(incident=incident, state__in=LIVE).order_by("id")
    rows: list[Row] = []
    for order in orders:
        order.incident = incident
        if incident.mode == STAKE_OUT:
            rows += next_prompt(order, by=by, now=now)
        elif before == STAKE_OUT:
            rows += stop_asking(order, now=now, void=True)
    return rows


def next_prompt(order: Assignment, *, by: Actor | None, now: dt.datetime) -> list[Deadline]:
    """Let a unit be asked in half an hour, unless a prompt runs that the sweep has yet to see."""
    running = Deadline.objects.filter(assignment_id=order.pk, kind=Deadline.Kind.PROMPT, state="running")
    if running.exists():
        return []
    due = {str(Deadline.Kind.PROMPT): now + ASKED_EVERY}
    return limits.start(order.incident, due, by=by, now=now, assignment_id=order.pk, unit_id=order.unit_id)


def stop_asking(order: Assignment, *, now: dt.datetime, void: bool = False) -> list[Row]:
    """End prompt and answer of an order, and the alert about it."""
    stopped: list[Row] = [*limits.stop(order.incident, PROMPTS, now=now, assignment_id=order.pk, void=void)]
    return [*stopped, *end_causes(now, ALERT, assignment_id=order.pk)]


def ask(row: Deadline, order: Assignment, now: dt.datetime) -> dict[str, Any]:
    """Ask the unit of a due, locked prompt; its answer has a limit of its own."""
    told_before = row.stopped_at is not None
    row.change(by=None, now=now, state=Deadline.State.MET, stopped_at=row.stopped_at or now, noticed_at=now)
    order.incident = row.incident
    if told_before:  # between its moment and this sweep: the next one is in half an hour
        record("assignment.prompted", row, *next_prompt(order, by=None, now=now), call_sign=order.call_sign)
        return {"deadline": row.pk}
    due = {str(Deadline.Kind.ANSWER): now + ANSWERED_WITHIN}
    asked = limits.start(row.incident, due, by=None, now=now, assignment_id=order.pk, unit_id=order.unit_id)
    record("assignment.prompted", row, *asked, call_sign=order.call_sign)
    return {"deadline": row.pk}

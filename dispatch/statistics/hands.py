"""The way of an incident from step to step, and by whose hand its times and its type came about. Pure.

Who set a time, what was put right afterwards and how far a phone's own clock lies from ours stand beside the rates, so
that nobody can improve a rate by its times (targets 4.4, K10).
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from dispatch.statistics.arrival import Case, in_base
from dispatch.statistics.incident_rows import Order, Whole
from dispatch.statistics.marks import Outcome, mark, seconds, time_mark

# By whose hand an arrival was set (values of `times.by`).
CREW, RADIO, IMPLIED, AFTERWARDS = 1, 2, 3, 4


def path_marks(whole: Whole, case: Case) -> list[int]:
    """Return the marks of the funnel: order to acceptance, acceptance to arrival, arrival to closing. A step that nobody
    stamped happened at the latest with the next one; only who reached a step can wait for the next."""
    if not in_base(case) or case.first_dispatched_at is None:
        return []
    accepted = accepted_at(whole, case)
    closed: dt.datetime | None = whole.row["closed_at"]
    found = [time_mark("funnel.accept", seconds(case.first_dispatched_at, accepted))]
    if accepted is not None:
        found.append(time_mark("funnel.arrive", seconds(accepted, case.arrived_at)))
    if case.arrived_at is not None:
        found.append(time_mark("funnel.close", seconds(case.arrived_at, closed)))
    return found


def accepted_at(whole: Whole, case: Case) -> dt.datetime | None:
    """Return when the first order of an event was accepted, at the latest its arrival."""
    moments = [order.accepted_at for order in whole.orders if order.accepted_at is not None]
    if case.arrived_at is not None:
        moments.append(case.arrived_at)
    return min(moments, default=None)


def type_marks(whole: Whole) -> list[int]:
    """Return whether the top-level type was verified as it was reported (HIT), as another one (MISS), or not yet."""
    row = whole.row
    if row["drill"] or whole.merged or not row["type_reported"]:
        return []
    if not row["type_verified"]:
        return [mark("times.type", Outcome.OPEN)]
    same = row["type_verified"][:2] == row["type_reported"][:2]
    return [mark("times.type", Outcome.HIT if same else Outcome.MISS)]


def hand_marks(order: Order) -> list[int]:
    """Return by whose hand an arrival was set, how far the device's own time lay from ours, and whether a report was
    corrected afterwards."""
    found: list[int] = []
    if order.on_scene_at is not None:
        said = read_mark(order.arrival_mark)
        found.append(mark("times.by", hand_of(said)))
        if said.get("device_at"):
            claimed = dt.datetime.fromisoformat(said["device_at"])
            first, second = sorted((claimed, order.on_scene_at))
            found.append(time_mark("times.claim", seconds(first, second)))
    if order.reported_at is not None:
        found.append(mark("times.corrected", Outcome.HIT if order.corrected else Outcome.MISS))
    return found


def hand_of(said: dict[str, Any]) -> int:
    """Return by whose hand a move was set."""
    if said.get("source"):
        return AFTERWARDS
    if said.get("implied"):
        return IMPLIED
    return RADIO if said.get("by_proxy") else CREW


def read_mark(stored: Any) -> dict[str, Any]:
    """Return the mark of a move; a time without one was set by the crew's own button."""
    found = json.loads(stored) if isinstance(stored, str) else stored
    return found if isinstance(found, dict) else {}

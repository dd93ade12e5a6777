"""What entries of the journal mean for the merit ledger: which event, whose, how. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from incidents.audience import is_complaint

Json = dict[str, Any]

# The kinds of the journal that may say something.
KINDS: Final = (
    "assignment.on_scene",
    "assignment.refused",
    "suspect.caught",
    "incident.cleared_along",
    "quality.marked",
)
IN_TIME_S, LATE_S = 300, 600  # after the order: what the unit can answer for
URGENT = 2


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name as the rules know it, the units concerned by call sign, the people by badge, the facts."""

    name: str
    call_signs: tuple[str, ...]
    lead: str = ""
    crew: tuple[str, ...] = ()
    incident: int | None = None
    about: Json = field(default_factory=dict)


def event_of(kind: str, rows: Json, data: Json, badge: str) -> Event | None:
    """Return the event that an entry stands for, or None: drills and complaints about the police never make one (R1).
    `badge` is whose act it was."""
    incident: Json = next(iter(rows.get("incident", [])), {})
    if incident and (incident.get("drill") or is_complaint(incident)):
        return None
    if kind in ("assignment.on_scene", "assignment.refused"):
        return of_order(kind, next(iter(rows.get("assignment", [])), None), incident, badge)
    if kind == "suspect.caught":
        return of_arrest(next(iter(rows.get("suspect", [])), None))
    if kind == "incident.cleared_along":
        return Event("cleared", (str(data["call_sign"]),), incident=incident.get("id"))
    return (
        Event("poor_report", (), about={"report_no": data["report_no"], "failed": data["failed"]})
        if data.get("failed")
        else None
    )


def of_order(kind: str, order: Json | None, incident: Json, badge: str) -> Event | None:
    """Return what an order that was refused, or a unit that arrived, means. An order names its lead from its acceptance;
    before that only the lead can refuse it."""
    if order is None or order["purpose"] == "self":  # who found it was not sent
        return None
    who = {
        "call_signs": (str(order["call_sign"]),),
        "lead": str(order["lead_no"]) or badge,
        "crew": tuple(str(one["badge"]) for one in order["crew"]),
        "incident": order["incident"],
    }
    if kind == "assignment.refused":
        return Event("refused", **who, about={"code": order["refusal_code"]})
    taken = seconds(order["dispatched_at"], order["on_scene_at"])
    if taken is None:
        return None
    about = {"seconds": taken, "delay_code": order["delay_code"]}
    if taken > LATE_S:
        return Event("late", **who, about=about)
    if taken <= IN_TIME_S and incident.get("priority", 4) <= URGENT:
        return Event("urgent_in_time", **who, about=about)
    return None


def of_arrest(suspect: Json | None) -> Event | None:
    """Return what an arrest means: everybody credited has it, the crew is that of the unit that caught."""
    if suspect is None:
        return None
    caught_by = str(suspect["caught_by_sign"])
    others = (str(sign) for sign in suspect["credit_units"] if sign != caught_by)
    return Event("caught", (caught_by, *others), incident=suspect.get("incident"), about={"caught_by": caught_by})


def seconds(begin: str | None, end: str | None) -> int | None:
    """Return the whole seconds between two stamps, rounded up."""
    if not begin or not end:
        return None
    span = dt.datetime.fromisoformat(end) - dt.datetime.fromisoformat(begin)
    return -int(-span.total_seconds() // 1)

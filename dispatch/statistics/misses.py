"""The misses of a period: which incidents were not reached in time, on which clock, and why (K8, R14)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from dispatch.models import Assignment
from dispatch.statistics.arrival import Case, Clock, Outcome, judge, start_of
from dispatch.statistics.base_set import Event, read_events
from dispatch.statistics.figures import BUTTON, LIMITS
from dispatch.statistics.period import Period
from incidents.audience import seen
from incidents.models import Incident
from incidents.row import stamp

Json = dict[str, Any]
MOST = 300  # rows of one answer; `count` tells how many there are


@dataclass(slots=True)
class Miss:
    """An event with the limits that it missed and its orders, oldest first."""

    event: Event
    missed: list[str]  # K7.A, K7.B, K8.A, K8.B
    orders: list[Assignment] = field(default_factory=list)

    @property
    def reasons(self) -> list[Assignment]:
        """The orders whose crew or desk gave a delay reason."""
        return [order for order in self.orders if order.delay_code]


def read_misses(centre_id: int, audience: str, period: Period, now: dt.datetime) -> Json:
    """List the misses of a period that an audience may see: "no reason yet" on top, ten-minute misses before others,
    nobody there before late, the newest first. What the audience may not see is counted as `hidden`."""
    found = [Miss(event, missed_limits(event.case, now)) for event in read_events(centre_id, period)]
    misses = [miss for miss in found if miss.missed]
    attach_orders(misses)
    misses.sort(key=urgency)
    rows = [miss_row(miss, audience, now) for miss in misses]
    shown = [row for row in rows if row is not None]
    return {
        "as_of": stamp(now),
        "period": {"since": stamp(period.since), "until": stamp(period.until), "days": len(period.days())},
        "source": BUTTON,
        "count": len(misses),
        "no_reason": sum(not miss.reasons for miss in misses),
        "hidden": len(rows) - len(shown),
        "misses": shown[:MOST],
    }


def missed_limits(case: Case, now: dt.datetime) -> list[str]:
    """Name the limits that a case missed."""
    return [
        f"{key}.{clock}"
        for key, within in LIMITS.items()
        for clock in Clock
        if judge(case, clock, within, now).outcome is Outcome.MISS
    ]


def urgency(miss: Miss) -> tuple[bool, bool, bool, float]:
    """Return the sort key: what needs an answer first."""
    case = miss.event.case
    ten = any(limit.startswith("K8") for limit in miss.missed)
    return bool(miss.reasons), not ten, case.arrived_at is not None, -case.answered_at.timestamp()


def attach_orders(misses: list[Miss]) -> None:
    """Give each miss the orders of its incident and of what was merged into it."""
    roots = family_of({miss.event.case.incident for miss in misses})
    by_root: defaultdict[int, list[Assignment]] = defaultdict(list)
    orders = Assignment.objects.filter(incident_id__in=roots).exclude(purpose="directive")
    for order in orders.order_by("dispatched_at", "id"):
        by_root[roots[order.incident_id]].append(order)
    for miss in misses:
        miss.orders = by_root[miss.event.case.incident]


def family_of(roots: set[int]) -> dict[int, int]:
    """Map incidents to the one they were merged into, over any number of merges; the roots to themselves."""
    family = {root: root for root in roots}
    parents = set(roots)
    while parents:
        children = Incident.objects.filter(merged_into_id__in=parents).values_list("id", "merged_into_id")
        fresh = {child: family[parent] for child, parent in children if parent in family and child not in family}
        family.update(fresh)
        parents = set(fresh)
    return family


def miss_row(miss: Miss, audience: str, now: dt.datetime) -> Json | None:
    """Return a miss as the audience may see it, or None."""
    event, case = miss.event, miss.event.case
    facts = {
        "incident_no": event.incident_no,
        "type_reported": event.type_reported,
        "intake_class": event.intake_class,
        "confidential": event.confidential,
        "address_text": event.address_text,
    }
    visible = seen(audience, "incident", facts, [])
    if visible is None:
        return None
    return {
        "incident": case.incident,
        **{name: visible[name] for name in ("incident_no", "type_reported", "address_text")},
        "priority": case.priority,
        "area_kind": case.area_kind,
        "stage": event.stage,
        "answered_at": stamp(case.answered_at),
        "first_dispatched_at": stamp(case.first_dispatched_at),
        "arrived_at": stamp(case.arrived_at),
        "elapsed": {clock.value: elapsed(event, clock, now) for clock in Clock},
        "missed": miss.missed,
        "reasons": [reason_row(order, case) for order in miss.reasons],
        "gaps": gaps(event, miss.orders, now),
        "units": [order.call_sign for order in miss.orders],
    }


def elapsed(event: Event, clock: Clock, now: dt.datetime) -> float | None:
    """Return the seconds from a clock's start to the arrival, else to the end, else to now."""
    started = start_of(event.case, clock)
    return None if started is None else (stopped_at(event, now) - started).total_seconds()


def stopped_at(event: Event, now: dt.datetime) -> dt.datetime:
    """Return the moment at which nobody was on the way any more: arrival, decision, or the last order finished."""
    case = event.case
    return case.arrived_at or case.ended_at or event.handled_at or now


def reason_row(order: Assignment, case: Case) -> Json:
    """Return a delay reason; `in_time` when it was given before the ten-minute limit of clock A (R14, K17)."""
    limit = case.answered_at + LIMITS["K8"]
    return {
        "code": order.delay_code,
        "text": order.delay_text,
        "call_sign": order.call_sign,
        "at": stamp(order.delay_at),
        "in_time": order.delay_at is not None and order.delay_at <= limit,
        "caller_told_at": stamp(order.caller_told_at),
    }


def gaps(event: Event, orders: list[Assignment], now: dt.datetime) -> list[Json]:
    """Split the time of clock A into steps that add up to it: order, order again, accept, depart, drive. The last
    one runs when nobody is there yet."""
    case, end = event.case, stopped_at(event, now)
    order = order_that_counts(case, orders)
    marks: list[tuple[str, dt.datetime | None]] = [("order", case.first_dispatched_at)]
    if order is not None:
        marks += [
            ("reorder", order.dispatched_at),
            ("accept", order.accepted_at),
            ("depart", order.departed_at),
            ("drive", order.on_scene_at),
        ]
    steps, since = [], case.answered_at
    for step, moment in marks:
        until = min(moment, end) if moment is not None else end
        if until > since:
            steps.append({"step": step, "seconds": (until - since).total_seconds()})
        since = max(since, until)
        if moment is None:
            break
    if since < end and order is None and case.first_dispatched_at is not None:
        steps.append({"step": "reorder", "seconds": (end - since).total_seconds()})
    return steps


def order_that_counts(case: Case, orders: list[Assignment]) -> Assignment | None:
    """Return the order that arrived first; before that the most advanced one that is still live."""
    if case.arrived_at is not None:
        return next((order for order in orders if order.on_scene_at == case.arrived_at), None)
    live = [order for order in orders if order.state not in ("refused", "withdrawn")]
    return max(live, key=lambda order: (order.departed_at is not None, order.accepted_at is not None), default=None)

"""The misses of a period: which incidents were not reached in time, on which clock, and why (K8, R14)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dispatch.models import Assignment
from dispatch.statistics import late_records
from dispatch.statistics.answers import span
from dispatch.statistics.arrival import LIMITS, Case, Clock, start_of
from dispatch.statistics.incident_facts import case_of
from dispatch.statistics.incident_rows import arrival_by, read_incidents
from dispatch.statistics.late_records import BUTTON, THERE, Records, bits_of, limits_of
from dispatch.statistics.period import Period
from dispatch.statistics.query import one_moment
from dispatch.statistics.visible import hidden
from incidents.audience import seen
from incidents.models import Incident
from incidents.row import stamp

Json = dict[str, Any]
# Rows of one answer, and the most of one; `count` tells how many there are, `next` where the next page begins.
PAGE, MOST = 100, 300
MOST_OF_FILE = 2000
OF_ORDER = (
    "call_sign", "state", "dispatched_at", "accepted_at", "departed_at", "on_scene_at", "on_scene_pos_at", "delay_code",
    "delay_text", "delay_at", "caller_told_at",
)  # fmt: skip


@dataclass(slots=True)
class Miss:
    """An incident with the limits that it missed."""

    id: int
    missed: list[str]  # K7.A, K7.B, K8.A, K8.B
    explained: bool  # somebody gave a delay reason


@dataclass(slots=True)
class Shown:
    """A miss with everything that its row shows; orders are those of the whole event, oldest first."""

    miss: Miss
    case: Case
    incident: Incident
    orders: list[Assignment] = field(default_factory=list)
    source: str = BUTTON

    def arrived(self, order: Assignment) -> dt.datetime | None:
        """Return when an order arrived, by the source of time that was asked for."""
        return arrival_by(self.source, order.on_scene_at, order.on_scene_pos_at)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which misses are asked for: by which source of time, of which limit (K7, K8; "" is any), of priorities 1 and 2
    alone, and which page."""

    source: str = BUTTON
    limit: str = ""
    urgent: bool = False
    skip: int = 0
    most: int = PAGE


def read_misses(centre_id: int, audience: str, period: Period, now: dt.datetime, which: Asked | None = None) -> Json:
    """List the misses of a period that an audience may see: "no reason yet" on top, ten-minute misses before others,
    nobody there before late, the newest first. What the audience may not see is counted as `hidden`."""
    which = which or Asked()
    end = which.skip + which.most
    with one_moment():
        records = by_urgency(find(centre_id, period, now, which), which.source)
        unseen = hidden(audience, records["id"].tolist())
        visible = records[~np.isin(records["id"], list(unseen))]
        page = visible[which.skip : end][["id", "missed", "explained"]].tolist()
        misses = [Miss(key, limits_of(missed, which.source), explained) for key, missed, explained in page]
        found = shown(centre_id, misses, which.source)
        rows = [row for one in found if (row := miss_row(one, audience, now)) is not None]
    return {
        "as_of": stamp(now),
        "period": span(period),
        "source": which.source,
        "limit": which.limit,
        "urgent": which.urgent,
        "count": len(records),
        "no_reason": int((~records["explained"]).sum()),
        "hidden": len(unseen),
        "misses": rows,
        "next": end if len(visible) > end else None,
    }


def find(centre_id: int, period: Period, now: dt.datetime, which: Asked) -> Records:
    """Find the misses that are asked for; one whose limit has not passed yet is none."""
    records = late_records.read(centre_id, period, now)
    wanted = records["missed"] & bits_of(which.limit, which.source) > 0
    if which.urgent:
        wanted &= records["priority"] <= 2
    return records[wanted]


def by_urgency(records: Records, source: str) -> Records:
    """Put misses into the order in which they need an answer."""
    ten = records["missed"] & bits_of("K8", source) > 0
    there = records["there"] & THERE[source] > 0
    return records[np.lexsort((records["id"], -records["answered_at"], there, ~ten, records["explained"]))]


def shown(centre_id: int, misses: list[Miss], source: str = BUTTON) -> list[Shown]:
    """Read what the rows show, in the order of the misses."""
    wholes = {whole.row["id"]: whole for whole in read_incidents(centre_id, [miss.id for miss in misses])}
    incidents = Incident.objects.in_bulk(list(wholes))
    root_of = {order.id: key for key, whole in wholes.items() for order in whole.orders}
    orders: defaultdict[int, list[Assignment]] = defaultdict(list)
    for order in Assignment.objects.filter(pk__in=root_of).order_by("dispatched_at", "id").only(*OF_ORDER):
        orders[root_of[order.pk]].append(order)
    return [
        Shown(miss, case_of(wholes[miss.id], source), incidents[miss.id], orders[miss.id], source)
        for miss in misses
        if miss.id in wholes
    ]


def miss_row(one: Shown, audience: str, now: dt.datetime) -> Json | None:
    """Return a miss as the audience may see it, or None."""
    case, incident = one.case, one.incident
    visible = seen(audience, "incident", incident.row(), incident.readers())
    if visible is None:
        return None
    return {
        "incident": case.incident,
        **{name: visible[name] for name in ("incident_no", "type_reported", "address_text")},
        "priority": case.priority,
        "area_kind": case.area_kind,
        "stage": incident.stage,
        "answered_at": stamp(case.answered_at),
        "first_dispatched_at": stamp(case.first_dispatched_at),
        "arrived_at": stamp(case.arrived_at),
        "elapsed": {clock.value: elapsed(one, clock, now) for clock in Clock},
        "missed": sorted(one.miss.missed),
        "reasons": [reason_row(order, case) for order in one.orders if order.delay_code],
        "gaps": gaps(one, now),
        "units": [order.call_sign for order in one.orders],
    }


def elapsed(one: Shown, clock: Clock, now: dt.datetime) -> float | None:
    """Return the seconds from a clock's start to the arrival, else to the end, else to now."""
    started = start_of(one.case, clock)
    return None if started is None else (stopped_at(one, now) - started).total_seconds()


def stopped_at(one: Shown, now: dt.datetime) -> dt.datetime:
    """Return the moment at which nobody was on the way any more: arrival, decision, or the last order finished."""
    return one.case.arrived_at or one.case.ended_at or one.incident.handled_at or now


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


def gaps(one: Shown, now: dt.datetime) -> list[Json]:
    """Split the time of clock A into steps that add up to it: order, order again, accept, depart, drive. The last
    one runs when nobody is there yet."""
    case, end = one.case, stopped_at(one, now)
    order = order_that_counts(one)
    marks: list[tuple[str, dt.datetime | None]] = [("order", case.first_dispatched_at)]
    if order is not None:
        marks += [
            ("reorder", order.dispatched_at),
            ("accept", order.accepted_at),
            ("depart", order.departed_at),
            ("drive", one.arrived(order)),
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


def order_that_counts(one: Shown) -> Assignment | None:
    """Return the order that arrived first; before that the most advanced one that is still live."""
    if one.case.arrived_at is not None:
        return next((order for order in one.orders if one.arrived(order) == one.case.arrived_at), None)
    live = [order for order in one.orders if order.state not in ("refused", "withdrawn")]
    return max(live, key=lambda order: (order.departed_at is not None, order.accepted_at is not None), default=None)

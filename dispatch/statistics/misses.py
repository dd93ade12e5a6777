"""The misses of a period: which incidents were not reached in time, on which clock, and why (K8, R14)."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from dispatch.models import Assignment
from dispatch.statistics.answers import span
from dispatch.statistics.arrival import LIMITS, Case, Clock, start_of
from dispatch.statistics.incident_facts import case_of
from dispatch.statistics.incident_rows import read_incidents
from dispatch.statistics.marks import LONGEST, SOURCES, Kind, Outcome, lowest, mark
from dispatch.statistics.period import Period
from dispatch.statistics.query import fetch, one_moment
from dispatch.statistics.visible import hidden
from incidents.audience import seen
from incidents.models import Incident
from incidents.row import stamp

Json = dict[str, Any]
MOST = 300  # rows of one answer; `count` tells how many there are, `next` where the next page begins
MOST_OF_FILE = 2000
BUTTON = "button"
MISSED_BY = {
    source: {mark(f"{key}.{clock}.{source}", Outcome.MISS): f"{key}.{clock}" for key in LIMITS for clock in Clock}
    for source in SOURCES
}
MISSED = MISSED_BY[BUTTON]
WITH_REASON = mark("delay", Outcome.HIT)
ARRIVED_BY = {source: range(lowest(f"K9.A.{source}"), lowest(f"K9.A.{source}") + LONGEST + 1) for source in SOURCES}
FACTS = """
SELECT source, at, marks, turns FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND day >= %(first)s AND day <= %(last)s AND marks && %(missed)s
  AND (NOT %(urgent)s OR urgent)
"""

STILL = """
SELECT source, turns FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND turns_until >= %(now)s AND day >= %(first)s AND day <= %(last)s
  AND marks && %(missed)s
"""


@dataclass(slots=True)
class Miss:
    """An incident with the limits that it missed."""

    id: int
    answered_at: dt.datetime
    missed: list[str]  # K7.A, K7.B, K8.A, K8.B
    explained: bool  # somebody gave a delay reason
    arrived: bool


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
        if self.source == BUTTON:
            return order.on_scene_at
        return order.on_scene_pos_at or (order.on_scene_at if self.source == "published" else None)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which misses are asked for: by which source of time, of which limit (K7, K8; "" is any), of priorities 1 and 2
    alone, and which page."""

    source: str = BUTTON
    limit: str = ""
    urgent: bool = False
    skip: int = 0
    most: int = MOST


def read_misses(centre_id: int, audience: str, period: Period, now: dt.datetime, which: Asked | None = None) -> Json:
    """List the misses of a period that an audience may see: "no reason yet" on top, ten-minute misses before others,
    nobody there before late, the newest first. What the audience may not see is counted as `hidden`."""
    which = which or Asked()
    end = which.skip + which.most
    with one_moment():
        misses = sorted(find(centre_id, period, now, which), key=urgency)
        unseen = hidden(audience, [miss.id for miss in misses])
        visible = [miss for miss in misses if miss.id not in unseen]
        found = shown(centre_id, visible[which.skip : end], which.source)
        rows = [row for one in found if (row := miss_row(one, audience, now)) is not None]
    return {
        "as_of": stamp(now),
        "period": span(period),
        "source": which.source,
        "limit": which.limit,
        "urgent": which.urgent,
        "count": len(misses),
        "no_reason": sum(not miss.explained for miss in misses),
        "hidden": len(unseen),
        "misses": rows,
        "next": end if len(visible) > end else None,
    }


def find(centre_id: int, period: Period, now: dt.datetime, which: Asked) -> list[Miss]:
    """Find the misses among the facts; one whose limit has not passed yet is none."""
    names = MISSED_BY[which.source]
    wanted = [one for one, name in names.items() if name.startswith(which.limit)]
    found = []
    for source, at, marks, turns in fetch(FACTS, {**asked(centre_id, period, wanted), "urgent": which.urgent}):
        running = turns_of(turns)
        waits = waiting(running, now)
        missed = [names[one] for one in marks if one in names and one not in waits]
        if any(name.startswith(which.limit) for name in missed):
            # Who has turns left is not there: a late arrival has none.
            there = not running and arrived_in(marks, which.source)
            found.append(Miss(source, at, missed, WITH_REASON in marks, there))
    return found


def waiting_for(centre_id: int, period: Period, missed: int, now: dt.datetime) -> list[int]:
    """Return the incidents whose fact has a mark that does not hold yet: their limit has not passed."""
    rows = fetch(STILL, {**asked(centre_id, period, [missed]), "now": now})
    return [source for source, turns in rows if missed in waiting(turns_of(turns), now)]


def asked(centre_id: int, period: Period, missed: list[int]) -> dict[str, Any]:
    """Return what names the facts of a period that have one of some marks."""
    days = {"first": period.first, "last": period.last}
    return {"centre": centre_id, "kind": int(Kind.INCIDENT), **days, "missed": missed}


def turns_of(stored: Any) -> list[Any]:
    """Read the turns of a fact, which a plain cursor hands over as text."""
    return (json.loads(stored) if isinstance(stored, str) else stored) or []


def waiting(turns: list[Any], now: dt.datetime) -> set[int]:
    """Return the marks that do not hold yet at a moment."""
    return {lasting for lasting, _meanwhile, until in turns if dt.datetime.fromisoformat(until) >= now}


def arrived_in(marks: list[int], source: str = BUTTON) -> bool:
    """Tell whether marks know a time of arrival by a source."""
    return any(one in ARRIVED_BY[source] for one in marks)


def urgency(miss: Miss) -> tuple[bool, bool, bool, float]:
    """Return the sort key: what needs an answer first."""
    ten = any(limit.startswith("K8") for limit in miss.missed)
    return miss.explained, not ten, miss.arrived, -miss.answered_at.timestamp()


def shown(centre_id: int, misses: list[Miss], source: str = BUTTON) -> list[Shown]:
    """Read what the rows show, in the order of the misses."""
    wholes = {whole.row["id"]: whole for whole in read_incidents(centre_id, [miss.id for miss in misses])}
    incidents = Incident.objects.in_bulk(list(wholes))
    root_of = {order.id: key for key, whole in wholes.items() for order in whole.orders}
    orders: defaultdict[int, list[Assignment]] = defaultdict(list)
    for order in Assignment.objects.filter(pk__in=root_of).order_by("dispatched_at", "id"):
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

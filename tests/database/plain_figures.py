"""The figures computed once more, from the rows alone and in the plainest way: what the engine must agree with.

Nothing of the engine is used here: no cells, no facts, no marks. Rows are read with Django, moments are subtracted,
numpy sorts.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.models import Assignment, Report
from incidents.models import (
    Call,
    Callback,
    Cleared,
    FusionRequest,
    Incident,
    Party,
    SupervisionOrder,
    Suspect,
    Transfer,
)  # fmt: skip

SHANGHAI = ZoneInfo("Asia/Shanghai")
Found = dict[tuple[str, str, str, str], tuple[float | None, int]]


def seconds(start: Any, end: Any) -> Any:
    return max(0, math.ceil((end - start).total_seconds()))


def rank(values: Iterable[float], percent: int) -> float | None:
    ordered = np.sort(np.array(list(values), dtype=float))
    return float(ordered[math.ceil(percent * len(ordered) / 100) - 1]) if len(ordered) else None


def ratio(hits: int, n: int) -> float | None:
    return round(hits / n, 6) if n else None


def day_of(moment: Any) -> Any:
    return moment.astimezone(SHANGHAI).date()


class Event:
    """One incident with everything that was merged into it, over any number of merges."""

    def __init__(self, incident: Any, everything: list[Any]) -> None:
        self.incident = incident
        self.family = [incident]
        for one in self.family:
            self.family += [child for child in everything if child.merged_into_id == one.pk]
        merged = incident.merged_into_id is not None
        if merged:
            self.family = [incident]
        keys = [one.pk for one in self.family]
        self.own_orders = list(Assignment.objects.filter(incident=incident).order_by("dispatched_at", "id"))
        orders = Assignment.objects.filter(incident__in=keys).exclude(purpose="directive")
        self.orders: list[Any] = list(orders.order_by("dispatched_at", "id"))
        calls = Call.objects.filter(incident__in=keys, answered_at__isnull=False).values_list("answered_at", flat=True)
        self.answered: Any = incident.answered_at if merged else min([incident.answered_at, *calls])
        self.ordered = None if merged or not self.orders else self.orders[0].dispatched_at
        self.merged = merged

    def arrived(self, source: str) -> dt.datetime | None:
        found = []
        for order in self.orders if not self.merged else []:
            moment = {
                "button": order.on_scene_at,
                "position": order.on_scene_pos_at,
                "published": order.on_scene_pos_at or order.on_scene_at,
            }[source]
            if moment is not None:
                found.append(moment)
        return min(found, default=None)

    @property
    def ended(self) -> Any:
        one = self.incident
        if one.stage in ("cancelled", "handed_over", "invalid"):
            return one.closed_at
        return None if one.attendance else one.submitted_at or one.closed_at

    @property
    def excluded(self) -> str:
        one = self.incident
        if one.drill:
            return "EX1"
        if self.merged:
            return "EX2"
        own = bool(self.orders) and all(order.purpose == "self" for order in self.orders)
        if own or one.exclusion == "EX3":
            return "EX3"
        if not one.attendance or one.exclusion == "EX5":
            return "EX5"
        return "EX6" if one.exclusion == "EX6" else ""

    @property
    def outside(self) -> bool:
        return self.incident.priority == 4 and self.ordered is None

    def in_base(self, source: str) -> bool:
        return not self.excluded and not self.outside and (self.ended is None or self.arrived(source) is not None)

    def start(self, clock: str) -> dt.datetime | None:
        return self.answered if clock == "A" else self.ordered

    def within(self, clock: str, limit: int, source: str, now: dt.datetime) -> bool | None:
        """Tell whether it was reached in time; None when it does not count, is open or has no time."""
        if self.excluded or self.outside:
            return None
        start, arrived, late = self.start(clock), self.arrived(source), dt.timedelta(seconds=limit)
        if source == "position" and arrived is None and self.arrived("published") is not None:
            return None
        if arrived is not None and start is not None:
            return arrived - start <= late
        if self.ended is not None:
            return False if start is not None and self.ended - start > late else None
        return False if start is not None and now - start > late else None

    @property
    def unit(self) -> str:
        there: list[Any] = [order for order in self.orders if order.on_scene_pos_at or order.on_scene_at]
        if there:
            return str(min(there, key=lambda order: (order.on_scene_pos_at or order.on_scene_at, order.pk)).unit_id)
        return str(self.orders[0].unit_id) if self.orders else ""


def all_events() -> list[Event]:
    everything = list(Incident.objects.order_by("id"))
    return [Event(one, everything) for one in everything]


# How the plain computation splits.
SPLITS: dict[str, tuple[Callable[[Event], str], Callable[[Event, Assignment], str]]] = {
    "all": (lambda event: "", lambda event, order: ""),
    "priority": (lambda event: str(event.incident.priority), lambda event, order: str(event.incident.priority)),
    "type_reported": (lambda event: event.incident.type_reported, lambda event, order: event.incident.type_reported),
    "unit": (lambda event: event.unit, lambda event, order: str(order.unit_id)),
    "hour": (
        lambda event: f"{event.answered.astimezone(SHANGHAI).hour:02}",
        lambda event, order: f"{order.dispatched_at.astimezone(SHANGHAI).hour:02}",
    ),
}


def compute(everything: list[Event], days: tuple[dt.date, dt.date], split: tuple[str, str], now: dt.datetime) -> Found:
    """Return value and n of every figure by key, clock, source and measure, of one value of a dimension."""
    (first, last), (by, value) = days, split
    of_event, of_order = SPLITS[by]
    events = [one for one in everything if first <= day_of(one.answered) <= last and of_event(one) == value]
    orders = [
        (event, order)
        for event in everything
        for order in event.own_orders
        if first <= day_of(order.dispatched_at) <= last and of_order(event, order) == value
    ]
    found: Found = {}
    arrivals(found, events, now)
    arrests_of(found, events)
    steps(found, events)
    of_orders(found, orders)
    late(found, events)
    path(found, events)
    hands(found, orders, events)
    if by == "all":
        of_calls(found, first, last)
        followed(found, first, last, now)
    return found


def arrivals(found: Found, events: list[Event], now: dt.datetime) -> None:
    for source in ("button", "position", "published"):
        for clock in ("A", "B"):
            for key, limit in (("K7", 300), ("K8", 600)):
                said = [one.within(clock, limit, source, now) for one in events]
                hits, n = said.count(True), len(said) - said.count(None)
                found[key, clock, source, "rate"] = ratio(hits, n), n
            base = [one for one in events if one.in_base(source)]
            times = [
                seconds(start, arrived)
                for one in base
                if (arrived := one.arrived(source)) is not None and (start := one.start(clock)) is not None
            ]
            for percent in (50, 80, 90, 95):
                found["K9", clock, source, f"p{percent}"] = rank(times, percent), len(times)


def steps(found: Found, events: list[Event]) -> None:
    base = [one for one in events if one.in_base("published")]
    ordered = [seconds(one.answered, one.ordered) for one in base if one.ordered]
    placed = [seconds(one.answered, one.incident.placed_at) for one in base if one.incident.placed_at]
    for percent in (50, 80, 90, 95):
        found["K2", "A", "button", f"p{percent}"] = rank(ordered, percent), len(ordered)
        found["K3", "A", "button", f"p{percent}"] = rank(placed, percent), len(placed)
    unverified = sum(one.incident.point_status == "unverified" for one in base)
    known = unverified + sum(one.incident.point_status == "verified" for one in base)
    found["K3", "A", "button", "unverified"] = ratio(unverified, known), known


def of_orders(found: Found, orders: list[tuple[Event, Assignment]]) -> None:
    counted = [order for event, order in orders if not event.incident.drill and order.purpose != "self"]
    kept = [order for order in counted if order.state not in ("refused", "withdrawn")]
    refused = sum(order.state == "refused" for order in counted)
    found["K17", "none", "button", "refused"] = ratio(refused, len(counted)), len(counted)
    bucket(
        found,
        ("K4", "order", "button"),
        [(order.dispatched_at, order.accepted_at) for order in kept],
        (30, 60, 120, 180),
    )
    leaving = [order for order in kept if not (order.no_attendance and order.departed_at is None)]
    limits = (300, 600, 900, 1800)
    bucket(found, ("K5", "order", "button"), [(one.dispatched_at, one.departed_at) for one in leaving], limits)
    both = [(one.dispatched_at, one.departed_pos_at or one.departed_at) for one in leaving]
    bucket(found, ("K5", "order", "published"), both, limits)
    known = [(one.dispatched_at, one.departed_pos_at) for one in leaving if one.departed_pos_at or not one.departed_at]
    bucket(found, ("K5", "order", "position"), known, limits)
    limits = (1800, 3600, 7200, 14400)
    bucket(found, ("K6", "order", "button"), [(one.dispatched_at, one.reported_at) for one in kept], limits)
    ended = [(one.finished_at, one.reported_at) for one in kept if one.finished_at]
    bucket(found, ("K6", "finish", "button"), ended, limits)
    there = [order for order in counted if order.on_scene_at]
    positioned = [order for order in there if order.on_scene_pos_at]
    found["K10", "none", "button", "with_position"] = ratio(len(positioned), len(there)), len(there)
    both_times: list[tuple[str, list[Any]]] = [
        ("arrival", [(one.on_scene_at, one.on_scene_pos_at) for one in positioned]),
        (
            "departure",
            [(one.departed_at, one.departed_pos_at) for one in there if one.departed_at and one.departed_pos_at],
        ),
    ]
    for name, pairs in both_times:
        apart = [seconds(*sorted(pair)) for pair in pairs]
        found["K10", "none", "button", f"{name}_p50"] = rank(apart, 50), len(apart)
        found["K10", "none", "button", f"{name}_over_60"] = (
            ratio(sum(one > 60 for one in apart), len(apart)),
            len(apart),
        )


def path(found: Found, events: list[Event]) -> None:
    """From the order to acceptance to arrival to closing, of what came to each step."""
    gaps: dict[str, list[int]] = {"order": [], "accept": [], "arrive": [], "close": []}
    for one in [event for event in events if event.in_base("published") and event.ordered]:
        there, closed = one.arrived("published"), one.incident.closed_at
        accepted = min([o.accepted_at for o in one.orders if o.accepted_at] + ([there] if there else []), default=None)
        gaps["order"].append(seconds(one.answered, one.ordered))
        gaps["accept"] += [seconds(one.ordered, accepted)] if accepted else []
        gaps["arrive"] += [seconds(accepted, there)] if there else []
        gaps["close"] += [seconds(there, closed)] if there and closed else []
    for name, times in gaps.items():
        for percent in (50, 90):
            found["funnel", "none", "published", f"{name}_p{percent}"] = rank(times, percent), len(times)


def hands(found: Found, orders: list[tuple[Event, Assignment]], events: list[Event]) -> None:
    """By whose hand arrivals were set; corrected reports; types verified as reported."""
    counted = [order for event, order in orders if not event.incident.drill and order.purpose != "self"]
    said = [order.marks.get("on_scene", {}) for order in counted if order.on_scene_at]
    for name, rule in (
        ("afterwards", lambda one: bool(one.get("source"))),
        ("implied", lambda one: not one.get("source") and one.get("implied")),
        ("by_radio", lambda one: not one.get("source") and not one.get("implied") and one.get("by_proxy")),
        ("by_crew", lambda one: not (one.get("source") or one.get("implied") or one.get("by_proxy"))),
    ):
        found["times", "none", "order", name] = ratio(sum(map(bool, map(rule, said))), len(said)), len(said)
    reported = [order for order in counted if order.reported_at]
    corrected = sum(order.reports.filter(corrects__isnull=False).exists() for order in reported)
    found["times", "none", "report", "corrected"] = ratio(corrected, len(reported)), len(reported)
    typed = [one.incident for one in events if not one.incident.drill and not one.merged and one.incident.type_reported]
    both = [one for one in typed if one.type_verified]
    same = sum(one.type_verified[:2] == one.type_reported[:2] for one in both)
    found["times", "none", "report", "same_type"] = ratio(same, len(both)), len(both)


def bucket(found: Found, place: tuple[str, str, str], pairs: list[Any], limits: tuple[int, ...]) -> None:
    times = [seconds(start, end) for start, end in pairs if end is not None]
    bounds = [-1, *limits, 10**9]
    for low, high in pairwise(bounds):
        found[(*place, f"≤{high}")] = sum(low < one <= high for one in times), len(pairs)
    found[(*place, "not yet")] = len(pairs) - len(times), len(pairs)


def late(found: Found, events: list[Event]) -> None:
    arrived = [(one, moment) for one in events if one.in_base("published") and (moment := one.arrived("published"))]
    behind = [one for one, moment in arrived if (moment - one.answered).total_seconds() > 600]
    reports = [
        [order for order in one.orders if order.delay_at and order.delay_at <= one.answered + dt.timedelta(minutes=10)]
        for one in behind
    ]
    reported = [some for some in reports if some]
    told = sum(any(order.caller_told_at for order in some) for some in reported)
    found["K17", "A", "published", "late_reported"] = ratio(len(reported), len(behind)), len(behind)
    found["K17", "A", "published", "caller_told"] = ratio(told, len(reported)), len(reported)
    yuan = {"loss": 0, "recovered": 0}
    known = 0
    for one in events:
        handled = [
            report
            for order in one.own_orders
            if (report := Report.objects.filter(assignment=order, complete=True, kind="handling").last()) is not None
        ]
        losses = [report.loss_yuan for report in handled if report.loss_yuan is not None]
        if not one.incident.drill:
            known += bool(losses)
            yuan["loss"] += round(sum(losses))
            yuan["recovered"] += round(sum(report.recovered_yuan or 0 for report in handled))
    found["K14", "none", "button", "loss_yuan"] = yuan["loss"], known
    found["K14", "none", "button", "recovered_yuan"] = yuan["recovered"], known


def of_calls(found: Found, first: dt.date, last: dt.date) -> None:
    calls = [one for one in Call.objects.filter(drill=False) if first <= day_of(one.ring_at) <= last]
    voice = [one for one in calls if one.channel in ("CH11", "CH12", "CH13")]
    answered = [one for one in voice if one.answered_at and not (one.lost_at and one.answered_at > one.lost_at)]
    waits = [seconds(one.ring_at, one.answered_at) for one in answered if one.answered_at]
    found["K1", "ring", "button", "within"] = ratio(sum(one <= 10 for one in waits), len(waits)), len(waits)
    for percent in (50, 90):
        found["K1", "ring", "button", f"p{percent}"] = rank(waits, percent), len(waits)
    valid = sum(one.validity == "valid" for one in calls)
    found["K18", "none", "call", "valid"] = ratio(valid, len(calls)), len(calls)
    sent = [one for one in Transfer.objects.filter(call__drill=False, direction="out") if one.sent_at]
    sent = [one for one in sent if one.sent_at and first <= day_of(one.sent_at) <= last]
    returned = sum(one.state == "returned" for one in sent)
    found["K18", "none", "transfer", "returned"] = ratio(returned, len(sent)), len(sent)


def followed(found: Found, first: dt.date, last: dt.date, now: dt.datetime) -> None:
    asked = [
        one
        for one in Callback.objects.filter(incident__drill=False, aim="handling", follows=None)
        if (one.asked_at or one.outcome) and first <= day_of(one.asked_at or one.created_at) <= last
    ]
    asked = [one for one in asked if one.outcome != "unsuitable"]
    replied = [one for one in asked if one.outcome == "answered"]
    for name, grades in (("satisfied", (1, 2)), ("fully_satisfied", (1,))):
        pleased = sum(one.grade in grades for one in replied)
        found["K11", "handling", "callback", name] = ratio(pleased, len(replied)), len(replied)
    found["K11", "handling", "callback", "replied"] = ratio(len(replied), len(asked)), len(asked)
    due = [one for one in SupervisionOrder.objects.filter(incident__drill=False) if first <= day_of(one.due_at) <= last]
    done = [one for one in due if one.state == "closed" and one.closed_at and one.closed_at <= one.due_at]
    failed = [one for one in due if one not in done and (one.state == "closed" or one.due_at < now)]
    n = len(done) + len(failed)
    found["K15", "none", "supervision", "rate"] = ratio(len(done), n), n
    arrests = Suspect.objects.filter(incident__drill=False, caught_at__isnull=False)
    suspects = sum(first <= day_of(one.caught_at) <= last for one in arrests)
    found["K12", "none", "button", "suspects"] = suspects, suspects
    firsts: dict[int, Any] = {}
    for one in Cleared.objects.filter(incident__drill=False).order_by("at"):
        firsts.setdefault(one.incident_id, one.at)
    cleared = sum(first <= day_of(at) <= last for at in firsts.values())
    found["K12", "none", "button", "cleared"] = cleared, cleared
    fusion(
        found,
        [one for one in FusionRequest.objects.filter(incident__drill=False) if first <= day_of(one.asked_at) <= last],
    )
    things = Party.objects.filter(incident__drill=False, void_at=None, kind="vehicle", recovered_at__isnull=False)
    vehicles = sum(first <= day_of(one.recovered_at) <= last for one in things if one.recovered_at)
    found["K12", "none", "button", "vehicles"] = vehicles, vehicles


def arrests_of(found: Found, events: list[Event]) -> None:
    minutes = []
    for one in events:
        caught = Suspect.objects.filter(incident=one.incident, caught_at__isnull=False).order_by("caught_at").first()
        if caught is not None and not one.merged and not one.incident.drill:
            minutes.append(max(0, math.ceil((caught.caught_at - one.answered).total_seconds() / 60)))
    middle = rank(minutes, 50)
    found["K13", "A", "arrest", "p50"] = None if middle is None else middle * 60, len(minutes)
    for name, limit in (("within_90_min", 90), ("within_24_h", 1440)):
        found["K13", "A", "arrest", name] = ratio(sum(one <= limit for one in minutes), len(minutes)), len(minutes)


def fusion(found: Found, requests: list[Any]) -> None:
    accepted = [seconds(one.asked_at, one.accepted_at) for one in requests if one.accepted_at]
    locked = [seconds(one.asked_at, one.locked_at) for one in requests if one.locked_at]
    caught = []
    for one in requests:
        if one.locked_at:
            later = (
                Suspect.objects.filter(incident=one.incident, caught_at__gte=one.locked_at)
                .order_by("caught_at")
                .first()
            )
            caught += [seconds(one.locked_at, later.caught_at)] if later else []
    for name, times in (("accept", accepted), ("lock", locked), ("arrest", caught)):
        found["K16", "none", "fusion", f"{name}_p50"] = rank(times, 50), len(times)
    ended = [one for one in requests if one.state in ("done", "no_result")]
    found["K16", "none", "fusion", "without"] = (
        ratio(sum(one.state == "no_result" for one in ended), len(ended)),
        len(ended),
    )

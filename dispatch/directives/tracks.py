"""The units of an incident on one map, with the way that each has come and its speed (追击, M40)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

from dispatch.models import Assignment
from incidents.geo import distance_m
from incidents.models import Incident
from incidents.row import Json, stamp
from patrol import track
from patrol.models import Position

LONGEST = dt.timedelta(hours=4)
USUAL = dt.timedelta(minutes=15)
MOST_POINTS = 400


def of_incident(incident: Incident, now: dt.datetime, since: dt.datetime | None = None) -> Json:
    """Return the track of every unit that was on an incident since its mode began (or since `since`, four hours at
    most), with its last speed and the metres that it has driven."""
    begun = since or (incident.mode_at if incident.mode != "routine" else None) or now - USUAL
    start = max(begun, now - LONGEST)
    orders = Assignment.objects.filter(incident=incident).exclude(state__in=["refused", "withdrawn"]).order_by("id")
    units: dict[int, Assignment] = {order.unit_id: order for order in orders if not ended_before(order, start)}
    last = {one.unit_id: one for one in Position.objects.filter(unit_id__in=units)}
    return {
        "incident": incident.pk,
        "mode": incident.mode,
        "since": stamp(start),
        "at": stamp(now),
        "units": [line(order, last.get(unit), start, now) for unit, order in units.items()],
    }


def ended_before(order: Assignment, start: dt.datetime) -> bool:
    """Tell whether an order was over when the track begins."""
    return order.finished_at is not None and order.finished_at < start


def line(order: Assignment, last: Position | None, start: dt.datetime, now: dt.datetime) -> Json:
    """Return one unit: its points [lat, lng, ms, km/h], thinned out evenly, the last one always kept."""
    until = min(now, order.finished_at or now)
    fixes = [fix for fix in track.between(order.unit_id, start, until) if not fix[7]]
    step = max(1, -(-len(fixes) // MOST_POINTS))
    points: list[list[Any]] = [[fix[0], fix[1], fix[5], fix[3]] for fix in fixes[::step]]
    if fixes and points[-1][2] != fixes[-1][5]:
        points.append([fixes[-1][0], fixes[-1][1], fixes[-1][5], fixes[-1][3]])
    driven = sum(distance_m(a[0], a[1], b[0], b[1]) for a, b in pairwise(points))
    return {
        "unit": order.unit_id,
        "call_sign": order.call_sign,
        "assignment": order.pk,
        "state": order.state,
        "points": points,
        "metres": round(driven),
        "speed_kmh": None if last is None else last.speed_kmh,
        "heading": None if last is None else last.heading,
        "fixed_at": None if last is None else stamp(last.fixed_at),
    }

"""The road that an order has before it, renewed with the fixes of its unit (M3)."""

from __future__ import annotations

import datetime as dt
import time

from dispatch import candidates, outlooks, travel
from dispatch.directives import following
from dispatch.models import Assignment
from dispatch.ranking import UnitState
from incidents.row import Json, stamp

AT_MOST = 60  # lines on one map
KEPT_S = 3.0
_kept: dict[int, tuple[float, Json]] = {}


def shown(centre_id: int, now: dt.datetime) -> Json:
    """Return the routes of a centre's orders under way, the newest first; kept for three seconds per process, for every
    seat asks."""
    kept = _kept.get(centre_id)
    if kept is None or time.monotonic() - kept[0] > KEPT_S:
        kept = _kept[centre_id] = (time.monotonic(), {"at": stamp(now), "routes": under_way(centre_id, now)})
    return kept[1]


def forget() -> None:
    """Drop the copies."""
    _kept.clear()


def under_way(centre_id: int, now: dt.datetime) -> list[Json]:
    """Return the route of each order whose unit is not there yet."""
    orders = Assignment.objects.filter(centre_id=centre_id, state__in=outlooks.GOING, incident__lat__isnull=False)
    newest = list(orders.select_related("incident").order_by("-dispatched_at")[:AT_MOST])
    units = {unit.unit_id: unit for unit in candidates.states(centre_id, now)} if newest else {}
    found = [row(order, now, units.get(order.unit_id)) for order in newest if not order.incident.is_complaint]
    return [one for one in found if one["line"]]


def row(order: Assignment, now: dt.datetime, unit: UnitState | None = None) -> Json:
    """Return the route of an order; without a network the line is straight and says so, without a position it is
    empty."""
    if unit is None:
        unit = next(one for one in candidates.states(order.centre_id, now) if one.unit_id == order.unit_id)
    found = travel.route(order.centre_id, unit, following.leads_to(order), now)
    named = {"assignment": order.pk, "incident": order.incident_id, "unit": order.unit_id, "at": stamp(now)}
    if found is None:
        return {**named, "basis": "none", "line": []}
    ready = 0.0 if order.state == "en_route" else outlooks.still_to_wait(order, now)
    return {
        **named,
        "basis": found.basis,
        "line": [[round(lat, 6), round(lng, 6)] for lat, lng in found.line],
        "metres": round(found.metres),
        "seconds": round(found.seconds),
        "arrives_at": stamp(now + dt.timedelta(seconds=ready + found.seconds)),
        "fixed_at": stamp(unit.fixed_at),
    }

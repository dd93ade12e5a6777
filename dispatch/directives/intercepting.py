"""Asking where a fleeing vehicle can be met, with the roads, closures and free units of this moment (堵截)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from dispatch import history
from dispatch import spread as spreads
from incidents.geo import bearing_deg, distance_m
from incidents.models import Incident
from incidents.refusals import WrongTurn
from incidents.row import Json, stamp
from patrol.models import Unit
from patrol.roads import live, store
from patrol.roads.estimate import closed_now, hour_of
from patrol.roads.interception import Fleeing, Free, Point, propose

OLDEST = dt.timedelta(minutes=10)  # what was seen longer ago leads nowhere
FREE_WITHIN_M = 12_000.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A fleeing vehicle as somebody last saw it; `kmh` is shown, the search takes the careful speed."""

    lat: float
    lng: float
    seen_at: dt.datetime
    heading: float | None = None
    motorcycle: bool = False


def proposed(incident: Incident, seen: Seen, now: dt.datetime) -> Json:
    """Return the points of interception ahead of a vehicle, best first (docs/contract.md 5). Raises WrongTurn without a
    road network: a straight line says nothing about ways out."""
    network = store.current(incident.centre_id)
    if network is None:
        raise WrongTurn(incident, _("No road network is loaded: no points can be proposed."))
    units = free_units(incident.centre_id, seen, now)
    age = min(max(dt.timedelta(0), now - seen.seen_at), OLDEST).total_seconds()
    vehicle = Fleeing(seen.lat, seen.lng, seen.heading, age, "motorcycle" if seen.motorcycle else "car")
    closed = closed_now(incident.centre_id, network, now)
    found = propose(network, vehicle, units, hour_of(now), closed=closed)
    signs = dict(Unit.objects.filter(pk__in=[one.unit_id for one in found.points]).values_list("id", "call_sign"))
    return {
        "at": stamp(now),
        "incident": incident.pk,
        "points": [row(number, one, signs, seen, now) for number, one in enumerate(found.points, 1)],
        "front": found.front,
        "covered": round(found.covered, 3),
        "held": round(found.held, 3),
        "horizon_s": round(found.horizon_s),
        "free": len(units),
        "network": network.version,
    }


def free_units(centre_id: int, seen: Seen, now: dt.datetime) -> list[Free]:
    """Return the available units with a fresh position that are near enough to matter; each drives off after the
    centre's usual time from order to departure."""
    ready = float(spreads.preparation(history.parameters(centre_id, now), "dispatched", 0).mean())
    found = live.available(centre_id, now)
    near = [one for one in found if distance_m(seen.lat, seen.lng, one[1], one[2]) <= FREE_WITHIN_M]
    return [Free(unit_id, lat, lng, kind, ready) for unit_id, lat, lng, kind in near]


def row(number: int, one: Point, signs: dict[int, str], seen: Seen, now: dt.datetime) -> Json:
    """Return one point as a desk shows it."""
    metres = distance_m(seen.lat, seen.lng, one.lat, one.lng)
    return {
        "number": number,
        "point": {"lat": round(one.lat, 6), "lng": round(one.lng, 6)},
        "unit": one.unit_id,
        "call_sign": signs.get(one.unit_id, ""),
        "unit_s": round(one.unit_s),
        "vehicle_s": round(one.vehicle_s),
        "margin_s": round(one.margin_s),
        "unit_at": stamp(now + dt.timedelta(seconds=one.unit_s)),
        "vehicle_at": stamp(now + dt.timedelta(seconds=one.vehicle_s)),
        "covers": round(one.covers, 3),
        "held": round(one.held, 3),
        "metres": round(metres),
        "bearing": round(bearing_deg(seen.lat, seen.lng, one.lat, one.lng)),
    }

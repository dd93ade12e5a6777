"""What dispatch asks: how long every unit takes to a place, by road where one is known, else by straight line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from patrol.roads import closing, routes, store
from patrol.roads.costs import Closed
from patrol.roads.network import Network
from patrol.roads.profiles import AIR, profile_of
from patrol.roads.routes import Route
from patrol.roads.travel import ENOUGH, ROAD, STRAIGHT, Travel, UnitPoint, straight, travel_on

__all__ = ["ROAD", "STRAIGHT", "Travel", "UnitPoint", "closed_now", "hour_of", "straight", "travel", "travel_on", "way"]


def travel(
    centre_id: int,
    units: Sequence[UnitPoint],
    lat: float,
    lng: float,
    now: dt.datetime,
    *,
    emergency: bool = True,
    enough: int = ENOUGH,
) -> dict[int, Travel]:
    """Return the travel of each unit to a place at a moment, by unit id. Never raises for want of a road."""
    network = store.current(centre_id)
    if network is None:
        return {unit[0]: straight(unit, lat, lng, "no_network") for unit in units}
    closed = closed_now(centre_id, network, now)
    return travel_on(network, units, (lat, lng), hour_of(now), closed=closed, emergency=emergency, enough=enough)


def way(
    centre_id: int, unit: UnitPoint, lat: float, lng: float, now: dt.datetime, *, emergency: bool = True
) -> Route | None:
    """Return the line on which a unit is expected, or None where no road is known."""
    network = store.current(centre_id)
    profile = profile_of(unit[3])
    if network is None or profile == AIR:
        return None
    return routes.route(
        network, (unit[1], unit[2]), (lat, lng), profile, hour_of(now),
        closures=closed_now(centre_id, network, now), emergency=emergency,
    )  # fmt: skip


def closed_now(centre_id: int, network: Network, now: dt.datetime) -> Closed:
    """Return the edges that are closed at a moment."""
    return closing.closed_at(centre_id, network, now)


def hour_of(now: dt.datetime) -> int:
    """Return the hour of the day on the street."""
    return timezone.localtime(now).hour

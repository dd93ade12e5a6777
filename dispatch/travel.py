"""The roads of units to a place, as the ranking takes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dispatch import ranking
from dispatch.ranking import UnitState, Way
from incidents.geo import distance_m
from incidents.models import Incident
from patrol.roads import estimate
from patrol.roads.estimate import UnitPoint

URGENT_UP_TO = 2  # P1 and P2 drive with lights and siren


@dataclass(frozen=True, slots=True)
class Line:
    """The way that a unit has before it, and on which basis."""

    line: list[tuple[float, float]]
    seconds: float
    metres: float
    basis: str


def ways(
    centre_id: int, units: Iterable[UnitState], lat: float, lng: float, now: dt.datetime, *, emergency: bool
) -> dict[int, Way]:
    """Return the road of every unit that has a position, by unit id; straight and said to be so without a road."""
    points = [point_of(unit) for unit in units if unit.lat is not None]
    return estimate.travel(centre_id, points, lat, lng, now, emergency=emergency)


def point_of(unit: UnitState) -> UnitPoint:
    """Return a unit as the roads know it."""
    assert unit.lat is not None and unit.lng is not None
    return unit.unit_id, unit.lat, unit.lng, unit.kind


def route(centre_id: int, unit: UnitState, incident: Incident, now: dt.datetime) -> Line | None:
    """Return the line on which a unit is expected at an incident, straight without a road; None without a position."""
    if unit.lat is None or unit.lng is None or incident.lat is None or incident.lng is None:
        return None
    found = estimate.way(
        centre_id, point_of(unit), incident.lat, incident.lng, now, emergency=incident.priority <= URGENT_UP_TO
    )
    if found is not None:
        return Line(found.line, found.seconds, found.metres, ranking.ROAD)
    metres = distance_m(unit.lat, unit.lng, incident.lat, incident.lng)
    line = [(unit.lat, unit.lng), (incident.lat, incident.lng)]
    return Line(
        line, estimate.straight(point_of(unit), incident.lat, incident.lng, "").seconds, metres, ranking.STRAIGHT
    )

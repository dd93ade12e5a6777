"""A simulated stretch of days as rows of a centre, so that a page's figures can be held against the simulator's own count.

The simulation knows nothing of the product's statistics, and they know nothing of it: between them stand only the
incidents, calls and orders with their times.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from dispatch import policy as rules
from dispatch import spread
from dispatch.evaluation import days, figures, simulation
from dispatch.evaluation.policies import POLICIES
from dispatch.evaluation.simulation import Result, Trip
from dispatch.evaluation.world import world
from dispatch.models import Assignment
from incidents.models import Call, Centre, Incident, Organisation
from patrol.models import Unit

BEGIN = dt.datetime(2026, 3, 1, tzinfo=dt.timezone(dt.timedelta(hours=8)))
SCENE = dt.timedelta(minutes=20)
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulation says of itself: incidents of the base set by priority, those reached within five minutes of the
    answer, and of the first order."""

    n: dict[int, int]
    hits_a: dict[int, int]
    hits_b: dict[int, int]


def simulate(length: int, seed: int, policy: str) -> Result:
    """Play so many days under a policy."""
    city = world()
    shipped = spread.shipped(rules.current())
    return simulation.run(city, list(days.events(city, length, seed)), POLICIES[policy], shipped, seed)


def own_count(result: Result) -> Simulated:
    """Return what the simulator itself counts (`dispatch.evaluation.figures`)."""
    rows = figures.arrivals(result)
    limit = figures.LIMITS["5"]
    found = Simulated({}, {}, {})
    for priority in sorted({int(value) for value in rows[:, 1]}):
        group = rows[rows[:, 1] == priority]
        found.n[priority] = len(group)
        found.hits_a[priority] = int((group[:, 2] <= limit).sum())
        found.hits_b[priority] = int((group[:, 3] <= limit).sum())
    return found


def write(centre: Centre, station: Organisation, result: Result) -> None:
    """Write a simulation's incidents, their calls and their orders."""
    base: dict[str, Any] = {"centre": centre, "created_at": BEGIN, "updated_at": BEGIN}
    units = {
        number: Unit.objects.create(
            call_sign=f"S{number:03}", label=f"S{number:03}", kind="UP", squad=station, status_at=BEGIN, **base
        )
        for number in sorted({trip.unit for trip in result.trips})
    }
    trips: dict[int, list[Trip]] = {}
    for trip in result.trips:
        trips.setdefault(trip.event.number, []).append(trip)
    incidents = {number: incident_of(found[0], station, base) for number, found in trips.items()}
    Incident.objects.bulk_create(incidents.values(), batch_size=BATCH)
    calls = [call_of(found[0], incidents[number], base) for number, found in trips.items()]
    Call.objects.bulk_create(calls, batch_size=BATCH)
    orders = [
        order_of(trip, incidents[number], units[trip.unit], base) for number, found in trips.items() for trip in found
    ]
    Assignment.objects.bulk_create(orders, batch_size=BATCH)


def moment(seconds: float) -> dt.datetime:
    """Return the moment of a second of the simulation."""
    return BEGIN + dt.timedelta(seconds=seconds)


def incident_of(trip: Trip, station: Organisation, base: dict[str, Any]) -> Incident:
    """Return the incident of a trip."""
    event = trip.event
    last = moment(trip.arrived) + SCENE
    return Incident(
        incident_no=f"S{event.number:06}", answered_at=moment(event.answered), stage="closed", priority=event.priority,
        type_reported=event.code, type_verified=event.code, jurisdiction=station, closed_at=last, **base,
    )  # fmt: skip


def call_of(trip: Trip, incident: Incident, base: dict[str, Any]) -> Call:
    """Return the call that told an incident."""
    return Call(
        call_no=f"C{trip.event.number:06}", state="done", channel="CH11", kind="CK01", validity="valid",
        ring_at=moment(trip.event.answered - 2), answered_at=moment(trip.event.answered), incident=incident, **base,
    )  # fmt: skip


def order_of(trip: Trip, incident: Incident, unit: Unit, base: dict[str, Any]) -> Assignment:
    """Return the order of a trip."""
    return Assignment(
        assignment_no=f"O{trip.event.number:06}-{unit.call_sign}", incident=incident, unit=unit,
        call_sign=unit.call_sign, unit_kind=unit.kind, state="finished", purpose="first" if trip.first else "support",
        dispatched_at=moment(trip.sent), accepted_at=moment(trip.accepted), departed_at=moment(trip.departed),
        on_scene_at=moment(trip.arrived), finished_at=moment(trip.arrived) + SCENE, **base,
    )  # fmt: skip

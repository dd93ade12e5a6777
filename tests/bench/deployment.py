"""A trial of another deployment over a month of the demo city's volume on its roads: both fleets, whole, in one process."""

from __future__ import annotations

import time

import numpy as np

from dispatch import policy as policies
from dispatch import spread
from dispatch.deployment import compare
from dispatch.deployment.day import Counted, Period, Side, played
from dispatch.deployment.fleet import CITY_OFFSET_S, DAY_S, Span, Stand, changed
from dispatch.deployment.ground import Beats, Ground
from dispatch.deployment.play import ROAD, Rules, Wanted
from dispatch.evaluation import days
from dispatch.evaluation.world import world
from incidents.demo_city import fleet
from tests.bench.figures import emit

SINCE = 20_000 * DAY_S - CITY_OFFSET_S
DAYS, SEED = 30, 1


def run(stack: object, seconds: float) -> None:
    """Play the month; a sample is one day with both fleets. The stack is not used."""
    period = month(max(7, min(DAYS, int(seconds / 2))))
    stands = fleet_of_city(period.days)
    move = [{"kind": "move", "unit": stands[0].unit, "lat": stands[-1].lat, "lng": stands[-1].lng}]
    network, policy = world().network, policies.current()
    rules = Rules(ROAD, policy, spread.shipped(policy), SEED)
    after = changed(stands, move, SINCE, SINCE + period.days * DAY_S)
    sides = [Side(one, Beats(network, one, SEED), rules) for one in (stands, after)]
    ground = Ground(network, np.array([(one.lat, one.lng) for one in period.orders]), SEED)
    samples, kept = [], []
    begun = time.process_time()
    for day in range(period.days):
        started = time.process_time()
        kept.append(played(ground, period, sides, day))
        samples.append((time.process_time() - started) * 1e3)
    answer = compare.answer(kept, SEED)
    emit(
        "deployment_trial_day", samples, days=period.days, incidents=answer["n"], orders=len(period.orders),
        units=len(stands), nodes=network.nodes, whole_s=round(time.process_time() - begun, 1),
        within_5_A=next((one["baseline"] for one in answer["measures"] if one["key"] == "within_5_A"), None),
    )  # fmt: skip


def month(length: int) -> Period:
    """Return the simulated calls of so many days as a record."""
    city = world()
    orders, counted = [], []
    for event in days.events(city, length, SEED):
        lat, lng = city.spot_degrees[event.spot]
        answered = SINCE + event.answered
        counted.append(Counted(event.number, event.priority, answered, None))
        for unit in range(event.units):
            orders.append(
                Wanted(
                    event.number * 10 + unit, event.number, SINCE + event.ready, answered, event.priority, event.code,
                    lat, lng, event.minutes * 60, days.KINDS[event.code],
                )
            )  # fmt: skip
    return Period(sorted(orders, key=lambda one: (one.at, one.order)), counted, SINCE, length)


def fleet_of_city(length: int) -> list[Stand]:
    """Return the demo city's fleet, on duty all the time."""
    duty = (Span(SINCE - DAY_S, SINCE + (length + 1) * DAY_S),)
    return [
        Stand(
            number, unit.call_sign, unit.kind, unit.home[1], unit.home[0], duty, (), unit.equipment, unit.armed,
            unit.carries_detainees,
        )
        for number, unit in enumerate(fleet.units(), 1)
        if unit.dispatchable and unit.kind != "UD"
    ]  # fmt: skip

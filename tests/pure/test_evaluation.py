"""The offline judge: the same calls for each policy, differences with intervals, chances that come true."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.evaluation import calibration, days, figures, policies, simulation
from dispatch.evaluation.world import World, world
from dispatch.management.commands.evaluate import evaluate
from dispatch.policy import current
from dispatch.spread import shipped


@pytest.fixture(scope="module")
def city() -> World:
    """The demo city's tables, built once."""
    return world()


@pytest.fixture(scope="module")
def told(city: World) -> dict[str, Any]:
    """Three days under each policy."""
    return evaluate("road", 3, 7, alone=False)


def test_the_calls_are_the_same_for_every_policy_and_every_run(city: World) -> None:
    one, other = (list(days.events(city, 1, 3)) for _ in range(2))
    assert one == other
    assert 150 < len(one) < 350
    assert all(event.ready > event.answered for event in one)


def test_the_same_seed_gives_the_same_figures(city: World) -> None:
    calls = list(days.events(city, 1, 5))
    spread = shipped(current())
    first, second = (simulation.run(city, calls, policies.by_road, spread, 5) for _ in range(2))
    assert figures.summary(figures.arrivals(first)) == figures.summary(figures.arrivals(second))


def test_no_unit_is_at_two_scenes_at_once(city: World) -> None:
    result = simulation.run(city, days.events(city, 1, 5), policies.by_road, shipped(current()), 5)
    busy: dict[int, float] = {}
    for trip in sorted(result.trips, key=lambda one: one.sent):
        assert trip.sent >= busy.get(trip.unit, 0.0)
        assert trip.sent < trip.accepted < trip.departed < trip.arrived
        busy[trip.unit] = trip.arrived
    assert result.unserved == 0


def test_road_time_beats_the_owner_station_and_the_straight_line(told: dict[str, Any]) -> None:
    beat = told["against"]["fixed-beat"]["within_5_A"]
    assert beat["interval"][0] > 0.05
    assert told["against"]["straight"]["within_5_A"]["difference"] > 0
    low, high = beat["interval"]
    assert low <= beat["difference"] <= high


def test_a_run_is_no_better_than_itself(city: World) -> None:
    result = simulation.run(city, days.events(city, 2, 5), policies.by_line, shipped(current()), 5)
    rows = figures.arrivals(result)
    assert figures.difference(rows, rows, 1)["within_5_A"] == {"difference": 0.0, "interval": [0.0, 0.0]}


def test_chances_come_true_and_warnings_come_before_the_miss(city: World) -> None:
    found = calibration.calibrate(city, 4, 2, learn=3)
    five = found["fitted"]["A5"]
    assert five["brier"] < 0.4 * five["brier_of_rate"]
    assert five["mean_error"] < 0.05
    assert sum(row["n"] for row in five["table"]) == five["n"]
    warning = found["warning"]
    assert warning["warned_before"] > 0.9 * warning["misses"]
    assert warning["lead_p50_s"] > 60

"""部署推演 (M28): the same luck for both fleets, so that what differs is the deployment alone. On straight lines, without
a network."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

from dispatch import policy as policies
from dispatch import spread
from dispatch.deployment import compare, demand, lines
from dispatch.deployment.day import Counted, Period, Side, played
from dispatch.deployment.fleet import DAY_S, Span, Stand, changed, ordered
from dispatch.deployment.ground import Beats, Ground
from dispatch.deployment.play import OWN_STATION, ROAD, Player, Rules, Wanted, play

SINCE = 1_790_000_000.0 // DAY_S * DAY_S - 8 * 3_600.0  # a midnight of the city
LAT, LNG = 24.51, 117.65
HOT = (24.56, 117.75)  # eleven kilometres from every post
DAYS, A_DAY, SEED = 10, 40, 7


def stand(unit: int, lat: float = LAT, lng: float = LNG, **facts: Any) -> Stand:
    """A car on duty all the time."""
    duty = (Span(SINCE - DAY_S, SINCE + (DAYS + 1) * DAY_S),)
    return Stand(unit, f"C{unit}", "UP", lat, lng, **{"duty": duty, **facts})


def period(days: int = DAYS, a_day: int = A_DAY, hot: float = 0.5) -> Period:
    """Incidents near the posts, and a share of them at the hot spot, each with one order."""
    random = Random(1)
    orders, counted = [], []
    for number in range(1, days * a_day + 1):
        at = SINCE + random.uniform(0, days * DAY_S)
        lat, lng = HOT if random.random() < hot else (LAT + random.uniform(-0.01, 0.01), LNG)
        orders.append(Wanted(number, number, at + 60, at, random.choice((1, 2, 3)), "0401", lat, lng, 600.0))
        counted.append(Counted(number, orders[-1].priority, at, 400.0))
    return Period(sorted(orders, key=lambda one: one.at), counted, SINCE, days)


def side(stands: list[Stand], way: str = ROAD) -> Side:
    """A fleet under the shipped policy."""
    policy = policies.current()
    return Side(stands, Beats(None, stands, SEED), Rules(way, policy, spread.shipped(policy), SEED))


def trial(before: list[Stand], after: list[Stand], what: Period | None = None, way: str = ROAD) -> compare.Json:
    """Play a period with two fleets and compare them."""
    what = what or period()
    ground = Ground(None, np.zeros((0, 2)), SEED)
    sides = [side(before), side(after, way)]
    return compare.answer([played(ground, what, sides, day) for day in range(what.days)], SEED)


def line(answer: compare.Json, key: str) -> compare.Json:
    """Return one measure."""
    return next(one for one in answer["measures"] if one["key"] == key)


FLEET = [stand(1), stand(2, LAT + 0.004), stand(3, LAT - 0.004)]


def test_the_same_fleet_differs_by_exactly_nothing() -> None:
    answer = trial(FLEET, list(FLEET))
    known = [one for one in answer["measures"] if one["key"] != "covered"]
    assert {(one["difference"], *one["interval"]) for one in known} == {(0.0, 0.0, 0.0)}
    assert line(answer, "covered")["difference"] is None, "nothing is known of coverage without roads"
    there_and_back = [{"kind": "shift", "unit": 1, "minutes": 60}, {"kind": "shift", "unit": 1, "minutes": -60}]
    assert changed(FLEET, there_and_back, SINCE, SINCE + DAY_S) == FLEET


def test_a_post_moved_to_a_planted_hot_spot_shows_an_improvement_whose_interval_excludes_zero() -> None:
    move = [{"kind": "move", "unit": 3, "lat": HOT[0], "lng": HOT[1]}]
    answer = trial(FLEET, changed(FLEET, move, SINCE, SINCE + DAYS * DAY_S))
    for key in ("within_5_A", "within_10_B"):
        assert line(answer, key)["interval"][0] > 0.1, key
    assert line(answer, "median_A")["interval"][1] < -60
    assert line(answer, "km_a_day")["interval"][1] < 0


def test_a_unit_that_is_not_there_helps_nobody_and_one_more_hurts_nobody_where_nothing_waits() -> None:
    """One incident at a time: the unit that is nearest in time goes, so a larger fleet is never later."""
    what = period(hot=0.0)
    apart = [
        replace(one, at=SINCE + at * 3_000.0, answered=SINCE + at * 3_000.0 - 60) for at, one in enumerate(what.orders)
    ]
    ground = Ground(None, np.zeros((0, 2)), SEED)
    fleets = [FLEET, changed(FLEET, [{"kind": "remove", "unit": 2}], SINCE, SINCE + DAY_S), []]
    players = [Player(ground, one.stands, one.beats, one.rules) for one in map(side, fleets)]
    play(players, apart, [])
    whole, fewer, nobody = ({trip.wanted.order: trip.arrived for trip in player.trips} for player in players)
    later = [fewer[order] - whole[order] for order in whole]
    assert np.mean(later) > 0
    assert np.mean([one >= -1e-6 for one in later]) > 0.9, "the load of the shift may decide otherwise, rarely"
    assert (nobody, len(players[2].unserved)) == ({}, len(apart))


def test_nobody_is_sent_off_duty_on_a_break_or_twice_at_a_time() -> None:
    day = period(days=1, a_day=120)
    noon = SINCE + DAY_S / 2
    half = stand(1, duty=(Span(SINCE, noon),), away=(Span(SINCE, SINCE + 7_200, "break"),))
    ground = Ground(None, np.zeros((0, 2)), SEED)
    one = side([half, stand(2)])
    player = Player(ground, one.stands, one.beats, one.rules)
    play([player], day.orders, [])
    sent = sorted((trip.stand, trip.sent, trip.free) for trip in player.trips)
    assert all(SINCE + 7_200 <= at < noon for number, at, _ in sent if number == 0)
    assert all(first[2] <= second[1] for first, second in pairwise(sent) if first[0] == second[0])
    assert len(player.trips) + len(player.unserved) == len(day.orders)
    assert all(trip.sent >= trip.wanted.at for trip in player.trips)


def test_the_own_station_goes_even_when_another_unit_is_nearer() -> None:
    near, own = stand(1, belongs=(10,)), stand(2, LAT + 0.05, belongs=(20,))
    what = period(hot=0.0)
    what = Period([replace(one, owner=20) for one in what.orders], what.counted, SINCE, what.days)
    answer = trial([near, own], [near, own], what, way=OWN_STATION)
    assert line(answer, "median_A")["interval"][0] > 0


def test_too_little_gives_words_and_no_figure() -> None:
    few = trial(FLEET, FLEET, period(days=DAYS, a_day=15))
    short = trial(FLEET, FLEET, period(days=5, a_day=60))
    assert [(one["insufficient"], one["measures"]) for one in (few, short)] == [(True, []), (True, [])]
    assert lines.of_trial({"answer": few})[-1][0] == "insufficient"
    sides = [side(FLEET), side(FLEET)]
    ground, what = Ground(None, np.zeros((0, 2)), SEED), period(days=6, a_day=60)
    silent = replace(what, days=9)
    again = compare.answer([played(ground, silent, sides, day) for day in range(9)], SEED)
    assert (again["days"], again["insufficient"]) == (6, True), "a day of which nothing was recorded is no day"


def test_the_replay_says_whether_it_agrees_with_what_happened() -> None:
    what = period(hot=0.0)
    told = trial(FLEET, FLEET, what)["calibration"]
    assert (told["n"], told["recorded_within_5"], told["agrees"]) == (DAYS * A_DAY, 0.0, False)
    unknown = Period(what.orders, [replace(one, recorded_s=None) for one in what.counted], SINCE, what.days)
    assert trial(FLEET, FLEET, unknown)["calibration"]["agrees"] is None


def test_an_added_unit_works_its_hours_of_every_day_over_midnight() -> None:
    night = {
        "kind": "add",
        "unit_kind": "UP",
        "call_sign": "+1",
        "lat": LAT,
        "lng": LNG,
        "from_minute": 22 * 60,
        "to_minute": 6 * 60,
    }
    [made] = changed([], [night], SINCE, SINCE + 3 * DAY_S)
    assert made.duty_s(SINCE, SINCE + 3 * DAY_S) == 3 * 8 * 3_600
    assert [made.status(SINCE + hour * 3_600) for hour in (1, 5.9, 6, 21.9, 23)] == [
        "available",
        "available",
        "",
        "",
        "available",
    ]
    assert ordered([Span(5, 9), Span(0, 6, "break")]) == (Span(0, 6, "break"), Span(6, 9))


@pytest.mark.parametrize(("n", "bounds"), [(0, (0.0, 3.6889)), (1, (0.0253, 5.5716)), (100, (81.3639, 121.6272))])
def test_the_bounds_of_a_count_are_the_exact_ones(n: int, bounds: tuple[float, float]) -> None:
    assert demand.poisson(n) == pytest.approx(bounds, abs=1e-3)


def test_unit_hours_fall_into_their_hours_of_the_week_and_lose_nothing() -> None:
    span = Span(SINCE + 1_800, SINCE + 8 * DAY_S + 600)
    hours = demand.hours_of(span, SINCE, SINCE + 30 * DAY_S)
    assert hours.sum() == pytest.approx((span.end - span.start) / 3_600)
    first = demand.hour_of_week(SINCE)
    assert (hours[first], hours[(first + 1) % 168]) == pytest.approx((0.5 + 1.0, 2.0))
    assert demand.line(3, 0.0)["per_unit_hour"] is None
    assert math.isclose(demand.line(6, 4.0)["per_unit_hour"], 1.5)

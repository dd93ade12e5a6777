"""What is foreseen: arrival of orders, warnings, swaps, the joint proposal, and what positions show."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import by_position, joint, outlook, ranking, spread
from dispatch import policy as policies
from dispatch.by_position import Fix
from dispatch.outlook import Going
from dispatch.ranking import Candidate, Drop, Way
from tests.pure.test_ranking import ASKED, NOW, POLICY, SECOND, by_road, ranked, unit

SHIPPED = spread.shipped(POLICY)


def going(seconds: float, state: str = "en_route", waited: float = 0.0, number: int = 1) -> Going:
    """Return an order under way with so much road left."""
    return Going(number, number, f"C{number}", state, waited, Way(seconds, None, "road"), 3.0)


def foreseen(left: dict[str, float], orders: list[Going], free: list[Candidate], priority: int = 2) -> outlook.Outlook:
    """Foresee with the shipped figures."""
    return outlook.foresee(
        5, priority, left, going=orders, free=free, spread=SHIPPED, warning=POLICY.warning, swap=POLICY.swap
    )


def candidates(**seconds: float) -> list[Candidate]:
    """Return free units by their road: `u2=60`."""
    ways = by_road(**seconds)
    return ranked(ASKED, [unit(number) for number in ways], ways).recommended()


def test_slack_is_the_time_left_minus_the_best_achievable_time() -> None:
    found = foreseen({"A5": 200.0, "A10": 500.0}, [going(100)], [])
    assert found.best_s == pytest.approx(100 * SHIPPED.road.mean, abs=0.1)
    assert found.slack_s == pytest.approx(200 - (found.best_s or 0), abs=0.11)
    assert found.is_going


def test_each_step_brings_the_arrival_nearer() -> None:
    states = [("dispatched", 0.0), ("accepted", 0.0), ("en_route", 0.0)]
    etas = [foreseen({}, [going(100, state, waited)], []).best_s or 0 for state, waited in states]
    assert etas[0] > etas[1] > etas[2]


def test_two_units_under_way_are_surer_than_one() -> None:
    left = {"A5": 110.0}
    one = foreseen(left, [going(105)], []).chance["A5"]
    two = foreseen(left, [going(105), going(105, number=2)], []).chance["A5"]
    assert one < two < 1
    assert two == pytest.approx(1 - (1 - one) ** 2, abs=1e-3)


def test_what_nobody_can_reach_in_time_is_said_at_once() -> None:
    found = foreseen({"A5": 60.0, "A10": 360.0}, [], candidates(u2=400.0))
    assert "A5" in found.unreachable
    nobody = foreseen({"A5": 60.0}, [], [])
    assert (nobody.best_s, nobody.who, nobody.unreachable) == (None, None, ["A5"])
    assert nobody.slack_s < -80_000


def test_a_swap_is_proposed_for_a_clear_gain_and_kept_for_a_smaller_one() -> None:
    clear = foreseen({"A5": 200.0}, [going(400)], candidates(u2=60.0)).swap
    assert clear is not None
    assert outlook.begins(clear, 400, POLICY.swap)
    slight = foreseen({"A5": 200.0}, [going(140)], candidates(u2=60.0)).swap
    assert slight is not None
    assert not outlook.begins(slight, 140, POLICY.swap)
    assert foreseen({"A5": 200.0}, [going(100)], candidates(u2=90.0)).swap is None


def test_a_unit_with_other_work_is_never_proposed_for_a_swap() -> None:
    busy = unit(2, status="en_route", drop=Drop(9, 9, "N", 4, "en_route"))
    found = ranking.rank(
        ranking.Question(NOW, 1, "0202", NOW, lat=24.51, lng=117.65),
        [busy],
        by_road(u2=5),
        policy=POLICY,
        spread=SHIPPED,
    )
    assert found.recommended()
    assert foreseen({"A5": 200.0}, [going(900)], found.recommended(), priority=1).swap is None


# --- together ---


@given(st.integers(0, 2**32))
def test_together_is_the_best_of_all_matchings_and_no_unit_goes_twice(seed: int) -> None:
    random = Random(seed)
    incidents, units = random.randint(1, 4), random.randint(1, 4)
    queue = [(number, random.randint(1, 4)) for number in range(incidents)]
    offers = {number: candidates(**{f"u{one}": random.uniform(10, 900) for one in range(units)}) for number, _ in queue}
    found = joint.match(queue, offers)
    chosen = [pair.unit for pair in found.together]
    assert len(set(chosen)) == len(chosen) == min(incidents, units)
    assert len(found.without) == incidents - len(chosen)
    cost = {(number, one.unit.unit_id): one.cost_s for number, offered in offers.items() for one in offered}
    weight = dict(queue)
    total = sum(cost[pair.incident, pair.unit] * joint.URGENCY[weight[pair.incident]] for pair in found.together)
    if incidents <= units:
        best = min(
            sum(
                cost[number, unit_] * joint.URGENCY[weight[number]]
                for (number, _), unit_ in zip(queue, way, strict=True)
            )
            for way in permutations(range(units), incidents)
        )
        assert total == pytest.approx(best)


def test_together_is_faster_when_the_first_takes_the_only_unit_of_the_second() -> None:
    offers = {1: candidates(u1=60.0, u2=70.0), 2: candidates(u1=80.0, u2=600.0)}
    found = joint.match([(1, 3), (2, 3)], offers)
    assert {(pair.incident, pair.unit) for pair in found.together} == {(1, 2), (2, 1)}
    assert found.saves_s > 400


def test_an_empty_queue_and_an_empty_street_are_told() -> None:
    assert joint.match([], {}).together == []
    assert joint.match([(1, 2)], {1: []}).without == [1]


# --- by position ---


def fix(second: float, lat: float, lng: float = 117.65, *, accuracy: float | None = 8.0, late: float = 1.0) -> Fix:
    """Return a fix at a second."""
    at = NOW + second * SECOND
    return Fix(at, at + late * SECOND, lat, lng, accuracy)


def test_departure_is_the_first_fix_more_than_a_hundred_metres_from_the_acceptance() -> None:
    track = [fix(-5, 24.5), fix(5, 24.5005), fix(10, 24.50095), fix(15, 24.502)]
    found = by_position.departure(track, NOW)
    assert found is not None
    assert found.at == NOW + 10 * SECOND
    assert by_position.departure(track[:2], NOW) is None
    assert by_position.departure([], NOW) is None


@pytest.mark.parametrize(
    ("second", "arrives"),
    [
        (fix(15, 24.51), True),
        (fix(15, 24.52), False),  # drove past
        (fix(15, 24.51, accuracy=80), False),
        (fix(15, 24.51, accuracy=None), False),
        (fix(15, 24.51, late=16), False),
    ],
)
def test_arrival_needs_two_fresh_sharp_fixes_in_a_row_near_the_place(second: Fix, arrives: bool) -> None:
    track = [fix(0, 24.50), fix(10, 24.5101), second]
    found = by_position.arrival(track, 24.51, 117.65, NOW)
    assert (found is not None) == arrives
    if found is not None:
        assert found.at == NOW + 10 * SECOND


def test_fixes_before_the_order_show_no_arrival() -> None:
    track = [fix(-20, 24.51), fix(-10, 24.51)]
    assert by_position.arrival(track, 24.51, 117.65, NOW) is None
    assert policies.current().warning.clear_at < policies.current().warning.miss_at
    assert dt.timedelta(0) < SECOND

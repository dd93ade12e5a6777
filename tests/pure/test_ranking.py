"""The ranking: who goes first and why, the chance to be there in time, and the same answer from a kept question."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import policy as policies
from dispatch import rank_record, ranking, spread
from dispatch.policy import UnknownPolicy
from dispatch.rank_record import Asked
from dispatch.ranking import Drop, Question, Ranking, UnitState, Way

NOW = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)
POLICY = policies.current()
SHIPPED = spread.shipped(POLICY)
SECOND = dt.timedelta(seconds=1)
ASKED = Question(at=NOW, priority=3, type_code="020101", answered_at=NOW - 40 * SECOND, lat=24.51, lng=117.65)


def unit(number: int, **facts: Any) -> UnitState:
    """Return a free car with a fresh fix."""
    known: dict[str, Any] = {
        "label": "", "kind": "UP", "status": "available", "dispatchable": True,
        "lat": 24.51, "lng": 117.65, "fixed_at": NOW - 5 * SECOND,
    }  # fmt: skip
    return UnitState(unit_id=number, call_sign=f"C{number}", **(known | facts))


def by_road(**seconds: float) -> dict[int, Way]:
    """Return road times by unit: `u1=60`."""
    return {int(name[1:]): Way(value, value * 8, "road") for name, value in seconds.items()}


def ranked(question: Question, units: list[UnitState], ways: dict[int, Way], **more: Any) -> Ranking:
    """Rank with the shipped policy and spread."""
    return ranking.rank(question, units, ways, policy=POLICY, spread=SHIPPED, **more)


def order_of(found: Ranking) -> list[int]:
    """Return the unit ids in their order."""
    return [one.unit.unit_id for one in found.candidates]


def test_the_nearest_by_road_goes_first_wherever_it_stands_by_line() -> None:
    across_the_river = unit(1, lat=24.5101)
    round_the_corner = unit(2, lat=24.52)
    found = ranked(ASKED, [across_the_river, round_the_corner], by_road(u1=400, u2=90))
    assert order_of(found) == [2, 1]
    assert found.basis == "road"
    assert found.candidates[0].chance["A5"] > found.candidates[1].chance["A5"]


def test_without_a_road_the_line_decides_and_says_so() -> None:
    found = ranked(ASKED, [unit(1, lat=24.53), unit(2, lat=24.512)], {})
    assert (order_of(found), found.basis) == ([2, 1], "straight")
    assert {one.why for one in found.candidates} == {"no_network"}


@pytest.mark.parametrize("facts", [{"fixed_at": NOW - 181 * SECOND}, {"suspect": True}])
def test_a_unit_without_a_fresh_fix_is_listed_last_and_never_recommended(facts: dict[str, Any]) -> None:
    found = ranked(ASKED, [unit(1, **facts), unit(2)], by_road(u1=10, u2=500))
    assert order_of(found) == [2, 1]
    assert [one.unit.unit_id for one in found.recommended()] == [2]


def test_a_unit_on_less_urgent_work_is_offered_to_the_urgent_alone_and_names_what_it_drops() -> None:
    drop = Drop(7, 70, "350600-1", 3, "en_route")
    units = [unit(1, status="en_route", drop=drop), unit(2)]
    urgent = ranked(replace(ASKED, priority=1), units, by_road(u1=30, u2=400))
    assert order_of(urgent) == [1, 2]
    assert urgent.candidates[0].unit.drop == drop
    assert order_of(ranked(ASKED, units, by_road(u1=30, u2=400))) == [2]
    equal = ranked(replace(ASKED, priority=1), [replace(units[0], drop=replace(drop, priority=1))], {})
    assert [one.code for one in equal.excluded] == ["as_urgent"]


def test_a_unit_on_scene_is_never_taken_from_its_work() -> None:
    there = unit(1, status="on_scene", drop=Drop(7, 70, "350600-1", 4, "on_scene"))
    assert [one.code for one in ranked(replace(ASKED, priority=1), [there], {}).excluded] == ["on_scene"]


def test_what_the_type_needs_weighs_more_than_a_minute() -> None:
    drowning = replace(ASKED, priority=3, needs=POLICY.needs_of("0501"))
    equipped = unit(2, equipment=("救生圈",))
    found = ranked(drowning, [unit(1), equipped], by_road(u1=60, u2=120))
    assert order_of(found) == [2, 1]
    assert found.candidates[1].lacks == ("water",)


def test_the_longest_code_names_the_needs() -> None:
    assert POLICY.needs_of("0501") == ("water",)
    assert POLICY.needs_of("0705") == ("armed",)
    assert POLICY.needs_of("0703") == ("detainees",)
    assert POLICY.needs_of("020101") == ()


def test_coverage_reorders_the_first_and_lets_nobody_behind_move_up() -> None:
    units = [unit(number) for number in (1, 2, 3)]
    ways = by_road(u1=100, u2=110, u3=115)
    found = ranked(ASKED, units, ways, coverage={1: 0.60, 2: 0.80}, coverage_now=0.82)
    assert order_of(found) == [2, 1, 3]
    assert found.candidates[0].coverage_after == 0.80


def test_load_is_shared_among_equals_for_less_urgent_work_only() -> None:
    units = [unit(1, orders=6), unit(2, orders=0)]
    assert order_of(ranked(ASKED, units, by_road(u1=100, u2=105))) == [2, 1]
    assert order_of(ranked(replace(ASKED, priority=1), units, by_road(u1=100, u2=105))) == [1, 2]


def test_every_unit_is_a_candidate_or_excluded_with_its_reason() -> None:
    statuses = ["available", "on_task", "off_duty", "break", "transporting", "on_scene", "out_of_service"]
    units = [unit(number, status=status) for number, status in enumerate(statuses)]
    units += [unit(50, dispatchable=False), unit(51, lat=None), unit(52)]
    found = ranked(replace(ASKED, present=frozenset([52])), units, {})
    assert len(found.candidates) + len(found.excluded) == len(units)
    assert all(one.code for one in found.excluded)


# --- the chance to be there in time ---


@given(st.floats(5, 1500), st.floats(30, 900))
def test_the_chance_agrees_with_drawing_it(seconds: float, limit: float) -> None:
    random = np.random.default_rng(1)
    draws = (
        np.exp(random.normal(SHIPPED.accept.mu, SHIPPED.accept.sigma, 20_000))
        + np.exp(random.normal(SHIPPED.turnout.mu, SHIPPED.turnout.sigma, 20_000))
        + seconds * np.exp(random.normal(SHIPPED.road.mu, SHIPPED.road.sigma, 20_000))
    )
    ready = spread.preparation(SHIPPED)
    chance = spread.chances(ready, SHIPPED.road, np.array([seconds]), np.array([limit]))[0, 0]
    assert chance == pytest.approx(float((draws <= limit).mean()), abs=0.03)


@given(st.lists(st.floats(1, 2000), min_size=2, max_size=30))
def test_who_is_nearer_never_has_the_smaller_chance(seconds: list[float]) -> None:
    estimates = np.array(sorted(seconds))
    chance = spread.chances(spread.preparation(SHIPPED), SHIPPED.road, estimates, np.array([300.0, 600.0]))
    assert (np.diff(chance[:, 0]) <= 1e-12).all()
    assert (chance[:, 0] <= chance[:, 1] + 1e-12).all()


def test_a_clock_that_has_run_out_leaves_no_chance() -> None:
    found = ranked(replace(ASKED, answered_at=NOW - 301 * SECOND), [unit(1)], by_road(u1=5))
    assert found.candidates[0].chance["A5"] == 0.0
    assert found.candidates[0].chance["A10"] > 0.9
    assert found.candidates[0].chance["B5"] > 0.9


def test_a_delay_that_lasts_is_at_least_as_long_as_it_has_lasted() -> None:
    fresh, waiting = spread.preparation(SHIPPED, "accepted", 0), spread.preparation(SHIPPED, "accepted", 60)
    assert waiting.mean() > 0
    assert len(waiting) < len(fresh)
    assert spread.preparation(SHIPPED, "accepted", 100_000).tolist() == [spread.ALMOST_OVER_S]
    assert spread.preparation(SHIPPED, "en_route", 10).tolist() == [0.0]


def test_a_history_is_used_where_there_is_enough_of_it() -> None:
    random = Random(3)
    many = [random.lognormvariate(2.0, 0.3) for _ in range(400)]
    found = spread.fitted(POLICY, {"accept": many, "turnout": many[:10], "road": [0.0, -1.0]})
    assert found.accept.source == "history"
    assert found.accept.mu == pytest.approx(2.0, abs=0.05)
    assert (found.turnout.source, found.turnout.n) == ("shipped", 10)
    assert found.turnout.mu == SHIPPED.turnout.mu
    assert found.road.source == "shipped"


# --- the kept question ---


@given(st.integers(0, 2**32))
def test_a_kept_question_gives_the_same_answer(seed: int) -> None:
    random = Random(seed)
    units = [
        unit(
            number,
            lat=24.5 + random.random() / 50,
            lng=117.6 + random.random() / 20,
            fixed_at=NOW - random.uniform(0, 240) * SECOND,
            status=random.choice(["available", "on_task", "en_route", "break"]),
            orders=random.randrange(9),
            freed_at=NOW - random.uniform(0, 3600) * SECOND,
            drop=Drop(number, 1, "N", random.randint(1, 4), "accepted") if random.random() < 0.3 else None,
        )
        for number in range(random.randint(0, 20))
    ]
    ways = {one.unit_id: Way(random.uniform(1, 900), None, "road") for one in units if random.random() < 0.7}
    covered = {one.unit_id: random.random() for one in units[:3]}
    asked = Asked(replace(ASKED, priority=random.randint(1, 4)), units, ways, POLICY.version, SHIPPED, covered, 0.9)
    kept = json.loads(json.dumps(rank_record.stored(asked)))
    answer = json.loads(json.dumps(rank_record.answer_row(asked.answer(POLICY))))
    assert rank_record.again(kept) == answer


def test_an_unknown_policy_is_named() -> None:
    with pytest.raises(UnknownPolicy):
        policies.of(999)


def test_of_two_thousand_units_each_is_ranked_once() -> None:
    random = Random(1)
    units = [unit(number, lat=24.4 + random.random() / 5, lng=117.5 + random.random() / 5) for number in range(2_000)]
    ways = {one.unit_id: Way(random.uniform(10, 1800), None, "road") for one in units}
    found = ranked(ASKED, units, ways)
    assert len({one.unit.unit_id for one in found.candidates}) == len(found.candidates) == 2_000
    assert [one.rank for one in found.candidates] == list(range(1, 2_001))
    costs = [one.cost_s for one in found.candidates]
    assert costs == sorted(costs)
    assert math.isfinite(costs[-1])


def test_the_way_of_handling_follows_type_area_and_priority() -> None:
    """R8: nearest, by category, direct; urgent work is the nearest unit's whatever the type."""
    car, motorcycle = unit(1), unit(2, kind="UM", belongs=(7, 3))
    ways = by_road(u1=60, u2=150)
    crash = replace(ASKED, type_code="0303", unit_kinds=("UM", "UT"), area_kind="urban", owner=7)
    found = ranked(crash, [car, motorcycle], ways)
    assert order_of(found) == [2, 1]
    assert [one.reason.split()[1:3] for one in found.candidates] == [["kind_fits", "category"], ["not_category"]]
    assert order_of(ranked(replace(crash, area_kind="rural"), [car, motorcycle], ways)) == [1, 2]
    assert order_of(ranked(replace(crash, priority=1, type_code="0301"), [car, motorcycle], ways)) == [1, 2]
    tip_off = replace(ASKED, type_code="0902", owner=7)
    assert order_of(ranked(tip_off, [car, motorcycle], ways)) == [2, 1]
    assert order_of(ranked(replace(tip_off, owner=None), [car, motorcycle], ways)) == [1, 2]


def test_an_order_of_an_older_policy_is_explained_without_ways_of_handling() -> None:
    old = policies.of(2)
    assert old.strategies == ()
    asked = Asked(replace(ASKED, type_code="0303", area_kind="urban"), [unit(1)], {}, 2, SHIPPED, {}, None)
    kept = rank_record.stored(asked)
    for name in ("area_kind", "owner"):
        del kept["question"][name]
    kept["unit_fields"] = kept["unit_fields"][:-1]
    kept["units"] = [values[:-1] for values in kept["units"]]
    assert rank_record.again(json.loads(json.dumps(kept))) == rank_record.answer_row(asked.answer(old))

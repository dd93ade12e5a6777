"""The statistics' own arithmetic, against plain Python (domain 8)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.statistics import distribution, period
from dispatch.statistics.arrival import (
    WITHIN_FIVE,
    WITHIN_TEN,
    Case,
    Clock,
    Outcome,
    Verdict,
    arrival_time,
    in_base,
    judge,
    tally,
)
from dispatch.statistics.keeping import Keeper

NINE = dt.datetime(2026, 1, 5, 1, 0, tzinfo=dt.UTC)  # 09:00 at Asia/Shanghai
MUCH_LATER = NINE + dt.timedelta(hours=6)


def after(seconds: float | None) -> dt.datetime | None:
    return None if seconds is None else NINE + dt.timedelta(seconds=seconds)


def case(
    ordered: float | None = 60,
    arrived: float | None = None,
    ended: float | None = None,
    priority: int = 2,
    code: str = "",
) -> Case:
    """One incident answered at nine; the other moments are seconds after the answer."""
    return Case(1, NINE, after(ordered), after(arrived), after(ended), priority, "urban", code)


@pytest.mark.parametrize(
    ("arrived", "five_a", "five_b", "ten_a", "ten_b"),
    [
        (300, "hit", "hit", "hit", "hit"),
        (300.001, "miss", "hit", "hit", "hit"),
        (360, "miss", "hit", "hit", "hit"),
        (360.001, "miss", "miss", "hit", "hit"),
        (600, "miss", "miss", "hit", "hit"),
        (600.001, "miss", "miss", "miss", "hit"),
        (660.001, "miss", "miss", "miss", "miss"),
    ],
)
def test_an_arrival_is_judged_on_both_clocks_with_the_limit_inclusive(
    arrived: float, five_a: str, five_b: str, ten_a: str, ten_b: str
) -> None:
    one = case(ordered=60, arrived=arrived)
    judged = [
        judge(one, clock, within, MUCH_LATER).outcome.value
        for within in (WITHIN_FIVE, WITHIN_TEN)
        for clock in (Clock.ANSWER, Clock.ORDER)
    ]
    assert judged == [five_a, five_b, ten_a, ten_b]


def test_a_case_younger_than_the_limit_is_open_and_an_older_one_without_arrival_is_a_miss() -> None:
    waiting = case(ordered=60)
    assert judge(waiting, Clock.ANSWER, WITHIN_FIVE, NINE + WITHIN_FIVE).outcome is Outcome.OPEN
    assert judge(waiting, Clock.ANSWER, WITHIN_FIVE, NINE + WITHIN_FIVE + dt.timedelta(milliseconds=1)) == Verdict(
        Outcome.MISS
    )
    assert judge(waiting, Clock.ORDER, WITHIN_FIVE, NINE + dt.timedelta(seconds=360)).outcome is Outcome.OPEN


def test_clock_b_does_not_run_before_the_first_order_while_clock_a_does() -> None:
    unordered = case(ordered=None)
    assert judge(unordered, Clock.ORDER, WITHIN_TEN, MUCH_LATER).outcome is Outcome.NOT_STARTED
    assert judge(unordered, Clock.ANSWER, WITHIN_TEN, MUCH_LATER).outcome is Outcome.MISS


def test_a_cancellation_excludes_until_the_limit_and_stays_a_miss_after_it() -> None:
    cancelled = case(ordered=60, ended=450)
    assert judge(cancelled, Clock.ANSWER, WITHIN_FIVE, MUCH_LATER).outcome is Outcome.MISS
    assert judge(cancelled, Clock.ANSWER, WITHIN_TEN, MUCH_LATER) == Verdict(Outcome.EXCLUDED, "EX4")
    at_the_limit = case(ordered=60, ended=300)
    assert judge(at_the_limit, Clock.ANSWER, WITHIN_FIVE, MUCH_LATER) == Verdict(Outcome.EXCLUDED, "EX4")


def test_a_cancellation_after_arrival_changes_nothing() -> None:
    assert judge(case(arrived=200, ended=250), Clock.ANSWER, WITHIN_FIVE, MUCH_LATER).outcome is Outcome.HIT


def test_priority_four_counts_only_with_an_order() -> None:
    assert judge(case(ordered=None, priority=4), Clock.ANSWER, WITHIN_FIVE, MUCH_LATER).outcome is Outcome.OUTSIDE
    assert judge(case(ordered=60, priority=4), Clock.ANSWER, WITHIN_FIVE, MUCH_LATER).outcome is Outcome.MISS
    assert not in_base(case(ordered=None, priority=4))


@pytest.mark.parametrize("code", ["EX1", "EX2", "EX3", "EX5", "EX6"])
def test_an_excluded_case_is_counted_under_its_code_and_never_as_hit_or_miss(code: str) -> None:
    counts = tally([judge(case(arrived=100, code=code), Clock.ANSWER, WITHIN_FIVE, MUCH_LATER)])
    assert (counts.n, counts.rate, dict(counts.excluded)) == (0, None, {code: 1})


def test_attendance_declared_needless_after_the_limit_is_shown_as_late() -> None:
    settled = [case(ended=200, code="EX5"), case(ended=700, code="EX5")]
    counts = tally(judge(one, Clock.ANSWER, WITHIN_FIVE, MUCH_LATER) for one in settled)
    assert counts.excluded == {"EX5": 2}
    assert counts.excluded_late == {"EX5": 1}


seconds = st.one_of(st.none(), st.integers(0, 1500))
cases = st.builds(
    case,
    ordered=seconds,
    arrived=seconds,
    ended=seconds,
    priority=st.integers(1, 4),
    code=st.sampled_from(["", "", "", "EX1", "EX3", "EX5"]),
)


@given(st.lists(cases, max_size=30), st.sampled_from(list(Clock)), st.integers(0, 2000))
def test_every_case_is_counted_exactly_once(some: list[Case], clock: Clock, age: int) -> None:
    counts = tally(judge(one, clock, WITHIN_FIVE, NINE + dt.timedelta(seconds=age)) for one in some)
    parts = counts.hits + counts.misses + counts.open + counts.not_started + counts.outside
    assert parts + counts.excluded.total() == len(some)


@given(cases, st.sampled_from(list(Clock)))
def test_a_hit_within_five_minutes_is_a_hit_within_ten(one: Case, clock: Clock) -> None:
    if judge(one, clock, WITHIN_FIVE, MUCH_LATER).outcome is Outcome.HIT:
        assert judge(one, clock, WITHIN_TEN, MUCH_LATER).outcome is Outcome.HIT


@given(cases, st.integers(0, 2000), st.integers(0, 2000))
def test_what_was_decided_stays_decided_as_time_goes_on(one: Case, earlier: int, later: int) -> None:
    first, second = sorted((earlier, later))
    before = judge(one, Clock.ANSWER, WITHIN_TEN, NINE + dt.timedelta(seconds=first))
    if before.outcome is not Outcome.OPEN:
        assert judge(one, Clock.ANSWER, WITHIN_TEN, NINE + dt.timedelta(seconds=second)) == before


def test_arrival_time_exists_on_both_clocks() -> None:
    one = case(ordered=75, arrived=400)
    assert (arrival_time(one, Clock.ANSWER), arrival_time(one, Clock.ORDER)) == (400.0, 325.0)
    assert arrival_time(case(), Clock.ANSWER) is None


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=200), st.integers(1, 100))
def test_a_percentile_is_the_value_at_rank_p_times_n_rounded_up(values: list[int], percent: int) -> None:
    ordered = sorted(values)
    rank = -((-Fraction(percent, 100) * len(values)).__floor__())
    assert distribution.percentile(ordered, percent) == ordered[rank - 1]
    # the smallest value that at least p of all values do not exceed
    found = distribution.percentile(ordered, percent)
    assert sum(value <= found for value in ordered) * 100 >= percent * len(ordered)  # type: ignore[operator]


def test_a_percentile_of_nothing_is_unknown_not_zero() -> None:
    assert distribution.percentile([], 90) is None
    assert distribution.share_within([], 10) is None


def test_the_ninetieth_of_ten_values_is_the_ninth() -> None:
    assert distribution.percentile(list(range(1, 11)), 90) == 9
    assert distribution.percentile(list(range(1, 21)), 95) == 19
    assert distribution.percentile(list(range(1, 101)), 55) == 55


@given(st.lists(st.one_of(st.none(), st.integers(0, 400)), max_size=100))
def test_buckets_exclude_the_lower_bound_include_the_upper_and_lose_nothing(durations: list[int | None]) -> None:
    sorted_in = distribution.bucket(durations, (30, 60, 120, 180))
    known = [duration for duration in durations if duration is not None]
    bounds = [(-1, 30), (30, 60), (60, 120), (120, 180), (180, 10**9)]
    assert list(sorted_in.counts) == [sum(low < value <= high for value in known) for low, high in bounds]
    assert sorted_in.not_yet == durations.count(None)
    assert sorted_in.n == len(durations)


def test_process_limits_need_ten_values_and_stay_within_what_is_possible() -> None:
    assert distribution.process_limits([0.9] * 9, 0, 1) is None
    steady = distribution.process_limits([0.8, 0.9] * 5, 0, 1)
    assert steady is not None
    assert steady.mean == pytest.approx(0.85)
    assert steady.lower == pytest.approx(0.85 - 2.66 * 0.1)
    assert steady.upper == 1


def test_a_day_is_a_calendar_day_at_shanghai() -> None:
    just_before_midnight = dt.datetime(2026, 1, 5, 15, 59, 59, tzinfo=dt.UTC)
    today = period.last_days(1, just_before_midnight)
    assert today.since == dt.datetime(2026, 1, 4, 16, 0, tzinfo=dt.UTC)
    assert today.until == dt.datetime(2026, 1, 5, 16, 0, tzinfo=dt.UTC)
    assert period.day_of(today.until) == dt.date(2026, 1, 6)
    month = period.last_days(30, just_before_midnight)
    assert len(month.days()) == 30
    assert month.days()[-1] == dt.date(2026, 1, 5)
    assert period.hour_of(just_before_midnight) == 23


def test_an_answer_is_kept_for_twenty_times_its_cost() -> None:
    moment, made = [0.0], []

    def make() -> dict[str, int]:
        moment[0] += 1.0
        made.append(moment[0])
        return {"n": len(made)}

    keeper = Keeper(lambda: moment[0])
    assert keeper.get("a", make) == {"n": 1}
    moment[0] += 19.9
    assert keeper.get("a", make) == {"n": 1}
    moment[0] += 0.1
    assert keeper.get("a", make) == {"n": 2}
    assert keeper.get("b", make) == {"n": 3}

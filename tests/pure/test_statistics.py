"""The statistics' own arithmetic, against plain Python (domain 8)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from dispatch.statistics import dimensions, distribution, exports, marks, period, sums
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
)
from dispatch.statistics.cube import Cube, Spread
from dispatch.statistics.figures import BucketColumn
from dispatch.statistics.marks import OPEN_TIME, mark
from incidents.geo import distance_m

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
    assert judge(case(arrived=100, code=code), Clock.ANSWER, WITHIN_FIVE, MUCH_LATER) == Verdict(Outcome.EXCLUDED, code)


def test_attendance_declared_needless_after_the_limit_is_shown_as_late() -> None:
    in_time, late = (judge(case(ended=end, code="EX5"), Clock.ANSWER, WITHIN_FIVE, MUCH_LATER) for end in (200, 700))
    assert (in_time.code, in_time.late, late.code, late.late) == ("EX5", False, "EX5", True)


# The machine may be busy: how fast values are drawn says nothing about the rules.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
seconds = st.one_of(st.none(), st.integers(0, 1500))
cases = st.builds(
    case,
    ordered=seconds,
    arrived=seconds,
    ended=seconds,
    priority=st.integers(1, 4),
    code=st.sampled_from(["", "", "", "EX1", "EX3", "EX5"]),
)


@PATIENT
@given(cases, st.sampled_from(list(Clock)))
def test_a_hit_within_five_minutes_is_a_hit_within_ten(one: Case, clock: Clock) -> None:
    if judge(one, clock, WITHIN_FIVE, MUCH_LATER).outcome is Outcome.HIT:
        assert judge(one, clock, WITHIN_TEN, MUCH_LATER).outcome is Outcome.HIT


@PATIENT
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


def spread(*groups: list[int | None]) -> Spread:
    """Count durations of some groups, None is "not yet"."""
    pairs = [
        (group, mark("K4", OPEN_TIME if value is None else value))
        for group, values in enumerate(groups)
        for value in values
    ]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Cube(len(groups), found[:, 0], found[:, 1], np.ones(len(pairs), dtype=np.int64)).spread("K4")


durations = st.lists(st.one_of(st.none(), st.integers(0, 400)), max_size=60)


@PATIENT
@given(st.lists(durations, min_size=1, max_size=5), st.integers(1, 100))
def test_a_percentile_is_the_value_at_rank_p_times_n_rounded_up_in_every_group(
    groups: list[list[int | None]], percent: int
) -> None:
    found = spread(*groups).at_rank(percent)
    for values, one in zip(groups, found, strict=True):
        known = sorted(value for value in values if value is not None)
        rank = -((-Fraction(percent, 100) * len(known)).__floor__())
        assert one == known[rank - 1] if known else np.isnan(one)


def test_the_ninetieth_of_ten_values_is_the_ninth() -> None:
    assert spread(list(range(1, 11))).at_rank(90) == [9]
    assert spread(list(range(1, 21))).at_rank(95) == [19]
    assert spread(list(range(1, 101))).at_rank(55) == [55]


@PATIENT
@given(durations)
def test_buckets_exclude_the_lower_bound_include_the_upper_and_lose_nothing(values: list[int | None]) -> None:
    row = BucketColumn("K4", "order", (30, 60, 120, 180), spread(values), "K4").rows_of(["all"], NINE)[0]
    known = [value for value in values if value is not None]
    bounds = [(-1, 30), (30, 60), (60, 120), (120, 180), (180, 10**9)]
    assert [one["count"] for one in row["buckets"]] == [
        sum(low < value <= high for value in known) for low, high in bounds
    ]
    assert row["not_yet"] == values.count(None)
    assert row["n"] == len(values)


@PATIENT
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(-3, 3)), max_size=60))
def test_sums_that_were_written_and_read_add_up_to_the_same(pairs: list[tuple[int, int]]) -> None:
    plain = Counter[int]()
    for key, count in pairs:
        plain[key] += count
    both = [np.array([pair[at] for pair in pairs], dtype=np.int64) for at in (0, 1)]
    keys, counts = sums.unpacked(sums.packed(*sums.added(*both)))
    assert dict(zip(keys.tolist(), counts.tolist(), strict=True)) == {key: n for key, n in plain.items() if n}


@given(st.lists(st.one_of(st.integers(0, 20), st.integers(-5, 2_000_000)), max_size=30))
def test_values_are_numbered_as_a_sort_would_number_them(values: list[int]) -> None:
    found, places = sums.numbered(np.array(values, dtype=np.int64))
    assert found.tolist() == sorted(set(values))
    assert found[places].tolist() == values


def test_a_duration_is_rounded_up_so_that_a_limit_stays_a_limit() -> None:
    assert marks.seconds(NINE, after(300)) == 300
    assert marks.seconds(NINE, after(300.001)) == 301
    assert marks.seconds(NINE, after(-5)) == 0
    assert marks.seconds(NINE, None) is None
    assert marks.seconds(NINE, after(10**9)) == marks.LONGEST


def test_no_number_is_given_to_two_measures() -> None:
    assert len(marks.BY_NUMBER) == len(marks.MEASURES)
    assert max(marks.BY_NUMBER) < 1 << (31 - marks.BITS)


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
    assert dimensions.slot_of(just_before_midnight) == "1-23"


def dates(found: period.Period) -> tuple[str, str]:
    return str(found.first), str(found.last)


def test_a_period_is_held_against_the_one_before_and_against_last_year() -> None:
    week = period.of_days(dt.date(2026, 3, 2), dt.date(2026, 3, 8))
    assert dates(period.previous(week)) == ("2026-02-23", "2026-03-01")
    assert dates(period.last_year(week)) == ("2025-03-02", "2025-03-08")
    quarter = period.of_days(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    assert dates(period.previous(quarter)) == ("2026-01-01", "2026-03-31")
    leap = period.of_days(dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert dates(period.previous(leap)) == ("2024-01-01", "2024-01-31")
    assert dates(period.last_year(leap)) == ("2023-02-01", "2023-02-28")
    after_leap = period.of_days(dt.date(2025, 2, 1), dt.date(2025, 2, 28))
    assert dates(period.last_year(after_leap)) == ("2024-02-01", "2024-02-29")


@PATIENT
@given(st.floats(18, 54), st.floats(73, 135))
def test_a_point_lies_in_its_cell_and_a_cell_is_500_metres_wide(lat: float, lng: float) -> None:
    south, west, north, east = dimensions.cell_box(dimensions.cell_of(lat, lng))
    assert south - 1e-9 <= lat <= north + 1e-9
    assert west - 1e-9 <= lng <= east + 1e-9
    assert distance_m(south, west, north, west) == pytest.approx(500, rel=0.01)
    assert distance_m(lat, west, lat, east) == pytest.approx(500, rel=0.01)


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", '=HYPERLINK("http://x")'])
def test_no_cell_of_an_export_is_taken_for_a_formula(value: str) -> None:
    lines = [["name"], [value]]
    [_head, [found]] = list(csv.reader(io.StringIO(exports.as_csv(lines).decode("utf-8-sig"))))
    assert found == f"'{value}"
    sheet = load_workbook(io.BytesIO(exports.as_xlsx(lines))).active
    assert sheet["A2"].data_type == "s"
    assert exports.safe(-1) == -1

"""Units compared by what was to be expected of them: against a plain computation, and how busy a unit was before."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.statistics import drives
from dispatch.statistics.unit_times import DAY, HOUR, RUNS, Cases, compare, loads

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MIDNIGHT = int(dt.datetime(2026, 1, 5, 16, tzinfo=dt.UTC).timestamp()) * 1_000_000  # at Asia/Shanghai
ROWS = st.lists(
    st.tuples(
        st.integers(1, 4),  # unit
        st.floats(20, 2_000),  # observed
        st.floats(20, 1_500),  # expected
        st.sampled_from([1, 2]),  # basis
        st.sampled_from([3, 9, 18]),  # hour
        st.integers(0, 8),  # load
    ),
    min_size=1,
    max_size=150,
)


def columns(rows: list[tuple[Any, ...]]) -> Cases:
    """Return cases as the product takes them."""
    return Cases(*(np.array(column) for column in zip(*rows, strict=True)))


def plainly(cases: Cases) -> dict[int, tuple[float, float, float]]:
    """Compute observed ÷ expected of each unit and its interval with numpy, step by step."""
    seconds, expected = cases.seconds, cases.expected_s
    bands = [("0", range(1)), ("1-2", range(1, 3)), ("3-5", range(3, 6)), ("6+", range(6, 99))]
    for keys in (
        cases.basis,
        cases.hour,
        np.array([next(name for name, of in bands if load in of) for load in cases.load.tolist()]),
    ):
        factor = np.ones(len(seconds))
        for key in set(keys.tolist()):
            here = keys == key
            if here.sum() >= 20:
                factor[here] = np.median(seconds[here] / expected[here])
        expected = expected * factor
    expected = expected * seconds.sum() / expected.sum()
    units, found = cases.unit, {}
    for unit in set(units.tolist()):
        here = units == unit
        n, ratio = int(here.sum()), float(seconds[here].sum() / expected[here].sum())
        spread = ((seconds[here] - ratio * expected[here]) ** 2).sum()
        if n == 1:
            found[unit] = (ratio, math.nan, math.nan)
            continue
        error = math.sqrt(spread * n / (n - 1)) / expected[here].sum()
        found[unit] = (ratio, max(0.0, ratio - 1.96 * error), ratio + 1.96 * error)
    return found


@PATIENT
@given(ROWS)
def test_units_are_compared_as_a_plain_computation_compares_them(orders: list[tuple[Any, ...]]) -> None:
    cases = columns(orders)
    rows, _factors = compare(cases)
    plain = plainly(cases)
    assert {row["unit"] for row in rows} == set(plain)
    for row in rows:
        said = [math.nan if row[name] is None else row[name] for name in ("ratio", "low", "high")]
        np.testing.assert_allclose(said, plain[row["unit"]], rtol=1e-3, atol=1e-4)
        assert (row["rank"] is None) == row["few"] == (row["n"] < 20)
    observed, expected = (sum(row[name] * row["n"] for row in rows) for name in ("observed_s", "expected_s"))
    assert observed == pytest.approx(expected, abs=0.1 * len(orders))  # means are rounded to a tenth of a second


SENT = st.integers(-DAY // 60_000_000, 2 * DAY // 60_000_000).map(lambda minutes: MIDNIGHT + minutes * 60_000_000)
ORDERS = st.lists(st.tuples(st.integers(1, 3), SENT), max_size=40)
BEGINS = st.dictionaries(
    st.integers(1, 4), st.lists(st.integers(-30, 50), min_size=1, max_size=5, unique=True), max_size=4
)


@PATIENT
@given(ORDERS, BEGINS, st.integers(1, 12), st.booleans())
def test_a_load_is_how_many_orders_came_before_in_the_same_shift_or_day(
    asked: list[tuple[int, int]], begins: dict[int, list[int]], hours: int, running: bool
) -> None:
    orders = np.array(
        [(at, unit, sent, 1.0, 1.0, 1, False, True) for at, (unit, sent) in enumerate(asked)], dtype=drives.RECORD
    )
    shifts: list[tuple[int, int, int]] = []
    for unit, starts in sorted(begins.items()):
        rising = [MIDNIGHT + start * HOUR for start in sorted(starts)]
        for begin, following in zip(rising, [*rising[1:], RUNS], strict=True):
            last = following == RUNS and running
            shifts.append((unit, begin, RUNS if last else min(begin + hours * HOUR, following)))

    def shift_of(unit: int, sent: int) -> tuple[int, int]:
        for one, begin, end in shifts:
            if one == unit and begin <= sent < end:
                return unit, begin
        return unit, (sent - MIDNIGHT) // DAY - 10**6  # a day, which no shift begins at

    found = loads(orders, np.array(shifts, dtype=np.int64).reshape(-1, 3))
    for at, (unit, sent) in enumerate(asked):
        before = [
            number
            for number, (other, then) in enumerate(asked)
            if shift_of(other, then) == shift_of(unit, sent) and (then, number) < (sent, at)
        ]
        assert found[at] == len(before)

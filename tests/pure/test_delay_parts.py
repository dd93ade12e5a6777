"""Where a delay comes from: the parts add up to the time, the shares add up to the delay, whatever the stamps say. And
units compared by what was to be expected of them."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.statistics.delay_parts import PARTS, Way, deal, elapsed_ms, norms, ringing_ms, split
from dispatch.statistics.unit_times import Case, compare
from incidents.limits import Limits

NINE = dt.datetime(2026, 1, 5, 1, 0, tzinfo=dt.UTC)
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MOMENT = st.integers(-120_000, 1_500_000).map(lambda ms: NINE + dt.timedelta(milliseconds=ms, microseconds=ms % 7))
MAYBE = st.none() | MOMENT
LIMIT = st.sampled_from([300_000, 600_000])
WAYS = st.builds(
    Way,
    answered_at=st.just(NINE),
    end_at=MOMENT,
    reached=st.booleans(),
    ring_at=MAYBE,
    placed_at=MAYBE,
    first_order_at=MAYBE,
    order_at=MAYBE,
    delivered_at=MAYBE,
    accepted_at=MAYBE,
    departed_at=MAYBE,
    corrected_at=MAYBE,
    nobody=st.lists(st.tuples(MOMENT, MOMENT), max_size=4),
    near_s=st.none() | st.floats(0, 4_000),
)
SECONDS = st.integers(1, 900).map(lambda seconds: dt.timedelta(seconds=seconds))
RULES = st.builds(
    Limits,
    order_within=SECONDS, deliver_within=SECONDS, accept_within=SECONDS, depart_within=SECONDS,
    arrive_within=st.none(), report_within=SECONDS,
)  # fmt: skip


def rule_of(order: int, deliver: int, accept: int, depart: int) -> Limits:
    """Return limits in seconds."""
    spans = (dt.timedelta(seconds=one) for one in (order, deliver, accept, depart))
    order_within, deliver_within, accept_within, depart_within = spans
    return Limits(order_within, deliver_within, accept_within, depart_within, None, dt.timedelta(minutes=30))


P2 = rule_of(60, 10, 30, 300)


def after(seconds: float) -> dt.datetime:
    return NINE + dt.timedelta(seconds=seconds)


@PATIENT
@given(WAYS, RULES, LIMIT)
def test_parts_and_shares_add_up_exactly_whatever_the_order_of_the_stamps(way: Way, rule: Limits, limit: int) -> None:
    parts = split(way, limit)
    assert sum(parts.values()) == elapsed_ms(way)
    assert min(parts.values()) >= 0
    shares = deal(parts, norms(rule, limit), limit)
    assert sum(shares.values()) == max(0, elapsed_ms(way) - limit)
    assert all(0 <= shares[name] <= parts[name] for name in PARTS)
    assert (ringing_ms(way) or 0) >= 0


def test_a_late_arrival_is_split_as_it_is_done_by_hand() -> None:
    way = Way(
        answered_at=NINE, ring_at=after(-12), placed_at=after(45), first_order_at=after(155), order_at=after(200),
        delivered_at=after(203), accepted_at=after(263), departed_at=after(353), corrected_at=after(453),
        end_at=after(900), reached=True, nobody=[(after(100), after(150)), (after(120), after(300))], near_s=340,
    )  # fmt: skip
    parts = {name: ms / 1000 for name, ms in split(way, 300_000).items()}
    assert parts == {
        "entry": 45, "order": 55, "no_unit": 55 + 40, "reorder": 45, "delivery": 3, "acceptance": 60, "turnout": 90,
        "wrong_address": 100, "travel": 407,
    }  # fmt: skip
    allowed = norms(P2, 300_000)
    assert [allowed[name] // 1000 for name in PARTS] == [60, 60, 0, 0, 10, 20, 60, 0, 90]
    # Beyond the norms: no unit 95, new order 45, acceptance 40, turnout 30, wrong place 100, drive 317: 627 for 600.
    shares = deal(split(way, 300_000), allowed, 300_000)
    assert shares["no_unit"] == round(600_000 * 95 / 627)
    assert shares["entry"] == shares["order"] == shares["delivery"] == 0


def test_a_delay_with_every_norm_kept_is_dealt_by_the_time_within_them() -> None:
    rule = rule_of(180, 10, 60, 300)
    way = Way(answered_at=NINE, placed_at=after(60), first_order_at=after(240), order_at=after(240), end_at=after(330),
              reached=True)  # fmt: skip
    shares = deal(split(way, 300_000), norms(rule, 300_000), 300_000)
    assert shares["travel"] == 30_000  # its norm is nothing, because the others leave nothing: 90 s beyond cover 30 s
    later = Way(answered_at=NINE, placed_at=after(60), first_order_at=after(240), order_at=after(240),
                delivered_at=after(250), accepted_at=after(300), end_at=after(330), reached=False)  # fmt: skip
    shares = deal(split(later, 300_000), norms(rule, 300_000), 300_000)
    assert shares == {
        "entry": 5_455, "order": 16_364, "no_unit": 0, "reorder": 0, "delivery": 909, "acceptance": 4_545,
        "turnout": 2_727, "wrong_address": 0, "travel": 0,
    }  # fmt: skip


def test_a_step_that_was_never_pressed_leaves_its_time_to_the_next_one_and_a_running_one_runs() -> None:
    straight_there = Way(answered_at=NINE, placed_at=after(10), first_order_at=after(30), order_at=after(30),
                         end_at=after(700), reached=True)  # fmt: skip
    assert {name: ms for name, ms in split(straight_there, 300_000).items() if ms} == {
        "entry": 10_000, "order": 20_000, "travel": 670_000,
    }  # fmt: skip
    refused = Way(answered_at=NINE, placed_at=after(10), first_order_at=after(30), end_at=after(400), reached=False)
    assert split(refused, 300_000)["reorder"] == 370_000
    unplaced = Way(answered_at=NINE, end_at=after(400), reached=False)
    assert split(unplaced, 300_000)["entry"] == 400_000


CASES = st.lists(
    st.builds(
        Case,
        unit=st.integers(1, 4),
        seconds=st.floats(20, 2_000),
        expected_s=st.floats(20, 1_500),
        basis=st.sampled_from(["road", "straight"]),
        hour=st.sampled_from([3, 9, 18]),
        load=st.integers(0, 8),
    ),
    min_size=1,
    max_size=150,
)


def plainly(cases: list[Case]) -> dict[int, tuple[float, float, float]]:
    """Compute observed ÷ expected of each unit and its interval with numpy, step by step."""
    seconds = np.array([case.seconds for case in cases])
    expected = np.array([case.expected_s or 0.0 for case in cases])
    bands = [("0", range(1)), ("1-2", range(1, 3)), ("3-5", range(3, 6)), ("6+", range(6, 99))]
    for keys in (
        np.array([case.basis for case in cases]),
        np.array([str(case.hour) for case in cases]),
        np.array([next(name for name, loads in bands if case.load in loads) for case in cases]),
    ):
        factor = np.ones(len(cases))
        for key in set(keys.tolist()):
            here = keys == key
            if here.sum() >= 20:
                factor[here] = np.median(seconds[here] / expected[here])
        expected = expected * factor
    expected = expected * seconds.sum() / expected.sum()
    units, found = np.array([case.unit for case in cases]), {}
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
@given(CASES)
def test_units_are_compared_as_a_plain_computation_compares_them(cases: list[Case]) -> None:
    rows, _factors = compare(cases)
    plain = plainly(cases)
    assert {row["unit"] for row in rows} == set(plain)
    for row in rows:
        said = [math.nan if row[name] is None else row[name] for name in ("ratio", "low", "high")]
        np.testing.assert_allclose(said, plain[row["unit"]], rtol=1e-3, atol=1e-4)
        assert (row["rank"] is None) == row["few"] == (row["n"] < 20)
    observed, expected = (sum(row[name] * row["n"] for row in rows) for name in ("observed_s", "expected_s"))
    assert observed == pytest.approx(expected, abs=0.1 * len(cases))  # means are rounded to a tenth of a second

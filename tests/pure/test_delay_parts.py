"""Where a delay comes from: the parts add up to the time, the shares add up to the delay, whatever the stamps say; and
many are split at once as each would be by itself."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.statistics import delay_many, late_records
from dispatch.statistics.delay_many import Nobody, Terms
from dispatch.statistics.delay_parts import PARTS, Span, Way, deal, elapsed_ms, norms, ringing_ms, split
from dispatch.statistics.delay_steps import Steps
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


LONG = st.integers(-(10**7), 10**11).map(lambda ms: NINE + dt.timedelta(milliseconds=ms, microseconds=ms % 11))
STAMP = st.none() | MOMENT | LONG
AGE = st.none() | st.floats(0, 400)
STEPS = st.builds(
    Steps,
    answered_at=MOMENT,
    arrived_at=STAMP,
    end_at=STAMP,
    ring_at=MAYBE,
    placed_at=STAMP,
    first_order_at=STAMP,
    order_at=STAMP,
    delivered_at=STAMP,
    accepted_at=STAMP,
    departed_at=STAMP,
    corrected_at=STAMP,
    fix_age_s=AGE,
    expected_s=st.none() | st.floats(0, 4_000),
    first_expected_s=st.none() | st.floats(0, 4_000),
)


def apart(moments: list[dt.datetime]) -> list[Span]:
    """Pair moments up to spans that do not overlap."""
    rising = sorted(moments)
    return list(zip(rising[::2], rising[1::2], strict=False))


def record(number: int, steps: Steps, priority: int) -> bytes:
    """Return the stored record of an event that missed a limit."""
    row = {"id": number, "jurisdiction_id": None, "priority": priority}
    return late_records.packed(row, steps, tuple(late_records.MISSED), explained=False) or b""


@PATIENT
@given(
    st.lists(st.tuples(STEPS, st.integers(1, 4)), min_size=1, max_size=12),
    st.lists(MOMENT | LONG, max_size=9).map(apart),
    st.lists(MOMENT, max_size=4).map(apart),
    st.lists(RULES, min_size=4, max_size=4),
    LIMIT,
)
def test_many_are_split_and_dealt_at_once_as_each_is_by_itself(
    events: list[tuple[Steps, int]], urgent: list[Span], other: list[Span], rules: list[Limits], limit: int
) -> None:
    now, fresh_s, divert_up_to = NINE + dt.timedelta(days=3), 180.0, 2
    allowed = {priority: norms(rule, limit) for priority, rule in enumerate(rules, 1)}
    terms = Terms(limit, allowed, fresh_s, divert_up_to, Nobody.of(urgent), Nobody.of(other))
    records = late_records.unpacked(b"".join(record(at, *event) for at, event in enumerate(events)))
    parts = delay_many.split(records, terms, now)
    shares = delay_many.deal(parts, records["priority"], terms)
    for at, (steps, priority) in enumerate(events):
        way = steps.way(urgent if priority <= divert_up_to else other, fresh_s, now)
        one = split(way, limit)
        assert dict(zip(PARTS, parts[at].tolist(), strict=True)) == one
        assert dict(zip(PARTS, shares[at].tolist(), strict=True)) == deal(one, allowed[priority], limit)

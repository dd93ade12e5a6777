"""When nobody was free, kept by day with the roll-up, against the periods of status themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from dispatch.statistics import no_unit, rebuild, roll_up
from dispatch.statistics.period import day_span
from dispatch.statistics.query import fetch
from patrol.models import Shift, Status, StatusPeriod
from tests.database.test_counting import CHECKED
from tests.people import Cast

MONDAY = dt.date(2026, 2, 2)
HOURS = 24 * 6
CHANGES = st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["available", "on_task", "on_scene"])), max_size=16)


def hour(number: float) -> dt.datetime:
    return day_span(MONDAY)[0] + dt.timedelta(hours=number)


def write(cast: Cast, changes: Sequence[list[tuple[int, str]]], first_shift: int) -> None:
    """Give each car its statuses one after the other, the last of them without an end."""
    for unit, row in zip((cast.car12, cast.car7), changes, strict=True):
        StatusPeriod.objects.filter(unit=unit).delete()
        begin = -3.0
        for number, (lasts, status) in enumerate(row):
            ended = None if number == len(row) - 1 else hour(begin + lasts)
            StatusPeriod.objects.create(unit=unit, status=Status(status), started_at=hour(begin), ended_at=ended)
            begin += lasts
    Shift.objects.create(centre=cast.centre, unit=cast.car12, lead=cast.user("omar"), equipment=[],
                         started_at=hour(first_shift), ended_at=hour(first_shift + 1))  # fmt: skip


def half_hours(spans: list[Any]) -> set[int]:
    """Return the half hours in which nobody was free."""
    return {
        half
        for half in range(-10, HOURS * 2 + 10)
        if any(begin <= hour(half / 2) and hour(half / 2) < end for begin, end in spans)
    }


@CHECKED
@given(
    st.tuples(CHANGES, CHANGES),
    st.integers(-4, 40),
    st.integers(1, 5),
    st.tuples(st.integers(0, 60), st.integers(1, 90)),
)
def test_what_is_kept_by_day_is_what_the_periods_say(
    quick: Cast, changes: tuple[list[Any], list[Any]], first_shift: int, days: int, window: tuple[int, int]
) -> None:
    begin, end = window[0], sum(window)
    with transaction.atomic():
        write(quick, changes, first_shift)
        centre, moments = quick.centre.pk, (hour(begin), hour(end))
        before = no_unit.read(centre, *moments)
        no_unit.keep(centre, MONDAY, MONDAY + dt.timedelta(days=days - 1))
        assert no_unit.read(centre, *moments) == before
        for priority, free in ((1, {"available", "on_task"}), (4, {"available"})):
            there = half_hours([
                (row.started_at, row.ended_at or hour(HOURS * 2)) for row in StatusPeriod.objects.filter(status__in=free)
            ])  # fmt: skip
            known = max(begin, first_shift)
            assert half_hours(before.of(priority)) == {half for half in range(known * 2, end * 2) if half not in there}
        transaction.set_rollback(True)


def test_settled_days_are_kept_with_the_roll_up_and_a_rebuild_begins_anew(cast: Cast) -> None:
    with transaction.atomic():
        write(cast, [[(40, "available"), (90, "on_scene")], [(200, "on_scene")]], 0)
        centre = cast.centre.pk
        roll_up.add_days(centre, MONDAY.replace(day=1), MONDAY + dt.timedelta(days=3))
    kept = "SELECT day, octet_length(other) FROM dispatch_count_nobody WHERE centre_id = %(centre)s ORDER BY day"
    spans = [(MONDAY + dt.timedelta(days=at), 0 if at == 0 else 16) for at in range(4)]
    assert fetch(kept, {"centre": centre}) == spans
    free_until = hour(37)
    assert no_unit.read(centre, hour(30), hour(80)).other == [(free_until, hour(80))], "one span over midnight"
    rebuild.begin(centre, MONDAY)
    assert fetch(kept, {"centre": centre}) == []
    assert no_unit.read(centre, hour(30), hour(80)).other == [(free_until, hour(80))]

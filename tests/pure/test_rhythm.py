"""When an edition of a standing report is due, and which days it tells of."""

from __future__ import annotations

import datetime as dt

import pytest

from dispatch.standing.rhythm import next_time, span
from dispatch.statistics.period import CHINA

READY = dt.time(7, 30)
START = dt.datetime(2020, 1, 1, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("rhythm", "after", "due", "days"),
    [
        ("day", "2026-03-01T07:29", "2026-03-01", ("2026-02-28", "2026-02-28")),
        ("day", "2026-03-01T07:30", "2026-03-02", ("2026-03-01", "2026-03-01")),
        ("week", "2026-03-02T07:29", "2026-03-02", ("2026-02-23", "2026-03-01")),
        ("week", "2026-03-02T08:00", "2026-03-09", ("2026-03-02", "2026-03-08")),
        ("month", "2026-12-31T23:59", "2027-01-01", ("2026-12-01", "2026-12-31")),
        ("month", "2028-02-01T07:30", "2028-03-01", ("2028-02-01", "2028-02-29")),
    ],
)
def test_the_next_edition_and_its_days(rhythm: str, after: str, due: str, days: tuple[str, str]) -> None:
    moment = next_time(rhythm, READY, dt.datetime.fromisoformat(after).replace(tzinfo=CHINA))
    assert moment == dt.datetime.combine(dt.date.fromisoformat(due), READY, CHINA)
    assert tuple(day.isoformat() for day in span(rhythm, moment)) == days


@pytest.mark.parametrize("rhythm", ["day", "week", "month"])
def test_editions_follow_each_other_without_a_gap_or_a_day_told_twice(rhythm: str) -> None:
    for ready_at in (dt.time(), READY, dt.time(23, 59)):
        moment = next_time(rhythm, ready_at, START)
        for _ in range(400):
            following = next_time(rhythm, ready_at, moment)
            assert following > moment
            assert span(rhythm, following)[0] == span(rhythm, moment)[1] + dt.timedelta(days=1)
            moment = following

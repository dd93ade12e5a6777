"""When an edition is due, and which days it is about. Pure."""

from __future__ import annotations

import datetime as dt

from dispatch.statistics.period import CHINA, months_back


def next_time(rhythm: str, ready_at: dt.time, after: dt.datetime) -> dt.datetime:
    """Return the first moment after `after` at which an edition is due: each day, each Monday, or each first of a month,
    at `ready_at` in the city's time."""
    day = after.astimezone(CHINA).date()
    while True:
        begins = rhythm == "day" or (day.weekday() == 0 if rhythm == "week" else day.day == 1)
        moment = dt.datetime.combine(day, ready_at, CHINA)
        if begins and moment > after:
            return moment
        day += dt.timedelta(days=1)


def span(rhythm: str, due_at: dt.datetime) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the period that an edition due at a moment is about: yesterday, the last week from
    Monday to Sunday, or the last calendar month."""
    day = due_at.astimezone(CHINA).date()
    last = day - dt.timedelta(days=1)
    if rhythm == "day":
        return last, last
    return (day - dt.timedelta(days=7) if rhythm == "week" else months_back(day, 1)), last

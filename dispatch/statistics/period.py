"""Days as the centre counts them: calendar days at Asia/Shanghai, periods, and what they are compared with. Pure."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole calendar days; `until` is exclusive."""

    since: dt.datetime
    until: dt.datetime

    @property
    def first(self) -> dt.date:
        """Return its first day."""
        return self.since.astimezone(CHINA).date()

    @property
    def last(self) -> dt.date:
        """Return its last day."""
        return self.until.astimezone(CHINA).date() - dt.timedelta(days=1)

    def days(self) -> list[dt.date]:
        """List its days, oldest first."""
        count = (self.until - self.since).days
        return [self.first + dt.timedelta(days=step) for step in range(count)]


def last_days(count: int, now: dt.datetime) -> Period:
    """Return the last `count` calendar days, today included."""
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return Period(midnight - dt.timedelta(days=count - 1), midnight + dt.timedelta(days=1))


def of_days(first: dt.date, last: dt.date) -> Period:
    """Return the period from a day to a day, both included."""
    return Period(day_span(first)[0], day_span(last)[1])


def day_span(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the moments at which a day begins and the next one does."""
    begin = dt.datetime(day.year, day.month, day.day, tzinfo=CHINA)
    return begin, begin + dt.timedelta(days=1)


def day_of(moment: dt.datetime) -> dt.date:
    """Return the calendar day of a moment."""
    return moment.astimezone(CHINA).date()


def previous(period: Period) -> Period:
    """Return the period before (环比): whole months before whole months, else as many days."""
    first, last = period.first, period.last
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        return of_days(months_back(first, months), first - dt.timedelta(days=1))
    days = (last - first).days + 1
    return of_days(first - dt.timedelta(days=days), first - dt.timedelta(days=1))


def last_year(period: Period) -> Period:
    """Return the same dates a year before (同比); a period to the end of February stays one."""
    first, last = months_back(period.first, 12), months_back(period.last, 12)
    if period.last.day == monthrange(period.last.year, period.last.month)[1]:
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return of_days(first, last)


def months_back(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months before, or the last day that month has."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

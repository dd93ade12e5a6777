"""Days as the centre counts them: calendar days at Asia/Shanghai. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole calendar days; `until` is exclusive."""

    since: dt.datetime
    until: dt.datetime

    def days(self) -> list[dt.date]:
        """List its days, oldest first."""
        first, count = self.since.astimezone(CHINA).date(), (self.until - self.since).days
        return [first + dt.timedelta(days=step) for step in range(count)]


def last_days(count: int, now: dt.datetime) -> Period:
    """Return the last `count` calendar days, today included."""
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return Period(midnight - dt.timedelta(days=count - 1), midnight + dt.timedelta(days=1))


def day_of(moment: dt.datetime) -> dt.date:
    """Return the calendar day of a moment."""
    return moment.astimezone(CHINA).date()


def hour_of(moment: dt.datetime) -> int:
    """Return the hour of the day of a moment, 0 to 23."""
    return moment.astimezone(CHINA).hour

"""What may be asked: a dimension, a period, a grain of the series, and whether urgent incidents alone. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dispatch.statistics.dimensions import DIMENSIONS, Dimension
from dispatch.statistics.period import Period


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `value` picks one value of the dimension; `per` splits by time instead of by value."""

    centre_id: int
    period: Period
    by: str = "all"
    value: str | None = None
    urgent: bool = False
    per: str = ""  # day, week or month
    split: bool = False  # with `per`: by value as well, each on the same times

    @property
    def dimension(self) -> Dimension:
        """Return the dimension."""
        return DIMENSIONS[self.by]


def begin_of(day: dt.date, per: str) -> dt.date:
    """Return the first day of a day's week (Monday) or month; the day itself otherwise."""
    if per == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if per == "month" else day

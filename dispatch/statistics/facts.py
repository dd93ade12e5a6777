"""Facts: what one incident, order, call or follow-up adds to the counts. Pure.

A fact is made anew from the rows whenever something about them became true; what it added before is taken out of the
counts and what it adds now is put in. Nothing else ever changes a count.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dispatch.statistics.marks import Kind

ALL = (0, "")  # the facet that every fact has


@dataclass(frozen=True, slots=True)
class Turn:
    """A mark that stands for another one until a moment, inclusive: who is not there yet is a miss in the end, and open
    as long as the limit has not passed. So no count has to change only because time passes."""

    lasting: int
    meanwhile: int
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with the day that it belongs to, what it may be split by, and its marks."""

    kind: Kind
    source: int  # id of the row that it is made of
    at: dt.datetime
    day: dt.date  # of `at`, at Asia/Shanghai
    facets: tuple[tuple[int, str], ...]  # dimension number and value
    marks: tuple[int, ...]
    incident: int | None = None
    root: int | None = None  # of an incident: what it was merged into in the end, itself otherwise
    urgent: bool = False  # priority 1 or 2: counted apart as well
    turns: tuple[Turn, ...] = ()
    detail: bytes | None = None  # what is asked of it by itself and never added: the steps of a delay, a drive

    @property
    def turns_until(self) -> dt.datetime | None:
        """Return the moment after which no mark turns any more."""
        return max((turn.until for turn in self.turns), default=None)

"""Arrival in time: what one incident counts as on one clock (K7, K8). Pure; the database is not asked here.

Both clocks of domain line 14 are judged: A 自接警起 from the answer of the earliest call, B 自派警起 from the first
order. A refused or withdrawn first order starts B all the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

WITHIN_FIVE = dt.timedelta(minutes=5)  # K7
WITHIN_TEN = dt.timedelta(minutes=10)  # K8
LIMITS = {"K7": WITHIN_FIVE, "K8": WITHIN_TEN}
CANCELLED = "EX4"
NO_ATTENDANCE = "EX5"


class Clock(StrEnum):
    """Where a duration starts."""

    ANSWER = "A"  # 自接警起
    ORDER = "B"  # 自派警起


class Outcome(StrEnum):
    """What an incident counts as."""

    HIT = "hit"  # arrived within the limit
    MISS = "miss"  # arrived later, or the limit passed without arrival
    OPEN = "open"  # younger than the limit, nobody there yet: not counted
    NOT_STARTED = "not_started"  # clock B before the first order: not counted
    EXCLUDED = "excluded"  # EX1 to EX6, counted by code
    OUTSIDE = "outside"  # priority 4 without an order: not in the base set


@dataclass(frozen=True, slots=True)
class Case:
    """One event as the statistics see it: an incident with everything that was merged into it."""

    incident: int
    answered_at: dt.datetime  # of the earliest call, merged calls included
    first_dispatched_at: dt.datetime | None  # of any first-response order, refused and withdrawn ones included
    arrived_at: dt.datetime | None  # T, by one source of time; directives do not count
    ended_at: dt.datetime | None  # cancelled, handed over or invalid; or decided to need no attendance
    priority: int
    area_kind: str = ""
    exclusion: str = ""  # EX1 EX2 EX3 EX5 EX6; EX4 depends on clock and limit, so it is derived


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome, with the code of an exclusion; `late` when attendance was declared needless only after the
    limit had passed (it stays excluded, but is shown)."""

    outcome: Outcome
    code: str = ""
    late: bool = False


HIT, MISSED, OPEN = Verdict(Outcome.HIT), Verdict(Outcome.MISS), Verdict(Outcome.OPEN)
NOT_STARTED, OUTSIDE = Verdict(Outcome.NOT_STARTED), Verdict(Outcome.OUTSIDE)


def judge(case: Case, clock: Clock, within: dt.timedelta, now: dt.datetime) -> Verdict:
    """Say what one case counts as (domain 8, base set and open cases).

    The limit is inclusive: an arrival exactly at it is a hit. A cancellation before arrival excludes (EX4) as long as
    the limit had not passed; after that it stays a miss.
    """
    started = start_of(case, clock)
    if case.exclusion:
        late = case.exclusion == NO_ATTENDANCE and passed(started, within, case.ended_at)
        return Verdict(Outcome.EXCLUDED, case.exclusion, late)
    if case.priority == 4 and case.first_dispatched_at is None:
        return OUTSIDE
    if case.arrived_at is not None and started is not None:
        return HIT if case.arrived_at - started <= within else MISSED
    if case.ended_at is not None:
        missed = passed(started, within, case.ended_at)
        return MISSED if missed else Verdict(Outcome.EXCLUDED, CANCELLED)
    if started is None:
        return NOT_STARTED
    return MISSED if passed(started, within, now) else OPEN


def start_of(case: Case, clock: Clock) -> dt.datetime | None:
    """Return the moment a clock started; None for clock B before the first order."""
    return case.answered_at if clock is Clock.ANSWER else case.first_dispatched_at


def arrival_time(case: Case, clock: Clock) -> float | None:
    """Return T on a clock in seconds (K9); None before arrival."""
    started = start_of(case, clock)
    if started is None or case.arrived_at is None:
        return None
    return (case.arrived_at - started).total_seconds()


def in_base(case: Case) -> bool:
    """Tell whether a case belongs to the base set of K2 and K9: nothing excludes it, and a cancelled one was reached."""
    if case.exclusion or (case.priority == 4 and case.first_dispatched_at is None):
        return False
    return case.ended_at is None or case.arrived_at is not None


def passed(started: dt.datetime | None, within: dt.timedelta, moment: dt.datetime | None) -> bool:
    """Tell whether a limit lay behind at a moment."""
    return started is not None and moment is not None and moment - started > within

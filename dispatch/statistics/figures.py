"""Figures: one number with everything that a reader needs to trust it. Pure.

No figure stands alone: it carries its key, its clock, n, the open and the excluded cases, its source, its age and the
key of its definition (docs/contract.md 7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dispatch.statistics.arrival import (
    CANCELLED,
    WITHIN_FIVE,
    WITHIN_TEN,
    Case,
    Clock,
    Outcome,
    Tally,
    arrival_time,
    in_base,
    judge,
    tally,
)
from dispatch.statistics.distribution import percentile, share_within

Json = dict[str, Any]
BUTTON = "button"  # times pressed by people; positions confirm them in a later release
TARGETS = {"K7": 0.80, "K8": 1.0}
LIMITS = {"K7": WITHIN_FIVE, "K8": WITHIN_TEN}
PERCENTS = (50, 80, 90, 95)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number on the dashboard. `value` is a share (0 to 1) or seconds; None means "nothing to count yet"."""

    key: str  # K1 … K9
    clock: str  # A, B, ring, order
    measure: str  # rate, p50, p80, p90, p95, within
    value: float | None
    n: int
    as_of: dt.datetime
    unit: str = "share"
    hits: int | None = None
    open: int = 0
    not_started: int = 0
    outside: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    excluded_late: dict[str, int] = field(default_factory=dict)
    target: float | None = None
    within_s: int | None = None
    lost: int | None = None
    group: str = "all"

    def row(self) -> Json:
        """Return the figure as the API sends it."""
        return {
            "key": self.key,
            "clock": self.clock,
            "measure": self.measure,
            "group": self.group,
            "value": None if self.value is None else round(self.value, 6),
            "unit": self.unit,
            "n": self.n,
            "hits": self.hits,
            "open": self.open,
            "not_started": self.not_started,
            "outside": self.outside,
            "excluded": self.excluded,
            "excluded_late": self.excluded_late,
            "lost": self.lost,
            "target": self.target,
            "within_s": self.within_s,
            "source": BUTTON,
            "as_of": self.as_of.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "definition": f"{self.key}.{self.clock}",
        }


def arrival_figures(cases: Sequence[Case], now: dt.datetime, group: str = "all") -> list[Figure]:
    """Make K7, K8 and K9 on both clocks."""
    rates = [rate(key, clock, cases, now, group) for key in LIMITS for clock in Clock]
    return rates + [figure for clock in Clock for figure in arrival_percentiles(clock, cases, now, group)]


def rate(key: str, clock: Clock, cases: Sequence[Case], now: dt.datetime, group: str) -> Figure:
    """Make the share of arrivals within the limit of K7 or K8."""
    counts: Tally = tally(cases, clock, LIMITS[key], now)
    return Figure(
        key=key,
        clock=clock.value,
        measure="rate",
        value=counts.rate,
        n=counts.n,
        hits=counts.hits,
        open=counts.open,
        not_started=counts.not_started,
        outside=counts.outside,
        excluded=dict(sorted(counts.excluded.items())),
        excluded_late={code: count for code, count in sorted(counts.excluded_late.items()) if count},
        target=TARGETS[key],
        within_s=int(LIMITS[key].total_seconds()),
        as_of=now,
        group=group,
    )


def arrival_percentiles(clock: Clock, cases: Sequence[Case], now: dt.datetime, group: str) -> list[Figure]:
    """Make K9: percentiles of T; who has not arrived is counted as open."""
    base = [case for case in cases if in_base(case)]
    durations = [arrival_time(case, clock) for case in base]
    return percentiles("K9", clock.value, durations, excluded(cases), now, group)


def order_percentiles(cases: Sequence[Case], now: dt.datetime, group: str = "all") -> list[Figure]:
    """Make K2: from the answer to the first order; without an order a case is open."""
    base = [case for case in cases if in_base(case)]
    durations = [
        (case.first_dispatched_at - case.answered_at).total_seconds() if case.first_dispatched_at else None
        for case in base
    ]
    return percentiles("K2", Clock.ANSWER.value, durations, excluded(cases), now, group)


def percentiles(
    key: str,
    clock: str,
    durations: Sequence[float | None],
    left_out: dict[str, int],
    now: dt.datetime,
    group: str = "all",
) -> list[Figure]:
    """Make one figure per percentile of durations in seconds; None counts as open."""
    ordered = sorted(duration for duration in durations if duration is not None)
    return [
        Figure(
            key=key,
            clock=clock,
            measure=f"p{percent}",
            value=percentile(ordered, percent),
            n=len(ordered),
            open=len(durations) - len(ordered),
            excluded=left_out,
            unit="s",
            as_of=now,
            group=group,
        )
        for percent in PERCENTS
    ]


def answer_figures(waits: Sequence[float], *, lost: int, ringing: int, limit: int, now: dt.datetime) -> list[Figure]:
    """Make K1: from ring to answer of voice calls in seconds, with the share up to the threshold; lost calls beside it,
    ringing ones as open."""
    ordered = sorted(waits)
    within = Figure(
        key="K1",
        clock="ring",
        measure="within",
        value=share_within(ordered, limit),
        n=len(ordered),
        hits=sum(wait <= limit for wait in ordered),
        open=ringing,
        lost=lost,
        within_s=limit,
        as_of=now,
    )
    return [
        within,
        *[
            Figure(
                key="K1",
                clock="ring",
                measure=f"p{percent}",
                value=percentile(ordered, percent),
                n=len(ordered),
                open=ringing,
                lost=lost,
                unit="s",
                as_of=now,
            )
            for percent in (50, 90)
        ],
    ]


def excluded(cases: Sequence[Case]) -> dict[str, int]:
    """Count what K2 and K9 leave out, by code; a case cancelled before arrival is EX4 whenever that was."""
    counts: dict[str, int] = {}
    for case in cases:
        cancelled = case.ended_at is not None and case.arrived_at is None and not is_outside(case)
        code = case.exclusion or (CANCELLED if cancelled else "")
        if code:
            counts[code] = counts.get(code, 0) + 1
    return dict(sorted(counts.items()))


def is_outside(case: Case) -> bool:
    """Tell whether a case is of priority 4 without an order, which no exclusion code names."""
    return case.priority == 4 and case.first_dispatched_at is None


def arrival_bands(cases: Sequence[Case], clock: Clock, now: dt.datetime) -> Json:
    """Count one hour's cases by their arrival on a clock: within five, within ten, later, not there yet."""
    bands = {"within_5": 0, "within_10": 0, "later": 0, "not_yet": 0}
    for case in cases:
        if not in_base(case):
            continue
        five = judge(case, clock, WITHIN_FIVE, now).outcome
        ten = judge(case, clock, WITHIN_TEN, now).outcome
        if case.arrived_at is None:
            bands["not_yet"] += 1
        elif five is Outcome.HIT:
            bands["within_5"] += 1
        else:
            bands["within_10" if ten is Outcome.HIT else "later"] += 1
    return bands

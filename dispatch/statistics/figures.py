"""Figures: one number with everything that a reader needs to trust it. Pure.

No figure stands alone: it carries its key, its clock, n, the open and the excluded cases, its source, its age and the
key of its definition (docs/contract.md 7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dispatch.statistics.arrival import (
    CANCELLED,
    WITHIN_FIVE,
    WITHIN_TEN,
    Case,
    Clock,
    Outcome,
    Verdict,
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
        """Return the figure as the API sends it. A share keeps six places: rounded to fewer, 99 999 of 100 000 would
        read as all."""
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


@dataclass(frozen=True, slots=True)
class Assessed:
    """A case with all that the figures ask of it, judged once: a city has 80 000 a month, and each is asked often."""

    case: Case
    verdicts: dict[str, Verdict]  # by key and clock: K7.A, K7.B, K8.A, K8.B
    times: dict[str, float | None]  # T in seconds, by clock
    in_base: bool


def assess(cases: Iterable[Case], now: dt.datetime) -> list[Assessed]:
    """Judge cases on both clocks and both limits."""
    limits = [(f"{key}.{clock}", clock, within) for key, within in LIMITS.items() for clock in Clock]
    clocks = [(clock.value, clock) for clock in Clock]
    return [
        Assessed(
            case,
            {name: judge(case, clock, within, now) for name, clock, within in limits},
            {name: arrival_time(case, clock) for name, clock in clocks},
            in_base(case),
        )
        for case in cases
    ]


def arrival_figures(cases: Sequence[Assessed], now: dt.datetime, group: str = "all") -> list[Figure]:
    """Make K7, K8 and K9 on both clocks."""
    rates = [rate(key, clock, cases, now, group) for key in LIMITS for clock in Clock]
    return rates + [figure for clock in Clock for figure in arrival_percentiles(clock, cases, now, group)]


def rate(key: str, clock: Clock, cases: Sequence[Assessed], now: dt.datetime, group: str) -> Figure:
    """Make the share of arrivals within the limit of K7 or K8."""
    name = f"{key}.{clock}"
    counts = tally(one.verdicts[name] for one in cases)
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
        excluded_late=dict(sorted(counts.excluded_late.items())),
        target=TARGETS[key],
        within_s=int(LIMITS[key].total_seconds()),
        as_of=now,
        group=group,
    )


def arrival_percentiles(clock: Clock, cases: Sequence[Assessed], now: dt.datetime, group: str) -> list[Figure]:
    """Make K9: percentiles of T; who has not arrived is counted as open."""
    durations = [one.times[clock.value] for one in cases if one.in_base]
    return percentiles("K9", clock.value, durations, left_out=excluded(cases), now=now, group=group)


def order_percentiles(cases: Sequence[Assessed], now: dt.datetime, group: str = "all") -> list[Figure]:
    """Make K2: from the answer to the first order; without an order a case is open."""
    durations = [
        (one.case.first_dispatched_at - one.case.answered_at).total_seconds() if one.case.first_dispatched_at else None
        for one in cases
        if one.in_base
    ]
    return percentiles("K2", Clock.ANSWER.value, durations, left_out=excluded(cases), now=now, group=group)


def percentiles(
    key: str, clock: str, durations: Sequence[float | None], *, left_out: dict[str, int], now: dt.datetime, group: str
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
    shared: Json = {"key": "K1", "clock": "ring", "n": len(ordered), "open": ringing, "lost": lost, "as_of": now}
    within = Figure(
        measure="within",
        value=share_within(ordered, limit),
        hits=sum(wait <= limit for wait in ordered),
        within_s=limit,
        **shared,
    )
    return [
        within,
        *[
            Figure(measure=f"p{percent}", value=percentile(ordered, percent), unit="s", **shared)
            for percent in (50, 90)
        ],
    ]


def excluded(cases: Sequence[Assessed]) -> dict[str, int]:
    """Count what K2 and K9 leave out, by code; a case cancelled before arrival is EX4 whenever that was."""
    counts: dict[str, int] = {}
    for one in cases:
        outside = one.verdicts["K7.A"].outcome is Outcome.OUTSIDE
        if not one.in_base and not outside:
            code = one.case.exclusion or CANCELLED
            counts[code] = counts.get(code, 0) + 1
    return dict(sorted(counts.items()))


def arrival_bands(cases: Sequence[Assessed], clock: Clock) -> Json:
    """Count one hour's cases by their arrival on a clock: within five, within ten, later, not there yet."""
    bands = {"within_5": 0, "within_10": 0, "later": 0, "not_yet": 0}
    for one in cases:
        if one.in_base:
            bands[band_of(one, clock)] += 1
    return bands


def band_of(one: Assessed, clock: Clock) -> str:
    """Name the band of a case's arrival on a clock."""
    if one.case.arrived_at is None:
        return "not_yet"
    if one.verdicts[f"K7.{clock}"].outcome is Outcome.HIT:
        return "within_5"
    return "within_10" if one.verdicts[f"K8.{clock}"].outcome is Outcome.HIT else "later"

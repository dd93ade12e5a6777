"""Percentiles, buckets and process limits of samples. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

XMR_FACTOR = 2.66  # limits of an XmR chart: mean ± 2.66 × mean moving range


@dataclass(frozen=True, slots=True)
class Buckets:
    """Counts by duration. `counts[i]` lies above `limits[i-1]` and up to `limits[i]`; the last one above all."""

    limits: tuple[int, ...]  # seconds, ascending
    counts: tuple[int, ...]  # one longer than limits
    not_yet: int

    @property
    def n(self) -> int:
        """Count everything: with "not yet" the shares add up to one."""
        return sum(self.counts) + self.not_yet


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What a series does by itself: a value outside the limits is a change, one inside is noise."""

    mean: float
    lower: float
    upper: float
    n: int


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """Return the value at rank ⌈p·n⌉ of sorted values (domain 8); None of none. `percent` is 1 to 100, in whole
    numbers, because 0.95 × n in binary fractions can land one rank too high."""
    if not ordered:
        return None
    rank = -(-percent * len(ordered) // 100)
    return ordered[rank - 1]


def share_within(values: Sequence[float], limit: float) -> float | None:
    """Return the share of values up to a limit, inclusive; None of none."""
    return sum(value <= limit for value in values) / len(values) if values else None


def bucket(durations: Iterable[float | None], limits: tuple[int, ...]) -> Buckets:
    """Sort durations in seconds into buckets, lower bound exclusive, upper inclusive; None is "not yet"."""
    counts = [0] * (len(limits) + 1)
    not_yet = 0
    for duration in durations:
        if duration is None:
            not_yet += 1
        else:
            counts[bisect_left(limits, duration)] += 1
    return Buckets(limits, tuple(counts), not_yet)


def process_limits(values: Sequence[float], floor: float, ceiling: float) -> ProcessLimits | None:
    """Return the XmR limits of a series, cut at what is possible; None below ten values (targets 4.4)."""
    if len(values) < 10:
        return None
    mean = sum(values) / len(values)
    steps = [abs(later - earlier) for earlier, later in pairwise(values)]
    reach = XMR_FACTOR * sum(steps) / len(steps)
    return ProcessLimits(mean, max(floor, mean - reach), min(ceiling, mean + reach), len(values))

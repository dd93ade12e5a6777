"""What a series does by itself. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

XMR_FACTOR = 2.66  # limits of an XmR chart: mean ± 2.66 × mean moving range


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What a series does by itself: a value outside the limits is a change, one inside is noise."""

    mean: float
    lower: float
    upper: float
    n: int


def process_limits(values: Sequence[float], floor: float, ceiling: float) -> ProcessLimits | None:
    """Return the XmR limits of a series, cut at what is possible; None below ten values (targets 4.4)."""
    if len(values) < 10:
        return None
    mean = sum(values) / len(values)
    steps = [abs(later - earlier) for earlier, later in pairwise(values)]
    reach = XMR_FACTOR * sum(steps) / len(steps)
    return ProcessLimits(mean, max(floor, mean - reach), min(ceiling, mean + reach), len(values))

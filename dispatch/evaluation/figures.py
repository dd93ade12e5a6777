"""What a run is judged by: arrival rates on both clocks, and differences with their bootstrap intervals. Pure."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.evaluation.simulation import Result

Json = dict[str, Any]
Floats = NDArray[np.float64]
RESAMPLES: Final = 2_000
LIMITS: Final = {"5": 300.0, "10": 600.0}
COUNTED_UP_TO: Final = 3  # P1 to P3 are the base set of K7 and K8 (domain 8)


def arrivals(result: Result) -> Floats:
    """Return an array of day, priority, seconds on clock A and on clock B, one row per incident of the base set."""
    first: dict[int, tuple[float, float]] = {}
    events = {}
    for trip in result.trips:
        number = trip.event.number
        events[number] = trip.event
        arrived, sent = first.get(number, (np.inf, np.inf))
        first[number] = (min(arrived, trip.arrived), min(sent, trip.sent))
    rows = [
        (event.day, event.priority, first[number][0] - event.answered, first[number][0] - first[number][1])
        for number, event in sorted(events.items())
        if event.priority <= COUNTED_UP_TO
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def summary(rows: Floats) -> Json:
    """Return n, rates and percentiles of a run; every figure names its clock."""
    told: Json = {"n": len(rows)}
    for name, group in (("all", rows), ("p1_p2", rows[rows[:, 1] <= 2])):
        told[name] = {"n": len(group)}
        for clock, column in (("A", 2), ("B", 3)):
            seconds = np.sort(group[:, column])
            told[name][clock] = {
                **{f"within_{limit}": share(seconds, bound) for limit, bound in LIMITS.items()},
                **{f"p{p}_s": percentile(seconds, p) for p in (50, 80, 90)},
                "mean_s": round(float(seconds.mean()), 1) if len(seconds) else None,
            }
    return told


def share(seconds: Floats, limit: float) -> float | None:
    """Return the share within a limit."""
    return round(float((seconds <= limit).mean()), 4) if len(seconds) else None


def percentile(ordered: Floats, p: int) -> float | None:
    """Return the value at rank ⌈p·n⌉ (domain 8)."""
    if not len(ordered):
        return None
    return round(float(ordered[int(np.ceil(p / 100 * len(ordered))) - 1]), 1)


def difference(one: Floats, other: Floats, seed: int) -> Json:
    """Return how much larger the shares of the first run are, with 95 % intervals: whole days are drawn again, the same
    ones for both runs, for the incidents of a day hang together."""
    days = np.arange(int(max(one[:, 0].max(), other[:, 0].max())) + 1)
    drawn = np.random.default_rng(seed).integers(0, len(days), (RESAMPLES, len(days)))
    told: Json = {}
    for clock, column in (("A", 2), ("B", 3)):
        for name, bound in LIMITS.items():
            hits = [np.bincount(run[:, 0].astype(int), run[:, column] <= bound, len(days)) for run in (one, other)]
            counts = [np.bincount(run[:, 0].astype(int), minlength=len(days)).astype(float) for run in (one, other)]
            shares = [
                hit[drawn].sum(axis=1) / count[drawn].sum(axis=1) for hit, count in zip(hits, counts, strict=True)
            ]
            low, high = np.percentile(shares[0] - shares[1], [2.5, 97.5])
            plain = hits[0].sum() / counts[0].sum() - hits[1].sum() / counts[1].sum()
            told[f"within_{name}_{clock}"] = {
                "difference": round(float(plain), 4),
                "interval": [round(float(low), 4), round(float(high), 4)],
            }
    return told

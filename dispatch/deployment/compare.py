"""What a changed fleet is worth: both fleets, their paired difference, its interval, and whether the replay agrees with
what was recorded. Pure.

The interval: whole days are drawn again with replacement, the same ones for both fleets, 2,000 times; it is the middle
95 % of the differences. Incidents of one day hang together, and both fleets met the same incidents with the same luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Json = dict[str, Any]
Floats = NDArray[np.float64]
RESAMPLES: Final = 2_000
LEAST_INCIDENTS: Final = 200
LEAST_DAYS: Final = 7
MAY_DIFFER: Final = 0.05  # between replay and record, of the share within five minutes
SHORT_S, LONG_S = 300.0, 600.0
RECORDED, BASELINE_A, BASELINE_B, CHANGED_A, CHANGED_B = 2, 3, 4, 5, 6  # columns of a row
# Key, unit, and whether more is better (None: neither).
MEASURES: Final[tuple[tuple[str, str, bool | None], ...]] = (
    ("within_5_A", "share", True),
    ("within_5_B", "share", True),
    ("within_10_A", "share", True),
    ("within_10_B", "share", True),
    ("median_A", "s", False),
    ("p90_A", "s", False),
    ("km_a_day", "km", False),
    ("busy", "share", None),
    ("busiest", "share", False),
    ("covered", "share", True),
    ("unserved", "count", False),
)


def answer(days: Sequence[Json], seed: int) -> Json:
    """Return every measure of both fleets with its difference (changed less baseline) and interval. With fewer than 200
    incidents or 7 days there is no figure, only the words that it would not carry one. A day of which nothing was
    recorded is no day."""
    days = [one for one in days if one["rows"]]
    table = rows_of(days)
    found: Json = {
        "n": len(table), "days": len(days), "least_n": LEAST_INCIDENTS, "least_days": LEAST_DAYS,
        "resamples": RESAMPLES, "insufficient": len(table) < LEAST_INCIDENTS or len(days) < LEAST_DAYS,
        "calibration": calibration(table), "measures": [],
    }  # fmt: skip
    if found["insufficient"]:
        return found
    drawn = np.random.default_rng(seed).integers(0, len(days), (RESAMPLES, len(days)))
    times = np.array([np.bincount(one, minlength=len(days)) for one in drawn], dtype=np.float64)
    whole = np.ones((1, len(days)))
    for key, unit, more in MEASURES:
        of = statistic(key, days, table)
        values = [of(side, whole)[0] for side in (0, 1)]
        with np.errstate(invalid="ignore"):
            again = of(1, times) - of(0, times)
        found["measures"].append(measure(key, unit, more, values, again))
    return found


def measure(key: str, unit: str, more: bool | None, values: list[float], again: Floats) -> Json:
    """Return one line of the answer; null is what there is nothing to compute from."""
    known = bool(np.isfinite(values).all()) and bool(np.isfinite(again).all())
    low, high = np.percentile(again, [2.5, 97.5]) if known else (np.nan, np.nan)
    digits = 4 if unit == "share" else 1
    told = [round(float(one), digits) if np.isfinite(one) else None for one in values]
    line: Json = {"key": key, "unit": unit, "more_is_better": more, "baseline": told[0], "changed": told[1]}
    line["difference"] = round(float(values[1] - values[0]), digits) if known else None
    line["interval"] = [round(float(low), digits), round(float(high), digits)] if known else None
    return line


def rows_of(days: Sequence[Json]) -> Floats:
    """Return the rows of all days as one table, the number of the day as the last column; who was never reached is
    infinitely late, what was not recorded is not a number."""
    table = [[*row, day] for day, one in enumerate(days) for row in one["rows"]]
    plain = np.array([[np.nan if cell is None else cell for cell in row] for row in table], dtype=np.float64)
    plain = plain.reshape(-1, 8)
    played = plain[:, BASELINE_A : CHANGED_B + 1]
    played[np.isnan(played)] = np.inf
    return plain


def statistic(key: str, days: Sequence[Json], table: Floats) -> Callable[[int, Floats], Floats]:
    """Return a function of fleet and weights of days (draws × days) that gives a measure for each draw."""
    name, _, clock = key.rpartition("_")
    if name.startswith("within"):
        return shares(table, days, SHORT_S if name == "within_5" else LONG_S, clock)
    if name in ("median", "p90"):
        return percentiles(table, 0.5 if name == "median" else 0.9)
    return of_sums(key, days)


def column(side: int, clock: str) -> int:
    """Return where the seconds of a fleet on a clock stand."""
    return (BASELINE_A, CHANGED_A)[side] + (clock == "B")


def shares(table: Floats, days: Sequence[Json], limit: float, clock: str) -> Callable[[int, Floats], Floats]:
    """Return the share within a limit."""
    day = table[:, -1].astype(int)
    n = np.bincount(day, minlength=len(days)).astype(np.float64)

    def of(side: int, weights: Floats) -> Floats:
        hits = np.bincount(day, table[:, column(side, clock)] <= limit, len(days))
        return ratio(weights @ hits, weights @ n)

    return of


def percentiles(table: Floats, share: float) -> Callable[[int, Floats], Floats]:
    """Return the value at rank ⌈p·n⌉ of the seconds from the answer (domain 8)."""
    day = table[:, -1].astype(int)

    def of(side: int, weights: Floats) -> Floats:
        seconds = table[:, column(side, "A")]
        order = np.argsort(seconds, kind="stable")
        found = np.empty(len(weights))
        for at, one in enumerate(weights):
            ranks = np.cumsum(one[day[order]])
            rank = np.ceil(share * ranks[-1] - 1e-9) if len(ranks) else 0.0
            found[at] = seconds[order[np.searchsorted(ranks, max(rank, 1.0))]] if rank else np.nan
        return found

    return of


def of_sums(key: str, days: Sequence[Json]) -> Callable[[int, Floats], Floats]:
    """Return a measure that is made of the sums of each day."""

    def of(side: int, weights: Floats) -> Floats:
        sums = [one["sides"][side] for one in days]
        if key == "busy":
            return ratio(weights @ column_of(sums, "busy_s"), weights @ column_of(sums, "duty_s"))
        if key == "covered":
            looked = np.array([len(one["coverage"]) for one in sums], dtype=np.float64)
            return ratio(weights @ np.array([sum(one["coverage"]) for one in sums]), weights @ looked)
        name = {"km_a_day": "km"}.get(key, key)
        per = weights.sum(axis=1) if key != "unserved" else np.ones(len(weights))
        return ratio(weights @ column_of(sums, name), per)

    return of


def column_of(sums: Sequence[Json], name: str) -> Floats:
    """Return one sum of every day."""
    return np.array([one[name] for one in sums], dtype=np.float64)


def ratio(above: Floats, below: Floats) -> Floats:
    """Divide; nothing by nothing is not a number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below, dtype=np.float64)


def calibration(table: Floats) -> Json:
    """Hold the replay of the fleet as it was against what was recorded, over the incidents whose arrival is known."""
    known = table[np.isfinite(table[:, RECORDED])]
    if not len(known):
        return {"n": 0, "of": len(table), "may_differ": MAY_DIFFER, "agrees": None}
    recorded, played = known[:, RECORDED], known[:, BASELINE_A]
    shares_of = [round(float((one <= SHORT_S).mean()), 4) for one in (recorded, played)]
    return {
        "n": len(known),
        "of": len(table),
        "recorded_within_5": shares_of[0],
        "played_within_5": shares_of[1],
        "recorded_median_s": middle(recorded),
        "played_median_s": middle(played),
        "may_differ": MAY_DIFFER,
        "agrees": abs(shares_of[1] - shares_of[0]) <= MAY_DIFFER,
    }


def middle(seconds: Floats) -> float | None:
    """Return the median at rank ⌈n/2⌉; None when so many were never reached."""
    found = float(np.sort(seconds)[int(np.ceil(len(seconds) / 2)) - 1])
    return round(found, 1) if np.isfinite(found) else None

"""Figures: one number with everything that a reader needs to trust it. Pure.

No figure stands alone: it carries its key, its clock, its source of time, n, the open and the excluded cases, its age,
the key of its definition and the measure whose rows are behind it (docs/contract.md 7).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dispatch.statistics.cube import Floats, Outcomes, Spread
from dispatch.statistics.marks import EXCLUDED, Outcome
from dispatch.statistics.sums import Ints
from incidents.row import stamp

Json = dict[str, Any]
BESIDE = {
    "open": Outcome.OPEN,
    "not_started": Outcome.NOT_STARTED,
    "outside": Outcome.OUTSIDE,
    "no_time": Outcome.NO_TIME,
}


@dataclass(slots=True)
class Column:
    """One figure for every group. `values` are shares (0 to 1), seconds, yuan or counts; NaN means "nothing to count".

    `hits` over `n` is the value of a share; all arrays are as long as there are groups.
    """

    key: str  # K1 … K20, or volume
    clock: str  # A, B, ring, order, finish, none
    measure: str  # rate, p50, p90, within, …
    values: Floats
    n: Ints
    rows: str = ""  # the measure whose rows are behind it
    source: str = "button"
    unit: str = "share"
    hits: Ints | None = None
    beside: dict[str, Ints] = field(default_factory=dict)  # open, not_started, outside, no_time, lost, …
    excluded: dict[str, Ints] = field(default_factory=dict)
    excluded_late: dict[str, Ints] = field(default_factory=dict)
    target: float | None = None
    within_s: int | None = None
    no_data: bool = False  # the rows that it would be computed from are not kept

    def same(self, as_of: dt.datetime) -> Json:
        """Return what is the same for every group."""
        return {
            "key": self.key,
            "clock": self.clock,
            "measure": self.measure,
            "unit": self.unit,
            "target": self.target,
            "within_s": self.within_s,
            "source": self.source,
            "no_data": self.no_data,
            "rows": self.rows,
            "as_of": stamp(as_of),
            "definition": f"{self.key}.{self.clock}",
            **dict.fromkeys(BESIDE, 0),
            "hits": None,
            "lost": None,
        }

    def listed(self, order: Sequence[int], as_of: dt.datetime) -> Json:
        """Return the figure of every group as lists, in an order of the groups: a map of two thousand cells is a sixth of
        its rows. What is 0 everywhere is no list."""
        counts = {"n": self.n, **({} if self.hits is None else {"hits": self.hits}), **self.beside}
        some = {name: found for name, found in counts.items() if found.any()}
        values = self.values.tolist()
        return {
            "same": {**self.same(as_of), **dict.fromkeys(counts, 0)},
            "lists": {
                "value": [tidy(values[at], self.unit) for at in order],
                **{name: found[order].tolist() for name, found in some.items()},
            },
            "excluded": {code: found[order].tolist() for code, found in self.excluded.items() if found.any()},
            "excluded_late": {code: found[order].tolist() for code, found in self.excluded_late.items() if found.any()},
        }

    def rows_of(self, names: Sequence[str], as_of: dt.datetime) -> list[Json]:
        """Return the figure of every group as the API sends it. A share keeps six places: rounded to fewer, 99 999 of
        100 000 would read as all."""
        shared = self.same(as_of)
        size = len(names)
        hits = [None] * size if self.hits is None else self.hits.tolist()
        beside = {name: found.tolist() for name, found in self.beside.items()}
        excluded, late = present_of(self.excluded, size), present_of(self.excluded_late, size)
        values, n = self.values.tolist(), self.n.tolist()
        return [
            {
                **shared,
                "group": name,
                "value": tidy(values[at], self.unit),
                "n": n[at],
                "hits": hits[at],
                **{key: found[at] for key, found in beside.items()},
                "excluded": excluded[at],
                "excluded_late": late[at],
            }
            for at, name in enumerate(names)
        ]


@dataclass(slots=True)
class BucketColumn:
    """Buckets of one measure for every group; lower bound exclusive, upper inclusive, and "not yet"."""

    key: str
    clock: str
    limits: tuple[int, ...]
    spread: Spread
    rows: str
    source: str = "button"
    beside: dict[str, Ints] = field(default_factory=dict)  # refused, withdrawn, needless
    excluded: dict[str, Ints] = field(default_factory=dict)

    def rows_of(self, names: Sequence[str], as_of: dt.datetime) -> list[Json]:
        """Return the buckets of every group as the API sends them; with "not yet" the counts add up to n."""
        bounds: list[tuple[int, int | None]] = list(zip((0, *self.limits), (*self.limits, None), strict=True))
        counts = [self.spread.over(-1 if low == 0 else low, high).tolist() for low, high in bounds]
        not_yet, n = self.spread.open.tolist(), (self.spread.n + self.spread.open).tolist()
        beside = {name: found.tolist() for name, found in self.beside.items()}
        excluded = present_of(self.excluded, len(names))
        shared = {
            "key": self.key,
            "clock": self.clock,
            "source": self.source,
            "rows": self.rows,
            "as_of": stamp(as_of),
            "definition": f"{self.key}.{self.clock}",
        }
        return [
            {
                **shared,
                "group": name,
                "n": n[at],
                "buckets": [
                    {"over_s": low, "up_to_s": high, "count": count[at]}
                    for (low, high), count in zip(bounds, counts, strict=True)
                ],
                "not_yet": not_yet[at],
                **{key: found[at] for key, found in beside.items()},
                "excluded": excluded[at],
            }
            for at, name in enumerate(names)
        ]


def tidy(value: float, unit: str) -> float | int | None:
    """Return a value as it is sent: whole seconds, counts and yuan, shares with six places; None for NaN."""
    if math.isnan(value):
        return None
    return round(value, 6) if unit == "share" else round(value)


def present_of(counts: dict[str, Ints], size: int) -> list[dict[str, int]]:
    """Return for every group the counts that are not 0."""
    found: list[dict[str, int]] = [{} for _ in range(size)]
    for name, of_groups in sorted(counts.items()):
        for at in np.flatnonzero(of_groups).tolist():
            found[at][name] = int(of_groups[at])
    return found


def share(hits: Ints, n: Ints) -> Floats:
    """Return hits ÷ n of every group; NaN where n is 0, which is not the same as zero."""
    found: Floats = np.divide(hits, n, out=np.full(len(n), np.nan), where=n > 0)
    return found


def left_out(outcomes: Outcomes) -> dict[str, Ints]:
    """Return the excluded by code."""
    found = {code: outcomes[outcome] for code, outcome in EXCLUDED.items()}
    found["EX5"] = found["EX5"] + outcomes[Outcome.LATE_EX5]
    return found


def rate(key: str, clock: str, outcomes: Outcomes, rows: str, **more: Any) -> Column:
    """Make hits ÷ (hits + misses), with everything else that was counted beside it."""
    hits, misses = outcomes[Outcome.HIT], outcomes[Outcome.MISS]
    return Column(
        key, clock, more.pop("measure", "rate"), share(hits, hits + misses), hits + misses, rows, hits=hits,
        beside={name: outcomes[outcome] for name, outcome in BESIDE.items()},
        excluded=left_out(outcomes), excluded_late={"EX5": outcomes[Outcome.LATE_EX5]}, **more,
    )  # fmt: skip


def percentiles(key: str, clock: str, spread: Spread, rows: str, percents: Sequence[int], **more: Any) -> list[Column]:
    """Make one figure per percentile; what has not ended yet is open and counts in none of them."""
    beside = {"open": spread.open, **more.pop("beside", {})}
    return [
        Column(
            key, clock, f"p{percent}", spread.at_rank(percent), spread.n, rows, unit="s", beside=dict(beside), **more
        )
        for percent in percents
    ]


def count(key: str, measure: str, n: Ints, rows: str, unit: str = "count") -> Column:
    """Make a plain number."""
    return Column(key, "none", measure, n.astype(np.float64), n, rows, unit=unit)


def no_data(key: str, clock: str, measure: str, size: int) -> Column:
    """Say that there is nothing to compute a figure from."""
    none = np.zeros(size, dtype=np.int64)
    return Column(key, clock, measure, np.full(size, np.nan), none, no_data=True)

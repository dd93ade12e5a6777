"""Units compared fairly: the time from order to arrival that was observed against the time that was to be expected,
given the way, the hour and the load (docs/statistics.md, "Units compared fairly"). Pure, but for the reading.

It shows where to look and talk: never a measure of a person.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.statistics import drives
from dispatch.statistics.details import pieces
from dispatch.statistics.marks import Kind
from dispatch.statistics.period import Period
from dispatch.statistics.query import fetch_binary, one_moment
from dispatch.statistics.sums import Ints, numbered
from incidents.row import stamp
from patrol.models import Unit

Json = dict[str, Any]
Floats = NDArray[np.float64]
LEAST_N = 20  # fewer orders of a unit are shown greyed and not ranked; fewer of a stratum leave its factor at 1
WIDTH = 1.96  # of a 95 % interval
LONGEST_S = 7_200.0  # who arrives after two hours was sent elsewhere meanwhile, or forgot the button
SHIFTS = """
SELECT unit_id, (extract(epoch FROM started_at) * 1000000)::bigint, (extract(epoch FROM ended_at) * 1000000)::bigint
FROM patrol_shift WHERE centre_id = %(centre)s AND started_at < %(until)s AND (ended_at IS NULL OR ended_at > %(before)s)
ORDER BY unit_id, started_at
"""
SHIFT = dt.timedelta(hours=24)  # read so much earlier: the orders of a shift that began before the period
SECOND = 1_000_000  # microseconds
HOUR, DAY = 3_600 * SECOND, 86_400 * SECOND
RUNS = np.iinfo(np.int64).max  # the end of a shift that has none yet
BANDS = ("0", "1-2", "3-5", "6+")
FROM_LOAD = np.array([1, 3, 6])  # from how many earlier orders on the next band begins


@dataclass(frozen=True, slots=True)
class Cases:
    """Orders that arrived, as columns. `expected_s` is what the ranking told at its moment."""

    unit: Ints
    seconds: Floats
    expected_s: Floats
    basis: Ints  # number in `drives.BASES`
    hour: Ints  # at Asia/Shanghai
    load: Ints  # earlier orders of the same unit in the same shift

    def strata(self) -> tuple[tuple[str, Ints, tuple[str, ...]], ...]:
        """Return what an expectation is corrected by: its name, the stratum of each case, and the names of the strata."""
        return (
            ("basis", self.basis, drives.BASES),
            ("hour", self.hour, tuple(f"{hour:02}" for hour in range(24))),
            ("load", np.searchsorted(FROM_LOAD, self.load, side="right"), BANDS),
        )


def expectations(cases: Cases) -> tuple[Floats, dict[str, dict[str, float]]]:
    """Return what was to be expected of each case, and the factors.

    Begin with the ranking's own expectation. By basis, then by hour, then by load multiply by the median of observed ÷
    expected of the stratum, if it has 20 cases. In the end scale all, so that the expected add up to the observed.
    """
    found = cases.expected_s
    factors: dict[str, dict[str, float]] = {}
    for name, stratum, labels in cases.strata():
        order = np.argsort(stratum.astype(np.uint8), kind="stable")  # of 8 bits: by radix, in one pass
        ratios, factor = (cases.seconds / found)[order], np.ones(len(labels))
        n = np.bincount(stratum, minlength=len(labels))
        for at, end in enumerate(np.cumsum(n).tolist()):
            if n[at] >= LEAST_N:
                factor[at] = np.median(ratios[end - n[at] : end])
        factors[name] = {labels[at]: float(factor[at]) for at in np.flatnonzero(n).tolist()}
        found = found * factor[stratum]
    whole = float(found.sum())
    scale = float(cases.seconds.sum()) / whole if whole else 1.0
    return found * scale, {**factors, "scale": {"all": scale}}


def compare(cases: Cases) -> tuple[list[Json], dict[str, dict[str, float]]]:
    """Return every unit with observed, expected and their ratio: those with 20 orders ranked, the slowest against the
    expectation first, the others after them without a rank.

    A ratio is that of the sums. Its 95 % interval is the standard error of a ratio of sums, from the residuals; a single
    case has none.
    """
    expected, factors = expectations(cases)
    units, mine = numbered(cases.unit)
    n = np.bincount(mine, minlength=len(units))
    observed_sum = np.bincount(mine, weights=cases.seconds, minlength=len(units))
    expected_sum = np.bincount(mine, weights=expected, minlength=len(units))
    ratio = observed_sum / expected_sum
    residual = np.bincount(mine, weights=(cases.seconds - ratio[mine] * expected) ** 2, minlength=len(units))
    # A single case has residuals, too, but no spread.
    half = WIDTH * np.sqrt(residual * n / np.maximum(n - 1, 1)) / expected_sum
    columns = {
        "unit": units, "n": n, "observed_s": observed_sum / n, "expected_s": expected_sum / n, "ratio": ratio,
        "low": np.maximum(0.0, ratio - half), "high": ratio + half,
    }  # fmt: skip
    cells = zip(*(column.tolist() for column in columns.values()), strict=True)
    rows = [unit_row(dict(zip(columns, one, strict=True))) for one in cells]
    rows.sort(key=lambda row: (row["few"], -row["ratio"], row["unit"]))
    for rank, row in enumerate(rows, 1):
        row["rank"] = None if row["few"] else rank
    return rows, factors


def unit_row(one: Json) -> Json:
    """Return one unit's row; means in seconds an order."""
    digits = {"observed_s": 1, "expected_s": 1, "ratio": 4, "low": 4, "high": 4}
    row = {name: round(value, digits[name]) if name in digits else value for name, value in one.items()}
    if row["n"] < 2:
        row["low"] = row["high"] = None
    return {**row, "few": row["n"] < LEAST_N}


def loads(orders: NDArray[Any], shifts: Ints) -> Ints:
    """Return how many orders each unit had had before each of its orders in the same shift; without a shift, on the same
    day at Asia/Shanghai. `shifts` are rows of unit, begin and end, by unit and begin."""
    if not len(orders):
        return np.zeros(0, dtype=np.int64)
    spells = spells_of(orders, shifts)
    order = in_time(spells, np.ascontiguousarray(orders["sent"]), orders["id"])
    spell = spells[order]
    place = np.arange(len(order))
    first = np.ones(len(order), dtype=bool)
    first[1:] = spell[1:] != spell[:-1]
    found = np.empty(len(order), dtype=np.int64)
    found[order] = place - np.maximum.accumulate(np.where(first, place, 0))
    return found


def in_time(spells: Ints, sent: Ints, ids: Ints) -> Ints:
    """Return the order of orders by spell, moment and id. By one number for spell and moment where that fits and tells them
    apart: one sort instead of three."""
    start, width = int(sent.min()), int(sent.max()) - int(sent.min()) + 1
    if (int(spells.max()) + 1) * width < np.iinfo(np.int64).max:
        keys = spells * width + (sent - start)
        order = np.argsort(keys)
        if (np.diff(keys[order]) > 0).all():
            return np.asarray(order)
    return np.asarray(np.lexsort((ids, sent, spells)))


def spells_of(orders: NDArray[Any], shifts: Ints) -> Ints:
    """Number what a unit's orders are counted within: the shift in which each was sent, or of one without a shift the
    unit and day."""
    sent = orders["sent"]
    day = (sent + 8 * HOUR) // DAY  # Asia/Shanghai keeps no summer time
    units, unit = numbered(orders["unit"])
    of_day = len(shifts) + unit * (int(day.max() - day.min()) + 1) + (day - day.min())
    if not len(shifts):
        return np.asarray(of_day)
    # One rising number for unit and moment, so that one search finds the last shift that began before an order.
    start = int(min(shifts[:, 1].min(), sent.min()))
    width = int(max(shifts[:, 1].max(), sent.max())) - start + 1
    mine = shifts[np.isin(shifts[:, 0], units)]
    if not len(mine):
        return np.asarray(of_day)
    keys = np.searchsorted(units, mine[:, 0]) * width + (mine[:, 1] - start)
    at = np.searchsorted(keys, unit * width + (sent - start), side="right") - 1
    one = mine[np.maximum(at, 0)]
    within = (at >= 0) & (one[:, 0] == orders["unit"]) & (sent < one[:, 2])
    return np.asarray(np.where(within, at, of_day))


def read_shifts(centre_id: int, period: Period) -> Ints:
    """Read the shifts that touch a period and the day before it; one that still runs has no end."""
    values = {"centre": centre_id, "before": period.since - SHIFT, "until": period.until}
    rows = [(unit, begin, RUNS if end is None else end) for unit, begin, end in fetch_binary(SHIFTS, values)]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def of_period(centre_id: int, period: Period, urgent: bool, now: dt.datetime) -> Json:
    """Return the comparison of a period's orders; those without a kept expectation are counted apart."""
    with one_moment():
        orders = drives.unpacked(pieces(centre_id, Kind.ORDER, Period(period.since - SHIFT, period.until)))
        shifts = read_shifts(centre_id, period)
        signs = dict(Unit.objects.filter(centre_id=centre_id).values_list("id", "call_sign"))
    load = loads(orders, shifts)
    asked = orders["counts"] & (orders["sent"] >= int(period.since.timestamp()) * SECOND)
    asked &= (orders["seconds"] > 0) & (orders["seconds"] <= LONGEST_S)
    if urgent:
        asked &= orders["urgent"]
    known = asked & (orders["expected"] > 0)
    here = orders[known]
    hour = (here["sent"] // HOUR + 8) % 24
    rows, factors = compare(
        Cases(here["unit"], here["seconds"], here["expected"], here["basis"].astype(np.int64), hour, load[known])
    )
    return {
        "as_of": stamp(now),
        "period": {"first": str(period.first), "last": str(period.last), "days": len(period.days())},
        "urgent": urgent,
        "n": len(here),
        "without_estimate": int(asked.sum()) - len(here),
        "least_n": LEAST_N,
        "factors": {name: {key: round(value, 4) for key, value in one.items()} for name, one in factors.items()},
        "rows": [{"unit": row["unit"], "call_sign": signs.get(row["unit"], ""), **row} for row in rows],
    }

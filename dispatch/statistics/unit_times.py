"""Units compared fairly: the time from order to arrival that was observed against the time that was to be expected,
given the way, the hour and the load (docs/statistics.md, "Units compared fairly"). Pure, but for the reading.

It shows where to look and talk: never a measure of a person.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from dispatch.statistics.period import CHINA, Period
from dispatch.statistics.query import fetch_binary, one_moment
from incidents.row import stamp
from patrol.models import Unit

Json = dict[str, Any]
LEAST_N = 20  # fewer orders of a unit are shown greyed and not ranked; fewer of a stratum leave its factor at 1
WIDTH = 1.96  # of a 95 % interval
LONGEST_S = 7_200.0  # who arrives after two hours was sent elsewhere meanwhile, or forgot the button
# An arrival that a later step implied, or that was entered afterwards, has no moment to compare.
CASES = """
SELECT unit, seconds, expected, basis, extract(hour FROM at AT TIME ZONE %(zone)s)::int, load, urgent FROM (
    SELECT a.unit_id AS unit, extract(epoch FROM a.on_scene_at - a.dispatched_at)::float8 AS seconds,
           (a.rank_basis ->> 'expected_s')::float8 AS expected, a.rank_basis ->> 'way' AS basis, a.dispatched_at AS at,
           row_number() OVER (PARTITION BY a.unit_id, coalesce(s.started_at, date_trunc('day', a.dispatched_at))
                              ORDER BY a.dispatched_at, a.id) - 1 AS load,
           i.priority <= 2 AS urgent,
           a.on_scene_at IS NOT NULL AND NOT i.drill AND a.purpose NOT IN ('self', 'directive')
           AND coalesce(a.marks -> 'on_scene' ->> 'implied', 'false') = 'false'
           AND coalesce(a.marks -> 'on_scene' ->> 'source', '') = '' AS counts
    FROM dispatch_assignment a JOIN incidents_incident i ON i.id = a.incident_id
    LEFT JOIN patrol_shift s ON s.unit_id = a.unit_id
              AND tstzrange(s.started_at, s.ended_at, '[)') @> a.dispatched_at
    WHERE a.centre_id = %(centre)s AND a.dispatched_at >= %(before)s AND a.dispatched_at < %(until)s
      AND a.state NOT IN ('refused', 'withdrawn')
) done WHERE counts AND at >= %(since)s AND seconds > 0 AND seconds <= %(longest)s ORDER BY at, unit
"""
SHIFT = dt.timedelta(hours=24)  # read so much earlier: the orders of a shift that began before the period


@dataclass(frozen=True, slots=True)
class Case:
    """One order that arrived. `expected_s` is what the ranking told at its moment, None where nothing was kept."""

    unit: int
    seconds: float
    expected_s: float | None
    basis: str  # road, straight
    hour: int  # at Asia/Shanghai
    load: int  # earlier orders of the same unit in the same shift


def load_band(load: int) -> str:
    """Return the band of a load."""
    return "0" if load == 0 else "1-2" if load <= 2 else "3-5" if load <= 5 else "6+"


STRATA: tuple[tuple[str, Callable[[Case], str]], ...] = (
    ("basis", lambda case: case.basis),
    ("hour", lambda case: f"{case.hour:02}"),
    ("load", lambda case: load_band(case.load)),
)


def expectations(cases: Sequence[Case]) -> tuple[list[float], dict[str, dict[str, float]]]:
    """Return what was to be expected of each case, and the factors.

    Begin with the ranking's own expectation. By basis, then by hour, then by load multiply by the median of observed ÷
    expected of the stratum, if it has 20 cases. In the end scale all, so that the expected add up to the observed.
    """
    found = [case.expected_s or 0.0 for case in cases]
    factors: dict[str, dict[str, float]] = {}
    for name, stratum in STRATA:
        ratios: defaultdict[str, list[float]] = defaultdict(list)
        for case, expected in zip(cases, found, strict=True):
            ratios[stratum(case)].append(case.seconds / expected)
        factors[name] = {key: median(mine) if len(mine) >= LEAST_N else 1.0 for key, mine in sorted(ratios.items())}
        found = [expected * factors[name][stratum(case)] for case, expected in zip(cases, found, strict=True)]
    whole = sum(found)
    scale = sum(case.seconds for case in cases) / whole if whole else 1.0
    return [one * scale for one in found], {**factors, "scale": {"all": scale}}


def ratio(observed: Sequence[float], expected: Sequence[float]) -> tuple[float, float | None, float | None]:
    """Return observed ÷ expected and its 95 % interval: the standard error of a ratio of sums, from the residuals; no
    interval of a single case."""
    n, whole = len(observed), sum(expected)
    found = sum(observed) / whole
    if n < 2:
        return found, None, None
    residual = sum((one - found * other) ** 2 for one, other in zip(observed, expected, strict=True))
    error = math.sqrt(residual * n / (n - 1)) / whole
    return found, max(0.0, found - WIDTH * error), found + WIDTH * error


def compare(cases: Sequence[Case]) -> tuple[list[Json], dict[str, dict[str, float]]]:
    """Return every unit with observed, expected and their ratio: those with 20 orders ranked, the slowest against the
    expectation first, the others after them without a rank."""
    expected, factors = expectations(cases)
    mine: defaultdict[int, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for case, one in zip(cases, expected, strict=True):
        mine[case.unit][0].append(case.seconds)
        mine[case.unit][1].append(one)
    rows = [unit_row(unit, *both) for unit, both in mine.items()]
    rows.sort(key=lambda row: (row["few"], -row["ratio"], row["unit"]))
    for rank, row in enumerate(rows, 1):
        row["rank"] = None if row["few"] else rank
    return rows, factors


def unit_row(unit: int, observed: list[float], expected: list[float]) -> Json:
    """Return one unit's row; means in seconds an order."""
    n = len(observed)
    found, low, high = ratio(observed, expected)
    return {
        "unit": unit,
        "n": n,
        "observed_s": round(sum(observed) / n, 1),
        "expected_s": round(sum(expected) / n, 1),
        "ratio": round(found, 4),
        "low": None if low is None else round(low, 4),
        "high": None if high is None else round(high, 4),
        "few": n < LEAST_N,
    }


def of_period(centre_id: int, period: Period, urgent: bool, now: dt.datetime) -> Json:
    """Return the comparison of a period's orders; those without a kept expectation are counted apart."""
    values = {
        "centre": centre_id, "since": period.since, "before": period.since - SHIFT, "until": period.until,
        "longest": LONGEST_S, "zone": CHINA.key,
    }  # fmt: skip
    with one_moment():
        found = [row for row in fetch_binary(CASES, values) if row[6] or not urgent]
        signs = dict(Unit.objects.filter(centre_id=centre_id).values_list("id", "call_sign"))
    cases = [
        Case(unit, seconds, expected, basis or "", hour, load)
        for unit, seconds, expected, basis, hour, load, _urgent in found
        if expected
    ]
    rows, factors = compare(cases)
    return {
        "as_of": stamp(now),
        "period": {"first": str(period.first), "last": str(period.last), "days": len(period.days())},
        "urgent": urgent,
        "n": len(cases),
        "without_estimate": len(found) - len(cases),
        "least_n": LEAST_N,
        "factors": {name: {key: round(value, 4) for key, value in one.items()} for name, one in factors.items()},
        "rows": [{"unit": row["unit"], "call_sign": signs.get(row["unit"], ""), **row} for row in rows],
    }

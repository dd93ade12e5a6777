"""What the dashboard asks for: today's figures, and those of the last days as series and totals."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Count

from dispatch.statistics.arrival import Clock, tally
from dispatch.statistics.base_set import read_cases
from dispatch.statistics.distribution import percentile, process_limits
from dispatch.statistics.figures import (
    LIMITS,
    Assessed,
    Figure,
    arrival_bands,
    arrival_figures,
    assess,
    order_percentiles,
)
from dispatch.statistics.period import Period, day_of, hour_of, last_days
from dispatch.statistics.steps import read_answers, read_orders, step_buckets
from incidents.models import Call, Head
from incidents.row import stamp

Json = dict[str, Any]
GROUPS: dict[str, Callable[[Assessed], bool]] = {
    "p1": lambda one: one.case.priority == 1,
    "p2": lambda one: one.case.priority == 2,
    "p3": lambda one: one.case.priority == 3,
    "urban": lambda one: one.case.area_kind == "urban",
    "suburban": lambda one: one.case.area_kind == "suburban",
    "rural": lambda one: one.case.area_kind == "rural",
}
URGENT = "p1_p2"


def today(centre_id: int, now: dt.datetime) -> Json:
    """Return today's figures: K1, K2, K7, K8, K9, the buckets of K4 and K5, and the arrivals by hour."""
    period = last_days(1, now)
    seq = head_of(centre_id)
    cases = assess(read_cases(centre_id, period), now)
    figures = [*read_answers(centre_id, period, now), *order_percentiles(cases, now), *arrival_figures(cases, now)]
    figures += arrival_figures([one for one in cases if one.case.priority <= 2], now, URGENT)
    return {
        **heading(period, now, seq),
        "figures": [figure.row() for figure in figures],
        "buckets": step_buckets(read_orders(centre_id, period), now),
        "hours": hours(cases),
        "self_initiated": sum(one.case.exclusion == "EX3" for one in cases),
        "entered_late": entered_late(centre_id, period),
    }


def days(centre_id: int, count: int, now: dt.datetime) -> Json:
    """Return the last `count` calendar days, today included: totals, groups, a series by day and the limits within
    which the daily rates move by themselves."""
    period = last_days(count, now)
    seq = head_of(centre_id)
    cases = assess(read_cases(centre_id, period), now)
    figures = [*read_answers(centre_id, period, now), *grouped(cases, now)]
    series = [day_row(day, of_day) for day, of_day in by_day(cases, period)]
    return {
        **heading(period, now, seq),
        "figures": [figure.row() for figure in figures],
        "buckets": step_buckets(read_orders(centre_id, period), now),
        "series": series,
        "limits": daily_limits(series[:-1]),
        "self_initiated": sum(one.case.exclusion == "EX3" for one in cases),
        "entered_late": entered_late(centre_id, period),
    }


def head_of(centre_id: int) -> int:
    """Return the number of the last entry; read before the rows, so the figures are that new or newer."""
    return Head.objects.filter(centre_id=centre_id).values_list("seq", flat=True).first() or 0


def heading(period: Period, now: dt.datetime, seq: int) -> Json:
    """Return what every answer begins with."""
    span = {"since": stamp(period.since), "until": stamp(period.until), "days": len(period.days())}
    return {"as_of": stamp(now), "seq": seq, "period": span}


def entered_late(centre_id: int, period: Period) -> dict[str, int]:
    """Count the calls of a period that were entered afterwards, by where from; their own times are in the figures."""
    late = Call.objects.filter(centre_id=centre_id, answered_at__gte=period.since, answered_at__lt=period.until)
    counts = late.exclude(source="").order_by().values_list("source").annotate(n=Count("id"))
    return {"offline": 0, "spool": 0, "paper": 0, **dict(counts)}


def grouped(cases: Sequence[Assessed], now: dt.datetime) -> list[Figure]:
    """Make the totals, then the same figures by priority and by kind of area where there is any case."""
    figures = [*order_percentiles(cases, now), *arrival_figures(cases, now)]
    figures += arrival_figures([one for one in cases if one.case.priority <= 2], now, URGENT)
    for group, belongs in GROUPS.items():
        some = [one for one in cases if belongs(one)]
        if some:
            figures += [*order_percentiles(some, now, group), *arrival_figures(some, now, group)]
    return figures


def hours(cases: Sequence[Assessed]) -> list[Json]:
    """Count the arrivals of each hour of the day (of the answer), on both clocks."""
    by_hour: defaultdict[int, list[Assessed]] = defaultdict(list)
    for one in cases:
        by_hour[hour_of(one.case.answered_at)].append(one)
    return [
        {"hour": hour, **{clock.value: arrival_bands(by_hour[hour], clock) for clock in Clock}} for hour in range(24)
    ]


def by_day(cases: Sequence[Assessed], period: Period) -> list[tuple[dt.date, list[Assessed]]]:
    """Sort cases into the days of a period; a day without any stays, empty."""
    found: defaultdict[dt.date, list[Assessed]] = defaultdict(list)
    for one in cases:
        found[day_of(one.case.answered_at)].append(one)
    return [(day, found[day]) for day in period.days()]


def day_row(day: dt.date, cases: Sequence[Assessed]) -> Json:
    """Return one day of the series."""
    row: Json = {"day": day.isoformat(), "incidents": len(cases)}
    for key in LIMITS:
        row[key] = {}
        for clock in Clock:
            name = f"{key}.{clock}"
            counts = tally(one.verdicts[name] for one in cases)
            row[key][clock.value] = {
                "value": None if counts.rate is None else round(counts.rate, 6),
                "n": counts.n,
                "hits": counts.hits,
                "open": counts.open,
            }
    row["K9"] = {clock.value: {"p90": p90(cases, clock)} for clock in Clock}
    row["excluded"] = tally(one.verdicts["K8.A"] for one in cases).excluded
    return row


def p90(cases: Sequence[Assessed], clock: Clock) -> float | None:
    """Return the 90th percentile of T on a clock."""
    times = [one.times[clock.value] for one in cases if one.in_base]
    return percentile(sorted(time for time in times if time is not None), 90)


def daily_limits(series: Sequence[Json]) -> Json:
    """Return the XmR limits of each daily rate over whole days; None where there are too few."""
    limits: Json = {}
    for key in LIMITS:
        for clock in Clock:
            rates = [row[key][clock.value]["value"] for row in series if row[key][clock.value]["n"]]
            found = process_limits(rates, 0.0, 1.0)
            limits[f"{key}.{clock}"] = found and {
                "mean": round(found.mean, 4),
                "lower": round(found.lower, 4),
                "upper": round(found.upper, 4),
                "n": found.n,
            }
    return limits

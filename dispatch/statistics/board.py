"""What the dashboard asks for: today's figures, and those of the last days as series and totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from dispatch.statistics.answers import Wanted, columns_of, counted_to, span
from dispatch.statistics.asked import Question
from dispatch.statistics.distribution import process_limits
from dispatch.statistics.figures import BucketColumn, Column, left_out, present_of, share
from dispatch.statistics.kpis import Counts
from dispatch.statistics.marks import CLOCKS, Outcome
from dispatch.statistics.period import last_days
from dispatch.statistics.query import one_moment
from dispatch.statistics.reading import read
from dispatch.statistics.sums import Ints
from incidents.models import Call

Json = dict[str, Any]
# By button: the dashboard watches what people pressed; positions confirm it on the pages of the figures.
SOURCE = ("button",)
ARRIVALS = Wanted(("K7", "K8", "K9"), sources=SOURCE)
CHAIN = Wanted(("K2", "K7", "K8", "K9"), sources=SOURCE)
TODAY = Wanted(("K1", "K2", "K7", "K8", "K9", "K4", "K5"), sources=SOURCE)
RATES = [f"{key}.{clock}.button" for key in ("K7", "K8") for clock in CLOCKS]
TIMES = [f"K9.{clock}.button" for clock in CLOCKS]
URGENT = "p1_p2"
PRIORITIES = {"1": "p1", "2": "p2", "3": "p3"}


def today(centre_id: int, now: dt.datetime) -> Json:
    """Return today's figures: K1, K2, K7, K8, K9, the buckets of K4 and K5, and the arrivals by hour."""
    question = Question(centre_id, last_days(1, now))
    with one_moment():
        urgent = Question(centre_id, question.period, urgent=True)
        return {
            **heading(question, now),
            "figures": [*of_all(question, TODAY, now), *of_all(urgent, ARRIVALS, now, URGENT)],
            "buckets": buckets_of(question, now),
            "hours": hours(question, now),
            "self_initiated": self_initiated(question, now),
            "entered_late": entered_late(question),
        }


def days(centre_id: int, count: int, now: dt.datetime) -> Json:
    """Return the last `count` calendar days, today included: totals, groups, a series by day and the limits within
    which the daily rates move by themselves."""
    question = Question(centre_id, last_days(count, now))
    with one_moment():
        series = by_day(question, now)
        return {
            **heading(question, now),
            "figures": [*of_all(question, TODAY, now), *grouped(question, now)],
            "buckets": buckets_of(question, now),
            "series": series,
            "limits": daily_limits(series[:-1]),
            "self_initiated": self_initiated(question, now),
            "entered_late": entered_late(question),
        }


def heading(question: Question, now: dt.datetime) -> Json:
    """Return what every answer begins with."""
    return {**counted_to(question.centre_id, now), "period": span(question.period)}


def entered_late(question: Question) -> dict[str, int]:
    """Count the calls of a period that were entered afterwards, by where from; their own times are in the figures."""
    period = question.period
    late = Call.objects.filter(
        centre_id=question.centre_id, answered_at__gte=period.since, answered_at__lt=period.until
    ).exclude(source="")
    counts = late.order_by().values_list("source").annotate(n=Count("id"))
    return {"offline": 0, "spool": 0, "paper": 0, **dict(counts)}


def of_all(question: Question, wanted: Wanted, now: dt.datetime, group: str = "all") -> list[Json]:
    """Return the figures of everything together."""
    _groups, columns = columns_of(question, wanted, now)
    return [one.rows_of([group], now)[0] for one in columns if isinstance(one, Column) and one.measure != "by_position"]


def buckets_of(question: Question, now: dt.datetime) -> list[Json]:
    """Return the buckets of K4 and K5."""
    _groups, columns = columns_of(question, Wanted(("K4", "K5"), sources=SOURCE), now)
    return [one.rows_of(["all"], now)[0] for one in columns if isinstance(one, BucketColumn)]


def grouped(question: Question, now: dt.datetime) -> list[Json]:
    """Return the figures by priority and by kind of area where there is any case."""
    found: list[Json] = []
    for by, names in (("priority", PRIORITIES), ("area_kind", {one: one for one in ("urban", "suburban", "rural")})):
        split = Question(question.centre_id, question.period, by)
        groups, columns = columns_of(split, CHAIN, now)
        rows = [one.rows_of(groups, now) for one in columns if isinstance(one, Column)]
        for value, name in names.items():
            if value in groups:
                found += [{**of_groups[groups.index(value)], "group": name} for of_groups in rows]
    return found


def self_initiated(question: Question, now: dt.datetime) -> int:
    """Count the self-initiated incidents, which are reported apart (EX3)."""
    base = Counts(read(question, ["base.button"], now)).outcomes("base.button")
    return int(base[Outcome.EX3][0])


def hours(question: Question, now: dt.datetime) -> list[Json]:
    """Count the arrivals of each hour of the day (of the answer), on both clocks."""
    by_hour = Question(question.centre_id, question.period, "hour")
    found = read(by_hour, [*RATES, *TIMES], now)
    counts = Counts(found)
    bands = {clock: arrival_bands(counts, clock) for clock in CLOCKS}
    number_of = {name: number for number, name in enumerate(found.groups)}
    none = dict.fromkeys(("within_5", "within_10", "later", "not_yet"), 0)
    rows = []
    for hour in range(24):
        number = number_of.get(f"{hour:02}")
        of_clock = {
            clock: none if number is None else {band: int(n[number]) for band, n in bands[clock].items()}
            for clock in CLOCKS
        }
        rows.append({"hour": hour, **of_clock})
    return rows


def arrival_bands(counts: Counts, clock: str) -> dict[str, Ints]:
    """Count the arrivals on a clock: within five, within ten, later, not there yet."""
    times = counts.spread(f"K9.{clock}.button")
    five, ten = times.up_to(300), times.up_to(600)
    return {"within_5": five, "within_10": ten - five, "later": times.n - ten, "not_yet": times.open}


def by_day(question: Question, now: dt.datetime) -> list[Json]:
    """Return one row for each day, also for one without incidents."""
    found = read(Question(question.centre_id, question.period, per="day"), [*RATES, *TIMES], now)
    counts = Counts(found)
    outcomes = {name: counts.outcomes(name) for name in RATES}
    p90 = {clock: counts.spread(f"K9.{clock}.button").at_rank(90) for clock in CLOCKS}
    excluded = present_of(left_out(outcomes["K8.A.button"]), counts.size)
    incidents = outcomes["K8.A.button"].all()
    rates = {name: rate_arrays(outcomes[name]) for name in RATES}
    rows = []
    for number, day in enumerate(found.groups):
        row: Json = {"day": day, "incidents": int(incidents[number])}
        for key in ("K7", "K8"):
            row[key] = {clock: rate_row(rates[f"{key}.{clock}.button"], number) for clock in CLOCKS}
        row["K9"] = {
            clock: {"p90": None if p90[clock][number] != p90[clock][number] else int(p90[clock][number])}
            for clock in CLOCKS
        }
        row["excluded"] = excluded[number]
        rows.append(row)
    return rows


def rate_arrays(found: Any) -> dict[str, Any]:
    """Return a rate with its counts, for every group."""
    hits, misses = found[Outcome.HIT], found[Outcome.MISS]
    return {"value": share(hits, hits + misses), "n": hits + misses, "hits": hits, "open": found[Outcome.OPEN]}


def rate_row(arrays: dict[str, Any], number: int) -> Json:
    """Return a rate of one group."""
    counted = {name: int(arrays[name][number]) for name in ("n", "hits", "open")}
    return {"value": round(float(arrays["value"][number]), 6) if counted["n"] else None, **counted}


def daily_limits(series: Sequence[Json]) -> Json:
    """Return the XmR limits of each daily rate over whole days; None where there are too few."""
    limits: Json = {}
    for key in ("K7", "K8"):
        for clock in CLOCKS:
            rates = [row[key][clock]["value"] for row in series if row[key][clock]["n"]]
            found = process_limits(rates, 0.0, 1.0)
            limits[f"{key}.{clock}"] = found and {
                "mean": round(found.mean, 4),
                "lower": round(found.lower, 4),
                "upper": round(found.upper, 4),
                "n": found.n,
            }
    return limits

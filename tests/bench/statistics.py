"""The statistics at scale: seeded incidents with their calls and orders, counted, read and kept current.

`python -m tests.bench.statistics --incidents 1000000` measures a year on a PostgreSQL of its own, `--incidents 10000000
--days 3640` ten of them; `--incidents 1000000 --years 10` the counts of ten beside the rows of one. `make bench` runs it
with 20,000 unless ZZ110_BENCH_INCIDENTS says otherwise.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.figures import emit, line, percentile
from tests.bench.statistics_pages import LONGEST, pages
from tests.bench.statistics_rows import NOW, Span, generate

DEFAULT = 20_000
YEAR = 364  # days: 52 weeks, so that a copied day keeps its weekday
REPEATS = 20


def run(stack: object, seconds: float) -> None:
    """Measure in a process of its own; the stack is not used."""
    count = os.environ.get("ZZ110_BENCH_INCIDENTS", str(DEFAULT))
    subprocess.run([sys.executable, "-m", "tests.bench.statistics", "--incidents", count], check=True)


def main() -> int:
    """Start servers, make the rows, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=DEFAULT)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument(
        "--years", type=int, default=1, help="years of counts; those before the newest are copies of it"
    )
    parser.add_argument("--folder", type=Path, help="keep the data here; what stands there already is not made again")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zz110-bench-statistics-") as passing:
        home = asked.folder or Path(passing)
        home.mkdir(parents=True, exist_ok=True)
        measured_in(home, asked.incidents, Span(asked.days), max(asked.years, asked.days // YEAR))
    return 0


def measured_in(home: Path, incidents: int, span: Span, years: int) -> None:
    """Measure on servers that have their data in a folder."""
    from zz110 import embedded

    os.environ["ZZ110_HOME"] = str(home)
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    servers = embedded.start_servers(home)
    os.environ |= {
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "DJANGO_SETTINGS_MODULE": "zz110.settings",
    }
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure(incidents, span, years)
    finally:
        servers.stop()


def measure(incidents: int, span: Span, years: int) -> None:
    """Print every figure."""
    from django.db import transaction

    from incidents.models import Centre
    from incidents.services.codes import load_codes

    load_codes()  # as every installation has them: an empty book of codes is read anew at every look
    gc.collect()
    gc.freeze()  # as a web process does when it has started (zz110/asgi.py)
    facts = {"incidents": incidents, "days": span.days, "years": years}
    centre = Centre.objects.first()
    if centre is None:
        started = time.perf_counter()
        with transaction.atomic():
            centre = generate(incidents, span)
        emit("statistics.generate", [(time.perf_counter() - started) * 1e3], **facts)
    count(centre, facts, span)
    counted = Span(max(span.days, years * YEAR))
    if years > 1:
        earlier(facts, counted, incidents // (span.days // YEAR))
    disk(facts)
    queries(centre, facts, counted)
    pages(centre, facts, counted)
    updates(centre, facts)


def count(centre: Any, facts: dict[str, Any], span: Span) -> None:
    """Count the rows, unless they are counted. Of more than a year only the newest 52 weeks are counted, and the years
    before get copies of their counts: the same sizes, without telling the same speed ten times."""
    from dispatch.statistics import roll_up
    from dispatch.statistics.query import fetch

    if not fetch("SELECT count(*) FROM dispatch_count_month", {})[0][0]:
        rebuilt(centre, facts, Span(min(span.days, YEAR)) if span.days > 366 else None)
        rolled_up(facts)
    while roll_up.go_on(NOW):
        pass  # what an earlier state of the code had not kept


def earlier(facts: dict[str, Any], span: Span, each: int) -> None:
    """Give the years before the newest their counts, and roll them up."""
    from dispatch.statistics import roll_up
    from dispatch.statistics.query import fetch

    if fetch("SELECT min(month) FROM dispatch_count_month", {})[0][0] <= span.begin:
        return
    started = time.perf_counter()
    copy_years(span, each)
    line("statistics.years_copied", seconds=round(time.perf_counter() - started), **facts)
    took, parts, started = [], 0, time.perf_counter()
    while done := roll_up.go_on(NOW):
        parts += done
        took.append((time.perf_counter() - started) * 1e3)
        started = time.perf_counter()
    emit("statistics.roll_up_years", took, parts=parts, **facts)


def rebuilt(centre: Any, facts: dict[str, Any], newest: Span | None) -> None:
    """Count everything from nothing, or only the newest days."""
    from django.db import connection

    from dispatch.statistics import head, rebuild
    from dispatch.statistics.query import fetch

    rebuild.begin(centre.pk, NOW.date())
    if newest is not None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE dispatch_count_head SET rebuild_from = %s, rebuild_next = %s", [newest.begin] * 2)
    days = []
    cpu, started = time.process_time(), time.perf_counter()
    while head.read(centre.pk).rebuilding:
        before = time.perf_counter()
        rebuild.step(centre.pk)
        days.append((time.perf_counter() - before) * 1e3)
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    kinds = dict(fetch("SELECT kind, count(*) FROM dispatch_count_fact GROUP BY 1", {}))
    counted = sum(kinds.values())
    emit(
        "statistics.rebuild_day", days, **facts, facts=counted, seconds=round(took, 1), cpu_seconds=round(cpu, 1),
        facts_per_s=round(counted / took), incidents_per_s=round(kinds.get(1, 0) / took),
    )  # fmt: skip


def rolled_up(facts: dict[str, Any]) -> None:
    """Add the days of the month that runs up to those that have not settled yet, the last of them one by one; counting
    waits for one part at a time."""
    from django.db import transaction

    from dispatch.statistics import roll_up
    from dispatch.statistics.period import day_of

    while roll_up.go_on(NOW - dt.timedelta(days=5)):
        pass
    whole, parts = [], []
    for at in range(4, -1, -1):
        each = []
        for _centre, act in roll_up.left(day_of(NOW) - roll_up.SETTLED - dt.timedelta(days=at)):
            with transaction.atomic():
                each.append(timed(act))
        whole.append(sum(each))
        parts += each
    emit("statistics.roll_up_day", whole, **facts)
    emit("statistics.roll_up_part_of_day", parts, target="counting waits for one part: ≤ 2 s", **facts)


def copy_years(span: Span, each: int) -> None:
    """Copy the counts of the newest 52 weeks to the years before: 52 weeks back for days, twelve months for months."""
    from django.db import connection, transaction

    from dispatch.statistics.counting import COLUMNS
    from dispatch.statistics.months import ensure_months

    years = span.days // YEAR
    ensure_months({span.begin + dt.timedelta(days=at) for at in range(span.days)})
    columns = COLUMNS.replace("source", f"source - y * {each} * CASE WHEN kind = 2 THEN 2 ELSE 1 END")
    columns = columns.replace("day", f"day - {YEAR} * y").replace(" at", f" at - interval '{YEAR} days' * y")
    columns = columns.replace("incident", f"incident - {each} * y").replace("root", f"root - {each} * y")
    slots = "s0, s1, s2, s3, s4, s5, s6, s7"
    newest = [Span(YEAR).begin, NOW.date()]  # orders after the last midnight lie on a day of their own, and stay
    with transaction.atomic(), connection.cursor() as cursor:
        for year in range(1, years):
            cursor.execute(
                f"INSERT INTO dispatch_count_fact (centre_id, {COLUMNS}) SELECT centre_id, {columns} "
                f"FROM dispatch_count_fact, (SELECT {year} AS y) AS back WHERE day BETWEEN %s AND %s",
                newest,
            )
            cursor.execute(
                f"INSERT INTO dispatch_count_cell SELECT centre_id, kind, urgent, monthly, dimension, CASE WHEN monthly "
                f"THEN date - interval '1 year' * {year} ELSE date - {YEAR * year} END, facet, {slots} "
                "FROM dispatch_count_cell WHERE date BETWEEN CASE WHEN monthly THEN date_trunc('month', %s::date) ELSE %s "
                "END AND %s ON CONFLICT DO NOTHING",  # the day of the seam has counts of its own
                [newest[0], *newest],
            )
            cursor.execute(
                "INSERT INTO dispatch_count_month (centre_id, month) SELECT centre_id, month - interval '1 year' * y "
                "FROM dispatch_count_month, (SELECT %s AS y) AS back "
                "WHERE month BETWEEN date_trunc('month', %s::date) AND %s ON CONFLICT DO NOTHING",
                [year, *newest],
            )
            cursor.execute(
                "INSERT INTO dispatch_count_detail (centre_id, kind, day, pieces) "
                f"SELECT centre_id, kind, day - {YEAR * year}, pieces FROM dispatch_count_detail "
                "WHERE day BETWEEN %s AND %s ON CONFLICT DO NOTHING",
                newest,
            )
            cursor.execute(
                "INSERT INTO dispatch_count_month_part (centre_id, month, kind, dimension, until) SELECT centre_id, "
                "month - interval '1 year' * y, kind, dimension, until - interval '1 year' * y "
                "FROM dispatch_count_month_part, (SELECT %s AS y) AS back "
                "WHERE month BETWEEN date_trunc('month', %s::date) AND %s ON CONFLICT DO NOTHING",
                [year, *newest],
            )


def disk(facts: dict[str, Any]) -> None:
    """Print how much of the disk the counts take, and the rows that they were counted from."""
    from django.db import connection

    from dispatch.statistics.query import fetch

    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    rows = fetch(
        "SELECT regexp_replace(relname, '_20.._..$', '') AS name, sum(pg_total_relation_size(oid)) FROM pg_class "
        "WHERE relkind = 'r' AND (relname LIKE 'dispatch_count%%' OR relname IN ('incidents_incident', 'incidents_call', "
        "'dispatch_assignment')) GROUP BY 1",
        {},
    )
    cells = fetch("SELECT count(*) FROM dispatch_count_cell", {})[0][0]
    emit("statistics.disk", [], **facts, cells=cells, mib={name: round(int(size) / 2**20) for name, size in rows})


def queries(centre: Any, facts: dict[str, Any], span: Span) -> None:
    """Measure what pages ask for."""
    from dispatch.statistics import answers, board, delays, misses, rows, types, unit_times, worst
    from dispatch.statistics.answers import Wanted
    from dispatch.statistics.asked import Question
    from dispatch.statistics.period import last_days, last_year, of_days, previous
    from dispatch.statistics.rows import Behind

    year = of_days(dt.date(2025, 1, 1), NOW.date())
    whole = of_days(max(span.begin, NOW.date() - dt.timedelta(days=LONGEST - 1)), NOW.date())
    month, quarter = (
        of_days(dt.date(2025, 11, 1), dt.date(2025, 11, 30)),
        of_days(dt.date(2025, 7, 1), dt.date(2025, 9, 30)),
    )
    odd = of_days(dt.date(2025, 2, 10), dt.date(2025, 11, 17))
    arrivals = Wanted(("K7", "K8", "K9"))
    one = Wanted(("K9",), ("A",), ("published",), frozenset({"p90"}))

    def ask(by: str, period: Any, wanted: Wanted, against: Any = None, **more: Any) -> Callable[[], Any]:
        return lambda: answers.figures(Question(centre.pk, period, by, **more), wanted, NOW, against)

    from dispatch.statistics.facets import of_dimension

    station = max(of_dimension(centre.pk, 1).values())
    acts: dict[str, Callable[[], Any]] = {
        "year_total": ask("all", year, arrivals),
        "longest_total": ask("all", whole, arrivals),
        "longest_by_station": ask("station", whole, arrivals),
        "longest_by_month": ask("all", whole, arrivals, per="month"),
        "year_all_keys": ask("all", year, Wanted(tuple(f"K{at}" for at in range(1, 19)))),
        "month_by_station_against_year_before": ask("station", month, arrivals, last_year(month)),
        "month_by_branch_against_month_before": ask("branch", month, arrivals, previous(month)),
        "quarter_by_unit": ask("unit", quarter, arrivals),
        "quarter_by_officer_urgent": ask("officer", quarter, arrivals, urgent=True),
        "odd_days_by_type": ask("type_reported", odd, arrivals),
        "year_p90_by_cell": ask("cell", year, one),
        "whole_months_p90_by_cell": ask("cell", of_days(dt.date(2024, 12, 1), dt.date(2025, 11, 30)), one),
        "year_rate_by_cell": ask("cell", year, Wanted(("K7",), ("A",), ("published",))),
        "year_by_weekday_and_hour": ask("slot", year, Wanted(("K7", "K9"), ("A",), ("published",))),
        "year_orders_by_station": ask("station", year, Wanted(("K4", "K5", "K6", "K10", "K17"))),
        "year_calls_by_hour": ask("hour", year, Wanted(("K1", "K18"))),
        "year_by_day": ask("all", year, arrivals, per="day"),
        "year_by_month_of_a_station": ask("station", year, arrivals, per="month", value=station),
        "quarter_by_station_and_week": ask("station", quarter, Wanted(("K7",), ("A",)), per="week", split=True),
        "quarter_funnel_and_trust_by_station": ask("station", quarter, Wanted(("K10", "funnel", "times"))),
        "types_of_a_month": lambda: types.pairs(centre.pk, month, NOW),
        "worst_of_a_day": lambda: worst.slowest(centre.pk, "desk", 24, NOW),
        "rows_of_misses": lambda: rows.behind(
            Question(centre.pk, month, "station", station), Behind("K8.A.published", "misses"), "desk", NOW, None
        ),
        "dashboard_today": lambda: board.today(centre.pk, NOW),
        "dashboard_days": lambda: board.days(centre.pk, 30, NOW),
        "delays_of_a_month": lambda: delays.of_period(centre.pk, "desk", month, delays.Asked(), NOW),
        "unit_times_of_a_month": lambda: unit_times.of_period(centre.pk, month, False, NOW),
        "misses_of_a_day": lambda: misses.read_misses(centre.pk, "desk", last_days(1, NOW), NOW),
    }
    for name, act in acts.items():
        act()
        samples = [timed(act) for _ in range(REPEATS)]
        emit(f"statistics.{name}", samples, p95_ms=round(percentile(samples, 0.95), 1), **facts, target="p95 ≤ 300 ms")


def timed(act: Callable[[], object]) -> float:
    """Return the milliseconds that something takes."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1e3


def updates(centre: Any, facts: dict[str, Any]) -> None:
    """Measure what one command costs the follower: alone, and in a second of 35 commands; today and half a year ago."""
    from django.db import connection, transaction

    from dispatch.statistics.counting import Touched, recount

    spread = 200 + int(time.time()) % 1000  # a second run changes something, too

    def change(incidents: list[int], step: int) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE dispatch_assignment SET on_scene_at = departed_at + interval '1 s' * %s "
                    "WHERE incident_id = ANY(%s)",
                    [spread + step, incidents],
                )
            recount(centre.pk, Touched(set(incidents)))

    last = facts["incidents"]
    for name, first, many in (
        ("today", last - 2000, 1),
        ("half_a_year_ago", last // 2, 1),
        ("today_35", last - 2000, 35),
    ):
        samples = [
            timed(lambda: change(list(range(first + at * many, first + at * many + many)), at))  # noqa: B023
            for at in range(40)
        ]
        emit(f"statistics.update_{name}", samples, **facts, commands=many)


if __name__ == "__main__":
    sys.exit(main())

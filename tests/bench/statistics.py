"""The statistics at scale: seeded incidents of twelve months with their calls and orders, counted, read and kept current.

`python -m tests.bench.statistics --incidents 1000000` measures on a PostgreSQL of its own; `make bench` runs it with
20,000 unless ZZ110_BENCH_INCIDENTS says otherwise. The generated rows are written straight into the tables.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.figures import emit, percentile

DEFAULT = 20_000
STATIONS, BRANCHES, UNITS, OFFICERS = 50, 10, 200, 400
SIDE_DEGREES = 0.2  # about 45 × 40 cells of 500 m
BEGIN = dt.date(2025, 1, 1)
DAYS = 365
NOW = dt.datetime(2025, 12, 31, 15, 30, tzinfo=dt.UTC)  # 23:30 at Shanghai on the last day
REPEATS = 20
Statement = Callable[[dict[str, str]], str]


def run(stack: object, seconds: float) -> None:
    """Measure in a process of its own; the stack is not used."""
    count = os.environ.get("ZZ110_BENCH_INCIDENTS", str(DEFAULT))
    subprocess.run([sys.executable, "-m", "tests.bench.statistics", "--incidents", count], check=True)


def main() -> int:
    """Start servers, make the rows, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=DEFAULT)
    asked = parser.parse_args()
    from zz110 import embedded

    with tempfile.TemporaryDirectory(prefix="zz110-bench-statistics-") as folder:
        home = Path(folder)
        os.environ["ZZ110_HOME"] = folder
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
            measure(asked.incidents)
        finally:
            servers.stop()
    return 0


def measure(incidents: int) -> None:
    """Print every figure."""
    facts = {"incidents": incidents, "days": DAYS}
    started = time.perf_counter()
    centre = generate(incidents)
    emit("statistics.generate", [(time.perf_counter() - started) * 1e3], **facts)
    rebuilt(centre, facts)
    disk(facts)
    queries(centre, facts)
    updates(centre, facts)


def generate(incidents: int) -> Any:
    """Write a centre with so many incidents, as many calls and a little more orders."""
    from django.db import connection

    from incidents.models import Centre, Head, Organisation

    centre = Centre.objects.create(code="B1", name="测量中心", box=[24.4, 117.5, 24.7, 117.8], number_prefix="350600")
    Head.objects.create(centre=centre)
    bureau = Organisation.objects.create(centre=centre, kind="bureau", code="B", name="市局")
    branches = [
        Organisation.objects.create(centre=centre, kind="branch", code=f"BR{at}", name=f"分局{at}", parent=bureau)
        for at in range(BRANCHES)
    ]
    stations = [
        Organisation.objects.create(
            centre=centre, kind="station", code=f"S{at}", name=f"{at}所", parent=branches[at % BRANCHES]
        )
        for at in range(STATIONS)
    ]
    units = units_of(centre, stations)
    templates(centre, units[0])
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT setseed(0.110)")
        for statement in (incident_rows, call_rows, order_rows, period_rows, shift_rows):
            cursor.execute(statement(incidents, stations[0].pk, units[0].pk))
        for table in ("dispatch_assignment", "incidents_call", "incidents_incident"):
            cursor.execute(f"DELETE FROM {table} WHERE id = 0")
        cursor.execute("SET session_replication_role = origin")
    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return centre


def units_of(centre: Any, stations: list[Any]) -> list[Any]:
    """Write the units."""
    from patrol.models import Unit

    found = []
    for at in range(UNITS):
        found.append(
            Unit.objects.create(
                centre=centre, call_sign=f"u{at}", label=f"u{at}", kind="UP", squad=stations[at % STATIONS],
                status_at=NOW, created_at=NOW, updated_at=NOW,
            )
        )  # fmt: skip
    return found


def templates(centre: Any, unit: Any) -> None:
    """Write one row of each kind, to be copied."""
    from dispatch.models import Assignment
    from incidents.models import Call, Incident

    base = {"centre": centre, "created_at": NOW, "updated_at": NOW}
    incident = Incident.objects.create(id=0, incident_no="template", answered_at=NOW, stage="closed", **base)
    Call.objects.create(
        id=0, call_no="template", state="done", channel="CH11", kind="CK01", validity="valid", ring_at=NOW,
        answered_at=NOW, incident=incident, **base,
    )  # fmt: skip
    Assignment.objects.create(
        id=0, assignment_no="template", incident=incident, unit=unit, call_sign="u0", unit_kind="UP", state="finished",
        dispatched_at=NOW, **base,
    )  # fmt: skip


def copied(table: str, changed: dict[str, str], source: str) -> str:
    """Return the statement that copies a template once for each row of a source, some columns changed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER' "
            "ORDER BY ordinal_position",
            [table],
        )
        columns = [row[0] for row in cursor.fetchall()]
    shown = ", ".join(changed.get(name, f"t.{name}") for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {shown} FROM {source}, {table} t WHERE t.id = 0"


def incident_rows(count: int, station: int, unit: int) -> str:
    """Return the statement that writes the incidents, spread evenly over the year."""
    return copied(
        "incidents_incident",
        {
            "id": "n",
            "incident_no": "'A' || n",
            "answered_at": f"timestamptz '{BEGIN}+08' + (n - 1 + random()) * interval '{DAYS} days' / {count}",
            "placed_at": f"timestamptz '{BEGIN}+08' + n * interval '{DAYS} days' / {count} + interval '40 s' * random()",
            "point_status": "CASE WHEN random() < 0.9 THEN 'verified' ELSE 'unverified' END",
            "priority": "1 + floor(4 * sqrt(random()) * 0.999)::int",
            "type_reported": "'0' || (1 + n % 5) || '0' || (1 + n % 8)",
            "type_verified": "'0' || (1 + n % 5) || '0' || (1 + n % 7)",
            "jurisdiction_id": f"{station} + n % {STATIONS}",
            "area_kind": "(ARRAY['urban', 'urban', 'suburban', 'rural'])[1 + n % 4]",
            "lat": f"24.45 + {SIDE_DEGREES} * random()",
            "lng": f"117.55 + {SIDE_DEGREES} * random()",
            "drill": "random() < 0.01",
            "exclusion": "CASE WHEN random() < 0.02 THEN 'EX6' ELSE '' END",
        },
        f"generate_series(1, {count}) AS n",
    )


def call_rows(count: int, station: int, unit: int) -> str:
    """Return the statement that writes one call for each incident."""
    return copied(
        "incidents_call",
        {
            "id": "i.id",
            "call_no": "'C' || i.id",
            "incident_id": "i.id",
            "drill": "i.drill",
            "answered_at": "i.answered_at",
            "ring_at": "i.answered_at - interval '1 s' * floor(20 * random() * random())",
            "channel": "(ARRAY['CH11', 'CH11', 'CH11', 'CH12', 'CH21', 'CH22'])[1 + (i.id % 6)::int]",
            "agent_no": "'7' || (i.id % 40)",
        },
        "incidents_incident i",
    ) + " AND i.id > 0"  # fmt: skip


def order_rows(count: int, station: int, unit: int) -> str:
    """Return the statement that writes the orders: one for each incident, a second for every fourth."""
    sent = "i.answered_at + interval '1 s' * (20 + 60 * i.r1 + 100 * k)"
    return copied(
        "dispatch_assignment",
        {
            "id": "i.id * 2 + k",
            "assignment_no": "'O' || (i.id * 2 + k)",
            "incident_id": "i.id",
            "unit_id": f"{unit} + (i.id * 7 + k) % {UNITS}",
            "lead_no": f"'0' || ((i.id * 7 + k) % {OFFICERS})",
            "purpose": "CASE WHEN k = 0 THEN 'first' ELSE 'support' END",
            "state": "CASE WHEN i.r2 < 0.03 AND k = 0 THEN 'refused' ELSE 'finished' END",
            "refusal_code": "CASE WHEN i.r2 < 0.03 AND k = 0 THEN 'RF1' ELSE '' END",
            "dispatched_at": sent,
            "accepted_at": f"{sent} + interval '1 s' * 40 * i.r2",
            "departed_at": f"{sent} + interval '1 s' * (40 + 60 * i.r2)",
            "on_scene_at": f"CASE WHEN i.r2 >= 0.03 OR k = 1 THEN {sent} + interval '1 s' * (100 + 600 * i.r1 * i.r2) END",
            "on_scene_pos_at": f"CASE WHEN i.r3 < 0.8 AND i.r2 >= 0.03 THEN {sent} + interval '1 s' * (90 + 600 * i.r1 * i.r2) END",
            "departed_pos_at": f"CASE WHEN i.r3 < 0.8 THEN {sent} + interval '1 s' * (50 + 60 * i.r2) END",
            "finished_at": f"{sent} + interval '1 s' * (1800 + 600 * i.r2)",
            "reported_at": f"{sent} + interval '1 s' * (2000 + 9000 * i.r1)",
            "rank_basis": "jsonb_build_object('first', 'u0', 'rank', 1, 'of', 40, 'way', 'road', 'fix_age_s', 9, 'expected_s', "
            "round((120 + 400 * i.r1 * i.r2)::numeric), 'first_expected_s', 120)",
        },
        "(SELECT id, answered_at, random() r1, random() r2, random() r3 FROM incidents_incident WHERE id > 0) i "
        "CROSS JOIN LATERAL generate_series(0, CASE WHEN i.id % 4 = 0 THEN 1 ELSE 0 END) AS k",
    )


def period_rows(count: int, station: int, unit: int) -> str:
    """Return the statement that writes how long each unit was free before each of its orders."""
    return (
        "INSERT INTO patrol_statusperiod (unit_id, status, started_at, ended_at) SELECT unit_id, 'available', "
        "dispatched_at - interval '40 min', dispatched_at FROM dispatch_assignment WHERE id > 0"
    )


def shift_rows(count: int, station: int, unit: int) -> str:
    """Return the statement that writes a first shift: since then it is known what the units did."""
    return (
        "INSERT INTO patrol_shift (centre_id, unit_id, lead_id, equipment, started_at, ended_at) SELECT u.centre_id, u.id, "
        f"0, '{{}}', timestamptz '{BEGIN}+08', timestamptz '{BEGIN}+08' + interval '8 h' FROM patrol_unit u WHERE u.id = {unit}"
    )


def rebuilt(centre: Any, facts: dict[str, Any]) -> None:
    """Count everything from nothing."""
    from dispatch.statistics import head, rebuild

    rebuild.begin(centre.pk, NOW.date())
    days, rows = [], 0
    started = time.perf_counter()
    while head.read(centre.pk).rebuilding:
        before = time.perf_counter()
        rows += rebuild.step(centre.pk)
        days.append((time.perf_counter() - before) * 1e3)
    took = time.perf_counter() - started
    from dispatch.statistics.query import fetch

    counted = fetch("SELECT count(*) FROM dispatch_count_fact", {})[0][0]
    emit(
        "statistics.rebuild_day", days, **facts, facts=counted, seconds=round(took, 1),
        facts_per_s=round(counted / took), incidents_per_s=round(facts["incidents"] / took),
    )  # fmt: skip


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


def queries(centre: Any, facts: dict[str, Any]) -> None:
    """Measure what pages ask for."""
    from dispatch.statistics import answers, board, delays, misses, rows, types, unit_times, worst
    from dispatch.statistics.answers import Wanted
    from dispatch.statistics.asked import Question
    from dispatch.statistics.period import last_days, last_year, of_days, previous
    from dispatch.statistics.rows import Behind

    year = of_days(BEGIN, NOW.date())
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
        "year_all_keys": ask("all", year, Wanted(tuple(f"K{at}" for at in range(1, 19)))),
        "month_by_station_against_year_before": ask("station", month, arrivals, last_year(month)),
        "month_by_branch_against_month_before": ask("branch", month, arrivals, previous(month)),
        "quarter_by_unit": ask("unit", quarter, arrivals),
        "quarter_by_officer_urgent": ask("officer", quarter, arrivals, urgent=True),
        "odd_days_by_type": ask("type_reported", odd, arrivals),
        "year_p90_by_cell": ask("cell", year, one),
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

    def change(incidents: list[int], step: int) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE dispatch_assignment SET on_scene_at = departed_at + interval '1 s' * %s "
                    "WHERE incident_id = ANY(%s)",
                    [200 + step, incidents],
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

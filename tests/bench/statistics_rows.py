"""Generated rows for the bench of the statistics: a centre with its organisations, units, incidents, calls and orders.

Seeded, and written straight into the tables: the statistics only read them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

STATIONS, BRANCHES, UNITS, OFFICERS = 50, 10, 200, 400
SIDE_DEGREES = 0.2  # about 45 × 40 cells of 500 m
NOW = dt.datetime(2025, 12, 31, 15, 30, tzinfo=dt.UTC)  # 23:30 at Shanghai on the last day
BIG = ("incidents_incident", "incidents_call", "dispatch_assignment", "patrol_statusperiod")


@dataclass(frozen=True, slots=True)
class Span:
    """The days that the incidents lie on; the last one is that of NOW."""

    days: int

    @property
    def begin(self) -> dt.date:
        """Return the first day."""
        return NOW.date() - dt.timedelta(days=self.days - 1)


def generate(incidents: int, span: Span) -> Any:
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
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # an index is not made while a check waits
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT setseed(0.110)")
        statements = (
            incident_rows(incidents, stations[0].pk, span),
            call_rows(),
            order_rows(units[0].pk),
            period_rows(),
            shift_rows(units[0].pk, span),
        )
        with without_indexes(cursor):
            for statement in statements:
                cursor.execute(statement)
        for table in ("dispatch_assignment", "incidents_call", "incidents_incident"):
            cursor.execute(f"DELETE FROM {table} WHERE id = 0")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")
    return centre


@contextmanager
def without_indexes(cursor: Any) -> Iterator[None]:
    """Leave out the indexes of the big tables while they are filled, all but those of constraints: sorted once at the
    end, ten million rows take a third of the time."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
        "(SELECT conname FROM pg_constraint)",
        [list(BIG)],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    cursor.execute("SET maintenance_work_mem = '1GB'")
    for _name, definition in found:
        cursor.execute(definition)


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


def incident_rows(count: int, station: int, span: Span) -> str:
    """Return the statement that writes the incidents, spread evenly over the days."""
    return copied(
        "incidents_incident",
        {
            "id": "n",
            "incident_no": "'A' || n",
            "answered_at": f"timestamptz '{span.begin}+08' + (n - 1 + random()) / {count} * interval '{span.days} days'",
            "placed_at": f"timestamptz '{span.begin}+08' + n::float8 / {count} * interval '{span.days} days' + interval '40 s' * random()",
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


def call_rows() -> str:
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


def order_rows(unit: int) -> str:
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


def period_rows() -> str:
    """Return the statement that writes how long each unit was free before each of its orders."""
    return (
        "INSERT INTO patrol_statusperiod (unit_id, status, started_at, ended_at) SELECT unit_id, 'available', "
        "dispatched_at - interval '40 min', dispatched_at FROM dispatch_assignment WHERE id > 0"
    )


def shift_rows(unit: int, span: Span) -> str:
    """Return the statement that writes a first shift: since then it is known what the units did."""
    return (
        "INSERT INTO patrol_shift (centre_id, unit_id, lead_id, equipment, started_at, ended_at) SELECT u.centre_id, u.id, "
        f"0, '{{}}', timestamptz '{span.begin}+08', timestamptz '{span.begin}+08' + interval '8 h' FROM patrol_unit u WHERE u.id = {unit}"
    )

# ruff: noqa: E402  Django is set up before its models are imported
"""The history of a place and of a number among a million incidents, with the plan that PostgreSQL chooses (row 22).

Half of them lie at two thousand places where things happen again and again, a tenth of those at fifty.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

django.setup()

from incidents import history
from incidents.models import Centre, Head
from incidents.row import Json
from incidents.services.codes import load_codes
from tests.bench.figures import emit

SEED, INCIDENTS, QUESTIONS = 110, 1_000_000, 300
# Spread over two years; the number of a caller comes again in a city of three hundred thousand callers.
FILL = """
INSERT INTO incidents_incident (centre_id, version, created_at, updated_at, terminal, incident_no, stage, drill,
 intake_class, type_reported, type_verified, priority, priority_at_intake, priority_log, address_text, place_note, lat, lng,
 point_info, point_status, jurisdiction_name, area_kind, areas, vehicle_plate, vehicle_note, weapon, hazmat,
 explosion_leak, narrative, contact_name, contact_phone, silent, mode, attendance, answered_at, reviewed_by_no,
 result_code, exclusion, case_no, reason, confidential, units)
SELECT %(centre)s, 1, now(), now(), '', 'H' || n, 'closed', false, 'IC1', (ARRAY['0101', '0102', '0201', '0501'])[1 + n %% 4],
 '', 3, 3, '[]', '', '', CASE WHEN n %% 2 = 0 THEN 24.46 + 0.11 * spot(n %% p) ELSE 24.46 + 0.11 * random() END,
 CASE WHEN n %% 2 = 0 THEN 117.6 + 0.18 * spot(n %% p + 7) ELSE 117.6 + 0.18 * random() END, '{}', 'verified', '', '', '{}',
 '', '', 'no', 'no', 'no', '', '', '190' || lpad(((hashint8(n) & 2147483647) %% 300000)::text, 8, '0'), false, 'routine', true,
 now() - (n %% 730) * interval '1 day', '', 'RS16', '', '', '', false, '{}'
FROM (SELECT n, CASE WHEN n %% 20 = 0 THEN 50 ELSE 2000 END AS p FROM generate_series(1, %(incidents)s) n) x
"""
SPOT = (
    "CREATE FUNCTION spot(n bigint) RETURNS float8 IMMUTABLE LANGUAGE sql AS "
    "'SELECT ((hashint8(n) & 2147483647) % 100000) / 100000.0::float8'"
)


def main(seconds: float) -> None:
    """Fill, then ask for places and numbers that are there."""
    call_command("migrate", verbosity=0)
    load_codes()
    centre = Centre.objects.create(code="B1", name="B1", box=[24.46, 117.6, 24.57, 117.78], number_prefix="B1")
    Head.objects.create(centre=centre, hash=b"\0" * 32)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(SPOT)
        cursor.execute(FILL, {"centre": centre.pk, "incidents": INCIDENTS})
        cursor.execute("VACUUM ANALYZE incidents_incident")
        cursor.execute("SELECT lat, lng, contact_phone FROM incidents_incident TABLESAMPLE BERNOULLI (0.1) LIMIT 300")
        drawn = cursor.fetchall()
    Random(SEED).shuffle(drawn)
    now = timezone.now()
    asks: dict[str, Callable[[Any], Json]] = {
        "place": lambda one: history.at_place(centre.pk, "desk", one[0], one[1], now),
        "number": lambda one: history.of_number(centre.pk, "desk", one[2], now),
    }
    for name, ask in asks.items():
        took, found, end = [], [], time.perf_counter() + seconds
        for one in drawn[:QUESTIONS]:
            started = time.perf_counter()
            found.append(ask(one)["n"])
            took.append((time.perf_counter() - started) * 1e3)
            if time.perf_counter() > end:
                break
        most = max(found)
        emit(
            f"history of a {name} among a million incidents", took, most_found=most, target_ms=50, plan=plan(centre.pk)
        )


def plan(centre_id: int) -> str:
    """Return the index that the history of a place is read by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT count(*) FROM incidents_incident i WHERE i.centre_id = %s AND i.lat BETWEEN 24.5 AND 24.5018 "
            "AND i.lng BETWEEN 117.65 AND 117.652 AND i.answered_at >= now() - interval '1 year'",
            [centre_id],
        )
        lines = " ".join(line for (line,) in cursor.fetchall())
    return "incident_place" if "incident_place" in lines else lines[:200]


if __name__ == "__main__":
    main(float(sys.argv[1]))

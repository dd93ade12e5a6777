"""What links incidents, asked among 1,000,000 parties over HTTP: plate, telephone, identity, name and place, two hops."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

from tests.bench.city import sign_in
from tests.bench.figures import emit
from tests.stack.stack import Stack, manage

PARTIES = 1_000_000
INCIDENTS = 250_000  # four parties each
SEED = 7
TARGET = "p99 ≤ 150 ms"
FILL = """
from django.db import connection
from django.utils import timezone
from incidents.models import Centre, Incident, Party
centre = Centre.objects.get(code="350600")
now = timezone.now()
usual = dict(centre=centre, created_at=now, updated_at=now)
incident = Incident.objects.create(**usual, incident_no="LINK", stage="archived", answered_at=now, type_reported="020101")
party = Party.objects.create(**usual, incident=incident, kind="person", name="某")


def copies(row, source, **drawn):
    columns = [field.column for field in row._meta.concrete_fields if field.column != "id"]
    values = ", ".join(drawn.get(column, f"t.{{column}}") for column in columns)
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {{table}} ({{', '.join(columns)}}) SELECT {{values}} FROM {{table}} t, {{source}} "
                       f"AND t.id = {{row.pk}}")
        cursor.execute(f"ANALYZE {{table}}")


copies(
    incident, "generate_series(1, {incidents}) n WHERE true",
    incident_no="'LINK' || n", address_text="'某路' || n % 900",
    lat="24.46 + (n * 7919::bigint % 110000) / 1e6", lng="117.60 + (n * 104729::bigint % 180000) / 1e6",
    vehicle_plate="CASE WHEN n % 5 = 0 THEN '闽E' || lpad((n % 60000)::text, 5, '0') ELSE '' END",
    contact_phone="'1900' || lpad((n % 200000)::text, 7, '0')",
    answered_at="t.answered_at - n * interval '5 minutes'",
)
copies(
    party, "incidents_incident i, generate_series(1, 4) k WHERE i.incident_no LIKE 'LINK_%'",
    incident_id="i.id", kind="CASE WHEN k = 4 THEN 'vehicle' ELSE 'person' END",
    role="CASE WHEN k = 1 THEN 'suspect' WHEN k = 4 THEN '' ELSE 'witness' END",
    name="CASE WHEN k = 4 THEN '' ELSE '某' || (i.id * 31 + k * 17) % 40000 END",
    id_no="CASE WHEN k = 1 THEN '350602' || lpad(((i.id * 13) % 150000)::text, 12, '0') ELSE '' END",
    phone="CASE WHEN k < 4 THEN '1900' || lpad(((i.id * 3 + k) % 400000)::text, 7, '0') ELSE '' END",
    plate="CASE WHEN k = 4 THEN '闽E' || lpad(((i.id * 11) % 90000)::text, 5, '0') ELSE '' END",
)
"""


def question(draw: random.Random) -> dict[str, Any]:
    """Draw a question, as often of each kind."""
    kind = draw.choice(["plate", "phone", "identity", "name", "place"])
    if kind == "place":
        lat, lng = 24.46 + draw.random() * 0.11, 117.60 + draw.random() * 0.18
        return {"kind": kind, "lat": f"{lat:.5f}", "lng": f"{lng:.5f}", "radius_m": "300"}
    value = {
        "plate": f"闽E·{draw.randrange(90_000):05d}",
        "phone": f"1900{draw.randrange(400_000):07d}",
        "identity": f"350602{draw.randrange(150_000):012d}",
        "name": f"某{draw.randrange(40_000)}",
    }[kind]
    return {"kind": kind, "value": value}


async def ask(stack: Stack, seconds: float) -> None:
    """Measure what an analyst waits for, two hops wide."""
    analyst = await sign_in(stack.base_url, "yanpan1")
    draw = random.Random(SEED)
    samples: dict[str, list[float]] = {}
    until = time.monotonic() + min(seconds, 40)
    while time.monotonic() < until:
        wanted = question(draw)
        query = {**wanted, "purpose": "性能测试", "hops": "2"}
        began = time.perf_counter()
        answer = await analyst.client.get("/api/links/", params=query)
        assert answer.status_code == 200, answer.text
        samples.setdefault(wanted["kind"], []).append((time.perf_counter() - began) * 1000)
    for kind, found in sorted(samples.items()):
        emit(f"links.{kind}", found, parties=PARTIES, incidents=INCIDENTS, hops=2)
    emit("links", [one for found in samples.values() for one in found], parties=PARTIES, hops=2, target=TARGET)


def run(stack: Stack, seconds: float) -> None:
    """Fill the tables, ask, and leave."""
    manage(stack.environment, "shell", "-v0", "-c", FILL.format(incidents=INCIDENTS))
    asyncio.run(ask(stack, seconds))

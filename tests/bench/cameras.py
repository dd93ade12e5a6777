"""Cameras near a point among 10,000, ordered by view and distance: over HTTP as the desk asks, and in the server alone."""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import Any

from tests.bench.city import sign_in
from tests.bench.figures import emit
from tests.stack.stack import Stack, manage

CAMERAS = 10_000
SEED = 24
TARGET = "p99 ≤ 20 ms"
BOX = (24.47, 117.61, 24.56, 117.77)
FILL = """
from django.db import connection
from django.utils import timezone
from incidents.models import Camera, Centre
centre = Centre.objects.get(code="350600")
missing = {cameras} - Camera.objects.filter(centre=centre).count()
with connection.cursor() as cursor:
    cursor.execute('''
        INSERT INTO incidents_camera (version, created_at, updated_at, terminal, gb_code, name, lat, lng, bearing, fov_deg,
            range_m, pole_code, owner_net, state, neighbours, centre_id)
        SELECT 1, now(), now(), '', '3506029999132' || lpad(n::text, 7, '0'), '测试' || n, 24.47 + random() * 0.09,
            117.61 + random() * 0.16, CASE WHEN n %% 7 = 0 THEN NULL ELSE (random() * 359)::int END, 60, 120, '', 'police',
            'online', '{{}}', %s FROM generate_series(1, %s) n''', [centre.pk, missing])
    cursor.execute("ANALYZE incidents_camera")
"""
INSIDE = """
import json, random, time
from django.utils import timezone
from incidents.cameras.near import near
from incidents.models import Centre
centre, draw, found = Centre.objects.get(code="350600"), random.Random({seed}), []
for number in range({asked}):
    lat, lng = draw.uniform(24.47, 24.56), draw.uniform(117.61, 117.77)
    began = time.perf_counter()
    near(centre.pk, lat, lng, at=timezone.now())
    if number >= 20:
        found.append((time.perf_counter() - began) * 1000)
print(json.dumps(found))
"""


async def ask(stack: Stack, seconds: float) -> None:
    """Measure what the video squad waits for."""
    squad = await sign_in(stack.base_url, "tuzhen1")
    draw = random.Random(SEED)
    samples: list[float] = []
    until = time.monotonic() + min(seconds, 20)
    south, west, north, east = BOX
    while time.monotonic() < until:
        place: dict[str, Any] = {"lat": draw.uniform(south, north), "lng": draw.uniform(west, east), "crs": "WGS84"}
        began = time.perf_counter()
        answer = await squad.client.get("/api/cameras/near/", params=place)
        assert answer.status_code == 200, answer.text
        samples.append((time.perf_counter() - began) * 1000)
    emit("cameras", samples[20:], cameras=CAMERAS, radius_m=500, target=TARGET)


def run(stack: Stack, seconds: float) -> None:
    """Fill the register, ask over HTTP, ask inside."""
    manage(stack.environment, "shell", "-v0", "-c", FILL.format(cameras=CAMERAS))
    asyncio.run(ask(stack, seconds))
    said = manage(stack.environment, "shell", "-v0", "-c", INSIDE.format(seed=SEED, asked=620))
    emit("cameras.inside", json.loads(said.strip().splitlines()[-1]), cameras=CAMERAS, radius_m=500, target=TARGET)

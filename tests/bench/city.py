"""A stack for benches: many units on duty, each with a lead who can act."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from incidents.demo_city.people import DEMO_PASSWORD
from tests.bench.wire import Wire
from tests.stack.stack import Stack, manage

TRIES = 5
POINT = {"lat": 24.5112, "lng": 117.6540, "crs": "WGS84"}
CALL = {
    "channel": "CH11",
    "kind": "CK01",
    "caller_number": "19000000101",
    "caller_name": "卢知遥",
    "narrative": "两人推走一辆自行车",
    "incident": {"type_reported": "020101", "address_text": "新华路", "point": POINT},
}
REGISTER = """
from incidents.models import Centre, Organisation
from patrol.services import register_unit
centre = Centre.objects.get(code="350600")
squad = Organisation.objects.filter(centre=centre, kind="squad").first()
for number in range({units}):
    facts = {{"squad_id": squad.pk, "label": f"测{{number}}", "kind": "UP"}}
    register_unit(by=None, centre_id=centre.pk, call_sign=f"X{{number:04d}}", facts=facts)
"""


def register_units(stack: Stack, units: int) -> list[int]:
    """Enter units X0000… into the register and return their ids."""
    manage(stack.environment, "shell", "-v0", "-c", REGISTER.format(units=units))
    return [row["id"] for row in stack.sql("SELECT id FROM patrol_unit WHERE call_sign LIKE 'X%' ORDER BY call_sign")]


def now() -> str:
    """Return this moment on the wire."""
    return dt.datetime.now(dt.UTC).isoformat()


@dataclass
class Person:
    """One signed-in person on an async client."""

    client: httpx.AsyncClient
    wire: Wire
    me: dict[str, Any]
    told_again: int = 0  # answers 503

    async def post(self, path: str, body: Any = None) -> Any:
        """POST a command with a fresh key; what was told to come again comes again with it, anything else but success
        fails."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        for _ in range(TRIES):
            try:
                answer = await self.wire.post(path, body or {}, headers)
            except (OSError, EOFError):  # an idle connection that the server had just closed: the key makes it safe
                continue
            if answer.status_code != 503:
                break
            self.told_again += 1
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))
        assert answer.status_code in (200, 201), f"{path} {answer.status_code} {answer.text[:300]}"
        return answer.json()

    @property
    def cookie(self) -> str:
        """Return the cookies as a header's value."""
        return cookie_of(self.client)


def cookie_of(client: httpx.AsyncClient) -> str:
    """Return a client's cookies as a header's value."""
    return "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)


async def sign_in(base_url: str, username: str) -> Person:
    """Sign a demo person in."""
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    client = httpx.AsyncClient(
        base_url=base_url, timeout=30, trust_env=False, headers={"Origin": base_url}, limits=limits
    )
    csrf = (await client.get("/api/session/")).json()["csrf"]
    answer = await client.post(
        "/api/session/",
        json={"username": username, "password": DEMO_PASSWORD},
        headers={"X-CSRFToken": csrf},
    )
    assert answer.status_code == 200, answer.text
    headers = {"Origin": base_url, "X-CSRFToken": answer.json()["csrf"], "Cookie": cookie_of(client)}
    return Person(client, Wire(base_url, headers), answer.json()["user"])


LEADS = [f"c1{number:02d}a" for number in range(1, 13)] + [f"b2{number:02d}a" for number in range(1, 11)]


async def crews(base_url: str, count: int) -> list[Person]:
    """Sign unit leads in and start their shifts; each stands near the usual place."""
    people = []
    for username in LEADS[:count]:
        officer = await sign_in(base_url, username)
        mine = (await officer.client.get("/api/my-unit/")).json()
        call_sign = username[:-1].upper()
        unit = mine["unit"] or next(one for one in mine["choices"] if one["call_sign"] == call_sign)
        officer.me["unit"] = unit["id"]
        if mine["unit"] is None:
            await officer.post("/api/my-unit/shift/", {"unit": unit["id"]})
        people.append(officer)
    await asyncio.gather(*(here(officer) for officer in people))
    return people


async def here(officer: Person) -> None:
    """Give the officer's unit a fresh fix."""
    fix = {"lat": 24.5110, "lng": 117.6545, "crs": "WGS84", "accuracy_m": 8, "taken_at": now()}
    await officer.post("/api/my-unit/position/", {"fixes": [fix]})

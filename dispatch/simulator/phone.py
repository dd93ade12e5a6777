"""An officer's phone: the socket of the own unit, fixes through it or by POST, and what the order says now."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import time
from random import Random
from typing import Any, Final

from dispatch.simulator import city
from dispatch.simulator.client import Account, Reply
from dispatch.simulator.live import Live
from dispatch.simulator.vehicles import Journey, Receiver, is_plausible, standing
from dispatch.simulator.world import World

Json = dict[str, Any]

MOVING_EVERY_S: Final = (5.0, 9.0)  # real seconds between fixes; a unit that stands sends fewer
STANDING_EVERY_S: Final = (18.0, 28.0)
QUEUE_LENGTH: Final = 200  # fixes kept while there is no network
ENDED: Final = ("finished", "refused", "withdrawn")


class Phone:
    """What an officer holds: it shows the order, sends where the unit is, and survives a lost network."""

    def __init__(
        self, world: World, account: Account, unit: Json, start: tuple[float, float], receiver: Random
    ) -> None:
        self.world, self.account = world, account
        self.unit_id: int = unit["id"]
        self.order: Json | None = None
        self.incident: Json | None = None
        self.unreported: list[Json] = []
        self.changed = asyncio.Event()
        self.live = Live(account, joined=self._join, told=self._tell)
        self.receiver = Receiver(receiver)
        self.is_off_duty = False  # somebody else has ended the shift
        self._journey, self._began = standing(city.metres(*start)), world.clock.now()
        self._sent: tuple[city.Metres, float] | None = None
        self._kept: list[Json] = []

    # --- the order ---

    async def _join(self, hello: Json) -> None:
        await self.look()

    async def look(self) -> None:
        """Read what the unit has to do, as the phone does after every break."""
        reply = await self.account.get("/api/my-unit/")
        if not reply.ok:
            return
        if reply.body["unit"] is None:
            self.is_off_duty = True
            self.take(None)
            self.changed.set()
            return
        self.incident = reply.body["incident"]
        self._confirm(reply.body["withdrawn"])
        self.unreported = reply.body["unreported"]
        self.take(reply.body["assignment"])

    def _confirm(self, withdrawn: list[Json]) -> None:
        for row in withdrawn:
            self.world.spawn(self._understand(row["id"]))

    async def _understand(self, order_id: int) -> None:
        await self.world.clock.sleep(3 + order_id % 7)
        await self.account.post(f"/api/assignments/{order_id}/confirm-withdrawal/")

    def take(self, row: Json | None) -> None:
        """Let the phone show this order, unless it shows a newer copy."""
        known = self.order
        if row is None or row["state"] in ENDED:
            if known is not None and (row is None or row["id"] == known["id"]):
                self.order = None
                self.changed.set()
            return
        if known is not None and row["id"] == known["id"] and row["version"] <= known["version"]:
            return
        self.order = row
        if known is None or known["id"] != row["id"] or known["state"] != row["state"]:
            self.changed.set()

    def _tell(self, frame: Json) -> None:
        for row in frame["rows"].get("assignment", []):
            if row["unit"] != self.unit_id:
                continue
            if row["state"] == "withdrawn" and row["withdrawal_confirmed_at"] is None and row["withdrawn_at"]:
                self._confirm([row])
            self.take(row)
        for row in frame["rows"].get("incident", []):
            if self.incident is not None and row["id"] == self.incident["id"]:
                self.incident = row

    async def move(self, act: str, body: Json | None = None) -> Reply:
        """Press a button of the order; the answer, or the row of a refusal, is what the phone shows next."""
        assert self.order is not None
        claim = {"device_at": dt.datetime.now(dt.UTC).isoformat(), **(body or {})}
        reply = await self.account.post(f"/api/assignments/{self.order['id']}/{act}/", claim)
        row = reply.body.get("assignment") if reply.ok else reply.current
        if isinstance(row, dict) and "state" in row and "assignment_no" in row:
            self.take(row)
        return reply

    # --- the way ---

    def here(self) -> city.Metres:
        """Return where the unit is, in metres."""
        return self._journey.at(self.world.clock.now() - self._began).point

    def go(self, journey: Journey) -> None:
        """Set out on a way."""
        self._journey, self._began = journey, self.world.clock.now()

    def stand(self) -> None:
        """Stay here."""
        self.go(standing(self.here()))

    async def send_fixes(self) -> None:
        """Send where the unit is, for ever; what finds no network is kept and sent later."""
        random = self.receiver.random
        await asyncio.sleep(random.uniform(0, 3))
        while not self.is_off_duty:
            await self._fix()
            moving = self._journey.duration > self.world.clock.now() - self._began
            low, high = MOVING_EVERY_S if moving else STANDING_EVERY_S
            await asyncio.sleep(random.uniform(low, high) / min(self.world.clock.speed, 4.0))

    async def _fix(self) -> None:
        seen = self._journey.at(self.world.clock.now() - self._began)
        now = time.monotonic()
        if not self.receiver.hears(now, seen.point):
            return
        if self._sent is not None and not is_plausible(math.dist(self._sent[0], seen.point), now - self._sent[1]):
            return
        self._sent = (seen.point, now)
        lat, lng, accuracy = self.receiver.measured(seen.point)
        fix = {
            "lat": round(lat, 7),
            "lng": round(lng, 7),
            "crs": "WGS84",
            "accuracy_m": accuracy,
            "speed_kmh": round(seen.speed_kmh, 1),
            "heading": seen.heading,
            "taken_at": dt.datetime.now(dt.UTC).isoformat(),
        }
        if not self._kept and await self.live.send({"t": "fix", **fix}):
            return
        self._kept = [*self._kept, fix][-QUEUE_LENGTH:]
        await self._post_kept()

    async def _post_kept(self) -> None:
        """The socket is down: send what was kept; the answer carries the unit, and with it a new order (rule 49)."""
        kept, self._kept = self._kept, []
        reply = await self.account.post("/api/my-unit/position/", {"fixes": kept}, legal=(403,))
        if reply.status == 403:
            await self.look()
        elif reply.ok and not self.live.is_open:
            held = self.order["id"] if self.order else None
            if reply.body["unit"]["assignment"] != held:
                await self.look()

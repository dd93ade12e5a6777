"""Officers: on duty, on patrol, and through every order from the receipt to the handling report."""

from __future__ import annotations

import math
from random import Random
from typing import Any, Final

from django.utils import timezone

from dispatch.simulator import city, scenes, words
from dispatch.simulator.client import Account
from dispatch.simulator.people import Crew
from dispatch.simulator.phone import Phone
from dispatch.simulator.reports import handling_report
from dispatch.simulator.streets import streets
from dispatch.simulator.vehicles import PATROL_FACTOR, journey
from dispatch.simulator.world import World

Json = dict[str, Any]

DRIVERS: Final = (0.85, 1.1)  # how much faster or slower than the roads say
REFUSED_SHARE: Final = 0.015
BACKUP_SHARE: Final = {1: 0.10, 2: 0.05}
DELAY_TOLD_SHARE: Final = 0.7
ARRIVE_WITHIN: Final = {1: 300.0, 2: 300.0, 3: 600.0}
BEAT_M: Final = {"UF": 350.0}
WIDE_BEAT_M: Final = 750.0
BREAK_AFTER: Final = (9_000.0, 14_400.0)
FOUND_SHARE: Final = 0.004  # of the legs of a patrol on which something is found
ON_TASK_SHARE: Final = 0.03
BROKEN_DOWN_FOR: Final = (900.0, 1_800.0)
TRANSPORT_FOR: Final = (600.0, 1_200.0)


class Officer:
    """The lead of one unit, with the others along."""

    def __init__(self, world: World, account: Account, crew: Crew) -> None:
        self.world, self.account, self.crew = world, account, crew
        self.random = world.random("officer", crew.call_sign)
        self.phone: Phone | None = None
        self._next_break = self.random.uniform(*BREAK_AFTER)
        self._unreported: dict[int, tuple[Json, Json]] = {}

    # --- the shift ---

    async def come_on_duty(self) -> bool:
        """Start the shift, or go on with the one of a run that was killed; False when others have the unit."""
        reply = await self.account.get("/api/my-unit/")
        if not reply.ok:
            return False
        unit = reply.body["unit"]
        if unit is None:
            choices = {row["call_sign"]: row for row in reply.body["choices"]}
            chosen = choices.get(self.crew.call_sign)
            if chosen is None:
                return False
            body = {"unit": chosen["id"], "crew": list(self.crew.others)}
            started = await self.account.post("/api/my-unit/shift/", body)
            if not started.ok:
                return False
            unit = started.body["unit"]
        start = self.world.board.seen_at.get(unit["id"], self.crew.home)
        receiver = self.world.random("receiver", self.crew.call_sign)
        self.phone = Phone(self.world, self.account, unit, start, receiver)
        self._socket = self.world.spawn(self.phone.live.run())
        self.world.spawn(self.phone.send_fixes())
        return True

    async def run(self) -> None:
        """Work: orders first, patrol between them, until somebody else ends the shift."""
        assert self.phone is not None
        await self.phone.look()
        for row in self.phone.unreported:
            self._owe_report(row, row["incident_row"], self.world.random("late report", row["id"]))
        while not self.phone.is_off_duty:
            self.phone.changed.clear()
            with self.world.guarded():
                if self.phone.order is not None:
                    await self._step(self.phone, self.phone.order)
                else:
                    await self._patrol(self.phone)
            await self.world.clock.sleep(0.1)  # whatever happens, an officer does not press buttons without a breath
        self._socket.cancel()

    # --- an order, step by step ---

    async def _step(self, phone: Phone, order: Json) -> None:
        """Make the next step of the order; a change from outside (by radio, withdrawn) ends the wait for it."""
        if phone.incident is None or phone.incident["id"] != order["incident"]:
            await phone.look()
            if phone.order is None or phone.incident is None:
                return
        random = self.world.random("step", self.world.key_of(order["incident"]), order["call_sign"], order["state"])
        if order["state"] == "dispatched":
            if not await self._disturbed(random.uniform(0.3, 2.0)):
                await self._count(await phone.move("deliver"), "delivered")
        elif order["state"] == "delivered":
            await self._sign(phone, random)
        elif order["state"] == "accepted":
            if not await self._disturbed(random.uniform(8, 40)):
                await self._count(await phone.move("depart"), "departed")
        elif order["state"] == "en_route":
            await self._drive(phone, order, random)
        elif order["state"] == "on_scene":
            await self._handle(phone, order, random)

    async def _disturbed(self, seconds: float) -> bool:
        """Wait, unless the order changes meanwhile; tell whether it did."""
        assert self.phone is not None
        return await self.world.clock.first_of(self.phone.changed, seconds)

    async def _count(self, reply: Any, name: str) -> None:
        if reply.ok and not reply.replayed:
            self.world.tally.add(name)

    async def _sign(self, phone: Phone, random: Random) -> None:
        """Accept (8 to 20 s is usual) or, seldom, refuse with a code and words (R4)."""
        refuses = random.random() < REFUSED_SHARE
        if await self._disturbed(min(120.0, random.lognormvariate(2.5, 0.45))):
            return
        if not refuses:
            await self._count(await phone.move("accept"), "accepted")
            return
        code = random.choice(list(words.REFUSALS))
        reply = await phone.move("refuse", {"refusal_code": code, "text": words.REFUSALS[code]})
        await self._count(reply, "refusals")
        if reply.ok and code == "RF1":
            phone.stand()
            await self.world.clock.sleep(random.uniform(*BROKEN_DOWN_FOR))
            await self._set_status("available", "")

    async def _drive(self, phone: Phone, order: Json, random: Random) -> None:
        """Drive there on the streets; say so in time when it will be late (R14); arrive."""
        assert phone.incident is not None
        target = self._target(phone.incident, random)
        urgent = phone.incident["priority"] <= 2
        factor = random.uniform(*DRIVERS)
        way = journey(
            self.crew.kind, phone.here(), target, hour=timezone.localtime().hour, urgent=urgent, factor=factor
        )
        phone.go(way)
        limit = ARRIVE_WITHIN.get(phone.incident["priority"], math.inf) - random.uniform(20, 70)
        if way.duration > limit and random.random() < DELAY_TOLD_SHARE and order["delay_at"] is None:
            if await self._disturbed(limit):
                return
            code = random.choice(list(words.DELAYS))
            await self._count(await phone.move("delay", {"delay_code": code, "text": words.DELAYS[code]}), "delays")
            phone.changed.clear()
            way_left = way.duration - limit
        else:
            way_left = way.duration
        if not await self._disturbed(way_left + random.uniform(2, 12)):
            phone.stand()
            await self._count(await phone.move("arrive"), "on_scene")

    def _target(self, incident: Json, random: Random) -> city.Metres:
        point = incident["point"]
        if point is not None:
            return city.metres(point["lat"], point["lng"])
        lat, lng = self.crew.home  # ordered by address alone: somewhere around, as asked on the way
        return streets().around(city.metres(lat, lng), WIDE_BEAT_M, random)

    async def _handle(self, phone: Phone, order: Json, random: Random) -> None:
        """Handle what is there, sometimes with more hands, and finish with a result."""
        assert phone.incident is not None
        incident = phone.incident
        scene = self.world.scene_of(order["incident"])
        minutes = scene.minutes if scene else 15.0
        seconds = minutes * 60 * self.world.pace.handling * (0.6 if order["purpose"] != "first" else 1.0)
        wants_help = random.random() < BACKUP_SHARE.get(incident["priority"], 0.015) and order["purpose"] == "first"
        if wants_help and not await self._disturbed(seconds * 0.2):
            reply = await self.account.post("/api/my-unit/backup/", {"text": random.choice(words.BACKUP)})
            await self._count(reply, "backups")
            phone.changed.clear()
        if await self._disturbed(seconds):
            return
        result = scene.result if scene else random.choice(list(scenes.RESULTS["05"]))
        reply = await phone.move("finish", {"result_code": result})
        if not reply.ok:
            return
        await self._count(reply, "finished")
        self._owe_report(reply.body["assignment"], incident, random)
        if result in ("RS01", "RS13") and self.crew.carries_detainees:
            await self._transport(phone, random)

    async def _transport(self, phone: Phone, random: Random) -> None:
        await self._set_status("transporting", "押送移交")
        await self.world.clock.first_of(phone.changed, random.uniform(*TRANSPORT_FOR) * self.world.pace.handling)
        if phone.order is None:
            await self._set_status("available", "")

    # --- the handling report ---

    def _owe_report(self, order: Json, incident: Json, random: Random) -> None:
        """Remember a report that is due: most are filed within minutes, a few much later."""
        self._unreported[order["id"]] = (order, incident)
        late = random.random() < 0.04
        wait = random.uniform(1_900, 3_000) if late else random.uniform(60, 400)
        self.world.spawn(self._report_later(order["id"], wait * self.world.pace.handling))

    async def _report_later(self, order_id: int, seconds: float) -> None:
        await self.world.clock.sleep(seconds)
        await self._report(order_id)

    async def _report(self, order_id: int) -> None:
        order, incident = self._unreported.pop(order_id, (None, None))
        if order is None or incident is None:
            return
        facts = handling_report(order, incident, self.world.scene_of(order["incident"]))
        reply = await self.account.post(f"/api/assignments/{order_id}/reports/", facts)
        if reply.ok:
            self.world.tally.add("reports")

    # --- between orders ---

    async def _patrol(self, phone: Phone) -> None:
        """One leg of a patrol around the home beat, a stop, sometimes a break, a visit, or something that is found."""
        if self.world.clock.now() > self._next_break:
            self._next_break = self.world.clock.now() + self.random.uniform(*BREAK_AFTER)
            await self._away(phone, "break", "用餐休整", self.random.uniform(900, 1_500))
            return
        if self.random.random() < ON_TASK_SHARE:
            await self._away(phone, "on_task", "社区走访", self.random.uniform(900, 1_800))
            return
        home = city.metres(*self.crew.home)
        corner = streets().around(home, BEAT_M.get(self.crew.kind, WIDE_BEAT_M), self.random)
        walks = self.crew.kind == "UF"
        pace = 0.7 if walks else PATROL_FACTOR
        way = journey(self.crew.kind, phone.here(), corner, hour=timezone.localtime().hour, factor=pace)
        phone.go(way)
        if await self._disturbed(way.duration + self.random.uniform(10, 90)):
            phone.stand()
        elif self.random.random() < FOUND_SHARE:
            await self._find(phone)

    async def _away(self, phone: Phone, status: str, reason: str, seconds: float) -> None:
        phone.stand()
        if await self._set_status(status, reason) and not await self._disturbed(seconds):
            await self._set_status("available", "")

    async def _set_status(self, status: str, reason: str) -> bool:
        reply = await self.account.post("/api/my-unit/status/", {"status": status, "reason": reason})
        return reply.ok

    async def _find(self, phone: Phone) -> None:
        """Come across something: incident and order in one act, on scene at once (巡逻发现)."""
        code, said = self.random.choice(words.FOUND)
        lat, lng = city.degrees(phone.here())
        phone.stand()
        point = {"lat": round(lat, 6), "lng": round(lng, 6), "crs": "WGS84", "accuracy_m": 10.0, "source": "terminal"}
        facts = {"type_reported": code, "point": point, "address_text": "巡逻途中", "narrative": said}
        reply = await self.account.post("/api/my-unit/discovery/", facts)
        if reply.ok:
            row = reply.body["assignment"]
            self.world.tally.add("incidents")
            self.world.tally.add("discoveries")
            self.world.remember(row["incident"], -row["incident"], None)
            phone.take(row)

    # --- the end ---

    async def settle(self) -> None:
        """File what is owed and go off duty, unless an order is under way: that unit stays for the next run."""
        for order_id in list(self._unreported):
            await self._report(order_id)
        if self.phone is not None and self.phone.order is None and not self.phone.is_off_duty:
            await self.account.post("/api/my-unit/shift/end/")

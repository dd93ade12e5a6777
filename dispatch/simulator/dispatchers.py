"""Dispatchers: they read the ranking and send the first, take orders back that nobody signs, and look after alerts."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, Final

from dispatch.simulator import scenes, words
from dispatch.simulator.client import Account
from dispatch.simulator.plan import Scene
from dispatch.simulator.world import World

Json = dict[str, Any]
Job = Callable[[Account], Awaitable[None]]

# Seconds from "pending" to the order, by priority; the limits are 30, 60, 180 s and 30 min (7.2).
DECIDES_WITHIN: Final = {1: (3, 9), 2: (5, 20), 3: (10, 70), 4: (30, 240)}
TWO_UNITS: Final = {1: 1.0, 2: 0.3}  # share of incidents that get two units at once
OVERRIDES_SHARE: Final = 0.06
LOOKS_AGAIN_AFTER: Final = 12.0
UNSIGNED_AFTER: Final = 150.0  # an order that nobody has accepted is taken back
LOOKS_EVERY: Final = 10.0
TRIES: Final = 3
WITHDRAWN_TEXT: Final = "长时间未签收，改派其他单位"
BY_PHONE: Final = "电话答复并告知责任部门"
TO_INSPECTORS: Final = "投诉事项转督察部门核查"
LIVE_BEFORE_SCENE: Final = ("new", "pending", "dispatched", "accepted", "en_route")
LATE_KINDS: Final = ("delayed",)
LEFT_TO_PEOPLE: Final = ("emergency", "sweep_failed")


class Desk:
    """The work of all dispatching seats: one queue by urgency, each seat takes the next."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._jobs: asyncio.PriorityQueue[tuple[int, int, Job]] = asyncio.PriorityQueue()
        self._order = itertools.count()
        self._considered: set[int] = set()
        self._alerts: set[int] = set()
        self._sent_at: dict[int, float] = {}
        self._avoided: dict[int, set[int]] = {}  # units that did not answer, by incident
        self._merges: dict[int, list[int]] = {}
        world.board.listen(self._notice)

    async def run(self, account: Account) -> None:
        """Work as one seat."""
        while True:
            _, _, job = await self._jobs.get()
            with self.world.guarded():
                await job(account)

    def _put(self, urgency: int, job: Job) -> None:
        self._jobs.put_nowait((urgency, next(self._order), job))

    async def _put_later(self, seconds: float, urgency: int, job: Job) -> None:
        await self.world.clock.sleep(seconds)
        self._put(urgency, job)

    # --- what the board shows ---

    def _notice(self, noun: str, row: Json) -> None:
        if noun == "incident":
            self._consider(row)
        elif noun == "alert" and row["open"]:
            self._heed(row)
        elif noun == "assignment":
            self._watch_order(row)

    def _consider(self, row: Json) -> None:
        if not row["open"]:
            self._avoided.pop(row["id"], None)
        if row["stage"] != "pending" or not row["attendance"] or row["id"] in self._considered:
            return
        self._considered.add(row["id"])
        self.world.spawn(self._decide_later(row))

    async def _decide_later(self, row: Json) -> None:
        random = self.world.random("order", self.world.key_of(row["id"]), row["version"])
        wait = random.uniform(*DECIDES_WITHIN[row["priority"]]) * self.world.pace.slowness
        if row["id"] not in self.world.known:
            wait += self.world.pace.leave  # somebody else's: a person at the console may want it
        await self._put_later(wait, row["priority"], lambda account: self._settle(account, row["id"]))

    async def _settle(self, account: Account, incident_id: int) -> None:
        """Send a unit, or settle without one, if that is still to be done; look again later when nobody can go."""
        self._considered.discard(incident_id)
        row = self.world.board.incident(incident_id)
        if row is None or row["stage"] != "pending" or self.world.board.live_orders(incident_id):
            return
        if row["type_reported"][:2] in scenes.NO_UNIT_NEEDED:
            await self._need_nobody(account, row)
        elif not await self._send(account, row, first=True):
            self._considered.add(incident_id)
            again = self._put_later(LOOKS_AGAIN_AFTER, row["priority"], lambda seat: self._settle(seat, incident_id))
            self.world.spawn(again)

    async def _need_nobody(self, account: Account, row: Json) -> None:
        complaint = row["type_reported"].startswith("10")
        body = (
            {"result_code": "RS13", "reason": TO_INSPECTORS}
            if complaint
            else {"result_code": "RS23", "reason": BY_PHONE}
        )
        if await self.world.decide(account, row["id"], "no-attendance", body):
            self.world.tally.add("no_attendance")

    # --- orders ---

    async def _send(self, account: Account, row: Json, *, first: bool) -> bool:
        """Order the best units; of a race for one only the loser looks again. Tell whether somebody goes."""
        random = self.world.random("units", self.world.key_of(row["id"]), len(self.world.board.live_orders(row["id"])))
        wanted = 1 + (first and random.random() < TWO_UNITS.get(row["priority"], 0.0))
        for _ in range(TRIES):
            found = await account.get(f"/api/incidents/{row['id']}/candidates/")
            if not found.ok or not found.body["candidates"]:
                return False
            body = self._choice(row["id"], found.body["candidates"], wanted, first, random)
            reply = await account.post(f"/api/incidents/{row['id']}/orders/", body)
            if reply.ok:
                self._note(reply.body["assignments"])
                self.world.tally.add("overrides", sum("override_reason" in one for one in body["units"]))
                return True
            if reply.body.get("error") != "unit_busy":
                return True  # the incident has gone on without this seat
        return False

    def _choice(self, incident_id: int, candidates: list[Json], wanted: int, first: bool, random: Random) -> Json:
        """Choose the best, or sometimes the second with a reason; never one that has left an order unsigned."""
        best = [one["unit"] for one in candidates if one["recommended"]]
        avoided = self._avoided.get(incident_id, set())
        free = [unit for unit in best if unit not in avoided] or [one["unit"] for one in candidates]
        chosen = free[:wanted]
        if first and wanted == 1 and len(free) > 1 and random.random() < OVERRIDES_SHARE:
            chosen = [free[1]]
        units = []
        for number, unit in enumerate(chosen):
            one: Json = {"unit": unit, "purpose": "first" if first and number == 0 else "support"}
            if best and unit not in best[:wanted]:
                one["override_reason"] = "OV1" if avoided else random.choice(words.OVERRIDES)
            units.append(one)
        return {"units": units, "seen": best[:wanted]}

    def _note(self, orders: list[Json]) -> None:
        self.world.tally.add("orders", len(orders))
        for order in orders:
            self.world.board.learn("assignment", order)

    def _watch_order(self, row: Json) -> None:
        if row["state"] in ("dispatched", "delivered"):
            self._sent_at.setdefault(row["id"], self.world.clock.now())
        else:
            self._sent_at.pop(row["id"], None)

    async def look_after_orders(self) -> None:
        """Take back the orders that nobody signs, for ever."""
        while True:
            await self.world.clock.sleep(LOOKS_EVERY)
            now = self.world.clock.now()
            for order_id, sent_at in list(self._sent_at.items()):
                if now - sent_at > UNSIGNED_AFTER:
                    del self._sent_at[order_id]
                    self._put(1, lambda account, order_id=order_id: self._take_back(account, order_id))  # type: ignore[misc]

    async def _take_back(self, account: Account, order_id: int) -> None:
        row = self.world.board.rows["assignment"].get(order_id)
        if row is None or row["state"] not in ("dispatched", "delivered"):
            return
        self._avoided.setdefault(row["incident"], set()).add(row["unit"])
        reply = await account.post(
            f"/api/assignments/{order_id}/withdraw/", {"cancel_code": "CX9", "text": WITHDRAWN_TEXT}
        )
        if reply.ok:
            self.world.tally.add("withdrawn")
            self.world.board.learn("assignment", reply.body["assignment"])

    # --- alerts ---

    def _heed(self, row: Json) -> None:
        if row["kind"] in LEFT_TO_PEOPLE or row["id"] in self._alerts:
            return
        self._alerts.add(row["id"])
        random = self.world.random("alert", row["kind"], self.world.key_of(row["incident"] or 0))
        wait = random.uniform(8, 25) if row["kind"] == "backup_requested" else random.uniform(20, 80)
        urgency = 1 if row["kind"] == "backup_requested" else 5
        later = self._put_later(
            wait * self.world.pace.slowness, urgency, lambda account: self._answer_alert(account, row)
        )
        self.world.spawn(later)

    async def _answer_alert(self, account: Account, row: Json) -> None:
        self._alerts.discard(row["id"])
        if row["id"] not in self.world.board.rows["alert"]:
            return  # its cause has ended, or a person has taken it on
        incident = self.world.board.incident(row["incident"] or 0)
        if row["kind"] == "backup_requested" and incident is not None:
            await self._send(account, incident, first=False)
        if row["kind"] in LATE_KINDS and row["assignment"] in self.world.board.rows["assignment"]:
            await account.post(f"/api/assignments/{row['assignment']}/caller-told/")
        await account.post(f"/api/alerts/{row['id']}/acknowledge/")

    # --- callers who think again, and calls of one event ---

    def expect(self, incident_id: int, scene: Scene) -> None:
        """Note what will become of an incident: its caller may withdraw it; twins of it are waiting to be merged."""
        if scene.withdrawn_after is not None and scene.needs_unit:
            later = self._put_later(scene.withdrawn_after, 3, lambda account: self._cancel(account, incident_id))
            self.world.spawn(later)
        for twin in self._merges.pop(self._number(incident_id), []):
            self._put(4, lambda account, twin=twin: self._merge(account, twin, incident_id))  # type: ignore[misc]

    def _number(self, incident_id: int) -> int:
        known = self.world.known.get(incident_id)
        return known.number if known else 0

    async def _cancel(self, account: Account, incident_id: int) -> None:
        row = self.world.board.incident(incident_id)
        if row is None or row["stage"] not in LIVE_BEFORE_SCENE:
            return
        reason = "报警人来电撤回，已回拨核实"
        if await self.world.decide(account, incident_id, "cancel", {"cancel_code": "CX1", "reason": reason}):
            self.world.tally.add("cancelled")

    def merge_later(self, incident_id: int, first_call: int) -> None:
        """Merge an incident into that of the first caller as soon as there is one."""
        other = self.world.incident_of.get(first_call)
        if other is None:
            self._merges.setdefault(first_call, []).append(incident_id)
        else:
            self._put(4, lambda account: self._merge(account, incident_id, other))

    async def _merge(self, account: Account, incident_id: int, into: int) -> None:
        row, target = self.world.board.incident(incident_id), self.world.board.incident(into)
        if row is None or target is None or row["stage"] not in LIVE_BEFORE_SCENE:
            return
        body = {"into": into, "reason": "同一警情，多人报警"}
        if await self.world.decide(account, incident_id, "merge", body):
            self.world.tally.add("merged")

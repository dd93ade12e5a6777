"""Callers and the telephony between them and the desk: ringing, giving up, hanging up (the adapter's part)."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from dispatch.simulator.client import Account
from dispatch.simulator.plan import PlannedCall
from dispatch.simulator.world import Line, World
from incidents import geo

Json = dict[str, Any]

RINGING, LOST, TRIED = 0, 1, 2  # what a line waits for
TEXT: Final = ("CH21", "CH22", "CH31", "CH41")  # nobody waits on a line, so nobody gives up
DIALLED: Final = {"CH11": "110", "CH12": "122", "CH21": "12110"}
# Operators place mobile phones in GCJ-02; the others are satellite fixes or walk-ins.
DATUM: Final = {"CH22": "GCJ02"}


class Telephony:
    """Rings the calls of the plan and knows who waits."""

    def __init__(self, world: World, adapter: Account) -> None:
        self.world = world
        self.adapter = adapter
        # Lines for the call-takers: the ringing first, in their order; then those to be called back, once or again.
        self.waiting: asyncio.PriorityQueue[tuple[int, int, Line]] = asyncio.PriorityQueue()
        world.board.listen(self._notice)

    async def run(self, planned: Iterator[PlannedCall]) -> None:
        """Ring each call at its moment."""
        for call in planned:
            await self.world.clock.sleep_until(call.at)
            self.world.spawn(self.ring(call))

    async def ring(self, call: PlannedCall) -> None:
        """Ring, and give up when nobody answers in time."""
        reply = await self.adapter.post("/api/calls/", self._said_by_the_line(call))
        if not reply.ok:
            return
        line = Line(call, reply.body["call"]["id"], reply.body["call"])
        self.world.lines[line.call_id] = line
        self.world.tally.add("calls")
        self.waiting.put_nowait((RINGING, call.number, line))
        patience = call.patience if call.channel not in TEXT else 3_600.0
        if not await self.world.clock.first_of(line.answered, patience):
            await self._give_up(line)

    def _said_by_the_line(self, call: PlannedCall) -> Json:
        crs = DATUM.get(call.channel, "WGS84")
        lat, lng = geo.from_wgs84(call.caller_lat, call.caller_lng, crs)
        facts: Json = {
            "channel": call.channel,
            "state": "waiting",
            "dialled_number": DIALLED.get(call.channel, ""),
            "caller_number": call.phone,
            "contact_phone": call.phone,
            "caller_point": {"lat": lat, "lng": lng, "crs": crs, "accuracy_m": 120.0, "source": "operator"},
            "recording_id": call.marker,
            "drill": self.world.drill,
        }
        if call.channel in TEXT:
            facts["sent_at"] = dt.datetime.now(dt.UTC).isoformat()
        if self.world.pace.tells_words or call.channel in TEXT:
            facts["narrative"] = call.words
        return facts

    async def _give_up(self, line: Line) -> None:
        reply = await self.adapter.post(f"/api/calls/{line.call_id}/lose/")
        if reply.ok:
            self.world.tally.add("lost_calls")
            line.row = reply.body["call"]
            self.waiting.put_nowait((LOST, line.call.number, line))

    async def hang_up(self, line: Line) -> None:
        """The caller hangs up; before a kind is set the call is lost (R18)."""
        reply = await self.adapter.post(f"/api/calls/{line.call_id}/hang-up/")
        if reply.ok:
            line.row = reply.body["call"]
            if line.row["state"] == "lost":
                self.world.tally.add("lost_calls")
                self.waiting.put_nowait((LOST, line.call.number, line))

    def _notice(self, noun: str, row: Json) -> None:
        line = self.world.lines.get(row["id"]) if noun == "call" else None
        if line is not None and row["state"] != "waiting":
            line.answered.set()  # by one of the agents, or by a person at a console
            if row["state"] == "done":
                del self.world.lines[row["id"]]

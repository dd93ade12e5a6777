"""Call-takers: they answer, ask, type, set the kind, place the incident and give every call its outcome."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from dispatch.simulator import scenes
from dispatch.simulator.callers import RINGING, TRIED, Telephony
from dispatch.simulator.client import Account
from dispatch.simulator.dispatchers import Desk
from dispatch.simulator.plan import PlannedCall, Scene
from dispatch.simulator.world import Line, World

Json = dict[str, Any]

# Kind of call and closing reason of a call that makes no incident (7.3, 7.6).
OUTCOMES: Final = {
    "non_police": ("CK13", "CL7"),
    "enquiry": ("CK05", "CL1"),
    "nuisance": ("CK09", "CL2"),
    "misdial": ("CK10", "CL3"),
    "silent": ("CK11", "CL4"),
    "officer": ("CK06", "CL5"),
    "test": ("CK12", "CL6"),
}
CHASING: Final = ("CK07", "CL1")
NOBODY: Final = ("CK11", "CL4")
CALL_BACK_TRIES: Final = 2
CALL_BACK_AFTER: Final = 45.0
TRIES: Final = 4


class CallTaker:
    """One call-taking seat."""

    def __init__(self, world: World, account: Account, telephony: Telephony, desk: Desk, commander: Account) -> None:
        self.world, self.account, self.telephony, self.desk = world, account, telephony, desk
        self._commander = commander

    async def run(self) -> None:
        """Take one call after the other."""
        while True:
            urgency, _, line = await self.telephony.waiting.get()
            with self.world.guarded():
                if urgency != RINGING:
                    await self._call_back(line)
                elif line.row["state"] == "waiting":  # else it was lost meanwhile, and waits for its call-back
                    await self._answer(line)

    async def _answer(self, line: Line) -> None:
        random = self.world.random("answer", line.call.number)
        await self._pause(random.uniform(2, 6))
        reply = await self._act(line, "answer")
        if reply is None:  # a person was quicker, or the caller has given up
            return
        line.answered.set()
        await self._talk(line, random)

    async def _call_back(self, line: Line) -> None:
        """Ring a lost call back; after two tries it is closed as checked (R18)."""
        if line.tries:
            await self._pause(CALL_BACK_AFTER)
        reached = line.call.reached[line.tries]
        line.tries += 1
        row = await self._act(line, "call-back", {"answered": reached})
        if row is None:
            return
        self.world.tally.add("called_back")
        if reached:
            await self._talk(line, self.world.random("call-back", line.call.number))
        elif line.tries < CALL_BACK_TRIES:
            self.telephony.waiting.put_nowait((TRIED, line.call.number, line))
        else:
            await self._finish(line, NOBODY)

    async def _talk(self, line: Line, random: Random) -> None:
        call = line.call
        if call.kind == "silent" and not line.tries:
            await self._pause(random.uniform(5, 12))
            await self.telephony.hang_up(line)  # nobody speaks: the line breaks before a kind is known
        elif call.kind == "duplicate":
            await self._hear_again(line, random)
        elif call.scene is not None:
            await self._hear_incident(line, call.scene, random)
        else:
            await self._hear_other(line, random)

    async def _hear_other(self, line: Line, random: Random) -> None:
        """A call that makes no incident: a kind, two words, an outcome."""
        outcome = OUTCOMES[line.call.kind]
        await self._pause(line.call.talk * 0.6)
        await self._describe(line, {"kind": outcome[0], "narrative": line.call.words})
        await self._pause(line.call.talk * 0.4)
        await self.telephony.hang_up(line)
        await self._pause(random.uniform(2, 8))
        await self._finish(line, outcome)

    async def _hear_again(self, line: Line, random: Random) -> None:
        """Somebody else reports the same: the call joins, its words are kept."""
        await self._pause(random.uniform(8, 20))
        incident_id = self.world.incident_of.get(line.call.same_as or -1)
        if incident_id is None:  # the first caller is still being heard: nobody can know
            assert line.call.scene is not None
            made = await self._hear_incident(line, line.call.scene, random)
            if made is not None and line.call.same_as is not None:
                self.desk.merge_later(made, line.call.same_as)
            return
        await self._describe(line, {"narrative": line.call.words, **caller_facts(line.call)})
        joined = self.world.board.incident(incident_id) is not None and await self._act(
            line, "join", {"incident": incident_id}
        )
        await self._pause(random.uniform(5, 15))
        if joined:
            self.world.tally.add("duplicates")
        else:  # it is over already: the caller only learns how it went
            await self._describe(line, {"kind": CHASING[0]})
        await self.telephony.hang_up(line)
        await self._finish(line, None if joined else CHASING)

    async def _hear_incident(self, line: Line, scene: Scene, random: Random) -> int | None:
        """Take an incident: kind, place, type; early (pre-dispatch) or once all is said. Return its id."""
        call, started = line.call, self.world.clock.now()
        await self._pause(random.uniform(4, 9))
        kind = scenes.CALL_KIND.get(scene.top, "CK01")
        await self._describe(line, {"kind": kind, "narrative": call.words, **caller_facts(call)})
        await self._pause(call.talk * 0.7 if scene.style == "late" else random.uniform(6, 18))
        await self.account.get("/api/places/", q=scene.place[:60], limit=8)
        made = await self._act(line, "incident", self._first_facts(scene), noun="incident")
        if made is None:
            return None
        incident_id = int(made["id"])
        self.world.tally.add("incidents")
        self.world.board.learn("incident", made)
        self.world.remember(incident_id, call.number, scene)
        self.desk.expect(incident_id, scene)
        if scene.style == "typeless":
            await self._pause(random.uniform(5, 15))
            await self._complete(incident_id, made, {"type_reported": scene.code})
        await self._pause(call.talk - (self.world.clock.now() - started))
        await self._complete(incident_id, made, later_facts(scene))
        await self.telephony.hang_up(line)
        await self._pause(random.uniform(4, 20))
        await self._finish(line, None)
        return incident_id

    def _first_facts(self, scene: Scene) -> Json:
        facts: Json = {
            "intake_class": scenes.INTAKE_CLASS.get(scene.top, "IC1"),
            "address_text": scene.address,
            "point": {
                "lat": scene.lat,
                "lng": scene.lng,
                "crs": "WGS84",
                "source": "gazetteer" if scene.verified else "caller",
            },
            "point_status": "verified" if scene.verified else "unverified",
            "narrative": scene.narrative,
        }
        if scene.style != "typeless":
            facts["type_reported"] = scene.code
        if scene.danger:
            facts[scene.danger] = "yes"
        return facts

    async def _complete(self, incident_id: int, row: Json, facts: Json) -> None:
        """Write further facts; after the first order place and type are the dispatcher's."""
        current: Json | None = self.world.board.incident(incident_id) or row
        for _ in range(TRIES):
            if current is None or not current["open"]:
                return
            if current["first_dispatched_at"]:
                facts = {name: value for name, value in facts.items() if name != "type_reported"}
            if not facts:
                return
            reply = await self.account.patch(f"/api/incidents/{incident_id}/", {"version": current["version"], **facts})
            if reply.ok:
                self.world.board.learn("incident", reply.body["incident"])
            if reply.body.get("error") != "stale":
                return
            current = reply.current

    async def _describe(self, line: Line, facts: Json) -> None:
        for _ in range(TRIES):
            body = {"version": line.row["version"], **facts}
            reply = await self.account.patch(f"/api/calls/{line.call_id}/", body)
            line.row = reply.body.get("call") or reply.current or line.row
            if reply.body.get("error") != "stale":
                return

    async def _finish(self, line: Line, outcome: tuple[str, str] | None) -> None:
        body = {"kind": outcome[0], "closing_reason": outcome[1]} if outcome else {}
        # A broken call that a colleague had answered is the colleague's; only the watch commander closes it for him.
        foreign = line.row["agent_no"] not in ("", self.account.me["badge"])
        account = self._commander if foreign else self.account
        await account.post(f"/api/calls/{line.call_id}/finish/", body)
        self.world.lines.pop(line.call_id, None)

    async def _act(self, line: Line, act: str, body: Json | None = None, *, noun: str = "call") -> Json | None:
        """Do something with the call; None when its state does not allow it (any more)."""
        reply = await self.account.post(f"/api/calls/{line.call_id}/{act}/", body)
        if not reply.ok:
            return None
        if noun == "call":
            line.row = reply.body["call"]
        return dict(reply.body[noun])

    async def _pause(self, seconds: float) -> None:
        await self.world.clock.sleep(seconds)

    async def settle(self) -> None:
        """Finish what an earlier run that was killed has left on this seat, and what this one is just doing."""
        mine = [row for row in self.world.board.rows["call"].values() if row["agent_no"] == self.account.me["badge"]]
        for row in mine:
            if row["state"] in ("in_progress", "wrap_up"):
                body = {} if row["incident"] and row["kind"] else {"kind": row["kind"] or NOBODY[0]}
                if not row["incident"]:
                    body["closing_reason"] = NOBODY[1]
                await self.account.post(f"/api/calls/{row['id']}/finish/", body)
                self.world.lines.pop(row["id"], None)


def caller_facts(call: PlannedCall) -> Json:
    """Return who called."""
    return {"caller_name": call.name, "caller_sex": call.sex, "contact_phone": call.phone}


def later_facts(scene: Scene) -> Json:
    """Return what a call-taker asks after the place: dangers, people, vehicles."""
    facts: Json = {name: "no" for name in ("weapon", "hazmat", "explosion_leak") if name != scene.danger}
    if scene.offenders is not None:
        facts["offenders_reported"] = scene.offenders
    if scene.injured is not None:
        facts["injured"] = scene.injured
    if scene.plate:
        facts["vehicle_plate"] = scene.plate
    return facts

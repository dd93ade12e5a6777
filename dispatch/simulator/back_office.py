"""The end of an incident: the watch commander submits it, the reviewer approves it or gives it back once."""

from __future__ import annotations

from typing import Any, Final

from dispatch.simulator.client import Account
from dispatch.simulator.world import World

Json = dict[str, Any]

SUBMITS_WITHIN: Final = (20.0, 120.0)
REVIEWS_WITHIN: Final = (40.0, 300.0)
RETURNED_SHARE: Final = 0.03
RETURNED_BECAUSE: Final = "处置经过过于简单，请补充后再报"
INSPECTORS_ONLY: Final = "10"  # complaints are not shown to the reviewer (R1)


class BackOffice:
    """Watch commander and reviewer."""

    def __init__(self, world: World, commander: Account, reviewer: Account) -> None:
        self.world, self.commander, self.reviewer = world, commander, reviewer
        self._at_work: set[int] = set()
        self._returned: set[int] = set()
        world.board.listen(self._notice)

    def _notice(self, noun: str, row: Json) -> None:
        if noun != "incident":
            return
        if not row["open"]:
            self._returned.discard(row["id"])
        elif row["stage"] in ("reported", "review") and row["id"] not in self._at_work:
            self._at_work.add(row["id"])
            self.world.spawn(self._look(row))

    async def _look(self, row: Json) -> None:
        incident_id, stage = row["id"], row["stage"]
        random = self.world.random("review", stage, self.world.key_of(incident_id), incident_id in self._returned)
        wait = random.uniform(*(SUBMITS_WITHIN if stage == "reported" else REVIEWS_WITHIN))
        if incident_id not in self.world.known:
            wait += self.world.pace.leave
        await self.world.clock.sleep(wait)
        self._at_work.discard(incident_id)
        now = self.world.board.incident(incident_id)
        if now is None or now["stage"] != stage:
            return
        if stage == "reported":
            await self._submit(now)
        else:
            await self._review(now, gives_back=random.random() < RETURNED_SHARE)

    async def _submit(self, row: Json) -> None:
        if not row["address_text"] or not row["result_code"]:
            return  # an incomplete one is for a person
        if await self.world.decide(self.commander, row["id"], "submit", {}):
            self.world.tally.add("submitted")

    async def _review(self, row: Json, *, gives_back: bool) -> None:
        if self._call_is_open(row["id"]):
            self._notice("incident", row)  # not while somebody still writes
            return
        account = self.commander if row["type_reported"].startswith(INSPECTORS_ONLY) else self.reviewer
        if gives_back and row["id"] not in self._returned and row["attendance"]:
            self._returned.add(row["id"])
            if await self.world.decide(account, row["id"], "return", {"reason": RETURNED_BECAUSE}):
                self.world.tally.add("returned")
        elif await self.world.decide(account, row["id"], "approve", {}):
            self.world.tally.add("closed")

    def _call_is_open(self, incident_id: int) -> bool:
        calls = self.world.board.rows["call"].values()
        return any(call["incident"] == incident_id and call["state"] not in ("done", "wrap_up") for call in calls)

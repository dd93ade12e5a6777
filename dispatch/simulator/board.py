"""What the desk sees: the rows of the live feed, kept by the contract's own rule (docs/contract.md 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dispatch.simulator.client import Account
from dispatch.simulator.live import Live

Json = dict[str, Any]
Listener = Callable[[str, Json], None]

WATCHED: Final = ("incident", "assignment", "unit", "call", "alert")


class Gap(ConnectionError):
    """An entry is missing: the socket is opened again, and the snapshot says what is."""


class Board:
    """The desk's rows, one socket for all agents of this process; each change is told to the listeners."""

    def __init__(self, account: Account) -> None:
        self.rows: dict[str, dict[int, Json]] = {noun: {} for noun in WATCHED}
        self.seen_at: dict[int, tuple[float, float]] = {}  # where each unit was at the last snapshot
        self.live = Live(account, joined=self._join, told=self._tell)
        self._account = account
        self._seq = 0
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener(noun, row)` for each row that comes or changes, also for all rows of each snapshot."""
        self._listeners.append(listener)

    async def _join(self, hello: Json) -> None:
        reply = await self._account.get("/api/snapshot/")
        if not reply.ok:
            raise Gap(f"no snapshot: {reply.status}")
        self._seq = max(int(reply.body["seq"]), int(hello["seq"]))
        self.seen_at = {position[0]: (position[1], position[2]) for position in reply.body["positions"]}
        for noun in WATCHED:
            self.rows[noun] = {}
            for row in reply.body["rows"][noun]:
                self._take(noun, row)

    def _tell(self, frame: Json) -> None:
        if frame["seq"] <= self._seq:
            return
        if frame["prev_seq"] > self._seq:
            raise Gap(f"{frame['prev_seq']} after {self._seq}")
        self._seq = frame["seq"]
        for noun, rows in frame["rows"].items():
            for row in rows if noun in WATCHED else ():
                self._take(noun, row)

    def learn(self, noun: str, row: Json) -> None:
        """Take a row from an answer, which may be ahead of the feed."""
        self._take(noun, row)

    def _take(self, noun: str, row: Json) -> None:
        known = self.rows[noun].get(row["id"])
        if known is not None and known["version"] > row["version"]:
            return  # an answer that was ahead of the feed
        self.rows[noun][row["id"]] = row
        for listener in self._listeners:
            listener(noun, row)
        self._drop(noun, row)

    def _drop(self, noun: str, row: Json) -> None:
        """Forget what the snapshot would not hold."""
        if noun == "incident" and not row["open"]:
            del self.rows[noun][row["id"]]
            for other in ("assignment", "call"):
                gone = [one for one, held in self.rows[other].items() if held["incident"] == row["id"]]
                for one in gone:
                    del self.rows[other][one]
        elif (noun == "alert" and not row["open"]) or (noun == "call" and _is_over(row, self.rows["incident"])):
            del self.rows[noun][row["id"]]

    def incident(self, incident_id: int) -> Json | None:
        """Return an open incident."""
        return self.rows["incident"].get(incident_id)

    def live_orders(self, incident_id: int) -> list[Json]:
        """Return the live orders of an incident."""
        return [row for row in self.rows["assignment"].values() if row["incident"] == incident_id and row["live"]]


def _is_over(call: Json, incidents: dict[int, Json]) -> bool:
    return call["state"] == "done" and call["incident"] not in incidents

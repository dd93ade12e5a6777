"""The board as it stood: rebuilt from the copies of rows that journal entries carry. Pure, but for the asked-for past.

The rule of what stands on a board is the client's (static/js/store.js, docs/contract.md 4): of two copies the higher
version stays; open incidents with everything that hangs on them, calls that are not done, open alerts, every unit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from incidents.live.frames import Line
from incidents.row import Json

# Stand on the board by themselves; everything else hangs on an incident, a message on its call.
OWN: Final = ("incident", "unit", "alert", "duty_level", "message")
Key = tuple[str, int]
Past = Callable[[list[int], list[int], int], Iterable[Line]]  # incidents, calls, before this number


@dataclass(slots=True)
class Copy:
    """A row as an entry told it, and which one."""

    row: Json
    readers: list[str]
    seq: int
    at: dt.datetime


class BoardThen:
    """The rows that stood on the board after an entry."""

    def __init__(self, collections: Iterable[str], past: Past, seq: int = 0) -> None:
        """Begin with nothing; `past` finds the earlier entries of incidents and calls that come back."""
        self.rows: dict[str, dict[int, Copy]] = {name: {} for name in collections}
        self.hanging: dict[int, set[Key]] = {}
        self.dropped: dict[Key, int] = {}  # the version in which a row left the board: an older copy may come after it
        self.past = past
        self.seq = seq

    def take(self, line: Line) -> None:
        """Apply one entry."""
        incidents, calls = self.returned(line, "incident"), self.returned(line, "call")
        self.merge(line, None)
        self.seq = line.seq
        if incidents or calls:
            back = {("incident", one) for one in incidents} | {("call", one) for one in calls}
            for earlier in self.past(incidents, calls, line.seq):
                self.merge(earlier, back)

    def returned(self, line: Line, name: str) -> list[int]:
        """Name the incidents or calls that stand on the board again, although they are not new."""
        found = line.body["rows"].get(name, [])
        here = [row for row in found if row["version"] > 1 and row["id"] not in self.rows[name]]
        return [row["id"] for row in here if (row["open"] if name == "incident" else row["state"] != "done")]

    def merge(self, line: Line, only_of: set[Key] | None) -> None:
        """Take an entry's rows, incidents first; of an earlier entry only what hangs on something that came back."""
        changed: list[tuple[str, Json]] = []
        for name in sorted(line.body["rows"], key=lambda name: (name != "incident", name != "call")):
            if name in self.rows:
                changed += [(name, row) for row in line.body["rows"][name] if self.wanted(name, row, only_of)
                            and self.put(name, row, line)]  # fmt: skip
        for name, row in changed:
            self.settle(name, row)

    def wanted(self, name: str, row: Json, only_of: set[Key] | None) -> bool:
        """Tell whether a row is to be taken."""
        if only_of is None:
            return True
        if name == "message":
            return row["call"] in self.rows["call"]
        return name not in OWN and ("incident", row.get("incident")) in only_of

    def put(self, name: str, row: Json, line: Line) -> bool:
        """Keep the higher version."""
        known = self.rows[name].get(row["id"])
        if known is not None and known.row["version"] >= row["version"]:
            # The same copy again: the newer entry knows who may read it now.
            if known.row["version"] == row["version"]:
                self.keep(name, row, line)
            return False
        if known is None and row["version"] < self.dropped.get((name, row["id"]), 0):
            return False
        self.keep(name, row, line)
        return True

    def keep(self, name: str, row: Json, line: Line) -> None:
        """Hold a copy, and under which incident it hangs."""
        before = self.rows[name].get(row["id"])
        if before is not None:
            self.let_go(name, before.row)
        readers = line.readers.get(f"{name}:{row['id']}", [])
        self.rows[name][row["id"]] = Copy(row, readers, line.seq, line.at)
        if name not in OWN and row.get("incident"):
            self.hanging.setdefault(row["incident"], set()).add((name, row["id"]))

    def let_go(self, name: str, row: Json) -> None:
        """Forget under which incident a copy hung."""
        if name not in OWN and row.get("incident"):
            self.hanging.get(row["incident"], set()).discard((name, row["id"]))

    def settle(self, name: str, row: Json) -> None:
        """Drop what does not stand on the board any more."""
        if name == "incident" and not row["open"]:
            for other, row_id in list(self.hanging.get(row["id"], ())):
                self.drop(other, row_id)
            self.hanging.pop(row["id"], None)
        self.drop(name, row["id"])

    def drop(self, name: str, row_id: int) -> None:
        """Drop a row, with a call its messages, if it does not belong."""
        held = self.rows[name].get(row_id)
        if held is None or self.belongs(name, held.row):
            return
        del self.rows[name][row_id]
        self.dropped[name, row_id] = held.row["version"]
        self.let_go(name, held.row)
        if name == "call" and "message" in self.rows:
            for message in [one.row for one in self.rows["message"].values() if one.row["call"] == row_id]:
                del self.rows["message"][message["id"]]

    def belongs(self, name: str, row: Json) -> bool:
        """Tell whether the snapshot would have held a row."""
        if name == "unit":
            return True
        if name in ("incident", "alert", "duty_level"):
            return bool(row["open"])
        if name == "message":
            return row["call"] in self.rows["call"]
        held = self.rows["incident"].get(row.get("incident") or 0)
        of_open = held is not None and bool(held.row["open"])
        if name == "call":
            return of_open or row["state"] != "done"
        return of_open and not row.get("replaced_at")

    def references(self) -> list[tuple[str, int, int, dt.datetime]]:
        """Name for every row the entry whose copy stands: collection, id, number, moment."""
        return [(name, one, copy.seq, copy.at) for name, held in self.rows.items() for one, copy in held.items()]

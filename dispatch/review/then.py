"""The board as it stood: rebuilt from the copies of rows that journal entries carry. Pure, but for the asked-for past.

The rule of what stands on a board is the client's (static/js/store.js, docs/contract.md 4): of two copies the higher
version stays; open incidents with everything that hangs on them, calls that are not done, open alerts, every unit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from dispatch.review.packing import Held
from incidents.journal import canonical
from incidents.live.frames import Line
from incidents.row import Json

# Stand on the board by themselves; everything else hangs on an incident, a message on its call.
OWN: Final = ("incident", "unit", "alert", "duty_level", "message")
Key = tuple[str, int]
Past = Callable[[list[int], list[int], int], Iterable[Line]]  # incidents, calls, before this number


class Told:
    """An entry that a mark names, for those of its rows that still stand: nothing is decoded before somebody asks."""

    __slots__ = ("_readers", "micros", "raw", "readers_raw", "seq")

    def __init__(self, seq: int, micros: int, readers_raw: str, raw: str) -> None:
        """Hold the number, the moment in microseconds since 1970, and the texts of readers and body."""
        self.seq, self.micros, self.readers_raw, self.raw = seq, micros, readers_raw, raw
        self._readers: dict[str, list[str]] | None = None

    @property
    def readers(self) -> dict[str, list[str]]:
        """Who may read which row."""
        if self._readers is None:
            self._readers = json.loads(self.readers_raw)
        return self._readers


class Copy:
    """A row as an entry told it. Most rows of a board that is sent are never decoded: row and text are made of each other
    when they are asked for."""

    __slots__ = ("_place", "_row", "_text", "name", "row_id", "told", "under")

    def __init__(self, name: str, row_id: int, under: int, told: Line | Told) -> None:
        """Hold whose copy it is; `under` is the incident that the row hangs on, 0 for none."""
        self.name, self.row_id, self.under, self.told = name, row_id, under, told
        self._row: Json | None = None
        self._text = ""
        self._place: tuple[int, int] | None = None

    @classmethod
    def of(cls, name: str, row: Json, told: Line | Told) -> Copy:
        """Return the copy of a decoded row."""
        copy = cls(name, row["id"], 0 if name in OWN else row.get("incident") or 0, told)
        copy._row = row
        return copy

    @classmethod
    def cut(cls, held: Held, told: Told) -> Copy:
        """Return the copy of a row whose text stands at its place in the entry's body."""
        copy = cls(held.name, held.row_id, held.under, told)
        copy._place, copy._text = (held.start, held.length), told.raw[held.start : held.start + held.length]
        return copy

    @property
    def row(self) -> Json:
        """The row."""
        if self._row is None:
            self._row = json.loads(self._text)
        return self._row

    @property
    def text(self) -> str:
        """Its JSON in the journal's one form."""
        if not self._text:
            self._text = canonical(self._row)
        return self._text

    @property
    def place(self) -> tuple[int, int]:
        """Where its text begins in the entry's body and how many characters it has; none if it is not there as it is.
        Wherever it is found, it is the same text."""
        if self._place is None:
            start = self.told.raw.find(self.text)
            self._place = (start, len(self.text)) if start >= 0 else (0, 0)
        return self._place

    @property
    def readers(self) -> list[str]:
        """Who may read it beside those who read everything."""
        return self.told.readers.get(f"{self.name}:{self.row_id}", [])


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
                self.keep(Copy.of(name, row, line))
            return False
        if known is None and row["version"] < self.dropped.get((name, row["id"]), 0):
            return False
        self.keep(Copy.of(name, row, line))
        return True

    def keep(self, copy: Copy) -> None:
        """Hold a copy, and under which incident it hangs."""
        held = self.rows[copy.name]
        before = held.get(copy.row_id)
        if before is not None:
            self.let_go(before)
        held[copy.row_id] = copy
        if copy.under:
            self.hanging.setdefault(copy.under, set()).add((copy.name, copy.row_id))

    def let_go(self, copy: Copy) -> None:
        """Forget under which incident a copy hung."""
        if copy.under:
            self.hanging.get(copy.under, set()).discard((copy.name, copy.row_id))

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
        self.let_go(held)
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

    def copies(self) -> Iterator[Copy]:
        """Yield what stands."""
        return (copy for held in self.rows.values() for copy in held.values())

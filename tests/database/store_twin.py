"""The client's rule in Python: static/js/store.js and the part of live.js that fetches an incident that comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
COLLECTIONS = (
    "incident",
    "assignment",
    "unit",
    "call",
    "message",
    "deadline",
    "alert",
    "note",
    "notice",
    "party",
    "report",
    "duty_level",
)
OF_INCIDENT = ("assignment", "deadline", "note", "notice", "party", "report", "call")


class Store:
    """The rows that one browser knows."""

    def __init__(self, snapshot: Json, fetch: Callable[[int], dict[str, list[Json]]]) -> None:
        """Load a snapshot; `fetch` answers for GET /api/incidents/{id}/."""
        self.seq: int = snapshot["seq"]
        self.fetch = fetch
        self.fetched = 0
        self.rows: dict[str, dict[int, Json]] = {name: {} for name in COLLECTIONS}
        self.dropped: dict[tuple[str, int], int] = {}
        for name, found in snapshot["rows"].items():
            for row in found:
                self.put(name, row)

    def hear(self, frame: Json) -> None:
        """Apply one entry frame; the numbers must fit."""
        if frame["seq"] <= self.seq:
            return
        assert frame["prev_seq"] <= self.seq, f"a gap before {frame['seq']}: {frame['prev_seq']} > {self.seq}"
        returned = [
            row["id"]
            for row in frame["rows"].get("incident", [])
            if row["open"] and row["version"] > 1 and row["id"] not in self.rows["incident"]
        ]
        self.seq = frame["seq"]
        self.merge(frame["rows"])
        for incident_id in returned:
            self.fetched += 1
            self.merge(self.fetch(incident_id))

    def merge(self, some: dict[str, list[Json]]) -> None:
        """Take rows, incidents first, and drop what the snapshot would not hold."""
        changed = []
        for name in sorted(set(some) & set(COLLECTIONS), key=lambda name: name != "incident"):
            changed += [(name, row) for row in some[name] if self.put(name, row)]
        for name, row in changed:
            if name == "incident" and not row["open"]:
                for other in OF_INCIDENT:
                    for hanging in [one for one in self.rows[other].values() if one["incident"] == row["id"]]:
                        self.drop(other, hanging)
            self.drop(name, row)
            if name in ("incident", "call"):
                for message in list(self.rows["message"].values()):
                    self.drop("message", message)

    def put(self, name: str, row: Json) -> bool:
        """Keep the higher version."""
        known = self.rows[name].get(row["id"])
        version = known["version"] if known else self.dropped.get((name, row["id"]), 0) - 1
        if row["version"] <= version:
            return False
        self.rows[name][row["id"]] = row
        return True

    def drop(self, name: str, row: Json) -> None:
        """Forget a row that does not belong on the board any more."""
        if self.rows[name].get(row["id"]) is row and not self.belongs(name, row):
            del self.rows[name][row["id"]]
            self.dropped[name, row["id"]] = row["version"]

    def belongs(self, name: str, row: Json) -> bool:
        """Tell whether the snapshot would hold a row."""
        of_open = self.rows["incident"].get(row.get("incident") or 0, {}).get("open") is True
        if name == "unit":
            return True
        if name in ("incident", "alert", "duty_level"):
            return bool(row["open"])
        if name == "message":
            return row["call"] in self.rows["call"]
        return of_open or (name == "call" and row["state"] != "done")


def differences(store: Store, snapshot: Json) -> list[str]:
    """Name every row in which a store differs from a fresh snapshot."""
    found = []
    for name in COLLECTIONS:
        fresh = {row["id"]: row for row in snapshot["rows"][name]}
        for row_id in sorted(fresh.keys() | store.rows[name].keys()):
            mine, theirs = store.rows[name].get(row_id), fresh.get(row_id)
            if mine != theirs:
                found.append(f"{name} {row_id}: {told(mine, theirs)}")
    return found


def told(mine: Json | None, theirs: Json | None) -> str:
    """Say how two rows differ."""
    if mine is None or theirs is None:
        return f"the snapshot alone has it: {theirs}" if mine is None else f"the store alone has it: {mine}"
    return "; ".join(
        f"{k}: store {mine.get(k)!r}, snapshot {theirs.get(k)!r}" for k in theirs if mine.get(k) != theirs[k]
    )

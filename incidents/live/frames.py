"""Frames: journal entries as an audience sees them, serialised once. Used by the hub and by `/api/events/`."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from incidents import audience as audiences
from incidents.journal import canonical
from incidents.row import Json, stamp

EVERYTHING = {"desk", "inspector", "overview"}  # their rows name nobody; `view` decides what they see
COLUMNS = "seq, at, kind, actor, command, readers, body"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as read from the journal."""

    seq: int
    at: dt.datetime
    kind: str
    actor: str
    command: Any
    readers: dict[str, list[str]]
    body: Json
    raw: str

    def audiences(self) -> set[str]:
        """Return every audience that may see something of it: those who see all, and those whom a row names."""
        named = {name.removeprefix(audiences.NO_LONGER) for found in self.readers.values() for name in found}
        return named | EVERYTHING


def read(centre_id: int, after: int, limit: int) -> list[Line]:
    """Return the entries of a centre with a higher number than `after`, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM incidents_entry WHERE centre_id = %s AND seq > %s ORDER BY seq LIMIT %s",
            [centre_id, after, limit],
        )
        return [
            Line(seq, at, kind, actor, command, json.loads(readers), json.loads(body), body)
            for seq, at, kind, actor, command, readers, body in cursor.fetchall()
        ]


def view(line: Line, audience: str) -> Json | None:
    """Return the entry's rows and data as the audience may see them; None when it sees nothing of it."""
    if audience in ("desk", "inspector"):
        return line.body
    rows: dict[str, list[Json]] = {}
    for noun, items in line.body["rows"].items():
        for row in items:
            shown = audiences.shown(audience, noun, row, line.readers.get(f"{noun}:{row['id']}", []))
            if shown is not None:
                rows.setdefault(noun, []).append(shown)
    if not rows:
        return None
    return {"rows": rows, "data": audiences.data_shown(audience, line.body["data"], line.body["rows"])}


def frame(line: Line, audience: str, prev_seq: int) -> str | None:
    """Return the frame for an audience as text, or None when it sees nothing of the entry."""
    shown = view(line, audience)
    if shown is None:
        return None
    body = line.raw if shown is line.body else canonical(shown)
    head = canonical(
        {
            "actor": None if audiences.is_narrow(audience) else actor_shown(line.actor),
            "at": stamp(line.at),
            "command": str(line.command) if line.command else None,
            "kind": line.kind,
            "prev_seq": prev_seq,
            "seq": line.seq,
            "t": "entry",
        }
    )
    return head[:-1] + "," + body[1:]


def actor_shown(actor: str) -> Json | None:
    """Return badge and name of who acted; None for the clock."""
    return json.loads(actor) if actor else None

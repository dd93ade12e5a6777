"""The journal: one gap-free, hash-chained, append-only sequence per centre (design 3, style rules 29–32).

It is audit trail, outbox, live feed and replay source at once. `record()` is the only writer; it queues, and
`write()` locks the centre's head as the last statement of the command's transaction, so that the order of numbers is
the order of commits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, InternalError, OperationalError, connection

from incidents.actor import Actor
from incidents.audience import NO_LONGER
from incidents.journal_kinds import KINDS
from incidents.row import Json, Row


@dataclass(slots=True)
class Fact:
    """One entry in the making."""

    kind: str
    rows: tuple[Row, ...]
    data: Json
    incident_id: int | None


@dataclass(slots=True)
class Pending:
    """What the running command has recorded so far."""

    by: Actor | None
    facts: dict[int, list[Fact]] = field(default_factory=dict)  # by centre
    numbers: dict[int, int] = field(default_factory=dict)  # last number written, by centre


pending: ContextVar[Pending | None] = ContextVar("pending", default=None)


def record(kind: str, *rows: Row, centre_id: int | None = None, incident_id: int | None = None, **data: Any) -> None:
    """Queue the fact `kind` with the rows it concerns and the values it needs.

    Rows travel in the shape of the snapshot as they stand at the end of the command. `data` holds values (call sign,
    badge, code), never prose. Must be called inside a command.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of entry: {kind}")
    box = pending.get()
    if box is None:
        raise RuntimeError("record() outside a command")
    centre = centre_id if centre_id is not None else rows[0].centre_id
    if incident_id is None:
        incident_id = next((found for row in rows if (found := incident_of(row))), None)
    box.facts.setdefault(centre, []).append(Fact(kind, rows, data, incident_id))


def incident_of(row: Row) -> int | None:
    """Return the incident that a row belongs to."""
    if row.NOUN == "incident":
        return int(row.pk)
    found = getattr(row, "incident_id", None)
    return int(found) if found is not None else None


def canonical(value: Any) -> str:
    """Write JSON in its one form: sorted keys, no spaces, UTF-8 as it is (RFC 8785 for our value types)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def link(prev_hash: bytes, header: str, body_hash: bytes) -> bytes:
    """Return the hash of an entry: SHA-256 over the previous hash, the header's canonical JSON and the body's hash."""
    return hashlib.sha256(prev_hash + header.encode() + body_hash).digest()


def header(
    *,
    centre: int,
    seq: int,
    at: dt.datetime,
    kind: str,
    actor_id: int | None,
    actor: str,
    command: Any,
    incident_id: int | None,
    readers: str,
) -> str:
    """Return the canonical JSON of everything in an entry but its body and its hashes."""
    return canonical(
        {
            "actor": actor,
            "actor_id": actor_id,
            "at": at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "centre": centre,
            "command": str(command) if command else None,
            "incident_id": incident_id,
            "kind": kind,
            "readers": readers,
            "seq": seq,
        }
    )


def shape(fact: Fact) -> tuple[str, str]:
    """Return a fact's body and readers as canonical JSON."""
    rows: dict[str, list[Json]] = {}
    readers: dict[str, list[str]] = {}
    for row in fact.rows:
        rows.setdefault(row.NOUN, []).append(row.row())
        gone = [NO_LONGER + name for name in row.no_longer_readers()]
        readers[f"{row.NOUN}:{row.pk}"] = [*row.readers(), *gone]
    return canonical({"rows": rows, "data": fact.data}), canonical(readers)


class JournalStopped(OperationalError):
    """The journal cannot be written: nothing may happen that is not in it (A53)."""


# Waiting too long, a deadlock: the next try may succeed. Everything else of these classes refuses every write.
PASSING = frozenset({"55P03", "57014", "40001", "40P01"})


def refuses_writes(error: DatabaseError) -> bool:
    """Tell whether a database's error means that it takes no writes at all: read-only, full, gone, or without a
    journal."""
    if isinstance(error, JournalStopped):
        return True
    state = getattr(error.__cause__, "sqlstate", None)
    if isinstance(error, InternalError):
        return state == "25006"  # a read-only transaction
    return isinstance(error, OperationalError) and state not in PASSING


def write(box: Pending) -> None:
    """Write what was recorded, heads by id, each head locked only for the journal's own statements. Raises
    JournalStopped when the database takes everything but the journal."""
    try:
        write_entries(box)
    except OperationalError:
        raise
    except DatabaseError as error:
        if refuses_writes(error):
            raise
        raise JournalStopped("the journal cannot be written") from error


def write_entries(box: Pending) -> None:
    """Write the entries and raise the heads."""
    shaped = {centre: [(fact, *shape(fact)) for fact in facts] for centre, facts in sorted(box.facts.items())}
    by = box.by
    actor = canonical({"badge": by.badge, "name": by.name, "place": by.place}) if by else ""
    with connection.cursor() as cursor:
        for centre, facts in shaped.items():
            # RETURNING is evaluated under the lock, so moments rise with the numbers (style trap 13).
            cursor.execute(
                "UPDATE incidents_head SET seq = seq + %s WHERE centre_id = %s RETURNING seq, hash, clock_timestamp()",
                [len(facts), centre],
            )
            last, prev_hash, at = cursor.fetchone()
            seq = last - len(facts)
            prev_hash, lines = bytes(prev_hash), []
            for fact, body, readers in facts:
                seq += 1
                body_hash = hashlib.sha256(body.encode()).digest()
                head = header(
                    centre=centre,
                    seq=seq,
                    at=at,
                    kind=fact.kind,
                    actor_id=by.user_id if by else None,
                    actor=actor,
                    command=by.key if by else None,
                    incident_id=fact.incident_id,
                    readers=readers,
                )
                digest = link(prev_hash, head, body_hash)
                lines.append(
                    (
                        centre,
                        seq,
                        at,
                        fact.kind,
                        by.user_id if by else None,
                        actor,
                        by.key if by else None,
                        fact.incident_id,
                        readers,
                        body,
                        body_hash,
                        prev_hash,
                        digest,
                    )
                )
                prev_hash = digest
            places = ", ".join(["(" + ", ".join(["%s"] * 13) + ")"] * len(lines))
            cursor.execute(
                f"WITH written AS (INSERT INTO incidents_entry (centre_id, seq, at, kind, actor_id, actor, command, "
                f"incident_id, readers, body, body_hash, prev_hash, hash) VALUES {places}) "
                "UPDATE incidents_head SET hash = %s WHERE centre_id = %s",
                [value for line in lines for value in line] + [prev_hash, centre],
            )
            box.numbers[centre] = seq

#!/usr/bin/env python3
"""Verify the journals of a ZZ110 database: numbers, hashes, and the heads anchored outside of it.

Imports none of our applications, only psycopg, so that a fault in them cannot hide itself. Run it anywhere:

    python verify_journal.py DATABASE_URL [--anchor heads.jsonl] [--centre ID]

Exit code 0: every chain holds. 1: the first bad number of each broken centre is printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

COLUMNS = (
    "seq, at, kind, actor_id, actor, command, incident_id, readers, body, body_hash, prev_hash, hash"  # as written
)
FIRST = b"\0" * 32
REDACTIONS = ("incident.redacted", "call.redacted")


@dataclass(frozen=True)
class Verdict:
    """What was found of one centre: how many entries hold, and the first bad number with the reason."""

    centre: int
    entries: int
    bad_seq: int | None = None
    reason: str = ""
    redacted: int = 0  # bodies that retention has redacted


@dataclass
class Redactions:
    """Bodies whose words are gone: each must stand in a later entry that says so, with the digest of what it is now."""

    waiting: dict[int, bytes] = field(default_factory=dict)  # number, hash of the present body
    proved: int = 0

    def take(self, seq: int, kind: str, body: str, body_hash: bytes) -> tuple[int, str] | None:
        """Remember a redacted body, or hold those that an entry names against its digest; returns what is wrong."""
        if hashlib.sha256(body.encode()).digest() != body_hash:
            self.waiting[seq] = hashlib.sha256(body.encode()).digest()
        elif kind in REDACTIONS:
            data = json.loads(body)["data"]
            if (numbers := data["entries"]) and self.digest(numbers) != data["digest"]:
                return min(numbers), "the redacted body was changed"
            self.proved += len(numbers)
        return None

    def digest(self, numbers: list[int]) -> str:
        """Return the digest over the bodies that an entry names."""
        whole = hashlib.sha256()
        for seq in sorted(numbers):
            whole.update(f"{seq} {self.waiting.pop(seq, b'').hex()}\n".encode())
        return whole.hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """Verify every centre and print one line each."""
    parser = argparse.ArgumentParser(description="Verify the journals of a ZZ110 database.")
    parser.add_argument("database_url")
    parser.add_argument("--anchor", type=Path, help="file of anchored heads")
    parser.add_argument("--centre", type=int, help="only this centre's id")
    chosen = parser.parse_args(arguments)
    anchors = read_anchors(chosen.anchor) if chosen.anchor else {}
    broken = 0
    with open_snapshot(chosen.database_url) as connection:
        for centre, seq, digest, epoch in heads(connection, chosen.centre):
            verdict = verify(connection, centre, seq, digest, anchors.get((centre, epoch), {}))
            broken += verdict.bad_seq is not None
            print(line_of(verdict))
    return 1 if broken else 0


def open_snapshot(database_url: str) -> psycopg.Connection[Any]:
    """Return a connection that sees the database as it is at its first question, whatever is written meanwhile: head and
    entries of a centre at work must be of one moment."""
    connection = psycopg.connect(database_url, options="-c statement_timeout=0")
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return connection


def line_of(verdict: Verdict) -> str:
    """Say what was found."""
    if verdict.bad_seq is None:
        redacted = f", {verdict.redacted} bodies redacted" if verdict.redacted else ""
        return f"centre {verdict.centre}: {verdict.entries} entries, the chain holds{redacted}"
    return f"centre {verdict.centre}: BROKEN at number {verdict.bad_seq}: {verdict.reason}"


def read_anchors(path: Path) -> dict[tuple[int, str], dict[int, str]]:
    """Return the anchored hashes by centre and epoch, then by number."""
    found: dict[tuple[int, str], dict[int, str]] = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        found.setdefault((line["centre"], line["epoch"]), {})[line["seq"]] = line["hash"]
    return found


def heads(connection: psycopg.Connection[Any], centre: int | None) -> list[tuple[int, int, bytes, str]]:
    """Return the head of each centre."""
    rows = connection.execute("SELECT centre_id, seq, hash, epoch FROM incidents_head ORDER BY centre_id").fetchall()
    return [(c, seq, bytes(digest), str(epoch)) for c, seq, digest, epoch in rows if centre in (None, c)]


def entries(connection: psycopg.Connection[Any], centre: int) -> Iterator[Any]:
    """Read a centre's entries in their order, without holding them all."""
    with connection.cursor(name="entries") as cursor:
        cursor.itersize = 5_000
        cursor.execute(
            f"SELECT {COLUMNS} FROM incidents_entry WHERE centre_id = %s ORDER BY seq, at",
            [centre],
        )
        yield from cursor


def verify(
    connection: psycopg.Connection[Any], centre: int, head_seq: int, head_hash: bytes, anchors: dict[int, str]
) -> Verdict:
    """Walk one chain from its first entry to the head, and hold it against the anchors."""
    expected, previous, redactions = 1, FIRST, Redactions()
    for row in entries(connection, centre):
        reason = wrong(centre, row, expected, previous)
        if reason:
            return Verdict(centre, expected - 1, min(expected, row[0]), reason)
        seq, digest = row[0], bytes(row[-1])
        if bad := redactions.take(seq, row[2], row[8], bytes(row[9])):
            return Verdict(centre, expected - 1, *bad)
        if seq in anchors and anchors[seq] != digest.hex():
            return Verdict(centre, expected - 1, seq, "differs from the anchor")
        expected, previous = seq + 1, digest
    last = expected - 1
    if redactions.waiting:
        return Verdict(centre, last, min(redactions.waiting), "the body was changed")
    bad_seq, reason = ending(last, previous, head_seq, head_hash, anchors)
    return Verdict(centre, last, bad_seq, reason, redactions.proved)


def ending(
    last: int, digest: bytes, head_seq: int, head_hash: bytes, anchors: dict[int, str]
) -> tuple[int | None, str]:
    """Hold the last entry against the head and the anchors; returns the bad number and what is wrong."""
    if last != head_seq or (last and digest != head_hash):
        return (last + 1 if last < head_seq else last), "the head does not fit the last entry"
    beyond = [seq for seq in anchors if seq > last]
    return (last + 1, f"the tail is cut: number {max(beyond)} was anchored") if beyond else (None, "")


def wrong(centre: int, row: Any, expected: int, previous: bytes) -> str:
    """Return what is wrong with an entry, or ""."""
    seq, at, kind, actor_id, actor, command, incident_id, readers, body, body_hash, prev_hash, digest = row
    if seq != expected:
        return f"number {expected} is missing" if seq > expected else f"number {seq} stands twice"
    if bytes(prev_hash) != previous:
        return "does not follow from the entry before it"
    if hashlib.sha256(body.encode()).digest() != bytes(body_hash) and not says_redacted(body):
        return "the body was changed"
    header = json.dumps(
        {
            "actor": actor,
            "actor_id": actor_id,
            "at": at.astimezone(dt.timezone.utc).isoformat(timespec="microseconds"),  # noqa: UP017  runs anywhere
            "centre": centre,
            "command": str(command) if command else None,
            "incident_id": incident_id,
            "kind": kind,
            "readers": readers,
            "seq": seq,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    if hashlib.sha256(previous + header.encode() + bytes(body_hash)).digest() != bytes(digest):
        return "the entry was changed"
    return ""


def says_redacted(body: str) -> bool:
    """Tell whether a body says that its words are gone; whether it may, a later entry must prove."""
    try:
        return bool(json.loads(body).get("redacted") is True)
    except (ValueError, AttributeError):
        return False


if __name__ == "__main__":
    sys.exit(main())

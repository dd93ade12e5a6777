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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

COLUMNS = (
    "seq, at, kind, actor_id, actor, command, incident_id, readers, body, body_hash, prev_hash, hash"  # as written
)
FIRST = b"\0" * 32


@dataclass(frozen=True)
class Verdict:
    """What was found of one centre: how many entries hold, and the first bad number with the reason."""

    centre: int
    entries: int
    bad_seq: int | None = None
    reason: str = ""


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
        return f"centre {verdict.centre}: {verdict.entries} entries, the chain holds"
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
    expected, previous = 1, FIRST
    for row in entries(connection, centre):
        reason = wrong(centre, row, expected, previous)
        if reason:
            return Verdict(centre, expected - 1, min(expected, row[0]), reason)
        seq, digest = row[0], bytes(row[-1])
        if seq in anchors and anchors[seq] != digest.hex():
            return Verdict(centre, expected - 1, seq, "differs from the anchor")
        expected, previous = seq + 1, digest
    last = expected - 1
    if last != head_seq or (last and previous != head_hash):
        return Verdict(centre, last, last + 1 if last < head_seq else last, "the head does not fit the last entry")
    beyond = [seq for seq in anchors if seq > last]
    if beyond:
        return Verdict(centre, last, last + 1, f"the tail is cut: number {max(beyond)} was anchored")
    return Verdict(centre, last)


def wrong(centre: int, row: Any, expected: int, previous: bytes) -> str:
    """Return what is wrong with an entry, or ""."""
    seq, at, kind, actor_id, actor, command, incident_id, readers, body, body_hash, prev_hash, digest = row
    if seq != expected:
        return f"number {expected} is missing" if seq > expected else f"number {seq} stands twice"
    if bytes(prev_hash) != previous:
        return "does not follow from the entry before it"
    if hashlib.sha256(body.encode()).digest() != bytes(body_hash):
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


if __name__ == "__main__":
    sys.exit(main())

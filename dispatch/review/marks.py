"""Marks in the journal, and the board of any moment rebuilt from the nearest one (K: seek in a day of 50,000 entries).

Every EVERY entries a mark says which entries hold the rows that stood on the board. To seek is to read the entries of the
nearest mark before the moment and to apply the few that follow it.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import zlib
from collections.abc import Iterator
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from dispatch.board import COLLECTIONS
from dispatch.review.models import BoardMark
from dispatch.review.then import BoardThen, Key
from incidents.live.frames import Line
from incidents.models import Head
from incidents.refusals import Refusal

EVERY: Final = 500
MARKS_A_RUN: Final = 40  # of one centre in one minute: 20,000 entries of an old journal
FARTHEST: Final = 20_000  # entries that a seek reads at most
COLUMNS: Final = "e.seq, e.at, e.kind, e.actor, e.command, e.readers, e.body"
MICRO: Final = dt.timedelta(microseconds=1)
KNOWN: Final = f"{zlib.crc32(' '.join(COLLECTIONS).encode()):08x}"
BEGINNING: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
log = logging.getLogger(__name__)


class NotMarkedYet(Refusal):
    """The journal before this moment is long and its marks are still being made."""

    status, code = 409, "not_ready"
    sentence = _("The record of this time is still being prepared for review. Please try again in some minutes.")


def keep(now: dt.datetime) -> int:
    """Make the marks that are missing, once a minute; returns how many. May run twice."""
    made = 0
    for centre_id in Head.objects.values_list("centre_id", flat=True):
        try:
            made += mark(centre_id)
        except Exception:
            log.exception("marks of centre %s not made", centre_id)
    return made


def mark(centre_id: int, at_most: int = MARKS_A_RUN) -> int:
    """Go on marking a centre's journal from its last mark; returns how many marks were made."""
    last = BoardMark.objects.filter(centre_id=centre_id, collections=KNOWN).order_by("-seq").first()
    head = Head.objects.values_list("seq", flat=True).get(centre_id=centre_id)
    todo = min(at_most, (head - (last.seq if last else 0)) // EVERY)
    if todo <= 0:
        return 0
    board, made = loaded(centre_id, last), 0
    for _number in range(todo):
        lines = list(after(centre_id, board.seq, last.at if last else BEGINNING, EVERY))
        for line in lines:
            board.take(line)
        last = BoardMark(centre_id=centre_id, collections=KNOWN, seq=board.seq, at=lines[-1].at, held=packed(board))
        try:
            with transaction.atomic():
                last.save(force_insert=True)
        except IntegrityError:
            return made  # another process marks the same journal
        made += 1
    return made


def at(centre_id: int, moment: dt.datetime) -> BoardThen:
    """Return the board as it stood at a moment: after the last entry that is not younger. Raises NotMarkedYet."""
    last = (
        BoardMark.objects.filter(centre_id=centre_id, collections=KNOWN, at__lte=moment).order_by("-at", "-seq").first()
    )
    board = loaded(centre_id, last)
    since = last.at if last else BEGINNING
    for count, line in enumerate(after(centre_id, board.seq, since, FARTHEST + 1, moment)):
        if count == FARTHEST:
            raise NotMarkedYet()
        board.take(line)
    return board


def packed(board: BoardThen) -> bytes:
    """Write the references of a board down."""
    held: dict[str, list[list[int]]] = {}
    for name, row_id, seq, moment in board.references():
        held.setdefault(name, []).append([row_id, seq, (moment - BEGINNING) // MICRO])
    return zlib.compress(json.dumps(held, separators=(",", ":")).encode(), 6)


def loaded(centre_id: int, last: BoardMark | None) -> BoardThen:
    """Return the board of a mark, read from the entries that it names; an empty one before the first."""
    board = BoardThen(COLLECTIONS, lambda incidents, calls, seq: past(centre_id, incidents, calls, seq))
    if last is None:
        return board
    wanted: dict[int, set[Key]] = {}
    moments: dict[int, int] = {}
    for name, found in json.loads(zlib.decompress(bytes(last.held))).items():
        for row_id, seq, moment in found:
            wanted.setdefault(seq, set()).add((name, row_id))
            moments[seq] = moment
    for line in named(centre_id, moments):
        for name, row_id in wanted[line.seq]:
            copy = next((row for row in line.body["rows"].get(name, []) if row["id"] == row_id), None)
            if copy is not None and name in board.rows:
                board.keep(name, copy, line)
    board.seq = last.seq
    return board


def named(centre_id: int, moments: dict[int, int]) -> Iterator[Line]:
    """Yield the entries of these numbers; with their moments each is looked up in one month alone."""
    numbers = sorted(moments)
    ats = [BEGINNING + moments[seq] * MICRO for seq in numbers]
    return lines(
        # One look-up in the index for each: a join might read a whole month, and sorting the bodies would cost a disk.
        f"SELECT {COLUMNS} FROM unnest(%s::bigint[], %s::timestamptz[]) AS wanted (seq, at), LATERAL (SELECT * FROM "
        "incidents_entry WHERE centre_id = %s AND seq = wanted.seq AND at = wanted.at LIMIT 1) e",
        [numbers, ats, centre_id],
    )


def after(centre_id: int, seq: int, since: dt.datetime, limit: int, until: dt.datetime | None = None) -> Iterator[Line]:
    """Yield the entries after a number that are not younger than `until`."""
    younger, values = (" AND e.at <= %s", [until]) if until else ("", [])
    return lines(
        f"SELECT {COLUMNS} FROM incidents_entry e WHERE e.centre_id = %s AND e.seq > %s AND e.at >= %s{younger} "
        "ORDER BY e.seq LIMIT %s",
        [centre_id, seq, since, *values, limit],
    )


def past(centre_id: int, incidents: list[int], calls: list[int], before: int) -> Iterator[Line]:
    """Yield the earlier entries of incidents that were opened again, with those that they were merged with, and of calls
    that were taken up again."""
    if incidents:
        own = list(of_incidents(centre_id, incidents, before))
        named_too = {one for line in own for row in line.body["rows"].get("incident", [])
                     for one in (row["id"], row["merged_into"]) if one}  # fmt: skip
        others = sorted(named_too - set(incidents))
        yield from sorted([*own, *of_incidents(centre_id, others, before)], key=lambda line: line.seq)
    if calls:
        yield from lines(
            f"SELECT {COLUMNS} FROM incidents_entry e, (SELECT min(created_at) AS since FROM incidents_call WHERE "
            "id = ANY(%s)) c WHERE e.centre_id = %s AND e.seq < %s AND e.at >= c.since - interval '1 minute' "
            "AND e.kind LIKE 'text.%%' ORDER BY e.seq",
            [calls, centre_id, before],
        )


def of_incidents(centre_id: int, incidents: list[int], before: int) -> Iterator[Line]:
    """Yield the entries of some incidents before a number."""
    return lines(
        f"SELECT {COLUMNS} FROM incidents_entry e WHERE e.centre_id = %s AND e.incident_id = ANY(%s) AND e.seq < %s "
        "ORDER BY e.seq",
        [centre_id, incidents, before],
    )


def lines(statement: str, values: list[Any]) -> Iterator[Line]:
    """Yield the entries that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for seq, moment, kind, actor, command, readers, body in cursor.fetchall():
            yield Line(seq, moment, kind, actor, command, json.loads(readers), json.loads(body), body)

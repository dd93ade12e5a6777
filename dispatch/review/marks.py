"""Marks in the journal, and the board of any moment rebuilt from the nearest one (K: seek in a day of 50,000 entries).

Every EVERY entries a mark says which entries hold the rows that stood on the board, and where in their bodies. To seek is
to cut the rows of the nearest mark before the moment out of the entries, and to apply the few entries that follow it.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from dispatch.board import COLLECTIONS
from dispatch.review import packing
from dispatch.review.models import BoardMark
from dispatch.review.packing import Held, Named
from dispatch.review.then import BoardThen, Copy, Told
from incidents.archive.redaction import MARK as REDACTED
from incidents.live.frames import Line
from incidents.models import Head
from incidents.refusals import Refusal

EVERY: Final = 200
MARKS_A_RUN: Final = 100  # of one centre in one minute: 20,000 entries of an old journal
FARTHEST: Final = 20_000  # entries that a seek reads at most
COLUMNS: Final = "e.seq, e.at, e.kind, e.actor, e.command, e.readers, e.body"
MICRO: Final = dt.timedelta(microseconds=1)
KNOWN: Final = f"{zlib.crc32(' '.join([*COLLECTIONS, str(packing.FORMAT)]).encode()):08x}"
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
        last = BoardMark(
            centre_id=centre_id, collections=KNOWN, seq=board.seq, at=lines[-1].at, held=packed(board.copies())
        )
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


def packed(copies: Iterable[Copy]) -> bytes:
    """Write down which entries hold the rows of a board."""
    entries: dict[int, Named] = {}
    for copy in copies:
        told = copy.told
        micros = told.micros if isinstance(told, Told) else (told.at - BEGINNING) // MICRO
        entry = entries.setdefault(told.seq, Named(told.seq, micros, len(told.raw)))
        entry.rows.append(Held(copy.name, copy.row_id, copy.under, *copy.place))
    return packing.packed(entries.values())


def loaded(centre_id: int, last: BoardMark | None) -> BoardThen:
    """Return the board of a mark, read from the entries that it names; an empty one before the first."""
    board = BoardThen(COLLECTIONS, lambda incidents, calls, seq: past(centre_id, incidents, calls, seq))
    if last is None:
        return board
    for entry, told in named(centre_id, packing.unpacked(bytes(last.held))):
        for copy in standing(entry, told):
            board.keep(copy)
    board.seq = last.seq
    return board


def standing(entry: Named, told: Told) -> Iterator[Copy]:
    """Yield the rows of an entry that a mark names: cut out of its body, or found anew in one that is not as it was. The
    only change that the journal allows is a redaction, which says so in the body."""
    if len(told.raw) == entry.size and REDACTED not in told.raw and all(row.length for row in entry.rows):
        for row in entry.rows:
            yield Copy.cut(row, told)
        return
    body = json.loads(told.raw)["rows"]
    for row in entry.rows:
        for found in body.get(row.name, []):
            if found["id"] == row.row_id:
                yield Copy.of(row.name, found, told)
                break


def named(centre_id: int, entries: list[Named]) -> Iterator[tuple[Named, Told]]:
    """Yield the entries that a mark names; with their moments each is looked up in one month alone."""
    seqs, moments = ",".join(str(one.seq) for one in entries), ",".join(str(one.micros) for one in entries)
    with connection.cursor() as cursor:
        cursor.execute(
            # One look-up in the index for each: a join might read a whole month, and sorting the bodies would cost a disk.
            "SELECT wanted.place, e.readers, e.body FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS wanted "
            "(seq, micros, place), LATERAL (SELECT readers, body FROM incidents_entry WHERE centre_id = %s AND "
            "seq = wanted.seq AND at = timestamptz 'epoch' + wanted.micros * interval '1 microsecond' LIMIT 1) e",
            [f"{{{seqs}}}", f"{{{moments}}}", centre_id],
        )
        for place, readers, body in cursor.fetchall():
            entry = entries[place - 1]
            yield entry, Told(entry.seq, entry.micros, readers, body)


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

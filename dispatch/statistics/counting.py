"""Counting: facts are made anew from the rows, and the cells get the difference (subtract old, add new).

One function for the follower, for late edits, merges, reopenings, undone merges and for the rebuild: what is counted
depends on the rows alone and not on how they came about.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from dispatch.statistics import cells, delay_places, details, facets
from dispatch.statistics.arrival import LIMITS
from dispatch.statistics.delay_steps import steps_of
from dispatch.statistics.facts import Fact, Turn
from dispatch.statistics.incident_facts import incident_fact, order_fact
from dispatch.statistics.incident_rows import Whole, read_incidents, roots_of
from dispatch.statistics.marks import Kind
from dispatch.statistics.months import ensure_months
from dispatch.statistics.other_facts import call_facts, followed, transfer_facts
from dispatch.statistics.query import fetch

COLUMNS = "kind, source, day, at, incident, root, urgent, facets, marks, turns, turns_until, detail"
STORED = f"SELECT {COLUMNS} FROM dispatch_count_fact WHERE centre_id = %(centre)s AND "
OF_INCIDENTS = STORED + f"incident = ANY(%(ids)s) AND kind <> {Kind.TRANSFER}"
OF_SOURCES = STORED + "kind = %(kind)s AND source = ANY(%(ids)s)"
FAMILIES = """
SELECT source FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = 1 AND root = ANY(%(roots)s)
UNION
SELECT root FROM dispatch_count_fact WHERE centre_id = %(centre)s AND kind = 1 AND incident = ANY(%(ids)s)
"""
Key = tuple[int, int]


@dataclass(slots=True)
class Touched:
    """Rows about which something may have become true."""

    incidents: set[int] = field(default_factory=set)
    calls: set[int] = field(default_factory=set)
    transfers: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.incidents) + len(self.calls) + len(self.transfers)


@dataclass(frozen=True, slots=True)
class Kept:
    """A fact as it is stored: its facets are numbers."""

    fact: Fact
    facets: tuple[int, ...]


def recount(centre_id: int, touched: Touched) -> int:
    """Count anew what was touched, inside the caller's transaction; returns how many facts differ. Harmless when run
    twice: what is counted already does not differ."""
    incidents = with_families(centre_id, touched.incidents)
    old = {key_of(one.fact): one for one in stored(centre_id, incidents, touched)}
    new = {key_of(fact): fact for fact in made(centre_id, incidents, touched)}
    # An order or a thing may have been counted under another incident: merges move them.
    old |= {key_of(one.fact): one for one in of_sources(centre_id, [key for key in new if key not in old])}
    gone = [one for key, one in old.items() if not same(one.fact, new.get(key))]
    fresh = facets.numbered(
        centre_id, [one for key, one in new.items() if key not in old or not same(old[key].fact, one)]
    )
    come = [Kept(fact, numbers) for fact, numbers in fresh]
    if gone or come:
        ensure_months({one.fact.day for one in come})
        alike = same_counts(gone, come)
        cells.apply(centre_id, *([one for one in side if key_of(one.fact) not in alike] for side in (gone, come)))
        write(centre_id, gone, come)
    return len({key_of(one.fact) for one in (*gone, *come)})


def with_families(centre_id: int, ids: Collection[int]) -> set[int]:
    """Return incidents with those whose counts hang together with theirs: what they are, or were when last counted,
    merged into, and what else was merged into that."""
    if not ids:
        return set()
    values = {"centre": centre_id, "ids": list(ids), "roots": []}
    before = {row[0] for row in fetch(FAMILIES, values) if row[0] is not None}
    roots = set(roots_of(centre_id, ids).values()) | before
    values["roots"] = list(roots)
    return set(ids) | roots | {row[0] for row in fetch(FAMILIES, values) if row[0] is not None}


def made(centre_id: int, incidents: Collection[int], touched: Touched) -> Iterable[Fact]:
    """Make the facts of rows as they stand now."""
    if incidents:
        wholes = read_incidents(centre_id, incidents)
        delay_places.find(centre_id, [whole for whole in wholes if may_be_late(whole)])
        for whole in wholes:
            yield incident_fact(whole)
            yield from (order_fact(whole, order) for order in whole.own_orders)
            yield from followed(whole)
    if touched.calls:
        yield from call_facts(centre_id, touched.calls)
    if touched.transfers:
        yield from transfer_facts(centre_id, touched.transfers)


def may_be_late(whole: Whole) -> bool:
    """Tell whether an event's delay may have to be split: it ran beyond the first limit, or runs still."""
    steps = steps_of(whole)
    return not whole.merged and (steps.end_at is None or steps.end_at - steps.answered_at > LIMITS["K7"])


def stored(centre_id: int, incidents: Collection[int], touched: Touched) -> list[Kept]:
    """Read the facts that were counted of the same rows."""
    rows: list[tuple[Any, ...]] = []
    if incidents:
        rows += fetch(OF_INCIDENTS, {"centre": centre_id, "ids": list(incidents)})
    sources = [(Kind.CALL, source) for source in touched.calls]
    sources += [(Kind.TRANSFER, source) for source in touched.transfers]
    return [*kept_of(centre_id, rows), *of_sources(centre_id, sources)]


def of_sources(centre_id: int, keys: Collection[tuple[int, int]]) -> list[Kept]:
    """Read facts by what they are of."""
    rows: list[tuple[Any, ...]] = []
    for kind in sorted({kind for kind, _source in keys}):
        ids = [source for one, source in keys if one == kind]
        rows += fetch(OF_SOURCES, {"centre": centre_id, "kind": int(kind), "ids": ids})
    return kept_of(centre_id, rows)


def kept_of(centre_id: int, rows: Collection[tuple[Any, ...]]) -> list[Kept]:
    """Return stored facts with their facets by name."""
    names = facets.named(centre_id, {one for row in rows for one in row[7]})
    return [kept(row, names) for row in rows]


def kept(row: tuple[Any, ...], names: dict[int, tuple[int, str]]) -> Kept:
    """Return a stored fact."""
    kind, source, day, at, incident, root, urgent, numbers, marks, turns, _until, detail = row
    found = json.loads(turns) if isinstance(turns, str) else turns or []
    return Kept(
        Fact(
            Kind(kind), source, at, day, tuple(names[one] for one in numbers), tuple(marks), incident, root, urgent,
            tuple(Turn(lasting, meanwhile, moment(until)) for lasting, meanwhile, until in found),
            None if detail is None else bytes(detail),
        ),
        tuple(numbers),
    )  # fmt: skip


def moment(written: str) -> dt.datetime:
    """Read a moment of a turn."""
    return dt.datetime.fromisoformat(written)


def key_of(fact: Fact) -> Key:
    """Name what a fact is of."""
    return int(fact.kind), fact.source


def same(old: Fact, new: Fact | None) -> bool:
    """Tell whether a fact counts as it did."""
    return new is not None and replace(old, kind=new.kind) == new


def same_counts(gone: list[Kept], come: list[Kept]) -> set[Key]:
    """Return what differs only in what is never added, so that no cell has to change."""
    before = {key_of(one.fact): one for one in gone}
    return {
        key
        for one in come
        if (old := before.get(key := key_of(one.fact))) is not None
        and (old.fact.day, old.fact.urgent, old.facets, old.fact.marks)
        == (one.fact.day, one.fact.urgent, one.facets, one.fact.marks)
    }


def write(centre_id: int, gone: list[Kept], come: list[Kept]) -> None:
    """Replace facts."""
    with connection.cursor() as cursor:
        if gone:
            cursor.execute(
                "DELETE FROM dispatch_count_fact f USING unnest(%s::smallint[], %s::bigint[], %s::date[]) "
                "AS g (kind, source, day) WHERE f.kind = g.kind AND f.source = g.source AND f.day = g.day",
                [
                    [int(one.fact.kind) for one in gone],
                    [one.fact.source for one in gone],
                    [one.fact.day for one in gone],
                ],
            )
        if come:
            with cursor.copy(f"COPY dispatch_count_fact (centre_id, {COLUMNS}) FROM STDIN") as copy:
                for one in come:
                    copy.write_row([centre_id, *line(one)])
    details.renew(
        centre_id, {(int(one.fact.kind), one.fact.day) for one in (*gone, *come) if one.fact.detail is not None}
    )


def line(one: Kept) -> list[Any]:
    """Return a fact as a row of the table; arrays as text, which is written several times faster than lists."""
    fact = one.fact
    turns = [[turn.lasting, turn.meanwhile, turn.until.isoformat()] for turn in fact.turns]
    return [
        int(fact.kind),
        fact.source,
        fact.day,
        fact.at,
        fact.incident,
        fact.root,
        fact.urgent,
        array(one.facets),
        array(fact.marks),
        json.dumps(turns) if turns else None,
        fact.turns_until,
        fact.detail,
    ]


def array(numbers: tuple[int, ...]) -> str:
    """Write whole numbers as PostgreSQL reads an array."""
    return "{" + ",".join(map(str, numbers)) + "}"

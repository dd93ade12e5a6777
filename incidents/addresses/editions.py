"""Writing an edition of the address index, and putting it in use in one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from incidents.actor import Actor
from incidents.addresses.keys import (
    crossing_key,
    key_of,
    letters_of,
    pairs_of,
    rank_of,
    roads_of,
    syllable_pairs,
)
from incidents.commands import command
from incidents.journal import record
from incidents.models import PlaceEdition
from incidents.refusals import NotFound
from incidents.row import Json

State = PlaceEdition.State
AT_ONCE = 20_000
PLACE_COLUMNS = (
    "centre_id", "edition_id", "kind", "rank", "name", "alias", "code", "name_key", "pinyin", "initials", "grams",
    "lat", "lng", "accuracy_m", "datum", "note",
)  # fmt: skip
RANGE_COLUMNS = (
    "edition_id", "street", "street_key", "low", "high", "side", "lat", "lng", "lat2", "lng2", "datum",
)  # fmt: skip


class Name(NamedTuple):
    """A named place as a file or the demo city gives it, WGS-84; `alias` is an old name of it."""

    kind: str
    name: str
    lat: float
    lng: float
    note: str = ""
    code: str = ""
    alias: str = ""
    accuracy_m: float | None = None


class Range(NamedTuple):
    """House numbers of one side of a stretch of street, WGS-84."""

    street: str
    low: int
    high: int
    side: str
    lat: float
    lng: float
    lat2: float
    lng2: float


def write(
    centre_id: int, *, source: str, digest: str, datum: str, names: Iterable[Name], ranges: Iterable[Range]
) -> PlaceEdition:
    """Write an edition beside the one in use; nobody sees it yet. Lines are written in the order of their rank."""
    edition = PlaceEdition.objects.create(
        centre_id=centre_id, source=source, digest=digest, datum=datum, made_at=timezone.now()
    )
    ordered = sorted(names, key=lambda one: (rank_of(one.kind), len(one.name)))
    head = (centre_id, edition.pk)
    copy("incidents_place", PLACE_COLUMNS, (line for one in ordered for line in lines_of(one, head, datum)))
    copy(
        "incidents_houserange",
        RANGE_COLUMNS,
        ((edition.pk, one.street, key_of(one.street), *one[1:], datum) for one in ranges),
    )
    return edition


def lines_of(one: Name, head: tuple[int, int], datum: str) -> Iterator[tuple[Any, ...]]:
    """Return the lines of the index that lead to a place: its name (or an old one), a crossing from either road, the
    code on a pole."""
    own = key_of(one.alias or one.name)
    yield line(one, head, datum, own, pairs=True)
    if one.kind == "crossing" and len(roads := roads_of(one.alias or one.name)) == 2:
        for key in ("".join(roads), "".join(reversed(roads))):
            yield line(one, head, datum, key)
    elif one.kind == "crossing" and (key := crossing_key(own)) != own:
        yield line(one, head, datum, key)
    if one.code and key_of(one.code) != own:
        yield line(one, head, datum, key_of(one.code))


def line(one: Name, head: tuple[int, int], datum: str, key: str, *, pairs: bool = False) -> tuple[Any, ...]:
    """Return one line of the index."""
    syllables, pinyin, initials = letters_of(key)
    grams = [*pairs_of(key), *syllable_pairs(syllables)] if pairs else []
    if pairs and one.note and one.kind in ("shop", "landmark"):
        grams = [*grams, *pairs_of(key_of(one.note))]  # the street that a shop stands on finds it too
    point = (one.lat, one.lng, one.accuracy_m)
    return (*head, one.kind, rank_of(one.kind), one.name, one.alias, one.code, key, pinyin, initials,
            list(dict.fromkeys(grams)), *point, datum, one.note)  # fmt: skip


def copy(table: str, columns: tuple[str, ...], lines: Iterable[tuple[Any, ...]]) -> None:
    """Write lines into a table, some ten thousand in one statement so that none takes too long."""
    names = ", ".join(columns)
    rest = iter(lines)
    while some := list(islice(rest, AT_ONCE)):
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as out:
            for values in some:
                out.write_row(values)


def put_in_use(edition: PlaceEdition, now: dt.datetime) -> None:
    """Let an edition take over, inside a command: the next search reads it."""
    PlaceEdition.objects.filter(centre_id=edition.centre_id, state=State.CURRENT).exclude(pk=edition.pk).update(
        state=State.OLD
    )
    PlaceEdition.objects.filter(pk=edition.pk).update(state=State.CURRENT, used_from=now)


@command
def use_edition(*, by: Actor | None, centre_id: int, edition_id: int, names: int, houses: int) -> Json:
    """Put an edition in use and say so in the journal; the old one serves until this commits."""
    edition = PlaceEdition.objects.select_for_update().filter(pk=edition_id, centre_id=centre_id).first()
    if edition is None:
        raise NotFound()
    if edition.state != State.CURRENT:
        put_in_use(edition, timezone.now())
        record(
            "addresses.loaded",
            centre_id=centre_id,
            source=edition.source,
            datum=edition.datum,
            digest=edition.digest,
            names=names,
            houses=houses,
        )
    return {"edition": edition.pk}


def forget_unused(centre_id: int) -> None:
    """Remove the lines of editions that are not in use, those of a load that broke off among them; the record of the
    edition stays."""
    unused = PlaceEdition.objects.filter(centre_id=centre_id).exclude(state=State.CURRENT)
    for edition in unused:
        for table in ("incidents_place", "incidents_houserange"):
            while remove_some(table, edition.pk):
                continue
    unused.update(state=State.OLD)


def remove_some(table: str, edition_id: int) -> int:
    """Remove some ten thousand lines of an edition; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE edition_id = %s LIMIT %s))",
            [edition_id, AT_ONCE],
        )
        return int(cursor.rowcount)


def settle() -> None:
    """Let the planner know what was written, before anybody searches it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incidents_place, incidents_houserange")

"""Finding places by Chinese words, pinyin, initials, house number, crossing or code.

The index leads with the rank of the kind, so a search takes the first few of each kind by itself instead of sorting
everything that fits; a name is found anywhere inside by its pairs of signs, whose lines lie in the order of their rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from incidents import geo
from incidents.addresses.keys import RANKS, pairs_of
from incidents.addresses.query import House, Query, parse
from incidents.row import Json

HIGHEST = "\U0010ffff"  # after every sign that a key can hold
LOOKED_AT = 400  # lines with all pairs, of which the best are shown
ROAD = RANKS["road"]
HOUSE_M, WIDEST_HOUSE_M = 15.0, 200.0
COLUMNS = "id, kind, rank, name, alias, code, lat, lng, accuracy_m, datum, note"
EDITION = "(SELECT id FROM incidents_placeedition WHERE centre_id = %s AND state = 'current')"


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a search has found; a house number is computed and has no line of its own (`id` is None)."""

    id: int | None
    kind: str
    rank: int
    name: str
    alias: str
    code: str
    lat: float
    lng: float
    accuracy_m: float | None
    datum: str
    note: str

    def row(self) -> Json:
        """Return the place as a search result; the point is WGS-84, `crs_in` the datum that it came in."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "alias": self.alias,
            "code": self.code,
            "lat": self.lat,
            "lng": self.lng,
            "accuracy_m": self.accuracy_m,
            "crs_in": self.datum,
            "note": self.note,
        }


def search(centre_id: int, text: str, limit: int = 10, kinds: Sequence[str] = ()) -> list[Found]:
    """Return what a text may mean, best first; `kinds` restricts it. Blank text finds nothing."""
    wanted = parse(text)
    if wanted is None:
        return []
    ranks = [RANKS[kind] for kind in kinds if kind in RANKS] or list(RANKS.values())
    houses = [] if kinds else house(centre_id, wanted.house)
    named = by_beginning(centre_id, wanted, ranks, limit)
    if len(houses) + len(named) < limit:
        named += by_pairs(centre_id, wanted, ranks, limit)
    return different([*houses, *named])[:limit]


def by_beginning(centre_id: int, wanted: Query, ranks: Sequence[int], limit: int) -> list[Found]:
    """Return places whose name, pinyin, initials, alias or code begins so: whole ones first, then by kind."""
    tries = [("name_key", wanted.key)]
    if wanted.is_letters:
        tries += [("initials", wanted.key), ("pinyin", wanted.key)]
    elif wanted.crossing != wanted.key and len(wanted.crossing) > 2:
        tries.append(("name_key", wanted.crossing))
    parts, values = [], []
    for column, key in tries:
        parts.append(
            f"SELECT p.*, (p.key = %s) AS whole FROM unnest(%s::int[]) AS k(rank) CROSS JOIN LATERAL (SELECT {COLUMNS}, "
            f"{column} AS key FROM incidents_place WHERE edition_id = {EDITION} AND rank = k.rank AND {column} >= %s "
            f"AND {column} < %s ORDER BY {column} LIMIT %s) p"
        )
        values += [key, list(ranks), centre_id, key, key + HIGHEST, limit]
    order = "ORDER BY whole DESC, rank, length(key), name LIMIT %s"
    return fetch(f"SELECT {COLUMNS} FROM ({' UNION ALL '.join(parts)}) f {order}", [*values, 2 * limit])


def by_pairs(centre_id: int, wanted: Query, ranks: Sequence[int], limit: int) -> list[Found]:
    """Return places that hold every word anywhere: by the pairs of its signs, or two syllables of pinyin."""
    words = [wanted.key] if wanted.is_letters else [word for word in wanted.words if len(word) > 1]
    if not words:
        return []
    pairs = words if wanted.is_letters else list(dict.fromkeys(pair for word in words for pair in pairs_of(word)))
    inside = "" if wanted.is_letters else " AND position(%s in name_key || note) > 0" * len(words)
    values: list[Any] = [centre_id, pairs, list(ranks), *([] if wanted.is_letters else words), LOOKED_AT]
    # OFFSET 0 keeps the planner from walking a btree in the hope of an early match.
    inner = (
        f"SELECT {COLUMNS} FROM incidents_place WHERE edition_id + 0 = {EDITION} AND grams @> %s::varchar[] "
        f"AND rank + 0 = ANY(%s){inside} LIMIT %s"
    )
    return fetch(f"SELECT {COLUMNS} FROM ({inner}) f ORDER BY rank, length(name), name LIMIT %s", [*values, 2 * limit])


def house(centre_id: int, wanted: House | None) -> list[Found]:
    """Return the houses that a number on a street may be, each interpolated in the range of its side."""
    if wanted is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f'WITH e AS (SELECT {EDITION} AS id), streets AS (SELECT unnest(%s::text[]) COLLATE "C" AS key UNION '
            'SELECT lower(p.name) COLLATE "C" FROM incidents_place p, e WHERE p.edition_id = e.id AND p.rank = %s AND '
            "(p.name_key = ANY(%s) OR p.initials = ANY(%s) OR p.pinyin = ANY(%s))) "
            "SELECT street, low, high, side, lat, lng, lat2, lng2, datum FROM incidents_houserange r, e, streets s "
            "WHERE r.edition_id = e.id AND r.street_key = s.key AND r.low <= %s AND r.high >= %s "
            "AND r.side = ANY(%s) ORDER BY r.side = 'both', r.high - r.low, r.street LIMIT 5",
            [
                centre_id,
                list(wanted.streets),
                ROAD,
                *[list(wanted.streets)] * 3,
                wanted.number,
                wanted.number,
                ["odd" if wanted.number % 2 else "even", "both"],
            ],
        )
        return [interpolated(wanted, Stretch(*line)) for line in cursor.fetchall()]


class Stretch(NamedTuple):
    """A range of house numbers with the points of its first and last."""

    street: str
    low: int
    high: int
    side: str
    lat: float
    lng: float
    lat2: float
    lng2: float
    datum: str


def interpolated(wanted: House, on: Stretch) -> Found:
    """Return the point of a house number between the first and the last of its range; the accuracy is the distance to
    its neighbours."""
    share = (wanted.number - on.low) / (on.high - on.low) if on.high > on.low else 0.5
    steps = max(1, (on.high - on.low) // (1 if on.side == "both" else 2))
    metres = geo.distance_m(on.lat, on.lng, on.lat2, on.lng2) / steps
    return Found(
        id=None,
        kind="house",
        rank=0,
        name=f"{on.street}{wanted.number}号{wanted.rest}",
        alias="",
        code="",
        lat=round(on.lat + (on.lat2 - on.lat) * share, 7),
        lng=round(on.lng + (on.lng2 - on.lng) * share, 7),
        accuracy_m=round(min(WIDEST_HOUSE_M, max(HOUSE_M, metres)), 1),
        datum=on.datum,
        note=f"{on.low}–{on.high}",
    )


def fetch(statement: str, values: Sequence[Any]) -> list[Found]:
    """Return the places that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Found(*line) for line in cursor.fetchall()]


def different(found: Iterable[Found]) -> list[Found]:
    """Return each place once: several keys may lead to it."""
    return list({(one.kind, one.name, one.lat, one.lng): one for one in reversed(list(found))}.values())[::-1]

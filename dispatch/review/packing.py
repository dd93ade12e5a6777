"""How a mark is written down: which entries hold the rows of a board, and where in their bodies. Pure.

Numbers that lie beside each other are told as differences, which compress to half. A mark with another FORMAT is never
read: it counts among those of other collections (marks.KNOWN).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

FORMAT: Final = 2
LEVEL: Final = 6  # of the compression


class Held(NamedTuple):
    """Where a row's text stands in the body of an entry: its first character and how many; none of them if it was not
    found there as it is. `under` is the incident that it hangs on, 0 for none."""

    name: str
    row_id: int
    under: int
    start: int
    length: int


@dataclass(slots=True)
class Named:
    """An entry that a mark names, the length of its body then in characters, and which of its rows stand on the board."""

    seq: int
    micros: int  # since 1970
    size: int
    rows: list[Held] = field(default_factory=list)


def packed(entries: Iterable[Named]) -> bytes:
    """Write the entries of a mark down."""
    ordered = sorted(entries, key=lambda one: one.seq)
    columns: dict[str, list[tuple[int, int, int, int, int]]] = {}
    for place, entry in enumerate(ordered):
        for row in entry.rows:
            columns.setdefault(row.name, []).append((row.row_id, place, row.under, row.start, row.length))
    told = {
        "entries": [steps([one.seq for one in ordered]), steps([one.micros for one in ordered]),
                    [one.size for one in ordered]],
        "rows": {name: of_rows(rows) for name, rows in columns.items()},
    }  # fmt: skip
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode(), LEVEL)


def of_rows(rows: list[tuple[int, int, int, int, int]]) -> list[list[int]]:
    """Return the columns of a collection's rows by id."""
    ids, places, unders, starts, lengths = (list(column) for column in zip(*sorted(rows), strict=True))
    return [steps(ids), steps(places), steps(unders), starts, lengths]


def unpacked(held: bytes) -> list[Named]:
    """Read the entries of a mark."""
    told = json.loads(zlib.decompress(held))
    seqs, moments, sizes = told["entries"]
    entries = [Named(*one) for one in zip(accumulate(seqs), accumulate(moments), sizes, strict=True)]
    for name, (ids, places, unders, starts, lengths) in told["rows"].items():
        found = zip(accumulate(ids), accumulate(places), accumulate(unders), starts, lengths, strict=True)
        for row_id, place, under, start, length in found:
            entries[place].rows.append(Held(name, row_id, under, start, length))
    return entries


def steps(numbers: list[int]) -> list[int]:
    """Return the first number and by how much each following one is higher."""
    return [*numbers[:1], *(after - before for before, after in pairwise(numbers))]

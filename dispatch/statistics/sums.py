"""Sums of marks: which mark was counted how often. Pure; adding two of them is all the statistics do.

A cell keeps a sum as bytes, pairs of 32-bit numbers (mark, count) by rising mark, so that a year of cells is read as one
array.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
LARGEST_IN_TABLE = 1_000_000  # `numbered`
EMPTY: Ints = np.empty(0, dtype=np.int64)


def packed(marks: Ints, counts: Ints) -> bytes | None:
    """Write a sum as bytes; None for nothing."""
    kept = counts != 0
    if not kept.any():
        return None
    pairs = np.empty((int(kept.sum()), 2), dtype="<i4")
    pairs[:, 0], pairs[:, 1] = marks[kept], counts[kept]
    return pairs.tobytes()


def unpacked(written: bytes | memoryview | None) -> tuple[Ints, Ints]:
    """Read a sum."""
    if not written:
        return EMPTY, EMPTY
    pairs = np.frombuffer(written, dtype="<i4").reshape(-1, 2).astype(np.int64)
    return pairs[:, 0], pairs[:, 1]


def added(keys: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Add up the counts of equal keys; the keys come out rising, those that cancel out are gone."""
    if not len(keys):
        return EMPTY, EMPTY
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    total = np.add.reduceat(counts, first)
    kept = total != 0
    return keys[first][kept], total[kept]


def numbered(values: Ints) -> tuple[Ints, Ints]:
    """Return the different values, rising, and the place of each value among them. Ids and codes are small numbers: a
    table of them takes a twentieth of the time of a sort."""
    if not len(values) or int(values.min()) < 0 or int(values.max()) > LARGEST_IN_TABLE:
        found, places = np.unique(values, return_inverse=True)
        return found, places
    seen = np.zeros(int(values.max()) + 1, dtype=np.int64)
    seen[values] = 1
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[values]


def crossed(groups: Sequence[Sequence[int]], marks: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return every pair of a fact's group and a fact's mark, for facts in the same order: two long arrays."""
    many = np.fromiter(map(len, groups), dtype=np.int64, count=len(groups))
    wide = np.fromiter(map(len, marks), dtype=np.int64, count=len(marks))
    flat_groups = flat(groups, int(many.sum()))
    flat_marks = flat(marks, int(wide.sum()))
    # Each group of a fact is repeated once for each mark of that fact; the marks run from their fact's first one.
    repeats = np.repeat(wide, many)
    starts = np.repeat(np.cumsum(wide) - wide, many)
    left = np.repeat(flat_groups, repeats)
    within = np.arange(len(left)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return left, flat_marks[np.repeat(starts, repeats) + within]


def flat(rows: Iterable[Sequence[int]], count: int) -> Ints:
    """Put rows of numbers behind one another."""
    return np.fromiter((one for row in rows for one in row), dtype=np.int64, count=count)

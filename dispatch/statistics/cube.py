"""A cube: the counts of one kind of fact for any number of groups, and what can be said of them. Pure.

Everything is computed for all groups at once: a map of two thousand cells is one pass over one array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.statistics.marks import BITS, LONGEST, LOST_TIME, MEASURES, MOST, OPEN_TIME
from dispatch.statistics.sums import Ints, added

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """Durations of every group: their groups and values in rising order, and how often each occurs."""

    size: int
    groups: Ints
    values: Ints
    counts: Ints
    n: Ints  # by group, of durations alone
    open: Ints  # by group: nothing has ended yet
    lost: Ints

    def up_to(self, limit: int) -> Ints:
        """Count the durations up to a limit, inclusive, in every group."""
        few = self.values <= limit
        return summed(self.groups[few], self.counts[few], self.size)

    def over(self, low: int, high: int | None) -> Ints:
        """Count the durations over one limit and up to another (None: no end), in every group."""
        return (self.n if high is None else self.up_to(high)) - self.up_to(low)

    def total(self) -> Ints:
        """Add the values up, in every group."""
        return summed(self.groups, self.counts * self.values, self.size)

    def at_rank(self, percent: int) -> Floats:
        """Return the value at rank ⌈p·n⌉ of every group; NaN of an empty one. `percent` is 1 to 100, in whole numbers,
        because 0.95 × n in binary fractions can land one rank too high."""
        found = np.full(self.size, np.nan)
        some = self.n > 0
        if not some.any():
            return found
        running = np.cumsum(self.counts)
        before = np.cumsum(self.n) - self.n  # of all groups before this one
        rank = -(-percent * self.n[some] // 100)
        found[some] = self.values[np.searchsorted(running, before[some] + rank)]
        return found


class Cube:
    """Counts of marks by group."""

    def __init__(self, size: int, groups: Ints, marks: Ints, counts: Ints) -> None:
        """Take pairs in any order and lay each measure's together; equal ones are added up where they are asked for."""
        self.size = size
        numbers = (marks >> BITS).astype(np.uint16)
        if len(numbers) and numbers.min() == numbers.max():  # a map of one percentile has nothing to sort
            self.numbers, self.groups, self.marks, self.counts = numbers, groups, marks, counts
            return
        order = np.argsort(numbers, kind="stable")  # of 16 bits: by radix, in one pass
        self.numbers = numbers[order]
        self.groups, self.marks, self.counts = groups[order], marks[order], counts[order]

    def of(self, measure: str) -> tuple[Ints, Ints, Ints]:
        """Return groups, values and counts of a measure."""
        number = MEASURES[measure].number
        start, end = np.searchsorted(self.numbers, [number, number + 1])
        return self.groups[start:end], self.marks[start:end] & MOST, self.counts[start:end]

    def outcomes(self, measure: str) -> Outcomes:
        """Return the outcomes of a measure."""
        return Outcomes(self.size, *self.of(measure))

    def spread(self, measure: str) -> Spread:
        """Return the durations of a measure."""
        groups, values, counts = self.of(measure)
        keys, many = added(groups << BITS | values, counts)
        groups, values = keys >> BITS, keys & MOST
        timed = values <= LONGEST
        special = {
            value: summed(groups[values == value], many[values == value], self.size) for value in (OPEN_TIME, LOST_TIME)
        }
        groups, values, many = groups[timed], values[timed], many[timed]
        n = summed(groups, many, self.size)
        return Spread(self.size, groups, values, many, n, special[OPEN_TIME], special[LOST_TIME])


class Outcomes:
    """How often each outcome of a measure came out, by group."""

    def __init__(self, size: int, groups: Ints, values: Ints, counts: Ints) -> None:
        """Take the measure's part of a cube."""
        self.size, self.groups, self.values, self.counts = size, groups, values, counts

    def __getitem__(self, wanted: int | Sequence[int]) -> Ints:
        """Count one outcome, or several together, in every group."""
        mine = np.isin(self.values, np.atleast_1d(np.asarray(wanted, dtype=np.int64)))
        return summed(self.groups[mine], self.counts[mine], self.size)

    def present(self) -> list[int]:
        """Return the outcomes that came out at all, rising."""
        return [int(value) for value in np.unique(self.values)]

    def all(self) -> Ints:
        """Count everything, in every group."""
        return summed(self.groups, self.counts, self.size)


def summed(groups: Ints, counts: Ints, size: int) -> Ints:
    """Add counts up by group; exact, because no count comes near 2⁵³."""
    return np.bincount(groups, weights=counts, minlength=size).astype(np.int64)

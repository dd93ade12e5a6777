"""Several pending incidents and the free units matched together: the least expected cost of all, not of each in turn.
Pure: scipy's assignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from dispatch.ranking import Candidate

IMPOSSIBLE_S = 100_000.0
URGENCY = {1: 4.0, 2: 2.0, 3: 1.0, 4: 0.25}  # a second of a P1 weighs as four of a P3


@dataclass(frozen=True, slots=True)
class Pair:
    """One incident with its unit."""

    incident: int
    unit: int
    call_sign: str
    expected_s: float


@dataclass(frozen=True, slots=True)
class Joint:
    """Both ways to serve a queue: together, and one by one in the order of urgency. Seconds are sums of expected arrivals
    over the incidents that both serve."""

    together: list[Pair]
    one_by_one: list[Pair]
    together_s: float
    one_by_one_s: float
    without: list[int]  # incidents for which no unit is left

    @property
    def saves_s(self) -> float:
        """Return by how many seconds the first units together are there earlier."""
        return self.one_by_one_s - self.together_s


def match(queue: Sequence[tuple[int, int]], offers: Mapping[int, Sequence[Candidate]]) -> Joint:
    """Match incidents (id, priority; the most urgent first) with the candidates that may be recommended for each. The
    cost of a pair is the ranking's own, weighted by urgency. Units that would leave other work are left out."""
    found = {
        incident: [one for one in offers.get(incident, ()) if one.recommended and one.unit.drop is None]
        for incident, _priority in queue
    }
    units = sorted({one.unit.unit_id for some in found.values() for one in some})
    place = {unit: column for column, unit in enumerate(units)}
    costs = np.full((len(queue), len(units)), IMPOSSIBLE_S)
    by_pair: dict[tuple[int, int], Candidate] = {}
    for row, (incident, priority) in enumerate(queue):
        for one in found[incident]:
            column = place[one.unit.unit_id]
            costs[row, column] = one.cost_s * URGENCY[priority]
            by_pair[row, column] = one
    rows, columns = linear_sum_assignment(costs) if units else ([], [])
    chosen = {int(row): int(column) for row, column in zip(rows, columns, strict=True) if (row, column) in by_pair}
    together = [pair(queue[row][0], by_pair[row, column]) for row, column in sorted(chosen.items())]
    one_by_one = greedy([(incident, found[incident]) for incident, _priority in queue])
    both = {one.incident for one in together} & {one.incident for one in one_by_one}
    return Joint(
        together,
        one_by_one,
        sum(one.expected_s for one in together if one.incident in both),
        sum(one.expected_s for one in one_by_one if one.incident in both),
        [incident for incident, _priority in queue if incident not in {one.incident for one in together}],
    )


def greedy(queue: Sequence[tuple[int, Sequence[Candidate]]]) -> list[Pair]:
    """Serve incidents in their order, each with the first of its ranking that is left."""
    taken: set[int] = set()
    chosen = []
    for incident, offered in queue:
        one = next((one for one in sorted(offered, key=lambda one: one.cost_s) if one.unit.unit_id not in taken), None)
        if one is not None:
            taken.add(one.unit.unit_id)
            chosen.append(pair(incident, one))
    return chosen


def pair(incident: int, one: Candidate) -> Pair:
    """Return a candidate as the unit of an incident."""
    return Pair(incident, one.unit.unit_id, one.unit.call_sign, one.expected_s)

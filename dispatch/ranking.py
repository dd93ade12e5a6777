"""Which unit goes: the one that is there first and costs the least elsewhere, each with its reasons (就近出警, M3, M5,
M16). Pure: travel times, coverage, parameters and weights come in as values, so that a stored question gives the same
answer for ever.

Jurisdiction plays no part (M5). A unit without a fresh fix is listed after the others and never recommended (F2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from dispatch import spread as spreads
from dispatch.policy import Policy, Strategy, Weights
from dispatch.spread import Floats, Spread
from incidents.geo import distance_m
from patrol.roads.travel import Travel

ROAD, STRAIGHT, NONE = "road", "straight", "none"
SHORT_S, LONG_S = 300.0, 600.0  # K7 and K8
CHANCES = ("A5", "A10", "B5", "B10")
UNDER_ORDER = ("assigned", "en_route")
Way = Travel  # the road of one unit to the place


@dataclass(frozen=True, slots=True)
class Drop:
    """What a unit would leave: an order of less urgent work, or (without an order) the task it is on."""

    assignment: int | None
    incident: int | None
    incident_no: str
    priority: int
    state: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class UnitState:
    """What the ranking knows of one unit."""

    unit_id: int
    call_sign: str
    label: str
    kind: str
    status: str
    dispatchable: bool
    lat: float | None = None
    lng: float | None = None
    fixed_at: dt.datetime | None = None
    suspect: bool = False
    accuracy_m: float | None = None
    equipment: tuple[str, ...] = ()
    armed: bool = False
    carries_detainees: bool = False
    orders: int = 0  # of this shift
    freed_at: dt.datetime | None = None  # end of its last order of this shift
    drop: Drop | None = None
    belongs: tuple[int, ...] = ()  # its squad or station and the organisation above


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: an incident at a moment. Clock B starts with the first order, now when there is none yet."""

    at: dt.datetime
    priority: int
    type_code: str
    answered_at: dt.datetime
    first_order_at: dt.datetime | None = None
    lat: float | None = None
    lng: float | None = None
    unit_kinds: tuple[str, ...] = ()  # that the card of the type prefers
    needs: tuple[str, ...] = ()
    present: frozenset[int] = frozenset()  # units that are on it already
    area_kind: str = ""
    owner: int | None = None  # organisation that owns the place

    def elapsed(self) -> tuple[float, float]:
        """Return the seconds that clocks A and B show."""
        start_b = self.first_order_at or self.at
        return (self.at - self.answered_at).total_seconds(), (self.at - start_b).total_seconds()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One unit that can go. `seconds` are those of the road, `expected_s` those until it is there."""

    unit: UnitState
    rank: int
    recommended: bool
    distance_m: float
    seconds: float
    fix_age_s: float
    basis: str
    why: str
    expected_s: float
    chance: dict[str, float]
    lacks: tuple[str, ...]
    cost_s: float
    coverage_after: float | None
    reason: str  # codes joined by spaces; the screen makes the sentence


@dataclass(frozen=True, slots=True)
class Excluded:
    """One unit that cannot, and why."""

    unit: UnitState
    code: str


class Candidates(Sequence[Candidate]):
    """Candidates in their order, each made when it is looked at: a city has thousands of units, a screen shows nine.
    The first `certain` of them may be recommended."""

    def __init__(self, make: Callable[[int], Candidate], count: int, certain: int) -> None:
        """Take the maker of the n-th (from 0), their number, and how many of the first are certain."""
        self._make, self._count, self.certain = make, count, certain
        self._made: dict[int, Candidate] = {}

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Candidate: ...
    @overload
    def __getitem__(self, index: slice) -> list[Candidate]: ...
    def __getitem__(self, index: int | slice) -> Candidate | list[Candidate]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(self._count))]
        at = index + self._count if index < 0 else index
        if not 0 <= at < self._count:
            raise IndexError(index)
        found = self._made.get(at)
        if found is None:
            found = self._made[at] = self._make(at)
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Candidates) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list


def nobody() -> Candidates:
    """Return no candidates."""
    return Candidates(_none, 0, 0)


def _none(_at: int) -> Candidate:
    raise IndexError


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer: candidates best first, and everybody else with the reason."""

    basis: str
    at: dt.datetime
    policy: int = 0
    candidates: Candidates = field(default_factory=nobody)
    excluded: list[Excluded] = field(default_factory=list)
    coverage_now: float | None = None

    def recommended(self, at_most: int | None = None) -> list[Candidate]:
        """Return the candidates that may be recommended, best first."""
        certain = self.candidates.certain
        return self.candidates[: certain if at_most is None else min(certain, at_most)]


def rank(
    question: Question,
    units: Iterable[UnitState],
    ways: Mapping[int, Way],
    *,
    policy: Policy,
    spread: Spread,
    coverage: Mapping[int, float] | None = None,
    coverage_now: float | None = None,
) -> Ranking:
    """Rank units for an incident.

    `ways` holds the road of each unit with a position; one that is missing there is estimated by the straight line.
    `coverage` holds the share (0 to 1) of demand that stays reachable in 5 minutes after sending a unit: those it
    names, which must be the first by `cost_s` without it, are put in order among themselves; nobody behind moves up.
    """
    open_units, excluded = sift(question, units, policy)
    if not open_units:
        return Ranking(STRAIGHT, question.at, policy.version, nobody(), excluded, coverage_now)
    field_ = measure(question, open_units, ways, policy, spread)
    weights = policy.weights[question.priority]
    cost_s = costs(field_, question, weights, policy)
    order = np.lexsort((np.array([unit.call_sign for unit in open_units]), cost_s, field_.doubtful)).tolist()
    cost_of = cost_s.tolist()
    if coverage:
        lost = lost_s(coverage, coverage_now, weights)
        order = with_coverage(order, cost_of, field_, lost)

    def make(at: int) -> Candidate:
        index = order[at]
        after = coverage.get(open_units[index].unit_id) if coverage else None
        found = candidate(index, field_, question, policy)
        return replace(found, rank=at + 1, cost_s=cost_of[index], coverage_after=after)

    basis = ROAD if any(way.basis == ROAD for way in field_.ways) else STRAIGHT
    found = Candidates(make, len(order), len(order) - int(field_.doubtful.sum()))
    return Ranking(basis, question.at, policy.version, found, excluded, coverage_now)


@dataclass(slots=True)
class Field:
    """The units that can go, with what was found of each: parallel lists and arrays."""

    units: list[UnitState]
    ways: list[Way]
    age_s: Floats
    expected_s: Floats
    chance: Floats  # units × CHANCES
    lacks: list[tuple[str, ...]]
    doubtful: NDArray[np.bool_]  # may only be listed: a stale or suspect fix


def measure(
    question: Question, units: list[UnitState], ways: Mapping[int, Way], policy: Policy, spread: Spread
) -> Field:
    """Find what the ranking weighs of every unit that can go."""
    found = [ways.get(unit.unit_id) or straight_way(unit, question, policy) for unit in units]
    expected, chance = arrivals(question, found, spread)
    age_s = np.array([age_of(unit, question.at) for unit in units])
    suspect = np.array([unit.suspect for unit in units])
    lacks = [lacking(unit, question.needs, policy) for unit in units]
    return Field(units, found, age_s, expected, chance, lacks, (age_s > policy.never_after_s) | suspect)


def sift(question: Question, units: Iterable[UnitState], policy: Policy) -> tuple[list[UnitState], list[Excluded]]:
    """Part the units that can be sent from those that cannot."""
    open_units, excluded = [], []
    for unit in units:
        code = exclusion(unit, question, policy)
        if code or unit.lat is None or unit.lng is None or unit.fixed_at is None:
            excluded.append(Excluded(unit, code or "no_position"))
        else:
            open_units.append(unit)
    return open_units, excluded


def exclusion(unit: UnitState, question: Question, policy: Policy) -> str:
    """Return why a unit cannot be sent, or "". For P1 and P2 a unit may leave a task, or an order of less urgent work
    as long as it is not on scene."""
    if not unit.dispatchable:
        return "never_sent"
    if unit.unit_id in question.present:
        return "on_it_already"
    if unit.status == "available":
        return ""
    urgent = question.priority <= policy.divert_up_to
    if unit.status == "on_task":
        return "" if urgent else "on_task"
    drop = unit.drop
    if urgent and unit.status in UNDER_ORDER and drop is not None and drop.state in policy.divert_states:
        return "" if drop.priority > question.priority else "as_urgent"
    return unit.status


def straight_way(unit: UnitState, question: Question, policy: Policy) -> Way:
    """Estimate a unit's way by the straight line."""
    assert unit.lat is not None and unit.lng is not None and question.lat is not None and question.lng is not None
    metres = distance_m(question.lat, question.lng, unit.lat, unit.lng)
    speed = policy.kmh.get(unit.kind, policy.other_kmh) / 3.6
    return Way(metres * policy.road_factor / speed, metres, STRAIGHT, "no_network")


def arrivals(question: Question, ways: list[Way], spread: Spread) -> tuple[Floats, Floats]:
    """Return expected seconds until arrival, and the chances of `CHANCES`, for each way; one basis is one calculation."""
    clock_a, clock_b = question.elapsed()
    limits = np.array([SHORT_S - clock_a, LONG_S - clock_a, SHORT_S - clock_b, LONG_S - clock_b])
    ready = spreads.preparation(spread)
    expected = np.zeros(len(ways))
    chance = np.zeros((len(ways), len(limits)))
    for basis in (ROAD, STRAIGHT):
        at = [index for index, way in enumerate(ways) if way.basis == basis]
        if at:
            estimates: Floats = np.array([ways[index].seconds for index in at])
            expected[at] = spreads.expected(ready, spread.way(basis), estimates)
            chance[at] = spreads.chances(ready, spread.way(basis), estimates, limits)
    return np.round(expected, 3), np.round(chance, 4)


def age_of(unit: UnitState, at: dt.datetime) -> float:
    """Return the age of a unit's fix in seconds."""
    assert unit.fixed_at is not None
    return max(0.0, (at - unit.fixed_at).total_seconds())


def lacking(unit: UnitState, needs: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """Return the needed capabilities that a unit does not have."""
    return tuple(need for need in needs if not able(unit, need, policy))


def able(unit: UnitState, need: str, policy: Policy) -> bool:
    """Tell whether a unit has a capability: by its flags, else by its equipment."""
    if need == "armed":
        return unit.armed
    if need == "detainees":
        return unit.carries_detainees
    return not policy.equipment.get(need, frozenset()).isdisjoint(unit.equipment)


def costs(field_: Field, question: Question, weights: Weights, policy: Policy) -> Floats:
    """Return what sending each unit costs, in seconds of expected arrival, without coverage."""
    units = field_.units
    in_time = field_.chance[:, 0] if weights.limit_s <= SHORT_S else field_.chance[:, 1]
    found = field_.expected_s + weights.miss_s * (1.0 - in_time)
    if question.needs:
        found += weights.lacks_s * np.array([len(lacks) for lacks in field_.lacks])
    if question.unit_kinds:
        found += weights.other_kind_s * np.array([unit.kind not in question.unit_kinds for unit in units])
    strategy = policy.strategy_of(question.type_code, question.area_kind, question.priority)
    if strategy is not None:
        found += strategy.cost_s * np.array([not is_of(strategy, unit, question) for unit in units])
    found += weights.drop_s * np.array([dropped(unit) for unit in units])
    orders = np.array([unit.orders for unit in units], dtype=np.float64)
    found += weights.load_s * np.maximum(0.0, orders - orders.mean())
    found += weights.weary_s * np.array([is_weary(unit, question.at, weights) for unit in units])
    found += weights.old_fix_s * np.maximum(0.0, field_.age_s - policy.warn_after_s)
    return np.round(found, 3)


def is_of(strategy: Strategy, unit: UnitState, question: Question) -> bool:
    """Tell whether a unit is one of those that the way of handling sends first (R8): of the kinds of the type's card, or
    of the station that owns the place. Where nobody is named, everybody is."""
    if strategy.way == "category":
        return not question.unit_kinds or unit.kind in question.unit_kinds
    return question.owner is None or question.owner in unit.belongs


def dropped(unit: UnitState) -> float:
    """Return how much a unit would leave: 1 for an order, half of it for a task."""
    if unit.drop is None:
        return 0.0
    return 1.0 if unit.drop.assignment is not None else 0.5


def is_weary(unit: UnitState, at: dt.datetime, weights: Weights) -> bool:
    """Tell whether a unit came from its last order a moment ago."""
    return unit.freed_at is not None and (at - unit.freed_at).total_seconds() < weights.rest_s


def lost_s(coverage: Mapping[int, float], now: float | None, weights: Weights) -> dict[int, float]:
    """Return what the lost coverage of each unit costs, in seconds."""
    return {
        unit: weights.coverage_s * max(0.0, (now if now is not None else after) - after) * 100
        for unit, after in coverage.items()
    }


def with_coverage(order: list[int], cost_s: list[float], field_: Field, lost: Mapping[int, float]) -> list[int]:
    """Put the units whose coverage is known in order among themselves, on the places that they hold together, and
    write what it costs into `cost_s`."""
    known, rest = [], []
    for index in order:
        seconds = lost.get(field_.units[index].unit_id)
        if seconds is None or field_.doubtful[index]:
            rest.append(index)
            continue
        cost_s[index] = round(cost_s[index] + seconds, 3)
        known.append(index)
    known.sort(key=lambda index: (cost_s[index], field_.units[index].call_sign))
    return [*known, *rest]


def candidate(index: int, field_: Field, question: Question, policy: Policy) -> Candidate:
    """Return a measured unit as the answer shows it, before it has its place."""
    unit, way = field_.units[index], field_.ways[index]
    assert unit.lat is not None and unit.lng is not None and question.lat is not None and question.lng is not None
    metres = way.metres if way.metres is not None else distance_m(question.lat, question.lng, unit.lat, unit.lng)
    return Candidate(
        unit,
        0,
        not field_.doubtful[index],
        metres,
        way.seconds,
        float(field_.age_s[index]),
        way.basis,
        way.why,
        float(field_.expected_s[index]),
        dict(zip(CHANCES, field_.chance[index].tolist(), strict=True)),
        field_.lacks[index],
        0.0,
        None,
        reason(index, field_, question, policy, policy.weights[question.priority]),
    )


def reason(index: int, field_: Field, question: Question, policy: Policy, weights: Weights) -> str:
    """Return the codes of what speaks for and against a candidate."""
    unit, way, age_s = field_.units[index], field_.ways[index], field_.age_s[index]
    codes = ["by_road" if way.basis == ROAD else "by_line"]
    if way.why:
        codes.append(way.why)
    if question.unit_kinds and unit.kind in question.unit_kinds:
        codes.append("kind_fits")
    strategy = policy.strategy_of(question.type_code, question.area_kind, question.priority)
    if strategy is not None:
        codes.append(strategy.way if is_of(strategy, unit, question) else f"not_{strategy.way}")
    codes += [f"lacks_{need}" for need in field_.lacks[index]]
    if unit.suspect:
        codes.append("suspect_fix")
    if age_s > policy.never_after_s:
        codes.append("stale_fix")
    elif age_s > policy.warn_after_s:
        codes.append("old_fix")
    if unit.drop is not None:
        codes.append("drops_order" if unit.drop.assignment is not None else "leaves_task")
    if unit.orders:
        codes.append("orders")
    if is_weary(unit, question.at, weights):
        codes.append("just_freed")
    return " ".join(codes)

"""Which unit goes: the one that is there first and costs the least elsewhere, each with its reasons (就近出警, M3, M5,
M16). Pure: travel times, coverage, parameters and weights come in as values, so that a stored question gives the same
answer for ever.

Jurisdiction plays no part (M5). A unit without a fresh fix is listed after the others and never recommended (F2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from dispatch import spread as spreads
from dispatch.policy import Policy, Weights
from dispatch.spread import Floats, Spread
from incidents.geo import distance_m

ROAD, STRAIGHT, NONE = "road", "straight", "none"
SHORT_S, LONG_S = 300.0, 600.0  # K7 and K8
CHANCES = ("A5", "A10", "B5", "B10")
UNDER_ORDER = ("assigned", "en_route")


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


@dataclass(frozen=True, slots=True)
class Way:
    """The road of one unit to the place: seconds without delays, metres where known, on which basis, and why no road."""

    seconds: float
    metres: float | None
    basis: str
    why: str = ""


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


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer: candidates best first, and everybody else with the reason."""

    basis: str
    at: dt.datetime
    policy: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)
    coverage_now: float | None = None

    def recommended(self) -> list[Candidate]:
        """Return the candidates that may be recommended, best first."""
        return [candidate for candidate in self.candidates if candidate.recommended]


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
        return Ranking(STRAIGHT, question.at, policy.version, [], excluded, coverage_now)
    found = [on_the_way(unit, ways.get(unit.unit_id), question, policy) for unit in open_units]
    expected, chance = arrivals(question, found, spread)
    weights = policy.weights[question.priority]
    mean_load = sum(unit.orders for unit in open_units) / len(open_units)
    measured = [
        _Measured(unit, way, age_of(unit, question.at), expected[at], chance[at], lacking(unit, question.needs, policy))
        for at, (unit, way) in enumerate(zip(open_units, found, strict=True))
    ]
    costed = [(doubtful(one, policy), cost(one, question, weights, policy, mean_load), one) for one in measured]
    costed.sort(key=_order)
    if coverage:
        costed = with_coverage(costed, coverage, coverage_now, weights)
    candidates = [
        candidate(number, one, question, policy, (coverage or {}).get(one[2].unit.unit_id))
        for number, one in enumerate(costed, 1)
    ]
    basis = ROAD if any(way.basis == ROAD for way in found) else STRAIGHT
    return Ranking(basis, question.at, policy.version, candidates, excluded, coverage_now)


@dataclass(slots=True)
class _Measured:
    """A unit that can go, with what was found of it."""

    unit: UnitState
    way: Way
    age_s: float
    expected_s: float
    chance: list[float]
    lacks: tuple[str, ...]


_Costed = tuple[bool, float, _Measured]


def _order(item: _Costed) -> tuple[bool, float, str]:
    return item[0], item[1], item[2].unit.call_sign


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


def on_the_way(unit: UnitState, way: Way | None, question: Question, policy: Policy) -> Way:
    """Return the road of a unit, else the straight line at the kind's speed (domain 10)."""
    if way is not None:
        return way
    return straight_way(unit, question, policy)


def straight_way(unit: UnitState, question: Question, policy: Policy) -> Way:
    """Estimate a unit's way by the straight line."""
    assert unit.lat is not None and unit.lng is not None and question.lat is not None and question.lng is not None
    metres = distance_m(question.lat, question.lng, unit.lat, unit.lng)
    speed = policy.kmh.get(unit.kind, policy.other_kmh) / 3.6
    return Way(metres * policy.road_factor / speed, metres, STRAIGHT, "no_network")


def arrivals(question: Question, ways: list[Way], spread: Spread) -> tuple[list[float], list[list[float]]]:
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
    return [round(value, 3) for value in expected.tolist()], np.round(chance, 4).tolist()


def age_of(unit: UnitState, at: dt.datetime) -> float:
    """Return the age of a unit's fix in seconds."""
    assert unit.fixed_at is not None
    return max(0.0, (at - unit.fixed_at).total_seconds())


def doubtful(one: _Measured, policy: Policy) -> bool:
    """Tell whether a unit may only be listed: a stale or suspect fix."""
    return one.age_s > policy.never_after_s or one.unit.suspect


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


def cost(one: _Measured, question: Question, weights: Weights, policy: Policy, mean_load: float) -> float:
    """Return what sending a unit costs, in seconds of expected arrival, without coverage."""
    unit = one.unit
    in_time = one.chance[0] if weights.limit_s <= SHORT_S else one.chance[1]
    found = one.expected_s + weights.miss_s * (1.0 - in_time) + weights.lacks_s * len(one.lacks)
    if question.unit_kinds and unit.kind not in question.unit_kinds:
        found += weights.other_kind_s
    if unit.drop is not None:
        found += weights.drop_s * (1.0 if unit.drop.assignment is not None else 0.5)
    found += weights.load_s * max(0.0, unit.orders - mean_load)
    if is_weary(unit, question.at, weights):
        found += weights.weary_s
    found += weights.old_fix_s * max(0.0, one.age_s - policy.warn_after_s)
    return round(found, 3)


def is_weary(unit: UnitState, at: dt.datetime, weights: Weights) -> bool:
    """Tell whether a unit came from its last order a moment ago."""
    return unit.freed_at is not None and (at - unit.freed_at).total_seconds() < weights.rest_s


def with_coverage(
    costed: list[_Costed], coverage: Mapping[int, float], now: float | None, weights: Weights
) -> list[_Costed]:
    """Put the units whose coverage is known in order among themselves, on the places that they hold together."""
    known, rest = [], []
    for is_doubtful, cost_s, one in costed:
        after = coverage.get(one.unit.unit_id)
        if after is None or is_doubtful:
            rest.append((is_doubtful, cost_s, one))
        else:
            lost = max(0.0, (now if now is not None else after) - after) * 100
            known.append((is_doubtful, round(cost_s + weights.coverage_s * lost, 3), one))
    known.sort(key=_order)
    return [*known, *rest]


def candidate(
    number: int, costed: _Costed, question: Question, policy: Policy, coverage_after: float | None
) -> Candidate:
    """Return a measured unit as the answer shows it."""
    is_doubtful, cost_s, one = costed
    unit, way = one.unit, one.way
    assert unit.lat is not None and unit.lng is not None and question.lat is not None and question.lng is not None
    metres = way.metres if way.metres is not None else distance_m(question.lat, question.lng, unit.lat, unit.lng)
    return Candidate(
        unit,
        number,
        not is_doubtful,
        metres,
        way.seconds,
        one.age_s,
        way.basis,
        way.why,
        one.expected_s,
        dict(zip(CHANCES, one.chance, strict=True)),
        one.lacks,
        cost_s,
        coverage_after,
        reason(one, question, policy, policy.weights[question.priority]),
    )


def reason(one: _Measured, question: Question, policy: Policy, weights: Weights) -> str:
    """Return the codes of what speaks for and against a candidate."""
    unit = one.unit
    codes = ["by_road" if one.way.basis == ROAD else "by_line"]
    if one.way.why:
        codes.append(one.way.why)
    if question.unit_kinds and unit.kind in question.unit_kinds:
        codes.append("kind_fits")
    codes += [f"lacks_{need}" for need in one.lacks]
    if unit.suspect:
        codes.append("suspect_fix")
    if one.age_s > policy.never_after_s:
        codes.append("stale_fix")
    elif one.age_s > policy.warn_after_s:
        codes.append("old_fix")
    if unit.drop is not None:
        codes.append("drops_order" if unit.drop.assignment is not None else "leaves_task")
    if unit.orders:
        codes.append("orders")
    if is_weary(unit, question.at, weights):
        codes.append("just_freed")
    return " ".join(codes)

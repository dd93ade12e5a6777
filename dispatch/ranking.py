"""Which unit goes: the nearest that can, best first, each with its reason (就近出警, M3, M5, M16). Pure.

Until a road network is loaded the basis is the straight line, and every answer says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from incidents.geo import distance_m

POLICY_VERSION = 1
WARN_AFTER_S, NEVER_AFTER_S = 60, 180  # age of the last fix (domain 5)
ROAD_FACTOR = 1.4  # road metres per straight metre (domain 10)
SPEED_KMH = {"UP": 30.0, "US": 30.0, "UT": 30.0, "UW": 30.0, "UM": 28.0, "UF": 5.0, "UD": 45.0}
DEFAULT_SPEED_KMH = 25.0


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """One unit that can go."""

    unit: UnitState
    rank: int
    recommended: bool
    distance_m: float
    seconds: float
    fix_age_s: float
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
    candidates: list[Candidate] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)

    def recommended(self) -> list[Candidate]:
        """Return the candidates that may be recommended, best first."""
        return [candidate for candidate in self.candidates if candidate.recommended]


def rank(
    units: Iterable[UnitState], *, lat: float, lng: float, priority: int, now: dt.datetime, present: frozenset[int]
) -> Ranking:
    """Rank units for an incident at a point. `present` are the units that are on it already. Jurisdiction plays no
    part (M5). A unit without a fresh fix is listed after the others and never recommended (F2)."""
    open_units: list[tuple[bool, float, float, float, UnitState]] = []
    excluded: list[Excluded] = []
    for unit in units:
        code = exclusion(unit, priority, present)
        if code or unit.lat is None or unit.lng is None or unit.fixed_at is None:
            excluded.append(Excluded(unit, code or "no_position"))
            continue
        age = max(0.0, (now - unit.fixed_at).total_seconds())
        metres = distance_m(lat, lng, unit.lat, unit.lng)
        seconds = metres * ROAD_FACTOR / (SPEED_KMH.get(unit.kind, DEFAULT_SPEED_KMH) / 3.6)
        open_units.append((age > NEVER_AFTER_S or unit.suspect, seconds, metres, age, unit))
    open_units.sort(key=lambda item: (item[0], item[1], item[4].call_sign))
    candidates = [
        Candidate(unit, number, not doubtful, metres, seconds, age, reason(unit, age, doubtful))
        for number, (doubtful, seconds, metres, age, unit) in enumerate(open_units, 1)
    ]
    return Ranking("straight", now, candidates, excluded)


def exclusion(unit: UnitState, priority: int, present: frozenset[int]) -> str:
    """Return why a unit cannot be sent, or ""."""
    if not unit.dispatchable:
        return "never_sent"
    if unit.unit_id in present:
        return "on_it_already"
    if unit.status == "on_task":
        return "" if priority <= 2 else "on_task"
    return "" if unit.status == "available" else unit.status


def reason(unit: UnitState, age: float, doubtful: bool) -> str:
    """Return the codes of what speaks for and against a candidate."""
    codes = ["nearest_by_line"]
    if unit.suspect:
        codes.append("suspect_fix")
    if age > NEVER_AFTER_S:
        codes.append("stale_fix")
    elif age > WARN_AFTER_S:
        codes.append("old_fix")
    if unit.status == "on_task":
        codes.append("on_task")
    return " ".join(codes)

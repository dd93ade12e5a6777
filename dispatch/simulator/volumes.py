"""How much happens, at which hour and of what kind: the figures of domain reference 10, and draws from them. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

CALLS_A_DAY: Final = 1_200
# Calls per mille from 0 to 23 h.
HOUR_PROFILE: Final = (
    26, 18, 13, 10, 9, 13, 24, 42, 54, 52, 50, 50, 47, 46, 50, 54, 58, 64, 66, 62, 58, 54, 46, 34,
)  # fmt: skip
# Percent of all calls.
CALL_MIX: Final[Mapping[str, float]] = {
    "incident": 28,
    "duplicate": 9,
    "non_police": 38,
    "enquiry": 8,
    "nuisance": 7,
    "misdial": 5,
    "silent": 3,
    "officer": 1.5,
    "test": 0.5,
}
DUPLICATES_PER_INCIDENT: Final = CALL_MIX["duplicate"] / CALL_MIX["incident"]
# Percent of incidents by top-level type.
INCIDENT_MIX: Final[Mapping[str, float]] = {
    "03": 30, "05": 25, "02": 12, "04": 12, "11": 8, "12": 5, "09": 2.5, "01": 2, "06": 1.5, "10": 1, "08": 0.7, "07": 0.3,
}  # fmt: skip
# Share of a day's traffic incidents in each quarter of the day; the share of all calls is that of the profile.
TRAFFIC_BY_QUARTER: Final = (5.5, 24.6, 42.1, 27.7)
NIGHT_HOURS: Final = frozenset({20, 21, 22, 23, 0})
NIGHT_TYPES: Final = frozenset({"0202", "0203", "0204", "0206", "0510"})  # fights, domestic cases, drunks
NIGHT_FACTOR: Final = 2.5


@dataclass(frozen=True, slots=True)
class Rate:
    """How calls arrive: so many a day, following the hours of the day or evenly spaced."""

    calls_a_day: float
    by_hour: bool = True
    incident_share: float | None = None  # of the calls that are no duplicates; by the call mix when None

    @property
    def own_share(self) -> float:
        """Return the share of incidents among the calls that are no duplicates."""
        if self.incident_share is not None:
            return self.incident_share
        return CALL_MIX["incident"] / (100 - CALL_MIX["duplicate"])

    @property
    def firsts_a_day(self) -> float:
        """Return the calls a day that are no duplicates; with their duplicates they make `calls_a_day`."""
        return self.calls_a_day / (1 + self.own_share * DUPLICATES_PER_INCIDENT)


def hour_of(seconds: float, start_hour: int) -> int:
    """Return the hour of the agents' day so many seconds after a start at `start_hour`."""
    return int(start_hour + seconds // 3600) % 24


def arrivals(rate: Rate, random: Random, start_hour: int) -> Iterator[float]:
    """Yield the seconds from the start at which calls come in that are no duplicates, for ever.

    By the hour they are a Poisson process thinned from the busiest hour; evenly they come every mean gap ± 20 %.
    """
    now = 0.0
    mean_gap = 86_400 / rate.firsts_a_day
    busiest = max(HOUR_PROFILE)
    while True:
        if not rate.by_hour:
            now += mean_gap * random.uniform(0.8, 1.2)
            yield now
            continue
        now += random.expovariate(busiest * 24 / 1000 / mean_gap)
        if random.random() < HOUR_PROFILE[hour_of(now, start_hour)] / busiest:
            yield now


def draw(mix: Mapping[str, float], random: Random) -> str:
    """Draw a key with the probability of its weight."""
    return random.choices(list(mix), weights=list(mix.values()))[0]


def first_kinds(rate: Rate) -> dict[str, float]:
    """Return the mix of the calls that are no duplicates."""
    others = {kind: share for kind, share in CALL_MIX.items() if kind not in ("incident", "duplicate")}
    rest = (1 - rate.own_share) / sum(others.values())
    return {"incident": rate.own_share, **{kind: share * rest for kind, share in others.items()}}


def incident_mix(hour: int) -> dict[str, float]:
    """Return the weights of the top-level types at an hour: traffic follows its own profile over the day."""
    quarter = hour // 6
    calls_share = sum(HOUR_PROFILE[quarter * 6 : quarter * 6 + 6]) / 10
    return {**INCIDENT_MIX, "03": INCIDENT_MIX["03"] * TRAFFIC_BY_QUARTER[quarter] / calls_share}


def night_weight(code: str, hour: int) -> float:
    """Return by how much a type's weight rises at an hour."""
    return NIGHT_FACTOR if code in NIGHT_TYPES and hour in NIGHT_HOURS else 1.0


def merged(first: Iterator[float], later: list[tuple[float, int]]) -> Iterator[tuple[float, int | None]]:
    """Yield moments in their order from an endless iterator and a heap that grows meanwhile; the heap's carry an index."""
    upcoming = next(first)
    while True:
        if later and later[0][0] <= upcoming:
            yield heapq.heappop(later)
        else:
            yield upcoming, None
            upcoming = next(first)

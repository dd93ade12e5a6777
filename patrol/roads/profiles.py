"""How units move: a profile per unit kind (7.7), speeds per class of way and hour, what urgency and junctions cost.

All of it is data and assumption until a city's own tracks say better; `VERSION` changes with it, and a stored basis
names it. Pure.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from patrol.roads import network as net
from patrol.roads.network import CLASSES, Floats

CAR: Final = "car"
MOTORCYCLE: Final = "motorcycle"
FOOT: Final = "foot"
AIR: Final = "air"
"""A drone flies straight: it has no roads and no search."""

WALK_KMH: Final = 5.0
YARD_KMH: Final = 10.0
"""Of a vehicle between where it stands and the road."""
NOISE_M: Final = 30.0
"""So far off the road a vehicle counts as on it: satellite receivers err by as much."""
SNAP_LIMIT_M: Final = 500.0
"""Farther from every usable road than this, a point is too far (estimates are then straight lines and say so)."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How one sort of unit moves."""

    name: str
    on: int  # the bit of an edge that opens it along, and the one that opens it back
    back: int
    kmh: dict[str, float]  # by class of way, where no speed is posted
    most_kmh: float
    posted_share: float  # of a posted speed that is driven on average
    emergency_factor: float
    junction_s: float
    emergency_junction_s: float
    feels_traffic: float  # 0 no, 1 as a car does


PROFILES: Final[dict[str, Profile]] = {
    CAR: Profile(
        CAR, net.CAR_ON, net.CAR_BACK,
        {"motorway": 95, "trunk": 60, "primary": 45, "secondary": 38, "tertiary": 32, "residential": 24,
         "living_street": 14, "service": 15, "track": 15, "path": 5},
        most_kmh=120, posted_share=0.85, emergency_factor=1.2, junction_s=3.0, emergency_junction_s=1.5,
        feels_traffic=1.0,
    ),
    MOTORCYCLE: Profile(
        MOTORCYCLE, net.MOTORCYCLE_ON, net.MOTORCYCLE_BACK,
        {"motorway": 60, "trunk": 48, "primary": 40, "secondary": 36, "tertiary": 32, "residential": 26,
         "living_street": 18, "service": 18, "track": 15, "path": 12},
        most_kmh=60, posted_share=0.85, emergency_factor=1.15, junction_s=2.0, emergency_junction_s=1.0,
        feels_traffic=0.35,
    ),
    FOOT: Profile(
        FOOT, net.FOOT_ON, net.FOOT_BACK,
        dict.fromkeys(CLASSES, WALK_KMH),
        most_kmh=WALK_KMH, posted_share=1.0, emergency_factor=1.5, junction_s=0.0, emergency_junction_s=0.0,
        feels_traffic=0.0,
    ),
}  # fmt: skip

KINDS: Final = {"UP": CAR, "US": CAR, "UT": CAR, "UW": CAR, "UM": MOTORCYCLE, "UF": FOOT, "UB": FOOT, "UD": AIR}

# Share of the free speed that a car drives on main roads, by hour (our assumption); small ways feel half of it.
HOURS: Final = (
    1.05, 1.05, 1.05, 1.05, 1.05, 1.0, 0.97, 0.82, 0.78, 0.86, 0.9, 0.88,
    0.88, 0.92, 0.92, 0.9, 0.85, 0.76, 0.76, 0.84, 0.9, 0.95, 1.0, 1.03,
)  # fmt: skip
MAIN: Final = frozenset({"motorway", "trunk", "primary", "secondary"})

# Where no road time is known: metres on the road for each straight one, and mean speeds (domain 10).
ROAD_FACTOR: Final = 1.4
STRAIGHT_KMH: Final = {CAR: 30.0, MOTORCYCLE: 28.0, FOOT: WALK_KMH, AIR: 45.0}


def profile_of(kind: str) -> str:
    """Return the profile of a unit kind (7.7); an unknown kind drives a car."""
    return KINDS.get(kind, CAR)


def straight_seconds(kind: str, metres: float) -> float:
    """Return the estimate for a straight line of so many metres; a drone flies it, everybody else goes round."""
    profile = profile_of(kind)
    return metres * (1.0 if profile == AIR else ROAD_FACTOR) / (STRAIGHT_KMH[profile] / 3.6)


def traffic(profile: Profile, hour: int) -> tuple[float, float]:
    """Return the shares of the free speed on main roads and on small ones at an hour of the day, 0 to 23."""
    main = 1 - (1 - HOURS[hour % 24]) * profile.feels_traffic
    return main, 1 - (1 - main) / 2


def speeds(profile: Profile, hour: int, emergency: bool) -> Floats:
    """Return metres per second by class of way (in the order of CLASSES) where no speed is posted."""
    main, small = traffic(profile, hour)
    urgent = profile.emergency_factor if emergency else 1.0
    kmh = [profile.kmh[name] * (main if name in MAIN else small) * urgent for name in CLASSES]
    return np.array(kmh) / 3.6


def _digest() -> str:
    said = repr((PROFILES, HOURS, KINDS, ROAD_FACTOR, STRAIGHT_KMH, WALK_KMH, YARD_KMH, NOISE_M, SNAP_LIMIT_M))
    return hashlib.sha256(said.encode()).hexdigest()[:8]


VERSION: Final = _digest()
"""Changes with every number above."""

"""How units move: a profile per unit kind (7.7), speeds per class of way and hour, what urgency and junctions cost.

The figures are a file (`speeds.toml`, or a city's own by ZZ110_SPEEDS), read once when the process starts; `VERSION`
changes with them, and a stored basis names it.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

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


class UnusableSpeeds(ValueError):
    """The file of speeds says too little or something impossible; the text names the entry."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """A file of speeds, read and checked."""

    profiles: dict[str, Profile]
    hours: tuple[float, ...]  # share of the free speed on main roads, by hour
    main: frozenset[str]
    road_factor: float
    straight_kmh: dict[str, float]


BITS: Final = {
    CAR: (net.CAR_ON, net.CAR_BACK),
    MOTORCYCLE: (net.MOTORCYCLE_ON, net.MOTORCYCLE_BACK),
    FOOT: (net.FOOT_ON, net.FOOT_BACK),
}
AT_MOST: Final = {"most_kmh": 250.0, "posted_share": 1.5, "emergency_factor": 3.0, "feels_traffic": 1.0}
MAY_BE_ZERO: Final = ("junction_s", "emergency_junction_s", "feels_traffic")


def read_speeds(path: Path) -> Speeds:
    """Read a file of the shape of `speeds.toml`. Raises UnusableSpeeds with the name of the entry that is wrong."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        hours = tuple(number(one, "hours", 2.0) for one in said["hours"])
        if len(hours) != 24:
            raise UnusableSpeeds("hours: 24 numbers are wanted")
        main = frozenset(said["main"])
        if not main <= set(CLASSES):
            raise UnusableSpeeds(f"main: unknown class {sorted(main - set(CLASSES))[0]}")
        return Speeds(
            {name: profile(name, said["profile"][name]) for name in BITS},
            hours,
            main,
            number(said["road_factor"], "road_factor", 5.0),
            {name: number(said["straight_kmh"][name], f"straight_kmh.{name}", 250.0) for name in (*BITS, AIR)},
        )
    except KeyError as error:
        raise UnusableSpeeds(f"{path.name}: {error.args[0]} is missing") from error
    except (OSError, ValueError, TypeError) as error:
        raise UnusableSpeeds(f"{path.name}: {error}") from error


def profile(name: str, said: dict[str, Any]) -> Profile:
    """Return one profile of a file."""
    kmh = {one: number(said["kmh"][one], f"{name}.kmh.{one}", 250.0) for one in CLASSES}

    def told(entry: str) -> float:
        return number(said[entry], f"{name}.{entry}", AT_MOST.get(entry, 60.0), may_be_zero=entry in MAY_BE_ZERO)

    return Profile(
        name,
        *BITS[name],
        kmh,
        most_kmh=told("most_kmh"),
        posted_share=told("posted_share"),
        emergency_factor=told("emergency_factor"),
        junction_s=told("junction_s"),
        emergency_junction_s=told("emergency_junction_s"),
        feels_traffic=told("feels_traffic"),
    )


def number(value: Any, name: str, at_most: float, *, may_be_zero: bool = False) -> float:
    """Return a number above zero and not above a bound."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= at_most:
        raise UnusableSpeeds(f"{name}: a number up to {at_most:g} is wanted, not {value!r}")
    if not value and not may_be_zero:
        raise UnusableSpeeds(f"{name}: must not be zero")
    return float(value)


SHIPPED: Final = Path(__file__).with_name("speeds.toml")
SPEEDS: Final = read_speeds(Path(os.environ.get("ZZ110_SPEEDS") or SHIPPED))
PROFILES: Final = SPEEDS.profiles

KINDS: Final = {"UP": CAR, "US": CAR, "UT": CAR, "UW": CAR, "UM": MOTORCYCLE, "UF": FOOT, "UB": FOOT, "UD": AIR}


def profile_of(kind: str) -> str:
    """Return the profile of a unit kind (7.7); an unknown kind drives a car."""
    return KINDS.get(kind, CAR)


def straight_seconds(kind: str, metres: float) -> float:
    """Return the estimate for a straight line of so many metres; a drone flies it, everybody else goes round."""
    profile = profile_of(kind)
    return metres * (1.0 if profile == AIR else SPEEDS.road_factor) / (SPEEDS.straight_kmh[profile] / 3.6)


def traffic(profile: Profile, hour: int) -> tuple[float, float]:
    """Return the shares of the free speed on main roads and on small ones at an hour of the day, 0 to 23."""
    main = 1 - (1 - SPEEDS.hours[hour % 24]) * profile.feels_traffic
    return main, 1 - (1 - main) / 2


def speeds(profile: Profile, hour: int, emergency: bool) -> Floats:
    """Return metres per second by class of way (in the order of CLASSES) where no speed is posted."""
    main, small = traffic(profile, hour)
    urgent = profile.emergency_factor if emergency else 1.0
    kmh = [profile.kmh[name] * (main if name in SPEEDS.main else small) * urgent for name in CLASSES]
    return np.array(kmh) / 3.6


def _digest() -> str:
    said = repr(
        (
            SPEEDS.profiles,
            SPEEDS.hours,
            sorted(SPEEDS.main),
            KINDS,
            SPEEDS.road_factor,
            SPEEDS.straight_kmh,
            WALK_KMH,
            YARD_KMH,
            NOISE_M,
            SNAP_LIMIT_M,
        )
    )
    return hashlib.sha256(said.encode()).hexdigest()[:8]


VERSION: Final = _digest()
"""Changes with every number above."""

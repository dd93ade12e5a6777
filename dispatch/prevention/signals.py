"""What speaks for a repetition: addresses, callers, near-repeats, hot spots. Pure: lists in, findings out.

Every rule holds what it sees against what was to be expected; docs/prevention.md states the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from scipy.spatial import cKDTree

from dispatch.prevention.model import METRES_A_DEGREE, Grid, HotSpot, Knox, at_least
from incidents.geo import distance_m

ADDRESS_M: Final = 50.0
ADDRESS_DAYS: Final = 30.0
ADDRESS_LEAST: Final = 3
ADDRESS_CHANCE: Final = 0.01
BEFORE_DAYS: Final = 180.0
CALLER_LEAST: Final = 3
NEAR_M: Final = 200.0
NEAR_DAYS: Final = 14.0
NEAR_RATIO: Final = 1.2
NEAR_CHANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Happened:
    """One incident: the moment as a day of the model."""

    id: int
    day: float
    lat: float
    lng: float
    type: str
    address: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found: what it is about, its reason, its place, what it rests on."""

    kind: str
    subject: str
    incidents: tuple[int, ...]
    reason: dict[str, Any]
    lat: float | None = None
    lng: float | None = None
    radius_m: float | None = None
    place: str = ""
    type_group: str = ""
    hour: int | None = None
    hours: int | None = None
    days_valid: float = 14.0
    number: str = field(default="", repr=False)

    @property
    def watermark(self) -> int:
        """The newest incident."""
        return max(self.incidents)


def flat(found: Sequence[Happened]) -> Any:
    """Return places in metres, flat around the first one."""
    shrink = np.cos(np.radians(found[0].lat)) if found else 1.0
    return np.array([[one.lat * METRES_A_DEGREE, one.lng * METRES_A_DEGREE * shrink] for one in found]).reshape(-1, 2)


def addresses(found: Sequence[Happened], now: float) -> list[Finding]:
    """Return the addresses to which police had to come three times in thirty days, and more often than the half year
    before lets expect; a hospital that calls every day is no news."""
    recent = [one for one in found if one.day > now - ADDRESS_DAYS]
    before = [one for one in found if now - ADDRESS_DAYS - BEFORE_DAYS < one.day <= now - ADDRESS_DAYS]
    if len(recent) < ADDRESS_LEAST:
        return []
    every = flat([*recent, *before])
    places = cKDTree(every[: len(recent)])
    old = cKDTree(every[len(recent) :]) if before else None
    around = places.query_ball_point(every[: len(recent)], ADDRESS_M)
    found_here: list[Finding] = []
    taken: set[int] = set()
    for index in sorted(range(len(recent)), key=lambda index: (-len(around[index]), index)):
        members = [one for one in around[index] if one not in taken]
        if len(members) < ADDRESS_LEAST or index in taken:
            continue
        taken.update(members)
        past = len(old.query_ball_point(every[index], ADDRESS_M)) if old is not None else 0
        expected = (past + 0.5) * ADDRESS_DAYS / BEFORE_DAYS
        shape, seen = np.array([past + 0.5]), np.array([len(members)])
        chance = float(at_least(seen, np.array([expected]), shape)[0])
        if chance <= ADDRESS_CHANCE:
            found_here.append(address(recent, index, members, expected, chance))
    return found_here


def address(recent: Sequence[Happened], index: int, members: Sequence[int], expected: float, chance: float) -> Finding:
    """Return the finding of an address."""
    middle = recent[index]
    held = [recent[one] for one in members]
    reason = {"n": len(held), "days": int(ADDRESS_DAYS), "expected": as_read(expected), "chance": f"{chance:.1e}"}
    name = next((one.address for one in reversed(held) if one.address), "")
    return Finding(
        "repeat_address", f"{middle.lat:.4f},{middle.lng:.4f}", tuple(sorted(one.id for one in held)), reason,
        middle.lat, middle.lng, ADDRESS_M, name, common([one.type for one in held]),
    )  # fmt: skip


def as_read(expected: float) -> float:
    """Return an expected number as people read it: two places, and never nothing at all."""
    return max(0.01, round(expected, 2))


def common(types: Sequence[str]) -> str:
    """Return the first digits that types have in common: the whole code, four, two or none."""
    return next((types[0][:length] for length in (6, 4, 2) if len({one[:length] for one in types}) == 1), "")


def repeat_callers(found: Sequence[tuple[str, list[int]]], days: int) -> list[Finding]:
    """Return the numbers that called about several incidents."""
    return [
        Finding("repeat_caller", number, tuple(ids), {"n": len(ids), "days": days}, number=number)
        for number, ids in found
    ]


def near_repeats(found: Sequence[Happened], now: float, known: Knox) -> list[Finding]:
    """Return pairs of one type near in place and time, newest first, each type and place once; nothing while the
    centre's own history shows no near-repeats (test of Knox)."""
    if known.ratio < NEAR_RATIO or known.chance > NEAR_CHANCE:
        return []
    recent = [one for one in found if one.day > now - 2 * NEAR_DAYS]
    told: list[Finding] = []
    for late in sorted(recent, key=lambda one: -one.day):
        if late.day <= now - NEAR_DAYS:
            break
        kin = [one for one in recent if is_kin(one, late)]
        if kin and not any(near_place(one, late) for one in told):
            told.append(near_repeat(late, kin, known))
    return told


def is_kin(one: Happened, late: Happened) -> bool:
    """Tell whether an earlier event is of the same type, near in place and time."""
    return (
        one.id != late.id and one.type[:4] == late.type[:4] and 0 <= late.day - one.day <= NEAR_DAYS
        and distance_m(one.lat, one.lng, late.lat, late.lng) <= NEAR_M
    )  # fmt: skip


def near_place(told: Finding, one: Happened) -> bool:
    """Tell whether a finding of the same type lies there already."""
    assert told.lat is not None and told.lng is not None
    return told.type_group == one.type[:4] and distance_m(told.lat, told.lng, one.lat, one.lng) <= NEAR_M


def near_repeat(late: Happened, kin: Sequence[Happened], known: Knox) -> Finding:
    """Return the finding of a near-repeat around the newest event."""
    ids = tuple(sorted([late.id, *(one.id for one in kin)]))
    reason = {"n": len(ids), "days": int(NEAR_DAYS), "metres": int(NEAR_M), "ratio": round(known.ratio, 2)}
    return Finding(
        "near_repeat", f"{late.type[:4]}:{late.lat:.4f},{late.lng:.4f}", ids, reason, late.lat, late.lng, NEAR_M,
        late.address, late.type[:4], days_valid=NEAR_DAYS,
    )  # fmt: skip


def hot_places(
    grid: Grid, spots: Sequence[HotSpot], found: Sequence[Happened], since: float, weeks: int
) -> list[Finding]:
    """Return hot spots with the incidents that they rest on."""
    told = []
    for spot in spots:
        lat, lng = grid.middle(spot.cell)
        ids = tuple(sorted(one.id for one in found if one.day >= since and in_cell(grid, one) == spot.cell))
        if ids:
            reason = {
                "n": spot.seen,
                "expected": as_read(spot.expected),
                "weeks": weeks,
                "chance": f"{spot.chance:.1e}",
            }
            told.append(Finding("hot_spot", str(spot.cell), ids, reason, lat, lng, grid.cell_m / 2, hour=spot.hour, hours=3,
                                days_valid=7.0))  # fmt: skip
    return told


def in_cell(grid: Grid, one: Happened) -> int:
    """Return the cell of an event."""
    return int(grid.cell_of(*grid.metres(np.float64(one.lat), np.float64(one.lng))))

"""Whether a camera looks at a place (M24): within its range, and the bearing within half of its field of view. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from incidents.geo import bearing_deg, distance_m

USUAL_FOV_DEG: Final = 70.0
USUAL_RANGE_M: Final = 80.0
"""Of a camera whose register says nothing: what it then sees is a maybe."""
UNDER_THE_POLE_M: Final = 3.0
"""So near a bearing says nothing."""


class Sees(StrEnum):
    """What the register says of a camera and a place."""

    YES = "yes"
    MAYBE = "maybe"  # it turns, or the register does not say where it looks or how far
    NO = "no"


ORDER: Final = {Sees.YES: 0, Sees.MAYBE: 1, Sees.NO: 2}


@dataclass(frozen=True, slots=True)
class Eye:
    """Where a camera stands and looks: degrees from north, clockwise; None is unknown."""

    lat: float
    lng: float
    bearing: float | None = None
    fov_deg: float | None = None
    range_m: float | None = None


def turn_deg(one: float, other: float) -> float:
    """Return the angle between two bearings, 0 to 180 degrees."""
    return abs((one - other + 180.0) % 360.0 - 180.0)


def sees(eye: Eye, lat: float, lng: float) -> Sees:
    """Tell whether a camera sees a point. An unknown bearing counts as maybe within the range; an unknown range or
    field of view makes a yes a maybe, by the usual figures."""
    metres = distance_m(eye.lat, eye.lng, lat, lng)
    if metres > (USUAL_RANGE_M if eye.range_m is None else eye.range_m):
        return Sees.NO
    if eye.bearing is None or metres <= UNDER_THE_POLE_M:
        return Sees.MAYBE
    half = (USUAL_FOV_DEG if eye.fov_deg is None else eye.fov_deg) / 2
    if turn_deg(bearing_deg(eye.lat, eye.lng, lat, lng), eye.bearing) > half:
        return Sees.NO
    return Sees.MAYBE if eye.fov_deg is None or eye.range_m is None else Sees.YES


def place_of(found: Sees, metres: float) -> tuple[int, float]:
    """Return what cameras are ordered by: those that look at the place first, then the nearer ones."""
    return ORDER[found], metres

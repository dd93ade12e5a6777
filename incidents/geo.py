"""Points on the ground: datums, distances, boxes and the checks on every inbound point.

Stored and sent coordinates are WGS-84 degrees, latitude first. Points in another datum are converted where
they come in (domain reference, section 9): an unconverted GCJ-02 point looks plausible and lies 590 m off.
Pure: imports nothing of Django.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, isfinite, pi, radians, sin, sqrt
from typing import Final

WGS84: Final = "WGS84"
CGCS2000: Final = "CGCS2000"
GCJ02: Final = "GCJ02"
BD09: Final = "BD09"
DATUMS: Final = (WGS84, CGCS2000, GCJ02, BD09)

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the Earth in metres (IUGG), for distances on the sphere."""

METRES_PER_DEGREE: Final = EARTH_RADIUS_M * pi / 180
"""Of latitude, and of longitude at the equator."""

_AXIS: Final = 6_378_245.0
_ECCENTRICITY: Final = 0.00669342162296594323
_BD_FACTOR: Final = pi * 3000.0 / 180.0
_CLOSE_ENOUGH: Final = 1e-12
"""Degrees: a tenth of a micrometre, where the inverse stops."""


class BadPoint(ValueError):
    """A point that cannot be taken; `field` names the value at fault and `code` the reason."""

    code = "bad_point"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class UnknownDatum(BadPoint):
    """The datum is missing or not one of `DATUMS`; it is never guessed."""

    code = "unknown_datum"


class NotANumber(BadPoint):
    """A coordinate is not a finite number."""

    code = "not_a_number"


class OutOfRange(BadPoint):
    """A coordinate or an accuracy lies outside what its datum allows."""

    code = "out_of_range"


class OutsideRegion(BadPoint):
    """The point lies outside the region box of the centre."""

    code = "outside_region"


@dataclass(frozen=True, slots=True)
class Box:
    """A region between two meridians and two parallels, in WGS-84 degrees; its edges belong to it."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        _check_range(self.south, self.west)
        _check_range(self.north, self.east)
        if self.west >= self.east or self.south >= self.north:
            raise OutOfRange("box", "A box needs west < east and south < north.")

    def contains(self, lat: float, lng: float) -> bool:
        """Say whether the point lies in the box."""
        return self.south <= lat <= self.north and self.west <= lng <= self.east

    @property
    def centre(self) -> tuple[float, float]:
        """Return the middle of the box, latitude first."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2


def check_point(lat: object, lng: object, crs: object, *, box: Box | None = None) -> tuple[float, float]:
    """Check an inbound point and return it in WGS-84, latitude first.

    Takes raw values as they came in. Raises `UnknownDatum`, `NotANumber`, `OutOfRange` or, when a region box
    is given, `OutsideRegion`; each names its field (domain reference, section 9).
    """
    if not isinstance(crs, str) or crs not in DATUMS:
        raise UnknownDatum("crs", f"A point needs its datum: {', '.join(DATUMS)}.")
    point = to_wgs84(_number("lat", lat), _number("lng", lng), crs)
    if box is not None and not box.contains(*point):
        raise OutsideRegion("point", "The point lies outside the region of this centre.")
    return point


def check_accuracy(accuracy_m: object) -> float | None:
    """Check an accuracy radius in metres (0 to 100 km, None for unknown) and return it."""
    if accuracy_m is None:
        return None
    radius = _number("accuracy_m", accuracy_m)
    if not 0 <= radius <= 100_000:
        raise OutOfRange("accuracy_m", "The accuracy is a radius between 0 and 100000 m.")
    return radius


def to_wgs84(lat: float, lng: float, crs: str) -> tuple[float, float]:
    """Convert a point of the given datum to WGS-84; the inverse of GCJ-02 and BD-09 is exact to < 1 mm.

    CGCS2000 is taken as equal (below 1 m). Raises `UnknownDatum`, `NotANumber` or `OutOfRange`.
    """
    _check_input(lat, lng, crs)
    if crs == GCJ02:
        return _inverse(lat, lng, _wgs84_to_gcj02)
    if crs == BD09:
        return _inverse(*_inverse(lat, lng, _gcj02_to_bd09), _wgs84_to_gcj02)
    return lat, lng


def from_wgs84(lat: float, lng: float, crs: str) -> tuple[float, float]:
    """Convert a WGS-84 point to the given datum, for the edge of a map that wants it.

    Raises `UnknownDatum`, `NotANumber` or `OutOfRange`.
    """
    _check_input(lat, lng, crs)
    if crs == GCJ02:
        return _wgs84_to_gcj02(lat, lng)
    if crs == BD09:
        return _gcj02_to_bd09(*_wgs84_to_gcj02(lat, lng))
    return lat, lng


def distance_m(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Return the great-circle distance in metres (haversine on the mean radius)."""
    half_lat = radians(lat2 - lat1) / 2
    half_lng = radians(lng2 - lng1) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lng) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def shrink(lat: float) -> float:
    """Return how much shorter a degree of longitude is than one of latitude there."""
    return cos(radians(lat))


def bearing_deg(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Return the initial bearing from the first point to the second, 0 to 360 degrees clockwise from north."""
    turn = radians(lng2 - lng1)
    east = sin(turn) * cos(radians(lat2))
    north = cos(radians(lat1)) * sin(radians(lat2)) - sin(radians(lat1)) * cos(radians(lat2)) * cos(turn)
    return degrees(atan2(east, north)) % 360.0


def _number(field: str, value: object) -> float:
    """Return the value as a float; booleans, texts, NaN and infinities are refused."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NotANumber(field, "A coordinate is a number.")
    try:
        number = float(value)
    except OverflowError:
        raise NotANumber(field, "A coordinate is a finite number.") from None
    if not isfinite(number):
        raise NotANumber(field, "A coordinate is a finite number.")
    return number


def _check_range(lat: float, lng: float) -> None:
    if not -90 <= _number("lat", lat) <= 90:
        raise OutOfRange("lat", "A latitude lies between -90 and 90 degrees.")
    if not -180 <= _number("lng", lng) <= 180:
        raise OutOfRange("lng", "A longitude lies between -180 and 180 degrees.")


def _check_input(lat: float, lng: float, crs: str) -> None:
    if crs not in DATUMS:
        raise UnknownDatum("crs", f"A point needs its datum: {', '.join(DATUMS)}.")
    _check_range(lat, lng)
    if crs in (GCJ02, BD09):
        if not CHINA.south <= lat <= CHINA.north:
            raise OutOfRange("lat", f"{crs} is defined in China only.")
        if not CHINA.west <= lng <= CHINA.east:
            raise OutOfRange("lng", f"{crs} is defined in China only.")


def _inverse(lat: float, lng: float, forward: Callable[[float, float], tuple[float, float]]) -> tuple[float, float]:
    """Find the point that `forward` maps to the given one.

    The offset hardly changes over a metre, so each step leaves less than a hundredth of the error: 4 to 6 steps.
    """
    guess_lat, guess_lng = lat, lng
    for _ in range(20):
        image_lat, image_lng = forward(guess_lat, guess_lng)
        error_lat, error_lng = image_lat - lat, image_lng - lng
        guess_lat, guess_lng = guess_lat - error_lat, guess_lng - error_lng
        if abs(error_lat) + abs(error_lng) < _CLOSE_ENOUGH:
            break
    return guess_lat, guess_lng


def _wgs84_to_gcj02(lat: float, lng: float) -> tuple[float, float]:
    x, y = lng - 105.0, lat - 35.0
    swing = (20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + swing
    north += (20 * sin(pi * y) + 40 * sin(pi * y / 3) + 160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + swing
    east += (20 * sin(pi * x) + 40 * sin(pi * x / 3) + 150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)) * 2 / 3
    m = 1 - _ECCENTRICITY * sin(radians(lat)) ** 2
    north_deg = 180 * north * m * sqrt(m) / (pi * _AXIS * (1 - _ECCENTRICITY))
    east_deg = 180 * east * sqrt(m) / (pi * _AXIS * cos(radians(lat)))
    return lat + north_deg, lng + east_deg


def _gcj02_to_bd09(lat: float, lng: float) -> tuple[float, float]:
    radius = hypot(lng, lat) + 0.00002 * sin(_BD_FACTOR * lat)
    angle = atan2(lat, lng) + 0.000003 * cos(_BD_FACTOR * lng)
    return radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065


CHINA: Final = Box(west=72.004, south=0.8293, east=137.8347, north=55.8271)
"""Where GCJ-02 and BD-09 are defined; a point of these datums outside of it is a mistake."""

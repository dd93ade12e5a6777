"""Reading an address file: every line is looked at before anything is written, and each fault has its row and field."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from incidents import geo
from incidents.addresses.editions import Name, Range
from incidents.addresses.keys import RANKS, key_of

COLUMNS = ("kind", "name", "lat", "lng")
OPTIONAL = ("alias", "code", "note", "accuracy_m", "low", "high", "side", "lat2", "lng2")
HOUSE = "house"
SIDES = ("odd", "even", "both")
LONGEST = {"name": 80, "alias": 80, "code": 24, "note": 200}
HIGHEST_NUMBER = 99_999


class Fault(NamedTuple):
    """What is wrong in a row (the header is row 1), and in which column."""

    row: int
    column: str
    says: str


@dataclass(slots=True)
class Read:
    """What a file holds, and what is wrong with it."""

    names: list[Name] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class BadField(Exception):
    """A field that cannot be read."""

    def __init__(self, column: str, says: str) -> None:
        super().__init__(says)
        self.column, self.says = column, says


def read(lines: Iterable[str], datum: str, box: list[float]) -> Read:
    """Read a file in a datum; the points come out in WGS-84 and lie in the centre's box (south, west, north, east)."""
    table, found = csv.DictReader(lines), Read()
    missing = [name for name in COLUMNS if name not in (table.fieldnames or [])]
    unknown = [name for name in table.fieldnames or [] if name not in (*COLUMNS, *OPTIONAL)]
    if missing or unknown:
        found.faults.append(Fault(1, (missing or unknown)[0], "column is missing" if missing else "unknown column"))
        return found
    for number, line in enumerate(table, 2):
        try:
            read_line({name: (value or "").strip() for name, value in line.items() if name}, found, datum, box)
        except BadField as fault:
            found.faults.append(Fault(number, fault.column, fault.says))
    if not found.faults and not found.names:
        found.faults.append(Fault(1, "name", "there is no name in it"))
    return found


def read_line(line: dict[str, str], found: Read, datum: str, box: list[float]) -> None:
    """Add what one line says. Raises BadField."""
    kind = line["kind"]
    if kind not in (*RANKS, HOUSE):
        raise BadField("kind", f"must be one of {', '.join((*RANKS, HOUSE))}")
    for name, limit in LONGEST.items():
        if len(line.get(name, "")) > limit or "\x00" in line.get(name, ""):
            raise BadField(name, f"at most {limit} signs")
    if not key_of(line["name"]):
        raise BadField("name", "is empty")
    lat, lng = point(line, "lat", "lng", datum, box)
    if kind == HOUSE:
        found.ranges.append(house(line, (lat, lng), datum, box))
        return
    if kind == "post" and not key_of(line.get("code", "")):
        raise BadField("code", "a post has a code")
    accuracy = number(line, "accuracy_m", 0, 100_000) if line.get("accuracy_m") else None
    texts = (line.get("note", ""), line.get("code", ""), line.get("alias", ""))
    found.names.append(Name(kind, line["name"], lat, lng, *texts, accuracy_m=accuracy))


def house(line: dict[str, str], start: tuple[float, float], datum: str, box: list[float]) -> Range:
    """Return a range of house numbers. Raises BadField."""
    low, high = (int(number(line, name, 1, HIGHEST_NUMBER, whole=True)) for name in ("low", "high"))
    side = line.get("side", "")
    if side not in SIDES:
        raise BadField("side", f"must be one of {', '.join(SIDES)}")
    if high < low:
        raise BadField("high", "is below low")
    if side != "both" and {low % 2, high % 2} != {side == "odd"}:
        raise BadField("low", f"the numbers of this side are {side}")
    return Range(line["name"], low, high, side, *start, *point(line, "lat2", "lng2", datum, box))


def point(line: dict[str, str], lat_name: str, lng_name: str, datum: str, box: list[float]) -> tuple[float, float]:
    """Return a point in WGS-84, within the box. Raises BadField, which says so when the two seem to be swapped."""
    lat, lng = number(line, lat_name, -180, 180), number(line, lng_name, -180, 180)
    if not inside(lat, lng, datum, box):
        swapped = inside(lng, lat, datum, box)
        raise BadField(
            lat_name, "latitude and longitude are swapped" if swapped else "outside the region of the centre"
        )
    lat, lng = geo.to_wgs84(lat, lng, datum)
    return round(lat, 7), round(lng, 7)


def inside(lat: float, lng: float, datum: str, box: list[float]) -> bool:
    """Tell whether a point of a datum lies in a box of WGS-84."""
    try:
        lat, lng = geo.to_wgs84(lat, lng, datum)
    except geo.BadPoint:
        return False
    south, west, north, east = box
    return south <= lat <= north and west <= lng <= east


def number(line: dict[str, str], name: str, low: float, high: float, *, whole: bool = False) -> float:
    """Return a number of a line within limits. Raises BadField; NaN and infinities are no numbers."""
    text = line.get(name, "")
    convert: Callable[[str], float] = int if whole else float
    try:
        found = convert(text) if text.isascii() and "_" not in text else None
    except ValueError:
        found = None
    if found is None or not low <= found <= high:
        raise BadField(name, f"must be a number from {low} to {high}")
    return found

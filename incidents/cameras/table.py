"""The register of cameras from a table: every cell is checked first, every fault named by line and column. Pure."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from incidents import geo
from incidents.row import Json

COLUMNS: Final = ("gb_code", "name", "lat", "lng", "crs", "owner_net")
OPTIONAL: Final = ("bearing", "fov_deg", "range_m", "pole_code", "state", "neighbours")
NETS: Final = {"police": "police", "专网": "police", "social": "social", "社会": "social"}
STATES: Final = {"online": "online", "在线": "online", "offline": "offline", "离线": "offline", "": "unknown"}
MOST_FAULTS: Final = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell; line 1 is the heading."""

    line: int
    column: str
    says: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.says}"


class BadTable(ValueError):
    """A table that is not loaded; `faults` names each cell."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(one) for one in faults[:5]))
        self.faults = faults


def read(lines: Iterable[str], box: list[float]) -> list[Json]:
    """Return the facts of every camera of a table. `box` is the centre's region: south, west, north, east. Raises
    BadTable with all faults (at most 200)."""
    table = csv.DictReader(lines)
    missing = [name for name in COLUMNS if name not in (table.fieldnames or [])]
    if missing:
        raise BadTable([Fault(1, name, "the column is missing") for name in missing])
    faults: list[Fault] = []
    found: list[Json] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(table, 2):
        cells = {name: (line.get(name) or "").strip() for name in (*COLUMNS, *OPTIONAL)}
        facts, wrong = of_line(cells, box)
        faults += [Fault(number, column, says) for column, says in wrong]
        code = facts.get("gb_code", "")
        if code in seen:
            faults.append(Fault(number, "gb_code", f"stands in line {seen[code]} already"))
        seen.setdefault(code, number)
        found.append(facts)
    if not found:
        faults.append(Fault(1, "gb_code", "there is no camera below the heading"))
    if faults:
        raise BadTable(faults[:MOST_FAULTS])
    return found


def of_line(cells: dict[str, str], box: list[float]) -> tuple[Json, list[tuple[str, str]]]:
    """Return the facts of one line, and what is wrong with it by column."""
    told: list[tuple[str, str]] = []

    def wrong(column: str, says: str) -> None:
        told.append((column, says))

    facts: Json = {"name": cells["name"], "pole_code": cells["pole_code"]}
    if len(cells["gb_code"]) == 20 and cells["gb_code"].isascii() and cells["gb_code"].isdigit():
        facts["gb_code"] = cells["gb_code"]
    else:
        wrong("gb_code", "a GB/T 28181 code has 20 digits")
    if not 0 < len(cells["name"]) <= 100:
        wrong("name", "a name of up to 100 signs is wanted")
    if len(cells["pole_code"]) > 40:
        wrong("pole_code", "at most 40 signs")
    facts |= place(cells, box, wrong)
    for name, low, high in (("bearing", 0, 360), ("fov_deg", 1, 360), ("range_m", 1, 20_000)):
        facts[name] = number(cells[name], name, low, high, wrong) if cells[name] else None
    if facts["bearing"] == 360:
        facts["bearing"] = 0.0
    for name, words in (("owner_net", NETS), ("state", STATES | {"unknown": "unknown"})):
        if cells[name].lower() in words:
            facts[name] = words[cells[name].lower()]
        else:
            wrong(name, f"one of {', '.join(filter(None, words))} is wanted")
    facts["neighbours"] = cells["neighbours"].replace("|", " ").replace(";", " ").split()
    if any(len(one) != 20 or not one.isdigit() for one in facts["neighbours"]):
        wrong("neighbours", "codes of 20 digits are wanted, with spaces between them")
    return facts, told


def place(cells: dict[str, str], box: list[float], wrong: Callable[[str, str], None]) -> Json:
    """Return the point of a line in WGS-84."""
    lat = number(cells["lat"], "lat", -90, 90, wrong)
    lng = number(cells["lng"], "lng", -180, 180, wrong)
    if lat is None or lng is None:
        return {}
    try:
        lat, lng = geo.to_wgs84(lat, lng, cells["crs"])
    except geo.BadPoint as error:
        wrong("crs" if error.field == "crs" else "lat", str(error))
        return {}
    south, west, north, east = box
    if not (south <= lat <= north and west <= lng <= east):
        wrong("lat", "the point lies outside the region of the centre")
    return {"lat": round(lat, 7), "lng": round(lng, 7)}


def number(cell: str, column: str, low: float, high: float, wrong: Callable[[str, str], None]) -> Any:
    """Return a cell's number within bounds, None after telling what is wrong."""
    try:
        found = float(cell)
    except ValueError:
        wrong(column, "a number is wanted")
        return None
    if not low <= found <= high:  # refuses NaN as well
        wrong(column, f"between {low:g} and {high:g} is wanted")
        return None
    return found

"""Dimensions: by what a figure may be split. A registry: a new one is one line, and what is counted follows.

A stored dimension has its own cells. A view groups the values of a stored one when it is asked for: the branch of a
station, the squad of a unit and the hour of a slot need no cells, and a register that was put right is right for the
past as well.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from dispatch.statistics.period import CHINA
from incidents.models import Area, Code, Organisation, User
from patrol.models import Unit

CELL_M = 500.0
METRES_A_DEGREE = 111_320.0
PAIRED = ">"
SHIFTS = {"day": range(8, 16), "evening": range(16, 24), "night": range(8)}  # 早、中、夜: whole hours, by start

Names = Callable[[int, Iterable[str]], Mapping[str, str]]
Group = Callable[[int], Callable[[str], str | None]]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to split. A view names what it is `of`, and `group` returns the function from value to group."""

    key: str
    number: int
    names: Names
    of: str = ""
    group: Group | None = None


def plainly(centre_id: int, values: Iterable[str]) -> Mapping[str, str]:
    """Name values by themselves."""
    return {value: value for value in values}


def from_organisations(centre_id: int, values: Iterable[str]) -> Mapping[str, str]:
    """Name organisations."""
    found = Organisation.objects.filter(centre_id=centre_id).values_list("id", "name")
    return {str(key): name for key, name in found}


def from_units(centre_id: int, values: Iterable[str]) -> Mapping[str, str]:
    """Name units by their call signs."""
    return {str(key): sign for key, sign in Unit.objects.filter(centre_id=centre_id).values_list("id", "call_sign")}


def from_people(centre_id: int, values: Iterable[str]) -> Mapping[str, str]:
    """Name people by badge and name."""
    found = User.objects.filter(centre_id=centre_id, badge__in=list(values)).values_list("badge", "name")
    return {badge: f"{badge} {name}".strip() for badge, name in found}


def from_codes(table: str) -> Names:
    """Name the codes of a table in the active language."""

    def names(centre_id: int, values: Iterable[str]) -> Mapping[str, str]:
        chinese = (get_language() or "zh").startswith("zh")
        return {
            code: zh if chinese else en
            for code, zh, en in Code.objects.filter(table=table).values_list("code", "zh", "en")
        }

    return names


def from_pairs(centre_id: int, values: Iterable[str]) -> Mapping[str, str]:
    """Name pairs of types, the reported one first."""
    types = from_codes("incident_type")(centre_id, ())

    def word(code: str) -> str:
        return types.get(code, code) or "—"

    return {value: " → ".join(word(code) for code in types_in(value)) for value in values}


def from_areas(kind: str) -> Names:
    """Name areas of a kind by their codes; one that was ended keeps its name."""

    def names(centre_id: int, values: Iterable[str]) -> Mapping[str, str]:
        found = Area.objects.filter(centre_id=centre_id, kind=kind).values_list("code", "name")
        return {code: f"{code} {name}".strip() if name != code else name for code, name in found}

    return names


def branches(centre_id: int) -> Callable[[str], str | None]:
    """Return the branch of a station: itself, or the nearest above it."""
    rows = {
        key: (kind, parent)
        for key, kind, parent in Organisation.objects.filter(centre_id=centre_id).values_list("id", "kind", "parent_id")
    }

    def branch(value: str) -> str:
        at = int(value) if value else None
        while at is not None and at in rows:
            kind, parent = rows[at]
            if kind == "branch":
                return str(at)
            at = parent
        return ""

    return branch


def squads(centre_id: int) -> Callable[[str], str | None]:
    """Return the squad of a unit, as the register has it now."""
    rows = {
        str(key): str(squad) for key, squad in Unit.objects.filter(centre_id=centre_id).values_list("id", "squad_id")
    }
    return lambda value: rows.get(value, "")


def hours(centre_id: int) -> Callable[[str], str | None]:
    """Return the hour of a slot."""
    return lambda slot: slot[2:]


def weekdays(centre_id: int) -> Callable[[str], str | None]:
    """Return the weekday of a slot, 1 is Monday."""
    return lambda slot: slot[0]


def shifts(centre_id: int) -> Callable[[str], str | None]:
    """Return the shift that a slot's hour lies in."""
    of_hour = {f"{hour:02}": name for name, found in SHIFTS.items() for hour in found}
    return lambda slot: of_hour[slot[2:]]


def top_levels(centre_id: int) -> Callable[[str], str | None]:
    """Return the top-level type of a type."""
    return lambda code: code[:2]


STORED = [
    Dimension("all", 0, plainly),
    Dimension("station", 1, from_organisations),
    Dimension("unit", 2, from_units),
    Dimension("officer", 3, from_people),
    Dimension("type_reported", 4, from_codes("incident_type")),
    Dimension("type_verified", 5, from_codes("incident_type")),
    Dimension("priority", 6, plainly),
    Dimension("channel", 7, from_codes("channel")),
    Dimension("slot", 8, plainly),
    Dimension("area_kind", 9, plainly),
    Dimension("cell", 10, plainly),
    Dimension("beat", 11, from_areas(Area.Kind.BEAT)),
    Dimension("grid", 12, from_areas(Area.Kind.GRID)),
    Dimension("types", 13, from_pairs),
]
VIEWS = [
    Dimension("branch", 1, from_organisations, "station", branches),
    Dimension("squad", 2, from_organisations, "unit", squads),
    Dimension("top_type_reported", 4, from_codes("incident_type"), "type_reported", top_levels),
    Dimension("top_type_verified", 5, from_codes("incident_type"), "type_verified", top_levels),
    Dimension("hour", 8, plainly, "slot", hours),
    Dimension("weekday", 8, plainly, "slot", weekdays),
    Dimension("shift", 8, plainly, "slot", shifts),
]
DIMENSIONS = {one.key: one for one in (*STORED, *VIEWS)}


def types_of(reported: str, verified: str) -> str:
    """Return the pair of an incident's types: "0202>0204"; "0202>" is not verified yet."""
    return f"{reported}{PAIRED}{verified}"


def types_in(pair: str) -> tuple[str, str]:
    """Return reported and verified type of a pair."""
    reported, _, verified = pair.partition(PAIRED)
    return reported, verified


def slot_of(moment: dt.datetime) -> str:
    """Return weekday and hour of a moment at Asia/Shanghai: "1-09" is Monday from nine to ten."""
    local = moment.astimezone(CHINA)
    return f"{local.isoweekday()}-{local.hour:02}"


def cell_of(lat: float | None, lng: float | None) -> str:
    """Return the 500 m cell of a point, "row:column" of a lattice that is the same everywhere; "" without a point."""
    if lat is None or lng is None:
        return ""
    row = math.floor(lat * METRES_A_DEGREE / CELL_M)
    return f"{row}:{math.floor(lng * metres_of_lng(row) / CELL_M)}"


def cell_box(cell: str) -> tuple[float, float, float, float]:
    """Return south, west, north and east of a cell."""
    row, column = (int(part) for part in cell.split(":"))
    wide = metres_of_lng(row)
    return (
        row * CELL_M / METRES_A_DEGREE,
        column * CELL_M / wide,
        (row + 1) * CELL_M / METRES_A_DEGREE,
        (column + 1) * CELL_M / wide,
    )


def metres_of_lng(row: int) -> float:
    """Return the metres of a degree of longitude in the middle of a row of cells."""
    return METRES_A_DEGREE * math.cos(math.radians((row + 0.5) * CELL_M / METRES_A_DEGREE))

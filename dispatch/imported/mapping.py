"""How a file of another system is to be read: its columns, its clock, its datum, its words (a TOML file). Pure.

[source] name, timezone, format (of every time, as strptime writes it; "iso" for ISO 8601), datum, encoding (utf-8)
[columns] incident*, unit*, received*, dispatched, en_route, on_scene, cleared, type, priority, place, point or lat and lng
[priority] their word = 1 to 4
[type] their word = our code
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from incidents import geo

NEEDED = ("incident", "unit", "received")
TIMES = ("received", "dispatched", "en_route", "on_scene", "cleared")
COLUMNS = (*NEEDED, *TIMES[1:], "type", "priority", "place", "point", "lat", "lng")
SOURCE = ("name", "timezone", "format", "datum", "encoding")
LONGEST_NAME = 80
PRIORITIES = range(1, 5)


class BadMapping(Exception):
    """The mapping names what does not exist or leaves out what is needed; the message says which."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What the columns of a file mean."""

    name: str
    zone: ZoneInfo
    form: str
    datum: str
    encoding: str
    columns: dict[str, str]
    priorities: dict[str, int]
    types: dict[str, str]


def read(text: str, type_codes: set[str]) -> Mapping:
    """Read a mapping; `type_codes` are the codes of our types. Raises BadMapping."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(f"no TOML: {error}") from error
    refuse_unknown("", said, ("source", "columns", "priority", "type"))
    source, columns = section(said, "source"), section(said, "columns")
    refuse_unknown("source.", source, SOURCE)
    refuse_unknown("columns.", columns, COLUMNS)
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise BadMapping(f"columns.{missing[0]} is missing")
    if ("lat" in columns) != ("lng" in columns) or ("point" in columns and "lat" in columns):
        raise BadMapping("a place is either columns.point or columns.lat with columns.lng")
    return Mapping(
        name=name_of(source),
        zone=zone_of(source),
        form=str(source.get("format", "iso")),
        datum=datum_of(source, columns),
        encoding=str(source.get("encoding", "utf-8-sig")),
        columns={name: str(column) for name, column in columns.items()},
        priorities=priorities_of(section(said, "priority")),
        types=types_of(section(said, "type"), type_codes),
    )


def section(said: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a section of the mapping, empty where it is left out."""
    found = said.get(name, {})
    if not isinstance(found, dict):
        raise BadMapping(f"{name} is no section")
    return found


def refuse_unknown(before: str, found: dict[str, Any], known: tuple[str, ...]) -> None:
    """Refuse a name that nothing reads: it is a slip of the pen."""
    for name in found:
        if name not in known:
            raise BadMapping(f"{before}{name} is not known; known are {', '.join(known)}")


def name_of(source: dict[str, Any]) -> str:
    """Return the name of the other system."""
    name = str(source.get("name", "")).strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadMapping(f"source.name has 1 to {LONGEST_NAME} characters")
    return name


def zone_of(source: dict[str, Any]) -> ZoneInfo:
    """Return the zone in which the file writes its times; it is never guessed."""
    try:
        return ZoneInfo(str(source["timezone"]))
    except (KeyError, ValueError, ZoneInfoNotFoundError) as error:
        raise BadMapping("source.timezone is missing or unknown (such as Asia/Shanghai)") from error


def datum_of(source: dict[str, Any], columns: dict[str, Any]) -> str:
    """Return the datum of the points; needed where the file has points."""
    datum = str(source.get("datum", ""))
    if ("point" in columns or "lat" in columns) and datum not in geo.DATUMS:
        raise BadMapping(f"source.datum is one of {', '.join(geo.DATUMS)}")
    return datum


def priorities_of(said: dict[str, Any]) -> dict[str, int]:
    """Return our priority for each of their words."""
    for word, value in said.items():
        if not isinstance(value, int) or value not in PRIORITIES:
            raise BadMapping(f"priority.{word} is not 1 to 4")
    return dict(said)


def types_of(said: dict[str, Any], known: set[str]) -> dict[str, str]:
    """Return our type for each of their words."""
    for word, code in said.items():
        if code not in known:
            raise BadMapping(f"type.{word}: there is no type {code}")
    return {word: str(code) for word, code in said.items()}

"""Reading a row of another system's file by its mapping: a response of one unit, or what is wrong with it. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from dispatch.imported.mapping import TIMES, Mapping
from incidents import geo

LONGEST = {"incident": 40, "unit": 20, "type": 80, "priority": 20, "place": 200}
LONGEST_TASK = dt.timedelta(days=31)
NUMBER = re.compile(r"-?\d{1,3}(?:\.\d+)?")


class Fault(NamedTuple):
    """What is wrong in a row (the header is row 1), and in which column of the file."""

    row: int
    column: str
    says: str


@dataclass(frozen=True, slots=True)
class Response:
    """What one unit did about one incident; times in UTC, the point in WGS-84."""

    row: int
    incident: str
    unit: str
    received_at: dt.datetime
    dispatched_at: dt.datetime | None
    departed_at: dt.datetime | None
    on_scene_at: dt.datetime | None
    cleared_at: dt.datetime | None
    type: str
    type_code: str
    priority_text: str
    priority: int | None
    place: str
    lat: float | None
    lng: float | None


class BadField(Exception):
    """A field that cannot be read."""

    def __init__(self, column: str, says: str) -> None:
        super().__init__(says)
        self.column, self.says = column, says


def read(lines: Iterable[str], mapping: Mapping) -> Iterator[Response | Fault]:
    """Read a file row by row; a header that lacks a mapped column is the only fault then."""
    table = csv.DictReader(lines)
    absent = [column for column in mapping.columns.values() if column not in (table.fieldnames or [])]
    if absent:
        yield Fault(1, absent[0], "column is missing")
        return
    for number, line in enumerate(table, 2):
        try:
            yield read_row(
                number, {name: (line.get(column) or "").strip() for name, column in mapping.columns.items()}, mapping
            )
        except BadField as fault:
            yield Fault(number, mapping.columns.get(fault.column, fault.column), fault.says)


def read_row(number: int, line: dict[str, str], mapping: Mapping) -> Response:
    """Read one row. Raises BadField."""
    for name, longest in LONGEST.items():
        if len(line.get(name, "")) > longest:
            raise BadField(name, f"longer than {longest} characters")
    for name in ("incident", "unit", "received"):
        if not line[name]:
            raise BadField(name, "is empty")
    times = {name: moment(name, line.get(name, ""), mapping) for name in TIMES}
    refuse_disorder(times)
    received = times["received"]
    assert received is not None
    lat, lng = point(line, mapping)
    return Response(
        number, line["incident"], line["unit"], received, times["dispatched"], times["en_route"], times["on_scene"],
        times["cleared"], line.get("type", ""), mapping.types.get(line.get("type", ""), ""), line.get("priority", ""),
        mapping.priorities.get(line.get("priority", "")), line.get("place", ""), lat, lng,
    )  # fmt: skip


def moment(name: str, text: str, mapping: Mapping) -> dt.datetime | None:
    """Read a time at the file's zone. In the hour that a clock repeats in autumn the first one is taken."""
    if not text:
        return None
    try:
        read = written(text, mapping.form)
    except ValueError as error:
        raise BadField(name, f"no time of the form {mapping.form}") from error
    if not 1970 <= read.year <= 2100:
        raise BadField(name, "not between 1970 and 2100")
    return (read if read.tzinfo else read.replace(tzinfo=mapping.zone)).astimezone(dt.UTC)


def written(text: str, form: str) -> dt.datetime:
    """Return a time as it is written, with or without its offset. Raises ValueError."""
    if form == "iso":
        return dt.datetime.fromisoformat(text)
    return dt.datetime.strptime(text, form)  # noqa: DTZ007  the mapping's zone is added where the text has none


def refuse_disorder(times: dict[str, dt.datetime | None]) -> None:
    """Refuse a row whose times go backwards, or that lasts longer than a month."""
    known = [(name, at) for name in TIMES if (at := times[name]) is not None]
    for (before, earlier), (after, later) in pairwise(known):
        if later < earlier:
            raise BadField(after, f"lies before {before}")
    if known[-1][1] - known[0][1] > LONGEST_TASK:
        raise BadField(known[-1][0], "lies more than 31 days after the call")


def point(line: dict[str, str], mapping: Mapping) -> tuple[float | None, float | None]:
    """Read a place as WGS-84; "(lat, lng)" where one column holds both. Nothing stays nothing."""
    if "point" in line:
        numbers = NUMBER.findall(line["point"])
        if not line["point"]:
            return None, None
        column = "point"
        if len(numbers) != 2:
            raise BadField(column, "is no pair of latitude and longitude")
    elif line.get("lat", "") or line.get("lng", ""):
        numbers, column = [line["lat"], line["lng"]], "lat"
    else:
        return None, None
    try:
        lat, lng = float(numbers[0]), float(numbers[1])
        if not (-90 <= lat <= 90 and -180 <= lng <= 180):
            raise ValueError
    except ValueError as error:
        raise BadField(column, "is no latitude and longitude") from error
    return geo.to_wgs84(lat, lng, mapping.datum)

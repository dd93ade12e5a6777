"""Reading the export: one response of one unit a row, times in Pacific time without an offset. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

LOCAL: Final = ZoneInfo("America/Los_Angeles")
STAMP: Final = "%m/%d/%Y %I:%M:%S %p"
POINT: Final = re.compile(r"\(?(-?\d+(?:\.\d+)?),\s*(-?\d+(?:\.\d+)?)\)?$")


@dataclass(frozen=True, slots=True)
class Response:
    """One unit's response to one incident, as the file has it; a missing time is None."""

    row_id: str
    incident_no: str
    call_no: str
    unit: str
    unit_type: str
    call_type: str
    disposition: str
    original_priority: str
    final_priority: str
    address: str
    lat: float | None
    lng: float | None
    received: dt.datetime
    entered: dt.datetime
    dispatched: dt.datetime
    responded: dt.datetime | None
    arrived: dt.datetime | None
    cleared: dt.datetime | None
    transported: bool


@dataclass(frozen=True, slots=True)
class Export:
    """What a file holds: its responses once each, in the order of their dispatch, and the ids that came twice."""

    responses: list[Response]
    repeated: list[str]


def read(path: Path) -> Export:
    """Read a CSV file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return collected(responses(csv.DictReader(file)))


def responses(lines: Iterable[Mapping[str, str]]) -> Iterator[Response]:
    """Yield the responses of the file's lines."""
    for line in lines:
        lat, lng = point(line["Location"])
        received = moment(line["Received DtTm"])
        entered, dispatched = moment(line["Entry DtTm"]), moment(line["Dispatch DtTm"])
        if received is None or dispatched is None:
            raise ValueError(f"row {line['RowID']} has no time of receipt or of dispatch")
        yield Response(
            row_id=line["RowID"],
            incident_no=line["Incident Number"],
            call_no=line["Call Number"],
            unit=line["Unit ID"],
            unit_type=line["Unit Type"],
            call_type=line["Call Type"],
            disposition=line["Call Final Disposition"],
            original_priority=line["Original Priority"],
            final_priority=line["Final Priority"],
            address=", ".join(part for part in (line["Address"], line["City"]) if part),
            lat=lat,
            lng=lng,
            received=received,
            entered=entered or received,
            dispatched=dispatched,
            responded=moment(line["Response DtTm"]),
            arrived=moment(line["On Scene DtTm"]),
            cleared=moment(line["Available DtTm"]),
            transported=bool(line["Transport DtTm"]),
        )


def collected(found: Iterable[Response]) -> Export:
    """Return each response once, by dispatch."""
    once: dict[tuple[str, str], Response] = {}
    repeated = []
    for response in found:
        if once.setdefault((response.incident_no, response.unit), response) is not response:
            repeated.append(response.row_id)
    return Export(sorted(once.values(), key=lambda one: (one.dispatched, one.incident_no, one.row_id)), repeated)


def first_incidents(export: Export, limit: int | None) -> Export:
    """Return the part of an export that belongs to the first `limit` incidents by their receipt."""
    if limit is None:
        return export
    received = {response.incident_no: response.received for response in export.responses}
    kept = set(sorted(received, key=lambda number: (received[number], number))[:limit])
    return Export([response for response in export.responses if response.incident_no in kept], export.repeated)


def moment(text: str) -> dt.datetime | None:
    """Return a time of the file in UTC, None when it is empty."""
    if not text.strip():
        return None
    return dt.datetime.strptime(text.strip(), STAMP).replace(tzinfo=LOCAL).astimezone(dt.UTC)


def point(text: str) -> tuple[float | None, float | None]:
    """Return latitude and longitude of "(lat, lng)", None twice when there is none."""
    found = POINT.match(text.strip())
    return (float(found[1]), float(found[2])) if found else (None, None)


def box_around(found: Iterable[Response], margin: float = 0.02) -> tuple[float, float, float, float]:
    """Return west, south, east, north around all points."""
    points = [(one.lat, one.lng) for one in found if one.lat is not None and one.lng is not None]
    lats, lngs = [lat for lat, _ in points], [lng for _, lng in points]
    edges = (min(lngs) - margin, min(lats) - margin, max(lngs) + margin, max(lats) + margin)
    return (round(edges[0], 3), round(edges[1], 3), round(edges[2], 3), round(edges[3], 3))

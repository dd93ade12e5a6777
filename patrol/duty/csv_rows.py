"""Rows of a roster from a table: what a spreadsheet exports, headings in either language."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.refusals import BadInput
from incidents.row import Json
from incidents.services.numbers import CITY_TIME

MOST_ROWS = 2_000
HEADINGS = {
    "呼号": "call_sign",
    "call_sign": "call_sign",
    "带班": "lead",
    "lead": "lead",
    "组员": "crew",
    "crew": "crew",
    "车牌": "vehicle",
    "vehicle": "vehicle",
    "岗位": "post",
    "post": "post",
    "纬度": "post_lat",
    "lat": "post_lat",
    "经度": "post_lng",
    "lng": "post_lng",
    "巡区": "beat",
    "beat": "beat",
    "开始": "starts_at",
    "starts_at": "starts_at",
    "结束": "ends_at",
    "ends_at": "ends_at",
}
NEEDED = ("call_sign", "lead", "starts_at", "ends_at")
LIMITS = {"vehicle": 20, "post": 100, "beat": 60}
PARTERS = str.maketrans(dict.fromkeys("、，,;；/", " "))


def rows_of(text: str) -> list[Json]:
    """Return the rows of a table with a heading. Times are the city's unless they carry an offset; latitude and
    longitude are WGS-84. Raises BadInput with the number of each row (from 0) that cannot be read."""
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    heading = [HEADINGS.get(cell.strip().lower(), "") for cell in next(lines, [])]
    missing = [name for name in NEEDED if name not in heading]
    if missing:
        raise BadInput(csv=_("These columns are missing: %(columns)s.") % {"columns": ", ".join(missing)})
    found: list[Json] = []
    wrong: dict[str, Any] = {}
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        facts, errors = read(dict(zip(heading, (cell.strip() for cell in cells), strict=False)))
        wrong |= {f"rows__{len(found)}__{name}": sentence for name, sentence in errors.items()}
        found.append(facts)
        if len(found) > MOST_ROWS:
            raise BadInput(csv=_("At most %(rows)s rows at once.") % {"rows": MOST_ROWS})
    if wrong:
        raise BadInput(**wrong)
    if not found:
        raise BadInput(csv=_("There is no row below the heading."))
    return found


def read(cells: dict[str, str]) -> tuple[Json, Json]:
    """Return the facts of one row and what is wrong with it, by column."""
    facts: Json = {}
    errors: Json = {name: _("This is missing.") for name in NEEDED if not cells.get(name)}
    for name, cell in cells.items():
        if not name or not cell:
            continue
        try:
            facts[name] = value(name, cell)
        except ValueError:
            errors[name] = _("This cannot be read: %(cell)s.") % {"cell": cell[:40]}
    return facts, errors


def value(name: str, cell: str) -> Any:
    """Return a cell's value. Raises ValueError."""
    if name in ("starts_at", "ends_at"):
        moment = dt.datetime.fromisoformat(cell.replace("/", "-"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=CITY_TIME)).astimezone(dt.UTC)
    if name in ("post_lat", "post_lng"):
        number = float(cell)
        if not abs(number) <= (90 if name == "post_lat" else 180):
            raise ValueError(cell)
        return number
    if name == "crew":
        return cell.translate(PARTERS).split()
    return cell[: LIMITS.get(name, 12)]

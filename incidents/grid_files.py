"""Reading the directory of the grids from tables: people and teams, every fault with its line and column. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any

PEOPLE = ("grid", "worker_no", "officer_no")
PEOPLE_ALSO = ("worker_phone",)
TEAMS = ("name", "kind", "leader", "phone")
TEAMS_ALSO = ("call_sign", "grid", "members", "view_level")
FIRST_LINE = 2  # the line of the first row: above it stands the head
LONGEST_FILE = 20_000


class BadDirectory(ValueError):
    """What is wrong with a file, one sentence for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def read(lines: Iterable[str], needed: tuple[str, ...], also: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rows of a table with these columns. Raises BadDirectory with every fault."""
    table = csv.DictReader(lines)
    heads = [name.strip() for name in table.fieldnames or []]
    faults = [f"the column {name} is missing" for name in needed if name not in heads]
    faults += [f"the column {name} is not known" for name in heads if name not in (*needed, *also)]
    if faults:
        raise BadDirectory(faults)
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(table, FIRST_LINE):
        if number > LONGEST_FILE:
            raise BadDirectory([f"more than {LONGEST_FILE} lines"])
        row = {name: (line.get(name) or "").strip() for name in (*needed, *also) if name in heads}
        faults += [f"line {number}: {name} is empty" for name in needed if not row[name]]
        rows.append(row)
    if faults:
        raise BadDirectory(faults)
    return rows


def teams_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the facts of the teams: a number of members is a number, what is empty is left out. Raises BadDirectory."""
    faults: list[str] = []
    found = []
    for number, row in enumerate(rows, FIRST_LINE):
        facts: dict[str, Any] = {name: value for name, value in row.items() if value != ""}
        if "members" in facts:
            if not facts["members"].isdecimal() or int(facts["members"]) > 10_000:
                faults.append(f"line {number}: members is no number up to 10000")
            else:
                facts["members"] = int(facts["members"])
        found.append(facts)
    if faults:
        raise BadDirectory(faults)
    return found

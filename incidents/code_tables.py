"""The code tables of the trade as versioned plain data (domain reference, section 7).

The rows stand in the readable files of `incidents/codes/`; this module gives them one shape. The seed loads them
into the database, where a centre may edit names, `ext_code` (the customer's own scheme) and settings.
Pure: imports nothing of Django.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

VERSION: Final = 6
"""Raised by every change to a shipped row."""

_FOLDER: Final = Path(__file__).parent / "codes"
_FILES: Final = ("intake", "outcomes", "report", "units", "work", "duty", "merit")
_CARD_WORDS: Final = ("first_units", "first_units_en", "told", "told_en")


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code of one table, its two names, the customer's own code and what else the system knows of it."""

    code: str
    zh: str
    en: str
    ext_code: str
    attributes: dict[str, Any]


def find(table: str, code: str) -> CodeRow:
    """Return the shipped row of a code. Raises KeyError when there is no such table or code."""
    for row in TABLES[table]:
        if row.code == code:
            return row
    raise KeyError(f"{table} {code}")


def _load() -> dict[str, list[CodeRow]]:
    tables = {"incident_type": _incident_types(_read("incident_types"), _read("cards"))}
    for name in _FILES:
        for table, rows in _read(name).items():
            if table != "version":
                tables[table] = [_row(cells) for cells in rows]
    return tables


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _row(cells: list[Any]) -> CodeRow:
    code, zh, en = cells[:3]
    return CodeRow(code, zh, en, "", dict(cells[3]) if len(cells) > 3 else {})


def _incident_types(types: dict[str, Any], cards: dict[str, dict[str, Any]]) -> list[CodeRow]:
    """Return the three levels in the order of their codes, so that a child follows its parent."""
    rows = []
    for level, name in enumerate(("top", "second", "third"), start=1):
        for code, zh, en, priority in types[name]:
            rows.append(CodeRow(code, zh, en, "", _type_attributes(code, level, priority, cards[code[:2]])))
    return sorted(rows, key=lambda row: (row.code[:4].ljust(4, "0"), row.code))


def _type_attributes(code: str, level: int, priority: int, card: dict[str, Any]) -> dict[str, Any]:
    attributes = {
        "level": level,
        "parent": code[:-2],
        "priority": priority,
        "attendance": card["attendance"],
        "intake_class": card["intake_class"],
        "units_wanted": card["units_wanted"],
        "unit_kinds": card["unit_kinds"],
    }
    if level == 1:
        attributes.update({word: card[word] for word in _CARD_WORDS})
    return attributes


TABLES: Final = _load()
"""Every table by its name; the rows in the order in which a person should be offered them."""

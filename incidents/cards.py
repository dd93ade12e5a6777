"""Question cards (微预案, M63): what is asked, read out, ordered and ticked off, by incident type. Pure.

The cards are versioned data (`codes/cards.toml`; a centre loads its own with `manage.py load_cards`). This module reads
and checks them; a finer type takes everything from the coarser one and changes what it names itself.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

Json = dict[str, Any]
SHIPPED: Final = (Path(__file__).parent / "codes" / "cards").with_suffix(".toml")
YES_NO, COUNT, WORDS, SAY = "yesno", "count", "words", "say"
KINDS: Final = (YES_NO, COUNT, WORDS, SAY)
ANSWERS: Final = ("yes", "no", "unknown")
DONE, UNKNOWN = "done", "unknown"
# Which field of the incident each kind of answer may fill.
FILLS: Final = {
    YES_NO: ("weapon", "hazmat", "explosion_leak"),
    COUNT: ("injured", "trapped", "dead", "offenders_reported"),
    WORDS: ("vehicle_plate", "vehicle_note", "place_note"),
    SAY: (),
}
LIMITS: Final = {"vehicle_plate": 20, "vehicle_note": 200, "place_note": 200}
LONGEST: Final = 400
MOST_COUNTED: Final = 100_000
PLACES: Final = frozenset({"type", "place", "note", "risks", "people", "vehicle", "silent", "remote", "advice"})
_OF_CODE_TABLE: Final = frozenset(
    {"attendance", "intake_class", "units_wanted", "unit_kinds", "first_units", "first_units_en", "told", "told_en"}
)
_OF_CARD: Final = frozenset({"questions", "first", "checklist", "order", "advice"})
_WORDS: Final = ("opening_zh", "opening_en", "late_zh", "late_en")
ALL, CODED, SPOKEN = "all", "coded", "words"


class BadCards(ValueError):
    """The cards cannot be used; the text names the section and what is wrong."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask or, of the kind "say", to read out; `fills` names the field that the answer goes to."""

    key: str
    kind: str
    fills: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the officer ticks off."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Card:
    """The card of a type, with all that it takes from coarser ones."""

    questions: tuple[Question, ...]
    checklist: tuple[Step, ...]
    order: str
    advice: str

    def question(self, key: str) -> Question | None:
        """Return a question by its key."""
        return next((one for one in self.questions if one.key == key), None)

    def step(self, key: str) -> Step | None:
        """Return a step of the checklist by its key."""
        return next((one for one in self.checklist if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Cards:
    """All cards of one version."""

    version: int
    words: dict[str, str]
    coded: Card
    by_type: dict[str, Card]

    def of(self, type_code: str) -> Card:
        """Return the card of the longest code that a type begins with; the card of all for an unknown one."""
        for length in range(len(type_code), 0, -1):
            if type_code[:length] in self.by_type:
                return self.by_type[type_code[:length]]
        return self.by_type[""]

    def row(self) -> Json:
        """Return the cards as the screens take them: whole cards by type; "" holds for types without one."""
        return {
            "version": self.version,
            "words": self.words,
            "coded": [asdict(one) for one in self.coded.questions],
            "cards": {code: _card_row(card) for code, card in self.by_type.items()},
        }


def _card_row(card: Card) -> Json:
    return {
        "questions": [asdict(one) for one in card.questions],
        "checklist": [asdict(one) for one in card.checklist],
    }


def read(path: Path = SHIPPED) -> Cards:
    """Read a file of cards. Raises BadCards, also for what is no TOML."""
    try:
        return from_data(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadCards(str(error)) from error


def from_data(data: Json) -> Cards:
    """Make cards of what a file says, checked. Raises BadCards."""
    version = data.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise BadCards("version: a whole number from 1 on is missing")
    words = data.get(SPOKEN, {})
    for name in _WORDS:
        _text(words.get(name), f"{SPOKEN}.{name}")
    base = _card("all", data.get(ALL, {}), None)
    found = {"": base}
    for code in sorted(name for name in data if name not in ("version", SPOKEN, CODED, ALL)):
        if not re.fullmatch(r"(\d\d){1,3}", code):
            raise BadCards(f"{code}: a section is a type of two, four or six digits")
        parent = next(found[code[:length]] for length in (4, 2, 0) if length < len(code) and code[:length] in found)
        found[code] = _card(code, data[code], parent)
    coded = _card(CODED, data.get(CODED, {}), base)
    return Cards(version, {name: words[name] for name in _WORDS}, coded, found)


def _card(section: str, said: Json, parent: Card | None) -> Card:
    unknown = sorted(set(said) - _OF_CARD - _OF_CODE_TABLE)
    if unknown:
        raise BadCards(f"{section}.{unknown[0]}: unknown name")
    before = parent.questions if parent else ()
    asked = _questions(section, "questions", said["questions"]) if "questions" in said else before
    first = _questions(section, "first", said.get("first", []))
    keys = {one.key for one in first}
    questions = (*first, *(one for one in asked if one.key not in keys))
    checklist = (*(parent.checklist if parent else ()), *_steps(section, said.get("checklist", [])))
    _no_twice(section, "questions", [one.key for one in questions])
    _no_twice(section, "checklist", [one.key for one in checklist])
    order = said.get("order", parent.order if parent else "")
    strange = set(re.findall(r"\{(\w*)\}", order)) - PLACES
    if strange:
        raise BadCards(f"{section}.order: unknown place {{{sorted(strange)[0]}}}")
    return Card(questions, checklist, order, said.get("advice", parent.advice if parent else ""))


def _questions(section: str, name: str, rows: Any) -> tuple[Question, ...]:
    made = []
    for index, row in enumerate(rows):
        where = f"{section}.{name}.{index}"
        if not isinstance(row, list) or len(row) != 5:
            raise BadCards(f"{where}: a question is [key, kind, fills, Chinese, English]")
        for value in (row[0], row[3], row[4]):
            _text(value, where)
        question = Question(*row)
        if question.kind not in KINDS:
            raise BadCards(f"{where}: unknown kind {question.kind}")
        if question.fills and question.fills not in FILLS[question.kind]:
            raise BadCards(f"{where}: an answer of the kind {question.kind} cannot fill {question.fills}")
        made.append(question)
    return tuple(made)


def _steps(section: str, rows: Any) -> tuple[Step, ...]:
    made = []
    for index, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != 3:
            raise BadCards(f"{section}.checklist.{index}: a step is [key, Chinese, English]")
        for value in row:
            _text(value, f"{section}.checklist.{index}")
        made.append(Step(*row))
    return tuple(made)


def _text(value: Any, where: str) -> None:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise BadCards(f"{where}: words are missing or too long")


def _no_twice(section: str, name: str, keys: list[str]) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1 or not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", key)})
    if twice:
        raise BadCards(f"{section}.{name}: the key {twice[0]} stands twice or is no plain word")


def changed(before: Cards, after: Cards) -> list[str]:
    """Name the types whose card differs between two versions, with "words" and "coded" for what is shared."""
    codes = sorted(set(before.by_type) | set(after.by_type))
    found = [code or ALL for code in codes if before.by_type.get(code) != after.by_type.get(code)]
    found += [SPOKEN] if before.words != after.words else []
    return found + ([CODED] if before.coded != after.coded else [])


def order_text(template: str, values: dict[str, str]) -> str:
    """Fill the template of an order: a part between " · " whose places are all empty is left out."""
    parts = []
    for part in template.split(" · "):
        places = re.findall(r"\{(\w+)\}", part)
        if places and not any(values.get(place) for place in places):
            continue
        parts.append(re.sub(r"\{(\w+)\}", lambda found: values.get(found.group(1), ""), part).strip())
    return " · ".join(part for part in parts if part)

"""What is new in a further caller's words: only that goes on to the units (targets 6.1, point 12). Pure.

A clause is new when it holds a plate, a danger, an injury, a direction, somebody's looks, a number of people or a vehicle
that the incident does not know, or when its words are new altogether. One that only says once more what kind of thing
happens is none: nobody on the way needs to hear it twice. The rules are data (`codes/news.toml`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from incidents import hints, likeness, sounds

SHIPPED: Final = Path(__file__).parent / "codes" / "news.toml"
CLAUSE: Final = re.compile(r"[，。；！？、,;!?：:\n…~]+|\.(?!\d)")
MOST_CLAUSES: Final = 40
KINDS: Final = ("plate", "danger", "injured", "direction", "looks", "people", "car", "words")


@dataclass(frozen=True, slots=True)
class News:
    """One thing that the units do not know yet: what kind it is, and the caller's own words."""

    what: str  # one of KINDS
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an event: everybody's words, its type, the dangers that were answered yes, its plates."""

    text: str
    type: str = ""
    dangers: frozenset[str] = frozenset()
    injured: bool = False
    plates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules, ready to be used."""

    known_from: float
    shortest: int
    most: int
    longest: int
    kinds: dict[str, tuple[str, ...]]
    idle: re.Pattern[str]


@cache
def rules(path: Path = SHIPPED) -> Rules:
    """Read the rules once."""
    said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Rules(
        **said["settings"],
        kinds={kind: tuple(words) for kind, words in said["kinds"].items()},
        idle=hints.either(said["idle"]["words"]),
    )


def new_in(text: str, known: Known, by: Rules | None = None) -> list[News]:
    """Return what a caller's words tell that is not known yet, in the caller's order, each thing once."""
    rule = by or rules()
    common = likeness.rules().common
    heard = sounds.hear(known.text, common).grams
    before = frozenset(hint.value for hint in hints.read(known.text).dangers) | known.dangers
    found: list[News] = []
    for clause in list(clauses(text))[:MOST_CLAUSES]:
        kind = kind_of(clause, known, before, rule)
        if kind is None or (kind not in ("plate", "danger", "injured") and is_known(clause, heard, rule, common)):
            continue
        found.append(News(kind, clause[: rule.longest]))
        heard = heard | sounds.hear(clause, common).grams
    return list(dict.fromkeys(found))[: rule.most]


def clauses(text: str) -> Iterable[str]:
    """Yield the clauses of a text."""
    return (clause for part in CLAUSE.split(sounds.unified(text)) if (clause := part.strip()))


def kind_of(clause: str, known: Known, dangers: frozenset[str], rule: Rules) -> str | None:
    """Name what a clause tells that nobody knows; None when it is nothing of that kind or known already."""
    if sounds.plates(clause) - known.plates - sounds.plates(known.text):
        return "plate"
    read = hints.read(clause)
    if {hint.value for hint in read.dangers} - dangers:
        return "danger"
    if said(rule.kinds["injured"], clause) and not known.injured and not said(rule.kinds["injured"], known.text):
        return "injured"
    for kind in ("direction", "looks", "people", "car"):
        if said(rule.kinds[kind], clause):
            return kind
    only_its_type = bool(read.types) and all(hint.value[:2] == known.type[:2] for hint in read.types)
    bare = rule.idle.sub("", sounds.PLATE.sub("", clause))
    return "words" if len(bare) >= rule.shortest and not only_its_type else None


def said(words: Iterable[str], text: str) -> bool:
    """Tell whether a text says one of these words and does not deny it."""
    return bool(hints.said(words, text, hints.rules()))


def is_known(clause: str, heard: frozenset[str], rule: Rules, common: re.Pattern[str]) -> bool:
    """Tell whether most of a clause has been said before, homophones being the same."""
    own = sounds.hear(rule.idle.sub("，", clause), common).grams - {""}
    return not own or len(own & heard) / len(own) >= rule.known_from

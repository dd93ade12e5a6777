"""What a narrative suggests: types, a priority, dangers; by versioned rules, with their reasons (domain 7.2, M16).

Pure. The rules are words (`codes/hints.toml`). Traps such as 死角 or 消毒 are taken out first; a word that is denied
(没有受伤) does not count. A hint never decides: the caller's seat shows it, a person accepts it or goes on.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

SHIPPED: Final = Path(__file__).parent / "codes" / "hints.toml"
BLANK: Final = "□"
DENIED_WITHIN: Final = 4
"""A negation reaches so many signs."""
APART: Final = 8
"""The parts of a word `A~B` stand at most so many signs apart."""
MOST_TYPES: Final = 3
LONGEST: Final = 4_000


@dataclass(frozen=True, slots=True)
class Hint:
    """One suggestion and the words of the text that it rests on."""

    value: str
    because: tuple[str, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Hints:
    """Everything that a text suggests."""

    version: int
    types: tuple[Hint, ...]
    priority: Hint | None  # "1" or "2"
    dangers: tuple[Hint, ...]  # names of the form's danger questions


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules, ready to be used."""

    version: int
    traps: re.Pattern[str]
    denial: re.Pattern[str]
    types: dict[str, tuple[str, ...]]
    raises: tuple[tuple[int, tuple[str, ...]], ...]
    dangers: dict[str, tuple[str, ...]]


@cache
def rules(path: Path = SHIPPED) -> Rules:
    """Read the rules once."""
    said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    near = f"[^{re.escape(said['borders'])}{BLANK}]{{0,{DENIED_WITHIN}}}$"
    return Rules(
        version=int(said["version"]),
        traps=either(said["traps"]),
        denial=re.compile(f"(?:{either(said['negations']).pattern}){near}"),
        types={code: tuple(words) for code, words in said["types"].items()},
        raises=tuple((int(one["level"]), tuple(one["words"])) for one in said["raise"]),
        dangers={name: tuple(words) for name, words in said["dangers"].items()},
    )


def either(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of any of these words, the longest first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def read(text: str, by: Rules | None = None) -> Hints:
    """Return what a text suggests: at most three types, best first, a priority to raise to, and dangers."""
    known = by or rules()
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    plain = known.traps.sub(lambda found: BLANK * len(found.group()), plain)
    types = [
        Hint(code, found, score(code, found))
        for code, words in known.types.items()
        if (found := tuple(longest(said(words, plain, known))))
    ]
    types.sort(key=lambda hint: (-hint.score, hint.value))
    priority = next(
        (Hint(str(level), found) for level, words in known.raises if (found := tuple(said(words, plain, known)))), None
    )
    dangers = tuple(
        Hint(name, found) for name, words in known.dangers.items() if (found := tuple(said(words, plain, known)))
    )
    return Hints(known.version, tuple(without_parents(types)[:MOST_TYPES]), priority, dangers)


def said(words: Iterable[str], text: str, known: Rules) -> list[str]:
    """Return the words that the text says and does not deny."""
    return [word for word in words if any(not denied(text, at, known) for at in places(word, text))]


def places(word: str, text: str) -> Iterable[int]:
    """Yield where a word stands in a text; `A~B` stands where A does, with B at most eight signs after it."""
    for found in pattern(word).finditer(text):
        yield found.start()


@cache
def pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of a word of the rules; what lies between its parts is of one sentence."""
    between = f"[^。；！？\n{BLANK}]{{0,{APART}}}?"
    return re.compile(between.join(re.escape(part) for part in word.split("~")))


def denied(text: str, at: int, known: Rules) -> bool:
    """Tell whether what stands at a place is denied by the words before it."""
    return known.denial.search(text[max(0, at - DENIED_WITHIN - 2) : at]) is not None


def longest(words: list[str]) -> list[str]:
    """Leave out words that stand inside another one of the same type."""
    return [word for word in words if not any(word != other and word in other for other in words)]


def score(code: str, found: tuple[str, ...]) -> float:
    """Return how strongly words speak for a type: the longer a word, the more special it is; a finer type wins a tie."""
    return float(sum(len(word) ** 1.5 for word in found) + len(code) / 10)


def without_parents(types: list[Hint]) -> list[Hint]:
    """Leave out a type whose finer one is suggested at least as strongly."""
    return [
        hint for at, hint in enumerate(types) if not any(other.value.startswith(hint.value) for other in types[:at])
    ]

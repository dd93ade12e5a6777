"""What somebody typed into a place field, taken apart. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from incidents.addresses.keys import crossing_key, key_of

MOST_WORDS = 4
LONGEST = 60
_HOUSE = re.compile(r"^(?P<street>.*?\D)(?P<number>\d{1,5})(?P<rest>(?:号|號|弄|栋|幢)?.*)$")
_STREET_ENDS = ("", "路", "街", "大道", "巷", "道")


@dataclass(frozen=True, slots=True)
class House:
    """A house number on a street: the keys that the street may have, the number, and what was typed after it."""

    streets: tuple[str, ...]
    number: int
    rest: str


@dataclass(frozen=True, slots=True)
class Query:
    """A search: its whole key, its words, the crossing and the house that it may mean."""

    key: str
    words: tuple[str, ...]
    crossing: str
    house: House | None

    @property
    def is_letters(self) -> bool:
        """Tell whether it is pinyin, initials or a code."""
        return self.key.isascii()


def parse(text: str) -> Query | None:
    """Take a text apart; None when nothing is left to search for. Nothing in it is a wildcard."""
    key = key_of(text[: 4 * LONGEST])[:LONGEST]
    if not key:
        return None
    words = tuple(found for word in text[: 4 * LONGEST].split()[:MOST_WORDS] if (found := crossing_key(key_of(word))))
    return Query(key, words, crossing_key(key), house_of(key))


def house_of(key: str) -> House | None:
    """Return the house that a key names: 新华路45号, xhl45. A street may be named without its end: 新华45号."""
    found = _HOUSE.match(key)
    if not found or not (rest := found["rest"] or "号"):
        return None
    street = found["street"]
    ends = ("",) if street.isascii() or street.endswith(_STREET_ENDS[1:]) else _STREET_ENDS
    tail = re.sub(r"^[号號]", "", rest)
    return House(tuple(street + end for end in ends), int(found["number"]), tail)

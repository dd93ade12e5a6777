"""Words as the search compares them, and the grams by which they are found. Pure."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from incidents.addresses.keys import key_of, letters_of

LONGEST_QUERY, MOST_TERMS, SHORTEST_TERM = 200, 8, 2
LONGEST_TEXT = 20_000
_LATIN = re.compile(r"[0-9a-z]+")
_DASHED = re.compile(r"(?<=\d)-(?=\d)")
_IDENTITY = re.compile(r"\d{15}|\d{17}[\dx]")
_NUMBER = re.compile(r"#(\d{1,12})")


def plain(text: str) -> str:
    """Return text as it is compared: NFKC, small letters, without invisible signs, telephone numbers without dashes."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(" " if sign.isspace() else sign for sign in folded if sign.isspace() or sign.isprintable())
    return _DASHED.sub("", seen)


def terms_of(query: str) -> list[str]:
    """Return the words of a query, each once; every sign stands for itself, `%` and `_` too."""
    return list(dict.fromkeys(plain(query).split()))


def number_of(term: str) -> int | None:
    """Return the running number that `#241` names."""
    found = _NUMBER.fullmatch(term)
    return int(found[1]) if found else None


def is_identity(term: str) -> bool:
    """Tell whether a word is a whole identity number; our own numbers have a letter."""
    return _IDENTITY.fullmatch(term) is not None


def grams_of(line: str) -> set[str]:
    """Return the pairs of neighbouring signs of a line, and the triples of its runs of Latin letters and digits."""
    found = {a + b for word in line.split() for a, b in pairwise(word)}
    for run in _LATIN.findall(line):
        found.update(run[at : at + 3] for at in range(len(run) - 2))
    return found


def needed(term: str) -> list[str]:
    """Return the grams that whatever holds a term must have: triples where it has them, they say more."""
    found: set[str] = set()
    pairs = {a + b for a, b in pairwise(term)}
    for run in _LATIN.findall(term):
        found.update(run[at : at + 3] for at in range(len(run) - 2))
    covered = {gram[at : at + 2] for gram in found for at in (0, 1)}
    return sorted(found | (pairs - covered))


def sounds(text: str) -> list[str]:
    """Return pinyin and initials of a name or place, by which it is found too."""
    key = key_of(text)
    if not key or key.isascii():
        return []
    _syllables, pinyin, initials = letters_of(key)
    return [pinyin, initials]

"""Chinese text as it sounds: one sign per syllable without tone, so that homophones typed in a hurry are the same. Pure.

An input method gives 新华路 or 新化路 for the same keys, and southern speech does not tell zh from z or ing from in;
both are taken together. Plates and telephone numbers are found and taken out: they count by themselves.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from pypinyin import lazy_pinyin

PRIVATE: Final = 0xE000
BREAK: Final = "\n"
LONGEST: Final = 6_000
PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE: Final = re.compile(rf"[{PROVINCES}][A-Z][·.\- ]?[A-Z0-9]{{5,6}}(?![A-Z0-9])", re.IGNORECASE)
NUMBER: Final = re.compile(r"(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8})(?!\d)")
MERGED: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"))
ENDINGS: Final = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_syllables: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Heard:
    """A text as signs and, sign by sign, as sounds; both have the same length, clauses end with BREAK."""

    signs: str
    sounds: str

    @property
    def grams(self) -> frozenset[str]:
        """Return all pairs of sounds that follow each other within a clause."""
        return frozenset(pairs(self.sounds))


def pairs(sounds: str) -> list[str]:
    """Return the pairs of sounds in their order, "" where a clause ends."""
    return ["" if BREAK in (first, second) else first + second for first, second in pairwise(sounds)]


def unified(text: str) -> str:
    """Return a text in one width, at most 6,000 signs of it."""
    return unicodedata.normalize("NFKC", text[:LONGEST])


def plates(text: str) -> frozenset[str]:
    """Return the licence plates in a text, in one way of writing."""
    return frozenset(plate(found.group()) for found in PLATE.finditer(unified(text)))


def plate(text: str) -> str:
    """Return a plate without its dot and spaces, in capitals."""
    return re.sub(r"[·.\-\s]", "", unified(text)).upper()


def numbers(text: str) -> frozenset[str]:
    """Return the telephone numbers in a text."""
    return frozenset(found.group().replace("-", "") for found in NUMBER.finditer(unified(text)))


def hear(text: str, common: re.Pattern[str] | None = None) -> Heard:
    """Return a text as signs and sounds, without plates, numbers and the words that say nothing."""
    plain = NUMBER.sub(BREAK, PLATE.sub(BREAK, unified(text).lower()))
    if common is not None:
        plain = common.sub(BREAK, plain)
    signs = re.sub(r"[^0-9a-z\u3400-\u9fff]+", BREAK, plain).strip(BREAK)
    return Heard(signs, "".join(sound(sign) for sign in signs))


@lru_cache(maxsize=30_000)
def sound(sign: str) -> str:
    """Return the sound of one sign as one private sign; digits and letters stand for themselves."""
    if not "\u3400" <= sign <= "\u9fff":
        return sign
    said = lazy_pinyin(sign)[0]
    for wide, narrow in MERGED:
        said = said.replace(wide, narrow, 1) if said.startswith(wide) else said
    for wide, narrow in ENDINGS:
        said = said[: -len(wide)] + narrow if said.endswith(wide) else said
    return _syllables.setdefault(said, chr(PRIVATE + len(_syllables)))


def in_common(heard: Heard, grams: frozenset[str], weight: dict[str, float] | None = None, most: int = 3) -> list[str]:
    """Return the longest stretches of a text whose pairs the other text has too, the most telling first."""
    found: list[tuple[float, str]] = []
    start, worth = None, 0.0
    for at, gram in enumerate([*pairs(heard.sounds), ""]):
        if gram and gram in grams:
            start = at if start is None else start
            worth += weight.get(gram, 1.0) if weight else 1.0
        elif start is not None:
            found.append((worth, heard.signs[start : at + 1]))
            start, worth = None, 0.0
    found.sort(key=lambda one: (-one[0], one[1]))
    return list(dict.fromkeys(words for _worth, words in found))[:most]

"""The keys by which a name is found: itself, its pinyin, its initials, its pairs of signs and of syllables. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from pypinyin import Style, lazy_pinyin

LONGEST_KEY = 80
RANKS = {"station": 0, "landmark": 1, "road": 2, "crossing": 3, "shop": 4, "post": 5}
_JOINING = re.compile(r"(?<=.)[与和及、/](?=.)")
_CROSSING_END = re.compile(r"(?:的?(?:交叉路?口|交汇处|十字路?口|丁字路?口|路?口))$")


def key_of(text: str) -> str:
    """Return a name as it is compared: full-width and composed forms alike (NFKC), lower case, without spaces,
    punctuation, marks of direction and control signs."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] not in "CPZ")[:LONGEST_KEY]


def rank_of(kind: str) -> int:
    """Return where a kind stands in a list of results; an unknown one stands with the shops."""
    return RANKS.get(kind, RANKS["shop"])


def crossing_key(key: str) -> str:
    """Return the key of a crossing without what joins and ends it: 新华路与延安路路口 is 新华路延安路."""
    return _JOINING.sub("", _without_end(key))


def roads_of(name: str) -> list[str]:
    """Return the two roads of a crossing's name, or nothing."""
    roads = _JOINING.split(_without_end(key_of(name)))
    return roads if len(roads) == 2 else []


def _without_end(key: str) -> str:
    """Cut 路口 off: of 延安路路口 both signs, of 延安路口 the last alone."""
    found = _CROSSING_END.search(key)
    if not found:
        return key
    cut = key[: found.start()]
    return f"{cut}路" if found[0] == "路口" and not cut.endswith(("路", "街", "巷", "道")) else cut


def letters_of(key: str) -> tuple[list[str], str, str]:
    """Return the syllables of a key, its pinyin and its initials; signs without a reading stay as they are."""
    syllables = [syllable for sign in _parts(key) for syllable in _reading(sign)]
    initials = "".join(syllable[0] if len(syllable) > 1 and syllable.isalpha() else syllable for syllable in syllables)
    return syllables, "".join(syllables)[:240], initials[:LONGEST_KEY]


def _parts(key: str) -> list[str]:
    """Split into Hanzi and runs of other signs, whose letters stand for themselves."""
    return re.findall(r"[a-z]|[0-9]+|.", key)


@lru_cache(maxsize=40_000)
def _reading(sign: str) -> tuple[str, ...]:
    """Return the reading of one sign. Read one by one: the words of a dictionary would cost ten times as long, and a
    road's name is not read by its neighbours but for a few signs."""
    return tuple(lazy_pinyin(sign, style=Style.NORMAL, errors="default", v_to_u=False))


def pairs_of(key: str) -> list[str]:
    """Return the pairs of neighbouring signs, each once: trigrams would not serve two-sign queries."""
    return list(dict.fromkeys(a + b for a, b in pairwise(key)))


def syllable_pairs(syllables: list[str]) -> list[str]:
    """Return the pairs of neighbouring syllables: gongyuan in zhongshangongyuan."""
    return [a + b for a, b in pairwise(syllables) if a.isalpha() and b.isalpha() and len(a) > 1 and len(a + b) <= 16]

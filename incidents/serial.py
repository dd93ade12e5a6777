"""Which incidents may be the work of one hand: by type, way, plate, words, place, time of day (串并, M26, M61). Pure.

Points, no chance: nothing here is labelled, so no probability can be told truly. Every suggestion says why; an analyst,
a dispatcher, the video desk or the watch commander decides. The rules are data (`codes/serial.toml`).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from incidents import likeness, sounds
from incidents.likeness import Rarity, Report, Signs

SHIPPED: Final = Path(__file__).parent / "codes" / "serial.toml"
DAY: Final = 86_400.0
CITY_OFFSET_S: Final = 8 * 3_600
WORDS_FROM: Final = 0.25
"""Share of the other one's words, weighed by how rare they are, from which on they count as alike."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Settings, points, and the ways of doing it with their words."""

    version: int
    settings: Mapping[str, float]
    points: Mapping[str, float]
    means: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Kin:
    """One incident that may belong to the same series, with the reasons."""

    id: int
    points: float
    type: str  # "same", "kin", ""
    plate: str
    means: tuple[str, ...]
    words: tuple[str, ...]
    metres: float | None
    days: float
    same_hour: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of two incidents: what is known of it, as it is and made ready."""

    report: Report
    signs: Signs


@cache
def rules(path: Path = SHIPPED) -> Rules:
    """Read the rules once."""
    said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    means = {name: tuple(words) for name, words in said["means"].items()}
    return Rules(int(said["version"]), said["settings"], said["points"], means)


def kin_of(one: Report, others: Mapping[int, Report], by: Rules | None = None) -> list[Kin]:
    """Return the incidents that have most in common with one, the strongest first."""
    known = by or rules()
    ready = {id: likeness.signs(other, likeness.rules()) for id, other in others.items()}
    mine = likeness.signs(one, likeness.rules())
    rarity = Rarity()
    for signs in ready.values():
        rarity.add(signs.grams)
    own = rarity.weigh(mine.grams)
    pairs = {id: (Side(one, mine), Side(others[id], signs)) for id, signs in ready.items()}
    found = [compared(id, *sides, own, known) for id, sides in pairs.items()]
    strong = [kin for kin in found if kin.points >= known.settings["show_from"] and (kin.type or kin.plate)]
    return sorted(strong, key=lambda kin: (-kin.points, -kin.id))[: int(known.settings["shown"])]


def compared(id: int, left: Side, right: Side, own: dict[str, float], known: Rules) -> Kin:
    """Return what two incidents have in common."""
    one, mine, other, theirs = left.report, left.signs, right.report, right.signs
    kin = likeness.kinship(one.type, other.type)
    plates = sorted(mine.plates & theirs.plates)
    means = tuple(sorted(means_of(one.words, known) & means_of(other.words, known)))
    said = mine.grams - mine.there - theirs.there
    whole = sum(own[gram] for gram in said)
    alike = sum(own[gram] for gram in said & theirs.grams) / whole if whole else 0.0
    metres = likeness.apart(mine, theirs)
    days = abs(one.at - other.at) / DAY
    same_hour = hours_apart(one.at, other.at) <= known.settings["hours"]
    worth = known.points
    points = (
        {"same": worth["same_type"], "kin": worth["kin_type"]}.get(kin, 0.0)
        + (worth["plate"] if plates else 0.0)
        + (worth["means"] if means else 0.0)
        + worth["words"] * max(0.0, alike - WORDS_FROM) / (1 - WORDS_FROM)
        + (worth["near"] * math.exp(-metres / known.settings["near_m"]) if metres is not None else 0.0)
        + (worth["hour"] if same_hour else 0.0)
        + worth["recent"] * math.exp(-days / known.settings["days"] * 3)
    )
    return Kin(
        id=id,
        points=round(points, 2),
        type=kin if kin in ("same", "kin") else "",
        plate=plates[0] if plates else "",
        means=means,
        words=tuple(sounds.in_common(mine.heard, theirs.grams - theirs.there, own)) if alike >= WORDS_FROM else (),
        metres=None if metres is None else round(metres),
        days=round(days, 1),
        same_hour=same_hour,
    )


def means_of(words: str, known: Rules) -> set[str]:
    """Name the ways of doing it that a text tells of."""
    return {name for name, said in known.means.items() if any(word in words for word in said)}


def hours_apart(one: float, other: float) -> float:
    """Return how far two moments lie apart on the clock of the city, 0 to 12 hours."""
    apart = abs((one + CITY_OFFSET_S) % DAY - (other + CITY_OFFSET_S) % DAY) / 3600
    return min(apart, 24 - apart)

"""How likely a report is of an event that is known already: by place, time, type, words, plate and number (F6). Pure.

The weights are data (`codes/likeness.toml`, or a city's own by ZZ110_LIKENESS) and give log-odds for each open event
against "an event that nobody has reported yet". A report belongs to one event at most, so the chances of all events
and of the new one add up to 1: two equally good candidates are each told as even chances. A person decides.
"""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from rapidfuzz import fuzz, process

from incidents import sounds
from incidents.sounds import Heard

SHIPPED: Final = Path(__file__).parent / "codes" / "likeness.toml"
METRES_A_DEGREE: Final = 111_195.0
SURELY_SEEN: Final = 20
"""So many texts are taken as seen before the first: with few open events every word would look rare."""
ENOUGH: Final = 4.0
"""Shared words that weigh so much are as good as any further ones."""
ALIKE_FROM: Final = 60.0
"""Likeness of two said places, of 100, from which on it counts."""
FAR_TIMES: Final = 6.0
LATE_TIMES: Final = 4.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The figures of F6 and what follows from them; metres and seconds."""

    near_m: float
    recent_s: float
    never_m: float
    never_s: float
    show_from: float
    work_from: float
    shown: int


@dataclass(frozen=True, slots=True)
class Rules:
    """Settings, weights by the name of what they weigh, and the words that say nothing."""

    version: int
    settings: Settings
    weights: Mapping[str, float]
    common: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Report:
    """What one caller said, or all that is known of one event. Moments are seconds since 1970."""

    at: float  # of the answer; of an event: of its latest report
    lat: float | None = None
    lng: float | None = None
    type: str = ""
    place: str = ""
    words: str = ""
    plate: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signs:
    """A report made ready to be compared."""

    at: float
    lat: float | None
    lng: float | None
    type: str
    place: str  # as sounds
    text: str  # place and words as sounds
    heard: Heard
    grams: frozenset[str]  # of place and words
    there: frozenset[str]  # of the place alone
    plates: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Like:
    """One event that a report may be about, with its reasons."""

    id: int
    chance: float
    metres: float | None
    seconds: float
    type: str  # "same", "kin" (of the same top level), "other", "" unknown
    words: tuple[str, ...]
    plate: str
    number: bool


@cache
def rules(path: Path | None = None) -> Rules:
    """Read the rules once."""
    chosen = path or Path(os.environ.get("ZZ110_LIKENESS") or SHIPPED)
    said: dict[str, Any] = tomllib.loads(chosen.read_text(encoding="utf-8"))
    common = sorted(said["text"]["common"], key=len, reverse=True)
    return Rules(
        version=int(said["version"]),
        settings=Settings(**said["settings"]),
        weights=dict(said["weights"]),
        common=re.compile("|".join(map(re.escape, common))),
    )


def signs(report: Report, known: Rules) -> Signs:
    """Make a report ready to be compared."""
    text = f"{report.place}\n{report.words}"
    heard, place = sounds.hear(text, known.common), sounds.hear(report.place, known.common)
    own = {sounds.plate(report.plate)} if report.plate else set()
    return Signs(
        at=report.at,
        lat=report.lat,
        lng=report.lng,
        type=report.type,
        place=place.sounds,
        text=heard.sounds,
        heard=heard,
        grams=heard.grams - {""},
        there=place.grams - {""},
        plates=sounds.plates(text) | own,
        numbers=sounds.numbers(report.words) | {number for number in report.numbers if len(number) >= 5},
    )


class Rarity:
    """How rare each pair of sounds is among the open events; kept up as they come and go."""

    def __init__(self) -> None:
        self.texts = 0
        self.seen: Counter[str] = Counter()

    def add(self, grams: frozenset[str]) -> None:
        """A text has come."""
        self.texts += 1
        self.seen.update(grams)

    def remove(self, grams: frozenset[str]) -> None:
        """A text has gone."""
        self.texts -= 1
        self.seen.subtract(grams)

    def weigh(self, grams: Iterable[str]) -> dict[str, float]:
        """Return the weight of each pair, between 0 (in every text) and 1."""
        whole = math.log(self.texts + SURELY_SEEN)
        return {gram: max(0.0, 1 - math.log(self.seen[gram] + 1) / whole) for gram in grams}


def likely(new: Signs, events: Mapping[int, Signs], rarity: Rarity, known: Rules) -> list[Like]:
    """Return the events that a report may be about, the likeliest first, those below the shown chance left out."""
    compared = compare(new, events, rarity, known)
    chances = shares([log_odds(features, known) for _id, features in compared])
    found = [(chance, id) for (id, _features), chance in zip(compared, chances, strict=True)]
    found = sorted((one for one in found if one[0] >= known.settings.show_from), key=lambda one: (-one[0], one[1]))
    weight = rarity.weigh(new.grams)
    return [told(new, id, events[id], chance, weight) for chance, id in found]


def shares(odds: Sequence[float]) -> list[float]:
    """Turn log-odds against a new event into chances that add up to 1 together with it."""
    top = max([0.0, *odds])
    whole = math.exp(-top) + sum(math.exp(one - top) for one in odds)
    return [math.exp(one - top) / whole for one in odds]


def log_odds(features: Mapping[str, float], known: Rules) -> float:
    """Weigh what two reports have in common."""
    return sum(known.weights[name] * value for name, value in features.items())


def compare(
    new: Signs, events: Mapping[int, Signs], rarity: Rarity, known: Rules
) -> list[tuple[int, dict[str, float]]]:
    """Return what a report has in common with each event that it could be about."""
    possible = {id: event for id, event in events.items() if could_be(new, event, known.settings)}
    own = rarity.weigh(new.grams)
    places = said_places(new, list(possible.values()))
    return [
        (id, features(new, event, places[at], own, known.settings)) for at, (id, event) in enumerate(possible.items())
    ]


def could_be(new: Signs, event: Signs, settings: Settings) -> bool:
    """Tell whether an event is worth a closer look."""
    if new.plates & event.plates or new.numbers & event.numbers:
        return True
    if new.at - event.at > settings.never_s:
        return False
    metres = apart(new, event)
    return metres is None or metres <= settings.never_m


def apart(new: Signs, event: Signs) -> float | None:
    """Return the distance of two reports in metres on a plane, None when one of them has no point."""
    if new.lat is None or new.lng is None or event.lat is None or event.lng is None:
        return None
    north = (event.lat - new.lat) * METRES_A_DEGREE
    east = (event.lng - new.lng) * METRES_A_DEGREE * math.cos(math.radians(new.lat))
    return math.hypot(north, east)


def said_places(new: Signs, events: Sequence[Signs]) -> list[float]:
    """Return for each event how well its said place is found in the report's words, 0 to 1."""
    if not events:
        return []
    found = process.cdist(
        [new.text], [event.place for event in events], scorer=fuzz.partial_ratio, score_cutoff=ALIKE_FROM
    )[0]
    return [
        max(0.0, float(one) - ALIKE_FROM) / (100 - ALIKE_FROM) if len(event.place) > 1 else 0.0
        for one, event in zip(found, events, strict=True)
    ]


def features(new: Signs, event: Signs, place: float, own: Mapping[str, float], settings: Settings) -> dict[str, float]:
    """Return what is compared, by the names of the weights."""
    metres = apart(new, event)
    # The words of the place are compared by `place`; what else both tell of is what has happened.
    said = new.grams - new.there - event.there
    shared = sum(own[gram] for gram in said & event.grams)
    whole = sum(own[gram] for gram in said)
    words = shared / whole if whole else 0.0
    alone = 1.0 if metres is None else 0.0
    return {
        "bias": 1.0,
        "no_point": alone,
        "near": 0.0 if metres is None else math.exp(-metres / settings.near_m),
        "around": 0.0 if metres is None else math.exp(-metres / (3 * settings.near_m)),
        "far": 0.0 if metres is None else min(metres / settings.near_m, FAR_TIMES) / FAR_TIMES,
        "late": late(new.at - event.at, settings),
        **types(new.type, event.type),
        "words": words,
        "shared": min(shared, ENOUGH) / ENOUGH,
        "place": place,
        "place_alone": place * alone,
        "other_place": 1.0 if place == 0 and len(new.place) > 1 and len(event.place) > 1 else 0.0,
        "words_alone": words * alone,
        "plate": 1.0 if new.plates & event.plates else 0.0,
        "other_plate": 1.0 if new.plates and event.plates and not new.plates & event.plates else 0.0,
        "number": 1.0 if new.numbers & event.numbers else 0.0,
    }


def late(seconds: float, settings: Settings) -> float:
    """Return how late a report comes, 0 to 1: the first minutes weigh more than those after half an hour."""
    times = min(max(0.0, seconds) / settings.recent_s, LATE_TIMES)
    return math.log1p(6 * times) / math.log1p(6 * LATE_TIMES)


def types(one: str, other: str) -> dict[str, float]:
    """Compare two types; an unknown one says nothing."""
    kin = kinship(one, other)
    return {f"{name}_type": 1.0 if kin == name else 0.0 for name in ("same", "kin", "other")}


def kinship(one: str, other: str) -> str:
    """Tell whether two types are the same, of the same top level, or others; "" when one is unknown."""
    if not one or not other:
        return ""
    if one == other:
        return "same"
    return "kin" if one[:2] == other[:2] else "other"


def told(new: Signs, id: int, event: Signs, chance: float, weight: dict[str, float]) -> Like:
    """Return an event with the reasons for its chance."""
    metres = apart(new, event)
    plates = sorted(new.plates & event.plates)
    return Like(
        id=id,
        chance=round(chance, 3),
        metres=None if metres is None else round(metres),
        seconds=max(0.0, new.at - event.at),
        type=kinship(new.type, event.type),
        words=tuple(sounds.in_common(new.heard, event.grams, weight)),
        plate=plates[0] if plates else "",
        number=bool(new.numbers & event.numbers),
    )

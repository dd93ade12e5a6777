"""The calls of a seed: who rings when, from where, with what. Pure, and the same for the same seed on every machine."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from dispatch.simulator import scenes, words
from dispatch.simulator.city import Spots
from dispatch.simulator.volumes import (
    DUPLICATES_PER_INCIDENT,
    Rate,
    arrivals,
    draw,
    first_kinds,
    hour_of,
    incident_mix,
    merged,
    night_weight,
)

CHANNELS: Final = {"CH11": 90, "CH22": 4, "CH31": 1.5, "CH21": 1.5, "CH41": 3}  # traffic calls also use CH12
ROUGH_M: Final = (120.0, 400.0)  # how far an unverified place may be off
WITHDRAWN_SHARE: Final = 0.015  # callers who ring again: not needed any more
# How often one, two or three more people report the same, in units of the mean: the weighted sum is 1.
MORE_CALLERS: Final = {1: 0.48, 2: 0.08, 3: 0.12}


@dataclass(frozen=True, slots=True)
class Scene:
    """What has happened, as the call-taker will write it down and the officers will find it."""

    code: str
    place: str  # what the place search is asked for
    address: str
    lat: float
    lng: float
    verified: bool
    narrative: str
    offenders: int | None
    plate: str
    danger: str  # the danger question that is answered yes, "" for none
    injured: int | None
    minutes: float  # of handling
    result: str
    style: str  # how it is typed: early, late, or typeless (the place first, the type afterwards)
    withdrawn_after: float | None  # seconds after which the caller withdraws

    @property
    def top(self) -> str:
        """Return the top level of the type."""
        return self.code[:2]

    @property
    def needs_unit(self) -> bool:
        """Tell whether a unit goes."""
        return self.top not in scenes.NO_UNIT_NEEDED


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call to come. `at` and all lengths are seconds of the agents' clock."""

    number: int
    at: float
    kind: str  # of volumes.CALL_MIX
    channel: str
    name: str
    sex: str
    phone: str
    caller_lat: float
    caller_lng: float
    words: str
    talk: float
    patience: float  # until a caller who is not answered gives up
    reached: tuple[bool, ...]  # whether each try to ring back reaches somebody
    scene: Scene | None = None
    same_as: int | None = None  # number of the call that reported it first

    @property
    def marker(self) -> str:
        """Return the recording's number, by which a later run knows its own kind of call."""
        return f"SIM-{self.number:06d}"


def calls(seed: int, rate: Rate, places: Spots, start_hour: int = 8) -> Iterator[PlannedCall]:
    """Yield the calls of a seed in their order, for ever.

    What the n-th call is depends on seed, n and the hour alone, so that a change of one draw moves no other call.
    """
    later: list[tuple[float, int]] = []
    reported: dict[int, PlannedCall] = {}  # first calls, until the last of the others has rung
    number = 0
    for at, parent in merged(arrivals(rate, Random(f"{seed}/arrivals"), start_hour), later):
        number += 1
        random = Random(f"{seed}/call/{number}")
        if parent is not None:
            first = reported[parent]
            if not any(waiting == parent for _, waiting in later):
                del reported[parent]
            yield _again(number, at, first, random)
            continue
        kind = draw(first_kinds(rate), random)
        call = _first(number, at, kind=kind, hour=hour_of(at, start_hour), places=places, random=random)
        others = _others(random) if call.scene is not None else 0
        if others:
            reported[number] = call
        for _ in range(others):
            heapq.heappush(later, (at + random.uniform(40, 420), number))
        yield call


def _others(random: Random) -> int:
    """Draw how many others report the same: most events have one caller, some have four; the mean is the call mix's."""
    several = [share * DUPLICATES_PER_INCIDENT for share in MORE_CALLERS.values()]
    return random.choices((0, *MORE_CALLERS), weights=(1 - sum(several), *several))[0]


def _first(number: int, at: float, *, kind: str, hour: int, places: Spots, random: Random) -> PlannedCall:
    scene = draw_scene(hour, places, random) if kind == "incident" else None
    home = places.draw("home" if random.random() < 0.5 else "public", random)
    lat, lng = (scene.lat, scene.lng) if scene is not None else (home.lat, home.lng)
    said = scene.narrative if scene is not None else _other_words(kind, random)
    return _call(number, at, kind=kind, said=said, place=(lat, lng), random=random, scene=scene)


def _again(number: int, at: float, parent: PlannedCall, random: Random) -> PlannedCall:
    assert parent.scene is not None
    said = f"{parent.scene.address}这里的事，有人报过了吗？{parent.scene.narrative}"
    place = (parent.scene.lat, parent.scene.lng)
    return _call(
        number, at, kind="duplicate", said=said, place=place, random=random, scene=parent.scene, same_as=parent.number
    )


def _call(
    number: int,
    at: float,
    *,
    kind: str,
    said: str,
    place: tuple[float, float],
    random: Random,
    scene: Scene | None,
    same_as: int | None = None,
) -> PlannedCall:
    name, sex = words.person(random)
    lat, lng = off_by(*place, random.uniform(5, 120), random)
    short = kind in ("misdial", "silent", "test", "nuisance")
    return PlannedCall(
        number=number,
        at=at,
        kind=kind,
        channel=_channel(scene, random) if kind in ("incident", "duplicate") else "CH11",
        name=name if random.random() < 0.8 else "匿名",
        sex=sex,
        phone=words.phone(random),
        caller_lat=lat,
        caller_lng=lng,
        words=said,
        talk=random.uniform(8, 20) if short else min(240.0, random.lognormvariate(4.2, 0.35)),
        patience=random.lognormvariate(3.6, 0.6),
        reached=tuple(random.random() < 0.6 for _ in range(2)),
        scene=scene,
        same_as=same_as,
    )


def _channel(scene: Scene | None, random: Random) -> str:
    if scene is not None and scene.top == "03" and random.random() < 0.25:
        return "CH12"
    return draw(CHANNELS, random)


def _other_words(kind: str, random: Random) -> str:
    said = {
        "non_police": words.NO_POLICE,
        "enquiry": words.ENQUIRIES,
        "nuisance": words.NUISANCES,
        "officer": words.OFFICER_CALLS,
        "test": ("线路测试，一切正常",),
        "misdial": ("不好意思，打错了",),
    }.get(kind, ("",))
    return random.choice(said)


def draw_scene(hour: int, places: Spots, random: Random) -> Scene:
    """Draw what happens in an hour of the day, and where."""
    top = draw(incident_mix(hour), random)
    kinds = scenes.KINDS[top]
    found = random.choices(kinds, weights=[kind.weight * night_weight(kind.code, hour) for kind in kinds])[0]
    spot = places.draw(found.where, random)
    verified = random.random() < 0.82
    lat, lng = (spot.lat, spot.lng) if verified else off_by(spot.lat, spot.lng, random.uniform(*ROUGH_M), random)
    return Scene(
        code=found.code,
        place=spot.name,
        address=spot.address,
        lat=lat,
        lng=lng,
        verified=verified,
        narrative=words.filled(random.choice(found.stories), spot.address, random),
        offenders=random.randint(1, 3) if top in ("01", "02") else None,
        plate=words.plate(random) if top == "03" else "",
        danger=scenes.DANGERS.get(found.code, ""),
        injured=scenes.INJURED.get(found.code),
        minutes=scenes.HANDLING_MINUTES.get(top, 20) * random.lognormvariate(0, 0.35),
        result=draw(scenes.RESULTS.get(top, {"RS10": 1}), random),
        style=draw({"early": 60, "late": 30, "typeless": 10}, random),
        withdrawn_after=random.uniform(60, 300) if random.random() < WITHDRAWN_SHARE else None,
    )


def off_by(lat: float, lng: float, metres: float, random: Random) -> tuple[float, float]:
    """Return a point so many metres away in a direction that is drawn, still inside the demo box."""
    step = complex(random.gauss(0, 1), random.gauss(0, 1))
    step *= metres / (abs(step) or 1.0)
    return (
        round(min(24.5695, max(24.4605, lat + step.imag / 110_800)), 7),
        round(min(117.7795, max(117.6005, lng + step.real / 101_300)), 7),
    )

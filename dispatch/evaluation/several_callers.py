"""A labelled set of calls: several callers for one event in other words, at wrong or missing places, with traps. Pure.

Everything is drawn from a seed. Traps are other events of the same top-level type, begun within a quarter of an hour and
some steps away, half of them at a place of the same name. The shares are ours: no public set of Chinese calls exists.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from dispatch.evaluation import witnesses
from dispatch.simulator import scenes, words
from dispatch.simulator.city import Spot, Spots, spots
from dispatch.simulator.plan import Scene, draw_scene, off_by
from incidents import sounds
from incidents.likeness import Report

EVERY_S: Final = 45.0  # a new event, in the mean: a city of 1,900 incidents a day
MORE: Final = ((0, 0.55), (1, 0.22), (2, 0.13), (3, 0.06), (5, 0.04))  # further callers and their share
TRAP: Final = 0.25
SAME_NAME: Final = 0.5
AGAIN: Final = 0.10  # the same person rings again
NO_POINT: Final = 0.25
WRONG_POINT: Final = 0.40
WRONG_BY_M: Final = (50.0, 800.0)
SOON: Final = 0.8  # of the further callers within minutes, the others up to three quarters of an hour later
DETAIL: Final = 0.4  # of a further caller to tell of a person, colour, way or thing that the first one told of
SLIP: Final = 0.05  # of a sign that has a homophone to be typed as it


@dataclass(frozen=True, slots=True)
class Told:
    """One call with the number of its event, which the scorer is not told."""

    at: float
    event: int
    report: Report


@dataclass(frozen=True, slots=True)
class Event:
    """What has happened, and how the first caller told it."""

    number: int
    at: float
    scene: Scene
    phone: str
    plates: tuple[str, ...]


def calls(events: int, seed: int) -> list[Told]:
    """Return the calls of so many events (traps come on top) in their order."""
    return sorted(told(events, seed), key=lambda one: (one.at, one.event))


def told(events: int, seed: int) -> Iterator[Told]:
    """Yield the calls event by event."""
    random, places, number, at = Random(f"several/{seed}"), spots(), 0, 0.0
    everywhere = places.everywhere()
    for _ in range(events):
        at += random.expovariate(1 / EVERY_S)
        hour = int(at // 3600 + 8) % 24
        event = happened(number, at, draw_scene(hour, places, random), random)
        yield from heard(event, everywhere, random)
        number += 1
        if random.random() < TRAP:
            trap = neighbour(number, event, everywhere, places, random)
            yield from heard(trap, everywhere, random)
            number += 1


def happened(number: int, at: float, scene: Scene, random: Random) -> Event:
    """Return an event with the number of its first caller and the plates that can be read there."""
    plates = tuple(sorted(sounds.plates(scene.narrative))) or ((scene.plate,) if scene.plate else ())
    return Event(number, at, scene, words.phone(random), plates)


def neighbour(number: int, event: Event, everywhere: list[Spot], places: Spots, random: Random) -> Event:
    """Return another event of the same top-level type nearby and soon: the trap."""
    old = event.scene
    lat, lng = off_by(old.lat, old.lng, random.uniform(60, 500), random)
    kinds = [kind for kind in scenes.KINDS[old.top] if kind.code != old.code] or list(scenes.KINDS[old.top])
    same_type = random.random() < 0.5
    kind = next(one for one in scenes.KINDS[old.top] if one.code == old.code) if same_type else random.choice(kinds)
    spot = nearest(lat, lng, everywhere, random)
    place = old.address if random.random() < SAME_NAME else spot.address
    scene = replace(
        old,
        code=kind.code,
        place=place,
        address=place,
        lat=lat,
        lng=lng,
        narrative=words.filled(random.choice(kind.stories), place, random),
        plate=words.plate(random) if old.top == "03" else "",
    )
    return happened(number, event.at + random.uniform(0, 900), scene, random)


def nearest(lat: float, lng: float, everywhere: list[Spot], random: Random) -> Spot:
    """Return one of the five places nearest to a point."""
    return random.choice(sorted(everywhere, key=lambda one: math.hypot(one.lat - lat, one.lng - lng))[:5])


def heard(event: Event, everywhere: list[Spot], random: Random) -> Iterator[Told]:
    """Yield the first call of an event and those of its further callers."""
    scene = event.scene
    yield Told(
        event.at,
        event.number,
        Report(
            at=event.at,
            lat=scene.lat if random.random() > 0.08 else None,
            lng=scene.lng,
            type=scene.code,
            place=scene.address,
            words=slipped(scene.narrative, random),
            plate=scene.plate if random.random() < 0.3 else "",
            numbers=(event.phone,),
        ),
    )
    more = random.choices([count for count, _ in MORE], weights=[share for _, share in MORE])[0]
    for _ in range(more):
        soon = random.random() < SOON
        at = event.at + (random.lognormvariate(math.log(180), 0.9) if soon else random.uniform(300, 2_700))
        yield Told(at, event.number, again(event, at, everywhere, random))


def again(event: Event, at: float, everywhere: list[Spot], random: Random) -> Report:
    """Return how a further caller tells it."""
    scene = event.scene
    same_person = random.random() < AGAIN
    place = said_place(scene, everywhere, random)
    text = random.choice(witnesses.witness(scene.code)).format(place=place)
    if same_person:
        text = f"我刚才打过电话，{place}的事，{text}"
    text += details(scene.narrative, random)
    if event.plates and random.random() < 0.3:
        text += f"，车牌{misread(random.choice(event.plates), random)}"
    lat, lng = pointed(scene, random)
    return Report(
        at=at,
        lat=lat,
        lng=lng,
        type=typed(scene, random),
        place="" if place in witnesses.NOWHERE else place,
        words=slipped(random.choice(witnesses.ASIDE) + text, random),
        numbers=(event.phone if same_person else words.phone(random),),
    )


def details(narrative: str, random: Random) -> str:
    """Return what a further caller has seen of the same: persons, colours and ways that the first one told of, too."""
    found = ""
    for seen, says in (
        (words.PERSONS, "，看到{}"),
        (words.COLOURS, "，有{}的"),
        (words.SIDES, "，人往{}去了"),
        (words.THINGS, "，说是{}"),
    ):
        said = next((one for one in seen if one in narrative), None)
        if said is not None and random.random() < DETAIL:
            found += says.format(said)
    return found


def said_place(scene: Scene, everywhere: list[Spot], random: Random) -> str:
    """Return the place as a further caller says it: the same name, something nearby, or nothing."""
    drawn = random.random()
    if drawn < 0.45:
        return scene.address
    if drawn < 0.75:
        return random.choice(witnesses.NEARBY).format(name=nearest(scene.lat, scene.lng, everywhere, random).name)
    return random.choice(witnesses.NOWHERE)


def pointed(scene: Scene, random: Random) -> tuple[float | None, float | None]:
    """Return the point that the desk has of a further call: right, wrong by 50 to 800 m, or none."""
    drawn = random.random()
    if drawn < NO_POINT:
        return None, None
    metres = random.uniform(*WRONG_BY_M) if drawn < NO_POINT + WRONG_POINT else random.uniform(0, 40)
    return off_by(scene.lat, scene.lng, metres, random)


def typed(scene: Scene, random: Random) -> str:
    """Return the type as the second seat has it: the same, one of the same level, another, or none yet."""
    drawn = random.random()
    if drawn < 0.55:
        return scene.code
    if drawn < 0.70:
        return random.choice(scenes.KINDS[scene.top]).code
    return random.choice(scenes.KINDS[random.choice(("02", "03", "04", "05"))]).code if drawn < 0.76 else ""


def misread(plate: str, random: Random) -> str:
    """Return a plate as somebody reads it: one of ten wrong in one sign."""
    if random.random() >= 0.1:
        return plate
    at = random.randrange(len(plate) - 3, len(plate))
    return plate[:at] + random.choice("0123456789") + plate[at + 1 :]


def slipped(text: str, random: Random) -> str:
    """Return a text with some signs typed as their homophones."""
    return "".join(
        witnesses.HOMOPHONES[sign] if sign in witnesses.HOMOPHONES and random.random() < SLIP else sign for sign in text
    )

"""The policies that are compared. Each puts the units that can be sent in an order; everything else is the same. Pure."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from dispatch import policy as rules
from dispatch import ranking
from dispatch.evaluation.days import KINDS, Event
from dispatch.evaluation.world import Post, World
from dispatch.ranking import Candidate, Question, UnitState, Way
from dispatch.simulator import city
from dispatch.spread import Spread

EPOCH: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SHIFT_S: Final = 12 * 3_600.0


@dataclass(frozen=True, slots=True)
class Ready:
    """A unit that can be sent: where it is, what it does, what it did."""

    post: Post
    node: int
    status: str
    orders: int
    freed: float | None


Order = Callable[[World, Event, float, list[Ready], Spread], list[tuple[int, Candidate | None]]]


def moment(seconds: float) -> dt.datetime:
    """Return a moment of the simulation."""
    return EPOCH + dt.timedelta(seconds=seconds)


def asked(world: World, event: Event, now: float) -> Question:
    """Return the question that the console would ask."""
    policy = rules.current()
    lat, lng = world.spot_degrees[event.spot]
    return Question(
        at=moment(now),
        priority=event.priority,
        type_code=event.code,
        answered_at=moment(event.answered),
        lat=lat,
        lng=lng,
        unit_kinds=KINDS[event.code],
        needs=policy.needs_of(event.code),
    )


def states(world: World, now: float, ready: list[Ready]) -> list[UnitState]:
    """Return the units as the ranking sees them, with fresh fixes."""
    lat, lng = world.network.lat, world.network.lng
    return [
        UnitState(
            one.post.number,
            one.post.call_sign,
            "",
            one.post.kind,
            one.status,
            True,
            float(lat[one.node]),
            float(lng[one.node]),
            moment(now),
            equipment=one.post.equipment,
            armed=one.post.armed,
            carries_detainees=one.post.carries_detainees,
            orders=one.orders,
            freed_at=moment(one.freed) if one.freed is not None else None,
        )
        for one in ready
    ]


def by_road(
    world: World, event: Event, now: float, ready: list[Ready], spread: Spread
) -> list[tuple[int, Candidate | None]]:
    """The product's ranking on road times, with the coverage that remains."""
    return _ranked(world, event, now, ready, spread, road=True)


def by_line(
    world: World, event: Event, now: float, ready: list[Ready], spread: Spread
) -> list[tuple[int, Candidate | None]]:
    """The product's ranking where no network is loaded: straight lines, no coverage."""
    return _ranked(world, event, now, ready, spread, road=False)


def _ranked(
    world: World, event: Event, now: float, ready: list[Ready], spread: Spread, *, road: bool
) -> list[tuple[int, Candidate | None]]:
    policy = rules.current()
    question, units = asked(world, event, now), states(world, now, ready)
    ways: dict[int, Way] = {}
    if road:
        urgent = event.priority <= policy.divert_up_to
        for one in ready:
            ways[one.post.number] = Way(world.seconds(one.post, one.node, event.spot, event.hour, urgent), None, "road")
    found = ranking.rank(question, units, ways, policy=policy, spread=spread)
    if road and policy.weights[event.priority].coverage_s:
        first = [one.unit.unit_id for one in found.recommended()[: policy.of_first]]
        covered, after = coverage(world, event.hour, ready, first)
        found = ranking.rank(question, units, ways, policy=policy, spread=spread, coverage=after, coverage_now=covered)
    return [(one.unit.unit_id, one) for one in found.candidates]


def coverage(world: World, hour: int, ready: list[Ready], first: list[int]) -> tuple[float, dict[int, float]]:
    """Return the share of demand within five minutes of a free unit, and that after sending each of the first."""
    if not ready:
        return 0.0, {}
    reach = np.stack([world.reach(one.post, one.node, hour) for one in ready])
    count = reach.sum(axis=0)
    share = float(world.weights[count > 0].sum())
    at = {one.post.number: row for row, one in enumerate(ready)}
    lost = {unit: float(world.weights[(count == 1) & reach[at[unit]]].sum()) for unit in first}
    return share, {unit: share - gone for unit, gone in lost.items()}


def by_beat(
    world: World, event: Event, now: float, ready: list[Ready], spread: Spread
) -> list[tuple[int, Candidate | None]]:
    """坐等出警: the station that owns the area sends its own, its car first; the next station only when none is left.
    Where units really are plays no part."""
    place = world.spots[event.spot]
    owners = sorted(range(len(world.bases)), key=lambda at: math.dist(world.bases[at], place))
    turn = {station: number for number, station in enumerate(owners)}
    able = [one for one in ready if one.status == "available" or event.priority <= rules.current().divert_up_to]
    able.sort(key=lambda one: (turn[one.post.station], one.post.kind != "US", _from_home(one.post, place)))
    return [(one.post.number, None) for one in able]


def _from_home(post: Post, place: city.Metres) -> float:
    return math.dist(post.home, place)


POLICIES: Final[dict[str, Order]] = {"road": by_road, "straight": by_line, "fixed-beat": by_beat}

"""One run of a policy over many days: orders, delays, drives, scenes, and units that become free again. Pure.

Every draw depends on seed, incident and unit alone, so that two policies that send the same unit from the same corner
see the same arrival. Left out, for every policy alike: refusals, diversions from orders under way, closures, stale fixes.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from dispatch.evaluation.days import DAY_S, Event
from dispatch.evaluation.policies import SHIFT_S, Order, Ready
from dispatch.evaluation.world import RETURN_MPS, Post, World, duty, patrol_node
from dispatch.ranking import Candidate
from dispatch.spread import Spread

# The truth of the street, which the ranking does not know: mixtures and uniform delays, not its own lognormals.
DELIVERED: Final = (0.3, 2.0)
ACCEPTED: Final = (2.5, 0.45)
TURNED_OUT: Final = (8.0, 40.0)
DROVE: Final = (0.88, 1.18)
TRAFFIC_SIGMA: Final = 0.12  # of an hour of a day, for everybody
HELD_UP_SHARE, HELD_UP = 0.05, (1.3, 2.2)
PARKED: Final = (2.0, 12.0)
URGENT_UP_TO: Final = 2


@dataclass(slots=True)
class Officer:
    """What a unit does: busy until, from where it returns, orders of its shift."""

    post: Post
    busy_until: float = 0.0
    freed: float | None = None
    scene: tuple[float, float] = (0.0, 0.0)
    orders: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trip:
    """One order with its true times, in seconds of the simulation."""

    event: Event
    unit: int
    first: bool
    sent: float
    accepted: float
    departed: float
    arrived: float
    estimate_s: float
    candidate: Candidate | None


@dataclass(frozen=True, slots=True)
class Play:
    """What one run is about: the city, the policy, what it believes of delays, and the luck of the days."""

    world: World
    order: Order
    spread: Spread
    seed: int


@dataclass(slots=True)
class Result:
    """What became of every incident: its trips, the first arrival first."""

    trips: list[Trip] = field(default_factory=list)
    unserved: int = 0


def run(world: World, calls: Iterable[Event], order: Order, spread: Spread, seed: int) -> Result:
    """Play incidents under a policy."""
    play = Play(world, order, spread, seed)
    officers = [Officer(post) for post in world.posts]
    result, queue = Result(), sorted(calls, key=lambda one: one.ready)
    waiting: list[tuple[int, float, int, Event]] = []
    frees: list[float] = []
    at = 0
    while at < len(queue) or (waiting and frees):
        upcoming = queue[at].ready if at < len(queue) else math.inf
        if waiting and frees and frees[0] <= upcoming:
            now = heapq.heappop(frees)
        else:
            if at >= len(queue):
                break
            now = upcoming
            event = queue[at]
            heapq.heappush(waiting, (event.priority, event.ready, event.number, event))
            at += 1
        while frees and frees[0] <= now:
            heapq.heappop(frees)
        held = []
        while waiting:
            entry = heapq.heappop(waiting)
            trips = send(play, entry[3], now, officers)
            if not trips:
                held.append(entry)
                continue
            result.trips += trips
            for trip in trips:
                heapq.heappush(frees, officers[trip.unit].busy_until)
        for entry in held:
            heapq.heappush(waiting, entry)
        if held and not frees:
            heapq.heappush(frees, now + 60.0)
    result.unserved = len(waiting)
    return result


def send(play: Play, event: Event, now: float, officers: list[Officer]) -> list[Trip]:
    """Send as many units as the incident wants, by the policy; none when nobody can go."""
    ready = [one for officer in officers if (one := is_ready(play.world, officer, now, play.seed)) is not None]
    if event.priority > URGENT_UP_TO:
        ready = [one for one in ready if one.status == "available"]
    chosen = play.order(play.world, event, now, ready, play.spread)[: event.units]
    by_unit = {one.post.number: one for one in ready}
    return [
        go(play, event, now, officer=officers[unit], ready=by_unit[unit], candidate=candidate, is_first=number == 0)
        for number, (unit, candidate) in enumerate(chosen)
    ]


def is_ready(world: World, officer: Officer, now: float, seed: int) -> Ready | None:
    """Return a unit that is free, where it is: on its way back to its beat, or on patrol there."""
    if officer.busy_until > now:
        return None
    status = duty(seed, officer.post, now)
    if status == "break":
        return None
    node = where(world, officer, now, seed)
    while officer.orders and officer.orders[0] < now - SHIFT_S:
        officer.orders.pop(0)
    return Ready(officer.post, node, status, len(officer.orders), officer.freed)


def where(world: World, officer: Officer, now: float, seed: int) -> int:
    """Return the node at which a free unit is."""
    if officer.freed is not None:
        home, scene = officer.post.home, officer.scene
        length = math.dist(home, scene)
        share = (now - officer.freed) * RETURN_MPS / max(length, 1.0)
        if share < 1.0:
            point = (scene[0] + (home[0] - scene[0]) * share, scene[1] + (home[1] - scene[1]) * share)
            return world.node_near(point)
    return patrol_node(seed, officer.post, now)


def go(
    play: Play,
    event: Event,
    now: float,
    *,
    officer: Officer,
    ready: Ready,
    candidate: Candidate | None,
    is_first: bool,
) -> Trip:
    """Let a unit drive there and be busy until the scene is over."""
    world, seed, post = play.world, play.seed, officer.post
    random = Random(f"{seed}/trip/{event.number}/{post.number}")
    traffic = Random(f"{seed}/traffic/{int(now // 3_600)}").lognormvariate(0, TRAFFIC_SIGMA)
    accepted = now + random.uniform(*DELIVERED) + min(120.0, random.lognormvariate(*ACCEPTED))
    departed = accepted + random.uniform(*TURNED_OUT)
    urgent = event.priority <= URGENT_UP_TO
    estimate = world.seconds(post, ready.node, event.spot, int(now % DAY_S // 3_600), urgent)
    factor = random.uniform(*DROVE) * (1.0 if post.kind == "UF" else traffic)
    if random.random() < HELD_UP_SHARE:
        factor *= random.uniform(*HELD_UP)
    arrived = departed + estimate * factor + random.uniform(*PARKED)
    officer.busy_until = arrived + event.minutes * 60 * (1.0 if is_first else 0.6)
    officer.freed = officer.busy_until
    spot = world.spots[event.spot]
    officer.scene = (float(spot[0]), float(spot[1]))
    officer.orders.append(now)
    return Trip(event, post.number, is_first, now, accepted, departed, arrived, estimate, candidate)

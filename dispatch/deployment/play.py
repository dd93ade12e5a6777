"""A recorded period played again on the ranking that advises: who goes, when it is there, when it is free again. Pure.

What is taken from the record, for every fleet alike: when and where which order was wanted and how long its scene
lasted. What is drawn, for every fleet alike: acceptance, turnout and driving of each order by quantiles that belong to
the order. Left out: refusals, diversions from orders under way, closures, stale fixes.
"""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.special import ndtri

from dispatch import ranking
from dispatch.deployment.fleet import CITY_OFFSET_S, DAY_S, Stand
from dispatch.deployment.ground import LEG_S, POINTS, Beats, Goal, Ground, Spot, draws
from dispatch.policy import Policy
from dispatch.ranking import Question, UnitState, Way
from dispatch.spread import LEAST_S, Part, Spread
from incidents.geo import distance_m

ROAD, STRAIGHT, OWN_STATION = "road", "straight", "own_station"
WAYS: Final = (ROAD, STRAIGHT, OWN_STATION)
SHIFT_S: Final = 12 * 3_600.0  # orders within it count as load
RETURN_MPS: Final = 25.0 / 3.6 / 1.4
TRY_AGAIN_S: Final = 60.0
GIVES_UP_S: Final = 12 * 3_600.0  # who has nobody by then had nobody
BEFORE_S: Final = 6 * 3_600.0  # a day is played from so long before it, that its units are as busy as they were


@dataclass(frozen=True, slots=True)
class Wanted:
    """One order of the record: when and where a unit was wanted, and for how long it was held at the scene."""

    order: int
    incident: int
    at: float
    answered: float
    priority: int
    type_code: str
    lat: float
    lng: float
    scene_s: float
    unit_kinds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    area_kind: str = ""
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """By what a fleet is sent, and what is drawn."""

    way: str
    policy: Policy
    spread: Spread
    seed: int


@dataclass(frozen=True, slots=True)
class Trip:
    """One order as it was played."""

    wanted: Wanted
    stand: int
    sent: float
    arrived: float
    free: float
    metres: float  # there and back to the post, by straight line and the road factor of the policy


@dataclass(slots=True)
class Crew:
    """What a unit does: busy until, from where it returns, its orders of late, the incidents it was on."""

    busy_until: float = -math.inf
    freed: float | None = None
    scene: tuple[float, float] = (0.0, 0.0)
    orders: list[float] = field(default_factory=list)
    incident: int = 0


class Player:
    """One fleet in one stretch of time."""

    def __init__(self, ground: Ground, stands: Sequence[Stand], beats: Beats, rules: Rules) -> None:
        self.ground, self.stands, self.beats, self.rules = ground, stands, beats, rules
        self.crews = [Crew() for _ in stands]
        self.waiting: list[tuple[int, float, int, Wanted]] = []
        self.frees: list[float] = []
        self.first_sent: dict[int, float] = {}
        self.trips: list[Trip] = []
        self.unserved: list[Wanted] = []
        self.coverage: list[float] = []
        self.tried = -math.inf  # when what waits was last looked at

    def want(self, order: Wanted) -> None:
        """Let time come to an order, and send somebody or let it wait."""
        self.until(order.at)
        heapq.heappush(self.waiting, (order.priority, order.at, order.order, order))
        self._serve(order.at)

    def look(self, now: float) -> None:
        """Let time come to a moment, and note the coverage."""
        self.until(now)
        spots = self.free(now)
        reach = self.ground.reach(self.beats, spots, hour_of(now)) if spots else None
        if reach is not None:
            self.coverage.append(float(reach.any(axis=0).mean()))
        elif self.ground.network is not None and len(self.ground.demand):
            self.coverage.append(0.0)

    def until(self, now: float) -> None:
        """Serve what waits whenever somebody becomes free or may have come on duty, up to a moment."""
        while self.waiting:
            while self.frees and self.frees[0] <= self.tried:
                heapq.heappop(self.frees)
            at = min(self.frees[0] if self.frees else math.inf, self.tried + TRY_AGAIN_S)
            if at > now:
                return
            self._serve(at)

    def finish(self) -> None:
        """Serve what still waits, as long as anybody would have waited."""
        if self.waiting:
            self.until(max(one[1] for one in self.waiting) + GIVES_UP_S)
        self.unserved += [one[3] for one in self.waiting]
        self.waiting = []

    def _serve(self, now: float) -> None:
        """Try everything that waits, the most urgent and oldest first."""
        self.tried = now
        held = []
        while self.waiting:
            entry = heapq.heappop(self.waiting)
            if now - entry[1] > GIVES_UP_S:
                self.unserved.append(entry[3])
            elif not (spots := self.free(now)):
                held += [entry, *self.waiting]
                self.waiting = []
            elif not self._send(entry[3], spots, now):
                held.append(entry)
        heapq.heapify(held)
        self.waiting = held

    def _send(self, order: Wanted, spots: list[Spot], now: float) -> bool:
        found = self._choose(order, spots, now)
        if found is None:
            return False
        index, way = found
        self._go(order, now, next(one for one in spots if one.stand == index), way)
        return True

    def free(self, now: float) -> list[Spot]:
        """Return who could be sent or only counts as covering, where it is."""
        return [
            self._where(index, now)
            for index, stand in enumerate(self.stands)
            if self.crews[index].busy_until <= now and stand.status(now) in ("available", "on_task")
        ]

    def _where(self, index: int, now: float) -> Spot:
        crew, stand = self.crews[index], self.stands[index]
        if crew.freed is not None:
            length = distance_m(*crew.scene, stand.lat, stand.lng)
            share = (now - crew.freed) * RETURN_MPS / max(length, 1.0)
            if share < 1.0:
                lat = crew.scene[0] + (stand.lat - crew.scene[0]) * share
                return Spot(index, -1, lat, crew.scene[1] + (stand.lng - crew.scene[1]) * share)
        place = int(draws(1, self.rules.seed, 1, stand.unit, int(now // LEG_S))[0] * POINTS)
        lat, lng = self.beats.points[index, place].tolist()
        return Spot(index, place, lat, lng)

    def _choose(self, order: Wanted, spots: list[Spot], now: float) -> tuple[int, Way] | None:
        policy, hour = self.rules.policy, hour_of(now)
        goal = Goal(order.lat, order.lng, hour, order.priority <= policy.divert_up_to)
        ways = self.ground.ways(self.beats, self.stands, spots, goal)
        question = self._question(order, now)
        units = [self._state(spot, now) for spot in spots]
        if self.rules.way == OWN_STATION:
            chosen = own_station(question, units, self.stands, policy)
        else:
            chosen = self._ranked(question, units, spots, ways if self.rules.way == ROAD else {}, hour)
        return None if chosen is None else (chosen, ways[chosen])

    def _ranked(
        self, question: Question, units: list[UnitState], spots: list[Spot], ways: dict[int, Way], hour: int
    ) -> int | None:
        """Return the unit that the ranking recommends, with the coverage that remains where roads are known."""
        policy, spread = self.rules.policy, self.rules.spread
        found = ranking.rank(question, units, ways, policy=policy, spread=spread)
        best = found.recommended(1)
        if not best:
            return None
        reach = self.ground.reach(self.beats, spots, hour) if ways else None
        if reach is not None and policy.weights[question.priority].coverage_s:
            first = [one.unit.unit_id for one in found.recommended(policy.of_first)]
            covered, after = coverage_left(reach, [spot.stand for spot in spots], first)
            best = ranking.rank(
                question, units, ways, policy=policy, spread=spread, coverage=after, coverage_now=covered
            ).recommended(1)
        return best[0].unit.unit_id

    def _question(self, order: Wanted, now: float) -> Question:
        first = self.first_sent.get(order.incident)
        present = frozenset(
            index for index, crew in enumerate(self.crews) if crew.incident == order.incident and crew.busy_until > now
        )
        return Question(
            at=moment(now), priority=order.priority, type_code=order.type_code, answered_at=moment(order.answered),
            first_order_at=None if first is None else moment(first), lat=order.lat, lng=order.lng,
            unit_kinds=order.unit_kinds, needs=order.needs, present=present, area_kind=order.area_kind,
            owner=order.owner,
        )  # fmt: skip

    def _state(self, spot: Spot, now: float) -> UnitState:
        stand, crew = self.stands[spot.stand], self.crews[spot.stand]
        while crew.orders and crew.orders[0] < now - SHIFT_S:
            crew.orders.pop(0)
        return UnitState(
            spot.stand, stand.call_sign, "", stand.kind, stand.status(now), True, spot.lat,
            spot.lng, moment(now), equipment=stand.equipment, armed=stand.armed,
            carries_detainees=stand.carries_detainees, orders=len(crew.orders),
            freed_at=None if crew.freed is None else moment(crew.freed), belongs=stand.belongs,
        )  # fmt: skip

    def _go(self, order: Wanted, now: float, spot: Spot, way: Way) -> None:
        stand, crew, spread = self.stands[spot.stand], self.crews[spot.stand], self.rules.spread
        luck = draws(3, self.rules.seed, 2, order.order)
        moves_off = now + drawn(spread.accept, luck[0]) + drawn(spread.turnout, luck[1])
        arrived = moves_off + max(way.seconds, LEAST_S) * drawn(spread.way(way.basis), luck[2])
        there, back = ((spot.lat, spot.lng), (stand.lat, stand.lng))
        line = distance_m(*there, order.lat, order.lng) + distance_m(*back, order.lat, order.lng)
        crew.busy_until = crew.freed = arrived + order.scene_s
        crew.scene, crew.incident = (order.lat, order.lng), order.incident
        crew.orders.append(now)
        heapq.heappush(self.frees, crew.busy_until)
        self.first_sent.setdefault(order.incident, now)
        factor = self.rules.policy.road_factor
        self.trips.append(Trip(order, spot.stand, now, arrived, crew.busy_until, line * factor))


def play(players: Sequence[Player], orders: Iterable[Wanted], looks: Iterable[float]) -> None:
    """Play the same orders with several fleets side by side, so that each search for roads is made once."""
    for _ in steps(players, orders, looks):
        pass


def steps(players: Sequence[Player], orders: Iterable[Wanted], looks: Iterable[float]) -> Iterator[None]:
    """Play as `play` does, and stop after each moment for whoever has other work."""
    moments = sorted([(one.at, 1, one.order, one) for one in orders] + [(now, 0, 0, None) for now in looks])
    for now, _kind, _number, order in moments:
        for player in players:
            if order is None:
                player.look(now)
            else:
                player.want(order)
        yield
    for player in players:
        player.finish()


def own_station(question: Question, units: list[UnitState], stands: Sequence[Stand], policy: Policy) -> int | None:
    """坐等出警: return a unit of the station that owns the place, its car first, of others only when none is left; the
    post nearest to the place goes. Where units really are plays no part."""
    able = [unit for unit in units if not ranking.exclusion(unit, question, policy)]
    if not able:
        return None

    def turn(unit: UnitState) -> tuple[bool, bool, float, str]:
        stand = stands[unit.unit_id]
        assert question.lat is not None and question.lng is not None
        metres = distance_m(stand.lat, stand.lng, question.lat, question.lng)
        return question.owner not in stand.belongs, stand.kind != "US", metres, stand.call_sign

    return min(able, key=turn).unit_id


def coverage_left(
    reach: np.ndarray[tuple[int, int], np.dtype[np.bool_]], stands: list[int], first: list[int]
) -> tuple[float, dict[int, float]]:
    """Return the share of the sampled demand within five minutes of a free unit, and that after sending each."""
    count = reach.sum(axis=0)
    share = float((count > 0).mean())
    at = {stand: row for row, stand in enumerate(stands)}
    return share, {unit: share - float(((count == 1) & reach[at[unit]]).mean()) for unit in first}


def drawn(part: Part, luck: float) -> float:
    """Return the value of a lognormal part at a quantile."""
    return math.exp(part.mu + part.sigma * float(ndtri(luck)))


def moment(seconds: float) -> dt.datetime:
    """Return a moment of the epoch."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def hour_of(now: float) -> int:
    """Return the hour of the city's day."""
    return int((now + CITY_OFFSET_S) % DAY_S // 3_600)

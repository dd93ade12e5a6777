"""One day of a replay: the batch in which it is worked off, and what is kept of it. Pure.

Days are played apart, each from six hours before its midnight, so that a run which was killed goes on with the first
day that is missing, and days can be drawn again for the interval.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from dispatch.deployment.fleet import DAY_S, Stand
from dispatch.deployment.ground import Beats, Ground
from dispatch.deployment.play import BEFORE_S, Player, Rules, Wanted, steps

Json = dict[str, Any]
LOOK_EVERY_S: Final = 3 * 3_600.0
LEAST_DUTY_S: Final = 3_600.0  # of a unit that may be called the busiest


@dataclass(frozen=True, slots=True)
class Counted:
    """One incident by which fleets are judged; `recorded_s` is when somebody was there, from the answer."""

    incident: int
    priority: int
    answered: float
    recorded_s: float | None


@dataclass(frozen=True, slots=True)
class Period:
    """What a period was: its orders in the order of their moments, and its incidents by day."""

    orders: Sequence[Wanted]
    counted: Sequence[Counted]
    since: float
    days: int

    def of_day(self, day: int) -> tuple[list[Wanted], list[Counted], float, float]:
        """Return the orders of a day with those of the hours before, its incidents, when it begins and ends."""
        start = self.since + day * DAY_S
        end = start + DAY_S
        orders = [one for one in self.orders if start - BEFORE_S <= one.answered < end]
        return orders, [one for one in self.counted if start <= one.answered < end], start, end


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    stands: Sequence[Stand]
    beats: Beats
    rules: Rules


class DayPlay:
    """One day with both fleets while it is played."""

    def __init__(self, ground: Ground, period: Period, sides: Sequence[Side], day: int) -> None:
        self.day = day
        orders, self.counted, self.start, self.end = period.of_day(day)
        self.players = [Player(ground, side.stands, side.beats, side.rules) for side in sides]
        looks = np.arange(self.start + LOOK_EVERY_S / 2, self.end, LOOK_EVERY_S).tolist()
        self._steps = steps(self.players, orders, looks)

    def go_on(self, until: float) -> bool:
        """Play on until a moment of the monotonic clock; True when the day is over."""
        return all(time.monotonic() < until for _ in self._steps)

    def outcome(self) -> Json:
        """Return what is kept: a row per incident (number, priority, seconds recorded, then of each fleet seconds from
        the answer and from the first order, null when nobody could be sent) and the sums of each fleet."""
        reached = [arrivals(player) for player in self.players]
        rows = []
        for one in self.counted:
            row: list[Any] = [one.incident, one.priority, rounded(one.recorded_s)]
            for found in reached:
                arrived, sent = found.get(one.incident, (None, None))
                from_answer = None if arrived is None else arrived - one.answered
                from_order = None if arrived is None or sent is None else arrived - sent
                row += [rounded(from_answer), rounded(from_order)]
            rows.append(row)
        return {"rows": rows, "sides": [sums(player, self.start, self.end) for player in self.players]}


def played(ground: Ground, period: Period, sides: Sequence[Side], day: int) -> Json:
    """Play one day to its end and return what is kept of it."""
    whole = DayPlay(ground, period, sides, day)
    whole.go_on(math.inf)
    return whole.outcome()


def rounded(value: float | None) -> float | None:
    """Return seconds to a tenth."""
    return None if value is None else round(value, 1)


def arrivals(player: Player) -> dict[int, tuple[float, float]]:
    """Return the first arrival and the first order of every incident that somebody reached."""
    found: dict[int, tuple[float, float]] = {}
    for trip in player.trips:
        arrived, sent = found.get(trip.wanted.incident, (np.inf, np.inf))
        found[trip.wanted.incident] = (min(arrived, trip.arrived), min(sent, trip.sent))
    return found


def sums(player: Player, start: float, end: float) -> Json:
    """Return what a fleet drove, worked and covered within a day."""
    duty = np.array([stand.duty_s(start, end) for stand in player.stands])
    busy = np.zeros(len(duty))
    for trip in player.trips:
        busy[trip.stand] += max(0.0, min(trip.free, end) - max(trip.sent, start))
    reached = {trip.wanted.incident for trip in player.trips}
    within = [trip for trip in player.trips if start <= trip.sent < end]
    long_enough = duty >= LEAST_DUTY_S
    return {
        "km": round(sum(trip.metres for trip in within) / 1000, 3),
        "orders": len(within),
        "busy_s": round(float(busy.sum()), 1),
        "duty_s": round(float(duty.sum()), 1),
        "busiest": round(float((busy[long_enough] / duty[long_enough]).max(initial=0.0)), 4),
        "coverage": [round(one, 4) for one in player.coverage],
        "unserved": len({one.incident for one in player.unserved if start <= one.answered < end} - reached),
    }

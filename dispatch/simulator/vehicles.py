"""How a unit moves: along the roads in its kind's time, with GPS noise, dead zones and gaps. Pure."""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass, field
from random import Random
from typing import Final

from dispatch.simulator import city
from dispatch.simulator.city import Metres
from dispatch.simulator.streets import streets

PATROL_FACTOR: Final = 0.6
NOISE_M: Final = (5.0, 15.0)
GAP_S: Final = (30.0, 60.0)
GAP_SHARE: Final = 1 / 200  # of the fixes: a phone that loses the network for a while
# Circles in metres (domain 10's box) in which no fix gets out: an underpass, the old town's lanes, a factory hall.
DEAD_ZONES: Final[tuple[tuple[Metres, float], ...]] = (
    ((5_150.0, 5_200.0), 90.0),
    ((9_500.0, 4_700.0), 110.0),
    ((12_200.0, 6_600.0), 140.0),
)
# Faster than this in real time would look impossible to the server, whose limit is 250 km/h (A51).
PLAUSIBLE_KMH: Final = 200.0


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a unit is at a moment, without noise."""

    point: Metres
    speed_kmh: float
    heading: float


@dataclass(slots=True)
class Journey:
    """A way with the second at which each of its points is passed."""

    points: list[Metres]
    seconds: list[float]

    @property
    def duration(self) -> float:
        """Return the length in seconds."""
        return self.seconds[-1]

    def at(self, moment: float) -> Seen:
        """Return where the unit is so many seconds after the start; before and after it stands at the ends."""
        if moment >= self.duration or len(self.points) == 1:
            return Seen(
                self.points[-1], 0.0, _heading(self.points[-2], self.points[-1]) if len(self.points) > 1 else 0.0
            )
        index = max(1, bisect.bisect_right(self.seconds, moment))
        start, end = self.points[index - 1], self.points[index]
        took = self.seconds[index] - self.seconds[index - 1] or 1e-9
        share = max(0.0, moment - self.seconds[index - 1]) / took
        here = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
        return Seen(here, math.dist(start, end) / took * 3.6, _heading(start, end))


def journey(kind: str, start: Metres, end: Metres, *, hour: int, urgent: bool = False, factor: float = 1.0) -> Journey:
    """Return the way of a unit of a kind between two points in metres; `factor` is how much faster than usual its driver
    is."""
    way = streets().way(kind, start, end, hour=hour, urgent=urgent)
    return Journey(way.points, [moment / factor for moment in way.seconds])


def standing(point: Metres) -> Journey:
    """Return the journey of a unit that stays where it is."""
    return Journey([point], [0.0])


def _heading(start: Metres, end: Metres) -> float:
    return round(math.degrees(math.atan2(end[0] - start[0], end[1] - start[1])) % 360, 1)


@dataclass(slots=True)
class Receiver:
    """A satellite receiver: noise that wanders instead of jumping, and times without any fix."""

    random: Random
    size_m: float = field(init=False)
    offset: Metres = (0.0, 0.0)
    silent_until: float = 0.0

    def __post_init__(self) -> None:
        self.size_m = self.random.uniform(*NOISE_M)

    def measured(self, point: Metres) -> tuple[float, float, float]:
        """Return latitude, longitude and the accuracy in metres that the device claims."""
        keep, fresh = 0.85, self.size_m * 0.37  # an AR(1) walk whose spread is about size_m / √2 a side
        self.offset = (
            self.offset[0] * keep + self.random.gauss(0, fresh),
            self.offset[1] * keep + self.random.gauss(0, fresh),
        )
        lat, lng = city.degrees((point[0] + self.offset[0], point[1] + self.offset[1]))
        return lat, lng, round(self.size_m * self.random.uniform(0.9, 1.4), 1)

    def hears(self, now: float, point: Metres) -> bool:
        """Tell whether a fix gets through at a moment (real seconds): not in a dead zone, not in a gap."""
        if any(math.dist(point, centre) < radius for centre, radius in DEAD_ZONES):
            return False
        if now < self.silent_until:
            return False
        if self.random.random() < GAP_SHARE:
            self.silent_until = now + self.random.uniform(*GAP_S)
            return False
        return True


def is_plausible(metres: float, seconds: float) -> bool:
    """Tell whether a unit can be seen to have gone so far in so many real seconds.

    Above about six times real time cars outrun what a server believes; their marker then follows a little later.
    """
    return metres <= 150 or metres / max(seconds, 1.0) * 3.6 <= PLAUSIBLE_KMH

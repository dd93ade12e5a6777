"""The calls of many days at the demo's volume: the simulator's own plan, reduced to what a dispatch needs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from dispatch.evaluation.world import World
from dispatch.simulator import city, plan
from dispatch.simulator.dispatchers import DECIDES_WITHIN, TWO_UNITS
from dispatch.simulator.scenes import NO_UNIT_NEEDED
from dispatch.simulator.volumes import CALLS_A_DAY, Rate
from incidents import code_tables

DAY_S: Final = 86_400.0
PLACED_AFTER: Final = (25.0, 60.0)  # from the answer until the place is accepted
PRIORITY: Final = {row.code: int(row.attributes["priority"]) for row in code_tables.TABLES["incident_type"]}
KINDS: Final = {row.code: tuple(row.attributes["unit_kinds"]) for row in code_tables.TABLES["incident_type"]}


@dataclass(frozen=True, slots=True)
class Event:
    """One incident that needs a unit: answered and ready for its order at seconds from the start, at a spot."""

    number: int
    answered: float
    ready: float
    spot: int
    code: str
    priority: int
    units: int
    minutes: float

    @property
    def day(self) -> int:
        """Return the day on which it was answered."""
        return int(self.answered // DAY_S)

    @property
    def hour(self) -> int:
        """Return the hour of its day."""
        return int(self.ready % DAY_S // 3_600)


def events(world: World, days: int, seed: int) -> Iterator[Event]:
    """Yield the incidents of so many days in the order of their answers; the same for every policy."""
    for call in plan.calls(seed, Rate(CALLS_A_DAY), city.spots(), start_hour=0):
        if call.at >= days * DAY_S:
            return
        scene = call.scene
        if scene is None or call.same_as is not None or scene.code[:2] in NO_UNIT_NEEDED:
            continue
        random = Random(f"{seed}/event/{call.number}")
        priority = PRIORITY[scene.code]
        answered = call.at + random.uniform(2, 8)
        ready = answered + random.uniform(*PLACED_AFTER) + random.uniform(*DECIDES_WITHIN[priority])
        two = random.random() < TWO_UNITS.get(priority, 0.0)
        spot = world.spot_of(scene.lat, scene.lng)
        yield Event(call.number, answered, ready, spot, scene.code, priority, 2 if two else 1, scene.minutes)

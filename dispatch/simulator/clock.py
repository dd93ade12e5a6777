"""The agents' clock: real time, or so many times faster. The servers' clock is never touched."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clock:
    """Seconds of the agents since the start; `speed` of them pass in a real second."""

    speed: float
    started: float = field(default_factory=time.monotonic)

    def now(self) -> float:
        """Return the agents' seconds since the start."""
        return (time.monotonic() - self.started) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Let so many of the agents' seconds pass."""
        await asyncio.sleep(max(0.0, seconds) / self.speed)

    async def sleep_until(self, moment: float) -> None:
        """Wait for a moment of the agents' clock."""
        await self.sleep(moment - self.now())

    async def first_of(self, event: asyncio.Event, seconds: float) -> bool:
        """Wait for an event at most so many of the agents' seconds; tell whether it came."""
        try:
            await asyncio.wait_for(event.wait(), max(0.0, seconds) / self.speed)
        except TimeoutError:
            return False
        return True

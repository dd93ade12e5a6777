"""Answers that cost something are kept for a while, so that any number of dashboards costs little."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any

Json = dict[str, Any]
TIMES_ITS_COST = 20  # one process spends at most a twentieth of its time on one answer


class Keeper:
    """Keeps each answer for twenty times as long as it took to make; its own `as_of` says how old it is. One thread
    makes an answer, the others wait for it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.kept: dict[Hashable, tuple[float, Json]] = {}

    def get(self, key: Hashable, make: Callable[[], Json]) -> Json:
        """Return the kept answer, or make it."""
        with self.lock:
            until, answer = self.kept.get(key, (0.0, {}))
            if not answer or self.clock() >= until:
                begun = self.clock()
                answer = make()
                ended = self.clock()
                self.kept[key] = (ended + (ended - begun) * TIMES_ITS_COST, answer)
            return answer

"""One open socket (or waiting poll) as the hub sees it: who, which audience, and a bounded queue of finished frames."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field

from incidents import metrics

QUEUE_LENGTH = 500
TOO_SLOW = 4408


@dataclass(slots=True, eq=False)
class Socket:
    """One reader of the feed. None in the queue closes it."""

    user_id: int
    session_key: str
    access_version: int
    centre_id: int
    audience: str
    role: str
    queue: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))
    close_code: int = 1000
    wants_positions: bool = False
    ended: bool = False
    heard_at: float = math.inf  # monotonic moment of the last frame from the client; a poll has none to send

    def put(self, text: str) -> None:
        """Queue a frame; a full queue ends the socket with "start over", nothing is dropped in silence."""
        if self.ended:
            return
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            metrics.WS_RESYNC.labels("overflow").inc()
            self.end(TOO_SLOW)

    def put_if_half_empty(self, text: str) -> None:
        """Queue what may be dropped (positions: the next second brings newer ones), unless the reader is behind."""
        if not self.ended and self.queue.qsize() < QUEUE_LENGTH // 2:
            self.queue.put_nowait(text)

    def end(self, code: int) -> None:
        """Close with a code; what is queued is thrown away, and nothing is queued any more."""
        if self.ended:
            return
        self.ended, self.close_code = True, code
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)

"""Where one process runs several apps' code: positions into the hub, the watch over the sweep (style section 3)."""

from __future__ import annotations

from typing import Any

from dispatch import spool_replay, watch
from incidents.live.hub import hub
from patrol import intake, moved


def connect() -> None:
    """Give the hub its reader of positions and its taker of fixes, and start the watch over the sweep and the replay of the
    emergency spool."""
    hub.moved_reader = moved.batch
    hub.take_fix = intake.take
    intake.begin()
    watch.begin()
    spool_replay.begin()


class Lifespan:
    """ASGI middleware that answers the server's lifespan messages and connects the parts at the start."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self.application(scope, receive, send)
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                connect()
                await send({"type": "lifespan.startup.complete"})
            else:
                intake.flush()
                await send({"type": "lifespan.shutdown.complete"})
                return

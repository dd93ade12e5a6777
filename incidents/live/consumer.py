"""The one consumer: authenticate, register, forward; no query of its own, no domain word (style rule 45)."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from incidents.journal import canonical
from incidents.live.hub import LEASE_S, hub
from incidents.live.rights import use_ticket
from incidents.live.socket import Socket
from incidents.models import User
from incidents.roles import audience_of
from incidents.sessions import actor_of

WITHOUT_POSITIONS = ("unit.", "partner.", "worker.")  # whose windows get no map of all units
FRAMES_PER_SECOND = 20
BAD_FRAME, NOT_SIGNED_IN, RIGHTS_ENDED, TOO_FAST = 4400, 4401, 4403, 4429
PROTOCOL = "zz110"
log = logging.getLogger(__name__)


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One browser window's socket."""

    # No channel of its own on the layer: hints are the hub's, one subscription per process (traps 7, 9).
    channel_layer_alias = "none"
    socket: Socket | None = None

    async def connect(self) -> None:
        """Open for a ticket of the cookie's session; a ticket in the URL is refused."""
        user = await self.person()
        if user is None:
            await self.close(code=NOT_SIGNED_IN)
            return
        by = actor_of(user, {})
        audience = audience_of(by)
        if not audience:
            await self.close(code=RIGHTS_ENDED)
            return
        # Counted after the wait: from here to `join` nothing else runs, so a hundred at once stay six.
        await hub.ready(by.centre_id)
        if hub.count(user.pk) >= settings.SOCKETS_PER_USER:
            await self.close(code=NOT_SIGNED_IN)
            return
        self.by = by
        self.socket = Socket(
            user_id=user.pk,
            session_key=self.session_key,
            access_version=user.access_version,
            centre_id=by.centre_id,
            audience=audience,
            role=sorted(by.roles)[0],
            wants_positions=not audience.startswith(WITHOUT_POSITIONS),
            heard_at=time.monotonic(),
        )
        self.budget, self.budget_at = float(FRAMES_PER_SECOND), time.monotonic()
        feed = await hub.join(self.socket)
        await self.accept(subprotocol=PROTOCOL)
        await self.send(
            text_data=canonical(
                {
                    "t": "hello",
                    "epoch": feed.epoch,
                    "seq": feed.seq,
                    "lease_s": LEASE_S,
                    "heartbeat_s": settings.HEARTBEAT_EVERY_S,
                }
            )
        )
        self.pump = asyncio.ensure_future(self.forward())

    async def person(self) -> User | None:
        """Return the person behind cookie and ticket."""
        offered = self.scope.get("subprotocols", [])
        ticket = next((name[7:] for name in offered if name.startswith("ticket.")), "")
        self.session_key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
        in_url = b"ticket" in self.scope.get("query_string", b"")
        if not ticket or not self.session_key or in_url or PROTOCOL not in offered:
            return None
        found: User | None = await database_sync_to_async(use_ticket)(ticket, self.session_key)
        return found

    async def forward(self) -> None:
        """Move frames from the queue to the wire until the queue says stop."""
        socket = self.socket
        assert socket is not None
        try:
            while (text := await socket.queue.get()) is not None:
                await self.send(text_data=text)
            await self.close(code=socket.close_code)
        except OSError:
            log.info("a client left in the middle of a frame")
        finally:
            hub.leave(socket)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a ping or a fix; anything else is a bad frame."""
        now = time.monotonic()
        if self.socket is not None:
            self.socket.heard_at = now
        self.budget = min(FRAMES_PER_SECOND * 2.0, self.budget + (now - self.budget_at) * FRAMES_PER_SECOND) - 1
        self.budget_at = now
        if self.budget < 0:
            await self.finish(TOO_FAST)
            return
        frame = parse(text_data)
        if frame is None:
            await self.finish(1003 if bytes_data is not None else BAD_FRAME)
        elif frame["t"] == "ping":
            await self.send(text_data='{"t":"pong"}')
        elif frame["t"] == "fix" and self.by.on_unit and hub.take_fix:
            hub.take_fix(self.by.user_id, self.by.on_unit, frame)
        else:
            await self.send(text_data=canonical({"t": "error", "error": "forbidden"}))

    async def finish(self, code: int) -> None:
        """End this socket with a code."""
        if self.socket is not None:
            hub.leave(self.socket)
            self.socket.end(code)

    async def disconnect(self, code: int) -> None:
        """Forget the socket; nothing hangs on this being called."""
        if self.socket is not None:
            hub.leave(self.socket)
            self.pump.cancel()
        raise StopConsumer


def parse(text: str | None) -> dict[str, Any] | None:
    """Return a client frame, or None when it is none."""
    try:
        frame = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) and frame.get("t") in ("ping", "fix", "subscribe") else None

"""A live socket as a browser opens it: ticket and cookie first, then frames as they come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.stack.session import Session

Frame = dict[str, Any]
PATIENCE = 10.0  # seconds; a frame that takes longer is a defect


class LiveSocket:
    """One open socket: `async with LiveSocket(session) as live`."""

    def __init__(
        self,
        session: Session,
        *,
        ticket: str | None = None,
        origin: str | None = "",
        protocols: list[str] | None = None,
        path: str = "/live/",
        cookie: str | None = None,
        **options: Any,
    ) -> None:
        """Prepare; `origin` None sends none, `protocols` replaces zz110 and the ticket."""
        self.session = session
        self.ticket = ticket
        self.origin = session.base_url if origin == "" else origin
        self.protocols = protocols
        self.path = path
        self.cookie = cookie
        self.options = options
        self.hello: Frame = {}
        self.frames: list[Frame] = []  # everything that came, in order
        self.connection: ClientConnection | None = None

    async def __aenter__(self) -> LiveSocket:
        return await self.open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> LiveSocket:
        """Open the socket and read hello; a refused handshake raises what websockets raises."""
        await self.handshake()
        self.hello = await self.frame()
        assert self.hello["t"] == "hello", self.hello
        return self

    async def handshake(self) -> None:
        """Open the socket without reading anything."""
        protocols = self.protocols
        if protocols is None:
            ticket = self.ticket or await asyncio.to_thread(self.session.ticket)
            protocols = ["zz110", f"ticket.{ticket}"]
        cookie = self.session.cookie if self.cookie is None else self.cookie
        self.connection = await connect(
            self.session.base_url.replace("http", "ws", 1) + self.path,
            subprotocols=protocols,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie} if cookie else {},
            origin=self.origin,  # type: ignore[arg-type]
            proxy=None,
            max_size=2**24,
            open_timeout=PATIENCE,
            close_timeout=2,
            **self.options,
        )

    async def frame(self, within: float = PATIENCE) -> Frame:
        """Return the next frame, whatever it is."""
        assert self.connection is not None
        found: Frame = json.loads(await asyncio.wait_for(self.connection.recv(), within))
        self.frames.append(found)
        return found

    async def next(self, wanted: str | Callable[[Frame], bool], within: float = PATIENCE) -> Frame:
        """Return the next frame of a kind of frame (`entry`, `heartbeat`), of a kind of entry (`incident.created`), or
        for which a function holds; the others are kept in `frames`."""
        async with asyncio.timeout(within):
            while True:
                found = await self.frame(within)
                fits = wanted(found) if callable(wanted) else wanted in (found["t"], found.get("kind"))
                if fits:
                    return found

    async def drain(self, quiet: float = 0.5) -> list[Frame]:
        """Return the frames that come until none has come for `quiet` seconds."""
        found = []
        while True:
            try:
                found.append(await self.frame(quiet))
            except (TimeoutError, ConnectionClosed):
                return found

    async def until(self, seq: int, within: float = PATIENCE) -> list[Frame]:
        """Return the entries up to the one numbered `seq` or a heartbeat that proves that there is none for us."""
        found = []
        async with asyncio.timeout(within):
            while True:
                frame = await self.frame(within)
                if frame["t"] == "entry":
                    found.append(frame)
                if frame.get("seq", 0) >= seq:
                    return found

    async def send(self, frame: Frame | str | bytes) -> None:
        """Send a frame (a dict as JSON)."""
        assert self.connection is not None
        await self.connection.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def closed(self, within: float = PATIENCE) -> int:
        """Wait until the server closes and return the code; frames that still came are kept in `frames`."""
        async with asyncio.timeout(within):
            while True:
                try:
                    await self.frame(within)
                except ConnectionClosed as error:
                    return error.rcvd.code if error.rcvd else 1006

    async def close(self) -> None:
        """Close from our side."""
        if self.connection is not None:
            await self.connection.close()

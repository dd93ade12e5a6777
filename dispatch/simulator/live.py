"""One socket of the live feed, kept open: ticket, hello, entries in their order, again after every break."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.typing import Origin, Subprotocol

from dispatch.simulator.client import Account

Json = dict[str, Any]

PING_EVERY_S: Final = 10.0  # the server's lease is 30 s
PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 4.0)


class Live:
    """The socket of one account.

    `joined` is awaited after each hello, with its number: the moment to read what is. `told` is called for each entry.
    """

    def __init__(
        self,
        account: Account,
        *,
        joined: Callable[[Json], Awaitable[None]],
        told: Callable[[Json], None],
    ) -> None:
        self.account = account
        self._joined = joined
        self._told = told
        self._socket: ClientConnection | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether frames flow."""
        return self._socket is not None

    async def run(self) -> None:
        """Keep the socket open until cancelled."""
        failures = 0
        while True:
            with contextlib.suppress(OSError, WebSocketException, InvalidHandshake, TimeoutError):
                async with self._open() as socket:
                    if socket is not None:
                        failures = 0
                        await self._listen(socket)
            self._socket = None
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1

    @contextlib.asynccontextmanager
    async def _open(self) -> AsyncIterator[ClientConnection | None]:
        reply = await self.account.post("/api/ticket/", legal=(403,))  # 403: the shift was ended elsewhere
        if not reply.ok:
            yield None
            return
        address = urlsplit(self.account.server.url)
        scheme = "wss" if address.scheme == "https" else "ws"
        async with connect(
            f"{scheme}://{address.netloc}/live/",
            origin=Origin(self.account.server.url),
            subprotocols=[Subprotocol("zz110"), Subprotocol(f"ticket.{reply.body['ticket']}")],
            additional_headers={"Cookie": self.account.cookies},
            compression=None,
            ping_interval=None,
            open_timeout=5,
            close_timeout=1,
            max_size=None,
            max_queue=256,
            proxy=None,
        ) as socket:
            yield socket

    async def _listen(self, socket: ClientConnection) -> None:
        hello = json.loads(await asyncio.wait_for(socket.recv(), 5))
        # Entries that come while `joined` reads wait in the socket's own buffer, so none is lost.
        await self._joined(hello)
        self._socket = socket
        pinged_at = time.monotonic()
        while True:
            with contextlib.suppress(TimeoutError):
                text = await asyncio.wait_for(socket.recv(decode=True), PING_EVERY_S)
                # Positions of others concern no agent, and they are most of the traffic: not worth parsing.
                if not text.endswith('"t":"moved"}'):
                    frame = json.loads(text)
                    if frame.get("t") == "entry":
                        self._told(frame)
            if time.monotonic() - pinged_at > PING_EVERY_S:
                pinged_at = time.monotonic()
                await socket.send('{"t":"ping"}')

    async def send(self, frame: Json) -> bool:
        """Send a frame; tell whether it left. What is sent into a dying socket may be lost, like any message."""
        if self._socket is None:
            return False
        try:
            await self._socket.send(json.dumps(frame))
        except (OSError, WebSocketException):
            return False
        return True

"""A browser without a screen: it lives on the socket as live.js does, and keeps what it knows in the store's twin."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from typing import Any

from tests.database.store_twin import Store, differences
from tests.stack.live_socket import Frame, LiveSocket
from tests.stack.session import Session

SILENCE = 15.0  # seconds without a frame, then the client opens a new socket


class Console:
    """One client in a thread of its own: `with Console(session) as console`."""

    def __init__(self, session: Session) -> None:
        """Prepare; the session belongs to the console alone from now on."""
        self.session = session
        self.store: Store | None = None
        self.heard: list[int] = []  # numbers of the entries that came over a socket
        self.fetched: list[int] = []  # numbers of those that had to be fetched after a gap
        self.opened = 0  # sockets so far
        self.trouble: list[BaseException] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="console", daemon=True)

    def __enter__(self) -> Console:
        self._thread.start()
        self.wait_for(0)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    @property
    def seq(self) -> int:
        """The last number that the store knows; -1 before its snapshot."""
        return self.store.seq if self.store else -1

    def wait_for(self, seq: int, within: float = 60.0) -> None:
        """Wait until the store knows the entry numbered `seq`."""
        give_up_at = time.monotonic() + within
        while self.seq < seq:
            assert not self.trouble, self.trouble
            assert time.monotonic() < give_up_at, f"the console stands at {self.seq}, not at {seq}"
            time.sleep(0.02)

    def differences(self) -> list[str]:
        """Hold what the client knows against a fresh snapshot, both at the same number."""
        assert self.store is not None
        for _ in range(40):
            fresh = self.session.get("/api/snapshot/")
            self.wait_for(fresh["seq"])
            found = [f"console: {line}" for line in differences(self.store, fresh)]
            # The store goes on listening while it is read: a sweep's warning may come in between.
            if self.seq == fresh["seq"] == self.session.get("/api/snapshot/")["seq"]:
                return found
            time.sleep(0.25)
        return ["console: the journal never came to rest"]

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:
            self.trouble.append(error)

    async def _live(self) -> None:
        """Open sockets until the end; each that closes or falls silent is replaced."""
        while not self._over.is_set():
            with contextlib.suppress(Exception):
                async with LiveSocket(self.session) as live:
                    self.opened += 1
                    await self._listen(live)
            await asyncio.sleep(0.2)

    async def _listen(self, live: LiveSocket) -> None:
        await asyncio.to_thread(self._catch_up)
        silent_since = time.monotonic()
        while not self._over.is_set():
            try:
                frame = await live.frame(0.5)
            except TimeoutError:
                if time.monotonic() - silent_since > SILENCE:
                    return
                continue
            silent_since = time.monotonic()
            await self._hear(frame)

    async def _hear(self, frame: Frame) -> None:
        assert self.store is not None
        if frame["t"] not in ("entry", "heartbeat"):
            return
        if frame["prev_seq"] > self.store.seq:
            await asyncio.to_thread(self._catch_up)
        elif frame["t"] == "entry":
            self.heard.append(frame["seq"])
            await asyncio.to_thread(self.store.hear, frame)

    def _catch_up(self) -> None:
        """Fetch what was missed, or begin with a snapshot."""
        if self.store is not None:
            told = self.session.get("/api/events/", after=self.store.seq, epoch=self.epoch)
            if told["recovered"]:
                for frame in told["entries"]:
                    self.fetched.append(frame["seq"])
                    self.store.hear(frame)
                return
        snapshot = self.session.get("/api/snapshot/")
        self.epoch: str = snapshot["epoch"]
        self.store = Store(snapshot, self._incident)

    def _incident(self, incident_id: int) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = self.session.get(f"/api/incidents/{incident_id}/")["rows"]
        return found

"""The agents' way in: one connection pool, one session per account, writes that survive a restart of the server."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final

import httpx

from dispatch.simulator.report import Tally

Json = dict[str, Any]

RETRIED_FOR: Final = 90.0  # seconds of a server that does not answer before an act counts as an error
LONGEST_PAUSE: Final = 3.0
BUSY: Final = (429, 502, 503, 504)  # asked again with the same key; so is 409 "in_flight"
LEGAL_RACES: Final = ("wrong_turn", "stale", "unit_busy")


class SignInRefused(Exception):
    """The server knows no such account, or another password."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request came to in the end."""

    status: int
    body: Json = field(default_factory=dict)
    replayed: bool = False

    @property
    def ok(self) -> bool:
        """Tell whether it was carried out."""
        return 200 <= self.status < 300

    @property
    def current(self) -> Json | None:
        """Return the present row that a 409 carries."""
        found = self.body.get("current")
        return found if isinstance(found, dict) else None


class Server:
    """One server and the pool of connections to it, with the tally of everything that is asked."""

    def __init__(self, url: str, tally: Tally, *, connections: int = 32) -> None:
        self.url = url.rstrip("/")
        self.tally = tally
        self.asking: set[asyncio.Task[Any] | None] = set()  # tasks that wait for an answer now
        # Each account sends its own cookies; a shared jar would mix the sessions up.
        nobody = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self.http = httpx.AsyncClient(
            base_url=self.url,
            cookies=nobody,
            timeout=httpx.Timeout(20.0, connect=3.0),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            trust_env=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self.http.aclose()


class Account:
    """One account's session."""

    def __init__(self, server: Server, username: str, password: str, *, seat: str = "", terminal: str = "") -> None:
        self.server = server
        self.username = username
        self._password = password
        # A run before this one may have been killed on the seat.
        self._place: Json = {"seat": seat, "terminal": terminal, "relieve": bool(seat)}
        self.me: Json = {}
        self.cookies = ""
        self._csrf = ""

    async def sign_in(self) -> Json:
        """Sign in and return who one is. Raises SignInRefused."""
        await self._session("GET", None)
        reply = await self._session("POST", {"username": self.username, "password": self._password, **self._place})
        if not reply.ok:
            raise SignInRefused(f"{self.username}: {reply.status} {reply.body.get('message', '')}")
        self.me = reply.body["user"]
        return self.me

    async def _session(self, method: str, body: Json | None) -> Reply:
        reply, response = await self._retried(method, "/api/session/", body, key=None)
        if response is not None and reply.ok:
            self._csrf = str(reply.body.get("csrf", ""))
            held = dict(part.split("=", 1) for part in self.cookies.split("; ") if part)
            held.update(response.cookies.items())
            self.cookies = "; ".join(f"{name}={value}" for name, value in held.items())
        return reply

    async def sign_out(self) -> None:
        """End the session."""
        if self.cookies:
            await self._retried("DELETE", "/api/session/", None, key=None)
            self.cookies = ""

    async def get(self, path: str, **query: str | int) -> Reply:
        """Read."""
        return await self.ask("GET", path, None, query=query)

    async def post(
        self, path: str, body: Json | None = None, *, key: uuid.UUID | None = None, legal: tuple[int, ...] = ()
    ) -> Reply:
        """Write, under a key of its own unless one is given; a status that is `legal` is no error."""
        return await self.ask("POST", path, body or {}, key=key or uuid.uuid4(), legal=legal)

    async def patch(self, path: str, body: Json) -> Reply:
        """Edit, under a key of its own."""
        return await self.ask("PATCH", path, body, key=uuid.uuid4())

    async def ask(
        self,
        method: str,
        path: str,
        body: Json | None,
        *,
        key: uuid.UUID | None = None,
        query: dict[str, str | int] | None = None,
        legal: tuple[int, ...] = (),
    ) -> Reply:
        """Ask until there is an answer, always with the same key; count races apart from errors."""
        reply, _ = await self._retried(method, path, body, key=key, query=query)
        if reply.status == 401:  # the session is gone: a restored database, an evening's end
            await self.sign_in()
            reply, _ = await self._retried(method, path, body, key=key, query=query)
        tally = self.server.tally
        tally.replayed += reply.replayed
        tally.commands += key is not None and reply.ok and not reply.replayed
        if reply.status == 409 and reply.body.get("error") in LEGAL_RACES:
            tally.races[str(reply.body["error"])] += 1
        elif not reply.ok and reply.status not in legal:
            tally.error(
                f"{self.username} {method} {path}: {reply.status} {reply.body.get('fields') or reply.body}"[:400]
            )
        return reply

    async def _retried(
        self,
        method: str,
        path: str,
        body: Json | None,
        *,
        key: uuid.UUID | None,
        query: dict[str, str | int] | None = None,
    ) -> tuple[Reply, httpx.Response | None]:
        """Send until the server has answered for good, or for `RETRIED_FOR`."""
        task = asyncio.current_task()
        self.server.asking.add(task)
        try:
            return await self._until_answered(method, path, body, key, query)
        finally:
            self.server.asking.discard(task)

    async def _until_answered(
        self, method: str, path: str, body: Json | None, key: uuid.UUID | None, query: dict[str, str | int] | None
    ) -> tuple[Reply, httpx.Response | None]:
        gives_up_at = time.monotonic() + RETRIED_FOR
        pause = 0.2
        while True:
            reply, response = await self._once(method, path, body, key, query)
            busy = reply.status in BUSY or reply.status == 0 or reply.body.get("error") == "in_flight"
            if not busy or time.monotonic() > gives_up_at:
                return reply, response
            self.server.tally.retries += 1
            asked = response.headers.get("Retry-After", "") if response is not None else ""
            await asyncio.sleep(max(pause, float(asked) if asked.isdigit() else 0.0))
            pause = min(LONGEST_PAUSE, pause * 1.7)

    async def _once(
        self, method: str, path: str, body: Json | None, key: uuid.UUID | None, query: dict[str, str | int] | None
    ) -> tuple[Reply, httpx.Response | None]:
        headers = {"Cookie": self.cookies} if self.cookies else {}
        if method != "GET":
            headers |= {"X-CSRFToken": self._csrf, "Referer": f"{self.server.url}/"}
        if key is not None:
            headers["Idempotency-Key"] = str(key)
        tally, started = self.server.tally, time.perf_counter()
        tally.requests += 1
        try:
            response = await self.server.http.request(method, path, json=body, headers=headers, params=query or None)
        except httpx.TransportError as error:
            return Reply(0, {"message": f"{type(error).__name__}: {error}"}), None
        tally.latencies.add((time.perf_counter() - started) * 1000)
        return Reply(response.status_code, _object(response), "Idempotent-Replay" in response.headers), response


def _object(response: httpx.Response) -> Json:
    """Return the body when it is a JSON object, else the start of its text as the message."""
    if not response.content:
        return {}
    try:
        found = response.json()
    except ValueError:
        return {"message": response.text[:200]}
    return found if isinstance(found, dict) else {"message": str(found)[:200]}

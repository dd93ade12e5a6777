"""A person at a client: signs in over HTTP, sends commands with CSRF token and key, opens live sockets."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import httpx

from incidents.demo_city.people import DEMO_PASSWORD

GOOD = (200, 201)


class Unexpected(AssertionError):
    """An answer with another status than the test expected."""

    def __init__(self, response: httpx.Response) -> None:
        request = response.request
        super().__init__(f"{request.method} {request.url} -> {response.status_code}: {response.text[:800]}")
        self.response = response
        self.status = response.status_code


class Session:
    """One signed-in person."""

    def __init__(
        self, base_url: str, username: str, *, seat: str = "", terminal: str = "", timeout: float = 15
    ) -> None:
        self.base_url = base_url
        self.username = username
        self.seat, self.terminal = seat, terminal
        self.client = httpx.Client(base_url=base_url, timeout=timeout, trust_env=False, headers={"Origin": base_url})
        self.csrf = ""
        self.me: dict[str, Any] = {}

    def sign_in(self, password: str = DEMO_PASSWORD) -> Session:
        """Sign in and keep the cookies and the token."""
        self.csrf = self.get("/api/session/")["csrf"]
        body = {"username": self.username, "password": password, "seat": self.seat, "terminal": self.terminal}
        found = self.post("/api/session/", body)
        self.csrf, self.me = found["csrf"], found["user"]
        return self

    def sign_out(self) -> None:
        """Sign out."""
        self.send("DELETE", "/api/session/")

    def get(self, path: str, *, expect: Collection[int] = GOOD, **query: Any) -> Any:
        """GET a path and return the parsed body; raises Unexpected for another status."""
        return parsed(self.client.get(path, params=query), expect)

    def post(self, path: str, body: Any = None, *, key: str | None = None, expect: Collection[int] = GOOD) -> Any:
        """POST JSON with the token and a key (a fresh one unless given); returns the parsed body."""
        return parsed(self.send("POST", path, body, key=key), expect)

    def patch(self, path: str, body: Any = None, *, key: str | None = None, expect: Collection[int] = GOOD) -> Any:
        """PATCH JSON likewise."""
        return parsed(self.send("PATCH", path, body, key=key), expect)

    def send(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **options: Any
    ) -> httpx.Response:
        """Send a write and return the raw response."""
        headers = {"X-CSRFToken": self.csrf, "Idempotency-Key": key or str(uuid.uuid4())}
        return self.client.request(method, path, json=body if body is not None else {}, headers=headers, **options)

    def ticket(self) -> str:
        """Return a one-time ticket for a socket."""
        return str(self.post("/api/ticket/")["ticket"])

    @property
    def cookie(self) -> str:
        """Return the cookies as a header's value."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.client.cookies.jar)

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


def parsed(response: httpx.Response, expect: Collection[int]) -> Any:
    """Return the parsed body of an expected answer."""
    if response.status_code not in expect:
        raise Unexpected(response)
    return response.json() if response.content else None

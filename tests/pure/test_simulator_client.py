"""The agents' client against a server that drops, refuses and forgets: the same key again, and races are no errors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from dispatch.simulator.client import Account, Server, SignInRefused
from dispatch.simulator.report import Tally

Answer = tuple[int, dict[str, Any], dict[str, str]]
DROPPED: Answer = (0, {}, {})


@dataclass
class Flaky:
    """A small HTTP server that gives the answers of a list, one a request, and remembers what it was asked."""

    answers: list[Answer]
    asked: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        method, path, _ = first.split(" ")
        self.asked.append((method, path, headers, body.decode()))
        status, found, more = self.answers.pop(0)
        if status:
            text = json.dumps(found).encode()
            shown = "".join(f"{name}: {value}\r\n" for name, value in more.items())
            start = f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\nConnection: close\r\n{shown}\r\n"
            writer.write(start.encode() + text)
            await writer.drain()
        writer.close()

    @property
    def keys(self) -> list[str]:
        """Return the keys of the writes, in the order in which they came."""
        return [headers["idempotency-key"] for _, _, headers, _ in self.asked if "idempotency-key" in headers]


@pytest.fixture
async def flaky() -> AsyncIterator[Flaky]:
    found = Flaky([])
    listener = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = listener.sockets[0].getsockname()[1]
    yield found
    listener.close()


@pytest.fixture
async def account(flaky: Flaky) -> AsyncIterator[Account]:
    server = Server(f"http://127.0.0.1:{flaky.port}", Tally())
    yield Account(server, "c102a", "secret")
    await server.close()


OK: Answer = (200, {"call": {"id": 1}}, {})


async def test_a_dropped_request_is_sent_again_with_the_same_key(flaky: Flaky, account: Account) -> None:
    flaky.answers = [DROPPED, DROPPED, OK]
    reply = await account.post("/api/calls/", {"channel": "CH11"})
    assert reply.ok
    assert len(flaky.keys) == 3
    assert len(set(flaky.keys)) == 1
    assert account.server.tally.retries == 2
    assert account.server.tally.error_count == 0


@pytest.mark.parametrize(
    "busy", [(503, {"error": "try_again"}, {"Retry-After": "1"}), (409, {"error": "in_flight"}, {}), (429, {}, {})]
)
async def test_a_busy_server_is_asked_again_with_the_same_key(flaky: Flaky, account: Account, busy: Answer) -> None:
    flaky.answers = [busy, OK]
    assert (await account.post("/api/calls/", {})).ok
    assert len(flaky.keys) == 2
    assert len(set(flaky.keys)) == 1
    assert account.server.tally.error_count == 0


async def test_two_acts_have_two_keys(flaky: Flaky, account: Account) -> None:
    flaky.answers = [OK, OK]
    await account.post("/api/calls/1/answer/")
    await account.post("/api/calls/1/answer/")
    assert len(set(flaky.keys)) == 2


async def test_a_lost_race_is_no_error_and_brings_the_present_row(flaky: Flaky, account: Account) -> None:
    flaky.answers = [(409, {"error": "unit_busy", "current": {"id": 4}}, {})]
    reply = await account.post("/api/incidents/1/orders/", {"units": []})
    assert reply.current == {"id": 4}
    assert account.server.tally.races == {"unit_busy": 1}
    assert account.server.tally.error_count == 0


@pytest.mark.parametrize("status", [400, 403, 404, 422, 500])
async def test_any_other_status_is_an_error(flaky: Flaky, account: Account, status: int) -> None:
    flaky.answers = [(status, {"error": "x"}, {})]
    assert not (await account.post("/api/calls/", {})).ok
    assert account.server.tally.error_count == 1
    assert str(status) in account.server.tally.errors[0]


async def test_a_session_that_is_gone_is_opened_again(flaky: Flaky, account: Account) -> None:
    token: Answer = (200, {"csrf": "t1"}, {"Set-Cookie": "csrftoken=a"})
    came: Answer = (200, {"csrf": "t2", "user": {"badge": "0209"}}, {"Set-Cookie": "sessionid=s"})
    flaky.answers = [(401, {}, {}), token, came, OK]
    assert (await account.post("/api/calls/", {})).ok
    assert flaky.keys[0] == flaky.keys[-1]
    _, _, headers, _ = flaky.asked[-1]
    assert headers["cookie"] == "csrftoken=a; sessionid=s"
    assert headers["x-csrftoken"] == "t2"
    assert account.me == {"badge": "0209"}


async def test_two_accounts_never_share_cookies(flaky: Flaky, account: Account) -> None:
    token: Answer = (200, {"csrf": "t"}, {"Set-Cookie": "sessionid=one"})
    flaky.answers = [token, (200, {"csrf": "t", "user": {}}, {}), OK]
    await account.sign_in()
    other = Account(account.server, "c103a", "secret")
    await other.get("/api/me/")
    assert "cookie" not in flaky.asked[-1][2]


async def test_an_unknown_account_is_refused_in_words(flaky: Flaky, account: Account) -> None:
    flaky.answers = [(200, {"csrf": "t"}, {}), (401, {"message": "nobody"}, {})]
    with pytest.raises(SignInRefused, match="nobody"):
        await account.sign_in()

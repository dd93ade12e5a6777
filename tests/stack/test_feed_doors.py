"""The doors of the live feed: tickets, origins, and rights that end (A15–A17, A19)."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.stack.feed import off
from tests.stack.live_socket import LiveSocket
from tests.stack.session import Session
from tests.stack.stack import Stack


async def refused(live: LiveSocket) -> int:
    """Open a socket that must be refused in its handshake, and return the status."""
    with pytest.raises(InvalidStatus) as found:
        await live.handshake()
    return found.value.response.status_code


async def test_without_cookie_or_ticket_the_handshake_is_refused(dana: Session) -> None:
    ticket = await off(dana.ticket)
    assert await refused(LiveSocket(dana, ticket=ticket, cookie="")) == 403
    assert await refused(LiveSocket(dana, ticket="forged-" + "x" * 30)) == 403
    assert await refused(LiveSocket(dana, protocols=["zz110"])) == 403
    assert await refused(LiveSocket(dana, protocols=[f"ticket.{ticket}"])) == 403
    async with LiveSocket(dana, ticket=ticket) as live:
        assert live.hello, "none of the refusals has used the ticket up"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", None, "null", "other port", "https here", "http://localhost"]
)
async def test_a_foreign_origin_is_refused(dana: Session, stack: Stack, origin: str | None) -> None:
    named = {"other port": f"http://127.0.0.1:{stack.port + 1}", "https here": f"https://127.0.0.1:{stack.port}"}
    live = LiveSocket(dana, origin=named.get(origin or "", origin))
    assert await refused(live) == 403


async def test_a_ticket_opens_one_socket_once(dana: Session) -> None:
    ticket = await off(dana.ticket)
    async with LiveSocket(dana, ticket=ticket):
        assert await refused(LiveSocket(dana, ticket=ticket)) == 403


async def test_of_twenty_with_one_ticket_one_gets_in(dana: Session) -> None:
    ticket = await off(dana.ticket)
    sockets = [LiveSocket(dana, ticket=ticket) for _ in range(20)]
    found = await asyncio.gather(*(live.open() for live in sockets), return_exceptions=True)
    opened = [one for one in found if isinstance(one, LiveSocket)]
    assert len(opened) == 1
    await opened[0].close()


async def test_a_ticket_is_good_for_thirty_seconds(dana: Session, stack: Stack) -> None:
    ticket = await off(dana.ticket)
    digest = hashlib.sha256(ticket.encode()).digest()
    left = stack.value(
        "SELECT extract(epoch FROM expires_at - now()) FROM incidents_ticket WHERE digest = %s", [digest]
    )
    assert 28 < float(left) <= 30
    stack.sql("UPDATE incidents_ticket SET expires_at = expires_at - interval '31 s' WHERE digest = %s", [digest])
    assert await refused(LiveSocket(dana, ticket=ticket)) == 403


async def test_another_sessions_ticket_is_refused(dana: Session, tess: Session, stack: Stack) -> None:
    again = await off(stack.sign_in, "paijing1")
    for thief in (tess, again):
        assert await refused(LiveSocket(thief, ticket=await off(dana.ticket))) == 403


@pytest.mark.parametrize("query", ["ticket={}", "protocol=ticket.{}"])
async def test_a_ticket_in_the_address_is_refused(dana: Session, query: str) -> None:
    ticket = await off(dana.ticket)
    path = "/live/?" + query.format(ticket)
    assert await refused(LiveSocket(dana, path=path, protocols=["zz110"])) == 403
    assert await refused(LiveSocket(dana, path=path, ticket=ticket)) == 403


async def test_a_person_without_a_feed_gets_no_ticket(stack: Stack) -> None:
    admin = stack.sign_in("guanli")
    admin.post("/api/ticket/", expect=[403])
    stack.anonymous().post("/api/ticket/", expect=[401])


async def closes_in_a_second(live: LiveSocket, act: Callable[[], Any]) -> None:
    """Do something that ends rights: within a second the socket closes with 4403, and the last frames tell nothing that
    was written after it."""
    await off(act)
    began = time.monotonic()
    before = len(live.frames)
    assert await live.closed(3) == 4403
    assert time.monotonic() - began < 1
    assert [frame for frame in live.frames[before:] if frame["t"] == "entry"] == []


async def test_signing_out_closes_every_socket_of_the_session_and_of_no_other(stack: Stack) -> None:
    one, other = stack.sign_in("paijing3"), stack.sign_in("paijing3")
    async with LiveSocket(other) as stays:
        first, second = await LiveSocket(one).open(), await LiveSocket(one).open()
        await closes_in_a_second(first, one.sign_out)
        assert await second.closed(1) == 4403
        await stays.send({"t": "ping"})
        assert await stays.next("pong")


async def test_disabling_or_another_role_closes_the_persons_sockets(stack: Stack) -> None:
    admin = stack.sign_in("guanli")
    victim = next(row for row in admin.get("/api/users/")["users"] if row["username"] == "jiejing6")
    for change in ({"roles": ["dispatcher"]}, {"roles": ["call_taker"], "is_active": False}):
        session = await off(stack.sign_in, "jiejing6")
        live = await LiveSocket(session).open()
        path, body = f"/api/users/{victim['id']}/", {"version": victim["version"], **change}
        await closes_in_a_second(live, functools.partial(admin.patch, path, body))
        victim = next(row for row in admin.get("/api/users/")["users"] if row["username"] == "jiejing6")
    session.get("/api/snapshot/", expect=[401])
    admin.patch(f"/api/users/{victim['id']}/", {"version": victim["version"], "is_active": True})


async def test_an_expired_session_closes_its_socket(stack: Stack, dana: Session) -> None:
    session = await off(stack.sign_in, "paijing1")
    live = await LiveSocket(session).open()
    key = session.client.cookies["sessionid"]
    end = "UPDATE django_session SET expire_date = now() WHERE session_key = %s"
    await closes_in_a_second(live, functools.partial(stack.sql, end, [key]))


async def test_a_waiting_poll_of_somebody_who_signed_out_is_refused(stack: Stack) -> None:
    session = await off(stack.sign_in, "paijing3")
    twin = httpx.Client(base_url=stack.base_url, cookies=dict(session.client.cookies), trust_env=False, timeout=30)
    with twin:
        head = session.get("/api/snapshot/")["seq"]
        poll = asyncio.create_task(off(lambda: twin.get("/api/events/", params={"after": head, "wait": 20})))
        await asyncio.sleep(0.5)
        await off(
            lambda: stack.sql(
                "DELETE FROM django_session WHERE session_key = %s", [session.client.cookies["sessionid"]]
            )
        )
        answer = await asyncio.wait_for(poll, 3)
        assert answer.status_code == 401
        assert "entries" not in answer.text

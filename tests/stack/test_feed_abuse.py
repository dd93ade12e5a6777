"""Bad, large and many frames, and readers that do not keep up (A18, A20–A23)."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.stack.feed import incident_of, note, off, take
from tests.stack.live_socket import LiveSocket
from tests.stack.session import Session
from tests.stack.stack import Stack

ENTRIES = 1_500  # of 8 kB each: more than queue and buffers of one socket hold

BAD_FRAMES: dict[str, tuple[Any, int]] = {
    "64 KiB and a byte": ("x" * (64 * 1024 + 1), 1009),
    "a megabyte": ("x" * 2**20, 1009),
    "no JSON": ("{", 4400),
    "no object": ("[1]", 4400),
    "unknown": ('{"t": "assign"}', 4400),
    "type that is no text": ('{"t": ["ping"]}', 4400),
    "deep": ('{"t":' + "[" * 10_000 + "]" * 10_000 + "}", 4400),
    "binary": (b"\x00\x01", 1003),
    "nothing": ("", 4400),
}


@pytest.mark.parametrize("case", BAD_FRAMES)
async def test_a_bad_frame_closes_the_socket_with_its_code(dana: Session, case: str) -> None:
    frame, code = BAD_FRAMES[case]
    async with LiveSocket(dana) as neighbour:
        live = await LiveSocket(dana).open()
        await live.send(frame)
        assert await live.closed() == code
        await neighbour.send({"t": "ping"})
        assert await neighbour.next("pong")


async def test_a_frame_of_exactly_64_kib_is_read(dana: Session) -> None:
    async with LiveSocket(dana) as live:
        frame = '{"t": "ping", "x": "' + "x" * (64 * 1024 - 22) + '"}'
        assert len(frame) == 64 * 1024
        await live.send(frame)
        assert await live.next("pong")


async def test_text_that_is_no_utf_8_closes_the_socket(dana: Session) -> None:
    live = await LiveSocket(dana).open()
    assert live.connection is not None
    payload = b'{"t": "\xff\xfe"}'
    mask = b"\1\2\3\4"
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    live.connection.transport.write(bytes([0x81, 0x80 | len(payload)]) + mask + masked)
    assert await live.closed() == 1007


async def test_a_socket_that_asks_for_another_area_gets_an_error_and_nothing_else(dana: Session) -> None:
    async with LiveSocket(dana) as live:
        await live.send({"t": "subscribe", "audience": "centre.2"})
        assert (await live.next("error"))["error"] == "forbidden"
        await live.send({"t": "fix", "lat": 24.5, "lng": 117.6, "crs": "WGS84", "taken_at": "2026-01-01T00:00:00Z"})
        assert (await live.next("error"))["error"] == "forbidden", "a desk has no unit to report"


async def test_a_thousand_frames_a_second_close_the_socket_and_harm_nobody(dana: Session, tess: Session) -> None:
    incident = incident_of(dana, await off(take, tess))
    async with LiveSocket(dana) as neighbour:
        flood = await LiveSocket(dana).open()

        async def send_many() -> None:
            for _ in range(1000):
                await flood.send({"t": "ping"})

        sending = asyncio.create_task(send_many())
        assert await flood.closed() == 4429
        sending.cancel()
        began = time.monotonic()
        await off(note, tess, incident)
        await neighbour.next("incident.note_added")
        assert time.monotonic() - began < 1.5


async def test_the_seventh_socket_of_a_person_is_refused(stack: Stack) -> None:
    session = await off(stack.sign_in, "jiejing4")
    tickets = [await off(session.ticket) for _ in range(12)]
    sockets = [LiveSocket(session, ticket=ticket) for ticket in tickets]
    found = await asyncio.gather(*(live.open() for live in sockets), return_exceptions=True)
    opened = [one for one in found if isinstance(one, LiveSocket)]
    assert len(opened) == 6
    assert [one.response.status_code for one in found if isinstance(one, InvalidStatus)] == [403] * 6
    await opened[0].close()
    await asyncio.sleep(0.3)
    async with LiveSocket(session) as again:
        assert again.hello, "a place that is free is given again"
    for live in opened[1:]:
        await live.close()


async def test_a_reader_that_does_not_keep_up_is_told_to_start_over(own_stack: Callable[..., Stack]) -> None:
    """The queue of one socket is bounded: it overflows, closes with 4408, and nobody else notices."""
    stack = own_stack("web")
    dana, tess = stack.sign_in("paijing1"), stack.sign_in("jiejing1")
    made = await off(lambda: take(tess, narrative="长" * 2_500))
    async with LiveSocket(dana) as neighbour:
        slow = LiveSocket(dana, max_queue=1)  # the library stops reading after one frame that nobody takes
        await slow.open()
        shrink(slow)
        writing = asyncio.create_task(off(flood_of_entries, stack, made))
        heard = await neighbour.until(made["seq"] + ENTRIES, 60)
        assert await writing >= made["seq"] + ENTRIES, "limits that pass meanwhile write entries too"
        numbers = [entry["seq"] for entry in heard]
        assert numbers[-1] >= made["seq"] + ENTRIES
        assert numbers == list(range(numbers[0], numbers[-1] + 1)), "the neighbour has every number"
        assert await slow.closed(30) == 4408


def shrink(live: LiveSocket) -> None:
    """Give a client's socket the smallest receive buffer, so that the server's writes stall soon."""
    assert live.connection is not None
    raw = live.connection.transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)


def flood_of_entries(stack: Stack, made: dict[str, Any]) -> int:
    """Write many entries quickly, copies of one (nobody verifies this chain), and return the last number."""
    centre = made["call"]["centre"]
    with stack.connect() as connection:
        for _ in range(ENTRIES // 50):
            with connection.transaction():
                row = connection.execute(
                    "UPDATE incidents_head SET seq = seq + 50 WHERE centre_id = %s RETURNING seq", [centre]
                ).fetchone()
                assert row is not None
                connection.execute(
                    "INSERT INTO incidents_entry SELECT centre_id, %s - n, clock_timestamp(), kind, actor_id, actor, command, "
                    "incident_id, readers, body, body_hash, prev_hash, hash FROM incidents_entry, generate_series(0, 49) n "
                    "WHERE centre_id = %s AND seq = %s",
                    [row["seq"], centre, made["seq"]],
                )
            time.sleep(0.05)
    assert row is not None
    return int(row["seq"])


async def test_a_peer_that_reads_nothing_at_all_is_cut(own_stack: Callable[..., Stack]) -> None:
    """A frozen browser never takes the closing frame either: the kernel ends the connection (A23)."""
    stack = own_stack("web")
    dana, tess = stack.sign_in("paijing1"), stack.sign_in("jiejing1")
    made = await off(lambda: take(tess, narrative="长" * 2_500))
    frozen = await off(raw_handshake, stack, dana)
    with frozen:
        await asyncio.sleep(0.5)
        await off(flood_of_entries, stack, made)
        give_up_at = time.monotonic() + 25
        while open_sockets(stack) > 0:
            assert time.monotonic() < give_up_at, "the connection is still open"
            await asyncio.sleep(0.25)


def raw_handshake(stack: Stack, session: Session) -> socket.socket:
    """Open a live socket by hand, with a tiny receive buffer, and read nothing but the handshake's first bytes."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    raw.connect(("127.0.0.1", stack.port))
    lines = [
        "GET /live/ HTTP/1.1", f"Host: 127.0.0.1:{stack.port}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", f"Origin: {stack.base_url}",
        f"Sec-WebSocket-Protocol: zz110, ticket.{session.ticket()}", f"Cookie: {session.cookie}", "", "",
    ]  # fmt: skip
    raw.sendall("\r\n".join(lines).encode())
    assert b"101" in raw.recv(64)
    return raw


def open_sockets(stack: Stack) -> int:
    """Return how many established connections the web process holds with a peer (from the kernel's table)."""
    local = f"{struct.unpack('<I', socket.inet_aton('127.0.0.1'))[0]:08X}:{stack.port:04X}"
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    # 0A is the listener; a connection of an HTTP client has nothing left to send.
    return sum(1 for row in rows if row[1] == local and row[3] != "0A" and int(row[4].split(":")[0], 16) > 0)

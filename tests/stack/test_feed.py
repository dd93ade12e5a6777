"""The live feed as browsers get it: joining, gaps, long poll, rights that end, and what is refused (A15–A23)."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import json
import random
import socket
import struct
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.stack.live_socket import LiveSocket
from tests.stack.session import Session
from tests.stack.stack import Stack

off = asyncio.to_thread  # HTTP beside an open socket
ENTRIES = 1_500  # of 8 kB each: more than queue and buffers of one socket hold


def take(person: Session, **facts: Any) -> dict[str, Any]:
    """Take a call with its incident."""
    incident = {"type_reported": "020101", "address_text": "新华路", "contact_phone": "19000000123", **facts}
    answer: dict[str, Any] = person.post("/api/calls/", {"channel": "CH11", "kind": "CK01", "incident": incident})
    return answer


def note(person: Session, incident: int, text: str = "备注") -> int:
    """Write a remark and return its number."""
    return int(person.post(f"/api/incidents/{incident}/note/", {"text": text})["seq"])


@pytest.fixture
def dana(stack: Stack) -> Session:
    """A dispatcher."""
    return stack.sign_in("paijing1", seat="P1")


@pytest.fixture
def tess(stack: Stack) -> Session:
    """A call-taker."""
    return stack.sign_in("jiejing1", seat="J1")


# --- joining and staying ---


async def test_hello_then_snapshot_then_every_entry(dana: Session, tess: Session) -> None:
    async with LiveSocket(dana) as live:
        assert live.hello["lease_s"] == 30
        assert live.hello["heartbeat_s"] == 5
        made = await off(take, tess)
        snapshot = await off(dana.get, "/api/snapshot/")
        assert snapshot["epoch"] == live.hello["epoch"]
        assert snapshot["seq"] >= made["seq"] > live.hello["seq"]
        entries = await live.until(made["seq"])
        assert [entry["kind"] for entry in entries][-2:] == ["call.answered", "incident.created"]
        last = live.hello["seq"]
        for entry in entries:
            assert entry["prev_seq"] == last, "the numbers of one audience follow each other"
            last = entry["seq"]
        created = entries[-1]
        assert created["actor"]["badge"] == tess.me["badge"]
        assert created["rows"]["incident"][0]["id"] in {row["id"] for row in snapshot["rows"]["incident"]}


async def test_the_writer_hears_the_own_entry_with_the_key_of_the_request(tess: Session) -> None:
    key = str(uuid.uuid4())
    async with LiveSocket(tess) as live:
        body = {"channel": "CH11", "kind": "CK01", "incident": {"address_text": "自听路"}}
        await off(lambda: tess.post("/api/calls/", body, key=key))
        assert (await live.next("incident.created"))["command"] == key


async def test_an_entry_is_there_within_a_second_of_the_answer(dana: Session, tess: Session) -> None:
    made = await off(take, tess)
    async with LiveSocket(dana) as live:
        await off(note, tess, incident_of(dana, made))
        answered = time.monotonic()
        await live.next("incident.note_added")
        assert time.monotonic() - answered < 1


def incident_of(person: Session, made: dict[str, Any]) -> int:
    """Return the incident that a call made."""
    return int(made["call"]["incident"])


async def test_a_heartbeat_carries_the_head_while_postgresql_answers(dana: Session) -> None:
    async with LiveSocket(dana) as live:
        first = await live.next("heartbeat")
        second = await live.next("heartbeat")
        assert first["seq"] >= live.hello["seq"]
        assert second["prev_seq"] <= second["seq"]


async def test_a_ping_is_answered(dana: Session) -> None:
    async with LiveSocket(dana) as live:
        await live.send({"t": "ping"})
        assert await live.next("pong")


async def test_a_gap_is_seen_by_its_number_and_closed_by_asking(dana: Session, tess: Session) -> None:
    """A client that lost frames compares `prev_seq` with its last number and asks for what lies between."""
    async with LiveSocket(dana) as live:
        incident = incident_of(dana, await off(take, tess))
        await live.next("incident.created")
        known = live.frames[-1]["seq"]
        numbers = [await off(note, tess, incident, f"缺{n}") for n in range(3)]
        frames = await live.until(numbers[-1])
        lost, kept = frames[:-1], frames[-1]
        assert kept["prev_seq"] > known, "the last frame alone tells of the gap"
        answer = await off(lambda: dana.get("/api/events/", after=known, epoch=live.hello["epoch"]))
        assert answer["recovered"] is True
        assert answer["entries"][: len(lost)] == lost
        assert answer["entries"][0]["prev_seq"] == known


async def test_clients_that_come_and_go_miss_no_entry(stack: Stack, tess: Session) -> None:
    """Sockets are cut at random while entries are written; each client goes on from its last number (F7)."""
    people = [stack.sign_in(name) for name in ("paijing1", "paijing2", "jiejing5")]
    incident = incident_of(tess, await off(take, tess))
    start = (await off(tess.get, "/api/snapshot/"))["seq"]
    async with asyncio.TaskGroup() as group:
        writing = group.create_task(off(lambda: [note(tess, incident) for _ in range(120)]))
        clients = [group.create_task(come_and_go(person, start, writing)) for person in people for _ in range(2)]
    heard = [client.result() for client in clients]
    numbers = [await off(everything_after, tess, start)] * len(clients)
    assert [sorted(one)[: len(numbers[0])] for one in heard] == numbers


async def come_and_go(person: Session, start: int, writing: asyncio.Task[Any]) -> set[int]:
    """Live on the feed as live.js does, with sockets that last a moment, and return every number heard."""
    heard: set[int] = set()
    last = start

    def fetch(after: int) -> int:
        with httpx.Client(base_url=person.base_url, cookies=dict(person.client.cookies), trust_env=False) as client:
            answer = client.get("/api/events/", params={"after": after}).json()
        assert answer["recovered"]
        heard.update(entry["seq"] for entry in answer["entries"])
        return int(answer["seq"])

    while True:
        over = writing.done()
        async with LiveSocket(person) as live:
            if live.hello["seq"] > last:
                last = await off(fetch, last)
            give_up_at = time.monotonic() + (6.0 if over else random.uniform(0.05, 0.4))
            while time.monotonic() < give_up_at:
                try:
                    frame = await live.frame(max(0.01, give_up_at - time.monotonic()))
                except TimeoutError:
                    break
                if frame["t"] not in ("entry", "heartbeat"):
                    continue
                if frame["prev_seq"] > last:
                    last = await off(fetch, last)
                if frame["t"] == "entry" and frame["seq"] > last:
                    heard.add(frame["seq"])
                    last = frame["seq"]
        if over:
            return heard


def everything_after(person: Session, start: int) -> list[int]:
    """Return the numbers of all entries after one."""
    return [entry["seq"] for entry in person.get("/api/events/", after=start)["entries"]]


def test_events_say_when_only_a_snapshot_helps(dana: Session, stack: Stack) -> None:
    snapshot = dana.get("/api/snapshot/")
    head, epoch = snapshot["seq"], snapshot["epoch"]
    nothing = dana.get("/api/events/", after=head, epoch=epoch)
    assert (nothing["recovered"], nothing["entries"]) == (True, [])
    assert dana.get("/api/events/", after=head + 1000, epoch=epoch)["recovered"] is False
    foreign = "00000000-0000-4000-8000-000000000000"
    assert dana.get("/api/events/", after=head, epoch=foreign)["recovered"] is False
    for bad in ("-1", "x", "1e3", "", "9" * 30):
        dana.get("/api/events/", after=bad, expect=[400])


async def test_a_long_poll_returns_with_the_first_entry(dana: Session, tess: Session) -> None:
    incident = incident_of(dana, await off(take, tess))
    head = (await off(dana.get, "/api/snapshot/"))["seq"]
    poll = asyncio.create_task(off(lambda: dana.get("/api/events/", after=head, wait=12)))
    await asyncio.sleep(0.7)
    assert not poll.done()
    seq = await off(note, tess, incident)
    began = time.monotonic()
    answer = await asyncio.wait_for(poll, 3)
    assert time.monotonic() - began < 1
    assert seq in [entry["seq"] for entry in answer["entries"]]


def test_a_long_poll_of_a_quiet_time_returns_empty(dana: Session) -> None:
    head = dana.get("/api/snapshot/")["seq"]
    began = time.monotonic()
    answer = dana.get("/api/events/", after=head, wait=1)
    assert 0.8 < time.monotonic() - began < 4 or answer["entries"]
    assert answer["recovered"] is True


async def test_another_epoch_makes_everybody_start_over(own_stack: Callable[..., Stack]) -> None:
    """A restored or rebuilt journal has another epoch; numbers of the old one mean nothing any more."""
    stack = own_stack("web")
    dana = stack.sign_in("paijing1")
    live = await LiveSocket(dana).open()
    stack.sql("UPDATE incidents_head SET epoch = gen_random_uuid()")
    assert await live.closed(3) == 4408
    async with LiveSocket(dana) as again:
        assert again.hello["epoch"] != live.hello["epoch"]


# --- who sees what ---


async def test_each_audience_gets_its_own_entries_and_its_own_numbers(stack: Stack, tess: Session) -> None:
    leader, duty = stack.sign_in("juzhang"), stack.sign_in("suo404")
    async with LiveSocket(leader) as overview, LiveSocket(duty) as station, LiveSocket(tess) as desk:
        rang = await off(lambda: tess.post("/api/calls/", {"channel": "CH11", "state": "waiting"}))
        made = await off(take, tess, contact_name="来电人甲")
        seen = await overview.next("incident.created")
        [row] = seen["rows"]["incident"]
        assert "call" not in seen["rows"]
        assert (row["contact_name"], row["contact_phone"]) == ("＊＊＊", "＊＊＊")
        assert "19000000123" not in json.dumps(seen)
        assert seen["prev_seq"] < rang["seq"] < seen["seq"], "hidden entries are stepped over without a gap"
        whole = await desk.next("incident.created")
        assert whole["rows"]["incident"][0]["contact_phone"] == "19000000123"
        assert whole["prev_seq"] == made["seq"] - 1
        assert [frame["t"] for frame in await station.drain(0.6) if frame["t"] == "entry"] == []


async def test_a_station_gets_the_incidents_of_its_area_and_is_told_when_one_leaves(
    stack: Stack, tess: Session
) -> None:
    dana = stack.sign_in("zhihui")
    points = {row["code"]: centre_of_ring(row) for row in dana.get("/api/areas/")["areas"] if row["kind"] == "station"}
    here, there = points["S404"], next(point for code, point in points.items() if code != "S404")
    async with LiveSocket(stack.sign_in("suo404")) as station:
        made = await off(take, tess, point=here)
        created = await station.next("incident.created")
        [row] = created["rows"]["incident"]
        assert row["jurisdiction"] == stack.value("SELECT id FROM incidents_organisation WHERE code = 'S404'")
        assert row["contact_phone"] == "19000000123", "the owner station needs the caller"
        place = {"version": row["version"], "point": there}
        await off(dana.post, f"/api/incidents/{made['call']['incident']}/place/", place)
        moved = await station.next("incident.placed")
        stub = {"id": row["id"], "version": row["version"] + 1, "centre": row["centre"], "open": False}
        assert moved["rows"]["incident"] == [stub]
        await off(note, dana, made["call"]["incident"], "别所的事")
        assert not [frame for frame in await station.drain(0.6) if frame["t"] == "entry"]


def centre_of_ring(row: dict[str, Any]) -> dict[str, Any]:
    """Return a point inside an area: the middle of its ring, in WGS-84."""
    from shapely.geometry import Polygon

    point = Polygon(row["ring"]).representative_point()
    return {"lat": point.y, "lng": point.x, "crs": "WGS84"}


async def test_a_complaint_is_the_inspectors_alone(stack: Stack, tess: Session) -> None:
    async with LiveSocket(stack.sign_in("juzhang")) as overview, LiveSocket(stack.sign_in("ducha1")) as inspector:
        made = await off(take, tess, type_reported="1003", narrative="投诉某人")
        await off(note, tess, made["call"]["incident"], "投诉补充")
        await inspector.next("incident.note_added")
        heard = json.dumps(await overview.drain(0.6), ensure_ascii=False)
        assert "投诉" not in heard
        assert '"incident.note_added"' not in heard


async def test_a_phone_hears_its_own_unit_only(stack: Stack) -> None:
    dana, tess = stack.sign_in("paijing2"), stack.sign_in("jiejing2")
    crews = {sign: stack.sign_in(f"{sign.lower()}a") for sign in ("C102", "C103")}
    units = {row["call_sign"]: row["id"] for row in dana.get("/api/units/")["units"]}
    for sign, lead in crews.items():
        await off(lead.post, "/api/my-unit/shift/", {"unit": units[sign]})
    async with LiveSocket(crews["C102"]) as mine, LiveSocket(crews["C103"]) as other:
        made = await off(take, tess)
        order = {"units": [{"unit": units["C102"], "override_reason": "OV1"}]}
        sent = await off(dana.post, f"/api/incidents/{made['call']['incident']}/orders/", order)
        heard = await mine.next("assignment.sent")
        assert heard["rows"]["assignment"][0]["id"] == sent["assignments"][0]["id"]
        assert heard["rows"]["incident"][0]["contact_phone"] == "19000000123"
        assert not [frame for frame in await other.drain(0.6) if frame["t"] == "entry"]
        withdrawal = {"cancel_code": "CX1"}
        await off(dana.post, f"/api/assignments/{sent['assignments'][0]['id']}/withdraw/", withdrawal)
        gone = await mine.next("assignment.withdrawn")
        assert gone["rows"]["incident"][0]["open"] is False
        assert "narrative" not in gone["rows"]["incident"][0]
    for lead in crews.values():
        await off(lead.post, "/api/my-unit/shift/end/")


async def test_a_station_gets_the_positions_of_its_own_units_alone(stack: Stack) -> None:
    gate = stack.sign_in("jieru")
    units = {row["call_sign"]: row["id"] for row in stack.sign_in("zhihui").get("/api/units/")["units"]}
    async with LiveSocket(stack.sign_in("suo404")) as station, LiveSocket(stack.sign_in("paijing1")) as desk:
        fixes = [fix_at(sign, 24.51, 117.65) for sign in ("C101", "S404", "S405")]
        await off(gate.post, "/api/positions/", {"fixes": fixes})
        everything = await desk.next("moved")
        assert {units["C101"], units["S404"], units["S405"]} <= {position[0] for position in everything["positions"]}
        own = await station.next("moved")
        assert [position[0] for position in own["positions"]] == [units["S404"]]


def fix_at(call_sign: str, lat: float, lng: float) -> dict[str, Any]:
    """Return a fix of this moment."""
    at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    return {"call_sign": call_sign, "lat": lat, "lng": lng, "crs": "WGS84", "taken_at": at}


# --- tickets and origins (A15–A17) ---


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


# --- rights that end (A19) ---


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


# --- bad, large and many frames (A18, A20–A23) ---

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
        assert await writing == made["seq"] + ENTRIES
        numbers = [entry["seq"] for entry in heard]
        assert numbers == list(range(numbers[0], made["seq"] + ENTRIES + 1)), "the neighbour has every number"
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

"""The live feed as browsers get it: joining, staying, gaps, long poll, who sees what."""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx

from tests.stack.feed import incident_of, note, off, take
from tests.stack.live_socket import LiveSocket
from tests.stack.session import Session
from tests.stack.stack import Stack


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

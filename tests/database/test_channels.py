"""Contacts that come in through machines: the exchange, text threads, alarm devices, the public page, number flags."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from dispatch.services import moves
from dispatch.simulator.border import TextService
from incidents import jobs, signatures
from incidents.models import Alert, Call, Device, Entry, Gateway, Job, Message
from incidents.refusals import BadInput, Replayed, WrongTurn
from incidents.services import calls, gateways, number_flags, texts
from incidents.services.people import note_sign_in
from tests.database.acts import POINT, drive, kinds, send
from tests.people import Cast

NUMBER = "19000000101"
Json = dict[str, Any]


def register(cast: Cast, kind: str, address: str = "") -> Gateway:
    """Register a gateway."""
    return gateways.register_gateway(
        by=None, centre_id=cast.centre.pk, code=kind, name=kind, kind=kind, address=address
    )


def say(gateway: Gateway, door: str, content: Json, *, event: str = "", secret: str = "", age_s: int = 0) -> Any:
    """Post a signed event, by default with the right secret and now."""
    path, body = f"/api/gateway/{door}/", json.dumps(content).encode()
    signed = signatures.headers(
        secret or gateway.secret,
        gateway=f"{gateway.centre.code}/{gateway.code}",
        moment=int(time.time()) - age_s,
        event=event or uuid.uuid4().hex,
        method="POST",
        path=path,
        body=body,
    )
    return Client().post(path, body, content_type="application/json", headers=signed)


# --- the exchange ---


def test_a_call_rings_with_its_three_fields_is_answered_at_a_seat_and_ends(quick: Cast) -> None:
    exchange = register(quick, "exchange")
    note_sign_in(by=quick.actor("tess"), came=True)
    ring = {
        "type": "ring",
        "call": "x1",
        "dialled_number": "122",
        "caller_number": NUMBER,
        "subscriber": "卢知遥",
        "subscriber_address": "新华路12号",
        "caller_point": {"lat": 24.5112, "lng": 117.654, "crs": "WGS84", "accuracy_m": 120},
    }
    answer = say(exchange, "exchange", ring)
    assert answer.status_code == 201, answer.content
    row = answer.json()["call"]
    assert (row["state"], row["channel"], row["subscriber_address"]) == ("waiting", "CH12", "新华路12号")
    assert row["caller_point"]["accuracy_m"] == 120
    answered = say(exchange, "exchange", {"type": "answered", "call": "x1", "seat": "seat-tess"}).json()["call"]
    assert (answered["state"], answered["agent_no"]) == ("in_progress", quick.users["tess"].badge)
    recorded = say(exchange, "exchange", {"type": "recorded", "call": "x1", "recording_id": "R77"}).json()["call"]
    assert recorded["recording_id"] == "R77"
    ended = say(exchange, "exchange", {"type": "hung_up", "call": "x1"}).json()["call"]
    assert ended["state"] == "lost"  # no kind was set: it must be called back (R18)
    assert Call.objects.count() == 1
    assert [kind for kind in kinds() if kind.startswith("call.")] == [
        "call.rang",
        "call.answered",
        "call.described",
        "call.lost",
    ]


def test_an_answer_by_key_and_one_by_handset_are_one_answer(quick: Cast) -> None:
    exchange = register(quick, "exchange")
    note_sign_in(by=quick.actor("dana"), came=True)
    say(exchange, "exchange", {"type": "ring", "call": "x1", "caller_number": NUMBER})
    call = calls.answer_call(by=quick.actor("tess"), call_id=Call.objects.get().pk)
    row = say(exchange, "exchange", {"type": "answered", "call": "x1", "seat": "seat-dana"}).json()["call"]
    assert (row["agent_no"], row["version"]) == (quick.users["tess"].badge, call.version)


def test_events_out_of_order_lose_no_call_and_a_caller_who_gives_up_is_lost(quick: Cast) -> None:
    exchange = register(quick, "exchange")
    row = say(exchange, "exchange", {"type": "answered", "call": "x9", "seat": "nobody"}).json()["call"]
    assert (row["state"], row["agent_no"], row["seat_no"]) == ("in_progress", "", "nobody")
    late = say(exchange, "exchange", {"type": "ring", "call": "x9", "caller_number": NUMBER}).json()["call"]
    assert (late["id"], late["state"]) == (row["id"], "in_progress")
    say(exchange, "exchange", {"type": "ring", "call": "x10"})
    assert say(exchange, "exchange", {"type": "abandoned", "call": "x10"}).json()["call"]["state"] == "lost"
    assert Call.objects.count() == 2


def test_an_event_is_carried_out_once_and_its_number_is_not_used_twice(quick: Cast) -> None:
    exchange = register(quick, "exchange")
    first = say(exchange, "exchange", {"type": "ring", "call": "x1"}, event="e1")
    again = say(exchange, "exchange", {"type": "ring", "call": "x1"}, event="e1")
    assert again.status_code == 201
    assert again["Idempotent-Replay"] == "true"
    assert again.json()["call"] == first.json()["call"]
    assert say(exchange, "exchange", {"type": "ring", "call": "x2"}, event="e1").status_code == 422
    assert Call.objects.count() == 1


def test_only_a_genuine_fresh_signature_of_the_right_kind_opens_the_door(quick: Cast) -> None:
    exchange, text = register(quick, "exchange"), register(quick, "text")
    ring = {"type": "ring", "call": "x1"}
    assert say(exchange, "exchange", ring, secret="guess").status_code == 401
    assert say(exchange, "exchange", ring, age_s=301).status_code == 401
    assert say(exchange, "exchange", ring, age_s=-301).status_code == 401
    assert say(text, "exchange", ring).status_code == 403
    assert Client().post("/api/gateway/exchange/", "{}", content_type="application/json").status_code == 401
    Gateway.objects.filter(pk=exchange.pk).update(active=False)
    assert say(exchange, "exchange", ring).status_code == 401
    assert not Call.objects.exists()


def test_a_body_that_was_changed_on_the_way_is_refused(quick: Cast) -> None:
    exchange = register(quick, "exchange")
    path, body = "/api/gateway/exchange/", b'{"type": "ring", "call": "x1"}'
    signed = signatures.headers(
        exchange.secret,
        gateway=f"{quick.centre.code}/exchange",
        moment=int(time.time()),
        event="e1",
        method="POST",
        path=path,
        body=body,
    )
    changed = Client().post(path, body.replace(b"x1", b"x2"), content_type="application/json", headers=signed)
    assert changed.status_code == 401
    assert Client().post(path, body, content_type="application/json", headers=signed).status_code == 201


def test_bad_events_name_the_field_and_change_nothing(quick: Cast) -> None:
    exchange = register(quick, "exchange")
    for wrong, field in (
        ({"type": "sing", "call": "x1"}, "type"),
        ({"type": "ring"}, "call"),
        ({"type": "ring", "call": "x1", "caller_point": {"lat": 1, "lng": 2}}, "caller_point.crs"),
        ({"type": "ring", "call": "x1", "caller_point": {"lat": 1, "lng": 2, "crs": "WGS84"}}, "caller_point"),
        ({"type": "ring", "call": "x1", "state": "done"}, "state"),
    ):
        answer = say(exchange, "exchange", wrong)
        assert answer.status_code == 400
        assert field in answer.json()["fields"]
    assert not Call.objects.exists()


def test_a_new_secret_ends_the_old_one(quick: Cast) -> None:
    old = register(quick, "exchange")
    before = old.secret
    new = register(quick, "exchange")
    assert new.pk == old.pk
    assert new.secret != before
    assert say(new, "exchange", {"type": "ring", "call": "x1"}, secret=before).status_code == 401
    assert say(new, "exchange", {"type": "ring", "call": "x1"}).status_code == 201


# --- text threads (R19) ---


def bring(cast: Cast, text: str, number: str = NUMBER, message: str = "") -> Any:
    """Bring a text in."""
    gateway = Gateway.objects.filter(kind="text").first() or register(cast, "text")
    content = {
        "message": message or uuid.uuid4().hex,
        "number": number,
        "text": text,
        "sent_at": "2026-01-01T00:00:00Z",
    }
    return say(gateway, "text", content)


def test_texts_of_one_number_are_one_silent_thread_until_it_is_done(quick: Cast) -> None:
    assert bring(quick, "有人在打我").status_code == 201
    bring(quick, "不要打电话来")
    call = Call.objects.get()
    assert (call.channel, call.silent, call.state, call.narrative) == ("CH21", True, "waiting", "有人在打我")
    assert [one.text for one in call.messages.order_by("id")] == ["有人在打我", "不要打电话来"]
    message = call.messages.order_by("id")[0]
    assert message.sent_at is not None
    assert message.received_at is not None
    assert message.sent_at < message.received_at  # both times are kept
    calls.lose_call(by=quick.actor("tess"), call_id=call.pk)
    with pytest.raises(WrongTurn):
        calls.call_back(by=quick.actor("tess"), call_id=call.pk, answered=True)
    calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={"kind": "CK11", "closing_reason": "CL4"})
    bring(quick, "又来了")
    assert Call.objects.count() == 2


def test_the_same_text_delivered_twice_is_one_text(quick: Cast) -> None:
    bring(quick, "救命", message="m1")
    assert bring(quick, "救命", message="m1").status_code in (200, 201)
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_texts_of_one_number_at_the_same_moment_make_one_thread(cast: Cast) -> None:
    gateway = register(cast, "text")

    def bring_one(number: int) -> None:
        try:
            texts.receive_text(
                by=cast.actor("gate"), gateway_id=gateway.pk, number=NUMBER, text=f"t{number}", external_id=f"m{number}"
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bring_one, range(8)))
    assert Call.objects.count() == 1
    assert Message.objects.count() == 8


def test_the_desk_answers_and_the_gateway_gets_it_signed_also_after_a_failure(quick: Cast) -> None:
    gateway = register(quick, "text")
    bring(quick, "有人在打我")
    call = Call.objects.get()
    with TextService("http://unused", f"{quick.centre.code}/text", gateway.secret) as service:
        Gateway.objects.filter(pk=gateway.pk).update(address=service.address)
        message = texts.write_text(by=quick.actor("tess"), call_id=call.pk, text="您在哪里？回复数字即可")
        assert message.state == "queued"
        service.refuses = 1
        jobs.drain()
        assert service.taken == []
        job = Job.objects.get()
        assert "503" in job.last_error
        Job.objects.update(due_at=timezone.now())
        jobs.drain()
        [taken] = service.taken
        assert (taken["number"], taken["text"]) == (NUMBER, "您在哪里？回复数字即可")
        message.refresh_from_db()
        assert (message.state, message.external_id) == ("sent", "s1")
        # The answer of the gateway was lost: the text goes out again as the same event.
        Message.objects.filter(pk=message.pk).update(state="queued")
        texts.send_text({"message": message.pk})
        assert len(service.taken) == 1
    assert kinds()[-1] == "text.sent"


def test_a_text_that_cannot_be_sent_is_told_to_the_desk(quick: Cast) -> None:
    register(quick, "text")  # without an address
    bring(quick, "有人在打我")
    message = texts.write_text(by=quick.actor("tess"), call_id=Call.objects.get().pk, text="您在哪里")
    for _turn in range(jobs.GIVES_UP_AFTER):
        Job.objects.update(due_at=timezone.now())
        jobs.drain()
    message.refresh_from_db()
    assert message.state == "failed"
    assert Alert.objects.get(kind="text_failed").data["number"] == NUMBER
    assert Job.objects.get().gave_up_at is not None


def test_a_voice_caller_cannot_be_written_to(quick: Cast) -> None:
    call = calls.take_call(by=quick.actor("tess"), facts={"channel": "CH11"})
    with pytest.raises(WrongTurn):
        texts.write_text(by=quick.actor("tess"), call_id=call.pk, text="?")


def test_leaders_and_units_read_no_word_of_a_thread(quick: Cast, api: Any) -> None:
    bring(quick, "有人在打我")
    board = api(quick.user("dana")).get("/api/snapshot/").json()["rows"]
    assert [one["text"] for one in board["message"]] == ["有人在打我"]
    for name in ("lee", "omar", "vic", "rae"):
        assert api(quick.user(name)).get("/api/snapshot/").json()["rows"]["message"] == []


# --- devices ---


def alarm(cast: Cast, device: str = "K1", kind: str = "alarm", **facts: Any) -> Any:
    """Let a device tell something."""
    gateway = Gateway.objects.filter(kind="device").first() or register(cast, "device")
    return say(gateway, "device", {"type": kind, "device": device, **facts})


def test_a_registered_device_rings_with_its_place_and_a_second_alarm_adds_to_it(quick: Cast) -> None:
    gateway = register(quick, "device")
    facts = {"device_no": "K1", "channel": "CH32", "name": "金店", "address_text": "碧湖万达", "point": POINT}
    gateways.register_devices(by=None, gateway_id=gateway.pk, devices=[{**facts, "contact_phone": NUMBER}])
    row = alarm(quick).json()["call"]
    assert (row["state"], row["channel"], row["subscriber"]) == ("waiting", "CH32", "金店")
    assert row["caller_point"]["lat"] == POINT["lat"]
    again = alarm(quick, text="二次触发").json()["call"]
    assert again["id"] == row["id"]
    assert again["supplements"][0]["text"] == "二次触发"


def test_an_unregistered_device_rings_too_and_a_test_is_a_contact_with_an_outcome(quick: Cast) -> None:
    row = alarm(quick, "K404").json()["call"]
    assert row["state"] == "waiting"
    assert "K404" in row["caller_name"]
    test = alarm(quick, "K404", "test").json()["call"]
    assert (test["state"], test["kind"], test["closing_reason"], test["validity"]) == ("done", "CK12", "CL6", "invalid")
    fault = alarm(quick, "K404", "fault", text="欠压").json()["call"]
    assert (fault["state"], fault["closing_text"]) == ("done", "fault 欠压")


def test_a_register_is_loaded_anew_and_a_bad_file_changes_nothing(quick: Cast, tmp_path: Any) -> None:
    from django.core.management import CommandError, call_command

    register(quick, "device")
    head = "device_no,channel,name,address_text,lat,lng,crs,contact_phone\n"
    file = tmp_path / "devices.csv"
    file.write_text(head + "K1,CH31,店,新华路,24.51,117.65,WGS84,19000000101\n", encoding="utf-8")
    call_command("load_devices", str(file), gateway="device", centre=quick.centre.code)
    assert Device.objects.get().contact_phone == NUMBER
    for bad, words in (
        ("K2,CH11,店,新华路,24.51,117.65,WGS84,\n", "line 3: channel"),
        ("K2,CH31,店,新华路,39.9,116.4,WGS84,\n", "line 3: the point"),
        ("K2,CH31,店,新华路,x,116.4,WGS84,\n", "line 3"),
        (",CH31,店,新华路,24.51,117.65,WGS84,\n", "device_no"),
        ("K2,CH31,店,新华路,24.51,117.65,MARS,\n", "line 3"),
    ):
        file.write_text(head + "K1,CH31,变,新华路,24.51,117.65,WGS84,\n" + bad, encoding="utf-8")
        with pytest.raises(CommandError, match=words):
            call_command("load_devices", str(file), gateway="device", centre=quick.centre.code)
        assert Device.objects.get().name == "店"


# --- the public page ---


@pytest.fixture(autouse=True)
def no_throttle_left() -> None:
    """Start with an empty count."""
    cache.clear()


def report(client: Client, key: str = "", **facts: Any) -> Any:
    """Report on the public page."""
    return client.post(
        "/api/public/reports/",
        {"narrative": "楼下有人打架", **facts},
        content_type="application/json",
        headers={"Idempotency-Key": key or str(uuid.uuid4())},
    )


def test_a_report_rings_silently_and_its_secret_link_tells_how_it_stands(quick: Cast) -> None:
    register(quick, "web")
    client = Client()
    point = {"lat": 24.5112, "lng": 117.654, "crs": "WGS84", "accuracy_m": 30}
    token = report(client, silent=True, caller_point=point, contact_phone=NUMBER).json()["token"]
    call = Call.objects.get()
    assert (call.channel, call.silent, call.state) == ("CH23", True, "waiting")
    link = f"/api/public/reports/{token}/"
    assert client.get(link).json()["state"] == "waiting"
    calls.answer_call(by=quick.actor("tess"), call_id=call.pk)
    assert client.get(link).json()["state"] == "taken"
    texts.write_text(by=quick.actor("tess"), call_id=call.pk, text="几个人？")
    incident = calls.open_incident_of_call(
        by=quick.actor("tess"), call_id=call.pk, facts={"type_reported": "0202", "point": POINT}
    )
    order = drive(quick, send(quick, incident), "en_route")
    assert client.get(link).json()["state"] == "under_way"
    moves.report_delay(by=quick.actor("omar"), assignment_id=order.pk, code="DL1", text="")
    told = client.get(link).json()
    assert told["delayed"] is True
    assert [(one["by"], one["text"]) for one in told["messages"]] == [("you", "楼下有人打架"), ("110", "几个人？")]
    assert set(told) == {"call_no", "state", "delayed", "silent", "open", "at", "messages"}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    more = client.post(f"{link}texts/", {"text": "三个"}, content_type="application/json", headers=headers)
    assert more.status_code == 201
    assert more.json()["messages"][-1]["text"] == "三个"
    moves.advance(by=quick.actor("omar"), assignment_id=order.pk, to="on_scene")
    told = client.get(link).json()
    assert (told["state"], told["delayed"]) == ("there", False)


def test_the_same_report_sent_again_is_one_report_with_the_same_link(quick: Cast) -> None:
    register(quick, "web")
    key = str(uuid.uuid4())
    first, again = report(Client(), key), report(Client(), key)
    assert first.json() == again.json()
    assert Call.objects.count() == 1


def test_a_wrong_link_opens_nothing_and_a_finished_report_takes_no_more(quick: Cast) -> None:
    register(quick, "web")
    client = Client()
    token = report(client).json()["token"]
    assert client.get("/api/public/reports/guess/").status_code == 404
    call = calls.answer_call(by=quick.actor("tess"), call_id=Call.objects.get().pk)
    calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={"kind": "CK05", "closing_reason": "CL1"})
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    more = client.post(
        f"/api/public/reports/{token}/texts/", {"text": "?"}, content_type="application/json", headers=headers
    )
    assert more.status_code == 400
    assert client.get(f"/api/public/reports/{token}/").json()["state"] == "ended"


def test_a_picture_comes_without_its_metadata_and_the_desk_alone_sees_it(
    quick: Cast, api: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    register(quick, "web")
    client = Client()
    token = report(client).json()["token"]
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG", exif=b"Exif\x00\x00secret")
    for content, status in ((data.getvalue(), 201), (b"no picture", 400)):
        upload = io.BytesIO(content)
        upload.name = "p.jpg"
        answer = client.post(
            f"/api/public/reports/{token}/pictures/",
            {"file": upload},
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        assert answer.status_code == status, answer.content
    message = Message.objects.get(picture__isnull=False)
    shown = api(quick.user("tess")).get(f"/api/messages/{message.pk}/picture/")
    assert shown.status_code == 200
    assert b"secret" not in b"".join(shown.streaming_content)
    assert api(quick.user("lee")).get(f"/api/messages/{message.pk}/picture/").status_code == 403


def test_one_address_cannot_flood_the_desk(quick: Cast) -> None:
    register(quick, "web")
    client = Client()
    statuses = [report(client).status_code for _turn in range(61)]
    assert statuses[:60] == [201] * 60
    assert statuses[60] == 429


def test_without_the_page_no_report_is_taken(quick: Cast) -> None:
    assert report(Client()).status_code == 404


# --- flags on numbers (R20) ---


def ask(cast: Cast, kind: str = "nuisance", days: int = 30) -> Any:
    """Ask for a flag."""
    until = timezone.now() + dt.timedelta(days=days)
    return number_flags.ask_flag(
        by=cast.actor("tess"), number=NUMBER, kind=kind, reason="当日来电31次", expires_at=until
    )


def flag_now(cast: Cast) -> str:
    """Let the number ring and return the flag that the desk sees."""
    from tests.database.acts import ring

    return ring(cast, caller_number=NUMBER).number_flag


def test_a_flag_needs_its_approver_warns_never_blocks_and_expires(quick: Cast) -> None:
    flag = ask(quick)
    assert Alert.objects.get(kind="flag_asked").to == "watch"
    assert flag_now(quick) == ""
    number_flags.approve_flag(by=quick.actor("sam"), flag_id=flag.pk)
    assert not Alert.objects.get(kind="flag_asked").is_open
    assert flag_now(quick) == "nuisance"
    assert Call.objects.filter(state="waiting").count() == 2  # it rings all the same
    protected = ask(quick, "protected")
    number_flags.approve_flag(by=quick.actor("sam"), flag_id=protected.pk)
    assert flag_now(quick) == "protected"
    number_flags.end_flag(by=quick.actor("sam"), flag_id=protected.pk, reason="到期")
    type(flag).objects.filter(pk=flag.pk).update(expires_at=timezone.now())
    assert flag_now(quick) == ""
    assert ask(quick).pk != flag.pk
    entry = Entry.objects.filter(kind="number.flag_approved").order_by("seq").first()
    assert entry is not None


def test_a_flag_is_asked_once_ends_within_a_year_and_nobody_approves_the_own(quick: Cast) -> None:
    ask(quick)
    for days in (30, 0, 400):
        with pytest.raises(BadInput):
            ask(quick, days=days)
    own = number_flags.ask_flag(
        by=quick.actor("sam"),
        number="19000000102",
        kind="nuisance",
        reason="x",
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    with pytest.raises(WrongTurn):
        number_flags.approve_flag(by=quick.actor("sam"), flag_id=own.pk)


def test_flags_are_listed_and_approved_over_the_api(quick: Cast, api: Any) -> None:
    until = (timezone.now() + dt.timedelta(days=1)).isoformat()
    body = {"number": NUMBER, "kind": "nuisance", "reason": "骚扰", "expires_at": until}
    made = api(quick.user("tess")).post("/api/number-flags/", body)
    assert made.status_code == 201, made.content
    flag_id = made.json()["number_flag"]["id"]
    assert api(quick.user("tess")).post(f"/api/number-flags/{flag_id}/approve/").status_code == 403
    assert api(quick.user("sam")).post(f"/api/number-flags/{flag_id}/approve/").status_code == 200
    [listed] = api(quick.user("dana")).get("/api/number-flags/").json()["number_flags"]
    assert listed["approved_by"] == quick.users["sam"].badge
    ended = api(quick.user("sam")).post(f"/api/number-flags/{flag_id}/end/", {"reason": "误标"})
    assert ended.json()["number_flag"]["end_reason"] == "误标"


def test_an_event_cannot_be_replayed_with_a_command_of_another(quick: Cast, keyed: Any) -> None:
    gateway = register(quick, "text")
    by = keyed(quick.actor("gate"), signatures.key_of(gateway.pk, "e1"))
    facts: Json = {"gateway_id": gateway.pk, "number": NUMBER, "text": "x", "external_id": "m1"}
    texts.receive_text(by=by, **facts)
    with pytest.raises(Replayed):
        texts.receive_text(by=by, **facts)

"""Requests: idempotency, versions, strict input with the field's path, masks by audience (B2, B6, A4, A5, A46–A48)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from incidents.models import Call, Command, Incident
from tests.database.acts import kinds, send, take
from tests.people import PLACE, Cast

NEW: dict[str, Any] = {
    "channel": "CH11",
    "kind": "CK01",
    "caller_number": "19000000101",
    "caller_name": "卢知遥",
    "incident": {"type_reported": "020101", "address_text": "新华路", "point": PLACE},
}


def test_a_repeated_key_has_one_effect_and_the_same_answer(quick: Cast, api: Any) -> None:
    tess, key = api(quick.user("tess")), str(uuid.uuid4())
    first = tess.post("/api/calls/", NEW, key)
    again = tess.post("/api/calls/", NEW, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replay"] == "true"
    assert again.json()["call"] == first.json()["call"]
    assert Call.objects.count() == 1
    other = tess.post("/api/calls/", {**NEW, "caller_name": "另一人"}, key)
    assert (other.status_code, other.json()["error"]) == (422, "key_reused")


def test_keys_are_each_persons_own_and_a_refused_request_keeps_none(quick: Cast, api: Any) -> None:
    key = str(uuid.uuid4())
    assert api(quick.user("tess")).post("/api/calls/", NEW, key).status_code == 201
    assert api(quick.user("dana")).post("/api/calls/", NEW, key).status_code == 201
    assert Call.objects.count() == 2
    bad = str(uuid.uuid4())
    assert api(quick.user("tess")).post("/api/calls/", {**NEW, "channel": "CH00"}, bad).status_code == 400
    assert not Command.objects.filter(key=bad).exists()


@pytest.mark.parametrize("key", ["", "x", "1" * 10_000, "11111111-1111-4111-8111-11111111111g"])
def test_a_write_needs_a_key_of_its_own(quick: Cast, api: Any, key: str) -> None:
    answer = api(quick.user("tess")).client.post(
        "/api/calls/", NEW, content_type="application/json", headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["fields"]


def test_a_stale_edit_is_refused_with_the_present_row_and_loses_nothing(quick: Cast, api: Any) -> None:
    incident = take(quick)
    path, tess = f"/api/incidents/{incident.pk}/", api(quick.user("tess"))
    assert tess.patch(path, {"version": incident.version, "place_note": "二楼"}).status_code == 200
    stale = tess.patch(path, {"version": incident.version, "place_note": "三楼"})
    assert (stale.status_code, stale.json()["error"]) == (409, "stale")
    assert stale.json()["current"]["place_note"] == "二楼"
    for version in (-1, "1", 10**30, None, 1.5):
        assert tess.patch(path, {"version": version, "place_note": "x"}).status_code == 400


def test_an_edit_that_changes_nothing_writes_nothing(quick: Cast, api: Any) -> None:
    incident = take(quick)
    before = len(kinds())
    answer = api(quick.user("tess")).patch(
        f"/api/incidents/{incident.pk}/", {"version": incident.version, "address_text": "新华路"}
    )
    assert answer.status_code == 200
    assert answer.json()["incident"]["version"] == incident.version
    assert len(kinds()) == before


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("channel", 5),
        ("channel", "CH00"),
        ("kind", "CK00"),
        ("caller_name", "x" * 201),
        ("caller_name", "a\x00b"),
        ("caller_name", "\ud800"),
        ("silent", "true"),
        ("silent", 1),
        ("sent_at", "2026-01-01T00:00:00"),
        ("sent_at", "9999-12-31T23:59:59+14:00"),
        ("sent_at", 5),
        ("caller_number", "１２３\u200b"),
        ("incident.priority", 0),
        ("incident.priority", True),
        ("incident.injured", -1),
        ("incident.injured", 10**40),
        ("incident.weapon", "maybe"),
        ("incident.type_reported", "0000"),
        ("incident.point", {"lat": 24.5, "lng": 117.6}),
        ("incident.point", {"lat": 24.5, "lng": 117.65, "crs": "GPS"}),
        ("incident.point", {"lat": 117.65, "lng": 24.5, "crs": "WGS84"}),
        ("incident.point", {"lat": 30.0, "lng": 117.65, "crs": "WGS84"}),
        ("incident.point", {"lat": "nan", "lng": 117.65, "crs": "WGS84"}),
        ("incident.point", [24.5, 117.65]),
        ("hash", "x"),
        ("version", 7),
        ("agent_no", "0000"),
    ],
)
def test_bad_input_is_named_by_its_path_and_nothing_happens(quick: Cast, api: Any, path: str, value: Any) -> None:
    body: dict[str, Any] = {**NEW, "incident": dict(NEW["incident"])}
    target, name = (body["incident"], path.split(".")[1]) if "." in path else (body, path)
    target[name] = value
    answer = api(quick.user("tess")).post("/api/calls/", body)
    assert answer.status_code == 400, answer.content
    assert any(field in (path, name) or field.startswith(f"{path}.") for field in answer.json()["fields"])
    assert Call.objects.count() == 0


@pytest.mark.parametrize("text", ["[]", "5", "null", "{", "{'a': 1}", '{"a": NaN}', "[" * 20_000, "\xff"])
def test_a_body_that_is_no_json_object_is_refused(quick: Cast, api: Any, text: str) -> None:
    answer = api(quick.user("tess")).client.post(
        "/api/calls/",
        text.encode("latin-1"),
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_input")


def test_four_byte_hanzi_are_stored_as_they_are_and_full_width_codes_are_normalised(quick: Cast, api: Any) -> None:
    body = {
        **NEW,
        "caller_name": "𠮷田🙂",
        "kind": "ＣＫ０１",
        "incident": {**NEW["incident"], "vehicle_plate": "闽Ｅ０Ｘ"},
    }
    answer = api(quick.user("tess")).post("/api/calls/", body)
    assert answer.status_code == 201
    call = Call.objects.get()
    assert (call.caller_name, call.kind) == ("𠮷田🙂", "CK01")
    assert Incident.objects.get().vehicle_plate == "闽E0X"


def test_every_datum_lands_on_the_same_point(quick: Cast, api: Any) -> None:
    tess = api(quick.user("tess"))
    same = [("WGS84", 24.5100, 117.6525), ("GCJ02", 24.507031, 117.657295), ("BD09", 24.512686, 117.663887)]
    for crs, lat, lng in same:
        incident = {"point": {"lat": lat, "lng": lng, "crs": crs}}
        made = tess.post("/api/calls/", {"channel": "CH11", "incident": incident}).json()
        row = Incident.objects.get(pk=made["call"]["incident"])
        assert abs((row.lat or 0) - 24.5100) < 2e-6
        assert abs((row.lng or 0) - 117.6525) < 2e-6
        assert row.point_info["crs_in"] == crs


def test_a_leader_sees_the_incident_without_the_caller_and_never_the_call(quick: Cast, api: Any) -> None:
    api(quick.user("tess")).post("/api/calls/", NEW)
    board = api(quick.user("lee")).get("/api/snapshot/").json()
    assert board["rows"]["call"] == []
    [incident] = board["rows"]["incident"]
    assert (incident["contact_name"], incident["contact_phone"]) == ("＊＊＊", "＊＊＊")
    full = api(quick.user("ina")).get("/api/snapshot/").json()["rows"]["incident"][0]
    assert full["contact_phone"] == "19000000101"


def test_an_officer_sees_the_own_order_and_nothing_else(quick: Cast, api: Any) -> None:
    mine, other = take(quick), take(quick)
    send(quick, mine)
    omar = api(quick.user("omar"))
    board = omar.get("/api/snapshot/").json()
    assert [row["id"] for row in board["rows"]["incident"]] == [mine.pk]
    assert {row["id"] for row in board["rows"]["unit"]} == {quick.car12.pk}
    assert omar.get(f"/api/incidents/{mine.pk}/").status_code == 200
    assert omar.get(f"/api/incidents/{other.pk}/").status_code == 404
    assert omar.get(f"/api/incidents/{other.pk}/timeline/").status_code == 404


def test_a_complaint_is_for_the_desk_and_the_inspectors(quick: Cast, api: Any) -> None:
    """R1."""
    complaint = take(quick, type_reported="1003")
    path = f"/api/incidents/{complaint.pk}/"
    for name, status in (("ina", 200), ("dana", 200), ("lee", 404), ("rae", 404)):
        assert api(quick.user(name)).get(path).status_code == status, name
    send(quick, complaint)
    assert api(quick.user("omar")).get(path).status_code == 404


def test_two_centres_do_not_know_of_each_other(quick: Cast, api: Any) -> None:
    from tests import people

    other = people.cast("T2").on_duty()
    there, here = take(other), take(quick)
    dana = api(quick.user("dana"))
    assert dana.get(f"/api/incidents/{there.pk}/").status_code == 404
    assert dana.patch(f"/api/incidents/{there.pk}/", {"version": 1, "place_note": "x"}).status_code == 404
    assert dana.post(f"/api/incidents/{here.pk}/orders/", {"units": [{"unit": other.car12.pk}]}).status_code == 404
    assert {row["id"] for row in dana.get("/api/snapshot/").json()["rows"]["incident"]} == {here.pk}
    assert dana.get("/api/incidents/").json()["count"] == 1


@pytest.mark.parametrize(
    "query",
    ["?page=0", "?page=x", "?stage=gone", "?from=yesterday", "?area=all", "?ordering=contact_phone", "?q=" + "x" * 101],
)
def test_the_search_refuses_what_it_does_not_know(quick: Cast, api: Any, query: str) -> None:
    answer = api(quick.user("dana")).client.get(f"/api/incidents/{query}")
    assert answer.status_code == 400
    assert answer.json()["fields"]


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "_", "\\", "); DROP TABLE incidents_call; --"])
def test_the_search_takes_words_literally(quick: Cast, api: Any, text: str) -> None:
    take(quick)
    answer = api(quick.user("dana")).get("/api/incidents/", q=text)
    assert (answer.status_code, answer.json()["count"]) == (200, 0)


def test_the_timeline_begins_with_the_ring_where_clock_a_starts(quick: Cast, api: Any) -> None:
    from incidents.services import calls
    from tests.database.acts import POINT, ring

    call, other = ring(quick), ring(quick)
    calls.answer_call(by=quick.actor("tess"), call_id=call.pk)
    incident = calls.open_incident_of_call(by=quick.actor("tess"), call_id=call.pk, facts={"point": POINT})
    answer = api(quick.user("dana")).get(f"/api/incidents/{incident.pk}/timeline/")
    assert [entry["kind"] for entry in answer.json()["entries"]] == ["call.rang", "call.answered", "incident.created"]
    assert other.incident_id is None

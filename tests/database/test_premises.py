"""What is known of a place before anybody goes there: notes with a review and an end, and the history of place and
number, each hidden from whom it is to be hidden from."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from incidents import followup
from incidents.audience import MASK
from incidents.models import Alert, Entry, Incident, Organisation, PremiseNote
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.services import calls, number_flags, premise_reviews, premises
from tests.database.acts import POINT, kinds, send, take
from tests.people import PLACE, Cast

DAY = dt.timedelta(days=1)
DOG = {"kind": "hazard", "text": "院内有烈性犬", "place_name": "新华路45号", "radius_m": 60}
NEAR = {**PLACE, "lat": 24.5116}  # 44 m north
FAR = {**PLACE, "lat": 24.5125}  # 145 m north


def noted(cast: Cast, who: str = "tess", point: Any = POINT, **more: Any) -> PremiseNote:
    """Write a note that is reviewed in ten days and ends in twenty."""
    now = timezone.now()
    facts = {**DOG, "review_at": now + 10 * DAY, "expires_at": now + 20 * DAY, **more}
    return premises.note_premise(by=cast.actor(who), point=point, facts=facts)


def notes(api: Any, cast: Cast, who: str, at: dict[str, Any] = PLACE) -> list[dict[str, Any]]:
    """Return the notes that a person is told of a place."""
    answer = api(cast.user(who)).post("/api/surroundings/", {"lat": at["lat"], "lng": at["lng"]})
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["place"]["notes"]
    return found


def test_a_hazard_stands_at_the_desk_and_on_the_phone_of_the_unit_that_is_sent_there(quick: Cast, api: Any) -> None:
    noted(quick, kind="access", text="北门常闭")
    hazard = noted(quick)
    assert [one["kind"] for one in notes(api, quick, "tess")] == ["hazard", "access"]
    assert [one["text"] for one in notes(api, quick, "tess", NEAR)] == ["院内有烈性犬", "北门常闭"]
    assert notes(api, quick, "tess", FAR) == []
    incident = take(quick)
    send(quick, incident)
    mine = api(quick.user("omar")).get("/api/my-unit/").json()
    assert [one["id"] for one in mine["premise_notes"]] == [hazard.pk, hazard.pk - 1]
    assert api(quick.user("nia")).get("/api/my-unit/").json()["premise_notes"] == []
    before = Incident.objects.get(pk=incident.pk).version
    noted(quick, text="有煤气罐")
    entry = Entry.objects.latest("seq")
    assert entry.kind == "premise.noted"
    assert f'"unit.{quick.car12.pk}"' in entry.readers  # its phone reads the place again
    assert Incident.objects.get(pk=incident.pk).version == before + 1


def test_a_note_is_reviewed_renewed_and_ended_but_never_gone(quick: Cast) -> None:
    by, row = quick.actor("tess"), noted(quick)
    later = {"review_at": timezone.now() + 15 * DAY, "text": "犬已栓"}
    row = premises.describe_premise(by=by, note_id=row.pk, version=1, facts=later)
    assert (row.text, row.reviewed_at is not None) == ("犬已栓", True)
    ended = premises.end_premise(by=by, note_id=row.pk, reason="犬已送走")
    assert premises.end_premise(by=by, note_id=row.pk, reason="again").end_reason == "犬已送走"
    with pytest.raises(WrongTurn):
        premises.describe_premise(by=by, note_id=row.pk, version=ended.version, facts={"text": "x"})
    assert premises.notes_at(quick.centre.pk, row.lat, row.lng, timezone.now()) == []
    assert PremiseNote.objects.count() == 1
    assert kinds()[-3:] == ["premise.noted", "premise.described", "premise.ended"]


def test_a_review_that_has_come_is_told_once_until_somebody_does_it(quick: Cast) -> None:
    row, now = noted(quick), timezone.now()
    assert premise_reviews.due(now) == []
    PremiseNote.objects.filter(pk=row.pk).update(review_at=now - DAY)
    assert premise_reviews.due(now) == [row.pk]
    followup.keep(now)
    followup.keep(now)
    alert = Alert.objects.get(kind="premise_review")
    assert (alert.to, alert.sounds, alert.data["place"], alert.is_open) == ("watch", False, "新华路45号", True)
    row.refresh_from_db()
    later = {"review_at": now + 5 * DAY}
    premises.describe_premise(by=quick.actor("tess"), note_id=row.pk, version=row.version, facts=later)
    alert.refresh_from_db()
    assert not alert.is_open
    PremiseNote.objects.filter(pk=row.pk).update(review_at=now - 2 * DAY)
    followup.keep(now)
    PremiseNote.objects.filter(pk=row.pk).update(expires_at=now - DAY / 2)
    followup.keep(now)
    assert not Alert.objects.filter(kind="premise_review", cause_ended_at__isnull=True).exists()
    assert kinds()[-3:] == ["premise.described", "premise.review_due", "premise.review_passed"]


def test_what_has_run_out_is_not_shown_and_no_note_lives_for_ever(quick: Cast) -> None:
    row, now = noted(quick), timezone.now()
    assert premises.notes_at(quick.centre.pk, row.lat, row.lng, now + 21 * DAY) == []
    wrongs: list[dict[str, Any]] = [
        {"review_at": now - DAY},
        {"review_at": now + 30 * DAY},
        {"expires_at": now + 1000 * DAY},
    ]
    for wrong in wrongs:
        with pytest.raises(BadInput):
            noted(quick, **wrong)


def test_a_station_writes_of_its_own_area_and_others_are_told_the_kind_alone(quick: Cast, api: Any) -> None:
    noted(quick, "stan")
    assert notes(api, quick, "stan")[0]["text"] == "院内有烈性犬"
    assert {notes(api, quick, "lee")[0][name] for name in ("text", "kind")} == {MASK, "hazard"}
    other = Organisation.objects.create(centre=quick.centre, kind="station", code="S9", name="别所")
    quick.users["stan"].organisation = other
    quick.users["stan"].save()
    assert notes(api, quick, "stan")[0]["text"] == MASK
    with pytest.raises(NotFound):
        noted(quick, "stan")
    body = {**DOG, "point": PLACE, "review_at": "2030-01-01T00:00:00Z", "expires_at": "2030-01-02T00:00:00Z"}
    assert api(quick.user("omar")).post("/api/premise-notes/", body).status_code == 403
    assert api(quick.user("tess")).post("/api/premise-notes/", body).status_code == 400  # beyond two years


def test_a_sensitive_note_is_read_with_a_purpose_by_those_who_work_there(quick: Cast, api: Any) -> None:
    row = noted(quick, kind="person_at_risk", text="独居，患阿尔茨海默症", sensitive=True)
    assert notes(api, quick, "tess")[0]["text"] == MASK
    path = f"/api/premise-notes/{row.pk}/read/"
    assert api(quick.user("omar")).post(path, {"purpose": "出警"}).status_code == 404
    send(quick, take(quick))
    assert api(quick.user("omar")).post(path, {}).status_code == 400
    assert api(quick.user("omar")).post(path, {"purpose": "出警"}).json()["text"] == "独居，患阿尔茨海默症"
    assert "出警" in Entry.objects.get(kind="premise.read").body
    assert not any("阿尔茨海默" in body for body in Entry.objects.values_list("body", flat=True))
    assert api(quick.user("lee")).post(path, {"purpose": "x"}).status_code == 403


def test_the_same_note_written_twice_by_one_key_is_one(quick: Cast, api: Any) -> None:
    desk, now = api(quick.user("tess")), timezone.now()
    times = {"review_at": (now + DAY).isoformat(), "expires_at": (now + 2 * DAY).isoformat()}
    answers = [desk.post("/api/premise-notes/", {**DOG, **times, "point": PLACE}, key="5" * 32) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert PremiseNote.objects.count() == 1


# --- history ---


def past(cast: Cast, days: float, number: str = "19000000001", **facts: Any) -> Incident:
    """An incident so many days ago."""
    call = calls.take_call(
        by=cast.actor("tess"),
        facts={"channel": "CH11", "kind": "CK01", "caller_number": number},
        incident={"type_reported": "020101", "point": POINT, **facts},
    )
    found = Incident.objects.get(calls=call.pk)
    Incident.objects.filter(pk=found.pk).update(answered_at=timezone.now() - days * DAY)
    return found


def asked(api: Any, cast: Cast, who: str, **more: Any) -> dict[str, Any]:
    """Ask for the surroundings of the usual place."""
    answer = api(cast.user(who)).post("/api/surroundings/", {"lat": PLACE["lat"], "lng": PLACE["lng"], **more})
    found: dict[str, Any] = answer.json()
    return found


def test_a_place_has_a_history_by_type_and_the_last_five_by_name(quick: Cast, api: Any) -> None:
    rows = [past(quick, days) for days in (300, 200, 100, 50, 10, 2)]
    past(quick, 400)
    past(quick, 5, point={**POINT, "lat": FAR["lat"]})
    past(quick, 5, drill=True)
    brawl = past(quick, 1, type_reported="0102", point={**POINT, "lat": NEAR["lat"]})
    found = asked(api, quick, "tess", incident=rows[0].pk)["place"]["history"]
    assert (found["n"], found["within_m"], found["months"]) == (6, 100, 12)
    assert found["types"] == [{"type": "02", "n": 5}, {"type": "01", "n": 1}]
    assert [one["incident"] for one in found["last"]] == [brawl.pk, *[row.pk for row in rows[:0:-1]]][:5]
    assert found["last"][0]["type"] == "0102"


def test_complaints_and_confidential_incidents_are_neither_listed_nor_counted_for_others(quick: Cast, api: Any) -> None:
    past(quick, 1)
    past(quick, 2, type_reported="1001")
    Incident.objects.filter(pk=past(quick, 3).pk).update(confidential=True)
    counts = {who: asked(api, quick, who)["place"]["history"]["n"] for who in ("tess", "ina", "lee", "stan")}
    assert counts == {"tess": 3, "ina": 3, "lee": 1, "stan": 2}


def test_a_number_has_its_history_and_flag_for_the_desk_alone(quick: Cast, api: Any) -> None:
    number, now = "19000000007", timezone.now()
    mine = past(quick, 3, number)
    flag = number_flags.ask_flag(
        by=quick.actor("tess"), number=number, kind="nuisance", reason="夜间频繁拨打", expires_at=now + DAY
    )
    number_flags.approve_flag(by=quick.actor("sam"), flag_id=flag.pk)
    calls.take_call(by=quick.actor("tess"), facts={"channel": "CH11", "kind": "CK11", "caller_number": number})
    found = asked(api, quick, "tess", number=number)["number"]
    assert (found["flag"], found["calls"], found["invalid_calls"], found["n"]) == ("nuisance", 2, 1, 1)
    assert found["last"][0]["incident"] == mine.pk
    assert asked(api, quick, "stan", number=number)["number"] is None
    assert asked(api, quick, "lee", number=number)["number"] is None
    assert asked(api, quick, "tess", number="19000000099")["number"]["n"] == 0

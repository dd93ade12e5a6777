"""Watch entries: a basis, somebody else's approval, an end; a hit tells people and sends nobody (布控, design 9)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch.models import Assignment
from incidents import followup
from incidents.models import Alert, Camera, WatchEntry, WatchHit
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.services import calls, parties, watch
from tests.database.acts import kinds, take
from tests.database.casework import BASIS, PLATE, entry
from tests.database.test_channels import register, say
from tests.people import Cast


def sighting(value: str = "闽e·0x99t", **more: Any) -> dict[str, Any]:
    """Return what a feed says."""
    point = {"lat": 24.5180, "lng": 117.7200, "crs": "WGS84"}
    return {"kind": "plate", "value": value, "seen_at": "2026-01-01T08:00:00+08:00", "point": point, **more}


def test_an_entry_needs_a_basis_somebody_elses_approval_and_an_end(quick: Cast, api: Any) -> None:
    incident = take(quick, type_reported="010401", priority=2)
    analyst, commander = api(quick.user("ana")), api(quick.user("sam"))
    body = {"subject": "vehicle", "value": "闽E 0X99T", "incident": incident.pk, "reason": "抢夺", "legal_basis": BASIS}
    assert analyst.post("/api/watch/", {**body, "legal_basis": ""}).status_code == 400
    made = analyst.post("/api/watch/", body)
    assert made.status_code == 201, made.content
    row = made.json()["watch_entry"]
    ends = dt.datetime.fromisoformat(row["expires_at"]) - timezone.now()
    assert (row["state"], row["value"], round(ends.total_seconds() / 3600)) == ("waiting", PLATE, 72)
    assert Alert.objects.get(kind="watch_asked").to == "watch"
    assert analyst.post("/api/watch/", body).status_code == 400  # one open entry of a value
    long = {**body, "value": "闽E11111", "expires_at": (timezone.now() + dt.timedelta(days=31)).isoformat()}
    assert "expires_at" in analyst.post("/api/watch/", long).json()["fields"]
    assert analyst.post(f"/api/watch/{row['id']}/approve/").status_code == 403
    approved = commander.post(f"/api/watch/{row['id']}/approve/").json()["watch_entry"]
    assert (approved["state"], approved["approved_by"]) == ("active", quick.users["sam"].badge)
    assert Alert.objects.get(kind="watch_asked").cause_ended_at is not None
    own = watch.ask_watch(
        by=quick.actor("sam"), subject="number", value="19000000777", incident_id=None, reason="x", legal_basis=BASIS
    )
    with pytest.raises(WrongTurn):
        watch.approve_watch(by=quick.actor("sam"), entry_id=own.pk)
    refused = commander.post(f"/api/watch/{own.pk}/refuse/", {"reason": "x"})
    assert refused.status_code == 409
    with pytest.raises(Forbidden):
        watch.withdraw_watch(by=quick.actor("dana"), entry_id=row["id"], reason="x")
    ended = watch.withdraw_watch(by=quick.actor("ana"), entry_id=row["id"], reason="已抓获")
    assert (ended.state, ended.end_reason) == ("withdrawn", "已抓获")
    assert [kind for kind in kinds(incident) if kind.startswith("watch.")] == [
        "watch.asked", "watch.approved", "watch.withdrawn",
    ]  # fmt: skip


def test_a_sighting_of_the_feed_is_one_hit_with_one_alert_and_never_an_order(quick: Cast, api: Any) -> None:
    feed = register(quick, "watch_feed")
    now = timezone.now()
    Camera.make(
        by=None, now=now, centre_id=quick.centre.pk, gb_code="35060200001320000012", name="蓝田路口", lat=24.518,
        lng=117.72, owner_net="police",
    )  # fmt: skip
    waiting = entry(quick, approved=False)
    assert say(feed, "sightings", sighting()).json()["hits"] == []  # nothing is watched before the approval
    watch.approve_watch(by=quick.actor("sam"), entry_id=waiting.pk)
    seen = sighting(camera="35060200001320000012", point=None, text="向东")
    answer = say(feed, "sightings", seen, event="s1")
    assert answer.status_code == 200, answer.content
    [hit] = answer.json()["hits"]
    assert (hit["source"], hit["value"], hit["point"]["lat"]) == ("蓝田路口", PLATE, 24.518)
    again = say(feed, "sightings", seen, event="s1")
    assert (again.status_code, again.headers["Idempotent-Replay"]) == (200, "true")
    assert say(feed, "sightings", sighting("闽A00000")).json()["hits"] == []
    assert (WatchHit.objects.count(), Alert.objects.filter(kind="watch_hit").count()) == (1, 1)
    alert = Alert.objects.get(kind="watch_hit")
    assert (alert.severity, alert.sounds) == ("serious", True)
    assert not Assignment.objects.exists()
    assert say(feed, "sightings", {**sighting(), "seen_at": "gestern"}).status_code == 400
    assert say(register(quick, "text"), "sightings", sighting()).status_code == 403
    handled = api(quick.user("dana")).post(f"/api/watch-hits/{hit['id']}/handle/", {"text": "已派B208蹲守"})
    assert handled.json()["watch_hit"]["handling"] == "已派B208蹲守"
    alert.refresh_from_db()
    assert alert.cause_ended_at is not None
    assert not Assignment.objects.exists()
    told = api(quick.user("vic")).get("/api/watch/").json()
    assert (told["watch_hits"][0]["camera_name"], told["watch_entries"][0]["state"]) == ("蓝田路口", "active")
    assert api(quick.user("lee")).get("/api/watch/").status_code == 403


def test_a_watched_plate_or_number_in_a_call_or_a_party_is_a_hit_once(quick: Cast) -> None:
    entry(quick)
    entry(quick, subject="number", value="190 0000 0777")
    entry(quick, subject="person", value="35060219900101001x")
    incident = take(quick, narrative="一辆闽E·0X99T黑色摩托停在门口")
    assert WatchHit.objects.filter(entry__subject="vehicle").count() == 1
    call = calls.take_call(
        by=quick.actor("gate"), facts={"channel": "CH11", "caller_number": "19000000777"}, waiting=True
    )
    assert WatchHit.objects.filter(entry__subject="number").count() == 1
    calls.supplement_call(by=quick.actor("tess"), call_id=call.pk, text="还是那个号码")
    assert WatchHit.objects.filter(entry__subject="number").count() == 1
    parties.add_party(
        by=quick.actor("tess"), incident_id=incident.pk, kind="person",
        facts={"name": "柯某", "id_no": "35060219900101001X", "role": "suspect"},
    )  # fmt: skip
    assert WatchHit.objects.filter(entry__subject="person").count() == 1
    assert not Assignment.objects.exists()
    with pytest.raises(BadInput):
        entry(quick, value="E9")


def test_an_entry_expires_by_the_clock_and_hits_no_more(quick: Cast) -> None:
    row = entry(quick)
    later = timezone.now() + dt.timedelta(hours=73)
    with time_machine.travel(later):
        assert take(quick, vehicle_plate=PLATE)
        assert not WatchHit.objects.exists()  # also before the minute job has come
        assert followup.keep(later) == 1
        assert followup.keep(later) == 0
    row.refresh_from_db()
    assert (row.state, row.ended_at is not None) == ("expired", True)
    assert WatchEntry.objects.filter(state="active").count() == 0

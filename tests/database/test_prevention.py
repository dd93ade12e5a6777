"""主动预警、止于未发 (M12, M32): warnings are raised once, owned, acted on, ended with an outcome; a patrol is told."""

from __future__ import annotations

import datetime as dt
import json
from random import Random
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from dispatch.models import PreventionWarning
from dispatch.prevention import finding, past
from dispatch.prevention.hints import hints
from incidents.models import Entry, Heartbeat, Incident, NumberFlag
from incidents.services import calls
from tests.database.acts import POINT, take
from tests.people import Cast

NUMBER = "19000000333"


def at(days_ago: float) -> Any:
    """Travel to some days ago."""
    return time_machine.travel(timezone.now() - dt.timedelta(days=days_ago), tick=True)


def thefts(cast: Cast, days_ago: list[float], **facts: Any) -> list[Incident]:
    """Take thefts at the usual place, each some days ago."""
    found = []
    for ago in days_ago:
        with at(ago):
            found.append(take(cast, **facts))
    return found


def standing(kind: str) -> PreventionWarning:
    """Return the warning of a kind that stands."""
    return PreventionWarning.objects.exclude(state="ended").get(kind=kind)


def test_a_repeated_address_is_one_warning_however_often_one_looks(quick: Cast) -> None:
    incidents = thefts(quick, [9, 5, 1])
    thefts(quick, [1], confidential=True)
    take(quick, type_reported="1003")
    now = timezone.now()
    assert finding.look(quick.centre.pk, now) >= 1
    row = standing("repeat_address")
    assert row.incidents == [one.pk for one in incidents]
    assert (row.organisation_id, row.place_text, row.reason["n"]) == (quick.station.pk, "新华路", 3)
    assert finding.look(quick.centre.pk, now) == 0
    [raised] = Entry.objects.filter(kind="warning.raised", body__contains='"warning_kind":"repeat_address"')
    assert json.loads(raised.body)["rows"] == {}, "it rests on many incidents and would outlive their redaction"


def test_after_its_end_only_what_is_new_raises_it_again(quick: Cast, api: Any) -> None:
    thefts(quick, [9, 5, 1])
    finding.look(quick.centre.pk, timezone.now())
    row = standing("repeat_address")
    sam = api(quick.user("sam"))
    assert sam.post(f"/api/warnings/{row.pk}/end/", {"outcome": "run_out", "words": "x"}).status_code == 400
    ended = sam.post(f"/api/warnings/{row.pk}/end/", {"outcome": "caught", "words": "抓获一人"}).json()["warning"]
    assert (ended["state"], ended["outcome"], ended["open"]) == ("ended", "caught", False)
    assert sam.post(f"/api/warnings/{row.pk}/act/", {"words": "巡"}).status_code == 409
    take(quick)
    finding.look(quick.centre.pk, timezone.now())
    assert PreventionWarning.objects.filter(kind="repeat_address").count() == 1
    take(quick)
    take(quick)
    finding.look(quick.centre.pk, timezone.now())
    assert PreventionWarning.objects.filter(kind="repeat_address").count() == 2


def test_a_repeated_caller_is_the_desks_alone_and_a_flag_ends_it(quick: Cast, api: Any) -> None:
    for ago in (6, 4, 2):
        with at(ago):
            facts = {"type_reported": "0402", "address_text": f"某路{ago}号"}
            call = {"channel": "CH11", "kind": "CK01", "caller_number": NUMBER}
            calls.take_call(by=quick.actor("tess"), facts=call, incident=facts)
    finding.look(quick.centre.pk, timezone.now())
    told = api(quick.user("sam")).get("/api/warnings/").json()["warnings"]
    assert [(one["kind"], one["number"]) for one in told] == [("repeat_caller", NUMBER)]
    assert [one["number"] for one in api(quick.user("lee")).get("/api/warnings/").json()["warnings"]] == ["＊＊＊"]
    assert api(quick.user("stan")).get("/api/warnings/").json()["warnings"] == []
    assert api(quick.user("tess")).get("/api/warnings/").status_code == 403
    PreventionWarning.objects.all().delete()
    now = timezone.now()
    NumberFlag.objects.create(
        centre=quick.centre, number=NUMBER, kind="nuisance", reason="骚扰", asked_by_no="1", approved_at=now,
        expires_at=now + dt.timedelta(days=9), created_at=now, updated_at=now,
    )  # fmt: skip
    finding.look(quick.centre.pk, now)
    assert not PreventionWarning.objects.exists()


def test_a_warning_has_an_owner_and_the_street_acts_on_it(quick: Cast, api: Any) -> None:
    thefts(quick, [9, 5, 1])
    finding.look(quick.centre.pk, timezone.now())
    row = standing("repeat_address")
    mine = api(quick.user("omar")).get("/api/my-unit/").json()["hints"]
    assert [(one["id"], one["now"]) for one in mine] == [(row.pk, True)]
    assert mine[0]["metres"] < 300
    assert not {"incidents", "number", "acts"} & set(mine[0])
    stan = api(quick.user("stan"))
    owned = stan.post(f"/api/warnings/{row.pk}/acknowledge/").json()["warning"]
    assert (owned["state"], owned["owner"]) == ("acknowledged", quick.users["stan"].badge)
    assert stan.post(f"/api/warnings/{row.pk}/acknowledge/").json()["warning"]["version"] == owned["version"]
    assert api(quick.user("ana")).post(f"/api/warnings/{row.pk}/acknowledge/").status_code == 409
    acted = api(quick.user("omar")).post(f"/api/warnings/{row.pk}/act/", {"words": "巡查，提醒锁车"}).json()["warning"]
    assert [(one["unit"], one["words"]) for one in acted["acts"]] == [("car-12", "巡查，提醒锁车")]
    assert (acted["state"], acted["owner"]) == ("acted", quick.users["stan"].badge)
    assert api(quick.user("dana")).post(f"/api/warnings/{row.pk}/act/", {"words": "x"}).status_code == 403


def test_a_warning_that_runs_out_says_whether_it_happened_again(quick: Cast, api: Any) -> None:
    thefts(quick, [9, 5, 1])
    finding.look(quick.centre.pk, timezone.now())
    row = standing("repeat_address")
    api(quick.user("stan")).post(f"/api/warnings/{row.pk}/acknowledge/")
    with time_machine.travel(timezone.now() + dt.timedelta(days=3), tick=True):
        again = take(quick)
    assert again.pk > row.watermark
    with time_machine.travel(row.valid_until + dt.timedelta(minutes=1), tick=True):
        finding.keep(timezone.now())
        finding.keep(timezone.now())
    row.refresh_from_db()
    assert (row.state, row.outcome) == ("ended", "again")
    assert Entry.objects.filter(kind="warning.ended", body__contains=f'"warning":{row.pk}}}').count() == 1


def test_three_thefts_of_one_hand_are_suggested_as_a_series(quick: Cast) -> None:
    words = "铁链被剪断，电动车被推走，货车接应"
    for lat, ago in ((24.5112, 3), (24.5180, 2), (24.5060, 0.2)):
        point = {**POINT, "lat": lat}
        thefts(quick, [ago], type_reported="020102", narrative=words, point=point)
    finding.look(quick.centre.pk, timezone.now())
    row = standing("series")
    assert len(row.incidents) == 3
    assert finding.look(quick.centre.pk, timezone.now()) == 0


def test_a_hot_spot_is_told_of_its_cell_and_hours_against_the_centres_own_history(
    quick: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = take(quick)
    fields = {
        field.attname: getattr(model, field.attname) for field in Incident._meta.concrete_fields if field.name != "id"
    }
    now = timezone.now()
    made, draw = [], Random(12)
    for number in range(700):
        facts = {"incident_no": f"H{number}", "answered_at": now - dt.timedelta(days=draw.uniform(28, 200))}
        made.append(
            Incident(**{**fields, **facts, "lat": draw.uniform(24.47, 24.56), "lng": draw.uniform(117.61, 117.77)})
        )
    saturday = past.moment_of(int(past.day_of(now) / 7) * 7 - 2 + 21.5 / 24)
    for number in range(9):
        moment = saturday - dt.timedelta(days=7 * (number % 3), minutes=number * 5)
        made.append(
            Incident(**{**fields, "incident_no": f"S{number}", "answered_at": moment, "lat": 24.5141, "lng": 117.6583})
        )
    Incident.objects.bulk_create(made)
    found = finding.hot(quick.centre.pk, now)
    assert [one.kind for one in found] == ["hot_spot"]
    assert finding.tell(quick.centre.pk, found) == 1
    assert finding.tell(quick.centre.pk, finding.hot(quick.centre.pk, now)) == 0
    row = standing("hot_spot")
    assert row.hour is not None
    assert abs(row.hour - (5 * 24 + 20)) <= 1
    assert row.reason["n"] >= 8
    with time_machine.travel(past.moment_of(int(past.day_of(now) / 7 + 1) * 7 + 5 + 21.2 / 24), tick=True):
        PreventionWarning.objects.update(valid_until=timezone.now() + dt.timedelta(days=1))
        assert [one["now"] for one in hints(quick.centre.pk, quick.car12.pk, timezone.now())] == [True]
        assert hints(quick.centre.pk, quick.car12.pk, timezone.now() + dt.timedelta(hours=12)) == []


def test_the_job_runs_once_in_ten_minutes_whoever_asks(quick: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(finding, "look", lambda centre_id, now, last: looked.append(centre_id))
    now = dt.datetime(2026, 11, 28, 3, 0, tzinfo=dt.UTC)
    for minutes in (0, 0, 9, 10, 11):
        finding.keep(now + dt.timedelta(minutes=minutes))
    assert looked == [quick.centre.pk] * 2
    assert not Heartbeat.objects.filter(name__startswith="hotspots").exists(), "these wait for the night"


def test_the_evaluation_prints_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("evaluate_hotspots", "--json", "--weeks", "1", "--seed", "7")
    told = json.loads(capsys.readouterr().out)
    assert told["history"] == "simulated"
    assert {"hit_rate", "pai"} <= set(told["model"])
    assert told["area"] == 0.05

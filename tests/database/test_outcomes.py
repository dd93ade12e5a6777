"""What came of it: suspects, arrests with their credit, incidents cleared along, property that is never lost (M8, M27,
M39, M52, M57); the figures K12, K13, K14 and K16 follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from dispatch.services import outcomes
from dispatch.statistics.follower import catch_up
from dispatch.statistics.head import note_centres
from incidents.models import Incident, Party, Suspect
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.services import parties
from tests.database.acts import drive, kinds, report, send, take
from tests.database.casework import locked, working
from tests.database.test_fusion import seen_in_feed
from tests.people import Cast, register


def named(cast: Cast, incident: Incident, name: str, who: str = "dana") -> Suspect:
    """Name a suspect."""
    return outcomes.add_suspect(by=cast.actor(who), incident_id=incident.pk, facts={"name": name})


def caught(cast: Cast, row: Suspect, **how: Any) -> Suspect:
    """Let car-12 catch a suspect."""
    return outcomes.catch_suspect(by=cast.actor("dana"), suspect_id=row.pk, caught_by="car-12", **how)


def test_two_suspects_are_caught_each_at_his_own_moment_with_the_video_squad_credited(quick: Cast, api: Any) -> None:
    """Story A, step 7: 邵乐 and 骆远; video squad credited +2."""
    incident = take(quick)
    drive(quick, send(quick, incident), "on_scene")
    video, team = (register(quick.centre, quick.squad, sign, kind) for sign, kind in (("V502", "UV"), ("T801", "UB")))
    phone = api(quick.user("omar"))
    made = phone.post(f"/api/incidents/{incident.pk}/suspects/", {"name": "邵乐", "description": "红帽"})
    assert made.status_code == 201, made.content
    row = made.json()["suspect"]
    assert (row["status"], row["caught_at"], row["cleared"]) == ("at_large", None, [])
    at = timezone.now()
    body = {"caught_by": "car-12", "credit": ["V502"], "point": {"lat": 24.506, "lng": 117.655, "crs": "WGS84"}}
    assert phone.post(f"/api/suspects/{row['id']}/arrest/", {**body, "credit": ["X999"]}).status_code == 400
    done = phone.post(f"/api/suspects/{row['id']}/arrest/", body).json()["suspect"]
    assert (done["status"], done["caught_by_sign"], done["credit_units"]) == (
        "controlled",
        "car-12",
        ["car-12", "V502"],
    )
    second = named(quick, incident, "骆远")
    with pytest.raises(BadInput):
        caught(quick, second, caught_at=at + dt.timedelta(hours=1))
    other = caught(quick, second, credit=["V502", "T801"])
    assert other.caught_at is not None
    assert caught(quick, second).version == other.version
    with pytest.raises(WrongTurn):
        outcomes.catch_suspect(by=quick.actor("dana"), suspect_id=second.pk, caught_by="car-7")
    assert seen_in_feed(quick, f"unit.{quick.car12.pk}", "suspect.caught")
    assert outcomes.credit_units(by=quick.actor("vic"), suspect_id=second.pk, credit=["V502"]).credit_units == [
        "car-12", "V502",
    ]  # fmt: skip
    outcomes.hand_suspect_over(by=quick.actor("dana"), suspect_id=second.pk, to="巷口所")
    released = outcomes.release_suspect(by=quick.actor("dana"), suspect_id=second.pk, reason="证据不足")
    assert (released.status, released.handed_to, released.caught_at) == ("released", "巷口所", other.caught_at)
    assert [one for one in kinds(incident) if one.startswith("suspect.")].count("suspect.caught") == 2
    assert [video.kind, team.kind] == ["UV", "UB"]


def test_a_phone_names_and_catches_in_one_act(quick: Cast, api: Any) -> None:
    incident = take(quick)
    drive(quick, send(quick, incident), "on_scene")
    phone = api(quick.user("omar"))
    body = {"name": "柯某", "description": "黑色头盔", "caught_by": "car-12"}
    made = phone.post(f"/api/incidents/{incident.pk}/suspects/", body)
    assert made.status_code == 201, made.content
    row = made.json()["suspect"]
    assert (row["status"], row["caught_by_sign"], row["credit_units"]) == ("controlled", "car-12", ["car-12"])
    [shown] = phone.get("/api/my-unit/").json()["suspects"]
    assert shown["id"] == row["id"]
    again = phone.post(f"/api/incidents/{incident.pk}/suspects/", {"party": row["party"], "caught_by": "car-12"})
    assert again.json()["suspect"]["version"] == row["version"]
    assert api(quick.user("nia")).post(f"/api/incidents/{incident.pk}/suspects/", body).status_code == 404


def test_a_person_is_a_suspect_once_and_a_complaint_is_nobody_elses(quick: Cast) -> None:
    incident = take(quick)
    person = parties.add_party(
        by=quick.actor("tess"), incident_id=incident.pk, kind="person", facts={"role": "witness", "name": "柯某"}
    )
    row = outcomes.add_suspect(by=quick.actor("ana"), incident_id=incident.pk, party_id=person.pk)
    assert outcomes.add_suspect(by=quick.actor("dana"), incident_id=incident.pk, party_id=person.pk).pk == row.pk
    person.refresh_from_db()
    assert person.role == "suspect"
    with pytest.raises(BadInput):
        outcomes.add_suspect(by=quick.actor("dana"), incident_id=take(quick).pk, party_id=person.pk)
    with pytest.raises(NotFound):
        named(quick, take(quick, type_reported="1003"), "某", who="ana")
    parties.void_party(by=quick.actor("dana"), party_id=person.pk, reason="认错人")
    with pytest.raises(WrongTurn):
        caught(quick, row)


def test_one_arrest_clears_several_incidents_along_with_the_reason_and_the_figures_follow(
    quick: Cast, api: Any
) -> None:
    incident = take(quick)
    order = drive(quick, send(quick, incident), "on_scene")
    request = working(quick, incident)
    locked(quick, request)
    others = [take(quick), take(quick)]
    register(quick.centre, quick.squad, "V502", "UV")
    row = named(quick, incident, "柯某")
    with pytest.raises(WrongTurn):
        outcomes.clear_incident(by=quick.actor("ana"), suspect_id=row.pk, incident_id=others[0].pk, reason="x")
    caught(quick, row, credit=["V502"])
    for other in others:
        body = {"incident": other.pk, "reason": "同一手法，供认"}
        answer = api(quick.user("ana")).post(f"/api/suspects/{row.pk}/clear/", body)
        assert answer.status_code == 200, answer.content
    assert sorted(answer.json()["suspect"]["cleared"]) == sorted(one.pk for one in others)
    again = api(quick.user("ana")).post(f"/api/suspects/{row.pk}/clear/", {"incident": others[0].pk, "reason": "x"})
    assert len(again.json()["suspect"]["cleared"]) == 2
    assert "incident.cleared_along" in kinds(others[0])
    with pytest.raises(BadInput):
        outcomes.clear_incident(by=quick.actor("ana"), suspect_id=row.pk, incident_id=incident.pk, reason="x")
    bike = parties.add_party(
        by=quick.actor("tess"), incident_id=incident.pk, kind="vehicle", facts={"brand": "山岚", "status": "stolen"}
    )
    describe(quick, bike, status="recovered")
    describe(quick, bike, status="returned", returned_to="卢知遥", receipt="签名")
    report(quick, order, result_codes=["RS01"], caught=1, involved=1, escaped=0, loss_yuan=1600, recovered_yuan=1600)
    note_centres()
    catch_up(quick.centre.pk)
    figures = {
        (one["key"], one["measure"]): one["value"]
        for key in ("K12", "K13", "K14", "K16")
        for group in api(quick.user("lee")).get("/api/statistics/figures/", keys=key).json()["groups"]
        for one in group["figures"]
    }
    assert (figures["K12", "suspects"], figures["K12", "vehicles"], figures["K12", "cleared"]) == (1, 1, 2)
    assert figures["K14", "recovered_of_loss"] == 1.0
    assert figures["K14", "returned_of_recovered"] == 1.0
    assert figures["K13", "p50"] is not None
    assert figures["K16", "arrest_p50"] is not None

    leader = api(quick.user("lee"))
    [row] = leader.get("/api/statistics/rows/", of="K12.suspects").json()["rows"]
    assert (row["caught_by"], row["credit"], row["cleared"]) == ("car-12", "car-12 V502", 2)
    lines = (
        leader.get("/api/statistics/rows/", **{"of": "K12.vehicles", "as": "csv"}).content.decode("utf-8-sig").split()
    )
    assert "returned_at" in lines[0]
    assert len(lines) == 2

    path, undo = (
        f"/api/suspects/{answer.json()['suspect']['id']}/clear/undo/",
        {"incident": others[0].pk, "reason": "登记错误"},
    )
    for _ in range(2):
        undone = api(quick.user("ana")).post(path, undo)
        assert undone.json()["suspect"]["cleared"] == [others[1].pk]
    assert kinds(others[0])[-1] == "incident.clearing_undone"
    assert kinds(others[0]).count("incident.clearing_undone") == 1
    assert api(quick.user("ana")).post(path, {**undo, "incident": incident.pk}).status_code == 400
    catch_up(quick.centre.pk)
    [group] = leader.get("/api/statistics/figures/", keys="K12", measure="cleared").json()["groups"]
    assert [one["value"] for one in group["figures"]] == [1]
    again = api(quick.user("ana")).post(path.replace("undo/", ""), {"incident": others[0].pk, "reason": "补充供认"})
    assert len(again.json()["suspect"]["cleared"]) == 2


def describe(cast: Cast, row: Party, **facts: Any) -> Party:
    """Let the desk write what is known of a thing."""
    row.refresh_from_db()
    return parties.describe_party(by=cast.actor("dana"), party_id=row.pk, version=row.version, facts=facts)


def test_a_stolen_thing_stays_on_the_list_until_it_is_home_with_its_receipt(quick: Cast, api: Any) -> None:
    """Story C: the chain is not lost from the property list, whatever becomes of its incident."""
    incident = take(quick)
    chain = parties.add_party(
        by=quick.actor("tess"), incident_id=incident.pk, kind="property", facts={"name": "金项链", "status": "stolen"}
    )
    analyst = api(quick.user("ana"))

    def listed() -> list[tuple[int, str]]:
        return [(one["id"], one["status"]) for one in analyst.get("/api/outcomes/").json()["property"]]

    assert listed() == [(chain.pk, "stolen")]
    names = {who: api(quick.user(who)).get("/api/outcomes/").json()["property"][0]["name"] for who in ("ana", "lee")}
    assert names == {"ana": "金项链", "lee": "＊＊＊"}
    Incident.objects.filter(pk=incident.pk).update(stage="closed")
    assert listed() == [(chain.pk, "stolen")]
    describe(quick, chain, status="lost")
    assert listed() == [(chain.pk, "lost")]
    describe(quick, chain, status="recovered")
    assert listed() == [(chain.pk, "recovered")]
    with pytest.raises(BadInput):
        describe(quick, chain, status="returned", returned_to="童雨晴")
    describe(quick, chain, status="returned", returned_to="童雨晴", receipt="签名与照片")
    assert listed() == []
    assert Party.objects.get(pk=chain.pk).receipt == "签名与照片"

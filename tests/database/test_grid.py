"""The community grid (M34, M35, M37, M38, M49): the directory, the six duties, disputes that come back, what comes in."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from incidents import followup, matters, overdue
from incidents.code_tables import TABLES
from incidents.models import Alert, Call, GridTask, Incident, PremiseNote, Transfer
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.services import calls, grid_again, grid_reports, grid_tasks, grids, transfers
from tests.database import grid_acts
from tests.database.acts import POINT, kinds, take
from tests.people import Cast

DAY = dt.timedelta(days=1)


def later(days: float) -> Any:
    """Travel some days ahead."""
    return time_machine.travel(timezone.now() + dt.timedelta(days=days))


def of(name: str) -> list[Alert]:
    """Return the open alerts of a kind."""
    return list(Alert.objects.filter(kind=name, acknowledged_at__isnull=True, cause_ended_at__isnull=True))


def test_m35_there_are_exactly_the_six_duties() -> None:
    assert [row.zh for row in TABLES["grid_duty"]] == [
        "采集基础信息", "收集社情民意", "排查整治安全隐患", "排查化解矛盾纠纷", "宣传政策法律法规", "代办公共服务",
    ]  # fmt: skip


def test_m49_a_file_names_the_two_of_each_grid_or_every_fault_with_its_line_and_column(quick: Cast) -> None:
    grid_acts.grid(quick)
    gil, omar = quick.users["gil"].badge, quick.users["omar"].badge
    wrong = [grids.Pair("G9999", gil, omar), grids.Pair("G0304", omar, "0000")]
    with pytest.raises(BadInput) as refused:
        grids.load_directory(
            by=None, centre_id=quick.centre.pk, source="f", pairs=wrong, teams=[{**grid_acts.TEAM, "kind": "?"}]
        )
    assert set(refused.value.fields or {}) == {
        "people.0.grid", "people.1.worker_no", "people.1.officer_no", "teams.0.kind",
    }  # fmt: skip
    assert grids.present(quick.centre.pk) == []
    right = [grids.Pair("G0304", gil, omar, "19000000402")]
    load: dict[str, Any] = {
        "centre_id": quick.centre.pk,
        "source": "f",
        "pairs": right,
        "teams": [{**grid_acts.TEAM, "grid": "G0304"}],
    }
    assert grids.load_directory(by=None, **load) == {"posts": 1, "changed": 1, "teams": 1}
    assert grids.load_directory(by=None, **load) == {"posts": 1, "changed": 0, "teams": 1}
    [post] = grids.present(quick.centre.pk)
    assert (post.worker.name, post.officer.name, post.area.teams.get().call_sign) == ("Gil", "Omar", "T801")


def test_load_grids_names_every_fault_by_line_and_column_and_changes_nothing(quick: Cast, tmp_path: Path) -> None:
    grid_acts.grid(quick)
    people, teams = tmp_path / "people.csv", tmp_path / "teams.csv"
    people.write_text("grid,worker_no,officer_no\nG0304,9999,\nG9,0001,0001\n", encoding="utf-8")
    code = quick.centre.code
    with pytest.raises(CommandError) as refused:
        call_command("load_grids", people=people, centre=code)
    assert "people.csv: line 2: officer_no is empty" in str(refused.value)
    gil, omar = quick.users["gil"].badge, quick.users["omar"].badge
    people.write_text(f"grid,worker_no,officer_no\nG0304,9999,{omar}\nG9,{gil},{omar}\n", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("load_grids", people=people, centre=code)
    assert "people: line 2: worker_no:" in str(refused.value)
    assert "people: line 3: grid:" in str(refused.value)
    assert grids.present(quick.centre.pk) == []
    people.write_text(f"grid,worker_no,officer_no,worker_phone\nG0304,{gil},{omar},19000000402\n", encoding="utf-8")
    teams.write_text("name,kind,leader,phone,members\n护街队,patrol,卓向阳,19000000801,many\n", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("load_grids", people=people, teams=teams, centre=code)
    assert "line 2: members is no number" in str(refused.value)
    teams.write_text("name,kind,leader,phone,members\n护街队,patrol,卓向阳,19000000801,12\n", encoding="utf-8")
    ring = [[117.65, 24.5], [117.66, 24.5], [117.66, 24.51], [117.65, 24.51], [117.65, 24.5]]
    shapes = [
        {"properties": {"code": one, "name": one}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for one in ("G0304", "G0305")
    ]
    polygons = tmp_path / "grids.geojson"
    polygons.write_text(json.dumps({"features": shapes}), encoding="utf-8")
    said = io.StringIO()
    call_command("load_grids", people=people, teams=teams, polygons=polygons, datum="WGS84", centre=code, stdout=said)
    assert "2 grids, 1 new, 1 changed" in said.getvalue()
    assert "1 posts, 1 changed, 1 teams" in said.getvalue()


def test_the_worker_reads_the_own_tasks_with_no_word_of_the_caller_and_does_them(quick: Cast, api: Any) -> None:
    row = grid_acts.task(quick, grid_acts.dispute(quick, contact_name="简宁", narrative="楼上漏水，说要打人"))
    gil = api(quick.user("gil"))
    seen = gil.get("/api/grid/").json()
    assert [(one["grid_code"], one["officer_name"]) for one in seen["grids"]] == [("G0304", "Omar")]
    [task] = seen["tasks"]
    assert (task["duty"], task["state"], task["demand"]) == ("GD4", "todo", "上门调解两户漏水纠纷")
    text = gil.get("/api/grid/").content.decode()
    assert not [word for word in ("简宁", "19000000401", "打人") if word in text]
    assert gil.get(f"/api/incidents/{row.incident_id}/").status_code == 403
    assert gil.post(f"/api/grid/tasks/{row.pk}/start/").json()["grid_task"]["state"] == "doing"
    bare = gil.post(f"/api/grid/tasks/{row.pk}/finish/", {"result": ""})
    assert bare.status_code == 400
    done = gil.post(f"/api/grid/tasks/{row.pk}/finish/", {"result": "双方签了协议"}).json()["grid_task"]
    assert done["state"] == "done"
    assert done["recheck_at"] is not None
    assert done["ended_at"] is None
    assert {"grid.task_made", "grid.task_started", "grid.task_done"} <= set(kinds(Incident.objects.get(grid_tasks=row)))
    assert api(quick.user("omar")).get("/api/grid/").json()["tasks"][0]["id"] == row.pk
    assert api(quick.user("nia")).get("/api/grid/").json()["tasks"] == []
    assert api(quick.user("nia")).post(f"/api/grid/tasks/{row.pk}/start/").status_code == 404


def test_a_dispute_is_proposed_by_rule_and_a_person_makes_the_task_once(quick: Cast, api: Any) -> None:
    grid_acts.manned(quick)
    incident = grid_acts.dispute(quick)
    assert not grid_tasks.proposed(incident)
    Incident.objects.filter(pk=incident.pk).update(result_code="RS06", handled_at=timezone.now())
    dana = api(quick.user("dana"))
    [line] = dana.get("/api/grid/").json()["proposals"]
    assert (line["incident"], line["result_code"]) == (incident.pk, "RS06")
    made = dana.post(f"/api/incidents/{incident.pk}/grid/", {"demand": "调解", "by_rule": True})
    assert (made.status_code, made.json()["grid_task"]["by_rule"]) == (201, True)
    assert dana.get("/api/grid/").json()["proposals"] == []
    again = dana.post(f"/api/incidents/{incident.pk}/grid/", {"demand": "调解"})
    assert (again.status_code, again.json()["current"]["id"]) == (409, made.json()["grid_task"]["id"])
    assert dana.get("/api/snapshot/").json()["rows"]["grid_task"][0]["incident"] == incident.pk


def test_a_complaint_is_never_the_grids(quick: Cast, api: Any) -> None:
    grid_acts.manned(quick)
    complaint = take(quick, type_reported="1003")
    with pytest.raises(NotFound):
        grid_acts.task(quick, complaint)


@pytest.mark.parametrize("how", ["place", "party"])
def test_m37_a_dispute_that_breaks_out_again_before_its_recheck_opens_the_task_and_tells_all_three(
    quick: Cast, api: Any, how: str
) -> None:
    row = grid_acts.settled(quick)
    grid_acts.dispute(quick, type_reported="0215")  # noise at the same place is no dispute
    assert of("grid_reopened") == []
    far = {**POINT, "lat": 24.5300, "lng": 117.7000}
    other = {"contact_phone": "19000000499"} if how == "place" else {"point": far}
    again = grid_acts.dispute(quick, **other)
    row.refresh_from_db()
    assert (row.state, row.recheck_at, row.reopened[0]["how"]) == ("todo", None, how)
    assert row.reopened[0]["result"] == "双方签了协议"
    [alert] = of("grid_reopened")
    assert (alert.incident_id, alert.data["worker"], alert.data["officer"]) == (again.pk, "Gil", "Omar")
    assert {f"worker.{row.worker_id}", f"unit.{quick.car12.pk}", f"station.{quick.station.pk}"} <= set(row.readers())
    assert "grid.task_reopened" in kinds(again)
    figures = api(quick.user("sam")).get("/api/grid/figures/").json()["tasks"]
    assert [(one["duty"], one["n"], one["todo"], one["reopened"]) for one in figures] == [("GD4", 1, 1, 1)]
    grid_tasks.finish_task(by=quick.actor("gil"), task_id=row.pk, result="再次调解", recheck_at=None, picture_ids=[])
    assert of("grid_reopened") == []


def test_a_recheck_ends_the_dispute_or_opens_it_and_after_that_nothing_opens_it(quick: Cast) -> None:
    row = grid_acts.settled(quick)
    with pytest.raises(BadInput):
        grid_again.recheck_task(by=quick.actor("gil"), task_id=row.pk, calm=False, text="")
    grid_again.recheck_task(by=quick.actor("gil"), task_id=row.pk, calm=False, text="又吵起来")
    row.refresh_from_db()
    assert (row.state, len(row.reopened), row.rechecks[0]["calm"]) == ("todo", 1, False)
    grid_tasks.finish_task(by=quick.actor("omar"), task_id=row.pk, result="协议", recheck_at=None, picture_ids=[])
    grid_again.recheck_task(by=quick.actor("gil"), task_id=row.pk, calm=True, text="")
    row.refresh_from_db()
    assert row.ended_at is not None
    grid_acts.dispute(quick)
    row.refresh_from_db()
    assert (row.state, len(row.reopened)) == ("done", 1)


def test_after_the_recheck_is_over_a_new_dispute_is_a_new_one(quick: Cast) -> None:
    row = grid_acts.settled(quick)
    with later(15):
        grid_acts.dispute(quick)
        row.refresh_from_db()
        assert (row.state, row.reopened) == ("done", [])


def test_tasks_are_urged_before_their_date_and_told_once_after_it(quick: Cast) -> None:
    row = grid_acts.task(quick)
    with later(2.7):
        followup.keep(timezone.now())
        row.refresh_from_db()
        assert row.urged_at is not None
        assert of("grid_overdue") == []
    with later(3.1):
        followup.keep(timezone.now())
        followup.keep(timezone.now())
        assert len(of("grid_overdue")) == 1
        assert "grid_task" in {line.step for line in overdue.everything(quick.centre.pk)}
        grid_tasks.finish_task(by=quick.actor("gil"), task_id=row.pk, result="好", recheck_at=None, picture_ids=[])
        assert of("grid_overdue") == []
    with later(3.1 + 14.5):
        followup.keep(timezone.now())
        row.refresh_from_db()
        assert row.urged_at is not None
    with later(3.1 + 15.5):
        followup.keep(timezone.now())
        assert len(of("grid_overdue")) == 1


def talk(cast: Cast, **facts: Any) -> Call:
    """Let Tess speak with somebody whose matter is not the police's."""
    said = {"channel": "CH11", "kind": "CK13", "caller_point": POINT, "caller_address": "新华路12号", **facts}
    return Call.objects.get(pk=calls.take_call(by=cast.actor("tess"), facts=said).pk)


def passed(cast: Cast, call: Call, body: str = "grid") -> Transfer:
    """Pass it on."""
    said: dict[str, Any] = {"way": "one_key", "danger": False, "told_caller": "已转网格员上门"}
    return transfers.transfer(by=cast.actor("tess"), call_id=call.pk, to_body=body, **said)


def test_m38_the_grid_is_a_target_of_diversion_its_work_is_the_receipt_and_the_result(quick: Cast) -> None:
    with pytest.raises(BadInput):
        passed(quick, talk(quick))
    grid_acts.manned(quick)
    call = talk(quick)
    row = passed(quick, call)
    task = GridTask.objects.get(transfer=row)
    assert (row.state, task.duty, task.demand, task.place_text) == ("sent", "GD6", "已转网格员上门", "新华路12号")
    with pytest.raises(WrongTurn):
        transfers.note(
            by=quick.actor("tess"), centre_id=quick.centre.pk, transfer_no=row.transfer_no, to="finished", facts={}
        )
    grid_tasks.start_task(by=quick.actor("gil"), task_id=task.pk)
    row.refresh_from_db()
    assert (row.state, row.receipt_no) == ("accepted", task.task_no)
    grid_tasks.finish_task(by=quick.actor("gil"), task_id=task.pk, result="已代办", recheck_at=None, picture_ids=[])
    row.refresh_from_db()
    assert (row.state, row.result_text) == ("finished", "已代办")


def test_r23_what_the_grid_returns_stands_in_the_queue_again(quick: Cast) -> None:
    grid_acts.manned(quick)
    call = talk(quick)
    row = passed(quick, call)
    calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={"closing_reason": "CL7"})
    task = GridTask.objects.get(transfer=row)
    grid_tasks.return_task(by=quick.actor("gil"), task_id=task.pk, reason="属公安职责")
    row.refresh_from_db()
    call.refresh_from_db()
    assert (row.state, row.return_reason, call.state) == ("returned", "属公安职责", "wrap_up")
    assert call.reopen_reason == "grid 属公安职责"
    assert len(of("transfer_returned")) == 1


def test_a_hazard_has_an_owner_and_an_outcome_and_is_told_of_when_nobody_takes_it(quick: Cast, api: Any) -> None:
    first = grid_acts.reported(quick)
    assert first.station_id == quick.station.pk
    [open_one] = [one for one in matters.open_matters(quick.centre.pk) if one.noun == "grid_report"]
    assert (open_one.number, open_one.org_ids) == (first.report_no, (quick.station.pk,))
    with later(0.2):
        followup.keep(timezone.now())
        assert len(of("grid_waiting")) == 1
        grid_reports.take_report(by=quick.actor("stan"), report_id=first.pk)
        assert of("grid_waiting") == []
    with pytest.raises(WrongTurn):
        grid_reports.take_report(by=quick.actor("tess"), report_id=first.pk)
    stan = api(quick.user("stan"))
    done = stan.post(f"/api/grid/reports/{first.pk}/settle/", {"outcome": "premise_note", "text": "楼道堵塞"}).json()
    note = PremiseNote.objects.get(pk=done["grid_report"]["note"])
    assert (note.kind, note.text, done["grid_report"]["owner_name"]) == ("hazard", "楼道堵塞", "Stan")
    assert api(quick.user("gil")).get("/api/grid/").json()["reports"][0]["outcome"] == "premise_note"
    urgent = grid_acts.reported(quick, urgent=True, text="燃气味很重")
    assert [alert.data["number"] for alert in of("grid_urgent")] == [urgent.report_no]
    said = {"outcome": "incident", "type_reported": "0602"}
    row = api(quick.user("tess")).post(f"/api/grid/reports/{urgent.pk}/settle/", said).json()["grid_report"]
    incident = Incident.objects.get(pk=row["incident"])
    assert (incident.type_reported, incident.narrative, incident.priority) == ("0602", "燃气味很重", 1)
    assert incident.calls.get().channel == "CH69"
    assert of("grid_urgent") == []


def test_a_report_comes_once_however_often_the_phone_sends_it_and_with_its_picture(
    quick: Cast, api: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    grid_acts.manned(quick)
    gil = api(quick.user("gil"))
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "PNG")
    data.seek(0)
    data.name = "a.png"
    key = "11111111-1111-4111-8111-111111111111"
    sent = gil.client.post(
        "/api/grid/pictures/",
        {"file": data, "lat": 24.51, "lng": 117.65, "crs": "WGS84"},
        headers={"Idempotency-Key": key},
    )
    picture = sent.json()["picture"]
    body = {"kind": "information", "text": "外来人员较多", "photos": [picture["id"]]}
    answers = [gil.post("/api/grid/reports/", body, key="22222222-2222-4222-8222-222222222222") for _ in range(2)]
    assert answers[0].json()["grid_report"] == answers[1].json()["grid_report"]
    [row] = gil.get("/api/grid/").json()["reports"]
    assert (row["grid_name"], row["pictures"][0]["point"]) == ("新华网格", {"lat": 24.51, "lng": 117.65})
    assert api(quick.user("dana")).get(picture["url"]).status_code == 200
    assert api(quick.user("pat")).get(picture["url"]).status_code == 404
    stolen = api(quick.user("pat")).post("/api/grid/reports/", body)
    assert stolen.status_code == 400


def test_a_new_worker_takes_over_what_is_still_to_be_done(quick: Cast) -> None:
    row = grid_acts.task(quick)
    quick.users["cho"].groups.add(quick.users["gil"].groups.get())
    pair = grids.Pair("G0304", quick.users["cho"].badge, quick.users["omar"].badge)
    grids.appoint(by=quick.actor("sam"), centre_id=quick.centre.pk, pair=pair)
    row.refresh_from_db()
    assert row.worker.name == "Cho"

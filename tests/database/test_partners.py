"""Partner teams (M48, M50): attached with from, to and approver; what they see is four facts, live, and ends with it.
Joint operations: who was where when (M42)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch.simulator.border import Body
from incidents import approvals, followup, jobs
from incidents.live import frames
from incidents.models import Alert, Call, Gateway, Incident, Job, PartnerAttachment, User
from incidents.refusals import Forbidden, NotFound, WrongTurn
from incidents.roles import audience_of
from incidents.services import calls, gateways, incidents, partners, transfers
from patrol.joint import services as joint
from patrol.models import OperationMember, RollMark
from tests.database import grid_acts
from tests.database.acts import POINT, kinds, take
from tests.people import Cast

FACTS = {"id", "version", "centre", "open", "point", "time", "description", "plate"}


def heard(cast: Cast, after: int = 0) -> list[dict[str, Any]]:
    """Return the frames that Pat's window gets."""
    audience = audience_of(cast.actor("pat"))
    found = [frames.frame(line, audience, 0) for line in frames.read(cast.centre.pk, after, 500)]
    return [json.loads(text) for text in found if text is not None]


def test_a_dispatcher_asks_the_watch_commander_approves_and_nobody_the_own_one(quick: Cast, api: Any) -> None:
    row = grid_acts.attached(quick, who="dana")
    assert (row.state, Incident.objects.get(pk=row.incident_id).partners) == ("asked", [])
    assert api(quick.user("pat")).get("/api/partner/").json()["incidents"] == []
    [alert] = Alert.objects.filter(kind="partner_asked", cause_ended_at__isnull=True)
    assert alert.to == "watch"
    waiting = [line.what for _kind, line in approvals.waiting(quick.centre.pk, "watch_commander")]
    assert waiting == ["attachment"]
    quick.users["dana"].groups.add(quick.users["sam"].groups.get())
    with pytest.raises(Forbidden):
        partners.approve_attachment(by=quick.actor("dana"), attachment_id=row.pk)
    done = api(quick.user("sam")).post(f"/api/approvals/attachment/{row.pk}/approve/").json()["attachment"]
    assert (done["state"], done["approved_by_name"]) == ("attached", "Sam")
    alert.refresh_from_db()
    assert alert.cause_ended_at is not None
    assert {"partner.asked", "partner.attached"} <= set(kinds(Incident.objects.get(pk=row.incident_id)))


def test_m48_the_team_sees_point_time_description_and_plate_live_and_nothing_after_it(quick: Cast, api: Any) -> None:
    row = grid_acts.attached(quick)
    pat = api(quick.user("pat"))
    [seen] = pat.get("/api/partner/").json()["incidents"]
    assert set(seen) == FACTS | {"until_at"}
    assert (seen["plate"], seen["description"]) == ("闽E0X99T", "黑色摩托，两人")
    assert set(seen["point"]) == {"lat", "lng"}
    incident = Incident.objects.get(pk=row.incident_id)
    incidents.describe_incident(
        by=quick.actor("dana"), incident_id=incident.pk, version=incident.version, facts={"vehicle_plate": "闽E0Y11T"}
    )
    last = heard(quick)[-1]
    assert (last["rows"]["incident"][0]["plate"], last["data"], last["actor"]) == ("闽E0Y11T", {}, None)
    partners.end_attachment(by=quick.actor("dana"), attachment_id=row.pk, reason="任务结束")
    assert heard(quick)[-1]["rows"]["incident"][0]["open"] is False
    assert set(heard(quick)[-1]["rows"]["incident"][0]) == {"id", "version", "centre", "open"}
    number = len(heard(quick))
    incidents.add_note(by=quick.actor("dana"), incident_id=incident.pk, text="仍在查找")
    incident.refresh_from_db()
    incidents.describe_incident(
        by=quick.actor("dana"), incident_id=incident.pk, version=incident.version, facts={"vehicle_note": "红色"}
    )
    assert len(heard(quick)) == number
    assert pat.get("/api/partner/").json()["incidents"] == []


def test_an_attachment_ends_by_the_clock_and_with_its_incident(quick: Cast, api: Any) -> None:
    row = grid_acts.attached(quick, until_at=timezone.now() + dt.timedelta(hours=1))
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        assert api(quick.user("pat")).get("/api/partner/").json()["incidents"] == []  # before the sweep has looked
        followup.keep(timezone.now())
    row.refresh_from_db()
    assert (row.state, Incident.objects.get(pk=row.incident_id).partners) == ("ended", [])
    other = grid_acts.attached(quick, take(quick))
    Incident.objects.filter(pk=other.incident_id).update(stage="cancelled")
    followup.keep(timezone.now())
    other.refresh_from_db()
    assert other.state == "ended"


def test_a_team_is_attached_once_never_to_a_complaint_and_its_level_holds_at_once(quick: Cast, api: Any) -> None:
    row = grid_acts.attached(quick)
    with pytest.raises(WrongTurn):
        grid_acts.attached(quick, row.incident)
    with pytest.raises(NotFound):
        grid_acts.attached(quick, take(quick, type_reported="1001"))
    team = row.team
    partners.describe_team(by=quick.actor("sam"), team_id=team.pk, version=team.version, facts={"view_level": "point"})
    [seen] = api(quick.user("pat")).get("/api/partner/").json()["incidents"]
    assert set(seen) == {"id", "version", "centre", "open", "point", "time", "until_at"}
    assert set(heard(quick)[-1]["rows"]["incident"][0]) == set(seen) - {"until_at"}


def test_m38_the_volunteers_app_takes_settles_and_returns_like_any_body(quick: Cast) -> None:
    gateway = gateways.register_gateway(
        by=None, centre_id=quick.centre.pk, code="minjian", name="民间110", kind="body", address=""
    )
    with Body("http://unused", f"{quick.centre.code}/minjian", gateway.secret) as app:
        Gateway.objects.filter(pk=gateway.pk).update(address=app.address)
        said: dict[str, Any] = {"way": "one_key", "danger": False, "told_caller": "已转志愿者"}
        talk = calls.take_call(by=quick.actor("tess"), facts={"channel": "CH11", "kind": "CK13"})
        row = transfers.transfer(by=quick.actor("tess"), call_id=talk.pk, to_body="minjian", **said)
        assert Job.objects.get(kind=transfers.PUSH).payload == {"transfer": row.pk}
        jobs.drain()
        row.refresh_from_db()
        assert (row.state, row.receipt_no[:1]) == ("accepted", "H")
    calls.finish_call(by=quick.actor("tess"), call_id=talk.pk, facts={"closing_reason": "CL7"})
    transfers.note(
        by=None,
        centre_id=quick.centre.pk,
        transfer_no=row.transfer_no,
        to="returned",
        facts={"return_reason": "无人接单"},
    )
    assert Call.objects.get(pk=talk.pk).state == "wrap_up"


def test_who_leaves_the_team_or_the_team_the_list_sees_nothing_and_the_socket_closes(quick: Cast) -> None:
    row = grid_acts.attached(quick)
    before = quick.user("pat").access_version
    partners.end_team(by=quick.actor("sam"), team_id=row.team_id)
    pat = User.objects.get(pk=quick.users["pat"].pk)
    assert (pat.on_team, audience_of(quick.actor("pat"))) == (None, "")
    assert pat.access_version > before
    assert PartnerAttachment.objects.get(pk=row.pk).state == "ended"


def test_m42_a_joint_operation_keeps_a_roll_of_who_was_where_when(quick: Cast, api: Any) -> None:
    team = grid_acts.team(quick)
    sam, omar, pat = api(quick.user("sam")), api(quick.user("omar")), api(quick.user("pat"))
    body = {
        "name": "古城夜查", "purpose": "清查", "meeting_place": "中山公园", "units": [quick.car12.pk, quick.car7.pk],
        "teams": [team.pk], "organisations": [quick.station.pk],
    }  # fmt: skip
    made = sam.post("/api/operations/", body).json()["operation"]
    members = {one.name: one for one in OperationMember.objects.filter(operation=made["id"])}
    assert sorted(members) == sorted(["car-12", "car-7", "闽南护街队", "巷口所"])
    assert omar.post(f"/api/operation-members/{members['car-7'].pk}/roll/", {"came": True}).status_code == 404
    assert omar.post(f"/api/operation-members/{members['car-12'].pk}/roll/", {"came": True}).status_code == 200
    here = {"lat": 24.51, "lng": 117.652, "crs": "WGS84", "accuracy_m": 8.0}
    pat.post(f"/api/operation-members/{members['闽南护街队'].pk}/roll/", {"came": True, "point": here, "people": 12})
    sam.post(f"/api/operation-members/{members['巷口所'].pk}/roll/", {"came": True, "place_text": "所内备勤"})
    [mine] = pat.get("/api/operations/mine/").json()["operations"]
    assert set(mine) == {"member", "version", "name", "task", "meeting_place", "point", "signed_in_at", "signed_out_at"}
    assert [mark.source for mark in RollMark.objects.order_by("id")] == ["track", "phone", "desk"]
    track = RollMark.objects.order_by("id")[0]
    assert track.fixed_at is not None
    assert abs((track.lat or 0) - 24.5120) < 1e-6
    joint.close_operation(by=quick.actor("sam"), operation_id=made["id"], outcome="查获2人")
    [row] = sam.get("/api/operations/").json()["operations"]
    assert [one["came"] for one in row["roll"]] == [True, True, True, False, False, False]
    text = sam.get(f"/api/operations/{made['id']}/roll.csv").content.decode("utf-8-sig").splitlines()
    assert len(text) == 7
    assert '"闽南护街队","签到","12"' in text[2]
    assert api(quick.user("nia")).get("/api/operations/").json()["operations"][0]["id"] == made["id"]
    assert api(quick.user("ned")).get("/api/operations/").json()["operations"][0]["id"] == made["id"]
    with pytest.raises(WrongTurn):
        joint.call_roll(
            by=quick.actor("omar"), member_id=members["car-12"].pk, came=True, point=None, place_text="", people=None
        )
    assert POINT

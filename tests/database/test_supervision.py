"""Supervision beyond the orders: urging before limits, the board of what is overdue, what the commander is asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from dispatch import deadlines, urging
from dispatch.services import decisions, moves, requests
from incidents import followup
from incidents.models import Alert, Call, Callback, Deadline, Incident, Request, Transfer
from incidents.refusals import BadInput, WrongTurn
from incidents.services import approvals, callbacks, number_flags, supervision, transfers
from tests.database.acts import drive, handled, kinds, send, take
from tests.people import Cast

S = dt.timedelta(seconds=1)


def at(moment: dt.datetime) -> Any:
    """Travel to a moment."""
    return time_machine.travel(moment, tick=True)


# --- urging (催办) ---


@pytest.mark.parametrize("kind", ["order", "accept", "depart", "arrive"])
def test_a_limit_is_urged_once_before_it_passes(quick: Cast, kind: str) -> None:
    incident = take(quick, priority=3)
    if kind != "order":
        order = send(quick, incident)
        if kind != "accept":
            drive(quick, order, "accepted" if kind == "depart" else "en_route")
    row = Deadline.objects.get(incident=incident, kind=kind)
    assert row.urge_at is not None
    assert row.created_at < row.urge_at < row.due_at
    with at(row.urge_at - 5 * S):
        urging.urge_due(timezone.now())
    assert Deadline.objects.get(pk=row.pk).urged_at is None
    with at(row.urge_at + S):
        deadlines.sweep()
        deadlines.sweep()
    row.refresh_from_db()
    assert row.state == "running"
    assert row.urged_at is not None
    assert kinds(incident).count("deadline.urged") == Deadline.objects.filter(urged_at__isnull=False).count()
    assert not Alert.objects.filter(kind="order_overdue").exists()


def test_what_was_done_in_time_is_not_urged_and_what_passed_is_told_instead(quick: Cast) -> None:
    incident = take(quick)
    row = Deadline.objects.get(incident=incident, kind="order")
    with at(row.due_at + S):
        deadlines.sweep()
    assert "deadline.urged" not in kinds(incident)
    other = take(quick)
    row = Deadline.objects.get(incident=other, kind="order")
    send(quick, other)
    with at((row.urge_at or row.due_at) + S):
        urging.urge_due(timezone.now())
    assert Deadline.objects.get(pk=row.pk).urged_at is None


def test_a_missing_receipt_and_a_callback_are_urged_before_their_limit(quick: Cast) -> None:
    incident, _order = handled(quick)
    said: dict[str, Any] = {"to_body": "12345", "way": "one_key", "danger": False, "told_caller": "已转"}
    row = transfers.transfer(by=quick.actor("tess"), call_id=incident.calls.get().pk, **said)
    Incident.objects.filter(pk=incident.pk).update(contact_phone="19000000101")
    callbacks.plan(by=None, incident_id=incident.pk)
    asked = Callback.objects.get(incident=incident)
    for pk, model, limit, kind in (
        (row.pk, Transfer, row.receipt_by, "transfer.urged"),
        (asked.pk, Callback, asked.due_at, "callback.urged"),
    ):
        assert limit is not None
        with at(limit - (limit - timezone.now()) * 0.1):
            followup.keep(timezone.now())
            followup.keep(timezone.now())
        assert model.objects.get(pk=pk).urged_at is not None
        assert kinds().count(kind) == 1


def test_the_desk_urges_a_unit_with_one_key(quick: Cast, api: Any) -> None:
    order = send(quick, take(quick))
    answer = api(quick.user("dana")).post(f"/api/assignments/{order.pk}/urge/")
    assert answer.status_code == 200
    assert answer.json()["assignment"]["version"] == order.version + 1
    assert kinds(order.incident)[-1] == "assignment.urged"
    decisions.cancel(
        by=quick.actor("dana"), incident_id=order.incident_id,
        version=Incident.objects.get(pk=order.incident_id).version, code="CX4", reason="误报",
    )  # fmt: skip
    assert api(quick.user("dana")).post(f"/api/assignments/{order.pk}/urge/").status_code == 409


# --- the board of what is overdue (K20) ---


def board(api: Any, cast: Cast, who: str) -> dict[str, Any]:
    """Read the board."""
    answer = api(cast.user(who)).get("/api/overdue/")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_what_is_past_a_limit_stands_on_the_board_until_it_is_settled(quick: Cast, api: Any) -> None:
    assert board(api, quick, "sam")["overdue"] == []
    waiting, going = take(quick), take(quick)
    order = drive(quick, send(quick, going), "accepted")
    done = take(quick)
    supervision.issue(
        by=quick.actor("sam"), incident_id=done.pk, cause="leader", demand="查明", to=quick.station.pk,
        due_at=timezone.now() + dt.timedelta(minutes=30),
    )  # fmt: skip
    said: dict[str, Any] = {"to_body": "12345", "way": "one_key", "danger": False, "told_caller": "已转"}
    transfers.transfer(by=quick.actor("tess"), call_id=done.calls.get().pk, **said)
    with at(timezone.now() + dt.timedelta(hours=1)):
        while deadlines.sweep():
            pass
        followup.keep(timezone.now())
        found = board(api, quick, "sam")
        steps = {(line["incident"], line["step"]) for line in found["overdue"]}
        assert {(waiting.pk, "order"), (going.pk, "depart"), (going.pk, "arrive")} <= steps
        assert {(done.pk, "supervision"), (done.pk, "transfer")} <= steps
        assert (found["count"], found["target"]) == (3, 0)
        assert len(steps) == len(found["overdue"])  # four arrival limits make one line
        lines = {(line["incident"], line["step"]): line for line in found["overdue"]}
        assert (lines[going.pk, "depart"]["owner"], lines[going.pk, "depart"]["above"]) == ("car-12", "一中队")
        assert (lines[waiting.pk, "order"]["owner"], lines[waiting.pk, "order"]["above"]) == ("desk", "watch_commander")
        assert (lines[done.pk, "supervision"]["owner"], lines[done.pk, "supervision"]["above"]) == ("巷口所", "市局")
        assert [line["due_at"] for line in found["overdue"]] == sorted(line["due_at"] for line in found["overdue"])
        moves.advance(by=quick.actor("omar"), assignment_id=order.pk, to="on_scene")
        left = {(line["incident"], line["step"]) for line in board(api, quick, "sam")["overdue"]}
        assert not {(going.pk, "depart"), (going.pk, "arrive")} & left
    assert board(api, quick, "stan")["count"] == board(api, quick, "sam")["count"]


def test_a_complaint_stands_on_the_board_of_desk_and_inspectors_alone(quick: Cast, api: Any) -> None:
    incident = take(quick, type_reported="1001")
    Deadline.objects.filter(incident=incident).update(state="missed", noticed_at=timezone.now())
    Deadline.objects.create(
        centre=quick.centre, incident=incident, kind="report", due_at=timezone.now() - dt.timedelta(hours=1),
        state="missed", noticed_at=timezone.now(), created_at=timezone.now(), updated_at=timezone.now(),
    )  # fmt: skip
    assert board(api, quick, "ina")["count"] == 1
    for who in ("lee", "stan", "cal"):
        assert board(api, quick, who)["count"] == 0


# --- approvals ---


def asked(cast: Cast, incident: Incident, kind: str = "priority", **facts: Any) -> Request:
    """Let the dispatcher ask."""
    said = {"to_priority": 4 if kind == "priority" else None, "reason": "已缓和", **facts}
    return approvals.ask(by=cast.actor("dana"), incident_id=incident.pk, kind=kind, **said)


def test_a_dispatcher_asks_for_a_lower_priority_and_the_commander_approves_with_one_key(quick: Cast, api: Any) -> None:
    incident = take(quick, priority=2)
    dana, sam = api(quick.user("dana")), api(quick.user("sam"))
    path = f"/api/incidents/{incident.pk}/"
    assert dana.post(f"{path}priority/", {"version": incident.version, "priority": 3, "reason": "x"}).status_code == 403
    assert dana.post(f"{path}ask/", {"kind": "priority", "priority": 1, "reason": "x"}).status_code == 400
    made = dana.post(f"{path}ask/", {"kind": "priority", "priority": 3, "reason": "嫌疑人已离开"})
    assert made.status_code == 201
    assert dana.post(f"{path}ask/", {"kind": "priority", "priority": 4, "reason": "再问"}).status_code == 409
    alert = Alert.objects.get(kind="approval_asked")
    assert (alert.to, alert.data["what"], alert.incident_id) == ("watch", "priority", incident.pk)
    [line] = sam.get("/api/approvals/").json()["approvals"]
    assert (line["what"], line["asked_by"], line["to_priority"]) == ("priority", quick.users["dana"].badge, 3)
    assert (line["reason"], line["own"]) == ("嫌疑人已离开", False)
    key = "11111111-1111-4111-8111-111111111112"
    approve = f"/api/approvals/request/{line['id']}/approve/"
    assert [sam.post(approve, {}, key=key).status_code for _ in range(2)] == [200, 200]
    incident.refresh_from_db()
    assert incident.priority == 3
    assert incident.priority_log[-1]["reason"] == "嫌疑人已离开"
    assert kinds(incident)[-2:] == ["incident.reprioritised", "approval.approved"]
    assert not Alert.objects.get(pk=alert.pk).is_open
    assert sam.get("/api/approvals/").json()["approvals"] == []


def test_reopening_and_invalid_are_done_in_the_same_moment_and_a_refusal_says_why(quick: Cast) -> None:
    incident = take(quick)
    send(quick, incident)
    row = asked(quick, incident, "invalid")
    requests.approve(by=quick.actor("sam"), request_id=row.pk)
    incident.refresh_from_db()
    assert (incident.stage, incident.units) == ("invalid", [])
    again = asked(quick, incident, "reopen")
    with pytest.raises(WrongTurn):
        asked(quick, incident, "invalid")
    approvals.refuse(by=quick.actor("sam"), request_id=again.pk, reason="证据不足")
    with pytest.raises(WrongTurn):
        requests.approve(by=quick.actor("sam"), request_id=again.pk)
    third = asked(quick, incident, "reopen")
    requests.approve(by=quick.actor("sam"), request_id=third.pk)
    assert Incident.objects.get(pk=incident.pk).stage == "pending"
    assert Request.objects.get(pk=again.pk).decision_reason == "证据不足"
    with pytest.raises(BadInput):
        asked(quick, incident, to_priority=1)


def test_nobody_approves_the_own_question_and_inspectors_decide_on_holds_alone(quick: Cast, api: Any) -> None:
    incident = take(quick)
    row = approvals.ask(by=quick.actor("sam"), incident_id=incident.pk, kind="priority", to_priority=4, reason="自批")
    with pytest.raises(WrongTurn):
        requests.approve(by=quick.actor("sam"), request_id=row.pk)
    flag = number_flags.ask_flag(
        by=quick.actor("dana"), number="19000000666", kind="nuisance", reason="骚扰",
        expires_at=timezone.now() + dt.timedelta(days=30),
    )  # fmt: skip
    ina, sam = api(quick.user("ina")), api(quick.user("sam"))
    assert ina.get("/api/approvals/").json()["approvals"] == []
    assert ina.post(f"/api/approvals/number_flag/{flag.pk}/approve/").status_code == 403
    assert sam.post("/api/approvals/nothing/1/approve/").status_code == 404
    assert [line["what"] for line in sam.get("/api/approvals/").json()["approvals"]] == ["priority", "number_flag"]
    assert sam.post(f"/api/approvals/number_flag/{flag.pk}/approve/").status_code == 200


# --- the file and the card ---


def test_the_file_and_the_card_show_class_hold_priorities_and_what_followed(quick: Cast, api: Any) -> None:
    incident, _order = handled(quick)
    sam = api(quick.user("sam"))
    held = {"scope": "incident", "incident": incident.pk, "reason": "行政诉讼", "legal_basis": "行政诉讼法"}
    assert sam.post("/api/holds/", held).status_code == 201
    kept = {"retention_class": "permanent", "reason": "典型案例"}
    assert sam.post(f"/api/incidents/{incident.pk}/retention-class/", kept).status_code == 201
    supervision.issue(
        by=quick.actor("sam"), incident_id=incident.pk, cause="leader", demand="查明原因", to=None, due_at=None
    )
    said: dict[str, Any] = {"to_body": "12345", "way": "one_key", "danger": False, "told_caller": "已为您转办"}
    transfers.transfer(by=quick.actor("tess"), call_id=Call.objects.get(incident=incident).pk, **said)
    Incident.objects.filter(pk=incident.pk).update(contact_phone="19000000101")
    callbacks.plan(by=None, incident_id=incident.pk)
    row = asked(quick, incident)
    requests.approve(by=quick.actor("sam"), request_id=row.pk)
    card = sam.get(f"/api/incidents/{incident.pk}/archive/").json()
    assert card["retention"]["retention_class"] == "permanent"
    assert [hold["reason"] for hold in card["holds"]] == ["行政诉讼"]
    assert len(card["open_matters"]) == 4
    client = Client()
    client.force_login(quick.user("sam"), backend="incidents.sessions.Backend")
    page = client.get(f"/incidents/{incident.pk}/file/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    for words in ("永久保存", "行政诉讼法", "查明原因", "已为您转办", "等级变更", "已缓和", "保全"):
        assert words in page, words
    assert sam.get("/api/retention/").status_code == 200

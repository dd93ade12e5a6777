"""Decisions: review and closing, merging and undoing, cancelling, reopening; who may and who may not."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.models import Assignment
from dispatch.services import decisions, merging, moves, orders, street
from incidents.alerts import acknowledge
from incidents.models import Alert, Call, Deadline
from incidents.refusals import BadInput, Forbidden, Stale, WrongTurn
from incidents.services import calls, incidents
from patrol import services as patrol
from tests.database.acts import POINT, drive, handled, kinds, report, send, take
from tests.people import PLACE, Cast


def test_submitting_waits_for_the_handling_report(quick: Cast) -> None:
    incident = take(quick)
    drive(quick, send(quick, incident), "on_scene")
    incident.refresh_from_db()
    with pytest.raises(WrongTurn):
        decisions.submit(by=quick.actor("dana"), incident_id=incident.pk, version=incident.version)


def test_review_returns_and_approves(quick: Cast) -> None:
    incident, order = handled(quick)
    incident = decisions.submit(by=quick.actor("dana"), incident_id=incident.pk, version=incident.version)
    assert incident.stage == "review"
    back = decisions.send_back(
        by=quick.actor("rae"), incident_id=incident.pk, version=incident.version, reason="经过不清"
    )
    assert (back.stage, back.reason) == ("reported", "经过不清")
    with pytest.raises(WrongTurn):  # what was returned is not corrected yet
        decisions.submit(by=quick.actor("dana"), incident_id=incident.pk, version=back.version)
    report(quick, order, kind="correction", process_text="到场后逐户询问，未见异常")
    back.refresh_from_db()
    incident = decisions.submit(by=quick.actor("dana"), incident_id=incident.pk, version=back.version)
    with pytest.raises(WrongTurn):  # its call is still open
        decisions.approve(by=quick.actor("rae"), incident_id=incident.pk, version=incident.version)
    calls.finish_call(by=quick.actor("tess"), call_id=incident.calls.get().pk, facts={})
    with pytest.raises(Stale):
        decisions.approve(by=quick.actor("rae"), incident_id=incident.pk, version=1)
    closed = decisions.approve(by=quick.actor("rae"), incident_id=incident.pk, version=incident.version)
    assert (closed.stage, closed.reviewed_by_no) == ("closed", quick.users["rae"].badge)
    assert not Deadline.objects.filter(incident=closed, state="running").exists()


def test_the_watch_commander_does_not_review_what_he_ordered_himself(quick: Cast) -> None:
    incident = take(quick)
    [order] = orders.assign(by=quick.actor("sam"), incident_id=incident.pk, choices=[orders.Choice(quick.car12.pk)])
    drive(quick, order, "on_scene")
    moves.finish(by=quick.actor("omar"), assignment_id=order.pk, result_code="RS16")
    report(quick, order)
    calls.finish_call(by=quick.actor("tess"), call_id=incident.calls.get().pk, facts={})
    incident.refresh_from_db()
    incident = decisions.submit(by=quick.actor("dana"), incident_id=incident.pk, version=incident.version)
    with pytest.raises(Forbidden):
        decisions.approve(by=quick.actor("sam"), incident_id=incident.pk, version=incident.version)


def test_what_needs_nobody_goes_to_review_with_its_exclusion(quick: Cast) -> None:
    incident = take(quick)
    settled = decisions.need_no_attendance(
        by=quick.actor("tess"), incident_id=incident.pk, version=incident.version, result_code="RS23", reason="电话解决"
    )
    assert (settled.stage, settled.exclusion, settled.attendance) == ("review", "EX5", False)
    assert set(settled.deadlines.values_list("state", flat=True)) == {"void"}
    back = decisions.send_back(by=quick.actor("rae"), incident_id=incident.pk, version=settled.version, reason="要出警")
    assert (back.stage, back.exclusion, back.attendance) == ("pending", "", True)


def test_a_merge_keeps_every_call_recalls_its_units_and_can_be_undone_by_the_commander(quick: Cast) -> None:
    target, double = take(quick), take(quick)
    send(quick, target)
    order = send(quick, double, quick.car7)
    double.refresh_from_db()
    merged = merging.merge(
        by=quick.actor("dana"), incident_id=double.pk, version=double.version, into=target.pk, reason="同一起"
    )
    assert (merged.stage, merged.merged_into_id, merged.exclusion) == ("merged", target.pk, "EX2")
    assert Assignment.objects.get(pk=order.pk).cancel_code == "CX2"
    assert merged.calls.count() == 1
    with pytest.raises(WrongTurn):
        incidents.accept_place(
            by=quick.actor("dana"), incident_id=double.pk, version=merged.version, point=POINT, facts={}
        )
    undone = decisions.reopen(by=quick.actor("sam"), incident_id=double.pk, version=merged.version, reason="两起")
    assert (undone.stage, undone.merged_into_id, undone.exclusion) == ("pending", None, "")
    assert undone.first_dispatched_at == order.dispatched_at


def test_a_merge_takes_the_earlier_clocks_over(quick: Cast) -> None:
    double, target = take(quick), take(quick)
    order = send(quick, double)
    double.refresh_from_db()
    merging.merge(
        by=quick.actor("dana"), incident_id=double.pk, version=double.version, into=target.pk, reason="同一起"
    )
    target.refresh_from_db()
    assert (target.answered_at, target.first_dispatched_at) == (double.answered_at, order.dispatched_at)
    due = target.deadlines.get(kind="arrive5_b").due_at
    assert (due - order.dispatched_at).total_seconds() == 300


def test_an_incident_with_a_unit_on_scene_is_not_cancelled_away(quick: Cast) -> None:
    incident = take(quick)
    drive(quick, send(quick, incident), "on_scene")
    incident.refresh_from_db()
    with pytest.raises(WrongTurn):
        decisions.cancel(
            by=quick.actor("dana"), incident_id=incident.pk, version=incident.version, code="CX1", reason=""
        )
    incident.refresh_from_db()
    assert incident.stage == "on_scene"


def test_cancelling_needs_a_code_and_stays_out_of_the_arrival_figures_only_before_arrival(quick: Cast) -> None:
    incident = take(quick)
    act: dict[str, Any] = {"by": quick.actor("dana"), "incident_id": incident.pk, "version": incident.version}
    with pytest.raises(BadInput):
        decisions.cancel(**act, code="", reason="")
    with pytest.raises(BadInput):
        decisions.cancel(**act, code="CX9", reason="")
    gone = decisions.cancel(**act, code="CX1", reason="已核实")
    assert (gone.stage, gone.exclusion) == ("cancelled", "EX4")
    assert kinds(incident)[-1] == "incident.cancelled"


def test_handing_over_names_the_new_owner(quick: Cast) -> None:
    incident = take(quick)
    gone = decisions.hand_over(
        by=quick.actor("dana"), incident_id=incident.pk, version=incident.version, to=quick.squad.pk, reason="移交"
    )
    assert (gone.stage, gone.jurisdiction_id, gone.jurisdiction_name) == ("handed_over", quick.squad.pk, "一中队")


def test_raising_is_for_everybody_at_the_desk_lowering_for_the_commander(quick: Cast) -> None:
    incident = take(quick)
    assert incident.priority == 3
    act: dict[str, Any] = {"incident_id": incident.pk, "version": incident.version, "reason": "有刀"}
    raised = incidents.reprioritise(by=quick.actor("tess"), level=1, **act)
    assert (raised.priority, raised.priority_at_intake) == (1, 3)
    due = raised.deadlines.get(kind="order").due_at
    assert (due - raised.updated_at).total_seconds() <= 30
    act["version"] = raised.version
    with pytest.raises(Forbidden):
        incidents.reprioritise(by=quick.actor("dana"), level=3, **act)
    lowered = incidents.reprioritise(by=quick.actor("sam"), level=3, **act)
    assert [line["to"] for line in lowered.priority_log] == [1, 3]


def test_a_unit_that_finds_something_is_on_scene_at_once_and_counted_apart(quick: Cast) -> None:
    order = street.discover(by=quick.actor("omar"), facts={"type_reported": "0202", "point": POINT})
    incident = order.incident
    incident.refresh_from_db()
    assert (order.purpose, order.state, incident.stage, incident.exclusion) == ("self", "on_scene", "on_scene", "EX3")
    assert not incident.deadlines.filter(state="running").exists()
    quick.car12.refresh_from_db()
    assert (quick.car12.status, quick.car12.assignment_id) == ("on_scene", order.pk)


def test_who_asks_a_patrol_for_help_is_a_contact_like_any_other(quick: Cast, api: Any) -> None:
    said = {"type_reported": "0504", "point": PLACE, "narrative": "找不到爷爷", "caller_name": "卢知遥"}
    officer = api(quick.user("omar"))
    refused = officer.post("/api/my-unit/discovery/", {**said, "channel": "CH11"})
    assert (refused.status_code, set(refused.json()["fields"])) == (400, {"channel"})
    answer = officer.post("/api/my-unit/discovery/", {**said, "channel": "CH42", "contact_phone": "19000000101"})
    assert answer.status_code == 201
    call = Call.objects.get()
    assert (call.state, call.channel, call.kind, call.validity) == ("done", "CH42", "CK02", "valid")
    assert (call.agent_no, call.narrative) == (quick.users["omar"].badge, "找不到爷爷")
    incident = call.incident
    assert incident is not None
    assert (incident.contact_name, incident.contact_phone, incident.exclusion) == ("卢知遥", "19000000101", "EX3")
    assert call.answered_at == incident.answered_at
    street_is_busy = officer.post("/api/my-unit/discovery/", {**said, "channel": "CH51"})
    assert street_is_busy.status_code == 409
    assert Call.objects.count() == 1


def test_backup_belongs_to_an_order_and_alerts_the_desk(quick: Cast) -> None:
    with pytest.raises(WrongTurn):
        street.ask_backup(by=quick.actor("omar"), text="")
    drive(quick, send(quick, take(quick)), "on_scene")
    street.ask_backup(by=quick.actor("omar"), text="对方人多")
    alert = Alert.objects.get(kind="backup_requested")
    assert alert.data["proposed"] == "car-7"
    taken = acknowledge(by=quick.actor("dana"), alert_id=alert.pk)
    assert (taken.is_open, taken.acknowledged_by_no) == (False, quick.users["dana"].badge)


def test_an_emergency_stands_until_the_desk_ends_it(quick: Cast) -> None:
    patrol.call_emergency(by=quick.actor("ned"), device_at=None)
    again = patrol.call_emergency(by=quick.actor("omar"), device_at=None)
    alert = Alert.objects.get(kind="emergency")
    assert (alert.severity, alert.data["badge"]) == ("critical", quick.users["ned"].badge)
    assert again.emergency_at is not None
    ended = patrol.end_emergency(by=quick.actor("dana"), unit_id=quick.car12.pk)
    alert.refresh_from_db()
    assert (ended.emergency_at, alert.is_open) == (None, False)

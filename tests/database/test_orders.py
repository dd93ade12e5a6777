"""Orders and their moves: the state machine of domain 5, implied steps, refusals, withdrawals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dispatch.models import Assignment
from dispatch.services import moves, orders
from incidents.models import Alert, Incident, Stage
from incidents.refusals import BadInput, Forbidden, UnitBusy, WrongTurn
from incidents.services import calls, incidents
from patrol import services as patrol
from tests.database.acts import POINT, drive, handled, kinds, report, send, take
from tests.people import Cast


def test_an_order_may_go_while_the_caller_still_talks(quick: Cast) -> None:
    call = calls.take_call(by=quick.actor("tess"), facts={"channel": "CH11"})
    incident = calls.open_incident_of_call(by=quick.actor("tess"), call_id=call.pk, facts={"point": POINT})
    assert incident.stage == "new"  # place, but no type and no order yet
    order = send(quick, incident)
    incident.refresh_from_db()
    assert incident.stage == "dispatched"
    assert incident.first_dispatched_at == order.dispatched_at
    assert incident.units == [quick.car12.pk]


def test_without_a_place_there_is_no_order(quick: Cast) -> None:
    call = calls.take_call(by=quick.actor("tess"), facts={"channel": "CH11"})
    incident = calls.open_incident_of_call(by=quick.actor("tess"), call_id=call.pk, facts={"type_reported": "0202"})
    with pytest.raises(WrongTurn):
        send(quick, incident)


@pytest.mark.parametrize(
    ("to", "implied"),
    [
        ("accepted", ["delivered"]),
        ("en_route", ["delivered", "accepted"]),
        ("on_scene", ["delivered", "accepted", "en_route"]),
    ],
)
def test_skipped_steps_are_stamped_and_marked_implied(quick: Cast, to: str, implied: list[str]) -> None:
    order = moves.advance(by=quick.actor("omar"), assignment_id=send(quick, take(quick)).pk, to=to)
    assert order.state == to
    assert [step for step, mark in order.marks.items() if mark["implied"]] == implied
    assert order.marks[to]["implied"] is False
    assert order.lead_no == quick.users["omar"].badge
    assert [member["badge"] for member in order.crew] == [quick.users["omar"].badge, quick.users["ned"].badge]


def test_the_stage_is_the_most_advanced_of_the_unfinished_orders_and_milestones_never_move_back(quick: Cast) -> None:
    incident = take(quick)
    first = drive(quick, send(quick, incident), "on_scene")
    second = send(quick, incident, quick.car7, purpose="support")
    incident.refresh_from_db()
    arrived = incident.first_on_scene_at
    assert incident.stage == "on_scene"
    moves.finish(by=quick.actor("omar"), assignment_id=first.pk, result_code="RS16")
    incident.refresh_from_db()
    assert incident.stage == "dispatched"
    drive(quick, second, "on_scene", "nia")
    incident.refresh_from_db()
    assert incident.stage == "on_scene"
    assert incident.first_on_scene_at == arrived


def test_a_later_order_takes_a_handled_incident_back(quick: Cast) -> None:
    incident, _order = handled(quick)
    assert incident.stage == "reported"
    send(quick, incident, quick.car7, purpose="relief")
    incident.refresh_from_db()
    assert incident.stage == "dispatched"


def test_a_repeat_of_the_present_state_changes_nothing_and_a_late_receipt_neither(quick: Cast) -> None:
    order = drive(quick, send(quick, take(quick)), "accepted")
    before = len(kinds())
    assert moves.advance(by=quick.actor("omar"), assignment_id=order.pk, to="accepted").version == order.version
    assert moves.advance(by=quick.actor("omar"), assignment_id=order.pk, to="delivered").version == order.version
    assert len(kinds()) == before


def test_impossible_moves_are_refused_with_the_present_row(quick: Cast) -> None:
    order = drive(quick, send(quick, take(quick)), "on_scene")
    acts: list[Callable[[], Any]] = [
        lambda: moves.advance(by=quick.actor("omar"), assignment_id=order.pk, to="accepted"),
        lambda: moves.refuse(by=quick.actor("omar"), assignment_id=order.pk, code="RF1", text="x"),
        lambda: orders.withdraw(by=quick.actor("dana"), assignment_id=order.pk, code="CX8"),
    ]
    for act in acts:
        with pytest.raises(WrongTurn) as refused:
            act()
        assert refused.value.current == order


def test_finishing_before_arrival_needs_no_attendance(quick: Cast) -> None:
    order = drive(quick, send(quick, take(quick)), "en_route")
    with pytest.raises(WrongTurn):
        moves.finish(by=quick.actor("omar"), assignment_id=order.pk, result_code="RS15")
    done = moves.finish(by=quick.actor("omar"), assignment_id=order.pk, result_code="RS15", no_attendance=True)
    assert (done.state, done.no_attendance, done.on_scene_at) == ("finished", True, None)


def test_only_the_lead_refuses_and_the_watch_commander_and_the_next_unit_are_named(quick: Cast) -> None:
    incident = take(quick)
    order = send(quick, incident)
    with pytest.raises(Forbidden):
        moves.refuse(by=quick.actor("ned"), assignment_id=order.pk, code="RF1", text="爆胎")
    with pytest.raises(BadInput):
        moves.refuse(by=quick.actor("omar"), assignment_id=order.pk, code="RF1", text="")
    refused = moves.refuse(by=quick.actor("omar"), assignment_id=order.pk, code="RF2", text="正在处置")
    incident.refresh_from_db()
    assert (refused.state, incident.stage, incident.units) == ("refused", "pending", [])
    alert = Alert.objects.get(kind="refused")
    assert (alert.to, alert.data["proposed"], alert.data["code"]) == ("watch", "car-12", "RF2")
    assert incident.first_dispatched_at == refused.dispatched_at  # a refused first order still starts clock B
    running = set(incident.deadlines.filter(state="running").values_list("kind", flat=True))
    assert {"order", "arrive5_a", "arrive5_b"} <= running  # a refusal never stops the clock (R4)
    again = send(quick, incident)
    assert again.parent_id == refused.pk


def test_a_refusal_for_a_fault_takes_the_unit_out_of_service(quick: Cast) -> None:
    moves.refuse(by=quick.actor("omar"), assignment_id=send(quick, take(quick)).pk, code="RF1", text="爆胎")
    quick.car12.refresh_from_db()
    assert (quick.car12.status, quick.car12.assignment_id) == ("out_of_service", None)


def test_a_withdrawn_order_frees_the_unit_and_must_be_confirmed(quick: Cast) -> None:
    incident = take(quick)
    order = drive(quick, send(quick, incident), "accepted")
    with pytest.raises(BadInput):
        orders.withdraw(by=quick.actor("dana"), assignment_id=order.pk, code="")
    gone = orders.withdraw(by=quick.actor("dana"), assignment_id=order.pk, code="CX3")
    quick.car12.refresh_from_db()
    assert (gone.state, quick.car12.status, quick.car12.assignment_id) == ("withdrawn", "available", None)
    assert set(incident.deadlines.filter(assignment_id=order.pk).values_list("state", flat=True)) == {"met", "void"}
    confirmed = orders.confirm_withdrawal(by=quick.actor("omar"), assignment_id=order.pk)
    assert confirmed.withdrawal_confirmed_at is not None
    assert kinds(incident)[-1] == "assignment.withdrawal_confirmed"


def test_a_dispatcher_moves_by_radio_and_it_shows(quick: Cast) -> None:
    order = moves.advance(by=quick.actor("dana"), assignment_id=send(quick, take(quick)).pk, to="accepted")
    assert order.marks["accepted"]["by_proxy"] is True
    assert order.lead_no == quick.users["omar"].badge
    with pytest.raises(Forbidden):
        moves.advance(by=quick.actor("nia"), assignment_id=order.pk, to="en_route")
    moves.advance(by=quick.actor("omar"), assignment_id=order.pk, to="on_scene")
    with pytest.raises(Forbidden):
        moves.finish(by=quick.actor("dana"), assignment_id=order.pk, result_code="RS16")
    done = moves.finish(by=quick.actor("sam"), assignment_id=order.pk, result_code="RS16")
    assert done.marks["finished"]["by_proxy"] is True


def test_a_busy_unit_is_refused_with_its_row_and_the_database_says_so_too(quick: Cast) -> None:
    order = send(quick, take(quick))
    with pytest.raises(UnitBusy) as busy:
        send(quick, take(quick))
    assert busy.value.current == quick.car12
    with pytest.raises(IntegrityError, match="one_live_assignment_per_unit"), transaction.atomic():
        Assignment.objects.create(
            **{
                field.attname: getattr(order, field.attname)
                for field in Assignment._meta.concrete_fields
                if field.attname not in ("id", "assignment_no")
            },
            assignment_no="x",
        )


def test_another_than_the_first_ranked_needs_a_reason_unless_the_screen_showed_it_first(quick: Cast) -> None:
    incident = take(quick)
    with pytest.raises(BadInput) as missing:
        send(quick, incident, quick.car7)
    assert "units.0.override_reason" in (missing.value.fields or {})
    order = send(quick, incident, quick.car7, override_reason="OV3")
    assert (order.recommended, order.override_reason, order.rank_basis["rank"]) == ("car-12", "OV3", 2)
    assert order.rank_basis["basis"] == "straight"
    other = take(quick)
    quick.place(quick.car12, 24.5112, 117.654)
    [free] = orders.assign(
        by=quick.actor("dana"), incident_id=other.pk, choices=[orders.Choice(quick.car12.pk)], seen=[quick.car12.pk]
    )
    assert free.override_reason == ""


def test_a_unit_off_duty_cannot_be_sent_and_one_on_a_task_only_for_the_urgent(quick: Cast) -> None:
    patrol.choose_status(by=quick.actor("omar"), unit_id=quick.car12.pk, status="on_task", reason="岗")
    with pytest.raises(UnitBusy):
        send(quick, take(quick), purpose="support")
    urgent = take(quick, type_reported="0103")
    assert urgent.priority == 1
    assert send(quick, urgent).call_sign == "car-12"
    patrol.end_shift(by=quick.actor("nia"), unit_id=quick.car7.pk)
    with pytest.raises(UnitBusy):
        send(quick, take(quick), quick.car7, purpose="support")


def test_a_held_up_unit_says_so_the_desk_tells_the_caller_and_the_next_unit_is_named(quick: Cast) -> None:
    """R14."""
    order = drive(quick, send(quick, take(quick)), "en_route")
    late = moves.report_delay(by=quick.actor("omar"), assignment_id=order.pk, code="DL1", text="胜利路堵车")
    assert late.delay_at is not None
    alert = Alert.objects.get(kind="delayed")
    assert alert.data["proposed"] == "car-7"
    told = moves.tell_caller(by=quick.actor("tess"), assignment_id=order.pk)
    assert told.caller_told_at is not None
    moves.advance(by=quick.actor("omar"), assignment_id=told.pk, to="on_scene")
    alert.refresh_from_db()
    assert not alert.is_open


def test_after_the_first_order_place_and_type_are_the_dispatchers(quick: Cast) -> None:
    incident = take(quick)
    send(quick, incident)
    incident.refresh_from_db()
    edit: dict[str, Any] = {"incident_id": incident.pk, "version": incident.version, "facts": {"type_reported": "0202"}}
    with pytest.raises(Forbidden):
        incidents.describe_incident(by=quick.actor("tess"), **edit)
    assert incidents.describe_incident(by=quick.actor("dana"), **edit).type_reported == "0202"


def test_a_report_names_what_is_missing_and_results_ask_for_more(quick: Cast) -> None:
    order = drive(quick, send(quick, take(quick)), "on_scene")
    with pytest.raises(BadInput) as missing:
        report(quick, order, process_text="", result_codes=["RS01", "RS02"])
    assert set(missing.value.fields or {}) == {
        "process_text", "caught", "involved", "escaped", "loss_yuan", "case_no",
    }  # fmt: skip
    filed = report(quick, order, result_codes=["RS01"], caught=2, involved=2, escaped=0, loss_unknown=True)
    assert filed.complete
    incident = Incident.objects.get(pk=order.incident_id)
    assert (incident.stage, incident.type_verified, incident.result_code) == (Stage.ON_SCENE, "020101", "RS01")

"""What follows: transfers to other bodies (R10, R22, R23), callbacks (R27), supervision orders (M9), and closing."""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dispatch.services import decisions
from dispatch.simulator.border import Body, TextService
from incidents import followup, jobs, signatures
from incidents.models import Alert, Call, Callback, Gateway, Incident, Job, NumberFlag, SupervisionOrder, Transfer
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.services import callbacks, calls, gateways, supervision, transfers
from tests.database.acts import handled, kinds, take
from tests.people import Cast

NUMBER = "19000000101"
AGO = dt.timedelta(hours=3)


def talk(cast: Cast, **facts: Any) -> Call:
    """Take a call."""
    row = calls.take_call(by=cast.actor("tess"), facts={"channel": "CH11", "kind": "CK13", **facts})
    return Call.objects.get(pk=row.pk)


def pass_on(cast: Cast, call: Call, **facts: Any) -> Transfer:
    """Pass a call on to 12345."""
    said = {"to_body": "12345", "way": "one_key", "danger": False, "told_caller": "已为您转12345", **facts}
    return transfers.transfer(by=cast.actor("tess"), call_id=call.pk, **said)


def say(gateway: Gateway, door: str, content: dict[str, Any]) -> Any:
    """Post a signed event."""
    path, body = f"/api/gateway/{door}/", json.dumps(content).encode()
    signed = signatures.headers(
        gateway.secret,
        gateway=f"{gateway.centre.code}/{gateway.code}",
        moment=int(time.time()),
        event=uuid.uuid4().hex,
        method="POST",
        path=path,
        body=body,
    )
    return Client().post(path, body, content_type="application/json", headers=signed)


def body_gateway(cast: Cast, address: str = "") -> Gateway:
    """Register the adapter of 12345."""
    return gateways.register_gateway(
        by=None, centre_id=cast.centre.pk, code="12345", name="12345", kind="body", address=address
    )


# --- transfers ---


def test_danger_means_police_first(quick: Cast) -> None:
    call = talk(quick)
    with pytest.raises(BadInput) as refused:
        pass_on(quick, call, danger=True)
    assert "danger" in (refused.value.fields or {})
    with pytest.raises(BadInput) as refused:
        pass_on(quick, call, told_caller=" ")
    assert "told_caller" in (refused.value.fields or {})
    with pytest.raises(BadInput):
        pass_on(quick, call, to_body="999")
    assert not Transfer.objects.exists()
    incident = take(quick)
    row = pass_on(quick, incident.calls.get(), danger=True, way="push")
    assert (row.incident_id, row.state, row.danger) == (incident.pk, "unsent", True)


def test_a_transfer_goes_out_is_accepted_and_settled_by_the_simulated_body(quick: Cast) -> None:
    gateway = body_gateway(quick)
    with Body("http://unused", f"{quick.centre.code}/12345", gateway.secret) as hotline:
        Gateway.objects.filter(pk=gateway.pk).update(address=hotline.address)
        row = pass_on(quick, talk(quick, narrative="小区停水", caller_number=NUMBER))
        hotline.refuses = 1
        jobs.drain()
        assert hotline.taken == []
        Job.objects.update(due_at=timezone.now())
        jobs.drain()
        [taken] = hotline.taken
        assert (taken["transfer"], taken["narrative"], taken["contact_phone"]) == (row.transfer_no, "小区停水", NUMBER)
        row.refresh_from_db()
        assert (row.state, row.receipt_no) == ("accepted", "Hs1")
    done = say(gateway, "body", {"type": "finished", "transfer": row.transfer_no, "result_text": "已恢复供水"})
    assert done.json()["transfer"]["state"] == "finished"
    assert say(gateway, "body", {"type": "returned", "transfer": row.transfer_no}).status_code == 409
    assert [kind for kind in kinds() if kind.startswith("transfer.")] == [
        "transfer.made",
        "transfer.sent",
        "transfer.accepted",
        "transfer.finished",
    ]


def test_a_silent_contacts_number_is_not_passed_on(quick: Cast) -> None:
    row = pass_on(quick, talk(quick, silent=True, caller_number=NUMBER))
    content = transfers.content_of(row)
    assert (content["contact_phone"], content["silent"]) == ("", True)


def test_a_return_reopens_the_call_and_tells_the_desk(quick: Cast) -> None:
    gateway = body_gateway(quick)
    call = talk(quick)
    row = pass_on(quick, call)
    calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={"kind": "CK13", "closing_reason": "CL7"})
    assert say(gateway, "body", {"type": "returned", "transfer": row.transfer_no}).status_code == 400
    answer = say(gateway, "body", {"type": "returned", "transfer": row.transfer_no, "return_reason": "属公安职责"})
    assert answer.json()["transfer"]["return_reason"] == "属公安职责"
    call.refresh_from_db()
    assert (call.state, call.reopen_reason) == ("wrap_up", "12345 属公安职责")
    alert = Alert.objects.get(kind="transfer_returned")
    assert (alert.data["call"], alert.data["reason"]) == (call.pk, "属公安职责")


def test_a_missing_receipt_is_told_once_and_its_alert_ends_with_the_receipt(quick: Cast) -> None:
    row = pass_on(quick, talk(quick), to_body="120")
    assert row.receipt_by is not None
    assert 55 <= (row.receipt_by - row.created_at).total_seconds() <= 60
    assert followup.keep(timezone.now()) == 0
    Transfer.objects.filter(pk=row.pk).update(receipt_by=timezone.now() - AGO)
    assert followup.keep(timezone.now()) == 1
    assert followup.keep(timezone.now()) == 0
    alert = Alert.objects.get(kind="transfer_unanswered")
    transfers.note(
        by=quick.actor("tess"), centre_id=quick.centre.pk, transfer_no=row.transfer_no, to="accepted", facts={}
    )
    alert.refresh_from_db()
    assert not alert.is_open


def test_an_adapter_that_gives_up_leaves_it_to_a_person(quick: Cast) -> None:
    body_gateway(quick, "http://127.0.0.1:9/")
    row = pass_on(quick, talk(quick))
    for _turn in range(jobs.GIVES_UP_AFTER):
        Job.objects.update(due_at=timezone.now())
        jobs.drain()
    row.refresh_from_db()
    assert row.push_failed
    assert Alert.objects.filter(kind="transfer_unsent").count() == 1


def test_what_another_body_passes_on_rings_once(quick: Cast) -> None:
    gateway = body_gateway(quick)
    facts = {"type": "new", "transfer": "H88", "narrative": "邻居扬言要打人", "contact_phone": NUMBER}
    first, again = say(gateway, "body", facts), say(gateway, "body", facts)
    assert first.json()["call"]["id"] == again.json()["call"]["id"]
    call = Call.objects.get()
    assert (call.channel, call.state, call.caller_number) == ("CH62", "waiting", NUMBER)
    assert Transfer.objects.get().direction == "in"


def test_transfers_are_noted_by_hand_and_listed(quick: Cast, api: Any) -> None:
    desk = api(quick.user("tess"))
    call = talk(quick)
    body = {"to_body": "12345", "way": "three_way", "danger": False, "told_caller": "三方通话"}
    made = desk.post(f"/api/calls/{call.pk}/transfers/", body)
    assert made.status_code == 201, made.content
    pk = made.json()["transfer"]["id"]
    assert desk.post(f"/api/calls/{call.pk}/transfers/", body).status_code == 409
    assert desk.post(f"/api/transfers/{pk}/accept/", {"receipt_no": "H7"}).json()["transfer"]["receipt_no"] == "H7"
    assert desk.post(f"/api/transfers/{pk}/return/", {}).status_code == 400
    [row] = desk.get("/api/transfers/").json()["transfers"]
    assert (row["state"], row["told_caller"]) == ("accepted", "三方通话")
    [masked] = api(quick.user("lee")).get("/api/transfers/").json()["transfers"]
    assert masked["told_caller"] != "三方通话"


# --- callbacks ---


def reported(cast: Cast, **facts: Any) -> Incident:
    """Return an incident that was reported three hours ago, in the sample, with a number."""
    incident, _order = handled(cast)
    fields = {"contact_phone": NUMBER, "priority": 1, "reported_at": timezone.now() - AGO, **facts}
    Incident.objects.filter(pk=incident.pk).update(**fields)
    incident.refresh_from_db()
    return incident


def test_the_sample_keeps_to_its_shares_and_never_changes_its_mind() -> None:
    for priority, share in ((1, 1.0), (3, 0.5), (4, 0.2)):
        some = [Incident(incident_no=f"350600A2026{n:08d}", priority=priority) for n in range(4_000)]
        found = [callbacks.is_sampled(one) for one in some]
        assert found == [callbacks.is_sampled(one) for one in some]
        assert abs(sum(found) / len(found) - share) < 0.03


@pytest.mark.parametrize(
    "facts",
    [
        {"silent": True},
        {"type_verified": "0206"},
        {"type_verified": "050301"},
        {"contact_phone": ""},
        {"type_verified": "", "type_reported": "0105"},
    ],
)
def test_who_must_not_be_asked_is_not_and_the_reason_is_kept(quick: Cast, facts: dict[str, Any]) -> None:
    reported(quick, **facts)
    followup.keep(timezone.now())
    row = Callback.objects.get()
    assert (row.outcome, row.number, row.asked_at) == ("unsuitable", "", None)
    assert row.reason != ""


def test_a_protected_number_is_not_asked(quick: Cast) -> None:
    incident = reported(quick)
    NumberFlag.objects.create(
        centre=quick.centre,
        number=NUMBER,
        kind="protected",
        reason="r",
        asked_by_no="1",
        approved_at=timezone.now(),
        expires_at=timezone.now() + AGO,
        created_at=timezone.now(),
        updated_at=timezone.now(),
    )
    assert callbacks.why_unsuitable(incident) == "保护号码"


def test_a_caller_is_asked_by_text_replies_and_the_three_counts_follow(quick: Cast, api: Any) -> None:
    gateway = gateways.register_gateway(by=None, centre_id=quick.centre.pk, code="sms", name="sms", kind="text")
    with TextService("http://unused", f"{quick.centre.code}/sms", gateway.secret) as service:
        Gateway.objects.filter(pk=gateway.pk).update(address=service.address)
        reported(quick)
        assert followup.keep(timezone.now()) == 1
        assert followup.keep(timezone.now()) == 0
        jobs.drain()
        [question] = service.taken
        assert question["number"] == NUMBER
        assert "1满意" in question["text"]
    # Somebody who needs help is not an answer.
    help_ = say(gateway, "text", {"message": "m0", "number": NUMBER, "text": "救命"})
    assert help_.json()["message"]["text"] == "救命"
    assert Call.objects.filter(channel="CH21", state="waiting").count() == 1
    answer = say(gateway, "text", {"message": "m1", "number": NUMBER, "text": "１"})
    assert answer.status_code == 200, answer.content
    row = Callback.objects.get()
    assert (row.outcome, row.grade, row.agent_no) == ("answered", 1, "")
    counts = api(quick.user("cal")).get("/api/callbacks/").json()["counts"]
    assert counts == {"asked": 1, "replied": 1, "satisfied": 1, "very_satisfied": 1, "unsuitable": 0}


def test_a_dissatisfied_reply_brings_a_call_within_a_day_and_a_supervision_order(quick: Cast) -> None:
    gateway = gateways.register_gateway(by=None, centre_id=quick.centre.pk, code="sms", name="sms", kind="text")
    incident = reported(quick, jurisdiction=quick.station)
    callbacks.plan(by=None, incident_id=incident.pk)
    row = Callback.objects.get()
    callbacks.note_asked(by=None, callback_id=row.pk)
    assert say(gateway, "text", {"message": "m1", "number": NUMBER, "text": "3"}).json()["callback"]["grade"] == 3
    again = Callback.objects.get(follows=row)
    assert again.way == "human"
    assert again.due_at - timezone.now() < dt.timedelta(days=1, seconds=1)
    order = SupervisionOrder.objects.get()
    assert (order.cause, order.to_id, order.incident_id) == ("dissatisfied", quick.station.pk, incident.pk)
    heard: dict[str, Any] = {
        "version": 1,
        "outcome": "answered",
        "grade": 3,
        "words": "还是不满",
        "aspects": ["speed"],
        "reason": "",
    }
    callbacks.record_callback(by=quick.actor("cal"), callback_id=again.pk, **heard)
    assert SupervisionOrder.objects.count() == 1  # one open order is enough
    assert Callback.objects.count() == 2


def test_without_a_text_service_an_agent_rings_up_to_three_times(quick: Cast, api: Any) -> None:
    reported(quick)
    followup.keep(timezone.now())
    row = Callback.objects.get()
    assert row.way == "human"
    agent = api(quick.user("cal"))
    [listed] = agent.get("/api/callbacks/").json()["callbacks"]
    assert listed["number"] == NUMBER
    [masked] = api(quick.user("lee")).get("/api/callbacks/").json()["callbacks"]
    assert masked["number"] != NUMBER
    path = f"/api/callbacks/{row.pk}/record/"
    assert agent.post(path, {"version": 1, "outcome": "answered"}).json()["fields"]["grade"]
    assert agent.post(path, {"version": 1, "outcome": "unsuitable"}).json()["fields"]["reason"]
    for turn in range(3):
        row.refresh_from_db()
        assert row.outcome == ""
        answer = agent.post(path, {"version": row.version, "outcome": "no_answer"})
        assert answer.status_code == 200, (turn, answer.content)
    row.refresh_from_db()
    assert (row.outcome, len(row.attempts)) == ("no_answer", 3)
    assert agent.post(path, {"version": row.version, "outcome": "no_answer"}).status_code == 409


def test_a_question_without_a_reply_goes_to_an_agent_and_runs_out_after_three_days(quick: Cast) -> None:
    incident = reported(quick)
    callbacks.plan(by=None, incident_id=incident.pk)
    row = Callback.objects.get()
    Callback.objects.update(way="sms", asked_at=timezone.now() - dt.timedelta(hours=25))
    followup.keep(timezone.now())
    row.refresh_from_db()
    assert (row.way, row.outcome) == ("human", "")
    Callback.objects.update(due_at=timezone.now())
    followup.keep(timezone.now())
    row.refresh_from_db()
    assert row.outcome == "no_answer"


def test_many_incidents_outside_the_sample_keep_nobody_inside_it_waiting(quick: Cast) -> None:
    wanted = reported(quick, reported_at=timezone.now() - AGO)
    now = timezone.now()
    numbers = (f"350600A2026{number:09d}" for number in range(10_000))
    outside = (no for no in numbers if not callbacks.is_sampled(Incident(incident_no=no, priority=4)))
    Incident.objects.bulk_create(
        Incident(
            centre=quick.centre,
            incident_no=next(outside),
            priority=4,
            stage="reported",
            answered_at=now - 3 * AGO,
            reported_at=now - 2 * AGO,
            created_at=now,
            updated_at=now,
        )
        for _turn in range(600)
    )
    assert callbacks.waiting_to_be_asked(now) == [wanted.pk]


# --- supervision ---


def order(cast: Cast, **facts: Any) -> SupervisionOrder:
    """Issue an order to the station."""
    said = {"cause": "leader", "demand": "查明未达标原因", "to": cast.station.pk, "due_at": None, **facts}
    return supervision.issue(by=cast.actor("sam"), incident_id=take(cast).pk, **said)


def test_an_order_is_signed_replied_returned_replied_and_closed(quick: Cast) -> None:
    row = order(quick)
    assert supervision.sign(by=quick.actor("stan"), order_id=row.pk).signed_at is not None
    with pytest.raises(WrongTurn):
        supervision.close(by=quick.actor("lee"), order_id=row.pk)
    supervision.reply(by=quick.actor("stan"), order_id=row.pk, text="已核查")
    back = supervision.send_back(by=quick.actor("lee"), order_id=row.pk, reason="没有整改措施")
    assert back.state == "returned"
    supervision.reply(by=quick.actor("stan"), order_id=row.pk, text="已谈话提醒，调整巡线")
    assert supervision.close(by=quick.actor("lee"), order_id=row.pk).state == "closed"


def test_nobody_closes_on_the_own_reply_and_a_station_sees_its_own_orders_alone(quick: Cast, api: Any) -> None:
    row = order(quick)
    supervision.reply(by=quick.actor("sam"), order_id=row.pk, text="代答")
    with pytest.raises(Forbidden):
        supervision.close(by=quick.actor("sam"), order_id=row.pk)
    other = order(quick, to=quick.squad.pk)
    with pytest.raises(NotFound):
        supervision.sign(by=quick.actor("stan"), order_id=other.pk)
    seen = api(quick.user("stan")).get("/api/supervision/").json()["supervision_orders"]
    assert [one["id"] for one in seen] == [row.pk]
    assert len(api(quick.user("lee")).get("/api/supervision/").json()["supervision_orders"]) == 2


def test_an_order_is_urged_before_its_date_and_goes_one_level_up_after_it(quick: Cast) -> None:
    row = order(quick)
    SupervisionOrder.objects.filter(pk=row.pk).update(urge_at=timezone.now())
    followup.keep(timezone.now())
    followup.keep(timezone.now())
    row.refresh_from_db()
    assert len(row.urges) == 1
    assert Alert.objects.get(kind="supervision_due").to == "watch"
    SupervisionOrder.objects.filter(pk=row.pk).update(due_at=timezone.now())
    followup.keep(timezone.now())
    followup.keep(timezone.now())
    row.refresh_from_db()
    assert row.overdue_at is not None
    assert row.escalated_to_id == quick.station.parent_id
    assert Alert.objects.filter(kind="supervision_overdue").count() == 1
    supervision.reply(by=quick.actor("stan"), order_id=row.pk, text="迟复")
    assert not any(alert.is_open for alert in Alert.objects.filter(kind__startswith="supervision_"))


def test_five_working_days_step_over_the_weekend() -> None:
    thursday = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
    assert supervision.working_days_later(thursday, 5) == dt.datetime(2026, 12, 3, 2, 0, tzinfo=dt.UTC)


def test_an_order_needs_a_unit_and_a_date_ahead(quick: Cast) -> None:
    with pytest.raises(BadInput):
        order(quick, to=999_999)
    with pytest.raises(BadInput):
        order(quick, due_at=timezone.now() - AGO)


# --- closing (domain 5) ---


def in_review(cast: Cast) -> Incident:
    """Bring an incident to review."""
    incident, _order = handled(cast)
    calls.finish_call(by=cast.actor("tess"), call_id=incident.calls.get().pk, facts={})
    incident.refresh_from_db()
    return decisions.submit(by=cast.actor("dana"), incident_id=incident.pk, version=incident.version)


def approve(cast: Cast, incident: Incident) -> Incident:
    """Let the reviewer close it."""
    incident.refresh_from_db()
    return decisions.approve(by=cast.actor("rae"), incident_id=incident.pk, version=incident.version)


def test_nothing_is_closed_while_something_about_it_is_open(quick: Cast) -> None:
    incident = in_review(quick)
    row = supervision.issue(
        by=quick.actor("sam"), incident_id=incident.pk, cause="quality", demand="补录", to=quick.station.pk, due_at=None
    )
    with pytest.raises(WrongTurn):
        approve(quick, incident)
    supervision.reply(by=quick.actor("stan"), order_id=row.pk, text="已补")
    supervision.close(by=quick.actor("sam"), order_id=row.pk)
    Incident.objects.filter(pk=incident.pk).update(contact_phone=NUMBER)
    callbacks.plan(by=None, incident_id=incident.pk)
    with pytest.raises(WrongTurn):
        approve(quick, incident)
    Callback.objects.update(due_at=timezone.now())
    followup.keep(timezone.now())
    call = incident.calls.get()
    Call.objects.filter(pk=call.pk).update(state="wrap_up")
    made = pass_on(quick, call)
    with pytest.raises(WrongTurn):
        approve(quick, incident)
    transfers.note(
        by=quick.actor("tess"), centre_id=quick.centre.pk, transfer_no=made.transfer_no, to="accepted", facts={}
    )
    assert approve(quick, incident).stage == "closed"

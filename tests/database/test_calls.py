"""Calls: who may move what, and what no contact may lack."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import Call
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.services import calls, joining
from tests.database.acts import POINT, kinds, ring, take
from tests.people import Cast


def test_one_call_taker_gets_a_ringing_call_and_the_other_its_row(quick: Cast) -> None:
    call = ring(quick)
    assert (call.state, call.answered_at) == ("waiting", None)
    mine = calls.answer_call(by=quick.actor("tess"), call_id=call.pk)
    assert (mine.state, mine.agent_no) == ("in_progress", quick.users["tess"].badge)
    assert calls.answer_call(by=quick.actor("tess"), call_id=call.pk).version == mine.version
    with pytest.raises(WrongTurn) as lost:
        calls.answer_call(by=quick.actor("dana"), call_id=call.pk)
    assert lost.value.current == mine
    assert kinds()[-2:] == ["call.rang", "call.answered"]


def test_a_call_dropped_before_its_kind_is_lost_and_must_be_tried_before_it_is_done(quick: Cast) -> None:
    call = ring(quick)
    calls.answer_call(by=quick.actor("tess"), call_id=call.pk)
    call = calls.hang_up(by=quick.actor("gate"), call_id=call.pk)
    assert call.state == "lost"
    assert call.lost_at is not None
    done = {"kind": "CK11", "closing_reason": "CL4"}
    with pytest.raises(WrongTurn):
        calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts=done)
    call = calls.call_back(by=quick.actor("tess"), call_id=call.pk, answered=False)
    assert len(call.callback_attempts) == 1
    assert calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts=done).state == "done"


def test_a_lost_call_that_is_reached_goes_on_and_keeps_its_first_answer(quick: Cast) -> None:
    call = ring(quick)
    first = calls.answer_call(by=quick.actor("tess"), call_id=call.pk).answered_at
    calls.hang_up(by=quick.actor("tess"), call_id=call.pk)
    call = calls.call_back(by=quick.actor("dana"), call_id=call.pk, answered=True)
    assert (call.state, call.agent_no) == ("in_progress", quick.users["dana"].badge)
    assert call.answered_at == first


def test_a_silent_caller_is_never_rung_back(quick: Cast) -> None:
    for facts in ({"silent": True}, {"channel": "CH21"}):
        call = ring(quick, **facts)
        calls.lose_call(by=quick.actor("gate"), call_id=call.pk)
        with pytest.raises(WrongTurn):
            calls.call_back(by=quick.actor("tess"), call_id=call.pk, answered=True)


def test_no_contact_ends_without_an_outcome(quick: Cast) -> None:
    call = calls.take_call(by=quick.actor("tess"), facts={"channel": "CH11"})
    with pytest.raises(BadInput) as missing:
        calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={})
    assert "kind" in (missing.value.fields or {})
    with pytest.raises(BadInput) as missing:
        calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={"kind": "CK05"})
    assert "closing_reason" in (missing.value.fields or {})
    with pytest.raises(BadInput) as missing:
        calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={"kind": "CK05", "closing_reason": "CL9"})
    assert "closing_text" in (missing.value.fields or {})
    done = calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={"kind": "CK09", "closing_reason": "CL2"})
    assert (done.state, done.validity) == ("done", "invalid")


def test_only_the_watch_commander_reopens_a_call_and_only_its_agent_edits_it(quick: Cast) -> None:
    call = calls.take_call(by=quick.actor("tess"), facts={"channel": "CH11", "kind": "CK05"})
    with pytest.raises(Forbidden):
        calls.describe_call(by=quick.actor("dana"), call_id=call.pk, version=1, facts={"narrative": "x"})
    done = calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={"closing_reason": "CL1"})
    with pytest.raises(WrongTurn):
        calls.describe_call(by=quick.actor("tess"), call_id=call.pk, version=done.version, facts={"narrative": "x"})
    again = calls.reopen_call(by=quick.actor("sam"), call_id=call.pk, reason="漏填")
    assert (again.state, again.done_at, again.reopen_reason) == ("wrap_up", None, "漏填")
    assert kinds()[-1] == "call.reopened"


def test_one_call_opens_at_most_one_incident_and_many_calls_join_it(quick: Cast) -> None:
    incident = take(quick)
    first = incident.calls.get()
    with pytest.raises(WrongTurn):
        calls.open_incident_of_call(by=quick.actor("tess"), call_id=first.pk, facts={"point": POINT})
    second = calls.take_call(by=quick.actor("tess"), facts={"channel": "CH11", "narrative": "也看见了"})
    joined = joining.join_call(by=quick.actor("tess"), call_id=second.pk, incident_id=incident.pk)
    assert (joined.kind, joined.validity, joined.narrative) == ("CK08", "duplicate", "也看见了")
    assert incident.calls.count() == 2
    assert (
        joining.join_call(by=quick.actor("tess"), call_id=second.pk, incident_id=incident.pk).version == joined.version
    )


def test_a_call_answered_earlier_moves_clock_a_and_its_limits(quick: Cast) -> None:
    early = calls.take_call(by=quick.actor("tess"), facts={"channel": "CH11"})
    incident = take(quick)
    joined = joining.join_call(by=quick.actor("tess"), call_id=early.pk, incident_id=incident.pk)
    incident.refresh_from_db()
    assert incident.answered_at == joined.answered_at
    due = incident.deadlines.get(kind="arrive5_a").due_at
    assert (due - incident.answered_at).total_seconds() == 300


def test_a_gateway_rings_and_never_answers(quick: Cast, api: Any) -> None:
    caller = api(quick.user("gate"))
    answer = caller.post("/api/calls/", {"channel": "CH11"})
    assert answer.status_code == 403
    answer = caller.post("/api/calls/", {"channel": "CH11", "state": "waiting", "caller_number": "19000000101"})
    assert answer.status_code == 201
    assert Call.objects.get(pk=answer.json()["call"]["id"]).state == "waiting"

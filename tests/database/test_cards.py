"""The question card at work (M63): answers fill the incident, orders are prefilled, coded calls, places to check."""

from __future__ import annotations

import copy
import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dispatch import order_text
from dispatch.services import check_place
from incidents import cards as plain
from incidents.audience import seen
from incidents.models import Call, CardAnswer, Entry, Incident
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.services import calls, cards, number_flags
from tests.database.acts import POINT, kinds, ring, send, take
from tests.database.together import together
from tests.people import Cast


def answer(cast: Cast, incident: Incident, question: str, said: str, who: str = "tess") -> CardAnswer:
    """Answer a question at the desk."""
    return cards.answer_question(by=cast.actor(who), incident_id=incident.pk, question=question, answer=said)


def talk(cast: Cast, **facts: Any) -> Call:
    """Let Tess speak with a caller."""
    row = calls.take_call(by=cast.actor("tess"), facts={"channel": "CH11", "kind": "CK01", **facts})
    return Call.objects.get(pk=row.pk)


def test_an_answer_fills_its_field_at_once_and_the_unit_under_way_sees_it(quick: Cast) -> None:
    incident = take(quick, type_reported="0104")
    order = send(quick, incident)
    row = answer(quick, incident, "injured", "02")
    assert answer(quick, incident, "weapon", "yes").fills == "weapon"
    incident.refresh_from_db()
    assert (row.answer, incident.injured, incident.weapon) == ("2", 2, "yes")
    assert seen(f"unit.{order.unit_id}", "card_answer", row.row(), row.readers()) is not None
    assert seen("overview", "card_answer", row.row(), row.readers()) is None
    entry = Entry.objects.filter(kind="card.answered").order_by("seq").first()
    assert entry is not None
    assert set(json.loads(entry.body)["rows"]) == {"card_answer", "incident"}


def test_answering_again_replaces_and_the_same_answer_writes_nothing(quick: Cast) -> None:
    incident = take(quick, type_reported="0104")
    answer(quick, incident, "direction", "往东")
    again = answer(quick, incident, "direction", "往西，骑摩托", "dana")
    assert (again.version, again.answered_by_no) == (2, quick.users["dana"].badge)
    answer(quick, incident, "direction", "往西，骑摩托")
    assert kinds(incident).count("card.answered") == 2
    assert CardAnswer.objects.count() == 1


def test_an_unknown_number_fills_nothing_and_what_does_not_fit_is_refused_by_name(quick: Cast) -> None:
    incident = take(quick, type_reported="0104")
    answer(quick, incident, "injured", "unknown")
    incident.refresh_from_db()
    assert incident.injured is None
    for question, said, field in [
        ("weapon", "maybe", "answer"),
        ("injured", "many", "answer"),
        ("burns", "x", "question"),
    ]:
        with pytest.raises(BadInput) as refused:
            answer(quick, incident, question, said)
        assert set(refused.value.fields or {}) == {field}


def test_two_seats_answer_one_question_and_one_answer_stands(cast: Cast) -> None:
    cast.on_duty()
    incident = take(cast, type_reported="0104")
    together([lambda: answer(cast, incident, "number", "2"), lambda: answer(cast, incident, "number", "3", "dana")])
    incident.refresh_from_db()
    assert incident.offenders_reported == int(CardAnswer.objects.get().answer)


def test_the_order_says_place_type_risks_vehicle_silence_and_the_other_city(quick: Cast) -> None:
    """R21, 派警意见."""
    facts = {"channel": "CH11", "kind": "CK01", "remote_city": "厦门", "silent": True}
    place = {"type_reported": "010402", "address_text": "新华路", "point": POINT, "weapon": "yes", "injured": 1}
    call = calls.take_call(
        by=quick.actor("tess"), facts=facts, incident={**place, "vehicle_plate": "闽E00000", "place_note": "二楼"}
    )
    incident = Incident.objects.get(calls=call.pk)
    expected = (
        "徒步抢夺 · 新华路 · 二楼 · 有凶器 · 受伤1人 · 闽E00000 · 静默报警，勿回拨、静默接近 · 异地报警：厦门 · "
        "沿逃离方向堵截，注意车辆和体貌"
    )
    assert order_text.prefilled(incident) == expected
    assert send(quick, incident).order_text == expected


def test_a_coded_call_is_silent_and_no_nuisance_before_somebody_has_listened(quick: Cast) -> None:
    """R18."""
    call = talk(quick, caller_number="19000000777")
    coded = calls.begin_coded(by=quick.actor("tess"), call_id=call.pk)
    assert coded.silent
    with pytest.raises(BadInput):
        calls.describe_call(by=quick.actor("tess"), call_id=call.pk, version=coded.version, facts={"silent": False})
    for outcome in ({"kind": "CK09", "closing_reason": "CL2"}, {"kind": "CK11", "closing_reason": "CL3"}):
        with pytest.raises(BadInput) as refused:
            calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts=outcome)
        assert set(refused.value.fields or {}) == {"kind"}
    with pytest.raises(BadInput):
        number_flags.ask_flag(
            by=quick.actor("tess"), number="19000000777", kind="nuisance", reason="多次", expires_at=soon()
        )
    calls.note_listened(by=quick.actor("dana"), call_id=call.pk)
    done = calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={"kind": "CK09", "closing_reason": "CL2"})
    assert (done.state, done.listened_by_no) == ("done", quick.users["dana"].badge)


def soon() -> Any:
    """Return a moment in a week."""
    return timezone.now() + dt.timedelta(days=7)


def test_a_coded_script_is_answered_on_the_incident_that_turns_silent(quick: Cast) -> None:
    call = talk(quick)
    made = calls.open_incident_of_call(
        by=quick.actor("tess"), call_id=call.pk, facts={"type_reported": "0206", "point": POINT, "address_text": "某路"}
    )
    calls.begin_coded(by=quick.actor("tess"), call_id=call.pk)
    answer(quick, made, "coded_danger", "yes")
    made.refresh_from_db()
    assert made.silent
    assert "静默报警" in order_text.prefilled(made)


def test_somebody_goes_and_looks_where_a_lost_caller_is(quick: Cast) -> None:
    """R18: one act opens the incident and sends the nearest unit."""
    call = ring(quick, caller_point=POINT, caller_address="新华路 18 号", caller_number="19000000101")
    with pytest.raises(WrongTurn):
        check_place.check_place(by=quick.actor("dana"), call_id=call.pk)
    calls.lose_call(by=quick.actor("gate"), call_id=call.pk)
    incident = check_place.check_place(by=quick.actor("dana"), call_id=call.pk)
    assert (incident.priority, incident.point_status, incident.stage) == (2, "unverified", "dispatched")
    assert incident.assignments.get().call_sign == "car-12"
    assert "核实" in incident.assignments.get().order_text
    with pytest.raises(WrongTurn):
        check_place.check_place(by=quick.actor("dana"), call_id=call.pk)
    assert {"call.lost", "incident.created", "assignment.sent"} <= set(kinds())


def test_a_call_taker_opens_the_check_and_the_dispatcher_sends(quick: Cast) -> None:
    call = talk(quick, silent=True, caller_point=POINT)
    with pytest.raises(Forbidden):
        check_place.check_place(by=quick.actor("dana"), call_id=call.pk)
    incident = check_place.check_place(by=quick.actor("tess"), call_id=call.pk)
    assert (incident.stage, incident.assignments.count()) == ("pending", 0)
    unknown = talk(quick, silent=True)
    with pytest.raises(BadInput):
        check_place.check_place(by=quick.actor("tess"), call_id=unknown.pk)


@pytest.fixture
def other_cards(tmp_path: Path) -> Path:
    """Write a second version of the cards with another advice."""
    text = plain.SHIPPED.read_text(encoding="utf-8").replace("version = 1", "version = 2")
    path = tmp_path / "cards.toml"
    path.write_text(text.replace("沿逃离方向堵截，注意车辆和体貌", "先救人，再堵截"), encoding="utf-8")
    return path


def test_a_centre_loads_its_own_cards_after_a_dry_run(
    quick: Cast, other_cards: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = quick.centre.code
    call_command("load_cards", str(other_cards), centre=code, dry_run=True)
    assert capsys.readouterr().out.strip() == "version 1 -> 2; changed: 0104"
    assert cards.of_centre(quick.centre.pk).version == 1
    call_command("load_cards", str(other_cards), centre=code)
    assert order_text.prefilled(take(quick, type_reported="010402")).endswith("先救人，再堵截")
    assert json.loads(Entry.objects.get(kind="cards.loaded").body)["data"]["changed"] == ["0104"]
    with pytest.raises(CommandError, match="version"):
        call_command("load_cards", str(other_cards), centre=code)
    strange = tomllib.loads(other_cards.read_text(encoding="utf-8"))
    with pytest.raises(BadInput):
        cards.load_cards(
            by=None, centre_id=quick.centre.pk, content={**copy.deepcopy(strange), "version": 3, "0177": {}}
        )

"""Attaching, what is new for the units, detaching and splitting: works, refused, journalled, told, raced (F6, CK08)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch.services import decisions
from incidents import standing
from incidents.likeness import Report
from incidents.models import Call, Incident, Note
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.services import calls, incidents, joining
from tests.database.acts import POINT, drive, kinds, send, take
from tests.database.together import errors_of, together
from tests.people import Cast

SAID = "新华路有人打架，红帽子那个拿着刀，往河边跑了"


def second(cast: Cast, words: str = SAID, who: str = "tess", **facts: Any) -> Call:
    """Let somebody else call about it."""
    row = calls.take_call(by=cast.actor(who), facts={"channel": "CH11", "kind": "CK01", "narrative": words, **facts})
    return Call.objects.get(pk=row.pk)


def fight(cast: Cast) -> Incident:
    """Take the first report of a fight."""
    return take(cast, type_reported="0202", narrative="新华路两个人打架")


def join(cast: Cast, call: Call, incident: Incident, who: str = "tess") -> Call:
    """Attach a call."""
    return joining.join_call(by=cast.actor(who), call_id=call.pk, incident_id=incident.pk)


def test_the_units_read_only_what_is_new_and_nothing_is_sent_when_nothing_is(quick: Cast, api: Any) -> None:
    incident = fight(quick)
    drive(quick, send(quick, incident), "accepted")
    join(quick, second(quick), incident)
    [note] = api(quick.user("omar")).get("/api/my-unit/").json()["notes"]
    assert note["kind"] == "news"
    assert [fact["what"] for fact in note["facts"]] == ["danger", "direction"]
    assert "打架" not in note["text"]
    assert kinds(incident)[-2:] == ["call.joined", "incident.learned"]
    join(quick, second(quick, "新华路有人打架，快来人"), incident)
    assert Note.objects.count() == 1
    calls.supplement_call(by=quick.actor("tess"), call_id=Call.objects.last().pk, text="有一个人流血了")  # type: ignore[union-attr]
    assert Note.objects.order_by("id").last().facts == [{"what": "injured", "text": "有一个人流血了"}]  # type: ignore[union-attr]
    assert api(quick.user("nia")).get("/api/my-unit/").json()["notes"] == []


def test_a_callers_news_about_a_confidential_incident_stay_off_the_overview(quick: Cast, api: Any) -> None:
    incident = fight(quick)
    incidents.describe_incident(
        by=quick.actor("sam"), incident_id=incident.pk, version=incident.version, facts={"confidential": True}
    )
    join(quick, second(quick), incident)
    assert api(quick.user("lee")).get("/api/snapshot/").json()["rows"]["note"] == []
    assert len(api(quick.user("dana")).get("/api/snapshot/").json()["rows"]["note"]) == 1


def test_detaching_gives_the_call_its_life_back_moves_the_clock_and_tells_the_units(quick: Cast) -> None:
    early = second(quick, kind="CK02")
    incident = fight(quick)
    first = incident.answered_at
    drive(quick, send(quick, incident), "accepted")
    join(quick, early, incident)
    calls.finish_call(by=quick.actor("tess"), call_id=early.pk, facts={})
    incident.refresh_from_db()
    assert incident.answered_at == early.answered_at
    back = joining.detach_call(by=quick.actor("tess"), call_id=early.pk, reason="不是一起")
    assert (back.incident_id, back.kind, back.validity, back.state, back.joined_at) == (
        None, "CK02", "valid", "wrap_up", None,
    )  # fmt: skip
    assert back.narrative == SAID
    incident.refresh_from_db()
    assert incident.answered_at == first
    due = incident.deadlines.get(kind="arrive5_a").due_at
    assert (due - first).total_seconds() == 300
    assert [note.kind for note in Note.objects.order_by("id")] == ["news", "retracted"]
    assert kinds(incident)[-1] == "call.detached"
    made = calls.open_incident_of_call(by=quick.actor("tess"), call_id=early.pk, facts={"point": POINT})
    assert made.pk != incident.pk
    with pytest.raises(WrongTurn):
        joining.detach_call(by=quick.actor("sam"), call_id=early.pk, reason="x")


def test_only_who_attached_detaches_for_ten_minutes_and_the_watch_commander_always(quick: Cast) -> None:
    incident = fight(quick)
    call = second(quick)
    join(quick, call, incident)
    with pytest.raises(Forbidden):
        joining.detach_call(by=quick.actor("dana"), call_id=call.pk, reason="x")
    with time_machine.travel(timezone.now() + joining.DETACHED_WITHIN + dt.timedelta(seconds=1)):
        with pytest.raises(Forbidden):
            joining.detach_call(by=quick.actor("tess"), call_id=call.pk, reason="x")
        assert joining.detach_call(by=quick.actor("sam"), call_id=call.pk, reason="两起").incident_id is None


def test_a_split_makes_an_incident_of_its_own_with_the_callers_words_and_clock(quick: Cast, api: Any) -> None:
    early = second(quick)
    incident = fight(quick)
    first = incident.answered_at
    only = incident.calls.get()
    desk = api(quick.user("dana"))
    path = f"/api/incidents/{incident.pk}/split/"
    body = {"version": incident.version, "call": only.pk, "reason": "两起"}
    assert desk.post(path, body).status_code == 409  # the only call
    join(quick, early, incident)
    incident.refresh_from_db()
    body |= {"version": incident.version, "call": early.pk, "facts": {"type_reported": "0214"}}
    assert api(quick.user("tess")).post(path, body).status_code == 403
    answer = desk.post(path, body)
    assert answer.status_code == 201, answer.content
    made = Incident.objects.get(pk=answer.json()["incident"]["id"])
    assert (made.answered_at, made.narrative, made.type_reported) == (early.answered_at, SAID, "0214")
    assert made.incident_no != incident.incident_no
    early.refresh_from_db()
    assert (early.incident_id, early.kind, early.validity) == (made.pk, "CK01", "valid")
    incident.refresh_from_db()
    assert incident.answered_at == first
    assert kinds(incident)[-1] == "incident.split"
    assert kinds(made) == ["incident.created"]
    with pytest.raises(BadInput):
        joining.split_call(
            by=quick.actor("dana"), incident_id=incident.pk, version=incident.version, call_id=early.pk,
            reason="x", facts={},
        )  # fmt: skip


def test_one_call_joined_and_opened_at_one_moment_belongs_to_one_event(cast: Cast) -> None:
    incident = take(cast)
    call = second(cast)
    acts = [
        lambda: join(cast, call, incident),
        lambda: calls.open_incident_of_call(by=cast.actor("tess"), call_id=call.pk, facts={"point": POINT}),
    ]
    found = together(acts, raise_errors=False)
    assert [type(error) for error in errors_of(found)] == [WrongTurn]
    call.refresh_from_db()
    assert Incident.objects.count() == (1 if call.incident_id == incident.pk else 2)


def test_suggestions_follow_every_change_and_read_the_words_of_all_callers(quick: Cast, api: Any) -> None:
    incident = fight(quick)
    ask = api(quick.user("tess"))
    body = {"narrative": "新华路有人打架", "address_text": "新华路", "caller_number": "19000000103"}
    [found] = ask.post("/api/likely/", body).json()["likely"]
    assert (found["incident"], found["callers"], found["metres"]) == (incident.pk, 1, None)
    join(quick, second(quick, "我看到一个穿绿雨衣的倒在便利店，号码19000000777"), incident)
    [found] = ask.post("/api/likely/", {"narrative": "19000000777这个人在哪里"}).json()["likely"]
    assert (found["number"], found["callers"]) == (True, 2)
    assert standing.likely(quick.centre.pk, Report(at=0.0), but=incident.pk) == []
    bad = {"narrative": "x", "point": {"lat": 1.0, "lng": 1.0, "crs": "WGS84"}}
    assert ask.post("/api/likely/", bad).status_code == 400
    assert api(quick.user("lee")).post("/api/likely/", body).status_code == 403
    incident.refresh_from_db()
    decisions.cancel(by=quick.actor("dana"), incident_id=incident.pk, version=incident.version, code="CX1", reason="")
    assert ask.post("/api/likely/", body).json()["likely"] == []

"""The merit ledger (M10, R2): proposed by rules that are data, decided by people, objected to by who is concerned."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch.merit import services
from dispatch.models import LedgerEntry, MeritHead
from dispatch.services import moves
from incidents import codebook
from incidents.models import Code, Entry
from incidents.refusals import Forbidden, WrongTurn
from tests.database.acts import drive, kinds, send, take
from tests.people import Cast

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def ledger(quick: Cast) -> Cast:
    """A centre whose ledger has begun."""
    services.keep(timezone.now())
    return quick


def arrived(cast: Cast, minutes: float, **facts: Any) -> None:
    """Car-12 arrives at an incident so many minutes after its order."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        order = send(cast, take(cast, **facts))
        clock.shift(minutes * MINUTE)
        drive(cast, order, "on_scene")
        moves.finish(by=cast.actor("omar"), assignment_id=order.pk, result_code="RS16")


def refused(cast: Cast, **facts: Any) -> None:
    """Omar refuses an order."""
    order = send(cast, take(cast, **facts))
    moves.refuse(by=cast.actor("omar"), assignment_id=order.pk, code="RF4", text="桥已封闭")


def entered(cast: Cast) -> list[tuple[str, str, int]]:
    """Enter what happened; return rule, subject and points of every entry."""
    services.keep(timezone.now())
    rows = LedgerEntry.objects.order_by("event_seq", "id")
    return [(row.rule, row.subject.split()[-1].lower(), row.points) for row in rows]


def test_an_urgent_arrival_in_time_a_late_one_and_a_refusal_are_entered_once_for_unit_and_lead(ledger: Cast) -> None:
    arrived(ledger, 4, priority=2)
    arrived(ledger, 4, priority=3)
    arrived(ledger, 11, priority=3)
    refused(ledger)
    wanted = [
        ("MR03", "car-12", 1), ("MR03", "omar", 1),
        ("MR04", "car-12", -2), ("MR04", "omar", -2),
        ("MR05", "car-12", -3), ("MR05", "omar", -3),
    ]  # fmt: skip
    assert entered(ledger) == wanted
    MeritHead.objects.update(seq=0)  # read anew from the beginning: nothing doubles
    assert entered(ledger) == wanted
    assert LedgerEntry.objects.filter(state="waiting").count() == 6
    assert kinds().count("merit.proposed") == 1
    late = LedgerEntry.objects.filter(rule="MR04").first()
    assert late is not None
    assert Entry.objects.get(seq=late.event_seq).kind == "assignment.on_scene"  # the event is linked
    assert late.about["seconds"] == 660


def test_what_is_past_a_drill_or_a_complaint_is_never_entered_and_a_rule_can_be_switched_off(quick: Cast) -> None:
    refused(quick)
    assert entered(quick) == []  # before the ledger began
    refused(quick, drill=True)
    refused(quick, type_reported="1001")
    assert entered(quick) == []
    Code.objects.filter(table="merit_rule", code="MR05").update(active=False)
    codebook.forget()
    refused(quick)
    assert entered(quick) == []
    Code.objects.filter(table="merit_rule", code="MR05").update(active=True)
    codebook.forget()


def test_nothing_is_broadcast_and_each_sees_only_what_is_his(ledger: Cast, api: Any) -> None:
    refused(ledger)
    entered(ledger)
    entry = Entry.objects.get(kind="merit.proposed")
    assert "ledger_entry" not in entry.body
    leader, officer = api(ledger.user("lee")), api(ledger.user("omar"))
    assert len(leader.get("/api/merit/").json()["entries"]) == 2
    assert officer.get("/api/merit/").status_code == 403
    assert api(ledger.user("dana")).get("/api/merit/").status_code == 403
    assert officer.get("/api/merit/mine/").json()["entries"] == []  # what waits is nobody's yet
    ids = [row["id"] for row in leader.get("/api/merit/").json()["entries"]]
    assert leader.post("/api/merit/decide/", {"entries": ids, "approve": True}).status_code == 200
    assert [row["rule"] for row in officer.get("/api/merit/mine/").json()["entries"]] == ["MR05"]
    totals = leader.get("/api/merit/").json()["totals"]
    assert [(row["points"], row["approved"]) for row in totals] == [(-3, 1), (-3, 1)]
    lines = list(csv.DictReader(io.StringIO(leader.get("/api/merit/", **{"as": "csv"}).content.decode("utf-8-sig"))))
    assert [int(line["points"]) for line in lines] == [-3, -3]
    assert "merit.approved" in kinds()


def test_who_is_concerned_objects_within_seven_days_and_another_than_the_approver_answers(ledger: Cast) -> None:
    refused(ledger)
    entered(ledger)
    mine = LedgerEntry.objects.get(person=ledger.user("omar"))
    with pytest.raises(WrongTurn):
        services.object_to(by=ledger.actor("omar"), entry_id=mine.pk, words="尚未批准")
    services.decide(by=ledger.actor("lee"), entries=[mine.pk], approve=True)
    with pytest.raises(WrongTurn):
        services.decide(by=ledger.actor("sam"), entries=[mine.pk], approve=False, remark="再议")
    with pytest.raises(Forbidden):
        services.object_to(by=ledger.actor("nia"), entry_id=mine.pk, words="不是我的")
    with time_machine.travel(timezone.now() + dt.timedelta(days=8)), pytest.raises(WrongTurn):
        services.object_to(by=ledger.actor("omar"), entry_id=mine.pk, words="太晚")
    services.object_to(by=ledger.actor("omar"), entry_id=mine.pk, words="桥确已封闭")
    with pytest.raises(Forbidden):
        services.answer(by=ledger.actor("lee"), entry_id=mine.pk, lift=True, words="属实")
    row = services.answer(by=ledger.actor("sam"), entry_id=mine.pk, lift=True, words="属实")
    assert (row.state, row.answer) == ("refused", "属实")
    assert kinds()[-2:] == ["merit.objected", "merit.answered"]


def test_the_ledger_of_any_period_and_of_one_unit_or_officer_alone(ledger: Cast, api: Any) -> None:
    arrived(ledger, 4, priority=2)
    refused(ledger)
    services.keep(timezone.now())
    lee = api(ledger.user("lee"))
    whole = lee.get("/api/merit/").json()
    assert (whole["count"], len(whole["entries"])) == (4, 4)
    omar = ledger.users["omar"]
    his = lee.get("/api/merit/", person=str(omar.pk)).json()
    assert (his["count"], {row["person"] for row in his["entries"]}) == (2, {omar.pk})
    car = lee.get("/api/merit/", unit=str(ledger.car12.pk)).json()
    assert {row["unit"] for row in car["entries"]} == {ledger.car12.pk}
    assert lee.get("/api/merit/", since="2020-01-01", until="2020-01-31").json()["count"] == 0
    assert lee.get("/api/merit/", unit="x").status_code == 400

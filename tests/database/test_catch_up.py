"""Paper and offline queues come back: numbers that cannot collide, original times, what is refused, second persons."""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from dispatch.models import Assignment
from dispatch.services import catch_up
from dispatch.services.catch_up import Times
from dispatch.statistics import board, follower
from incidents.models import Alert, Call, Deadline, Entry, Incident, LateEntry, NumberBlock
from incidents.refusals import BadInput, Forbidden, NumberUsed, UnitBusy
from incidents.row import stamp
from incidents.services import blocks, calls, late
from tests.database.acts import drive, kinds, send, take
from tests.database.together import together
from tests.faults.samples import AGO, FACTS, MINUTE, card, carded, outage, seat_number
from tests.people import PLACE, Cast


def enter(cast: Cast, who: str = "tess", **facts: Any) -> LateEntry:
    """Enter a card."""
    return LateEntry.objects.get(pk=catch_up.enter_late(by=cast.actor(who), **card(cast, **facts))["late_entry"]["id"])


def test_a_card_keeps_its_own_times_apart_from_those_of_its_entry_and_clock_a_starts_with_the_answer(
    quick: Cast,
) -> None:
    began = timezone.now()
    entry = enter(quick)
    call, incident = entry.call, entry.incident
    assert incident is not None
    order = Assignment.objects.get(incident=incident)
    answered = call.answered_at
    assert answered is not None and began - answered > 59 * MINUTE
    assert (call.source, call.state, call.created_at >= began) == ("paper", "done", True)
    assert incident.answered_at == call.ring_at == answered
    assert incident.first_dispatched_at == order.dispatched_at == answered + MINUTE
    assert incident.first_on_scene_at == order.on_scene_at == answered + 6 * MINUTE
    assert order.marks["on_scene"]["reason"] == "纸质登记" and order.marks["accepted"]["implied"] is True
    assert kinds(incident) == ["call.entered_late", "assignment.entered_late"]
    follower.follow()
    today = board.days(quick.centre.pk, 2, timezone.now())
    assert today["entered_late"]["paper"] == 1
    ten = next(one for one in today["figures"] if (one["key"], one["clock"], one["group"]) == ("K8", "A", "all"))
    assert (ten["n"], ten["hits"]) == (1, 1)
    five = Deadline.objects.get(incident=incident, kind="arrive5_a")
    assert (five.state, five.stopped_at) == ("missed", answered + 6 * MINUTE)
    assert not Alert.objects.filter(kind__in=["late5", "late10", "order_overdue"]).exists()


def test_a_gap_is_listed_a_spoilt_card_accounted_for_and_the_same_card_twice_refused_with_its_call(quick: Cast) -> None:
    facts = card(quick)
    block = NumberBlock.objects.get(purpose="paper")
    first, second, third = block.numbers
    catch_up.enter_late(by=quick.actor("tess"), **{**facts, "number": third})
    assert blocks.account(block) == {"used": [third], "void": [], "missing": [first, second], "open": []}
    block = blocks.void_number(by=quick.actor("tess"), block_id=block.pk, number=first, reason="污损")
    assert blocks.account(block)["missing"] == [second]
    with pytest.raises(NumberUsed) as twice:
        catch_up.enter_late(by=quick.actor("dana"), **{**facts, "number": third})
    assert twice.value.current == Call.objects.get(pk=third)
    for number in (first, third + 1):  # voided; never given out
        with pytest.raises(BadInput):
            catch_up.enter_late(by=quick.actor("tess"), **{**facts, "number": number})
    with pytest.raises(NumberUsed):
        blocks.void_number(by=quick.actor("tess"), block_id=block.pk, number=third, reason="x")
    assert Call.objects.count() == 1


def test_a_queued_call_completes_the_one_whose_own_request_is_being_served_at_that_moment(cast: Cast) -> None:
    number, at = seat_number(cast), timezone.now() - MINUTE
    opened, waits = threading.Event(), threading.Event()

    def opens() -> None:
        with transaction.atomic():
            calls.take_call(by=cast.actor("tess"), facts={"channel": "CH11"}, number=number)
            opened.set()
            assert waits.wait(20)

    def enters() -> None:
        assert opened.wait(20)
        catch_up.enter_late(
            by=cast.actor("tess"), source="offline", number=number, reason="断网", orders=[], original=late.Original(at),
            facts={"channel": "CH11", "kind": "CK01"}, incident=FACTS,
        )  # fmt: skip

    def watches() -> None:
        blocked = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        with connection.cursor() as cursor:
            for _ in range(200):
                cursor.execute(blocked)
                if cursor.fetchone()[0]:
                    break
                time.sleep(0.05)
        waits.set()

    together([opens, enters, watches])
    call = Call.objects.get()
    assert (call.pk, call.kind, call.state, call.incident is not None) == (number, "CK01", "done", True)
    assert LateEntry.objects.get().call == call
    assert kinds(call.incident) == ["call.entered_late"]


def test_a_p1_card_is_compared_by_a_second_person_and_never_by_the_one_who_entered_it(quick: Cast, api: Any) -> None:
    entry = LateEntry.objects.get(pk=carded(quick))
    assert entry.needs_check and Alert.objects.get(kind="card_unchecked").to == "watch"
    path = f"/api/late-entries/{entry.pk}/check/"
    assert api(quick.user("tess")).post(path).status_code == 403
    assert api(quick.user("sam")).post(path).json()["late_entry"]["checked_by"] == quick.users["sam"].badge
    assert Alert.objects.get(kind="card_unchecked").cause_ended_at is not None
    assert Entry.objects.filter(kind="late_entry.checked").count() == 1


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("arrived_at", lambda at: {"departed_at": at + 9 * MINUTE, "arrived_at": at + 5 * MINUTE}),
        ("departed_at", lambda at: {"departed_at": at}),
        ("arrived_at", lambda at: {"arrived_at": timezone.now() + AGO}),
    ],
)
def test_times_that_run_backwards_or_lie_ahead_are_refused_by_name(quick: Cast, field: str, change: Any) -> None:
    facts = card(quick)
    at = facts["original"].answered_at
    facts["orders"] = [Times(quick.car12.pk, at + MINUTE, change(at))]
    with pytest.raises(BadInput) as refused:
        catch_up.enter_late(by=quick.actor("tess"), **facts)
    assert field in (refused.value.fields or {})
    assert not Call.objects.exists()


def test_paper_needs_open_catch_up_a_reason_and_a_time_within_the_outage_and_after_printing(quick: Cast) -> None:
    facts = card(quick)
    tess = quick.actor("tess")
    with pytest.raises(BadInput):
        catch_up.enter_late(by=tess, **{**facts, "reason": ""})
    for at in (timezone.now() - 4 * AGO, timezone.now() - 72 * AGO, timezone.now() + AGO):
        with pytest.raises(BadInput):
            catch_up.enter_late(by=tess, **{**facts, "original": late.Original(at), "orders": []})
    NumberBlock.objects.update(created_at=timezone.now())
    with pytest.raises(BadInput) as refused:
        catch_up.enter_late(by=tess, **facts)
    assert "answered_at" in (refused.value.fields or {})
    NumberBlock.objects.update(created_at=timezone.now() - 24 * AGO)
    late.end_catch_up(by=quick.actor("sam"), catch_up_id=late.open_catch_up(quick.centre.pk).pk)
    with pytest.raises(Forbidden):
        catch_up.enter_late(by=tess, **facts)
    assert not Call.objects.exists()


def test_two_reports_of_one_event_are_proposed_for_merging_and_never_merged_by_themselves(
    quick: Cast, api: Any
) -> None:
    outage(quick)
    known = take(quick)
    number = seat_number(quick)
    body = {
        "source": "offline",
        "number": number,
        "channel": "CH11",
        "kind": "CK01",
        "answered_at": stamp(timezone.now() - 2 * MINUTE),
        "incident": {"type_reported": "020101", "address_text": "新华路", "point": PLACE},
    }
    desk, key = api(quick.user("tess")), str(uuid.uuid4())
    made = desk.post("/api/late-entries/", body, key=key)
    assert made.status_code == 200, made.content
    [like] = made.json()["late_entry"]["similar"]
    assert (like["incident"], like["metres"]) == (known.pk, 0)
    assert made.json()["call"]["id"] == number and made.json()["incident"]["merged_into"] is None
    again = desk.post("/api/late-entries/", body, key=key)
    assert again.headers["Idempotent-Replay"] == "true" and again.json()["call"] == made.json()["call"]
    other = desk.post("/api/late-entries/", body)
    assert (other.status_code, other.json()["error"], other.json()["current"]["id"]) == (409, "number_used", number)
    listed = desk.get("/api/catch-up/").json()["entries"][0]
    assert listed["similar"][0]["incident_no"] == known.incident_no
    assert desk.post(f"/api/late-entries/{listed['id']}/apart/").status_code == 200
    assert desk.get("/api/catch-up/").json()["entries"][0]["similar"] == []
    assert Incident.objects.count() == 2


def test_a_call_that_was_open_when_the_server_went_away_is_completed_under_its_number(quick: Cast) -> None:
    number, tess = seat_number(quick), quick.actor("tess")
    row = calls.take_call(by=tess, facts={"channel": "CH11"}, number=number)
    facts: dict[str, Any] = {
        "source": "offline",
        "number": number,
        "facts": {"channel": "CH11", "kind": "CK01", "narrative": "断网时记下"},
        "original": late.Original(timezone.now() - MINUTE, timezone.now()),
        "incident": dict(FACTS),
        "orders": [],
        "reason": "",
    }
    answer = catch_up.enter_late(by=tess, **facts)
    call = Call.objects.get()
    assert (call.pk, call.narrative, call.state, call.source) == (number, "断网时记下", "done", "")
    assert call.answered_at == Call.objects.get(pk=row.pk).answered_at, "the server saw the answer: its time stays"
    assert answer["incident"]["id"] == call.incident_id
    with pytest.raises(NumberUsed):
        catch_up.enter_late(by=quick.actor("dana"), **facts)


def test_orders_by_radio_are_entered_with_their_times_and_a_busy_unit_is_a_conflict(quick: Cast, api: Any) -> None:
    incident = take(quick)
    Incident.objects.filter(pk=incident.pk).update(answered_at=timezone.now() - 10 * MINUTE)
    at = timezone.now() - 8 * MINUTE
    order: dict[str, Any] = {"unit": quick.car12.pk, "sent_at": stamp(at), "arrived_at": stamp(at + 4 * MINUTE)}
    body = {"source": "offline", "reason": "断网，电台派警", "orders": [order]}
    path = f"/api/incidents/{incident.pk}/late-orders/"
    assert api(quick.user("tess")).post(path, body).status_code == 403
    [made] = api(quick.user("dana")).post(path, body).json()["assignments"]
    assert (made["state"], made["on_scene_at"][:19]) == ("on_scene", order["arrived_at"][:19])
    quick.car12.refresh_from_db()
    assert quick.car12.status == "on_scene"
    with pytest.raises(UnitBusy):
        times = [Times(quick.car12.pk, at, {})]
        catch_up.note_orders(
            by=quick.actor("dana"), incident_id=incident.pk, orders=times, source="offline", reason="电台"
        )
    finish = {"source": "offline", "reason": "电台", "finished_at": stamp(at + 7 * MINUTE), "result_code": "RS16"}
    done = api(quick.user("dana")).post(f"/api/assignments/{made['id']}/late-moves/", finish).json()["assignment"]
    assert (done["state"], done["accepted_at"]) == ("finished", made["accepted_at"])
    incident.refresh_from_db()
    assert incident.handled_at is not None and abs(incident.handled_at - (at + 7 * MINUTE)) < dt.timedelta(seconds=1)


def test_an_order_by_radio_of_a_call_that_waited_at_the_door_is_taken_as_given_with_the_answer(quick: Cast) -> None:
    incident = take(quick)

    def enter(early: dt.timedelta) -> list[Assignment]:
        times = [Times(quick.car12.pk, incident.answered_at - early, {})]
        by = quick.actor("dana")
        return catch_up.note_orders(by=by, incident_id=incident.pk, orders=times, source="offline", reason="电台")

    with pytest.raises(BadInput):
        enter(6 * MINUTE)
    [made] = enter(MINUTE)
    assert made.dispatched_at == incident.answered_at


def test_moves_by_radio_keep_what_the_unit_has_pressed_itself(quick: Cast) -> None:
    order = drive(quick, send(quick, take(quick)), "accepted")
    accepted = order.accepted_at
    moved = catch_up.note_moves(
        by=quick.actor("dana"), assignment_id=order.pk, moves={"arrived_at": timezone.now()}, result_code="",
        source="offline", reason="电台",
    )  # fmt: skip
    assert moved.accepted_at == accepted and moved.state == "on_scene"
    assert moved.marks["accepted"]["by_proxy"] is False and moved.marks["en_route"]["implied"] is True

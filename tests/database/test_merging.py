"""Merging and its undoing: calls, units by the stated rule, limits, clocks; races and retries (domain 5, EX2)."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.models import Assignment
from dispatch.services import decisions, merging, moves
from incidents.models import Deadline, Incident, Note
from incidents.refusals import Stale, WrongTurn
from incidents.services import calls
from tests.database.acts import drive, kinds, report, send, take
from tests.database.together import errors_of, together
from tests.people import Cast


def merge(cast: Cast, goes: Incident, stays: Incident) -> Incident:
    """Merge one incident into another."""
    goes.refresh_from_db()
    return merging.merge(
        by=cast.actor("dana"), incident_id=goes.pk, version=goes.version, into=stays.pk, reason="同一起"
    )


def undo(cast: Cast, merged: Incident) -> Incident:
    """Undo a merge."""
    return decisions.reopen(by=cast.actor("sam"), incident_id=merged.pk, version=merged.version, reason="两起")


def fresh(incident: Incident) -> Incident:
    """Read an incident again."""
    return Incident.objects.get(pk=incident.pk)


def test_a_unit_on_scene_goes_on_with_the_event_and_an_order_nobody_has_accepted_is_a_duplicate(quick: Cast) -> None:
    stays, goes = take(quick), take(quick, narrative="红帽子的人拿着刀")
    send(quick, stays)
    other = send(quick, goes, quick.car7)
    merge(quick, goes, stays)
    other.refresh_from_db()
    assert (other.state, other.cancel_code, other.incident_id) == ("withdrawn", "CX2", goes.pk)
    third = take(quick)
    order = drive(quick, send(quick, third, quick.car7), "on_scene", "nia")
    merge(quick, third, stays)
    order.refresh_from_db()
    assert (order.state, order.incident_id) == ("on_scene", stays.pk)
    now = fresh(stays)
    assert (now.stage, sorted(now.units)) == ("on_scene", sorted([quick.car12.pk, quick.car7.pk]))
    assert now.first_on_scene_at == fresh(third).first_on_scene_at
    assert set(Deadline.objects.filter(assignment_id=order.pk).values_list("incident_id", flat=True)) == {stays.pk}
    assert kinds(stays)[-1] == "incident.took_in"
    moves.finish(by=quick.actor("nia"), assignment_id=order.pk, result_code="RS16")
    assert report(quick, order, "nia").incident_id == stays.pk


def test_the_only_unit_moves_even_unaccepted_and_reads_what_is_new(quick: Cast, api: Any) -> None:
    stays, goes = take(quick, narrative="新华路吵架"), take(quick)
    call = goes.calls.get()
    calls.describe_call(
        by=quick.actor("tess"), call_id=call.pk, version=call.version, facts={"narrative": "有人拿着刀"}
    )
    order = send(quick, goes)
    merge(quick, goes, stays)
    mine = api(quick.user("omar")).get("/api/my-unit/").json()
    assert (mine["incident"]["id"], mine["assignment"]["id"]) == (stays.pk, order.pk)
    assert [note["text"] for note in mine["notes"]] == ["有人拿着刀"]
    assert goes.calls.get().narrative == "有人拿着刀"
    rows = api(quick.user("dana")).get(f"/api/incidents/{stays.pk}/").json()["rows"]["call"]
    assert {row["incident"] for row in rows} == {stays.pk, goes.pk}


def test_undoing_gives_orders_limits_clocks_and_stage_back_to_both(quick: Cast) -> None:
    goes, stays = take(quick), take(quick)
    order = drive(quick, send(quick, goes), "en_route")
    before, clock = fresh(goes), stays.answered_at
    running = set(before.deadlines.filter(state="running").values_list("kind", "due_at"))
    merged = merge(quick, goes, stays)
    assert fresh(stays).answered_at == goes.answered_at
    assert fresh(stays).first_dispatched_at == order.dispatched_at
    back = undo(quick, merged)
    assert (back.stage, back.units, back.exclusion, back.merged_into_id) == ("en_route", [quick.car12.pk], "", None)
    assert set(back.deadlines.filter(state="running").values_list("kind", "due_at")) == running
    order.refresh_from_db()
    assert order.incident_id == goes.pk
    now = fresh(stays)
    assert (now.answered_at, now.first_dispatched_at, now.stage, now.units) == (clock, None, "pending", [])
    due = now.deadlines.get(kind="arrive5_a", state="running").due_at
    assert (due - clock).total_seconds() == 300
    assert not now.deadlines.filter(kind="arrive5_b", state="running").exists()
    assert now.deadlines.filter(kind="order", state="running").count() == 1
    assert kinds(stays)[-1] == "incident.gave_back"


def test_what_the_event_has_got_itself_since_stays_when_a_merge_is_undone(quick: Cast) -> None:
    goes, stays = take(quick), take(quick)
    send(quick, goes)
    merged = merge(quick, goes, stays)
    own = drive(quick, send(quick, stays, quick.car7), "on_scene", "nia")
    undo(quick, merged)
    now = fresh(stays)
    assert (now.stage, now.units) == ("on_scene", [quick.car7.pk])
    assert now.first_dispatched_at == own.dispatched_at
    assert now.first_on_scene_at == Assignment.objects.get(pk=own.pk).on_scene_at


def test_two_desks_that_merge_against_each_other_leave_one_event_and_no_deadlock(cast: Cast) -> None:
    cast.on_duty()
    one, two = take(cast), take(cast)
    order = drive(cast, send(cast, one), "en_route")
    one.refresh_from_db()
    acts = [lambda: merge(cast, one, two), lambda: merge(cast, two, one)]
    found = together(acts, raise_errors=False)
    errors = errors_of(found)
    assert len(errors) == 1
    assert isinstance(errors[0], Stale | WrongTurn)
    stages = sorted(Incident.objects.values_list("stage", flat=True))
    assert stages == ["en_route", "merged"]
    order.refresh_from_db()
    assert order.incident.stage == "en_route"


def test_a_merge_and_an_order_at_one_moment_lose_no_unit(cast: Cast) -> None:
    cast.on_duty()
    goes, stays = take(cast), take(cast)
    found = together([lambda: merge(cast, goes, stays), lambda: send(cast, goes)], raise_errors=False)
    assert len(errors_of(found)) <= 1
    for order in Assignment.objects.filter(state__in=merging.LIVE):
        assert order.incident.is_open, "no live order stays on an incident that was merged away"


def test_a_merge_from_an_old_picture_is_refused_and_changes_nothing(quick: Cast) -> None:
    goes, stays = take(quick), take(quick)
    order = send(quick, goes)
    with pytest.raises(Stale):
        merging.merge(by=quick.actor("dana"), incident_id=goes.pk, version=1, into=stays.pk, reason="x")
    order.refresh_from_db()
    assert (order.state, order.incident_id) == ("dispatched", goes.pk)
    merged = merge(quick, goes, stays)
    with pytest.raises(WrongTurn):
        merge(quick, take(quick), fresh(merged))
    undo(quick, merged)
    with pytest.raises(Stale):
        undo(quick, merged)
    assert not Note.objects.exists()

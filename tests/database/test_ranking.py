"""The ranking on real rows: what is read, what is kept with the order, diverting and swapping units."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dispatch import candidates, history
from dispatch.models import Assignment, RankRecord
from dispatch.services import moves, orders, swap
from incidents.models import Incident
from incidents.refusals import UnitBusy, WrongTurn
from patrol.models import Unit
from patrol.roads import store
from tests.database.acts import POINT, drive, kinds, send, take
from tests.people import Cast, register
from tests.roads.towns import grid

SECOND = dt.timedelta(seconds=1)


def urgent(cast: Cast, **more: Any) -> Incident:
    """Take a call about a fight that is going on: P2."""
    return take(cast, type_reported="0202", **more)


def test_an_order_keeps_its_ranking_and_explain_answers_the_same(quick: Cast) -> None:
    order = send(quick, take(quick))
    record = RankRecord.objects.get(pk=order.rank_basis["record"])
    assert record.incident_id == order.incident_id
    assert [one["call_sign"] for one in record.answer["candidates"]] == ["car-12", "car-7"]
    out = StringIO()
    call_command("explain", order.assignment_no, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["same"], told["intact"]) == (True, True)
    assert told["again"] == told["kept"]
    call_command("explain", str(order.pk), stdout=out)
    assert "*  1  car-12" in out.getvalue()


def test_explain_notices_a_ranking_that_was_changed_afterwards(quick: Cast) -> None:
    order = send(quick, take(quick))
    record = RankRecord.objects.get(pk=order.rank_basis["record"])
    record.answer["candidates"][0]["cost_s"] += 1
    record.save()
    with pytest.raises(CommandError):
        call_command("explain", str(order.pk), stdout=StringIO())
    record.question["units"][0][3] = "UF"
    record.save()
    with pytest.raises(CommandError):
        call_command("explain", str(order.pk), stdout=StringIO())


def test_explain_says_when_there_is_nothing_to_explain(quick: Cast) -> None:
    with pytest.raises(CommandError):
        call_command("explain", "350600-nothing")
    unplaced = take(quick, point=None)
    order = send(quick, unplaced)
    assert "record" not in order.rank_basis
    with pytest.raises(CommandError):
        call_command("explain", str(order.pk))


def test_the_console_reads_arrival_chances_parameters_and_reasons(quick: Cast, api: Any) -> None:
    incident = take(quick)
    answer = api(quick.user("dana")).get(f"/api/incidents/{incident.pk}/candidates/").json()
    first = answer["candidates"][0]
    assert (first["call_sign"], first["rank"], first["recommended"]) == ("car-12", 1, True)
    assert first["arrives"]["A"] >= first["expected_s"] > first["seconds"]
    assert 0 <= first["chance"]["A5"] <= first["chance"]["A10"] <= 1
    assert answer["parameters"]["accept"]["source"] == "shipped"
    assert answer["policy"] == 3
    assert "102" in first["reason"]


def test_a_diverted_unit_leaves_its_order_in_the_same_act(quick: Cast) -> None:
    quiet = take(quick)
    left = drive(quick, send(quick, quiet), "en_route")
    fight = urgent(quick)
    found = candidates.rank(fight, timezone.now())
    assert found.candidates[0].unit.drop is not None
    assert found.candidates[0].unit.drop.assignment == left.pk
    with pytest.raises(UnitBusy):  # only who says what is left may take it
        send(quick, fight)
    order = send(quick, fight, drop=left.pk)
    left.refresh_from_db()
    quiet.refresh_from_db()
    quick.car12.refresh_from_db()
    assert (left.state, left.cancel_code) == ("withdrawn", "CX3")
    assert quiet.stage == "pending"
    assert quick.car12.assignment_id == order.pk
    assert kinds(fight)[-2:] == ["assignment.sent", "incident.told"]
    assert kinds(quiet)[-1] == "assignment.withdrawn"


@pytest.mark.parametrize("to", ["on_scene", "accepted"])
def test_no_unit_is_taken_from_a_scene_or_for_work_that_is_no_more_urgent(quick: Cast, to: str) -> None:
    left = drive(quick, send(quick, take(quick)), to)
    wanted = urgent(quick) if to == "on_scene" else take(quick)
    with pytest.raises(WrongTurn):
        send(quick, wanted, drop=left.pk)
    left.refresh_from_db()
    assert left.state == to


def test_a_swap_takes_the_order_back_and_names_it_as_the_parent(quick: Cast) -> None:
    incident = take(quick)
    old = drive(quick, send(quick, incident), "accepted")
    [new] = swap.swap(by=quick.actor("dana"), assignment_id=old.pk, unit_id=quick.car7.pk)
    old.refresh_from_db()
    incident.refresh_from_db()
    assert (old.state, old.cancel_code, new.purpose, new.parent_id) == ("withdrawn", "CX3", "relief", old.pk)
    assert (incident.stage, incident.units) == ("dispatched", [quick.car7.pk])
    assert kinds(incident)[-2:] == ["assignment.withdrawn", "assignment.sent"]
    assert not incident.deadlines.filter(kind="order", state="running").exists()


def test_a_swap_is_refused_once_the_unit_is_there_or_when_the_other_is_busy(quick: Cast) -> None:
    there = drive(quick, send(quick, take(quick)), "on_scene")
    with pytest.raises(WrongTurn):
        swap.swap(by=quick.actor("dana"), assignment_id=there.pk, unit_id=quick.car7.pk)
    with pytest.raises(WrongTurn):
        swap.swap(by=quick.actor("dana"), assignment_id=there.pk, unit_id=quick.car12.pk)
    other = send(quick, take(quick), quick.car7, override_reason="OV3")
    with pytest.raises(UnitBusy):
        moving = register(quick.centre, quick.squad, "car-9", "UP")
        Unit.objects.filter(pk=moving.pk).update(status="break")
        swap.swap(by=quick.actor("dana"), assignment_id=other.pk, unit_id=quick.car12.pk)


def test_the_load_of_a_shift_counts_its_orders(quick: Cast) -> None:
    done = drive(quick, send(quick, take(quick)), "on_scene")
    moves.finish(by=quick.actor("omar"), assignment_id=done.pk, result_code="RS16")
    by_unit = {one.call_sign: one for one in candidates.states(quick.centre.pk, timezone.now())}
    done.refresh_from_db()
    assert (by_unit["car-12"].orders, by_unit["car-7"].orders) == (1, 0)
    assert by_unit["car-12"].freed_at == done.finished_at


def test_the_history_counts_pressed_buttons_alone(quick: Cast) -> None:
    order = drive(quick, send(quick, take(quick)), "on_scene")
    sent_at = order.dispatched_at
    Assignment.objects.filter(pk=order.pk).update(
        accepted_at=sent_at + 11 * SECOND,
        departed_at=sent_at + 31 * SECOND,
        on_scene_at=sent_at + 131 * SECOND,
        rank_basis={**order.rank_basis, "seconds": 80},
    )
    implied = moves.advance(
        by=quick.actor("nia"),
        assignment_id=send(quick, take(quick), quick.car7, override_reason="OV3").pk,
        to="on_scene",
    )
    assert implied.marks["accepted"]["implied"]
    found = history.cases(quick.centre.pk, timezone.now())
    assert found == {"accept": [11.0], "turnout": [20.0], "road": [], "straight": [pytest.approx(1.25)]}
    assert orders.ALERTS_OF_AN_ORDER


def test_with_a_network_road_and_coverage_decide_and_explain_answers_the_same(
    quick: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path
    network = grid(40, 40)
    store.save(quick.centre.pk, network)
    store.switch(quick.centre.pk, network.version)
    south, west, north, east = network.box
    middle = {"lat": (south + north) / 2, "lng": (west + east) / 2}
    quick.place(quick.car12, middle["lat"], middle["lng"] + 0.002)
    quick.place(quick.car7, middle["lat"] + 0.004, middle["lng"])
    incident = take(quick, point={**POINT, **middle})
    found = candidates.ask(incident, timezone.now())
    assert found is not None
    assert found.ranking.basis == "road"
    assert found.ranking.coverage_now is not None
    assert all(one.coverage_after is not None for one in found.ranking.recommended())
    order = send(quick, incident)
    assert order.rank_basis["way"] == "road"
    out = StringIO()
    call_command("explain", str(order.pk), "--json", stdout=out)
    assert json.loads(out.getvalue())["same"] is True

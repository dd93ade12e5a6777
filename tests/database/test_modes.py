"""Modes of an incident: stake-out with prompts and relief, pursuit with tracks and break-off, interception (M40, R9)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch import deadlines
from dispatch.directives.acts import answer_prompt, break_off, relieve
from dispatch.directives.models import DirectiveLine
from dispatch.models import Assignment
from dispatch.services import moves
from incidents.models import Alert, Deadline, Entry, Incident
from incidents.refusals import Forbidden, UnitBusy, WrongTurn
from incidents.services.incidents import switch_mode
from patrol.filters import FixIn
from patrol.positions import take_fixes
from patrol.roads import store
from tests.database.acts import drive, kinds, send, take
from tests.database.casework import SNATCH, locked, working
from tests.database.test_directives import issue
from tests.database.test_fusion import seen_in_feed
from tests.people import Cast, register
from tests.roads.towns import grid

MINUTE = dt.timedelta(minutes=1)


def in_mode(cast: Cast, incident: Incident, mode: str, **how: Any) -> Incident:
    """Let Dana switch the mode."""
    version = Incident.objects.get(pk=incident.pk).version
    return switch_mode(by=cast.actor("dana"), incident_id=incident.pk, version=version, mode=mode, **how)


def running(order: Assignment, kind: str) -> dt.datetime | None:
    """Return when a running limit of an order is due."""
    return (
        Deadline.objects.filter(assignment_id=order.pk, kind=kind, state="running")
        .values_list("due_at", flat=True)
        .first()
    )


def test_each_switch_is_an_entry_with_its_moment_and_a_stake_out_is_quiet(quick: Cast, api: Any) -> None:
    incident = take(quick, **SNATCH)
    desk = api(quick.user("dana"))
    path = f"/api/incidents/{incident.pk}/mode/"
    body = {"version": incident.version, "mode": "stake_out", "reason": "蓝田路口守候"}
    row = desk.post(path, body).json()["incident"]
    assert (row["mode"], row["quiet"], row["mode_reason"], bool(row["mode_at"])) == (
        "stake_out",
        True,
        "蓝田路口守候",
        True,
    )
    row = desk.post(path, {"version": row["version"], "mode": "stake_out", "quiet": False}).json()["incident"]
    assert (row["mode"], row["quiet"]) == ("stake_out", False)
    row = desk.post(path, {"version": row["version"], "mode": "pursuit"}).json()["incident"]
    assert (row["mode"], row["quiet"]) == ("pursuit", False)
    switches = Entry.objects.filter(incident_id=incident.pk, kind="incident.mode_switched").order_by("seq")
    said = [one.body for one in switches]
    assert len(said) == 3
    sentences = [one["sentence"] for one in desk.get(f"/api/incidents/{incident.pk}/timeline/").json()["entries"]]
    assert any("蹲守" in one and "追击" in one for one in sentences), sentences


def test_a_unit_of_a_stake_out_is_asked_every_half_hour_and_silence_is_shown(quick: Cast) -> None:
    incident = take(quick, **SNATCH)
    order = drive(quick, send(quick, incident), "on_scene")
    in_mode(quick, incident, "stake_out")
    due = running(order, "prompt")
    assert due is not None and abs(due - timezone.now() - 30 * MINUTE) < MINUTE
    with time_machine.travel(due - MINUTE, tick=False):
        deadlines.sweep()
        assert running(order, "answer") is None
    with time_machine.travel(due + MINUTE, tick=False):
        deadlines.sweep()
        deadlines.sweep()
        asked = running(order, "answer")
        assert asked == due + 6 * MINUTE
        assert kinds(incident).count("assignment.prompted") == 1
        assert seen_in_feed(quick, f"unit.{quick.car12.pk}", "assignment.prompted")
    assert asked is not None
    with time_machine.travel(asked + MINUTE, tick=False):
        deadlines.sweep()
        [alert] = Alert.objects.filter(kind="prompt_unanswered")
        assert (alert.severity, alert.raised_at, alert.data["call_sign"]) == ("serious", asked, "car-12")
        with pytest.raises(Forbidden):
            answer_prompt(by=quick.actor("nia"), assignment_id=order.pk)
        answer_prompt(by=quick.actor("omar"), assignment_id=order.pk, text="目标未出现")
        alert.refresh_from_db()
        assert alert.cause_ended_at is not None
        assert running(order, "prompt") == asked + 31 * MINUTE
    # The end of the stake-out ends the asking; a prompt is never counted as a miss.
    in_mode(quick, incident, "routine")
    assert running(order, "prompt") is None
    states = set(Deadline.objects.filter(assignment_id=order.pk, kind="prompt").values_list("state", flat=True))
    assert states <= {"met", "void"}
    with pytest.raises(WrongTurn):
        answer_prompt(by=quick.actor("omar"), assignment_id=order.pk)


def test_a_relief_takes_over_with_the_directives_of_the_unit_that_it_relieves(quick: Cast) -> None:
    """Story C, step 5: one relief; nobody holds two live orders, and the directive ends with the last of them."""
    incident = take(quick, **SNATCH)
    position = locked(quick, working(quick, incident))
    row = issue(quick, incident, quick.car12.pk, task="stake_out", position_id=position.pk)
    in_mode(quick, incident, "stake_out")
    order = drive(quick, Assignment.objects.get(unit=quick.car12), "on_scene")
    [relief] = relieve(by=quick.actor("dana"), assignment_id=order.pk, unit_id=quick.car7.pk)
    order.refresh_from_db()
    assert (relief.purpose, relief.parent_id, order.relief) == ("relief", order.pk, "car-7")
    assert running(relief, "prompt") is not None
    signs = set(DirectiveLine.objects.filter(directive=row).values_list("call_sign", flat=True))
    assert signs == {"car-12", "car-7"}
    with pytest.raises(UnitBusy):
        relieve(by=quick.actor("dana"), assignment_id=order.pk, unit_id=quick.car7.pk)
    drive(quick, relief, "on_scene", "nia")
    moves.finish(by=quick.actor("omar"), assignment_id=order.pk, result_code="RS20")
    row.refresh_from_db()
    assert row.state == "under_way"
    moves.finish(by=quick.actor("nia"), assignment_id=relief.pk, result_code="RS01")
    row.refresh_from_db()
    assert row.state == "done"


def test_a_pursuit_is_one_map_with_tracks_and_is_broken_off_for_all_units_at_once(quick: Cast, api: Any) -> None:
    """Story C, step 6: tracks and speed are seen by those who watch, the break-off reaches every unit with its reason."""
    incident = take(quick, **SNATCH)
    for unit, who in ((quick.car12, "omar"), (quick.car7, "nia")):
        drive(quick, send(quick, incident, unit, purpose="support"), "en_route", who)
    in_mode(quick, incident, "pursuit")
    start = timezone.now()
    for second in range(1, 7):
        at = start + dt.timedelta(seconds=5 * second)
        with time_machine.travel(at, tick=False):
            take_fixes([FixIn(quick.car12.pk, 24.5120 + second * 0.0008, 117.6545, at, accuracy_m=8.0, speed_kmh=64.0)])
    with time_machine.travel(start + 2 * MINUTE, tick=False):
        found = api(quick.user("sam")).get(f"/api/incidents/{incident.pk}/tracks/").json()
    by_sign = {one["call_sign"]: one for one in found["units"]}
    assert set(by_sign) == {"car-12", "car-7"}
    assert by_sign["car-12"]["speed_kmh"] == 64.0
    assert len(by_sign["car-12"]["points"]) == 6
    assert 400 < by_sign["car-12"]["metres"] < 500
    assert api(quick.user("omar")).get(f"/api/incidents/{incident.pk}/tracks/").status_code == 403
    commander = api(quick.user("sam"))
    assert api(quick.user("ana")).post(f"/api/incidents/{incident.pk}/break-off/", {"reason": "x"}).status_code == 403
    row = commander.post(f"/api/incidents/{incident.pk}/break-off/", {"reason": "闹市区，危险"}).json()["incident"]
    assert (row["mode"], row["mode_reason"], bool(row["broken_off_at"])) == ("routine", "闹市区，危险", True)
    for unit in (quick.car12, quick.car7):
        [told] = seen_in_feed(quick, f"unit.{unit.pk}", "incident.broken_off")
        assert told["mode_reason"] == "闹市区，危险"
    again = break_off(by=quick.actor("sam"), incident_id=incident.pk, reason="x")
    assert again.mode_reason == "闹市区，危险"
    assert in_mode(quick, incident, "pursuit").broken_off_at is None
    with pytest.raises(WrongTurn):
        break_off(by=quick.actor("sam"), incident_id=take(quick).pk, reason="x")


def test_points_ahead_of_a_vehicle_are_proposed_and_nothing_is_sent(
    quick: Cast, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R9: the proposal is read; a person sends it."""
    town = grid(40, 40)
    incident = take(quick, **SNATCH)
    desk = api(quick.user("dana"))
    body = {"point": {"lat": 24.508, "lng": 117.660, "crs": "WGS84"}, "heading": 0}
    monkeypatch.setattr(store, "current", lambda _centre: None)
    assert desk.post(f"/api/incidents/{incident.pk}/interception/", body).status_code == 409
    monkeypatch.setattr(store, "current", lambda _centre: town)
    found = desk.post(f"/api/incidents/{incident.pk}/interception/", body).json()
    assert found["free"] == 2
    assert {one["call_sign"] for one in found["points"]} <= {"car-12", "car-7"}
    assert all(one["margin_s"] >= 30 for one in found["points"])
    assert not Assignment.objects.filter(incident=incident).exists()
    register(quick.centre, quick.squad, "car-9", "UP")
    assert api(quick.user("tess")).post(f"/api/incidents/{incident.pk}/interception/", body).status_code == 403

"""Before the miss: warnings with hysteresis, swap proposals, routes, the joint proposal, departure and arrival by position."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from dispatch import deadlines, early_warning, outlooks
from dispatch.models import Assignment
from dispatch.services import moves
from incidents.models import Alert, Heartbeat, Incident
from patrol import positions
from patrol.filters import FixIn
from patrol.models import Position, Unit
from tests.database.acts import drive, kinds, send, take
from tests.people import Cast, register

SECOND = dt.timedelta(seconds=1)
FAR = (24.4700, 117.7700)


def arrive(cast: Cast, order: Assignment) -> Assignment:
    """Press the button at the scene."""
    return moves.advance(by=cast.actor("omar"), assignment_id=order.pk, to="on_scene")


def look(cast: Cast) -> int:
    """Look as the sweep does, whatever the clock says."""
    Heartbeat.objects.filter(name=early_warning.LOOK).delete()
    return early_warning.sweep(timezone.now())


def stand(unit: Unit, lat: float, lng: float) -> None:
    """Put a unit somewhere at once, whatever the filters think of the jump."""
    Position.objects.filter(unit=unit).update(lat=lat, lng=lng, fixed_at=timezone.now(), received_at=timezone.now())


def open_alerts(kind: str) -> list[Alert]:
    """Return the alerts of a kind whose cause stands."""
    return list(Alert.objects.filter(kind=kind, cause_ended_at__isnull=True))


def urgent(cast: Cast) -> Incident:
    """Take a call about a fight: P2, 5 minutes."""
    return take(cast, type_reported="0202")


def test_a_miss_that_is_foreseen_is_warned_of_once_and_taken_back_when_it_is_over(quick: Cast) -> None:
    incident = urgent(quick)
    look(quick)
    assert open_alerts("at_risk") == []
    stand(quick.car12, *FAR)
    stand(quick.car7, *FAR)
    look(quick)
    [alert] = open_alerts("at_risk")
    assert (alert.data["limit"], alert.data["unreachable"], alert.severity) == ("A5", True, "caution")
    assert kinds(incident)[-1] == "incident.at_risk"
    look(quick)
    assert open_alerts("at_risk") == [alert]
    stand(quick.car12, 24.5120, 117.6545)
    look(quick)
    assert open_alerts("at_risk") == []
    assert kinds(incident)[-1] == "incident.risk_eased"


def test_the_warning_comes_before_the_limit_and_ends_with_the_arrival(quick: Cast) -> None:
    incident = urgent(quick)
    order = drive(quick, send(quick, incident), "en_route")
    stand(quick.car12, *FAR)
    look(quick)
    [alert] = open_alerts("at_risk")
    due = incident.deadlines.get(kind="arrive5_a").due_at
    assert alert.raised_at < due
    arrive(quick, order)
    assert open_alerts("at_risk") == []


def test_the_sweep_looks_every_five_seconds_and_a_failure_does_not_stop_the_limits(
    quick: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    assert early_warning.claimed(now)
    assert not early_warning.claimed(now + 4 * SECOND)
    assert early_warning.claimed(now + 6 * SECOND)
    urgent(quick)
    Heartbeat.objects.filter(name=early_warning.LOOK).delete()
    Unit.objects.filter(pk=quick.car12.pk).update(kind="??")  # a kind that no policy knows
    deadlines.sweep()
    assert Heartbeat.objects.filter(name=deadlines.SWEEP).exists()


def test_a_clearly_nearer_unit_is_proposed_once_and_lapses_with_the_gain(quick: Cast) -> None:
    incident = urgent(quick)
    order = drive(quick, send(quick, incident), "en_route")
    stand(quick.car12, *FAR)
    stand(quick.car7, 24.5113, 117.6541)
    look(quick)
    [alert] = open_alerts("swap_proposed")
    assert (alert.assignment_id, alert.data["proposed"], alert.data["unit"]) == (order.pk, "car-7", quick.car7.pk)
    order.refresh_from_db()
    assert order.state == "en_route"  # never automatic
    look(quick)
    assert len(open_alerts("swap_proposed")) == 1
    stand(quick.car12, 24.5113, 117.6541)
    look(quick)
    assert open_alerts("swap_proposed") == []
    stand(quick.car12, *FAR)
    look(quick)
    assert open_alerts("swap_proposed") == []  # not again within five minutes


def test_the_desk_reads_outlooks_routes_and_the_joint_proposal(quick: Cast, api: Any) -> None:
    first, second = urgent(quick), take(quick)
    third = take(quick)
    order = drive(quick, send(quick, first), "en_route")
    desk = api(quick.user("dana"))
    told = desk.get("/api/outlook/").json()["outlooks"]
    assert [one["slack_s"] for one in told] == sorted(one["slack_s"] for one in told)
    mine = next(one for one in told if one["incident"] == first.pk)
    assert mine["going"]
    assert mine["orders"][0]["assignment"] == order.pk
    assert 0 <= mine["chance"]["A5"] <= mine["chance"]["A10"]
    route = desk.get(f"/api/assignments/{order.pk}/route/").json()
    assert route["basis"] == "straight"
    assert len(route["line"]) == 2
    assert route["arrives_at"] > route["at"]
    joint = desk.get("/api/proposals/").json()
    assert joint["incidents"] == 2
    assert len(joint["proposals"]) == 1
    assert len(joint["without"]) == 1
    assert {joint["proposals"][0]["incident"], *joint["without"]} == {second.pk, third.pk}
    arrive(quick, order)
    assert desk.get(f"/api/assignments/{order.pk}/route/").status_code == 409


def test_an_officer_reads_the_road_of_the_own_unit_and_of_no_other(quick: Cast, api: Any) -> None:
    order = drive(quick, send(quick, urgent(quick)), "en_route")
    mine = api(quick.user("omar")).get(f"/api/assignments/{order.pk}/route/")
    assert (mine.status_code, mine.json()["unit"]) == (200, quick.car12.pk)
    assert api(quick.user("nia")).get(f"/api/assignments/{order.pk}/route/").status_code == 404


def test_an_incident_that_somebody_reached_or_that_lies_nowhere_is_not_foreseen(quick: Cast) -> None:
    drive(quick, send(quick, take(quick)), "on_scene")
    take(quick, point=None)
    assert outlooks.look(quick.centre.pk, timezone.now()) == []


def track(unit: Unit, start: dt.datetime, *spots: tuple[float, float]) -> None:
    """Let a unit send fixes, ten seconds apart and each received at once."""
    from django.db import connection

    for number, (lat, lng) in enumerate(spots):
        at = start + number * 10 * SECOND
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO patrol_fix (unit_id, lat, lng, accuracy_m, fixed_at, received_at, source, suspect) "
                "VALUES (%s, %s, %s, 8, %s, %s, 'terminal', false)",
                [unit.pk, lat, lng, at, at + SECOND],
            )


def accepted_ago(cast: Cast, seconds: float) -> Assignment:
    """Return an order of car-12 that was accepted so long ago."""
    order = drive(cast, send(cast, take(cast)), "accepted")
    moment = timezone.now() - seconds * SECOND
    Assignment.objects.filter(pk=order.pk).update(
        dispatched_at=moment - SECOND, delivered_at=moment, accepted_at=moment
    )
    order.refresh_from_db()
    return order


def test_driving_off_without_the_button_is_noted_and_moves_the_order(quick: Cast) -> None:
    order = accepted_ago(quick, 60)
    assert order.accepted_at is not None
    track(quick.car12, order.accepted_at - 5 * SECOND, (24.520, 117.66), (24.5195, 117.66), (24.5180, 117.66))
    assert early_warning.sweep_positions(quick.centre.pk) == 1
    order.refresh_from_db()
    quick.car12.refresh_from_db()
    assert (order.state, quick.car12.status) == ("en_route", "en_route")
    assert order.departed_pos_at == order.accepted_at + 15 * SECOND
    assert order.marks["en_route"] == {
        "by": "",
        "by_proxy": False,
        "implied": True,
        "device_at": order.marks["en_route"]["device_at"],
    }
    assert early_warning.sweep_positions(quick.centre.pk) == 0


def test_arrival_by_position_stands_beside_the_button_and_presses_nothing(quick: Cast) -> None:
    order = accepted_ago(quick, 100)
    assert order.accepted_at is not None
    spots = [(24.520, 117.6540), (24.515, 117.6540), (24.5113, 117.6540), (24.5112, 117.6540)]
    track(quick.car12, order.accepted_at + SECOND, *spots)
    early_warning.sweep_positions(quick.centre.pk)
    order.refresh_from_db()
    assert order.on_scene_pos_at == order.accepted_at + 21 * SECOND
    assert (order.state, order.on_scene_at, order.pos_accuracy_m) == ("en_route", None, 8.0)
    assert order.row()["on_scene_pos_at"] is not None
    moved = arrive(quick, order)
    assert moved.on_scene_pos_at == order.on_scene_pos_at


def test_a_unit_that_stands_shows_nothing(quick: Cast) -> None:
    order = accepted_ago(quick, 60)
    assert order.accepted_at is not None
    track(quick.car12, order.accepted_at, *[(24.5120, 117.6545)] * 4)
    assert early_warning.sweep_positions(quick.centre.pk) == 0
    assert positions.take_fixes([FixIn(quick.car12.pk, 24.52, 117.66, timezone.now(), accuracy_m=5.0)]).count <= 1
    assert register(quick.centre, quick.squad, "car-9", "UP").status == "off_duty"

"""Limits: each fires once, is dated when it passed, and what was missed stays missed (rules 34–39, domain 7.2)."""

from __future__ import annotations

import ast
import datetime as dt
import functools
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from dispatch import deadlines, watch
from dispatch.services import decisions, moves, orders, reports
from incidents import limits
from incidents.models import Alert, Deadline, Entry, Heartbeat, Incident
from incidents.row import stamp
from patrol import services
from patrol.models import Position, Unit
from tests.database.acts import drive, handled, report, ring, send, take
from tests.database.together import together
from tests.people import Cast
from zz110.home import CHECKOUT

SECOND = dt.timedelta(seconds=1)
Kind = Deadline.Kind


def limit(kind: str) -> Deadline:
    """Return the only limit of a kind."""
    return Deadline.objects.get(kind=kind)


def passed(kind: str, ago: dt.timedelta = SECOND) -> Deadline:
    """Let a limit have passed a moment ago."""
    Deadline.objects.filter(kind=kind).update(due_at=timezone.now() - ago)
    return limit(kind)


def entries(kind: str) -> list[dict[str, Any]]:
    """Return the values of every entry of a kind."""
    bodies = Entry.objects.filter(kind=kind).order_by("seq").values_list("body", flat=True)
    return [json.loads(body)["data"] for body in bodies]


# --- when ---


@pytest.mark.parametrize("after_due", [-1, 0, 1, 3600])
def test_a_limit_fires_at_its_moment_and_not_before(cast: Cast, after_due: int) -> None:
    take(cast)
    due = limit("order").due_at
    with time_machine.travel(due + after_due * SECOND, tick=False):
        deadlines.sweep()
    assert limit("order").state == ("running" if after_due < 0 else "missed")
    assert len(entries("incident.overdue")) == (0 if after_due < 0 else 1)


def test_a_second_sweep_finds_nothing_to_do(cast: Cast) -> None:
    take(cast)
    passed("order")
    assert deadlines.sweep() == 1
    assert deadlines.sweep() == 0
    assert len(entries("incident.overdue")) == 1
    assert Alert.objects.count() == 1


def test_eight_sweepers_fire_sixty_limits_once_each(cast: Cast) -> None:
    for _ in range(20):
        take(cast)
    kinds = ["order", "arrive5_a", "arrive10_a"]
    Deadline.objects.filter(kind__in=kinds).update(due_at=timezone.now() - SECOND)
    fired = together([deadlines.sweep] * 8)
    assert sum(fired) == 60  # type: ignore[arg-type]
    told = Counter(
        row["id"]
        for entry in Entry.objects.filter(kind__in=["incident.overdue", "incident.late"])
        for row in json.loads(entry.body)["rows"]["deadline"]
    )
    assert len(told) == 60
    assert set(told.values()) == {1}
    assert Alert.objects.count() == 60
    assert not Deadline.objects.filter(state="running", kind__in=kinds).exists()


@pytest.mark.parametrize("priority", [1, 2, 3, 4])
def test_the_limits_of_a_priority_are_those_of_the_table(cast: Cast, priority: int) -> None:
    """Domain 7.2: order within 30 s, 60 s, 3 min, 30 min; clock A runs for P1 to P3 only."""
    cast.on_duty()
    incident = take(cast, priority=priority)
    rule = limits.of(priority)
    assert limit("order").due_at - incident.placed_at == rule.order_within  # type: ignore[operator]
    assert rule.order_within == [30, 60, 180, 1800][priority - 1] * SECOND
    arrival = {
        row.kind: row.due_at - incident.answered_at for row in Deadline.objects.filter(kind__startswith="arrive")
    }
    expected = {"arrive5_a": 300 * SECOND, "arrive10_a": 600 * SECOND}
    assert arrival == ({} if priority == 4 else expected)
    sent = send(cast, incident).dispatched_at
    of_order = {row.kind: row.due_at - sent for row in Deadline.objects.filter(assignment_id__isnull=False)}
    assert of_order.pop("deliver") == 10 * SECOND
    assert of_order.pop("accept") == rule.accept_within == [30, 30, 60, 180][priority - 1] * SECOND
    assert of_order.pop("depart") == rule.depart_within
    assert of_order == ({} if priority == 4 else {"arrive": rule.arrive_within})
    clock_b = {row.kind: row.due_at - sent for row in Deadline.objects.filter(kind__endswith="_b")}
    assert clock_b == ({} if priority == 4 else {"arrive5_b": 300 * SECOND, "arrive10_b": 600 * SECOND})


# --- what ---

# Clock B makes no alarm of its own: one cause, one alarm.
FIRED = {
    "order": ("incident.overdue", "order_overdue"),
    "deliver": ("assignment.undelivered", "undelivered"),
    "accept": ("assignment.unaccepted", "unaccepted"),
    "depart": ("assignment.not_departed", "not_departed"),
    "arrive": ("assignment.late", "late_unexplained"),
    "arrive5_a": ("incident.late", "late5"),
    "arrive10_a": ("incident.late", "late10"),
    "arrive5_b": ("incident.late", None),
    "arrive10_b": ("incident.late", None),
    "report": ("assignment.unreported", "unreported"),
}


@pytest.mark.parametrize("kind", FIRED)
def test_a_passed_limit_becomes_its_entry_and_its_alert(cast: Cast, kind: str) -> None:
    cast.on_duty()
    incident = take(cast, priority=2)
    order = None
    if kind != "order":
        order = send(cast, incident)
    if kind == "report":
        drive(cast, send_done(order), "on_scene")
        moves.finish(by=cast.actor("omar"), assignment_id=order.pk, result_code="RS16")  # type: ignore[union-attr]
    row = passed(kind)
    assert deadlines.sweep() == 1
    entry, alert = FIRED[kind]
    [data] = entries(entry)
    assert data["limit"] == kind
    assert data["passed_at"] == stamp(row.due_at)
    found = Alert.objects.values_list("kind", flat=True)
    assert list(found) == ([alert] if alert else [])
    if alert:
        raised = Alert.objects.get()
        assert raised.raised_at == row.due_at, "an alert is dated when the limit passed"
        assert raised.created_at > row.due_at, "and says when it was noticed"
        assert raised.incident_id == incident.pk
    after = limit(kind)
    assert after.state == "missed"
    assert after.noticed_at > after.due_at  # type: ignore[operator]
    assert after.version == row.version + 1


def send_done(order: Any) -> Any:
    """Name an order that must be there."""
    assert order is not None
    return order


def test_every_kind_of_limit_is_tested_and_has_its_entry() -> None:
    stake_out = {"prompt", "answer"}  # test_modes.py: who is asked has missed nothing
    assert set(FIRED) | stake_out == set(Kind.values) == {str(kind) for kind in deadlines.ENTRY} | {"prompt"}


def test_a_missed_delivery_says_how_to_reach_the_unit_by_radio(cast: Cast) -> None:
    cast.on_duty()
    Unit.objects.filter(pk=cast.car12.pk).update(radio_id="R-12")
    send(cast, take(cast))
    passed("deliver")
    deadlines.sweep()
    assert entries("assignment.undelivered")[0]["radio_channel"] == "巡1"
    assert Alert.objects.get().data["radio_id"] == "R-12"


def test_a_p1_without_order_or_acceptance_is_critical_and_names_the_next_unit(cast: Cast) -> None:
    cast.on_duty()
    incident = take(cast, priority=1)
    passed("order")
    deadlines.sweep()
    first = Alert.objects.get(kind="order_overdue")
    assert (first.severity, first.data["proposed"]) == ("critical", "car-12")
    send(cast, incident)
    passed("accept")
    deadlines.sweep()
    second = Alert.objects.get(kind="unaccepted")
    assert (second.severity, second.to, second.data["proposed"]) == ("critical", "watch", "car-7")


# --- met, met late, no longer wanted ---


def test_a_limit_that_is_met_never_fires(cast: Cast) -> None:
    cast.on_duty()
    incident = take(cast)
    order = drive(cast, send(cast, incident), "on_scene")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1), tick=True):
        deadlines.sweep()
    states = set(Deadline.objects.filter(incident=incident).values_list("state", flat=True))
    assert states == {"met"}
    assert not Alert.objects.filter(incident=incident).exists()
    assert order.state == "on_scene"


def test_a_miss_that_is_met_late_stays_a_miss_and_says_when(cast: Cast) -> None:
    cast.on_duty()
    incident = take(cast)
    passed("order")
    deadlines.sweep()
    send(cast, incident)
    row = limit("order")
    assert row.state == "missed"
    assert row.stopped_at is not None
    assert row.stopped_at > row.due_at
    alert = Alert.objects.get(kind="order_overdue")
    assert not alert.is_open, "nobody needs to look any more"
    decisions.cancel(
        by=cast.actor("sam"), incident_id=incident.pk, version=Incident.objects.get().version, code="CX1", reason="撤"
    )
    assert limit("order").state == "missed", "a cancellation does not wash it away (domain 8)"


def test_a_limit_met_between_its_moment_and_the_sweep_is_a_miss_without_an_alarm(cast: Cast) -> None:
    cast.on_duty()
    incident = take(cast)
    due = passed("order").due_at
    send(cast, incident)
    row = limit("order")
    assert (row.state, row.stopped_at is not None) == ("running", True)
    assert deadlines.sweep() == 1
    row = limit("order")
    assert (row.state, row.due_at) == ("missed", due)
    assert entries("incident.overdue")[0]["passed_at"] == stamp(due)
    assert not Alert.objects.filter(kind="order_overdue").exists()


def test_a_withdrawn_order_has_no_limits_any_more_and_the_incident_waits_again(cast: Cast) -> None:
    cast.on_duty()
    incident = take(cast)
    order = send(cast, incident)
    orders.withdraw(by=cast.actor("dana"), assignment_id=order.pk, code="CX1")
    assert set(Deadline.objects.filter(assignment_id=order.pk).values_list("state", flat=True)) == {"void"}
    again = Deadline.objects.get(kind="order", state="running")
    assert again.due_at > Deadline.objects.get(kind="order", state="met").due_at
    with time_machine.travel(again.due_at + SECOND, tick=True):
        deadlines.sweep()
    assert [data["limit"] for data in entries("incident.overdue")] == ["order"]
    assert entries("assignment.unaccepted") == []


def test_a_refusal_voids_the_orders_limits_but_stops_no_clock_of_the_incident(cast: Cast) -> None:
    cast.on_duty()
    incident = take(cast)
    order = send(cast, incident)
    moves.refuse(by=cast.actor("omar"), assignment_id=order.pk, code="RF2", text="人手不够")
    of_order = Deadline.objects.filter(assignment_id=order.pk)
    assert set(of_order.values_list("state", flat=True)) == {"void"}
    clocks = Deadline.objects.filter(incident=incident, kind__startswith="arrive", assignment_id__isnull=True)
    assert set(clocks.values_list("state", flat=True)) == {"running"}
    assert clocks.count() == 4


def test_an_incident_that_ends_voids_what_runs(cast: Cast) -> None:
    cast.on_duty()
    incident = take(cast)
    send(cast, incident)
    incident.refresh_from_db()
    decisions.invalidate(by=cast.actor("sam"), incident_id=incident.pk, version=incident.version, reason="假警")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=True):
        deadlines.sweep()
    assert not Deadline.objects.filter(incident=incident, state="missed").exists()
    assert entries("incident.late") == []


def test_a_report_in_time_stops_the_limit_for_reports(cast: Cast) -> None:
    cast.on_duty()
    handled(cast)
    assert limit("report").state == "met"


def test_a_progress_report_stops_nothing(cast: Cast) -> None:
    cast.on_duty()
    order = drive(cast, send(cast, take(cast)), "on_scene")
    moves.finish(by=cast.actor("omar"), assignment_id=order.pk, result_code="RS16")
    reports.file_report(by=cast.actor("omar"), assignment_id=order.pk, kind="progress", facts={}, photo_ids=[])
    assert limit("report").state == "running"
    report(cast, order)
    assert limit("report").state == "met"


def test_a_fire_and_the_act_that_meets_it_at_the_same_moment_agree(cast: Cast) -> None:
    """Either the miss was noticed first and its alarm ended by the order, or the order came first and no alarm rang."""
    cast.on_duty()
    for unit in (cast.car12, cast.car7):
        incident = take(cast)
        Deadline.objects.filter(incident=incident, kind="order").update(due_at=timezone.now() - SECOND)
        order = functools.partial(send, cast, incident, unit, override_reason="OV1")
        acts: list[Callable[[], Any]] = [deadlines.sweep, order, deadlines.sweep]
        together(acts)
        deadlines.sweep()
        row = Deadline.objects.get(incident=incident, kind="order")
        assert row.state == "missed"
        assert row.stopped_at is not None
        assert not Alert.objects.filter(
            incident=incident, kind="order_overdue", acknowledged_at=None, cause_ended_at=None
        ).exists()


# --- what cannot be fired ---


def test_a_row_that_cannot_be_fired_is_set_aside_and_shown_while_the_others_fire(cast: Cast) -> None:
    """A limit of a kind that this release does not know, as after a downgrade."""
    take(cast)
    take(cast)
    bad = Deadline.objects.filter(kind="order").order_by("id").first()
    assert bad is not None
    Deadline.objects.filter(pk=bad.pk).update(kind="unheard", due_at=timezone.now() - 2 * SECOND)
    Deadline.objects.filter(kind="order").update(due_at=timezone.now() - SECOND)
    assert deadlines.sweep() == 1
    bad.refresh_from_db()
    assert bad.state == "running"
    assert bad.set_aside_until is not None
    assert dt.timedelta(seconds=55) < bad.set_aside_until - timezone.now() <= dt.timedelta(minutes=1)
    shown = Alert.objects.get(kind="sweep_failed")
    assert (shown.severity, shown.to, shown.data["deadline"]) == ("critical", "watch", "unheard")
    assert len(entries("deadline.set_aside")) == 1
    assert deadlines.sweep() == 0, "for a minute it is left alone"
    with time_machine.travel(bad.set_aside_until + SECOND, tick=True):
        deadlines.sweep()
        assert len(entries("deadline.set_aside")) == 2
        assert Alert.objects.filter(kind="sweep_failed").count() == 1, "one alarm for one cause"
    Deadline.objects.filter(pk=bad.pk).update(kind="order")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=5), tick=True):
        deadlines.sweep()
    bad.refresh_from_db()
    assert bad.state == "missed", "it fires as soon as it can"


# --- who sweeps ---


def test_every_sweep_stamps_its_heartbeat(cast: Cast) -> None:
    before = timezone.now()
    deadlines.sweep()
    assert Heartbeat.objects.get(name="sweep").at >= before
    age = deadlines.heartbeat_age(timezone.now())
    assert age is not None
    assert 0 <= age < 5


def beat_ago(seconds: float | None) -> None:
    """Let the last sweep have been so long ago, or never."""
    Heartbeat.objects.filter(name="sweep").delete()
    if seconds is not None:
        Heartbeat.objects.create(name="sweep", at=timezone.now() - seconds * SECOND)


@pytest.mark.parametrize(("seconds", "takes_over"), [(0.2, False), (None, True), (30, True)])
def test_a_web_process_sweeps_when_nobody_else_does(cast: Cast, seconds: float | None, takes_over: bool) -> None:
    take(cast)
    passed("order")
    beat_ago(seconds)
    assert watch.look() is takes_over
    assert limit("order").state == ("missed" if takes_over else "running")


def test_of_several_web_processes_one_takes_over(cast: Cast) -> None:
    take(cast)
    passed("order")
    beat_ago(30)
    with connection.cursor() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [watch.LOCK])
        # Another process (another connection) holds the watch: whoever looks meanwhile leaves it alone.
        assert together([watch.look]) == [False]
        other.execute("SELECT pg_advisory_unlock(%s)", [watch.LOCK])
    found = together([watch.look] * 6)
    assert found.count(True) >= 1
    assert len(entries("incident.overdue")) == 1


def test_no_moment_is_ever_handed_to_celery() -> None:
    """No eta, no countdown (rule 37): a limit is a row, and a task means "look"."""
    for app in ("incidents", "patrol", "dispatch", "zz110"):
        for path in (CHECKOUT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.keyword):
                    assert node.arg not in ("eta", "countdown"), path
                if isinstance(node, ast.Attribute):
                    assert node.attr not in ("apply_async", "delay", "delay_on_commit"), path


# --- units that fall silent ---


def heard(unit: Unit, ago: float) -> None:
    """Let a unit's last fix have come so many seconds ago."""
    Position.objects.filter(unit=unit).update(received_at=timezone.now() - ago * SECOND)


def test_a_unit_on_duty_that_sends_nothing_for_three_minutes_is_noticed_once(cast: Cast) -> None:
    cast.on_duty()
    heard(cast.car12, 179)
    deadlines.sweep()
    assert not Alert.objects.exists()
    heard(cast.car12, 200)
    deadlines.sweep()
    deadlines.sweep()
    alert = Alert.objects.get(kind="unit_silent")
    assert alert.unit_id == cast.car12.pk
    last = Position.objects.get(unit=cast.car12).received_at
    assert alert.raised_at == last + deadlines.SILENT_AFTER, "dated when the three minutes were over"
    assert [data["call_sign"] for data in entries("unit.went_silent")] == ["car-12"]
    cast.place(cast.car12, 24.5121, 117.6546)
    deadlines.sweep()
    deadlines.sweep()
    alert.refresh_from_db()
    assert not alert.is_open
    assert len(entries("unit.was_heard")) == 1


def test_a_unit_off_duty_may_be_silent(cast: Cast) -> None:
    cast.on_duty()
    services.end_shift(by=cast.actor("omar"), unit_id=cast.car12.pk)
    heard(cast.car12, 600)
    deadlines.sweep()
    assert not Alert.objects.exists()


def test_eight_sweepers_notice_a_silent_unit_once(cast: Cast) -> None:
    cast.on_duty()
    heard(cast.car12, 600)
    heard(cast.car7, 600)
    together([deadlines.sweep] * 8)
    assert sorted(data["call_sign"] for data in entries("unit.went_silent")) == ["car-12", "car-7"]
    assert Alert.objects.filter(kind="unit_silent").count() == 2


def test_a_lost_call_has_no_limit_that_the_sweep_could_miss(cast: Cast) -> None:
    """Only incidents have limits; a call that rings alone is on the board, not in the sweep."""
    ring(cast)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1), tick=True):
        assert deadlines.sweep() == 0

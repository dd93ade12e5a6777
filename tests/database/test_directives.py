"""Directives: from the fusion and the video desk straight to units, with one live order per unit (M23, M25, R9)."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch.directives import following
from dispatch.directives.models import Directive, DirectiveLine
from dispatch.directives.services import Plan, accept_directive, issue_directive, send_interception, withdraw_directive
from dispatch.models import Assignment
from dispatch.services import decisions, moves, orders
from incidents.models import Alert, Incident, LockedPosition
from incidents.refusals import BadInput, Forbidden, NotFound, UnitBusy, WrongTurn
from incidents.services import fusion, locked_positions
from incidents.services.locked_positions import Fix
from tests.database.acts import drive, kinds, report, send, take
from tests.database.casework import FIX, SNATCH, locked, working
from tests.database.test_fusion import seen_in_feed
from tests.database.together import together
from tests.people import Cast, register

Line, State = DirectiveLine.State, Directive.State
FURTHER = Fix(lat=24.5200, lng=117.7100, radius_m=40, source="camera", confidence="high")


def plan(*units: int, task: str = "assist", **more: Any) -> Plan:
    """Return a plan for some units; the first one leads."""
    return Plan(task=task, text="沿河查找红帽男子", units=dict.fromkeys(units), lead=units[0], **more)


def issue(cast: Cast, incident: Incident, *units: int, who: str = "vic", **more: Any) -> Directive:
    """Let the video desk issue a directive."""
    return issue_directive(by=cast.actor(who), incident_id=incident.pk, plan=plan(*units, **more))


def lines(row: Directive) -> dict[str, tuple[bool, str]]:
    """Return attached and state of each unit."""
    return {one.call_sign: (one.attached, one.state) for one in DirectiveLine.objects.filter(directive=row)}


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ([], "issued"), (["waiting", "accepted"], "issued"), (["accepted", "accepted"], "accepted"),
        (["accepted", "dropped"], "accepted"), (["working", "waiting"], "under_way"), (["finished", "working"], "under_way"),
        (["finished", "dropped"], "done"), (["dropped"], "issued"), (["finished", "accepted"], "accepted"),
    ],
)  # fmt: skip
def test_the_state_of_a_directive_follows_from_its_orders(states: list[str], found: str) -> None:
    assert following.derive(states) == found


def test_a_free_unit_gets_an_order_and_a_unit_on_the_incident_keeps_its_own(quick: Cast, api: Any) -> None:
    """Story A, step 6: the assist directive of the video squad; the dispatcher sees both at once (M25)."""
    incident = take(quick)
    first = drive(quick, send(quick, incident), "on_scene")
    body = {
        "task": "assist", "text": "往南沿河查找", "units": [{"unit": quick.car12.pk}, {"unit": quick.car7.pk}],
        "point": {"lat": 24.5050, "lng": 117.6600, "crs": "WGS84"}, "place": "中山桥南",
    }  # fmt: skip
    key = {"key": str(uuid.uuid4())}
    made = api(quick.user("vic")).post(f"/api/incidents/{incident.pk}/directives/", body, **key)
    assert made.status_code == 201, made.content
    row = Directive.objects.get(pk=made.json()["directive"]["id"])
    again = api(quick.user("vic")).post(f"/api/incidents/{incident.pk}/directives/", body, **key)
    assert (again.json()["directive"]["id"], Directive.objects.count()) == (row.pk, 1)
    assert lines(row) == {"car-12": (True, "waiting"), "car-7": (False, "waiting")}
    assert (row.state, row.issued_from, row.lead_call_sign) == ("issued", "video", "car-12")
    second = Assignment.objects.get(unit=quick.car7)
    assert (second.purpose, second.state, second.order_text) == ("directive", "dispatched", "往南沿河查找")
    assert Assignment.objects.filter(unit=quick.car12).count() == 1
    assert not second.incident.deadlines.filter(assignment_id=second.pk, kind="arrive").exists()
    # The desk is told by the same entry, with an alert; the units see it; nobody else's unit does.
    assert {one["id"] for one in seen_in_feed(quick, "desk", "directive.issued")} >= {row.pk}
    assert Alert.objects.get(kind="directive_issued").data["units"] == "car-12 car-7"
    for unit in (quick.car12, quick.car7):
        assert seen_in_feed(quick, f"unit.{unit.pk}", "directive.issued")
    other = register(quick.centre, quick.squad, "car-9", "UP")
    assert seen_in_feed(quick, f"unit.{other.pk}", "directive.issued") == []
    [told] = api(quick.user("omar")).get("/api/my-unit/").json()["directives"]
    assert (told["task"], told["place"], told["point"]) == ("assist", "中山桥南", {"lat": 24.505, "lng": 117.66})
    [listed] = api(quick.user("lee")).get("/api/directives/").json()["directives"]
    assert listed["incident_no"] == incident.incident_no
    assert api(quick.user("dana")).get("/api/snapshot/").json()["rows"]["directive"][0]["id"] == row.pk
    # Each unit accepts in its own way; the state follows by itself.
    accept_directive(by=quick.actor("omar"), directive_id=row.pk)
    accept_directive(by=quick.actor("omar"), directive_id=row.pk)
    row.refresh_from_db()
    assert row.state == "under_way"  # car-12 is there already
    drive(quick, second, "on_scene", "nia")
    row.refresh_from_db()
    assert lines(row) == {"car-12": (True, "working"), "car-7": (False, "working")}
    assert row.accepted_at is not None
    assert not Alert.objects.filter(kind="directive_issued", cause_ended_at__isnull=True).exists()
    with pytest.raises(Forbidden):
        accept_directive(by=quick.actor("sam"), directive_id=row.pk)
    for order, who in ((first, "omar"), (second, "nia")):
        moves.finish(by=quick.actor(who), assignment_id=order.pk, result_code="RS01")
    row.refresh_from_db()
    assert (row.state, row.ended_at is not None) == ("done", True)
    states = [kind for kind in kinds(incident) if kind.startswith("directive.")]
    assert states.count("directive.accepted") == 1
    assert states[0] == "directive.issued"
    assert states[-1] == "directive.advanced"


def test_a_unit_that_is_busy_elsewhere_is_refused_unless_it_leaves_less_urgent_work(quick: Cast) -> None:
    elsewhere = take(quick, type_reported="0402", priority=4)
    theirs = send(quick, elsewhere)
    incident = take(quick, **SNATCH)
    with pytest.raises(UnitBusy):
        issue(quick, incident, quick.car12.pk)
    assert not Directive.objects.exists()
    leaving = Plan(task="track", text="跟踪", units={quick.car12.pk: theirs.pk}, lead=quick.car12.pk)
    row = issue_directive(by=quick.actor("ana"), incident_id=incident.pk, plan=leaving)
    theirs.refresh_from_db()
    assert (theirs.state, theirs.cancel_code) == ("withdrawn", "CX3")
    assert lines(row) == {"car-12": (False, "waiting")}
    assert Assignment.objects.filter(unit=quick.car12, state__in=["dispatched", "delivered"]).count() == 1
    with pytest.raises(BadInput):
        issue_directive(
            by=quick.actor("ana"), incident_id=incident.pk,
            plan=Plan("assist", "x", {quick.car7.pk: None}, lead=quick.car12.pk),
        )  # fmt: skip
    with pytest.raises(NotFound):
        issue(quick, take(quick, type_reported="1003"), quick.car7.pk)


def test_an_arrest_rests_on_the_present_position_and_moves_with_its_renewal(quick: Cast) -> None:
    """Story B, step 7: 14:02 the directive, 14:20 the position is renewed; the old point stays in the log (M23)."""
    incident = take(quick, **SNATCH)
    request = working(quick, incident)
    first = locked(quick, request)
    with pytest.raises(BadInput):
        issue(quick, incident, quick.car12.pk, task="arrest")
    row = issue(quick, incident, quick.car12.pk, quick.car7.pk, task="arrest", position_id=first.pk, silent=True)
    assert (row.lat, row.lng, row.radius_m, row.silent) == (FIX.lat, FIX.lng, FIX.radius_m, True)
    second = locked_positions.renew_position(by=quick.actor("ana"), position_id=first.pk, fix=FURTHER)
    row.refresh_from_db()
    assert (row.locked_position_id, row.lat, row.radius_m) == (second.pk, FURTHER.lat, 40)
    [old] = row.moved
    assert (old["position"], old["point"], old["radius_m"]) == (first.pk, {"lat": FIX.lat, "lng": FIX.lng}, 60)
    assert seen_in_feed(quick, f"unit.{quick.car7.pk}", "directive.moved")
    assert LockedPosition.objects.get(pk=first.pk).replaced_at is not None
    other = register(quick.centre, quick.squad, "car-9", "UP")
    with pytest.raises(WrongTurn) as refused:
        issue(quick, incident, other.pk, task="stake_out", position_id=first.pk)
    assert refused.value.current == second
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=31)), pytest.raises(WrongTurn):
        issue(quick, incident, other.pk, task="stake_out", position_id=second.pk)


def test_a_withdrawn_directive_takes_back_its_own_orders_alone_and_an_open_one_keeps_the_incident_open(
    quick: Cast,
) -> None:
    incident = take(quick)
    order = drive(quick, send(quick, incident), "on_scene")
    row = issue(quick, incident, quick.car12.pk, quick.car7.pk)
    own = Assignment.objects.get(unit=quick.car7)
    moves.finish(by=quick.actor("omar"), assignment_id=order.pk, result_code="RS16")
    report(quick, order)
    assert following.keeps_open(Incident.objects.get(pk=incident.pk))
    withdraw_directive(by=quick.actor("vic"), directive_id=row.pk, reason="目标已离开")
    own.refresh_from_db()
    assert (own.state, own.cancel_code, own.cancel_text) == ("withdrawn", "CX9", "目标已离开")
    quick.car7.refresh_from_db()
    assert quick.car7.status == "available"
    assert not following.keeps_open(incident)
    row.refresh_from_db()
    assert (row.state, row.withdraw_reason) == ("withdrawn", "目标已离开")
    assert withdraw_directive(by=quick.actor("vic"), directive_id=row.pk, reason="x").version == row.version
    with pytest.raises(WrongTurn):
        accept_directive(by=quick.actor("nia"), directive_id=row.pk)


def test_an_incident_that_is_cancelled_ends_its_directives(quick: Cast) -> None:
    incident = take(quick)
    row = issue(quick, incident, quick.car12.pk)
    incident.refresh_from_db()
    decisions.cancel(by=quick.actor("dana"), incident_id=incident.pk, version=incident.version, code="CX4", reason="")
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert not Alert.objects.filter(kind="directive_issued", cause_ended_at__isnull=True).exists()


def test_an_interception_sends_every_point_with_its_own_unit_or_none(quick: Cast) -> None:
    incident = take(quick, **SNATCH)
    points = [{"lat": 24.5050, "lng": 117.6600}, {"lat": 24.5080, "lng": 117.6700}]
    plans = [
        plan(unit.pk, task="intercept", point=point, place=name)
        for unit, point, name in zip((quick.car12, quick.car7), points, ("中山桥", "战备大桥"), strict=True)
    ]
    rows = send_interception(by=quick.actor("dana"), incident_id=incident.pk, plans=plans)
    assert [(row.place, list(lines(row))) for row in rows] == [("中山桥", ["car-12"]), ("战备大桥", ["car-7"])]
    incident.refresh_from_db()
    assert (incident.mode, sorted(incident.units)) == ("interception", sorted([quick.car12.pk, quick.car7.pk]))
    again = take(quick, **SNATCH)
    free = register(quick.centre, quick.squad, "car-9", "UP")
    with pytest.raises(UnitBusy):
        send_interception(by=quick.actor("dana"), incident_id=again.pk, plans=[plan(free.pk), plan(quick.car7.pk)])
    assert Directive.objects.filter(incident=again).count() == 0


def test_while_the_dispatcher_orders_a_unit_the_fusion_desk_directs_it_and_it_has_one_order(cast: Cast) -> None:
    """Whoever is second finds the unit at work: on the same incident the directive joins the order."""
    cast.on_duty()
    incident = take(cast, **SNATCH)
    for _ in range(3):
        found: list[Any] = together(
            [
                partial(
                    orders.assign, by=cast.actor("dana"), incident_id=incident.pk, choices=[orders.Choice(cast.car12.pk)]
                ),
                partial(
                    issue_directive, by=cast.actor("ana"), incident_id=incident.pk, plan=plan(cast.car12.pk)
                ),
            ],
            raise_errors=False,
        )  # fmt: skip
        live = Assignment.objects.filter(unit=cast.car12, state__in=["dispatched", "delivered"])
        assert live.count() == 1
        assert type(found[1]).__name__ == "Directive", found
        assert type(found[0]).__name__ in ("list", "UnitBusy"), found
        row = Directive.objects.latest("id")
        [line] = DirectiveLine.objects.filter(directive=row)
        assert line.assignment_id == live.get().pk
        assert line.attached == (live.get().purpose == "first")
        withdraw_directive(by=cast.actor("ana"), directive_id=row.pk, reason="重来")
        for order in live:
            orders.withdraw(by=cast.actor("dana"), assignment_id=order.pk, code="CX8")
    fusion.keeps_open(incident)

"""Administrators: people, rights and codes, each with its entry; shifts and positions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from incidents.models import Code, Entry
from incidents.refusals import BadInput, Forbidden, UnitBusy
from incidents.services import codes
from patrol import positions, services
from patrol.filters import FixIn
from patrol.models import Position, Shift, StatusPeriod
from tests.database.acts import kinds, send, take
from tests.people import Cast, register


def test_an_administrator_makes_and_disables_people_but_never_changes_the_own_rights(quick: Cast, api: Any) -> None:
    ada = api(quick.user("ada"))
    body = {"username": "xin", "password": "long-enough-1", "name": "新人", "badge": "7777", "roles": ["call_taker"]}
    made = ada.post("/api/users/", body)
    assert made.status_code == 201
    assert ada.post("/api/users/", body).status_code == 400
    row = made.json()["user"]
    off = ada.patch(f"/api/users/{row['id']}/", {"version": row["version"], "is_active": False, "roles": []})
    assert (off.status_code, off.json()["user"]["is_active"], off.json()["user"]["roles"]) == (200, False, [])
    assert ada.patch(f"/api/users/{row['id']}/", {"version": row["version"], "is_active": True}).status_code == 409
    own = quick.user("ada")
    answer = ada.patch(f"/api/users/{own.pk}/", {"version": own.version, "roles": ["inspector"]})
    assert answer.status_code == 403
    assert kinds()[-3:] == ["user.created", "user.roles_set", "user.disabled"]


@pytest.mark.parametrize("roles", [["administrator", "dispatcher"], ["inspector", "watch_commander"], ["emperor"]])
def test_roles_that_exclude_each_other_are_refused(quick: Cast, api: Any, roles: list[str]) -> None:
    body = {"username": "xin", "password": "long-enough-1", "name": "新人", "roles": roles}
    assert api(quick.user("ada")).post("/api/users/", body).status_code == 400


def test_an_edited_code_keeps_its_before_and_survives_the_next_release(quick: Cast, api: Any) -> None:
    code = Code.objects.get(table="delay", code="DL1")
    ada = api(quick.user("ada"))
    answer = ada.patch("/api/codes/delay/DL1/", {"version": code.version, "zh": "严重拥堵", "ext_code": "D-01"})
    assert answer.status_code == 200
    assert ada.patch("/api/codes/delay/DL1/", {"version": code.version, "zh": "x"}).status_code == 409
    assert ada.patch("/api/codes/delay/XX/", {"version": 1, "zh": "x"}).status_code == 404
    entry = Entry.objects.order_by("-seq").first()
    assert entry is not None
    assert (entry.kind, '"zh":["拥堵","严重拥堵"]' in entry.body) == ("code.edited", True)
    assert codes.load_codes() == (0, 0)
    code.refresh_from_db()
    assert code.zh == "严重拥堵"


def test_an_inactive_code_can_no_longer_be_chosen(quick: Cast, api: Any) -> None:
    code = Code.objects.get(table="incident_type", code="0215")
    api(quick.user("ada")).patch("/api/codes/incident_type/0215/", {"version": code.version, "active": False})
    with pytest.raises(BadInput):
        take(quick, type_reported="0215")


def test_a_shift_needs_a_sworn_lead_free_people_and_a_free_unit(quick: Cast) -> None:
    other = register(quick.centre, quick.squad, "car-9", "UP")
    start: dict[str, Any] = {"unit_id": other.pk, "crew_nos": [], "equipment": []}
    with pytest.raises(BadInput) as taken:
        services.start_shift(by=quick.actor("omar"), lead_no="", **start)
    assert "lead" in (taken.value.fields or {})
    services.end_shift(by=quick.actor("omar"), unit_id=quick.car12.pk)
    with pytest.raises(BadInput):
        services.start_shift(by=quick.actor("ned"), lead_no="", **start)
    with pytest.raises(UnitBusy):
        services.start_shift(by=quick.actor("omar"), unit_id=quick.car7.pk, lead_no="", crew_nos=[], equipment=[])
    unit = services.start_shift(by=quick.actor("ned"), lead_no=quick.users["omar"].badge, **start)
    assert unit.on_shift is not None
    assert [member["name"] for member in unit.on_shift["crew"]] == ["Omar", "Ned"]
    assert quick.user("ned").on_unit == other.pk


def test_the_database_refuses_overlapping_shifts_by_name(quick: Cast) -> None:
    running = Shift.objects.get(unit=quick.car12)
    with pytest.raises(IntegrityError, match="a_units_shifts_never_overlap"), transaction.atomic():
        Shift.objects.create(
            centre=quick.centre, unit=quick.car12, lead=quick.users["nia"], started_at=running.started_at
        )


def test_nobody_goes_off_duty_with_an_order(quick: Cast) -> None:
    send(quick, take(quick))
    with pytest.raises(UnitBusy):
        services.end_shift(by=quick.actor("omar"), unit_id=quick.car12.pk)


def test_a_status_is_set_in_one_place_which_closes_the_period_before(quick: Cast) -> None:
    services.choose_status(by=quick.actor("ned"), unit_id=quick.car12.pk, status="break", reason="午餐")
    with pytest.raises(BadInput):
        services.choose_status(by=quick.actor("ned"), unit_id=quick.car12.pk, status="en_route", reason="")
    with pytest.raises(Forbidden):
        services.choose_status(by=quick.actor("nia"), unit_id=quick.car12.pk, status="available", reason="")
    periods = list(StatusPeriod.objects.filter(unit=quick.car12).order_by("started_at", "id"))
    assert [period.status for period in periods] == ["off_duty", "available", "break"]
    assert [period.ended_at is None for period in periods] == [False, False, True]
    assert periods[1].ended_at == periods[2].started_at


def test_fixes_are_taken_doubted_or_refused_with_a_reason(quick: Cast) -> None:
    """A51: 300 km in five seconds is kept as suspect and moves nothing; the future is refused."""
    now = timezone.now()
    unit = quick.car12.pk
    good = FixIn(unit, 24.5130, 117.6550, now + dt.timedelta(seconds=1))
    far = FixIn(unit, 24.5600, 117.7700, now + dt.timedelta(seconds=2))
    future = FixIn(unit, 24.5131, 117.6551, now + dt.timedelta(minutes=5))
    old = FixIn(unit, 24.5131, 117.6551, now - dt.timedelta(days=1))
    coarse = FixIn(unit, 24.5131, 117.6551, now + dt.timedelta(seconds=3), accuracy_m=9_000)
    taken = positions.take_fixes([good, far, future, old, coarse])
    assert taken.count == 2
    assert taken.refused == [(2, "from_the_future"), (3, "too_old"), (4, "too_coarse")]
    position = Position.objects.get(unit_id=unit)
    assert (position.lat, position.lng) == (24.5120, 117.6545)
    assert position.suspect
    assert positions.take_fixes([good]).count == 1


def test_a_fix_of_yesterday_never_moves_the_marker_back(quick: Cast) -> None:
    now = timezone.now()
    positions.take_fixes([FixIn(quick.car12.pk, 24.5130, 117.6550, now + dt.timedelta(seconds=5))])
    positions.take_fixes([FixIn(quick.car12.pk, 24.5125, 117.6548, now - dt.timedelta(seconds=30))])
    assert Position.objects.get(unit_id=quick.car12.pk).lat == 24.5130


def test_an_edited_limit_takes_effect_and_nonsense_is_named(quick: Cast, api: Any) -> None:
    ada, code = api(quick.user("ada")), Code.objects.get(table="priority", code="3")
    wrong = ada.patch(
        "/api/codes/priority/3/", {"version": code.version, "attributes": {**code.attributes, "accept_s": -5}}
    )
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["attributes.accept_s"])
    right = ada.patch(
        "/api/codes/priority/3/", {"version": code.version, "attributes": {**code.attributes, "accept_s": 45}}
    )
    assert right.status_code == 200
    order = send(quick, take(quick))
    due = order.incident.deadlines.get(kind="accept").due_at
    assert (due - order.dispatched_at).total_seconds() == 45

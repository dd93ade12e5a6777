"""The roster (勤务报备), breaks, out of service, post checks (查勤, R15) and the duty level (等级勤务, R26)."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dispatch import deadlines
from incidents import codebook, duty, limits
from incidents.models import Alert, Code, DutyLevel, Entry
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.services import duty_levels
from patrol import services
from patrol.duty import away, checks, csv_rows, reading, roster
from patrol.models import PlannedMember, PlannedShift, PostAnswer, PostCheck, Unit
from tests.database.acts import kinds, send, take
from tests.database.together import errors_of, together
from tests.faults.duty_samples import planned
from tests.people import Cast, register

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def plan(cast: Cast, unit: Unit, lead: str, crew: list[str], starts_at: dt.datetime) -> PlannedShift:
    """Plan a shift as the watch commander."""
    facts = {
        "lead": cast.users[lead].badge,
        "crew": [cast.users[name].badge for name in crew],
        "starts_at": starts_at,
        "ends_at": starts_at + 8 * HOUR,
    }
    return roster.plan_shift(by=cast.actor("sam"), centre_id=cast.centre.pk, unit_id=unit.pk, facts=facts)


# --- the roster ---


def test_neither_a_unit_nor_a_person_is_planned_twice_at_a_time_and_the_database_says_so(quick: Cast) -> None:
    tomorrow = timezone.now() + 24 * HOUR
    first = plan(quick, quick.car7, "nia", ["ned"], tomorrow)
    with pytest.raises(BadInput) as refused:
        plan(quick, quick.car7, "omar", [], tomorrow + HOUR)
    assert list(refused.value.fields or {}) == ["unit"]
    with pytest.raises(BadInput) as refused:
        plan(quick, quick.car12, "omar", ["ned"], tomorrow + 7 * HOUR)
    assert quick.users["ned"].badge in str((refused.value.fields or {})["crew"])
    with pytest.raises(BadInput) as refused:
        plan(quick, quick.car12, "ned", [], tomorrow)
    assert "lead" in (refused.value.fields or {})  # an auxiliary leads nothing (M46)
    after = plan(quick, quick.car7, "omar", ["ned"], tomorrow + 8 * HOUR)  # the next begins where the first ends
    with pytest.raises(IntegrityError, match="a_units_planned_shifts_never_overlap"), transaction.atomic():
        PlannedShift.objects.filter(pk=after.pk).update(starts_at=tomorrow)
    with pytest.raises(IntegrityError, match="a_person_is_planned_on_one_shift_at_a_time"), transaction.atomic():
        PlannedMember.objects.filter(planned=after).update(starts_at=tomorrow)
    roster.cancel_planned(by=quick.actor("sam"), planned_id=first.pk, reason="调休")
    plan(quick, quick.car7, "nia", [], tomorrow)  # what is cancelled stands in nobody's way


def test_of_two_who_plan_one_person_at_the_same_moment_one_is_refused(cast: Cast) -> None:
    tomorrow = timezone.now() + 24 * HOUR
    found = together(
        [partial(plan, cast, unit, "nia", [], tomorrow) for unit in (cast.car12, cast.car7)],
        raise_errors=False,
    )
    [refused] = errors_of(found)
    assert isinstance(refused, BadInput)
    assert PlannedShift.objects.count() == 1


def test_a_station_plans_its_own_units_and_a_stale_edit_is_refused(quick: Cast, api: Any) -> None:
    car = register(quick.centre, quick.station, "S404", "US")
    start = timezone.now() + 24 * HOUR
    body = {"unit": car.pk, "lead": quick.users["nia"].badge, "starts_at": start.isoformat()}
    body["ends_at"] = (start + 8 * HOUR).isoformat()
    stan = api(quick.user("stan"))
    made = stan.post("/api/roster/", body)
    assert made.status_code == 201, made.content
    assert stan.post("/api/roster/", {**body, "unit": quick.car7.pk}).status_code == 403
    row = made.json()["planned_shift"]
    edit = {"version": row["version"], "post": "蓝田", "post_point": {"lat": 24.52, "lng": 117.72, "crs": "WGS84"}}
    changed = stan.patch(f"/api/roster/{row['id']}/", edit)
    assert changed.json()["planned_shift"]["post_point"] == {"lat": 24.52, "lng": 117.72}
    assert stan.patch(f"/api/roster/{row['id']}/", edit).json()["error"] == "stale"
    week = stan.get("/api/roster/", days=8).json()
    assert [unit["call_sign"] for unit in week["units"]] == ["S404"]
    assert len(week["planned_shifts"]) == 1
    assert kinds()[-2:] == ["roster.planned", "roster.changed"]


def test_a_table_is_taken_in_whole_or_not_at_all_and_a_second_time_changes_nothing(quick: Cast) -> None:
    nia, omar = quick.users["nia"].badge, quick.users["omar"].badge
    head = "呼号,带班,组员,开始,结束,岗位,巡区,车牌\n"
    good = f"car-7,{nia},{quick.users['ned'].badge},2099-01-01 08:00,2099-01-01 20:00,中山公园,一区,闽E0001警\n"
    rows = csv_rows.rows_of("\ufeff" + head + good)
    load = partial(roster.import_roster, by=quick.actor("sam"), centre_id=quick.centre.pk)
    assert load(rows=rows) == {"made": 1, "changed": 0, "same": 0}
    assert load(rows=rows) == {"made": 0, "changed": 0, "same": 1}
    row = PlannedShift.objects.get()
    assert (row.starts_at.hour, row.vehicle, row.beat) == (0, "闽E0001警", "一区")  # 08:00 in the city is 00:00 UTC
    bad = f"car-7,{omar},,2099-01-02 08:00,2099-01-02 20:00,,,\nX9,{nia},,2099-01-02 08:00,2099-01-02 20:00,,,\n"
    with pytest.raises(BadInput) as refused:
        load(rows=csv_rows.rows_of(head + bad))
    assert list(refused.value.fields or {}) == ["rows.1.call_sign"]
    assert PlannedShift.objects.count() == 1
    with pytest.raises(BadInput) as refused:
        csv_rows.rows_of(head + f"car-7,{nia},,morgen,2099-01-02 20:00,,,\n")
    assert list(refused.value.fields or {}) == ["rows.0.starts_at"]
    with pytest.raises(BadInput):
        csv_rows.rows_of("呼号\ncar-7\n")


def test_a_sign_on_is_held_against_the_plan_and_tells_who_is_missing(quick: Cast, api: Any) -> None:
    services.end_shift(by=quick.actor("nia"), unit_id=quick.car7.pk)
    services.end_shift(by=quick.actor("omar"), unit_id=quick.car12.pk)
    now = timezone.now()
    row = plan(quick, quick.car7, "nia", ["ned"], now - 5 * MINUTE)
    other = plan(quick, quick.car12, "omar", [], now - 2 * HOUR)
    offered = api(quick.user("nia")).get("/api/my-unit/").json()["planned"]
    assert (offered["id"], offered["lead_no"]) == (row.pk, quick.users["nia"].badge)
    services.start_shift(by=quick.actor("nia"), unit_id=quick.car7.pk, lead_no="", crew_nos=[], equipment=[])
    row.refresh_from_db()
    assert row.missing == [quick.users["ned"].badge]
    assert row.shift_id == Unit.objects.get(pk=quick.car7.pk).on_shift["id"]  # type: ignore[index]
    assert roster.sweep(timezone.now()) == 1  # car-12 should have come two hours ago
    assert roster.sweep(timezone.now()) == 0
    other.refresh_from_db()
    assert other.late_noticed_at is not None
    found = api(quick.user("sam")).get("/api/on-duty/").json()
    states = {unit["call_sign"]: unit["against_plan"] for unit in found["units"]}
    assert states == {"car-12": "missing", "car-7": "on_time"}
    rate = reading.check_in(quick.actor("sam"), now - 3 * HOUR, now)
    assert (rate["due"], rate["missing"], rate["on_time"], rate["rate"]) == (1, 1, 0, 0.0)
    with pytest.raises(WrongTurn):
        roster.cancel_planned(by=quick.actor("sam"), planned_id=row.pk, reason="误")


# --- away from the street ---


def test_a_break_has_its_limit_and_the_squad_its_number_of_breaks(quick: Cast) -> None:
    services.choose_status(by=quick.actor("omar"), unit_id=quick.car12.pk, status="break", reason="")
    unit = Unit.objects.get(pk=quick.car12.pk)
    assert unit.back_by is not None
    assert unit.back_by - unit.status_at == dt.timedelta(minutes=30)
    with pytest.raises(WrongTurn) as refused:
        services.choose_status(by=quick.actor("nia"), unit_id=quick.car7.pk, status="break", reason="")
    assert "car-12" in str(refused.value.sentence)
    services.choose_status(by=quick.actor("dana"), unit_id=quick.car7.pk, status="break", reason="指挥长同意")
    assert away.sweep(timezone.now()) == 0
    Unit.objects.filter(pk=unit.pk).update(back_by=timezone.now() - MINUTE)
    assert (away.sweep(timezone.now()), away.sweep(timezone.now())) == (1, 0)
    alert = Alert.objects.get(kind="return_overdue")
    assert (alert.unit_id, alert.data["status"]) == (unit.pk, "break")
    services.choose_status(by=quick.actor("omar"), unit_id=quick.car12.pk, status="available", reason="")
    assert away.sweep(timezone.now()) == 1
    alert.refresh_from_db()
    assert not alert.is_open
    assert "unit.returned" in kinds()


def test_of_two_crews_of_a_squad_who_take_the_last_break_one_is_refused(cast: Cast) -> None:
    cast.on_duty()
    found = together(
        [
            partial(services.choose_status, by=cast.actor(who), unit_id=unit.pk, status="break", reason="")
            for who, unit in (("omar", cast.car12), ("nia", cast.car7))
        ],
        raise_errors=False,
    )
    assert [type(error) for error in errors_of(found)] == [WrongTurn]


def test_out_of_service_says_why_and_until_when_and_the_desk_sets_many_at_once(quick: Cast, api: Any) -> None:
    omar, dana = api(quick.user("omar")), api(quick.user("dana"))
    bare = omar.post("/api/my-unit/status/", {"status": "out_of_service"})
    assert (bare.status_code, list(bare.json()["fields"])) == (400, ["reason"])
    back = (timezone.now() + HOUR).isoformat()
    body = {"status": "out_of_service", "reason_code": "vehicle", "back_at": back}
    unit = omar.post("/api/my-unit/status/", body).json()["unit"]
    assert (unit["away_reason"], unit["back_by"] is not None) == ("vehicle", True)
    order = send(quick, take(quick), quick.car7)
    unknown = dana.post("/api/units/status/", {"call_signs": ["car-12", "car-99"], "status": "on_task"})
    assert (unknown.status_code, list(unknown.json()["fields"])) == (400, ["call_signs"])
    bulk = dana.post(
        "/api/units/status/", {"units": [quick.car12.pk, quick.car7.pk], "status": "on_task", "reason": "护学"}
    )
    found = bulk.json()
    assert [row["call_sign"] for row in found["units"]] == ["car-12"]
    assert [row["call_sign"] for row in found["refused"]] == ["car-7"]
    assert (found["units"][0]["back_by"], found["units"][0]["away_reason"]) == (None, "")
    assert order.unit_id == quick.car7.pk


# --- the post check ---


def test_units_answer_a_post_check_by_phone_and_by_radio_and_the_result_is_published(quick: Cast, api: Any) -> None:
    Unit.objects.filter(pk=quick.car12.pk).update(home_lat=24.5120, home_lng=117.6545)
    ina, omar, dana = api(quick.user("ina")), api(quick.user("omar")), api(quick.user("dana"))
    made = ina.post("/api/post-checks/", {})
    assert made.status_code == 201, made.content
    check = PostCheck.objects.get()
    assert check.due_at - check.asked_at == dt.timedelta(minutes=3)
    [mine] = omar.get("/api/my-unit/").json()["post_answers"]
    assert omar.post("/api/post-checks/", {}).status_code == 403
    point = {"lat": 24.5130, "lng": 117.6545, "crs": "WGS84"}
    answer = omar.post(f"/api/post-answers/{mine['id']}/answer/", {"point": point}).json()["post_answer"]
    assert (answer["state"], answer["by_proxy"]) == ("answered", False)
    assert 100 < answer["distance_m"] < 125
    assert omar.get("/api/my-unit/").json()["post_answers"] == []
    other = PostAnswer.objects.get(unit=quick.car7)
    assert omar.post(f"/api/post-answers/{other.pk}/answer/", {}).status_code == 403
    told = dana.post(f"/api/post-answers/{other.pk}/answer/", {"place_text": "万达"}).json()["post_answer"]
    assert (told["by_proxy"], told["place_text"], told["fix_age_s"] is not None) == (True, "万达", True)
    assert kinds()[-1] == "post_check.published"  # the last answer publishes
    [shown] = ina.get("/api/post-checks/").json()["post_checks"]
    assert [row["state"] for row in shown["answers"]] == ["answered", "answered"]


def test_a_post_check_without_an_answer_is_noted_at_its_limit_and_a_late_answer_counts_as_late(quick: Cast) -> None:
    check = checks.ask(by=quick.actor("sam"), unit_ids=[quick.car12.pk], squad_id=None, within=None)
    assert checks.sweep(timezone.now()) == 0
    PostCheck.objects.update(asked_at=timezone.now() - HOUR, due_at=timezone.now() - MINUTE)
    PostAnswer.objects.update(due_at=timezone.now() - MINUTE)
    assert (checks.sweep(timezone.now()), checks.sweep(timezone.now())) == (1, 0)
    row = PostAnswer.objects.get(check_asked=check)
    assert row.state == "no_answer"
    late = checks.answer(by=quick.actor("omar"), answer_id=row.pk, point=None, place_text="")
    assert (late.state, late.answered_at is not None) == ("late", True)
    assert checks.answer(by=quick.actor("omar"), answer_id=row.pk, point=None, place_text="x").version == late.version
    with pytest.raises(BadInput):
        checks.ask(by=quick.actor("sam"), unit_ids=[], squad_id=quick.station.pk, within=None)
    with pytest.raises(Forbidden):
        checks.answer(by=quick.actor("nia"), answer_id=row.pk, point=None, place_text="")


# --- the duty level ---


def test_r26_the_duty_level_reaches_every_surface_and_changes_limits_breaks_and_targets(quick: Cast, api: Any) -> None:
    sam = api(quick.user("sam"))
    body = {"level": 1, "reason": "台风登陆", "task_sheet": "全员上岗"}
    assert api(quick.user("dana")).post("/api/duty-level/", body).status_code == 403
    made = sam.post("/api/duty-level/", body)
    assert made.status_code == 201, made.content
    for who in ("dana", "lee", "ina"):
        [shown] = api(quick.user(who)).get("/api/snapshot/").json()["rows"]["duty_level"]
        assert (shown["level"], shown["reason"]) == (1, "台风登陆")
    for who in ("omar", "ned"):
        assert api(quick.user(who)).get("/api/my-unit/").json()["duty_level"]["level"] == 1
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.kind, '"*"' in entry.readers) == ("duty.level_set", True)
    assert limits.of(1, centre_id=quick.centre.pk).order_within == dt.timedelta(seconds=24)
    assert limits.of(1).order_within == dt.timedelta(seconds=30)
    with pytest.raises(WrongTurn):
        services.choose_status(by=quick.actor("omar"), unit_id=quick.car12.pk, status="break", reason="")
    [squad] = sam.get("/api/duty-level/").json()["shortfall"]
    assert (squad["have"], squad["want"], squad["missing"]) == (2, 2, 0)  # no more is wanted than there is
    services.end_shift(by=quick.actor("nia"), unit_id=quick.car7.pk)
    assert sam.get("/api/duty-level/").json()["shortfall"][0]["missing"] == 1
    assert sam.post("/api/duty-level/", {**body, "level": 3, "reason": "解除"}).status_code == 201
    assert DutyLevel.objects.filter(ended_at__isnull=True).count() == 1
    with pytest.raises(IntegrityError, match="one_present_duty_level_per_centre"), transaction.atomic():
        DutyLevel.objects.update(ended_at=None)


def test_the_settings_of_a_level_are_edited_and_nonsense_is_named(quick: Cast, api: Any) -> None:
    ada, code = api(quick.user("ada")), Code.objects.get(table="duty_level", code="3")
    path = "/api/codes/duty_level/3/"
    wrong = ada.patch(path, {"version": code.version, "attributes": {**code.attributes, "limit_percent": 0}})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["attributes.limit_percent"])
    right = ada.patch(path, {"version": code.version, "attributes": {**code.attributes, "min_units": 2}})
    assert right.status_code == 200
    assert duty.present(quick.centre.pk).min_units == 2
    codebook.forget()


def test_two_levels_at_once_leave_one(cast: Cast) -> None:
    found = together(
        [
            partial(duty_levels.set_duty_level, by=cast.actor("sam"), level=level, reason="演练", task_sheet="")
            for level in (1, 2)
        ],
        raise_errors=False,
    )
    assert all(isinstance(error, WrongTurn) for error in errors_of(found))
    assert DutyLevel.objects.filter(ended_at__isnull=True).count() == 1


def test_the_sweep_of_the_second_does_all_of_it(quick: Cast) -> None:
    planned(quick, timezone.now() - HOUR)
    services.choose_status(by=quick.actor("omar"), unit_id=quick.car12.pk, status="break", reason="")
    Unit.objects.filter(pk=quick.car12.pk).update(back_by=timezone.now() - MINUTE)
    assert deadlines.sweep() == 2
    assert {"roster.late", "unit.return_overdue"} <= set(kinds())

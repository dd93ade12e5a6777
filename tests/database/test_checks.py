"""What officers tick, hand over and report; what reviewers return; what the quality sample finds."""

from __future__ import annotations

import datetime as dt
import functools
import json
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch import deadlines
from dispatch.api.my_unit import of_unit
from dispatch.models import Assignment, QualityMark, Report, SampleDraw, Tick
from dispatch.quality import services as quality
from dispatch.services import checklist, decisions, moves, reports
from incidents.models import Alert, Deadline, Entry, Incident, SupervisionOrder
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.services import parties
from patrol.models import Unit
from tests.database.acts import COMPLETE, drive, handled, kinds, report, send, take
from tests.database.together import together
from tests.people import Cast


def on_scene(cast: Cast, **facts: Any) -> Assignment:
    """Bring car-12 to a scene."""
    return drive(cast, send(cast, take(cast, **facts)), "on_scene")


def test_a_tick_keeps_both_times_and_can_be_taken_back(quick: Cast) -> None:
    """M18, R16."""
    order = on_scene(quick, type_reported="0206")
    claimed = timezone.now() - dt.timedelta(minutes=3)
    row = checklist.tick(
        by=quick.actor("omar"), assignment_id=order.pk, item="victim_safe", done=True, device_at=claimed
    )
    assert (row.done, row.device_at, row.ticked_by_no) == (True, claimed, quick.users["omar"].badge)
    checklist.tick(by=quick.actor("omar"), assignment_id=order.pk, item="victim_safe", done=True)
    back = checklist.tick(by=quick.actor("dana"), assignment_id=order.pk, item="victim_safe", done=False)
    assert (back.done, back.version, Tick.objects.count()) == (False, 2, 1)
    assert kinds().count("assignment.ticked") == 2
    with pytest.raises(BadInput):
        checklist.tick(by=quick.actor("omar"), assignment_id=order.pk, item="photo", done=True)
    with pytest.raises(Forbidden):
        checklist.tick(by=quick.actor("nia"), assignment_id=order.pk, item="recorder", done=True)


def test_first_contact_stays_responsible_until_somebody_has_taken_over(quick: Cast) -> None:
    """R16."""
    order = on_scene(quick)
    checklist.hand_on(by=quick.actor("omar"), assignment_id=order.pk, to=None, to_name="", contact="值班室")
    alert = Alert.objects.get(kind="handed_on")
    assert alert.data["to_unit"] == "巷口所"
    with pytest.raises(WrongTurn):
        moves.finish(by=quick.actor("omar"), assignment_id=order.pk, result_code="RS13")
    checklist.receive(by=quick.actor("stan"), assignment_id=order.pk, received_by="张所", reply="已到现场接手")
    alert.refresh_from_db()
    assert not alert.is_open
    moves.finish(by=quick.actor("omar"), assignment_id=order.pk, result_code="RS13")
    filed = report(quick, order, type_verified="0402", result_codes=["RS13"])
    assert (filed.handover_to, filed.handover_contact, filed.handover_reply) == ("巷口所", "值班室", "已到现场接手")


def test_a_report_may_rest_on_what_the_incident_already_says(quick: Cast) -> None:
    order = on_scene(quick)
    facts: dict[str, Any] = {
        "result_codes": ["RS18", "RS19"],
        "caught": 0,
        "involved": 1,
        "escaped": 1,
        "loss_yuan": 1600.0,
    }
    with pytest.raises(BadInput) as missing:
        report(quick, order, **facts)
    assert set(missing.value.fields or {}) == {"property_text", "receipt"}
    bike = parties.add_party(
        by=quick.actor("omar"), incident_id=order.incident_id, kind="property",
        facts={"name": "自行车", "status": "recovered"},
    )  # fmt: skip
    parties.describe_party(
        by=quick.actor("omar"), party_id=bike.pk, version=1,
        facts={"status": "returned", "returned_to": "店主", "receipt": "签字"},
    )  # fmt: skip
    assert report(quick, order, **facts).complete
    with pytest.raises(BadInput) as unknown:
        report(quick, order, **facts, weather="WE7")
    assert set(unknown.value.fields or {}) == {"weather"}


def returned(cast: Cast, **more: Any) -> tuple[Incident, Assignment]:
    """Return the report of car-12 from review."""
    incident, order = handled(cast)
    incident = decisions.submit(by=cast.actor("dana"), incident_id=incident.pk, version=incident.version)
    decisions.send_back(
        by=cast.actor("rae"), incident_id=incident.pk, version=incident.version, reason="没有写明伤情", **more
    )
    return incident, Assignment.objects.get(pk=order.pk)


def test_a_returned_report_reaches_the_phone_and_its_correction_keeps_the_former(quick: Cast) -> None:
    before = Unit.objects.get(pk=quick.car12.pk).version
    incident, order = returned(quick)
    badge = quick.users["omar"].badge
    [shown] = of_unit(quick.car12.pk, badge)["returned"]
    assert (shown["return_reason"], shown["report_row"]["process_text"]) == ("没有写明伤情", "未见异常")
    assert Unit.objects.get(pk=quick.car12.pk).version > before
    assert Deadline.objects.get(assignment_id=order.pk, kind="report", state="running")
    with pytest.raises(BadInput) as missing:
        report(quick, order, kind="correction", camera_ref="")
    assert set(missing.value.fields or {}) == {"camera_ref"}
    filed = report(quick, order, kind="correction", process_text="一人擦伤，未就医", injured=1)
    former = Report.objects.get(kind="handling")
    assert (filed.corrects_id, former.process_text) == (former.pk, "未见异常")
    assert of_unit(quick.car12.pk, badge)["returned"] == []
    assert not Deadline.objects.filter(assignment_id=order.pk, state="running").exists()
    incident.refresh_from_db()
    assert decisions.submit(by=quick.actor("dana"), incident_id=incident.pk, version=incident.version).stage == "review"
    assert kinds(incident).count("report.asked_again") == 1


def test_a_return_to_the_desk_asks_no_officer(quick: Cast) -> None:
    incident, order = returned(quick, assignments=[])
    assert (order.returned_at, order.return_reason) == (None, "")
    incident.refresh_from_db()
    assert incident.stage == "reported"
    stranger = send(quick, take(quick), quick.car7, override_reason="OV2")
    with pytest.raises(BadInput):
        returned(quick, assignments=[stranger.pk])


def test_two_corrections_at_once_both_stand_in_one_line(cast: Cast) -> None:
    cast.on_duty()
    _incident, order = returned(cast)
    correct = functools.partial(report, cast, order, kind="correction")
    together([functools.partial(correct, process_text=text) for text in ("甲", "乙")])
    assert Report.objects.filter(assignment=order, corrections__isnull=True).count() == 1
    nobody = on_scene(cast)
    with pytest.raises(WrongTurn):
        report(cast, nobody, kind="correction")


def test_an_arrival_limit_that_passes_in_silence_asks_for_the_reason(quick: Cast) -> None:
    """R14."""
    order = drive(quick, send(quick, take(quick)), "en_route")
    Deadline.objects.filter(assignment_id=order.pk, kind="arrive").update(due_at=timezone.now())
    deadlines.sweep()
    alert = Alert.objects.get(kind="late_unexplained")
    moves.report_delay(by=quick.actor("omar"), assignment_id=order.pk, code="DL1", text="")
    alert.refresh_from_db()
    assert not alert.is_open
    other = drive(quick, send(quick, take(quick), quick.car7, override_reason="OV2"), "en_route", "nia")
    moves.report_delay(by=quick.actor("nia"), assignment_id=other.pk, code="DL2", text="")
    Deadline.objects.filter(assignment_id=other.pk, kind="arrive").update(due_at=timezone.now())
    deadlines.sweep()
    assert Alert.objects.filter(kind="late_unexplained").count() == 1
    moves.advance(by=quick.actor("nia"), assignment_id=other.pk, to="on_scene")
    assert moves.report_delay(by=quick.actor("nia"), assignment_id=other.pk, code="DL3", text="").delay_code == "DL3"


# --- the quality sample (R26) ---


def last_months(cast: Cast, count: int) -> str:
    """File some reports last month and return the month."""
    month = quality.last_month(timezone.now())
    with time_machine.travel(quality.span(month)[1] - dt.timedelta(days=2), tick=True):
        for _number in range(count):
            handled(cast)
    return month


def test_a_months_sample_is_drawn_once_and_anybody_draws_it_again(quick: Cast, settings: Any) -> None:
    settings.QUALITY_SAMPLE = 3
    month = last_months(quick, 5)
    quality.draw(by=None, centre_id=quick.centre.pk, month=month)
    assert quality.draw(by=None, centre_id=quick.centre.pk, month=month) == {}
    quality.keep(timezone.now())
    made = SampleDraw.objects.get()
    ids = list(quality.population(quick.centre.pk, month).values_list("id", flat=True))
    assert (made.population, made.size) == (5, 3)
    chosen = sorted(QualityMark.objects.values_list("report_id", flat=True))
    assert chosen == quality.drawn_from(ids, made.seed, 3)
    entry = Entry.objects.get(kind="quality.drawn")
    assert json.loads(entry.body)["data"] == {"month": month, "seed": made.seed, "population": 5, "size": 3}
    with pytest.raises(BadInput):
        quality.draw(by=None, centre_id=quick.centre.pk, month=f"{timezone.now():%Y-%m}")


def test_a_failed_report_becomes_a_supervision_order_and_nobody_marks_the_own_one(quick: Cast) -> None:
    month = last_months(quick, 1)
    quality.draw(by=None, centre_id=quick.centre.pk, month=month)
    row = QualityMark.objects.get()
    said: dict[str, Any] = {"mark_id": row.pk, "version": 1, "remarks": "", "demand": ""}
    good = dict.fromkeys(quality.ASPECTS, "passed")
    with pytest.raises(Forbidden):
        quality.mark(by=quick.actor("omar"), marks=good, **said)
    with pytest.raises(Forbidden):  # she sent the unit
        quality.mark(by=quick.actor("dana"), marks=good, **said)
    with pytest.raises(BadInput) as missing:
        quality.mark(by=quick.actor("rae"), marks={**good, "clear": ""}, **said)
    assert set(missing.value.fields or {}) == {"marks.clear"}
    with pytest.raises(BadInput):
        quality.mark(by=quick.actor("rae"), marks={**good, "clear": "failed"}, **said)
    bad = {**good, "clear": "failed"}
    done = quality.mark(by=quick.actor("rae"), marks=bad, **{**said, "remarks": "经过不清", "demand": "补写经过"})
    order = SupervisionOrder.objects.get()
    assert (done.outcome, done.supervision_id, order.cause, order.to) == ("failed", order.pk, "quality", quick.station)
    with pytest.raises(WrongTurn):
        quality.mark(by=quick.actor("rae"), marks=good, **{**said, "version": 2})


def test_an_incomplete_report_is_filed_by_nobody(quick: Cast) -> None:
    order = on_scene(quick)
    with pytest.raises(BadInput):
        reports.file_report(by=quick.actor("omar"), assignment_id=order.pk, kind="handling", facts={}, photo_ids=[])
    assert Report.objects.count() == 0
    assert COMPLETE["camera_ref"]

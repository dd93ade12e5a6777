"""Standing reports: planned, made by a job that is not lost, kept as they were made; and the limits of taking out (A14)."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from dispatch.standing import making, services
from dispatch.standing.models import Edition, StandingReport
from dispatch.statistics import follower
from incidents import jobs
from incidents.models import Alert, Denial, Entry, Export
from incidents.refusals import BadInput, TooLong
from incidents.services import exporting
from tests.database.acts import kinds
from tests.database.test_figures import MONDAY
from tests.database.test_statistics import Day, at, day
from tests.people import Cast

__all__ = ["day"]  # a fixture
WEEKLY = {"name": "派出所周报", "question": {"keys": "K7,K8", "by": "station", "against": "previous"}, "rhythm": "week"}


def planned(api: Any, cast: Cast, who: str = "lee", **facts: Any) -> Any:
    """Plan a report over HTTP."""
    return api(cast.user(who)).post("/api/standing-reports/", {**WEEKLY, "ready_at": "07:30", **facts})


def due(report_id: int, since: dt.timedelta = dt.timedelta(minutes=1)) -> None:
    """Let a report's time have come."""
    StandingReport.objects.filter(pk=report_id).update(next_at=timezone.now() - since)


def test_an_edition_equals_the_figures_of_its_days_and_stays_as_it_was_made(day: Day, api: Any) -> None:
    day.handled(0, 30, 200)
    day.handled(2000, 2030, 2700, priority=3)
    follower.follow()
    with at(12 * 3600):
        report = planned(api, day.cast, rhythm="day").json()["standing_report"]
    with at(36 * 3600):
        services.keep(timezone.now())
        services.keep(timezone.now())
        edition = Edition.objects.get()
        assert (edition.first.isoformat(), edition.state) == (MONDAY["since"], "asked")
        jobs.drain()
        jobs.drain()
        edition.refresh_from_db()
        caller = api(day.cast.user("lee"))
        figures = caller.get("/api/statistics/figures/", **MONDAY, **report["question"]).json()
        file = caller.get(f"/api/editions/{edition.pk}/file/")
    book = load_workbook(io.BytesIO(file.content))
    head, *lines = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    wanted = [one["value"] for group in figures["groups"] for one in group["figures"]]
    assert [line[head.index("value")] for line in lines] == wanted
    assert file["ETag"].strip('"') == edition.sha256 == hashlib.sha256(file.content).hexdigest()
    services.make({"edition": edition.pk})
    services.hand_in(by=None, edition_id=edition.pk, content=b"PK", lines=1)
    edition.refresh_from_db()
    assert edition.sha256 == hashlib.sha256(file.content).hexdigest()
    assert kinds()[-4:] == ["standing_report.planned", "edition.asked", "edition.made", "export.taken"]
    assert Export.objects.get().lines == edition.lines == len(lines)


def test_after_an_outage_each_missed_day_has_one_edition_and_a_failed_one_is_tried_again(
    quick: Cast, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = planned(api, quick, rhythm="day").json()["standing_report"]
    due(report["id"], dt.timedelta(days=3))
    services.keep(timezone.now())
    services.keep(timezone.now())
    assert Edition.objects.count() in (3, 4)
    assert StandingReport.objects.filter(next_at__gt=timezone.now()).exists()
    edition = Edition.objects.order_by("first")[0]

    def broken(edition: Edition, now: dt.datetime) -> tuple[bytes, int]:
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(making, "workbook", broken)
        with pytest.raises(OSError, match="no room"):
            services.make({"edition": edition.pk})
    services.give_up({"edition": edition.pk})
    sam = api(quick.user("sam"))
    assert sam.get("/api/standing-reports/").json()["editions"][-1]["state"] in ("asked", "failed")
    assert sam.get(f"/api/editions/{edition.pk}/file/").status_code == 409
    assert sam.post(f"/api/editions/{edition.pk}/again/", {}).json()["edition"]["state"] == "asked"
    jobs.drain()
    edition.refresh_from_db()
    assert edition.state == "made"
    assert sam.post(f"/api/editions/{edition.pk}/again/", {}).status_code == 409


def test_a_turn_that_comes_a_second_time_makes_no_second_edition_and_stops_nothing(quick: Cast, api: Any) -> None:
    report = planned(api, quick, rhythm="day").json()["standing_report"]
    due(report["id"])
    services.keep(timezone.now())
    [edition] = Edition.objects.all()
    due(report["id"])  # as if the clock had been put back
    services.keep(timezone.now())
    assert [one.pk for one in Edition.objects.all()] == [edition.pk]
    assert StandingReport.objects.filter(next_at__gt=timezone.now()).exists()


@pytest.mark.parametrize(
    "question",
    [
        {"keys": "K99"},
        {"keys": "K7", "since": "2026-01-01"},
        {"keys": "K7", "by": "moon"},
        {"keys": "K7", "against": "war"},
    ],
)
def test_a_question_that_makes_no_sense_is_refused_and_nothing_runs(quick: Cast, api: Any, question: Any) -> None:
    answer = planned(api, quick, question=question)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_input")
    assert not StandingReport.objects.exists()


def test_a_name_runs_once_and_an_ended_report_makes_nothing_more(quick: Cast, api: Any) -> None:
    report = planned(api, quick).json()["standing_report"]
    assert "name" in planned(api, quick).json()["fields"]
    sam = api(quick.user("sam"))
    for _ in range(2):
        assert sam.post(f"/api/standing-reports/{report['id']}/end/", {}).json()["standing_report"]["ended_at"]
    due(report["id"])
    services.keep(timezone.now())
    assert not Edition.objects.exists()
    assert Entry.objects.filter(kind="standing_report.ended").count() == 1
    assert planned(api, quick).status_code == 201
    assert planned(api, quick, "tess", name="x").status_code == 403


def test_the_fifty_first_file_of_an_hour_and_a_very_long_one_are_refused_and_told(quick: Cast, api: Any) -> None:
    sam, now = quick.user("sam"), timezone.now()
    Export.objects.bulk_create(
        Export(
            at=now - dt.timedelta(minutes=61 if n == 0 else 5),
            centre=quick.centre,
            user=sam,
            what="x",
            form="csv",
            lines=1,
        )
        for n in range(exporting.FILES_AN_HOUR)
    )
    ask = {"keys": "K7", "as": "csv"}
    assert api(sam).get("/api/statistics/figures/", **ask).status_code == 200
    for _ in range(2):
        answer = api(sam).get("/api/statistics/figures/", **ask)
        assert (answer.status_code, answer.json()["error"]) == (429, "too_many")
    assert api(sam).get("/api/statistics/figures/", keys="K7").status_code == 200
    assert api(quick.user("lee")).get("/api/statistics/figures/", **ask).status_code == 200
    [alert] = Alert.objects.filter(kind="export_limit")
    assert (alert.to, alert.data["badge"]) == ("watch", sam.badge)
    assert Denial.objects.filter(user_id=sam.pk, code="too_many").count() == 2
    with pytest.raises(TooLong):
        exporting.let_out(quick.actor("lee"), "rows", "csv", exporting.LINES_AT_ONCE + 1)
    assert Alert.objects.filter(kind="export_limit").count() == 2
    with pytest.raises(BadInput):
        making.read({"keys": 7}, quick.centre.pk, now)

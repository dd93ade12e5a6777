"""要案复盘 (M62): the board as it stood at any second, notes, tasks, and who may look."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
from itertools import islice
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch.models import BoardMark
from dispatch.review import marks, seen
from incidents import followup, overdue
from incidents.models import Alert, Entry, Incident
from incidents.row import Json
from incidents.services import incidents
from tests.database.acts import handled
from tests.database.days import Day, differences
from tests.people import Cast


def rebuilt(cast: Cast, acts: int, seconds: int, seed: int) -> tuple[int, int]:
    """Play a day and hold the board of random seconds against what was recorded; returns how many and how many marks."""
    by = cast.actor("dana")
    day = Day(cast, seed, by, seconds)
    marks.mark(cast.centre.pk, 1_000)
    day.play(acts)
    marks.mark(cast.centre.pk, 1_000)
    compared = 0
    for second, recorded in islice(day.recorded(), seconds):
        board = seen.board_at(by, second)
        assert board["seq"] == recorded["seq"], second
        found = differences(board, recorded)
        assert not found, "\n".join([f"at {second}, number {board['seq']}", *found[:10], str(day.done)])
        compared += 1
    return compared, BoardMark.objects.count()


def test_the_board_of_any_second_of_a_day_is_the_board_that_was_recorded_then(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "EVERY", 40)
    compared, made = rebuilt(cast, acts=int(os.environ.get("ZZ110_ACTS", "260")), seconds=120, seed=62)
    assert compared == 120
    assert made > 5


@pytest.mark.soak
def test_the_board_of_a_thousand_seconds_of_a_day_is_the_board_that_was_recorded_then(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "EVERY", 100)
    assert (
        rebuilt(
            cast,
            acts=int(os.environ.get("ZZ110_ACTS", "1500")),
            seconds=1_000,
            seed=int(os.environ.get("ZZ110_SEEDS", "110")),
        )[0]
        == 1_000
    )


# --- who looks, and what for ---


def opened(cast: Cast, api: Any, who: str = "sam", **more: Any) -> tuple[Any, Json, Incident]:
    """Return a caller with the review of a handled incident."""
    incident, _order = handled(cast)
    caller = api(cast.user(who))
    body = {"incident_no": incident.incident_no, "purpose": "要案复盘", **more}
    return caller, caller.post("/api/reviews/", body).json()["review"], incident


def test_a_review_asks_for_the_purpose_of_everybody_and_journals_it(quick: Cast, api: Any) -> None:
    sam, review, incident = opened(quick, api)
    assert sam.get(f"/api/reviews/{review['id']}/").status_code == 200
    rae = api(quick.user("rae"))
    told = rae.get(f"/api/reviews/{review['id']}/board/")
    assert (told.status_code, told.json()["error"]) == (403, "purpose_needed")
    assert rae.post(f"/api/reviews/{review['id']}/read/", {}).status_code == 400
    assert rae.post(f"/api/reviews/{review['id']}/read/", {"purpose": "质量检查"}).status_code == 200
    assert rae.get(f"/api/reviews/{review['id']}/board/").status_code == 200
    said = Entry.objects.filter(kind__in=["review.opened", "review.read"]).order_by("seq")
    assert [(one.incident_id, json.loads(one.body)["data"]["purpose"]) for one in said] == [
        (incident.pk, "要案复盘"), (incident.pk, "质量检查"),
    ]  # fmt: skip
    assert api(quick.user("dana")).get("/api/reviews/").status_code == 403
    too_long = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:01Z", "purpose": "x"}
    assert "until" in sam.post("/api/reviews/", too_long).json()["fields"]


def test_the_timeline_has_its_chapters_and_the_masks_of_its_reader(quick: Cast, api: Any) -> None:
    sam, review, incident = opened(quick, api)
    lines = sam.get(f"/api/reviews/{review['id']}/lines/").json()["lines"]
    chapters = {line["kind"]: line["chapter"] for line in lines}
    assert chapters["incident.created"] == "intelligence"
    assert chapters["assignment.sent"] == "command"
    assert chapters["assignment.on_scene"] == "handling"
    assert chapters["report.filed"] == "feedback"
    assert chapters["review.opened"] == "evaluation"
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    Incident.objects.filter(pk=incident.pk).update(contact_phone="19000000001")
    incidents.describe_incident(
        by=quick.actor("sam"), incident_id=incident.pk, version=incident.version,
        facts={"narrative": "秘密", "confidential": True},
    )  # fmt: skip
    rae = api(quick.user("rae"))
    rae.post(f"/api/reviews/{review['id']}/read/", {"purpose": "质量检查"})
    window = sam.post(
        "/api/reviews/", {"since": review["since"], "until": (timezone.now()).isoformat(), "purpose": "班次复盘"}
    ).json()["review"]
    rae.post(f"/api/reviews/{window['id']}/read/", {"purpose": "质量检查"})
    for caller, sees in ((sam, True), (rae, False)):
        path = f"/api/reviews/{window['id']}"
        said = caller.get(f"{path}/board/").content + caller.get(f"{path}/frames/").content
        assert ('"address_text":"新华路"'.encode() in said) == sees
        assert (b'"caller_number"' in said) == sees
    # What became a complaint since is not played back to those who may not know of it.
    Incident.objects.filter(pk=incident.pk).update(type_reported="1003")
    assert rae.get(f"/api/reviews/{review['id']}/lines/").status_code == 404
    assert rae.get(f"/api/reviews/{window['id']}/board/").json()["rows"]["incident"] == []
    assert all(row["id"] != review["id"] for row in rae.get("/api/reviews/").json()["reviews"])


def test_the_board_goes_back_and_the_tracks_follow(quick: Cast, api: Any) -> None:
    sam, review, incident = opened(quick, api)
    path = f"/api/reviews/{review['id']}"
    before = sam.get(f"{path}/board/", at=review["since"]).json()
    assert before["rows"]["incident"] == []
    after = sam.get(f"{path}/board/").json()
    assert [row["id"] for row in after["rows"]["incident"]] == [incident.pk]
    assert [row["state"] for row in after["rows"]["assignment"]] == ["finished"]
    assert {position[0] for position in after["positions"]} == {quick.car12.pk, quick.car7.pk}
    frames = sam.get(f"{path}/frames/").json()
    assert "report.filed" in [entry["kind"] for entry in frames["entries"]]
    assert frames["next"] is None
    moved = sam.get(f"{path}/tracks/", since=review["since"], until=review["until"], step=1).json()["positions"]
    assert {position[0] for position in moved} == {quick.car12.pk, quick.car7.pk}
    assert "at" in sam.get(f"{path}/board/", at="2020-01-01T00:00:00Z").json()["fields"]


def test_a_task_has_an_owner_and_a_date_and_is_swept_into_an_alert_once(quick: Cast, api: Any) -> None:
    sam, review, _incident = opened(quick, api)
    path = f"/api/reviews/{review['id']}"
    note = sam.post(f"{path}/notes/", {"at": review["since"], "text": "派警偏慢"})
    assert (note.status_code, note.json()["review_note"]["text"]) == (201, "派警偏慢")
    assert "at" in sam.post(f"{path}/notes/", {"at": "2020-01-01T00:00:00Z", "text": "x"}).json()["fields"]
    due = (timezone.now() + dt.timedelta(hours=2)).isoformat()
    assert "owner" in sam.post(f"{path}/tasks/", {"text": "补训", "owner": "9999", "due_at": due}).json()["fields"]
    owner = quick.users["dana"].badge
    task = sam.post(f"{path}/tasks/", {"text": "补训", "owner": owner, "due_at": due}).json()["review_task"]
    assert followup.keep(timezone.now()) == 0
    with time_machine.travel(timezone.now() + dt.timedelta(hours=3)):
        followup.keep(timezone.now())
        followup.keep(timezone.now())
        alert = Alert.objects.get(kind="review_task_overdue")
        assert (alert.to, alert.data["owner"]) == ("watch", owner)
        assert [line.step for line in overdue.everything(quick.centre.pk) if line.step == "review_task"] == [
            "review_task"
        ]
    assert api(quick.user("tess")).post(f"/api/review-tasks/{task['id']}/done/", {"words": "好"}).status_code == 403
    dana = api(quick.user("dana"))
    assert [row["id"] for row in dana.get("/api/review-tasks/").json()["review_tasks"]] == [task["id"]]
    assert api(quick.user("tess")).get("/api/review-tasks/").json()["review_tasks"] == []
    done = dana.post(f"/api/review-tasks/{task['id']}/done/", {"words": "已补训"}).json()["review_task"]
    assert done["done_words"] == "已补训"
    alert.refresh_from_db()
    assert alert.cause_ended_at is not None


def test_what_is_taken_out_holds_the_notes_and_is_journalled(quick: Cast, api: Any) -> None:
    sam, review, _incident = opened(quick, api, name="=要案")
    path = f"/api/reviews/{review['id']}"
    sam.post(f"{path}/notes/", {"at": review["until"], "text": "=1+1"})
    found = sam.get(f"{path}/export/", **{"as": "json"}).json()
    assert [row["text"] for row in found["notes"]] == ["=1+1"]
    assert not found["cut"]
    text = sam.get(f"{path}/export/", **{"as": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert len(rows) == 1 + len(found["lines"]) + 1 + 1  # the export before is on the timeline too
    assert any("'=1+1" in row for row in rows)
    page = sam.client.get(f"/review/{review['id']}/print/")
    assert page.status_code == 200
    assert "=1+1" in page.content.decode()
    assert api(quick.user("rae")).client.get(f"/review/{review['id']}/print/").status_code == 403
    forms = [
        json.loads(one.body)["data"]["form"] for one in Entry.objects.filter(kind="review.exported").order_by("seq")
    ]
    assert forms == ["json", "csv", "print"]

"""警力部署 (M13, M28): demand against unit hours; a trial is asked, played in batches, survives a kill and is answered
once."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch.deployment import job
from dispatch.deployment.day import DayPlay
from dispatch.deployment.models import DeploymentTrial, TrialDay
from incidents.models import Entry, Incident
from patrol.models import PlannedShift
from patrol.roads import store
from tests.database.recorded import A_DAY, DAYS, HOT, period, record
from tests.people import Cast, cast
from tests.roads.towns import grid

TRIALS = "/api/deployment/trials/"


@pytest.fixture
def recorded(db: None) -> Cast:
    """A centre with a recorded period."""
    found = cast()
    record(found)
    job._prepared.clear()
    return found


def asked(api: Any, recorded: Cast, changes: list[dict[str, Any]] | None = None, **more: Any) -> DeploymentTrial:
    """Ask for a trial as the watch commander."""
    since, until = period()
    body = {"since": str(since), "until": str(until), "changes": changes or []} | more
    answer = api(recorded.user("sam")).post(TRIALS, body)
    assert answer.status_code == 201, answer.json()
    return DeploymentTrial.objects.get(pk=answer.json()["deployment_trial"]["id"])


def move(place: tuple[float, float] = HOT) -> dict[str, Any]:
    """Move the post of car-7."""
    return {"kind": "move", "call_sign": "CAR-7", "point": {"lat": place[0], "lng": place[1], "crs": "WGS84"}}


def kinds(of: str) -> list[str]:
    """Return the kinds of the entries of a family, in their order."""
    return list(Entry.objects.filter(kind__startswith=of).order_by("seq").values_list("kind", flat=True))


def of_key(answer: dict[str, Any], key: str) -> dict[str, Any]:
    """Return one measure."""
    return next(one for one in answer["measures"] if one["key"] == key)


def test_a_post_at_the_hot_spot_is_answered_with_its_interval_once_and_journalled(recorded: Cast, api: Any) -> None:
    drill = Incident.objects.order_by("id").first()
    assert drill is not None
    Incident.objects.filter(pk=drill.pk).update(drill=True)
    trial = asked(api, recorded, [move()])
    assert job.tick(600) == DAYS
    assert job.tick(600) == 0
    trial.refresh_from_db()
    answer = trial.answer
    assert answer is not None
    assert (trial.state, answer["n"], answer["days"]) == ("answered", DAYS * A_DAY - 1, DAYS)
    assert of_key(answer, "within_10_A")["interval"][0] > 0.1
    assert answer["calibration"] | {"n": 0} == answer["calibration"] | {"n": 0, "recorded_within_5": 0.0}
    assert kinds("deployment.") == ["deployment.asked", "deployment.answered"]
    [told] = Entry.objects.filter(kind="deployment.answered")
    assert json.loads(told.body)["rows"] == {}, "nobody on the street is told"
    listed = api(recorded.user("lee")).get(TRIALS).json()["trials"]
    assert [(one["id"], one["state"], one["answer"], one["days_done"]) for one in listed] == [
        (trial.pk, "answered", None, DAYS)
    ]
    file = api(recorded.user("lee")).get(f"{TRIALS}{trial.pk}/", **{"as": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert float(rows[0]["difference"].lstrip("'")) == of_key(answer, "within_5_A")["difference"]


def test_with_roads_the_same_fleet_differs_by_nothing_and_coverage_is_told(
    recorded: Cast, api: Any, tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path
    network = grid(30, 30)
    store.save(recorded.centre.pk, network)
    store.switch(recorded.centre.pk, network.version)
    south, west, north, east = network.box
    middle = ((south + north) / 2, (west + east) / 2)
    Incident.objects.update(lat=middle[0] + 0.003, lng=middle[1])
    for unit in (recorded.car12, recorded.car7):
        type(unit).objects.filter(pk=unit.pk).update(home_lat=middle[0], home_lng=middle[1])
    trial = asked(api, recorded)
    job.tick(600)
    trial.refresh_from_db()
    assert trial.answer is not None
    assert trial.answer["roads"] is True
    assert {(one["difference"], *one["interval"]) for one in trial.answer["measures"]} == {(0.0, 0.0, 0.0)}
    assert of_key(trial.answer, "covered")["baseline"] > 0


def test_a_killed_worker_loses_one_day_and_the_answer_is_the_same(
    recorded: Cast, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = asked(api, recorded, [move()])
    job.tick(600)
    cut = asked(api, recorded, [move()])
    job.tick(600, 1)

    def killed(*args: Any) -> Any:
        raise SystemExit

    monkeypatch.setattr(DayPlay, "go_on", killed)
    with pytest.raises(SystemExit):
        job.tick(600)
    monkeypatch.undo()
    job._prepared.clear()
    assert job.tick(600) == 0, "its lease still runs"
    with time_machine.travel(timezone.now() + job.LEASE + dt.timedelta(seconds=1), tick=True):
        assert job.tick(600) == DAYS - 1
    for one in (whole, cut):
        one.refresh_from_db()
    assert cut.answer == whole.answer
    assert TrialDay.objects.filter(trial=cut).count() == cut.days_done == DAYS
    assert kinds("deployment.") == ["deployment.asked", "deployment.answered"] * 2


def test_what_fails_at_the_same_day_or_takes_too_long_is_given_up_with_its_reason(
    recorded: Cast, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = asked(api, recorded)

    def broken(*args: Any) -> Any:
        raise ValueError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(DayPlay, "go_on", broken)
        for _ in range(job.GIVES_UP_AFTER + 1):
            job.tick(600)
    late = asked(api, recorded)
    job.tick(600, 1)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=4), tick=True):
        job.tick(600)
    for one in (faulty, late):
        one.refresh_from_db()
    assert [(one.state, one.failure) for one in (faulty, late)] == [("failed", "fault"), ("failed", "too_long")]
    assert kinds("deployment.failed") == ["deployment.failed"] * 2


def test_a_trial_cancelled_while_a_day_is_played_keeps_nothing_more(
    recorded: Cast, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = asked(api, recorded)
    job.tick(600, 1)
    real, sam = DayPlay.go_on, api(recorded.user("sam"))

    def cancelled(*args: Any) -> Any:
        assert sam.post(f"{TRIALS}{trial.pk}/cancel/").json()["deployment_trial"]["state"] == "cancelled"
        return real(*args)

    monkeypatch.setattr(DayPlay, "go_on", cancelled)
    assert job.tick(600) == 0
    trial.refresh_from_db()
    assert (trial.state, trial.answer, TrialDay.objects.filter(trial=trial).count()) == ("cancelled", None, 1)
    assert sam.post(f"{TRIALS}{trial.pk}/cancel/").status_code == 200
    assert kinds("deployment.") == ["deployment.asked", "deployment.cancelled"]


def test_what_cannot_be_played_is_refused_by_its_name(recorded: Cast, api: Any) -> None:
    sam = api(recorded.user("sam"))
    since, until = (str(one) for one in period())
    today = str(timezone.localdate())
    for body, path in (
        ({"until": today}, "until"),
        ({"since": "2020-01-01"}, "since"),
        ({"since": "2020-01-01", "until": "2020-01-09"}, "since"),
        ({"changes": [{"kind": "remove", "call_sign": "car-99"}]}, "changes.0.call_sign"),
        ({"changes": [{"kind": "move", "call_sign": "car-7"}]}, "changes.0.point"),
        ({"changes": [{"kind": "shift", "call_sign": "car-7"}]}, "changes.0.minutes"),
        ({"changes": [{**move(), "kind": "add"}]}, "changes.0.unit_kind"),
        ({"changes": [move((10.0, 10.0))]}, "changes.0.point"),
    ):
        answer = sam.post(TRIALS, {"since": since, "until": until, **body})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, [path]), body
    asked(api, recorded, since=until)
    for _ in range(4):
        asked(api, recorded)
    assert sam.post(TRIALS, {"since": since, "until": until}).status_code == 400
    assert api(recorded.user("omar")).get(TRIALS).status_code == 403


def test_demand_stands_against_the_hours_of_units_with_its_bounds(recorded: Cast, api: Any) -> None:
    shift = recorded.car7.shifts.get()
    PlannedShift.objects.create(
        centre=recorded.centre, unit=recorded.car7, lead=recorded.users["nia"], beat="", post_lat=30.0, post_lng=120.0,
        starts_at=shift.started_at, ends_at=shift.started_at + dt.timedelta(days=DAYS + 2), shift=shift, created_at=shift.started_at,
        updated_at=shift.started_at,
    )  # fmt: skip
    since, until = period()
    query = {"since": str(since), "until": str(until), "by": "station"}
    answer = api(recorded.user("rae")).get("/api/deployment/demand/", **query).json()
    known = {one["code"]: one["total"] for one in answer["areas"]}
    station = known[f"S{recorded.station.pk}"]
    assert (station["incidents"], station["unit_hours"], station["per_unit_hour"]) == (
        DAYS * A_DAY, DAYS * 24.0, round(A_DAY / 24, 4),
    )  # fmt: skip
    assert station["interval"][0] < station["per_unit_hour"] < station["interval"][1]
    assert (known[""]["incidents"], known[""]["unit_hours"]) == (0, DAYS * 24.0), "its post lies outside"
    hours = next(one["hours"] for one in answer["areas"] if one["code"])
    assert sum(one["incidents"] for one in hours) == DAYS * A_DAY
    file = api(recorded.user("rae")).get("/api/deployment/demand/", **query, **{"as": "csv"})
    assert len(file.content.decode().splitlines()) == 1 + 3 * 169

"""Where the delays come from, over rows that the real commands wrote: parts, norms, who would have made it, totals, and
units compared by what was to be expected of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from dispatch import spread as spreads
from dispatch.models import Assignment, RankRecord
from dispatch.services import decisions, moves, orders
from dispatch.statistics import follower
from dispatch.statistics.period import day_of
from incidents.geo import distance_m
from incidents.models import Incident
from incidents.services import incidents
from tests.database import test_statistics
from tests.database.test_statistics import Day, at, day
from tests.people import PLACE

__all__ = ["day"]  # a fixture
MONDAY = {"since": "2026-03-02", "until": "2026-03-02"}
CHANGED = 400  # the journal's moments are the database's own, so the day is laid around the present one
FAR = {"lat": 24.5300, "lng": 117.7000}


def ask(api: Any, day: Day, which: str, who: str = "sam", **query: Any) -> Any:
    """Ask a route about that Monday, in the evening."""
    follower.follow()
    with at(12 * 3600):
        return api(day.cast.user(who)).get(f"/api/statistics/{which}/", **query)


@pytest.fixture
def present(monkeypatch: pytest.MonkeyPatch, day: Day) -> dict[str, str]:
    """Let now be 400 s after "nine"; returns the period around it."""
    nine = timezone.now() - dt.timedelta(seconds=CHANGED)
    monkeypatch.setattr(test_statistics, "NINE", nine)
    return {"since": str(day_of(nine - dt.timedelta(days=1))), "until": str(day_of(nine + dt.timedelta(days=1)))}


def late(day: Day) -> Incident:
    """Let a call wait for a unit, then for its way to the wrong place: nobody is free until 100 s after it."""
    busy = [day.order(-600, day.call(-620), unit) for unit in (day.cast.car12, day.cast.car7)]
    incident = day.call(0)
    day.finish(100, day.move(90, busy[0], "on_scene"))
    with at(110):
        day.cast.place(day.cast.car12, 24.5120, 117.6545)
    order = day.order(120, incident)
    for second, step in ((123, "delivered"), (193, "accepted"), (213, "en_route")):
        day.move(second, order, step)
    for lng in (0.01, 0.0102):
        with at(CHANGED):
            incident.refresh_from_db()
            point = {**PLACE, "lng": float(str(PLACE["lng"])) + lng, "accuracy_m": 5.0, "source": "map", "taken_at": None,
                     "crs_in": "WGS84", "raw": []}  # fmt: skip
            incidents.accept_place(
                by=day.cast.actor("dana"), incident_id=incident.pk, version=incident.version, point=point, facts={}
            )
    day.move(900, order, "on_scene")
    day.finish(960, order)
    return incident


def test_a_miss_is_split_into_parts_that_add_up_with_their_norms(day: Day, api: Any, present: dict[str, str]) -> None:
    incident = late(day)
    found = ask(api, day, f"misses/{incident.pk}", limit="K7").json()
    seconds = {one["part"]: one["seconds"] for one in found["parts"]}
    wrong = seconds.pop("wrong_address")
    assert CHANGED - 213 <= wrong < 600
    assert seconds.pop("travel") == pytest.approx(687 - wrong)
    assert seconds == {"order": 20, "no_unit": 100, "delivery": 3, "acceptance": 70, "turnout": 20}
    assert found["elapsed_s"] == 900 and found["delay_s"] == 600
    assert round(sum(one["delay_s"] for one in found["parts"]), 6) == 600
    beyond = {one["part"]: one["excess_s"] for one in found["parts"] if one["excess_s"]}
    assert beyond == {"no_unit": 100, "acceptance": 50, "wrong_address": wrong, "travel": pytest.approx(597 - wrong)}
    [acceptance] = [one for one in found["parts"] if one["part"] == "acceptance"]
    assert acceptance["delay_s"] == pytest.approx(600 * 50 / 747, abs=0.001)
    # Beyond ten minutes there is less delay; the parts of the time are the same.
    assert ask(api, day, f"misses/{incident.pk}", limit="K8").json()["delay_s"] == 300


def test_who_would_have_made_it_is_estimated_from_the_positions_of_the_first_order(day: Day, api: Any) -> None:
    incident = day.call(0)
    with at(55):
        day.cast.place(day.cast.car7, 24.5120, 117.6545)
        day.cast.place(day.cast.car12, FAR["lat"], FAR["lng"])
    order = day.order(60, incident)
    with at(100):
        day.cast.place(day.cast.car7, FAR["lat"], FAR["lng"])
    day.move(900, order, "on_scene")
    found = ask(api, day, f"misses/{incident.pk}").json()["made_it"]
    assert (found["left_s"], found["free"], found["place"], found["why"]) == (240, 2, "then", "")
    assert (found["chosen"]["call_sign"], found["chosen"]["first"], found["chosen"]["rank"]) == ("car-12", "car-7", 2)
    near, sent = found["units"]
    assert (near["call_sign"], near["made_it"], near["sent"]) == ("car-7", True, False)
    assert (sent["call_sign"], sent["made_it"], sent["sent"]) == ("car-12", False, True)
    assert found["count"] == 1
    drive = distance_m(24.5120, 117.6545, float(str(PLACE["lat"])), float(str(PLACE["lng"]))) * 1.4 / (30 / 3.6)
    spread = spreads.from_row(RankRecord.objects.get(pk=found["chosen"]["record"]).question["spread"])
    assert near["expected_s"] == pytest.approx(
        float(spreads.preparation(spread).mean()) + drive * spread.straight.mean, abs=0.2
    )
    assert near["fix_age_s"] == 5


def test_what_is_not_known_of_a_unit_is_said_and_never_guessed(day: Day, api: Any) -> None:
    incident = day.call(0)  # the last fixes came half an hour ago
    day.move(700, day.order(60, incident), "on_scene")
    found = ask(api, day, f"misses/{incident.pk}").json()["made_it"]
    assert (found["why"], found["units"], found["count"]) == ("no_position", [], 0)
    assert [(one["call_sign"], one["why"]) for one in found["unknown"]] == [("car-12", "old_fix"), ("car-7", "old_fix")]
    unsent = day.call(2000)
    found = ask(api, day, f"misses/{unsent.pk}").json()
    assert found["made_it"]["why"] == "no_order"
    assert [one["part"] for one in found["parts"]] == ["order"]


def test_the_delays_of_a_period_add_up_by_part_group_and_row(day: Day, api: Any, present: dict[str, str]) -> None:
    first = late(day)
    second = day.handled(2000, 2400, 2800, priority=3)
    complaint = day.call(4000, type_reported="1001")
    day.decide(5000, complaint, decisions.cancel, code="CX1", reason="报警人撤回")
    day.handled(6000, 6020, 6100)  # in time
    answer = ask(api, day, "delays", **present).json()
    ids = [row["incident"] for row in answer["rows"]]
    assert {first.pk, second.pk, complaint.pk} <= set(ids)
    assert answer["count"] == len(ids)
    for part in answer["parts"]:
        of_rows = sum(one["delay_s"] for row in answer["rows"] for one in row["parts"] if one["part"] == part["part"])
        assert part["delay_s"] == pytest.approx(of_rows)
    assert sum(part["delay_s"] for part in answer["parts"]) == pytest.approx(answer["delay_s"])
    for by in ("station", "priority", "hour"):
        grouped = ask(api, day, "delays", by=by, **present).json()["groups"]
        assert sum(group["delay_s"] for group in grouped) == pytest.approx(answer["delay_s"])
    behind = ask(api, day, "delays", part="wrong_address", **present).json()
    assert [row["incident"] for row in behind["rows"]] == [first.pk]
    assert ask(api, day, "delays", by="priority", value="3", **present).json()["count"] == 1
    # A complaint is no row for a leader, and is told as one that is not shown.
    told = ask(api, day, "delays", "lee", **present).json()
    assert (told["hidden"], complaint.pk in [row["incident"] for row in told["rows"]]) == (1, False)
    assert ask(api, day, f"misses/{complaint.pk}", "lee").status_code == 404
    lines = ask(api, day, "delays", **present, **{"as": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("group,label,incident_no,part") and any("wrong_address" in line for line in lines)


def test_units_are_compared_by_what_was_to_be_expected_and_few_orders_are_not_ranked(day: Day, api: Any) -> None:
    for start in (0, 3000):
        day.handled(start, start + 10, start + 200)
    implied = day.order(6000, day.call(5990))
    day.move(6100, implied, "on_scene")
    Assignment.objects.filter(pk=implied.pk).update(marks={"on_scene": {"implied": True}})
    answer = ask(api, day, "unit-times", **MONDAY).json()
    [row] = answer["rows"]
    assert (row["call_sign"], row["n"], row["rank"], row["few"], row["observed_s"]) == ("car-12", 2, None, True, 190)
    assert row["ratio"] == 1  # the only unit is what all of them are
    assert "person" not in str(answer) and answer["without_estimate"] == 0


@pytest.mark.parametrize(
    ("which", "query"),
    [
        ("delays", {"limit": "K9"}),
        ("delays", {"by": "officer"}),
        ("delays", {"part": "fate"}),
        ("delays", {"since": "2025-01-01"}),
        ("unit-times", {"since": "2025-01-01"}),
        ("unit-times", {"urgent": "2"}),
        ("misses/1", {"limit": "600"}),
    ],
)
def test_a_question_about_delays_that_makes_no_sense_is_refused_by_name(
    day: Day, api: Any, which: str, query: Any
) -> None:
    answer = ask(api, day, which, **({} if "/" in which else MONDAY) | query)
    assert answer.status_code == 400 and answer.json()["fields"]


def test_an_order_that_was_refused_counts_as_order_again(day: Day, api: Any) -> None:
    incident = day.call(0)
    first = day.order(40, incident)
    with at(100):
        moves.refuse(by=day.cast.actor("omar"), assignment_id=first.pk, code="RF4", text="路不通")
    with at(130):
        choice = orders.Choice(day.cast.car7.pk, override_reason="OV6")
        [second] = orders.assign(by=day.cast.actor("dana"), incident_id=incident.pk, choices=[choice])
    day.move(400, second, "on_scene")
    found = ask(api, day, f"misses/{incident.pk}").json()
    assert {one["part"]: one["seconds"] for one in found["parts"]} == {"order": 40, "reorder": 90, "travel": 270}

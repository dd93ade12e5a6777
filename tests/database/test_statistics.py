"""The statistics over rows that the real commands wrote: base set, both clocks, exclusions, misses (domain 8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine

from dispatch.models import Assignment
from dispatch.services import decisions, merging, moves, orders, street
from dispatch.statistics import board, follower, misses
from dispatch.statistics.definitions import definitions
from dispatch.statistics.period import last_days
from incidents.models import Incident
from incidents.services import calls
from patrol.models import Unit
from tests import people
from tests.people import PLACE, Cast

NINE = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # 09:00 at Asia/Shanghai
EVENING = NINE + dt.timedelta(hours=12)


def at(seconds: float) -> Any:
    """Travel to so many seconds after nine."""
    return time_machine.travel(NINE + dt.timedelta(seconds=seconds), tick=False)


@dataclass
class Day:
    """A day at the centre, told in seconds after nine."""

    cast: Cast

    def call(self, second: float, *, priority: int = 2, **facts: Any) -> Incident:
        """Take a call with its incident."""
        point = {**PLACE, "accuracy_m": 5.0, "source": "map", "taken_at": None, "crs_in": "WGS84", "raw": []}
        facts = {"type_reported": "020101", "address_text": "新华路", "point": point, "priority": priority, **facts}
        with at(second):
            call = calls.take_call(
                by=self.cast.actor("tess"), facts={"channel": "CH11", "kind": "CK01"}, incident=facts
            )
        return Incident.objects.get(calls=call.pk)

    def order(self, second: float, incident: Incident, unit: Unit | None = None) -> Assignment:
        """Send a unit, car-12 if none is named."""
        choice = orders.Choice((unit or self.cast.car12).pk, override_reason="OV6")
        with at(second):
            [order] = orders.assign(by=self.cast.actor("dana"), incident_id=incident.pk, choices=[choice])
        return order

    def move(self, second: float, order: Assignment, to: str) -> Assignment:
        """Press a button by radio."""
        with at(second):
            return moves.advance(by=self.cast.actor("dana"), assignment_id=order.pk, to=to)

    def finish(self, second: float, order: Assignment, *, no_attendance: bool = False) -> None:
        """Finish an order, so that its unit is free again."""
        with at(second):
            moves.finish(
                by=self.cast.actor("sam"), assignment_id=order.pk, result_code="RS16", no_attendance=no_attendance
            )

    def handled(self, start: float, ordered: float, arrived: float, **facts: Any) -> Incident:
        """Take a call and handle it; all in seconds after nine."""
        incident = self.call(start, **facts)
        order = self.order(ordered, incident)
        self.move(arrived, order, "on_scene")
        self.finish(arrived + 60, order)
        return incident

    def decide(self, second: float, incident: Incident, decision: Any, **facts: Any) -> None:
        """Decide about an incident as the watch commander."""
        with at(second):
            incident.refresh_from_db()
            decision(by=self.cast.actor("sam"), incident_id=incident.pk, version=incident.version, **facts)

    def today(self, second: float = 12 * 3600) -> dict[str, Any]:
        """Return the figures of today, read so many seconds after nine."""
        follower.follow()
        return board.today(self.cast.centre.pk, NINE + dt.timedelta(seconds=second))

    def days(self, count: int, now: dt.datetime = EVENING) -> dict[str, Any]:
        """Return the figures of the last days."""
        follower.follow()
        return board.days(self.cast.centre.pk, count, now)

    def misses(self, second: float = 12 * 3600, audience: str = "desk") -> dict[str, Any]:
        """Return the misses of today."""
        follower.follow()
        now = NINE + dt.timedelta(seconds=second)
        return misses.read_misses(self.cast.centre.pk, audience, last_days(1, now), now)


@pytest.fixture
def day(cast: Cast) -> Day:
    """A day with both cars on duty from half past eight."""
    with at(-1800):
        cast.on_duty()
    return Day(cast)


def figure(answer: dict[str, Any], key: str, clock: str, measure: str = "rate", group: str = "all") -> dict[str, Any]:
    """Find one figure."""
    [found] = [
        one
        for one in answer["figures"]
        if (one["key"], one["clock"], one["measure"], one["group"]) == (key, clock, measure, group)
    ]
    return dict(found)


def counted(answer: dict[str, Any], key: str, clock: str) -> tuple[int, int, int]:
    """Return hits, n and open of a rate."""
    one = figure(answer, key, clock)
    return one["hits"], one["n"], one["open"]


def test_one_arrival_counts_on_each_clock_from_its_own_start(day: Day) -> None:
    day.handled(0, 100, 350)
    today = day.today()
    assert counted(today, "K7", "A") == (0, 1, 0)
    assert counted(today, "K7", "B") == (1, 1, 0)
    assert counted(today, "K8", "A") == counted(today, "K8", "B") == (1, 1, 0)
    assert figure(today, "K9", "A", "p90")["value"] == 350
    assert figure(today, "K9", "B", "p90")["value"] == 250
    assert figure(today, "K2", "A", "p50")["value"] == 100


def test_every_figure_names_clock_n_source_age_and_definition(day: Day) -> None:
    day.handled(0, 30, 200)
    for answer in (day.today(), day.days(30)):
        for one in answer["figures"]:
            assert one["clock"] in ("A", "B", "ring", "order")
            assert isinstance(one["n"], int)
            assert one["source"] == "button"
            assert one["as_of"] == "2026-03-02T13:00:00.000Z"
            assert definitions()[one["definition"]]["formula"]


def test_a_figure_without_a_case_is_unknown_and_not_zero(day: Day) -> None:
    today = day.today()
    assert figure(today, "K7", "A")["value"] is None
    assert figure(today, "K9", "B", "p90")["value"] is None
    assert counted(today, "K7", "A") == (0, 0, 0)


def test_an_incident_is_open_until_the_limit_and_a_miss_after_it(day: Day) -> None:
    incident = day.call(0)
    assert counted(day.today(300), "K7", "A") == (0, 0, 1)
    assert counted(day.today(301), "K7", "A") == (0, 1, 0)
    assert figure(day.today(301), "K7", "B")["not_started"] == 1
    day.order(310, incident)
    assert counted(day.today(320), "K7", "B") == (0, 0, 1)


def test_a_refused_first_order_starts_clock_b(day: Day) -> None:
    incident = day.call(0)
    first = day.order(20, incident)
    with at(40):
        moves.refuse(by=day.cast.actor("omar"), assignment_id=first.pk, code="RF4", text="路不通")
    second = day.order(60, incident, day.cast.car7)
    day.move(350, second, "on_scene")
    assert figure(day.today(), "K9", "B", "p50")["value"] == 330
    assert counted(day.today(), "K7", "B") == (0, 1, 0)


def test_the_first_unit_that_arrives_stops_both_clocks(day: Day) -> None:
    incident = day.call(0)
    slow, fast = day.order(10, incident), day.order(15, incident, day.cast.car7)
    day.move(200, fast, "on_scene")
    day.move(900, slow, "on_scene")
    assert figure(day.today(), "K9", "A", "p50")["value"] == 200


def test_a_cancellation_before_the_limit_is_excluded_and_after_it_stays_a_miss(day: Day) -> None:
    incident = day.call(0)
    day.decide(400, incident, decisions.cancel, code="CX1", reason="报警人撤回")
    today = day.today()
    assert counted(today, "K7", "A") == (0, 1, 0)
    assert figure(today, "K8", "A")["excluded"] == {"EX4": 1}
    assert counted(today, "K8", "A") == (0, 0, 0)


def test_a_directive_is_no_first_response(day: Day) -> None:
    incident = day.call(0)
    day.order(60, incident)
    with at(20):
        choice = orders.Choice(day.cast.car7.pk, purpose="directive")
        [directive] = orders.assign(by=day.cast.actor("sam"), incident_id=incident.pk, choices=[choice])
    day.move(100, directive, "on_scene")
    today = day.today(301)
    assert counted(today, "K7", "A") == (0, 1, 0)
    assert counted(today, "K7", "B") == (0, 0, 1)


def test_each_exclusion_is_counted_by_its_code(day: Day) -> None:
    day.handled(0, 30, 200)
    day.handled(1000, 1030, 1200, drill=True)
    needless = day.call(2000)
    day.decide(2100, needless, decisions.need_no_attendance, result_code="RS23", reason="电话处置")
    with at(3000):
        found = street.discover(by=day.cast.actor("omar"), facts={"type_reported": "020101", "address_text": "新华路"})
    day.finish(3100, found)
    main, twin = day.call(4000), day.call(4010)
    day.decide(4020, twin, merging.merge, into=main.pk, reason="同一警情")
    order = day.order(4030, main)
    day.move(4200, order, "on_scene")
    today = day.today()
    assert figure(today, "K7", "A")["excluded"] == {"EX1": 1, "EX2": 1, "EX3": 1, "EX5": 1}
    assert counted(today, "K7", "A") == (2, 2, 0)
    assert today["self_initiated"] == 1


def test_attendance_declared_needless_after_the_limit_is_shown(day: Day) -> None:
    needless = day.call(0)
    day.decide(450, needless, decisions.need_no_attendance, result_code="RS23", reason="电话处置")
    today = day.today()
    assert figure(today, "K7", "A")["excluded_late"] == {"EX5": 1}
    assert figure(today, "K8", "A")["excluded_late"] == {}


def test_priority_four_counts_only_once_an_order_was_sent(day: Day) -> None:
    day.call(0, priority=4)
    assert counted(day.today(), "K7", "A") == (0, 0, 0)
    assert figure(day.today(), "K7", "A")["outside"] == 1
    day.handled(1000, 1030, 1200, priority=4)
    assert counted(day.today(), "K7", "A") == (1, 1, 0)


def test_a_merged_call_that_was_answered_earlier_starts_clock_a(day: Day) -> None:
    early, main = day.call(0), day.call(200)
    day.decide(220, early, merging.merge, into=main.pk, reason="同一警情")
    order = day.order(230, main)
    day.move(400, order, "on_scene")
    assert figure(day.today(), "K9", "A", "p50")["value"] == 400
    assert figure(day.today(), "K9", "B", "p50")["value"] == 170


def test_an_order_to_an_incident_that_is_merged_later_starts_clock_b(day: Day) -> None:
    early, main = day.call(0), day.call(50)
    day.order(60, early)
    day.decide(90, early, merging.merge, into=main.pk, reason="同一警情")
    order = day.order(120, main, day.cast.car7)
    day.move(300, order, "on_scene")
    assert figure(day.today(), "K9", "B", "p50")["value"] == 240


def test_a_day_ends_at_midnight_of_shanghai(day: Day) -> None:
    midnight = 15 * 3600
    day.call(midnight - 1)
    day.call(midnight)
    after = day.today(midnight + 7200)
    assert figure(after, "K7", "A")["n"] == 1
    series = day.days(2, NINE + dt.timedelta(seconds=midnight + 7200))["series"]
    assert [(row["day"], row["K7"]["A"]["n"]) for row in series] == [("2026-03-02", 1), ("2026-03-03", 1)]


def test_a_day_without_incidents_stays_in_the_series(day: Day) -> None:
    day.handled(0, 30, 200)
    answer = day.days(30)
    assert len(answer["series"]) == 30
    assert [row["K7"]["A"]["value"] for row in answer["series"]] == [None] * 29 + [1.0]
    assert answer["limits"]["K7.A"] is None


def test_urgent_incidents_are_shown_apart(day: Day) -> None:
    day.handled(0, 30, 200, priority=1)
    day.handled(1000, 1030, 1500, priority=3)
    today = day.today()
    assert figure(today, "K7", "A")["n"] == 2
    assert figure(today, "K7", "A", group="p1_p2")["n"] == 1


def test_another_centre_is_never_counted(day: Day) -> None:
    other = people.cast("T2")
    with at(-1700):
        other.on_duty()
    Day(other).handled(0, 30, 200)
    assert counted(day.today(), "K7", "A") == (0, 0, 0)
    assert counted(Day(other).today(), "K7", "A") == (1, 1, 0)


def test_acceptance_and_departure_fall_into_their_buckets_and_refusals_stand_beside(day: Day) -> None:
    incident = day.call(0)
    order = day.order(10, incident)
    day.move(40, order, "accepted")
    day.move(311, order, "en_route")
    refused = day.order(20, incident, day.cast.car7)
    with at(50):
        moves.refuse(by=day.cast.actor("nia"), assignment_id=refused.pk, code="RF4", text="路不通")
    accept, depart = day.today()["buckets"]
    assert [one["count"] for one in accept["buckets"]] == [1, 0, 0, 0, 0]
    assert [one["count"] for one in depart["buckets"]] == [0, 1, 0, 0, 0]
    assert (accept["n"], accept["not_yet"], accept["refused"], accept["withdrawn"]) == (1, 0, 1, 0)


def test_an_order_that_nobody_accepted_is_not_yet(day: Day) -> None:
    day.order(10, day.call(0))
    accept, depart = day.today()["buckets"]
    assert (accept["n"], accept["not_yet"]) == (1, 1)
    assert (depart["n"], depart["not_yet"]) == (1, 1)


def test_an_order_finished_before_departure_leaves_the_departure_buckets(day: Day) -> None:
    order = day.order(10, day.call(0))
    day.move(20, order, "accepted")
    day.finish(60, order, no_attendance=True)
    accept, depart = day.today()["buckets"]
    assert (accept["n"], depart["n"], depart["needless"]) == (1, 0, 1)


def test_answer_time_counts_voice_calls_and_shows_lost_ones_beside_it(day: Day) -> None:
    tess = day.cast.actor("tess")
    for ring, answer in ((0, 5), (100, 130)):
        with at(ring):
            call = calls.take_call(by=tess, facts={"channel": "CH11"}, waiting=True)
        with at(answer):
            calls.answer_call(by=tess, call_id=call.pk)
    with at(200):
        lost = calls.take_call(by=tess, facts={"channel": "CH11"}, waiting=True)
        text = calls.take_call(by=tess, facts={"channel": "CH21"}, waiting=True)
    with at(260):
        calls.lose_call(by=tess, call_id=lost.pk)
        calls.answer_call(by=tess, call_id=text.pk)
    with at(400):
        calls.call_back(by=tess, call_id=lost.pk, answered=True)
    within = figure(day.today(), "K1", "ring", "within")
    assert (within["value"], within["n"], within["lost"]) == (0.5, 2, 1)
    assert figure(day.today(), "K1", "ring", "p90")["value"] == 30


def test_misses_without_a_reason_come_first_and_a_reason_never_removes_a_miss(day: Day) -> None:
    explained = day.call(0)
    order = day.order(30, explained)
    with at(250):
        moves.report_delay(by=day.cast.actor("omar"), assignment_id=order.pk, code="DL1", text="晚高峰")
        moves.tell_caller(by=day.cast.actor("dana"), assignment_id=order.pk)
    day.move(700, order, "on_scene")
    day.finish(760, order)
    unexplained = day.handled(2000, 2030, 2330)
    answer = day.misses()
    assert [row["incident"] for row in answer["misses"]] == [unexplained.pk, explained.pk]
    assert (answer["count"], answer["no_reason"]) == (2, 1)
    assert answer["misses"][0]["missed"] == ["K7.A"]
    assert answer["misses"][1]["missed"] == ["K7.A", "K7.B", "K8.A", "K8.B"]
    [reason] = answer["misses"][1]["reasons"]
    assert (reason["code"], reason["in_time"]) == ("DL1", True)
    assert reason["caller_told_at"] is not None
    assert counted(day.today(), "K8", "A") == (1, 2, 0)


def test_the_steps_of_a_miss_add_up_to_its_time(day: Day) -> None:
    incident = day.call(0)
    first = day.order(40, incident)
    with at(100):
        moves.refuse(by=day.cast.actor("omar"), assignment_id=first.pk, code="RF4", text="路不通")
    second = day.order(130, incident, day.cast.car7)
    day.move(150, second, "accepted")
    day.move(210, second, "en_route")
    [running] = day.misses(500)["misses"]
    assert running["gaps"][-1] == {"step": "drive", "seconds": 290}
    day.move(700, second, "on_scene")
    [row] = day.misses()["misses"]
    assert row["elapsed"] == {"A": 700, "B": 660}
    assert [(gap["step"], gap["seconds"]) for gap in row["gaps"]] == [
        ("order", 40),
        ("reorder", 90),
        ("accept", 20),
        ("depart", 60),
        ("drive", 490),
    ]


def test_a_miss_that_was_settled_without_arrival_stops_counting(day: Day) -> None:
    order = day.order(10, day.call(0))
    day.move(20, order, "en_route")
    day.finish(700, order, no_attendance=True)
    [row] = day.misses()["misses"]
    assert row["arrived_at"] is None
    assert row["elapsed"]["A"] == 700


def test_a_leader_sees_no_complaint_and_no_confidential_address(day: Day) -> None:
    day.call(0, type_reported="1001")
    day.call(10, confidential=True)
    seen_by_leader = day.misses(audience="overview")
    assert (seen_by_leader["count"], seen_by_leader["hidden"]) == (2, 1)
    assert "新华路" not in seen_by_leader["misses"][0]["address_text"]
    assert day.misses()["hidden"] == 0


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("lee", {"today", "days", "misses"}),
        ("sam", {"today", "days", "misses"}),
        ("ina", {"today", "days", "misses"}),
        ("rae", {"today", "days", "misses"}),
        ("dana", {"today"}),
        ("tess", {"today"}),
        ("omar", set()),
        ("stan", set()),
        ("ana", set()),
        ("cal", set()),
        ("ada", set()),
        ("gate", set()),
        ("cho", set()),
    ],
)
def test_statistics_are_for_supervisors_and_todays_for_the_desk(
    cast: Cast, api: Any, name: str, allowed: set[str]
) -> None:
    caller = api(cast.user(name))
    for which in ("today", "days", "misses"):
        expected = 200 if which in allowed else 403
        assert caller.get(f"/api/statistics/{which}/").status_code == expected, which


def test_nobody_reads_statistics_without_signing_in(cast: Cast, api: Any) -> None:
    assert api().get("/api/statistics/today/").status_code == 401


@pytest.mark.parametrize("days", ["0", "93", "-1", "abc", "1.5", "9999999999", "٣", ""])
def test_a_number_of_days_that_makes_no_sense_is_refused_by_name(cast: Cast, api: Any, days: str) -> None:
    answer = api(cast.user("lee")).get("/api/statistics/days/", days=days)
    assert answer.status_code == 400
    assert "days" in answer.json()["fields"]

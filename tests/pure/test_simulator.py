"""The simulator's city on paper: volumes, mixes, seeds, streets, movement, and the figures of a run (domain 10)."""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice, pairwise
from random import Random

import pytest

from dispatch.simulator import city, people, plan, scenes, vehicles, words
from dispatch.simulator.plan import PlannedCall
from dispatch.simulator.report import Arrival, Latencies, Tally, arrival_of, rate, summary
from dispatch.simulator.reports import handling_report
from dispatch.simulator.streets import fastest_mps
from dispatch.simulator.streets import streets as streets_of_the_city
from dispatch.simulator.volumes import (
    CALL_MIX,
    HOUR_PROFILE,
    INCIDENT_MIX,
    NIGHT_HOURS,
    NIGHT_TYPES,
    Rate,
    incident_mix,
)
from incidents import code_tables
from incidents.demo_city import ground
from incidents.demo_city.people import people as demo_people
from patrol.roads.demo import demo_network
from patrol.roads.routes import route

DAYS = 10
FULL = Rate(1_200)


def calls_of(days: float, seed: int = 5, rate_: Rate = FULL) -> list[PlannedCall]:
    found: list[PlannedCall] = []
    for call in plan.calls(seed, rate_, city.spots(), start_hour=0):
        if call.at > days * 86_400:
            return found
        found.append(call)
    raise AssertionError


@pytest.fixture(scope="module")
def ten_days() -> list[PlannedCall]:
    return calls_of(DAYS)


def test_a_day_has_about_1200_calls_and_340_incidents(ten_days: list[PlannedCall]) -> None:
    incidents = sum(call.kind == "incident" for call in ten_days)
    assert len(ten_days) / DAYS == pytest.approx(1_200, rel=0.03)
    assert incidents / DAYS == pytest.approx(340, rel=0.06)


def test_calls_follow_the_hours_of_the_day(ten_days: list[PlannedCall]) -> None:
    by_hour = Counter(int(call.at // 3600) % 24 for call in ten_days)
    assert sum(HOUR_PROFILE) == 1_000
    for hour, share in enumerate(HOUR_PROFILE):
        assert by_hour[hour] / len(ten_days) == pytest.approx(share / 1_000, abs=0.006), hour


def test_the_mix_of_calls_is_that_of_the_domain_reference(ten_days: list[PlannedCall]) -> None:
    found = Counter(call.kind for call in ten_days)
    assert sum(CALL_MIX.values()) == pytest.approx(100)
    for kind, percent in CALL_MIX.items():
        assert 100 * found[kind] / len(ten_days) == pytest.approx(percent, abs=1.2), kind


def test_the_mix_of_incidents_is_that_of_the_domain_reference(ten_days: list[PlannedCall]) -> None:
    made = [call.scene for call in ten_days if call.kind == "incident" and call.scene]
    found = Counter(scene.top for scene in made)
    for top, percent in INCIDENT_MIX.items():
        assert 100 * found[top] / len(made) == pytest.approx(percent, abs=3), top


def test_traffic_peaks_in_the_afternoon_and_fights_at_night(ten_days: list[PlannedCall]) -> None:
    assert incident_mix(15)["03"] > 2 * incident_mix(3)["03"]
    made = [call for call in ten_days if call.scene and call.scene.top in ("02", "05")]
    shares = {}
    for night in (True, False):
        then = [call.scene.code for call in made if call.scene and (int(call.at // 3600) % 24 in NIGHT_HOURS) is night]
        shares[night] = sum(code in NIGHT_TYPES for code in then) / len(then)
    assert shares[True] > 1.4 * shares[False]


def test_the_same_seed_makes_the_same_calls_and_another_makes_others() -> None:
    first, again = calls_of(0.2, seed=7), calls_of(0.2, seed=7)
    assert first == again
    assert first != calls_of(0.2, seed=8)


def test_the_calls_of_a_seed_do_not_depend_on_how_far_one_reads() -> None:
    longer = calls_of(0.3, seed=7)
    assert longer[: len(calls_of(0.1, seed=7))] == calls_of(0.1, seed=7)


def test_an_even_pace_has_an_incident_each_forty_to_sixty_seconds() -> None:
    pace = people.pace("gentle")
    made = [call.at for call in calls_of(0.5, rate_=pace.rate) if call.kind == "incident"]
    assert 40 <= (made[-1] - made[0]) / (len(made) - 1) <= 60


def test_another_volume_scales_the_calls() -> None:
    assert len(calls_of(1, rate_=people.pace("full", 6_000).rate)) == pytest.approx(6_000, rel=0.06)


def test_a_duplicate_rings_soon_after_the_call_that_it_repeats(ten_days: list[PlannedCall]) -> None:
    firsts = {call.number: call for call in ten_days}
    duplicates = [call for call in ten_days if call.kind == "duplicate"]
    assert duplicates
    for call in duplicates:
        first = firsts[call.same_as or 0]
        assert call.scene == first.scene
        assert 0 < call.at - first.at < 600


def test_every_type_and_result_of_a_scene_is_in_the_code_tables(ten_days: list[PlannedCall]) -> None:
    types = {row.code for row in code_tables.TABLES["incident_type"]}
    results = {row.code for row in code_tables.TABLES["result"]}
    assert {kind.code for kinds in scenes.KINDS.values() for kind in kinds} <= types
    assert {code for mix in scenes.RESULTS.values() for code in mix} <= results
    assert {call.scene.result for call in ten_days if call.scene} <= set(words.PROCESS)


def test_every_place_lies_in_the_demo_box_and_every_phone_number_is_invented(ten_days: list[PlannedCall]) -> None:
    box = ground.BOX
    for call in ten_days:
        assert call.phone.startswith("190000"), call.phone
        assert len(call.phone) == 11
        if call.scene:
            assert box.west < call.scene.lng < box.east
            assert box.south < call.scene.lat < box.north
            assert call.scene.place in call.scene.address or call.scene.address.startswith(call.scene.place)
            assert "{" not in call.scene.narrative


def test_most_scenes_lie_in_the_dense_core(ten_days: list[PlannedCall]) -> None:
    core = ground.CORE
    made = [call.scene for call in ten_days if call.kind == "incident" and call.scene]
    inside = sum(core.west <= scene.lng <= core.east and core.south <= scene.lat <= core.north for scene in made)
    assert inside / len(made) > 0.5


def test_a_printed_login_is_never_used_by_an_agent() -> None:
    known = {person.username for person in demo_people()}
    for pace in (people.pace("gentle"), people.pace("full")):
        used = {*pace.call_takers, *pace.dispatchers, people.ADAPTER, people.COMMANDER, people.REVIEWER}
        used |= {crew.lead for crew in people.crews(pace.units)}
        assert used <= known
        assert not used & people.printed()


def test_the_gentle_pace_leaves_units_and_seats_to_people() -> None:
    gentle, full = people.pace("gentle"), people.pace("full")
    assert len(gentle.units) == 14
    assert set(gentle.units) < set(full.units)
    assert len(gentle.call_takers) <= 3
    assert not people.LEFT_FREE & set(full.units)


def test_the_street_network_is_connected_and_routes_stay_on_it() -> None:
    streets = streets_of_the_city()
    random = Random(3)
    on_the_way = 0
    for _ in range(20):
        start, end = random.choice(streets.corners), random.choice(streets.corners)
        way = streets.way("UF", start, end, hour=11, urgent=False)
        assert math.dist(way.points[0], start) < 1
        assert math.dist(way.points[-1], end) < 1
        assert way.seconds == sorted(way.seconds)
        length = sum(math.dist(a, b) for a, b in pairwise(way.points))
        assert math.dist(start, end) - 1 <= length < 4 * math.dist(start, end) + 800
        if len(way.points) > 2:
            on_the_way += 1
            assert max(math.dist(a, b) for a, b in pairwise(way.points)) < 600, "a route jumps over land"
    assert on_the_way > 5


def test_a_simulated_unit_drives_in_the_time_that_the_road_estimate_says() -> None:
    """The same network, one-ways and speeds: the estimate of a ranking and the simulated drive differ by the driver."""
    start, end = city.metres(24.510, 117.652), city.metres(24.520, 117.668)
    said = route(demo_network(), city.degrees(start), city.degrees(end), "car", 8)
    assert said is not None
    assert vehicles.journey("UP", start, end, hour=8, urgent=True).duration == pytest.approx(said.seconds)
    slow = vehicles.journey("UP", start, end, hour=8, urgent=True, factor=0.5).duration
    assert slow == pytest.approx(2 * said.seconds)


def test_urgency_is_faster_and_the_rush_hour_slower() -> None:
    start, end = city.metres(24.510, 117.652), city.metres(24.520, 117.668)
    usual = vehicles.journey("UP", start, end, hour=11).duration
    assert vehicles.journey("UP", start, end, hour=11, urgent=True).duration < usual
    assert vehicles.journey("UP", start, end, hour=8).duration > usual


def test_a_drone_flies_straight() -> None:
    start, end = city.metres(24.510, 117.652), city.metres(24.520, 117.668)
    assert vehicles.journey("UD", start, end, hour=11).points == [start, end]


def test_a_car_needs_about_two_minutes_to_a_place_800_metres_away() -> None:
    random, streets = Random(9), streets_of_the_city()
    took = []
    for _ in range(60):
        start = streets.around(city.metres(24.512, 117.66), 1_500, random)
        end = streets.around(start, 1_200, random)
        if 600 < math.dist(start, end) < 1_000:
            took.append(vehicles.journey("UP", start, end, hour=11, urgent=True).duration)
    assert 90 < sum(took) / len(took) < 220  # domain 10: 0.8 km, road factor 1.4, 30 km/h


def test_a_unit_on_foot_is_far_slower_than_a_car() -> None:
    start, end = city.metres(24.510, 117.652), city.metres(24.514, 117.660)
    on_foot = vehicles.journey("UF", start, end, hour=11).duration
    assert on_foot > 3 * vehicles.journey("UP", start, end, hour=11).duration


def test_a_journey_passes_its_points_in_time_and_stands_at_its_end() -> None:
    way = vehicles.journey("UM", city.metres(24.510, 117.652), city.metres(24.520, 117.668), hour=11, urgent=True)
    assert way.at(0).point == way.points[0]
    assert way.at(way.duration + 60).point == way.points[-1]
    assert way.at(way.duration + 60).speed_kmh == 0
    for moment in range(0, int(way.duration), 5):
        there = way.at(moment + 1).point
        assert math.dist(way.at(moment).point, there) < fastest_mps("UM") + 0.1


def test_gps_noise_is_of_five_to_fifteen_metres() -> None:
    for seed in range(6):
        receiver = vehicles.Receiver(Random(seed))
        true = (5_000.0, 4_000.0)
        errors = []
        for _ in range(400):
            lat, lng, accuracy = receiver.measured(true)
            errors.append(math.dist(city.metres(lat, lng), true))
            assert 4 < accuracy < 25
        spread = math.sqrt(sum(error**2 for error in errors) / len(errors))
        assert 3 < spread < 18


def test_a_dead_zone_lets_no_fix_through_and_a_gap_lasts_thirty_to_sixty_seconds() -> None:
    receiver = vehicles.Receiver(Random(1))
    (centre, _), *_ = vehicles.DEAD_ZONES
    assert not any(receiver.hears(now, centre) for now in range(0, 500, 5))
    heard = [receiver.hears(now, (100.0, 100.0)) for now in range(0, 20_000, 5)]
    silences = "".join(".x"[not one] for one in heard).rstrip("x").split(".")
    lengths = [len(one) * 5 for one in silences if one]
    assert lengths, "no gap in five hours"
    assert all(30 <= length <= 65 for length in lengths)


def test_no_two_fixes_look_faster_than_the_server_believes() -> None:
    assert vehicles.is_plausible(100, 1)  # noise
    assert vehicles.is_plausible(500, 10)
    assert not vehicles.is_plausible(1_000, 5)


def incident_row(**changes: object) -> dict[str, object]:
    return {
        "answered_at": "2026-01-05T01:00:00.000Z",
        "first_dispatched_at": "2026-01-05T01:01:00.000Z",
        "first_on_scene_at": None,
        "attendance": True,
        "exclusion": "",
        "merged_into": None,
        "priority": 3,
        **changes,
    }


def test_the_base_set_leaves_out_what_domain_8_leaves_out() -> None:
    assert arrival_of(incident_row()).counts
    assert not arrival_of(incident_row(exclusion="EX4")).counts
    assert not arrival_of(incident_row(attendance=False)).counts
    assert not arrival_of(incident_row(priority=4, first_dispatched_at=None)).counts
    assert arrival_of(incident_row(priority=4)).counts


def test_the_rate_counts_misses_and_leaves_young_open_cases_out() -> None:
    cases = [
        Arrival(0, 60, 250, True),  # in five minutes on both clocks
        Arrival(0, 60, 330, True),  # late from the answer, in time from the order
        Arrival(0, 60, None, True),  # open and older than the limit: a miss
        Arrival(900, 960, None, True),  # open and young
        Arrival(0, 60, 90, False),  # excluded
    ]
    assert rate(cases, "a", 300, now=1_000, speed=1) == pytest.approx(1 / 3, abs=1e-4)
    assert rate(cases, "b", 300, now=1_000, speed=1) == pytest.approx(2 / 3, abs=1e-4)
    assert rate([], "a", 300, now=1_000, speed=1) is None


def test_the_rate_is_in_the_agents_time() -> None:
    fast = [Arrival(0, 1, 10, True)]  # ten real seconds at speed 60 are ten of the agents' minutes
    assert rate(fast, "a", 300, now=100, speed=60) == 0
    assert rate(fast, "a", 600, now=100, speed=60) == 1


def test_a_percentile_is_that_of_the_values() -> None:
    found = Latencies()
    for value in range(1, 1_001):
        found.add(float(value))
    assert found.percentile(0.5) == pytest.approx(500, rel=0.03)
    assert found.percentile(0.99) == pytest.approx(990, rel=0.03)
    assert Latencies().percentile(0.5) == 0


def test_the_summary_names_every_count_and_keeps_few_errors() -> None:
    tally = Tally()
    tally.add("calls", 3)
    for number in range(100):
        tally.error(f"fault {number}")
    found = summary(tally, [], now=0, speed=1, ran=1)
    assert found["calls"] == 3
    assert found["orders"] == 0
    assert found["errors"] == 100
    assert len(found["error_samples"]) < 100
    assert {"rate5_a", "rate10_a", "rate5_b", "rate10_b", "http_requests", "p50_ms", "p99_ms"} <= set(found)


def test_a_handling_report_holds_what_its_result_demands() -> None:
    incident = {"type_reported": "0302", "address_text": "胜利路", "point": {"lat": 24.51, "lng": 117.65}}
    needed = {"RS01": "caught", "RS02": "case_no", "RS03": "case_no", "RS09": "case_no", "RS11": "result_place"}
    needed |= {"RS13": "handover_to", "RS14": "handover_to", "RS18": "property_text"}
    for code in words.PROCESS:
        order = {"assignment_no": "350600P20260101000001", "result_code": code}
        facts = handling_report(order, incident, None)
        assert facts["result_codes"] == [code]
        assert facts["process_text"]
        assert "{" not in facts["process_text"]
        assert needed.get(code, "type_verified") in facts
        assert facts == {**handling_report(order, incident, None), "device_at": facts["device_at"]}


def test_a_plan_can_be_read_for_ever() -> None:
    endless = plan.calls(1, Rate(200_000), city.spots())
    assert [call.number for call in islice(endless, 3_000)] == list(range(1, 3_001))

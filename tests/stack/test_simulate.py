"""The simulated city on the real stack: no error, its counts are the API's, it survives a restart, it leaves tidily."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest

from dispatch.simulator import city, people, plan
from incidents.demo_city.people import people as demo_people
from tests.stack.fixtures import OwnStack
from tests.stack.stack import Stack, manage
from zz110.home import CHECKOUT

SEED = 11
RUN = ("simulate", "--pace", "gentle", "--seed", str(SEED), "--json")


@pytest.fixture(scope="module")
def town(module_stack: OwnStack) -> Stack:
    """A stack of its own: the simulated units and calls must not stand in the way of other tests."""
    return module_stack("web")


@pytest.fixture(scope="module")
def run(town: Stack) -> dict[str, Any]:
    """Ten of the agents' minutes at fifteen times real time, on a fresh city."""
    said = manage(town.environment, *RUN, "--url", town.base_url, "--speed", "15", "--minutes", "10")
    [line] = said.splitlines()
    return dict(json.loads(line))


def every_incident(town: Stack) -> list[dict[str, list[dict[str, Any]]]]:
    """Return all rows of every incident, as the watch commander reads them."""
    reader = town.sign_in("zhihui")
    first = reader.get("/api/incidents/")
    pages = range(2, -(-first["count"] // 50) + 1)
    rows = [
        *first["incidents"],
        *(row for page in pages for row in reader.get("/api/incidents/", page=page)["incidents"]),
    ]
    return [reader.get(f"/api/incidents/{row['id']}/")["rows"] for row in rows]


def test_a_simulated_run_has_no_error(run: dict[str, Any]) -> None:
    assert run["errors"] == 0, run["error_samples"]
    assert run["calls"] >= 20
    assert run["incidents"] >= 6
    assert run["orders"] >= 3
    assert run["on_scene"] > 0
    assert run["http_requests"] > 200
    assert 0 < run["p50_ms"] <= run["p99_ms"]


def test_the_counts_of_a_run_are_those_of_the_api(town: Stack, run: dict[str, Any]) -> None:
    incidents = every_incident(town)
    orders = [row for rows in incidents for row in rows["assignment"]]
    sent = [row for row in orders if row["purpose"] != "self"]
    counted = {
        "incidents": len(incidents),
        "orders": len(sent),
        "discoveries": len(orders) - len(sent),
        "accepted": sum(row["accepted_at"] is not None for row in sent),
        "on_scene": sum(row["on_scene_at"] is not None for row in sent),
        "finished": sum(row["finished_at"] is not None for row in orders),
        "refusals": sum(row["state"] == "refused" for row in orders),
        "reports": sum(len(rows["report"]) for rows in incidents),
        "closed": sum(rows["incident"][0]["stage"] == "closed" for rows in incidents),
        "duplicates": sum(call["kind"] == "CK08" for rows in incidents for call in rows["call"]),
        "calls": town.value("SELECT count(*) FROM incidents_call WHERE channel <> 'CH51'"),
    }
    assert counted == {name: run[name] for name in counted}


def test_the_calls_are_those_of_the_seed(town: Stack, run: dict[str, Any]) -> None:
    planned = plan.calls(SEED, people.pace("gentle").rate, city.spots())
    expected = {call.marker: call.phone for call in islice(planned, run["calls"])}
    rung = town.sql("SELECT recording_id, caller_number FROM incidents_call WHERE channel <> 'CH51' ORDER BY id")
    assert {row["recording_id"]: row["caller_number"] for row in rung} == expected


def test_a_run_leaves_no_line_open_and_no_idle_unit_on_duty(town: Stack, run: dict[str, Any]) -> None:
    open_calls = "SELECT count(*) FROM incidents_call WHERE state IN ('waiting', 'in_progress', 'wrap_up')"
    assert town.value(open_calls) == 0
    idle = "SELECT call_sign FROM patrol_unit WHERE on_shift IS NOT NULL AND assignment_id IS NULL"
    assert town.sql(idle) == []
    unfinished = run["orders"] + run["discoveries"] - run["finished"] - run["refusals"] - run["withdrawn"]
    if not run["cancelled"] and not run["merged"]:
        assert town.value("SELECT count(*) FROM patrol_unit WHERE on_shift IS NOT NULL") == unfinished


def test_no_agent_used_a_login_that_is_printed_for_people(town: Stack, run: dict[str, Any]) -> None:
    assert run["calls"]
    badges = {person.username: person.badge for person in demo_people()}
    printed = {badges[name] for name in people.printed()} - {""}
    bodies = town.sql("SELECT body FROM incidents_entry WHERE kind = 'user.signed_in'")
    came = {json.loads(row["body"])["data"]["badge"] for row in bodies}
    zhihui = {badges["zhihui"]}  # this test's own reader
    assert came
    assert not came & printed - zhihui


def test_units_were_seen_moving_and_never_faster_than_possible(town: Stack, run: dict[str, Any]) -> None:
    assert run["calls"]
    moved = town.sql("SELECT unit_id, count(*) AS fixes, max(lat) - min(lat) AS span FROM patrol_fix GROUP BY unit_id")
    assert len(moved) >= len(people.GENTLE_UNITS) - 2
    assert sum(row["span"] > 0.0005 for row in moved) >= 5
    assert town.value("SELECT count(*) FROM patrol_fix WHERE suspect") == 0


def test_a_run_survives_the_restart_of_the_web_server_and_ends_on_request(town: Stack, run: dict[str, Any]) -> None:
    before = town.value("SELECT count(*) FROM incidents_call")
    playing = subprocess.Popen(
        [sys.executable, "manage.py", *RUN, "--url", town.base_url, "--speed", "10", "--seed", "12"],
        cwd=CHECKOUT,
        env=town.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        town.wait_until(more_calls(town, before + 4), "calls before the restart", within=240)
        town.kill_web()
        time.sleep(1)
        town.start_web()
        known = town.value("SELECT count(*) FROM incidents_call")
        town.wait_until(more_calls(town, known + 4), "calls after the restart", within=240)
        playing.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        said, faults = playing.communicate(timeout=30)
        assert time.monotonic() - asked < 12
    finally:
        playing.kill()
    assert playing.returncode == 0, faults
    found = json.loads(said)
    assert found["errors"] == 0, (found["error_samples"], faults)
    assert found["calls"] >= 8
    assert town.value("SELECT count(*) FROM patrol_unit WHERE on_shift IS NOT NULL AND assignment_id IS NULL") == 0


def more_calls(town: Stack, wanted: int) -> Callable[[], bool]:
    return lambda: town.value("SELECT count(*) FROM incidents_call") >= wanted

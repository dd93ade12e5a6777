"""A real fire service's fortnight through the public API: nothing is lost, doubled or reordered without an explanation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from dispatch.replay import plan, rows
from tests.stack.stack import Stack
from zz110.home import CHECKOUT

FILE = CHECKOUT.parent / "shared" / "data" / "calls" / "sf_fire_calls.csv.gz"
CENTRE = "SFTEST"
INCIDENTS = 150
KILLED_AFTER = 400  # steps


@pytest.fixture(scope="module")
def export() -> rows.Export:
    """The first incidents of the file."""
    if not FILE.exists():
        assert os.environ.get("CI") != "true", f"{FILE} must be there in CI"
        warnings.warn(f"NOT TESTED: the replay, because {FILE.name} is not beside this checkout", stacklevel=2)
        pytest.skip(f"{FILE.name} is not beside this checkout")
    return rows.first_incidents(rows.read(FILE), INCIDENTS)


def command(stack: Stack, *more: str) -> list[str]:
    options = ["--url", stack.base_url, "--centre", CENTRE, "--limit", str(INCIDENTS), "--json", *more]
    return [sys.executable, "manage.py", "replay", str(FILE), *options]


def replayed(stack: Stack, *more: str) -> tuple[int, dict[str, Any]]:
    """Run the command to its end; return its status and what it said."""
    done = subprocess.run(
        command(stack, *more), cwd=CHECKOUT, env=stack.environment, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def steps_noted(home: Path) -> int:
    files = list((home / "replay").glob(f"{CENTRE}-*.jsonl"))
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


@pytest.fixture(scope="module")
def played(stack: Stack, export: rows.Export) -> tuple[int, dict[str, Any]]:
    """A replay that is killed on its way and resumed."""
    killed = subprocess.Popen(
        command(stack), cwd=CHECKOUT, env=stack.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        stack.wait_until(lambda: steps_noted(stack.home) > KILLED_AFTER, "the first steps", within=180)
    finally:
        killed.kill()
        killed.wait()
    return replayed(stack, "--resume")


def test_a_replay_that_was_killed_and_resumed_equals_the_file(
    played: tuple[int, dict[str, Any]], export: rows.Export
) -> None:
    status, found = played
    assert found["unexplained"] == 0, found
    assert found["failed"] == 0, found["failures"]
    assert found["errors"] == 0, found["error_samples"]
    assert status == 0
    assert found["incidents"] == INCIDENTS
    assert found["responses"] == len(export.responses)
    assert found["played"] < len(plan.made(export).steps) - KILLED_AFTER // 2, "the resume played everything again"
    assert found["times_real_time"] > 1


def test_a_replay_makes_nothing_twice(stack: Stack, played: tuple[int, dict[str, Any]], export: rows.Export) -> None:
    counts = {
        table: stack.value(
            f"SELECT count(*) FROM {table} t JOIN incidents_centre c ON c.id = centre_id WHERE c.code = %s", [CENTRE]
        )
        for table in ("incidents_call", "incidents_incident", "dispatch_assignment", "dispatch_report")
    }
    went = sum(one.responded is not None or one.arrived is not None for one in export.responses)
    assert counts == {
        "incidents_call": INCIDENTS,
        "incidents_incident": INCIDENTS,
        "dispatch_assignment": len(export.responses),
        "dispatch_report": went,
    }
    assert played[1]["explained"] == {"never_left": len(export.responses) - went}


def test_a_replay_leaves_every_incident_ended_and_every_unit_off_duty(
    stack: Stack, played: tuple[int, dict[str, Any]]
) -> None:
    stages = stack.sql(
        "SELECT DISTINCT stage FROM incidents_incident i JOIN incidents_centre c ON c.id = i.centre_id WHERE c.code = %s",
        [CENTRE],
    )
    assert {row["stage"] for row in stages} <= {"closed", "cancelled"}
    on_duty = "SELECT count(*) FROM patrol_unit u JOIN incidents_centre c ON c.id = u.centre_id WHERE c.code = %s AND on_shift IS NOT NULL"
    assert stack.value(on_duty, [CENTRE]) == 0
    assert played[1]["stopped"] is False


def test_a_second_start_over_a_replay_is_refused(stack: Stack, played: tuple[int, dict[str, Any]]) -> None:
    done = subprocess.run(
        command(stack), cwd=CHECKOUT, env=stack.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "--resume" in done.stderr
    assert played[0] == 0


def test_the_check_finds_what_was_changed_behind_its_back(stack: Stack, played: tuple[int, dict[str, Any]]) -> None:
    assert replayed(stack, "--check")[0] == 0
    one = stack.value(
        "SELECT min(i.id) FROM incidents_incident i JOIN incidents_centre c ON c.id = i.centre_id WHERE c.code = %s",
        [CENTRE],
    )
    before = stack.value("SELECT type_reported FROM incidents_incident WHERE id = %s", [one])
    stack.sql("UPDATE incidents_incident SET type_reported = '0401' WHERE id = %s", [one])
    try:
        status, found = replayed(stack, "--check")
    finally:
        stack.sql("UPDATE incidents_incident SET type_reported = %s WHERE id = %s", [before, one])
    assert status == 1
    assert found["unexplained"] == 1
    assert played[0] == 0

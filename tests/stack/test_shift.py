"""A shift of 200 contacts over all channels: each ends with an outcome, nothing is open without an owner, and the
journal verifies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.stack.fixtures import OwnStack
from tests.stack.shift import script
from tests.stack.shift.machines import Machines
from tests.stack.shift.play import Shift
from tests.stack.stack import Stack, manage

# Two hours later: the callers are asked how it went. The clock of a running system cannot be moved, so the reports are.
LATER = """
import datetime as dt
from django.utils import timezone
from incidents import followup
from incidents.models import Incident
Incident.objects.filter(reported_at__isnull=False).update(reported_at=timezone.now() - dt.timedelta(hours=3))
while followup.keep(timezone.now()):
    pass
"""
SETTLED = (
    "SELECT count(*) FROM incidents_call WHERE state <> 'done' OR kind = '' OR NOT (incident_id IS NOT NULL OR "
    "closing_reason <> '' OR EXISTS (SELECT 1 FROM incidents_transfer t WHERE t.call_id = incidents_call.id))"
)
OPEN = "SELECT * FROM incidents_incident WHERE stage NOT IN ('closed', 'cancelled', 'handed_over', 'merged', 'invalid')"


@pytest.fixture(scope="module")
def centre(module_stack: OwnStack) -> Stack:
    """A centre of its own, with everything that a shift needs."""
    return module_stack("web worker beat")


@pytest.fixture(scope="module")
def shift(centre: Stack) -> Iterator[Shift]:
    """The whole shift, played to its end."""
    machines = Machines(centre)
    try:
        played = Shift(centre, machines)
        for contact in script.contacts():
            played.play(contact)
        ask_afterwards(played)
        review(played)
        played.street.go_home()
        yield played
    finally:
        machines.close()


def ask_afterwards(shift: Shift) -> None:
    """Ask the callers by text; nine of ten reply that they are satisfied, one is not, the agent rings the rest."""
    stack, texts = shift.stack, shift.machines.texts
    manage(stack.environment, "shell", "-v0", "-c", LATER)
    unasked = "SELECT count(*) FROM incidents_callback WHERE way = 'sms' AND asked_at IS NULL AND outcome = ''"
    stack.wait_until(lambda: stack.value(unasked) == 0, "the questions to go out")
    questions = [one for one in texts.taken if "110回访" in one["text"]]
    for number, question in enumerate(questions):
        texts.bring(question["number"], "3" if number % 10 == 9 else "1").raise_for_status()
    rows: list[dict[str, Any]] = shift.desk.agent.get("/api/callbacks/")["callbacks"]
    for row in [one for one in rows if not one["outcome"]]:
        answer = {"version": row["version"], "outcome": "answered", "grade": 2, "words": "还可以"}
        shift.desk.agent.post(f"/api/callbacks/{row['id']}/record/", answer)
    stations = {row["org"]: row["id"] for row in stack.sql("SELECT id, to_id AS org FROM incidents_supervisionorder")}
    for row in stack.sql("SELECT id FROM incidents_supervisionorder ORDER BY id"):
        shift.desk.watch.post(f"/api/supervision/{row['id']}/sign/")
        shift.desk.watch.post(f"/api/supervision/{row['id']}/reply/", {"text": "已当面致歉"})
        shift.desk.agent.post(f"/api/supervision/{row['id']}/close/")
    assert stations, "one in ten was dissatisfied"


def review(shift: Shift) -> None:
    """Let the reviewer close everything that was handed in."""
    for row in shift.stack.sql("SELECT id FROM incidents_incident WHERE stage = 'review' ORDER BY id"):
        shift.desk.decide(shift.desk.reviewer, row["id"], "approve")


def test_every_contact_of_the_shift_is_recorded_with_its_channel_and_an_outcome(shift: Shift) -> None:
    stack = shift.stack
    assert sum(script.CONTACTS.values()) == 200
    assert stack.value("SELECT count(*) FROM incidents_call") == 200
    assert stack.value(SETTLED) == 0
    channels = {row["channel"] for row in stack.sql("SELECT DISTINCT channel FROM incidents_call")}
    assert channels >= {
        "CH11", "CH12", "CH13", "CH21", "CH22", "CH23", "CH31", "CH32", "CH33", "CH41", "CH42", "CH43", "CH51", "CH52",
        "CH61", "CH62", "CH63", "CH64", "CH99",
    }  # fmt: skip
    kinds = {row["kind"] for row in stack.sql("SELECT DISTINCT kind FROM incidents_call")}
    assert kinds >= {f"CK{number:02d}" for number in (1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13)} | {"CK99"}


def test_nothing_is_open_without_an_owner(shift: Shift) -> None:
    stack = shift.stack
    assert [row for row in stack.sql(OPEN) if row["jurisdiction_id"] is None and not row["units"]] == []
    assert stack.sql(OPEN) == [], "the shift left nothing undone"
    assert stack.value("SELECT count(*) FROM incidents_callback WHERE outcome = ''") == 0
    assert stack.value("SELECT count(*) FROM incidents_transfer WHERE state IN ('unsent', 'sent')") == 0
    assert stack.value("SELECT count(*) FROM incidents_supervisionorder WHERE state <> 'closed'") == 0
    assert stack.value("SELECT count(*) FROM incidents_deadline WHERE state = 'running' AND stopped_at IS NULL") == 0
    assert stack.value("SELECT count(*) FROM patrol_unit WHERE assignment_id IS NOT NULL OR on_shift IS NOT NULL") == 0


def test_no_silent_contact_was_rung(shift: Shift) -> None:
    rung = "SELECT count(*) FROM incidents_call WHERE silent AND jsonb_array_length(callback_attempts) > 0"
    assert shift.stack.value("SELECT count(*) FROM incidents_call WHERE silent") > 5
    assert shift.stack.value(rung) == 0
    asked = "SELECT count(*) FROM incidents_callback c JOIN incidents_incident i ON i.id = c.incident_id WHERE i.silent AND asked_at IS NOT NULL"
    assert shift.stack.value(asked) == 0


def test_the_journal_of_the_shift_verifies(shift: Shift) -> None:
    assert "holds" in manage(shift.stack.environment, "verify_journal")
    assert shift.stack.value("SELECT count(*) FROM incidents_entry") > 2_000

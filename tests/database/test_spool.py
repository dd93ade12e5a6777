"""When the database refuses to write (D3, A53): the call goes to the spool, all else is asked to come again, and what
was spooled is entered exactly once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from dispatch import spool_replay
from incidents import emergency
from incidents.models import Alert, Call, Entry, LateEntry
from incidents.row import stamp
from incidents.services import blocks
from incidents.spool import Spool
from tests.faults.samples import seat_number
from tests.people import PLACE, Cast

CALL = {"channel": "CH11", "kind": "CK01", "caller_number": "19000000001"}
WRITE = """
import os, pathlib, sys
from incidents.spool import Spool
spool = Spool(pathlib.Path(sys.argv[1]))
n = 0
while True:
    n += 1
    line = spool.append(lambda lines: {"key": f"{os.getpid()}-{n}"})
    print(line["n"], flush=True)
"""


@pytest.fixture(autouse=True)
def own_spool(settings: Any, tmp_path: Path) -> None:
    """Give each test a spool of its own."""
    settings.SPOOL_FOLDER = tmp_path / "spool"


@contextmanager
def read_only() -> Iterator[None]:
    """Let the database refuse every write."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")


@contextmanager
def without_journal() -> Iterator[None]:
    """Let the database take everything but the journal (A53)."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE incidents_entry RENAME TO incidents_entry_away")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE incidents_entry_away RENAME TO incidents_entry")


@pytest.mark.parametrize("fault", [read_only, without_journal])
def test_a_call_is_spooled_everything_else_comes_again_and_reading_goes_on(cast: Cast, api: Any, fault: Any) -> None:
    cast.on_duty()
    number = seat_number(cast)
    desk, key = api(cast.user("tess")), str(uuid.uuid4())
    body = {**CALL, "number": number, "incident": {"type_reported": "020101", "point": PLACE}}
    incident = desk.post("/api/calls/", {**CALL, "incident": {"address_text": "旧"}}).json()["call"]["incident"]
    with fault():
        taken = desk.post("/api/calls/", body, key=key)
        assert taken.status_code == 202, taken.content
        assert taken.json()["spooled"]["number"] == number and taken.json()["spooled"]["call_no"].endswith(str(number))
        assert desk.post("/api/calls/", body, key=key).json() == taken.json(), "the same key is one line"
        bad = desk.post("/api/calls/", {**CALL, "channel": "XX1"})
        assert bad.status_code == 400
        refused = desk.post(f"/api/incidents/{incident}/note/", {"text": "x"})
        assert (refused.status_code, refused.json()["error"], refused.headers["Retry-After"]) == (503, "try_again", "5")
        assert desk.get("/api/snapshot/").status_code == 200
        assert desk.get("/api/degraded/").json()["spool"]["waiting"] == 1
    assert spool_replay.replay() == 1 and spool_replay.replay() == 0
    call = Call.objects.get(pk=number)
    entry = LateEntry.objects.get(call=call)
    assert (call.source, call.agent_no, call.state) == ("spool", cast.users["tess"].badge, "in_progress")
    assert abs((entry.call.answered_at or call.created_at) - emergency_time(taken)).total_seconds() < 0.01
    assert Alert.objects.get(kind="call_spooled").data["call_no"] == call.call_no
    late_retry = desk.post("/api/calls/", body, key=key)
    assert late_retry.headers["Idempotent-Replay"] == "true" and Call.objects.filter(source="spool").count() == 1


def emergency_time(answer: Any) -> Any:
    """Return when a spooled call was taken."""
    return spool_replay.moment(answer.json()["spooled"])


def test_a_replay_killed_after_its_command_and_before_its_mark_doubles_nothing(
    cast: Cast, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks.keep_reserve(cast.centre.pk)
    desk = api(cast.user("tess"))
    with read_only():
        for place in range(3):
            body = {**CALL, "incident": {"address_text": f"新华路{place}号"}}
            assert desk.post("/api/calls/", body).json()["spooled"]["number"] is not None
        assert spool_replay_fails()
    mark = Spool.mark
    marked: list[str] = []

    def dies(self: Spool, line: Any, outcome: str) -> None:
        if line["n"] == 2 and not marked:
            marked.append(outcome)
            raise KeyboardInterrupt  # what a kill leaves behind: the command is done, the mark is not
        mark(self, line, outcome)

    monkeypatch.setattr(Spool, "mark", dies)
    with pytest.raises(KeyboardInterrupt):
        spool_replay.replay()
    assert spool_replay.replay() == 2
    assert sorted(Call.objects.values_list("incident__address_text", flat=True)) == [f"新华路{n}号" for n in range(3)]
    assert Entry.objects.filter(kind="call.entered_late").count() == 3
    done = [json.loads(line)["outcome"] for line in emergency.spool().done.read_text().splitlines()]
    assert done == ["entered", "again", "entered"]


def spool_replay_fails() -> bool:
    """Tell that a replay gives up while the database still refuses."""
    try:
        spool_replay.replay()
    except Exception:
        return bool(emergency.standing()["spool"]["waiting"] == 3)
    return False


def test_what_the_rules_refuse_later_is_entered_with_its_words_as_a_call_to_ring_back(cast: Cast, api: Any) -> None:
    blocks.keep_reserve(cast.centre.pk)
    desk, number = api(cast.user("tess")), seat_number(cast)
    with read_only():
        assert desk.post("/api/calls/", {**CALL, "number": number, "narrative": "有人落水"}).status_code == 202
    desk.post("/api/calls/", {**CALL, "number": number})  # the number is taken meanwhile
    Call.objects.update(agent=cast.user("sam"))
    assert spool_replay.replay() == 1
    bare = Call.objects.get(source="spool")
    assert "有人落水" in bare.narrative and bare.pk != number


def test_lines_that_were_acknowledged_survive_a_kill_and_a_changed_one_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "lines"
    seen = []
    for _round in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE, str(folder)], stdout=subprocess.PIPE, text=True, env={**os.environ}
        )
        assert writer.stdout is not None
        seen += [int(writer.stdout.readline()) for _ in range(20)]
        writer.send_signal(signal.SIGKILL)
        seen += [int(line) for line in writer.stdout.read().split() if line]
        writer.wait()
    spool = Spool(folder)
    with open(spool.calls, "ab") as file:
        file.write(b'{"half": ')  # what a killed process left
    kept = [line["n"] for line in spool.lines()]
    assert kept == list(range(1, len(kept) + 1)) and set(seen) <= set(kept)
    assert spool.append(lambda lines: {"key": "next"})["n"] == len(kept) + 1
    text = spool.calls.read_text().replace('"next"', '"nexT"')
    spool.calls.write_text(text)
    with pytest.raises(ValueError, match="not what was written"):
        spool.lines()


def test_a_call_that_was_spooled_bare_is_completed_by_what_the_seat_took_down(cast: Cast, api: Any) -> None:
    desk, number = api(cast.user("tess")), seat_number(cast)
    late = {
        "source": "offline",
        "number": number,
        "channel": "CH11",
        "kind": "CK01",
        "answered_at": stamp(timezone.now()),
        "incident": {"address_text": "新华路9号"},
    }
    with read_only():
        assert desk.post("/api/calls/", {"channel": "CH11", "number": number}).status_code == 202
        assert desk.post("/api/late-entries/", late).json()["spooled"]["number"] == number
    assert spool_replay.replay() == 2
    call = Call.objects.get()
    assert (call.pk, call.state, call.source) == (number, "done", "spool")
    assert call.incident is not None and call.incident.address_text == "新华路9号"
    assert emergency.spool().retire(above=0) and emergency.spool().waiting() == []

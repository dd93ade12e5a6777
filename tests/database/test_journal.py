"""The journal: gap-free, in the order of commits, never changed, and verifiable without us (design 3, rules 29–32)."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dispatch.sentences import SENTENCES
from incidents import anchor, commands, partitions
from incidents.journal import canonical, record
from incidents.journal_kinds import KINDS
from incidents.live import frames
from incidents.models import Centre, Entry, Head, Incident
from incidents.refusals import WrongTurn
from incidents.services import calls, incidents, people
from incidents.verify import verify_journal
from tests import people as cast_of
from tests.database.together import together
from tests.people import Cast
from zz110.home import CHECKOUT

WRITERS, WRITES = 8, 25
# In the contract for what comes later: nothing writes them yet.
SCRIPT = CHECKOUT / "incidents" / "verify" / "verify_journal.py"


@pytest.fixture
def commands_of_this_test() -> Iterator[None]:
    """Take commands that a test defines out of the register again."""
    before = dict(commands.COMMANDS)
    yield
    commands.COMMANDS.clear()
    commands.COMMANDS.update(before)


def lines(centre: Centre) -> list[tuple[int, str]]:
    """Return (number, kind) of every entry, by number."""
    return list(Entry.objects.filter(centre=centre).order_by("seq").values_list("seq", "kind"))


def some_entries(cast: Cast, number: int = 6) -> Incident:
    """Make an incident with notes and return it."""
    call = calls.take_call(by=cast.actor("tess"), facts={"channel": "CH11"}, incident={"address_text": "新华路"})
    for index in range(number):
        incidents.add_note(by=cast.actor("dana"), incident_id=call.incident_id, text=f"第{index}条")  # type: ignore[attr-defined]
    return Incident.objects.get()


# --- numbers ---


def test_eight_writers_leave_no_gap_and_no_reader_misses_an_entry(cast: Cast) -> None:
    """Reading by `id > last` missed 7 % in the same race (style trap 11)."""
    some_entries(cast, 0)
    incident, start = Incident.objects.get(), Head.objects.get().seq
    total = start + WRITERS * WRITES
    over = threading.Event()
    holes: list[Any] = []

    def write() -> None:
        for _ in range(WRITES // 5):
            for _ in range(4):
                people.note_sign_in(by=cast.actor("dana"), came=True)
            incidents.add_note(by=cast.actor("tess"), incident_id=incident.pk, text="同时")

    def follow() -> list[int]:
        read: list[int] = [line.seq for line in frames.read(cast.centre.pk, 0, 10_000)]
        while len(read) < total and not over.wait(0.001):
            read += [line.seq for line in frames.read(cast.centre.pk, read[-1], 7)]
        return read

    def look_for_holes() -> None:
        """At no instant may a number be visible while a lower one is not: the order of commits is that of numbers."""
        while not over.wait(0.001):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT h.seq, (SELECT count(*) FROM incidents_entry), (SELECT max(seq) FROM incidents_entry) "
                    "FROM incidents_head h"
                )
                head, entries, highest = cursor.fetchone()
                if not head == entries == highest:
                    holes.append((head, entries, highest))
                if head == total:
                    return

    timer = threading.Timer(60, over.set)
    timer.start()
    found = together([*[write] * WRITERS, follow, follow, look_for_holes])
    timer.cancel()
    assert holes == []
    assert found[WRITERS] == found[WRITERS + 1] == list(range(1, total + 1))


def test_moments_rise_with_the_numbers(cast: Cast) -> None:
    together([lambda: note(cast)] * 6)
    moments = list(Entry.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)


def note(cast: Cast) -> None:
    """Write five entries."""
    for _ in range(5):
        people.note_sign_in(by=cast.actor("sam"), came=True)


def test_two_centres_count_apart(cast: Cast) -> None:
    other = cast_of.cast("T2")
    note(cast)
    note(other)
    own, foreign = lines(cast.centre), lines(other.centre)
    assert [seq for seq, _ in own] == list(range(1, len(own) + 1))
    assert [seq for seq, _ in foreign] == list(range(1, len(foreign) + 1))
    assert verify() == 0


def test_one_command_writes_the_journals_of_two_centres_or_of_none(cast: Cast, commands_of_this_test: None) -> None:
    other = cast_of.cast("T2")

    @commands.command
    def tell_both(*, by: Any, fails: bool) -> dict[str, Any]:
        record("centre.opened", centre_id=other.centre.pk, code="2", name="乙")
        record("centre.opened", centre_id=cast.centre.pk, code="1", name="甲")
        if fails:
            raise WrongTurn(Incident())
        return {}

    before = lines(cast.centre), lines(other.centre)
    with pytest.raises(WrongTurn):
        tell_both(by=None, fails=True)
    assert (lines(cast.centre), lines(other.centre)) == before
    # Heads are locked by id whatever the order of the facts: crosswise commands never lock each other out.
    together([lambda: tell_both(by=None, fails=False)] * 8)
    assert len(lines(cast.centre)) == len(before[0]) + 8
    assert len(lines(other.centre)) == len(before[1]) + 8
    assert verify() == 0


def test_a_command_that_fails_writes_nothing(cast: Cast, commands_of_this_test: None) -> None:
    incident = some_entries(cast)
    before = lines(cast.centre)

    @commands.command
    def break_off(*, by: Any, late: bool) -> dict[str, Any]:
        incident.change(by=None, narrative="改了")
        record("incident.described", incident)
        if late:
            incident.change(by=None, priority=9)  # the database refuses: priority_is_one_to_four
        raise RuntimeError("broken off")

    for late, error in ((False, RuntimeError), (True, DatabaseError)):
        with pytest.raises(error):
            break_off(by=None, late=late)
        incident.refresh_from_db()
        assert incident.narrative == ""
        assert lines(cast.centre) == before
    assert Head.objects.get().seq == before[-1][0]


def test_an_act_that_changes_nothing_writes_nothing(cast: Cast) -> None:
    incident = some_entries(cast)
    before = lines(cast.centre)
    same = {"address_text": incident.address_text}
    found = incidents.describe_incident(
        by=cast.actor("tess"), incident_id=incident.pk, version=incident.version, facts=same
    )
    assert found.version == incident.version
    assert lines(cast.centre) == before


# --- never changed ---

TABLES = ["incidents_entry", "incidents_entry_default", "the partition of this month", "a partition of a later month"]
FILLED = [TABLES[0], TABLES[2]]
REFUSED = {
    "update": "UPDATE {table} SET kind = 'call.rang'",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
    "truncate cascade": "TRUNCATE {table} CASCADE",
}


@pytest.mark.parametrize(
    ("table", "act"),
    # A trigger per row has nothing to refuse in a partition that is empty.
    [(table, act) for table in TABLES for act in REFUSED if table in FILLED or act.startswith("truncate")],
)
def test_no_entry_is_ever_changed_or_removed(cast: Cast, table: str, act: str) -> None:
    partitions.ensure(timezone.now())
    some_entries(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'incidents_entry'::regclass")
        monthly = sorted(name for (name,) in cursor.fetchall() if not name.endswith("_default"))
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM incidents_entry")
        [(used,)] = cursor.fetchall()
    name = {TABLES[2]: used, TABLES[3]: monthly[-1]}.get(table, table)
    before = lines(cast.centre)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REFUSED[act].format(table=name))
    assert lines(cast.centre) == before


def test_entries_older_than_every_partition_are_guarded_too(cast: Cast) -> None:
    """The default partition takes what no month holds; its rows are refused like the others."""
    values = "%s, 1, '2001-01-01+00', 'call.rang', '', '{}', '{}', '', '', ''"
    columns = "centre_id, seq, at, kind, actor, readers, body, body_hash, prev_hash, hash"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO incidents_entry ({columns}) VALUES ({values})", [cast.centre.pk])
    for statement in ("UPDATE incidents_entry_default SET seq = 2", "DELETE FROM incidents_entry_default"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# --- kinds ---


def test_an_unknown_kind_is_refused(cast: Cast, commands_of_this_test: None) -> None:
    @commands.command
    def invent(*, by: Any) -> dict[str, Any]:
        record("incident.updated", centre_id=cast.centre.pk)
        return {}

    with pytest.raises(ValueError, match=r"incident\.updated"):
        invent(by=None)


def test_nothing_is_recorded_outside_a_command(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="outside a command"):
        record("centre.opened", centre_id=cast.centre.pk)


def test_the_list_of_kinds_is_what_the_code_writes() -> None:
    assert kinds_in_code() == KINDS


def test_the_list_of_kinds_is_the_contracts() -> None:
    text = (
        (CHECKOUT / "docs" / "contract.md")
        .read_text(encoding="utf-8")
        .partition("## 6. Kinds")[2]
        .partition("\n## ")[0]
    )
    named: set[str] = set()
    for group in re.findall(r"`([a-z_. ]+)`", text):
        noun = group.partition(".")[0]
        named |= {word if not word.startswith(".") else noun + word for word in group.split()}
    assert named == KINDS


def test_every_kind_has_its_sentence() -> None:
    assert set(SENTENCES) == KINDS


def kinds_in_code() -> set[str]:
    """Return every text in our Python code that has the form of a kind; the list itself and the sentences apart."""
    nouns = "|".join(sorted({kind.partition(".")[0] for kind in KINDS}))
    form = re.compile(rf"({nouns})\.[a-z_]+")
    found = set()
    for app in ("incidents", "patrol", "dispatch", "zz110"):
        for path in (CHECKOUT / app).rglob("*.py"):
            if path.name in ("journal_kinds.py", "sentences.py") or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and form.fullmatch(node.value):
                    found.add(node.value)
    return found


# --- verification, as somebody who trusts neither us nor the database would do it ---


def verify(anchor_file: Path | None = None) -> int:
    """Run the stand-alone script and return its status; its output goes to the test's."""
    return script(anchor_file).returncode


def script(anchor_file: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the stand-alone script in a bare Python: it needs nothing of ours."""
    arguments = [conninfo(), *(["--anchor", str(anchor_file)] if anchor_file else [])]
    command = [sys.executable, "-P", str(SCRIPT), *arguments]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return done


def conninfo() -> str:
    """Return the connection string of the test database."""
    found = connection.get_connection_params()
    names = ("dbname", "user", "host", "port")
    return psycopg.conninfo.make_conninfo(**{name: str(found[name]) for name in names if found.get(name)})


def forge(statement: str, parameters: Any = ()) -> None:
    """Change the journal as a database administrator can: with the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, parameters)
        assert cursor.rowcount > 0
        cursor.execute("SET session_replication_role = origin")


def test_an_untouched_journal_verifies(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    some_entries(cast)
    assert verify() == 0
    call_command("verify_journal")
    head = Head.objects.get()
    assert f"centre {cast.centre.pk}: {head.seq} entries, the chain holds" in capsys.readouterr().out


def test_what_is_written_during_the_verification_does_not_break_the_chain(cast: Cast) -> None:
    """Head and entries are of one moment: a centre at work is verified like one at rest."""
    some_entries(cast)
    with verify_journal.open_snapshot(conninfo()) as reader:
        [(centre, seq, digest, _epoch)] = verify_journal.heads(reader, cast.centre.pk)
        note(cast)
        found = verify_journal.verify(reader, centre, seq, digest, {})
    assert found == verify_journal.Verdict(cast.centre.pk, seq)
    assert Head.objects.get().seq > seq


def test_the_script_imports_nothing_of_ours() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name.partition(".")[0] for name in named} & {"incidents", "patrol", "dispatch", "zz110", "django"}


FORGERIES = {
    "body": ("UPDATE incidents_entry SET body = replace(body, '第2条', '第二条') WHERE seq = 7", 7),
    "body and its hash": (
        "UPDATE incidents_entry SET body = '{}', body_hash = sha256('{}'::bytea) WHERE seq = 7",
        7,
    ),
    "kind": ("UPDATE incidents_entry SET kind = 'call.rang' WHERE seq = 3", 3),
    "actor": ("UPDATE incidents_entry SET actor = '' WHERE seq = 3", 3),
    "actor's id": ("UPDATE incidents_entry SET actor_id = 99 WHERE seq = 3", 3),
    "moment": ("UPDATE incidents_entry SET at = at - interval '1 microsecond' WHERE seq = 3", 3),
    "incident": ("UPDATE incidents_entry SET incident_id = 99 WHERE seq = 3", 3),
    "command": ("UPDATE incidents_entry SET command = gen_random_uuid() WHERE seq = 3", 3),
    "readers": ("UPDATE incidents_entry SET readers = '{}' WHERE seq = 3", 3),
    "hash": ("UPDATE incidents_entry SET hash = sha256('x'::bytea) WHERE seq = 3", 3),
    "previous hash": ("UPDATE incidents_entry SET prev_hash = sha256('x'::bytea) WHERE seq = 3", 3),
    "deletion": ("DELETE FROM incidents_entry WHERE seq = 4", 4),
    "deletion of the first": ("DELETE FROM incidents_entry WHERE seq = 1", 1),
    "insertion": (
        "INSERT INTO incidents_entry SELECT centre_id, seq, at + interval '1 microsecond', kind, actor_id, actor, "
        "command, incident_id, readers, body, body_hash, prev_hash, hash FROM incidents_entry WHERE seq = 4",
        4,
    ),
    "swap": ("UPDATE incidents_entry SET seq = CASE seq WHEN 4 THEN 6 ELSE 4 END WHERE seq IN (4, 6)", 4),
    "head's hash": ("UPDATE incidents_head SET hash = sha256('x'::bytea)", 10),
    "head too low": ("UPDATE incidents_head SET seq = seq - 1", 10),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_the_first_bad_number_of_a_forged_journal_is_named(cast: Cast, forgery: str) -> None:
    some_entries(cast)
    assert Head.objects.get().seq == 10  # two units, call, incident, six notes
    assert verify() == 0
    statement, bad = FORGERIES[forgery]
    forge(statement)
    done = script()
    assert done.returncode == 1
    assert f"centre {cast.centre.pk}: BROKEN at number {bad}:" in done.stdout
    with pytest.raises(SystemExit):
        call_command("verify_journal")


def test_a_chain_forged_from_a_number_on_with_right_hashes_is_found_by_the_anchor(cast: Cast, tmp_path: Path) -> None:
    """Who may write everything can also compute every hash anew; only what lies outside the database tells."""
    some_entries(cast)
    anchor_file = anchored(tmp_path)
    rows = list(Entry.objects.order_by("seq").values())
    from incidents import journal

    prev = b"\0" * 32
    for row in rows:
        body = row["body"].replace("第2条", "假话")
        header = journal.header(
            centre=row["centre_id"], seq=row["seq"], at=row["at"], kind=row["kind"], actor_id=row["actor_id"],
            actor=row["actor"], command=row["command"], incident_id=row["incident_id"], readers=row["readers"],
        )  # fmt: skip
        body_hash = hashlib.sha256(body.encode()).digest()
        digest = journal.link(prev, header, body_hash)
        forge(
            "UPDATE incidents_entry SET body = %s, body_hash = %s, prev_hash = %s, hash = %s WHERE seq = %s",
            [body, body_hash, prev, digest, row["seq"]],
        )
        prev = digest
    forge("UPDATE incidents_head SET hash = %s", [prev])
    assert verify() == 0, "the forgery is perfect inside the database"
    done = script(anchor_file)
    assert done.returncode == 1
    assert "BROKEN at number 10: differs from the anchor" in done.stdout


def test_a_cut_tail_is_found_by_the_anchor_alone(cast: Cast, tmp_path: Path) -> None:
    some_entries(cast)
    anchor_file = anchored(tmp_path)
    forge("DELETE FROM incidents_entry WHERE seq > 8")
    forge("UPDATE incidents_head SET seq = 8, hash = (SELECT hash FROM incidents_entry WHERE seq = 8)")
    assert verify() == 0, "a chain with its tail cut off is still a valid chain"
    done = script(anchor_file)
    assert done.returncode == 1
    assert "BROKEN at number 9: the tail is cut" in done.stdout


def test_the_anchor_gets_the_heads_of_every_centre_and_keeps_the_old_lines(
    cast: Cast, tmp_path: Path, settings: Any
) -> None:
    other = cast_of.cast("T2")
    settings.ANCHOR_FILE = tmp_path / "deep" / "heads.jsonl"
    note(cast)
    assert anchor.write() == 2
    note(other)
    assert anchor.write() == 2
    found = [json.loads(line) for line in settings.ANCHOR_FILE.read_text().splitlines()]
    assert [(line["centre"] == other.centre.pk) for line in found] == [False, True, False, True]
    assert found[-1]["seq"] == Head.objects.get(centre=other.centre).seq
    assert found[-1]["hash"] == bytes(Head.objects.get(centre=other.centre).hash).hex()
    assert verify(settings.ANCHOR_FILE) == 0


def anchored(folder: Path) -> Path:
    """Write the anchor into a folder and return its file."""
    from django.test import override_settings

    file = folder / "heads.jsonl"
    with override_settings(ANCHOR_FILE=file):
        anchor.write()
    return file


def test_canonical_json_has_one_form() -> None:
    assert canonical({"b": [1, 2.5, None, True], "a": "字\u2028\n"}) == '{"a":"字\u2028\\n","b":[1,2.5,null,true]}'
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))

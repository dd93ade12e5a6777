"""What becomes of incidents after their end: closing rules, classes, redaction with a chain that holds, legal holds."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from psycopg.conninfo import make_conninfo

from dispatch import retention as nightly
from dispatch.models import Assignment, Photo, Report
from dispatch.services import decisions, merging, moves, pictures
from incidents import followup, jobs
from incidents.archive import classes
from incidents.archive.personal import NOTHING, REGISTRY
from incidents.audience import MASK
from incidents.models import (
    Alert,
    Call,
    Callback,
    Entry,
    Heartbeat,
    Incident,
    LegalHold,
    Note,
    Party,
    Retention,
    SupervisionOrder,
    Transfer,
)
from incidents.refusals import BadInput, WrongTurn
from incidents.row import Row
from incidents.services import callbacks, calls, holds, incidents, parties, retention, supervision, transfers
from incidents.verify import verify_journal
from tests.database.acts import POINT, drive, handled, kinds, report, send, take
from tests.people import Cast

NAME, NUMBER, WORDS = "卢知遥", "19000000101", "有人在楼下偷自行车"
YEARS = dt.timedelta(days=1200)
FIXED = ("seq", "kind", "hash", "body_hash", "readers")


def in_review(cast: Cast, **more: Any) -> Incident:
    """Bring an incident with a known caller to review."""
    incident, _order = handled(cast)
    incidents.describe_incident(
        by=cast.actor("sam"), incident_id=incident.pk, version=incident.version,
        facts={"contact_name": NAME, "contact_phone": NUMBER, "narrative": WORDS, **more},
    )  # fmt: skip
    call = incident.calls.get()
    calls.describe_call(
        by=cast.actor("tess"), call_id=call.pk, version=call.version,
        facts={"caller_name": NAME, "caller_number": NUMBER, "narrative": WORDS},
    )  # fmt: skip
    calls.finish_call(by=cast.actor("tess"), call_id=call.pk, facts={})
    incident.refresh_from_db()
    return decisions.submit(by=cast.actor("dana"), incident_id=incident.pk, version=incident.version)


def closed(cast: Cast, **more: Any) -> Incident:
    """Close an incident."""
    incident = in_review(cast, **more)
    return decisions.approve(by=cast.actor("rae"), incident_id=incident.pk, version=incident.version)


def close(cast: Cast, incident: Incident) -> Incident:
    """Let the reviewer try to close."""
    incident.refresh_from_db()
    return decisions.approve(by=cast.actor("rae"), incident_id=incident.pk, version=incident.version)


def refused(cast: Cast, incident: Incident, says: str) -> None:
    """Say that closing is refused for one reason."""
    with pytest.raises(WrongTurn) as found:
        close(cast, incident)
    with translation.override("en"):
        assert str(found.value.sentence) == says
    assert Incident.objects.get(pk=incident.pk).stage == "review"


def later(after: dt.timedelta) -> Any:
    """Travel on."""
    return time_machine.travel(timezone.now() + after, tick=True)


# --- closing rules (domain 5) ---


def test_an_open_supervision_order_keeps_an_incident_open(quick: Cast) -> None:
    incident = in_review(quick)
    order = supervision.issue(
        by=quick.actor("sam"), incident_id=incident.pk, cause="leader", demand="查明", to=None, due_at=None
    )
    refused(quick, incident, "A supervision order about this incident is open.")
    supervision.reply(by=quick.actor("stan"), order_id=order.pk, text="已整改")
    refused(quick, incident, "A supervision order about this incident is open.")
    supervision.close(by=quick.actor("lee"), order_id=order.pk)
    assert close(quick, incident).stage == "closed"


def test_a_transfer_without_a_receipt_keeps_an_incident_open(quick: Cast) -> None:
    incident = in_review(quick)
    said: dict[str, Any] = {"to_body": "12345", "way": "one_key", "danger": False, "told_caller": "已转"}
    row = transfers.transfer(by=quick.actor("tess"), call_id=incident.calls.get().pk, **said)
    refused(quick, incident, "A transfer of this incident has no answer yet.")
    transfers.note(
        by=quick.actor("tess"), centre_id=quick.centre.pk, transfer_no=row.transfer_no, to="accepted", facts={}
    )
    assert close(quick, incident).stage == "closed"


def test_a_missing_report_keeps_an_incident_open(quick: Cast) -> None:
    incident = in_review(quick)
    Assignment.objects.filter(incident=incident).update(reported_at=None)
    refused(quick, incident, "A report of this incident is missing.")
    report(quick, Assignment.objects.get(incident=incident))
    assert close(quick, incident).stage == "closed"


def test_a_sampled_callback_without_an_outcome_keeps_an_incident_open(quick: Cast) -> None:
    incident = in_review(quick)
    callbacks.plan(by=None, incident_id=incident.pk)
    refused(quick, incident, "The callback of this incident has no outcome yet.")
    row = Callback.objects.get(incident=incident)
    callbacks.record_callback(
        by=quick.actor("cal"), callback_id=row.pk, version=row.version, outcome="answered", grade=1, words="", aspects=[],
        reason="",
    )  # fmt: skip
    assert close(quick, incident).stage == "closed"


def test_a_call_that_is_still_open_keeps_an_incident_open(quick: Cast) -> None:
    incident = in_review(quick)
    Call.objects.filter(incident=incident).update(state="in_progress")
    refused(quick, incident, "A call of this incident is still open.")


def test_a_later_module_adds_its_reason_and_every_reason_is_named_at_once(quick: Cast) -> None:
    incident = in_review(quick)
    followup.keeps_open(lambda one: one.pk == incident.pk, "A fusion request of this incident is open.")
    try:
        refused(quick, incident, "A fusion request of this incident is open.")
        Assignment.objects.filter(incident=incident).update(reported_at=None)
        assert len(followup.open_matters(incident)) == 2
    finally:
        followup.OPEN_MATTERS.pop()


# --- classes and periods (R12) ---


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"type_verified": "0209"}, "obstruction"),
        ({"type_reported": "0702"}, "mass"),
        ({"priority": 1}, "major"),
        ({"dead": 1}, "major"),
        ({"result_code": "RS03"}, "evidence"),
        ({"case_no": "A350600"}, "evidence"),
        ({"stage": "cancelled"}, "brief"),
        ({"attendance": False}, "brief"),
        ({}, "routine"),
    ],
)
def test_the_class_follows_from_type_result_and_priority(db: None, facts: dict[str, Any], wanted: str) -> None:
    incident = Incident(**{"type_reported": "0201", "priority": 3, "stage": "closed", **facts})
    assert classes.propose(incident) == wanted


def test_a_result_that_only_a_report_names_makes_evidence_and_a_person_may_say_otherwise(quick: Cast) -> None:
    incident = closed(quick)
    Report.objects.filter(incident=incident).update(result_codes=["RS16", "RS01"])
    retention.classify(by=None, incident_id=incident.pk)
    row = Retention.objects.get(incident=incident)
    assert (row.retention_class, row.redact_after, row.camera_until) == ("evidence", None, None)
    with pytest.raises(DatabaseError, match="another_class_says_why"), transaction.atomic():
        Retention.objects.filter(pk=row.pk).update(retention_class="routine")
    with pytest.raises(BadInput):
        retention.set_class(by=quick.actor("sam"), incident_id=incident.pk, retention_class="contact", reason="错")
    row = retention.set_class(by=quick.actor("sam"), incident_id=incident.pk, retention_class="routine", reason="误判")
    assert row.ended_at is not None
    assert row.redact_after == row.ended_at + dt.timedelta(days=1095)
    assert row.recordings_until == row.camera_until == row.ended_at + dt.timedelta(days=183)
    assert kinds(incident)[-2:] == ["incident.class_set", "incident.class_set"]


def test_periods_are_settings_but_not_below_the_rules(db: None) -> None:
    classes.check_periods("routine", {"days": 365, "recording_days": 183, "camera_days": 200})
    for code, wrong in (
        ("routine", {"camera_days": 100}),
        ("evidence", {"camera_days": 200}),
        ("brief", {"days": "9"}),
    ):
        with pytest.raises(BadInput):
            classes.check_periods(code, wrong)


def test_a_closed_incident_is_archived_by_night_and_then_nobody_reopens_it(quick: Cast) -> None:
    incident = closed(quick)
    nightly.run(timezone.now())
    incident.refresh_from_db()
    assert (incident.stage, Retention.objects.get(incident=incident).archived_at) == ("closed", None)
    with later(dt.timedelta(days=31)):
        nightly.run(timezone.now())
        incident.refresh_from_db()
        assert incident.stage == "archived"
        with pytest.raises(WrongTurn):
            decisions.reopen(by=quick.actor("sam"), incident_id=incident.pk, version=incident.version, reason="复核")
    assert kinds(incident)[-1] == "incident.archived"
    # Once: a second night changes nothing.
    before = Entry.objects.count()
    nightly.run(timezone.now())
    assert Entry.objects.count() == before


def test_reopening_stops_the_periods_and_the_next_end_starts_them_anew(quick: Cast) -> None:
    incident = closed(quick)
    nightly.run(timezone.now())
    incident.refresh_from_db()
    decisions.reopen(by=quick.actor("sam"), incident_id=incident.pk, version=incident.version, reason="复核")
    row = Retention.objects.get(incident=incident)
    assert (row.ended_at, row.redact_after) == (None, None)


# --- redaction ---


def verdict(cast: Cast) -> verify_journal.Verdict:
    """Let the verifier, which imports nothing of ours, walk the chain in a connection of its own."""
    found = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    url = make_conninfo(**{name: str(found[name]) for name in names if found.get(name)})
    with verify_journal.open_snapshot(url) as own:
        [(centre, seq, digest, _epoch)] = verify_journal.heads(own, cast.centre.pk)
        return verify_journal.verify(own, centre, seq, digest, {})


def everything(cast: Cast) -> str:
    """Return every row of every table that could hold something personal, and the journal, as text."""
    text = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("incidents_", "dispatch_")) and table not in ("incidents_command", "incidents_user"):
                cursor.execute(f"SELECT t::text FROM {table} t")
                text += [line for (line,) in cursor.fetchall()]
    return "\n".join(text)


def rich(cast: Cast) -> Incident:
    """Return a closed incident with everything personal that there is."""
    calls_before = calls.take_call(
        by=cast.actor("gate"), facts={"channel": "CH11", "caller_number": NUMBER}, waiting=True
    )
    call = calls.answer_call(by=cast.actor("tess"), call_id=calls_before.pk)
    calls.describe_call(
        by=cast.actor("tess"), call_id=call.pk, version=call.version,
        facts={"kind": "CK01", "caller_name": NAME, "narrative": WORDS, "caller_address": "新华路77号"},
    )  # fmt: skip
    facts = {"type_reported": "020101", "address_text": "新华路77号", "point": POINT, "narrative": WORDS}
    incident = calls.open_incident_of_call(
        by=cast.actor("tess"), call_id=call.pk, facts={**facts, "contact_name": NAME, "contact_phone": NUMBER}
    )
    calls.supplement_call(by=cast.actor("tess"), call_id=call.pk, text=WORDS)
    incidents.add_note(by=cast.actor("tess"), incident_id=incident.pk, text=f"找{NAME}")
    parties.add_party(
        by=cast.actor("tess"), incident_id=incident.pk, kind="person",
        facts={"role": "caller", "name": NAME, "phone": NUMBER, "id_no": "350600200001010011"},
    )  # fmt: skip
    order = drive(cast, send(cast, incident), "on_scene")
    moves.finish(by=cast.actor("omar"), assignment_id=order.pk, result_code="RS16")
    columns = {"file": "ab/abcd.jpg", "sha256": "0" * 64, "width": 1, "height": 1}
    pictures.add_photo(by=cast.actor("omar"), columns=columns, taken_at=None, lat=24.5, lng=117.6)
    filed = report(cast, order, process_text=f"与{NAME}见面")
    Photo.objects.update(report=filed)
    calls.finish_call(by=cast.actor("tess"), call_id=call.pk, facts={})
    incident.refresh_from_db()
    incident = decisions.submit(by=cast.actor("dana"), incident_id=incident.pk, version=incident.version)
    return decisions.approve(by=cast.actor("rae"), incident_id=incident.pk, version=incident.version)


def test_redaction_takes_the_person_and_leaves_rows_codes_times_and_a_chain_that_verifies(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "abcd.jpg").write_bytes(b"x")
    cast.on_duty()
    incident = rich(cast)
    before = Incident.objects.get(pk=incident.pk)
    entries = list(Entry.objects.order_by("seq").values_list(*FIXED))
    assert NAME in everything(cast)
    with later(dt.timedelta(days=31)):
        nightly.run(timezone.now())
    assert NAME in everything(cast)
    with later(YEARS):
        nightly.run(timezone.now())
        nightly.run(timezone.now())
        jobs.drain()
    left = everything(cast)
    for secret in (NAME, NUMBER, WORDS, "350600200001010011", "77号", "见面"):
        assert secret not in left, secret
    after = Incident.objects.get(pk=incident.pk)
    for name in ("incident_no", "type_reported", "type_verified", "answered_at", "first_on_scene_at", "result_code"):
        assert getattr(after, name) == getattr(before, name), name
    assert (after.narrative, after.contact_phone, after.stage) == (MASK, MASK, "archived")
    assert (Note.objects.count(), Party.objects.count(), Report.objects.count()) == (1, 1, 1)
    assert not (tmp_path / "ab" / "abcd.jpg").exists()
    assert entries == list(Entry.objects.order_by("seq").values_list(*FIXED)[: len(entries)])
    found = verdict(cast)
    assert (found.bad_seq, found.entries) == (None, Entry.objects.count())
    assert found.redacted == len(json.loads(Entry.objects.get(kind="incident.redacted").body)["data"]["entries"]) > 10
    assert "bodies redacted" in verify_journal.line_of(found)
    assert Entry.objects.filter(kind="incident.redacted").count() == 1
    assert Heartbeat.objects.get(name="retention.routine").detail == "0 redacted, 0 held"
    row = Retention.objects.get(incident=incident)
    assert row.redacted["pictures"] == 1
    with pytest.raises(WrongTurn):
        retention.set_class(by=cast.actor("sam"), incident_id=incident.pk, retention_class="permanent", reason="迟了")

    # Who changes a redacted body, or calls a body redacted that is not, is found.
    seq = min(json.loads(Entry.objects.get(kind="incident.redacted").body)["data"]["entries"])
    for target in (seq, 1):
        with connection.cursor() as cursor:
            cursor.execute("SELECT body FROM incidents_entry WHERE seq = %s", [target])
            kept = cursor.fetchone()[0]
            cursor.execute("SET session_replication_role = replica")
            forged = json.dumps({"data": {"forged": 1}, "redacted": True, "rows": {}})
            cursor.execute("UPDATE incidents_entry SET body = %s WHERE seq = %s", [forged, target])
            assert verdict(cast).bad_seq == target
            cursor.execute("UPDATE incidents_entry SET body = %s WHERE seq = %s", [kept, target])
            cursor.execute("SET session_replication_role = origin")
    assert verdict(cast).bad_seq is None


def test_the_journal_refuses_every_other_change_even_with_the_setting(quick: Cast) -> None:
    take(quick)
    for wrong in ("body = '{}'", "kind = 'call.rang'", "body = '{\"redacted\":true}', kind = 'call.rang'"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL zz110.redacting = 'on'")
            cursor.execute(f"UPDATE incidents_entry SET {wrong}")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_entry SET body = '{\"redacted\":true}'")


def test_what_was_merged_is_redacted_together_and_not_before(quick: Cast) -> None:
    first, second = take(quick, contact_name=NAME, narrative=WORDS), closed(quick)
    second = decisions.reopen(by=quick.actor("sam"), incident_id=second.pk, version=second.version, reason="合并")
    merging.merge(by=quick.actor("dana"), incident_id=first.pk, version=first.version, into=second.pk, reason="同一")
    with later(YEARS):
        nightly.run(timezone.now())
        assert Incident.objects.get(pk=first.pk).narrative == WORDS
    second.refresh_from_db()
    second = decisions.submit(by=quick.actor("dana"), incident_id=second.pk, version=second.version)
    calls.finish_call(by=quick.actor("tess"), call_id=first.calls.get().pk, facts={})
    decisions.approve(by=quick.actor("rae"), incident_id=second.pk, version=second.version)
    with later(dt.timedelta(days=31)):
        nightly.run(timezone.now())
    with later(YEARS):
        nightly.run(timezone.now())
    assert Incident.objects.get(pk=first.pk).narrative == MASK
    first.refresh_from_db()
    with pytest.raises(WrongTurn):
        decisions.reopen(by=quick.actor("sam"), incident_id=first.pk, version=first.version, reason="拆分")


def test_a_call_without_an_incident_loses_its_person_after_its_own_period(quick: Cast) -> None:
    call = calls.take_call(
        by=quick.actor("tess"), facts={"channel": "CH11", "kind": "CK05", "caller_number": NUMBER, "narrative": WORDS}
    )
    calls.finish_call(by=quick.actor("tess"), call_id=call.pk, facts={"kind": "CK05", "closing_reason": "CL1"})
    with later(dt.timedelta(days=300)):
        nightly.run(timezone.now())
        assert Call.objects.get(pk=call.pk).caller_number == NUMBER
    with later(dt.timedelta(days=366)):
        nightly.run(timezone.now())
    row = Call.objects.get(pk=call.pk)
    assert (row.caller_number, row.narrative, row.kind, row.redacted_at is None) == (MASK, MASK, "CK05", False)
    assert NUMBER not in everything(quick)


def test_every_row_of_an_incident_says_what_of_it_is_personal() -> None:
    tied = {
        model.NOUN
        for model in apps.get_models()
        if issubclass(model, Row)
        and any(one.name in ("incident", "call") for one in model._meta.get_fields() if one.concrete)
    }
    tied |= {"incident", "call"}
    # A hold outlives what it holds; a unit's own alerts name no caller.
    assert tied - set(REGISTRY) - NOTHING - {"hold"} == set()
    for known in REGISTRY.values():
        names = {one.name for one in known.model._meta.get_fields()}
        assert set(known.columns) <= names, known.model


# --- legal holds ---


def hold(cast: Cast, who: str = "sam", **what: Any) -> LegalHold:
    """Place a hold."""
    facts = {
        "scope": "incident",
        "incident_id": None,
        "subject": "",
        "since": None,
        "before": None,
        "until": None,
        **what,
    }
    return holds.place_hold(by=cast.actor(who), reason="行政诉讼", legal_basis="行政诉讼法第三十四条", **facts)


@pytest.mark.parametrize("scope", ["incident", "name", "number", "period"])
def test_a_hold_stops_redaction_and_its_end_takes_two_people_and_a_reason(quick: Cast, scope: str) -> None:
    incident = closed(quick)
    with later(dt.timedelta(days=31)):
        nightly.run(timezone.now())
    day = dt.timedelta(days=1)
    about: dict[str, dict[str, Any]] = {
        "incident": {"incident_id": incident.pk},
        "name": {"scope": "subject", "subject": f" {NAME} "},
        "number": {"scope": "subject", "subject": "190-0000-0101"},
        "period": {"scope": "period", "since": incident.answered_at - day, "before": incident.answered_at + day},
    }
    what = about[scope]
    row = hold(quick, **what)
    with later(YEARS):
        lines = nightly.plan(timezone.now(), "routine")
        assert [line["held"] for line in lines] == [[row.hold_no]]
        nightly.run(timezone.now())
        assert Incident.objects.get(pk=incident.pk).narrative == WORDS
        assert Heartbeat.objects.get(name="retention.routine").detail == "0 redacted, 1 held"
        with pytest.raises(WrongTurn):
            holds.approve_end(by=quick.actor("ina"), hold_id=row.pk)
        holds.ask_end(by=quick.actor("sam"), hold_id=row.pk, reason="判决生效")
        with pytest.raises(WrongTurn):
            holds.approve_end(by=quick.actor("sam"), hold_id=row.pk)
        assert Alert.objects.get(kind="approval_asked").is_open
        ended = holds.approve_end(by=quick.actor("ina"), hold_id=row.pk)
        assert (ended.ended_by_no, ended.end_reason) == (quick.users["ina"].badge, "判决生效")
        assert not Alert.objects.get(kind="approval_asked").is_open
        nightly.run(timezone.now())
    assert Incident.objects.get(pk=incident.pk).narrative == MASK
    assert [kind for kind in kinds() if kind.startswith("hold.")] == ["hold.placed", "hold.end_asked", "hold.ended"]


def test_a_hold_that_has_run_out_stops_nothing_and_one_may_be_kept(quick: Cast) -> None:
    incident = closed(quick)
    row = hold(quick, incident_id=incident.pk, until=timezone.now() + dt.timedelta(days=40))
    assert holds.of_incidents([incident], timezone.now()) == [row]
    assert holds.of_incidents([incident], timezone.now() + dt.timedelta(days=41)) == []
    holds.ask_end(by=quick.actor("ina"), hold_id=row.pk, reason="不再需要")
    kept = holds.refuse_end(by=quick.actor("sam"), hold_id=row.pk, reason="案件未结")
    assert (kept.end_asked_at, kept.ended_at) == (None, None)
    wrongs: list[dict[str, Any]] = [{"incident_id": None}, {"scope": "subject", "subject": "－"}, {"scope": "period"}]
    for wrong in wrongs:
        with pytest.raises(BadInput):
            hold(quick, **wrong)


def test_the_dry_run_prints_and_changes_nothing_and_a_class_that_fails_is_told(
    quick: Cast, capsys: Any, monkeypatch: Any
) -> None:
    incident = closed(quick)
    with later(dt.timedelta(days=31)):
        nightly.run(timezone.now())
    with later(YEARS):
        call_command("retention")
        assert incident.incident_no in capsys.readouterr().out
        assert Incident.objects.get(pk=incident.pk).narrative == WORDS

        def fails(**_: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr(retention, "redact_incident", fails)
        fails.__name__ = "redact_incident"
        nightly.run(timezone.now())
        alert = Alert.objects.get(kind="retention_late")
        assert (alert.data["classes"], alert.to) == (["routine"], "watch")
        monkeypatch.undo()
        nightly.run(timezone.now())
        assert not Alert.objects.get(kind="retention_late").is_open
        assert not SupervisionOrder.objects.exists()
        assert not Transfer.objects.exists()

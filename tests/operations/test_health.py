"""Health, readiness and figures: each says the truth when something is broken, not only when all is well."""

import asyncio
import datetime as dt
import hashlib
import json
import shutil
import time
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from incidents import journal
from incidents import metrics as measured
from incidents.models import Centre, Entry, Head, Heartbeat, Incident, Job
from zz110 import health, metrics

GET = RequestFactory(headers={"host": "localhost"}).get
FIRST_HASH = bytes(32)


@pytest.fixture
def centre(db: None) -> Centre:
    made = Centre.objects.create(code="T350600", name="漳州", box=[24.0, 117.0, 25.0, 118.0], number_prefix="350600")
    Head.objects.create(centre=made, seq=0, hash=FIRST_HASH)
    return made


def record_entries(centre: Centre, count: int) -> None:
    for _number in range(count):
        box = journal.Pending(by=None)
        box.facts[centre.pk] = [journal.Fact("codes.loaded", (), {"made": 1}, None)]
        journal.write(box)


def ready() -> tuple[int, dict[str, Any]]:
    answer = health.readyz(GET("/readyz"))
    return answer.status_code, json.loads(answer.content)


def figures() -> dict[tuple[str, tuple[str, ...]], float]:
    answer = metrics.metrics(GET("/metrics"))
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


# --- alive ------------------------------------------------------------------------------------------------------------


def test_a_process_whose_loop_turns_is_alive() -> None:
    answer = asyncio.run(health.livez(GET("/livez")))
    assert (answer.status_code, json.loads(answer.content)) == (200, {"alive": True})


def test_a_loop_that_hung_longer_than_the_limit_is_not_alive_and_recovers() -> None:
    async def hang() -> list[int]:
        watch = health.LoopWatch(every=0.01, within=0.15)
        seen = [health.live_answer(watch).status_code]
        await asyncio.sleep(0.03)
        time.sleep(0.3)
        seen.append(health.live_answer(watch).status_code)
        await asyncio.sleep(0.03)
        seen.append(health.live_answer(watch).status_code)
        return seen

    assert asyncio.run(hang()) == [200, 503, 200]


def test_being_alive_depends_on_neither_database_nor_redis(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    # pytest-django refuses every query of a test without the database's fixture.
    assert asyncio.run(health.livez(GET("/livez"))).status_code == 200


# --- ready ------------------------------------------------------------------------------------------------------------


def test_an_installation_with_a_centre_is_ready_and_its_stamp_is_written(centre: Centre) -> None:
    record_entries(centre, 2)
    status, answer = ready()
    assert (status, answer["ready"], answer["degraded"]) == (200, True, [])
    assert set(answer["checks"].values()) == {"ok"}
    assert timezone.now() - Heartbeat.objects.get(name="ready").at < dt.timedelta(seconds=5)


def test_without_redis_it_is_ready_and_degraded(centre: Centre, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, answer = ready()
    assert (status, answer["ready"], answer["degraded"]) == (200, True, ["redis"])


@pytest.mark.django_db
def test_without_a_centre_it_is_not_ready() -> None:
    Head.objects.all().delete()
    assert ready()[1]["checks"]["journal"] == "no centre"
    assert ready()[0] == 503


def test_a_head_whose_entry_is_missing_is_not_ready(centre: Centre) -> None:
    record_entries(centre, 2)
    Head.objects.filter(centre=centre).update(seq=7)
    status, answer = ready()
    assert (status, answer["checks"]["journal"]) == (503, "the head's entry is missing")


def test_a_database_that_takes_no_writes_is_not_ready(centre: Centre) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    status, answer = ready()
    assert (status, answer["checks"]["database"]) == (503, health.DOWN)


def test_a_migration_that_was_not_applied_is_not_ready(centre: Centre) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'incidents' AND name = '0001_initial'")
    status, answer = ready()
    assert (status, answer["checks"]["migrations"]) == (503, "1 not applied")


def test_a_disk_with_less_than_a_tenth_free_is_not_ready(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(1000, 901, 99))
    status, answer = ready()
    assert (status, answer["checks"]["disk"]) == (503, "10% free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(1000, 899, 101))
    assert ready()[0] == 200


def test_a_clock_that_differs_from_the_databases_is_not_ready(centre: Centre) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1), tick=True):
        status, answer = ready()
    assert status == 503
    assert answer["checks"]["clock"].startswith("-60 s") or answer["checks"]["clock"].startswith("-59 s")


# --- figures ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def token(settings: Any) -> str:
    settings.METRICS_TOKEN = "a-token-of-the-operations-network"
    return str(settings.METRICS_TOKEN)


def asks(address: str, **headers: str) -> Callable[[], HttpResponse]:
    request = RequestFactory(headers={"host": "localhost", **headers}).get("/metrics", REMOTE_ADDR=address)
    return lambda: metrics.metrics(request)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_figures_are_for_this_machine(centre: Centre, address: str) -> None:
    assert asks(address)().status_code == 200


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.8", {}),
        ("", {}),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.8"}),
        ("10.0.0.8", {"authorization": "Bearer wrong"}),
        ("10.0.0.8", {"authorization": "Bearer "}),
    ],
    ids=["another machine", "no address", "through the proxy", "wrong token", "empty token"],
)
def test_figures_do_not_exist_for_others(address: str, headers: dict[str, str], token: str) -> None:
    with pytest.raises(Http404):
        asks(address, **headers)()


def test_without_a_token_in_the_settings_no_token_opens(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    with pytest.raises(Http404):
        asks("10.0.0.8", authorization="Bearer ")()


def test_the_token_opens_from_elsewhere(centre: Centre, token: str) -> None:
    assert asks("10.0.0.8", authorization=f"Bearer {token}")().status_code == 200


def test_the_ledger_number_and_an_unaltered_chain_are_told(centre: Centre) -> None:
    record_entries(centre, 3)
    seen = figures()
    assert seen["cad_ledger_seq", ("T350600",)] == 3
    assert seen["cad_audit_chain_ok", ("T350600",)] == 1
    assert seen["cad_database_up", ()] == 1


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE incidents_entry SET body = replace(body, '1', '2') WHERE seq = 2",
        "UPDATE incidents_entry SET kind = 'user.disabled' WHERE seq = 2",
        "UPDATE incidents_entry SET prev_hash = hash WHERE seq = 3",
        "DELETE FROM incidents_entry WHERE seq = 2",
        "DELETE FROM incidents_entry WHERE seq = 3",
    ],
    ids=["body", "kind", "link", "hole", "cut tail"],
)
def test_an_altered_journal_is_told(centre: Centre, tampering: str) -> None:
    record_entries(centre, 3)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as the owner who switches the triggers off
        cursor.execute(tampering)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert figures()["cad_audit_chain_ok", ("T350600",)] == 0


def test_an_entry_with_a_rebuilt_hash_of_its_own_is_told(centre: Centre) -> None:
    record_entries(centre, 3)
    entry = Entry.objects.get(centre_id=centre.pk, seq=2)
    body = entry.body.replace("1", "2")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE incidents_entry SET body = %s, body_hash = %s WHERE seq = 2",
            [body, hashlib.sha256(body.encode()).digest()],
        )
    assert figures()["cad_audit_chain_ok", ("T350600",)] == 0


def test_the_oldest_waiting_incident_is_told_by_priority(centre: Centre) -> None:
    answered = timezone.now() - dt.timedelta(seconds=90)
    for number, stage in enumerate(("pending", "on_scene")):
        Incident.make(
            by=None,
            now=answered,
            centre=centre,
            incident_no=f"T{number}",
            stage=stage,
            priority=2 + number,
            answered_at=answered,
        )
    seen = figures()
    assert 89 < seen["cad_pending_oldest_seconds", ("2",)] < 120
    assert seen["cad_pending_oldest_seconds", ("3",)] == 0


def test_an_overdue_job_and_one_that_gave_up_are_told(centre: Centre) -> None:
    now = timezone.now()
    due = now - dt.timedelta(seconds=40)
    Job.objects.create(centre=centre, kind="sms", payload={}, queue="urgent", due_at=due, created_at=due)
    Job.objects.create(centre=centre, kind="sms", payload={}, queue="bulk", due_at=due, created_at=due, gave_up_at=now)
    Job.objects.create(centre=centre, kind="sms", payload={}, due_at=due, created_at=due, done_at=now)
    seen = figures()
    assert 39 < seen["cad_job_oldest_seconds", ("urgent",)] < 60
    assert seen["cad_job_oldest_seconds", ("default",)] == 0
    assert seen["cad_jobs_gave_up", ("bulk",)] == 1


def test_the_age_of_the_sweep_is_told(centre: Centre) -> None:
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": timezone.now() - dt.timedelta(seconds=12)})
    assert 11 < figures()["cad_sweep_age_seconds", ()] < 30


def test_sizes_of_tables_and_the_use_of_sequences_are_told(centre: Centre) -> None:
    seen = figures()
    assert seen["cad_table_bytes", ("incidents_entry",)] > 0
    ratios = [value for (name, _labels), value in seen.items() if name == "cad_sequence_used_ratio"]
    assert ratios
    assert max(ratios) < 0.5


def test_a_database_that_does_not_answer_leaves_the_other_figures(centre: Centre) -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="no_such_table"):
        cursor.execute("SELECT 1 FROM no_such_table")  # the transaction is broken from here on
    measured.CHANNEL_DROP.inc()
    seen = figures()
    assert seen["cad_database_up", ()] == 0
    assert seen["cad_channel_drop_total", ()] >= 1


def test_labels_are_bounded() -> None:
    allowed = {
        "centre", "channel", "code", "kind", "le", "name", "priority", "queue", "reason", "result", "role", "route",
        "sequence", "sev", "table", "verb", "generation", "implementation", "major", "minor", "patchlevel", "version",
    }  # fmt: skip
    families = text_string_to_metric_families(generate_latest(REGISTRY).decode())
    assert {label for family in families for sample in family.samples for label in sample.labels} <= allowed

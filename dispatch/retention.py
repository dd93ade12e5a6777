"""The nightly run: ended incidents get their class, are archived, and lose their personal data when their period has
passed. Each step is one short command; a run that was cut off goes on at the next tick."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from dispatch.services.decisions import archive
from incidents.alerts import end_causes, raise_alert
from incidents.archive import classes
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Centre, Heartbeat
from incidents.refusals import Refusal
from incidents.row import Json
from incidents.services import holds, retention
from incidents.services.numbers import CITY_TIME

log = logging.getLogger(__name__)
HOUR = 3  # of the city's night
LASTS_S = 45.0  # of one tick: the next goes on
STALE_AFTER = dt.timedelta(hours=50)  # two nights without a success (targets 1.5, 1.7)
ALL = (*classes.OF_INCIDENTS, classes.CONTACT)
LOCK = 110_012


def tick() -> int:
    """Do a part of tonight's run if it is night and the run is not done; returns how much was done. Two at once are
    one."""
    now = timezone.now()
    if not is_due(now):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        got = bool(cursor.fetchone()[0])
    if not got:
        return 0
    try:
        return run(now, until=time.monotonic() + LASTS_S)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def is_due(now: dt.datetime) -> bool:
    """Tell whether some class has had no success since this night began."""
    local = now.astimezone(CITY_TIME)
    night = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    night = night if local >= night else night - dt.timedelta(days=1)
    return any(at is None or at < night for at in successes().values())


def successes() -> dict[str, dt.datetime | None]:
    """Return when the run of each class last succeeded."""
    found = dict(Heartbeat.objects.filter(name__startswith="retention.").values_list("name", "at"))
    return {name: found.get(f"retention.{name}") for name in ALL}


def run(now: dt.datetime, until: float = float("inf")) -> int:
    """Classify, archive and redact; a class counts as done when nothing of it was left over or failed."""
    done = each(lambda: retention.unclassified(now), retention.classify, "incident_id", until).done
    done += each(lambda: retention.to_archive(now), archive, "incident_id", until).done
    for name in classes.OF_INCIDENTS:
        found = list(
            retention.due(None, name, now).order_by("redact_after", "id").values_list("incident_id", flat=True)
        )
        done += of_class(name, found, retention.redact_incident, "incident_id", until)
    calls = list(retention.calls_due(now).order_by("id").values_list("pk", flat=True))
    done += of_class(classes.CONTACT, calls, retention.redact_call, "call_id", until)
    tell_when_late(now)
    return done


def of_class(name: str, found: list[int], act: Callable[..., Any], argument: str, until: float) -> int:
    """Redact what of a class is due and stamp its success; returns how many were redacted."""
    result = Result()
    for row_id in found:
        result.take(act, argument, row_id, until)
    if not result.failed and not result.left:
        says = f"{result.done} redacted, {result.held} held"
        Heartbeat.objects.update_or_create(name=f"retention.{name}", defaults={"at": timezone.now(), "detail": says})
    return result.done


class Result:
    """What became of some rows."""

    def __init__(self) -> None:
        self.done = self.held = self.failed = self.left = 0

    def take(self, act: Callable[..., Any], argument: str, row_id: int, until: float) -> None:
        """Carry one command out; one that fails leaves the others alone."""
        if time.monotonic() >= until:
            self.left += 1
            return
        try:
            answer = act(by=None, **{argument: row_id})
        except Exception:
            log.exception("%s %s failed", act.__name__, row_id)
            self.failed += 1
            return
        is_held = isinstance(answer, dict) and "held" in answer
        self.held += is_held
        self.done += not is_held


def each(find: Callable[[], list[int]], act: Callable[..., Any], argument: str, until: float) -> Result:
    """Carry a command out for what is found, batch by batch, until nothing is found or the time is over."""
    result, seen = Result(), set[int]()
    while batch := [one for one in find() if one not in seen]:
        for row_id in batch:
            result.take(act, argument, row_id, until)
        if result.left:
            break
        seen.update(batch)
    return result


def plan(now: dt.datetime, name: str) -> list[Json]:
    """Return what a run would redact of a class, without doing it, and what stops it."""
    lines: list[Json] = []
    for row in retention.due(None, name, now).select_related("incident").order_by("redact_after", "id"):
        held = holds.of_incidents(retention.family(row.incident), now)
        lines.append(
            {
                "incident_no": row.incident.incident_no,
                "ended_at": row.ended_at,
                "redact_after": row.redact_after,
                "held": [hold.hold_no for hold in held],
            }
        )
    return lines


def tell_when_late(now: dt.datetime) -> None:
    """Raise an alert while a class has had no success for two nights, and end it after the next one."""
    late = sorted(name for name, at in successes().items() if at is None or at < now - STALE_AFTER)
    for centre_id in Centre.objects.values_list("pk", flat=True):
        try:
            note_lateness(by=None, centre_id=centre_id, late=late)
        except Refusal:
            log.exception("lateness of retention not told")


@command
def note_lateness(*, by: None, centre_id: int, late: list[str]) -> Json:
    """Tell the watch commander which classes were not purged, once; or that they were."""
    now = timezone.now()
    waiting = Alert.objects.filter(
        centre_id=centre_id, kind="retention_late", acknowledged_at__isnull=True, cause_ended_at__isnull=True
    )
    if late and not waiting.exists():
        record("alert.raised", raise_alert("retention_late", centre_id=centre_id, by=None, now=now, classes=late))
    if not late and (ended := end_causes(now, "retention_late", centre_id=centre_id)):
        record("alert.raised", *ended)
    return {"late": late}

"""Work that must not be lost: rows written in the command's transaction, claimed with SKIP LOCKED (rule 33)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from incidents.models import Heartbeat, Job

LEASE = dt.timedelta(seconds=30)
GIVES_UP_AFTER = 8
WORKER = "worker"
log = logging.getLogger(__name__)
HANDLERS: dict[str, Callable[[dict[str, Any]], None]] = {}
GIVEN_UP: dict[str, Callable[[dict[str, Any]], None]] = {}


def handler(kind: str) -> Callable[[Callable[[dict[str, Any]], None]], Callable[[dict[str, Any]], None]]:
    """Register the function that does a kind of job; it may run twice for one job."""

    def register(function: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        HANDLERS[kind] = function
        return function

    return register


def given_up(kind: str) -> Callable[[Callable[[dict[str, Any]], None]], Callable[[dict[str, Any]], None]]:
    """Register what is done when a kind of job has failed for the last time."""

    def register(function: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        GIVEN_UP[kind] = function
        return function

    return register


def enqueue(kind: str, *, centre_id: int, payload: dict[str, Any], now: dt.datetime, queue: str = "default") -> Job:
    """Write a job inside a command's transaction."""
    return Job.objects.create(centre_id=centre_id, kind=kind, payload=payload, queue=queue, due_at=now, created_at=now)


def drain(at_most: int = 100) -> int:
    """Do waiting jobs until none is due; returns how many were done."""
    done = 0
    while done < at_most and (job := claim(timezone.now())) is not None:
        done += do(job)
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": timezone.now()})
    return done


def claim(now: dt.datetime) -> Job | None:
    """Take the oldest due job that nobody holds, with a lease: a killed worker's job is free again in 30 s."""
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(done_at__isnull=True, gave_up_at__isnull=True, due_at__lte=now)
            .exclude(lease_until__gt=now)
            .order_by("due_at")
            .first()
        )
        if job is None:
            return None
        job.lease_until, job.attempts = now + LEASE, job.attempts + 1
        job.save(update_fields=["lease_until", "attempts"])
        return job


def do(job: Job) -> bool:
    """Run one job; a failure is kept with it and tried again later, at growing distances, until it gives up."""
    try:
        HANDLERS[job.kind](job.payload)
    except Exception as error:
        now = timezone.now()
        job.last_error = f"{type(error).__name__}: {error}"[:2000]
        job.lease_until = None
        job.due_at = now + dt.timedelta(seconds=min(2**job.attempts, 300))
        job.gave_up_at = now if job.attempts >= GIVES_UP_AFTER else None
        job.save(update_fields=["last_error", "lease_until", "due_at", "gave_up_at"])
        if job.gave_up_at is not None and (last := GIVEN_UP.get(job.kind)) is not None:
            last(job.payload)
        log.warning("job %s (%s) failed: %s", job.pk, job.kind, job.last_error)
        return False
    Job.objects.filter(pk=job.pk).update(done_at=timezone.now(), lease_until=None)
    return True

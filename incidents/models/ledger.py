"""The tables of the journal, of idempotency keys, durable jobs and socket tickets."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


def nothing_before() -> bytes:
    """Return the hash that the first entry follows from."""
    return bytes(32)


class Head(models.Model):
    """The last number and hash of a centre's journal; locked last in every command."""

    centre = models.OneToOneField("incidents.Centre", models.PROTECT, primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32, default=nothing_before)
    # A restored or rebuilt journal gets another epoch; every client then takes a snapshot.
    epoch = models.UUIDField(default=uuid.uuid4)


class Entry(models.Model):
    """One thing that became true. Append-only by trigger, partitioned by month (migration 0002)."""

    pk = models.CompositePrimaryKey("centre_id", "seq", "at")
    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor_id = models.BigIntegerField(null=True)
    actor = models.TextField()  # canonical JSON: badge, name, seat or terminal
    command = models.UUIDField(null=True)
    incident_id = models.BigIntegerField(null=True)
    readers = models.TextField()  # canonical JSON: {"incident:12": ["station.4", "unit.9"], …}
    body = models.TextField()  # canonical JSON: {"rows": …, "data": …}
    body_hash = models.BinaryField(max_length=32)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        managed = False
        db_table = "incidents_entry"


class Command(models.Model):
    """A request that has been carried out, by its client-made key: kept seven days."""

    actor = models.ForeignKey("incidents.User", models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    body_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_effect_per_key")]
        indexes = [models.Index(fields=["at"], name="command_age")]


class Job(models.Model):
    """Work that must not be lost: written in the command's transaction, claimed with SKIP LOCKED."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    queue = models.CharField(max_length=8, default="default")  # urgent, default, bulk
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["queue", "due_at"],
                condition=Q(done_at__isnull=True, gave_up_at__isnull=True),
                name="job_waiting",
            )
        ]


class Ticket(models.Model):
    """A one-time right to open a socket, for 30 seconds (A17)."""

    digest = models.BinaryField(max_length=32, unique=True)
    user = models.ForeignKey("incidents.User", models.CASCADE, related_name="+", db_index=False)
    session_key = models.CharField(max_length=40)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


class Heartbeat(models.Model):
    """When something that must run last ran: the sweep, the worker's canary, the anchor."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    detail = models.CharField(max_length=200, blank=True)


class Export(models.Model):
    """A file that somebody took out of the system: what, in which form and how long (A14)."""

    at = models.DateTimeField()
    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey("incidents.User", models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=40)
    form = models.CharField(max_length=8)
    lines = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="export_of_person")]


class Denial(models.Model):
    """A refused act, for the auditor (A1–A60: 'quiet' refusals leave a denial row)."""

    at = models.DateTimeField(db_index=True)
    centre = models.ForeignKey("incidents.Centre", models.PROTECT, null=True, related_name="+")
    user_id = models.BigIntegerField(null=True)
    route = models.CharField(max_length=120)
    method = models.CharField(max_length=8)
    code = models.CharField(max_length=24)
    roles = ArrayField(models.CharField(max_length=24), default=list)
    peer = models.CharField(max_length=64, blank=True)

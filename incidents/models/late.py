"""Work that goes on while the system is away: numbers issued beforehand, and what was entered afterwards (targets 1.4)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from incidents.row import Json, Row, stamp


class NumberBlock(Row):
    """Numbers of calls given out beforehand: to a seat that may be cut off, to printed cards, to the emergency spool.

    They are drawn from the sequence of the calls' own ids, so no number can ever belong to two calls.
    """

    NOUN = "number_block"

    class Purpose(models.TextChoices):
        SEAT = "seat"  # a console that cannot reach the server
        PAPER = "paper"  # printed on cards
        SPOOL = "spool"  # for calls that the database cannot take

    purpose = models.CharField(max_length=8, choices=Purpose)
    numbers = ArrayField(models.BigIntegerField())
    seat_no = models.CharField(max_length=20, blank=True)
    holder_no = models.CharField(max_length=12, blank=True)
    voided = models.JSONField(default=dict)  # number: {at, by, reason}

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(numbers__len__gt=0), name="a_block_has_numbers")]
        indexes = [models.Index(fields=["centre", "purpose", "id"], name="number_block_purpose")]

    def row(self) -> Json:
        """Return the block."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "purpose": self.purpose,
            "numbers": self.numbers,
            "prefix": self.centre.number_prefix,
            "seat_no": self.seat_no,
            "holder_no": self.holder_no,
            "issued_at": stamp(self.created_at),
            "voided": self.voided,
        }


class CatchUp(Row):
    """The time in which paper is entered (补录): opened by the watch commander, with the outage it is about."""

    NOUN = "catch_up"

    reason = models.CharField(max_length=400)
    began_at = models.DateTimeField()  # the outage
    over_at = models.DateTimeField()
    opened_by_no = models.CharField(max_length=12)
    ended_at = models.DateTimeField(null=True)
    ended_by_no = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre"], condition=Q(ended_at__isnull=True), name="one_open_catch_up"),
            models.CheckConstraint(condition=Q(over_at__gt=F("began_at")), name="an_outage_ends_after_it_began"),
        ]

    def row(self) -> Json:
        """Return the catch-up."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "reason": self.reason,
            "began_at": stamp(self.began_at),
            "over_at": stamp(self.over_at),
            "opened_at": stamp(self.created_at),
            "opened_by": self.opened_by_no,
            "ended_at": stamp(self.ended_at),
        }


class LateEntry(Row):
    """How a call came in afterwards: from a queue, the spool or a card; its own times stand on the call."""

    NOUN = "late_entry"

    class Source(models.TextChoices):
        OFFLINE = "offline"  # the queue of a console that was cut off
        SPOOL = "spool"  # the server's emergency spool
        PAPER = "paper"  # a card

    call = models.OneToOneField("incidents.Call", models.PROTECT, related_name="late_entry")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=8, choices=Source)
    serial = models.BigIntegerField()  # the number from the block, which is the call's id
    entered_by_no = models.CharField(max_length=12, blank=True)
    taken_by_no = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    similar = models.JSONField(default=list)  # [{incident, incident_no, metres, seconds}]: may be the same event
    apart_at = models.DateTimeField(null=True)  # somebody said that they are different events
    apart_by_no = models.CharField(max_length=12, blank=True)
    needs_check = models.BooleanField(default=False)  # a P1 card: a second person compares it
    checked_at = models.DateTimeField(null=True)
    checked_by_no = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "serial"], name="one_entry_per_serial"),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) | ~Q(checked_by_no=F("entered_by_no")),
                name="a_second_person_checks",
            ),
        ]
        indexes = [models.Index(fields=["centre", "created_at"], name="late_entry_created")]

    def row(self) -> Json:
        """Return the entry; its call and its incident have rows of their own."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "call": self.call_id,
            "incident": self.incident_id,
            "source": self.source,
            "serial": self.serial,
            "entered_at": stamp(self.created_at),
            "entered_by": self.entered_by_no,
            "taken_by": self.taken_by_no,
            "reason": self.reason,
            "similar": self.similar,
            "apart_at": stamp(self.apart_at),
            "needs_check": self.needs_check,
            "checked_at": stamp(self.checked_at),
            "checked_by": self.checked_by_no,
        }

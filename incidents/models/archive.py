"""What becomes of an incident after its end: how long its personal data is kept, and what stops its redaction (R12)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from incidents.audience import INSPECTORS_ONLY
from incidents.row import Json, Row, stamp


class Retention(Row):
    """How long the personal data of one ended incident is kept (保存期限). What was merged into it goes with it."""

    NOUN = "retention"

    incident = models.OneToOneField("incidents.Incident", models.PROTECT, related_name="retention")
    retention_class = models.CharField(max_length=12)  # code table "retention_class"
    proposed = models.CharField(max_length=12)  # what the rule says
    reason = models.CharField(max_length=400, blank=True)  # of a change by hand
    set_by_no = models.CharField(max_length=12, blank=True)  # blank: by rule
    ended_at = models.DateTimeField(null=True)  # when the incident ended: the periods start here
    recordings_until = models.DateTimeField(null=True)  # null: for good
    camera_until = models.DateTimeField(null=True)
    redact_after = models.DateTimeField(null=True)  # null: never
    archived_at = models.DateTimeField(null=True)
    redacted_at = models.DateTimeField(null=True)
    redacted = models.JSONField(default=dict)  # {"rows", "entries", "pictures"}: how many

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=True) | Q(archived_at__isnull=False),
                name="only_what_is_archived_is_redacted",
            ),
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=True) | Q(redact_after__isnull=False),
                name="what_is_kept_for_good_is_never_redacted",
            ),
            models.CheckConstraint(
                condition=Q(retention_class=F("proposed")) | ~Q(reason=""), name="another_class_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["ended_at"], condition=Q(archived_at__isnull=True), name="retention_to_archive"),
            models.Index(
                fields=["retention_class", "redact_after"],
                condition=Q(redacted_at__isnull=True, redact_after__isnull=False),
                name="retention_to_redact",
            ),
        ]

    def readers(self) -> list[str]:
        """Those who may see the incident."""
        return self.incident.readers()

    def row(self) -> Json:
        """Return class, periods and what was done."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "retention_class": self.retention_class,
            "proposed": self.proposed,
            "reason": self.reason,
            "set_by": self.set_by_no,
            "ended_at": stamp(self.ended_at),
            "recordings_until": stamp(self.recordings_until),
            "camera_until": stamp(self.camera_until),
            "redact_after": stamp(self.redact_after),
            "archived_at": stamp(self.archived_at),
            "redacted_at": stamp(self.redacted_at),
            "redacted": self.redacted,
        }


class LegalHold(Row):
    """What stops redaction: of one incident, of everything about a person, number or plate, or of a period (保全)."""

    NOUN = "hold"

    class Scope(models.TextChoices):
        INCIDENT = "incident"
        SUBJECT = "subject"  # a person's name, a telephone number, an identity number or a plate
        PERIOD = "period"

    hold_no = models.CharField(max_length=32, unique=True)
    scope = models.CharField(max_length=8, choices=Scope)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="holds")
    subject = models.CharField(max_length=100, blank=True)
    since = models.DateTimeField(null=True)
    before = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400)
    legal_basis = models.CharField(max_length=200)
    placed_by_no = models.CharField(max_length=12)
    until = models.DateTimeField(null=True)  # null: until somebody ends it
    end_asked_at = models.DateTimeField(null=True)
    end_asked_by_no = models.CharField(max_length=12, blank=True)
    end_reason = models.CharField(max_length=400, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_no = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="incident", incident__isnull=False)
                | (Q(scope="subject") & ~Q(subject=""))
                | Q(scope="period", since__isnull=False, before__gt=F("since")),
                name="a_hold_says_what_it_holds",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(legal_basis=""), name="a_hold_has_a_reason_and_a_legal_basis"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | (~Q(end_reason="") & ~Q(ended_by_no="") & ~Q(ended_by_no=F("end_asked_by_no"))),
                name="a_hold_is_ended_by_two_people_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["centre"], condition=Q(ended_at__isnull=True), name="hold_open"),
            models.Index(fields=["incident"], name="hold_of_incident"),
        ]

    def is_active(self, now: dt.datetime) -> bool:
        """Tell whether it stops redaction at a moment."""
        return self.ended_at is None and (self.until is None or self.until > now)

    def readers(self) -> list[str]:
        """Those who may see the incident; of a hold on a complaint, a person or a period nobody but the inspectors
        beside the desk."""
        return self.incident.readers() if self.incident is not None else [INSPECTORS_ONLY]

    def row(self) -> Json:
        """Return the hold with its reason, legal basis and end."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "hold_no": self.hold_no,
            "scope": self.scope,
            "incident": self.incident_id,
            "subject": self.subject,
            "since": stamp(self.since),
            "before": stamp(self.before),
            "reason": self.reason,
            "legal_basis": self.legal_basis,
            "placed_by": self.placed_by_no,
            "placed_at": stamp(self.created_at),
            "until": stamp(self.until),
            "end_asked_at": stamp(self.end_asked_at),
            "end_asked_by": self.end_asked_by_no,
            "end_reason": self.end_reason,
            "ended_at": stamp(self.ended_at),
            "ended_by": self.ended_by_no,
        }

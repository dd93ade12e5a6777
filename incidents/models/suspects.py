"""Suspects: one row per person, several per incident; one arrest may clear many incidents (M27, M52, domain 6)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp


class Suspect(Row):
    """What became of a person who is a suspect in an incident (嫌疑人)."""

    NOUN = "suspect"

    class Status(models.TextChoices):
        AT_LARGE = "at_large"  # 在逃
        CONTROLLED = "controlled"  # 控制
        HANDED_OVER = "handed_over"  # 移交
        RELEASED = "released"  # 释放

    TRANSITIONS = {
        Status.AT_LARGE: {Status.CONTROLLED},
        Status.CONTROLLED: {Status.HANDED_OVER, Status.RELEASED},
        Status.HANDED_OVER: {Status.RELEASED},
        Status.RELEASED: set(),
    }

    party = models.OneToOneField("incidents.Party", models.PROTECT, related_name="suspect")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="suspects")
    status = models.CharField(max_length=12, choices=Status, default=Status.AT_LARGE)
    caught_at = models.DateTimeField(null=True)
    caught_point = models.JSONField(null=True)
    caught_by = models.BigIntegerField(null=True)  # unit id
    caught_by_sign = models.CharField(max_length=12, blank=True)
    handed_to = models.CharField(max_length=100, blank=True)
    credit_units = ArrayField(models.CharField(max_length=12), default=list)  # call signs, video squad and partners too
    cleared = models.ManyToManyField("incidents.Incident", related_name="cleared_by", through="Cleared")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="at_large") | (Q(caught_at__isnull=False) & ~Q(caught_by_sign="")),
                name="who_was_caught_was_caught_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="handed_over") | ~Q(handed_to=""), name="who_was_handed_over_went_somewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["incident"], name="suspect_of_incident"),
            models.Index(fields=["centre", "caught_at"], condition=Q(caught_at__isnull=False), name="suspect_caught"),
        ]

    def readers(self) -> list[str]:
        """Those who may see the incident."""
        return self.incident.readers()

    def row(self) -> Json:
        """Return what became of the suspect; the person stands in the party's row."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "party": self.party_id,
            "incident": self.incident_id,
            "status": self.status,
            "caught_at": stamp(self.caught_at),
            "caught_point": self.caught_point,
            "caught_by": self.caught_by,
            "caught_by_sign": self.caught_by_sign,
            "handed_to": self.handed_to,
            "credit_units": self.credit_units,
            "cleared": sorted(line.incident_id for line in self.cleared_rows.all() if line.undone_at is None),
        }


class Cleared(models.Model):
    """An incident that an arrest cleared along (带破)."""

    suspect = models.ForeignKey(Suspect, models.PROTECT, related_name="cleared_rows")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_no = models.CharField(max_length=12)
    reason = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True)
    undone_by_no = models.CharField(max_length=12, blank=True, default="", db_default="")
    undo_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["suspect", "incident"],
                condition=Q(undone_at__isnull=True),
                name="an_arrest_clears_an_incident_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | (~Q(undone_by_no="") & ~Q(undo_reason="")),
                name="what_was_cleared_in_error_says_by_whom_and_why",
            ),
        ]

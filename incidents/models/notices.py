"""Who is told of an incident beside the units, at the same time as the order and never after it (R7)."""

from __future__ import annotations

from django.db import models

from incidents.row import Json, Row, stamp


class Notice(Row):
    """One body or person that is told in parallel, with the receipt (同步通报)."""

    NOUN = "notice"

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="notices")
    to_zh = models.CharField(max_length=60)
    to_en = models.CharField(max_length=60)
    at = models.DateTimeField()  # when it was due to be told: the moment of the order
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=60, blank=True)  # who took it there, in words
    noted_by_no = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "to_zh"], name="each_body_is_told_once")]
        indexes = [models.Index(fields=["incident"], name="notice_of_incident")]

    def readers(self) -> list[str]:
        """Those who may see the incident."""
        return self.incident.readers()

    def row(self) -> Json:
        """Return the notice."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "to_zh": self.to_zh,
            "to_en": self.to_en,
            "at": stamp(self.at),
            "received_at": stamp(self.received_at),
            "received_by": self.received_by,
            "noted_by": self.noted_by_no,
        }

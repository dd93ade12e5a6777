"""What was drawn for the quality sample, and what the reviewer found."""

from __future__ import annotations

from django.db import models

from incidents.row import Json, Row, stamp


class SampleDraw(models.Model):
    """The sample of one month of a centre: with seed and numbers anybody draws the same reports again."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)  # 2026-01, of the city's calendar
    drawn_at = models.DateTimeField()
    seed = models.CharField(max_length=64)
    population = models.PositiveIntegerField()
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "month"], name="a_month_is_sampled_once")]


class QualityMark(Row):
    """One report of a sample with the marks of its reviewer."""

    NOUN = "quality_mark"

    class Outcome(models.TextChoices):
        OPEN = ""
        PASSED = "passed"
        FAILED = "failed"

    draw = models.ForeignKey(SampleDraw, models.PROTECT, related_name="marks")
    report = models.ForeignKey("dispatch.Report", models.PROTECT, related_name="quality_marks")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    marks = models.JSONField(default=dict)  # by aspect: passed, failed
    remarks = models.CharField(max_length=400, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    marked_at = models.DateTimeField(null=True)
    marked_by_no = models.CharField(max_length=12, blank=True)
    supervision = models.ForeignKey("incidents.SupervisionOrder", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "report"], name="a_report_is_in_a_sample_once"),
            models.CheckConstraint(
                condition=~models.Q(outcome="failed") | ~models.Q(remarks=""), name="a_failed_report_says_why"
            ),
        ]

    def row(self) -> Json:
        """Return the mark."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "report": self.report_id,
            "month": self.draw.month,
            "marks": self.marks,
            "remarks": self.remarks,
            "outcome": self.outcome,
            "marked_at": stamp(self.marked_at),
            "marked_by": self.marked_by_no,
            "supervision": self.supervision_id,
        }

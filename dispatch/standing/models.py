"""Standing reports and their editions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.row import Json, Row, stamp


class StandingReport(Row):
    """A question that is answered again and again (定期报表)."""

    NOUN = "standing_report"

    class Rhythm(models.TextChoices):
        DAY = "day"  # 日报
        WEEK = "week"  # 周报
        MONTH = "month"  # 月报

    name = models.CharField(max_length=60)
    question = models.JSONField()  # as /api/statistics/figures/ takes it, without since and until
    rhythm = models.CharField(max_length=8, choices=Rhythm)
    ready_at = models.TimeField()  # in the city's time, on the day after the period
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(next_at__isnull=False), name="a_running_report_has_a_next_time"
            ),
            models.UniqueConstraint(
                fields=["centre", "name"], condition=Q(ended_at__isnull=True), name="one_running_report_of_a_name"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(ended_at__isnull=True), name="standing_report_due"),
        ]

    def row(self) -> Json:
        """Return the report."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "name": self.name,
            "question": self.question,
            "rhythm": self.rhythm,
            "ready_at": f"{self.ready_at:%H:%M}",
            "next_at": stamp(self.next_at),
            "ended_at": stamp(self.ended_at),
        }


class Edition(Row):
    """One answer of a standing report (一期): the figures of a period as they were when it was made."""

    NOUN = "edition"

    class State(models.TextChoices):
        ASKED = "asked"  # 生成中
        MADE = "made"  # 已生成
        FAILED = "failed"  # 生成失败

    report = models.ForeignKey(StandingReport, models.PROTECT, related_name="editions", db_index=False)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=6, choices=State, default=State.ASKED)
    lines = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=200, blank=True)
    content = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "first"], name="a_period_has_one_edition"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="an_edition_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state="made") | (~Q(sha256="") & Q(content__isnull=False)),
                name="a_made_edition_has_its_file",
            ),
        ]
        indexes = [models.Index(fields=["centre", "-created_at"], name="edition_newest")]

    def row(self) -> Json:
        """Return the edition without its file."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "report": self.report_id,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "state": self.state,
            "lines": self.lines,
            "made_at": stamp(self.made_at),
            "sha256": self.sha256,
            "error": self.error,
        }

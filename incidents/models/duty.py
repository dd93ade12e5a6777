"""The duty level of a centre (等级勤务, R26): who set it, why, and with which task sheet."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.audience import EVERYONE
from incidents.row import Json, Row, stamp


class DutyLevel(Row):
    """One level from its beginning to the next one; what it changes is data of the code table `duty_level`."""

    NOUN = "duty_level"

    level = models.PositiveSmallIntegerField()  # 1 all on duty, 2 reinforced, 3 normal
    reason = models.CharField(max_length=400)
    task_sheet = models.TextField(blank=True)
    set_by_no = models.CharField(max_length=12, blank=True)
    set_by_name = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre"], condition=Q(ended_at__isnull=True), name="one_present_duty_level_per_centre"
            ),
            models.CheckConstraint(condition=Q(level__range=(1, 3)), name="a_duty_level_is_one_to_three"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_duty_level_says_why"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="a_duty_level_ends_after_it_starts",
            ),
        ]

    def readers(self) -> list[str]:
        """Everybody: consoles, phones, dashboards."""
        return [EVERYONE]

    def row(self) -> Json:
        """Return the level as every surface shows it."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "level": self.level,
            "reason": self.reason,
            "task_sheet": self.task_sheet,
            "set_by": self.set_by_no,
            "set_by_name": self.set_by_name,
            "started_at": stamp(self.started_at),
            "ended_at": stamp(self.ended_at),
            "open": self.ended_at is None,
        }

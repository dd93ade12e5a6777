"""Series: incidents that one hand may have done, joined across days and areas (串并, M26, M61)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp


class Series(Row):
    """Incidents that belong together although they are events of their own."""

    NOUN = "series"

    class State(models.TextChoices):
        OPEN = "open"  # 串并中
        CLOSED = "closed"  # 已结束: solved, or not one hand after all

    series_no = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    reason = models.CharField(max_length=400)  # why these belong together
    owner = models.ForeignKey("incidents.User", models.PROTECT, related_name="+", db_index=False)
    owner_no = models.CharField(max_length=12)
    owner_name = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(close_reason="")),
                name="a_closed_series_says_why",
            ),
        ]
        indexes = [models.Index(fields=["centre"], condition=Q(state="open"), name="series_open")]

    def members_now(self) -> list[SeriesMember]:
        """Return the present members in the order in which they joined; of a closed series those at its end."""
        last = self.closed_at if self.state == self.State.CLOSED else None
        return [one for one in self.members.select_related("incident").order_by("id") if one.left_at == last]

    def row(self) -> Json:
        """Return the series with its present members: numbers alone, what they say is each reader's own to see."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "series_no": self.series_no,
            "name": self.name,
            "reason": self.reason,
            "owner": self.owner_no,
            "owner_name": self.owner_name,
            "state": self.state,
            "open": self.state == self.State.OPEN,
            "closed_at": stamp(self.closed_at),
            "close_reason": self.close_reason,
            "created_at": stamp(self.created_at),
            "members": [one.shown() for one in self.members_now()],
        }


class SeriesMember(models.Model):
    """That an incident belonged to a series, from when to when, who said so and why. Ended, never deleted."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="members")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="series_members")
    joined_at = models.DateTimeField()
    joined_by = models.CharField(max_length=12)
    reason = models.CharField(max_length=400)
    left_at = models.DateTimeField(null=True)
    left_by = models.CharField(max_length=12, blank=True)
    left_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(left_at__isnull=True), name="one_series_at_a_time_per_incident"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | ~Q(left_reason=""), name="who_leaves_a_series_says_why"
            ),
        ]

    def shown(self) -> Json:
        """Return the membership."""
        return {
            "incident": self.incident_id,
            "incident_no": self.incident.incident_no,
            "at": stamp(self.joined_at),
            "by": self.joined_by,
            "reason": self.reason,
        }

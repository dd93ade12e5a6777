"""A history that came from another system, and what its units did."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp


class History(Row):
    """One file of another system's calls for service. `rows_done` is how far it was read: a stopped load goes on there."""

    NOUN = "history"

    class State(models.TextChoices):
        LOADING = "loading"  # 导入中
        LOADED = "loaded"  # 已导入

    source = models.CharField(max_length=80)  # the other system's name
    file_name = models.CharField(max_length=120)
    file_digest = models.CharField(max_length=64)  # SHA-256 of file and mapping
    mapping = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.LOADING)
    rows_total = models.PositiveIntegerField()
    rows_done = models.PositiveIntegerField(default=0)
    rows_faulty = models.PositiveIntegerField(default=0)
    rows_repeated = models.PositiveIntegerField(default=0)  # known from an earlier file of the same source
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "file_digest"], name="a_file_is_loaded_once"),
            models.CheckConstraint(
                condition=Q(rows_done__lte=models.F("rows_total")), name="no_more_is_done_than_there_is"
            ),
        ]

    def row(self) -> Json:
        """Return what is known of the file."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "source": self.source,
            "file_name": self.file_name,
            "state": self.state,
            "rows_total": self.rows_total,
            "rows_done": self.rows_done,
            "rows_faulty": self.rows_faulty,
            "rows_repeated": self.rows_repeated,
            "first_at": stamp(self.first_at),
            "last_at": stamp(self.last_at),
            "loaded_at": stamp(self.loaded_at),
        }


class HistoryResponse(models.Model):
    """What one unit of another system did about one incident. Never in our own figures, boards or searches."""

    history = models.ForeignKey(History, models.PROTECT, related_name="responses", db_index=False)
    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=80)
    row_no = models.PositiveIntegerField()
    incident = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    type = models.CharField(max_length=80, blank=True)
    type_code = models.CharField(max_length=6, blank=True)
    priority_text = models.CharField(max_length=20, blank=True)
    priority = models.PositiveSmallIntegerField(null=True)
    place = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)

    class Meta:
        constraints = [
            # A file may be loaded again with a longer period: what is known is known by its own facts.
            models.UniqueConstraint(
                fields=["centre", "source", "incident", "unit", "received_at", "dispatched_at"],
                name="a_response_is_kept_once",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["history", "received_at"], name="history_response_when")]

"""Reviews with their notes and tasks; the marks in the journal from which a board is rebuilt."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.row import Json, Row, stamp


class Review(Row):
    """An incident or a window of time that is looked at again (要案复盘)."""

    NOUN = "review"

    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=200)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="reviews")
    since = models.DateTimeField()
    until = models.DateTimeField()
    opened_by_no = models.CharField(max_length=12)
    opened_by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="a_review_looks_at_a_span_of_time"),
            models.CheckConstraint(condition=~Q(purpose=""), name="a_review_says_why"),
        ]
        indexes = [models.Index(fields=["centre", "-id"], name="review_newest")]

    def row(self) -> Json:
        """Return the review."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "name": self.name,
            "purpose": self.purpose,
            "incident": self.incident_id,
            "since": stamp(self.since),
            "until": stamp(self.until),
            "opened_by": self.opened_by_no,
            "opened_by_name": self.opened_by_name,
            "opened_at": stamp(self.created_at),
        }


class ReviewReading(models.Model):
    """Who may play a review now: whoever has said why, for some hours."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="readings")
    reader = models.ForeignKey("incidents.User", models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["review", "reader", "-at"], name="reading_of_review")]


class ReviewNote(Row):
    """What somebody saw at a moment of a review."""

    NOUN = "review_note"

    review = models.ForeignKey(Review, models.PROTECT, related_name="notes")
    at = models.DateTimeField()  # the moment that is spoken of
    text = models.CharField(max_length=1000)
    by_no = models.CharField(max_length=12)
    by_name = models.CharField(max_length=60)

    @property
    def incident_id(self) -> int | None:
        """The incident of its review, for the entry."""
        return self.review.incident_id

    def row(self) -> Json:
        """Return the note."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "review": self.review_id,
            "at": stamp(self.at),
            "text": self.text,
            "by": self.by_no,
            "by_name": self.by_name,
            "created_at": stamp(self.created_at),
        }


class ReviewTask(Row):
    """What follows from a review: somebody does it by a moment (复盘任务)."""

    NOUN = "review_task"

    review = models.ForeignKey(Review, models.PROTECT, related_name="tasks")
    at = models.DateTimeField(null=True)  # the moment of the review that it comes from
    text = models.CharField(max_length=400)
    owner = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    owner_no = models.CharField(max_length=12)
    owner_name = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True)  # when it was noticed that it is
    done_at = models.DateTimeField(null=True)
    done_words = models.CharField(max_length=400, blank=True)
    given_by_no = models.CharField(max_length=12)
    given_by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(done_words=""), name="a_task_that_is_done_says_how"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="review_task_open"),
            models.Index(fields=["owner"], condition=Q(done_at__isnull=True), name="review_task_of_owner"),
        ]

    @property
    def incident_id(self) -> int | None:
        """The incident of its review, for the entry."""
        return self.review.incident_id

    def row(self) -> Json:
        """Return the task."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "review": self.review_id,
            "review_name": self.review.name,
            "incident": self.review.incident_id,
            "at": stamp(self.at),
            "text": self.text,
            "owner": self.owner_no,
            "owner_name": self.owner_name,
            "due_at": stamp(self.due_at),
            "overdue_at": stamp(self.overdue_at),
            "done_at": stamp(self.done_at),
            "done_words": self.done_words,
            "given_by": self.given_by_no,
            "given_by_name": self.given_by_name,
        }


class BoardMark(models.Model):
    """A mark in the journal: which entries hold the rows that stood on the board after a number.

    It holds numbers alone, no word of a row: what is redacted in the journal is redacted here. It follows from the
    journal and may be thrown away at any moment.
    """

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    collections = models.CharField(max_length=8)  # of which ones and in which form: others are marked anew
    held = models.BinaryField()  # as dispatch/review/packing.py writes it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "collections", "seq"], name="one_mark_at_a_number")]
        indexes = [models.Index(fields=["centre", "collections", "-at"], name="mark_before_a_moment")]

"""What the police know about a place before anybody goes there (地点备注、情况熟, M36)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.audience import MASK
from incidents.row import Json, Row, stamp


class PremiseNote(Row):
    """A note on a place: a point with a radius, a kind, a text, a review and an end. Ended, never deleted."""

    NOUN = "premise_note"

    class Kind(models.TextChoices):
        HAZARD = "hazard"  # 危险: dogs, gas, weapons known
        PERSON_AT_RISK = "person_at_risk"  # 需关照人员
        ACCESS = "access"  # 出入: gate codes, the back door
        CONTACT = "contact"  # 当地联系人
        OTHER = "other"

    kind = models.CharField(max_length=16, choices=Kind)
    text = models.CharField(max_length=1000)
    sensitive = models.BooleanField(default=False)  # read with a purpose only
    place_name = models.CharField(max_length=200, blank=True)
    lat = models.FloatField()
    lng = models.FloatField()
    radius_m = models.PositiveIntegerField(default=50)
    organisation = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="+")
    author_no = models.CharField(max_length=12)
    author_name = models.CharField(max_length=60, blank=True)
    review_at = models.DateTimeField()  # somebody looks whether it still holds
    reviewed_at = models.DateTimeField(null=True)
    told_for = models.DateTimeField(null=True)  # the review that the watch commander was told of
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_premise_note_says_something"),
            models.CheckConstraint(condition=Q(radius_m__range=(5, 1000)), name="a_premise_note_covers_a_place"),
            models.CheckConstraint(
                condition=Q(review_at__lte=F("expires_at")), name="a_note_is_reviewed_before_it_ends"
            ),
        ]
        indexes = [
            models.Index(
                fields=["centre", "lat", "lng"], condition=Q(ended_at__isnull=True), name="premise_note_in_force"
            )
        ]

    def row(self) -> Json:
        """Return the note; the text of a sensitive one only when somebody asks for it with a purpose."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "kind": self.kind,
            "text": MASK if self.sensitive else self.text,
            "sensitive": self.sensitive,
            "place_name": self.place_name,
            "lat": self.lat,
            "lng": self.lng,
            "radius_m": self.radius_m,
            "organisation": self.organisation_id,
            "author": self.author_no,
            "author_name": self.author_name,
            "noted_at": stamp(self.created_at),
            "review_at": stamp(self.review_at),
            "reviewed_at": stamp(self.reviewed_at),
            "expires_at": stamp(self.expires_at),
            "ended_at": stamp(self.ended_at),
            "end_reason": self.end_reason,
        }

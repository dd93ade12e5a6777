"""Seats of the centre, what they need, who is qualified, who sits where (M19)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from incidents.row import Json, Row, stamp


class Seat(Row):
    """A registered place of work with the roles (any of them) and the skills (all of them) that it needs."""

    NOUN = "seat"

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=16)  # code table seat_kind
    roles = ArrayField(models.CharField(max_length=20), default=list)
    skills = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # code table skill
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "code"], name="one_seat_per_code")]

    def row(self) -> Json:
        """Return the seat."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "roles": self.roles,
            "skills": self.skills,
            "ended_at": stamp(self.ended_at),
        }


class Qualification(Row):
    """A skill that a person holds from a day to a day; of one skill a person has one at a time."""

    NOUN = "qualification"

    person = models.ForeignKey("incidents.User", models.PROTECT, related_name="qualifications")
    skill = models.CharField(max_length=20)
    certificate = models.CharField(max_length=60, blank=True)
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_holds_a_skill_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("skill", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_at"),
                            F("expires_at"),
                            Value("[)"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("starts_at")), name="a_qualification_ends_after_it_starts"
            ),
        ]

    def row(self) -> Json:
        """Return the qualification; the list adds badge and name."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "person": self.person_id,
            "skill": self.skill,
            "certificate": self.certificate,
            "starts_at": stamp(self.starts_at),
            "expires_at": stamp(self.expires_at),
        }


class SeatPermit(Row):
    """The watch commander lets somebody sit on a seat for this shift although a qualification is missing."""

    NOUN = "seat_permit"

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="permits")
    person = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)
    allowed_by_no = models.CharField(max_length=12)
    lacks = ArrayField(models.CharField(max_length=20), default=list)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_seat_permit_says_why")]
        indexes = [models.Index(fields=["seat", "person", "expires_at"], name="seat_permit_of")]

    def row(self) -> Json:
        """Return the permit."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "seat": self.seat_id,
            "seat_no": self.seat.code,
            "person": self.person_id,
            "badge": self.person.badge,
            "name": self.person.name,
            "reason": self.reason,
            "allowed_by": self.allowed_by_no,
            "lacks": self.lacks,
            "expires_at": stamp(self.expires_at),
        }


class Sitting(models.Model):
    """Who sat on which seat from when to when: one person per seat, one seat per person."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="sittings")
    person = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    permit = models.ForeignKey(SeatPermit, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(ended_at__isnull=True), name="one_person_per_seat"),
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at__isnull=True), name="one_seat_per_person"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="a_sitting_ends_after_it_starts",
            ),
        ]

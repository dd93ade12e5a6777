"""Handing a seat or a shift over (交接班): the sheet, its items by name, and who owned what (row 94)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from incidents.row import Json, Row, stamp


class HandOver(Row):
    """One sheet: what somebody leaves open, and who has taken it over."""

    NOUN = "hand_over"

    class Scope(models.TextChoices):
        SEAT = "seat"  # what one person at one seat owns
        SHIFT = "shift"  # the watch: everything open in the centre, whoever owns it
        STATION = "station"  # the duty desk of a station: what concerns the station

    class State(models.TextChoices):
        OPEN = "open"  # 待接班: nothing or not all of it is accepted
        ACCEPTED = "accepted"  # 已接班: every item has its receiver
        WITHDRAWN = "withdrawn"  # 已收回: the giver goes on

    scope = models.CharField(max_length=8, choices=Scope)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    seat_no = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="+")
    giver = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    giver_no = models.CharField(max_length=12)
    giver_name = models.CharField(max_length=60)
    receiver = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+")
    receiver_no = models.CharField(max_length=12, blank=True)
    receiver_name = models.CharField(max_length=60, blank=True)
    remark = models.TextField(blank=True)
    drawn_up_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["giver"], condition=Q(state="open"), name="one_open_hand_over_per_person"),
            models.CheckConstraint(
                condition=Q(receiver__isnull=True) | ~Q(receiver=F("giver")), name="a_hand_over_has_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(receiver__isnull=False, accepted_at__isnull=False),
                name="an_accepted_hand_over_has_its_receiver",
            ),
        ]
        indexes = [models.Index(fields=["centre"], condition=Q(state="open"), name="hand_over_open")]

    def row(self) -> Json:
        """Return the sheet with its items."""
        items = list(self.items.order_by("id")) if self.pk else []
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "scope": self.scope,
            "state": self.state,
            "seat_no": self.seat_no,
            "organisation": self.organisation_id,
            "giver_no": self.giver_no,
            "giver_name": self.giver_name,
            "receiver_no": self.receiver_no,
            "receiver_name": self.receiver_name,
            "remark": self.remark,
            "drawn_up_at": stamp(self.drawn_up_at),
            "accepted_at": stamp(self.accepted_at),
            "items": [item.row() for item in items],
        }


class HandOverItem(models.Model):
    """One open matter on a sheet, as it stood when it was written down."""

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="items")
    noun = models.CharField(max_length=20)  # incident, call, callback, transfer, supervision_order, alert, grid_report…
    row_id = models.BigIntegerField()
    number = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=200, blank=True)
    matter_state = models.CharField(max_length=24, blank=True)
    owner = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+")
    owner_no = models.CharField(max_length=12, blank=True)
    owner_name = models.CharField(max_length=60, blank=True)
    stays = models.BooleanField(default=False)  # it is another seat's: the receiver knows of it, its owner keeps it
    remark = models.CharField(max_length=400, blank=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "noun", "row_id"], name="one_line_per_matter_of_a_hand_over")
        ]

    def row(self) -> Json:
        """Return the line."""
        return {
            "id": self.pk,
            "noun": self.noun,
            "row": self.row_id,
            "number": self.number,
            "words": self.words,
            "state": self.matter_state,
            "owner_no": self.owner_no,
            "owner_name": self.owner_name,
            "stays": self.stays,
            "remark": self.remark,
            "accepted_at": stamp(self.accepted_at),
        }


class Ownership(models.Model):
    """Who owned an open matter from when to when; of one matter there is one owner at a time."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    noun = models.CharField(max_length=20)
    row_id = models.BigIntegerField()
    owner = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    seat_no = models.CharField(max_length=20, blank=True)
    hand_over = models.ForeignKey(HandOver, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_matter_has_one_owner_at_a_time",
                expressions=[
                    ("noun", RangeOperators.EQUAL),
                    ("row_id", RangeOperators.EQUAL),
                    (
                        Func(
                            F("started_at"),
                            F("ended_at"),
                            Value("[)"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            )
        ]
        indexes = [models.Index(fields=["centre", "owner"], condition=Q(ended_at__isnull=True), name="owned_now")]

    def row(self) -> Json:
        """Return the period with its owner."""
        return {
            "noun": self.noun,
            "row": self.row_id,
            "owner_no": self.owner.badge,
            "owner_name": self.owner.name,
            "seat_no": self.seat_no,
            "hand_over": self.hand_over_id,
            "started_at": stamp(self.started_at),
            "ended_at": stamp(self.ended_at),
        }

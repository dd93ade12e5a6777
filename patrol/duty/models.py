"""The roster and the post check: who was planned on which unit, and where the units said they were."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from incidents.row import Json, Row, stamp


def span() -> tuple[Any, str]:
    """Return the part of an exclusion that keeps two spans of `starts_at` to `ends_at` apart."""
    whole = Func(
        F("starts_at"), F("ends_at"), Value("[)"), function="tstzrange", output_field=DateTimeRangeField()
    )  # fmt: skip
    return whole, RangeOperators.OVERLAPS


class PlannedShift(Row):
    """One shift as it is planned (勤务报备); the actual one is the Shift that began on it."""

    NOUN = "planned_shift"

    unit = models.ForeignKey("patrol.Unit", models.PROTECT, related_name="planned")
    lead = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    crew = models.JSONField(default=list)  # [{badge, name, sworn}], the lead first
    vehicle = models.CharField(max_length=20, blank=True)  # plate
    post = models.CharField(max_length=100, blank=True)
    post_lat = models.FloatField(null=True)
    post_lng = models.FloatField(null=True)
    beat = models.CharField(max_length=60, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    shift = models.ForeignKey("patrol.Shift", models.PROTECT, null=True, related_name="+")
    signed_on_at = models.DateTimeField(null=True)
    missing = models.JSONField(default=list)  # badges that were planned and did not come
    late_noticed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_units_planned_shifts_never_overlap",
                expressions=[("unit", RangeOperators.EQUAL), span()],
                condition=Q(cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_planned_shift_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancel_reason=""), name="a_cancelled_shift_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "starts_at"], condition=Q(cancelled_at__isnull=True), name="roster_span"),
            models.Index(
                fields=["starts_at"],
                condition=Q(cancelled_at__isnull=True, signed_on_at__isnull=True, late_noticed_at__isnull=True),
                name="roster_not_signed_on",
            ),
        ]

    def readers(self) -> list[str]:
        """The unit and its station or squad."""
        return [f"unit.{self.unit_id}", f"station.{self.unit.squad_id}"]

    def row(self) -> Json:
        """Return the planned shift."""
        post = {"lat": self.post_lat, "lng": self.post_lng} if self.post_lat is not None else None
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "unit": self.unit_id,
            "call_sign": self.unit.call_sign,
            "label": self.unit.label,
            "squad": self.unit.squad_id,
            "squad_name": self.unit.squad_name,
            "lead_no": self.crew[0]["badge"] if self.crew else "",
            "lead_name": self.crew[0]["name"] if self.crew else "",
            "crew": self.crew,
            "vehicle": self.vehicle,
            "post": self.post,
            "post_point": post,
            "beat": self.beat,
            "starts_at": stamp(self.starts_at),
            "ends_at": stamp(self.ends_at),
            "shift": self.shift_id,
            "signed_on_at": stamp(self.signed_on_at),
            "missing": self.missing,
            "late_noticed_at": stamp(self.late_noticed_at),
            "cancelled_at": stamp(self.cancelled_at),
            "cancel_reason": self.cancel_reason,
        }


class PlannedMember(models.Model):
    """One person of a planned shift; a person is planned on one shift at a time."""

    planned = models.ForeignKey(PlannedShift, models.PROTECT, related_name="members")
    person = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_is_planned_on_one_shift_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), span()],
                condition=Q(removed_at__isnull=True),
            )
        ]


class PostCheck(Row):
    """One asking of units where they are (查勤, R15); its `due_at` is the limit that the sweep watches."""

    NOUN = "post_check"

    asked_by_no = models.CharField(max_length=12)
    asked_by_name = models.CharField(max_length=60)
    scope = models.CharField(max_length=8)  # unit, squad, all
    scope_name = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)  # everybody has answered, or the limit has passed

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(published_at__isnull=True), name="post_check_open")]
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="a_post_check_leaves_time_to_answer")
        ]

    def row(self) -> Json:
        """Return the check without its answers."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "asked_by": self.asked_by_no,
            "asked_by_name": self.asked_by_name,
            "scope": self.scope,
            "scope_name": self.scope_name,
            "asked_at": stamp(self.asked_at),
            "due_at": stamp(self.due_at),
            "published_at": stamp(self.published_at),
        }


class PostAnswer(Row):
    """What one unit answered, by its phone or by radio."""

    NOUN = "post_answer"

    class State(models.TextChoices):
        ASKED = "asked"  # 待应答
        ANSWERED = "answered"  # 已应答
        NO_ANSWER = "no_answer"  # 未应答: the limit has passed
        LATE = "late"  # 逾时应答

    TRANSITIONS = {
        State.ASKED: {State.ANSWERED, State.NO_ANSWER, State.LATE},
        State.NO_ANSWER: {State.LATE},
        State.ANSWERED: set(),
        State.LATE: set(),
    }

    check_asked = models.ForeignKey(PostCheck, models.PROTECT, related_name="answers")
    unit = models.ForeignKey("patrol.Unit", models.PROTECT, related_name="+")
    call_sign = models.CharField(max_length=12)
    lead_name = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    answered_at = models.DateTimeField(null=True)
    answered_by_no = models.CharField(max_length=12, blank=True)
    by_proxy = models.BooleanField(default=False)  # told by radio
    place_text = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    fix_age_s = models.FloatField(null=True)  # how old the position was when the answer came
    post = models.CharField(max_length=100, blank=True)
    post_lat = models.FloatField(null=True)
    post_lng = models.FloatField(null=True)
    distance_m = models.FloatField(null=True)  # from the post, in a straight line; null: not known

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_asked", "unit"], name="a_check_asks_a_unit_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "late"]) | Q(answered_at__isnull=False),
                name="an_answer_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["unit"], condition=Q(state="asked"), name="post_answer_open")]

    def readers(self) -> list[str]:
        """The unit that is asked, and its station."""
        return [f"unit.{self.unit_id}", f"station.{self.unit.squad_id}"]

    def row(self) -> Json:
        """Return the answer."""
        point = {"lat": self.lat, "lng": self.lng} if self.lat is not None else None
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "check": self.check_asked_id,
            "unit": self.unit_id,
            "call_sign": self.call_sign,
            "lead_name": self.lead_name,
            "due_at": stamp(self.due_at),
            "state": self.state,
            "answered_at": stamp(self.answered_at),
            "answered_by": self.answered_by_no,
            "by_proxy": self.by_proxy,
            "place_text": self.place_text,
            "point": point,
            "fix_age_s": self.fix_age_s,
            "post": self.post,
            "distance_m": self.distance_m,
        }

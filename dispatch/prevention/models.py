"""Warnings: what will probably happen again, with its reason, its place, its owner and what came of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp


class PreventionWarning(Row):
    """One warning (预警). It is raised by rule, taken on by a person and ended with words; never twice for one thing."""

    NOUN = "warning"

    class Kind(models.TextChoices):
        REPEAT_ADDRESS = "repeat_address"  # 重复地点
        REPEAT_CALLER = "repeat_caller"  # 重复报警人
        SERIES = "series"  # 疑似串并
        HOT_SPOT = "hot_spot"  # 高发时空
        NEAR_REPEAT = "near_repeat"  # 近邻重复

    class State(models.TextChoices):
        OPEN = "open"  # 待处理
        ACKNOWLEDGED = "acknowledged"  # 已认领: somebody sees to it
        ACTED = "acted"  # 已采取措施
        ENDED = "ended"  # 已办结, or run out

    TRANSITIONS = {
        State.OPEN: {State.ACKNOWLEDGED, State.ACTED, State.ENDED},
        State.ACKNOWLEDGED: {State.ACTED, State.ENDED},
        State.ACTED: {State.ENDED},
        State.ENDED: set(),
    }

    class Outcome(models.TextChoices):
        NOT_YET = ""
        QUIET = "quiet"  # 未再发生
        AGAIN = "again"  # 仍有发生
        CAUGHT = "caught"  # 抓获
        NO_MATTER = "no_matter"  # 无需处置: the reason was none
        RUN_OUT = "run_out"  # 到期未处理: nobody did anything

    kind = models.CharField(max_length=16, choices=Kind)
    subject = models.CharField(max_length=120)  # what it is about, for the rule: one open warning of a kind for each
    watermark = models.BigIntegerField()  # the newest incident that it rests on: the next one needs a newer one
    type_group = models.CharField(max_length=6, blank=True)  # incident type or its first digits
    place_text = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    radius_m = models.FloatField(null=True)
    hour = models.PositiveSmallIntegerField(null=True)  # of the week, from Monday 00:00; null: at any hour
    hours = models.PositiveSmallIntegerField(null=True)  # how many from then on
    reason = models.JSONField()  # values of the sentence: n, days, expected, chance …
    incidents = ArrayField(models.BigIntegerField(), default=list)
    organisation = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="+")
    organisation_name = models.CharField(max_length=60, blank=True)
    owner = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+", db_index=False)
    owner_no = models.CharField(max_length=12, blank=True)
    owner_name = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    acts = models.JSONField(default=list)  # [{at, by, by_name, unit, words}]: what was done about it, patrols too
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    outcome_words = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "kind", "subject"],
                condition=~Q(state="ended"),
                name="one_open_warning_of_a_kind_for_a_subject",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="an_ended_warning_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "ended"]) | ~Q(owner_no=""), name="a_warning_in_work_has_an_owner"
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True) | Q(lat__range=(-90, 90), lng__range=(-180, 180)),
                name="a_warning_lies_on_earth",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "kind", "subject", "-id"], name="warning_of_subject"),
            models.Index(fields=["valid_until"], condition=~Q(state="ended"), name="warning_standing"),
            models.Index(fields=["centre", "-id"], name="warning_newest"),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether it still stands."""
        return self.state != self.State.ENDED

    def readers(self) -> list[str]:
        """The station where it lies; who calls often is the desk's matter alone. Units read their hints by a route."""
        if self.kind == self.Kind.REPEAT_CALLER:
            return []
        return [f"station.{self.organisation_id}"] if self.organisation_id else []

    def row(self) -> Json:
        """Return the warning."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "kind": self.kind,
            "number": self.subject if self.kind == self.Kind.REPEAT_CALLER else "",
            "type_group": self.type_group,
            "place_text": self.place_text,
            "point": None if self.lat is None else {"lat": self.lat, "lng": self.lng},
            "radius_m": self.radius_m,
            "hour": self.hour,
            "hours": self.hours,
            "reason": self.reason,
            "incidents": self.incidents,
            "organisation": self.organisation_id,
            "organisation_name": self.organisation_name,
            "owner": self.owner_no,
            "owner_name": self.owner_name,
            "state": self.state,
            "open": self.is_open,
            "raised_at": stamp(self.raised_at),
            "valid_until": stamp(self.valid_until),
            "acknowledged_at": stamp(self.acknowledged_at),
            "acted_at": stamp(self.acted_at),
            "acts": self.acts,
            "ended_at": stamp(self.ended_at),
            "outcome": self.outcome,
            "outcome_words": self.outcome_words,
        }

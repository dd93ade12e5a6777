"""Trials of another deployment: what was asked, how far it has come, what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.row import Json, Row, stamp


class DeploymentTrial(Row):
    """One trial (部署推演): a recorded period played with the fleet as it was and with a changed one."""

    NOUN = "deployment_trial"

    class State(models.TextChoices):
        ASKED = "asked"  # 待推演
        RUNNING = "running"  # 推演中
        ANSWERED = "answered"  # 已有结果
        FAILED = "failed"  # 未能完成
        CANCELLED = "cancelled"  # 已取消

    TRANSITIONS = {
        State.ASKED: {State.RUNNING, State.FAILED, State.CANCELLED},
        State.RUNNING: {State.ANSWERED, State.FAILED, State.CANCELLED},
        State.ANSWERED: set(),
        State.FAILED: set(),
        State.CANCELLED: set(),
    }

    class Failure(models.TextChoices):
        NONE = ""
        TOO_LONG = "too_long"  # not done by its limit
        FAULT = "fault"  # it failed again and again at the same day
        NOTHING = "nothing"  # nothing was recorded in the period

    name = models.CharField(max_length=100)
    since = models.DateTimeField()
    until = models.DateTimeField()  # exclusive, a midnight of the city like `since`
    way = models.CharField(max_length=12)  # road, straight, own_station: how units are chosen in the changed fleet
    changes = models.JSONField(default=list)
    seed = models.PositiveIntegerField()
    policy = models.PositiveIntegerField()  # version of the ranking policy, of both fleets
    spread = models.JSONField()  # of delays and driving, as fitted when it was asked
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by_no = models.CharField(max_length=12)
    asked_by_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()  # by when it must be done
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    days = models.PositiveIntegerField()
    days_done = models.PositiveIntegerField(default=0)
    inputs = models.CharField(max_length=64, blank=True)  # digest of what was played: days of another one are void
    lease_until = models.DateTimeField(null=True)  # of the worker that plays a day now
    attempts = models.PositiveSmallIntegerField(default=0)  # since the last batch that ended well
    failure = models.CharField(max_length=10, choices=Failure, blank=True)
    answer = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="a_trial_plays_a_period"),
            models.CheckConstraint(
                condition=Q(state="answered", answer__isnull=False) | (~Q(state="answered") & Q(answer__isnull=True)),
                name="a_trial_has_an_answer_when_it_says_so",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "running"], ended_at__isnull=True)
                | (~Q(state__in=["asked", "running"]) & Q(ended_at__isnull=False)),
                name="a_trial_that_ended_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["asked", "running"]), name="trial_to_play"),
            models.Index(fields=["centre", "-id"], name="trial_newest"),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be played."""
        return self.state in (self.State.ASKED, self.State.RUNNING)

    def row(self) -> Json:
        """Return the trial; it is read over its route and never told over the feed."""
        return {**self.brief(), "answer": self.answer}

    def brief(self) -> Json:
        """Return the trial without its answer, as a list shows it."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "name": self.name,
            "since": stamp(self.since),
            "until": stamp(self.until),
            "way": self.way,
            "changes": self.changes,
            "policy": self.policy,
            "state": self.state,
            "open": self.is_open,
            "asked_by": self.asked_by_no,
            "asked_by_name": self.asked_by_name,
            "asked_at": stamp(self.asked_at),
            "due_at": stamp(self.due_at),
            "started_at": stamp(self.started_at),
            "ended_at": stamp(self.ended_at),
            "days": self.days,
            "days_done": self.days_done,
            "failure": self.failure,
            "answer": None,
        }


class TrialDay(models.Model):
    """One day of a trial as it was played; a worker that is killed loses at most the day it plays."""

    trial = models.ForeignKey(DeploymentTrial, models.PROTECT, related_name="played")
    day = models.PositiveSmallIntegerField()  # 0 is the first
    outcome = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial", "day"], name="each_day_of_a_trial_is_played_once")]

"""The community grid (社区110, M34, M35, M37, M49): who answers for a grid, and what is to be done there."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp
from incidents.tree import branch_above

MEDIATION = "GD4"  # 排查化解矛盾纠纷, of the code table grid_duty (7.8)


def stations_over(station_id: int | None) -> list[str]:
    """Name the audiences of a station and of the branch above it."""
    return [f"station.{one}" for one in (station_id, branch_above(station_id) if station_id else None) if one]


class GridPost(Row):
    """The "2" of 2+N: one worker and one officer of a grid (网格员, 民警或辅警), from one day to another."""

    NOUN = "grid_post"

    area = models.ForeignKey("incidents.Area", models.PROTECT, related_name="posts")
    worker = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    officer = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    worker_phone = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area"], condition=Q(ended_at__isnull=True), name="one_post_per_grid")
        ]

    def readers(self) -> list[str]:
        """The two themselves."""
        return [f"worker.{self.worker_id}", f"worker.{self.officer_id}"]

    def row(self) -> Json:
        """Return who answers for the grid."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "grid": self.area_id,
            "grid_code": self.area.code,
            "grid_name": self.area.name,
            "worker": self.worker_id,
            "worker_no": self.worker.badge,
            "worker_name": self.worker.name,
            "worker_phone": self.worker_phone,
            "officer": self.officer_id,
            "officer_no": self.officer.badge,
            "officer_name": self.officer.name,
            "started_at": stamp(self.started_at),
            "ended_at": stamp(self.ended_at),
        }


class GridTask(Row):
    """One task of the six duties (7.8). A dispute is looked at again; one that comes back opens its task again (M37)."""

    NOUN = "grid_task"

    class State(models.TextChoices):
        TODO = "todo"  # 待办
        DOING = "doing"  # 办理中
        DONE = "done"  # 已办结
        RETURNED = "returned"  # 已退回: not a matter for the grid, with the reason (R23)

    TRANSITIONS = {
        State.TODO: {State.DOING, State.DONE, State.RETURNED},
        State.DOING: {State.DONE, State.RETURNED},
        State.DONE: {State.TODO},
        State.RETURNED: set(),
    }

    task_no = models.CharField(max_length=32, unique=True)
    area = models.ForeignKey("incidents.Area", models.PROTECT, related_name="tasks")
    station = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="+")
    duty = models.CharField(max_length=4)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="grid_tasks")
    transfer = models.OneToOneField("incidents.Transfer", models.PROTECT, null=True, related_name="grid_task")
    worker = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    officer = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    demand = models.CharField(max_length=1000)
    place_text = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    by_rule = models.BooleanField(default=False)  # a person raised what the rule proposed
    state = models.CharField(max_length=8, choices=State, default=State.TODO)
    due_at = models.DateTimeField()
    urged_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)  # when it was noticed
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    return_reason = models.CharField(max_length=400, blank=True)
    recheck_at = models.DateTimeField(null=True)  # of a dispute that is settled: somebody looks again
    rechecks = models.JSONField(default=list)  # [{at, by, calm, text}]
    reopened = models.JSONField(default=list)  # [{at, incident, incident_no, how, result}]
    ended_at = models.DateTimeField(null=True)  # nothing will follow

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(demand=""), name="a_grid_task_says_what_is_asked"),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(result=""), name="a_grid_task_ends_with_a_result"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""), name="a_returned_grid_task_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="done", duty=MEDIATION) | Q(recheck_at__isnull=False) | Q(ended_at__isnull=False),
                name="a_settled_dispute_is_looked_at_again",
            ),
            models.UniqueConstraint(
                fields=["incident", "duty"],
                condition=Q(state__in=["todo", "doing"], incident__isnull=False),
                name="one_open_grid_task_of_a_duty",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "due_at"], condition=Q(ended_at__isnull=True), name="grid_task_live"),
            models.Index(fields=["worker", "id"], name="grid_task_of_worker"),
            models.Index(fields=["incident"], name="grid_task_of_incident"),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether the work itself is still to be done."""
        return self.state in (self.State.TODO, self.State.DOING)

    def readers(self) -> list[str]:
        """The worker, the officer wherever he or she is, and the station."""
        found = [f"worker.{self.worker_id}", f"worker.{self.officer_id}"]
        if self.officer.on_unit:
            found.append(f"unit.{self.officer.on_unit}")
        return found + stations_over(self.station_id)

    def row(self) -> Json:
        """Return the task."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "task_no": self.task_no,
            "grid": self.area_id,
            "grid_code": self.area.code,
            "grid_name": self.area.name,
            "station": self.station_id,
            "duty": self.duty,
            "incident": self.incident_id,
            "transfer": self.transfer_id,
            "worker": self.worker_id,
            "worker_no": self.worker.badge,
            "worker_name": self.worker.name,
            "officer": self.officer_id,
            "officer_no": self.officer.badge,
            "officer_name": self.officer.name,
            "demand": self.demand,
            "place_text": self.place_text,
            "point": {"lat": self.lat, "lng": self.lng} if self.lat is not None else None,
            "by_rule": self.by_rule,
            "state": self.state,
            "open": self.is_open,
            "due_at": stamp(self.due_at),
            "urged_at": stamp(self.urged_at),
            "overdue_at": stamp(self.overdue_at),
            "started_at": stamp(self.started_at),
            "done_at": stamp(self.done_at),
            "result": self.result,
            "return_reason": self.return_reason,
            "recheck_at": stamp(self.recheck_at),
            "rechecks": self.rechecks,
            "reopened": self.reopened,
            "ended_at": stamp(self.ended_at),
            "created_at": stamp(self.created_at),
        }


class GridReport(Row):
    """What comes in from the grid: a hazard or information, until somebody has taken it on and said what came of it."""

    NOUN = "grid_report"

    class Kind(models.TextChoices):
        HAZARD = "hazard"  # 安全隐患
        INFORMATION = "information"  # 情况信息

    class State(models.TextChoices):
        WAITING = "waiting"  # 待受理
        TAKEN = "taken"  # 处理中
        SETTLED = "settled"  # 已办结

    class Outcome(models.TextChoices):
        NOTE = "premise_note"  # a premise note stands at the place now
        INCIDENT = "incident"  # the police go
        TASK = "task"  # a task of the grid
        PASSED_ON = "passed_on"  # another body has it
        KEPT = "kept"  # on record, nothing further

    report_no = models.CharField(max_length=32, unique=True)
    area = models.ForeignKey("incidents.Area", models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("incidents.PartnerTeam", models.PROTECT, null=True, related_name="+")
    station = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    urgent = models.BooleanField(default=False)
    text = models.CharField(max_length=1000)
    place_text = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    filed_at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)  # the device's own time, a claim
    take_by = models.DateTimeField()
    waited_at = models.DateTimeField(null=True)  # when it was noticed that nobody took it on in time
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    owner = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    outcome_text = models.CharField(max_length=1000, blank=True)
    settled_at = models.DateTimeField(null=True)
    note = models.ForeignKey("incidents.PremiseNote", models.PROTECT, null=True, related_name="+")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    task = models.ForeignKey(GridTask, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_grid_report_says_something"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(owner__isnull=False), name="a_report_taken_on_has_an_owner"
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | ~Q(outcome=""), name="a_settled_report_has_an_outcome"
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "take_by"], condition=~Q(state="settled"), name="grid_report_open"),
        ]

    def readers(self) -> list[str]:
        """Who wrote it, and the station."""
        return [f"worker.{self.author_id}", *stations_over(self.station_id)]

    def row(self) -> Json:
        """Return the report."""
        owner: Any = self.owner
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "report_no": self.report_no,
            "grid": self.area_id,
            "grid_name": self.area.name if self.area else "",
            "team": self.team_id,
            "station": self.station_id,
            "by": self.author.badge,
            "by_name": self.author.name,
            "kind": self.kind,
            "urgent": self.urgent,
            "text": self.text,
            "place_text": self.place_text,
            "point": {"lat": self.lat, "lng": self.lng} if self.lat is not None else None,
            "filed_at": stamp(self.filed_at),
            "device_at": stamp(self.device_at),
            "take_by": stamp(self.take_by),
            "waited_at": stamp(self.waited_at),
            "state": self.state,
            "owner": self.owner_id,
            "owner_name": owner.name if owner else "",
            "taken_at": stamp(self.taken_at),
            "outcome": self.outcome,
            "outcome_text": self.outcome_text,
            "settled_at": stamp(self.settled_at),
            "note": self.note_id,
            "incident": self.incident_id,
            "task": self.task_id,
        }


class GridPicture(models.Model):
    """A picture of a task or a report, decoded and written anew as every picture is; never edited."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    taken_by = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    task = models.ForeignKey(GridTask, models.PROTECT, null=True, related_name="pictures")
    report = models.ForeignKey(GridReport, models.PROTECT, null=True, related_name="pictures")
    file = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)

    def row(self) -> Json:
        """Return id, address, moment and place of the picture."""
        point = {"lat": self.lat, "lng": self.lng} if self.lat is not None else None
        return {
            "id": self.pk,
            "url": f"/api/grid/pictures/{self.pk}/",
            "taken_at": stamp(self.taken_at),
            "point": point,
        }

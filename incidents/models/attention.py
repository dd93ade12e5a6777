"""What somebody must look at: deadlines that run or passed, and alerts that wait for a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.alarm_policy import heard_by
from incidents.audience import INSPECTORS_ONLY
from incidents.row import Json, Row, stamp


class Deadline(Row):
    """A limit with its moment (design 3): a row, so that it fires once, is dated when it passed and stays listed.

    `assignment_id` is a plain number: assignments live a layer above.
    """

    NOUN = "deadline"

    class Kind(models.TextChoices):
        ORDER = "order"  # an order must go out after the place was accepted
        DELIVER = "deliver"  # the terminal must confirm receipt
        ACCEPT = "accept"  # 签收
        DEPART = "depart"  # 出警
        ARRIVE = "arrive"  # by priority (7.2)
        REPORT = "report"  # 反馈
        ARRIVE5_A = "arrive5_a"  # 5 minutes from the answer
        ARRIVE10_A = "arrive10_a"
        ARRIVE5_B = "arrive5_b"  # 5 minutes from the first order
        ARRIVE10_B = "arrive10_b"
        PROMPT = "prompt"  # a stake-out's unit is asked how it stands (M40); asking it is no miss
        ANSWER = "answer"  # … and answers

    class State(models.TextChoices):
        RUNNING = "running"
        MET = "met"
        MISSED = "missed"  # stays missed; stopped_at then says when it was met late
        VOID = "void"  # no longer applies: refused, withdrawn, cancelled

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="deadlines")
    assignment_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=Kind)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    stopped_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField(null=True)
    set_aside_until = models.DateTimeField(null=True)
    urge_at = models.DateTimeField(null=True)  # when the reminder is due (催办); null: nobody is reminded
    urged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind"],
                condition=Q(state="running", assignment_id__isnull=True),
                name="one_running_limit_of_a_kind_per_incident",
            ),
            models.UniqueConstraint(
                fields=["assignment_id", "kind"],
                condition=Q(state="running", assignment_id__isnull=False),
                name="one_running_limit_of_a_kind_per_assignment",
            ),
            models.CheckConstraint(
                condition=~Q(state="missed") | Q(noticed_at__isnull=False), name="a_missed_limit_was_noticed"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="running"), name="deadline_running"),
            models.Index(
                fields=["urge_at"],
                condition=Q(state="running", urged_at__isnull=True, stopped_at__isnull=True),
                name="deadline_to_urge",
            ),
            models.Index(fields=["incident"], name="deadline_of_incident"),
        ]

    def readers(self) -> list[str]:
        """Those who may see the incident, and the unit whose order it limits."""
        unit = [f"unit.{self.unit_id}"] if self.unit_id else []
        return [*self.incident.readers(), *unit]

    def row(self) -> Json:
        """Return the deadline."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "assignment": self.assignment_id,
            "kind": self.kind,
            "due_at": stamp(self.due_at),
            "state": self.state,
            "stopped_at": stamp(self.stopped_at),
            "noticed_at": stamp(self.noticed_at),
            "urged_at": stamp(self.urged_at),
        }


class Alert(Row):
    """Something that needs an act; stays on the screen until a person acknowledged it or its cause ended (F4)."""

    NOUN = "alert"

    class Severity(models.TextChoices):
        CRITICAL = "critical"
        SERIOUS = "serious"
        CAUTION = "caution"

    kind = models.CharField(max_length=24)
    severity = models.CharField(max_length=8, choices=Severity)
    to = models.CharField(max_length=8, default="desk")  # desk, watch
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="alerts")
    assignment_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    raised_at = models.DateTimeField()  # when it became true, not when it was noticed
    data = models.JSONField(default=dict)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_no = models.CharField(max_length=12, blank=True)
    cause_ended_at = models.DateTimeField(null=True)
    # Whether it rings at the seats that it concerns, or is a silent entry of the list (incidents/alarm_policy.py).
    sounds = models.BooleanField(default=True, db_default=True)
    shelved_until = models.DateTimeField(null=True)
    shelved_by_no = models.CharField(max_length=12, blank=True, default="", db_default="")
    shelf_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "kind", "unit_id"],
                condition=Q(acknowledged_at__isnull=True, cause_ended_at__isnull=True, incident__isnull=True),
                name="one_open_alert_of_a_kind_per_unit",
            )
        ]
        indexes = [
            models.Index(
                fields=["centre"],
                condition=Q(acknowledged_at__isnull=True, cause_ended_at__isnull=True),
                name="alert_open",
            ),
            models.Index(fields=["incident"], name="alert_of_incident"),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits for a person."""
        return self.acknowledged_at is None and self.cause_ended_at is None

    def readers(self) -> list[str]:
        """Desk, inspectors and overview; of a complaint nobody but the inspectors."""
        return [INSPECTORS_ONLY] if self.incident is not None and self.incident.is_complaint else []

    def no_longer_readers(self) -> list[str]:
        """The overview, when its incident has just become a complaint."""
        gone = self.incident.no_longer_readers() if self.incident is not None else []
        return [name for name in gone if name == "overview"]

    def row(self) -> Json:
        """Return the alert with the values of its sentence."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "kind": self.kind,
            "severity": self.severity,
            "to": self.to,
            "incident": self.incident_id,
            "assignment": self.assignment_id,
            "unit": self.unit_id,
            "raised_at": stamp(self.raised_at),
            "data": self.data,
            "open": self.is_open,
            "acknowledged_at": stamp(self.acknowledged_at),
            "acknowledged_by": self.acknowledged_by_no,
            "sounds": self.sounds,
            "heard_by": list(heard_by(self.kind)),
            "shelved_until": stamp(self.shelved_until),
            "shelved_by": self.shelved_by_no,
            "shelf_reason": self.shelf_reason,
        }

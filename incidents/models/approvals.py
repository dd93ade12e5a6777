"""What somebody at the desk asks and the watch commander decides."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp


class Request(Row):
    """One act on an incident that is asked for with a reason: lowering its priority, reopening it, declaring it
    invalid."""

    NOUN = "approval"

    class Kind(models.TextChoices):
        PRIORITY = "priority"  # 降低等级 (7.2)
        REOPEN = "reopen"
        INVALID = "invalid"

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        REFUSED = "refused"

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=10, choices=Kind)
    to_priority = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=400)
    asked_by_no = models.CharField(max_length=12)
    asked_by_name = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by_no = models.CharField(max_length=12, blank=True)
    decision_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind"], condition=Q(state="open"), name="one_open_request_of_a_kind_per_incident"
            ),
            models.CheckConstraint(
                condition=~Q(kind="priority") | Q(to_priority__range=(2, 4)), name="a_lower_priority_is_named"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision_reason=""), name="a_refused_request_says_why"
            ),
        ]
        indexes = [models.Index(fields=["centre"], condition=Q(state="open"), name="approval_open")]

    def readers(self) -> list[str]:
        """Those who may see the incident."""
        return self.incident.readers()

    def row(self) -> Json:
        """Return the request."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "kind": self.kind,
            "to_priority": self.to_priority,
            "reason": self.reason,
            "asked_by": self.asked_by_no,
            "asked_by_name": self.asked_by_name,
            "asked_at": stamp(self.asked_at),
            "state": self.state,
            "decided_at": stamp(self.decided_at),
            "decided_by": self.decided_by_no,
            "decision_reason": self.decision_reason,
        }

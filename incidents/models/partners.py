"""Partner teams (联动队伍, M48, M50): the open list "N", and what a team may see of an incident for a time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.row import Json, Row, stamp


class PartnerTeam(Row):
    """A team of civil partners: patrol, legal aid, volunteers, others. Part of a joint force, never sent alone."""

    NOUN = "partner_team"

    class Kind(models.TextChoices):
        PATROL = "patrol"  # 治安巡防
        LEGAL_AID = "legal_aid"  # 法律援助
        VOLUNTEER = "volunteer"  # 志愿服务
        OTHER = "other"  # 其他

    class View(models.TextChoices):
        PLATE = "plate"  # point, time, description, plate: the usual one
        POINT = "point"  # point and time alone

    name = models.CharField(max_length=60)
    call_sign = models.CharField(max_length=12, blank=True)  # e.g. T801, on the radio
    kind = models.CharField(max_length=10, choices=Kind)
    area = models.ForeignKey("incidents.Area", models.PROTECT, null=True, related_name="teams")  # its grid
    leader = models.CharField(max_length=60)
    phone = models.CharField(max_length=32)
    members = models.PositiveIntegerField(null=True)
    view_level = models.CharField(max_length=8, choices=View, default=View.PLATE)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name"], condition=Q(ended_at__isnull=True), name="one_partner_team_per_name"
            ),
            models.CheckConstraint(condition=~Q(leader="") & ~Q(phone=""), name="a_team_has_a_leader_and_a_phone"),
        ]

    def row(self) -> Json:
        """Return the team."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "name": self.name,
            "call_sign": self.call_sign,
            "kind": self.kind,
            "grid": self.area_id,
            "grid_name": self.area.name if self.area else "",
            "leader": self.leader,
            "phone": self.phone,
            "members": self.members,
            "view_level": self.view_level,
            "ended_at": stamp(self.ended_at),
        }


class PartnerAttachment(Row):
    """A team attached to an incident from one moment to another, by whom approved (联动, M48). Outside of this it sees
    nothing."""

    NOUN = "attachment"

    class State(models.TextChoices):
        ASKED = "asked"  # 待批
        ATTACHED = "attached"  # 联动中
        REFUSED = "refused"  # 不批准
        ENDED = "ended"  # 已解除

    team = models.ForeignKey(PartnerTeam, models.PROTECT, related_name="attachments")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="attachments")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    reason = models.CharField(max_length=200)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    asked_by_no = models.CharField(max_length=12, blank=True)
    approved_by_no = models.CharField(max_length=12, blank=True)
    approved_by_name = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "incident"],
                condition=Q(state__in=["asked", "attached"]),
                name="a_team_is_attached_to_an_incident_once",
            ),
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="an_attachment_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state="attached") | ~Q(approved_by_no=""), name="nobody_is_attached_without_approval"
            ),
        ]
        indexes = [
            models.Index(fields=["until_at"], condition=Q(state__in=["asked", "attached"]), name="attachment_running")
        ]

    def readers(self) -> list[str]:
        """Those who may see the incident, but no partner: its own view is a part of the incident."""
        return [name for name in self.incident.readers() if not name.startswith("partner.")]

    def row(self) -> Json:
        """Return the attachment."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "team": self.team_id,
            "team_name": self.team.name,
            "call_sign": self.team.call_sign,
            "incident": self.incident_id,
            "state": self.state,
            "reason": self.reason,
            "from_at": stamp(self.from_at),
            "until_at": stamp(self.until_at),
            "asked_by": self.asked_by_no,
            "approved_by": self.approved_by_no,
            "approved_by_name": self.approved_by_name,
            "approved_at": stamp(self.approved_at),
            "ended_at": stamp(self.ended_at),
            "end_reason": self.end_reason,
        }

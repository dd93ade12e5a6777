"""A joint operation (联合行动), who takes part, and the roll: who was where when (M42, M48)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp


class JointOperation(Row):
    """One operation under one commander, about an incident or planned beforehand."""

    NOUN = "operation"

    operation_no = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=1000)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="operations")
    commander = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    meeting_place = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(outcome=""), name="a_closed_operation_has_an_outcome"
            )
        ]
        indexes = [
            models.Index(fields=["centre"], condition=Q(closed_at__isnull=True), name="operation_open"),
        ]

    def readers(self) -> list[str]:
        """The units and organisations that take part; a partner team reads it on its own page alone."""
        return [name for one in self.members.all() for name in one.readers() if not name.startswith("partner.")]

    def row(self) -> Json:
        """Return the operation with who takes part."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "operation_no": self.operation_no,
            "name": self.name,
            "purpose": self.purpose,
            "incident": self.incident_id,
            "commander": self.commander_id,
            "commander_no": self.commander.badge,
            "commander_name": self.commander.name,
            "meeting_place": self.meeting_place,
            "point": {"lat": self.lat, "lng": self.lng} if self.lat is not None else None,
            "open": self.closed_at is None,
            "opened_at": stamp(self.opened_at),
            "closed_at": stamp(self.closed_at),
            "outcome": self.outcome,
        }


class OperationMember(Row):
    """A unit, a partner team or an organisation (a branch, a station) on an operation, with its task."""

    NOUN = "operation_member"

    operation = models.ForeignKey(JointOperation, models.PROTECT, related_name="members")
    unit = models.ForeignKey("patrol.Unit", models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("incidents.PartnerTeam", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)  # as it is called on this day
    task = models.CharField(max_length=200, blank=True)
    signed_in_at = models.DateTimeField(null=True)
    signed_out_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "unit"], name="a_unit_joins_an_operation_once"),
            models.UniqueConstraint(fields=["operation", "team"], name="a_team_joins_an_operation_once"),
            models.UniqueConstraint(fields=["operation", "organisation"], name="an_organisation_joins_once"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, team__isnull=True, organisation__isnull=True)
                | Q(unit__isnull=True, team__isnull=False, organisation__isnull=True)
                | Q(unit__isnull=True, team__isnull=True, organisation__isnull=False),
                name="a_member_is_one_unit_team_or_organisation",
            ),
        ]

    def readers(self) -> list[str]:
        """Itself."""
        named = (("unit", self.unit_id), ("partner", self.team_id), ("station", self.organisation_id))
        return [f"{kind}.{found}" for kind, found in named if found]

    def row(self) -> Json:
        """Return the member."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "operation": self.operation_id,
            "unit": self.unit_id,
            "team": self.team_id,
            "organisation": self.organisation_id,
            "name": self.name,
            "task": self.task,
            "signed_in_at": stamp(self.signed_in_at),
            "signed_out_at": stamp(self.signed_out_at),
        }


class RollMark(models.Model):
    """One line of the roll, never edited: signed in or out, by whom, where, and where that is known from."""

    class Source(models.TextChoices):
        PHONE = "phone"  # the position that the device sent
        TRACK = "track"  # the unit's last fix
        DESK = "desk"  # said by radio or telephone
        NONE = "none"  # no position

    member = models.ForeignKey(OperationMember, models.PROTECT, related_name="marks")
    came = models.BooleanField()
    at = models.DateTimeField()
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    fixed_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=6, choices=Source)
    place_text = models.CharField(max_length=200, blank=True)
    people = models.PositiveIntegerField(null=True)  # how many of them
    by_no = models.CharField(max_length=12, blank=True)
    by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["member", "at"], name="roll_of_member")]

    def row(self) -> Json:
        """Return the line."""
        point: Any = {"lat": self.lat, "lng": self.lng} if self.lat is not None else None
        return {
            "id": self.pk,
            "member": self.member_id,
            "came": self.came,
            "at": stamp(self.at),
            "point": point,
            "fixed_at": stamp(self.fixed_at),
            "source": self.source,
            "place_text": self.place_text,
            "people": self.people,
            "by": self.by_no,
            "by_name": self.by_name,
        }

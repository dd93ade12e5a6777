"""Watch entries and their hits (布控): a basis, an approval, an end; a hit tells people and sends nobody (design 9)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.models.casework import secluded
from incidents.row import Json, Row, stamp


class WatchEntry(Row):
    """One plate, number or person that is watched for."""

    NOUN = "watch_entry"

    class Subject(models.TextChoices):
        PERSON = "person"  # 人
        VEHICLE = "vehicle"  # 车
        NUMBER = "number"  # 号码

    class State(models.TextChoices):
        WAITING = "waiting"  # 待批
        ACTIVE = "active"  # 生效
        EXPIRED = "expired"  # 到期
        WITHDRAWN = "withdrawn"  # 撤销
        REFUSED = "refused"  # 不批

    TRANSITIONS = {
        State.WAITING: {State.ACTIVE, State.REFUSED, State.WITHDRAWN, State.EXPIRED},
        State.ACTIVE: {State.EXPIRED, State.WITHDRAWN},
        State.EXPIRED: set(),
        State.WITHDRAWN: set(),
        State.REFUSED: set(),
    }

    subject = models.CharField(max_length=8, choices=Subject)
    value = models.CharField(max_length=60)  # normalised: plate, number, identity number
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="watch_entries")
    reason = models.CharField(max_length=400)
    legal_basis = models.CharField(max_length=200)
    asked_by = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    asked_by_no = models.CharField(max_length=12)
    asked_by_name = models.CharField(max_length=60, blank=True)
    approved_by = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+")
    approved_by_no = models.CharField(max_length=12, blank=True)
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    end_reason = models.CharField(max_length=400, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="active") | Q(approved_at__isnull=False), name="an_active_watch_entry_was_approved"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="nobody_approves_the_own_watch_entry",
            ),
            models.UniqueConstraint(
                fields=["centre", "subject", "value"],
                condition=Q(state__in=["waiting", "active"]),
                name="one_open_watch_entry_of_a_value",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "subject", "value"], condition=Q(state="active"), name="watch_active"),
            models.Index(fields=["expires_at"], condition=Q(state__in=["waiting", "active"]), name="watch_expiry"),
        ]

    def readers(self) -> list[str]:
        """The desk and the back office; of a complaint nobody but the inspectors (R1)."""
        return secluded(self.incident) if self.incident is not None else []

    def row(self) -> Json:
        """Return the entry."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "subject": self.subject,
            "value": self.value,
            "incident": self.incident_id,
            "reason": self.reason,
            "legal_basis": self.legal_basis,
            "asked_by": self.asked_by_no,
            "asked_by_name": self.asked_by_name,
            "approved_by": self.approved_by_no,
            "approved_at": stamp(self.approved_at),
            "expires_at": stamp(self.expires_at),
            "state": self.state,
            "end_reason": self.end_reason,
            "ended_at": stamp(self.ended_at),
        }


class WatchHit(Row):
    """One sighting that a feed told: an alert for people, never an order."""

    NOUN = "watch_hit"

    entry = models.ForeignKey(WatchEntry, models.PROTECT, related_name="hits")
    camera = models.ForeignKey("incidents.Camera", models.PROTECT, null=True, related_name="+")
    external_id = models.CharField(max_length=100, blank=True)  # of the feed: taken once
    seen_at = models.DateTimeField()
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    source = models.CharField(max_length=100)
    text = models.CharField(max_length=400, blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by_no = models.CharField(max_length=12, blank=True)
    handling = models.CharField(max_length=400, blank=True)  # what a person made of it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "external_id"], condition=~Q(external_id=""), name="a_hit_is_taken_once"
            )
        ]
        indexes = [models.Index(fields=["entry", "seen_at"], name="hit_of_entry")]

    @property
    def incident_id(self) -> int | None:
        """The incident of its entry, for the journal."""
        return self.entry.incident_id

    def readers(self) -> list[str]:
        """Those who may see its entry."""
        return self.entry.readers()

    def row(self) -> Json:
        """Return the hit with the entry's subject and value."""
        point = None if self.lat is None else {"lat": self.lat, "lng": self.lng}
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "entry": self.entry_id,
            "incident": self.entry.incident_id,
            "subject": self.entry.subject,
            "value": self.entry.value,
            "camera": self.camera_id,
            "seen_at": stamp(self.seen_at),
            "point": point,
            "source": self.source,
            "text": self.text,
            "handled_at": stamp(self.handled_at),
            "handled_by": self.handled_by_no,
            "handling": self.handling,
        }

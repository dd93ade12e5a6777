"""The register of cameras, and moments that somebody marked in their pictures (视频点位, M24)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from incidents.audience import INSPECTORS_ONLY
from incidents.row import Json, Row, stamp


class Camera(Row):
    """One camera: where it stands, where it looks, how far it sees, and which ones stand next to it."""

    NOUN = "camera"

    class State(models.TextChoices):
        ONLINE = "online"
        OFFLINE = "offline"
        UNKNOWN = "unknown"

    class Net(models.TextChoices):
        POLICE = "police"  # 专网
        SOCIAL = "social"  # 社会资源

    gb_code = models.CharField(max_length=20)  # GB/T 28181: 20 digits
    name = models.CharField(max_length=100)
    lat = models.FloatField()
    lng = models.FloatField()
    bearing = models.FloatField(null=True)  # degrees from north, clockwise; None: turns or unknown
    fov_deg = models.FloatField(null=True)
    range_m = models.FloatField(null=True)
    pole_code = models.CharField(max_length=40, blank=True)
    owner_net = models.CharField(max_length=8, choices=Net)
    state = models.CharField(max_length=8, choices=State, default=State.UNKNOWN)
    neighbours = ArrayField(models.CharField(max_length=20), default=list)  # codes
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "gb_code"], name="one_camera_per_code"),
            models.CheckConstraint(
                condition=Q(lat__range=(-90, 90), lng__range=(-180, 180)), name="a_camera_stands_on_earth"
            ),
            models.CheckConstraint(
                condition=Q(bearing__isnull=True) | Q(bearing__gte=0, bearing__lt=360), name="a_bearing_is_below_360"
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "lat", "lng"], name="camera_place"),
            GistIndex(Func(F("lng"), F("lat"), function="point"), name="camera_at"),
        ]

    def row(self) -> Json:
        """Return the camera."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "gb_code": self.gb_code,
            "name": self.name,
            "lat": self.lat,
            "lng": self.lng,
            "bearing": self.bearing,
            "fov_deg": self.fov_deg,
            "range_m": self.range_m,
            "pole_code": self.pole_code,
            "owner_net": self.owner_net,
            "state": self.state,
            "neighbours": self.neighbours,
            "ended_at": stamp(self.ended_at),
        }


class Viewing(Row):
    """A camera that somebody opened: which period, for which incident, to what purpose. Without one there is no picture."""

    NOUN = "viewing"

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="viewings")
    camera = models.ForeignKey(Camera, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    purpose = models.CharField(max_length=200)
    mode = models.CharField(max_length=10)  # of the adapter: simulated, stream, platform
    by_no = models.CharField(max_length=12)
    by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="a_viewing_has_a_period")]
        indexes = [models.Index(fields=["incident"], name="viewing_of_incident")]

    def readers(self) -> list[str]:
        """Desk and back office; of a complaint the inspectors alone (R1)."""
        return [INSPECTORS_ONLY] if self.incident.is_complaint else []

    def row(self) -> Json:
        """Return who opened what."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "camera": self.camera_id,
            "since": stamp(self.since),
            "until": stamp(self.until),
            "purpose": self.purpose,
            "mode": self.mode,
            "by": self.by_no,
            "by_name": self.by_name,
            "opened_at": stamp(self.created_at),
        }


class Bookmark(Row):
    """A moment in a camera's picture that somebody marked for an incident, with the still."""

    NOUN = "bookmark"

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="bookmarks")
    camera = models.ForeignKey(Camera, models.PROTECT, related_name="bookmarks")
    at = models.DateTimeField()  # of the picture
    text = models.CharField(max_length=400, blank=True)
    still = models.JSONField(null=True)  # {"file", "sha256", "width", "height"}
    by_no = models.CharField(max_length=12)
    by_name = models.CharField(max_length=60, blank=True)
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["incident"], name="bookmark_of_incident")]

    def readers(self) -> list[str]:
        """Desk and back office; of a complaint the inspectors alone (R1). Units read the clue that is made of it."""
        return [INSPECTORS_ONLY] if self.incident.is_complaint else []

    def row(self) -> Json:
        """Return the mark and where its still is read."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "camera": self.camera_id,
            "at": stamp(self.at),
            "text": self.text,
            "still": f"/api/bookmarks/{self.pk}/still/" if self.still else None,
            "by": self.by_no,
            "by_name": self.by_name,
            "created_at": stamp(self.created_at),
            "void": self.void_at is not None,
            "void_reason": self.void_reason,
        }

"""Areas that a point can lie in, and whose it is there."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from incidents.row import Json


class Area(models.Model):
    """A polygon that a point can lie in: a station's area, a kind of area (城区, 城郊, 农村), a beat (巡区), a community
    grid (网格) or a response ring (快反圈: so many minutes for these kinds of unit, R17)."""

    class Kind(models.TextChoices):
        STATION = "station"  # owner set: the station that owns it
        AREA_KIND = "area_kind"  # code = urban, suburban or rural
        BEAT = "beat"
        GRID = "grid"
        RING = "ring"  # minutes set

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="areas")
    kind = models.CharField(max_length=12, choices=Kind)
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    owner = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="areas")
    ring = models.JSONField()  # [[lng, lat], …], closed, WGS-84
    minutes = models.PositiveSmallIntegerField(null=True)  # of a response ring
    unit_kinds = ArrayField(models.CharField(max_length=8), default=list)  # of a response ring: who answers there
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "kind", "code"], name="one_area_per_code"),
            models.CheckConstraint(
                condition=Q(kind="ring", minutes__range=(1, 60)) | (~Q(kind="ring") & Q(minutes__isnull=True)),
                name="a_ring_and_nothing_else_has_minutes",
            ),
        ]

    def row(self) -> Json:
        """Return the area as the map draws it."""
        return {
            "id": self.pk,
            "kind": self.kind,
            "code": self.code,
            "name": self.name,
            "owner": self.owner_id,
            "ring": self.ring,
            "minutes": self.minutes,
            "unit_kinds": self.unit_kinds,
        }

    def label(self) -> Json:
        """Return what an incident keeps of an area that it lies in."""
        found: Json = {"id": self.pk, "code": self.code, "name": self.name}
        if self.kind == self.Kind.RING:
            found |= {"minutes": self.minutes, "unit_kinds": self.unit_kinds}
        return found

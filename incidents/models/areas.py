"""Areas with an owner, and named places."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from incidents.row import Json


class Area(models.Model):
    """A polygon that a point can lie in: a station's area, or a kind of area (城区, 城郊, 农村)."""

    class Kind(models.TextChoices):
        STATION = "station"  # owner set: the station that owns it
        AREA_KIND = "area_kind"  # code = urban, suburban or rural

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="areas")
    kind = models.CharField(max_length=12, choices=Kind)
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    owner = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="areas")
    ring = models.JSONField()  # [[lng, lat], …], closed, WGS-84
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "kind", "code"], name="one_area_per_code")]

    def row(self) -> Json:
        """Return the area as the map draws it."""
        return {
            "id": self.pk,
            "kind": self.kind,
            "code": self.code,
            "name": self.name,
            "owner": self.owner_id,
            "ring": self.ring,
        }


class Place(models.Model):
    """A named place of the gazetteer: a shop, a crossing, a lamp post."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="places")
    kind = models.CharField(max_length=12)  # landmark, road, crossing, shop, station, post
    name = models.CharField(max_length=80)
    pinyin = models.CharField(max_length=240)  # xinhualu yan'anlu crossing, without tones, lower case
    initials = models.CharField(max_length=60)  # xhlyal
    lat = models.FloatField()
    lng = models.FloatField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "name", "kind"], name="one_place_per_name")]
        indexes = [
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="place_name_words"),
            GinIndex(OpClass(Upper("pinyin"), "gin_trgm_ops"), name="place_pinyin_words"),
            models.Index(fields=["centre", "initials"], name="place_initials"),
        ]

    def row(self) -> Json:
        """Return the place as a search result."""
        return {
            "id": self.pk,
            "name": self.name,
            "kind": self.kind,
            "lat": self.lat,
            "lng": self.lng,
            "note": self.note,
        }

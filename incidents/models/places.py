"""The address index: editions of names with their keys, and ranges of house numbers along streets."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

BYTES = "C"  # keys are compared by their bytes: a prefix is a range, in any locale of the database


class PlaceEdition(models.Model):
    """One whole address index of a centre. One of them is in use; a new one is written beside it and takes over in one
    step."""

    class State(models.TextChoices):
        LOADING = "loading"
        CURRENT = "current"
        OLD = "old"  # its rows may be gone

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="place_editions")
    state = models.CharField(max_length=8, choices=State, default=State.LOADING)
    source = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)  # of the file and its datum: the same file is loaded once
    datum = models.CharField(max_length=8)
    made_at = models.DateTimeField()
    used_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre"], condition=Q(state="current"), name="one_address_index_in_use_per_centre"
            )
        ]


class Place(models.Model):
    """One line of the index: a name, an old name or a code, and the point that it means. A directory, no operational
    rows: the lines of an edition go with it."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="places")
    edition = models.ForeignKey(PlaceEdition, models.PROTECT, related_name="places")
    kind = models.CharField(max_length=12)  # landmark, road, crossing, shop, station, post
    rank = models.PositiveSmallIntegerField()  # of the kind: what is shown first
    name = models.CharField(max_length=80)  # as it is shown
    alias = models.CharField(max_length=80, blank=True)  # the old name that this line finds it by
    code = models.CharField(max_length=24, blank=True)  # on a lamp post or camera pole (特征点编号)
    name_key = models.CharField(max_length=80, db_collation=BYTES)
    pinyin = models.CharField(max_length=240, db_collation=BYTES)  # xinhualu, without tones, lower case
    initials = models.CharField(max_length=80, db_collation=BYTES)  # xhl
    grams = ArrayField(models.CharField(max_length=16), default=list)  # pairs of signs, pairs of syllables
    lat = models.FloatField()
    lng = models.FloatField()
    accuracy_m = models.FloatField(null=True)
    datum = models.CharField(max_length=8, default="WGS84")  # in which it came; stored is WGS-84
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["edition", "rank", "name_key"], name="place_by_name"),
            models.Index(fields=["edition", "rank", "pinyin"], name="place_by_pinyin"),
            models.Index(fields=["edition", "rank", "initials"], name="place_by_initials"),
            models.Index(fields=["edition", "lat", "lng"], name="place_by_point"),
            GinIndex(fields=["grams"], name="place_by_pairs"),
        ]


class HouseRange(models.Model):
    """House numbers along one side of one stretch of a street, with the points of the first and the last."""

    class Side(models.TextChoices):
        ODD = "odd"
        EVEN = "even"
        BOTH = "both"

    edition = models.ForeignKey(PlaceEdition, models.PROTECT, related_name="ranges")
    street = models.CharField(max_length=80)
    street_key = models.CharField(max_length=80, db_collation=BYTES)
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    side = models.CharField(max_length=4, choices=Side)
    lat = models.FloatField()
    lng = models.FloatField()
    lat2 = models.FloatField()
    lng2 = models.FloatField()
    datum = models.CharField(max_length=8, default="WGS84")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(low__lte=F("high")), name="house_numbers_rise")]
        indexes = [models.Index(fields=["edition", "street_key", "low"], name="house_range_of_street")]

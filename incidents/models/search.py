"""What the search reads: one document per thing and reading right, made from the rows that the journal names."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class SearchDocument(models.Model):
    """One searchable thing as one level of rights may find it; made anew whenever the thing changes."""

    class Level(models.TextChoices):
        OPEN = "open"  # found by everybody who may see the incident
        PERSONAL = "personal"  # caller data and parties: need-to-know, masked for the overview
        DESK = "desk"  # calls, texts and numbers: the desk and the inspectors

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # incident, party, call, number
    object_id = models.BigIntegerField()
    level = models.CharField(max_length=8, choices=Level)
    incident_id = models.BigIntegerField(null=True)
    jurisdiction_id = models.BigIntegerField(null=True)
    complaint = models.BooleanField(default=False)
    stage = models.CharField(max_length=12, blank=True)
    type_code = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()
    text = models.TextField()  # normalised, terms apart by line feeds
    grams = ArrayField(models.CharField(max_length=24))  # every two letters, and three of Latin runs

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "kind", "object_id", "level"], name="one_document_per_thing_and_level"
            )
        ]
        indexes = [
            GinIndex(fields=["grams"], name="search_grams"),
            models.Index(fields=["centre", "-at"], name="search_newest"),
            models.Index(fields=["incident_id"], name="document_of_incident"),
        ]


class SearchPosition(models.Model):
    """Up to which number of a centre's journal the documents are made."""

    centre = models.OneToOneField("incidents.Centre", models.PROTECT, primary_key=True)
    seq = models.BigIntegerField(default=0)

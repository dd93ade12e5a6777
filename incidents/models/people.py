"""Centres, the organisation tree and the people who work in it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from incidents.row import Json


class Centre(models.Model):
    """One 110 centre = one city = one journal."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    area_code = models.CharField(max_length=6, blank=True)  # telephone, e.g. 0596
    box = ArrayField(models.FloatField(), size=4)  # south, west, north, east; points outside are refused
    number_prefix = models.CharField(max_length=12)  # of call and incident numbers, e.g. 350600
    rings_in = models.BooleanField(default=True)

    def row(self) -> Json:
        """Return what a client needs to know of its centre."""
        return {
            "id": self.pk,
            "code": self.code,
            "name": self.name,
            "name_en": self.name_en,
            "area_code": self.area_code,
            "box": self.box,
        }

    def __str__(self) -> str:
        return self.code


class Organisation(models.Model):
    """A node of the tree bureau → branch → station or squad (domain M42)."""

    class Kind(models.TextChoices):
        BUREAU = "bureau"
        BRANCH = "branch"
        STATION = "station"
        SQUAD = "squad"

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="organisations")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=8, choices=Kind)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "code"], name="one_organisation_per_code")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person with a badge, or an adapter; roles are groups (docs/contract.md 2)."""

    centre = models.ForeignKey(Centre, models.PROTECT, null=True, related_name="users")
    badge = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=60, blank=True)
    sworn = models.BooleanField(default=False)  # 民警, not 辅警: may lead and sign (M46)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="members")
    language = models.CharField(max_length=8, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Raised when rights change; a socket that was opened with another value is closed.
    access_version = models.PositiveIntegerField(default=1)
    # The unit whose shift this person is on, kept by patrol.services alone; it decides the audience.
    on_unit = models.BigIntegerField(null=True)
    # The partner team that this person belongs to, kept by services.partners alone; it decides what a partner sees.
    on_team = models.BigIntegerField(null=True)
    # The seat of the person's latest sign-in at a desk: the exchange names seats, not people.
    on_seat = models.CharField(max_length=20, blank=True, default="")
    # The hash of the PIN that opens the own locked screen; it signs nobody in.
    pin = models.CharField(max_length=128, blank=True, default="", db_default="")
    # Wrong PINs and passwords in a row at a locked screen.
    unlock_tries = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "badge"], condition=~Q(badge=""), name="one_person_per_badge")
        ]

    @property
    def role_names(self) -> frozenset[str]:
        """The person's roles; annotated by the sign-in backend, read once otherwise."""
        names: Any = self.__dict__.get("_roles")
        if names is None:
            names = self.__dict__["_roles"] = frozenset(self.groups.values_list("name", flat=True))
        return frozenset(names)

    def row(self) -> Json:
        """Return what an administrator sees."""
        return {
            "id": self.pk,
            "version": self.version,
            "username": self.username,
            "badge": self.badge,
            "name": self.name,
            "sworn": self.sworn,
            "roles": sorted(self.role_names),
            "is_active": self.is_active,
            "organisation": self.organisation_id,
        }

"""Code tables as versioned data (domain 7)."""

from __future__ import annotations

from django.db import models

from incidents.row import Json


class Code(models.Model):
    """One code of one table. Centres share the shipped rows; an edit raises the version."""

    table = models.CharField(max_length=24)
    code = models.CharField(max_length=24)
    zh = models.CharField(max_length=60)
    en = models.CharField(max_length=120)
    ext_code = models.CharField(max_length=40, blank=True)  # the customer's own scheme
    attributes = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    edited_by_hand = models.BooleanField(default=False)  # a new release of the tables leaves such a row alone

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="one_meaning_per_code")]
        ordering = ["table", "order", "code"]

    def row(self) -> Json:
        """Return the code with its attributes beside it."""
        return {
            "id": self.pk,
            "table": self.table,
            "code": self.code,
            "zh": self.zh,
            "en": self.en,
            "ext_code": self.ext_code,
            "active": self.active,
            "version": self.version,
            **self.attributes,
        }

    def __str__(self) -> str:
        return f"{self.table} {self.code}"

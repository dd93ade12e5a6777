"""Persons, vehicles and property tied to an incident, as slots that the units read while the caller still talks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.audience import MASK
from incidents.keys import key_of
from incidents.row import Json, Row, stamp


class Party(Row):
    """One person, vehicle or thing of an incident (当事人、车辆、涉案财物; domain 6)."""

    NOUN = "party"

    class Kind(models.TextChoices):
        PERSON = "person"
        VEHICLE = "vehicle"
        PROPERTY = "property"

    class Role(models.TextChoices):
        """What a person is in the matter."""

        CALLER = "caller"  # 报警人
        VICTIM = "victim"  # 受害人
        SUSPECT = "suspect"  # 嫌疑人
        WITNESS = "witness"  # 证人
        MISSING = "missing"  # 走失人员
        OTHER = "other"

    class Status(models.TextChoices):
        """Where a thing stands, from taken to given back."""

        STOLEN = "stolen"  # 被盗
        RECOVERED = "recovered"  # 查获
        RETURNED = "returned"  # 已返还
        LOST = "lost"  # 未追回

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="parties")
    kind = models.CharField(max_length=8, choices=Kind)
    role = models.CharField(max_length=8, choices=Role, blank=True)
    name = models.CharField(max_length=100, blank=True)
    description = models.CharField(max_length=400, blank=True)  # looks, colour and make in the caller's words
    sex = models.CharField(max_length=8, blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    id_no = models.CharField(max_length=32, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=200, blank=True)
    plate = models.CharField(max_length=20, blank=True)
    frame_no = models.CharField(max_length=40, blank=True)
    brand = models.CharField(max_length=40, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    value_yuan = models.FloatField(null=True)  # unknown stays empty, never 0
    status = models.CharField(max_length=10, choices=Status, blank=True)
    recovered_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_to = models.CharField(max_length=100, blank=True)
    receipt = models.CharField(max_length=200, blank=True)  # of the signature or photo
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="person") | ~Q(name="", description=""), name="a_person_has_a_name_or_a_description"
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | (~Q(returned_to="") & ~Q(receipt="")),
                name="what_was_returned_has_a_receipt",
            ),
            models.CheckConstraint(condition=Q(value_yuan__isnull=True) | Q(value_yuan__gt=0), name="no_value_is_zero"),
        ]
        indexes = [
            models.Index(fields=["incident"], name="party_of_incident"),
            models.Index(fields=["centre", "plate"], condition=~Q(plate=""), name="party_plate"),
            models.Index(fields=["centre", "phone"], condition=~Q(phone=""), name="party_phone"),
            models.Index("centre", key_of("plate"), condition=~Q(plate=""), name="party_plate_key"),
            models.Index("centre", key_of("phone"), condition=~Q(phone=""), name="party_phone_key"),
            models.Index("centre", key_of("id_no"), condition=~Q(id_no=""), name="party_id_key"),
            # What is not back with its owner: few rows among all.
            models.Index(
                fields=["centre", "-id"],
                condition=Q(void_at__isnull=True, status__in=["stolen", "recovered", "lost"]),
                name="party_not_home",
            ),
            models.Index(fields=["centre", "name"], condition=~Q(name=""), name="party_name"),
        ]

    def readers(self) -> list[str]:
        """Those who may see the incident."""
        return self.incident.readers()

    def row(self) -> Json:
        """Return the party as those see it who work on the incident: an identity number only when somebody asks for it
        with a purpose."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "kind": self.kind,
            "role": self.role,
            "name": self.name,
            "description": self.description,
            "sex": self.sex,
            "age": self.age,
            "id_no": MASK if self.id_no else "",
            "phone": self.phone,
            "address": self.address,
            "plate": self.plate,
            "frame_no": self.frame_no,
            "brand": self.brand,
            "colour": self.colour,
            "value_yuan": self.value_yuan,
            "status": self.status,
            "recovered_at": stamp(self.recovered_at),
            "returned_at": stamp(self.returned_at),
            "returned_to": self.returned_to,
            "receipt": self.receipt,
            "void": self.void_at is not None,
            "void_reason": self.void_reason,
        }

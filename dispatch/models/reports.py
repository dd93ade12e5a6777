"""What comes from the street: reports, ticks of checklists, pictures (反馈单, domain 5 and 6)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp


class Report(Row):
    """What a unit reports from the street; several per assignment (反馈单)."""

    NOUN = "report"

    report_no = models.CharField(max_length=32, unique=True)
    assignment = models.ForeignKey("dispatch.Assignment", models.PROTECT, related_name="reports")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="reports")
    unit_id = models.BigIntegerField()
    call_sign = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)  # arrival, progress, handling, correction
    reported_by_no = models.CharField(max_length=12, blank=True)
    reported_by_name = models.CharField(max_length=60, blank=True)
    reported_at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    type_verified = models.CharField(max_length=8, blank=True)
    address_verified = models.CharField(max_length=200, blank=True)
    handled_point = models.JSONField(null=True)
    result_codes = ArrayField(models.CharField(max_length=4), default=list)
    result_place = models.CharField(max_length=200, blank=True)  # hospital of RS11, unit of RS13
    process_text = models.TextField(blank=True)
    rescued = models.PositiveIntegerField(null=True)
    injured = models.PositiveIntegerField(null=True)
    dead = models.PositiveIntegerField(null=True)
    caught = models.PositiveIntegerField(null=True)
    involved = models.PositiveIntegerField(null=True)
    escaped = models.PositiveIntegerField(null=True)
    loss_yuan = models.FloatField(null=True)
    recovered_yuan = models.FloatField(null=True)
    case_no = models.CharField(max_length=40, blank=True)
    camera_ref = models.CharField(max_length=64, blank=True)
    photos = models.JSONField(default=list)
    complete = models.BooleanField(default=False)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections"
    )  # 更正; the former stays
    officers = models.PositiveIntegerField(null=True)  # who were there, from the order
    loss_unknown = models.BooleanField(default=False)
    property_text = models.CharField(max_length=200, blank=True)  # what was recovered, RS18
    receipt = models.CharField(max_length=200, blank=True)  # of what was given back, RS19
    handover_to = models.CharField(max_length=100, blank=True)  # RS06, RS13, RS14
    handover_contact = models.CharField(max_length=100, blank=True)
    handover_reply = models.CharField(max_length=200, blank=True)
    weather = models.CharField(max_length=4, blank=True)
    community = models.CharField(max_length=100, blank=True)
    traffic_form = models.CharField(max_length=4, blank=True)  # the annex of types 03
    traffic_cause = models.CharField(max_length=4, blank=True)
    road_surface = models.CharField(max_length=4, blank=True)
    visibility = models.CharField(max_length=4, blank=True)
    vehicles_damaged = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="a_report_is_corrected_once"
            )
        ]

    def readers(self) -> list[str]:
        """The reporting unit and those who may see the incident."""
        return [f"unit.{self.unit_id}", *self.incident.readers()]

    def row(self) -> Json:
        """Return the report."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "report_no": self.report_no,
            "assignment": self.assignment_id,
            "incident": self.incident_id,
            "unit": self.unit_id,
            "call_sign": self.call_sign,
            "kind": self.kind,
            "reported_by": self.reported_by_no,
            "reported_by_name": self.reported_by_name,
            "reported_at": stamp(self.reported_at),
            "device_at": stamp(self.device_at),
            "type_verified": self.type_verified,
            "address_verified": self.address_verified,
            "handled_point": self.handled_point,
            "result_codes": self.result_codes,
            "result_place": self.result_place,
            "process_text": self.process_text,
            "rescued": self.rescued,
            "injured": self.injured,
            "dead": self.dead,
            "caught": self.caught,
            "involved": self.involved,
            "escaped": self.escaped,
            "loss_yuan": self.loss_yuan,
            "recovered_yuan": self.recovered_yuan,
            "case_no": self.case_no,
            "camera_ref": self.camera_ref,
            "photos": self.photos,
            "complete": self.complete,
            "corrects": self.corrects_id,
            "officers": self.officers,
            "loss_unknown": self.loss_unknown,
            "property_text": self.property_text,
            "receipt": self.receipt,
            "handover_to": self.handover_to,
            "handover_contact": self.handover_contact,
            "handover_reply": self.handover_reply,
            "weather": self.weather,
            "community": self.community,
            "traffic_form": self.traffic_form,
            "traffic_cause": self.traffic_cause,
            "road_surface": self.road_surface,
            "visibility": self.visibility,
            "vehicles_damaged": self.vehicles_damaged,
        }


class Tick(Row):
    """One step of the checklist that the officers have ticked off (M18)."""

    NOUN = "tick"

    assignment = models.ForeignKey("dispatch.Assignment", models.PROTECT, related_name="ticks")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="ticks")
    unit_id = models.BigIntegerField()
    item = models.CharField(max_length=32)  # key of the step
    zh = models.CharField(max_length=400)
    en = models.CharField(max_length=400)
    done = models.BooleanField()
    ticked_at = models.DateTimeField()
    ticked_by_no = models.CharField(max_length=12)
    device_at = models.DateTimeField(null=True)  # the phone's own time, a claim

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "item"], name="each_step_is_ticked_once")]
        indexes = [models.Index(fields=["incident"], name="tick_of_incident")]

    def readers(self) -> list[str]:
        """The unit and those who may see the incident."""
        return [f"unit.{self.unit_id}", *self.incident.readers()]

    def row(self) -> Json:
        """Return the tick."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "assignment": self.assignment_id,
            "incident": self.incident_id,
            "unit": self.unit_id,
            "item": self.item,
            "zh": self.zh,
            "en": self.en,
            "done": self.done,
            "at": stamp(self.ticked_at),
            "by": self.ticked_by_no,
            "device_at": stamp(self.device_at),
        }


class Photo(models.Model):
    """A picture from the street: re-encoded, its EXIF data stripped, kept outside the web root (3.2 uploads)."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    taken_by = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    unit_id = models.BigIntegerField(null=True)
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="pictures")
    file = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)

    def row(self) -> Json:
        """Return id and address of the picture."""
        return {"id": self.pk, "url": f"/api/photos/{self.pk}/", "taken_at": stamp(self.taken_at)}

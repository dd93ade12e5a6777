"""Units, shifts and positions (勤务单元, domain 5 and 6)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from incidents.row import Json, Row, stamp
from incidents.tree import branch_above
from patrol.duty.models import PlannedMember, PlannedShift, PostAnswer, PostCheck
from patrol.joint.models import JointOperation, OperationMember, RollMark

__all__ = [
    "CHOSEN",
    "DERIVED",
    "NEVER_SENT",
    "TRANSITIONS",
    "CrewMember",
    "Fix",
    "JointOperation",
    "OperationMember",
    "PlannedMember",
    "PlannedShift",
    "Position",
    "PostAnswer",
    "PostCheck",
    "RoadClosure",
    "RollMark",
    "Shift",
    "Status",
    "StatusPeriod",
    "Unit",
]


class Status(models.TextChoices):
    """The duty status of a unit, with its national-style number in the code table unit_status."""

    OFF_DUTY = "off_duty"  # 10 下勤: only at shift start and end
    AVAILABLE = "available"  # 20 街面可派
    ON_TASK = "on_task"  # 25 有任务可调: post, grid visit, escort; may be taken for P1–P2
    ASSIGNED = "assigned"  # 30 受令: derived from the live assignment
    EN_ROUTE = "en_route"  # 40 途中: derived
    ON_SCENE = "on_scene"  # 50 现场: derived
    TRANSPORTING = "transporting"  # 60 押送移交
    BREAK = "break"  # 70 休整
    OUT_OF_SERVICE = "out_of_service"  # 80 停用


DERIVED = (Status.ASSIGNED, Status.EN_ROUTE, Status.ON_SCENE)
CHOSEN = (Status.AVAILABLE, Status.ON_TASK, Status.TRANSPORTING, Status.BREAK, Status.OUT_OF_SERVICE)
# Which status a person or a live assignment may move a unit to.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    Status.OFF_DUTY: (Status.AVAILABLE,),
    **dict.fromkeys((*CHOSEN, *DERIVED), (*CHOSEN, *DERIVED, Status.OFF_DUTY)),
}
NEVER_SENT = ("UV", "UJ", "UB")  # video seat, fusion seat, partner team (7.7)


class Unit(Row):
    """A dispatchable unit: vehicle, crew, radio, terminal (M47)."""

    NOUN = "unit"

    call_sign = models.CharField(max_length=12)
    label = models.CharField(max_length=20)  # 巡101
    kind = models.CharField(max_length=4)
    squad = models.ForeignKey("incidents.Organisation", models.PROTECT, related_name="units")
    squad_name = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.OFF_DUTY)
    status_at = models.DateTimeField()
    status_reason = models.CharField(max_length=200, blank=True)
    away_reason = models.CharField(max_length=16, blank=True)  # code table away_reason, of a unit out of service
    back_by = models.DateTimeField(null=True)  # when a break must be over, or a unit out of service is expected back
    return_overdue_at = models.DateTimeField(null=True)  # when it was noticed that it is not
    on_shift = models.JSONField(null=True)  # of the running shift: id, started_at, lead, crew
    assignment_id = models.BigIntegerField(null=True)  # the live one; kept by dispatch.services
    equipment = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    armed = models.BooleanField(default=False)
    carries_detainees = models.BooleanField(default=False)
    radio_id = models.CharField(max_length=20, blank=True)
    radio_channel = models.CharField(max_length=20, blank=True)
    terminal_id = models.CharField(max_length=40, blank=True)
    emergency_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)  # set by the sweep when an on-duty unit's fixes stop
    home_lat = models.FloatField(null=True)
    home_lng = models.FloatField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "call_sign"], name="one_unit_per_call_sign"),
            models.CheckConstraint(
                condition=~Q(status__in=["assigned", "en_route", "on_scene"]) | Q(assignment_id__isnull=False),
                name="a_unit_at_work_has_its_order",
            ),
            models.CheckConstraint(
                condition=Q(status="off_duty", assignment_id__isnull=True) | ~Q(status="off_duty"),
                name="an_off_duty_unit_has_no_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["back_by"],
                condition=Q(back_by__isnull=False, return_overdue_at__isnull=True),
                name="unit_expected_back",
            )
        ]

    @property
    def is_dispatchable(self) -> bool:
        """Tell whether this kind is ever sent to a scene."""
        return self.kind not in NEVER_SENT

    def readers(self) -> list[str]:
        """The unit itself, its station and the branch of that."""
        above = branch_above(self.squad_id)
        return [f"unit.{self.pk}", f"station.{self.squad_id}", *([f"station.{above}"] if above else [])]

    def row(self) -> Json:
        """Return the unit; its position travels apart."""
        home = {"lat": self.home_lat, "lng": self.home_lng} if self.home_lat is not None else None
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "call_sign": self.call_sign,
            "label": self.label,
            "kind": self.kind,
            "squad": self.squad_id,
            "squad_name": self.squad_name,
            "status": self.status,
            "status_at": stamp(self.status_at),
            "status_reason": self.status_reason,
            "away_reason": self.away_reason,
            "back_by": stamp(self.back_by),
            "return_overdue_at": stamp(self.return_overdue_at),
            "shift": self.on_shift,
            "assignment": self.assignment_id,
            "equipment": self.equipment,
            "armed": self.armed,
            "carries_detainees": self.carries_detainees,
            "radio_id": self.radio_id,
            "radio_channel": self.radio_channel,
            "terminal_id": self.terminal_id,
            "emergency_at": stamp(self.emergency_at),
            "dispatchable": self.is_dispatchable,
            "home": home,
        }

    def __str__(self) -> str:
        return self.call_sign


class Shift(models.Model):
    """One crew on one unit from start to end; neither a unit nor a person is on two at once."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="shifts")
    lead = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    equipment = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_units_shifts_never_overlap",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (
                        Func(
                            F("started_at"),
                            F("ended_at"),
                            Value("[)"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="a_shift_ends_after_it_starts",
            ),
        ]


class CrewMember(models.Model):
    """One person on one shift."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="members")
    person = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_is_on_one_shift_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            F("started_at"),
                            F("ended_at"),
                            Value("[)"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            )
        ]


class StatusPeriod(models.Model):
    """How long a unit was in one status; closed by the write that opens the next (JEMSS's one setter)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="periods")
    status = models.CharField(max_length=16, choices=Status)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ended_at__isnull=True), name="one_present_status_per_unit"
            )
        ]
        # Who was free at a moment months ago is asked of all units at once.
        indexes = [models.Index(fields=["ended_at"], name="status_period_ended")]


class Position(models.Model):
    """The last fix of a unit: a narrow table of its own, so that 400 writes a second stay HOT (fillfactor 50)."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="position")
    centre_id = models.BigIntegerField()
    lat = models.FloatField()
    lng = models.FloatField()
    accuracy_m = models.FloatField(null=True)
    speed_kmh = models.FloatField(null=True)
    heading = models.FloatField(null=True)
    fixed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    source = models.CharField(max_length=12, blank=True)
    suspect = models.BooleanField(default=False)


class Fix(models.Model):
    """The track: every fix taken, partitioned by month, pruned by the retention rule (migration 0002)."""

    pk = models.CompositePrimaryKey("unit_id", "received_at", "fixed_at")
    unit_id = models.BigIntegerField()
    lat = models.FloatField()
    lng = models.FloatField()
    accuracy_m = models.FloatField(null=True)
    speed_kmh = models.FloatField(null=True)
    heading = models.FloatField(null=True)
    fixed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    source = models.CharField(max_length=12, blank=True)
    suspect = models.BooleanField(default=False)

    class Meta:
        managed = False
        db_table = "patrol_fix"


class RoadClosure(Row):
    """A part of the map where no unit may pass for a time (RF4, DL2)."""

    NOUN = "closure"

    shape = models.JSONField()  # {"kind": "polygon" | "line", "points": [[lng, lat], …]}, WGS-84
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # as announced; null: until further notice
    ended_at = models.DateTimeField(null=True)  # opened by hand
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="a_closure_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["centre", "starts_at"], condition=Q(ended_at__isnull=True), name="road_closed")]

    def row(self) -> Json:
        """Return the closure as the map draws it."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "shape": self.shape,
            "starts_at": stamp(self.starts_at),
            "ends_at": stamp(self.ends_at),
            "ended_at": stamp(self.ended_at),
            "reason": self.reason,
        }

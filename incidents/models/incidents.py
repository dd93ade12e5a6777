"""The incident: what the police react to; joins all calls of one event (警情, domain 6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from incidents.actor import Actor
from incidents.audience import INSPECTORS_ONLY, is_complaint
from incidents.keys import key_of
from incidents.row import Json, Row, stamp
from incidents.tree import branch_above


class Stage(models.TextChoices):
    """Where an incident stands. NEW to REPORTED are derived from its assignments, the rest are decisions."""

    NEW = "new"  # 新建: no accepted place yet, or type missing and no order sent
    PENDING = "pending"  # 待派: place accepted, attendance needed, no live assignment
    DISPATCHED = "dispatched"  # 已派
    ACCEPTED = "accepted"  # 已签收
    EN_ROUTE = "en_route"  # 出警中
    ON_SCENE = "on_scene"  # 到场
    HANDLED = "handled"  # 处置完毕: every live assignment finished
    REPORTED = "reported"  # 已反馈: each of them has a complete handling report
    REVIEW = "review"  # 待审核: mandatory fields checked
    CLOSED = "closed"  # 已结案: a reviewer approved
    ARCHIVED = "archived"  # 已归档: by the retention job
    MERGED = "merged"  # 合并
    HANDED_OVER = "handed_over"  # 转交
    CANCELLED = "cancelled"  # 撤销
    INVALID = "invalid"  # 无效


DERIVED = [
    Stage.NEW,
    Stage.PENDING,
    Stage.DISPATCHED,
    Stage.ACCEPTED,
    Stage.EN_ROUTE,
    Stage.ON_SCENE,
    Stage.HANDLED,
    Stage.REPORTED,
]
ENDED = [Stage.CLOSED, Stage.ARCHIVED, Stage.MERGED, Stage.HANDED_OVER, Stage.CANCELLED, Stage.INVALID]
# Decisions: from which stage to which; who may is checked in incidents.decisions (domain 5).
TRANSITIONS: dict[str, set[str]] = {
    **{
        stage: {Stage.MERGED, Stage.HANDED_OVER, Stage.CANCELLED, Stage.INVALID} | set(DERIVED) - {stage}
        for stage in DERIVED
    },
    Stage.REVIEW: {Stage.CLOSED, Stage.REPORTED, Stage.INVALID},
    Stage.CLOSED: {Stage.ARCHIVED, *DERIVED},
    Stage.ARCHIVED: set(),
    Stage.MERGED: set(DERIVED),
    Stage.HANDED_OVER: set(DERIVED),
    Stage.CANCELLED: set(DERIVED),
    Stage.INVALID: set(DERIVED),
}
for _stage in (Stage.NEW, Stage.PENDING, Stage.REPORTED, Stage.HANDLED):
    TRANSITIONS[_stage] = TRANSITIONS[_stage] | {Stage.REVIEW}


class Answer(models.TextChoices):
    """Answers to the danger questions."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Incident(Row):
    """One event."""

    NOUN = "incident"

    incident_no = models.CharField(max_length=32, unique=True)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.NEW)
    drill = models.BooleanField(default=False)
    intake_class = models.CharField(max_length=8, blank=True)
    type_reported = models.CharField(max_length=8, blank=True)
    type_verified = models.CharField(max_length=8, blank=True)
    priority = models.PositiveSmallIntegerField(default=3)
    priority_at_intake = models.PositiveSmallIntegerField(default=3)
    priority_log = models.JSONField(default=list)
    address_text = models.CharField(max_length=200, blank=True)
    place_note = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    point_info = models.JSONField(default=dict)  # accuracy_m, source, taken_at, crs_in, raw
    point_status = models.CharField(max_length=12, default="none")  # none, unverified, verified
    jurisdiction = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="+")
    jurisdiction_name = models.CharField(max_length=60, blank=True)
    area_kind = models.CharField(max_length=12, blank=True)
    areas = models.JSONField(
        default=dict
    )  # beat, grid and ring of the point: {"id", "code", "name"}, ring with minutes
    occurred_from = models.DateTimeField(null=True)
    occurred_to = models.DateTimeField(null=True)
    offenders_reported = models.PositiveIntegerField(null=True)
    vehicle_plate = models.CharField(max_length=20, blank=True)
    vehicle_note = models.CharField(max_length=200, blank=True)
    weapon = models.CharField(max_length=8, choices=Answer, default=Answer.UNKNOWN)
    hazmat = models.CharField(max_length=8, choices=Answer, default=Answer.UNKNOWN)
    explosion_leak = models.CharField(max_length=8, choices=Answer, default=Answer.UNKNOWN)
    trapped = models.PositiveIntegerField(null=True)
    injured = models.PositiveIntegerField(null=True)
    dead = models.PositiveIntegerField(null=True)
    narrative = models.TextField(blank=True)
    contact_name = models.CharField(max_length=200, blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    silent = models.BooleanField(default=False)
    mode = models.CharField(max_length=12, default="routine")
    mode_at = models.DateTimeField(null=True)  # since when
    mode_reason = models.CharField(max_length=200, blank=True, default="", db_default="")  # of the last switch
    quiet = models.BooleanField(default=False, db_default=False)  # 静默: its phones neither sound nor light up
    broken_off_at = models.DateTimeField(null=True)  # 停止追击: told to every unit, until the next pursuit
    attendance = models.BooleanField(default=True)
    answered_at = models.DateTimeField()  # of the earliest call: clock A
    placed_at = models.DateTimeField(null=True)
    first_dispatched_at = models.DateTimeField(null=True)  # clock B
    first_accepted_at = models.DateTimeField(null=True)
    first_on_scene_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    reviewed_by_no = models.CharField(max_length=12, blank=True)
    closed_at = models.DateTimeField(null=True)
    result_code = models.CharField(max_length=8, blank=True)
    exclusion = models.CharField(max_length=4, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    before_merge = models.JSONField(default=dict)  # what undoing gives back: orders, limits, clocks of the target
    case_no = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=400, blank=True)  # of the last decision
    confidential = models.BooleanField(default=False)
    units = ArrayField(models.BigIntegerField(), default=list)  # with a live assignment; kept by dispatch
    partners = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    # [{team, name, call_sign, level, until}]; kept by services.partners
    # What partner teams read instead of anybody's words.
    partner_brief = models.CharField(max_length=400, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(priority__range=(1, 4)), name="priority_is_one_to_four"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True) | Q(lat__isnull=False, lng__isnull=False),
                name="a_point_has_both_coordinates",
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True) | Q(lat__range=(-90, 90), lng__range=(-180, 180)),
                name="a_point_is_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(stage="merged", merged_into__isnull=False) | ~Q(stage="merged"),
                name="a_merged_incident_names_its_target",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="an_incident_never_merges_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(first_dispatched_at__isnull=True) | Q(first_dispatched_at__gte=F("answered_at")),
                name="an_order_follows_the_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "answered_at"], name="incident_answered"),
            models.Index("centre", key_of("vehicle_plate"), condition=~Q(vehicle_plate=""), name="incident_plate_key"),
            models.Index("centre", key_of("contact_phone"), condition=~Q(contact_phone=""), name="incident_phone_key"),
            models.Index(fields=["centre", "contact_name"], condition=~Q(contact_name=""), name="incident_contact"),
            # The history of a place: a strip of latitude, read by longitude and counted within the index.
            models.Index(
                fields=["centre", "lat", "lng", "answered_at"],
                include=[
                    "id",
                    "type_reported",
                    "type_verified",
                    "stage",
                    "drill",
                    "intake_class",
                    "confidential",
                    "jurisdiction",
                ],
                condition=Q(lat__isnull=False),
                name="incident_place",
            ),
            models.Index(
                fields=["centre", "contact_phone", "answered_at"],
                condition=~Q(contact_phone=""),
                name="incident_contact_phone",
            ),
            models.Index(
                fields=["centre", "id"],
                condition=Q(
                    stage__in=[
                        "new",
                        "pending",
                        "dispatched",
                        "accepted",
                        "en_route",
                        "on_scene",
                        "handled",
                        "reported",
                        "review",
                    ]
                ),
                name="incident_open",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to do something."""
        return self.stage not in ENDED

    @property
    def is_placed(self) -> bool:
        """Tell whether a place was accepted."""
        return self.lat is not None

    def point(self) -> Json | None:
        """Return the accepted point, WGS-84."""
        if self.lat is None:
            return None
        info = {name: self.point_info.get(name) for name in ("accuracy_m", "source", "taken_at", "crs_in")}
        return {"lat": self.lat, "lng": self.lng, **info}

    def readers(self) -> list[str]:
        """The owner station and its branch, the units on it and the partner teams attached to it; of a complaint nobody
        but the inspectors (R1)."""
        if self.is_complaint:
            return [INSPECTORS_ONLY]
        station = [f"station.{one}" for one in (self.jurisdiction_id, self.branch_id) if one]
        return [
            *station,
            *(f"unit.{unit}" for unit in self.units),
            *(f"partner.{one['team']}" for one in self.partners),
        ]

    @property
    def branch_id(self) -> int | None:
        """The branch of the owner station (M42)."""
        return branch_above(self.jurisdiction_id) if self.jurisdiction_id else None

    @property
    def ring_minutes(self) -> int | None:
        """The minutes of the response ring that the point lies in (R17)."""
        ring = self.areas.get("ring")
        return int(ring["minutes"]) if ring else None

    @property
    def is_complaint(self) -> bool:
        """Tell whether it is a complaint about the police."""
        return is_complaint({"type_reported": self.type_reported, "intake_class": self.intake_class})

    def change(self, *, by: Actor | None, now: dt.datetime | None = None, **fields: Any) -> Json:
        """Write fields as every row does, and remember who could see the incident before."""
        self.__dict__.setdefault("_shown_to", self.shown_to())
        return super().change(by=by, now=now, **fields)

    def shown_to(self) -> set[str]:
        """Name everybody beside desk and inspectors who can see it now. A unit that holds its order keeps what it has,
        whatever becomes of the type."""
        others = set() if self.is_complaint else {"overview", *self.readers()}
        return others | {f"unit.{unit}" for unit in self.units}

    def no_longer_readers(self) -> list[str]:
        """Those who could see it when the command began: the station it was moved from, the units that left."""
        return sorted(self.__dict__.get("_shown_to", set()) - self.shown_to())

    def row(self) -> Json:
        """Return the incident in full; incidents.audience masks it for others than the desk."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident_no": self.incident_no,
            "stage": self.stage,
            "open": self.is_open,
            "drill": self.drill,
            "intake_class": self.intake_class,
            "type_reported": self.type_reported,
            "type_verified": self.type_verified,
            "priority": self.priority,
            "priority_at_intake": self.priority_at_intake,
            "address_text": self.address_text,
            "place_note": self.place_note,
            "point": self.point(),
            "point_status": self.point_status,
            "jurisdiction": self.jurisdiction_id,
            "jurisdiction_name": self.jurisdiction_name,
            "area_kind": self.area_kind,
            "beat": self.areas.get("beat"),
            "grid": self.areas.get("grid"),
            "ring": self.areas.get("ring"),
            "occurred_from": stamp(self.occurred_from),
            "occurred_to": stamp(self.occurred_to),
            "offenders_reported": self.offenders_reported,
            "vehicle_plate": self.vehicle_plate,
            "vehicle_note": self.vehicle_note,
            "weapon": self.weapon,
            "hazmat": self.hazmat,
            "explosion_leak": self.explosion_leak,
            "trapped": self.trapped,
            "injured": self.injured,
            "dead": self.dead,
            "narrative": self.narrative,
            "contact_name": self.contact_name,
            "contact_phone": self.contact_phone,
            "silent": self.silent,
            "mode": self.mode,
            "mode_at": stamp(self.mode_at),
            "mode_reason": self.mode_reason,
            "quiet": self.quiet,
            "broken_off_at": stamp(self.broken_off_at),
            "attendance": self.attendance,
            "answered_at": stamp(self.answered_at),
            "placed_at": stamp(self.placed_at),
            "first_dispatched_at": stamp(self.first_dispatched_at),
            "first_accepted_at": stamp(self.first_accepted_at),
            "first_on_scene_at": stamp(self.first_on_scene_at),
            "handled_at": stamp(self.handled_at),
            "reported_at": stamp(self.reported_at),
            "submitted_at": stamp(self.submitted_at),
            "reviewed_by": self.reviewed_by_no,
            "closed_at": stamp(self.closed_at),
            "result_code": self.result_code,
            "exclusion": self.exclusion,
            "merged_into": self.merged_into_id,
            "case_no": self.case_no,
            "reason": self.reason,
            "confidential": self.confidential,
            "units": self.units,
            "partners": self.partners,
            "partner_brief": self.partner_brief,
            "created_at": stamp(self.created_at),
        }


class Note(Row):
    """A remark on an incident, or what a further caller told that was new; appended, never edited."""

    NOUN = "note"

    class Kind(models.TextChoices):
        REMARK = "remark"  # a person at a desk wrote it
        NEWS = "news"  # 新情况: what a further call tells that the incident did not know
        RETRACTED = "retracted"  # the news of a call that has been detached: it belongs to another event

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REMARK)
    call = models.ForeignKey("incidents.Call", models.PROTECT, null=True, related_name="news", db_index=False)
    facts = models.JSONField(default=list)  # of news: [{what, text}]
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    author_no = models.CharField(max_length=12, blank=True)
    author_name = models.CharField(max_length=60, blank=True)
    text = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kind="news") | ~Q(facts=[]), name="news_say_what_is_new"),
        ]
        indexes = [models.Index(fields=["call"], condition=Q(call__isnull=False), name="note_of_call")]

    def readers(self) -> list[str]:
        """Those who may see the incident; a caller's words about a confidential one stay off the overview."""
        alone = [INSPECTORS_ONLY] if self.kind != self.Kind.REMARK and self.incident.confidential else []
        return [*alone, *self.incident.readers()]

    def row(self) -> Json:
        """Return the note."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "at": stamp(self.at),
            "by": self.author_no,
            "by_name": self.author_name,
            "kind": self.kind,
            "facts": self.facts,
            "text": self.text,
        }

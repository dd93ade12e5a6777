"""What the fusion centre does for an incident: requests, clues, locked positions, search areas (M20–M24, domain 6)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Q

from incidents.audience import INSPECTORS_ONLY
from incidents.models.incidents import Incident
from incidents.models.people import Organisation
from incidents.row import Json, Row, stamp


def secluded(incident: Incident) -> list[str]:
    """Return the readers that keep a row of a complaint about the police with the inspectors alone (R1)."""
    return [INSPECTORS_ONLY] if incident.is_complaint else []


class Confidence(models.TextChoices):
    """How far a clue or a position may be trusted (可信度)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class FusionRequest(Row):
    """Work that an incident asks of the fusion centre (合成请求)."""

    NOUN = "fusion_request"

    class Ask(models.TextChoices):
        PERSON = "person"  # 找人
        VEHICLE = "vehicle"  # 找车
        THING = "thing"  # 找物
        TRACK = "track"  # 轨迹
        IDENTITY = "identity"  # 身份

    class State(models.TextChoices):
        WAITING = "waiting"  # 待受理
        WORKING = "working"  # 研判中
        LOCKED = "locked"  # 已锁定
        DONE = "done"  # 已办结
        NO_RESULT = "no_result"  # 无结果

    TRANSITIONS = {
        State.WAITING: {State.WORKING, State.NO_RESULT},
        State.WORKING: {State.LOCKED, State.DONE, State.NO_RESULT},
        State.LOCKED: {State.WORKING, State.DONE, State.NO_RESULT},
        State.DONE: set(),
        State.NO_RESULT: set(),
    }
    ENDED = (State.DONE, State.NO_RESULT)

    request_no = models.CharField(max_length=32, unique=True)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="fusion_requests")
    ask = models.CharField(max_length=8, choices=Ask)
    text = models.CharField(max_length=1000)
    legal_basis = models.CharField(max_length=200)
    by_rule = models.BooleanField(default=False)  # proposed by rule, raised by a person all the same
    asked_by_no = models.CharField(max_length=12)
    asked_by_name = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    owner = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+")
    owner_no = models.CharField(max_length=12, blank=True)
    owner_name = models.CharField(max_length=60, blank=True)
    speciality = models.CharField(max_length=40, blank=True)  # 刑侦, 治安 …
    accepted_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)  # first locked position
    ended_at = models.DateTimeField(null=True)
    result_text = models.TextField(blank=True)
    shift_log = models.JSONField(default=list)  # [{at, from, to, words}]: the owner is handed over by name

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(state="no_result") | Q(owner__isnull=False),
                name="fusion_work_has_an_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "no_result"]) | Q(ended_at__isnull=False),
                name="ended_fusion_work_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["incident"], name="fusion_of_incident"),
            models.Index(
                fields=["centre"], condition=Q(state__in=["waiting", "working", "locked"]), name="fusion_open"
            ),
            models.Index(fields=["centre", "-id"], name="fusion_newest"),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still works on it; an open one keeps its incident open."""
        return self.state not in self.ENDED

    def readers(self) -> list[str]:
        """The desk and the back office; of a complaint nobody but the inspectors (R1)."""
        return secluded(self.incident)

    def row(self) -> Json:
        """Return the request."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "request_no": self.request_no,
            "incident": self.incident_id,
            "ask": self.ask,
            "text": self.text,
            "legal_basis": self.legal_basis,
            "by_rule": self.by_rule,
            "asked_by": self.asked_by_no,
            "asked_by_name": self.asked_by_name,
            "asked_at": stamp(self.asked_at),
            "state": self.state,
            "open": self.is_open,
            "owner": self.owner_no,
            "owner_name": self.owner_name,
            "speciality": self.speciality,
            "accepted_at": stamp(self.accepted_at),
            "locked_at": stamp(self.locked_at),
            "ended_at": stamp(self.ended_at),
            "result_text": self.result_text,
            "shift_log": self.shift_log,
        }


class Clue(Row):
    """One thing that is known or believed, with its source and how far it may be trusted (线索)."""

    NOUN = "clue"

    class Kind(models.TextChoices):
        PERSON = "person"  # 人
        VEHICLE = "vehicle"  # 车
        PHONE = "phone"  # 电话
        TRACK = "track"  # 轨迹
        PICTURE = "picture"  # 画面

    request = models.ForeignKey(FusionRequest, models.PROTECT, null=True, related_name="clues")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="clues")
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=1000)
    value = models.CharField(max_length=60, blank=True)  # plate, telephone: what a query and the link chart go by
    source = models.CharField(max_length=100)
    confidence = models.CharField(max_length=8, choices=Confidence)
    seen_at = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    camera = models.ForeignKey("incidents.Camera", models.PROTECT, null=True, related_name="+")
    bookmark = models.ForeignKey("incidents.Bookmark", models.PROTECT, null=True, related_name="clues")
    pushed_at = models.DateTimeField(null=True)  # to the units on the incident
    by_no = models.CharField(max_length=12)
    by_name = models.CharField(max_length=60, blank=True)
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True) | Q(lat__range=(-90, 90), lng__range=(-180, 180)),
                name="a_clue_lies_on_earth",
            )
        ]
        indexes = [
            models.Index(fields=["incident"], name="clue_of_incident"),
            models.Index(fields=["centre", "value"], condition=~Q(value=""), name="clue_value"),
        ]

    def readers(self) -> list[str]:
        """The units on the incident once it was pushed to them, and the owner station."""
        return self.incident.readers() if self.pushed_at is not None else secluded(self.incident)

    def row(self) -> Json:
        """Return the clue."""
        point = None if self.lat is None else {"lat": self.lat, "lng": self.lng}
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "request": self.request_id,
            "incident": self.incident_id,
            "kind": self.kind,
            "text": self.text,
            "value": self.value,
            "source": self.source,
            "confidence": self.confidence,
            "seen_at": stamp(self.seen_at),
            "point": point,
            "camera": self.camera_id,
            "bookmark": self.bookmark_id,
            "pushed_at": stamp(self.pushed_at),
            "by": self.by_no,
            "by_name": self.by_name,
            "created_at": stamp(self.created_at),
            "void": self.void_at is not None,
            "void_reason": self.void_reason,
        }


class LockedPosition(Row):
    """Where a suspect is believed to be, for how long and how sure (锁定位置). A renewal replaces, never edits."""

    NOUN = "locked_position"

    request = models.ForeignKey(FusionRequest, models.PROTECT, related_name="positions")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="locked_positions")
    lat = models.FloatField()
    lng = models.FloatField()
    radius_m = models.FloatField()
    source = models.CharField(max_length=100)
    confidence = models.CharField(max_length=8, choices=Confidence)
    locked_at = models.DateTimeField()
    locked_by_no = models.CharField(max_length=12)
    locked_by_name = models.CharField(max_length=60, blank=True)
    valid_until = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__range=(-90, 90), lng__range=(-180, 180)), name="a_locked_position_lies_on_earth"
            ),
            models.CheckConstraint(
                condition=Q(radius_m__gt=0, radius_m__lte=20_000), name="a_locked_position_has_a_radius"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("locked_at")), name="a_locked_position_is_valid_for_a_while"
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(replaced_at__isnull=True), name="one_present_position_of_a_request"
            ),
        ]
        indexes = [models.Index(fields=["incident"], name="position_of_incident")]

    def readers(self) -> list[str]:
        """The units on the incident and the owner station: they are sent there."""
        return self.incident.readers()

    def row(self) -> Json:
        """Return the position; whether it has run out is for the reader's clock to say."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "request": self.request_id,
            "incident": self.incident_id,
            "point": {"lat": self.lat, "lng": self.lng},
            "radius_m": self.radius_m,
            "source": self.source,
            "confidence": self.confidence,
            "locked_at": stamp(self.locked_at),
            "locked_by": self.locked_by_no,
            "locked_by_name": self.locked_by_name,
            "valid_until": stamp(self.valid_until),
            "replaces": self.replaces_id,
            "replaced_at": stamp(self.replaced_at),
        }


class SearchArea(Row):
    """Where and when cameras are looked through, shared with a branch (排查范围, M22)."""

    NOUN = "search_area"

    request = models.ForeignKey(FusionRequest, models.PROTECT, null=True, related_name="search_areas")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="search_areas")
    ring = models.JSONField()  # [[lng, lat], …] closed, WGS-84
    since = models.DateTimeField()
    until = models.DateTimeField()
    branch = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="+")  # shared with
    note = models.CharField(max_length=200, blank=True)
    widens = models.ForeignKey("self", models.PROTECT, null=True, related_name="widened_by")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="a_search_has_a_time_window")]
        indexes = [models.Index(fields=["incident"], name="search_of_incident")]

    def readers(self) -> list[str]:
        """The branch that it is shared with, and its stations; of a complaint the inspectors alone (R1)."""
        if self.branch_id is None or self.incident.is_complaint:
            return secluded(self.incident)
        below = Organisation.objects.filter(parent_id=self.branch_id).order_by("id").values_list("id", flat=True)
        return [f"station.{org}" for org in (self.branch_id, *below)]

    def row(self) -> Json:
        """Return the area and how far the search is; its cameras are read by themselves."""
        marks = self.cameras.aggregate(all=Count("id"), checked=Count("checked_at"))
        return {
            "cameras": marks["all"],
            "checked": marks["checked"],
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "request": self.request_id,
            "incident": self.incident_id,
            "ring": self.ring,
            "since": stamp(self.since),
            "until": stamp(self.until),
            "branch": self.branch_id,
            "note": self.note,
            "widens": self.widens_id,
            "ended_at": stamp(self.ended_at),
        }


class SearchedCamera(Row):
    """One camera of a search area: looked through or not, by whom, with what finding."""

    NOUN = "searched_camera"

    area = models.ForeignKey(SearchArea, models.PROTECT, related_name="cameras")
    camera = models.ForeignKey("incidents.Camera", models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by_no = models.CharField(max_length=12, blank=True)
    checked_by_name = models.CharField(max_length=60, blank=True)
    finding = models.CharField(max_length=400, blank=True)  # what was seen; empty: nothing
    assigned_to = ArrayField(models.CharField(max_length=12), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "camera"], name="a_camera_is_searched_once_in_an_area")]

    @property
    def incident_id(self) -> int:
        """The incident of its area, for the entry."""
        return self.area.incident_id

    def readers(self) -> list[str]:
        """Those who may see the area."""
        return self.area.readers()

    def row(self) -> Json:
        """Return the mark."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "area": self.area_id,
            "incident": self.area.incident_id,
            "camera": self.camera_id,
            "checked_at": stamp(self.checked_at),
            "checked_by": self.checked_by_no,
            "checked_by_name": self.checked_by_name,
            "finding": self.finding,
            "assigned_to": self.assigned_to,
        }

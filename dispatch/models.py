"""Orders and field reports (派警单, 反馈单, domain 5 and 6)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from incidents.row import Json, Row, stamp


class Assignment(Row):
    """One order to one unit."""

    NOUN = "assignment"

    class State(models.TextChoices):
        DISPATCHED = "dispatched"  # 已派发
        DELIVERED = "delivered"  # 已送达: the terminal stored it
        ACCEPTED = "accepted"  # 已签收
        EN_ROUTE = "en_route"  # 出警中
        ON_SCENE = "on_scene"  # 已到场
        FINISHED = "finished"  # 处置完毕, final
        REFUSED = "refused"  # 已退单, final
        WITHDRAWN = "withdrawn"  # 已撤回, final

    # Skipped steps are marked implied; finishing before on scene needs "no attendance" (domain 5).
    TRANSITIONS = {
        State.DISPATCHED: {
            State.DELIVERED,
            State.ACCEPTED,
            State.REFUSED,
            State.EN_ROUTE,
            State.ON_SCENE,
            State.WITHDRAWN,
        },
        State.DELIVERED: {State.ACCEPTED, State.REFUSED, State.EN_ROUTE, State.ON_SCENE, State.WITHDRAWN},
        State.ACCEPTED: {State.EN_ROUTE, State.ON_SCENE, State.FINISHED, State.WITHDRAWN},
        State.EN_ROUTE: {State.ON_SCENE, State.FINISHED, State.WITHDRAWN},
        State.ON_SCENE: {State.FINISHED},
        State.FINISHED: set(),
        State.REFUSED: set(),
        State.WITHDRAWN: set(),
    }

    assignment_no = models.CharField(max_length=32, unique=True)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="assignments")
    unit = models.ForeignKey("patrol.Unit", models.PROTECT, related_name="assignments")
    call_sign = models.CharField(max_length=12)
    unit_kind = models.CharField(max_length=4)
    purpose = models.CharField(max_length=12, default="first")  # first, support, relief, directive, self
    state = models.CharField(max_length=12, choices=State)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="reorders")
    lead = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+", db_index=False)
    lead_no = models.CharField(max_length=12, blank=True)
    lead_name = models.CharField(max_length=60, blank=True)
    crew = models.JSONField(default=list)
    order_text = models.TextField(blank=True)
    dispatcher_no = models.CharField(max_length=12, blank=True)
    dispatcher_name = models.CharField(max_length=60, blank=True)
    seat_no = models.CharField(max_length=20, blank=True)
    auto = models.BooleanField(default=False)
    recommended = models.CharField(max_length=12, blank=True)
    rank_basis = models.JSONField(default=dict)
    override_reason = models.CharField(max_length=4, blank=True)
    override_text = models.CharField(max_length=200, blank=True)
    dispatched_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    marks = models.JSONField(default=dict)  # per move: by, by_proxy, implied, device_at
    refused_at = models.DateTimeField(null=True)
    refusal_code = models.CharField(max_length=4, blank=True)
    refusal_text = models.CharField(max_length=400, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    cancel_code = models.CharField(max_length=4, blank=True)
    cancel_text = models.CharField(max_length=400, blank=True)
    withdrawal_confirmed_at = models.DateTimeField(null=True)
    # By position, beside the buttons and never merged with them (domain 6 and 8).
    departed_pos_at = models.DateTimeField(null=True)
    on_scene_pos_at = models.DateTimeField(null=True)
    pos_age_s = models.FloatField(null=True)  # of the fix that showed the arrival
    pos_accuracy_m = models.FloatField(null=True)
    delay_at = models.DateTimeField(null=True)
    delay_code = models.CharField(max_length=4, blank=True)
    delay_text = models.CharField(max_length=400, blank=True)
    caller_told_at = models.DateTimeField(null=True)
    result_code = models.CharField(max_length=4, blank=True)
    no_attendance = models.BooleanField(default=False)
    reported_at = models.DateTimeField(null=True)  # first complete handling report
    returned_at = models.DateTimeField(null=True)  # the reviewer wants a correction (更正); empty once it is filed
    return_reason = models.CharField(max_length=400, blank=True)
    # First contact is responsible (R16): until somebody has taken it over, the unit stays so.
    handed_to = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="+", db_index=False)
    handed_to_name = models.CharField(max_length=100, blank=True)
    handed_contact = models.CharField(max_length=100, blank=True)
    handed_at = models.DateTimeField(null=True)
    handed_received_at = models.DateTimeField(null=True)
    handed_received_by = models.CharField(max_length=100, blank=True)
    handed_reply = models.CharField(max_length=200, blank=True)
    relief = models.CharField(max_length=12, blank=True, default="", db_default="")  # 接替: call sign of who comes

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=["dispatched", "delivered", "accepted", "en_route", "on_scene"]),
                name="one_live_assignment_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(delivered_at__gte=F("dispatched_at")),
                name="delivered_after_dispatched",
            ),
            models.CheckConstraint(
                condition=Q(departed_at__isnull=True) | Q(departed_at__gte=F("accepted_at")),
                name="departed_after_accepted",
            ),
            models.CheckConstraint(
                condition=Q(on_scene_at__isnull=True) | Q(on_scene_at__gte=F("departed_at")),
                name="on_scene_after_departed",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("accepted_at")),
                name="finished_after_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal_code=""), name="a_refusal_names_its_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(cancel_code=""), name="a_withdrawal_names_its_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="on_scene") | Q(on_scene_at__isnull=False), name="on_scene_has_its_moment"
            ),
            models.CheckConstraint(
                condition=Q(handed_received_at__isnull=True) | (Q(handed_at__isnull=False) & ~Q(handed_received_by="")),
                name="a_hand_over_names_who_took_it",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "dispatched_at"], name="assignment_dispatched"),
            models.Index(
                fields=["unit"],
                condition=Q(state="withdrawn", withdrawal_confirmed_at__isnull=True),
                name="withdrawal_unconfirmed",
            ),
            models.Index(fields=["unit"], condition=Q(returned_at__isnull=False), name="report_to_correct"),
        ]

    @property
    def is_live(self) -> bool:
        """Tell whether the unit still has to act on it."""
        return self.state not in (self.State.FINISHED, self.State.REFUSED, self.State.WITHDRAWN)

    def readers(self) -> list[str]:
        """The unit ordered, the owner station of the incident, the other units on it."""
        return [f"unit.{self.unit_id}", *self.incident.readers()]

    def row(self) -> Json:
        """Return the assignment."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "assignment_no": self.assignment_no,
            "incident": self.incident_id,
            "unit": self.unit_id,
            "call_sign": self.call_sign,
            "unit_kind": self.unit_kind,
            "purpose": self.purpose,
            "state": self.state,
            "live": self.is_live,
            "parent": self.parent_id,
            "lead_no": self.lead_no,
            "lead_name": self.lead_name,
            "crew": self.crew,
            "order_text": self.order_text,
            "dispatcher_no": self.dispatcher_no,
            "dispatcher_name": self.dispatcher_name,
            "seat_no": self.seat_no,
            "auto": self.auto,
            "recommended": self.recommended,
            "rank_basis": self.rank_basis,
            "override_reason": self.override_reason,
            "override_text": self.override_text,
            "dispatched_at": stamp(self.dispatched_at),
            "delivered_at": stamp(self.delivered_at),
            "accepted_at": stamp(self.accepted_at),
            "departed_at": stamp(self.departed_at),
            "on_scene_at": stamp(self.on_scene_at),
            "finished_at": stamp(self.finished_at),
            "departed_pos_at": stamp(self.departed_pos_at),
            "on_scene_pos_at": stamp(self.on_scene_pos_at),
            "pos_age_s": self.pos_age_s,
            "pos_accuracy_m": self.pos_accuracy_m,
            "marks": self.marks,
            "refused_at": stamp(self.refused_at),
            "refusal_code": self.refusal_code,
            "refusal_text": self.refusal_text,
            "withdrawn_at": stamp(self.withdrawn_at),
            "cancel_code": self.cancel_code,
            "cancel_text": self.cancel_text,
            "withdrawal_confirmed_at": stamp(self.withdrawal_confirmed_at),
            "delay_at": stamp(self.delay_at),
            "delay_code": self.delay_code,
            "delay_text": self.delay_text,
            "caller_told_at": stamp(self.caller_told_at),
            "result_code": self.result_code,
            "no_attendance": self.no_attendance,
            "reported_at": stamp(self.reported_at),
            "returned_at": stamp(self.returned_at),
            "return_reason": self.return_reason,
            "handed_to": self.handed_to_id,
            "handed_to_name": self.handed_to_name,
            "handed_contact": self.handed_contact,
            "handed_at": stamp(self.handed_at),
            "handed_received_at": stamp(self.handed_received_at),
            "handed_received_by": self.handed_received_by,
            "handed_reply": self.handed_reply,
            "relief": self.relief,
        }


class RankRecord(models.Model):
    """A whole ranking as it stood when orders were made from it: what was asked and what was answered (`rank_basis`
    holds the number and the digest). Written once, never changed; `manage.py explain` answers it anew."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    policy = models.PositiveIntegerField()
    question = models.JSONField()
    answer = models.JSONField()
    seen = models.JSONField(default=list)  # unit ids that stood first on the dispatcher's screen


class Report(Row):
    """What a unit reports from the street; several per assignment (反馈单)."""

    NOUN = "report"

    report_no = models.CharField(max_length=32, unique=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reports")
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

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="ticks")
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


from dispatch.deployment.models import DeploymentTrial, TrialDay  # noqa: E402
from dispatch.directives.models import Directive, DirectiveLine  # noqa: E402  they hang on orders
from dispatch.imported.models import History, HistoryResponse  # noqa: E402  beside, never among, our own rows
from dispatch.merit.models import LedgerEntry, MeritHead  # noqa: E402  what events say of units and officers
from dispatch.prevention.models import PreventionWarning  # noqa: E402
from dispatch.quality.models import QualityMark, SampleDraw  # noqa: E402  their rows hang on reports
from dispatch.review.models import BoardMark, Review, ReviewNote, ReviewReading, ReviewTask  # noqa: E402
from dispatch.standing.models import Edition, StandingReport  # noqa: E402  questions that are answered again and again

__all__ = [
    "Assignment",
    "BoardMark",
    "DeploymentTrial",
    "Directive",
    "DirectiveLine",
    "Edition",
    "History",
    "HistoryResponse",
    "LedgerEntry",
    "MeritHead",
    "Photo",
    "PreventionWarning",
    "QualityMark",
    "RankRecord",
    "Report",
    "Review",
    "ReviewNote",
    "ReviewReading",
    "ReviewTask",
    "SampleDraw",
    "StandingReport",
    "Tick",
    "TrialDay",
]

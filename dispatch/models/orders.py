"""Orders to units, and the rankings that they were made from (派警单, domain 5 and 6)."""

from __future__ import annotations

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

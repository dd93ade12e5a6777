"""What follows a contact or an incident beyond the street: transfers to other bodies, callbacks, supervision orders."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp


class Transfer(Row):
    """A contact passed to (or from) another body, with its receipt, result or return (转警、转办; R10, R11, R22, R23)."""

    NOUN = "transfer"

    class State(models.TextChoices):
        UNSENT = "unsent"  # 未推送
        SENT = "sent"  # 已推送
        ACCEPTED = "accepted"  # 已受理
        FINISHED = "finished"  # 已办结
        RETURNED = "returned"  # 已退回

    class Way(models.TextChoices):
        """The four ways of R22 in their order; the fourth is the push after the police have gone."""

        ONE_KEY = "one_key"  # 一键转接: clearly the other's
        THREE_WAY = "three_way"  # 三方通话: unclear
        FIRST_RECEIVER = "first_receiver"  # still unclear: the platform that got it first takes it
        PUSH = "push"  # danger: police first, then the order is pushed

    TRANSITIONS = {
        State.UNSENT: {State.SENT, State.ACCEPTED, State.FINISHED, State.RETURNED},
        State.SENT: {State.ACCEPTED, State.FINISHED, State.RETURNED},
        State.ACCEPTED: {State.FINISHED, State.RETURNED},
        State.FINISHED: set(),
        State.RETURNED: set(),
    }

    transfer_no = models.CharField(max_length=32, unique=True)
    direction = models.CharField(max_length=4)  # out, in
    call = models.ForeignKey("incidents.Call", models.PROTECT, related_name="transfers")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="transfers")
    to_body = models.CharField(max_length=8)  # code table "body"
    way = models.CharField(max_length=16, choices=Way)
    danger = models.BooleanField()  # the danger check's answer
    told_caller = models.CharField(max_length=400, blank=True)
    first_receiver = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=10, choices=State)
    sent_at = models.DateTimeField(null=True)
    receipt_by = models.DateTimeField(null=True)  # limit of the receipt
    unanswered_at = models.DateTimeField(null=True)  # when the missing receipt was noticed
    receipt_at = models.DateTimeField(null=True)
    receipt_no = models.CharField(max_length=60, blank=True)
    return_reason = models.CharField(max_length=400, blank=True)
    result_text = models.TextField(blank=True)
    visit_grade = models.PositiveSmallIntegerField(null=True)  # what the other body's own visit said
    urged_at = models.DateTimeField(null=True)  # when the missing receipt was asked after (催办)
    push_failed = models.BooleanField(default=False)  # the adapter gave up: a person must pass it on

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(danger=True) | Q(incident__isnull=False), name="danger_means_police_first"
            ),
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(return_reason=""), name="a_return_says_why"),
        ]
        indexes = [
            models.Index(fields=["centre"], condition=Q(state__in=["unsent", "sent", "accepted"]), name="transfer_open")
        ]

    @property
    def waits_for_receipt(self) -> bool:
        """Tell whether the other body has not yet said that it has it."""
        return self.state in (self.State.UNSENT, self.State.SENT)

    def row(self) -> Json:
        """Return the transfer."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "transfer_no": self.transfer_no,
            "direction": self.direction,
            "call": self.call_id,
            "incident": self.incident_id,
            "to_body": self.to_body,
            "way": self.way,
            "danger": self.danger,
            "told_caller": self.told_caller,
            "first_receiver": self.first_receiver,
            "state": self.state,
            "sent_at": stamp(self.sent_at),
            "receipt_by": stamp(self.receipt_by),
            "unanswered_at": stamp(self.unanswered_at),
            "receipt_at": stamp(self.receipt_at),
            "receipt_no": self.receipt_no,
            "return_reason": self.return_reason,
            "result_text": self.result_text,
            "visit_grade": self.visit_grade,
            "urged_at": stamp(self.urged_at),
            "push_failed": self.push_failed,
            "created_at": stamp(self.created_at),
        }


class Callback(Row):
    """One asking of a caller how it went (回访, R27); asked, replied and satisfied are counted from these rows."""

    NOUN = "callback"

    class Way(models.TextChoices):
        SMS = "sms"
        HUMAN = "human"

    class Outcome(models.TextChoices):
        ANSWERED = "answered"  # 已答
        NO_ANSWER = "no_answer"  # 未答
        REFUSED = "refused"  # 拒访
        UNSUITABLE = "unsuitable"  # 不宜回访

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="callbacks")
    aim = models.CharField(max_length=8, default="handling")  # taking, handling
    way = models.CharField(max_length=8, choices=Way)
    number = models.CharField(max_length=32, blank=True)
    asked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()  # without an outcome by then it counts as unanswered
    attempts = models.JSONField(default=list)  # [{at, by, way}]
    replied_at = models.DateTimeField(null=True)
    agent_no = models.CharField(max_length=12, blank=True)
    grade = models.PositiveSmallIntegerField(null=True)
    aspects = models.JSONField(default=list)
    words = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    urged_at = models.DateTimeField(null=True)  # when the agents were reminded (催办)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="answered") | Q(grade__range=(1, 3)), name="an_answer_has_a_grade"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="unsuitable") | ~Q(reason=""), name="an_unsuitable_callback_says_why"
            ),
            models.UniqueConstraint(
                fields=["incident", "aim"], condition=Q(follows__isnull=True), name="one_callback_of_an_aim"
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "due_at"], condition=Q(outcome=""), name="callback_open"),
            models.Index(fields=["centre", "number"], condition=Q(outcome=""), name="callback_number"),
        ]

    def row(self) -> Json:
        """Return the callback without the number; who must ring gets it from the list."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "aim": self.aim,
            "way": self.way,
            "asked_at": stamp(self.asked_at),
            "due_at": stamp(self.due_at),
            "attempts": self.attempts,
            "replied_at": stamp(self.replied_at),
            "agent_no": self.agent_no,
            "grade": self.grade,
            "aspects": self.aspects,
            "words": self.words,
            "outcome": self.outcome,
            "reason": self.reason,
            "urged_at": stamp(self.urged_at),
            "follows": self.follows_id,
        }


class SupervisionOrder(Row):
    """An order to a unit of the tree to put something right by a date (督办, M9)."""

    NOUN = "supervision_order"

    class Cause(models.TextChoices):
        OVERDUE = "overdue"  # 超时
        DISSATISFIED = "dissatisfied"  # 不满意
        LEADER = "leader"  # 领导
        QUALITY = "quality"  # 质检
        COMPLAINT = "complaint"  # 投诉

    class State(models.TextChoices):
        ISSUED = "issued"  # 已下达
        SIGNED = "signed"  # 已签收
        REPLIED = "replied"  # 已回复
        CLOSED = "closed"  # 已办结
        RETURNED = "returned"  # 已退回: the reply was not enough

    TRANSITIONS = {
        State.ISSUED: {State.SIGNED, State.REPLIED},
        State.SIGNED: {State.REPLIED},
        State.REPLIED: {State.CLOSED, State.RETURNED},
        State.RETURNED: {State.REPLIED},
        State.CLOSED: set(),
    }

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="supervision_orders")
    issued_by_no = models.CharField(max_length=12, blank=True)  # blank: by rule
    cause = models.CharField(max_length=12, choices=Cause)
    demand = models.CharField(max_length=400)
    to = models.ForeignKey("incidents.Organisation", models.PROTECT, related_name="+")
    to_name = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    urge_at = models.DateTimeField()
    urges = models.JSONField(default=list)  # moments of the automatic reminders (催办)
    signed_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by_no = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ISSUED)
    return_reason = models.CharField(max_length=400, blank=True)
    closed_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)  # when it was noticed that the date passed
    escalated_to = models.ForeignKey("incidents.Organisation", models.PROTECT, null=True, related_name="+")
    escalated_name = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["centre", "due_at"], condition=~Q(state="closed"), name="supervision_open")]

    def readers(self) -> list[str]:
        """The unit that must answer, and the one above once it is overdue."""
        above = [f"station.{self.escalated_to_id}"] if self.escalated_to_id else []
        return [f"station.{self.to_id}", *above]

    def row(self) -> Json:
        """Return the order."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "issued_by": self.issued_by_no,
            "cause": self.cause,
            "demand": self.demand,
            "to": self.to_id,
            "to_name": self.to_name,
            "due_at": stamp(self.due_at),
            "urges": self.urges,
            "signed_at": stamp(self.signed_at),
            "reply": self.reply,
            "replied_at": stamp(self.replied_at),
            "replied_by": self.replied_by_no,
            "state": self.state,
            "return_reason": self.return_reason,
            "closed_at": stamp(self.closed_at),
            "overdue_at": stamp(self.overdue_at),
            "escalated_to": self.escalated_name,
        }

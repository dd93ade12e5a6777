"""Entries of the merit ledger, and how far the journal was read for them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.row import Json, Row, stamp


class MeritHead(models.Model):
    """How far a centre's journal was read for the ledger."""

    centre = models.OneToOneField("incidents.Centre", models.PROTECT, primary_key=True, related_name="+")
    seq = models.BigIntegerField(default=0)


class LedgerEntry(Row):
    """What a rule proposes for a unit or an officer because of one event (奖惩记录, domain 6)."""

    NOUN = "ledger_entry"

    class State(models.TextChoices):
        WAITING = "waiting"  # 待批
        APPROVED = "approved"  # 已批
        REFUSED = "refused"  # 驳回

    rule = models.CharField(max_length=24)  # of the table merit_rule
    points = models.SmallIntegerField()  # as the rule had it at the event
    unit = models.ForeignKey("patrol.Unit", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=60)  # call sign, or badge and name as they were
    event_seq = models.BigIntegerField()  # the journal's entry that it comes from
    event_at = models.DateTimeField()
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    about = models.JSONField(default=dict)  # what the event says: seconds, code, report
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    approved_by_no = models.CharField(max_length=12, blank=True)
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, blank=True)
    objection = models.CharField(max_length=400, blank=True)
    objected_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_no = models.CharField(max_length=12, blank=True)
    answer = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, person__isnull=True) | Q(unit__isnull=True, person__isnull=False),
                name="an_entry_is_about_a_unit_or_a_person",
            ),
            models.UniqueConstraint(
                fields=["centre", "event_seq", "rule", "unit", "person"],
                name="an_event_is_entered_once_for_each",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | ~Q(approved_by_no=""), name="a_decided_entry_names_who_decided"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("objected_at")),
                name="an_answer_follows_its_objection",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "-event_at"], name="ledger_newest"),
            models.Index(fields=["person", "-event_at"], condition=Q(person__isnull=False), name="ledger_of_person"),
        ]

    def row(self) -> Json:
        """Return the entry."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "rule": self.rule,
            "points": self.points,
            "unit": self.unit_id,
            "person": self.person_id,
            "subject": self.subject,
            "event_seq": self.event_seq,
            "event_at": stamp(self.event_at),
            "incident": self.incident_id,
            "about": self.about,
            "state": self.state,
            "approved_by": self.approved_by_no,
            "decided_at": stamp(self.decided_at),
            "remark": self.remark,
            "objection": self.objection,
            "objected_at": stamp(self.objected_at),
            "answered_at": stamp(self.answered_at),
            "answered_by": self.answered_by_no,
            "answer": self.answer,
        }

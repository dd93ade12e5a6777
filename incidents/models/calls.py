"""The call: one row per contact, whatever comes of it (接警单, domain 6)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.keys import key_of
from incidents.row import Json, Row, stamp


class Call(Row):
    """One contact with the centre."""

    NOUN = "call"

    class State(models.TextChoices):
        WAITING = "waiting"  # 待接: rings, nobody has it
        IN_PROGRESS = "in_progress"  # 接警中: somebody talks
        WRAP_UP = "wrap_up"  # 话后: hung up, kind set
        DONE = "done"  # 已办结: has an outcome
        LOST = "lost"  # 中断: unanswered or dropped before a kind was set; the callback timer runs

    TRANSITIONS = {
        State.WAITING: {State.IN_PROGRESS, State.LOST},
        State.IN_PROGRESS: {State.WRAP_UP, State.LOST},
        State.WRAP_UP: {State.DONE},
        State.LOST: {State.IN_PROGRESS, State.DONE},
        State.DONE: {State.WRAP_UP},  # watch commander only, with a reason
    }

    call_no = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=12, choices=State)
    channel = models.CharField(max_length=8)
    dialled_number = models.CharField(max_length=32, blank=True)
    kind = models.CharField(max_length=8, blank=True)
    validity = models.CharField(max_length=12, blank=True)  # derived from kind (7.3)
    sent_at = models.DateTimeField(null=True)
    ring_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # clock A
    hung_up_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    agent = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+")
    agent_no = models.CharField(max_length=12, blank=True)
    agent_name = models.CharField(max_length=60, blank=True)
    seat_no = models.CharField(max_length=20, blank=True)
    recording_id = models.CharField(max_length=64, blank=True)
    caller_number = models.CharField(max_length=32, blank=True)
    subscriber = models.CharField(max_length=100, blank=True)
    subscriber_address = models.CharField(max_length=200, blank=True)
    caller_name = models.CharField(max_length=200, blank=True)
    caller_sex = models.CharField(max_length=8, blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    caller_address = models.CharField(max_length=200, blank=True)
    caller_point = models.JSONField(null=True)  # where the caller is, from a machine; never the incident's point
    # Where the contact was at a moment by the location link: {lat, lng, accuracy_m, source, taken_at, crs_in, asked_by}
    positions = models.JSONField(default=list)
    where_asked_at = models.DateTimeField(null=True)  # the last location link went out
    where_until = models.DateTimeField(null=True)  # until when it may be used; None once it was
    where_hash = models.CharField(max_length=64, blank=True)  # of the link's secret
    narrative = models.TextField(blank=True)
    supplements = models.JSONField(default=list)
    foreign_language = models.BooleanField(default=False)
    silent = models.BooleanField(default=False)  # blocks every outgoing ring (R19)
    remote_city = models.CharField(max_length=60, blank=True)
    callback_attempts = models.JSONField(default=list)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="calls")
    joined_at = models.DateTimeField(null=True)  # when it was attached to an incident that somebody else reported
    before_join = models.JSONField(default=dict)  # what detaching gives back: by, kind, drill, clock of the incident
    closing_reason = models.CharField(max_length=8, blank=True)
    closing_text = models.CharField(max_length=400, blank=True)
    reopen_reason = models.CharField(max_length=400, blank=True)
    # A caller who cannot speak freely (R18): no nuisance mark until somebody has listened to the recording.
    coded_at = models.DateTimeField(null=True)
    listened_at = models.DateTimeField(null=True)
    listened_by_no = models.CharField(max_length=12, blank=True)
    drill = models.BooleanField(default=False)
    number_flag = models.CharField(max_length=10, blank=True)  # nuisance or protected when it came in (R20)
    gateway = models.ForeignKey("incidents.Gateway", models.PROTECT, null=True, related_name="+")
    external_ref = models.CharField(max_length=80, blank=True)  # what the gateway calls it
    device = models.ForeignKey("incidents.Device", models.PROTECT, null=True, related_name="calls")
    source = models.CharField(
        max_length=8, blank=True, default="", db_default=""
    )  # "": live; else how it was entered afterwards (LateEntry)
    redacted_at = models.DateTimeField(null=True)  # personal data of a contact without an incident (R12)
    token_hash = models.CharField(max_length=64, blank=True)  # how a reporter on the public page comes back

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "external_ref"], condition=~Q(external_ref=""), name="one_call_per_reference"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(closing_reason="") | Q(incident__isnull=False),
                name="a_done_call_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("ring_at")),
                name="a_call_is_answered_after_it_rings",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_progress", "wrap_up"]) | Q(answered_at__isnull=False),
                name="a_call_in_progress_was_answered",
            ),
            models.CheckConstraint(
                condition=Q(coded_at__isnull=True) | Q(silent=True), name="a_coded_call_is_never_rung_back"
            ),
        ]
        indexes = [
            models.Index(fields=["token_hash"], condition=~Q(token_hash=""), name="call_token"),
            models.Index(
                fields=["done_at"],
                condition=Q(incident__isnull=True, redacted_at__isnull=True),
                name="call_to_redact",
            ),
            models.Index(fields=["where_hash"], condition=~Q(where_hash=""), name="call_where"),
            models.Index(fields=["centre", "contact_phone"], condition=~Q(contact_phone=""), name="call_contact_phone"),
            models.Index(fields=["centre", "ring_at"], condition=~Q(state="done"), name="call_open"),
            models.Index(fields=["centre", "answered_at"], name="call_answered"),
            models.Index(fields=["centre", "caller_number"], condition=~Q(caller_number=""), name="call_number"),
            models.Index("centre", key_of("caller_number"), condition=~Q(caller_number=""), name="call_number_key"),
            models.Index("centre", key_of("contact_phone"), condition=~Q(contact_phone=""), name="call_phone_key"),
        ]

    def row(self) -> Json:
        """Return the call in full; only the desk reads it so."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "call_no": self.call_no,
            "state": self.state,
            "channel": self.channel,
            "dialled_number": self.dialled_number,
            "kind": self.kind,
            "validity": self.validity,
            "sent_at": stamp(self.sent_at),
            "ring_at": stamp(self.ring_at),
            "answered_at": stamp(self.answered_at),
            "hung_up_at": stamp(self.hung_up_at),
            "lost_at": stamp(self.lost_at),
            "saved_at": stamp(self.saved_at),
            "done_at": stamp(self.done_at),
            "agent_no": self.agent_no,
            "agent_name": self.agent_name,
            "seat_no": self.seat_no,
            "recording_id": self.recording_id,
            "caller_number": self.caller_number,
            "subscriber": self.subscriber,
            "subscriber_address": self.subscriber_address,
            "caller_name": self.caller_name,
            "caller_sex": self.caller_sex,
            "contact_phone": self.contact_phone,
            "caller_address": self.caller_address,
            "caller_point": self.caller_point,
            "positions": self.positions,
            "where_asked_at": stamp(self.where_asked_at),
            "where_until": stamp(self.where_until),
            "narrative": self.narrative,
            "supplements": self.supplements,
            "foreign_language": self.foreign_language,
            "silent": self.silent,
            "remote_city": self.remote_city,
            "callback_attempts": self.callback_attempts,
            "incident": self.incident_id,
            "joined_at": stamp(self.joined_at),
            "closing_reason": self.closing_reason,
            "closing_text": self.closing_text,
            "drill": self.drill,
            "number_flag": self.number_flag,
            "reopen_reason": self.reopen_reason,
            "source": self.source,
            "entered_at": stamp(self.created_at),
            "redacted_at": stamp(self.redacted_at),
            "coded_at": stamp(self.coded_at),
            "listened_at": stamp(self.listened_at),
            "listened_by": self.listened_by_no,
        }

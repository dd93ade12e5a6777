"""How contacts come in beside a person's own typing: gateways, registered devices, text threads, number flags."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp


class Gateway(Row):
    """A machine at the border: an exchange, a text service, the public report page, a receiver of alarm devices. What
    it sends is signed with its secret; what goes out through it is signed the same way."""

    NOUN = "gateway"

    class Kind(models.TextChoices):
        EXCHANGE = "exchange"  # telephone: rings, answers, hang-ups, the three fields
        TEXT = "text"  # 12110 SMS
        WEB = "web"  # the public report page
        DEVICE = "device"  # one-key devices, alarm panels, terminals
        BODY = "body"  # another body: 12345, 119, 120, another city; its code is the body's
        CASE = "case"  # the case records system (警综): takes reports of cases, gives their numbers
        WATCH_FEED = "watch_feed"  # cameras and networks that tell where a plate, a number or a person was seen (布控)
        VIDEO = "video"  # where pictures of cameras come from (视频倒查); its address says how

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    user = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")  # in whose name it acts
    secret = models.CharField(max_length=128)
    address = models.CharField(max_length=300, blank=True)  # where outgoing texts are posted
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "code"], name="one_gateway_per_code")]

    def row(self) -> Json:
        """Return the gateway without its secret."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "address": self.address,
            "active": self.active,
        }


class Device(Row):
    """A one-key device, alarm panel or terminal in the register: an alarm of it already says where and whose."""

    NOUN = "device"

    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="devices")
    device_no = models.CharField(max_length=40)
    channel = models.CharField(max_length=8)  # CH31, CH32, CH33
    name = models.CharField(max_length=100)
    address_text = models.CharField(max_length=200)
    place_note = models.CharField(max_length=200, blank=True)
    point = models.JSONField(null=True)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "device_no"], name="one_device_per_number")]

    def row(self) -> Json:
        """Return the register's line."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "device_no": self.device_no,
            "channel": self.channel,
            "name": self.name,
            "address_text": self.address_text,
            "place_note": self.place_note,
            "point": self.point,
            "contact_name": self.contact_name,
            "contact_phone": self.contact_phone,
            "active": self.active,
        }


class Message(Row):
    """One text of a contact's thread, in either direction (R19). Both times are kept: sent and received."""

    NOUN = "message"

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    class State(models.TextChoices):
        RECEIVED = "received"
        QUEUED = "queued"  # written, waits for the gateway
        SENT = "sent"
        FAILED = "failed"

    call = models.ForeignKey("incidents.Call", models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    state = models.CharField(max_length=8, choices=State)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)  # by the sender's clock, if it says one
    received_at = models.DateTimeField(null=True)
    by_no = models.CharField(max_length=12, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    picture = models.JSONField(null=True)  # {"file", "sha256", "width", "height"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "direction", "external_id"],
                condition=~Q(external_id=""),
                name="a_text_is_taken_once",
            ),
            models.CheckConstraint(
                condition=~Q(text="") | Q(picture__isnull=False), name="a_message_says_or_shows_something"
            ),
        ]
        indexes = [models.Index(fields=["call"], name="message_of_call")]

    @property
    def incident_id(self) -> int | None:
        """The incident of its call, for the entry."""
        return self.call.incident_id

    def row(self) -> Json:
        """Return the message; only the desk and the inspectors read it."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "call": self.call_id,
            "direction": self.direction,
            "state": self.state,
            "text": self.text,
            "sent_at": stamp(self.sent_at),
            "received_at": stamp(self.received_at),
            "by": self.by_no,
            "picture": f"/api/messages/{self.pk}/picture/" if self.picture else None,
        }


class NumberFlag(Row):
    """A mark on a telephone number: nuisance or protected (红名单). It warns and ranks, it never blocks (R20)."""

    NOUN = "number_flag"

    class Kind(models.TextChoices):
        NUISANCE = "nuisance"
        PROTECTED = "protected"

    number = models.CharField(max_length=32)
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=400)
    asked_by_no = models.CharField(max_length=12)
    approved_by_no = models.CharField(max_length=12, blank=True)
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "number", "kind"],
                condition=Q(ended_at__isnull=True),
                name="one_flag_of_a_kind_per_number",
            )
        ]

    def row(self) -> Json:
        """Return the flag with its reason, approver and expiry."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "number": self.number,
            "kind": self.kind,
            "reason": self.reason,
            "asked_by": self.asked_by_no,
            "approved_by": self.approved_by_no,
            "approved_at": stamp(self.approved_at),
            "expires_at": stamp(self.expires_at),
            "ended_at": stamp(self.ended_at),
            "end_reason": self.end_reason,
        }

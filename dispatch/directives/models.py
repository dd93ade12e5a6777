"""Directives and the orders that carry them out (指令, M23, M25, domain 6)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.row import Json, Row, stamp


class Directive(Row):
    """What the fusion or the video desk tells units to do, straight (指令). Its state follows from its orders."""

    NOUN = "directive"

    class Task(models.TextChoices):
        ARREST = "arrest"  # 抓捕
        STAKE_OUT = "stake_out"  # 蹲守
        TRACK = "track"  # 跟踪
        INTERCEPT = "intercept"  # 堵截
        ASSIST = "assist"  # 协查

    class State(models.TextChoices):
        ISSUED = "issued"  # 已下达: not every unit has accepted
        ACCEPTED = "accepted"  # 已签收: every unit that has it
        UNDER_WAY = "under_way"  # 执行中: one of them is on its way or there
        DONE = "done"  # 已完成: every order finished
        WITHDRAWN = "withdrawn"  # 已撤销

    # All but the last are derived (following.derive): a unit that joins or leaves moves it either way.
    TRANSITIONS = {
        State.ISSUED: {State.ACCEPTED, State.UNDER_WAY, State.DONE, State.WITHDRAWN},
        State.ACCEPTED: {State.ISSUED, State.UNDER_WAY, State.DONE, State.WITHDRAWN},
        State.UNDER_WAY: {State.ISSUED, State.ACCEPTED, State.DONE, State.WITHDRAWN},
        State.DONE: set(),
        State.WITHDRAWN: set(),
    }
    OPEN = (State.ISSUED, State.ACCEPTED, State.UNDER_WAY)
    RESTING = (Task.ARREST, Task.STAKE_OUT)  # on a locked position

    directive_no = models.CharField(max_length=32, unique=True)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="directives")
    task = models.CharField(max_length=10, choices=Task)
    text = models.CharField(max_length=1000)
    silent = models.BooleanField(default=False)  # phones neither sound nor light up
    locked_position = models.ForeignKey("incidents.LockedPosition", models.PROTECT, null=True, related_name="+")
    place = models.CharField(max_length=200, blank=True)  # the point in words
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    radius_m = models.FloatField(null=True)
    confidence = models.CharField(max_length=8, blank=True)
    valid_until = models.DateTimeField(null=True)
    moved = models.JSONField(default=list)  # [{at, position, point, radius_m}]: where it pointed before
    lead_unit = models.ForeignKey("patrol.Unit", models.PROTECT, related_name="+")
    lead_call_sign = models.CharField(max_length=12)
    issued_by_no = models.CharField(max_length=12)
    issued_by_name = models.CharField(max_length=60, blank=True)
    issued_from = models.CharField(max_length=8)  # fusion, video, desk
    issued_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)  # first moment at which every unit had accepted
    state = models.CharField(max_length=10, choices=State, default=State.ISSUED)
    ended_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(task__in=["arrest", "stake_out"]) | Q(locked_position__isnull=False),
                name="an_arrest_or_stake_out_rests_on_a_locked_position",
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True) | Q(lat__range=(-90, 90), lng__range=(-180, 180)),
                name="a_directive_points_at_the_earth",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "withdrawn"]) | Q(ended_at__isnull=False),
                name="an_ended_directive_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdraw_reason=""), name="a_withdrawn_directive_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["incident"], name="directive_of_incident"),
            models.Index(
                fields=["centre"], condition=Q(state__in=["issued", "accepted", "under_way"]), name="directive_open"
            ),
            models.Index(
                fields=["locked_position"],
                condition=Q(state__in=["issued", "accepted", "under_way"]),
                name="directive_of_position",
            ),
            models.Index(fields=["centre", "-id"], name="directive_newest"),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to carry it out; an open one keeps its incident open."""
        return self.state in self.OPEN

    def readers(self) -> list[str]:
        """The units that have it, and those who may see the incident."""
        mine = [f"unit.{line.unit_id}" for line in self.lines.all()]
        return list(dict.fromkeys([*mine, *self.incident.readers()]))

    def point(self) -> Json | None:
        """Return where it points, WGS-84."""
        return None if self.lat is None else {"lat": self.lat, "lng": self.lng}

    def row(self) -> Json:
        """Return the directive with its units; whether its position has run out is for the reader's clock to say."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "directive_no": self.directive_no,
            "incident": self.incident_id,
            "task": self.task,
            "text": self.text,
            "silent": self.silent,
            "locked_position": self.locked_position_id,
            "place": self.place,
            "point": self.point(),
            "radius_m": self.radius_m,
            "confidence": self.confidence,
            "valid_until": stamp(self.valid_until),
            "moved": self.moved,
            "lead_unit": self.lead_unit_id,
            "lead_call_sign": self.lead_call_sign,
            "units": [line.row() for line in sorted(self.lines.all(), key=lambda one: one.pk)],
            "issued_by": self.issued_by_no,
            "issued_by_name": self.issued_by_name,
            "issued_from": self.issued_from,
            "issued_at": stamp(self.issued_at),
            "accepted_at": stamp(self.accepted_at),
            "state": self.state,
            "open": self.is_open,
            "ended_at": stamp(self.ended_at),
            "withdraw_reason": self.withdraw_reason,
        }


class DirectiveLine(models.Model):
    """One order that carries a directive out: made for it, or a running one that it was attached to."""

    class State(models.TextChoices):
        WAITING = "waiting"  # not accepted yet
        ACCEPTED = "accepted"
        WORKING = "working"  # on its way or there
        FINISHED = "finished"
        DROPPED = "dropped"  # refused or taken back

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="lines")
    assignment = models.ForeignKey("dispatch.Assignment", models.PROTECT, related_name="directive_lines")
    unit_id = models.BigIntegerField()
    call_sign = models.CharField(max_length=12)
    attached = models.BooleanField()  # to an order that ran already
    accepted_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directive", "assignment"], name="an_order_carries_a_directive_once")
        ]

    def row(self) -> Json:
        """Return the unit of a directive and how far it is."""
        return {
            "unit": self.unit_id,
            "call_sign": self.call_sign,
            "assignment": self.assignment_id,
            "attached": self.attached,
            "accepted_at": stamp(self.accepted_at),
            "state": self.state,
        }

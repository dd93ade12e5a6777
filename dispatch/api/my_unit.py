"""The officer's own unit: what it must do now, and what it starts itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.models import Assignment, Directive, Report, Tick
from dispatch.prevention.hints import hints
from dispatch.services import street
from dispatch.services.reports import standing
from incidents import centres
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.fields import Input, Moment, PointInput, Text
from incidents.models import CardAnswer, Clue, Deadline, DutyLevel, Head, Incident, LockedPosition, Note, Party, Suspect
from incidents.roles import OFFICER
from incidents.row import Json
from incidents.services import fusion
from incidents.services.premises import notes_at
from patrol.duty import roster
from patrol.models import NEVER_SENT, PostAnswer, Unit

CORRECTABLE = ("handled", "reported", "review")


class BackupInput(Input):
    """What help is needed."""

    text = Text(400, required=False, default="")
    device_at = Moment(required=False, allow_null=True)


class DiscoveryInput(Input):
    """What the unit found."""

    type_reported = Text(8, code=True)
    point = PointInput()
    address_text = Text(200, required=False, default="")
    narrative = Text(10_000, required=False, default="")
    channel = serializers.ChoiceField(street.ON_THE_STREET, required=False, default="CH51")
    caller_name = Text(200, required=False, default="")
    contact_phone = Text(32, required=False, default="", code=True)
    device_at = Moment(required=False, allow_null=True)


class MyUnitView(APIView):
    """Everything that the phone shows."""

    roles = {"GET": (OFFICER,)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the unit, its order, and what waits for an answer; off duty the units one may start on."""
        by: Any = request.auth
        head = Head.objects.get(centre_id=by.centre_id)
        answer: Json = {
            "epoch": str(head.epoch),
            "seq": head.seq,
            "unit": None,
            "assignment": None,
            "incident": None,
            "call_contact": None,
            "deadlines": [],
            "reports": [],
            "notes": [],
            "parties": [],
            "premise_notes": [],
            "answers": [],
            "clues": [],
            "locked_positions": [],
            "directives": [],
            "suspects": [],
            "ticks": [],
            "unreported": [],
            "returned": [],
            "withdrawn": [],
            "choices": [],
            "planned": None,
            "post_answers": [],
            "hints": [],
            "duty_level": level_of(by.centre_id),
        }
        if by.on_unit is None:
            plan = roster.offered(by, timezone.now())
            answer["planned"] = plan.row() if plan else None
            free = Unit.objects.filter(centre_id=by.centre_id, ended_at__isnull=True, on_shift__isnull=True)
            answer["choices"] = [unit.row() for unit in free.exclude(kind__in=NEVER_SENT).order_by("call_sign")]
            return Response(answer)
        return Response(answer | of_unit(by.on_unit, by.badge))


def level_of(centre_id: int) -> Json | None:
    """Return the duty level that somebody has set."""
    found = DutyLevel.objects.filter(centre_id=centre_id, ended_at__isnull=True).first()
    return found.row() if found else None


def of_unit(unit_id: int, badge: str) -> Json:
    """Return a unit's order with its incident, its finished orders without a report, what the reviewer returned to the
    unit or to this person, and unconfirmed withdrawals."""
    unit = Unit.objects.get(pk=unit_id)
    mine = Assignment.objects.filter(unit=unit).select_related("incident")
    live = mine.filter(pk=unit.assignment_id).first() if unit.assignment_id else None
    if live is not None and not live.is_live:
        live = None  # it has ended since the unit's row was read
    shift_start = unit.on_shift["started_at"] if unit.on_shift else None
    unreported = mine.filter(state="finished", reported_at__isnull=True, finished_at__gte=shift_start)
    withdrawn = mine.filter(Q(state="withdrawn"), withdrawal_confirmed_at__isnull=True)
    found: Json = {
        "unit": unit.row(),
        "unreported": [{**one.row(), "incident_row": one.incident.row()} for one in unreported.order_by("id")],
        "returned": [returned_row(one) for one in to_correct(unit_id, badge)],
        "withdrawn": [one.row() for one in withdrawn.order_by("id")],
        "post_answers": [one.row() for one in asked_now(unit)],
    }
    if live is None:
        found["hints"] = hints(unit.centre_id, unit.pk, timezone.now())
    if live is not None:
        incident: Incident = live.incident
        found |= {
            "assignment": live.row(),
            "incident": incident.row(),
            "call_contact": {"name": incident.contact_name, "phone": incident.contact_phone, "silent": incident.silent},
            "deadlines": [one.row() for one in Deadline.objects.filter(incident=incident).order_by("id")],
            "notes": [one.row() for one in Note.objects.filter(incident=incident).order_by("id")],
            "parties": [one.row() for one in Party.objects.filter(incident=incident).order_by("id")],
            "premise_notes": known_of(incident),
            "answers": [one.row() for one in CardAnswer.objects.filter(incident=incident).order_by("id")],
            "clues": [
                one.row() for one in Clue.objects.filter(incident=incident, pushed_at__isnull=False).order_by("id")
            ],
            "locked_positions": [one.row() for one in positions_of(incident)],
            "directives": [one.row() for one in directives_of(live)],
            "suspects": [one.row() for one in Suspect.objects.filter(incident=incident).order_by("id")],
            "ticks": [one.row() for one in Tick.objects.filter(assignment=live).order_by("id")],
            "reports": [one.row() for one in Report.objects.filter(assignment=live).order_by("id")],
        }
    return found


def directives_of(order: Assignment) -> QuerySet[Directive]:
    """Return the directives that an order carries out, the ended ones too: the officer sees what became of them."""
    found = Directive.objects.filter(lines__assignment=order).select_related("incident").prefetch_related("lines")
    return found.order_by("id")


def positions_of(incident: Incident) -> QuerySet[LockedPosition]:
    """Return the locked positions of an incident that nothing has replaced and somebody still works on."""
    found = LockedPosition.objects.filter(incident=incident, replaced_at__isnull=True)
    return found.filter(request__state__in=fusion.OPEN).order_by("id")


def known_of(incident: Incident) -> list[Json]:
    """Return the notes on the place of an incident (M36); the words of sensitive ones are read with a purpose."""
    if incident.lat is None or incident.lng is None:
        return []
    return [one.row() for one in notes_at(incident.centre_id, incident.lat, incident.lng, timezone.now())]


def to_correct(unit_id: int, badge: str) -> QuerySet[Assignment]:
    """Return the orders whose report a reviewer sent back: those of the unit, and those that this person reported."""
    mine = Q(unit_id=unit_id) | Q(reports__complete=True, reports__reported_by_no=badge)
    found = Assignment.objects.filter(mine, returned_at__isnull=False, incident__stage__in=CORRECTABLE)
    return found.select_related("incident").distinct().order_by("id")


def returned_row(order: Assignment) -> Json:
    """Return an order to correct with its incident and the report that stands."""
    report = standing(order)
    return {**order.row(), "incident_row": order.incident.row(), "report_row": report.row() if report else None}


def asked_now(unit: Unit) -> list[PostAnswer]:
    """Return the post checks that this shift has not answered, also those whose limit has passed (R15)."""
    states = [PostAnswer.State.ASKED, PostAnswer.State.NO_ANSWER]
    since = unit.on_shift["started_at"] if unit.on_shift else unit.status_at
    found = PostAnswer.objects.filter(unit=unit, state__in=states, created_at__gte=since)
    return list(found.select_related("unit").order_by("id"))


class BackupView(APIView):
    """增援."""

    roles = {"POST": (OFFICER,)}
    while_locked = ("POST",)

    @extend_schema(request=BackupInput, responses=dict)
    def post(self, request: Request) -> Response:
        """Ask for it."""
        by, found = actor(request), parsed(BackupInput, request)
        return carried_out(street.ask_backup, by=by, text=found["text"])


class DiscoveryView(APIView):
    """巡逻发现."""

    roles = {"POST": (OFFICER,)}

    @extend_schema(request=DiscoveryInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Open an incident that the unit found itself."""
        by, facts = actor(request), parsed(DiscoveryInput, request)
        device_at, channel = facts.pop("device_at", None), facts.pop("channel")
        contact = {name: facts.pop(name) for name in ("caller_name", "contact_phone")}
        facts["point"] = stored_point(facts["point"], centres.centre(by.centre_id))
        return carried_out(street.discover, by=by, facts=facts, channel=channel, contact=contact, device_at=device_at)

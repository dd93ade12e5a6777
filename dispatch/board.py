"""The board: everything one may see now, with the number it stands at (docs/contract.md 4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from dispatch.models import Assignment, Directive, Report, Tick
from incidents import centres
from incidents.actor import Actor
from incidents.audience import seen
from incidents.models import (
    Alert,
    Bookmark,
    Call,
    CardAnswer,
    Clue,
    Deadline,
    DutyLevel,
    FusionRequest,
    GridTask,
    Head,
    Incident,
    LockedPosition,
    Message,
    Note,
    Notice,
    Party,
    SearchArea,
    Suspect,
)
from incidents.models.incidents import ENDED
from incidents.roles import audience_of
from incidents.row import Json, Row, stamp
from patrol.models import Unit
from patrol.moved import positions

PRESENT = {"replaced_at__isnull": True}  # of the positions; the old ones stay in the log
COLLECTIONS = (
    "incident",
    "assignment",
    "unit",
    "call",
    "message",
    "deadline",
    "alert",
    "note",
    "notice",
    "party",
    "report",
    "card_answer",
    "fusion_request",
    "clue",
    "bookmark",
    "search_area",
    "locked_position",
    "grid_task",
    "directive",
    "suspect",
    "tick",
    "duty_level",
)


def snapshot(by: Actor) -> Json:
    """Return the board as the person may see it. The number is read before the rows: a row may be newer than the
    number, never older (style rule 42)."""
    head = Head.objects.get(centre_id=by.centre_id)
    audience = audience_of(by)
    rows = {noun: visible(audience, found) for noun, found in board_rows(by.centre_id, audience).items()}
    units = {row["id"] for row in rows["unit"]}
    shown, _ = positions(by.centre_id)
    return {
        "epoch": str(head.epoch),
        "seq": head.seq,
        "at": stamp(timezone.now()),
        "centre": centres.centre(by.centre_id).row(),
        "rows": rows,
        "positions": [position for position in shown if position[0] in units],
    }


def board_rows(centre_id: int, audience: str) -> dict[str, Iterable[Row]]:
    """Return what stands on the board: open incidents with all that belongs to them, calls not done, open alerts,
    all units. A unit's own audience reads only its own."""
    incidents = Incident.objects.filter(centre_id=centre_id).exclude(stage__in=ENDED)
    units = Unit.objects.filter(centre_id=centre_id, ended_at__isnull=True)
    if audience.startswith("unit."):
        unit_id = int(audience.removeprefix("unit."))
        incidents = incidents.filter(units__contains=[unit_id])
        units = units.filter(pk=unit_id)
    open_incidents = list(incidents.order_by("id"))
    by_id = {incident.pk: incident for incident in open_incidents}
    of_open = {"incident_id__in": list(by_id)}
    calls = Call.objects.filter(centre_id=centre_id).filter(~Q(state=Call.State.DONE) | Q(**of_open)).order_by("id")
    messages = Message.objects.filter(call__in=calls.order_by()).select_related("call")
    alerts = Alert.objects.filter(centre_id=centre_id, acknowledged_at__isnull=True, cause_ended_at__isnull=True)
    return {
        "incident": open_incidents,
        "assignment": attach(Assignment.objects.filter(**of_open).order_by("id"), by_id),
        "unit": units.order_by("id"),
        "call": calls if audience in ("desk", "inspector") else [],
        "message": messages.order_by("id") if audience in ("desk", "inspector") else [],
        "deadline": attach(Deadline.objects.filter(**of_open).order_by("id"), by_id),
        "alert": alerts.order_by("id").select_related("incident"),
        "note": attach(Note.objects.filter(**of_open).order_by("id"), by_id),
        "notice": attach(Notice.objects.filter(**of_open).order_by("id"), by_id),
        "party": attach(Party.objects.filter(**of_open).order_by("id"), by_id),
        "report": attach(Report.objects.filter(**of_open).order_by("id"), by_id),
        "card_answer": attach(CardAnswer.objects.filter(**of_open).order_by("id"), by_id),
        "fusion_request": attach(FusionRequest.objects.filter(**of_open).order_by("id"), by_id),
        "clue": attach(Clue.objects.filter(**of_open).order_by("id"), by_id),
        "bookmark": attach(Bookmark.objects.filter(**of_open).order_by("id"), by_id),
        "search_area": attach(SearchArea.objects.filter(**of_open).order_by("id"), by_id),
        "locked_position": attach(LockedPosition.objects.filter(**of_open, **PRESENT).order_by("id"), by_id),
        "grid_task": attach(tasks_with_people(**of_open), by_id),
        "directive": attach(Directive.objects.filter(**of_open).prefetch_related("lines").order_by("id"), by_id),
        "suspect": attach(Suspect.objects.filter(**of_open).prefetch_related("cleared_rows").order_by("id"), by_id),
        "tick": attach(Tick.objects.filter(**of_open).order_by("id"), by_id),
        "duty_level": DutyLevel.objects.filter(centre_id=centre_id, ended_at__isnull=True),
    }


def tasks_with_people(**of: Any) -> QuerySet[GridTask]:
    """Return the grid's tasks of some incidents with all that their rows name."""
    return GridTask.objects.filter(**of).select_related("area", "worker", "officer").order_by("id")


def attach(found: Iterable[Any], incidents: dict[int, Incident]) -> list[Row]:
    """Give rows the incident that is already read, so that their readers need no query each."""
    rows = list(found)
    for row in rows:
        row.incident = incidents[row.incident_id]
    return rows


def visible(audience: str, found: Iterable[Row]) -> list[Json]:
    """Return the rows that an audience may see, in its form."""
    return [shown for row in found if (shown := seen(audience, row.NOUN, row.row(), row.readers())) is not None]

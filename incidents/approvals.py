"""What waits for the watch commander, all in one place: a registry that later modules add to (M9).

Each kind says what waits, and which two commands decide. Nobody decides on what one has asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from incidents.models import LegalHold, NumberFlag, PartnerAttachment, Request, WatchEntry
from incidents.refusals import NotFound
from incidents.roles import INSPECTOR, WATCH_COMMANDER
from incidents.row import Json, Row, stamp
from incidents.services import holds, number_flags, partners, watch


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits."""

    row: Row
    what: str  # what is asked: the screen has a word for it
    asked_by: str
    asked_at: dt.datetime
    reason: str
    about: str = ""  # a number, a name, a period: what the incident does not tell
    extra: Json | None = None


@dataclass(frozen=True, slots=True)
class Approvable:
    """One kind of approvable thing."""

    waiting: Callable[[int], Iterable[Line]]  # of a centre
    approve: Callable[..., Any]
    refuse: Callable[..., Any]
    argument: str  # the commands' name for the id
    roles: tuple[str, ...] = (WATCH_COMMANDER,)


REGISTRY: dict[str, Approvable] = {}


def approvable(kind: str, thing: Approvable) -> None:
    """Add a kind of approvable thing."""
    REGISTRY[kind] = thing


def of(kind: str) -> Approvable:
    """Return a kind. Raises NotFound."""
    if kind not in REGISTRY:
        raise NotFound()
    return REGISTRY[kind]


def waiting(centre_id: int, *roles: str) -> list[tuple[str, Line]]:
    """Return everything that waits for one of these roles, the oldest first."""
    mine = [(kind, one) for kind, one in REGISTRY.items() if set(roles) & set(one.roles)]
    found = [(kind, line) for kind, one in mine for line in one.waiting(centre_id)]
    return sorted(found, key=lambda pair: pair[1].asked_at)


def flags(centre_id: int) -> Iterable[Line]:
    """Flags of numbers that nobody has approved (R20)."""
    found = NumberFlag.objects.filter(
        centre_id=centre_id, approved_at__isnull=True, ended_at__isnull=True, expires_at__gt=timezone.now()
    )
    for row in found.order_by("id"):
        extra = {"flag": row.kind, "expires_at": stamp(row.expires_at)}
        yield Line(row, "number_flag", row.asked_by_no, row.created_at, row.reason, row.number, extra)


def hold_ends(centre_id: int) -> Iterable[Line]:
    """Legal holds whose end was asked for."""
    found = LegalHold.objects.filter(centre_id=centre_id, ended_at__isnull=True, end_asked_at__isnull=False)
    for row in found.select_related("incident").order_by("id"):
        asked_at = row.end_asked_at or row.updated_at
        yield Line(row, "hold_end", row.end_asked_by_no, asked_at, row.end_reason, row.subject or row.hold_no)


def requests(centre_id: int) -> Iterable[Line]:
    """Acts on incidents that somebody asked for."""
    found = Request.objects.filter(centre_id=centre_id, state=Request.State.OPEN)
    for row in found.select_related("incident").order_by("id"):
        extra = {"to_priority": row.to_priority, "priority": row.incident.priority}
        yield Line(row, row.kind, row.asked_by_no, row.asked_at, row.reason, extra=extra)


def watch_entries(centre_id: int) -> Iterable[Line]:
    """Watch entries that nobody has approved (布控)."""
    found = WatchEntry.objects.filter(
        centre_id=centre_id, state=WatchEntry.State.WAITING, expires_at__gt=timezone.now()
    )
    for row in found.select_related("incident").order_by("id"):
        extra = {"subject": row.subject, "legal_basis": row.legal_basis, "expires_at": stamp(row.expires_at)}
        yield Line(row, "watch_entry", row.asked_by_no, row.created_at, row.reason, row.value, extra)


def attachments(centre_id: int) -> Iterable[Line]:
    """Partner teams that are asked for and nobody has approved (M48)."""
    found = PartnerAttachment.objects.filter(centre_id=centre_id, state="asked", until_at__gt=timezone.now())
    for row in found.select_related("incident", "team").order_by("id"):
        extra = {"until_at": stamp(row.until_at), "view_level": row.team.view_level}
        yield Line(row, "attachment", row.asked_by_no, row.created_at, row.reason, row.team.name, extra)


approvable(
    "attachment",
    Approvable(attachments, partners.approve_attachment, partners.refuse_attachment, "attachment_id"),
)
approvable("watch_entry", Approvable(watch_entries, watch.approve_watch, watch.refuse_watch, "entry_id"))
approvable("number_flag", Approvable(flags, number_flags.approve_flag, number_flags.end_flag, "flag_id"))
approvable(
    "hold_end",
    Approvable(hold_ends, holds.approve_end, holds.refuse_end, "hold_id", roles=(WATCH_COMMANDER, INSPECTOR)),
)

"""Locked positions (锁定位置, M23): where a suspect is believed to be, for how long; a renewal replaces, never edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import FusionRequest, LockedPosition
from incidents.refusals import WrongTurn
from incidents.services import fusion

USUAL_MINUTES, LONGEST_MINUTES = 30, 720
# What rests on a position moves with its renewal; the layer above adds its own.
RENEWAL_FOLLOWERS: list[Callable[[LockedPosition, LockedPosition, Actor, dt.datetime], None]] = []


@dataclass(frozen=True, slots=True)
class Fix:
    """A position as it is stated."""

    lat: float
    lng: float
    radius_m: float
    source: str
    confidence: str
    minutes: int = USUAL_MINUTES  # valid for


def present_position(request_id: int, now: dt.datetime) -> LockedPosition | None:
    """Return the position of a request that a new directive may rest on: the last one, while it is valid and somebody
    still works on the request; else None."""
    return LockedPosition.objects.filter(
        request_id=request_id, request__state__in=fusion.OPEN, replaced_at__isnull=True, valid_until__gt=now
    ).first()


@command
def lock_position(*, by: Actor, request_id: int, fix: Fix) -> LockedPosition:
    """State where the suspect of a request is. The units on the incident see it in the same moment. A position that is
    still valid is renewed, not stated beside: WrongTurn shows it. One that has run out is replaced."""
    now = timezone.now()
    request = fusion.locked_for_work(request_id, by)
    before = LockedPosition.objects.filter(request=request, replaced_at__isnull=True).first()
    if before is not None and before.valid_until > now:
        raise WrongTurn(before, _("A position is locked already: renew it."))
    row = stated(request, before, fix, by=by, now=now)
    record("position.locked", row, request, *replaced(before), request_no=request.request_no, radius_m=fix.radius_m)
    return row


@command
def renew_position(*, by: Actor, position_id: int, fix: Fix) -> LockedPosition:
    """State a position anew: the old row stays in the log with the moment at which it was replaced. Of two who renew
    the same one, the second gets the present row."""
    now = timezone.now()
    known = LockedPosition.locked(position_id, by.centre_id)
    request = fusion.locked_for_work(known.request_id, by)
    before = LockedPosition.objects.get(pk=position_id)
    if before.replaced_at is not None:
        raise WrongTurn(latest(request), _("This position was renewed by somebody else."))
    row = stated(request, before, fix, by=by, now=now)
    for follow in RENEWAL_FOLLOWERS:
        follow(before, row, by, now)
    record("position.renewed", row, before, request, request_no=request.request_no, radius_m=fix.radius_m)
    return row


def stated(
    request: FusionRequest, before: LockedPosition | None, fix: Fix, *, by: Actor, now: dt.datetime
) -> LockedPosition:
    """Insert a position in place of the one before; the first one of a request is when it was locked (K16)."""
    if before is not None:
        before.change(by=by, now=now, replaced_at=now)
    row = LockedPosition.make(
        by=by,
        now=now,
        centre_id=request.centre_id,
        request=request,
        incident=request.incident,
        lat=fix.lat,
        lng=fix.lng,
        radius_m=fix.radius_m,
        source=fix.source,
        confidence=fix.confidence,
        locked_at=now,
        locked_by_no=by.badge,
        locked_by_name=by.name,
        valid_until=now + dt.timedelta(minutes=fix.minutes),
        replaces=before,
    )
    request.change(by=by, now=now, state=FusionRequest.State.LOCKED, locked_at=request.locked_at or now)
    return row


def replaced(before: LockedPosition | None) -> list[LockedPosition]:
    """Return the row that was replaced, for the entry."""
    return [] if before is None else [before]


def latest(request: FusionRequest) -> LockedPosition:
    """Return the position of a request that nothing has replaced."""
    return LockedPosition.objects.get(request=request, replaced_at__isnull=True)

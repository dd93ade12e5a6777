"""Series of incidents: opening, describing, taking incidents in and out, closing (M26, M61)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Incident, Series, SeriesMember
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.services import numbers


@command
def open_series(*, by: Actor, name: str, reason: str, incident_ids: list[int]) -> Series:
    """Open a series with its first incidents; who opens it owns it."""
    now = timezone.now()
    held = [Incident.locked(one, by.centre_id) for one in sorted(set(incident_ids))]
    if not held:
        raise BadInput(incidents=_("A series begins with an incident."))
    row_id = numbers.next_id("incidents_series")
    series = Series.make(
        by=by,
        now=now,
        id=row_id,
        series_no=numbers.number(centres.centre(by.centre_id), "C", row_id, now),
        centre_id=by.centre_id,
        name=name,
        reason=reason,
        owner_id=by.user_id,
        owner_no=by.badge,
        owner_name=by.name,
    )
    for incident in held:
        take_in(series, incident, by=by, now=now, reason=reason)
    record("series.opened", series, series_no=series.series_no, name=name, reason=reason)
    for incident in held:
        note_joined(series, incident, reason)
    return series


@command
def describe_series(*, by: Actor, series_id: int, version: int, facts: dict[str, Any]) -> Series:
    """Write name or reason anew."""
    series = Series.locked(series_id, by.centre_id, version)
    refuse_closed(series)
    changes = series.change(by=by, **facts)
    if changes:
        record("series.described", series, series_no=series.series_no, changes=changes)
    return series


@command
def join_series(*, by: Actor, series_id: int, incident_id: int, reason: str) -> Series:
    """Take an incident into a series with the reason; an incident is in one series at a time."""
    now = timezone.now()
    series = Series.locked(series_id, by.centre_id)
    refuse_closed(series)
    if series.members.filter(incident_id=incident_id, left_at__isnull=True).exists():
        return series
    incident = Incident.locked(incident_id, by.centre_id)
    take_in(series, incident, by=by, now=now, reason=reason)
    series.touch(by=by, now=now)
    note_joined(series, incident, reason)
    return series


def take_in(series: Series, incident: Incident, *, by: Actor, now: dt.datetime, reason: str) -> None:
    """Insert a membership. A complaint about the police belongs to the inspectors alone (R1) and into no series."""
    if incident.is_complaint:
        raise NotFound()
    try:
        with transaction.atomic():
            SeriesMember.objects.create(
                series=series, incident=incident, joined_at=now, joined_by=by.badge, reason=reason
            )
    except IntegrityError as error:
        raise WrongTurn(incident, _("This incident is in another series already.")) from error


def note_joined(series: Series, incident: Incident, reason: str) -> None:
    """Record that an incident is in a series now, on the incident's timeline."""
    record(
        "series.joined",
        series,
        incident_id=incident.pk,
        series_no=series.series_no,
        incident_no=incident.incident_no,
        reason=reason,
    )


@command
def leave_series(*, by: Actor, series_id: int, incident_id: int, reason: str) -> Series:
    """Take an incident out of a series with the reason; that it was in it stays on record."""
    now = timezone.now()
    series = Series.locked(series_id, by.centre_id)
    refuse_closed(series)
    member = series.members.select_related("incident").filter(incident_id=incident_id).order_by("-id").first()
    if member is None:
        raise NotFound()
    if member.left_at is not None:
        return series
    member.left_at, member.left_by, member.left_reason = now, by.badge, reason
    member.save(update_fields=["left_at", "left_by", "left_reason"])
    series.touch(by=by, now=now)
    record(
        "series.left",
        series,
        incident_id=incident_id,
        series_no=series.series_no,
        incident_no=member.incident.incident_no,
        reason=reason,
    )
    return series


@command
def close_series(*, by: Actor, series_id: int, version: int, reason: str) -> Series:
    """Close a series with its outcome; its members stay on record and are free for another one."""
    now = timezone.now()
    series = Series.locked(series_id, by.centre_id, version)
    refuse_closed(series)
    series.members.filter(left_at__isnull=True).update(left_at=now, left_by=by.badge, left_reason=reason)
    series.change(by=by, now=now, state=Series.State.CLOSED, closed_at=now, close_reason=reason)
    record("series.closed", series, series_no=series.series_no, reason=reason)
    return series


def refuse_closed(series: Series) -> None:
    """Refuse to change a series that is closed."""
    if series.state == Series.State.CLOSED:
        raise WrongTurn(series, _("This series is closed."))

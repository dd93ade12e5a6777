"""Starting and stopping limits; the figures by priority are data (domain 7.2, R13). The sweep is dispatch.deadlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from incidents.actor import Actor
from incidents.models import Deadline, Incident

Kind = Deadline.Kind
State = Deadline.State

ARRIVAL_KINDS = (Kind.ARRIVE5_A, Kind.ARRIVE10_A, Kind.ARRIVE5_B, Kind.ARRIVE10_B)
FIVE_MINUTES, TEN_MINUTES = dt.timedelta(minutes=5), dt.timedelta(minutes=10)


def seconds(value: int) -> dt.timedelta:
    """Return a duration."""
    return dt.timedelta(seconds=value)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one priority; None means that none applies."""

    order_within: dt.timedelta
    accept_within: dt.timedelta
    depart_within: dt.timedelta
    arrive_within: dt.timedelta | None
    report_within: dt.timedelta
    deliver_within: dt.timedelta = dt.timedelta(seconds=10)


# Order, accept and arrive: domain 7.2. Depart: inside the 5-minute bucket of K5, tighter for the urgent.
# Report: 30 minutes from finishing (the first bucket of K6, second line).
LIMITS = {
    1: Limits(seconds(30), seconds(30), seconds(90), seconds(300), seconds(1800)),
    2: Limits(seconds(60), seconds(30), seconds(120), seconds(300), seconds(1800)),
    3: Limits(seconds(180), seconds(60), seconds(300), seconds(600), seconds(1800)),
    4: Limits(seconds(1800), seconds(180), seconds(900), None, seconds(3600)),
}


def start(
    incident: Incident,
    due: dict[str, dt.datetime],
    *,
    by: Actor | None,
    now: dt.datetime,
    assignment_id: int | None = None,
    unit_id: int | None = None,
) -> list[Deadline]:
    """Start limits of an incident, or of one of its assignments; returns the rows for the entry."""
    author = by.user_id if by else None
    return Deadline.objects.bulk_create(
        [
            Deadline(
                centre_id=incident.centre_id,
                incident=incident,
                assignment_id=assignment_id,
                unit_id=unit_id,
                kind=kind,
                due_at=moment,
                created_at=now,
                updated_at=now,
                created_by_id=author,
                updated_by_id=author,
            )
            for kind, moment in due.items()
        ]
    )


def stop(
    incident: Incident,
    kinds: Iterable[str] | None,
    *,
    now: dt.datetime,
    assignment_id: int | None = None,
    void: bool = False,
) -> list[Deadline]:
    """Stop running limits of the incident itself (or of one assignment); `void` says that they no longer apply.

    A limit that passed before the sweep saw it keeps running for the sweep, which dates and journals the miss; one
    that was missed before only learns when it was met late. Returns the rows that changed.
    """
    rows = Deadline.objects.filter(incident=incident, assignment_id=assignment_id, stopped_at__isnull=True)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    changed = list(rows.exclude(state=State.VOID).order_by("id").select_for_update(no_key=True))
    for row in changed:
        row.incident = incident
        if row.state == State.RUNNING and row.due_at > now:
            row.state = State.VOID if void else State.MET
        row.stopped_at = row.updated_at = now
        row.updated_by_id = None
        row.version += 1
    # One statement for all: an arrival stops nine limits at once.
    Deadline.objects.bulk_update(changed, ["state", "stopped_at", "updated_at", "updated_by", "version"])
    return changed


def first_answer(incident: Incident) -> dict[str, dt.datetime]:
    """Return the limits on clock A."""
    return {
        Kind.ARRIVE5_A: incident.answered_at + FIVE_MINUTES,
        Kind.ARRIVE10_A: incident.answered_at + TEN_MINUTES,
    }


def first_order(moment: dt.datetime) -> dict[str, dt.datetime]:
    """Return the limits on clock B."""
    return {Kind.ARRIVE5_B: moment + FIVE_MINUTES, Kind.ARRIVE10_B: moment + TEN_MINUTES}

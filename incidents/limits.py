"""Starting and stopping limits; the figures by priority are data (domain 7.2, R13). The sweep is dispatch.deadlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents import code_tables, codebook
from incidents.actor import Actor
from incidents.models import Deadline, Incident
from incidents.refusals import BadInput

Kind = Deadline.Kind
State = Deadline.State

ARRIVAL_KINDS = (Kind.ARRIVE5_A, Kind.ARRIVE10_A, Kind.ARRIVE5_B, Kind.ARRIVE10_B)
FIVE_MINUTES, TEN_MINUTES = dt.timedelta(minutes=5), dt.timedelta(minutes=10)


LONGEST_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one priority; None means that none applies."""

    order_within: dt.timedelta
    deliver_within: dt.timedelta
    accept_within: dt.timedelta
    depart_within: dt.timedelta
    arrive_within: dt.timedelta | None
    report_within: dt.timedelta


def of(priority: int) -> Limits:
    """Return the limits of a priority from its code (7.2), as an administrator may have edited them; the shipped
    figure stands in for one that is missing."""
    shipped = code_tables.find("priority", str(priority)).attributes
    names = ("order", "deliver", "accept", "depart", "arrive", "report")
    found = {
        name: codebook.attribute("priority", str(priority), f"{name}_s", shipped.get(f"{name}_s")) for name in names
    }
    spans = {f"{name}_within": dt.timedelta(seconds=value) for name, value in found.items() if value is not None}
    return Limits(**{"arrive_within": None, **spans})  # type: ignore[arg-type]


def check_seconds(attributes: dict[str, Any]) -> None:
    """Refuse limits that are no whole seconds of a day, naming the attribute."""
    for name, value in attributes.items():
        if not name.endswith("_s"):
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_S:
            raise BadInput(**{f"attributes__{name}": _("A limit is a whole number of seconds, at most a day.")})


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

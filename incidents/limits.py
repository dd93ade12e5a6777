"""Starting and stopping limits; the figures by priority are data (domain 7.2, R13). The sweep is dispatch.deadlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents import code_tables, codebook, duty, statements
from incidents.actor import Actor
from incidents.models import Deadline, Incident
from incidents.refusals import BadInput

Kind = Deadline.Kind
State = Deadline.State

ARRIVAL_KINDS = (Kind.ARRIVE5_A, Kind.ARRIVE10_A, Kind.ARRIVE5_B, Kind.ARRIVE10_B)
# Whoever must act is urged when so much of the span is over (M9). Delivery is a machine's, and both clocks have their
# early warning.
URGED = (Kind.ORDER, Kind.ACCEPT, Kind.DEPART, Kind.ARRIVE, Kind.REPORT)
URGE_AT = 0.8
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


HURRIED = ("order", "accept", "depart")  # the limits that a duty level shortens (R26); those of arrival are the city's


def of(priority: int, area_kind: str = "", *, centre_id: int | None = None, ring_minutes: int | None = None) -> Limits:
    """Return the limits of a priority from its code (7.2), as an administrator may have edited them; the shipped
    figure stands in for one that is missing. With a centre, order, acceptance and departure are those of its present
    duty level. A response ring counts where it is stricter than the kind of area (R17)."""
    shipped = code_tables.find("priority", str(priority)).attributes
    names = ("order", "deliver", "accept", "depart", "arrive", "report")
    found = {
        name: codebook.attribute("priority", str(priority), f"{name}_s", shipped.get(f"{name}_s")) for name in names
    }
    if area_kind and found["arrive"] is not None:
        # R13: urban 5 minutes, suburban 10, rural as soon as possible; ours for rural is a setting like the others.
        wider = f"arrive_{area_kind}_s"
        found["arrive"] = codebook.attribute("priority", str(priority), wider, shipped.get(wider)) or found["arrive"]
    percent = duty.present(centre_id).limit_percent if centre_id is not None else 100
    if percent != 100:
        found |= {name: found[name] * percent / 100 for name in HURRIED if found[name] is not None}
    if ring_minutes is not None and found["arrive"] is not None:
        found["arrive"] = min(found["arrive"], 60 * ring_minutes)
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
    rows = [
        Deadline(
            centre_id=incident.centre_id,
            incident=incident,
            assignment_id=assignment_id,
            unit_id=unit_id,
            kind=kind,
            due_at=moment,
            urge_at=now + (moment - now) * URGE_AT if kind in URGED and moment > now else None,
            created_at=now,
            updated_at=now,
            created_by_id=author,
            updated_by_id=author,
        )
        for kind, moment in due.items()
    ]
    if rows:
        statements.insert(*rows)
    return rows


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
    values: list[Any] = [incident.pk]
    condition = "incident_id = %s AND stopped_at IS NULL AND state <> 'void' AND assignment_id "
    if assignment_id is None:
        condition += "IS NULL"
    else:
        condition += "= %s"
        values.append(assignment_id)
    if kinds is not None:
        condition += " AND kind = ANY(%s)"
        values.append([str(kind) for kind in kinds])
    # One statement for all: an arrival stops nine limits at once.
    changed = statements.change_where(
        Deadline,
        "state = CASE WHEN state = 'running' AND due_at > %s THEN %s ELSE state END, stopped_at = %s, updated_at = %s, "
        "updated_by_id = NULL, version = version + 1",
        condition,
        [now, str(State.VOID if void else State.MET), now, now, *values],
    )
    for row in changed:
        row.incident = incident
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

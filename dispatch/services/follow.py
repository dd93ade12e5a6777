"""What every change of an assignment shares: the chain of locks, and the incident that follows its orders."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from dispatch.directives.following import follow_directives
from dispatch.models import Assignment
from incidents import limits
from incidents.actor import Actor
from incidents.models import Deadline, Incident
from incidents.models.incidents import DERIVED
from incidents.row import Row
from incidents.stage import Order, derive
from patrol.models import Unit

ORDER = Deadline.Kind.ORDER


class Chain:
    """One assignment with its unit and incident, locked in the one order (style rule 26)."""

    def __init__(self, assignment_id: int, centre_id: int) -> None:
        assignment = Assignment.locked(assignment_id, centre_id)
        unit = Unit.locked(assignment.unit_id, centre_id)
        self.hold(assignment, unit, Incident.locked(assignment.incident_id, centre_id))

    @classmethod
    def of(cls, assignment: Assignment, unit: Unit, incident: Incident) -> Chain:
        """Return a chain of rows that are locked already."""
        made = cls.__new__(cls)
        made.hold(assignment, unit, incident)
        return made

    def hold(self, assignment: Assignment, unit: Unit, incident: Incident) -> None:
        """Keep the rows and let the order point to them."""
        self.assignment, self.unit, self.incident = assignment, unit, incident
        assignment.incident, assignment.unit = incident, unit


def follow(incident: Incident, *, by: Actor | None, now: dt.datetime, **fields: Any) -> list[Deadline]:
    """Derive the stage of a locked incident from its assignments, keep the list of units on it, and start the order's
    limit again when nobody is left on it. Further `fields` (milestones) are written in the same UPDATE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, state, reported_at, EXISTS (SELECT 1 FROM dispatch_directive WHERE incident_id = %s AND "
            "state IN ('issued', 'accepted', 'under_way')) FROM dispatch_assignment WHERE incident_id = %s",
            [incident.pk, incident.pk],
        )
        rows = cursor.fetchall()
    orders = [Order(state, reported_at is not None) for _unit, state, reported_at, _directed in rows]
    live = sorted(unit for unit, state, _at, _directed in rows if state not in ("finished", "refused", "withdrawn"))
    if incident.stage in DERIVED:
        stage = derive(placed=incident.is_placed, typed=bool(incident.type_reported), orders=orders)
        if stage == "handled" and incident.stage != "handled":
            fields["handled_at"] = now
        if stage == "reported" and incident.stage != "reported":
            fields["reported_at"] = now
            fields.setdefault("handled_at", incident.handled_at or now)
        fields["stage"] = stage
    incident.change(by=by, now=now, units=live, **fields)
    if rows and rows[0][3]:
        follow_directives(incident, by=by, now=now)
    waits = incident.stage == "pending" and incident.attendance
    if waits and not incident.deadlines.filter(kind=ORDER, state="running").exists():
        due = {str(ORDER): now + limits.of(incident.priority, centre_id=incident.centre_id).order_within}
        return limits.start(incident, due, by=by, now=now)
    return []


def first(incident: Incident, now: dt.datetime, *milestones: str) -> dict[str, dt.datetime]:
    """Return the milestones that are not reached yet; those that are never move back."""
    return {name: now for name in milestones if getattr(incident, name) is None}


def rows_of(*groups: Row | list[Any]) -> list[Row]:
    """Flatten rows and lists of rows for an entry."""
    flat: list[Row] = []
    for group in groups:
        flat.extend(group if isinstance(group, list) else [group])
    return flat

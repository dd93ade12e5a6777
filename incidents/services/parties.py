"""Persons, vehicles and property: adding, writing, taking back, and reading an identity with a purpose."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Incident, Party
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.roles import DESK
from incidents.row import Json
from incidents.services import watch_hits

Kind, Status = Party.Kind, Party.Status
OF_KIND = {
    Kind.PERSON: {"role", "name", "description", "sex", "age", "id_no", "phone", "address"},
    Kind.VEHICLE: {"role", "description", "plate", "frame_no", "brand", "colour", "value_yuan", "status"},
    Kind.PROPERTY: {"name", "description", "frame_no", "brand", "colour", "value_yuan", "status"},
}
RETURN = {"returned_to", "receipt"}
NEXT = {
    "": {Status.STOLEN, Status.RECOVERED, Status.LOST},
    Status.STOLEN: {Status.RECOVERED, Status.LOST},
    Status.LOST: {Status.RECOVERED},
    Status.RECOVERED: {Status.RETURNED, Status.STOLEN},
    Status.RETURNED: set(),
}


def visible(by: Actor, incident_id: int) -> Incident:
    """Lock an incident that the person works on: the desk any, a unit its own, a station those of its area."""
    incident = Incident.locked(incident_id, by.centre_id)
    mine = {f"unit.{by.on_unit}", f"station.{by.org_id}"}
    if not by.has(*DESK) and mine.isdisjoint(incident.readers()):
        raise NotFound()
    return incident


def check(kind: str, facts: dict[str, Any]) -> None:
    """Refuse what does not belong to this kind, and what says nothing."""
    wrong = sorted(
        name for name, value in facts.items() if value not in ("", None) and name not in OF_KIND[Kind(kind)] | RETURN
    )
    if wrong:
        raise BadInput(**{wrong[0]: _("This does not belong here.")})
    if kind == Kind.PERSON and not (facts.get("name") or facts.get("description")):
        raise BadInput(name=_("A person needs a name or a description."))
    if kind == Kind.VEHICLE and not any(facts.get(name) for name in ("plate", "description", "brand", "frame_no")):
        raise BadInput(plate=_("A vehicle needs a plate or a description."))
    if kind == Kind.PROPERTY and not any(facts.get(name) for name in ("name", "description")):
        raise BadInput(name=_("Say what it is."))


@command
def add_party(*, by: Actor, incident_id: int, kind: str, facts: dict[str, Any]) -> Party:
    """Add a person, a vehicle or a thing; the units on the incident see it in the same moment."""
    now = timezone.now()
    check(kind, facts)
    incident = visible(by, incident_id)
    if not incident.is_open:
        raise WrongTurn(incident)
    row = Party.make(
        by=by, now=now, centre_id=incident.centre_id, incident=incident, kind=kind, **moments("", facts, now), **facts
    )
    record("party.added", row, kind_of_party=kind)
    watch_hits.look_at_party(row, by=by, now=now)
    return row


@command
def describe_party(*, by: Actor, party_id: int, version: int, facts: dict[str, Any]) -> Party:
    """Write what is known now. What was returned stays returned; a return needs who took it and a receipt."""
    now = timezone.now()
    row = Party.locked(party_id, by.centre_id, version)
    visible(by, row.incident_id)
    if row.void_at is not None:
        raise WrongTurn(row)
    whole = {name: facts.get(name, getattr(row, name)) for name in OF_KIND[Kind(row.kind)]}
    check(row.kind, {**whole, **facts})
    wanted = facts.get("status", row.status)
    if wanted != row.status and wanted not in NEXT[row.status]:
        raise WrongTurn(row)
    if wanted == Status.RETURNED:
        for name in sorted(RETURN):
            if not (facts.get(name) or getattr(row, name)):
                raise BadInput(**{name: _("What is given back needs who took it and a receipt.")})
    changes = row.change(by=by, now=now, **facts, **moments(row.status, facts, now))
    if changes:
        # The journal names which facts changed; private ones stand in the row alone.
        record("party.described", row, fields=sorted(set(changes) - {"id_no"}))
        watch_hits.look_at_party(row, by=by, now=now)
    return row


def moments(before: str, facts: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """Return when a thing was recovered or given back, if it is now."""
    status = facts.get("status", before)
    if status == before:
        return {}
    return {Status.RECOVERED: {"recovered_at": now}, Status.RETURNED: {"returned_at": now}}.get(status, {})


@command
def void_party(*, by: Actor, party_id: int, reason: str) -> Party:
    """Take a slot back that was filled by mistake; it stays in the record."""
    now = timezone.now()
    row = Party.locked(party_id, by.centre_id)
    visible(by, row.incident_id)
    if row.void_at is None:
        row.change(by=by, now=now, void_at=now, void_reason=reason)
        record("party.voided", row, reason=reason)
    return row


@command
def read_identity(*, by: Actor, party_id: int, purpose: str) -> Json:
    """Return a person's identity number; who read it and why is in the journal."""
    row = Party.objects.select_related("incident").filter(pk=party_id, centre_id=by.centre_id).first()
    if row is None:
        raise NotFound()
    visible(by, row.incident_id)
    record("party.identity_read", centre_id=by.centre_id, incident_id=row.incident_id, party=row.pk, purpose=purpose)
    return {"id_no": row.id_no}

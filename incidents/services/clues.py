"""Clues (线索, M20, M21): what is known or believed, with its source; pushed to the units on the incident by a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import keys
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Clue, FusionRequest, Incident
from incidents.refusals import BadInput, NotFound, WrongTurn

Kind = Clue.Kind
OF_VALUE = {Kind.VEHICLE: keys.key, Kind.PHONE: keys.phone_key}


@command
def add_clue(*, by: Actor, incident_id: int, request_id: int | None, facts: dict[str, Any]) -> Clue:
    """Note a clue of an incident, with or without a request. `value` is a plate or a telephone number: what queries and
    the link chart go by. Nobody on the street sees it before it is pushed."""
    now = timezone.now()
    incident = open_incident(incident_id, by)
    if request_id is not None:
        request = FusionRequest.locked(request_id, by.centre_id)
        if request.incident_id != incident.pk:
            raise BadInput(request=_("This request is about another incident."))
        if not request.is_open:
            raise WrongTurn(request)
    kept = {**facts, "value": value_of(facts)}
    row = Clue.make(
        by=by,
        now=now,
        centre_id=by.centre_id,
        incident=incident,
        request_id=request_id,
        by_no=by.badge,
        by_name=by.name,
        **kept,
    )
    record("clue.added", row, clue_kind=row.kind, confidence=row.confidence)
    return row


def value_of(facts: dict[str, Any]) -> str:
    """Return a clue's value as it is compared; only vehicles and telephones have one."""
    said = str(facts.get("value", ""))
    if said and facts["kind"] not in OF_VALUE:
        raise BadInput(value=_("Only a vehicle or a telephone has a plate or a number."))
    return OF_VALUE[facts["kind"]](said) if said else ""


def open_incident(incident_id: int, by: Actor) -> Incident:
    """Lock an open incident that the fusion centre may know of. Raises NotFound for a complaint (R1), WrongTurn."""
    incident = Incident.locked(incident_id, by.centre_id)
    if incident.is_complaint:
        raise NotFound()
    if not incident.is_open:
        raise WrongTurn(incident)
    return incident


@command
def push_clue(*, by: Actor, clue_id: int) -> Clue:
    """Push a clue to the units on the incident: it stands on their phones, with a sound, in the same moment."""
    now = timezone.now()
    row = locked(clue_id, by)
    if row.pushed_at is not None:
        return row
    if row.void_at is not None or not row.incident.is_open:
        raise WrongTurn(row)
    row.change(by=by, now=now, pushed_at=now)
    record("clue.pushed", row, clue_kind=row.kind, units=len(row.incident.units))
    return row


@command
def void_clue(*, by: Actor, clue_id: int, reason: str) -> Clue:
    """Take a clue back with the reason; who had it sees that it does not hold any more."""
    now: dt.datetime = timezone.now()
    row = locked(clue_id, by)
    if row.void_at is None:
        row.change(by=by, now=now, void_at=now, void_reason=reason)
        record("clue.voided", row, clue_kind=row.kind, reason=reason)
    return row


def locked(clue_id: int, by: Actor) -> Clue:
    """Lock a clue and then its incident, whose units are its readers."""
    row = Clue.locked(clue_id, by.centre_id)
    row.incident = Incident.locked(row.incident_id, by.centre_id)
    return row

"""Doing what somebody has asked the watch commander for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from dispatch.services import merging
from dispatch.services.decisions import invalidated, recall_units, reopened
from incidents import approvals
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Incident, Request, Stage
from incidents.refusals import NotFound, WrongTurn
from incidents.services.approvals import decide, locked, refuse
from incidents.services.incidents import refuse_ended, set_priority

Kind, State = Request.Kind, Request.State


@command
def approve(*, by: Actor, request_id: int) -> Request:
    """Approve what was asked for and do it in the same moment (watch commander)."""
    now = timezone.now()
    asked = Request.objects.filter(pk=request_id, centre_id=by.centre_id).select_related("incident").first()
    if asked is None:
        raise NotFound()
    if asked.state == State.APPROVED:
        return asked
    if asked.state != State.OPEN:
        raise WrongTurn(asked)
    # Orders and units are locked before incidents and the request last (style rule 26): who comes second finds it
    # decided, and then nothing of this happens.
    incident = EFFECTS[Kind(asked.kind)](asked, by, now)
    row = locked(request_id, by)
    row.incident = incident
    if row.state != State.OPEN:
        raise WrongTurn(row)
    record("approval.approved", *decide(row, State.APPROVED, by=by, now=now), what=row.kind, asked_by=row.asked_by_no)
    return row


def lower(asked: Request, by: Actor, now: dt.datetime) -> Incident:
    """Lower the priority."""
    incident = Incident.locked(asked.incident_id, by.centre_id)
    refuse_ended(incident)
    set_priority(incident, asked.to_priority or incident.priority, by=by, now=now, reason=asked.reason)
    return incident


def take_back(asked: Request, by: Actor, now: dt.datetime) -> Incident:
    """Reopen the incident; a merge is undone on both sides."""
    if asked.incident.stage == Stage.MERGED:
        return merging.undo(
            by=by, incident_id=asked.incident_id, version=asked.incident.version, reason=asked.reason, now=now
        )
    incident = Incident.locked(asked.incident_id, by.centre_id)
    reopened(incident, by=by, now=now, reason=asked.reason)
    return incident


def void(asked: Request, by: Actor, now: dt.datetime) -> Incident:
    """Declare the incident invalid; its units are recalled."""
    recall_units(asked.incident_id, by=by, now=now, code="CX4", text=asked.reason)
    incident = Incident.locked(asked.incident_id, by.centre_id)
    invalidated(incident, by=by, now=now, reason=asked.reason)
    return incident


EFFECTS: dict[str, Callable[[Request, Actor, dt.datetime], Incident]] = {
    Kind.PRIORITY: lower,
    Kind.REOPEN: take_back,
    Kind.INVALID: void,
}
approvals.approvable("request", approvals.Approvable(approvals.requests, approve, refuse, "request_id"))

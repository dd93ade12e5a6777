"""Doing what somebody has asked the watch commander for."""

from __future__ import annotations

from django.utils import timezone

from dispatch.services.decisions import invalidated, recall_units, reopened
from incidents import approvals
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Incident, Request
from incidents.refusals import NotFound, WrongTurn
from incidents.services.approvals import decide, locked, refuse
from incidents.services.incidents import refuse_ended, set_priority

Kind, State = Request.Kind, Request.State


@command
def approve(*, by: Actor, request_id: int) -> Request:
    """Approve what was asked for and do it in the same moment (watch commander)."""
    now = timezone.now()
    asked = Request.objects.filter(pk=request_id, centre_id=by.centre_id).first()
    if asked is None:
        raise NotFound()
    if asked.kind == Kind.INVALID and asked.state == State.OPEN:
        recall_units(asked.incident_id, by=by, now=now, code="CX4", text=asked.reason)
    incident = Incident.locked(asked.incident_id, by.centre_id)
    row = locked(request_id, by)
    row.incident = incident
    if row.state == State.APPROVED:
        return row
    if row.state != State.OPEN:
        raise WrongTurn(row)
    if row.kind == Kind.PRIORITY:
        refuse_ended(incident)
        set_priority(incident, row.to_priority or incident.priority, by=by, now=now, reason=row.reason)
    elif row.kind == Kind.REOPEN:
        reopened(incident, by=by, now=now, reason=row.reason)
    else:
        invalidated(incident, by=by, now=now, reason=row.reason)
    record("approval.approved", *decide(row, State.APPROVED, by=by, now=now), what=row.kind, asked_by=row.asked_by_no)
    return row


approvals.approvable("request", approvals.Approvable(approvals.requests, approve, refuse, "request_id"))

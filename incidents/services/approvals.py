"""Asking the watch commander: whoever may not lower a priority, reopen or invalidate an incident may ask for it."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Incident, Request
from incidents.models.incidents import ENDED, TRANSITIONS, Stage
from incidents.refusals import BadInput, WrongTurn
from incidents.row import Row

Kind, State = Request.Kind, Request.State


@command
def ask(*, by: Actor, incident_id: int, kind: str, to_priority: int | None, reason: str) -> Request:
    """Ask for an act on an incident, with a reason; the watch commander is told in the same moment."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id)
    check(incident, kind, to_priority)
    try:
        with transaction.atomic():
            row = Request.make(
                by=by,
                now=now,
                centre_id=by.centre_id,
                incident=incident,
                kind=kind,
                to_priority=to_priority if kind == Kind.PRIORITY else None,
                reason=reason,
                asked_by_no=by.badge,
                asked_by_name=by.name,
                asked_at=now,
            )
    except IntegrityError as error:
        known = Request.objects.select_related("incident").get(incident=incident, kind=kind, state=State.OPEN)
        raise WrongTurn(known, _("Somebody has asked for this already.")) from error
    alert = raise_alert(
        "approval_asked", centre_id=by.centre_id, by=by, now=now, incident_id=incident.pk, request=row.pk,
        what=kind, to_priority=row.to_priority, incident_no=incident.incident_no, asked_by=by.badge, reason=reason,
    )  # fmt: skip
    record("approval.asked", row, alert, what=kind, reason=reason)
    return row


def check(incident: Incident, kind: str, to_priority: int | None) -> None:
    """Refuse what could not be approved."""
    if kind == Kind.PRIORITY:
        if not incident.is_open:
            raise WrongTurn(incident)
        if to_priority is None or to_priority <= incident.priority:
            raise BadInput(priority=_("Ask for a lower priority than the present one; raising needs no approval."))
    if kind == Kind.REOPEN and (incident.stage not in ENDED or incident.stage == Stage.ARCHIVED):
        raise WrongTurn(incident)
    if kind == Kind.INVALID and Stage.INVALID not in TRANSITIONS[incident.stage]:
        raise WrongTurn(incident)


def locked(request_id: int, by: Actor) -> Request:
    """Lock a request that is to be decided. Nobody decides on the own one."""
    row = Request.locked(request_id, by.centre_id)
    if row.state == State.OPEN and row.asked_by_no == by.badge:
        raise WrongTurn(row, _("Somebody else approves what one has asked for."))
    return row


def decide(row: Request, state: str, *, by: Actor, now: dt.datetime, reason: str = "") -> list[Row]:
    """Write the decision and end the alert that asked; returns the rows for the entry."""
    row.change(by=by, now=now, state=state, decided_at=now, decided_by_no=by.badge, decision_reason=reason)
    ended: list[Alert] = end_causes(now, "approval_asked", centre_id=row.centre_id, **{"data->>'request'": str(row.pk)})
    return [row, *ended]


@command
def refuse(*, by: Actor, request_id: int, reason: str) -> Request:
    """Do not do what was asked for, and say why."""
    now = timezone.now()
    row = locked(request_id, by)
    if row.state == State.REFUSED:
        return row
    if row.state != State.OPEN:
        raise WrongTurn(row)
    record("approval.refused", *decide(row, State.REFUSED, by=by, now=now, reason=reason), what=row.kind, reason=reason)
    return row

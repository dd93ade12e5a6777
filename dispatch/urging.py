"""Urging before a limit (催办, M9): once per limit by the clock, and with one key by the desk."""

from __future__ import annotations

import datetime as dt
import logging

from django.utils import timezone

from dispatch.models import Assignment
from dispatch.services.follow import Chain
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Deadline
from incidents.refusals import WrongTurn
from incidents.row import Json, stamp

log = logging.getLogger(__name__)
AT_ONCE = 200
TERMINAL, SCREEN = "terminal", "screen"
# Nobody is on the way yet, or a person at the desk must act: the desk's screens; else the unit's terminal.
CHANNEL = {Deadline.Kind.ORDER: SCREEN}
THE_DESK = "110"


def urge_due(now: dt.datetime) -> int:
    """Urge whoever has a limit that is nearly over; returns how many."""
    due = Deadline.objects.filter(
        state=Deadline.State.RUNNING, stopped_at__isnull=True, urged_at__isnull=True, urge_at__lte=now, due_at__gt=now
    )
    done = 0
    for deadline_id in due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            done += bool(urge_limit(by=None, deadline_id=deadline_id))
        except Exception:
            log.exception("limit %s not urged", deadline_id)
    return done


@command
def urge_limit(*, by: Actor | None, deadline_id: int) -> Json:
    """Urge before one limit, once. What was met, urged or missed meanwhile is left alone."""
    now = timezone.now()
    row = (
        Deadline.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(pk=deadline_id, state=Deadline.State.RUNNING, stopped_at__isnull=True, urged_at__isnull=True)
        .filter(urge_at__lte=now, due_at__gt=now)
        .select_related("incident")
        .first()
    )
    if row is None:
        return {}
    row.change(by=by, now=now, urged_at=now)
    order = Assignment.objects.filter(pk=row.assignment_id).first() if row.assignment_id else None
    record(
        "deadline.urged",
        row,
        limit=row.kind,
        channel=CHANNEL.get(Deadline.Kind(row.kind), TERMINAL),
        who=order.call_sign if order else THE_DESK,
        incident_no=row.incident.incident_no,
        due_at=stamp(row.due_at),
    )
    return {"deadline": row.pk}


@command
def urge_order(*, by: Actor, assignment_id: int, text: str = "") -> Assignment:
    """The desk urges a unit with one key; its terminal shows it at once."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    waits_for_report = chain.assignment.state == Assignment.State.FINISHED and chain.assignment.reported_at is None
    if not chain.assignment.is_live and not waits_for_report:
        raise WrongTurn(chain.assignment)
    chain.assignment.touch(by=by, now=now)
    record("assignment.urged", chain.assignment, call_sign=chain.unit.call_sign, channel=TERMINAL, text=text)
    return chain.assignment

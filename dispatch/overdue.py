"""Limits of incidents and orders that passed while something still waits, for the board of what is overdue (K20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from dispatch.models import Assignment, ReviewTask
from incidents.limits import ARRIVAL_KINDS
from incidents.models import Deadline
from incidents.models.incidents import ENDED
from incidents.overdue import COMMANDER, DESK, Overdue

Kind = Deadline.Kind
ARRIVE = str(Kind.ARRIVE)


def limits(centre_id: int, now: dt.datetime) -> Iterable[Overdue]:
    """Missed limits that nobody has met since; arrival counts once for each incident, from its first limit on."""
    missed = (
        Deadline.objects.filter(centre_id=centre_id, state=Deadline.State.MISSED, stopped_at__isnull=True)
        .exclude(incident__stage__in=ENDED)
        .exclude(kind=Kind.DELIVER)
        .select_related("incident")
        .order_by("due_at")
    )
    rows = list(missed)
    orders = {
        order.pk: order
        for order in Assignment.objects.filter(pk__in={row.assignment_id for row in rows if row.assignment_id})
        .select_related("unit__squad")
    }  # fmt: skip
    seen: set[tuple[int, str, int | None]] = set()
    for row in rows:
        step = ARRIVE if row.kind in ARRIVAL_KINDS or row.kind == Kind.ARRIVE else str(row.kind)
        key = (row.incident_id, step, None if step == ARRIVE else row.assignment_id)
        if key in seen:
            continue
        seen.add(key)
        yield line(row, step, orders.get(row.assignment_id or 0))


def line(row: Deadline, step: str, order: Assignment | None) -> Overdue:
    """Return a limit with who must act and who is one level above."""
    if order is None:
        return Overdue(row.incident, step, row.due_at, DESK, COMMANDER, urged_at=row.urged_at)
    above = order.unit.squad.name
    return Overdue(row.incident, step, row.due_at, order.call_sign, above, order.assignment_no, row.urged_at)


def review_tasks(centre_id: int, now: dt.datetime) -> Iterable[Overdue]:
    """Tasks from a review that are not done by their date (M62)."""
    found = ReviewTask.objects.filter(centre_id=centre_id, due_at__lte=now, done_at__isnull=True)
    for row in found.select_related("review__incident"):
        yield Overdue(row.review.incident, "review_task", row.due_at, row.owner_name or row.owner_no, COMMANDER)

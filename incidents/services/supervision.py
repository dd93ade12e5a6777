"""Supervision orders (督办, M9): issued by people and by rule, urged before the date, escalated after it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Incident, Organisation, SupervisionOrder
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.row import stamp
from incidents.services.numbers import CITY_TIME

State = SupervisionOrder.State
Cause = SupervisionOrder.Cause
WORKING_DAYS = 5
URGE_AT = 0.8  # of the span


def working_days_later(now: dt.datetime, days: int) -> dt.datetime:
    """Return the same time of day so many working days later; Saturdays and Sundays do not count, public holidays are
    not known here and do."""
    moment = now.astimezone(CITY_TIME)
    while days > 0:
        moment += dt.timedelta(days=1)
        days -= moment.weekday() < 5
    return moment.astimezone(dt.UTC)


@command
def issue(
    *, by: Actor, incident_id: int, cause: str, demand: str, to: int | None, due_at: dt.datetime | None
) -> SupervisionOrder:
    """Issue an order; by default to the owner of the incident, due in five working days."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id)
    wanted = to or incident.jurisdiction_id or 0
    target = Organisation.objects.filter(pk=wanted, centre_id=by.centre_id).first()
    if target is None:
        raise BadInput(to=_("Name the unit that must answer."))
    due = due_at or working_days_later(now, WORKING_DAYS)
    if due <= now:
        raise BadInput(due_at=_("The date must lie ahead."))
    return made(incident, target, by=by, now=now, cause=cause, demand=demand, due=due)


def made(
    incident: Incident, target: Organisation, *, by: Actor | None, now: dt.datetime, cause: str, demand: str,
    due: dt.datetime,
) -> SupervisionOrder:  # fmt: skip
    """Insert an order inside a command."""
    row = SupervisionOrder.make(
        by=by,
        now=now,
        centre_id=incident.centre_id,
        incident=incident,
        issued_by_no=by.badge if by else "",
        cause=cause,
        demand=demand,
        to=target,
        to_name=target.name,
        due_at=due,
        urge_at=now + (due - now) * URGE_AT,
    )
    record("supervision.issued", row, to=target.name, cause=cause)
    return row


def issue_for_dissatisfaction(
    incident: Incident, *, by: Actor | None, now: dt.datetime, words: str
) -> SupervisionOrder | None:
    """Order the owner to put a dissatisfied caller's matter right, unless such an order is open (R27)."""
    target = incident.jurisdiction
    open_one = SupervisionOrder.objects.filter(incident=incident, cause=Cause.DISSATISFIED).exclude(state=State.CLOSED)
    if target is None or open_one.exists():
        return None
    demand = _("The caller is not satisfied: find out, put it right, reply. %(words)s") % {"words": words}
    due = working_days_later(now, WORKING_DAYS)
    return made(incident, target, by=None, now=now, cause=Cause.DISSATISFIED, demand=demand.strip()[:400], due=due)


def of(order_id: int, by: Actor) -> SupervisionOrder:
    """Lock an order. A station's duty desk sees its own orders only."""
    row = SupervisionOrder.locked(order_id, by.centre_id)
    if by.roles == {"station_duty"} and by.org_id not in (row.to_id, row.escalated_to_id):
        raise NotFound()
    return row


def move(row: SupervisionOrder, to: str) -> bool:
    """Tell whether the move is new; raises WrongTurn when it is impossible."""
    if row.state == to:
        return False
    if to not in SupervisionOrder.TRANSITIONS[State(row.state)]:
        raise WrongTurn(row)
    return True


@command
def sign(*, by: Actor, order_id: int) -> SupervisionOrder:
    """The unit has taken note."""
    now = timezone.now()
    row = of(order_id, by)
    if move(row, State.SIGNED):
        row.change(by=by, now=now, state=State.SIGNED, signed_at=now)
        record("supervision.signed", row, to=row.to_name)
    return row


@command
def reply(*, by: Actor, order_id: int, text: str) -> SupervisionOrder:
    """The unit reports what it did."""
    now = timezone.now()
    row = of(order_id, by)
    if row.state == State.REPLIED and row.reply == text:
        return row
    move(row, State.REPLIED)
    row.change(by=by, now=now, state=State.REPLIED, reply=text, replied_at=now, replied_by_no=by.badge)
    record("supervision.replied", row, *ended(row, now), to=row.to_name)
    return row


@command
def close(*, by: Actor, order_id: int) -> SupervisionOrder:
    """Whoever supervises accepts the reply; nobody closes on the own reply."""
    now = timezone.now()
    row = SupervisionOrder.locked(order_id, by.centre_id)
    if move(row, State.CLOSED):
        if row.replied_by_no == by.badge:
            raise Forbidden(_("Somebody else accepts what one has replied."))
        row.change(by=by, now=now, state=State.CLOSED, closed_at=now)
        record("supervision.closed", row, *ended(row, now), to=row.to_name)
    return row


@command
def send_back(*, by: Actor, order_id: int, reason: str) -> SupervisionOrder:
    """The reply was not enough."""
    now = timezone.now()
    row = SupervisionOrder.locked(order_id, by.centre_id)
    if move(row, State.RETURNED):
        row.change(by=by, now=now, state=State.RETURNED, return_reason=reason)
        record("supervision.returned", row, to=row.to_name, reason=reason)
    return row


def ended(row: SupervisionOrder, now: dt.datetime) -> list[Alert]:
    """End the alerts about an order."""
    order = {"data->>'order'": str(row.pk)}
    return end_causes(now, "supervision_due", "supervision_overdue", centre_id=row.centre_id, **order)


@command
def urge(*, by: Actor | None, order_id: int) -> SupervisionOrder:
    """Remind before the date (催办), once."""
    now = timezone.now()
    row = SupervisionOrder.objects.select_for_update(no_key=True).get(pk=order_id)
    if row.state in UNANSWERED and not row.urges and row.urge_at <= now:
        row.change(by=by, now=now, urges=[stamp(now)])
        record("supervision.urged", row, tell(row, "supervision_due", by=by, now=now), to=row.to_name)
    return row


@command
def escalate(*, by: Actor | None, order_id: int) -> SupervisionOrder:
    """The date has passed without a reply: one level up."""
    now = timezone.now()
    row = (
        SupervisionOrder.objects.select_for_update(no_key=True, of=("self",))
        .select_related("to__parent")
        .get(pk=order_id)
    )
    if row.state in UNANSWERED and row.overdue_at is None and row.due_at <= now:
        above = row.to.parent
        row.change(by=by, now=now, overdue_at=now, escalated_to=above, escalated_name=above.name if above else "")
        alert = tell(row, "supervision_overdue", by=by, now=now)
        record("supervision.overdue", row, alert, to=row.to_name, above=row.escalated_name)
    return row


def tell(row: SupervisionOrder, kind: str, *, by: Actor | None, now: dt.datetime) -> Alert:
    """Raise an alert about an order."""
    return raise_alert(
        kind,
        centre_id=row.centre_id,
        by=by,
        now=now,
        incident_id=row.incident_id,
        order=row.pk,
        to_unit=row.to_name,
        above=row.escalated_name,
        demand=row.demand[:80],
    )


UNANSWERED = (State.ISSUED, State.SIGNED, State.RETURNED)


def to_urge(now: dt.datetime) -> list[int]:
    """Return the orders to remind of."""
    found = SupervisionOrder.objects.filter(state__in=UNANSWERED, urges=[], urge_at__lte=now, overdue_at__isnull=True)
    return list(found.values_list("pk", flat=True)[:200])


def to_escalate(now: dt.datetime) -> list[int]:
    """Return the orders whose date has passed unnoticed."""
    found = SupervisionOrder.objects.filter(state__in=UNANSWERED, overdue_at__isnull=True, due_at__lte=now)
    return list(found.values_list("pk", flat=True)[:200])

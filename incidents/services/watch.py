"""Watch entries (布控, M12, design 9): asked with a legal basis, approved by somebody else, with an end."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import keys
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Incident, WatchEntry
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.roles import WATCH_COMMANDER
from incidents.row import stamp

State, Subject = WatchEntry.State, WatchEntry.Subject
USUAL, LONGEST = dt.timedelta(hours=72), dt.timedelta(days=30)
OPEN = (State.WAITING, State.ACTIVE)


def normal(subject: str, value: str) -> str:
    """Return a value as it is compared: NFKC, capitals, without spaces, dots and dashes."""
    return keys.phone_key(value) if subject == Subject.NUMBER else keys.key(value)


@command
def ask_watch(
    *,
    by: Actor,
    subject: str,
    value: str,
    incident_id: int | None,
    reason: str,
    legal_basis: str,
    expires_at: dt.datetime | None = None,
) -> WatchEntry:
    """Ask for a watch entry, for 72 hours unless another end within thirty days is named; the watch commander is told.
    Nothing is watched before somebody else has approved."""
    now = timezone.now()
    ends = expires_at or now + USUAL
    if not now < ends <= now + LONGEST:
        raise BadInput(expires_at=_("A watch entry ends after now and within thirty days."))
    known = normal(subject, value)
    if len(known) < 4:
        raise BadInput(value=_("This is too short to be watched for."))
    incident = None if incident_id is None else Incident.locked(incident_id, by.centre_id)
    if incident is not None and incident.is_complaint:
        raise NotFound()
    try:
        with transaction.atomic():
            row = WatchEntry.make(
                by=by,
                now=now,
                centre_id=by.centre_id,
                subject=subject,
                value=known,
                incident=incident,
                reason=reason,
                legal_basis=legal_basis,
                asked_by_id=by.user_id,
                asked_by_no=by.badge,
                asked_by_name=by.name,
                expires_at=ends,
            )
    except IntegrityError as error:
        raise BadInput(value=_("This is watched for already, or waits for approval.")) from error
    alert = raise_alert(
        "watch_asked", centre_id=by.centre_id, by=by, now=now, incident_id=incident_id, entry=row.pk, subject=subject,
        value=known, reason=reason, asked_by=by.badge,
    )  # fmt: skip
    record("watch.asked", row, alert, subject=subject, expires_at=stamp(ends))
    return row


def asked_alerts(row: WatchEntry, now: dt.datetime) -> list[Alert]:
    """End the alert that asked for this entry's approval."""
    return end_causes(now, "watch_asked", centre_id=row.centre_id, **{"data->>'entry'": str(row.pk)})


@command
def approve_watch(*, by: Actor, entry_id: int) -> WatchEntry:
    """Put an entry in force (watch commander). Nobody approves the own one."""
    now = timezone.now()
    row = WatchEntry.locked(entry_id, by.centre_id)
    if row.state == State.ACTIVE:
        return row
    refuse_own(row, by)
    if row.state != State.WAITING or row.expires_at <= now:
        raise WrongTurn(row)
    row.change(by=by, now=now, state=State.ACTIVE, approved_by_id=by.user_id, approved_by_no=by.badge, approved_at=now)
    record("watch.approved", row, *asked_alerts(row, now), subject=row.subject, expires_at=stamp(row.expires_at))
    return row


@command
def refuse_watch(*, by: Actor, entry_id: int, reason: str) -> WatchEntry:
    """Refuse an entry that waits, and say why (watch commander)."""
    now = timezone.now()
    row = WatchEntry.locked(entry_id, by.centre_id)
    if row.state == State.REFUSED:
        return row
    if row.state != State.WAITING:
        raise WrongTurn(row)
    refuse_own(row, by)
    row.change(by=by, now=now, state=State.REFUSED, end_reason=reason, ended_at=now)
    record("watch.refused", row, *asked_alerts(row, now), subject=row.subject, reason=reason)
    return row


def refuse_own(row: WatchEntry, by: Actor) -> None:
    """Refuse a decision on what one has asked for."""
    if row.state == State.WAITING and row.asked_by_id == by.user_id:
        raise WrongTurn(row, _("Somebody else approves what one has asked for."))


@command
def withdraw_watch(*, by: Actor, entry_id: int, reason: str) -> WatchEntry:
    """End an entry before its time: whoever asked for it, or the watch commander."""
    now = timezone.now()
    row = WatchEntry.locked(entry_id, by.centre_id)
    if row.asked_by_id != by.user_id and not by.has(WATCH_COMMANDER):
        raise Forbidden(_("Who asked for it, or the watch commander, withdraws a watch entry."))
    if row.state == State.WITHDRAWN:
        return row
    if row.state not in OPEN:
        raise WrongTurn(row)
    row.change(by=by, now=now, state=State.WITHDRAWN, end_reason=reason, ended_at=now)
    record("watch.withdrawn", row, *asked_alerts(row, now), subject=row.subject, reason=reason)
    return row


def run_out(now: dt.datetime) -> list[int]:
    """Return the entries whose end has come."""
    found = WatchEntry.objects.filter(state__in=OPEN, expires_at__lte=now)
    return list(found.order_by("id").values_list("id", flat=True)[:500])


@command
def expire_watch(*, by: Actor | None, entry_id: int) -> WatchEntry:
    """End an entry at its end; harmless when run twice."""
    now = timezone.now()
    centre_id = WatchEntry.objects.values_list("centre_id", flat=True).get(pk=entry_id)
    row = WatchEntry.locked(entry_id, centre_id)
    if row.state in OPEN and row.expires_at <= now:
        row.change(by=by, now=now, state=State.EXPIRED, ended_at=now)
        record("watch.expired", row, *asked_alerts(row, now), subject=row.subject)
    return row

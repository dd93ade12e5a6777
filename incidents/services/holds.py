"""Legal holds (保全): they stop redaction at once; ending one takes a reason and two people (R12)."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Call, Callback, Incident, LegalHold, Party
from incidents.refusals import BadInput, WrongTurn
from incidents.services import numbers

Scope = LegalHold.Scope


def take_turns(centre_id: int) -> None:
    """Let holds and redactions of a centre take turns: a hold that was placed first is seen, one that comes while
    something is redacted waits for its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"hold/{centre_id}"])


@command
def place_hold(
    *, by: Actor, scope: str, incident_id: int | None, subject: str, since: dt.datetime | None,
    before: dt.datetime | None, reason: str, legal_basis: str, until: dt.datetime | None,
) -> LegalHold:  # fmt: skip
    """Stop the redaction of an incident, of everything about a person, number or plate, or of a period, from now on."""
    now = timezone.now()
    take_turns(by.centre_id)
    incident = Incident.locked(incident_id, by.centre_id) if scope == Scope.INCIDENT and incident_id else None
    check(scope, incident=incident, subject=subject, since=since, before=before)
    if until is not None and until <= now:
        raise BadInput(until=_("The date must lie ahead."))
    row_id = numbers.next_id("incidents_legalhold")
    hold = LegalHold.make(
        by=by,
        now=now,
        id=row_id,
        hold_no=numbers.number(centres.centre(by.centre_id), "H", row_id, now),
        centre_id=by.centre_id,
        scope=scope,
        incident=incident,
        subject=subject if scope == Scope.SUBJECT else "",
        since=since if scope == Scope.PERIOD else None,
        before=before if scope == Scope.PERIOD else None,
        reason=reason,
        legal_basis=legal_basis,
        placed_by_no=by.badge,
        until=until,
    )
    record("hold.placed", hold, hold_no=hold.hold_no, reason=reason)
    return hold


def check(
    scope: str, *, incident: Incident | None, subject: str, since: dt.datetime | None, before: dt.datetime | None
) -> None:
    """Refuse a hold that does not say what it holds."""
    if scope == Scope.INCIDENT and incident is None:
        raise BadInput(incident=_("Name the incident."))
    if scope == Scope.SUBJECT and not bare(subject):
        raise BadInput(subject=_("Name the person, number or plate."))
    if scope == Scope.PERIOD and (since is None or before is None or since >= before):
        raise BadInput(before=_("A period has a beginning and a later end."))


@command
def ask_end(*, by: Actor, hold_id: int, reason: str) -> LegalHold:
    """Ask for the end of a hold; somebody else decides."""
    now = timezone.now()
    hold = LegalHold.locked(hold_id, by.centre_id)
    if hold.ended_at is not None:
        raise WrongTurn(hold)
    if hold.end_asked_at is not None:
        return hold
    hold.change(by=by, now=now, end_asked_at=now, end_asked_by_no=by.badge, end_reason=reason)
    alert = raise_alert(
        "approval_asked", centre_id=hold.centre_id, by=by, now=now, incident_id=hold.incident_id,
        hold=hold.pk, what="hold_end", hold_no=hold.hold_no, reason=reason,
    )  # fmt: skip
    record("hold.end_asked", hold, alert, hold_no=hold.hold_no, reason=reason)
    return hold


def asked(hold_id: int, by: Actor) -> LegalHold:
    """Lock a hold whose end was asked for. Nobody decides on the own question."""
    hold = LegalHold.locked(hold_id, by.centre_id)
    if hold.ended_at is not None or hold.end_asked_at is None:
        raise WrongTurn(hold)
    if hold.end_asked_by_no == by.badge:
        raise WrongTurn(hold, _("Somebody else approves what one has asked for."))
    return hold


@command
def approve_end(*, by: Actor, hold_id: int) -> LegalHold:
    """End a hold that somebody else asked to end; from now on the periods count again."""
    now = timezone.now()
    hold = asked(hold_id, by)
    hold.change(by=by, now=now, ended_at=now, ended_by_no=by.badge)
    record("hold.ended", hold, *decided(hold, now), hold_no=hold.hold_no, reason=hold.end_reason)
    return hold


@command
def refuse_end(*, by: Actor, hold_id: int, reason: str) -> LegalHold:
    """Keep a hold whose end was asked for."""
    now = timezone.now()
    hold = asked(hold_id, by)
    hold.change(by=by, now=now, end_asked_at=None, end_asked_by_no="", end_reason="")
    record("hold.end_refused", hold, *decided(hold, now), hold_no=hold.hold_no, reason=reason)
    return hold


def decided(hold: LegalHold, now: dt.datetime) -> list[Alert]:
    """End the alert that asked."""
    return end_causes(now, "approval_asked", centre_id=hold.centre_id, **{"data->>'hold'": str(hold.pk)})


# --- what is held ---


def active(centre_id: int, now: dt.datetime) -> list[LegalHold]:
    """Return the holds of a centre that stop redaction now."""
    found = (
        LegalHold.objects.filter(centre_id=centre_id, ended_at__isnull=True).select_related("incident").order_by("id")
    )
    return [hold for hold in found if hold.is_active(now)]


def of_incidents(incidents: list[Incident], now: dt.datetime) -> list[LegalHold]:
    """Return the active holds that cover any of some incidents of one centre."""
    holds = active(incidents[0].centre_id, now) if incidents else []
    if not holds:
        return []
    ids = {incident.pk for incident in incidents}
    known = identifiers(incidents) if any(hold.scope == Scope.SUBJECT for hold in holds) else set()
    return [hold for hold in holds if covers(hold, ids, known, [incident.answered_at for incident in incidents])]


def of_call(call: Call, now: dt.datetime) -> list[LegalHold]:
    """Return the active holds that cover a call without an incident."""
    known = {bare(getattr(call, name)) for name in CALLER}
    return [hold for hold in active(call.centre_id, now) if covers(hold, set(), known, [call.ring_at])]


def covers(hold: LegalHold, ids: set[int], known: set[str], moments: list[dt.datetime]) -> bool:
    """Tell whether a hold covers one of the incidents, people or moments."""
    if hold.scope == Scope.INCIDENT:
        return hold.incident_id in ids
    if hold.scope == Scope.SUBJECT:
        return bare(hold.subject) in known
    return hold.since is not None and hold.before is not None and any(hold.since <= at < hold.before for at in moments)


CALLER = ("caller_number", "contact_phone", "caller_name", "subscriber")
NAMES: list[tuple[Any, tuple[str, ...]]] = [
    (Call, CALLER),
    (Party, ("name", "phone", "id_no", "plate", "frame_no")),
    (Callback, ("number",)),
]


def identifiers(incidents: list[Incident]) -> set[str]:
    """Return every name, number and plate that stands in some incidents."""
    ids = [incident.pk for incident in incidents]
    found = {getattr(one, name) for one in incidents for name in ("contact_name", "contact_phone", "vehicle_plate")}
    for model, names in NAMES:
        for values in model.objects.filter(incident_id__in=ids).values_list(*names):
            found.update(values)
    return {bare(value) for value in found if value}


def bare(value: str) -> str:
    """Return a name or number without spaces, dashes and width, in small letters."""
    plain = unicodedata.normalize("NFKC", value).casefold()
    return "".join(letter for letter in plain if letter.isalnum())

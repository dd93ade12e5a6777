"""Flags on numbers: asked by anybody at the desk, in force once the watch commander approved, until they expire (R20)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Call, NumberFlag
from incidents.refusals import BadInput, WrongTurn
from incidents.row import stamp

LONGEST = dt.timedelta(days=366)
Kind = NumberFlag.Kind


def flag_of(centre_id: int, number: str, now: dt.datetime) -> str:
    """Return "protected", "nuisance" or "" for a caller's number; protection outranks a nuisance flag."""
    if not number:
        return ""
    kinds = set(
        NumberFlag.objects.filter(
            centre_id=centre_id,
            number=number,
            approved_at__isnull=False,
            ended_at__isnull=True,
            expires_at__gt=now,
        ).values_list("kind", flat=True)
    )
    return str(next((kind for kind in (Kind.PROTECTED, Kind.NUISANCE) if kind in kinds), ""))


@command
def ask_flag(*, by: Actor, number: str, kind: str, reason: str, expires_at: dt.datetime) -> NumberFlag:
    """Ask for a flag; the watch commander is told."""
    now = timezone.now()
    if not now < expires_at <= now + LONGEST:
        raise BadInput(expires_at=_("A flag ends after now and within a year."))
    unheard = Call.objects.filter(centre_id=by.centre_id, caller_number=number, coded_at__isnull=False)
    if kind == Kind.NUISANCE and unheard.filter(listened_at__isnull=True).exists():
        raise BadInput(kind=_("A coded call is no nuisance before somebody has listened to the recording."))
    # What ran out is ended, so that a new one may be asked.
    for old in NumberFlag.objects.select_for_update().filter(
        centre_id=by.centre_id, number=number, kind=kind, ended_at__isnull=True, expires_at__lte=now
    ):
        old.change(by=by, now=now, ended_at=now, end_reason="expired")
    try:
        with transaction.atomic():
            flag = NumberFlag.make(
                by=by,
                now=now,
                centre_id=by.centre_id,
                number=number,
                kind=kind,
                reason=reason,
                asked_by_no=by.badge,
                expires_at=expires_at,
            )
    except IntegrityError as error:
        raise BadInput(number=_("This number has such a flag already.")) from error
    alert = raise_alert(
        "flag_asked", centre_id=by.centre_id, by=by, now=now, flag=flag.pk, number=number, of=kind, reason=reason
    )
    record("number.flag_asked", flag, alert, number=number, expires_at=stamp(expires_at))
    return flag


@command
def approve_flag(*, by: Actor, flag_id: int) -> NumberFlag:
    """Put a flag in force (watch commander). Nobody approves the own one."""
    now = timezone.now()
    flag = NumberFlag.locked(flag_id, by.centre_id)
    if flag.approved_at is not None and flag.ended_at is None:
        return flag
    if flag.ended_at is not None or flag.expires_at <= now:
        raise WrongTurn(flag)
    if flag.asked_by_no == by.badge:
        raise WrongTurn(flag, _("Somebody else approves what one has asked for."))
    flag.change(by=by, now=now, approved_at=now, approved_by_no=by.badge)
    record("number.flag_approved", flag, *asked_alerts(flag, now), number=flag.number)
    return flag


@command
def end_flag(*, by: Actor, flag_id: int, reason: str) -> NumberFlag:
    """End a flag or refuse one that is asked for (watch commander)."""
    now = timezone.now()
    flag = NumberFlag.locked(flag_id, by.centre_id)
    if flag.ended_at is None:
        flag.change(by=by, now=now, ended_at=now, end_reason=reason)
        record("number.flag_ended", flag, *asked_alerts(flag, now), number=flag.number, reason=reason)
    return flag


def asked_alerts(flag: NumberFlag, now: dt.datetime) -> list[Alert]:
    """End the alert that asked for this flag's approval."""
    return end_causes(now, "flag_asked", centre_id=flag.centre_id, **{"data->>'flag'": str(flag.pk)})

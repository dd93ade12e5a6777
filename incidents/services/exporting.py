"""Taking files out of the system: each one is journalled, and too many or too long ones are refused and told (A14)."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from incidents.actor import Actor
from incidents.alerts import raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Export
from incidents.refusals import TooLong, TooManyExports
from incidents.row import Json

AN_HOUR = dt.timedelta(hours=1)
FILES_AN_HOUR = 50
LINES_AT_ONCE = 20_000
LIMIT = "export_limit"


def let_out(by: Actor, what: str, form: str, lines: int) -> None:
    """Journal that somebody takes out a file of so many lines. Raises TooManyExports beyond 50 files an hour, TooLong
    beyond 20,000 lines; the watch commander is told of both (A14)."""
    try:
        take_out(by=by, what=what, form=form, lines=lines)
    except (TooManyExports, TooLong):
        tell_limit(by=by, what=what, lines=lines)
        raise


@command
def take_out(*, by: Actor, what: str, form: str, lines: int) -> Json:
    """Count and journal a file that leaves the system."""
    now = timezone.now()
    if lines > LINES_AT_ONCE:
        raise TooLong()
    if Export.objects.filter(user_id=by.user_id, at__gt=now - AN_HOUR).count() >= FILES_AN_HOUR:
        raise TooManyExports()
    Export.objects.create(at=now, centre_id=by.centre_id, user_id=by.user_id, what=what, form=form, lines=lines)
    record("export.taken", centre_id=by.centre_id, what=what, form=form, lines=lines)
    return {}


@command
def tell_limit(*, by: Actor, what: str, lines: int) -> Json:
    """Tell the watch commander who runs into a limit; once in an hour is enough."""
    now = timezone.now()
    known = Alert.objects.filter(centre_id=by.centre_id, kind=LIMIT, raised_at__gt=now - AN_HOUR, data__badge=by.badge)
    if known.exists():
        return {}
    alert = raise_alert(LIMIT, centre_id=by.centre_id, by=by, now=now, badge=by.badge, what=what, lines=lines)
    record("export.limited", alert, badge=by.badge, what=what, lines=lines)
    return {}

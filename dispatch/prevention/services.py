"""A warning is raised by rule, taken on by a person, acted on, and ended with an outcome (M12, M32)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.prevention import past
from dispatch.prevention.models import PreventionWarning
from dispatch.prevention.signals import Finding
from incidents import places
from incidents.actor import Actor
from incidents.commands import command
from incidents.geo import distance_m
from incidents.journal import record
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.roles import ANALYST, OFFICER, STATION_DUTY, WATCH_COMMANDER
from incidents.row import Json, stamp
from patrol.models import Unit

Kind, State, Outcome = PreventionWarning.Kind, PreventionWarning.State, PreventionWarning.Outcome
SEEING_TO: Final = (WATCH_COMMANDER, STATION_DUTY, ANALYST)
OUTCOMES: Final = (Outcome.QUIET, Outcome.AGAIN, Outcome.CAUGHT, Outcome.NO_MATTER)
SAME_PLACE_M: Final = 75.0
AT_MOST_ACTS: Final = 200


def standing(centre_id: int, found: Finding) -> PreventionWarning | None:
    """Return the newest warning of the same thing: of the subject, or where it is a place, of one beside it."""
    same = PreventionWarning.objects.filter(centre_id=centre_id, kind=found.kind).order_by("-id")
    if found.kind == Kind.SERIES:
        return same.filter(incidents__overlap=list(found.incidents)).first()
    if found.lat is None or found.lng is None or found.kind == Kind.HOT_SPOT:
        return same.filter(subject=found.subject).first()
    within = found.radius_m if found.kind == Kind.NEAR_REPEAT and found.radius_m else SAME_PLACE_M
    near = 0.004
    box = {"lat__range": (found.lat - near, found.lat + near), "lng__range": (found.lng - near, found.lng + near)}
    for row in same.filter(**box)[:50]:
        if (
            row.lat is None
            or row.lng is None
            or (found.kind == Kind.NEAR_REPEAT and row.type_group != found.type_group)
        ):
            continue
        if distance_m(row.lat, row.lng, found.lat, found.lng) <= within:
            return row
    return None


def is_news(known: PreventionWarning | None, found: Finding, least: int) -> bool:
    """Tell whether a finding deserves a warning: none stands, and since the last one enough has happened anew."""
    if known is None:
        return True
    if known.is_open:
        return False
    return sum(one > known.watermark for one in found.incidents) >= least


LEAST_NEW: Final = {
    Kind.REPEAT_ADDRESS: 3,
    Kind.REPEAT_CALLER: 3,
    Kind.SERIES: 1,
    Kind.HOT_SPOT: 3,
    Kind.NEAR_REPEAT: 1,
}


@command
def raise_warning(*, by: Actor | None, centre_id: int, found: Finding) -> Json:
    """Raise the warning of a finding, unless one stands or nothing is new since the last one."""
    now = timezone.now()
    if not is_news(standing(centre_id, found), found, LEAST_NEW[Kind(found.kind)]):
        return {}
    located = (
        places.locate(centre_id, found.lat, found.lng) if found.lat is not None and found.lng is not None else None
    )
    try:
        with transaction.atomic():
            made = PreventionWarning.make(
                by=by, now=now, centre_id=centre_id, kind=found.kind, subject=found.subject, watermark=found.watermark,
                type_group=found.type_group, place_text=found.place[:200], lat=found.lat, lng=found.lng,
                radius_m=found.radius_m, hour=found.hour, hours=found.hours, reason=found.reason,
                incidents=list(found.incidents), raised_at=now, valid_until=now + dt.timedelta(days=found.days_valid),
                organisation_id=located.organisation_id if located else None,
                organisation_name=located.organisation_name if located else "",
            )  # fmt: skip
    except IntegrityError:
        return {}  # another process has found the same
    note(made, "warning.raised", warning_kind=made.kind)
    return {"warning": made.row()}


def note(row: PreventionWarning, kind: str, /, **data: str) -> None:
    """Record something about a warning. The entry names it and holds no row: a warning rests on many incidents, and
    what is redacted with one of them must not stay in the journal under none."""
    record(kind, centre_id=row.centre_id, incident_id=None, warning=row.pk, **data)


def of_reader(by: Actor, warning_id: int) -> PreventionWarning:
    """Lock a warning that a person may see to: a station only what lies in its area. Raises NotFound."""
    row = PreventionWarning.locked(warning_id, by.centre_id)
    if not by.has(WATCH_COMMANDER, ANALYST, OFFICER) and row.organisation_id != by.org_id:
        raise NotFound()
    return row


@command
def acknowledge_warning(*, by: Actor, warning_id: int) -> PreventionWarning:
    """Take a warning on: one owns it from now on. A repeat changes nothing, somebody else's is refused."""
    now = timezone.now()
    row = of_reader(by, warning_id)
    if row.state == State.ACKNOWLEDGED and row.owner_id == by.user_id:
        return row
    if row.state != State.OPEN:
        raise WrongTurn(row)
    row.change(by=by, now=now, state=State.ACKNOWLEDGED, acknowledged_at=now, **owned(by))
    note(row, "warning.acknowledged", badge=by.badge)
    return row


def owned(by: Actor) -> dict[str, Any]:
    """Return a person as the owner."""
    return {"owner_id": by.user_id, "owner_no": by.badge, "owner_name": by.name}


@command
def act_on_warning(*, by: Actor, warning_id: int, words: str) -> PreventionWarning:
    """Say what was done about a warning: a patrol, a talk, a lamp that was mended. A unit's own word counts as its act;
    whoever acts on one that nobody owns owns it."""
    now = timezone.now()
    row = of_reader(by, warning_id)
    street = not by.has(*SEEING_TO)
    if street and (by.on_unit is None or row.lat is None or row.kind == Kind.REPEAT_CALLER):
        raise Forbidden()
    if row.state == State.ENDED:
        raise WrongTurn(row)
    if len(row.acts) >= AT_MOST_ACTS:
        raise BadInput(words=_("So much has been done about it: end it with what came of it."))
    unit = Unit.objects.filter(pk=by.on_unit).values_list("call_sign", flat=True).first() if by.on_unit else ""
    done = {"at": stamp(now), "by": by.badge, "by_name": by.name, "unit": unit or "", "words": words}
    first = {} if row.owner_no else owned(by)
    row.change(by=by, now=now, state=State.ACTED, acted_at=row.acted_at or now, acts=[*row.acts, done], **first)
    note(row, "warning.acted", who=unit or by.badge)
    return row


@command
def end_warning(*, by: Actor, warning_id: int, outcome: str, words: str) -> PreventionWarning:
    """End a warning with what came of it, in words."""
    now = timezone.now()
    row = of_reader(by, warning_id)
    if row.state == State.ENDED:
        raise WrongTurn(row)
    row.change(by=by, now=now, state=State.ENDED, ended_at=now, outcome=outcome, outcome_words=words)
    note(row, "warning.ended", outcome=outcome)
    return row


def run_out(now: dt.datetime) -> list[int]:
    """Return the warnings whose time has passed, at most a hundred at once."""
    found = PreventionWarning.objects.filter(valid_until__lte=now).exclude(state=State.ENDED)
    return list(found.order_by("valid_until").values_list("pk", flat=True)[:100])


@command
def let_warning_pass(*, by: Actor | None, warning_id: int) -> PreventionWarning:
    """End a warning whose time has passed: nobody took it on, or it was quiet since the first act, or not."""
    now = timezone.now()
    row = PreventionWarning.objects.select_for_update().get(pk=warning_id)
    if row.state == State.ENDED or row.valid_until > now:
        return row
    outcome = Outcome.RUN_OUT if row.state == State.OPEN else came_of_it(row)
    row.change(by=by, now=now, state=State.ENDED, ended_at=now, outcome=outcome)
    note(row, "warning.ended", outcome=outcome)
    return row


def came_of_it(row: PreventionWarning) -> str:
    """Tell whether it happened again since somebody saw to it: the same types within the radius."""
    since = row.acted_at or row.acknowledged_at or row.raised_at
    types = (row.type_group,) if row.type_group else past.PREVENTABLE
    if row.lat is None or row.lng is None:
        return str(Outcome.QUIET)
    near = [
        one for one in past.happened(row.centre_id, since, row.valid_until, types)
        if distance_m(one.lat, one.lng, row.lat, row.lng) <= (row.radius_m or SAME_PLACE_M)
    ]  # fmt: skip
    return str(Outcome.AGAIN if near else Outcome.QUIET)

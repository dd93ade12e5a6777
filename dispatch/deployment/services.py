"""A trial is asked for, played by a worker, and answered, failed or cancelled; each is journalled."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch import history
from dispatch import policy as policies
from dispatch.deployment.fleet import ADD, MOVE, REMOVE, SHIFT
from dispatch.deployment.models import DeploymentTrial
from dispatch.statistics.period import Period, day_of, of_days
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Centre
from incidents.refusals import BadInput, WrongTurn
from incidents.row import Json
from patrol.models import NEVER_SENT, Shift, Unit

State, Failure = DeploymentTrial.State, DeploymentTrial.Failure
LONGEST_DAYS: Final = 92
AT_ONCE: Final = 5  # open trials of a centre
DONE_WITHIN: Final = dt.timedelta(hours=3)


@command
def ask_trial(
    *, by: Actor, name: str, since: dt.date, until: dt.date, way: str, changes: Sequence[Json]
) -> DeploymentTrial:
    """Ask what another deployment would have done from a day to a day, both included and over. `changes` name units by
    call sign, as a person types them. Raises BadInput with the path of what cannot be."""
    now = timezone.now()
    span = played_period(since, until, now)
    refuse_too_many(by.centre_id)
    taken = [change_of(by.centre_id, number, one) for number, one in enumerate(changes)]
    shifts = Shift.objects.filter(centre_id=by.centre_id, started_at__lt=span.until)
    if not shifts.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=span.since)).exists():
        raise BadInput(since=_("No unit was on duty in this period."))
    title = name.strip() or f"{span.first} – {span.last}"
    made = DeploymentTrial.make(
        by=by, now=now, centre_id=by.centre_id, name=title, since=span.since, until=span.until, way=way,
        changes=taken, seed=zlib.crc32(f"{by.centre_id}/{span.first}/{span.last}".encode()) >> 1,
        policy=policies.current().version, spread=history.parameters(by.centre_id, now).row(), asked_by_no=by.badge, asked_by_name=by.name, asked_at=now,
        due_at=now + DONE_WITHIN, days=len(span.days()),
    )  # fmt: skip
    note(made, "deployment.asked", days=made.days, changes=len(taken))
    return made


def played_period(since: dt.date, until: dt.date, now: dt.datetime) -> Period:
    """Return the period of a trial. Raises BadInput unless it is over and of a length that can be played."""
    if until >= day_of(now):
        raise BadInput(until=_("Only days that are over can be played."))
    if not 0 <= (until - since).days < LONGEST_DAYS:
        raise BadInput(since=too_long())
    return of_days(since, until)


def too_long() -> Any:
    """Return the sentence about the length of a period."""
    return _("A period of 1 to %(most)s days is wanted here.") % {"most": LONGEST_DAYS}


def refuse_too_many(centre_id: int) -> None:
    """Refuse a trial while enough wait. The centre's row is locked: two that ask at once do not both get the last
    place."""
    Centre.objects.select_for_update(no_key=True).get(pk=centre_id)
    waiting = DeploymentTrial.objects.filter(centre_id=centre_id, state__in=[State.ASKED, State.RUNNING]).count()
    if waiting >= AT_ONCE:
        raise BadInput(name=_("%(most)s trials are open already; wait for one or cancel it.") % {"most": AT_ONCE})


def change_of(centre_id: int, number: int, said: Json) -> Json:
    """Return a change as it is kept and played: units by number, with their call sign beside it."""
    at, kind = f"changes__{number}", said["kind"]
    found: Json = {"kind": kind, "call_sign": said.get("call_sign", "")}
    if kind in (MOVE, REMOVE, SHIFT):
        unit = Unit.objects.filter(centre_id=centre_id, call_sign__iexact=found["call_sign"]).first()
        if unit is None or unit.kind in NEVER_SENT:
            raise BadInput(**{f"{at}__call_sign": _("No unit has this call sign.")})
        found |= {"unit": unit.pk, "call_sign": unit.call_sign, "label": unit.label}
    if kind in (MOVE, ADD):
        if said.get("point") is None:
            raise BadInput(**{f"{at}__point": _("Name the place of the post.")})
        found |= {"lat": said["point"]["lat"], "lng": said["point"]["lng"], "place": said.get("place", "")}
    if kind == SHIFT:
        if not said.get("minutes"):
            raise BadInput(**{f"{at}__minutes": _("Say by how many minutes the shift moves.")})
        found["minutes"] = said["minutes"]
    if kind == ADD:
        found |= new_unit(at, number, said)
    return found


def new_unit(at: str, number: int, said: Json) -> Json:
    """Return the facts of a unit that is added."""
    if not said.get("unit_kind") or said["unit_kind"] in NEVER_SENT:
        raise BadInput(**{f"{at}__unit_kind": _("Say of which kind the unit is.")})
    return {
        "call_sign": said.get("call_sign") or f"+{number + 1}",
        "unit_kind": said["unit_kind"],
        "from_minute": said.get("from_minute", 0),
        "to_minute": said.get("to_minute", 0),
    }


@command
def cancel_trial(*, by: Actor, trial_id: int) -> DeploymentTrial:
    """Cancel a trial that is still to be played; a repeat changes nothing."""
    now = timezone.now()
    row = DeploymentTrial.locked(trial_id, by.centre_id)
    if row.state == State.CANCELLED:
        return row
    if not row.is_open:
        raise WrongTurn(row)
    row.change(by=by, now=now, state=State.CANCELLED, ended_at=now, lease_until=None)
    note(row, "deployment.cancelled")
    return row


@command
def answer_trial(*, by: Actor | None, centre_id: int, trial_id: int, answer: Json) -> DeploymentTrial:
    """Keep the answer of a trial that runs; one that ended in any way stays as it is."""
    now = timezone.now()
    row = DeploymentTrial.locked(trial_id, centre_id)
    if row.state != State.RUNNING:
        return row
    row.change(by=by, now=now, state=State.ANSWERED, ended_at=now, lease_until=None, answer=answer)
    note(row, "deployment.answered", n=answer["n"], days=answer["days"])
    return row


@command
def fail_trial(*, by: Actor | None, centre_id: int, trial_id: int, failure: str) -> DeploymentTrial:
    """Give a trial up, with the reason; one that ended in any way stays as it is."""
    now = timezone.now()
    row = DeploymentTrial.locked(trial_id, centre_id)
    if not row.is_open:
        return row
    row.change(by=by, now=now, state=State.FAILED, ended_at=now, lease_until=None, failure=failure)
    note(row, "deployment.failed", failure=failure)
    return row


def note(row: DeploymentTrial, kind: str, /, **data: Any) -> None:
    """Record something about a trial. The entry names it and holds no row: a trial is nobody's to see on the street."""
    record(kind, centre_id=row.centre_id, incident_id=None, deployment_trial=row.pk, **data)

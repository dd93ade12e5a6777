"""The roster (勤务报备): planning shifts, changing them, and what becomes of the plan when a crew signs on (row 66)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import duty
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import User
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.roles import WATCH_COMMANDER
from incidents.row import Json, stamp
from patrol.duty.models import PlannedMember, PlannedShift
from patrol.models import Shift, Unit

LONGEST = dt.timedelta(hours=24)
EARLY = dt.timedelta(minutes=60)  # before the planned start a sign-on still counts for it
FIXED_BY_SIGN_ON = ("starts_at", "lead", "crew")
AT_ONCE = 200


@command
def plan_shift(*, by: Actor | None, centre_id: int, unit_id: int, facts: Json) -> PlannedShift:
    """Plan a shift: `{"lead", "crew", "starts_at", "ends_at"}` and, where known, `vehicle, post, post_lat, post_lng,
    beat`. Raises BadInput when the unit or one of the people is planned at that time already, or the lead is not
    sworn (M46)."""
    now = timezone.now()
    unit = unit_of(centre_id, unit_id, by)
    row = planned(unit, facts, by=by, now=now)
    record("roster.planned", row, call_sign=unit.call_sign, starts_at=stamp(row.starts_at), ends_at=stamp(row.ends_at))
    return row


def unit_of(centre_id: int, unit_id: int, by: Actor | None) -> Unit:
    """Return a unit that this person plans: the watch commander all, a station's duty desk its own."""
    unit = Unit.objects.filter(pk=unit_id, centre_id=centre_id, ended_at__isnull=True).first()
    if unit is None:
        raise BadInput(unit=_("There is no such unit."))
    must_plan(unit, by)
    return unit


def must_plan(unit: Unit, by: Actor | None) -> None:
    """Refuse to plan another station's unit."""
    if by is not None and not by.has(WATCH_COMMANDER) and unit.squad_id != by.org_id:
        raise Forbidden(_("A station plans its own units."))


def planned(unit: Unit, facts: Json, *, by: Actor | None, now: dt.datetime) -> PlannedShift:
    """Insert a planned shift with its people inside a command."""
    people = crew_of(unit.centre_id, facts["lead"], facts.get("crew", []))
    check_span(facts["starts_at"], facts["ends_at"], now)
    values = {name: facts[name] for name in ("vehicle", "post", "post_lat", "post_lng", "beat") if name in facts}
    try:
        with transaction.atomic():
            row = PlannedShift.make(
                by=by, now=now, centre_id=unit.centre_id, unit=unit, lead=people[0], crew=shown(people),
                starts_at=facts["starts_at"], ends_at=facts["ends_at"], **values,
            )  # fmt: skip
            join(row, people)
    except IntegrityError as error:
        raise overlap(error, unit, people, facts["starts_at"], facts["ends_at"]) from error
    return row


def crew_of(centre_id: int, lead: str, crew: Sequence[str]) -> list[User]:
    """Return the people of a shift, the lead first. Raises BadInput for unknown ones and a lead who is not sworn."""
    badges = list(dict.fromkeys([lead, *crew]))
    found = User.objects.filter(centre_id=centre_id, badge__in=badges, is_active=True, groups__name="officer")
    people = {person.badge: person for person in found}
    for badge in badges:
        if badge not in people:
            field = "lead" if badge == lead else "crew"
            raise BadInput(**{field: _("There is no officer with badge %(badge)s.") % {"badge": badge}})
    if not people[lead].sworn:
        raise BadInput(lead=_("Only a sworn officer leads a unit."))
    return [people[badge] for badge in badges]


def shown(people: Sequence[User]) -> list[Json]:
    """Return people as a row shows them."""
    return [{"badge": one.badge, "name": one.name, "sworn": one.sworn} for one in people]


def join(row: PlannedShift, people: Sequence[User]) -> None:
    """Note who is planned on a shift."""
    PlannedMember.objects.bulk_create(
        [PlannedMember(planned=row, person=one, starts_at=row.starts_at, ends_at=row.ends_at) for one in people]
    )


def check_span(starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime) -> None:
    """Refuse a shift that ends before it starts, is over, or longer than a day."""
    if ends_at <= starts_at:
        raise BadInput(ends_at=_("The end must lie after the beginning."))
    if ends_at <= now:
        raise BadInput(ends_at=_("This shift would be over already."))
    if ends_at - starts_at > LONGEST:
        raise BadInput(ends_at=_("A shift lasts at most 24 hours."))


def overlap(
    error: IntegrityError, unit: Unit, people: Sequence[User], starts_at: dt.datetime, ends_at: dt.datetime
) -> Exception:
    """Say which overlap the database has refused; another refusal is raised as it came."""
    if "a_units_planned_shifts_never_overlap" in str(error):
        return BadInput(unit=_("%(unit)s is planned at that time already.") % {"unit": unit.call_sign})
    if "a_person_is_planned_on_one_shift_at_a_time" not in str(error):
        return error
    taken = PlannedMember.objects.filter(
        person__in=people, removed_at__isnull=True, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    names = list(taken.order_by("person__badge").values_list("person__badge", flat=True).distinct())
    return BadInput(crew=_("Planned on another shift at that time: %(badges)s.") % {"badges": ", ".join(names)})


@command
def change_planned(*, by: Actor, planned_id: int, version: int, facts: Json) -> PlannedShift:
    """Change a planned shift; once its crew has signed on only its end, its post and its beat."""
    now = timezone.now()
    row = PlannedShift.locked(planned_id, by.centre_id, version)
    must_plan(row.unit, by)
    if row.cancelled_at is not None or row.ends_at <= now:
        raise WrongTurn(row)
    if row.signed_on_at is not None and any(name in facts for name in FIXED_BY_SIGN_ON):
        raise WrongTurn(row, _("The crew has signed on: only the end, the post and the beat can be changed."))
    changes = rewritten(row, facts, by=by, now=now)
    if changes:
        record("roster.changed", row, call_sign=row.unit.call_sign, changes=changes)
    return row


def rewritten(row: PlannedShift, facts: Json, *, by: Actor | None, now: dt.datetime) -> Json:
    """Write other facts of a planned shift and its people inside a command."""
    lead, crew = facts.pop("lead", None), facts.pop("crew", None)
    starts_at, ends_at = facts.get("starts_at", row.starts_at), facts.get("ends_at", row.ends_at)
    if (starts_at, ends_at) != (row.starts_at, row.ends_at):
        check_span(starts_at, ends_at, now)
    badges = [one["badge"] for one in row.crew]
    others = [badge for badge in badges[1:] if badge != lead]
    people = crew_of(row.centre_id, lead or badges[0], others if crew is None else crew)
    fields = {**facts, "lead": people[0], "crew": shown(people)}
    try:
        with transaction.atomic():
            PlannedMember.objects.filter(planned=row, removed_at__isnull=True).update(removed_at=now)
            changes = row.change(by=by, now=now, **fields)
            join(row, people)
    except IntegrityError as error:
        raise overlap(error, row.unit, people, starts_at, ends_at) from error
    return changes


@command
def cancel_planned(*, by: Actor, planned_id: int, reason: str) -> PlannedShift:
    """Take a planned shift off the roster; one that has begun is ended by its crew."""
    now = timezone.now()
    row = PlannedShift.locked(planned_id, by.centre_id)
    must_plan(row.unit, by)
    if row.cancelled_at is not None:
        return row
    if row.signed_on_at is not None:
        raise WrongTurn(row, _("The crew has signed on."))
    PlannedMember.objects.filter(planned=row, removed_at__isnull=True).update(removed_at=now)
    row.change(by=by, now=now, cancelled_at=now, cancel_reason=reason)
    record("roster.cancelled", row, call_sign=row.unit.call_sign, reason=reason)
    return row


@command
def import_roster(*, by: Actor | None, centre_id: int, rows: Sequence[Json]) -> Json:
    """Plan many shifts, all or none: `{"call_sign", …facts}` each. What is planned already stays as it is; the same
    unit at the same start with other facts is changed. Raises BadInput with the number of each row that does not fit."""
    now = timezone.now()
    counts = {"made": 0, "changed": 0, "same": 0}
    touched: list[PlannedShift] = []
    refused: dict[str, Any] = {}
    for number, facts in enumerate(rows):
        try:
            how, row = taken_in(centre_id, dict(facts), by=by, now=now)
        except BadInput as error:
            refused |= {f"rows__{number}__{name}": found[0] for name, found in (error.fields or {}).items()}
            continue
        counts[how] += 1
        if how != "same":
            touched.append(row)
    if refused:
        raise BadInput(**refused)
    if touched:
        record("roster.imported", *touched, centre_id=centre_id, **counts)
    return counts


def taken_in(centre_id: int, facts: Json, *, by: Actor | None, now: dt.datetime) -> tuple[str, PlannedShift]:
    """Take one row of an import in and say how: made, changed or same."""
    call_sign = facts.pop("call_sign")
    unit = Unit.objects.filter(centre_id=centre_id, call_sign=call_sign, ended_at__isnull=True).first()
    if unit is None:
        raise BadInput(call_sign=_("There is no unit %(unit)s.") % {"unit": call_sign})
    try:
        must_plan(unit, by)
    except Forbidden as error:
        raise BadInput(call_sign=error.sentence) from error
    known = PlannedShift.objects.filter(unit=unit, starts_at=facts["starts_at"], cancelled_at__isnull=True).first()
    if known is None:
        return "made", planned(unit, facts, by=by, now=now)
    badges = [facts["lead"], *facts.get("crew", [])]
    same = [one["badge"] for one in known.crew] == list(dict.fromkeys(badges))
    rest = {name: value for name, value in facts.items() if name not in ("lead", "crew")}
    if same and all(getattr(known, name) == value for name, value in rest.items()):
        return "same", known
    if known.signed_on_at is not None:
        raise BadInput(starts_at=_("The crew has signed on."))
    rewritten(known, facts, by=by, now=now)
    return "changed", known


def sign_on(unit: Unit, shift: Shift, badges: Sequence[str], *, by: Actor, now: dt.datetime) -> None:
    """Hold a crew that comes on duty against the plan inside the command that starts the shift: on time or late, and
    who is missing."""
    row = (
        PlannedShift.objects.filter(
            unit=unit, cancelled_at__isnull=True, signed_on_at__isnull=True, starts_at__lte=now + EARLY, ends_at__gt=now
        )
        .select_for_update(no_key=True, of=("self",))
        .order_by("starts_at")
        .first()
    )
    if row is None:
        return
    row.unit = unit
    missing = [one["badge"] for one in row.crew if one["badge"] not in badges]
    row.change(by=by, now=now, shift=shift, signed_on_at=now, missing=missing)
    late_s = max(0, int((now - row.starts_at).total_seconds()))
    record("roster.signed_on", row, call_sign=unit.call_sign, late_s=late_s, missing=", ".join(missing))


def offered(by: Actor, now: dt.datetime) -> PlannedShift | None:
    """Return the planned shift that a person's sign-on offers first: the one that runs, else the next of twelve hours."""
    mine = PlannedMember.objects.filter(
        person_id=by.user_id, removed_at__isnull=True, ends_at__gt=now, starts_at__lte=now + dt.timedelta(hours=12)
    )
    found = mine.filter(planned__signed_on_at__isnull=True).select_related("planned__unit").order_by("starts_at")
    first = found.first()
    return first.planned if first else None


def sweep(now: dt.datetime) -> int:
    """Notice crews that have not signed on in time: one entry for all of a centre, no alarm."""
    waiting = PlannedShift.objects.filter(
        cancelled_at__isnull=True, signed_on_at__isnull=True, late_noticed_at__isnull=True, starts_at__lte=now
    )
    by_centre: dict[int, list[int]] = {}
    grace: dict[int, dt.timedelta] = {}
    for pk, centre_id, starts_at in waiting.values_list("pk", "centre_id", "starts_at")[:AT_ONCE]:
        if centre_id not in grace:
            grace[centre_id] = duty.present(centre_id).sign_on_within
        if starts_at + grace[centre_id] <= now:
            by_centre.setdefault(centre_id, []).append(pk)
    return sum(len(note_late(by=None, centre_id=one, planned_ids=ids)) for one, ids in by_centre.items())


@command
def note_late(*, by: Actor | None, centre_id: int, planned_ids: Sequence[int]) -> dict[str, Any]:
    """These crews have not signed on within the limit of the duty level."""
    now = timezone.now()
    rows = list(
        PlannedShift.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(pk__in=list(planned_ids), signed_on_at__isnull=True, late_noticed_at__isnull=True)
        .select_related("unit")
        .order_by("pk")
    )
    if not rows:
        return {}
    for row in rows:
        row.change(by=None, now=now, late_noticed_at=now)
    record("roster.late", *rows, centre_id=centre_id, units=", ".join(row.unit.call_sign for row in rows))
    return {"late": len(rows)}

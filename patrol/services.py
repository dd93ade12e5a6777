"""Units and shifts: who came on duty with whom, and every change of status (domain 5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Organisation, User
from incidents.refusals import BadInput, Forbidden, NotFound, UnitBusy, WrongTurn
from incidents.row import Json, stamp
from patrol.duty import away, roster
from patrol.models import CHOSEN, DERIVED, TRANSITIONS, CrewMember, Shift, Status, StatusPeriod, Unit


def set_status(unit: Unit, status: str, *, by: Actor | None, now: dt.datetime, reason: str = "", **fields: Any) -> Json:
    """Move a locked unit to a status: the only writer of the column; it stamps the time and closes the previous
    period. Raises WrongTurn for an impossible move; other `fields` are written in the same UPDATE."""
    if status == unit.status:
        return unit.change(by=by, now=now, **fields)
    if status not in TRANSITIONS[Status(unit.status)]:
        raise WrongTurn(unit)
    with connection.cursor() as cursor:
        # The count makes the INSERT wait for the UPDATE: a unit has one present status.
        cursor.execute(
            "WITH ended AS (UPDATE patrol_statusperiod SET ended_at = %s WHERE unit_id = %s AND ended_at IS NULL "
            "RETURNING 1) INSERT INTO patrol_statusperiod (unit_id, status, started_at) "
            "SELECT %s, %s, %s FROM (SELECT count(*) FROM ended) AS done",
            [now, unit.pk, unit.pk, str(status), now],
        )
    # Whoever has come back is expected no longer; the sweep ends the alert.
    fields = {"away_reason": "", "back_by": None, **fields}
    return unit.change(by=by, now=now, status=status, status_at=now, status_reason=reason, **fields)


@command
def register_unit(*, by: Actor | None, centre_id: int, call_sign: str, facts: dict[str, Any]) -> Unit:
    """Enter a unit into the register; a repeat with the same call sign answers with the row."""
    now = timezone.now()
    known = Unit.objects.filter(centre_id=centre_id, call_sign=call_sign).first()
    if known is not None:
        return known
    squad = Organisation.objects.get(pk=facts.pop("squad_id"))
    unit = Unit.make(
        by=by,
        now=now,
        centre_id=centre_id,
        call_sign=call_sign,
        squad=squad,
        squad_name=squad.name,
        status=Status.OFF_DUTY,
        status_at=now,
        **facts,
    )
    StatusPeriod.objects.create(unit=unit, status=Status.OFF_DUTY, started_at=now)
    record("unit.registered", unit)
    return unit


@command
def start_shift(*, by: Actor, unit_id: int, lead_no: str, crew_nos: list[str], equipment: list[str]) -> Unit:
    """Come on duty: the lead (sworn) and the crew on a unit. Raises UnitBusy when the unit is on a shift already."""
    now = timezone.now()
    unit = Unit.locked(unit_id, by.centre_id)
    if unit.ended_at is not None:
        raise NotFound()
    lead_no = lead_no or by.badge
    badges = list(dict.fromkeys([lead_no, *crew_nos, by.badge]))
    if unit.on_shift is not None:
        if by.badge in {member["badge"] for member in crew_of(unit)} and lead_no == unit.on_shift["lead_no"]:
            return unit
        raise UnitBusy(unit, _("This unit is on a shift already."))
    people = {person.badge: person for person in members(by.centre_id, badges)}
    check_crew(people, badges, lead_no)
    lead = people[lead_no]
    shift = open_shift(unit, lead, [people[badge] for badge in badges], equipment, now)
    on_shift = {
        "id": shift.pk,
        "started_at": stamp(now),
        "lead_no": lead.badge,
        "lead_name": lead.name,
        "crew": [{"badge": b, "name": people[b].name, "sworn": people[b].sworn} for b in badges],
    }
    fields: dict[str, Any] = {"equipment": equipment} if equipment else {}
    set_status(unit, Status.AVAILABLE, by=by, now=now, on_shift=on_shift, silent_since=None, **fields)
    User.objects.filter(pk__in=[person.pk for person in people.values()]).update(
        on_unit=unit.pk, access_version=F("access_version") + 1
    )
    record("unit.came_on_duty", unit, call_sign=unit.call_sign, lead=lead.badge)
    roster.sign_on(unit, shift, badges, by=by, now=now)
    return unit


def crew_of(unit: Unit) -> list[Json]:
    """Return the crew of the running shift."""
    return list(unit.on_shift["crew"]) if unit.on_shift else []


def members(centre_id: int, badges: list[str]) -> list[User]:
    """Return and lock the active officers with these badges, by id."""
    found = User.objects.filter(centre_id=centre_id, badge__in=badges, is_active=True, groups__name="officer")
    return list(found.order_by("id").select_for_update(no_key=True, of=("self",)))


def check_crew(people: dict[str, User], badges: list[str], lead_no: str) -> None:
    """Refuse unknown people, people on another shift, and a lead who is not sworn (M46)."""
    for badge in badges:
        field = "lead" if badge == lead_no else "crew"
        if badge not in people:
            raise BadInput(**{field: _("There is no officer with badge %(badge)s.") % {"badge": badge}})
        if people[badge].on_unit is not None:
            raise BadInput(**{field: _("Badge %(badge)s is on a shift already.") % {"badge": badge}})
    if not people[lead_no].sworn:
        raise BadInput(lead=_("Only a sworn officer leads a unit."))


def open_shift(unit: Unit, lead: User, crew: list[User], equipment: list[str], now: dt.datetime) -> Shift:
    """Insert the shift; the database refuses overlaps by name."""
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                centre_id=unit.centre_id, unit=unit, lead=lead, equipment=equipment, started_at=now
            )
            CrewMember.objects.bulk_create([CrewMember(shift=shift, person=person, started_at=now) for person in crew])
    except IntegrityError as error:
        raise UnitBusy(unit, _("This shift overlaps another one.")) from error
    return shift


@command
def end_shift(*, by: Actor, unit_id: int) -> Unit:
    """Go off duty; refused while the unit holds an order."""
    now = timezone.now()
    unit = Unit.locked(unit_id, by.centre_id)
    if unit.on_shift is None:
        return unit
    require_member(unit, by)
    if unit.assignment_id is not None:
        raise UnitBusy(unit)
    CrewMember.objects.filter(shift_id=unit.on_shift["id"]).update(ended_at=now)
    Shift.objects.filter(pk=unit.on_shift["id"]).update(ended_at=now)
    User.objects.filter(on_unit=unit.pk).update(on_unit=None, access_version=F("access_version") + 1)
    set_status(unit, Status.OFF_DUTY, by=by, now=now, on_shift=None, silent_since=None)
    ended = end_causes(now, "unit_silent", unit_id=unit.pk)
    record("unit.went_off_duty", unit, *ended, call_sign=unit.call_sign)
    return unit


def require_member(unit: Unit, by: Actor) -> None:
    """Refuse everybody but the crew of the running shift and the desk's dispatchers."""
    if by.on_unit != unit.pk and not by.has("dispatcher", "watch_commander"):
        raise Forbidden(_("You are not on this unit."))


@command
def choose_status(
    *, by: Actor, unit_id: int, status: str, reason: str, reason_code: str = "", back_at: dt.datetime | None = None
) -> Unit:
    """Set the status that a person may choose; assigned, en route and on scene follow from the order alone. A break has
    its limit, out of service its reason and the expected return (`patrol.duty.away`)."""
    now = timezone.now()
    unit = Unit.locked(unit_id, by.centre_id)
    require_member(unit, by)
    chosen(unit, status, by=by, now=now, reason=reason, reason_code=reason_code, back_at=back_at)
    return unit


@command
def choose_statuses(
    *, by: Actor, unit_ids: list[int], status: str, reason: str, reason_code: str, back_at: dt.datetime | None
) -> Json:
    """Set the status of many units at once, by the desk (row 67); a unit that cannot take it is named and left as it is."""
    now = timezone.now()
    done: list[Json] = []
    left: list[Json] = []
    for unit_id in sorted(set(unit_ids)):
        unit = Unit.locked(unit_id, by.centre_id)
        try:
            chosen(unit, status, by=by, now=now, reason=reason, reason_code=reason_code, back_at=back_at)
        except WrongTurn as error:
            left.append({"unit": unit.pk, "call_sign": unit.call_sign, "reason": str(error.sentence)})
            continue
        done.append(unit.row())
    return {"units": done, "refused": left}


def chosen(
    unit: Unit, status: str, *, by: Actor, now: dt.datetime, reason: str, reason_code: str, back_at: dt.datetime | None
) -> None:
    """Move a locked unit to a status that a person may choose, inside a command; the status it has already can only be
    given another expected return."""
    if status not in CHOSEN:
        raise BadInput(status=_("This status follows from the order and cannot be set."))
    if status == unit.status:
        if status == Status.OUT_OF_SERVICE and back_at is not None and back_at > now:
            unit.change(by=by, now=now, back_by=back_at)
            record("unit.status_set", unit, before=status, reason=reason)
        return
    if unit.on_shift is None or unit.status in DERIVED:
        raise WrongTurn(unit)
    facts = away.facts_of(
        unit, status, by=by, now=now, reason=reason, reason_code=reason_code, back_at=back_at
    )  # fmt: skip
    before = unit.status
    set_status(unit, status, by=by, now=now, reason=reason, **facts)
    record("unit.status_set", unit, before=before, reason=reason)


@command
def call_emergency(*, by: Actor, device_at: dt.datetime | None) -> Unit:
    """An officer is in danger: every console shows it until the desk ends it."""
    now = timezone.now()
    if by.on_unit is None:
        raise Forbidden(_("You are not on a shift."))
    unit = Unit.locked(by.on_unit, by.centre_id)
    if unit.emergency_at is not None:
        return unit
    unit.change(by=by, now=now, emergency_at=now)
    alert = raise_alert(
        "emergency",
        centre_id=unit.centre_id,
        by=by,
        now=now,
        unit_id=unit.pk,
        call_sign=unit.call_sign,
        label=unit.label,
        badge=by.badge,
        name=by.name,
        device_at=stamp(device_at),
    )
    record("unit.called_emergency", unit, alert, call_sign=unit.call_sign)
    return unit


@command
def end_emergency(*, by: Actor, unit_id: int) -> Unit:
    """The desk has made sure that the officer is safe."""
    now = timezone.now()
    unit = Unit.locked(unit_id, by.centre_id)
    if unit.emergency_at is None:
        return unit
    unit.change(by=by, now=now, emergency_at=None)
    ended = end_causes(now, "emergency", unit_id=unit.pk)
    record("unit.emergency_ended", unit, *ended, call_sign=unit.call_sign)
    return unit

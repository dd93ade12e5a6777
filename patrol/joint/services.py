"""Opening a joint operation, joining it, the roll call, and its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Incident, Organisation, PartnerTeam
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.roles import ORDERING, PARTNER, STATION_DUTY, WATCH_COMMANDER
from incidents.row import Json
from incidents.services import numbers
from patrol.models import JointOperation, OperationMember, Position, RollMark, Unit

Source = RollMark.Source
FRESH = dt.timedelta(minutes=3)  # an older fix of a unit says nothing about where it is now
KINDS = {"units": "unit_id", "teams": "team_id", "organisations": "organisation_id"}


@command
def open_operation(
    *,
    by: Actor,
    name: str,
    purpose: str,
    incident_id: int | None,
    meeting_place: str,
    point: Json | None,
    members: Json,
) -> JointOperation:
    """Open an operation with those who take part; whoever opens it commands it."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id) if incident_id is not None else None
    if incident is not None and incident.is_complaint:
        raise NotFound()
    row_id = numbers.next_id("patrol_jointoperation")
    row = JointOperation.make(
        by=by,
        now=now,
        id=row_id,
        operation_no=numbers.number(centres.centre(by.centre_id), "L", row_id, now),
        centre_id=by.centre_id,
        name=name,
        purpose=purpose,
        incident=incident,
        commander_id=by.user_id,
        meeting_place=meeting_place,
        lat=point["lat"] if point else None,
        lng=point["lng"] if point else None,
        opened_at=now,
    )
    joined = joined_by(row, members, by=by, now=now)
    record("operation.opened", row, *joined, name=name, members=[one.name for one in joined])
    return row


@command
def join_operation(*, by: Actor, operation_id: int, members: Json) -> JointOperation:
    """Let further units, teams or organisations join."""
    now = timezone.now()
    row = JointOperation.locked(operation_id, by.centre_id)
    if row.closed_at is not None:
        raise WrongTurn(row)
    joined = joined_by(row, members, by=by, now=now)
    if joined:
        row.touch(by=by, now=now)
        record("operation.joined", row, *joined, name=row.name, members=[one.name for one in joined])
    return row


def joined_by(row: JointOperation, members: Json, *, by: Actor, now: dt.datetime) -> list[OperationMember]:
    """Insert the members that are new."""
    found: list[OperationMember] = []
    for kind, column in KINDS.items():
        known = set(row.members.filter(**{f"{column}__isnull": False}).values_list(column, flat=True))
        for row_id, name in named(kind, members.get(kind, []), by.centre_id):
            if row_id not in known:
                found.append(
                    OperationMember.make(
                        by=by, now=now, centre_id=by.centre_id, operation=row, name=name,
                        task=str(members.get("task", ""))[:200], **{column: row_id},
                    )
                )  # fmt: skip
    return found


def named(kind: str, ids: Sequence[int], centre_id: int) -> list[tuple[int, str]]:
    """Return ids with their names. Raises BadInput for one that is not there."""
    if not ids:
        return []
    present: Any = {
        "units": Unit.objects.filter(ended_at__isnull=True),
        "teams": PartnerTeam.objects.filter(ended_at__isnull=True),
        "organisations": Organisation.objects.all(),
    }[kind].filter(centre_id=centre_id, pk__in=ids)
    label = "label" if kind == "units" else "name"
    found = dict(present.values_list("pk", label))
    if len(found) != len(set(ids)):
        raise BadInput(**{kind: _("There is no such record.")})
    return [(row_id, found[row_id]) for row_id in dict.fromkeys(ids)]


@command
def call_roll(
    *, by: Actor, member_id: int, came: bool, point: Json | None, place_text: str, people: int | None
) -> OperationMember:
    """Sign a member in or out with where it is: the device's position, else the unit's last fix with its own time, else
    what the desk was told. A unit, a team, an organisation signs for itself; dispatcher and watch commander for any."""
    now = timezone.now()
    row = OperationMember.locked(member_id, by.centre_id)
    own = {
        f"unit.{by.on_unit}",
        f"partner.{by.on_team}" if by.has(PARTNER) else "",
        f"station.{by.org_id}" if by.has(STATION_DUTY) else "",
    }
    if not by.has(*ORDERING) and own.isdisjoint(row.readers()):
        raise NotFound()
    if row.operation.closed_at is not None:
        raise WrongTurn(row, _("This operation is over."))
    signed_in = row.signed_in_at is not None and row.signed_out_at is None
    if came == signed_in:
        return row
    if not came and row.signed_in_at is None:
        raise WrongTurn(row, _("It has not signed in yet."))
    mark = marked(row, by=by, now=now, came=came, point=point, place_text=place_text, people=people)
    fields = {"signed_in_at": now, "signed_out_at": None} if came else {"signed_out_at": now}
    row.change(by=by, now=now, **fields)
    record(
        "operation.signed_in" if came else "operation.signed_out",
        row,
        incident_id=row.operation.incident_id,
        operation=row.operation.name,
        member=row.name,
        mark=mark.row(),
    )
    return row


def marked(
    row: OperationMember,
    *,
    by: Actor | None,
    now: dt.datetime,
    came: bool,
    point: Json | None = None,
    place_text: str = "",
    people: int | None = None,
) -> RollMark:
    """Insert the line of the roll with the best position that there is."""
    where: dict[str, Any] = {"source": Source.NONE}
    fix = Position.objects.filter(unit_id=row.unit_id).first() if row.unit_id else None
    if point is not None:
        where = {"source": Source.PHONE, "lat": point["lat"], "lng": point["lng"], "fixed_at": now}
    elif fix is not None and now - fix.fixed_at <= FRESH:
        where = {"source": Source.TRACK, "lat": fix.lat, "lng": fix.lng, "fixed_at": fix.fixed_at}
    elif place_text:
        where = {"source": Source.DESK}
    return RollMark.objects.create(
        member=row, came=came, at=now, place_text=place_text, people=people, by_no=by.badge if by else "",
        by_name=by.name if by else "", **where,
    )  # fmt: skip


@command
def close_operation(*, by: Actor, operation_id: int, outcome: str) -> JointOperation:
    """Close an operation with its outcome; whoever is still signed in is signed out with it."""
    now = timezone.now()
    row = JointOperation.locked(operation_id, by.centre_id)
    if row.closed_at is not None:
        return row
    if row.commander_id != by.user_id and not by.has(WATCH_COMMANDER):
        raise Forbidden(_("Its commander closes an operation."))
    left: list[OperationMember] = []
    for member in (
        row.members.select_for_update(no_key=True)
        .filter(signed_in_at__isnull=False, signed_out_at__isnull=True)
        .order_by("id")
    ):
        marked(member, by=by, now=now, came=False)
        member.change(by=by, now=now, signed_out_at=now)
        left.append(member)
    row.change(by=by, now=now, closed_at=now, outcome=outcome)
    record("operation.closed", row, *left, name=row.name)
    return row


def roll_of(row: JointOperation) -> list[RollMark]:
    """Return the roll, in time."""
    return list(RollMark.objects.filter(member__operation=row).select_related("member").order_by("at", "id"))

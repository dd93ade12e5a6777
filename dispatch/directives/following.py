"""A directive follows: its state its orders, its point the locked position that is renewed (M23, domain 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from copy import copy
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from dispatch.directives.models import Directive, DirectiveLine
from incidents.actor import Actor
from incidents.alerts import end_causes
from incidents.journal import record
from incidents.models import Incident, LockedPosition
from incidents.row import Row, stamp

if TYPE_CHECKING:
    from dispatch.models import Assignment

Line = DirectiveLine.State
State = Directive.State
ALERT = "directive_issued"
GONE, WORKING = ("refused", "withdrawn"), ("en_route", "on_scene")


def state_of_line(order_state: str, *, accepted: bool) -> DirectiveLine.State:
    """Return how far one unit is, from its order; `accepted` is the directive's own receipt. Pure."""
    if order_state in GONE:
        return Line.DROPPED
    if order_state == "finished":
        return Line.FINISHED
    if not accepted:
        return Line.WAITING
    return Line.WORKING if order_state in WORKING else Line.ACCEPTED


def derive(lines: Iterable[str]) -> Directive.State:
    """Return the state of a directive from its lines; who refused it or was taken off does not count. A directive that
    nobody has any more stands as issued: a person gives it to others or withdraws it. Pure."""
    live = [Line(one) for one in lines if one != Line.DROPPED]
    if live and all(one == Line.FINISHED for one in live):
        return State.DONE
    if Line.WORKING in live:
        return State.UNDER_WAY
    return State.ACCEPTED if live and Line.WAITING not in live else State.ISSUED


def follow_directives(incident: Incident, *, by: Actor | None, now: dt.datetime) -> None:
    """Bring the open directives of a locked incident up to its orders; what changes is an entry of its own."""
    found = Directive.objects.select_for_update(no_key=True).filter(incident=incident, state__in=Directive.OPEN)
    for row in found.order_by("id"):
        row.incident = incident
        follow_one(row, by=by, now=now)


def follow_one(row: Directive, *, by: Actor | None, now: dt.datetime) -> None:
    """Derive lines and state of one locked directive."""
    lines = list(DirectiveLine.objects.filter(directive=row).select_related("assignment").order_by("id"))
    changed = [line for line in lines if settle(line)]
    state = derive(line.state for line in lines)
    if not changed and state == row.state:
        return
    before = row.state
    facts: dict[str, dt.datetime] = {"ended_at": now} if state == State.DONE else {}
    goes_on = state is not State.ISSUED
    if goes_on and row.accepted_at is None and not any(line.state == Line.WAITING for line in lines):
        facts["accepted_at"] = now
    if not row.change(by=by, now=now, state=state, **facts):
        row.touch(by=by, now=now)
    ended = end_causes(now, ALERT, incident_id=row.incident_id, **of(row)) if goes_on else []
    if state != before:
        record("directive.advanced", row, *ended, directive_no=row.directive_no, state=state, before=before)
    else:
        signs = [line.call_sign for line in changed]
        record("directive.followed", row, *ended, directive_no=row.directive_no, call_sign=", ".join(signs))


def of(row: Directive) -> dict[str, str]:
    """Return what finds the alert of a directive."""
    return {"data->>'directive'": str(row.pk)}


def settle(line: DirectiveLine) -> bool:
    """Write how far one unit is; tell whether that changed."""
    order = line.assignment
    if line.accepted_at is None and not line.attached and order.accepted_at is not None:
        line.accepted_at = order.accepted_at
    state = state_of_line(order.state, accepted=line.accepted_at is not None)
    if state == line.state:
        return False
    line.state = state
    line.save(update_fields=["state", "accepted_at"])
    return True


def move_with(before: LockedPosition, after: LockedPosition, *, by: Actor, now: dt.datetime) -> None:
    """Point the open directives that rest on a renewed position at its new point; the old one stays in their log."""
    found = Directive.objects.select_for_update(no_key=True).filter(locked_position=before, state__in=Directive.OPEN)
    for row in found.order_by("id"):
        old = {"at": stamp(now), "position": before.pk, "point": row.point(), "radius_m": row.radius_m}
        row.change(by=by, now=now, locked_position=after, moved=[*row.moved, old], **pointing(after))
        record("directive.moved", row, directive_no=row.directive_no, radius_m=after.radius_m)


def pointing(position: LockedPosition) -> dict[str, object]:
    """Return the fields by which a directive points at a locked position."""
    names = ("lat", "lng", "radius_m", "confidence", "valid_until")
    return {name: getattr(position, name) for name in names}


def end_with(incident: Incident, *, by: Actor | None, now: dt.datetime, reason: str) -> None:
    """Withdraw the open directives of an incident that is ended by decision; its orders are taken back before."""
    found = Directive.objects.select_for_update(no_key=True).filter(incident=incident, state__in=Directive.OPEN)
    for row in found.order_by("id"):
        row.incident = incident
        withdrawn(row, by=by, now=now, reason=reason or str(_("the incident was ended")))


def withdrawn(row: Directive, *, by: Actor | None, now: dt.datetime, reason: str) -> None:
    """Withdraw a locked directive and end its alert."""
    row.change(by=by, now=now, state=State.WITHDRAWN, ended_at=now, withdraw_reason=reason[:200])
    ended = end_causes(now, ALERT, incident_id=row.incident_id, **of(row))
    record("directive.withdrawn", row, *ended, directive_no=row.directive_no, reason=reason[:200])


def leads_to(order: Assignment) -> Incident:
    """Return where an order leads: its incident, for the order of a directive with the directive's point as its own."""
    if order.purpose != "directive":
        return order.incident
    pointing_at = Directive.objects.filter(lines__assignment=order, state__in=Directive.OPEN, lat__isnull=False)
    found = pointing_at.order_by("-id").values_list("lat", "lng").first()
    if found is None:
        return order.incident
    place = copy(order.incident)
    place.lat, place.lng = found
    return place


def keeps_open(incident: Incident) -> bool:
    """Tell whether a directive of an incident is still to be carried out: then it is not closed (domain 5)."""
    return Directive.objects.filter(incident=incident, state__in=Directive.OPEN).exists()


def rows_of(incident_id: int) -> list[Row]:
    """Return the directives of an incident with their units."""
    found = Directive.objects.filter(incident_id=incident_id).select_related("incident").prefetch_related("lines")
    return list(found.order_by("id"))

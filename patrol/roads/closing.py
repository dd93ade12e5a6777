"""Closed roads: a dispatcher draws them, they hold from a start to an end, and the next ranking knows (RF4, DL2)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from shapely import Polygon

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.refusals import BadInput
from incidents.row import stamp
from patrol.models import RoadClosure
from patrol.roads.closures import Shape, closed_by
from patrol.roads.costs import Closed
from patrol.roads.network import Network

LONGEST = dt.timedelta(days=366)


@command
def close_road(
    *, by: Actor, shape: Shape, starts_at: dt.datetime | None, ends_at: dt.datetime | None, reason: str
) -> RoadClosure:
    """Close the roads in a polygon or on a line, from now or a later moment, until an end or until further notice.
    Raises BadInput for an end before the start or a shape without an area."""
    now = timezone.now()
    start = starts_at or now
    if ends_at is not None and not start < ends_at <= start + LONGEST:
        raise BadInput(ends_at=_("A closure ends after it starts, and within a year."))
    if shape["kind"] == "polygon" and not Polygon(shape["points"]).buffer(0).area:
        raise BadInput(points=_("This shape has no area."))
    closure = RoadClosure.make(
        by=by, now=now, centre_id=by.centre_id, shape=shape, starts_at=start, ends_at=ends_at, reason=reason
    )
    record("road.closed", closure, reason=reason, starts_at=stamp(start), ends_at=stamp(ends_at))
    return closure


@command
def end_closure(*, by: Actor, closure_id: int) -> RoadClosure:
    """Open the roads again, now; a closure that has ended stays as it is."""
    now = timezone.now()
    closure = RoadClosure.locked(closure_id, by.centre_id)
    if closure.ended_at is not None or (closure.ends_at is not None and closure.ends_at <= now):
        return closure
    closure.change(by=by, now=now, ended_at=now)
    record("road.opened", closure, reason=closure.reason)
    return closure


def closed_at(centre_id: int, network: Network, now: dt.datetime) -> Closed:
    """Return the edges of a network that are closed at a moment."""
    shapes = RoadClosure.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=now),
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        centre_id=centre_id,
        starts_at__lte=now,
    ).values_list("shape", flat=True)
    return closed_by(network, list(shapes))

"""The past that warnings rest on: what happened, when and where, read from a centre's own incidents.

Complaints about the police, confidential incidents, drills, what was merged, cancelled or invalid, and what has no place
are left out: a warning stands where many read it.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Q

from dispatch.prevention.model import Events, Grid, events_of
from dispatch.prevention.signals import Happened
from incidents.audience import COMPLAINT, COMPLAINT_CLASS
from incidents.models import Call, Incident, NumberFlag

CITY_OFFSET: Final = dt.timedelta(hours=8)
MONDAY: Final = dt.datetime(2000, 1, 3, tzinfo=dt.UTC)
DAY: Final = dt.timedelta(days=1)
# What presence in the right place at the right hour may prevent: violence, robbery, theft, damage, fights (7.2).
PREVENTABLE: Final = ("0102", "0103", "0104", "0107", "0108", "0109", "0201", "0202", "0203", "0204", "0205")
# Where police were needed at an address: not traffic, liaison, enquiries.
AT_ADDRESSES: Final = ("01", "02", "04", "05")
LEFT_OUT: Final = ("merged", "cancelled", "invalid")


def day_of(moment: dt.datetime) -> float:
    """Return a moment as days since a Monday 00:00 of the city."""
    return (moment + CITY_OFFSET - MONDAY) / DAY


def moment_of(day: float) -> dt.datetime:
    """Return the moment of such a day."""
    return MONDAY + day * DAY - CITY_OFFSET


def happened(centre_id: int, since: dt.datetime, until: dt.datetime, types: tuple[str, ...]) -> list[Happened]:
    """Return what happened in a span, of these types (or their first digits), the verified type before the reported."""
    wanted = Q()
    for code in types:
        wanted |= Q(type_verified__startswith=code) | (Q(type_verified="") & Q(type_reported__startswith=code))
    found = (
        Incident.objects.filter(wanted, centre_id=centre_id, answered_at__gte=since, answered_at__lt=until)
        .filter(drill=False, confidential=False, lat__isnull=False, lng__isnull=False)
        .exclude(Q(type_reported__startswith=COMPLAINT) | Q(intake_class=COMPLAINT_CLASS))
        .exclude(stage__in=LEFT_OUT)
        .order_by("answered_at")
    )
    values = found.values_list("pk", "answered_at", "lat", "lng", "type_verified", "type_reported", "address_text")
    return [
        Happened(pk, day_of(at), lat, lng, verified or reported, address)
        for pk, at, lat, lng, verified, reported, address in values
        if lat is not None and lng is not None
    ]


def as_events(grid: Grid, found: list[Happened]) -> Events:
    """Return what happened as the model takes it."""
    return events_of(grid, [one.day for one in found], [one.lat for one in found], [one.lng for one in found])


def callers(centre_id: int, since: dt.datetime, least: int) -> list[tuple[str, list[int]]]:
    """Return the numbers that called about so many incidents since a moment, each with the incidents, the oldest first;
    numbers with a flag are known already."""
    now = dt.datetime.now(dt.UTC)
    flagged = NumberFlag.objects.filter(centre_id=centre_id, ended_at__isnull=True, expires_at__gt=now)
    calls = (
        Call.objects.filter(centre_id=centre_id, ring_at__gte=since, drill=False, incident__isnull=False)
        .exclude(Q(caller_number="") | Q(caller_number__in=flagged.values("number")))
        .exclude(Q(incident__type_reported__startswith=COMPLAINT) | Q(incident__intake_class=COMPLAINT_CLASS))
        .exclude(Q(incident__stage__in=LEFT_OUT) | Q(incident__confidential=True))
    )
    held: dict[str, set[int]] = {}
    for number, incident in calls.values_list("caller_number", "incident_id"):
        held.setdefault(number, set()).add(incident)
    return [(number, sorted(ids)) for number, ids in sorted(held.items()) if len(ids) >= least]

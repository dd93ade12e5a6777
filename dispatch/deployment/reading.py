"""What was recorded in a period: orders, incidents, shifts with their posts, as a replay takes them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Any, Final

from django.db.models import Avg, Q

from dispatch import policy as policies
from dispatch.deployment.day import Counted, Period
from dispatch.deployment.fleet import Span, Stand, ordered
from dispatch.deployment.play import BEFORE_S, GIVES_UP_S, Wanted
from dispatch.models import Assignment
from incidents import codebook
from incidents.models import Incident
from patrol.models import NEVER_SENT, Fix, PlannedShift, Shift, StatusPeriod, Unit

BEFORE: Final = dt.timedelta(seconds=BEFORE_S)
AFTER: Final = dt.timedelta(seconds=GIVES_UP_S)
SCENE_S: Final = (60.0, 8 * 3_600.0)  # what a scene is taken to last at least and at most
USUAL_SCENE_S: Final = 1_200.0  # where the record does not say and no other order does
OWN: Final = ("self", "directive")  # orders that only this unit could get
AWAY: Final = ("break", "out_of_service", "on_task")
LEFT_OUT: Final = ("merged",)
CANCELLED: Final = ("cancelled", "invalid")
INCIDENT_COLUMNS: Final = (
    "answered_at", "priority", "type_reported", "lat", "lng", "weapon", "area_kind", "jurisdiction_id", "attendance",
    "exclusion", "stage",
)  # fmt: skip
ORDER_COLUMNS: Final = (
    "id", "incident_id", "unit_id", "purpose", "dispatched_at", "accepted_at", "departed_at", "on_scene_at",
    "on_scene_pos_at", "finished_at", "withdrawn_at",
)  # fmt: skip


def period(centre_id: int, since: dt.datetime, until: dt.datetime) -> Period:
    """Return the orders and incidents of a period of whole days; drills and what was merged away are left out."""
    incidents = {
        one.pk: one
        for one in Incident.objects.filter(
            centre_id=centre_id, answered_at__gte=since - BEFORE, answered_at__lt=until, drill=False, lat__isnull=False
        )
        .exclude(stage__in=LEFT_OUT)
        .only(*INCIDENT_COLUMNS)
    }
    by_incident: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in sent(centre_id, since - BEFORE, until + AFTER).exclude(purpose__in=OWN).values(*ORDER_COLUMNS):
        if row["incident_id"] in incidents:
            by_incident[row["incident_id"]].append(row)
    usual = usual_scene_s(row for rows in by_incident.values() for row in rows)
    orders = [
        wanted(incidents[number], row, usual)
        for number, rows in by_incident.items()
        for row in sorted(rows, key=lambda one: (one["dispatched_at"], one["id"]))
    ]
    counted = [
        Counted(number, incidents[number].priority, incidents[number].answered_at.timestamp(), recorded)
        for number, rows in by_incident.items()
        if counts(incidents[number], recorded := recorded_s(incidents[number], rows))
    ]
    days = (until - since).days
    return Period(
        sorted(orders, key=lambda one: (one.at, one.order)),
        sorted((one for one in counted if one.answered >= since.timestamp()), key=lambda one: one.incident),
        since.timestamp(), days,
    )  # fmt: skip


def sent(centre_id: int, since: dt.datetime, until: dt.datetime) -> Any:
    """Return the orders of a time that a unit took on."""
    taken = Q(accepted_at__isnull=False) | ~Q(state__in=["refused", "withdrawn"])
    return Assignment.objects.filter(taken, centre_id=centre_id, dispatched_at__gte=since, dispatched_at__lt=until)


def wanted(incident: Incident, row: dict[str, Any], usual: float) -> Wanted:
    """Return an order as it is wanted again."""
    assert incident.lat is not None and incident.lng is not None
    code = incident.type_reported
    needs = list(policies.current().needs_of(code))
    if incident.weapon == "yes" and "armed" not in needs:
        needs.append("armed")
    found = scene_s(row)
    return Wanted(
        order=row["id"], incident=incident.pk, at=row["dispatched_at"].timestamp(),
        answered=incident.answered_at.timestamp(), priority=incident.priority, type_code=code, lat=incident.lat,
        lng=incident.lng, scene_s=usual if found is None else found,
        unit_kinds=tuple(codebook.attribute("incident_type", code, "unit_kinds", []) if code else []),
        needs=tuple(needs), area_kind=incident.area_kind, owner=incident.jurisdiction_id,
    )  # fmt: skip


def scene_s(row: dict[str, Any]) -> float | None:
    """Return how long an order held its unit after the arrival, or after what is known of it; None while it lasts."""
    end = row["finished_at"] or row["withdrawn_at"]
    if end is None:
        return None
    start = row["on_scene_pos_at"] or row["on_scene_at"] or end
    return float(min(SCENE_S[1], max(SCENE_S[0], (end - start).total_seconds())))


def usual_scene_s(rows: Iterable[dict[str, Any]]) -> float:
    """Return the median of the scenes whose end is known."""
    known = [found for row in rows if (found := scene_s(row)) is not None and found > SCENE_S[0]]
    return median(known) if known else USUAL_SCENE_S


def recorded_s(incident: Incident, rows: Iterable[dict[str, Any]]) -> float | None:
    """Return when the first unit was there, from the answer: by position where it is known, else by button."""
    there = [at for row in rows if (at := row["on_scene_pos_at"] or row["on_scene_at"]) is not None]
    return (min(there) - incident.answered_at).total_seconds() if there else None


def counts(incident: Incident, recorded: float | None) -> bool:
    """Tell whether an incident with an order belongs to the base set of K7 and K8; cancelled before arrival is EX4."""
    if not incident.attendance or incident.exclusion:
        return False
    return recorded is not None or incident.stage not in CANCELLED


def stands(centre_id: int, since: dt.datetime, until: dt.datetime) -> list[Stand]:
    """Return the fleet of a period: who had a shift, at the post of the roster, else at home, else where it was on the
    average. A unit of which no place is known takes no part."""
    begin, end = since - BEFORE, until + AFTER
    shifts = list(
        Shift.objects.filter(centre_id=centre_id, started_at__lt=end)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=begin))
        .order_by("started_at")
        .values("id", "unit_id", "started_at", "ended_at")
    )
    units = {
        unit.pk: unit
        for unit in Unit.objects.filter(pk__in={one["unit_id"] for one in shifts})
        .exclude(kind__in=NEVER_SENT)
        .select_related("squad")
    }
    planned = {
        shift: (None if lat is None or lng is None else (lat, lng), beat)
        for shift, lat, lng, beat in PlannedShift.objects.filter(
            centre_id=centre_id, shift__in=[one["id"] for one in shifts]
        ).values_list("shift_id", "post_lat", "post_lng", "beat")
    }
    absences = away(centre_id, list(units), begin, end)
    duty: dict[tuple[int, float, float, str], list[Span]] = defaultdict(list)
    usual: dict[int, tuple[float, float] | None] = {}
    for one in shifts:
        unit = units.get(one["unit_id"])
        if unit is None:
            continue
        if unit.pk not in usual:
            usual[unit.pk] = usual_place(unit, begin, end)
        post, beat = planned.get(one["id"], (None, ""))
        place = post or usual[unit.pk]
        if place is not None:
            span = Span(one["started_at"].timestamp(), (one["ended_at"] or end).timestamp())
            duty[unit.pk, *place, beat].append(span)
    return [
        Stand(
            number, units[number].call_sign, units[number].kind, lat, lng, ordered(spans), absences.get(number, ()),
            tuple(units[number].equipment), units[number].armed, units[number].carries_detainees,
            tuple(found for found in (units[number].squad_id, units[number].squad.parent_id) if found is not None),
            beat,
        )
        for (number, lat, lng, beat), spans in sorted(duty.items())
    ]  # fmt: skip


def usual_place(unit: Unit, begin: dt.datetime, end: dt.datetime) -> tuple[float, float] | None:
    """Return a unit's home, else the middle of its fixes in a time; None when there is neither."""
    if unit.home_lat is not None and unit.home_lng is not None:
        return unit.home_lat, unit.home_lng
    fixes = Fix.objects.filter(unit_id=unit.pk, received_at__gte=begin, received_at__lt=end, suspect=False)
    found = fixes.aggregate(lat=Avg("lat"), lng=Avg("lng"))
    return None if found["lat"] is None else (found["lat"], found["lng"])


def away(centre_id: int, units: list[int], begin: dt.datetime, end: dt.datetime) -> dict[int, tuple[Span, ...]]:
    """Return when units were not free for a reason of their own: breaks, tasks, orders that only they could get."""
    found: dict[int, list[Span]] = defaultdict(list)
    periods = StatusPeriod.objects.filter(unit__in=units, status__in=AWAY, started_at__lt=end).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=begin)
    )
    for unit, status, start, stop in periods.values_list("unit_id", "status", "started_at", "ended_at"):
        found[unit].append(Span(start.timestamp(), (stop or end).timestamp(), status))
    own = sent(centre_id, begin, end).filter(purpose__in=OWN, incident__drill=False)
    for row in own.values(*ORDER_COLUMNS):
        stop = row["finished_at"] or row["withdrawn_at"] or row["dispatched_at"]
        found[row["unit_id"]].append(Span(row["dispatched_at"].timestamp(), stop.timestamp(), "own_order"))
    return {unit: ordered(spans) for unit, spans in found.items()}

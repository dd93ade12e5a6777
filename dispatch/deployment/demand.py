"""Demand against unit hours by area and hour of the week (M13, M28): how much happened for each hour that a unit was on
duty there, with the bounds within which chance alone moves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from dispatch.deployment import reading
from dispatch.deployment.fleet import CITY_OFFSET_S, Span
from dispatch.statistics.period import Period
from incidents import places
from incidents.models import Area, Incident

Json = dict[str, Any]
Floats = NDArray[np.float64]
BEAT, STATION = "beat", "station"
BY: Final = (BEAT, STATION)
HOURS: Final = 168
HOUR_S: Final = 3_600.0
MONDAY: Final = 4 * 86_400.0  # 5 January 1970 was one
NOWHERE: Final = ""
ROOM: Final = 0.95


def demand(centre_id: int, period: Period, by: str, now: dt.datetime) -> Json:
    """Return incidents and unit hours of each area for each hour of the week (0 is Monday 00:00), their ratio and its
    95 % interval, and the same of the whole centre. Each incident has the weight one, as in K19; drills, merged ones
    and those without a place are left out. A unit's hours count where its post lies."""
    names: dict[str, str] = {}
    happened: dict[str, Floats] = {}
    worked: dict[str, Floats] = {}
    until = min(period.until, now)
    for (code, name), hour in incidents(centre_id, period, by):
        names.setdefault(code, name)
        happened.setdefault(code, np.zeros(HOURS))[hour] += 1
    for (code, name), spans in duties(centre_id, period.since, until, by):
        names.setdefault(code, name)
        worked.setdefault(code, np.zeros(HOURS))
        for span in spans:
            worked[code] += hours_of(span, period.since.timestamp(), until.timestamp())
    areas = [
        area(code, names[code], happened.get(code, np.zeros(HOURS)), worked.get(code, np.zeros(HOURS)))
        for code in sorted(names, key=lambda one: (one == NOWHERE, one))
    ]
    nothing = np.zeros(HOURS)
    whole = area("*", "", np.sum([nothing, *happened.values()], axis=0), np.sum([nothing, *worked.values()], axis=0))
    return {"by": by, "areas": areas, "whole": whole}


def incidents(centre_id: int, period: Period, by: str) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield the area and the hour of the week of every incident."""
    found = Incident.objects.filter(
        centre_id=centre_id, answered_at__gte=period.since, answered_at__lt=period.until, drill=False,
        lat__isnull=False,
    ).exclude(stage__in=reading.LEFT_OUT)  # fmt: skip
    for at, areas, station, name in found.values_list("answered_at", "areas", "jurisdiction_id", "jurisdiction_name"):
        beat = (areas or {}).get("beat") if by == BEAT else None
        where = (beat["code"], beat["name"]) if beat else (f"S{station}" if station else NOWHERE, name)
        yield where, hour_of_week(at.timestamp())


def duties(
    centre_id: int, since: dt.datetime, until: dt.datetime, by: str
) -> Iterator[tuple[tuple[str, str], tuple[Span, ...]]]:
    """Yield the area of every post and when a unit was on duty there; a beat named in the roster goes before its
    point."""
    if until <= since:
        return
    beats = named_beats(centre_id) if by == BEAT else {}
    for stand in reading.stands(centre_id, since, until):
        located = places.locate(centre_id, stand.lat, stand.lng)
        found = beats.get(stand.beat) or located.beat if by == BEAT else None
        if found:
            where = (found["code"], found["name"])
        else:
            station = located.organisation_id
            where = (f"S{station}" if station else NOWHERE, located.organisation_name)
        yield where, stand.duty


def named_beats(centre_id: int) -> dict[str, Json]:
    """Return the beats by the name or code that a roster writes."""
    rows = Area.objects.filter(centre_id=centre_id, kind=Area.Kind.BEAT, ended_at__isnull=True)
    return {word: one.label() for one in rows for word in (one.code, one.name)}


def hours_of(span: Span, since: float, until: float) -> Floats:
    """Return the hours that a span has in each hour of the week."""
    start, end = max(span.start, since), min(span.end, until)
    found = np.zeros(HOURS)
    if end <= start:
        return found
    edges = np.concatenate([[start], np.arange(np.floor(start / HOUR_S) + 1, np.ceil(end / HOUR_S)) * HOUR_S, [end]])
    slots = [hour_of_week(one) for one in edges[:-1]]
    np.add.at(found, slots, np.diff(edges) / HOUR_S)
    return found


def hour_of_week(at: float) -> int:
    """Return the hour of the city's week of a moment: 0 is Monday 00:00."""
    return int((at + CITY_OFFSET_S - MONDAY) // HOUR_S) % HOURS


def area(code: str, name: str, happened: Floats, worked: Floats) -> Json:
    """Return one area: its total, and each hour of the week."""
    hours = [line(int(n), float(hours)) for n, hours in zip(happened, worked, strict=True)]
    return {"code": code, "name": name, "total": line(int(happened.sum()), float(worked.sum())), "hours": hours}


def line(n: int, hours: float) -> Json:
    """Return incidents, unit hours, incidents for each unit hour, and the exact Poisson interval of that."""
    if hours < 1e-9:
        return {"incidents": n, "unit_hours": 0.0, "per_unit_hour": None, "interval": None}
    low, high = poisson(n)
    interval = [round(low / hours, 4), round(high / hours, 4)]
    return {"incidents": n, "unit_hours": round(hours, 2), "per_unit_hour": round(n / hours, 4), "interval": interval}


def poisson(n: int) -> tuple[float, float]:
    """Return the bounds of the mean under which n events are likely (Garwood, 95 %)."""
    tail = (1 - ROOM) / 2
    return float(gammaincinv(n, tail)) if n else 0.0, float(gammaincinv(n + 1, 1 - tail))

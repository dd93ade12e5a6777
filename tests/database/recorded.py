"""A recorded fortnight for the trials of another deployment: rows as chains of commands leave them, written at once."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from django.utils import timezone

from dispatch.models import Assignment
from dispatch.statistics.period import day_of, of_days
from incidents.models import Incident
from patrol.models import Shift, Unit
from tests.people import Cast

DAYS, A_DAY = 8, 30
HOME, HOT = (24.5112, 117.6540), (24.5500, 117.7400)


def period() -> tuple[dt.date, dt.date]:
    """Return first and last day."""
    last = day_of(timezone.now()) - dt.timedelta(days=2)
    return last - dt.timedelta(days=DAYS - 1), last


def record(cast: Cast, homes: tuple[tuple[float, float], ...] = (HOME, HOME), **facts: Any) -> list[Incident]:
    """Let both cars be on duty all the time, and incidents happen, half of them at the hot spot; each was reached by
    car-12 after 400 s and lasted ten minutes."""
    begin = of_days(*period()).since
    crews = ((cast.car12, "omar", homes[0]), (cast.car7, "nia", homes[1]))
    for unit, lead, (lat, lng) in crews:
        Unit.objects.filter(pk=unit.pk).update(home_lat=lat, home_lng=lng)
        Shift.objects.create(
            centre=cast.centre, unit=unit, lead=cast.users[lead], started_at=begin - dt.timedelta(days=1),
            ended_at=begin + dt.timedelta(days=DAYS + 1),
        )  # fmt: skip
    random = Random(3)
    incidents = []
    for number in range(DAYS * A_DAY):
        at = begin + dt.timedelta(seconds=random.uniform(0, DAYS * 86_400))
        place = HOT if number % 2 else HOME
        base = {"centre": cast.centre, "created_at": at, "updated_at": at}
        incidents.append(
            Incident(
                incident_no=f"R{number}", answered_at=at, lat=place[0], lng=place[1], type_reported="0401",
                priority=1 + number % 3, stage="closed", jurisdiction=cast.station, jurisdiction_name="巷口所",
                first_dispatched_at=at + dt.timedelta(seconds=60), **{**base, **facts},
            )
        )  # fmt: skip
    Incident.objects.bulk_create(incidents)
    Assignment.objects.bulk_create(order_of(cast, one) for one in incidents)
    return incidents


def order_of(cast: Cast, incident: Incident) -> Assignment:
    """Return the order of an incident."""
    steps = dict.fromkeys(("dispatched_at", "accepted_at", "departed_at", "on_scene_at", "finished_at"))
    for name, seconds in zip(steps, (60, 70, 90, 400, 1_000), strict=True):
        steps[name] = incident.answered_at + dt.timedelta(seconds=seconds)
    return Assignment(
        assignment_no=f"A{incident.incident_no}", incident=incident, unit=cast.car12, call_sign="car-12",
        unit_kind="UP", state="finished", centre=cast.centre, created_at=incident.answered_at,
        updated_at=incident.answered_at, **steps,
    )  # fmt: skip

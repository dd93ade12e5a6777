"""Short ways to reach a situation; each goes through the real commands."""

from __future__ import annotations

from typing import Any

from dispatch.models import Assignment, Report
from dispatch.services import moves, orders, reports
from incidents.models import Call, Entry, Incident
from incidents.services import calls
from patrol.models import Unit
from tests.people import PLACE, Cast

POINT = {**PLACE, "accuracy_m": 5.0, "source": "map", "taken_at": None, "crs_in": "WGS84", "raw": []}
COMPLETE = {
    "type_verified": "020101", "result_codes": ["RS16"], "process_text": "未见异常", "address_verified": "新华路",
    "camera_ref": "JL0001",
}  # fmt: skip
STEPS = ("delivered", "accepted", "en_route", "on_scene")


def take(cast: Cast, **more: Any) -> Incident:
    """Take a call with its incident at the usual place."""
    facts = {"type_reported": "020101", "address_text": "新华路", "point": POINT, **more}
    call = calls.take_call(by=cast.actor("tess"), facts={"channel": "CH11", "kind": "CK01"}, incident=facts)
    return Incident.objects.get(calls=call.pk)


def ring(cast: Cast, **facts: Any) -> Call:
    """Let a call ring."""
    row = calls.take_call(by=cast.actor("gate"), facts={"channel": "CH11", **facts}, waiting=True)
    return Call.objects.get(pk=row.pk)


def send(cast: Cast, incident: Incident, unit: Unit | None = None, **choice: Any) -> Assignment:
    """Send a unit, car-12 if none is named."""
    chosen = orders.Choice((unit or cast.car12).pk, **choice)
    return orders.assign(by=cast.actor("dana"), incident_id=incident.pk, choices=[chosen])[0]


def drive(cast: Cast, order: Assignment, to: str, who: str = "omar") -> Assignment:
    """Move an order step by step up to a state."""
    for step in STEPS[: STEPS.index(to) + 1]:
        order = moves.advance(by=cast.actor(who), assignment_id=order.pk, to=step)
    return order


def report(cast: Cast, order: Assignment, who: str = "omar", kind: str = "handling", **more: Any) -> Report:
    """File a complete handling report, or another complete one."""
    facts = {**COMPLETE, **more}
    return reports.file_report(by=cast.actor(who), assignment_id=order.pk, kind=kind, facts=facts, photo_ids=[])


def handled(cast: Cast, who: str = "omar") -> tuple[Incident, Assignment]:
    """Return an incident whose only order is finished and reported."""
    incident = take(cast)
    order = drive(cast, send(cast, incident), "on_scene", who)
    moves.finish(by=cast.actor(who), assignment_id=order.pk, result_code="RS16")
    report(cast, order, who)
    incident.refresh_from_db()
    return incident, Assignment.objects.get(pk=order.pk)


def kinds(incident: Incident | None = None) -> list[str]:
    """Return the kinds of the entries, of one incident if it is named."""
    found = Entry.objects.order_by("seq")
    if incident is not None:
        found = found.filter(incident_id=incident.pk)
    return list(found.values_list("kind", flat=True))

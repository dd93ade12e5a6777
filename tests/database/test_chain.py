"""The main job: one call from ring to closed, command by command."""

from __future__ import annotations

from dispatch.services import decisions, moves, orders, reports
from incidents.models import Deadline, Entry, Incident
from incidents.services import calls
from tests.people import PLACE, Cast


def facts(**more: object) -> dict[str, object]:
    """Return an incident's facts at the usual place."""
    point = {**PLACE, "accuracy_m": 5.0, "source": "map", "taken_at": None, "crs_in": "WGS84", "raw": []}
    return {"type_reported": "020101", "address_text": "新华路", "point": point, **more}


def take(cast: Cast, **more: object) -> Incident:
    """Take a call with its incident."""
    call = calls.take_call(by=cast.actor("tess"), facts={"channel": "CH11", "kind": "CK01"}, incident=facts(**more))
    return Incident.objects.get(calls=call.pk)


def test_a_call_becomes_a_closed_incident_and_every_step_is_an_entry(cast: Cast) -> None:
    cast.on_duty()
    incident = take(cast)
    assert incident.stage == "pending"
    assert incident.jurisdiction_name == "巷口所"
    [order] = orders.assign(by=cast.actor("dana"), incident_id=incident.pk, choices=[orders.Choice(cast.car12.pk)])
    for step in ("delivered", "accepted", "en_route", "on_scene"):
        order = moves.advance(by=cast.actor("omar"), assignment_id=order.pk, to=step)
        assert order.state == step
    moves.finish(by=cast.actor("omar"), assignment_id=order.pk, result_code="RS16")
    reports.file_report(
        by=cast.actor("omar"),
        assignment_id=order.pk,
        kind="handling",
        facts={"type_verified": "020101", "result_codes": ["RS16"], "process_text": "未见异常"},
        photo_ids=[],
    )
    call = incident.calls.get()
    calls.finish_call(by=cast.actor("tess"), call_id=call.pk, facts={})
    incident.refresh_from_db()
    assert incident.stage == "reported"
    incident = decisions.submit(by=cast.actor("dana"), incident_id=incident.pk, version=incident.version)
    incident = decisions.approve(by=cast.actor("rae"), incident_id=incident.pk, version=incident.version)
    assert incident.stage == "closed"
    assert not Deadline.objects.filter(state="running").exists()
    kinds = list(Entry.objects.filter(incident_id=incident.pk).order_by("seq").values_list("kind", flat=True))
    assert kinds == [
        "call.answered",
        "incident.created",
        "assignment.sent",
        "assignment.delivered",
        "assignment.accepted",
        "assignment.en_route",
        "assignment.on_scene",
        "assignment.finished",
        "report.filed",
        "call.finished",
        "incident.submitted",
        "incident.closed",
    ]

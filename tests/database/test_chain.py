"""The main job: one call from ring to closed, command by command."""

from __future__ import annotations

from dispatch.services import decisions, moves, orders, reports
from incidents.models import Deadline, Entry
from incidents.services import calls
from tests.database.acts import COMPLETE, take
from tests.people import Cast


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
        facts=dict(COMPLETE),
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
        "incident.told",
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

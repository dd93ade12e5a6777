"""Reports of cases go on to the case records system, whose numbers come back (F7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from dispatch.models import Report
from dispatch.services import moves
from dispatch.simulator.border import CaseRecords
from incidents import alerts, jobs
from incidents.models import Alert, Gateway, Incident, Job
from incidents.services import gateways, parties
from tests.database.acts import drive, kinds, report, send, take
from tests.database.test_followup import say
from tests.people import Cast

ARRESTED: dict[str, Any] = {"caught": 2, "involved": 2, "escaped": 0, "loss_unknown": True, "property_text": "自行车"}


def case_gateway(cast: Cast, address: str = "") -> Gateway:
    """Register the adapter of the case records system."""
    return gateways.register_gateway(
        by=None, centre_id=cast.centre.pk, code="cases", name="警综", kind="case", address=address
    )


def arrest(cast: Cast) -> Report:
    """Let car-12 arrest somebody and report it."""
    incident = take(cast, narrative="自行车被盗")
    bicycle = {"name": "自行车", "frame_no": "SL260117", "status": "stolen"}
    parties.add_party(by=cast.actor("tess"), incident_id=incident.pk, kind="property", facts=bicycle)
    order = drive(cast, send(cast, incident), "on_scene")
    moves.finish(by=cast.actor("omar"), assignment_id=order.pk, result_code="RS01")
    return report(cast, order, result_codes=["RS01", "RS18"], process_text="拦获二人", **ARRESTED)


def test_a_reported_arrest_reaches_the_case_system_once_and_its_number_comes_back(cast: Cast) -> None:
    gateway = case_gateway(cast)
    with CaseRecords("http://127.0.0.1:1", f"T1/{gateway.code}", gateway.secret) as system:
        Gateway.objects.filter(pk=gateway.pk).update(address=system.address)
        filed = arrest(cast.on_duty())
        jobs.drain()
        jobs.HANDLERS["pass_case_on"]({"report": filed.pk})  # a lease ran out: the same report again
        [taken] = system.taken
        assert taken["report_no"] == filed.report_no
        assert taken["result_codes"] == ["RS01", "RS18"]
        assert taken["caught"] == 2
        assert taken["parties"] == [{"kind": "property", "name": "自行车", "frame_no": "SL260117", "status": "stolen"}]
    incident = Incident.objects.get()
    assert incident.case_no == f"A3506{incident.incident_no[-8:]}"
    assert kinds(incident).count("incident.case_numbered") == 1


def test_a_number_that_comes_later_is_taken_from_the_case_system_alone(cast: Cast) -> None:
    case = case_gateway(cast)
    text = gateways.register_gateway(by=None, centre_id=cast.centre.pk, code="sms", name="sms", kind="text")
    incident = take(cast)
    said = {"incident_no": incident.incident_no, "case_no": "A350602260001"}
    assert say(text, "case", said).status_code == 403
    assert say(case, "case", {**said, "incident_no": "J0"}).status_code == 404
    assert say(case, "case", {**said, "case_no": ""}).json()["fields"].keys() == {"case_no"}
    assert say(case, "case", said).json()["incident"]["case_no"] == "A350602260001"
    assert say(case, "case", said).status_code == 200
    assert kinds(incident).count("incident.case_numbered") == 1


def test_the_desk_is_told_when_the_case_system_takes_nothing(cast: Cast) -> None:
    gateway = case_gateway(cast, address="http://127.0.0.1:1/in/")
    filed = arrest(cast.on_duty())
    for _try in range(jobs.GIVES_UP_AFTER):
        Job.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
        jobs.drain()
    alert = Alert.objects.get(kind="case_unsent", cause_ended_at__isnull=True)
    assert alert.row()["data"]["number"] == filed.report_no
    said = {"incident_no": filed.incident.incident_no, "case_no": "A1"}
    assert say(gateway, "case", said).status_code == 200
    alert.refresh_from_db()
    assert alert.cause_ended_at is not None
    assert alerts.SEVERITY["case_unsent"] == "caution"


def test_a_report_without_a_case_goes_nowhere(cast: Cast) -> None:
    case_gateway(cast, address="http://127.0.0.1:1/in/")
    order = drive(cast, send(cast.on_duty(), take(cast)), "on_scene")
    moves.finish(by=cast.actor("omar"), assignment_id=order.pk, result_code="RS16")
    report(cast, order)
    assert not Job.objects.exists()

"""Reports of cases go on to the case records system (警综), so that nobody types them twice (F7)."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from dispatch.models import Report
from incidents import centres, gateways, jobs
from incidents.actor import Actor
from incidents.alerts import raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Gateway, Party
from incidents.row import Json, stamp
from incidents.services import cases

PASSES_ON = "pass_case_on"
CASE_RESULTS = frozenset({"RS01", "RS02", "RS03", "RS09"})  # arrests, and what opens a case (7.5)


def gateway_of(centre_id: int) -> Gateway | None:
    """Return the adapter of the case records system, if there is one."""
    found = Gateway.objects.filter(centre_id=centre_id, kind=Gateway.Kind.CASE, active=True).exclude(address="")
    return found.order_by("id").first()


def pass_on(report: Report, *, now: dt.datetime) -> None:
    """Let a complete report of a case go on once its command has happened."""
    if CASE_RESULTS.isdisjoint(report.result_codes) or gateway_of(report.centre_id) is None:
        return
    jobs.enqueue(PASSES_ON, centre_id=report.centre_id, payload={"report": report.pk}, now=now)


@jobs.handler(PASSES_ON)
def post(payload: Json) -> None:
    """Post a report; may run twice, the case system sees the same event. It may answer with the number at once."""
    report = Report.objects.select_related("incident").get(pk=payload["report"])
    gateway = gateway_of(report.centre_id)
    if gateway is None:
        raise RuntimeError("no case records system with an address")
    code = centres.centre(report.centre_id).code
    answer = gateways.post(gateway, code, f"case-{report.pk}", content_of(report))
    if number := str(answer.get("case_no", "")).strip()[:40]:
        incident_no = report.incident.incident_no
        cases.take_case_number(by=None, centre_id=report.centre_id, incident_no=incident_no, case_no=number)


@jobs.given_up(PASSES_ON)
def give_up(payload: Json) -> None:
    """Tell the desk that a person must enter the case."""
    mark_not_passed_on(by=None, report_id=payload["report"])


@command
def mark_not_passed_on(*, by: Actor | None, report_id: int) -> Alert:
    """Note that the case records system did not take a report, and tell the desk."""
    report = Report.objects.select_related("incident").get(pk=report_id)
    alert = raise_alert(
        "case_unsent",
        centre_id=report.centre_id,
        by=by,
        now=timezone.now(),
        incident_id=report.incident_id,
        number=report.report_no,
        call_sign=report.call_sign,
    )
    record("alert.raised", alert)
    return alert


def content_of(report: Report) -> Json:
    """Return what the case records system is told: incident, report, and who and what belongs to it."""
    incident = report.incident
    parties = Party.objects.filter(incident=incident, void_at__isnull=True).order_by("id")
    return {
        "incident_no": incident.incident_no,
        "report_no": report.report_no,
        "reported_at": stamp(report.reported_at),
        "reported_by": report.reported_by_no,
        "call_sign": report.call_sign,
        "answered_at": stamp(incident.answered_at),
        "occurred_from": stamp(incident.occurred_from),
        "occurred_to": stamp(incident.occurred_to),
        "type_verified": report.type_verified,
        "result_codes": report.result_codes,
        "process_text": report.process_text,
        "address": report.address_verified or incident.address_text,
        "point": report.handled_point or incident.point(),
        "narrative": incident.narrative,
        "caught": report.caught,
        "loss_yuan": report.loss_yuan,
        "recovered_yuan": report.recovered_yuan,
        "case_no": report.case_no,
        "parties": [party_of(one) for one in parties],
    }


def party_of(party: Party) -> Json:
    """Return a person, a vehicle or a thing as the case records system is told of it."""
    names = ("kind", "role", "name", "description", "sex", "age", "id_no", "phone", "address", "plate", "frame_no",
             "brand", "colour", "value_yuan", "status")  # fmt: skip
    return {name: getattr(party, name) for name in names if getattr(party, name) not in ("", None)}

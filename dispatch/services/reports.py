"""Field reports from the street (反馈单): structured, several per order, checked against 7.5."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch import report_form
from dispatch.models import Assignment, Photo, Report
from dispatch.services import case_out
from dispatch.services.follow import Chain, follow, rows_of
from dispatch.services.moves import require_crew
from incidents import centres, codebook, limits
from incidents.actor import Actor
from incidents.alerts import end_causes
from incidents.commands import command
from incidents.journal import record
from incidents.models import Deadline
from incidents.refusals import BadInput, WrongTurn
from incidents.services import numbers
from incidents.services.incidents import refuse_ended

KINDS = ("arrival", "progress", "handling", "correction")
COMPLETE = ("handling", "correction")
CODED = {
    "traffic_form": "traffic_form",
    "traffic_cause": "traffic_cause",
    "road_surface": "road_surface",
    "visibility": "visibility",
    "weather": "weather",
}


@command
def file_report(
    *,
    by: Actor,
    assignment_id: int,
    kind: str,
    facts: dict[str, Any],
    photo_ids: list[int],
    device_at: dt.datetime | None = None,
) -> Report:
    """File a report on an order. A handling report must be complete; the first one stops the report limit and, when
    every order of the incident has one, makes it 已反馈. A correction (更正) is a complete report that stands in for the
    former, which stays as it was; it answers a reviewer's return."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    require_reporter(chain, by, kind)
    refuse_ended(chain.incident)
    facts = prefilled(chain.assignment, facts)
    check(chain, kind, facts)
    former = standing(chain.assignment) if kind == "correction" else None
    if kind == "correction" and former is None:
        raise WrongTurn(chain.assignment, _("There is no report yet that could be corrected."))
    row_id = numbers.next_id("dispatch_report")
    pictures = own_photos(photo_ids, chain)
    report = Report.make(
        by=by,
        now=now,
        id=row_id,
        report_no=numbers.number(centres.centre(chain.incident.centre_id), "F", row_id, now),
        centre_id=by.centre_id,
        assignment=chain.assignment,
        incident=chain.incident,
        unit_id=chain.unit.pk,
        call_sign=chain.unit.call_sign,
        kind=kind,
        reported_by_no=by.badge,
        reported_by_name=by.name,
        reported_at=now,
        device_at=device_at,
        photos=[picture.row() for picture in pictures],
        complete=kind in COMPLETE,
        corrects=former,
        officers=len(chain.assignment.crew) or None,
        **facts,
    )
    Photo.objects.filter(pk__in=[picture.pk for picture in pictures]).update(report=report)
    changed = settle(chain, report, by=by, now=now) if report.complete else []
    if report.complete:
        case_out.pass_on(report, now=now)
    record("report.filed", *rows_of(report, changed), call_sign=chain.unit.call_sign, report_kind=kind)
    return report


def require_reporter(chain: Chain, by: Actor, kind: str) -> None:
    """Refuse everybody but the crew and the desk by radio; whoever filed the report corrects it also from another
    unit."""
    mine = chain.assignment.reports.filter(complete=True, reported_by_no=by.badge)
    if not (kind == "correction" and mine.exists()):
        require_crew(chain, by)


def standing(assignment: Assignment) -> Report | None:
    """Return the complete report of an order that nobody has corrected."""
    return assignment.reports.filter(complete=True, corrections__isnull=True).order_by("-id").first()


def prefilled(order: Assignment, facts: dict[str, Any]) -> dict[str, Any]:
    """Put in what the order knows: to whom the matter was handed over (R16)."""
    known = {
        "handover_to": order.handed_to_name,
        "handover_contact": order.handed_contact or order.handed_received_by,
        "handover_reply": order.handed_reply,
    }
    return {**{name: value for name, value in known.items() if value}, **facts}


def check(chain: Chain, kind: str, facts: dict[str, Any]) -> None:
    """Refuse unknown codes, and incomplete handling reports and corrections, naming the fields."""
    assignment = chain.assignment
    if assignment.state in (Assignment.State.REFUSED, Assignment.State.WITHDRAWN):
        raise WrongTurn(assignment)
    codebook.require("incident_type", facts.get("type_verified", ""), "type_verified")
    for index, code in enumerate(facts.get("result_codes", [])):
        codebook.require("result", code, f"result_codes.{index}")
    for name, table in CODED.items():
        codebook.require(table, facts.get(name, ""), name)
    if kind not in COMPLETE:
        return
    if assignment.state not in (Assignment.State.ON_SCENE, Assignment.State.FINISHED):
        raise WrongTurn(assignment, _("A handling report follows the arrival."))
    on_scene = assignment.on_scene_at is not None
    names = report_form.needed(facts, on_scene=on_scene, attribute=codebook.attribute)
    missing = set(report_form.missing(facts, names)) - said_elsewhere(chain, facts)
    if missing:
        raise BadInput(**{name: _("A handling report needs this.") for name in names if name in missing})


def said_elsewhere(chain: Chain, facts: dict[str, Any]) -> set[str]:
    """Name the fields that the incident itself answers: property that was recovered or given back stands in its slots,
    a transfer to another body and a task of the grid in records of their own."""
    results = facts.get("result_codes", [])
    found: set[str] = set()
    statuses = set(chain.incident.parties.filter(void_at__isnull=True).values_list("status", flat=True))
    if statuses & {"recovered", "returned"}:
        found.add("property_text")
    if "returned" in statuses:
        found.add("receipt")
    handed = {"RS06", "RS13", "RS14"}.intersection(results)
    if handed == {"RS06"} and chain.incident.grid_tasks.exists():
        found.add("handover_to")
    if handed == {"RS14"} and chain.incident.transfers.filter(direction="out").exists():
        found.add("handover_to")
    return found


def own_photos(photo_ids: list[int], chain: Chain) -> list[Photo]:
    """Return the pictures of this unit that no report has yet."""
    found = list(
        Photo.objects.filter(
            pk__in=photo_ids, centre_id=chain.unit.centre_id, unit_id=chain.unit.pk, report__isnull=True
        ).order_by("id")
    )
    if len(found) != len(set(photo_ids)):
        raise BadInput(photos=_("A picture is unknown or belongs to another report."))
    return found


def settle(chain: Chain, report: Report, *, by: Actor, now: dt.datetime) -> list[Any]:
    """Let order and incident learn what a handling report says; returns the rows that changed."""
    changed: list[Any] = []
    if chain.assignment.reported_at is None:
        chain.assignment.change(by=by, now=now, reported_at=now)
        changed += limits.stop(chain.incident, [Deadline.Kind.REPORT], now=now, assignment_id=chain.assignment.pk)
        changed += end_causes(now, "unreported", assignment_id=chain.assignment.pk)
    if chain.assignment.returned_at is not None and report.kind == "correction":
        chain.assignment.change(by=by, now=now, returned_at=None)
        changed += limits.stop(chain.incident, [Deadline.Kind.REPORT], now=now, assignment_id=chain.assignment.pk)
        changed += end_causes(now, "unreported", assignment_id=chain.assignment.pk)
    fields: dict[str, Any] = {"type_verified": report.type_verified, "result_code": report.result_codes[0]}
    if report.case_no:
        fields["case_no"] = report.case_no
    restarted = follow(chain.incident, by=by, now=now, **fields)
    return [chain.assignment, chain.incident, *changed, *restarted]

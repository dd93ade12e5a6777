"""Field reports from the street (反馈单): structured, several per order, checked against 7.5."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
# What a result makes mandatory in a handling report (7.5), as far as the report itself can hold it.
NEEDED_BY_RESULT = {
    "RS01": ("caught",),
    "RS02": ("case_no",),
    "RS03": ("case_no",),
    "RS09": ("case_no",),
    "RS11": ("result_place",),
    "RS13": ("result_place",),
    "RS14": ("result_place",),
    "RS23": ("process_text",),
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
    every order of the incident has one, makes it 已反馈."""
    now = timezone.now()
    chain = Chain(assignment_id, by.centre_id)
    require_crew(chain, by)
    refuse_ended(chain.incident)
    check(chain.assignment, kind, facts)
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
        complete=kind == "handling",
        **facts,
    )
    Photo.objects.filter(pk__in=[picture.pk for picture in pictures]).update(report=report)
    changed = settle(chain, report, by=by, now=now) if kind == "handling" else []
    if kind == "handling":
        case_out.pass_on(report, now=now)
    record("report.filed", *rows_of(report, changed), call_sign=chain.unit.call_sign, report_kind=kind)
    return report


def check(assignment: Assignment, kind: str, facts: dict[str, Any]) -> None:
    """Refuse incomplete handling reports, naming the fields."""
    if assignment.state in (Assignment.State.REFUSED, Assignment.State.WITHDRAWN):
        raise WrongTurn(assignment)
    codebook.require("incident_type", facts.get("type_verified", ""), "type_verified")
    results = facts.get("result_codes", [])
    for index, code in enumerate(results):
        codebook.require("result", code, f"result_codes.{index}")
    if kind != "handling":
        return
    if assignment.state not in (Assignment.State.ON_SCENE, Assignment.State.FINISHED):
        raise WrongTurn(assignment, _("A handling report follows the arrival."))
    needed = ["type_verified", "result_codes", "process_text"]
    needed += [name for code in results for name in NEEDED_BY_RESULT.get(code, ())]
    missing = {name: _("A handling report needs this.") for name in needed if facts.get(name) in (None, "", [], 0)}
    if missing:
        raise BadInput(**missing)


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
    fields: dict[str, Any] = {"type_verified": report.type_verified, "result_code": report.result_codes[0]}
    if report.case_no:
        fields["case_no"] = report.case_no
    restarted = follow(chain.incident, by=by, now=now, **fields)
    return [chain.assignment, chain.incident, *changed, *restarted]

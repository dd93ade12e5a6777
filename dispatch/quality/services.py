"""Drawing the monthly sample of reports and marking them (R26)."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from random import Random

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import QualityMark, Report, SampleDraw
from dispatch.services.decisions import involved
from incidents.actor import Actor
from incidents.audience import COMPLAINT, COMPLAINT_CLASS
from incidents.commands import command
from incidents.journal import record
from incidents.models import Head, Incident, SupervisionOrder
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.row import Json
from incidents.services import supervision
from incidents.services.numbers import CITY_TIME

ASPECTS = ("complete", "type", "timely", "clear", "procedure")  # 要素、类别与结果、及时、经过、程序
PASSED, FAILED = QualityMark.Outcome.PASSED, QualityMark.Outcome.FAILED
DUE_IN_DAYS = 5
log = logging.getLogger(__name__)


def last_month(now: dt.datetime) -> str:
    """Return the month before the present one of the city's calendar, e.g. 2026-01."""
    first = now.astimezone(CITY_TIME).replace(day=1)
    return f"{first - dt.timedelta(days=1):%Y-%m}"


def span(month: str) -> tuple[dt.datetime, dt.datetime]:
    """Return when a month begins and ends in the city."""
    year, number = (int(part) for part in month.split("-"))
    begins = dt.datetime(year, number, 1, tzinfo=CITY_TIME)
    return begins, (begins + dt.timedelta(days=32)).replace(day=1)


def population(centre_id: int, month: str) -> QuerySet[Report]:
    """Return the reports that may be drawn: the complete ones that nobody has corrected since, without drills and
    complaints (R1: these are the inspectors' alone)."""
    begins, ends = span(month)
    found = Report.objects.filter(
        centre_id=centre_id, complete=True, reported_at__gte=begins, reported_at__lt=ends, corrections__isnull=True,
        incident__drill=False,
    )  # fmt: skip
    hidden = {"incident__type_reported__startswith": COMPLAINT}
    return found.exclude(**hidden).exclude(incident__intake_class=COMPLAINT_CLASS).order_by("id")


def drawn_from(ids: list[int], seed: str, size: int) -> list[int]:
    """Return the sample of some ids: the same for the same seed, whoever draws it."""
    return sorted(Random(seed).sample(ids, min(size, len(ids))))


def not_drawn(now: dt.datetime) -> list[int]:
    """Return the centres whose last month has no sample yet."""
    done = SampleDraw.objects.filter(month=last_month(now)).values("centre_id")
    return list(Head.objects.exclude(centre_id__in=done).values_list("centre_id", flat=True))


@command
def draw(*, by: Actor | None, centre_id: int, month: str) -> Json:
    """Draw the sample of a month that is over. The seed comes from the journal's hash at this moment, which nobody
    could choose, and stands in the journal with the numbers."""
    now = timezone.now()
    if now < span(month)[1]:
        raise BadInput(month=_("This month is not over yet."))
    head = Head.objects.get(centre_id=centre_id)
    seed = hashlib.sha256(bytes(head.hash) + month.encode()).hexdigest()
    ids = list(population(centre_id, month).values_list("id", flat=True))
    chosen = drawn_from(ids, seed, settings.QUALITY_SAMPLE)
    try:
        with transaction.atomic():
            made = SampleDraw.objects.create(
                centre_id=centre_id, month=month, drawn_at=now, seed=seed, population=len(ids), size=len(chosen)
            )
    except IntegrityError:
        return {}  # another process has drawn it
    for report in Report.objects.filter(pk__in=chosen).select_related("incident").order_by("id"):
        QualityMark.make(by=by, now=now, centre_id=centre_id, draw=made, report=report, incident=report.incident)
    record("quality.drawn", centre_id=centre_id, month=month, seed=seed, population=len(ids), size=len(chosen))
    return {"month": month, "size": len(chosen)}


@command
def mark(
    *, by: Actor, mark_id: int, version: int, marks: dict[str, str], remarks: str, demand: str = ""
) -> QualityMark:
    """Mark a report of the sample, aspect by aspect; never an own one. With a `demand` a failed one becomes a
    supervision order of the cause quality in the same act."""
    now = timezone.now()
    row = QualityMark.locked(mark_id, by.centre_id, version)
    report = Report.objects.select_related("assignment").get(pk=row.report_id)
    incident = Incident.locked(row.incident_id, by.centre_id)
    if report.reported_by_no == by.badge or incident.created_by_id == by.user_id or involved(incident, by):
        raise Forbidden(_("Nobody marks an own report."))
    if row.supervision_id is not None:
        raise WrongTurn(row, _("A supervision order rests on these marks."))
    outcome = check(marks, remarks)
    order = demanded(incident, demand, by=by, now=now) if demand else None
    if order is not None and outcome != FAILED:
        raise BadInput(demand=_("Only a failed report is followed by an order."))
    row.change(
        by=by, now=now, marks=marks, remarks=remarks, outcome=outcome, marked_at=now, marked_by_no=by.badge,
        supervision=order,
    )  # fmt: skip
    failed = [aspect for aspect in ASPECTS if marks[aspect] == FAILED]
    record(
        "quality.marked", incident_id=incident.pk, centre_id=row.centre_id, report_no=report.report_no, failed=failed
    )
    return row


def check(marks: dict[str, str], remarks: str) -> str:
    """Return the outcome of marks: every aspect is marked, and what failed is explained."""
    for aspect in ASPECTS:
        if marks.get(aspect) not in (PASSED, FAILED):
            raise BadInput(**{f"marks.{aspect}": _("This aspect has no mark.")})
    strange = sorted(set(marks) - set(ASPECTS))
    if strange:
        raise BadInput(**{f"marks.{strange[0]}": _("Unknown or read-only field.")})
    failed = FAILED in marks.values()
    if failed and not remarks:
        raise BadInput(remarks=_("Say what is wrong."))
    return str(FAILED if failed else PASSED)


def demanded(incident: Incident, demand: str, *, by: Actor, now: dt.datetime) -> SupervisionOrder:
    """Order the owner of the incident to put a failed report right."""
    if incident.jurisdiction is None:
        raise BadInput(demand=_("The incident has no owner that could be ordered."))
    due = supervision.working_days_later(now, DUE_IN_DAYS)
    cause = SupervisionOrder.Cause.QUALITY
    return supervision.made(incident, incident.jurisdiction, by=by, now=now, cause=cause, demand=demand, due=due)


def keep(now: dt.datetime) -> None:
    """Draw last month's sample where it is missing (once a minute, harmless when run twice)."""
    for centre_id in not_drawn(now):
        try:
            draw(by=None, centre_id=centre_id, month=last_month(now))
        except Exception:
            log.exception("sample of centre %s not drawn", centre_id)

"""Planning and ending standing reports, and making their editions as jobs that are not lost."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from dispatch.standing import making
from dispatch.standing.models import Edition, StandingReport
from dispatch.standing.rhythm import next_time, span
from incidents import jobs
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Job
from incidents.refusals import BadInput, WrongTurn
from incidents.row import Json

State = Edition.State
JOB = "edition"
AT_ONCE = 20
CAUGHT_UP = 31  # editions of one report that are made up for after an outage, the newest ones
log = logging.getLogger(__name__)


@command
def plan(*, by: Actor, name: str, question: Json, rhythm: str, ready_at: dt.time) -> StandingReport:
    """Let a question be answered at each turn of a rhythm, from the next one on."""
    now = timezone.now()
    making.read(question, by.centre_id, now)
    if StandingReport.objects.filter(centre_id=by.centre_id, name=name, ended_at__isnull=True).exists():
        raise BadInput(name=_("There is a running report of this name already."))
    report = StandingReport.make(
        by=by, now=now, centre_id=by.centre_id, name=name, question=question, rhythm=rhythm, ready_at=ready_at,
        next_at=next_time(rhythm, ready_at, now),
    )  # fmt: skip
    record("standing_report.planned", report, name=name)
    return report


@command
def end(*, by: Actor, report_id: int) -> StandingReport:
    """End a report; its editions stay. Ending it again changes nothing."""
    now = timezone.now()
    report = StandingReport.locked(report_id, by.centre_id)
    if report.ended_at is None:
        report.change(by=by, now=now, ended_at=now)
        record("standing_report.ended", report, name=report.name)
    return report


def keep(now: dt.datetime) -> None:
    """Ask for every edition that is due; harmless when run twice."""
    due = StandingReport.objects.filter(ended_at__isnull=True, next_at__lte=now)
    for report_id in due.order_by("next_at").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            ask_editions(by=None, report_id=report_id)
        except Exception:
            log.exception("editions of report %s not asked for", report_id)


@command
def ask_editions(*, by: Actor | None, report_id: int) -> list[Edition]:
    """Ask for the editions of a report that are due: one for each turn since the last time, the newest 31. A period that
    has its edition keeps it: after a restored backup, or with a clock that was put back, a turn may come a second time."""
    now = timezone.now()
    free = StandingReport.objects.select_for_update(skip_locked=True, no_key=True)
    report = free.filter(pk=report_id, ended_at__isnull=True, next_at__lte=now).first()
    if report is None or report.next_at is None:
        return []
    turns, moment = [], report.next_at
    while moment <= now:
        turns.append(moment)
        moment = next_time(report.rhythm, report.ready_at, moment)
    report.change(by=by, now=now, next_at=moment)
    spans = dict.fromkeys(span(report.rhythm, turn) for turn in turns[-CAUGHT_UP:])
    known = set(Edition.objects.filter(report=report).values_list("first", "last"))
    return [ask(report, *one, by=by, now=now) for one in spans if one not in known]


def ask(report: StandingReport, first: dt.date, last: dt.date, *, by: Actor | None, now: dt.datetime) -> Edition:
    """Insert an edition with the job that makes it, inside a command."""
    edition = Edition.make(by=by, now=now, centre_id=report.centre_id, report=report, first=first, last=last)
    jobs.enqueue(JOB, centre_id=report.centre_id, payload={"edition": edition.pk}, now=now)
    record("edition.asked", edition, report, **said(edition))
    return edition


@command
def ask_again(*, by: Actor, edition_id: int) -> Edition:
    """Try an edition again that could not be made."""
    now = timezone.now()
    edition = Edition.locked(edition_id, by.centre_id)
    if edition.state == State.MADE:
        raise WrongTurn(edition)
    if edition.state == State.FAILED:
        edition.change(by=by, now=now, state=State.ASKED, error="")
        jobs.enqueue(JOB, centre_id=edition.centre_id, payload={"edition": edition.pk}, now=now)
        record("edition.asked", edition, **said(edition))
    return edition


@jobs.handler(JOB)
def make(payload: Json) -> None:
    """Make an edition; a second run for the same one finds it made."""
    edition = Edition.objects.select_related("report").get(pk=payload["edition"])
    if edition.state != State.MADE:
        with translation.override(settings.LANGUAGE_CODE):
            content, lines = making.workbook(edition, timezone.now())
        hand_in(by=None, edition_id=edition.pk, content=content, lines=lines)


@command
def hand_in(*, by: Actor | None, edition_id: int, content: bytes, lines: int) -> Edition:
    """Keep the file of an edition; what is made stays as it was made."""
    now = timezone.now()
    edition = Edition.objects.select_for_update(no_key=True, of=("self",)).select_related("report").get(pk=edition_id)
    if edition.state == State.MADE:
        return edition
    digest = hashlib.sha256(content).hexdigest()
    edition.change(by=by, now=now, state=State.MADE, content=content, lines=lines, made_at=now, sha256=digest, error="")
    record("edition.made", edition, **said(edition), sha256=digest)
    return edition


@jobs.given_up(JOB)
def give_up(payload: Json) -> None:
    """Say that an edition could not be made, after the last attempt."""
    tried = Job.objects.filter(kind=JOB, payload__edition=payload["edition"]).order_by("-id").first()
    fail(by=None, edition_id=payload["edition"], error=tried.last_error if tried else "")


@command
def fail(*, by: Actor | None, edition_id: int, error: str) -> Edition:
    """Write that an edition could not be made; somebody may ask again."""
    now = timezone.now()
    edition = Edition.objects.select_for_update(no_key=True, of=("self",)).select_related("report").get(pk=edition_id)
    if edition.state == State.ASKED:
        edition.change(by=by, now=now, state=State.FAILED, error=error[:200])
        record("edition.failed", edition, **said(edition), error=error[:200])
    return edition


def said(edition: Edition) -> Json:
    """Return what the sentences about an edition say."""
    return {"name": edition.report.name, "first": edition.first.isoformat(), "last": edition.last.isoformat()}

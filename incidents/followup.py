"""What of the follow-up falls due with time: once a minute, each step one short command, harmless when run twice."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models import Call, Callback, Incident, SupervisionOrder, Transfer
from incidents.refusals import WrongTurn
from incidents.services import (
    callbacks,
    fusion,
    grid_again,
    grid_reports,
    partners,
    premise_reviews,
    supervision,
    transfers,
    watch,
)

log = logging.getLogger(__name__)
STEPS: list[tuple[Callable[[dt.datetime], list[int]], Callable[..., Any], str]] = [
    (transfers.to_urge, transfers.urge, "transfer_id"),
    (callbacks.to_urge, callbacks.urge, "callback_id"),
    (transfers.overdue, transfers.mark_unanswered, "transfer_id"),
    (callbacks.waiting_to_be_asked, callbacks.plan, "incident_id"),
    (callbacks.run_out, callbacks.let_pass, "callback_id"),
    (callbacks.to_hand_on, callbacks.hand_to_agent, "callback_id"),
    (supervision.to_escalate, supervision.escalate, "order_id"),
    (supervision.to_urge, supervision.urge, "order_id"),
    (watch.run_out, watch.expire_watch, "entry_id"),
    (premise_reviews.due, premise_reviews.tell_review, "note_id"),
    (fusion.lapsed, fusion.let_lapse, "request_id"),
    (grid_again.to_urge, grid_again.urge_task, "task_id"),
    (grid_again.overdue, grid_again.mark_task_overdue, "task_id"),
    (grid_reports.untaken, grid_reports.mark_report_waiting, "report_id"),
    (partners.run_out, partners.end_attachment, "attachment_id"),
]


def keep(now: dt.datetime) -> int:
    """Do what is due; returns how much. One that fails is logged and leaves the others alone."""
    done = 0
    for find, act, name in STEPS:
        for row_id in find(now):
            try:
                act(by=None, **{name: row_id})
                done += 1
            except Exception:
                log.exception("%s %s failed", act.__name__, row_id)
    return done


OpenMatter = tuple[Callable[[Incident], bool], Any]
# What keeps an incident open, each with the sentence that says so (domain 5); later modules add theirs.
OPEN_MATTERS: list[OpenMatter] = [
    (
        lambda incident: Transfer.objects.filter(
            incident=incident, direction="out", state__in=[Transfer.State.UNSENT, Transfer.State.SENT]
        ).exists(),
        _("A transfer of this incident has no answer yet."),
    ),
    (
        lambda incident: (
            SupervisionOrder.objects.filter(incident=incident).exclude(state=SupervisionOrder.State.CLOSED).exists()
        ),
        _("A supervision order about this incident is open."),
    ),
    (
        lambda incident: Callback.objects.filter(incident=incident, outcome="").exists(),
        _("The callback of this incident has no outcome yet."),
    ),
    (
        lambda incident: incident.calls.exclude(state__in=[Call.State.DONE, Call.State.WRAP_UP]).exists(),
        _("A call of this incident is still open."),
    ),
    (fusion.keeps_open, _("A fusion request of this incident is still open.")),
]


def keeps_open(question: Callable[[Incident], bool], sentence: Any) -> None:
    """Add a reason for which an incident may not be closed yet."""
    OPEN_MATTERS.append((question, sentence))


def open_matters(incident: Incident) -> list[Any]:
    """Return a sentence for everything that keeps an incident open."""
    return [sentence for question, sentence in OPEN_MATTERS if question(incident)]


def refuse_open_matters(incident: Incident) -> None:
    """Refuse to close an incident while something about it is open (domain 5). Raises WrongTurn that names it."""
    for question, sentence in OPEN_MATTERS:
        if question(incident):
            raise WrongTurn(incident, sentence)

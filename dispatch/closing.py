"""What keeps an incident open because of its orders, and what retention must know of them: added to the registries of
the layer below."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from dispatch import overdue as overdue_limits
from dispatch.directives import following, stake_out
from dispatch.models import Assignment, Directive, LedgerEntry, Photo, Report
from dispatch.prevention.models import PreventionWarning
from dispatch.quality.models import QualityMark
from dispatch.review import services as reviews
from dispatch.review.models import Review, ReviewNote, ReviewTask
from incidents import followup, overdue
from incidents.actor import Actor
from incidents.archive import classes
from incidents.archive.personal import FILES, NOTHING, coarse, hidden, lines, nothing_left, personal
from incidents.models import Incident, LockedPosition
from incidents.services.incidents import MODE_FOLLOWERS
from incidents.services.locked_positions import RENEWAL_FOLLOWERS
from patrol.models import JointOperation

UNDONE = (Assignment.State.REFUSED, Assignment.State.WITHDRAWN)


def lacks_a_report(incident: Incident) -> bool:
    """Tell whether an order of the incident has no complete handling report (domain 5)."""
    return (
        incident.attendance
        and Assignment.objects.filter(incident=incident, reported_at=None).exclude(state__in=UNDONE).exists()
    )


def results_of_reports(incident: Incident) -> set[str]:
    """Return every result that a report of the incident names; several may apply (7.5)."""
    found = Report.objects.filter(incident_id=incident.pk).values_list("result_codes", flat=True)
    return {code for codes in found for code in codes}


def take_photos(incident_ids: list[int]) -> list[str]:
    """Take the pictures from the street out of their rows and return their files; that there were some stays."""
    photos = Photo.objects.filter(report__incident_id__in=incident_ids).exclude(file="")
    files = list(photos.values_list("file", flat=True))
    photos.update(file="", lat=None, lng=None)
    return files


def renewed(before: LockedPosition, after: LockedPosition, by: Actor, now: dt.datetime) -> None:
    """Let the directives that rest on a position move with its renewal."""
    following.move_with(before, after, by=by, now=now)


def register() -> None:
    """Add what this layer knows; called once when the app is ready."""
    followup.keeps_open(lacks_a_report, _("A report of this incident is missing."))
    followup.keeps_open(following.keeps_open, _("A directive of this incident is still to be carried out."))
    MODE_FOLLOWERS.append(stake_out.follow_mode)
    RENEWAL_FOLLOWERS.append(renewed)
    classes.RESULTS.append(results_of_reports)
    FILES.append(take_photos)
    overdue.source(overdue_limits.limits)
    overdue.source(overdue_limits.review_tasks)
    followup.STEPS.append((reviews.overdue, reviews.miss_task, "task_id"))
    texts: tuple[str, ...] = (
        "order_text",
        "override_text",
        "refusal_text",
        "cancel_text",
        "delay_text",
        "return_reason",
    )
    texts += ("handed_contact", "handed_received_by", "handed_reply")
    personal(Assignment, "incident_id__in", **columns(*texts))
    words: tuple[str, ...] = (
        "process_text",
        "address_verified",
        "result_place",
        "property_text",
        "receipt",
        "handover_contact",
    )
    words += ("handover_reply", "community")
    personal(LedgerEntry, "incident_id__in", remark=hidden, objection=hidden, answer=hidden)
    personal(Report, "incident_id__in", **columns(*words), handled_point=coarse)
    personal(
        Directive, "incident_id__in", keys={"point": coarse}, lat=coarse, lng=coarse, moved=nothing_left,
        **columns("text", "place", "withdraw_reason"),
    )  # fmt: skip
    personal(QualityMark, "incident_id__in", remarks=hidden)
    personal(JointOperation, "incident_id__in", **columns("purpose", "outcome"))
    personal(
        PreventionWarning, "incidents__overlap",
        subject=hidden, place_text=hidden, outcome_words=hidden, acts=lines("words"), lat=coarse, lng=coarse,
    )  # fmt: skip
    personal(Review, "incident_id__in", name=hidden, purpose=hidden)
    personal(ReviewNote, "review__incident_id__in", text=hidden)
    personal(ReviewTask, "review__incident_id__in", text=hidden, done_words=hidden)
    NOTHING.add("tick")


def columns(*names: str) -> dict[str, Any]:
    """Return columns of words, each to be hidden."""
    return dict.fromkeys(names, hidden)

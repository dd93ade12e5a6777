"""Opening and reading a review, notes at a moment, tasks that follow from it.

What people say of each other's work does not go over the live feed: entries name the review and hold no row of it.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.api.incident import visible_incident
from dispatch.review.models import Review, ReviewNote, ReviewReading, ReviewTask
from dispatch.review.seen import review_of
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Entry, Incident, User
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.roles import LEADER, REVIEWER, WATCH_COMMANDER

LONGEST: Final = dt.timedelta(hours=24)
LEAD_IN: Final = dt.timedelta(minutes=2)
SECOND: Final = dt.timedelta(seconds=1)
OVERDUE: Final = "review_task_overdue"
LATEST_DUE: Final = dt.timedelta(days=366)
GIVING: Final = (WATCH_COMMANDER, REVIEWER, LEADER)


@command
def open_review(
    *,
    by: Actor,
    purpose: str,
    name: str = "",
    incident_id: int | None = None,
    incident_no: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Review:
    """Open the review of an incident, or of a window of at most 24 hours; the purpose stands in the journal (A-class
    reading). An incident's own span begins two minutes before its first ring."""
    now = timezone.now()
    incident = wanted_incident(by, incident_id, incident_no)
    if incident is not None:
        since, until = span_of(incident)
    if since is None or until is None:
        raise BadInput(since=_("Say which incident, or from when until when."))
    # Whole seconds: what a screen sends back with its milliseconds lies inside.
    since, until = since.replace(microsecond=0), min(until, now).replace(microsecond=0) + SECOND
    if not SECOND < until - since <= LONGEST + SECOND:
        raise BadInput(until=_("A review looks at a span of the past, at most 24 hours."))
    made = Review.make(
        by=by, now=now, centre_id=by.centre_id, name=name or (incident.incident_no if incident else ""),
        purpose=purpose, incident=incident, since=since, until=until, opened_by_no=by.badge, opened_by_name=by.name,
    )  # fmt: skip
    ReviewReading.objects.create(review=made, reader_id=by.user_id, purpose=purpose, at=now)
    note(made, "review.opened", purpose=purpose, review=made.pk)
    return made


def wanted_incident(by: Actor, incident_id: int | None, number: str) -> Incident | None:
    """Return the incident that is named by its id, its number or the short form of it (#241); None when none is."""
    if number:
        short = number.removeprefix("#")
        found = Incident.objects.filter(centre_id=by.centre_id)
        named = found.filter(incident_no=short) | found.filter(
            pk=int(short) if short.isascii() and short.isdigit() and len(short) < 12 else 0
        )
        incident_id = named.order_by("-id").values_list("pk", flat=True).first()
        if incident_id is None:
            raise BadInput(incident_no=_("There is no such incident."))
    return visible_incident(by, incident_id)[0] if incident_id is not None else None


def note(review: Review, kind: str, /, **data: object) -> None:
    """Record something about a review, on the timeline of its incident where it has one."""
    record(kind, centre_id=review.centre_id, incident_id=review.incident_id, **data)


def span_of(incident: Incident) -> tuple[dt.datetime, dt.datetime]:
    """Return from when until when an incident is played: from its first ring until its last entry, at most a day."""
    rings = [call.ring_at for call in incident.calls.all() if call.ring_at]
    since = min([incident.created_at, incident.answered_at, *rings]) - LEAD_IN
    entries = Entry.objects.filter(centre_id=incident.centre_id, incident_id=incident.pk, at__lte=since + LONGEST)
    last = entries.order_by("-seq").values_list("at", flat=True).first() or incident.created_at
    return since, min(last + LEAD_IN, since + LONGEST)


@command
def read_review(*, by: Actor, review_id: int, purpose: str) -> Review:
    """Say why one looks at a review; it may be played for twelve hours."""
    review = review_of(by, review_id, played=False)
    ReviewReading.objects.create(review=review, reader_id=by.user_id, purpose=purpose, at=timezone.now())
    note(review, "review.read", purpose=purpose, review=review.pk)
    return review


@command
def note_moment(*, by: Actor, review_id: int, at: dt.datetime, text: str) -> ReviewNote:
    """Write down what one sees at a moment of a review."""
    review = review_of(by, review_id)
    must_lie_in(review, at)
    made = ReviewNote.make(
        by=by, now=timezone.now(), centre_id=by.centre_id, review=review, at=at, text=text, by_no=by.badge,
        by_name=by.name,
    )  # fmt: skip
    note(review, "review.noted", review=review.pk, note=made.pk)
    return made


def must_lie_in(review: Review, moment: dt.datetime) -> None:
    """Refuse a moment outside the span of a review."""
    if not review.since <= moment <= review.until:
        raise BadInput(at=_("This moment lies outside the review."))


@command
def give_task(
    *, by: Actor, review_id: int, text: str, owner: str, due_at: dt.datetime, at: dt.datetime | None = None
) -> ReviewTask:
    """Give somebody, named by the badge, a task that follows from a review, with a date."""
    now = timezone.now()
    review = review_of(by, review_id)
    if at is not None:
        must_lie_in(review, at)
    if not now < due_at <= now + LATEST_DUE:
        raise BadInput(due_at=_("The date must lie ahead, at most a year."))
    person = User.objects.filter(centre_id=by.centre_id, badge=owner, is_active=True).first()
    if person is None:
        raise BadInput(owner=_("Nobody has this badge number."))
    made = ReviewTask.make(
        by=by, now=now, centre_id=by.centre_id, review=review, at=at, text=text, owner=person, owner_no=person.badge,
        owner_name=person.name, due_at=due_at, given_by_no=by.badge, given_by_name=by.name,
    )  # fmt: skip
    note(review, "review.task_given", review=review.pk, task=made.pk, owner=person.badge)
    return made


@command
def finish_task(*, by: Actor, task_id: int, words: str) -> ReviewTask:
    """Say that a task is done, and how: its owner, or who may give tasks. A repeat changes nothing."""
    now = timezone.now()
    task = ReviewTask.locked(task_id, by.centre_id)
    if task.owner_id != by.user_id and not by.has(*GIVING):
        raise Forbidden()
    if task.done_at is not None:
        if task.done_words == words:
            return task
        raise WrongTurn(task)
    task.change(by=by, now=now, done_at=now, done_words=words)
    ended = end_causes(now, OVERDUE, centre_id=task.centre_id, **{"data->>'task'": str(task.pk)})
    record("review.task_done", *ended, centre_id=task.centre_id, incident_id=task.incident_id, review=task.review_id,
           task=task.pk)  # fmt: skip
    return task


def overdue(now: dt.datetime) -> list[int]:
    """Return the tasks whose date has passed unnoticed, at most a hundred at once."""
    found = ReviewTask.objects.filter(due_at__lte=now, done_at__isnull=True, overdue_at__isnull=True)
    return list(found.order_by("due_at").values_list("pk", flat=True)[:100])


@command
def miss_task(*, by: Actor | None, task_id: int) -> ReviewTask:
    """Note that the date of a task has passed and tell the watch commander, once."""
    now = timezone.now()
    task = ReviewTask.objects.select_for_update(of=("self",)).select_related("review").get(pk=task_id)
    if task.done_at is not None or task.overdue_at is not None or task.due_at > now:
        return task
    task.change(by=by, now=now, overdue_at=now)
    alert = raise_alert(
        OVERDUE, centre_id=task.centre_id, by=by, now=now, raised_at=task.due_at, task=task.pk, review=task.review_id,
        name=task.review.name, owner=task.owner_no, owner_name=task.owner_name,
    )  # fmt: skip
    record("review.task_overdue", alert, incident_id=task.incident_id, review=task.review_id, task=task.pk)
    return task


@command
def note_exported(*, by: Actor, review_id: int, form: str) -> Review:
    """Journal that a review was taken out, and in which form."""
    review = review_of(by, review_id)
    note(review, "review.exported", review=review.pk, form=form)
    return review

"""One sample of every command of the review, in a situation in which it succeeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import time_machine
from django.utils import timezone

from dispatch.models import Review, ReviewTask
from dispatch.review import services
from tests.database.acts import take
from tests.faults.samples import Act, act, by
from tests.people import Cast

WHY = "复盘"


def review(cast: Cast, who: str = "sam") -> Review:
    """Open the review of a fresh incident."""
    return services.open_review(by=cast.actor(who), incident_id=take(cast).pk, purpose=WHY)


def task(cast: Cast, days: int = 3) -> ReviewTask:
    """Give Dana a task."""
    due = timezone.now() + dt.timedelta(days=days)
    return services.give_task(
        by=cast.actor("sam"), review_id=review(cast).pk, text="补训", owner=cast.users["dana"].badge, due_at=due
    )


def missed(cast: Cast) -> ReviewTask:
    """A task whose date has passed."""
    with time_machine.travel(timezone.now() - dt.timedelta(days=5)):
        made = task(cast)
    return made


def opens(cast: Cast) -> Act:
    """A review is opened."""
    return act(services.open_review, by=by(cast, "sam"), incident_id=take(cast).pk, purpose=WHY)


def notes(cast: Cast) -> Act:
    """A moment is noted."""
    found = review(cast)
    return act(services.note_moment, by=by(cast, "sam"), review_id=found.pk, at=found.since, text="派警偏慢")


def gives(cast: Cast) -> Act:
    """A task is given."""
    return act(
        services.give_task, by=by(cast, "sam"), review_id=review(cast).pk, text="补训",
        owner=cast.users["dana"].badge, due_at=timezone.now() + dt.timedelta(days=3),
    )  # fmt: skip


REVIEW_SAMPLES: dict[str, Callable[[Cast], Act]] = {
    "dispatch.review.services.finish_task": lambda cast: act(
        services.finish_task, by=by(cast, "dana"), task_id=task(cast).pk, words="已补训"
    ),
    "dispatch.review.services.give_task": gives,
    "dispatch.review.services.miss_task": lambda cast: act(services.miss_task, by=None, task_id=missed(cast).pk),
    "dispatch.review.services.note_exported": lambda cast: act(
        services.note_exported, by=by(cast, "sam"), review_id=review(cast).pk, form="csv"
    ),
    "dispatch.review.services.note_moment": notes,
    "dispatch.review.services.open_review": opens,
    "dispatch.review.services.read_review": lambda cast: act(
        services.read_review, by=by(cast, "rae"), review_id=review(cast).pk, purpose=WHY
    ),
}

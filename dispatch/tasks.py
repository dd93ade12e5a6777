"""Celery tasks: "sweep", "drain", "count", "keep", "retain", "index_search", "play_trials". Each is harmless when run
twice, and none carries a moment (rule 37)."""

from __future__ import annotations

from celery import shared_task

from dispatch import deadlines, keeping, retention
from dispatch.deployment import job as trials
from dispatch.search import index
from dispatch.statistics import follower
from incidents import jobs


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def sweep() -> int:
    """Fire what is due."""
    return deadlines.sweep()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def drain() -> int:
    """Do the jobs that wait."""
    return jobs.drain()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def count() -> int:
    """Let the counts of the statistics follow the journal."""
    return follower.follow()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def keep() -> None:
    """Do the minute's housekeeping: partitions, anchor, old keys and tickets."""
    keeping.keep()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def retain() -> int:
    """Go on with tonight's retention, if it is not done."""
    return retention.tick()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def index_search() -> int:
    """Make what the journal names findable."""
    return index.catch_up()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def play_trials() -> int:
    """Play some days of the oldest trial of another deployment."""
    return trials.tick()

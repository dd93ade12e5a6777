"""Samples of the commands of standing reports and of taking files out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from dispatch.standing import services
from dispatch.standing.models import Edition, StandingReport
from incidents.services import exporting
from tests.faults.samples import Act, act, by
from tests.people import Cast

QUESTION = {"keys": "K7,K8", "by": "station", "against": "previous"}
PLAN: dict[str, Any] = {"name": "周报", "question": QUESTION, "rhythm": "week", "ready_at": dt.time(7, 30)}


def report(cast: Cast) -> StandingReport:
    """A report that runs."""
    return services.plan(by=cast.actor("sam"), **PLAN)


def due(cast: Cast) -> StandingReport:
    """A report whose time has come."""
    row = report(cast)
    StandingReport.objects.filter(pk=row.pk).update(next_at=timezone.now() - dt.timedelta(minutes=1))
    return row


def edition(cast: Cast) -> Edition:
    """An edition that is to be made."""
    services.ask_editions(by=None, report_id=due(cast).pk)
    return Edition.objects.get()


def failed(cast: Cast) -> Edition:
    """An edition that could not be made."""
    return services.fail(by=None, edition_id=edition(cast).pk, error="OSError")


STANDING_SAMPLES: dict[str, Callable[[Cast], Act]] = {
    "dispatch.standing.services.plan": lambda cast: act(services.plan, by=by(cast, "sam"), **PLAN),
    "dispatch.standing.services.end": lambda cast: act(services.end, by=by(cast, "sam"), report_id=report(cast).pk),
    "dispatch.standing.services.ask_editions": lambda cast: act(services.ask_editions, by=None, report_id=due(cast).pk),
    "dispatch.standing.services.ask_again": lambda cast: act(
        services.ask_again, by=by(cast, "sam"), edition_id=failed(cast).pk
    ),
    "dispatch.standing.services.hand_in": lambda cast: act(
        services.hand_in, by=None, edition_id=edition(cast).pk, content=b"PK", lines=1
    ),
    "dispatch.standing.services.fail": lambda cast: act(
        services.fail, by=None, edition_id=edition(cast).pk, error="OSError"
    ),
    "incidents.services.exporting.take_out": lambda cast: act(
        exporting.take_out, by=by(cast, "sam"), what="figures", form="csv", lines=3
    ),
    "incidents.services.exporting.tell_limit": lambda cast: act(
        exporting.tell_limit, by=by(cast, "sam"), what="figures", lines=3
    ),
}

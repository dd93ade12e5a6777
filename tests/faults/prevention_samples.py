"""One sample of every command of prevention, in a situation in which it succeeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import time_machine
from django.utils import timezone

from dispatch.models import PreventionWarning
from dispatch.prevention import services
from dispatch.prevention.signals import Finding
from tests.database.acts import take
from tests.faults.samples import Act, act, by
from tests.people import Cast

LAT, LNG = 24.5112, 117.6540


def finding(cast: Cast) -> Finding:
    """A repeated address."""
    ids = tuple(take(cast).pk for _number in range(3))
    return Finding("repeat_address", "24.5112,117.6540", ids, {"n": 3, "days": 30}, LAT, LNG, 50.0, "新华路")


def warning(cast: Cast, days_ago: int = 0) -> PreventionWarning:
    """A warning that stands."""
    found = finding(cast)
    with time_machine.travel(timezone.now() - dt.timedelta(days=days_ago)):
        services.raise_warning(by=None, centre_id=cast.centre.pk, found=found)
    return PreventionWarning.objects.get()


def of_warning(run: Callable[..., Any], who: str, **facts: Any) -> Callable[[Cast], Act]:
    """An act on a warning."""
    return lambda cast: act(run, by=by(cast, who), warning_id=warning(cast).pk, **facts)


PREVENTION_SAMPLES: dict[str, Callable[[Cast], Act]] = {
    "dispatch.prevention.services.acknowledge_warning": of_warning(services.acknowledge_warning, "sam"),
    "dispatch.prevention.services.act_on_warning": of_warning(services.act_on_warning, "omar", words="已巡查"),
    "dispatch.prevention.services.end_warning": of_warning(
        services.end_warning, "sam", outcome="quiet", words="未再发生"
    ),
    "dispatch.prevention.services.let_warning_pass": lambda cast: act(
        services.let_warning_pass, by=None, warning_id=warning(cast, 30).pk
    ),
    "dispatch.prevention.services.raise_warning": lambda cast: act(
        services.raise_warning, by=None, centre_id=cast.centre.pk, found=finding(cast)
    ),
}

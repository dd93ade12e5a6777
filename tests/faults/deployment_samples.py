"""One sample of every command of deployment, in a situation in which it succeeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from dispatch.deployment import services
from dispatch.deployment.models import DeploymentTrial
from dispatch.statistics.period import day_of
from patrol.models import Shift
from tests.faults.samples import Act, act, by
from tests.people import Cast

AGO = dt.timedelta(days=2)


def facts(cast: Cast) -> dict[str, Any]:
    """A trial of the day before yesterday, when both cars were on duty."""
    Shift.objects.filter(centre=cast.centre).update(started_at=timezone.now() - AGO)
    day = day_of(timezone.now() - AGO)
    changes = [{"kind": "remove", "call_sign": "car-7"}]
    return {"name": "", "since": day, "until": day, "way": "road", "changes": changes}


def trial(cast: Cast, state: str = "running") -> DeploymentTrial:
    """A trial that runs."""
    made = services.ask_trial(by=by(cast, "sam"), **facts(cast))
    DeploymentTrial.objects.filter(pk=made.pk).update(state=state)
    return made


def of_trial(run: Callable[..., Any], **more: Any) -> Callable[[Cast], Act]:
    """An act of the worker on a trial."""
    return lambda cast: act(run, by=None, centre_id=cast.centre.pk, trial_id=trial(cast).pk, **more)


DEPLOYMENT_SAMPLES: dict[str, Callable[[Cast], Act]] = {
    "dispatch.deployment.services.answer_trial": of_trial(services.answer_trial, answer={"n": 1, "days": 1}),
    "dispatch.deployment.services.ask_trial": lambda cast: act(services.ask_trial, by=by(cast, "sam"), **facts(cast)),
    "dispatch.deployment.services.cancel_trial": lambda cast: act(
        services.cancel_trial, by=by(cast, "sam"), trial_id=trial(cast).pk
    ),
    "dispatch.deployment.services.fail_trial": of_trial(services.fail_trial, failure="fault"),
}

"""Trials worked off in batches: a few seconds a tick, in the queue of what may wait; each day that is over is kept. A
worker that is killed loses at most the day it plays; its lease runs out and the next tick goes on."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from dispatch import policy as policies
from dispatch import spread as spreads
from dispatch.deployment import compare, reading, services
from dispatch.deployment.day import DayPlay, Period, Side
from dispatch.deployment.fleet import Stand, changed
from dispatch.deployment.ground import Beats, Ground
from dispatch.deployment.models import DeploymentTrial, TrialDay
from dispatch.deployment.play import ROAD, Rules
from patrol.roads import store
from patrol.roads.profiles import VERSION as SPEEDS

log = logging.getLogger(__name__)
LASTS_S: Final = 3.0  # of one tick: what else waits in the queue comes between
LEASE: Final = dt.timedelta(seconds=90)  # longer than a tick
GIVES_UP_AFTER: Final = 4  # ticks one after the other that failed or were killed
State, Failure = DeploymentTrial.State, DeploymentTrial.Failure


@dataclass(slots=True)
class Prepared:
    """What a process keeps of the trial it plays, the day that it is at too."""

    trial: int
    inputs: str
    ground: Ground
    period: Period
    sides: tuple[Side, Side]
    running: DayPlay | None = None


_prepared: list[Prepared] = []


def tick(lasts_s: float = LASTS_S, at_most: int = 1_000) -> int:
    """Play the oldest open trial for some seconds, at most so many days to their end; returns how many were kept."""
    until, done = time.monotonic() + lasts_s, 0
    trial = claim(timezone.now())
    if trial is None:
        if not DeploymentTrial.objects.filter(state__in=[State.ASKED, State.RUNNING]).exists():
            _prepared.clear()
        return 0
    try:
        while done < at_most and (day := next_day(trial)) is not None and keeps_on(trial, day, until):
            done += 1
        if next_day(trial) is None:
            finish(trial)
        release(trial, attempts=0)
    except Exception:
        log.exception("trial %s failed at a day", trial.pk)
        _prepared.clear()
        release(trial)
    return done


def keeps_on(trial: DeploymentTrial, day: int, until: float) -> bool:
    """Play a day on and keep it when it is over; False when the time is up, or the trial is no longer ours."""
    ready = prepared(trial)
    if trial.inputs != ready.inputs:
        return begin(trial, ready.inputs) and keeps_on(trial, 0, until)
    if ready.running is None or ready.running.day != day:
        ready.running = DayPlay(ready.ground, ready.period, ready.sides, day)
    return ready.running.go_on(until) and keep(trial, day, ready.running.outcome())


def claim(now: dt.datetime) -> DeploymentTrial | None:
    """Take the oldest open trial that no worker holds, with a lease; what is too late or has failed too often is given
    up."""
    while True:
        with transaction.atomic():
            found = (
                DeploymentTrial.objects.select_for_update(skip_locked=True, no_key=True)
                .filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now), state__in=[State.ASKED, State.RUNNING])
                .order_by("id")
                .first()
            )
            if found is None:
                return None
            failure = hopeless(found, now)
            if not failure:
                DeploymentTrial.objects.filter(pk=found.pk).update(
                    state=State.RUNNING, started_at=found.started_at or now, lease_until=now + LEASE,
                    attempts=found.attempts + 1, version=F("version") + 1,
                )  # fmt: skip
                found.refresh_from_db()
                return found
        services.fail_trial(by=None, centre_id=found.centre_id, trial_id=found.pk, failure=failure)


def hopeless(trial: DeploymentTrial, now: dt.datetime) -> str:
    """Return why a trial is not tried again, or ""."""
    if now >= trial.due_at:
        return Failure.TOO_LONG
    return Failure.FAULT if trial.attempts >= GIVES_UP_AFTER else ""


def release(trial: DeploymentTrial, **changes: int) -> None:
    """Let the next tick have it. Only our own lease is given back."""
    held = DeploymentTrial.objects.filter(pk=trial.pk, lease_until=trial.lease_until)
    held.update(lease_until=None, **changes)


def next_day(trial: DeploymentTrial) -> int | None:
    """Return the first day that is still to be played."""
    done = set(TrialDay.objects.filter(trial=trial).values_list("day", flat=True))
    return next((day for day in range(trial.days) if day not in done), None)


def begin(trial: DeploymentTrial, inputs: str) -> bool:
    """Note what is played; days that rest on something else are void. False when the trial is no longer ours."""
    with transaction.atomic():
        mine = ours(trial).update(inputs=inputs, days_done=0, version=F("version") + 1)
        if mine:
            TrialDay.objects.filter(trial=trial).delete()
    trial.inputs = inputs
    return bool(mine)


def keep(trial: DeploymentTrial, day: int, outcome: compare.Json) -> bool:
    """Keep a day, once, and take the lease anew."""
    lease = timezone.now() + LEASE
    with transaction.atomic():
        mine = ours(trial).update(lease_until=lease, attempts=0, days_done=F("days_done") + 1, version=F("version") + 1)
        if mine:
            TrialDay.objects.create(trial=trial, day=day, outcome=outcome)
            trial.lease_until = lease
    return bool(mine)


def ours(trial: DeploymentTrial) -> QuerySet[DeploymentTrial]:
    """Return the trial as a query that finds it only while it runs under our lease."""
    return DeploymentTrial.objects.filter(pk=trial.pk, state=State.RUNNING, lease_until=trial.lease_until)


def finish(trial: DeploymentTrial) -> None:
    """Answer a trial of which every day is played."""
    days = list(TrialDay.objects.filter(trial=trial).order_by("day").values_list("outcome", flat=True))
    if not any(day["rows"] for day in days):
        services.fail_trial(by=None, centre_id=trial.centre_id, trial_id=trial.pk, failure=Failure.NOTHING)
        return
    answer = compare.answer(days, trial.seed) | told_of(prepared(trial))
    services.answer_trial(by=None, centre_id=trial.centre_id, trial_id=trial.pk, answer=answer)


def told_of(ready: Prepared) -> compare.Json:
    """Return what an answer says of its inputs: fleets, posts before and after, whether roads were known."""
    return {
        "orders": sum(one.answered >= ready.period.since for one in ready.period.orders),
        "units": [len({one.unit for one in side.stands}) for side in ready.sides],
        "posts": [[post(one) for one in side.stands] for side in ready.sides],
        "roads": ready.ground.network is not None,
        "fictional_roads": ready.ground.network is not None and ready.ground.network.fictional,
    }


def post(stand: Stand) -> compare.Json:
    """Return where a unit had its post."""
    place = {"lat": round(stand.lat, 6), "lng": round(stand.lng, 6)}
    return {"unit": stand.unit, "call_sign": stand.call_sign, "kind": stand.kind, **place}


def prepared(trial: DeploymentTrial) -> Prepared:
    """Return what a trial plays, read once by a process."""
    if _prepared and _prepared[0].trial == trial.pk:
        return _prepared[0]
    network = store.current(trial.centre_id)
    period = reading.period(trial.centre_id, trial.since, trial.until)
    before = reading.stands(trial.centre_id, trial.since, trial.until)
    after = changed(before, trial.changes, trial.since.timestamp(), trial.until.timestamp())
    policy, spread = policies.of(trial.policy), spreads.from_row(trial.spread)
    demand = np.array([(one.lat, one.lng) for one in period.orders], dtype=np.float64).reshape(-1, 2)
    sides = tuple(
        Side(stands, Beats(network, stands, trial.seed), Rules(way, policy, spread, trial.seed))
        for way, stands in ((ROAD, before), (trial.way, after))
    )
    said = repr((period, before, after, spread.row(), trial.way, network.digest if network else "", SPEEDS))
    inputs = hashlib.sha256(said.encode()).hexdigest()
    _prepared[:] = [Prepared(trial.pk, inputs, Ground(network, demand, trial.seed), period, (sides[0], sides[1]))]
    return _prepared[0]

"""The web process's watch over the sweep: when Celery's is late, it sweeps itself (design 3, targets D1)."""

from __future__ import annotations

import datetime as dt
import logging
import threading

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from dispatch import deadlines, keeping
from dispatch.statistics import follower
from incidents.models import Heartbeat

# A metronome beats each second; a fifth of a beat late is late, because no limit may pass 1.5 s unseen (p99).
TAKE_OVER_AFTER_S = 1.2
LOOK_AGAIN_S = 0.05
LOCK = 110_001
KEEP_AFTER = dt.timedelta(seconds=90)
COUNT_AFTER = dt.timedelta(seconds=1.5)
log = logging.getLogger(__name__)
_begun = False


def begin() -> None:
    """Start the watching thread of this process once."""
    global _begun
    if not _begun:
        _begun = True
        threading.Thread(target=run, name="sweep-watch", daemon=True).start()


def run() -> None:
    """Look at the heartbeat whenever it may have become too old, until the process ends."""
    pause = threading.Event()
    wait = TAKE_OVER_AFTER_S
    while True:
        pause.wait(wait)
        wait = TAKE_OVER_AFTER_S / 4
        try:
            look()
            count_when_late()
            wait = time_left()
        except DatabaseError as error:
            log.warning("sweep watch: %s", error)
            close_old_connections()
        except Exception:
            log.exception("sweep watch failed")


def time_left() -> float:
    """Return the seconds until the sweep would be late, at least a moment."""
    age = deadlines.heartbeat_age(timezone.now())
    return max(LOOK_AGAIN_S, TAKE_OVER_AFTER_S - age if age is not None else 0.0)


def look_after_the_house() -> None:
    """Do the minute's housekeeping when no worker has for a minute and a half: the anchor must not wait for Celery."""
    last = Heartbeat.objects.filter(name=keeping.KEEPING).values_list("at", flat=True).first()
    if last is None or timezone.now() - last > KEEP_AFTER:
        keeping.keep()


def count_when_late() -> None:
    """Let the counts of the statistics follow the journal when no worker has for some seconds."""
    last = Heartbeat.objects.filter(name=follower.COUNTING).values_list("at", flat=True).first()
    if last is None or timezone.now() - last > COUNT_AFTER:
        follower.follow(budget_s=0.2)


def look() -> bool:
    """Sweep when nobody has for 1.2 s; of several web processes one does. Returns whether it swept."""
    age = deadlines.heartbeat_age(timezone.now())
    if age is not None and age < TAKE_OVER_AFTER_S:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return False
        try:
            deadlines.sweep()
            look_after_the_house()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return True

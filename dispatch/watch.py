"""The web process's watch over the sweep: when Celery's is late, it sweeps itself (design 3, targets D1)."""

from __future__ import annotations

import datetime as dt
import logging
import threading

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from dispatch import deadlines, keeping
from incidents.models import Heartbeat

# A metronome beats each second; half a beat late is late. The limits are 1.5 s (p99), so waiting 5 s would miss them.
TAKE_OVER_AFTER_S = 1.5
LOOK_EVERY_S = 0.25
LOCK = 110_001
KEEP_AFTER = dt.timedelta(seconds=90)
log = logging.getLogger(__name__)
_begun = False


def begin() -> None:
    """Start the watching thread of this process once."""
    global _begun
    if not _begun:
        _begun = True
        threading.Thread(target=run, name="sweep-watch", daemon=True).start()


def run() -> None:
    """Look at the heartbeat until the process ends."""
    pause = threading.Event()
    while True:
        pause.wait(LOOK_EVERY_S)
        try:
            look()
        except DatabaseError as error:
            log.warning("sweep watch: %s", error)
            close_old_connections()
        except Exception:
            log.exception("sweep watch failed")


def look_after_the_house() -> None:
    """Do the minute's housekeeping when no worker has for a minute and a half: the anchor must not wait for Celery."""
    last = Heartbeat.objects.filter(name=keeping.KEEPING).values_list("at", flat=True).first()
    if last is None or timezone.now() - last > KEEP_AFTER:
        keeping.keep()


def look() -> bool:
    """Sweep when nobody has for 1.5 s; of several web processes one does. Returns whether it swept."""
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

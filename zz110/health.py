"""Is this process alive, and may it be given work (targets 5)?

`/livez` asks nothing but the event loop; `/readyz` asks everything that a command needs.
"""

import asyncio
import functools
import logging
import shutil
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from incidents import emergency
from incidents.models import Entry, Head, Heartbeat

logger = logging.getLogger(__name__)

ALIVE_WITHIN = 5.0  # seconds since the loop last turned
TURN_EVERY = 1.0
DISK_FREE_ABOVE = 0.10  # of the disk that holds the data folder
CLOCK_WITHIN = 2.0  # seconds between this machine's clock and the database's
DOWN = "does not answer"

Check = Callable[[], str]


class LoopWatch:
    """Stamps the moment each time the event loop turns, so that a loop that hung is seen to have hung."""

    def __init__(self, *, every: float = TURN_EVERY, within: float = ALIVE_WITHIN) -> None:
        self.every = every
        self.within = within
        self.turned_at: float | None = None
        self._turning: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self) -> None:
        """Start stamping in the running loop; a second call for the same loop does nothing."""
        loop = asyncio.get_running_loop()
        if self._loop is loop and self._turning is not None and not self._turning.done():
            return
        self._loop, self._turning = loop, loop.create_task(self._turn())
        self.turned_at = time.monotonic()

    def is_alive(self) -> bool:
        """Tell whether the loop turned within the limit; before the first look at it there is nothing to say."""
        return self.turned_at is None or time.monotonic() - self.turned_at <= self.within

    async def _turn(self) -> None:
        while True:
            self.turned_at = time.monotonic()
            await asyncio.sleep(self.every)


watch = LoopWatch()


async def livez(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the loop turns, 503 when it stood still longer than the limit."""
    return live_answer(watch)


def live_answer(watched: LoopWatch) -> JsonResponse:
    """Say whether the watched loop is alive, and go on watching it."""
    alive = watched.is_alive()
    watched.begin()
    return JsonResponse({"alive": alive}, status=200 if alive else 503)


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when a command would succeed, 503 when it would not; without Redis 200 and `degraded`."""
    found = {name: _asked(check) for name, check in NEEDED.items()}
    degraded = {name: says for name, check in HELPFUL.items() if (says := _asked(check))}
    faults = {name: says for name, says in found.items() if says}
    if faults:
        logger.warning("not ready: %s", faults)
    checks = {name: says or "ok" for name, says in (found | degraded).items()}
    answer = {"ready": not faults, "degraded": sorted(degraded), "checks": checks}
    return JsonResponse(answer, status=503 if faults else 200)


def database_takes_writes() -> str:
    """Write the readiness stamp: the one proof that the database is there, is no standby and has space."""
    stamp = Heartbeat(name="ready", at=timezone.now())
    Heartbeat.objects.bulk_create([stamp], update_conflicts=True, unique_fields=["name"], update_fields=["at"])
    return ""


def journal_head_is_whole() -> str:
    """Look for the entry that each head names; an installation without a centre can take no call."""
    heads = list(Head.objects.values_list("centre_id", "seq"))
    if not heads:
        return "no centre"
    for centre, seq in heads:
        if seq and not Entry.objects.filter(centre_id=centre, seq=seq).exists():
            return "the head's entry is missing"
    return ""


def migrations_are_applied() -> str:
    """Compare the migrations of this release with those of the database."""
    missing = _migrations_on_disk() - set(MigrationRecorder(connection).applied_migrations())
    return f"{len(missing)} not applied" if missing else ""


def disk_has_space() -> str:
    """Look at the disk that holds the data folder."""
    folder = next(place for place in (settings.HOME, *settings.HOME.parents) if place.exists())
    usage = shutil.disk_usage(folder)
    share = usage.free / usage.total
    return "" if share > DISK_FREE_ABOVE else f"{share:.0%} free"


def clock_is_sane() -> str:
    """Compare this machine's clock with the database's: deadlines are set by one and swept by the other."""
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        (theirs,) = cursor.fetchone()
    ours = (before + time.time()) / 2
    return "" if abs(theirs - ours) <= CLOCK_WITHIN else f"{theirs - ours:+.0f} s from the database's clock"


def redis_answers() -> str:
    """Ask Redis, with the time-outs of a hint."""
    with redis.Redis.from_url(settings.REDIS_URL, **settings.REDIS_TIMEOUTS) as client:
        client.ping()
    return ""


def spool_is_empty() -> str:
    """Count the calls that wait in this server's emergency spool."""
    try:
        waiting = len(emergency.spool().waiting())
    except (OSError, ValueError) as error:
        return f"cannot be read: {error}"
    return f"{waiting} calls wait" if waiting else ""


NEEDED: dict[str, Check] = {
    "database": database_takes_writes,
    "journal": journal_head_is_whole,
    "migrations": migrations_are_applied,
    "disk": disk_has_space,
    "clock": clock_is_sane,
}
HELPFUL: dict[str, Check] = {"redis": redis_answers, "spool": spool_is_empty}


def _asked(check: Check) -> str:
    try:
        return check()
    except (DatabaseError, redis.RedisError):
        return DOWN


@functools.cache
def _migrations_on_disk() -> set[tuple[str, str]]:
    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)

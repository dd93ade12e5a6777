"""Real PostgreSQL and Valkey for everybody who needs them without an installation: `make run`, the tests, the benches.

Pure Python and psycopg, no Django: settings.py itself asks here where the servers are.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from zz110 import processes
from zz110.home import AlreadyRunning, CannotStart, Home, hold, is_held, read_run, write_run
from zz110.postgres import Postgres
from zz110.valkey import Valkey

__all__ = ["AlreadyRunning", "CannotStart", "RunningUrls", "Servers", "claim", "running_urls", "start_servers"]


@dataclass(frozen=True)
class RunningUrls:
    """Where the servers of a running ZZ110 are."""

    database_url: str
    redis_url: str


@dataclass
class Servers:
    """The servers of one data folder, which this process holds until `stop`; a server that is given elsewhere is None."""

    home: Home
    postgres: Postgres | None
    redis: Valkey | None
    database_url: str
    redis_url: str
    holds: int

    @property
    def own(self) -> list[Postgres | Valkey]:
        """Return the servers that are ours to start and stop, in the order of starting."""
        return [server for server in (self.redis, self.postgres) if server]

    def start(self) -> None:
        """Start the servers and write down where they are, for `running_urls`."""
        for server in self.own:
            server.start()
        urls = {"database_url": self.database_url, "redis_url": self.redis_url}
        write_run(self.home, {"pid": os.getpid(), **urls, "address": None})

    def stop(self) -> None:
        """Stop the servers and let go of the data folder."""
        for server in self.own:
            server.stop()
        if self.holds >= 0:
            os.close(self.holds)
            self.holds = -1

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def start_servers(home: Path, environment: Mapping[str, str] = os.environ) -> Servers:
    """Take the data folder `home`, start its servers and return them; DATABASE_URL and REDIS_URL each replace one.

    Call it from a thread that lives as long as the servers should: on Linux they end with it. Raise `CannotStart`, whose
    text is one sentence for a person, `AlreadyRunning` when another process has the folder.
    """
    servers = claim(Home(home.absolute()), environment)
    try:
        servers.start()
    except BaseException:
        servers.stop()
        raise
    return servers


def claim(home: Home, environment: Mapping[str, str] = os.environ) -> Servers:
    """Take the data folder and find the programs, without starting anything yet."""
    holds = hold(home)
    try:
        _end_left_over(home)
        postgres = None if environment.get("DATABASE_URL") else Postgres(home, environment)
        redis = None if environment.get("REDIS_URL") else Valkey(home, environment)
    except BaseException:
        os.close(holds)
        raise
    database_url = postgres.url if postgres else environment["DATABASE_URL"]
    redis_url = redis.url if redis else environment["REDIS_URL"]
    return Servers(home, postgres, redis, database_url, redis_url, holds)


def _end_left_over(home: Home) -> None:
    """End the programs of a supervisor that was killed, where the system did not do it (macOS): these, and no others."""
    for program in read_run(home).get("programs", []):
        if processes.identity(program["pid"]) == program["started"]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program["pid"], signal.SIGKILL)


def running_urls(home: Path | str) -> RunningUrls | None:
    """Return where the servers of the ZZ110 that runs from `home` are, None when none runs."""
    folder = Home(Path(home).absolute())
    if not is_held(folder):
        return None  # also when a record of a killed run is still there
    record = read_run(folder)
    database_url, redis_url = record.get("database_url"), record.get("redis_url")
    return RunningUrls(database_url, redis_url) if database_url and redis_url else None

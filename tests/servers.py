"""Pytest plugin, loaded before Django's settings: real PostgreSQL and Valkey for this run, unless they are given."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from zz110 import embedded

HOME = Path(tempfile.mkdtemp(prefix="zz110-test-"))
GIVEN = "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ
SERVERS: embedded.Servers | None = None


def begin() -> None:
    """Start the servers of this run and say where they are."""
    global SERVERS
    os.environ["ZZ110_HOME"] = str(HOME)
    if GIVEN:
        return
    SERVERS = embedded.start_servers(HOME)
    os.environ["DATABASE_URL"] = SERVERS.database_url
    os.environ["REDIS_URL"] = SERVERS.redis_url
    atexit.register(end)


def end() -> None:
    """Stop what was started."""
    if SERVERS is not None:
        SERVERS.stop()
    shutil.rmtree(HOME, ignore_errors=True)


begin()

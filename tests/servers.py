"""Pytest plugin, loaded before Django's settings: real PostgreSQL and Valkey for this run, unless they are given. Each
process of a run that is shared out (pytest-xdist) has its own, so that no two tests meet in one Redis."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from unittest import mock

from zz110 import embedded, postgres

HOME = Path(tempfile.mkdtemp(prefix="zz110-test-"))
OURS = "ZZ110_TEST_SERVERS"  # set where the addresses in the environment are those of the process that shares out
SHARED = "ZZ110_TEST_FOLDER"  # a folder of the whole run: that of the process that shares out, or of the only one
GIVEN = "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ and OURS not in os.environ
SERVERS: embedded.Servers | None = None
# A server that goes with its run needs no disk that has everything: its commits wait for nothing, and that a killed one
# loses nothing is shown by stacks of their own, with the options of the product.
THROWN_AWAY = {"fsync": "off"}


def begin() -> None:
    """Start the servers of this run and say where they are."""
    global SERVERS
    os.environ["ZZ110_HOME"] = str(HOME)
    os.environ.setdefault(SHARED, str(HOME))
    if GIVEN:
        return
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with mock.patch.dict(postgres.OPTIONS, THROWN_AWAY):
        SERVERS = embedded.start_servers(HOME)
    os.environ[OURS] = "1"
    os.environ["DATABASE_URL"] = SERVERS.database_url
    os.environ["REDIS_URL"] = SERVERS.redis_url
    atexit.register(end)


def end() -> None:
    """Stop what was started."""
    if SERVERS is not None:
        SERVERS.stop()
    shutil.rmtree(HOME, ignore_errors=True)


begin()

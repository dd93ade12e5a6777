"""The address index and the history of a place, each in a database of its own that is thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from zz110 import embedded


def run(stack: object, seconds: float) -> None:
    """Measure; the stack is not used."""
    inside("tests.bench.addresses_inside", seconds)


def history(stack: object, seconds: float) -> None:
    """Measure the history of a place and of a number; the stack is not used."""
    inside("tests.bench.history_inside", seconds)


def inside(module: str, seconds: float) -> None:
    """Run a module on servers of its own: they end with it, and their folder goes."""
    given = {"DJANGO_SETTINGS_MODULE": "zz110.settings"} | {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    }
    with (
        tempfile.TemporaryDirectory(prefix="zz110-bench-") as folder,
        embedded.start_servers(Path(folder), given) as servers,
    ):
        urls = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url, "ZZ110_HOME": folder}
        subprocess.run([sys.executable, "-m", module, str(seconds)], env={**given, **urls}, check=True)

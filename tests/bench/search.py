"""The search over a large archive: documents of invented incidents, questions of each kind, from inside the database
server's own machine."""

from __future__ import annotations

import subprocess
import sys

from tests.stack.stack import Stack


def run(stack: Stack, seconds: float) -> None:
    """Measure in a process of its own, which imports the application with the stack's settings."""
    subprocess.run([sys.executable, "-m", "tests.bench.search_inside"], env=stack.environment, check=True)

"""What the supervisor keeps running: the programs of the application, and how often each has failed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from zz110 import processes
from zz110.home import CHECKOUT, Home
from zz110.programs import Program

FIRST_DELAY = 0.5  # seconds before a program that ended is started again; doubled at each failure
LONGEST_DELAY = 4.0  # seconds; with the start itself that keeps a restart within 5 s
LOG_LIMIT = 10_000_000  # bytes; two of this size are kept of each log


class Member(Protocol):
    """What the supervisor keeps running: a program, or one of the embedded servers."""

    name: str
    process: subprocess.Popen[bytes] | None

    def start(self) -> None:
        """Start it, and return when it runs."""

    def is_running(self) -> bool:
        """Say whether it runs."""


class Child:
    """One program of the application."""

    def __init__(self, program: Program, home: Home, environment: Mapping[str, str]) -> None:
        """Prepare; nothing is started yet."""
        self.name = program.name
        self.log = home.logs / f"{program.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._program = program
        self._environment = dict(environment) | dict(program.environment)

    def start(self) -> None:
        """Start the program; it dies with us, whatever ends us (Linux)."""
        self.process = processes.start(
            self._program.command,
            log=self.log,
            environment=self._environment,
            death_signal=signal.SIGKILL,  # all that matters is a row in PostgreSQL, and nothing may linger
            keep=self._program.keep,
            folder=CHECKOUT,
        )

    def is_running(self) -> bool:
        """Say whether the program runs."""
        return self.process is not None and self.process.poll() is None


@dataclass
class Watched:
    """A member with the history of its failures."""

    member: Member
    failures: int = 0
    started_at: float = 0.0
    again_at: float | None = None

    def start(self) -> None:
        """Start the member; that it cannot start is one more failure, told by the exception."""
        self.again_at = None
        self.started_at = time.monotonic()
        self.member.start()

    def fall(self) -> float:
        """Note a failure and return in how many seconds to start again."""
        delay = min(FIRST_DELAY * 2.0**self.failures, LONGEST_DELAY)
        self.failures += 1
        self.again_at = time.monotonic() + delay
        return delay


def how_it_ended(process: subprocess.Popen[bytes] | None) -> str:
    """Say how a process ended, as the end of a sentence."""
    status = process.returncode if process else None
    if status is None:
        return "without a word"
    return f"by signal {signal.Signals(-status).name}" if status < 0 else f"with status {status}"


def shorten_logs(folder: Path, limit: int = LOG_LIMIT) -> None:
    """Set each log longer than `limit` bytes aside. Its program goes on writing where it was, now at the beginning."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > limit:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


def forget_metrics(home: Home, pid: int) -> None:
    """Drop what a process that has ended said about its present state; what it counted stays."""
    for file in home.metrics.glob(f"gauge_live*_{pid}.db"):
        file.unlink(missing_ok=True)

"""The data folder (ZZ110_HOME): what lies where in it, who holds it, and what runs from it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDERS = ("postgres", "valkey", "sockets", "logs", "beat", "metrics", "uploads", "anchor", "maps", "spool", "state")
SOCKET_NAME_LIMIT = 80  # bytes of a folder's name that leave room for a socket's name (107 in all, 103 on macOS)
STOPPING_WITHIN = 20.0  # seconds that a start waits for a supervisor that is stopping
LOCK_WITHIN = 0.5  # seconds; readers hold the lock for microseconds when they look whether it is held


class CannotStart(Exception):
    """Why nothing was started: one sentence for the person at the terminal."""


class AlreadyRunning(CannotStart):
    """Another process holds this data folder."""


@dataclass(frozen=True)
class Home:
    """The data folder of one installation."""

    path: Path

    @property
    def postgres(self) -> Path:
        """The folder of the embedded PostgreSQL."""
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        """The working folder of the embedded Valkey."""
        return self.path / "valkey"

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.path / "logs"

    @property
    def beat(self) -> Path:
        """The folder of Celery beat's schedule."""
        return self.path / "beat"

    @property
    def metrics(self) -> Path:
        """The folder in which the processes of one run put their figures together for Prometheus."""
        return self.path / "metrics"

    @property
    def run_file(self) -> Path:
        """The record of what runs from this folder."""
        return self.path / "run.json"

    @property
    def lock_file(self) -> Path:
        """The file whose lock means: something runs from this folder. It also marks the folder as ours."""
        return self.path / "lock"

    def make(self) -> None:
        """Make the folders that are missing."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for name in FOLDERS:
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CannotStart(f"The data folder {self.path} cannot be made: {error.strerror}.") from error

    def sockets(self) -> Path:
        """Return the private folder for Unix sockets: a short one below /tmp when the data folder's name is too long."""
        folder = self.path / "sockets"
        if len(os.fsencode(folder)) <= SOCKET_NAME_LIMIT:
            return folder
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        folder = Path(f"/tmp/zz110-{os.getuid()}-{digest}")
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise CannotStart(f"{folder} is not a private folder of this user: remove it, or set a shorter ZZ110_HOME.")
        return folder


def default_home(environment: Mapping[str, str] = os.environ) -> Home:
    """Return the data folder that ZZ110_HOME names, or <checkout>/var."""
    return Home(Path(environment.get("ZZ110_HOME") or CHECKOUT / "var").expanduser().absolute())


def hold(home: Home) -> int:
    """Take the data folder for this process and return the descriptor that holds it; the kernel lets go when we end.

    Raise `AlreadyRunning` when another process has it; one that is just stopping is waited for.
    """
    home.make()
    try:
        descriptor = os.open(home.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(f"The data folder {home.path} cannot be used by this user: {error.strerror}.") from error
    started = time.monotonic()
    while not _locked(descriptor, fcntl.LOCK_EX):
        waited = time.monotonic() - started
        record = read_run(home)
        if waited > (STOPPING_WITHIN if record.get("stopping") else LOCK_WITHIN):
            os.close(descriptor)
            raise AlreadyRunning(_already_running(home, record))
        time.sleep(0.05)
    return descriptor


def is_held(home: Home) -> bool:
    """Say whether a living process holds the data folder, whatever a file left behind by a dead one says."""
    try:
        descriptor = os.open(home.lock_file, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def write_run(home: Home, record: Mapping[str, Any]) -> None:
    """Write what runs from this folder, so that a reader sees the old record or the new one and never half of one."""
    draft = home.run_file.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(dict(record), file, indent=1)
    draft.replace(home.run_file)


def read_run(home: Home) -> dict[str, Any]:
    """Return the last record of what runs or ran from this folder, empty when there is none."""
    with contextlib.suppress(OSError, ValueError):
        record = json.loads(home.run_file.read_text(encoding="utf-8"))
        if isinstance(record, dict):
            return record
    return {}


def empty(home: Home) -> None:
    """Delete all data of the folder; raise `AlreadyRunning` when something runs from it."""
    if not home.lock_file.exists():
        return  # never used by us: whatever lies there is not ours to delete
    descriptor = hold(home)
    try:
        home.run_file.unlink(missing_ok=True)
        for name in FOLDERS:
            shutil.rmtree(home.path / name, ignore_errors=False)
    except OSError as error:
        raise CannotStart(f"{error.filename} cannot be deleted: {error.strerror}.") from error
    finally:
        os.close(descriptor)


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
            return False
        raise
    return True


def _already_running(home: Home, record: Mapping[str, Any]) -> str:
    where = f" at {record['address']}" if record.get("address") else ""
    return (
        f"ZZ110 is already running from {home.path} (process {record.get('pid', 'unknown')}){where}: "
        "stop it first, or set ZZ110_HOME and ZZ110_PORT for a second one."
    )

"""The emergency spool: calls that the database cannot take, kept on this server's disk (targets D3, A53).

Two append-only files of one JSON object a line: `calls.jsonl` holds what was taken, each line with the SHA-256 of the
line before it, `replayed.jsonl` says which numbers of lines have reached the database. A line counts once its bytes are
on the disk; what a killed process left half written was never acknowledged and is skipped. Needs no database.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

Json = dict[str, Any]
BALLAST = 2_000_000  # bytes held back, so that a full disk still takes thousands of calls
FIRST = "0" * 64
RETIRED_AFTER_S, DROPPED_AFTER_S = 24 * 3600, 30 * 24 * 3600


class Spool:
    """The spool in a folder; safe from any number of processes of one machine."""

    def __init__(self, folder: Path) -> None:
        self.calls = folder / "calls.jsonl"
        self.done = folder / "replayed.jsonl"
        self.ballast = folder / "ballast"
        self.lock = folder / "lock"
        self.replaying = folder / "replaying"

    def prepare(self) -> None:
        """Make the folder and hold some space back; may be called again."""
        self.calls.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.ballast.exists() and not self.calls.exists():
            with contextlib.suppress(OSError):
                self.ballast.write_bytes(os.urandom(BALLAST))

    def append(self, make: Callable[[list[Json]], Json]) -> Json:
        """Append what `make` returns for the lines so far, and return it with its number and hash once it is on the
        disk. `make` may return a line that is there already: then nothing is written."""
        self.prepare()
        with held(self.lock):
            lines = self.lines()
            line = make(lines)
            if "hash" in line:
                return line
            line = sealed({**line, "n": len(lines) + 1, "prev": lines[-1]["hash"] if lines else FIRST})
            self._write(self.calls, line)
            return line

    def mark(self, line: Json, outcome: str) -> None:
        """Note that a line has reached the database."""
        with held(self.lock):
            self._write(self.done, {"n": line["n"], "hash": line["hash"], "outcome": outcome})

    def lines(self) -> list[Json]:
        """Return every whole line, oldest first. Raises ValueError when one was changed or taken out."""
        found: list[Json] = []
        for line in read(self.calls):
            before = found[-1]["hash"] if found else FIRST
            if line.get("prev") != before or sealed(without_hash(line)) != line:
                raise ValueError(f"line {len(found) + 1} of {self.calls} is not what was written")
            found.append(line)
        return found

    def waiting(self) -> list[Json]:
        """Return the lines that have not reached the database."""
        if not self.calls.exists():
            return []
        done = {line["n"] for line in read(self.done)}
        return [line for line in self.lines() if line["n"] not in done]

    def retire(self, above: int = 1_000_000) -> bool:
        """Put both files aside under a dated name once they are large or a day old and nothing waits, and drop those of
        last month: what was told stands in the database, and there it is kept and redacted by its own rules."""
        if not self.calls.exists():
            return False
        found = self.calls.stat()
        if found.st_size <= above and time.time() - found.st_mtime < RETIRED_AFTER_S:
            return False
        with held(self.lock):
            if self.waiting():
                return False
            for path in self.calls.parent.glob("*-*.jsonl"):
                if time.time() - path.stat().st_mtime > DROPPED_AFTER_S:
                    path.unlink()
            stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
            for path in (self.done, self.calls):
                path.rename(path.with_name(f"{path.stem}-{stamp}.jsonl"))
        return True

    @contextlib.contextmanager
    def replay(self) -> Iterator[list[Json]]:
        """Hold the right to replay and give the lines that wait; none while another process replays."""
        if not self.calls.exists():
            yield []
            return
        with held(self.replaying, wait=False) as mine:
            yield self.waiting() if mine else []

    def _write(self, path: Path, line: Json) -> None:
        data = (json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n").encode()
        try:
            append_durably(path, data)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT) or not self.ballast.exists():
                raise
            self.ballast.unlink()
            append_durably(path, data)


def append_durably(path: Path, data: bytes) -> None:
    """Append bytes and wait until they are on the disk. Half a line that a full disk took is taken back."""
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        size = whole_size(file)
        try:
            file.write(data)
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), size)
            raise
    if new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def whole_size(file: BinaryIO | Any) -> int:
    """Return the size of a file up to its last whole line, and cut off what a killed process left half written."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return 0
    file.seek(0)
    whole = file.read(size).rfind(b"\n") + 1
    if whole != size:
        os.ftruncate(file.fileno(), whole)
    return int(whole)


def read(path: Path) -> list[Json]:
    """Return the whole lines of a file, none when there is no file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in data[: data.rfind(b"\n") + 1].splitlines()]


def sealed(line: Json) -> Json:
    """Return a line with the hash over everything else in it."""
    text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**line, "hash": hashlib.sha256(text.encode()).hexdigest()}


def without_hash(line: Json) -> Json:
    """Return a line as it was before it was sealed."""
    return {name: value for name, value in line.items() if name != "hash"}


@contextlib.contextmanager
def held(path: Path, wait: bool = True) -> Iterator[bool]:
    """Hold a lock file; the kernel lets go when the process dies. Without `wait` it says whether it was free."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)

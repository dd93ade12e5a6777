"""Start programs that die with us, and find, stop, pause and kill exactly what was started."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

LAUNCHER = Path(__file__).with_name("launch.py")
STEP = 0.01  # seconds between two looks at a process


def start(
    program: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    death_signal: signal.Signals,
    mode: str = "plain",
    keep: Iterable[int] = (),
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `program` in a session of its own, its output appended to `log`, and return its process.

    On Linux it gets `death_signal` when the thread that called this ends, however that happens: call it from a thread
    that lives as long as the program should. `keep` are file descriptors it inherits.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [*_launched(mode, death_signal), *map(str, program)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(environment),
            cwd=folder,
            pass_fds=tuple(keep),
            start_new_session=True,  # Ctrl-C in the terminal reaches the supervisor only
        )


def run(program: Sequence[str | Path], *, environment: Mapping[str, str], mode: str, output: IO[bytes] | int) -> int:
    """Run `program` to its end and return its exit status; it dies with us."""
    command = [*_launched(mode, signal.SIGKILL), *map(str, program)]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=dict(environment), check=False
    ).returncode


def mode_below_root() -> str | None:
    """Say how a program that refuses root can be started here: `plain` when we are not root, None when in no way.

    ZZ110_ROOT_MODE (`namespace` or `nobody`) decides where trying it out would mislead.
    """
    if os.getuid() != 0:
        return "plain"
    return os.environ.get("ZZ110_ROOT_MODE") or _first_mode_that_works()


@functools.cache
def _first_mode_that_works() -> str | None:
    for mode in ("namespace", "nobody"):
        if run(["true"], environment=os.environ, mode=mode, output=subprocess.DEVNULL) == 0:
            return mode
    return None


def end(process: subprocess.Popen[bytes], by: signal.Signals, *, within: float) -> None:
    """Ask `process` to end by the signal `by`, and kill it with everything below it after `within` seconds."""
    if process.poll() is None:
        process.send_signal(by)
        resume(process)  # a paused process would not hear the request
        try:
            process.wait(within)
        except subprocess.TimeoutExpired:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill `process` and everything below it at once (SIGKILL), and wait until nothing of it runs."""
    if process.poll() is not None:
        return
    members = pause(process)
    for pid in members:
        _signal(pid, signal.SIGKILL)
    process.wait()
    while any(is_alive(pid) for pid in members):
        time.sleep(STEP)


def pause(process: subprocess.Popen[bytes]) -> list[int]:
    """Stop `process` and everything below it (SIGSTOP) and return their ids; nothing new starts meanwhile."""
    stopped: list[int] = []
    while new := [pid for pid in tree(process.pid) if pid not in stopped]:
        for pid in new:
            _signal(pid, signal.SIGSTOP)
        stopped += new
    return stopped


def resume(process: subprocess.Popen[bytes]) -> None:
    """Let `process` and everything below it go on (SIGCONT)."""
    for pid in tree(process.pid):
        _signal(pid, signal.SIGCONT)


def tree(root: int) -> list[int]:
    """Return `root` and the ids of everything below it, parents first."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def is_alive(pid: int) -> bool:
    """Say whether the process `pid` exists and has not ended (a zombie has ended)."""
    return identity(pid) is not None


def identity(pid: int) -> str | None:
    """Return when the process `pid` started, as text that no other process of this id has; None when it has ended."""
    if sys.platform == "linux":
        fields = _stat(pid)
        return None if fields is None or fields[0] in {"Z", "X"} else fields[19]
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def command_line(pid: int) -> str:
    """Return the command of the process `pid` with its arguments, or an empty text when it has gone."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        return ""
    answer = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def _launched(mode: str, death_signal: signal.Signals) -> list[str]:
    return [sys.executable, "-I", "-S", str(LAUNCHER), mode, str(int(death_signal)), str(os.getpid())]


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _parents() -> list[tuple[int, int]]:
    """Return (process, its parent) for every process of this machine."""
    if sys.platform == "linux":
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
        return [(pid, int(fields[1])) for pid in pids if (fields := _stat(pid)) is not None]
    lines = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.splitlines()
    return [(int(pid), int(parent)) for pid, parent in map(str.split, lines)]


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat after the name: state first, parent second, start time twentieth."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()

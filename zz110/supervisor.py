"""Start everything of `make run`, keep it running, and stop exactly what was started.

``python -m zz110.supervisor`` (and `manage.py up`). No Django in this process: it starts at once, and it goes on when the
application does not.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from zz110 import launch, preflight, processes
from zz110.children import Child, Watched, forget_metrics, how_it_ended, shorten_logs
from zz110.embedded import Servers, claim
from zz110.home import CHECKOUT, CannotStart, Home, default_home, empty, read_run, write_run
from zz110.programs import Program, Settings, prepare_command, programs

LOOK_EVERY = 0.1  # seconds
LOGS_EVERY = 60.0  # seconds
STEADY_AFTER = 30.0  # seconds of running after which earlier failures are forgotten
STOP_WITHIN = 8.0  # seconds for the programs to end in order
READY_WITHIN = 90.0  # seconds for the first answer of the web server
FALLS_BEFORE_READY = 3  # a web server that never answered and ended this often is broken, not unlucky


class Stopped(BaseException):
    """Somebody asked for the end (Ctrl-C or SIGTERM)."""


class Supervisor:
    """Runs the servers and the programs of one data folder until it is told to stop."""

    def __init__(
        self, servers: Servers, plan: Sequence[Program], environment: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        """Prepare; `plan` names the programs in the order of starting."""
        self.home = servers.home
        self.servers = servers
        self.watched: list[Watched] = [Watched(server) for server in servers.own]
        self._plan = list(plan)
        self._environment = environment
        self._say = say
        self._hurry = False

    def add(self, early: bool) -> None:
        """Start the programs that come before the web server answers (`early`), or those that come after it."""
        for program in self._plan:
            if program.early == early:
                watched = Watched(Child(program, self.home, self._environment))
                self.watched.append(watched)
                watched.start()
        self.note()

    def watch(self) -> None:
        """Look once at everything, and start again what has ended and waited long enough."""
        for watched in self.watched:
            now = time.monotonic()
            if watched.member.is_running():
                if now - watched.started_at > STEADY_AFTER:
                    watched.failures = 0
            elif watched.again_at is None:
                self._tell_fall(watched)
            elif now >= watched.again_at:
                self._start_again(watched)

    def watch_for_ever(self) -> NoReturn:
        """Look again and again; an exception is the way out."""
        while True:
            shorten_logs(self.home.logs)
            until = time.monotonic() + LOGS_EVERY
            while time.monotonic() < until:
                self.watch()
                time.sleep(LOOK_EVERY)

    def note(self, **changes: object) -> None:
        """Write down what runs, so that others find it and a later start can clear up after a kill."""
        running = [watched.member.process for watched in self.watched if isinstance(watched.member, Child)]
        pids = [process.pid for process in running if process and process.poll() is None]
        mine = [{"pid": pid, "started": processes.identity(pid)} for pid in pids]
        write_run(self.home, read_run(self.home) | {"programs": mine} | changes)

    def falls(self, name: str) -> int:
        """Say how often the programs whose names begin with `name` have ended by themselves."""
        return sum(watched.failures for watched in self.watched if watched.member.name.startswith(name))

    def stop(self) -> None:
        """Stop the programs together, then the servers. A second Ctrl-C kills what is still running."""
        signal.signal(signal.SIGINT, self._kill_now)
        signal.signal(signal.SIGTERM, self._kill_now)
        self.note(stopping=True)
        children = [watched.member.process for watched in self.watched if isinstance(watched.member, Child)]
        alive = [process for process in children if process and process.poll() is None]
        for process in alive:
            process.send_signal(signal.SIGTERM)
        give_up_at = time.monotonic() + STOP_WITHIN
        while any(process.poll() is None for process in alive) and time.monotonic() < give_up_at and not self._hurry:
            time.sleep(processes.STEP)
        for process in alive:
            processes.kill(process)
        self.servers.stop()

    def _tell_fall(self, watched: Watched) -> None:
        process = watched.member.process
        delay = watched.fall()
        if process:
            forget_metrics(self.home, process.pid)
        name = f"{watched.member.name} (process {process.pid})" if process else watched.member.name
        self._say(f"{name} ended {how_it_ended(process)}; it is started again in {delay:.1f} s.")

    def _start_again(self, watched: Watched) -> None:
        try:
            watched.start()
        except (CannotStart, OSError) as reason:
            self._say(f"{reason} Next try in {watched.fall():.1f} s.")
        else:
            self._say(f"{watched.member.name} runs again.")
            self.note()

    def _kill_now(self, number: int, frame: FrameType | None) -> None:
        self._hurry = True


def main() -> int:
    """Run ZZ110 until Ctrl-C or SIGTERM, or empty its data folder; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m zz110.supervisor")
    parser.add_argument(
        "--stop-with-parent", action="store_true", help="stop when the program that started this one dies"
    )
    parser.add_argument("--reset", action="store_true", help="delete all data of this data folder instead")
    options = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        preflight.check_python()
        if options.reset:
            return reset(default_home())
        with told_to_stop(options.stop_with_parent):
            up(Settings.read(os.environ))
    except CannotStart as reason:
        print(f"zz110: {reason}", file=sys.stderr, flush=True)
        return 1
    except Stopped:
        say("Stopped.")
    return 0


def reset(home: Home) -> int:
    """Empty the data folder."""
    empty(home)
    print(f"{home.path} is empty: the next `make run` begins anew.")
    return 0


def up(settings: Settings) -> NoReturn:
    """Start everything, say where it is, and keep it running; leave by `Stopped` or `CannotStart`."""
    started = time.monotonic()
    servers = claim(settings.home, settings.environment)
    try:
        preflight.check_disk(settings.home.path)
        with preflight.listen(settings.host, settings.port) as listener:
            _check_given(settings)
            environment = settings.for_programs(servers)
            supervisor = Supervisor(servers, programs(settings, listener.fileno()), environment, say_with_time)
            _run(supervisor, settings, environment, started)
    finally:
        servers.stop()


def _run(supervisor: Supervisor, settings: Settings, environment: Mapping[str, str], started: float) -> NoReturn:
    try:
        for file in supervisor.home.metrics.iterdir():
            file.unlink()  # figures of an earlier run
        supervisor.servers.start()
        say(f"Preparing the database{' and the demo city' if settings.demo else ''} ...")
        _prepare(settings, environment)
        supervisor.add(early=True)
        _wait_until_ready(supervisor, settings)
        supervisor.note(address=settings.address)
        supervisor.add(early=False)
        say(settings.banner(time.monotonic() - started))
        supervisor.watch_for_ever()
    finally:
        supervisor.stop()


def say(line: str) -> None:
    """Print a line for the person at the terminal; that nobody reads it any more stops nothing."""
    with contextlib.suppress(OSError):
        print(line, flush=True)


def say_with_time(line: str) -> None:
    """Print what happened and when."""
    say(f"{time.strftime('%H:%M:%S')} {line}")


def _prepare(settings: Settings, environment: Mapping[str, str]) -> None:
    """Bring the database and the catalogues up to this checkout."""
    log = settings.home.logs / "prepare.log"
    log.unlink(missing_ok=True)
    process = processes.start(
        prepare_command(settings), log=log, environment=environment, death_signal=signal.SIGKILL, folder=CHECKOUT
    )
    try:
        if process.wait() != 0:
            raise CannotStart(f"The database could not be prepared: {_last_line(log)} (log: {log})")
    finally:
        processes.kill(process)


def _wait_until_ready(supervisor: Supervisor, settings: Settings) -> None:
    give_up_at = time.monotonic() + READY_WITHIN
    while not settings.answers():
        supervisor.watch()
        log = settings.home.logs / "web.log"
        if supervisor.falls("web") >= FALLS_BEFORE_READY:
            raise CannotStart(f"The web server ended before it answered: {_last_line(log)} (log: {log})")
        if time.monotonic() > give_up_at:
            raise CannotStart(f"The web server did not answer within {READY_WITHIN:.0f} s (log: {log}).")
        time.sleep(LOOK_EVERY)


def _check_given(settings: Settings) -> None:
    if url := settings.environment.get("DATABASE_URL"):
        preflight.check_database(url)
    if url := settings.environment.get("REDIS_URL"):
        preflight.check_redis(url)


@contextlib.contextmanager
def told_to_stop(with_parent: bool) -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into `Stopped`, wherever the start or the watch is."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup stays possible
        signal.signal(signal.SIGHUP, stop)
    if with_parent:
        launch.die_with_parent(signal.SIGTERM, os.getppid())
    yield


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


if __name__ == "__main__":
    sys.exit(main())

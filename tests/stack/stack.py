"""The real thing for tests: own PostgreSQL and Valkey, a seeded demo city, and web, worker and beat as processes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import psycopg
import redis
from psycopg.rows import dict_row

from tests.stack.session import Session
from zz110 import embedded, processes
from zz110.home import CHECKOUT
from zz110.postgres import Postgres
from zz110.valkey import Valkey

READY_WITHIN = 60.0  # seconds; the machine may be busy
STOP_WITHIN = 6.0
BACKLOG = 2048
QUEUES = "urgent,default,bulk"
OF_THE_CITY = "centre_id = (SELECT min(id) FROM incidents_centre)"  # the first centre that the tests' database got


class Stack:
    """One running ZZ110 with a data folder, servers and a port of its own.

    Start and stop it from a thread that lives as long as it should (on Linux the programs end with the thread). The
    listening socket is ours, as the supervisor's is: a web process that is killed and started again refuses nobody.
    """

    def __init__(self, home: Path, environment: Mapping[str, str] | None = None) -> None:
        """Start the servers on a copy of the seeded database; no program of the application runs yet."""
        self.home = home
        lay_seeded(home)
        self.servers = embedded.start_servers(home, without_servers())
        assert self.servers.postgres is not None
        assert self.servers.redis is not None
        self.postgres: Postgres = self.servers.postgres
        self.redis: Valkey = self.servers.redis
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(BACKLOG)
        self.port = int(self.listener.getsockname()[1])
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.environment = program_environment(self.servers, home, self.port) | dict(environment or {})
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self.sessions: list[Session] = []

    # --- programs ---

    def start_web(self, name: str = "web") -> None:
        """Start a web process (`web`, or `web-2` and so on on the same socket) and wait until one answers."""
        command = [sys.executable, "-m", "zz110.serve", "--fd", str(self.listener.fileno())]
        self.start(name, command, {"ZZ110_PROCESS": "web"}, keep=(self.listener.fileno(),))
        self.wait_until(self.answers, f"{name} to answer")

    def start_worker(self, name: str = "worker", queues: str = QUEUES, threads: int = 4) -> None:
        """Start one worker process on the queues and wait until it has consumed a task or two."""
        command = [*celery("worker"), "--queues", queues, "--hostname", f"{name}@%h", "--pool", "threads"]
        command += ["--concurrency", str(threads), "--prefetch-multiplier", "1", "-O", "fair"]
        self.start(name, [*command, "--without-gossip", "--without-mingle"], {"ZZ110_PROCESS": "worker"})

    def start_beat(self) -> None:
        """Start the metronome."""
        command = [*celery("beat"), "--schedule", str(self.home / "beat" / "schedule"), "--pidfile="]
        self.start("beat", command, {"ZZ110_PROCESS": "beat"})

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], keep: tuple[int, ...] = ()
    ) -> None:
        """Start one program in its own session, its output in logs/NAME.log."""
        assert name not in self.programs or self.programs[name].poll() is not None, f"{name} runs already"
        self.programs[name] = processes.start(
            command,
            log=self.log(name),
            environment=self.environment | dict(environment),
            death_signal=signal.SIGKILL,
            keep=keep,
            folder=CHECKOUT,
        )

    def kill(self, name: str) -> None:
        """Kill a program at once (SIGKILL), with everything below it."""
        processes.kill(self.programs[name])

    def kill_web(self, name: str = "web") -> None:
        """Kill a web process at once."""
        self.kill(name)

    def kill_worker(self, name: str = "worker") -> None:
        """Kill a worker at once."""
        self.kill(name)

    def kill_beat(self) -> None:
        """Kill the metronome at once."""
        self.kill("beat")

    def start_all(self) -> Stack:
        """Start web, worker and beat; returns itself when the page is there and a sweep has run."""
        self.start_worker()
        self.start_beat()
        self.start_web()
        self.wait_until(self.sweeps, "the first sweep")
        return self

    def stop(self) -> None:
        """Stop every program, then the servers; the data folder stays."""
        for session in self.sessions:
            session.close()
        alive = [program for program in self.programs.values() if program.poll() is None]
        for program in alive:
            processes.resume(program)
            program.send_signal(signal.SIGTERM)
        give_up_at = time.monotonic() + STOP_WITHIN
        while any(program.poll() is None for program in alive) and time.monotonic() < give_up_at:
            time.sleep(processes.STEP)
        for program in alive:
            processes.kill(program)
        self.listener.close()
        for server in (self.redis, self.postgres):
            server.resume()
        self.servers.stop()

    def __enter__(self) -> Stack:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # --- looking ---

    def log(self, name: str) -> Path:
        """Return the log file of a program."""
        return self.home / "logs" / f"{name}.log"

    def answers(self) -> bool:
        """Say whether a web process answers."""
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.base_url}/livez", timeout=2, trust_env=False).status_code == 200
        return False

    def sweeps(self) -> bool:
        """Say whether Celery's sweep has run."""
        return bool(self.sql("SELECT 1 FROM incidents_heartbeat WHERE name = 'sweep'"))

    def wait_until(self, holds: Callable[[], Any], what: str, within: float = READY_WITHIN, step: float = 0.05) -> Any:
        """Wait until a condition holds and return it; fail with the logs' last lines when it does not in time."""
        give_up_at = time.monotonic() + within
        while True:
            if found := holds():
                return found
            if time.monotonic() > give_up_at:
                raise AssertionError(f"waited {within} s for {what}\n{self.tails()}")
            time.sleep(step)

    def tails(self, lines: int = 8) -> str:
        """Return the last lines of every log."""
        parts = []
        for path in sorted((self.home / "logs").glob("*.log")):
            last = path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
            parts.append(f"--- {path.name}\n" + "\n".join(line[:400] for line in last))
        return "\n".join(parts)

    # --- data ---

    def connect(self, **options: Any) -> psycopg.Connection[dict[str, Any]]:
        """Return a connection of its own to the database; rows are dicts."""
        url = self.servers.database_url
        return psycopg.connect(url, row_factory=dict_row, autocommit=True, connect_timeout=5, **options)

    def sql(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run one statement and return its rows as dicts ([] for one that returns none)."""
        with self.connect() as connection:
            found = connection.execute(query.encode(), parameters)
            return found.fetchall() if found.description else []

    def value(self, query: str, parameters: Sequence[Any] | None = None) -> Any:
        """Return the one value of a query."""
        [row] = self.sql(query, parameters)
        [found] = row.values()
        return found

    def entries_since(self, seq: int) -> list[dict[str, Any]]:
        """Return kind and actor of the demo city's entries since a number; a replay may have opened a centre beside it,
        whose numbers are its own."""
        return self.sql(f"SELECT kind, actor FROM incidents_entry WHERE {OF_THE_CITY} AND seq > %s ORDER BY seq", [seq])

    def head(self) -> int:
        """Return the number of the demo city's last entry."""
        return int(self.value(f"SELECT seq FROM incidents_head WHERE {OF_THE_CITY}"))

    def flush_redis(self) -> None:
        """Empty Redis (FLUSHALL)."""
        with redis.Redis.from_url(self.servers.redis_url, socket_timeout=5) as client:
            client.flushall()

    # --- people ---

    def sign_in(self, username: str, seat: str = "", terminal: str = "") -> Session:
        """Sign a demo person in and return the session."""
        session = Session(self.base_url, username, seat=seat, terminal=terminal)
        self.sessions.append(session)
        return session.sign_in()

    def take_what_waits(self) -> None:
        """Answer every call that waits and finish it as a test call: a test that counts calls begins with none."""
        desk = self.sign_in("jiejing1", seat="J07")
        for call in desk.get("/api/snapshot/")["rows"]["call"]:
            if call["state"] == "waiting":
                desk.post(f"/api/calls/{call['id']}/answer/", {})
                desk.post(f"/api/calls/{call['id']}/finish/", {"kind": "CK12", "closing_reason": "CL6"})

    def anonymous(self) -> Session:
        """Return a session of nobody (with its CSRF token)."""
        session = Session(self.base_url, "")
        self.sessions.append(session)
        return session


def without_servers() -> dict[str, str]:
    """Return the environment without the servers that a run of tests has or was given: a stack has its own."""
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}


def celery(part: str) -> list[str]:
    """Return the command of a Celery program."""
    return [sys.executable, "-m", "celery", "-A", "zz110", part, "--loglevel", "INFO"]


def program_environment(servers: embedded.Servers, home: Path, port: int) -> dict[str, str]:
    """Return the environment of the programs: this process's without what names other servers."""
    ours = ("ZZ110_", "DATABASE_URL", "REDIS_URL", "PG", "PROMETHEUS_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    pg = {"ZZ110_PG_BIN": os.environ["ZZ110_PG_BIN"]} if "ZZ110_PG_BIN" in os.environ else {}
    return (
        kept
        | pg
        | {
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "DJANGO_SETTINGS_MODULE": "zz110.settings",
            "PROMETHEUS_MULTIPROC_DIR": str(home / "metrics"),
            "PYTHONUNBUFFERED": "1",
            "ZZ110_HOME": str(home),
            "ZZ110_PORT": str(port),
            "ZZ110_ORIGINS": f"http://127.0.0.1:{port}",
            "ZZ110_HOSTS": "127.0.0.1,localhost",
        }
    )


def manage(stack_environment: Mapping[str, str], *command: str) -> str:
    """Run a management command to its end and return what it printed; fails with its output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        env=dict(stack_environment),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"manage.py {' '.join(command)}: {done.stdout}\n{done.stderr}"
    return done.stdout


def lay_seeded(home: Path) -> None:
    """Put a copy of the seeded database, road network and drawn map below `home`: migrating and seeding happens once in
    a run of tests (a bench, which has one stack, does it there), and no web process has to draw the map anew."""
    seeded = seeded_once(Path(os.environ.get("ZZ110_TEST_FOLDER") or home))
    for part in (Path("postgres") / "data", Path("roads"), Path("maps")):
        (home / part).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copytree(seeded / part, home / part, symlinks=True)


def seeded_once(folder: Path) -> Path:
    """Return the seeded data folder below `folder`, made by the first process of a run that needs it; others wait."""
    seeded = folder / "seed"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "seed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not seeded.exists():
            draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder))
            seed(draft)
            draft.rename(seeded)
    return seeded


def seed(home: Path) -> None:
    """Migrate a database below `home` and put the demo city into it; the servers are stopped again."""
    servers = embedded.start_servers(home, without_servers())
    try:
        environment = program_environment(servers, home, 1)
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "seed")
    finally:
        servers.stop()

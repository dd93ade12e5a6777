"""`make run`: what it refuses and how it says so, what it keeps running, what it stops and what it leaves alone."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from zz110 import preflight, processes
from zz110.children import shorten_logs
from zz110.embedded import CannotStart, Servers
from zz110.home import CHECKOUT, Home, read_run, write_run
from zz110.preflight import without_password
from zz110.programs import Settings, programs

NOTHING_GIVEN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("ZZ110_") and name not in {"DATABASE_URL", "REDIS_URL", "PROMETHEUS_MULTIPROC_DIR"}
}
SLEEP = "import time; time.sleep(1000)"
ELSEWHERE = {"DATABASE_URL": "postgresql://db.example/zz110"}  # one server less to wait for
# The real supervisor with a real Valkey, and two programs in the place of the application's.
TWO_PROGRAMS = f"""
import os, sys
from pathlib import Path
from zz110 import supervisor
from zz110.children import shorten_logs
from zz110.embedded import claim
from zz110.home import CannotStart, Home
from zz110.programs import Program

sleeper = (sys.executable, "-c", "{SLEEP}")
stubborn = (sys.executable, "-c", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}")
plan = [Program("steady", sleeper, early=True), Program("stubborn", stubborn)]
supervisor.STOP_WITHIN = 1.0
with supervisor.told_to_stop(with_parent=False):
    servers = claim(Home(Path(sys.argv[1])), os.environ)
    running = supervisor.Supervisor(servers, plan, os.environ, supervisor.say)
    try:
        servers.start()
        running.add(early=True)
        running.add(early=False)
        print("up", flush=True)
        running.watch_for_ever()
    except supervisor.Stopped:
        pass
    finally:
        running.stop()
"""


class Terminal:
    """A supervisor in a process of its own, with what it has printed."""

    def __init__(self, home: Path, command: list[str], **environment: str) -> None:
        self.home = Home(home)
        self.command = command
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=NOTHING_GIVEN | {"ZZ110_HOME": str(home), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            self.lines.extend(line.rstrip("\n") for line in output)

    def wait_for(self, text: str, within: float = 20.0) -> None:
        wait_until(lambda: any(text in line for line in self.lines), within, f"'{text}' in {self.lines}")

    def pids(self) -> list[int]:
        """Return everything it has started."""
        return processes.tree(self.process.pid)[1:]

    def pid_of(self, number: int) -> int:
        return int(read_run(self.home)["programs"][number]["pid"])


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="zz110-test-", dir="/tmp"))  # pytest's own are too long for sockets
    yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def terminal(home: Path, command: list[str], **environment: str) -> Iterator[Terminal]:
    shown = Terminal(home, command, **environment)
    try:
        yield shown
    finally:
        shown.process.kill()
        shown.process.wait()
        wait_until(lambda: not processes_of(home))


@pytest.fixture
def two_programs(home: Path) -> Iterator[Terminal]:
    with terminal(home, [sys.executable, "-c", TWO_PROGRAMS, str(home)], **ELSEWHERE) as shown:
        shown.wait_for("up")
        yield shown


def test_a_program_that_dies_is_started_again_within_five_seconds_and_a_line_says_so(two_programs: Terminal) -> None:
    first = two_programs.pid_of(0)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: two_programs.pid_of(0) != first, within=5)
    assert processes.is_alive(two_programs.pid_of(0))
    assert f"steady (process {first}) ended by signal SIGKILL; it is started again in 0.5 s." in two_programs.lines


def test_a_server_that_dies_is_started_again(two_programs: Terminal) -> None:
    valkey = next(pid for pid in two_programs.pids() if "valkey" in processes.command_line(pid))
    os.kill(valkey, signal.SIGKILL)
    two_programs.wait_for("Valkey runs again.")


def test_the_supervisor_stops_all_that_it_started_and_nothing_else(two_programs: Terminal) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", SLEEP])  # looks the same, belongs to somebody else
    mine = two_programs.pids()
    two_programs.process.send_signal(signal.SIGTERM)
    try:
        assert two_programs.process.wait(10) == 0
        assert len(mine) == 3
        assert not any(processes.is_alive(pid) for pid in mine)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_ctrl_c_stops_as_well(two_programs: Terminal) -> None:
    two_programs.process.send_signal(signal.SIGINT)
    assert two_programs.process.wait(10) == 0
    assert not processes_of(two_programs.home.path)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends children with their parent on Linux only")
def test_kill_9_of_the_supervisor_leaves_nothing_running_and_the_next_start_works(two_programs: Terminal) -> None:
    mine = two_programs.pids()
    two_programs.process.kill()
    two_programs.process.wait()
    with terminal(two_programs.home.path, two_programs.command, **ELSEWHERE) as second:
        second.wait_for("up")
        assert not any(processes.is_alive(pid) for pid in mine)


def test_a_second_start_is_refused_with_process_and_address(two_programs: Terminal) -> None:
    write_run(two_programs.home, read_run(two_programs.home) | {"address": "http://127.0.0.1:8110/"})
    second = supervise(two_programs.home.path, ZZ110_PORT=str(free_port()))
    assert second.returncode == 1
    assert second.stderr.startswith(f"zz110: ZZ110 is already running from {two_programs.home.path} ")
    assert f"(process {two_programs.process.pid}) at http://127.0.0.1:8110/" in second.stderr
    assert two_programs.process.poll() is None


def test_a_taken_port_is_one_sentence_and_leaves_nothing_running(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = supervise(home, ZZ110_PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"zz110: Port {port} of 127.0.0.1 is taken by another program: set ZZ110_PORT")
    assert refused.stderr.count("\n") == 1
    assert not processes_of(home)


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "http", "８１１０"])
def test_a_port_that_is_none_is_one_sentence(port: str) -> None:
    with pytest.raises(CannotStart, match=f"ZZ110_PORT is '{port}', and a port is a number from 1 to 65535"):
        preflight.read_address({"ZZ110_PORT": port})


def test_a_foreign_host_is_one_sentence() -> None:
    with pytest.raises(CannotStart, match=r"ZZ110_HOST is '192.0.2.1', and that is no address of this machine"):
        preflight.listen("192.0.2.1", free_port())


def test_a_full_disk_is_one_sentence(home: Path) -> None:
    room = shutil.disk_usage(home).free
    preflight.check_disk(home, least=min(room, 1_000_000))
    with pytest.raises(CannotStart, match=r"GB are free on the disk of .*make room, or set ZZ110_HOME"):
        preflight.check_disk(home, least=room * 2)


def test_a_python_that_is_too_old_is_one_sentence() -> None:
    preflight.check_python((3, 11, 0))
    with pytest.raises(CannotStart, match=r"needs Python 3.11 or later, and this is 3.10.4"):
        preflight.check_python((3, 10, 4))


def test_set_up_with_an_old_python_only_is_one_sentence(home: Path) -> None:
    """The script runs in a folder of its own, on a PATH whose only Python says that it is 3.9."""
    checkout_like(home, python="case $1 in --version) echo Python 3.9.2;; *) exit 1;; esac")
    refused = set_up(home)
    assert refused.returncode == 1
    assert refused.stderr == (
        "zz110: ZZ110 needs Python 3.11 or later, and here is Python 3.9.2: "
        "install one, or name it with PYTHON=/path/to/python3.\n"
    )


def test_set_up_on_a_full_disk_is_one_sentence(home: Path) -> None:
    checkout_like(home, python="exit 0")
    refused = set_up(home, ZZ110_SETUP_MEGABYTES="999999999")
    assert refused.returncode == 1
    assert "and the libraries need 999999999 MB: make room first." in refused.stderr


def test_a_database_that_does_not_answer_is_one_sentence_without_the_password(home: Path) -> None:
    given = f"postgresql://zz110:secret@127.0.0.1:{free_port()}/zz110"
    refused = supervise(home, ZZ110_PORT=str(free_port()), DATABASE_URL=given, REDIS_URL="redis://127.0.0.1:1/0")
    assert refused.returncode == 1
    assert refused.stderr.startswith(
        "zz110: PostgreSQL does not answer at DATABASE_URL (postgresql://zz110:***@127.0.0.1"
    )
    assert "secret" not in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_redis_that_does_not_answer_is_one_sentence() -> None:
    with pytest.raises(CannotStart, match=r"Redis does not answer at REDIS_URL \(redis://:\*\*\*@127.0.0.1"):
        preflight.check_redis(f"redis://:secret@127.0.0.1:{free_port()}/0")


def test_a_password_never_stands_on_the_screen() -> None:
    assert without_password("postgresql://a:b@host:5432/c?x=y") == "postgresql://a:***@host:5432/c?x=y"
    assert without_password("redis://host/0") == "redis://host/0"


def test_a_given_database_gets_no_demo_city_unless_asked() -> None:
    given = {"DATABASE_URL": "postgresql://db/zz110"}
    assert not Settings.read(given).demo and not Settings.read(given).simulate
    assert Settings.read(given | {"ZZ110_DEMO": "1"}).demo
    assert Settings.read({}).demo and Settings.read({}).simulate
    assert not Settings.read({"ZZ110_SIMULATE": "0"}).simulate


def test_every_queue_has_a_process_of_its_own_and_the_web_server_comes_first() -> None:
    plan = programs(Settings.read({"ZZ110_WEB_PROCESSES": "2"}), listener=7)
    assert [program.name for program in plan] == [
        "web", "web-2", "worker-urgent", "worker-default", "worker-bulk", "beat", "simulator",
    ]  # fmt: skip
    assert [program.name for program in plan if program.early] == ["web", "web-2"]
    assert all("--without-gossip" in program.command for program in plan if program.name.startswith("worker"))


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("10.1.2.3", "10.1.2.3")])
def test_the_address_is_one_that_a_browser_here_can_open(host: str, shown: str) -> None:
    assert Settings.read({"ZZ110_HOST": host}).address == f"http://{shown}:8110/"


def test_the_programs_get_the_urls_of_the_servers_and_the_folder(home: Path) -> None:
    servers = Servers(Home(home), None, None, "postgresql://one", "redis://two", -1)
    settings = Settings.read({"ZZ110_HOME": str(home), "ZZ110_PORT": "8123", "ZZ110_HOST": "0.0.0.0"})
    environment = settings.for_programs(servers)
    assert (environment["DATABASE_URL"], environment["REDIS_URL"]) == ("postgresql://one", "redis://two")
    assert environment["ZZ110_HOME"] == str(home)
    assert environment["ZZ110_ADDRESS"] == "http://127.0.0.1:8123/"


def test_the_whole_application_starts_answers_survives_its_web_server_and_stops(home: Path) -> None:
    port = str(free_port())
    command = [sys.executable, "-m", "zz110.supervisor"]
    with terminal(home, command, ZZ110_PORT=port, ZZ110_DEMO="0") as shown:
        shown.wait_for("ready after", within=90)
        assert any(f"http://127.0.0.1:{port}/" in line for line in shown.lines)
        assert status(port) == 200
        everything = shown.pids()
        migrated = [sys.executable, "manage.py", "migrate", "--check"]  # finds the running servers by itself
        environment = NOTHING_GIVEN | {"ZZ110_HOME": str(home)}
        assert subprocess.run(migrated, cwd=CHECKOUT, env=environment, capture_output=True, check=False).returncode == 0
        web = shown.pid_of(0)
        os.kill(web, signal.SIGKILL)
        assert status(port) == 200  # the caller waits and is not refused
        assert shown.pid_of(0) != web
        shown.process.send_signal(signal.SIGTERM)
        assert shown.process.wait(20) == 0
        shown.wait_for("Stopped.")
        assert len(everything) > 10
        assert not any(processes.is_alive(pid) for pid in everything)


def status(port: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_long_log_is_set_aside_while_its_program_goes_on_writing(home: Path) -> None:
    log = home / "beat.log"
    with log.open("ab", buffering=0) as program:
        program.write(b"old\n" * 100)
        shorten_logs(home, limit=300)
        program.write(b"new\n")
        shorten_logs(home, limit=300)
    assert log.read_bytes() == b"new\n"
    assert (home / "beat.log.1").read_bytes() == b"old\n" * 100


def supervise(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zz110.supervisor"],
        cwd=CHECKOUT,
        env=NOTHING_GIVEN | {"ZZ110_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def checkout_like(folder: Path, python: str) -> None:
    (folder / ".ci").mkdir()
    shutil.copy(CHECKOUT / ".ci" / "setup", folder / ".ci" / "setup")
    (folder / "requirements.txt").write_text("")
    (folder / "bin").mkdir()
    for name in ("python3.13", "python3.12", "python3.11", "python3"):
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{python}\n")
        (folder / "bin" / name).chmod(0o755)


def set_up(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{folder / 'bin'}:/usr/bin:/bin"
    return subprocess.run(
        [folder / ".ci" / "setup"], env={"PATH": path, **environment}, capture_output=True, text=True, check=False
    )


def processes_of(home: Path) -> list[str]:
    """Return the commands of all processes that work in the data folder."""
    mine = os.getpid()
    everything = [
        processes.command_line(int(path.name)) for path in Path("/proc").glob("[0-9]*") if int(path.name) != mine
    ]
    return [command for command in everything if str(home) in command]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(claim: Callable[[], object], within: float = 5.0, what: str = "it") -> None:
    give_up_at = time.monotonic() + within
    while not claim():
        assert time.monotonic() < give_up_at, f"{what} did not come true within {within} s"
        time.sleep(0.02)

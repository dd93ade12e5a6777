"""The embedded servers: real ones, found, started, stopped, killed and found again; nobody else's data or process touched."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from zz110 import processes
from zz110.embedded import AlreadyRunning, CannotStart, Servers, claim, running_urls, start_servers
from zz110.home import CHECKOUT, Home, default_home, empty, hold, is_held, read_run, write_run
from zz110.postgres import Postgres

NOTHING_GIVEN = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
HOLDER = """
import os, sys, time
from pathlib import Path
from zz110.embedded import start_servers
servers = start_servers(Path(sys.argv[1]))
print(servers.postgres.process.pid, servers.redis.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """Servers that a test may stop or kill when it starts them again."""
    with short_folder() as folder, start_servers(folder, NOTHING_GIVEN) as started:
        yield started


def test_both_servers_answer_at_their_urls_and_are_gone_after_stop(home: Path) -> None:
    with start_servers(home, NOTHING_GIVEN | {"PGDATA": "/nowhere", "PGPORT": "1"}) as servers:  # a user's own settings
        assert servers.postgres and servers.postgres.process and servers.redis and servers.redis.process
        pids = [*processes.tree(servers.postgres.process.pid), servers.redis.process.pid]
        assert one_value(servers.database_url, "SHOW port") == "5432"
        assert redis.from_url(servers.redis_url).ping()
    assert len(pids) > 4
    assert not any(processes.is_alive(pid) for pid in pids)


def test_postgres_writes_every_commit_to_disk_and_knows_chinese_letters(servers: Servers) -> None:
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        options = ["fsync", "synchronous_commit", "data_checksums", "timezone", "listen_addresses", "server_encoding"]
        shown = [connection.execute(f"SHOW {option}").fetchone() for option in options]
        trigrams = connection.execute("SELECT cardinality(show_trgm('报警求助'))").fetchone()
        preloaded = connection.execute("SHOW shared_preload_libraries").fetchone()
    assert [row[0] for row in shown if row] == ["on", "on", "on", "UTC", "", "UTF8"]
    assert trigrams == (5,)
    assert preloaded == ("pg_stat_statements",)


def test_valkey_refuses_aloud_when_full_and_has_no_network_address(servers: Servers) -> None:
    client = redis.from_url(servers.redis_url, decode_responses=True)
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client.config_get("port") == {"port": "0"}


def test_data_survives_a_stop_and_a_kill(servers: Servers) -> None:
    assert servers.postgres
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 500) AS number")
        servers.postgres.kill()
    servers.postgres.start()
    assert one_value(servers.database_url, "SELECT count(*) FROM kept") == 500
    servers.postgres.stop()
    servers.postgres.start()
    assert one_value(servers.database_url, "SELECT count(*) FROM kept") == 500


def test_valkey_is_empty_after_a_kill(servers: Servers) -> None:
    assert servers.redis
    redis.from_url(servers.redis_url).set("hint", "1")
    servers.redis.kill()
    with pytest.raises(redis.ConnectionError):
        redis.from_url(servers.redis_url).ping()
    servers.redis.start()
    assert redis.from_url(servers.redis_url).get("hint") is None


def test_a_paused_server_hangs_and_goes_on_when_resumed(servers: Servers) -> None:
    assert servers.postgres and servers.redis
    hasty = redis.from_url(servers.redis_url, socket_timeout=0.2)
    servers.redis.pause()
    with pytest.raises(redis.TimeoutError):
        hasty.ping()
    servers.redis.resume()
    assert hasty.ping()
    servers.postgres.pause()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(servers.database_url, connect_timeout=2)
    servers.postgres.resume()
    assert one_value(servers.database_url, "SELECT 1") == 1


def test_a_paused_server_can_be_stopped(servers: Servers) -> None:
    assert servers.postgres
    servers.postgres.pause()
    servers.postgres.stop()
    assert servers.postgres.process and servers.postgres.process.returncode == 0
    servers.postgres.start()


def test_a_second_start_on_one_folder_is_refused_with_the_process_that_has_it(servers: Servers) -> None:
    with pytest.raises(AlreadyRunning, match=rf"already running from {servers.home.path} \(process {os.getpid()}\)"):
        start_servers(servers.home.path, NOTHING_GIVEN)
    assert one_value(servers.database_url, "SELECT 1") == 1


def test_settings_find_running_servers_and_no_others(home: Path, servers: Servers) -> None:
    found = running_urls(servers.home.path)
    assert found and (found.database_url, found.redis_url) == (servers.database_url, servers.redis_url)
    Home(home).make()
    (home / "lock").touch()
    shutil.copy(servers.home.run_file, home)  # what a killed supervisor leaves behind
    assert read_run(Home(home))["redis_url"] == servers.redis_url
    assert running_urls(home) is None


def test_a_given_server_replaces_ours(home: Path) -> None:
    given = NOTHING_GIVEN | {"DATABASE_URL": "postgresql://db.example/zz110"}
    with start_servers(home, given) as servers:
        assert servers.postgres is None
        assert servers.database_url == "postgresql://db.example/zz110"
        assert redis.from_url(servers.redis_url).ping()
    assert not (home / "postgres" / "data").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends children with their parent on Linux only")
def test_the_servers_die_with_a_killed_parent_and_start_again_at_once(home: Path) -> None:
    holder = hold_in_another_process(home)
    pids = read_pids(holder)
    holder.kill()
    holder.wait()
    with start_servers(home, NOTHING_GIVEN) as servers:
        assert one_value(servers.database_url, "SELECT 1") == 1
        wait_until(lambda: not any(processes.is_alive(pid) for pid in pids))


def test_an_interrupted_initdb_is_done_again(home: Path) -> None:
    Home(home).make()
    (home / "postgres" / "draft").mkdir()
    (home / "postgres" / "draft" / "PG_VERSION").write_text("18\n")
    with start_servers(home, NOTHING_GIVEN) as servers:
        assert one_value(servers.database_url, "SELECT 1") == 1


def test_a_data_folder_with_a_long_name_gets_its_sockets_elsewhere(home: Path) -> None:
    long = home / ("long" * 25)
    try:
        with start_servers(long, NOTHING_GIVEN) as servers:
            assert one_value(servers.database_url, "SELECT 1") == 1
            assert redis.from_url(servers.redis_url).ping()
            assert stat.S_IMODE(Home(long).sockets().stat().st_mode) == 0o700
    finally:
        shutil.rmtree(Home(long).sockets(), ignore_errors=True)


def test_a_socket_folder_that_others_may_enter_is_refused(home: Path) -> None:
    long = Home(home / ("long" * 25))
    sockets = long.sockets()
    try:
        sockets.chmod(0o777)
        with pytest.raises(CannotStart, match="not a private folder"):
            long.sockets()
    finally:
        sockets.rmdir()


@pytest.mark.skipif(os.getuid() != 0, reason="says how root is handled")
def test_root_starts_postgres_below_a_folder_only_root_may_enter_and_either_way_takes_over_the_data(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.chmod(0o700)
    for mode in ("namespace", "nobody", "namespace"):
        if processes.run(["true"], environment=os.environ, mode=mode, output=subprocess.DEVNULL) != 0:
            pytest.skip(f"this kernel refuses the mode {mode}")
        monkeypatch.setenv("ZZ110_ROOT_MODE", mode)
        with start_servers(home, NOTHING_GIVEN) as servers:
            assert one_value(servers.database_url, "SELECT current_setting('is_superuser')") == "on"


def test_data_of_another_postgres_version_is_named_and_left_alone(home: Path) -> None:
    Home(home).make()
    (home / "postgres" / "data").mkdir()
    (home / "postgres" / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(CannotStart, match=r"made by PostgreSQL 12.*ZZ110_PG_BIN.*make reset"):
        start_servers(home, NOTHING_GIVEN)
    assert not is_held(Home(home))


def test_initdb_that_fails_gives_its_reason(home: Path) -> None:
    programs = home / "bin"
    programs.mkdir()
    executable(programs / "postgres", "echo 'postgres (PostgreSQL) 18.1'")
    executable(programs / "initdb", "echo 'initdb: error: could not write: No space left on device'; exit 1")
    with pytest.raises(CannotStart, match=r"could not make its data folder: initdb: error: .* No space left on device"):
        start_servers(home, NOTHING_GIVEN | {"ZZ110_PG_BIN": str(programs)})
    assert not (home / "postgres" / "data").exists()


def test_programs_that_are_not_where_they_are_said_to_be_are_named(home: Path) -> None:
    with pytest.raises(CannotStart, match="ZZ110_PG_BIN names /nowhere"):
        start_servers(home, NOTHING_GIVEN | {"ZZ110_PG_BIN": "/nowhere"})
    with pytest.raises(CannotStart, match="ZZ110_REDIS_BIN names /nowhere"):
        start_servers(home, NOTHING_GIVEN | {"ZZ110_REDIS_BIN": "/nowhere"})
    assert not is_held(Home(home))


@pytest.mark.skipif(not Path("/usr/lib/postgresql/15/bin/postgres").exists(), reason="no PostgreSQL 15 installed")
def test_an_installed_postgres_15_serves_as_well(home: Path) -> None:
    with start_servers(home, NOTHING_GIVEN | {"ZZ110_PG_BIN": "/usr/lib/postgresql/15/bin"}) as servers:
        assert str(one_value(servers.database_url, "SHOW server_version")).startswith("15.")


def test_reset_is_refused_while_something_runs(servers: Servers) -> None:
    with pytest.raises(AlreadyRunning):
        empty(servers.home)
    assert one_value(servers.database_url, "SELECT 1") == 1


def test_reset_empties_the_folder_of_all_that_is_ours(home: Path) -> None:
    os.close(hold(Home(home)))
    (home / "postgres" / "data").mkdir()
    (home / "mine.txt").write_text("not of ZZ110")
    empty(Home(home))
    assert sorted(path.name for path in home.iterdir()) == ["lock", "mine.txt"]


def test_reset_leaves_a_folder_alone_that_was_never_ours(home: Path) -> None:
    (home / "logs").mkdir()
    (home / "logs" / "year.log").write_text("somebody's")
    empty(Home(home))
    assert (home / "logs" / "year.log").exists()


def test_what_a_killed_supervisor_left_running_is_ended_and_a_stranger_with_its_number_is_not(home: Path) -> None:
    left, stranger = (subprocess.Popen(["sleep", "60"], start_new_session=True) for _ in range(2))
    Home(home).make()
    record = [
        {"pid": left.pid, "started": processes.identity(left.pid)},
        {"pid": stranger.pid, "started": "another time"},
    ]
    write_run(Home(home), {"programs": record})
    try:
        claim(Home(home), NOTHING_GIVEN).stop()
        assert left.wait(5) == -signal.SIGKILL
        assert stranger.poll() is None
    finally:
        for process in (left, stranger):
            process.kill()
            process.wait()


def test_the_data_folder_is_var_of_the_checkout_unless_named() -> None:
    assert default_home({}).path == CHECKOUT / "var"
    assert default_home({"ZZ110_HOME": "/srv/zz110"}).path == Path("/srv/zz110")


def test_the_embedded_servers_need_no_django() -> None:
    code = "import sys, zz110.embedded, zz110.supervisor; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False).returncode == 0


def test_a_server_that_is_started_twice_runs_once(servers: Servers) -> None:
    assert isinstance(servers.postgres, Postgres) and servers.postgres.process
    before = servers.postgres.process.pid
    servers.postgres.start()
    assert servers.postgres.process.pid == before


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="zz110-test-", dir="/tmp"))  # pytest's own are too long for sockets
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def one_value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def executable(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def hold_in_another_process(home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, str(home)]
    return subprocess.Popen(command, cwd=CHECKOUT, env=NOTHING_GIVEN, stdout=subprocess.PIPE, text=True)


def read_pids(holder: subprocess.Popen[str]) -> list[int]:
    assert holder.stdout
    with holder.stdout as lines:
        return [int(part) for part in lines.readline().split()]


def wait_until(claim: object, within: float = 5.0) -> None:
    assert callable(claim)
    give_up_at = time.monotonic() + within
    while not claim():
        assert time.monotonic() < give_up_at, "it did not come true in time"
        time.sleep(0.02)

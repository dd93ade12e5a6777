"""Which programs make up a running ZZ110, how each is started, and what the person at the terminal is told."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from incidents.demo_city.people import DEMO_LOGINS, DEMO_PASSWORD
from zz110 import preflight
from zz110.embedded import Servers
from zz110.home import Home, default_home

QUEUES = {"urgent": 2, "default": 2, "bulk": 1}  # a process each with so many threads: an import never delays a sweep
ASKED_WITHIN = 2.0  # seconds


@dataclass(frozen=True)
class Program:
    """One program that the supervisor keeps running."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[int, ...] = ()  # file descriptors it inherits
    early: bool = False  # started before the web server answers


@dataclass(frozen=True)
class Settings:
    """What the environment says about this run."""

    home: Home
    host: str
    port: int
    demo: bool
    simulate: bool
    web_processes: int
    environment: Mapping[str, str]

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """Read the environment. A database that is given has no demo city put into it unless ZZ110_DEMO=1 says so."""
        host, port = preflight.read_address(environment)
        demo = environment.get("ZZ110_DEMO", "0" if environment.get("DATABASE_URL") else "1") == "1"
        return cls(
            home=default_home(environment),
            host=host,
            port=port,
            demo=demo,
            simulate=environment.get("ZZ110_SIMULATE", "1" if demo else "0") == "1",
            web_processes=preflight.read_count(environment, "ZZ110_WEB_PROCESSES", 1),
            environment=environment,
        )

    @property
    def address(self) -> str:
        """Return the address for a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def for_programs(self, servers: Servers) -> dict[str, str]:
        """Return the environment of the programs."""
        return dict(self.environment) | {
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "DJANGO_SETTINGS_MODULE": "zz110.settings",
            "PROMETHEUS_MULTIPROC_DIR": str(self.home.metrics),
            "PYTHONUNBUFFERED": "1",
            "ZZ110_ADDRESS": self.address,
            "ZZ110_HOME": str(self.home.path),
            "ZZ110_PORT": str(self.port),
        }

    def answers(self) -> bool:
        """Say whether the web server answers, whatever it answers."""
        connection = http.client.HTTPConnection(self.address.split("/")[2], timeout=ASKED_WITHIN)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def banner(self, seconds: float) -> str:
        """Return what stands on the terminal once everything runs: address, demo logins, how to stop."""
        lines = [
            "",
            f"ZZ110 接处警 · ready after {seconds:.1f} s",
            f"  地址 address    {self.address}",
            f"  日志 logs       {self.home.logs}",
            *(_logins() if self.demo else ["  No demo city (ZZ110_DEMO=1 makes one)."]),
            "Ctrl-C stops everything that was started here. 按 Ctrl-C 停止。",
        ]
        return "\n".join(lines)


def programs(settings: Settings, listener: int) -> list[Program]:
    """Return the programs; the web server first, the rest when it answers, so that the page is there soonest."""
    plan = [_web(number, listener) for number in range(1, settings.web_processes + 1)]
    plan += [_worker(queue, threads) for queue, threads in QUEUES.items()]
    plan.append(_beat(settings.home.beat / "schedule"))
    if settings.simulate:
        plan.append(Program("simulator", (*_manage("simulate"), "--pace", "gentle"), {"ZZ110_PROCESS": "simulator"}))
    return plan


def prepare_command(settings: Settings) -> tuple[str, ...]:
    """Return the command that brings database and catalogues up to this checkout."""
    return (*_manage("prepare"), *(("--demo",) if settings.demo else ()))


def _web(number: int, listener: int) -> Program:
    command = (sys.executable, "-m", "zz110.serve", "--fd", str(listener))
    name = "web" if number == 1 else f"web-{number}"
    return Program(name, command, {"ZZ110_PROCESS": "web"}, keep=(listener,), early=True)


def _worker(queue: str, threads: int) -> Program:
    command = (
        *_celery("worker"),
        *("--queues", queue, "--hostname", f"{queue}@%h"),
        *("--pool", "threads", "--concurrency", str(threads)),
        *("--prefetch-multiplier", "1", "-O", "fair", "--without-gossip", "--without-mingle"),
    )
    return Program(f"worker-{queue}", command, {"ZZ110_PROCESS": "worker"})


def _beat(schedule: Path) -> Program:
    return Program("beat", (*_celery("beat"), "--schedule", str(schedule), "--pidfile="), {"ZZ110_PROCESS": "beat"})


def _celery(part: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "-A", "zz110", part, "--loglevel", "INFO")


def _manage(command: str) -> tuple[str, ...]:
    return (sys.executable, "manage.py", command)


def _logins() -> list[str]:
    lines = [f"    {username:<14} {zh} {en}" for username, zh, en in DEMO_LOGINS]
    return [f"  演示密码 demo password, for all of them: {DEMO_PASSWORD}", *lines]

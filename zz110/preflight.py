"""What must be true before anything is started; each failure is one sentence that says what to do."""

from __future__ import annotations

import errno
import shutil
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from zz110.home import CannotStart

OLDEST_PYTHON = (3, 11)
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8110
LEAST_FREE = 1_000_000_000  # bytes: PostgreSQL's own files, its write-ahead log and the logs of a day
REACHED_WITHIN = 5  # seconds
BACKLOG = 2048  # connections that wait while the web server starts again


def check_python(found: tuple[int, ...] = sys.version_info[:3]) -> None:
    """Refuse a Python that is too old."""
    if found[:2] < OLDEST_PYTHON:
        raise CannotStart(f"ZZ110 needs Python {dotted(OLDEST_PYTHON)} or later, and this is {dotted(found)}.")


def check_disk(folder: Path, least: int = LEAST_FREE) -> None:
    """Refuse a disk with fewer than `least` bytes free where `folder` is: a full one stops PostgreSQL at a bad moment."""
    free = shutil.disk_usage(folder).free
    if free < least:
        raise CannotStart(
            f"Only {free / 1e9:.1f} GB are free on the disk of {folder}, and ZZ110 needs {least / 1e9:.1f} GB: "
            "make room, or set ZZ110_HOME to a folder on another disk."
        )


def read_address(environment: Mapping[str, str]) -> tuple[str, int]:
    """Return the host and the port that ZZ110_HOST and ZZ110_PORT name."""
    text = environment.get("ZZ110_PORT", str(DEFAULT_PORT))
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotStart(f"ZZ110_PORT is '{text}', and a port is a number from 1 to 65535.")
    return environment.get("ZZ110_HOST") or DEFAULT_HOST, int(text)


def read_count(environment: Mapping[str, str], name: str, default: int) -> int:
    """Return the number of processes that the variable `name` asks for."""
    text = environment.get(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise CannotStart(f"{name} is '{text}', and it must be a number from 1 on.")
    return int(text)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. It stays open while web servers come and go, so callers wait and none is refused."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotStart(
            f"ZZ110_HOST is '{host}', and that is no address of this machine: {error.strerror}."
        ) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # not kept waiting by connections just closed
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotStart(_why_not(host, port, error)) from error
    return listener


def check_database(url: str) -> None:
    """Refuse when no PostgreSQL answers at `url`."""
    try:
        psycopg.connect(url, connect_timeout=REACHED_WITHIN).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise CannotStart(f"PostgreSQL does not answer at DATABASE_URL ({without_password(url)}): {reason}") from error


def check_redis(url: str) -> None:
    """Refuse when no server of the Redis protocol answers at `url`."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=REACHED_WITHIN, socket_timeout=REACHED_WITHIN) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        reason = str(error).strip() or type(error).__name__
        raise CannotStart(f"Redis does not answer at REDIS_URL ({without_password(url)}): {reason}") from error


def without_password(url: str) -> str:
    """Return `url` as it may stand on a screen."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    user, _, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}:***@{place}").geturl()


def dotted(version: tuple[int, ...]) -> str:
    """Write a version as text."""
    return ".".join(map(str, version))


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken by another program: set ZZ110_PORT to a free one, as in `ZZ110_PORT={port + 1} make run`."
    if error.errno == errno.EACCES:
        return f"Port {port} may be used by root only: set ZZ110_PORT to one from 1024 on."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"ZZ110_HOST is '{host}', and that is no address of this machine."
    return f"Port {port} of {host} cannot be used: {error.strerror}."

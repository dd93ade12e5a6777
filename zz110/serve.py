"""The web server, HTTP and WebSocket: on the supervisor's socket (`make run`), or on an address (the container)."""

from __future__ import annotations

import argparse
import socket
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

APPLICATION = "zz110.asgi:application"
OPTIONS: dict[str, Any] = {
    "log_config": None,  # settings.py has the logs
    "access_log": False,  # our middleware writes the line per request
    "server_header": False,
    "ws_max_size": 64 * 1024,  # bytes of one WebSocket message (targets 3.2)
    # One frame goes to hundreds of sockets: packing it anew for each costs more than the bytes it saves on a LAN.
    "ws_per_message_deflate": False,
    "timeout_graceful_shutdown": 3,  # seconds for requests under way; sockets are closed at once and come back
}
UNREAD_WITHIN_MS = 10_000
SEND_BUFFER = 256 * 1024  # bytes that the kernel holds for one peer; left alone it would be megabytes of stale frames


def main() -> None:
    """Serve the application until a signal ends it."""
    parser = argparse.ArgumentParser(prog="python -m zz110.serve")
    parser.add_argument("--fd", type=int, help="a socket that listens already, inherited from the supervisor")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    config = uvicorn.Config(
        APPLICATION,
        host=options.host,
        port=options.port,
        workers=options.processes if options.fd is None else 1,
        **OPTIONS,
    )
    # A restart finds the same socket and refuses nobody. uvicorn's own --fd would take it for a Unix socket.
    listener = socket.socket(fileno=options.fd) if options.fd is not None else config.bind_socket()
    bound_unread(listener)
    if config.workers > 1:
        Multiprocess(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


def bound_unread(listener: socket.socket) -> None:
    """Bound what a peer leaves unread, in bytes and in time: the kernel ends connections that take nothing for ten
    seconds (A23), because a frame that cannot be sent would hold its socket, and a closing handshake behind it, for ever.
    Accepted sockets inherit both options; the time-out is Linux's."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None and listener.family in (socket.AF_INET, socket.AF_INET6):
        listener.setsockopt(socket.IPPROTO_TCP, option, UNREAD_WITHIN_MS)


if __name__ == "__main__":
    main()

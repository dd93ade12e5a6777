"""The web server, HTTP and WebSocket: on the supervisor's socket (`make run`), or on an address (the container)."""

from __future__ import annotations

import argparse
import socket
from typing import Any

import uvicorn

APPLICATION = "zz110.asgi:application"
OPTIONS: dict[str, Any] = {
    "log_config": None,  # settings.py has the logs
    "access_log": False,  # our middleware writes the line per request
    "server_header": False,
    "ws_max_size": 64 * 1024,  # bytes of one WebSocket message (targets 3.2)
    "timeout_graceful_shutdown": 3,  # seconds for requests under way; sockets are closed at once and come back
}


def main() -> None:
    """Serve the application until a signal ends it."""
    parser = argparse.ArgumentParser(prog="python -m zz110.serve")
    parser.add_argument("--fd", type=int, help="a socket that listens already, inherited from the supervisor")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    if options.fd is None:
        uvicorn.run(APPLICATION, host=options.host, port=options.port, workers=options.processes, **OPTIONS)
    else:
        # A restart finds the same socket and refuses nobody. uvicorn's own --fd would take it for a Unix socket.
        listener = socket.socket(fileno=options.fd)
        uvicorn.Server(uvicorn.Config(APPLICATION, **OPTIONS)).run(sockets=[listener])


if __name__ == "__main__":
    main()

"""What a worker does when Redis dies, one step at a time: `python -m tests.faults.lose_broker URL PID-OF-REDIS`."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import Any

import kombu

from zz110.celery import app

broker: Any = kombu  # it has no types


def lose(url: str, redis_pid: int) -> None:
    """Consume a message, kill Redis before it is acknowledged, then collect and close as Celery's consumer does."""
    connection: Any = app.connection_for_read(url)
    taken: list[Any] = []
    queue = broker.Queue("default")
    taking = [lambda _body, message: taken.append(message)]
    broker.Consumer(connection.default_channel, [queue], callbacks=taking).consume()
    commands = broker.Exchange("celery.pidbox", type="fanout")
    pidbox = broker.Queue("worker.pidbox", commands, auto_delete=True, durable=False)
    broker.Consumer(connection.channel(), [pidbox], callbacks=[lambda _body, _message: None]).consume()
    connection.Producer().publish({"task": "sweep"}, routing_key="default")
    while not taken:
        connection.drain_events(timeout=10)
    with contextlib.suppress(TimeoutError):
        connection.drain_events(timeout=0.2)  # it waits for the next message, as a worker always does
    os.kill(redis_pid, signal.SIGKILL)
    with contextlib.suppress(*connection.connection_errors):
        taken[0].ack()
        sys.exit("the acknowledgement reached Redis")
    connection.collect(socket_timeout=1)
    connection.close()
    print("closed")


if __name__ == "__main__":
    lose(sys.argv[1], int(sys.argv[2]))

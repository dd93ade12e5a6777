"""The hint "the head of centre c is now n": may be lost, never raised (style rules 28, 43; traps 1–4).

A thread of its own sends it, and several at once as one: Redis that hangs slows no command down, and a command never
waits for a network. The hub of the same process is woken directly.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer

from incidents import metrics

GROUP = "heads"
SILENT_AFTER_FAILURE_S = 5.0
log = logging.getLogger(__name__)
listeners: list[Callable[[], None]] = []  # of this process: its hub
_waiting: dict[int, int] = {}
_lock = threading.Lock()
_there = threading.Event()
_thread: threading.Thread | None = None


def send(numbers: dict[int, int]) -> None:
    """Tell every process that journals have grown; returns at once."""
    for tell in listeners:
        tell()
    with _lock:
        for centre, number in numbers.items():
            _waiting[centre] = max(number, _waiting.get(centre, 0))
        _begin()
    _there.set()


def _begin() -> None:
    """Start the sender with the first hint of this process (a forked one has no thread)."""
    global _thread
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_run, name="hints", daemon=True)
        _thread.start()


def _run() -> None:
    """Send what is waiting until the process ends. After a failure nothing is sent for five seconds; processes look by
    themselves anyway."""
    loop = asyncio.new_event_loop()
    while True:
        _there.wait()
        _there.clear()
        with _lock:
            numbers = {str(centre): number for centre, number in _waiting.items()}
            _waiting.clear()
        try:
            loop.run_until_complete(_publish(numbers))
        except Exception as error:
            metrics.CHANNEL_DROP.inc()
            log.warning("hint not sent: %s", error)
            time.sleep(SILENT_AFTER_FAILURE_S)


async def _publish(numbers: dict[str, int]) -> None:
    layer: Any = get_channel_layer()
    if layer is not None and numbers:
        await layer.group_send(GROUP, {"type": "head", "numbers": numbers})

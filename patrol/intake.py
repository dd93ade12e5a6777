"""Fixes that phones send over the socket: buffered in the process, written once a second (targets class B)."""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.db import DatabaseError, close_old_connections

from patrol.api import FixInput, fix_of
from patrol.filters import FixIn
from patrol.positions import take_fixes

WRITE_EVERY_S = 1.0
BUFFER_LENGTH = 20_000
log = logging.getLogger(__name__)
_buffer: list[FixIn] = []
_lock = threading.Lock()
_begun = False


def take(user_id: int, unit_id: int, frame: dict[str, Any]) -> None:
    """Take one fix of a phone's own unit; a malformed one is dropped (class B), never a crash."""
    from_frame = read(unit_id, frame)
    if from_frame is None:
        return
    with _lock:
        if len(_buffer) < BUFFER_LENGTH:
            _buffer.append(from_frame)


def read(unit_id: int, frame: dict[str, Any]) -> FixIn | None:
    """Return the fix of a frame in WGS-84, or None when it is malformed."""
    fields = FixInput(data={name: value for name, value in frame.items() if name != "t"})
    if not fields.is_valid():
        return None
    return fix_of(unit_id, fields.validated_data)


def begin() -> None:
    """Start the writer thread of this process once."""
    global _begun
    if not _begun:
        _begun = True
        threading.Thread(target=run, name="positions", daemon=True).start()


def run() -> None:
    """Write what has gathered, once a second, until the process ends."""
    pause = threading.Event()
    while True:
        pause.wait(WRITE_EVERY_S)
        flush()


def flush() -> None:
    """Write the buffer; what the database does not take now is dropped: newer fixes follow in seconds."""
    with _lock:
        batch, _buffer[:] = _buffer[:], []
    if not batch:
        return
    try:
        take_fixes(batch)
    except DatabaseError as error:
        log.warning("%s fixes not stored: %s", len(batch), error)
    finally:
        close_old_connections()

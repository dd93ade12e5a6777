"""The network of each centre: files in the data folder, one of them current, switched without a restart.

`HOME/roads/<centre>/current` names the file in use. It is replaced in one step, and every process looks at its
modification on each call (a microsecond), so a new version is in use at the next ranking everywhere.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from pathlib import Path

from django.conf import settings

from patrol.roads import network as files
from patrol.roads.network import BrokenNetwork, Network

log = logging.getLogger(__name__)
Stamp = tuple[int, int, int]
_known: dict[Path, tuple[Stamp, Network | None]] = {}
_lock = threading.Lock()


def folder(centre_id: int) -> Path:
    """Return where the networks of a centre lie."""
    return Path(settings.HOME) / "roads" / str(centre_id)


def current(centre_id: int) -> Network | None:
    """Return the network of a centre as it is now, or None where none is loaded. A broken file is logged and is none."""
    pointer = folder(centre_id) / "current"
    try:
        seen = os.stat(pointer)
    except OSError:
        return None
    stamp = (seen.st_mtime_ns, seen.st_ino, seen.st_size)
    known = _known.get(pointer)
    if known is None or known[0] != stamp:
        with _lock:
            known = _known[pointer] = (stamp, _opened(pointer))
    return known[1]


def _opened(pointer: Path) -> Network | None:
    try:
        return files.read(pointer.parent / pointer.read_text(encoding="ascii").strip())
    except (OSError, BrokenNetwork):
        log.exception("the road network of centre %s cannot be opened", pointer.parent.name)
        return None


def save(centre_id: int, network: Network) -> Path:
    """Write a network beside the others of its centre; it is in use only after `switch`."""
    path = folder(centre_id) / f"{network.version}.roads"
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(network, path)
    return path


def switch(centre_id: int, version: str) -> None:
    """Make a saved version the current one, in one step, and forget all older ones but the last."""
    home = folder(centre_id)
    path = home / f"{version}.roads"
    files.read(path)
    before = _name_in_use(home)
    half = home / f"current.{os.getpid()}"
    half.write_text(path.name, encoding="ascii")
    half.replace(home / "current")
    for old in home.glob("*.roads"):
        if old.name not in (path.name, before):
            with contextlib.suppress(OSError):
                old.unlink()


def _name_in_use(home: Path) -> str:
    try:
        return (home / "current").read_text(encoding="ascii").strip()
    except OSError:
        return ""

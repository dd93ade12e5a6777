"""One JSON line per figure: n, median, p99, and the machine it was measured on."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the value at rank ⌈share·n⌉ of the sorted samples."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def machine() -> str:
    """Describe the machine in a few words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def emit(name: str, samples_ms: Sequence[float], **more: Any) -> None:
    """Print one figure."""
    facts: dict[str, Any] = {"name": name, "n": len(samples_ms)}
    if samples_ms:
        facts |= {
            "median_ms": round(percentile(samples_ms, 0.5), 1),
            "p99_ms": round(percentile(samples_ms, 0.99), 1),
            "max_ms": round(max(samples_ms), 1),
        }
    say({**facts, **more})


def line(name: str, **facts: Any) -> None:
    """Print a figure that is no row of samples."""
    say({"name": name, **facts})


def say(facts: dict[str, Any]) -> None:
    """Print one line with the load and the machine beside it."""
    load = os.getloadavg()[0]
    print(json.dumps({**facts, "load_before": round(load, 1), "machine": machine()}, ensure_ascii=False), flush=True)


def cpu_seconds(pid: int) -> float:
    """Return the processor seconds that a process has used with all below it, those that have ended included."""
    ticks = 0
    for member in family(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{member}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICK


def family(pid: int) -> list[int]:
    """Return a process and everything below it."""
    found = [pid]
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += family(int(child))
    return found


def memory_mib(pid: int) -> float:
    """Return a process's own share of memory: proportional set size, MiB; 0 when it has just ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def rss_mib(pid: int) -> float:
    """Return the resident set size of a process, MiB; 0 when it has just ended."""
    pages_file = Path(f"/proc/{pid}/statm")
    if not pages_file.exists():
        return 0.0
    pages = int(pages_file.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

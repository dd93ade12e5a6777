"""Memory of every process after the other benches."""

from __future__ import annotations

from tests.bench.figures import emit, family, memory_mib, rss_mib
from tests.stack.stack import Stack


def run(stack: Stack, seconds: float) -> None:
    """Print resident size of each process, and the sum of the proportional ones (shared pages counted once)."""
    roots = {name: program.pid for name, program in stack.programs.items() if program.poll() is None}
    for name, server in (("postgres", stack.postgres), ("valkey", stack.redis)):
        if server.process is not None:
            roots[name] = server.process.pid
    rss = {name: round(sum(rss_mib(pid) for pid in family(pid)), 1) for name, pid in roots.items()}
    total = sum(memory_mib(member) for pid in roots.values() for member in family(pid))
    emit("memory", [], rss_mib=rss, proportional_total_mib=round(total, 1))

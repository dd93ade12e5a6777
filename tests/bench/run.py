"""`make bench`: measure on real engines and print one JSON line per figure.

ZZ110_BENCH names some of them (addresses,history,commands,burst,feed,phone,fixes,memory,deadlines,roads,interception,duplicates,links,
cameras,replay,statistics,deployment,paper,weights,tasks,alarms); ZZ110_BENCH_SECONDS shortens the runs.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.bench import (
    addresses,
    alarms,
    burst,
    cameras,
    commands,
    deadlines,
    deployment,
    duplicates,
    feed,
    fixes,
    interception,
    links,
    memory,
    page_weights,
    paper,
    phone,
    replay,
    roads,
    search,
    statistics,
    time_on_task,
)
from tests.stack.stack import Stack

BENCHES = {
    "commands": commands.run,
    "burst": burst.run,
    "feed": feed.run,
    "phone": phone.run,
    "fixes": fixes.run,
    "memory": memory.run,
    "links": links.run,
    "cameras": cameras.run,
    "deadlines": deadlines.run,
    "deployment": deployment.run,
    "roads": roads.run,
    "interception": interception.run,
    "paper": paper.run,
    "statistics": statistics.run,
    "duplicates": duplicates.run,
    "weights": page_weights.run,
    "tasks": time_on_task.run,
    "alarms": alarms.run,
    "addresses": addresses.run,
    "history": addresses.history,
    "search": search.run,
    "replay": replay.run,
}


def main() -> int:
    """Run the benches on one stack."""
    wanted = os.environ.get("ZZ110_BENCH", ",".join(BENCHES)).split(",")
    seconds = float(os.environ.get("ZZ110_BENCH_SECONDS", "60"))
    with tempfile.TemporaryDirectory(prefix="zz110-bench-") as folder:
        measure(Path(folder), wanted, seconds)
    return 0


def measure(folder: Path, wanted: list[str], seconds: float) -> None:
    """Start the stack, run the benches on it, stop it."""
    with Stack(folder, {"ZZ110_SOCKETS_PER_USER": "10000"}) as stack:
        stack.start_all()
        for name in wanted:
            BENCHES[name](stack, seconds)


if __name__ == "__main__":
    sys.exit(main())

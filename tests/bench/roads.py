"""Road times, coverage, loading: in one process, on synthetic towns and on real extracts. No server takes part.

The synthetic towns are grids of moved corners 90 m apart with an arterial every eighth street, a tenth of the small
ones one-way; one unit in ten rides a motorcycle, one in ten walks. Every measurement draws another target.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dispatch import policy as policies
from dispatch import ranking, spread
from dispatch.ranking import Question, UnitState
from patrol.roads import network as files
from patrol.roads import osm, routes, standing, times, travel
from patrol.roads.build import Roads, build
from patrol.roads.costs import costs
from patrol.roads.coverage import Coverage
from patrol.roads.network import CLASSES, Network
from patrol.roads.osm import CARS, MOTORCYCLES, WALKERS
from patrol.roads.snap import snap
from tests.bench.figures import emit, percentile

SIZES = (10_000, 100_000, 500_000)
FLEETS = (500, 2_000)
KINDS = np.array(["UP"] * 8 + ["UM", "UF"])
EXTRACTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "roads"
SOUTH, WEST, STEP = 24.3, 117.4, 0.0008
HOUR, BUSY_S = 8, 20.0
SHOWN = 9  # candidates on a screen
PROBE = """
import sys, time
from pathlib import Path
from patrol.roads.snap import snap
from tests.bench.figures import rss_mib
import os
from patrol.roads import network, times, snap, costs, coverage
before = rss_mib(os.getpid())
started = time.perf_counter()
held = network.read(Path(sys.argv[1]))
opened = time.perf_counter() - started
import numpy as np
middle = (float(held.lat.mean()), float(held.lng.mean()))
times.arrivals(held, middle, np.array([middle]), "car", 8)
first = time.perf_counter() - started
print(opened * 1e3, first * 1e3, rss_mib(os.getpid()) - before)
"""


def run(stack: object, seconds: float) -> None:
    """Measure everything; the stack is not used."""
    budget = min(BUSY_S, seconds)
    with tempfile.TemporaryDirectory(prefix="zz110-roads-") as folder:
        for size in SIZES:
            started = time.perf_counter()
            network = town(size)
            measure(f"town {size}", network, time.perf_counter() - started, Path(folder), budget)
        for path in sorted(EXTRACTS.glob("*.osm*")):
            started = time.perf_counter()
            network = build(osm.read(path), source=path.name)
            measure(path.name, network, time.perf_counter() - started, Path(folder), budget)
    if not EXTRACTS.is_dir():
        print(
            '{"name": "roads.extract", "skipped": "the real extracts of ../shared/data/roads are not here"}', flush=True
        )


def town(size: int) -> Network:
    """Return a synthetic town of about so many corners."""
    side = int(size**0.5)
    random = np.random.default_rng(110)
    row, column = np.divmod(np.arange(side * side), side)
    number = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    head = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    line = np.concatenate([np.repeat(np.arange(side), side - 1), np.tile(np.arange(side), side - 1)])
    arterial = line % 8 == 0
    flags = np.full(len(tail), CARS | MOTORCYCLES | WALKERS, dtype=np.uint16)
    one_way = ~arterial & (random.random(len(tail)) < 0.1)
    flags[one_way] &= ~np.uint16(files.CAR_BACK | files.MOTORCYCLE_BACK)
    kinds = np.where(arterial, CLASSES.index("primary"), CLASSES.index("residential"))
    roads = Roads(
        lat=SOUTH + (row + random.uniform(-0.3, 0.3, side * side)) * STEP,
        lng=WEST + (column + random.uniform(-0.3, 0.3, side * side)) * STEP,
        tail=tail.astype(np.int32),
        head=head.astype(np.int32),
        metres=np.full(len(tail), np.nan),
        kmh=np.zeros(len(tail), dtype=np.float32),
        road_class=kinds.astype(np.uint8),
        flags=flags,
    )
    return build(roads, source=f"town {size}", fictional=True)


def measure(name: str, network: Network, import_s: float, folder: Path, budget: float) -> None:
    """Print every figure of one network."""
    facts: dict[str, Any] = {"network": name, "nodes": network.nodes, "edges": network.edges}
    emit("roads.import", [import_s * 1e3], **facts)
    path = folder / "measured.roads"
    files.write(network, path)
    probed = [probe(path) for _ in range(5)]
    emit("roads.open", [one[0] for one in probed], **facts, file_mib=round(path.stat().st_size / 2**20, 1))
    more = round(percentile([one[2] for one in probed], 0.5), 1)
    emit("roads.open_and_first_search", [one[1] for one in probed], **facts, memory_mib=more)
    held = files.read(path)
    random = np.random.default_rng(1)
    for fleet in FLEETS:
        units = drawn(held, fleet, random)
        travel_figures(held, units, random, facts | {"units": fleet}, budget)
    few = drawn(held, 20, random)
    for _ in range(2):
        travel.travel_on(held, few, place(held, random), HOUR)
    show("roads.travel_worst_case_20_units", lambda: travel.travel_on(held, few, place(held, random), HOUR), budget / 2,
        **facts, units=20, limit_s=times.LIMIT_S,
    )  # fmt: skip
    show(
        "roads.route",
        lambda: routes.route(held, place(held, random), place(held, random), "car", HOUR),
        3,
        **facts,
    )
    coverage_figures(held, random, facts, budget)


def travel_figures(
    network: Network, units: list[travel.UnitPoint], random: np.random.Generator, facts: dict[str, Any], budget: float
) -> None:
    """Measure the road times of a fleet as the ranking asks for them, and the searches alone."""
    for _ in range(3):
        travel.travel_on(network, units, place(network, random), HOUR)
    show("roads.travel", lambda: travel.travel_on(network, units, place(network, random), HOUR), budget, **facts)
    ranking_figures(network, units, random, facts, budget)
    usable = costs(network, "car", HOUR).usable
    points = np.array([unit[1:3] for unit in units])
    show("roads.snap_fleet", lambda: snap(network, points, usable), budget / 4, **facts)
    reach = times.explained(network, place(network, random), points, "car", HOUR, enough=travel.ENOUGH).within_s

    def search() -> None:
        cost = costs(network, "car", HOUR)
        times.approach(cost, snap(network, np.array([place(network, random)]), usable), reach)

    show("roads.search_one_profile", search, budget / 4, **facts, within_s=reach)


def ranking_figures(
    network: Network, units: list[travel.UnitPoint], random: np.random.Generator, facts: dict[str, Any], budget: float
) -> None:
    """Measure the whole ranking of a fleet through `rank()`, with snapping, probabilities and reasons: with the units
    where they stood at the last question, and with all of them moved since."""
    policy = policies.current()
    parameters = spread.shipped(policy)
    now = dt.datetime(2026, 1, 5, HOUR, tzinfo=dt.UTC)
    states = [
        UnitState(unit, f"C{unit}", f"C{unit}", kind, "available", True, lat, lng, now)
        for unit, lat, lng, kind in units
    ]

    def ranked() -> None:
        lat, lng = place(network, random)
        ways = travel.travel_on(network, units, (lat, lng), HOUR)
        question = Question(now, 2, "0202", now, None, lat, lng, ("UP",))
        found = ranking.rank(question, states, ways, policy=policy, spread=parameters)
        assert all(one.reason for one in found.candidates[:SHOWN])

    def moved() -> None:
        standing.forget()
        ranked()

    for _ in range(3):
        moved()
    show("roads.rank", ranked, budget, **facts)
    show("roads.rank_all_units_moved", moved, budget / 2, **facts)


def coverage_figures(network: Network, random: np.random.Generator, facts: dict[str, Any], budget: float) -> None:
    """Measure the whole field and one unit moved, for as many cars as the demo's fleet and for a large one."""
    for fleet in (24, 200):
        units = [(unit, lat, lng, "UP") for unit, lat, lng, _ in drawn(network, fleet, random)]
        cover = Coverage(network, HOUR)
        cover.field(units)
        show("roads.coverage_whole", lambda: cover.field(units), budget / 4, **facts, units=fleet)  # noqa: B023

        def move() -> None:
            cover.move(int(random.integers(fleet)), place(network, random))  # noqa: B023
            cover.seconds()  # noqa: B023

        show("roads.coverage_one_moved_anywhere", move, budget / 4, **facts, units=fleet)
        cover.field(units)
        where = {unit: (lat, lng) for unit, lat, lng, _ in units}

        def drive() -> None:
            unit = int(random.integers(fleet))  # noqa: B023
            lat, lng = where[unit]  # noqa: B023
            where[unit] = (lat + random.uniform(-0.001, 0.001), lng + random.uniform(-0.001, 0.001))  # noqa: B023
            cover.move(unit, where[unit])  # noqa: B023
            cover.seconds()  # noqa: B023

        show("roads.coverage_one_drove_100_m", drive, budget / 4, **facts, units=fleet)
        show("roads.coverage_without_one", lambda: cover.without(int(random.integers(fleet))), budget / 4,  # noqa: B023
            **facts, units=fleet,
        )  # fmt: skip


def drawn(network: Network, count: int, random: np.random.Generator) -> list[travel.UnitPoint]:
    """Draw units near the roads."""
    kinds = KINDS[np.arange(count) % len(KINDS)]
    return [(index, *place(network, random), str(kind)) for index, kind in enumerate(kinds)]


def place(network: Network, random: np.random.Generator) -> tuple[float, float]:
    """Draw a place some metres beside a road."""
    node = int(random.integers(network.nodes))
    lat, lng = float(network.lat[node]), float(network.lng[node])
    return lat + float(random.normal(0, 0.0001)), lng + float(random.normal(0, 0.0001))


def show(name: str, act: Callable[[], object], budget: float, **facts: Any) -> None:
    """Do it again and again, 20 to 500 times within the budget of seconds, and print the figure: of the clock, and of
    the processor alone, which a busy machine does not falsify."""
    samples: list[float] = []
    worked: list[float] = []
    until = time.perf_counter() + budget
    while len(samples) < 500 and (len(samples) < 20 or time.perf_counter() < until):
        started, before = time.perf_counter(), time.process_time()
        act()
        samples.append((time.perf_counter() - started) * 1e3)
        worked.append((time.process_time() - before) * 1e3)
    processor = {
        "p95_ms": percentile(samples, 0.95),
        "cpu_ms": percentile(worked, 0.5),
        "cpu_p95_ms": percentile(worked, 0.95),
    }
    emit(name, samples, **facts, **{key: round(value, 1) for key, value in processor.items()})


def probe(path: Path) -> tuple[float, float, float]:
    """Open a network in a fresh process: milliseconds to open, to the first answer, and MiB more in memory."""
    said = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    opened, first, memory = said.stdout.split()
    return float(opened), float(first), float(memory)


if __name__ == "__main__":
    run(None, float(sys.argv[1]) if len(sys.argv) > 1 else BUSY_S)

"""What a run says about itself: counts, latencies, and the arrival rates of its own incidents. Pure."""

from __future__ import annotations

import bisect
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

# Upper bounds of the latency buckets in ms, 3 % apart: enough for a percentile, and no memory that grows.
BOUNDS: Final = tuple(0.5 * 1.03**step for step in range(420))
ERRORS_KEPT: Final = 20
FIVE_MINUTES, TEN_MINUTES = 300.0, 600.0


@dataclass(slots=True)
class Latencies:
    """How long requests took."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, milliseconds: float) -> None:
        """Count one request."""
        self.counts[bisect.bisect_left(BOUNDS, milliseconds)] += 1

    def percentile(self, share: float) -> float:
        """Return the upper bound of the bucket in which the value at rank ⌈share·n⌉ lies, 0 without any."""
        total = sum(self.counts)
        rank, seen = max(1, -int(-share * total // 1)), 0
        for index, count in enumerate(self.counts):
            seen += count
            if total and seen >= rank:
                return round(BOUNDS[min(index, len(BOUNDS) - 1)], 1)
        return 0.0


@dataclass(slots=True)
class Tally:
    """What one run has counted."""

    counts: Counter[str] = field(default_factory=Counter)
    races: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    error_count: int = 0
    requests: int = 0
    commands: int = 0  # writes that were carried out
    retries: int = 0
    replayed: int = 0
    latencies: Latencies = field(default_factory=Latencies)

    def add(self, name: str, number: int = 1) -> None:
        """Count something that has happened."""
        self.counts[name] += number

    def error(self, text: str) -> None:
        """Count what must not happen, and keep the first ones in words."""
        self.error_count += 1
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append(text)


COUNTED: Final = (
    "calls", "lost_calls", "called_back", "duplicates", "incidents", "discoveries", "no_attendance", "merged", "cancelled",
    "orders", "overrides", "delivered", "accepted", "refusals", "withdrawn", "departed", "on_scene", "finished", "reports",
    "delays", "backups", "submitted", "returned", "closed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the arrival rates need of one incident; moments are seconds since 1970."""

    answered_at: float
    first_dispatched_at: float | None
    first_on_scene_at: float | None
    counts: bool


def arrival_of(row: Json) -> Arrival:
    """Read an incident's row. The base set of domain 8: P1–P3 that need attendance, P4 with an order, no exclusion."""
    ordered = row["first_dispatched_at"] is not None
    counts = row["attendance"] and not row["exclusion"] and not row["merged_into"] and (row["priority"] < 4 or ordered)
    return Arrival(
        answered_at=seconds(row["answered_at"]) or 0.0,
        first_dispatched_at=seconds(row["first_dispatched_at"]),
        first_on_scene_at=seconds(row["first_on_scene_at"]),
        counts=bool(counts),
    )


def seconds(stamp: str | None) -> float | None:
    """Return a stamp of the wire as seconds since 1970."""
    return dt.datetime.fromisoformat(stamp).timestamp() if stamp else None


def rate(arrivals: Iterable[Arrival], clock: str, limit: float, now: float, speed: float) -> float | None:
    """Return the share that arrived within `limit` seconds of the agents' clock, to four digits, or None without a base.

    Clock "a" starts with the answer, "b" with the first order. An open one that is younger than the limit does not count
    yet, an older one is a miss (domain 8). Stamps are the server's, so differences are multiplied by the speed.
    """
    met = base = 0
    for one in arrivals:
        start = one.answered_at if clock == "a" else one.first_dispatched_at
        if not one.counts or start is None:
            continue
        if one.first_on_scene_at is None and (now - start) * speed <= limit:
            continue
        base += 1
        met += one.first_on_scene_at is not None and (one.first_on_scene_at - start) * speed <= limit
    return round(met / base, 4) if base else None


def summary(tally: Tally, arrivals: Iterable[Arrival], *, now: float, speed: float, ran: float) -> Json:
    """Return the line that `--json` prints; `ran` is in real seconds."""
    found = list(arrivals)
    rates = {
        f"rate{minutes}_{clock}": rate(found, clock, limit, now, speed)
        for clock in "ab"
        for minutes, limit in ((5, FIVE_MINUTES), (10, TEN_MINUTES))
    }
    return {
        **{name: tally.counts[name] for name in COUNTED},
        **rates,
        "errors": tally.error_count,
        "error_samples": tally.errors,
        "races": dict(sorted(tally.races.items())),
        "http_requests": tally.requests,
        "commands": tally.commands,
        "retries": tally.retries,
        "p50_ms": tally.latencies.percentile(0.50),
        "p99_ms": tally.latencies.percentile(0.99),
        "seconds": round(ran, 1),
        "speed": speed,
    }


def status_line(counts: Mapping[str, int], tally: Tally, minutes: float) -> str:
    """Return the calm line that a run prints every ten seconds."""
    said = ", ".join(f"{counts.get(name, 0)} {name.replace('_', ' ')}" for name in SHOWN)
    return f"simulate: {minutes:.1f} min · {said} · {tally.error_count} errors · p99 {tally.latencies.percentile(0.99):.0f} ms"


SHOWN: Final = ("calls", "incidents", "orders", "on_scene", "finished", "reports", "closed")

"""Whether the chances are true: of the arrivals foreseen with probability p a share near p must be in time; and how long
before a miss the warning comes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from dispatch import outlook
from dispatch import policy as policies
from dispatch.evaluation import days, simulation
from dispatch.evaluation import policies as ordering
from dispatch.evaluation.simulation import Trip
from dispatch.evaluation.world import World
from dispatch.outlook import Going
from dispatch.ranking import CHANCES, Way
from dispatch.spread import Spread, fitted, shipped

Json = dict[str, Any]
BINS: Final = 10
STEP_S: Final = 5.0  # the sweep looks every five seconds
LIMIT_S: Final = {"A5": 300.0, "A10": 600.0, "B5": 300.0, "B10": 600.0}


def calibrate(world: World, length: int, seed: int, learn: int = 14) -> Json:
    """Learn the parameters from some days, foresee the arrivals of others, and compare; offline."""
    policy = policies.current()
    before = simulation.run(
        world, days.events(world, learn, seed + 1_000), ordering.by_road, shipped(policy), seed + 1_000
    )
    spread = fitted(policy, history(before.trips))
    told: Json = {"days": length, "seed": seed, "learned_from": len(before.trips), "parameters": spread.row()}
    for name, used in (("fitted", spread), ("shipped", shipped(policy))):
        result = simulation.run(world, days.events(world, length, seed), ordering.by_road, used, seed)
        told[name] = {limit: reliability(result.trips, limit) for limit in CHANCES}
        if name == "fitted":
            told["warning"] = warnings(result.trips, used)
    return told


def history(trips: Iterable[Trip]) -> dict[str, list[float]]:
    """Return the cases of each part, as `dispatch.history` reads them from orders."""
    found: dict[str, list[float]] = {"accept": [], "turnout": [], "road": []}
    for trip in trips:
        found["accept"].append(trip.accepted - trip.sent)
        found["turnout"].append(trip.departed - trip.accepted)
        if trip.estimate_s > 20:
            found["road"].append((trip.arrived - trip.departed) / trip.estimate_s)
    return found


def reliability(trips: Iterable[Trip], limit: str) -> Json:
    """Return the table of foreseen and true shares of one limit, and the Brier score beside that of the plain rate."""
    cases = [
        (trip.candidate.chance[limit], trip.arrived - start(trip, limit) <= LIMIT_S[limit])
        for trip in trips
        if trip.candidate is not None and trip.first
    ]
    foreseen, true = np.array([one[0] for one in cases]), np.array([one[1] for one in cases], dtype=float)
    which = np.minimum((foreseen * BINS).astype(int), BINS - 1)
    table = [
        {
            "from": at / BINS,
            "to": (at + 1) / BINS,
            "n": int((which == at).sum()),
            "foreseen": round(float(foreseen[which == at].mean()), 4),
            "true": round(float(true[which == at].mean()), 4),
        }
        for at in range(BINS)
        if (which == at).any()
    ]
    rate = float(true.mean())
    worst = max((abs(row["foreseen"] - row["true"]) for row in table if row["n"] >= 100), default=0.0)
    return {
        "n": len(cases),
        "rate": round(rate, 4),
        "brier": round(float(((foreseen - true) ** 2).mean()), 4),
        "brier_of_rate": round(rate * (1 - rate), 4),
        "mean_error": round(float(sum(row["n"] * abs(row["foreseen"] - row["true"]) for row in table) / len(cases)), 4),
        "worst_bin": round(worst, 4),
        "table": table,
    }


def start(trip: Trip, limit: str) -> float:
    """Return where the clock of a limit starts."""
    return trip.event.answered if limit.startswith("A") else trip.sent


def warnings(trips: Iterable[Trip], spread: Spread) -> Json:
    """Return how many misses were warned of in time, how long before, and how many warnings were false. Only the time
    after the order is played: a warning while nobody has been sent would come earlier still."""
    warning = policies.current().warning
    leads, misses, raised, false = [], 0, 0, 0
    for trip in trips:
        limit = warning.limits.get(trip.event.priority)
        if not trip.first or limit is None:
            continue
        due = start(trip, limit) + LIMIT_S[limit]
        missed = trip.arrived > due
        misses += missed
        at = first_warning(trip, limit, due, spread, warning.miss_at)
        raised += at is not None
        false += at is not None and not missed
        if missed:
            leads.append(due - at if at is not None else 0.0)
    ordered = sorted(leads)
    rank = {p: ordered[max(0, int(np.ceil(p / 100 * len(ordered))) - 1)] if ordered else None for p in (10, 50, 90)}
    return {
        "misses": misses,
        "warned_before": sum(lead > 0 for lead in leads),
        "raised": raised,
        "false": false,
        **{f"lead_p{p}_s": None if value is None else round(value, 1) for p, value in rank.items()},
    }


def first_warning(trip: Trip, limit: str, due: float, spread: Spread, miss_at: float) -> float | None:
    """Return when the chance of a miss first reaches the mark, looking every five seconds from the order on."""
    now = trip.sent
    while now < min(due, trip.arrived):
        chance = outlook.order_outlook(going(trip, now), {limit: due - now}, spread).chance[limit]
        if 1 - chance >= miss_at:
            return now
        now += STEP_S
    return None


def going(trip: Trip, now: float) -> Going:
    """Return an order under way as the sweep would see it."""
    if now < trip.accepted:
        state, since, left = "dispatched", trip.sent, 1.0
    elif now < trip.departed:
        state, since, left = "accepted", trip.accepted, 1.0
    else:
        state, since = "en_route", trip.departed
        left = 1.0 - (now - trip.departed) / max(1.0, trip.arrived - trip.departed)
    way = Way(max(1.0, trip.estimate_s * left), None, "road")
    return Going(0, trip.unit, "", state, now - since, way, 0.0)

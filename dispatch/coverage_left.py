"""The 5-minute coverage that remains after sending a unit (K19), for the first candidates of a ranking."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from django.db import connection
from scipy.spatial import cKDTree

from dispatch import policy as policies
from dispatch.ranking import UnitState
from patrol.roads import estimate, store
from patrol.roads.coverage import Coverage, share
from patrol.roads.network import Floats, Network

WITHIN_S: Final = 300.0
SINCE: Final = dt.timedelta(days=90)
LEAST_N: Final = 200  # fewer incidents say nothing about where the next will be: every node then counts alike
HOURS_AROUND: Final = 1
WEIGHTS_KEPT_S: Final = 600.0
Place = tuple[float, float, str]

DEMAND = """
SELECT lat, lng FROM incidents_incident
WHERE centre_id = %s AND answered_at >= %s AND lat IS NOT NULL AND attendance AND NOT drill
      AND abs(mod(extract(hour FROM answered_at AT TIME ZONE 'Asia/Shanghai')::int - %s + 36, 24) - 12) <= %s
"""


@dataclass(frozen=True, slots=True)
class CoverageLeft:
    """Share of demand (0 to 1) within five minutes now, and after sending each unit."""

    now: float
    after: dict[int, float]


@dataclass(slots=True)
class _Kept:
    """The field of a centre, kept while its units move."""

    key: tuple[str, int, str]
    coverage: Coverage
    places: dict[int, Place] = field(default_factory=dict)


_fields: dict[int, _Kept] = {}
_weights: dict[int, tuple[tuple[str, int], float, Floats]] = {}
_lock = threading.Lock()


def after_sending(
    centre_id: int, units: Iterable[UnitState], first: Iterable[UnitState], now: dt.datetime
) -> CoverageLeft | None:
    """Return what remains after sending each of the first units; None where no network is loaded. A unit that covers
    nothing now, because it is busy, takes nothing away."""
    network = store.current(centre_id)
    if network is None:
        return None
    wanted = {
        unit.unit_id: (unit.lat, unit.lng, unit.kind)
        for unit in units
        if unit.lat is not None and unit.lng is not None and covers(unit, now)
    }
    weights = demand(centre_id, network, now)
    with _lock:
        coverage = current(centre_id, network, wanted, now)
        share_now = share(coverage.seconds(), weights, WITHIN_S)
        after = {
            unit.unit_id: round(share(coverage.without(unit.unit_id), weights, WITHIN_S), 4)
            if unit.unit_id in wanted
            else round(share_now, 4)
            for unit in first
        }
    return CoverageLeft(round(share_now, 4), after)


def covers(unit: UnitState, now: dt.datetime) -> bool:
    """Tell whether a unit counts for coverage: available, with a fresh fix (K19)."""
    if unit.status != "available" or not unit.dispatchable or unit.suspect or unit.fixed_at is None:
        return False
    return (now - unit.fixed_at).total_seconds() <= policies.current().never_after_s


def current(centre_id: int, network: Network, wanted: dict[int, Place], now: dt.datetime) -> Coverage:
    """Return the field for units at their places: the kept one with what has moved, or one laid anew."""
    closed = estimate.closed_now(centre_id, network, now)
    key = (network.digest, estimate.hour_of(now), closed.key)
    kept = _fields.get(centre_id)
    changed = [unit for unit, place in wanted.items() if kept is None or kept.places.get(unit) != place]
    if kept is None or kept.key != key or len(changed) > len(wanted) // 3:
        coverage = Coverage(network, key[1], closed=closed)
        coverage.field([(unit, lat, lng, kind) for unit, (lat, lng, kind) in wanted.items()])
        _fields[centre_id] = _Kept(key, coverage, dict(wanted))
        return coverage
    for unit in kept.places.keys() - wanted.keys():
        kept.coverage.remove(unit)
    for unit in changed:
        lat, lng, kind = wanted[unit]
        kept.coverage.move(unit, (lat, lng), kind)
    kept.places = dict(wanted)
    return kept.coverage


def demand(centre_id: int, network: Network, now: dt.datetime) -> Floats:
    """Return the weight of each node: incidents of 90 days around this hour, or all nodes alike where there are few."""
    key = (network.digest, estimate.hour_of(now))
    known = _weights.get(centre_id)
    if known is None or known[0] != key or time.monotonic() - known[1] > WEIGHTS_KEPT_S:
        known = (key, time.monotonic(), weighed(centre_id, network, now))
        _weights[centre_id] = known
    return known[2]


def weighed(centre_id: int, network: Network, now: dt.datetime) -> Floats:
    """Read the demand of this hour and lay it on the nearest nodes."""
    with connection.cursor() as cursor:
        cursor.execute(DEMAND, [centre_id, now - SINCE, estimate.hour_of(now), HOURS_AROUND])
        rows = cursor.fetchall()
    if len(rows) < LEAST_N:
        return np.ones(network.nodes)
    lat, lng = np.asarray(network.lat), np.asarray(network.lng)
    narrow = float(np.cos(np.radians(lat.mean())))
    nearest = cKDTree(np.column_stack([lat, lng * narrow])).query([(one[0], one[1] * narrow) for one in rows])[1]
    return np.bincount(nearest, minlength=network.nodes).astype(np.float64)


def forget() -> None:
    """Drop the copies."""
    _fields.clear()
    _weights.clear()

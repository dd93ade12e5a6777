"""Where help will be needed at an hour of the day: the history of a centre, or its density while it has none (K19)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db.models.functions import ExtractHour
from django.utils import timezone

from incidents.demo_city import ground
from incidents.models import Incident
from patrol.roads.network import CLASSES, Floats, Network
from patrol.roads.snap import snap

LOOK_BACK: Final = dt.timedelta(days=90)
ENOUGH: Final = 200
"""Incidents of an hour (or, failing that, of any) from which the history speaks for itself."""
CORE_WEIGHT: Final = 4.0
"""How much more happens on a metre of street in the demo city's core (domain 10)."""
_known: dict[tuple[int, str, int, dt.date], Demand] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """A weight per node; `basis` says what it comes from: history_hour, history or density, with n incidents."""

    weights: Floats
    basis: str
    n: int


def demand(centre_id: int, network: Network, now: dt.datetime) -> Demand:
    """Return the demand at this hour, worked out once a day and hour."""
    local = timezone.localtime(now)
    key = (centre_id, network.digest, local.hour, local.date())
    found = _known.get(key)
    if found is None:
        if len(_known) > 48:
            _known.clear()
        found = _known[key] = _demand(centre_id, network, now, local.hour)
    return found


def _demand(centre_id: int, network: Network, now: dt.datetime, hour: int) -> Demand:
    past = Incident.objects.filter(
        centre_id=centre_id, created_at__gt=now - LOOK_BACK, drill=False, lat__isnull=False, lng__isnull=False
    )
    for basis, rows in (("history_hour", past.annotate(h=ExtractHour("created_at")).filter(h=hour)), ("history", past)):
        points = np.array(list(rows.values_list("lat", "lng")), dtype=np.float64).reshape(-1, 2)
        if len(points) >= ENOUGH:
            return Demand(at_nodes(network, points), basis, len(points))
    return Demand(density(network), "density", 0)


def at_nodes(network: Network, points: Floats) -> Floats:
    """Return how many points lie nearest to each node: each counts at the nearer end of its edge."""
    found = snap(network, points, np.ones(network.edges, dtype=bool), limit_m=1_000)
    edge, share = found.edge[found.edge >= 0], found.share[found.edge >= 0]
    node = np.where(share < 0.5, network.tail[edge], network.head[edge])
    return np.bincount(node, minlength=network.nodes).astype(np.float64)


def density(network: Network) -> Floats:
    """Return metres of lived-in street at each node; in the demo city's core they weigh more."""
    lived = np.array([name not in ("motorway", "trunk", "track") for name in CLASSES])[network.road_class]
    half = np.where(lived, network.metres / 2, 0.0)
    weights = np.bincount(network.tail, half, network.nodes) + np.bincount(network.head, half, network.nodes)
    if network.fictional:
        core = ground.CORE
        inside = (network.lng >= core.west) & (network.lng <= core.east)
        inside &= (network.lat >= core.south) & (network.lat <= core.north)
        weights[inside] = weights[inside] * CORE_WEIGHT
    return np.asarray(weights)

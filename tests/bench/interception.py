"""Interception proposals on a town of 100,000 nodes: in one process, another vehicle and other units each time."""

from __future__ import annotations

import time

import numpy as np

from patrol.roads.interception import Fleeing, Free, propose
from patrol.roads.network import Network
from tests.bench.figures import emit
from tests.bench.roads import HOUR, KINDS, town

NODES, UNITS, BUSY_S = 100_000, 24, 20.0


def run(stack: object, seconds: float) -> None:
    """Measure the proposal whole; the stack is not used."""
    network, random = town(NODES), np.random.default_rng(110)
    for _ in range(2):
        propose(network, vehicle(network, random), fleet(network, random), HOUR)
    until = time.perf_counter() + min(BUSY_S, seconds)
    samples: list[float] = []
    points: list[int] = []
    held: list[float] = []
    while time.perf_counter() < until or len(samples) < 20:
        one, units = vehicle(network, random), fleet(network, random)
        started = time.perf_counter()
        found = propose(network, one, units, HOUR)
        samples.append((time.perf_counter() - started) * 1e3)
        points.append(len(found.points))
        held.append(found.held)
    emit(
        "interception", samples, nodes=network.nodes, units=UNITS, points=round(float(np.mean(points)), 1),
        held=round(float(np.mean(held)), 2), target_ms=200,
    )  # fmt: skip


def vehicle(network: Network, random: np.random.Generator) -> Fleeing:
    """Draw a vehicle somewhere in the middle of the town, seen up to a minute ago."""
    south, west, north, east = network.box
    lat, lng = random.uniform(0.3, 0.7, 2)
    age, heading = float(random.uniform(0, 60)), float(random.uniform(0, 360))
    return Fleeing(south + lat * (north - south), west + lng * (east - west), heading, age)


def fleet(network: Network, random: np.random.Generator) -> list[Free]:
    """Draw free units within the middle of the town, as close as the patrol of a city stands."""
    south, west, north, east = network.box
    shares = random.uniform(0.25, 0.75, (UNITS, 2))
    places = np.array([south, west]) + shares * np.array([north - south, east - west])
    kinds = random.choice(KINDS, UNITS)
    return [Free(at, float(lat), float(lng), str(kinds[at]), 30.0) for at, (lat, lng) in enumerate(places)]

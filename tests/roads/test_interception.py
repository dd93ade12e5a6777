"""Interception points against the plain rules: every time by a Dijkstra over a dictionary, the front and what is held by
taking the points out of the town."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol.roads import interception
from patrol.roads.build import build
from patrol.roads.interception import Fleeing, Free, Proposal, propose
from patrol.roads.network import Network
from patrol.roads.profiles import NOISE_M, PROFILES, YARD_KMH
from tests.roads.test_times import HOUR, edge_seconds, snapped, waits
from tests.roads.towns import BOTH, SOUTH, STEP, WEST, grid, nothing, plain_times, roads, towns

HORIZON_S, MARGIN_S, READY_S = 25.0, 5.0, 4.0


class Twin:
    """The same town as a dictionary: whoever starts from a point on a road, with some corners shut."""

    def __init__(self, network: Network, start: tuple[float, float]) -> None:
        self.network, self.start = network, start
        car = PROFILES["car"]
        self.usable = (network.flags & (car.on | car.back)) != 0
        self.edge, self.share, self.walk_m = snapped(network, self.usable, start)

    def seconds(self, shut: set[int]) -> dict[Any, float]:
        """Return the seconds to every corner."""
        return plain_times(self.arcs(shut), "start")

    def arcs(self, shut: set[int]) -> dict[Any, list[tuple[Any, float]]]:
        """Return every way between two corners, and from the start to its own."""
        found, car, network = nothing(), PROFILES["car"], self.network

        def add(one: Any, other: int, cost: float) -> None:
            if other not in shut and one not in shut:
                found[one].append((other, cost + waits(network, other, "car", True)))

        for edge in range(network.edges):
            tail, head = int(network.tail[edge]), int(network.head[edge])
            whole = edge_seconds(network, edge, "car", True)
            on, back = bool(network.flags[edge] & car.on), bool(network.flags[edge] & car.back)
            if on:
                add(tail, head, whole)
            if back:
                add(head, tail, whole)
            if edge == self.edge and (on or self.share >= 1):
                add("start", head, (1 - self.share) * whole if on else 0.0)
            if edge == self.edge and (back or self.share <= 0):
                add("start", tail, self.share * whole if back else 0.0)
        return found  # a defaultdict, as the plain search wants it


def held(network: Network, vehicle: tuple[float, float], found: Proposal, count: int) -> tuple[int, float]:
    """Return the size of the front and the share of it that the first points hold, from the rules alone."""
    twin = Twin(network, vehicle)
    open_ = {node: at for node, at in twin.seconds(set()).items() if node != "start" and at <= HORIZON_S * 1.25}
    shut = twin.seconds({one.node for one in found.points[:count]})
    front = beyond(twin, open_)
    lost = [node for node in front if shut.get(node, math.inf) > HORIZON_S * 1.25]
    return len(front), len(lost) / len(front) if front else 0.0


def beyond(twin: Twin, seconds: dict[Any, float]) -> set[int]:
    """Return the corners that are the first beyond the horizon on their quickest way."""
    reached = {**seconds, "start": 0.0}
    return {
        other
        for one, ways in twin.arcs(set()).items()
        for other, cost in ways
        if reached.get(one, math.inf) < HORIZON_S <= reached.get(other, -math.inf)
        and math.isclose(reached[one] + cost, reached[other], abs_tol=1e-6)
    }


@settings(max_examples=40, deadline=None)
@given(town=towns(), seed=st.integers(0, 1000))
def test_every_point_is_reached_by_its_unit_before_the_vehicle_and_what_is_held_is_exact(
    town: Network, seed: int
) -> None:
    random = np.random.default_rng(seed)
    spots = [(SOUTH + a * STEP, WEST + b * STEP) for a, b in random.uniform(0, 5, (5, 2))]
    units = [Free(at, *spot, "UP", READY_S) for at, spot in enumerate(spots[1:])]
    found = propose(town, Fleeing(*spots[0]), units, HOUR, horizon_s=HORIZON_S, margin_s=MARGIN_S)
    vehicle = Twin(town, spots[0])
    if vehicle.walk_m > 500:
        assert found.points == []
        return
    assert len({one.unit_id for one in found.points}) == len(found.points)
    for number, one in enumerate(found.points):
        before = {other.node for other in found.points[:number]}
        assert math.isclose(one.vehicle_s, vehicle.seconds(before)[one.node], abs_tol=1e-6)
        mine = Twin(town, spots[1 + one.unit_id])
        away = 0.0 if mine.walk_m <= NOISE_M else mine.walk_m / (YARD_KMH / 3.6)
        assert math.isclose(one.unit_s, mine.seconds(set())[one.node] + READY_S + away, abs_tol=1e-6)
        assert one.margin_s >= MARGIN_S
        front, share = held(town, spots[0], found, number + 1)
        assert found.front == front
        assert math.isclose(one.held, share, abs_tol=1e-9)
    if found.points:
        assert found.covered >= found.points[0].covers


def bridges() -> Network:
    """Two banks of a river, joined by two bridges; the vehicle is on the western bank, the country lies in the east."""
    west = [(SOUTH + row * STEP, WEST) for row in range(5)]
    east = [(SOUTH + row * STEP, WEST + 3 * STEP) for row in range(5)]
    far = [(SOUTH + row * STEP, WEST + 12 * STEP) for row in range(5)]
    streets = [(row + base, row + base + 1) for base in (0, 5) for row in range(4)]
    edges = [(one, other, "tertiary", BOTH) for one, other in streets]
    edges += [(1, 6, "secondary", BOTH), (3, 8, "secondary", BOTH)]
    edges += [(5 + row, 10 + row, "secondary", BOTH) for row in range(5)]
    return build(roads([*west, *east, *far], edges), source="bridges")


def test_two_bridges_are_held_by_two_units_and_one_unit_is_not_asked_for_both() -> None:
    town = bridges()
    vehicle = Fleeing(SOUTH + 0.1 * STEP, WEST)
    waiting = [Free(7, SOUTH + 1.1 * STEP, WEST + 3 * STEP, "UP"), Free(8, SOUTH + 2.9 * STEP, WEST + 3 * STEP, "UP")]
    found = propose(town, vehicle, waiting, HOUR, horizon_s=40, margin_s=2)
    assert found.held == 1.0
    assert {one.unit_id for one in found.points} == {7, 8}
    assert all(one.covers > 0 for one in found.points)
    alone = propose(town, vehicle, waiting[:1], HOUR, horizon_s=40, margin_s=2)
    assert len(alone.points) == 1
    assert alone.held < 1.0
    late = propose(town, Fleeing(vehicle.lat, vehicle.lng, age_s=60), waiting, HOUR, horizon_s=40, margin_s=2)
    assert all(one.margin_s >= 2 for one in late.points)


def test_a_known_heading_leaves_out_the_way_back_and_nobody_free_means_no_points() -> None:
    town = grid(7, 7)
    spot = (SOUTH + 3.5 * STEP, WEST + 3 * STEP)
    units = [Free(1, SOUTH + 6 * STEP, WEST + 3 * STEP, "UP"), Free(2, SOUTH + STEP, WEST + 3 * STEP, "UP")]
    north = propose(town, Fleeing(*spot, heading=0), units, HOUR, horizon_s=20, margin_s=1)
    south = propose(town, Fleeing(*spot, heading=180), units, HOUR, horizon_s=20, margin_s=1)
    assert north.points[0].unit_id == 1
    assert south.points[0].unit_id == 2
    assert propose(town, Fleeing(*spot), [], HOUR).points == []
    drone = [Free(3, *spot, "UD")]
    assert propose(town, Fleeing(*spot), drone, HOUR).points == []
    assert propose(town, Fleeing(SOUTH + 1, WEST), units, HOUR).front == 0
    assert interception.turn(350, 10) == -20

"""Road times against a plain Dijkstra over the town taken apart: points become nodes of their own on their edges."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from patrol.roads import network as files
from patrol.roads import routes, times
from patrol.roads.build import M_PER_DEGREE
from patrol.roads.costs import Closed
from patrol.roads.network import CLASSES, Network
from patrol.roads.profiles import PROFILES, traffic
from patrol.roads.snap import snap
from tests.roads.towns import BOTH, SOUTH, STEP, WEST, grid, nothing, plain_times, roads, towns

HOUR = 8
PLACES = st.tuples(st.floats(-0.5, 6.5), st.floats(-0.5, 6.5)).map(
    lambda at: (SOUTH + at[0] * STEP, WEST + at[1] * STEP)
)


def slow_seconds(
    network: Network,
    *,
    profile: str,
    start: tuple[float, float],
    end: tuple[float, float],
    shut: set[int],
    emergency: bool,
) -> float:
    """Work out the time from the rules alone: every edge split at both points, then Dijkstra by dictionary."""
    of = PROFILES[profile]
    usable = [e for e in range(network.edges) if e not in shut and network.flags[e] & (of.on | of.back)]
    may = np.isin(np.arange(network.edges), usable)
    (e1, s1, w1), (e2, s2, w2) = (snapped(network, may, point) for point in (start, end))
    if w1 > 500 or w2 > 500:
        return math.inf
    arcs = nothing()
    for e in usable:
        between = [(s, name) for mine, s, name in ((e1, s1, "start"), (e2, s2, "end")) if mine == e]
        stops: list[tuple[float, Any]] = [(0.0, int(network.tail[e])), *sorted(between), (1.0, int(network.head[e]))]
        seconds = edge_seconds(network, e, profile, emergency)
        for (a, one), (b, other) in pairwise(stops):
            if network.flags[e] & of.on or a == b:
                arcs[one].append((other, (b - a) * seconds + waits(network, other, profile, emergency)))
            if network.flags[e] & of.back or a == b:
                arcs[other].append((one, (b - a) * seconds + waits(network, one, profile, emergency)))
    if e1 == e2 and s1 == s2:
        arcs["start"].append(("end", 0.0))
    found = plain_times(arcs, "start").get("end", math.inf)
    if profile == "foot":
        return found + w1 / (5 / 3.6) + w2 / (5 / 3.6)
    return found + (0 if w1 <= 30 else w1 / (10 / 3.6)) + w2 / (5 / 3.6)


def snapped(network: Network, usable: Any, point: tuple[float, float]) -> tuple[int, float, float]:
    """Return where the point was snapped (at a corner any of its edges is right), once it is sure that no edge is
    nearer."""
    found = snap(network, np.array([point]), usable)
    walk = float(found.walk_m[0])
    best = min((distance(network, int(e), point) for e in np.flatnonzero(usable)), default=math.inf)
    assert walk == pytest.approx(best, abs=1e-6) or best > 500
    return int(found.edge[0]), float(found.share[0]), walk


def distance(network: Network, e: int, point: tuple[float, float]) -> float:
    """Return the metres from a point to an edge, by shapely."""
    per_lng = M_PER_DEGREE * math.cos(math.radians(point[0]))
    ends = [
        ((network.lng[node] - point[1]) * per_lng, (network.lat[node] - point[0]) * M_PER_DEGREE)
        for node in (network.tail[e], network.head[e])
    ]
    return float(LineString(ends).distance(Point(0, 0)))


def edge_seconds(network: Network, e: int, profile: str, emergency: bool) -> float:
    """Return the seconds of a whole edge, as the profile's table says."""
    of, name = PROFILES[profile], CLASSES[network.road_class[e]]
    main, small = traffic(of, HOUR)
    share = main if name in ("motorway", "trunk", "primary", "secondary") else small
    free = of.kmh[name]
    if network.kmh[e] > 0 and profile != "foot":
        free = min(of.most_kmh, float(network.kmh[e]) * of.posted_share)
    return float(network.metres[e]) / (free * share * (of.emergency_factor if emergency else 1) / 3.6)


def waits(network: Network, node: Any, profile: str, emergency: bool) -> float:
    """Return the seconds at a junction."""
    if isinstance(node, str) or network.ways[node] < 3:
        return 0.0
    of = PROFILES[profile]
    return of.emergency_junction_s if emergency else of.junction_s


@settings(max_examples=120, deadline=None)
@given(
    network=towns(),
    target=PLACES,
    points=st.lists(PLACES, min_size=1, max_size=6),
    profiles=st.lists(st.sampled_from(["car", "motorcycle", "foot"]), min_size=6, max_size=6),
    emergency=st.booleans(),
    shut=st.sets(st.integers(0, 60), max_size=6),
)
def test_times_are_those_of_a_plain_dijkstra(
    *,
    network: Network,
    target: tuple[float, float],
    points: list[tuple[float, float]],
    profiles: list[str],
    emergency: bool,
    shut: set[int],
) -> None:
    shut = {e for e in shut if e < network.edges}
    closed = Closed(str(sorted(shut)), np.array(sorted(shut), dtype=np.int32))
    names = profiles[: len(points)]
    found = times.arrivals(
        network, target, np.array(points), names, HOUR, closures=closed, emergency=emergency, limit_s=1e9
    )
    for index, (point, name) in enumerate(zip(points, names, strict=True)):
        expected = slow_seconds(network, profile=name, start=point, end=target, shut=shut, emergency=emergency)
        assert found[index] == pytest.approx(expected, abs=1e-6), (name, point)


@settings(max_examples=60, deadline=None)
@given(network=towns(), target=PLACES, start=PLACES, profile=st.sampled_from(["car", "motorcycle", "foot"]))
def test_a_route_takes_the_seconds_that_were_promised_and_moves_forward_in_time(
    network: Network, target: tuple[float, float], start: tuple[float, float], profile: str
) -> None:
    promised = times.arrivals(network, target, np.array([start]), profile, HOUR)[0]
    way = routes.route(network, start, target, profile, HOUR)
    if way is None:
        assert not np.isfinite(promised)
        return
    if np.isfinite(promised):
        assert way.seconds == pytest.approx(promised, abs=1e-6)
    assert len(way.line) == len(way.at_s)
    assert all(b >= a - 1e-6 for a, b in zip(way.at_s, way.at_s[1:], strict=False))
    assert way.line[0] == start
    assert way.line[-1] == target
    crow = np.hypot(
        (target[0] - start[0]) * M_PER_DEGREE, (target[1] - start[1]) * M_PER_DEGREE * math.cos(math.radians(24.5))
    )
    assert way.metres >= crow * 0.999


@settings(max_examples=40, deadline=None)
@given(network=towns(), target=PLACES, points=st.lists(PLACES, min_size=5, max_size=20), enough=st.integers(1, 6))
def test_a_search_that_stops_early_misses_nobody_nearer(
    network: Network, target: tuple[float, float], points: list[tuple[float, float]], enough: int
) -> None:
    whole = times.explained(network, target, np.array(points), "car", HOUR)
    part = times.explained(network, target, np.array(points), "car", HOUR, enough=enough)
    reached = np.isfinite(part.seconds)
    assert part.seconds[reached] == pytest.approx(whole.seconds[reached], abs=1e-6)
    assert (whole.seconds[~reached] > part.within_s).all()
    if part.within_s < times.LIMIT_S:
        assert reached.sum() >= min(enough, len(points))


def test_a_one_way_street_is_not_driven_against_its_arrow_but_walked() -> None:
    ring = [(SOUTH, WEST), (SOUTH, WEST + 5 * STEP), (SOUTH + 5 * STEP, WEST + 5 * STEP), (SOUTH + 5 * STEP, WEST)]
    one_way = files.CAR_ON | files.FOOT_ON | files.FOOT_BACK
    edges = [(n, (n + 1) % 4, "tertiary", one_way) for n in range(4)]
    network = files_of(ring, edges)
    ahead, behind = (SOUTH, WEST + 3 * STEP), (SOUTH, WEST + 1 * STEP)
    with_arrow = times.arrivals(network, ahead, np.array([behind]), "car", 3)[0]
    around = times.arrivals(network, behind, np.array([ahead]), "car", 3)[0]
    assert around > 5 * with_arrow
    walked = times.arrivals(network, behind, np.array([ahead]), "foot", 3)[0]
    assert walked == pytest.approx(times.arrivals(network, ahead, np.array([behind]), "foot", 3)[0], abs=1e-6)


def files_of(nodes: list[tuple[float, float]], edges: list[tuple[int, int, str, int]]) -> Network:
    """Build a network of a few lines."""
    from patrol.roads.build import build

    return build(roads(nodes, edges), source="drawn")


def test_a_point_far_from_every_road_is_said_to_be_so() -> None:
    network = grid(4, 4)
    found = times.explained(network, (SOUTH, WEST), np.array([(SOUTH + 0.05, WEST), (SOUTH, WEST)]), "car", HOUR)
    assert found.why.tolist() == [times.TOO_FAR, times.REACHED]
    nowhere = times.explained(network, (SOUTH + 0.05, WEST), np.array([(SOUTH, WEST)]), "car", HOUR)
    assert nowhere.why.tolist() == [times.TOO_FAR]


def test_what_does_not_hang_together_is_dropped_and_reported() -> None:
    nodes = [(SOUTH + n * STEP, WEST) for n in range(4)] + [(SOUTH + n * STEP, WEST + 0.01) for n in range(2)]
    network = files_of(nodes, [(0, 1, "tertiary", BOTH), (1, 2, "tertiary", BOTH), (2, 3, "tertiary", BOTH),
                               (4, 5, "tertiary", BOTH)])  # fmt: skip
    assert network.nodes == 4
    assert network.report["dropped"]["car"]["edges"] == 1
    assert network.report["dropped"]["car"]["parts"] == 1


def test_the_rush_hour_is_slower_and_urgency_is_faster() -> None:
    network = grid(8, 8)
    start, end = np.array([(SOUTH, WEST)]), (SOUTH + 6 * STEP, WEST + 6 * STEP)
    night = times.arrivals(network, end, start, "car", 3)[0]
    rush = times.arrivals(network, end, start, "car", 17)[0]
    calm = times.arrivals(network, end, start, "car", 3, emergency=False)[0]
    assert night < rush
    assert night < calm

"""Coverage kept while units move is coverage worked out anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol.roads import times
from patrol.roads.build import build
from patrol.roads.coverage import Coverage, Layer, share
from patrol.roads.network import Network
from patrol.roads.snap import snap
from tests.roads.towns import BOTH, LANE, SOUTH, STEP, WEST, grid, roads, towns

PLACES = st.tuples(st.floats(-0.5, 6.5), st.floats(-0.5, 6.5)).map(
    lambda at: (SOUTH + at[0] * STEP, WEST + at[1] * STEP)
)
KINDS = st.sampled_from(["UP", "UM", "UF"])
MOVES = st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), PLACES), KINDS), min_size=1, max_size=12)


@settings(max_examples=120, deadline=None)
@given(network=towns(), moves=MOVES, limit=st.sampled_from([60.0, 1200.0]))
def test_coverage_kept_up_is_coverage_worked_out_anew(
    network: Network, moves: list[tuple[int, tuple[float, float] | None, str]], limit: float
) -> None:
    kept = Coverage(network, 8, limit_s=limit)
    stand: dict[int, tuple[float, float, str]] = {}
    for unit, place, kind in moves:
        if place is None:
            kept.remove(unit)
            stand.pop(unit, None)
        else:
            kept.move(unit, place, kind)
            stand[unit] = (*place, kind)
        anew = Coverage(network, 8, limit_s=limit).field([(one, *where) for one, where in stand.items()])
        assert kept.seconds() == pytest.approx(anew, abs=1e-6)
    for unit in stand:
        rest = Coverage(network, 8, limit_s=limit).field([(o, *where) for o, where in stand.items() if o != unit])
        assert kept.without(unit) == pytest.approx(rest, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(network=towns(), units=st.lists(PLACES, min_size=1, max_size=5), places=st.lists(PLACES, min_size=1, max_size=9))
def test_the_field_read_at_a_place_is_the_time_of_the_nearest_unit(
    network: Network, units: list[tuple[float, float]], places: list[tuple[float, float]]
) -> None:
    layer = Layer(network, "car", 8)
    layer.lay(dict(enumerate(units)))
    snaps = snap(network, np.array(places), layer.cost.usable)
    found = layer.at(snaps, layer.seconds)
    taken = {int(one.edge[0]) for one in layer.snaps.values()}
    for index, place in enumerate(places):
        # A unit on the very edge may go straight along it, which a field of nodes cannot say.
        if int(snaps.edge[index]) not in taken:
            nearest = times.arrivals(network, place, np.array(units), "car", 8, limit_s=1200).min()
            assert found[index] == pytest.approx(nearest, abs=1e-6)


def test_a_lane_is_covered_by_the_car_that_stops_before_it() -> None:
    nodes = [(SOUTH, WEST), (SOUTH, WEST + STEP), (SOUTH + STEP, WEST + STEP)]
    network = build(roads(nodes, [(0, 1, "tertiary", BOTH), (1, 2, "path", LANE)]), source="lane")
    field = Coverage(network, 8).field([(1, SOUTH, WEST, "UP")])
    assert np.isfinite(field).all()
    assert field.max() > 70  # a hundred metres on foot


def test_a_unit_less_covers_less_and_a_drone_covers_nothing() -> None:
    network = grid(10, 10)
    weights = np.ones(network.nodes)
    cover = Coverage(network, 8)
    both = cover.field([(1, SOUTH, WEST, "UP"), (2, SOUTH + 9 * STEP, WEST + 9 * STEP, "UP"), (3, SOUTH, WEST, "UD")])
    assert share(both, weights, 60) > share(cover.without(1), weights, 60) > 0
    assert share(cover.field([(3, SOUTH, WEST, "UD")]), weights, 1e9) == 0


def test_with_no_unit_nothing_is_covered() -> None:
    network = grid(4, 4)
    assert not np.isfinite(Coverage(network, 8).field([])).any()

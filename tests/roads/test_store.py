"""A network's file: whole or refused, switched in one step, journalled; closures hold from start to end."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from incidents.models import Entry
from incidents.refusals import BadInput
from patrol.models import RoadClosure
from patrol.roads import closing, demo, estimate, loading, routes, store
from patrol.roads import network as files
from patrol.roads.closures import closed_by
from patrol.roads.network import BrokenNetwork
from tests.people import Cast
from tests.roads.towns import SOUTH, STEP, WEST, grid

NOON = dt.datetime(2026, 1, 7, 4, tzinfo=dt.UTC)


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """A data folder of the test's own."""
    settings.HOME = tmp_path
    return tmp_path


def test_a_network_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    network = grid(5, 6, one_way=0.3)
    files.write(network, tmp_path / "a.roads")
    again = files.read(tmp_path / "a.roads")
    assert again.digest == network.digest
    for name in files.ARRAYS:
        assert np.array_equal(getattr(again, name), getattr(network, name))
    assert again.report == network.report


@pytest.mark.parametrize("cut", [0, 5, 200, -64])
def test_a_file_that_is_cut_off_is_no_network(tmp_path: Path, cut: int) -> None:
    files.write(grid(5, 6), tmp_path / "a.roads")
    whole = (tmp_path / "a.roads").read_bytes()
    (tmp_path / "b.roads").write_bytes(whole[:cut])
    with pytest.raises(BrokenNetwork):
        files.read(tmp_path / "b.roads")


def test_a_new_version_is_in_use_at_the_next_call_and_in_the_journal(quick: Cast, home: Path) -> None:
    centre = quick.centre.pk
    assert store.current(centre) is None
    first, second = grid(5, 5, source="first"), grid(5, 5, source="second")
    assert loading.install(centre, first)
    held = store.current(centre)
    assert held is not None
    assert held.version == first.version
    assert not loading.install(centre, first)
    assert loading.install(centre, second)
    now = store.current(centre)
    assert now is not None
    assert now.version == second.version
    assert held.lat[0] == first.lat[0]  # who still holds the old one goes on with it
    kinds = [entry.kind for entry in Entry.objects.filter(centre=quick.centre).order_by("seq")]
    assert kinds.count("roads.loaded") == 2


def test_a_pointer_to_a_broken_file_is_no_network_and_no_error(quick: Cast, home: Path) -> None:
    loading.install(quick.centre.pk, grid(4, 4))
    path = next((home / "roads" / str(quick.centre.pk)).glob("*.roads"))
    path.write_bytes(b"nothing")
    store._known.clear()
    assert store.current(quick.centre.pk) is None


def test_without_a_network_every_estimate_says_that_it_is_a_straight_line(quick: Cast, home: Path) -> None:
    found = estimate.travel(quick.centre.pk, [(1, SOUTH, WEST, "UP")], SOUTH + STEP, WEST, NOON)
    assert (found[1].basis, found[1].why) == ("straight", "no_network")


def test_travel_gives_road_times_and_says_who_has_none(quick: Cast, home: Path) -> None:
    loading.install(quick.centre.pk, grid(6, 6))
    units = [(1, SOUTH, WEST, "UP"), (2, SOUTH + 0.05, WEST, "UP"), (3, SOUTH, WEST, "UD"), (4, SOUTH, WEST, "UF")]
    found = estimate.travel(quick.centre.pk, units, SOUTH + 4 * STEP, WEST + 4 * STEP, NOON)
    assert (found[1].basis, found[1].why) == ("road", "")
    assert (found[2].basis, found[2].why) == ("straight", "too_far")
    assert (found[3].basis, found[3].why) == ("straight", "")
    assert found[4].seconds > 3 * found[1].seconds
    way = estimate.way(quick.centre.pk, units[0], SOUTH + 4 * STEP, WEST + 4 * STEP, NOON)
    assert way is not None
    assert way.seconds == pytest.approx(found[1].seconds, abs=1e-6)


def test_a_closure_counts_at_the_next_ranking_and_only_while_it_holds(quick: Cast, home: Path) -> None:
    loading.install(quick.centre.pk, grid(6, 6))
    now = timezone.now()
    unit, target = (1, SOUTH, WEST + 0.5 * STEP, "UP"), (SOUTH + 5 * STEP, WEST + 0.5 * STEP)
    free = estimate.travel(quick.centre.pk, [unit], *target, now)[1].seconds
    barrier = {"kind": "line", "points": [[WEST - STEP, SOUTH + 2.5 * STEP], [WEST + 3.6 * STEP, SOUTH + 2.5 * STEP]]}
    closure = closing.close_road(
        by=quick.actor("dana"), shape=barrier, starts_at=None, ends_at=now + dt.timedelta(hours=1), reason="挖沟"
    )
    shut = estimate.travel(quick.centre.pk, [unit], *target, timezone.now())[1].seconds
    assert shut > free + 10
    later = timezone.now() + dt.timedelta(hours=2)
    assert estimate.travel(quick.centre.pk, [unit], *target, later)[1].seconds == pytest.approx(free, rel=0.3)
    closing.end_closure(by=quick.actor("dana"), closure_id=closure.pk)
    assert estimate.travel(quick.centre.pk, [unit], *target, timezone.now())[1].seconds == pytest.approx(free)
    kinds = [entry.kind for entry in Entry.objects.filter(centre=quick.centre).order_by("seq")]
    assert kinds[-2:] == ["road.closed", "road.opened"]


def test_a_closed_ring_leaves_no_path_and_says_so(quick: Cast, home: Path) -> None:
    loading.install(quick.centre.pk, grid(8, 8))
    ring = [[WEST + x * STEP, SOUTH + y * STEP] for x, y in ((-1, 2.5), (9, 2.5), (9, 4.5), (-1, 4.5))]
    closing.close_road(
        by=quick.actor("dana"), shape={"kind": "polygon", "points": ring}, starts_at=None, ends_at=None, reason="洪水"
    )
    unit = (1, SOUTH, WEST, "UP")
    found = estimate.travel(quick.centre.pk, [unit], SOUTH + 7 * STEP, WEST, timezone.now())[1]
    assert (found.basis, found.why) == ("straight", "no_path")


def test_a_closure_that_ends_before_it_starts_is_refused(quick: Cast) -> None:
    now = timezone.now()
    shape = {"kind": "line", "points": [[WEST, SOUTH], [WEST, SOUTH + STEP]]}
    with pytest.raises(BadInput):
        closing.close_road(by=quick.actor("dana"), shape=shape, starts_at=now, ends_at=now, reason="")
    assert not RoadClosure.objects.exists()


def test_the_demo_citys_network_is_a_city_and_the_same_each_time() -> None:
    network = demo.demo_network()
    assert network.fictional
    assert network.nodes >= 5_000
    assert network.report["bridge_km"] > 1
    assert network.report["one_way_edges"] > 50
    assert network.report["dropped"].get("car", {}).get("km", 0) < 3
    assert demo.demo_network().digest == network.digest
    lanes = (network.flags & files.CAR_ON) == 0
    assert (network.flags[lanes] & files.MOTORCYCLE_ON).any()
    south, north = (24.4900, 117.6700), (24.5110, 117.6700)
    across = routes.route(network, south, north, "car", 12)
    assert across is not None
    assert 60 < across.seconds < 900
    bridges = (network.flags & files.BRIDGE) != 0
    flooded = [int(edge) for edge in np.flatnonzero(bridges)]
    from patrol.roads.costs import Closed

    cut = Closed("flood", np.array(flooded, dtype=np.int32))
    assert routes.route(network, south, north, "car", 12, closures=cut) is None


def test_a_line_along_a_road_closes_it_and_a_polygon_what_it_touches() -> None:
    network = grid(6, 6)
    one = int(np.argmax(network.metres))
    ends = [[float(network.lng[node]), float(network.lat[node])] for node in (network.tail[one], network.head[one])]
    assert one in closed_by(network, [{"kind": "line", "points": ends}]).edges
    assert len(closed_by(network, []).edges) == 0

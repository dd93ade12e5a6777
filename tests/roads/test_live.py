"""Coverage over HTTP and for the ranking: who counts, what is left, on what demand it rests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from shapely import Point, Polygon

from patrol.models import Position, Unit
from patrol.roads import closing, demand, live, loading, store
from patrol.roads.coverage import Coverage
from patrol.roads.estimate import hour_of
from tests.people import Cast
from tests.roads.towns import grid


@pytest.fixture
def town(quick: Cast, tmp_path: Path, settings: Any) -> Cast:
    """The cast in a town of 40 by 40 corners, both cars in it."""
    settings.HOME = tmp_path
    loading.install(quick.centre.pk, grid(40, 40))
    stand(quick.car12, 24.505, 117.655)
    stand(quick.car7, 24.530, 117.680)
    return quick


def stand(unit: Unit, lat: float, lng: float) -> None:
    """Let a unit stand somewhere, as if it had been there all the time."""
    Position.objects.filter(unit=unit).update(lat=lat, lng=lng, fixed_at=timezone.now(), suspect=False)


def client_of(cast: Cast, name: str) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(cast.user(name), backend="incidents.sessions.Backend")
    return client


def test_coverage_counts_the_available_units_with_a_fresh_position(town: Cast) -> None:
    now = timezone.now()
    both = live.covering(town.centre.pk, now)
    assert both is not None
    assert both.units == 2
    Position.objects.filter(unit=town.car7).update(fixed_at=now - dt.timedelta(minutes=5))
    one = live.covering(town.centre.pk, now)
    assert one is not None
    assert one.units == 1
    assert one.share(120) < both.share(120)


def test_coverage_kept_in_a_process_is_that_of_the_present_positions(town: Cast) -> None:
    centre = town.centre.pk
    live.covering(centre, timezone.now())
    for lat, lng in ((24.52, 117.66), (24.5201, 117.6601), (24.50, 117.65)):
        stand(town.car12, lat, lng)
        found = live.covering(centre, timezone.now())
    network = store.current(centre)
    assert network is not None
    assert found is not None
    anew = Coverage(network, hour_of(timezone.now())).field(live.available(centre, timezone.now()))
    assert found.seconds == pytest.approx(anew, abs=1e-6)


def test_what_is_left_after_sending_each_unit(town: Cast) -> None:
    left = live.after_sending(town.centre.pk, [town.car12.pk, town.car7.pk], timezone.now(), 120)
    assert left is not None
    assert 0 < left.after[town.car12.pk] < left.now
    Unit.objects.filter(pk=town.car12.pk).update(status="break")
    alone = live.covering(town.centre.pk, timezone.now())
    assert alone is not None
    assert alone.share(120) == pytest.approx(left.after[town.car12.pk])


def test_without_a_network_there_is_no_coverage(quick: Cast, tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    assert live.after_sending(quick.centre.pk, [1], timezone.now()) is None
    answer = client_of(quick, "dana").get("/api/coverage/").json()
    assert (answer["network"], answer["minutes"]) == (None, [])


def test_the_map_gets_areas_that_hold_the_units_and_grow_with_the_minutes(town: Cast) -> None:
    answer = client_of(town, "dana").get("/api/coverage/?minutes=1,2").json()
    one, two = answer["minutes"]
    assert one["share"] < two["share"] <= 1
    assert any(Polygon(area[0], area[1:]).contains(Point(117.655, 24.505)) for area in one["areas"])
    assert sum(Polygon(area[0]).area for area in two["areas"]) > sum(Polygon(area[0]).area for area in one["areas"])
    less = client_of(town, "dana").get(f"/api/coverage/?minutes=2&without={town.car7.pk}").json()
    assert less["minutes"][0]["share"] < two["share"]
    assert answer["demand"]["basis"] == "density"


def test_an_isochrone_starts_at_a_unit_or_at_a_point(town: Cast) -> None:
    dana = client_of(town, "dana")
    of_unit = dana.get(f"/api/isochrone/?unit={town.car12.pk}&minutes=2").json()
    of_point = dana.get("/api/isochrone/?lat=24.505&lng=117.655&crs=WGS84&minutes=2").json()
    assert of_unit["minutes"] == of_point["minutes"]
    walk = dana.get("/api/isochrone/?lat=24.505&lng=117.655&crs=WGS84&minutes=2&profile=foot").json()
    assert Polygon(walk["minutes"][0]["areas"][0][0]).area < Polygon(of_point["minutes"][0]["areas"][0][0]).area / 3
    for wrong in ("?minutes=5", "?unit=x", "?lat=1&lng=2", "?unit=1&minutes=99", "?unit=1&minutes=a"):
        assert dana.get(f"/api/isochrone/{wrong}").status_code == 400
    assert dana.get("/api/isochrone/?unit=999999").status_code == 404


def test_a_closed_road_takes_its_ground_out_of_the_coverage(town: Cast) -> None:
    before = live.covering(town.centre.pk, timezone.now())
    ring = [[117.654, 24.504], [117.656, 24.504], [117.656, 24.506], [117.654, 24.506]]
    closing.close_road(
        by=town.actor("dana"), shape={"kind": "polygon", "points": ring}, starts_at=None, ends_at=None, reason="演练"
    )
    after = live.covering(town.centre.pk, timezone.now())
    assert before is not None
    assert after is not None
    assert after.share(120) < before.share(120)


def test_every_incident_counts_at_the_node_next_to_it() -> None:
    network = grid(5, 5)
    points = np.array([[network.lat[3], network.lng[3]]] * 4 + [[network.lat[7], network.lng[7]], [50.0, 10.0]])
    weights = demand.at_nodes(network, points)
    assert weights[3] == 4
    assert weights.sum() == 5

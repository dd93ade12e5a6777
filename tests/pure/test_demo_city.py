"""The demo city is complete, connected and where the domain reference (section 10) says it is."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from math import dist
from typing import Any

import pytest
from shapely import LineString, Point, Polygon, STRtree

from incidents import geo
from incidents.code_tables import TABLES
from incidents.demo_city import base_map, fleet, gazetteer, ground, people, roads, stations, streets

ROLES = {row.code for row in TABLES["role"]}


def named(name: str, kind: str = "") -> gazetteer.Place:
    return next(place for place in gazetteer.gazetteer() if place.name == name and kind in ("", place.kind))


def test_the_boxes_are_those_of_the_domain_reference() -> None:
    assert geo.Box(117.600, 24.460, 117.780, 24.570) == ground.BOX
    assert geo.Box(117.635, 24.495, 117.690, 24.530) == ground.CORE


def test_the_fleet_is_24_groups_in_eight_squads_of_three_and_the_others() -> None:
    kinds = Counter(unit.kind for unit in fleet.units())
    assert kinds == {"UP": 12, "UM": 10, "UF": 2, "US": 10, "UD": 1, "UB": 2, "UV": 6, "UJ": 8}
    groups = [unit for unit in fleet.units() if unit.kind in ("UP", "UM", "UF")]
    assert Counter(unit.squad for unit in groups) == {f"SQ{number}": 3 for number in range(1, 9)}
    assert {unit.call_sign: unit.label for unit in groups}["C101"] == "巡101"


def test_call_signs_terminals_and_radios_are_unique_and_seats_are_never_sent() -> None:
    units = fleet.units()
    for names in (
        [u.call_sign for u in units],
        [u.terminal_id for u in units],
        [u.radio_id for u in units if u.radio_id],
    ):
        assert len(set(names)) == len(names)
    assert {unit.kind for unit in units if not unit.dispatchable} == {"UV", "UJ", "UB"}
    codes = {org.code for org in stations.organisations()}
    assert {unit.squad for unit in units} <= codes


def test_home_posts_lie_on_a_road_inside_the_box() -> None:
    lines = [LineString(street.points) for street in streets.network()[0] if street.road_class != "rail"]
    tree = STRtree(lines)
    for unit in fleet.units():
        assert ground.BOX.contains(unit.home[1], unit.home[0])
        if unit.kind in ("UP", "UM", "UF"):
            spot = Point(ground.to_metres(*unit.home))
            assert lines[tree.nearest(spot)].distance(spot) < 60, unit.call_sign


def test_every_role_has_a_login_and_every_login_a_person() -> None:
    everybody = {person.username: person for person in people.people()}
    assert {role for person in everybody.values() for role in person.roles} == ROLES
    shown = {role for username, _, _ in people.DEMO_LOGINS for role in everybody[username].roles}
    assert shown == ROLES
    assert people.DEMO_PASSWORD == "zz110-demo"


def test_badges_names_and_user_names_are_given_once() -> None:
    everybody = people.people()
    badges = [person.badge for person in everybody if person.badge]
    assert len(set(badges)) == len(badges)
    assert len({person.username for person in everybody}) == len(everybody)
    assert len({person.name for person in everybody}) == len(everybody)


def test_the_call_taker_of_the_stories_is_0117_and_there_are_six_and_three_seats() -> None:
    taker = next(person for person in people.people() if person.badge == "0117")
    assert taker.roles == ("call_taker",)
    roles = Counter(person.roles[0] for person in people.people())
    assert roles["call_taker"] == 6
    assert roles["dispatcher"] == 3


def test_every_unit_on_the_street_has_a_sworn_lead_and_an_auxiliary_for_two_shifts() -> None:
    everybody = {person.username: person for person in people.people()}
    for unit in fleet.units():
        if unit.kind in ("UP", "UM", "UF", "US", "UD"):
            crew = [everybody[unit.call_sign.lower() + letter] for letter in "abcd"]
            assert [person.sworn for person in crew] == [True, False, True, False]
            assert {person.unit for person in crew} == {unit.call_sign}


def test_nobody_is_named_like_a_person_of_the_stories() -> None:
    taken = {"卢知遥", "邵乐", "骆远", "简宁", "童雨晴"}
    assert not taken & {person.name for person in people.people()}


def test_station_areas_cover_the_box_once() -> None:
    areas = [Polygon(area.ring) for area in stations.areas() if area.kind == "station"]
    whole = Polygon(next(area.ring for area in stations.areas() if area.code == "suburban"))
    assert len(areas) == 10
    assert sum(area.area for area in areas) == pytest.approx(whole.area, rel=1e-6)
    for station in stations.stations():
        assert station.at is not None
        owner = next(area for area in stations.areas() if area.code == station.code)
        assert Polygon(owner.ring).contains(Point(station.at))
        assert station.parent == ("350602" if station.at[0] < 117.680 else "350603")


def test_the_shops_of_the_stories_lie_where_they_say_and_in_the_right_area() -> None:
    clothes, grocery = named("锦衣坊服装店"), named("惠民杂货店")
    assert (clothes.lng, clothes.lat, clothes.note) == (117.6540, 24.5112, "新华路")
    assert (grocery.lng, grocery.lat, grocery.note) == (117.6695, 24.5170, "元光路")
    assert named("山岚单车行").note == "新华路"
    road = LineString(next(street.points for street in streets.network()[0] if street.name == "新华路"))
    assert road.distance(Point(ground.to_metres(clothes.lng, clothes.lat))) < 60


def test_the_gazetteer_has_its_kinds_and_finds_by_letters() -> None:
    places = gazetteer.gazetteer()
    kinds = Counter(place.kind for place in places)
    assert len(places) >= 600
    assert kinds["crossing"] >= 100
    assert kinds["post"] >= 300
    assert set(kinds) == {"landmark", "station", "road", "crossing", "shop", "post"}
    assert named("新华路", "road").pinyin == "xinhualu"
    assert named("新华路", "road").initials == "xhl"
    assert named("新华路与延安路路口").initials == "xhlyyallk"
    post = next(place for place in places if place.note == "XH001")
    assert post.initials == "xhldgxh001"


def test_places_fit_their_columns_and_lie_in_the_box() -> None:
    keys = Counter((place.kind, place.name) for place in gazetteer.gazetteer())
    assert max(keys.values()) == 1
    for place in gazetteer.gazetteer():
        assert ground.BOX.contains(place.lat, place.lng), place
        assert len(place.name) <= 80
        assert 0 < len(place.pinyin) <= 240
        assert 0 < len(place.initials) <= 60
        assert place.pinyin.isascii(), place


def test_every_street_can_be_driven_to_from_every_other() -> None:
    ways = [street for street in streets.network()[0] if street.road_class != "rail"]
    parent: dict[tuple[float, float], tuple[float, float]] = {}

    def root(point: tuple[float, float]) -> tuple[float, float]:
        while parent.setdefault(point, point) != point:
            point = parent[point]
        return point

    for way in ways:
        for one, other in pairwise(way.points):
            parent[root(one)] = root(other)
    assert len({root(way.points[0]) for way in ways}) == 1
    assert len(ways) > 3_000


def test_ways_are_drawn_in_their_direction_without_repeated_points() -> None:
    for way in streets.network()[0]:
        assert len(way.points) >= 2
        assert all(dist(one, other) > 0.01 for one, other in pairwise(way.points)), way.name


def test_bridges_cross_the_water_they_name() -> None:
    drawn = {bridge["name"]: bridge for bridge in base_map.base_map()["layers"]["bridges"]}
    assert set(drawn) == {name for name, _, _ in roads.BRIDGES}
    assert {"中山桥", "战备大桥", "漳州大桥"} <= set(drawn)
    for bridge in drawn.values():
        first, last = bridge["points"][0], bridge["points"][-1]
        assert 150 < geo.distance_m(first[1], first[0], last[1], last[0]) < 900, bridge["name"]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Any]:
    return base_map.base_map()


def test_the_base_map_is_small_and_says_what_it_holds(drawn: dict[str, Any]) -> None:
    text = json.dumps(drawn, ensure_ascii=False, separators=(",", ":"))
    assert len(text.encode()) < 600_000
    assert set(drawn["layers"]) == {
        "land", "water", "parks", "buildings", "roads", "bridges", "places", "stations", "areas",
    }  # fmt: skip
    assert len(drawn["layers"]["roads"]) > 2_000
    assert {road["class"] for road in drawn["layers"]["roads"]} <= {*roads.SPEED_KMH, "rail"}


def test_everything_drawn_lies_in_or_near_the_box(drawn: dict[str, Any]) -> None:
    near = geo.Box(ground.BOX.west - 0.001, ground.BOX.south - 0.001, ground.BOX.east + 0.001, ground.BOX.north + 0.001)
    for road in drawn["layers"]["roads"]:
        assert all(near.contains(lat, lng) for lng, lat in road["points"]), road
    for layer in ("land", "water", "parks"):
        for shape in drawn["layers"][layer]:
            assert all(near.contains(lat, lng) for ring in shape["rings"] for lng, lat in ring), shape["name"]


def test_the_generator_draws_the_same_city_again() -> None:
    first = json.dumps(base_map.base_map())
    base_map.base_map.cache_clear()
    streets.network.cache_clear()
    assert json.dumps(base_map.base_map()) == first

"""Datums, distances and the checks on inbound points (domain reference, section 9)."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents import geo

DEMO = geo.Box(west=117.600, south=24.460, east=117.780, north=24.570)
WIDE_LAT = st.floats(geo.CHINA.south + 0.5, geo.CHINA.north - 0.5)
WIDE_LNG = st.floats(geo.CHINA.west + 0.5, geo.CHINA.east - 0.5)

VECTORS = [
    # WGS-84 lng, lat · GCJ-02 lng, lat · BD-09 lng, lat
    ((117.6475, 24.5131), (117.652287, 24.510122), (117.658874, 24.515802)),
    ((117.6525, 24.5100), (117.657295, 24.507031), (117.663887, 24.512686)),
    ((117.7000, 24.5000), (117.704880, 24.497119), (117.711344, 24.503371)),
]


@pytest.mark.parametrize(("wgs", "gcj", "bd"), VECTORS)
def test_the_test_vectors_of_the_domain_reference_hold(
    wgs: tuple[float, float], gcj: tuple[float, float], bd: tuple[float, float]
) -> None:
    lng, lat = wgs
    for crs, (want_lng, want_lat) in ((geo.GCJ02, gcj), (geo.BD09, bd)):
        got_lat, got_lng = geo.from_wgs84(lat, lng, crs)
        assert got_lat == pytest.approx(want_lat, abs=6e-7)
        assert got_lng == pytest.approx(want_lng, abs=6e-7)


def test_the_published_check_values_of_beijing_hold() -> None:
    lat, lng = geo.from_wgs84(39.915, 116.404, geo.GCJ02)
    assert (lng, lat) == pytest.approx((116.410244, 39.916404), abs=6e-7)
    as_bd = geo.from_wgs84(*geo.to_wgs84(39.915, 116.404, geo.GCJ02), geo.BD09)
    assert (as_bd[1], as_bd[0]) == pytest.approx((116.410369, 39.921337), abs=6e-7)


@settings(max_examples=300, deadline=None)
@given(lat=WIDE_LAT, lng=WIDE_LNG, crs=st.sampled_from([geo.GCJ02, geo.BD09]))
def test_the_inverse_is_exact_to_less_than_a_millimetre(lat: float, lng: float, crs: str) -> None:
    back = geo.to_wgs84(*geo.from_wgs84(lat, lng, crs), crs)
    assert geo.distance_m(lat, lng, *back) < 0.001


@settings(max_examples=200, deadline=None)
@given(lat=st.floats(DEMO.south, DEMO.north), lng=st.floats(DEMO.west, DEMO.east))
def test_offsets_in_the_demo_box_are_those_of_the_domain_reference(lat: float, lng: float) -> None:
    gcj = geo.from_wgs84(lat, lng, geo.GCJ02)
    bd = geo.from_wgs84(lat, lng, geo.BD09)
    assert 584 < geo.distance_m(lat, lng, *gcj) < 591
    assert 121.5 < geo.bearing_deg(lat, lng, *gcj) < 125.5
    assert 1183 < geo.distance_m(lat, lng, *bd) < 1214
    assert 912 < geo.distance_m(*gcj, *bd) < 964


@pytest.mark.parametrize("crs", [geo.WGS84, geo.CGCS2000])
def test_cgcs2000_is_taken_as_wgs84(crs: str) -> None:
    assert geo.to_wgs84(24.51, 117.65, crs) == (24.51, 117.65)
    assert geo.from_wgs84(24.51, 117.65, crs) == (24.51, 117.65)


@pytest.mark.parametrize("crs", ["", "WGS-84", "wgs84", "EPSG:4326", None, 4326, ["WGS84"]])
def test_a_point_without_a_known_datum_is_refused_never_guessed(crs: object) -> None:
    with pytest.raises(geo.UnknownDatum) as refused:
        geo.check_point(24.51, 117.65, crs)
    assert refused.value.field == "crs"
    assert refused.value.code == "unknown_datum"


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf"), "24.5", None, True, [1], 10**400])
@pytest.mark.parametrize("field", ["lat", "lng"])
def test_a_coordinate_that_is_not_a_finite_number_is_refused_by_name(bad: object, field: str) -> None:
    point: dict[str, object] = {"lat": 24.51, "lng": 117.65, field: bad}
    with pytest.raises(geo.NotANumber) as refused:
        geo.check_point(point["lat"], point["lng"], "WGS84")
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("lat", "lng", "field"),
    [(90.01, 0, "lat"), (-91, 0, "lat"), (1e308, 0, "lat"), (0, 180.1, "lng"), (0, -1e9, "lng")],
)
def test_a_coordinate_off_the_globe_is_refused_by_name(lat: float, lng: float, field: str) -> None:
    with pytest.raises(geo.OutOfRange) as refused:
        geo.check_point(lat, lng, "WGS84")
    assert refused.value.field == field


def test_swapped_latitude_and_longitude_are_refused() -> None:
    with pytest.raises(geo.OutOfRange):
        geo.check_point(117.65, 24.51, "WGS84", box=DEMO)


@pytest.mark.parametrize(("lat", "lng", "field"), [(-33.9, 117.0, "lat"), (48.1, 11.6, "lng")])
def test_a_chinese_datum_outside_china_is_refused(lat: float, lng: float, field: str) -> None:
    for crs in (geo.GCJ02, geo.BD09):
        with pytest.raises(geo.OutOfRange) as refused:
            geo.check_point(lat, lng, crs)
        assert refused.value.field == field


def test_a_point_outside_the_region_box_is_refused_and_its_edge_is_inside() -> None:
    assert geo.check_point(DEMO.south, DEMO.west, "WGS84", box=DEMO) == (DEMO.south, DEMO.west)
    with pytest.raises(geo.OutsideRegion) as refused:
        geo.check_point(24.44, 117.71, "WGS84", box=DEMO)
    assert refused.value.field == "point"


def test_the_region_is_checked_after_the_conversion() -> None:
    inside_as_gcj = geo.from_wgs84(24.5695, 117.7799, geo.GCJ02)
    assert not DEMO.contains(*inside_as_gcj)
    assert geo.check_point(*inside_as_gcj, "GCJ02", box=DEMO) == pytest.approx((24.5695, 117.7799), abs=1e-8)


@pytest.mark.parametrize("sides", [(1.0, 0, 1.0, 2.0), (2, 0, 1, 1), (0, 3, 1, 2), (0, float("nan"), 1, 1)])
def test_a_box_without_an_inside_is_refused(sides: tuple[float, float, float, float]) -> None:
    with pytest.raises(geo.BadPoint):
        geo.Box(*sides)


@pytest.mark.parametrize(("given_m", "kept"), [(None, None), (0, 0.0), (120, 120.0)])
def test_an_accuracy_is_kept_in_metres_and_none_means_unknown(given_m: object, kept: float | None) -> None:
    assert geo.check_accuracy(given_m) == kept


@pytest.mark.parametrize("bad", [-1, 100_001, float("nan"), "12"])
def test_an_impossible_accuracy_is_refused_by_name(bad: object) -> None:
    with pytest.raises(geo.BadPoint) as refused:
        geo.check_accuracy(bad)
    assert refused.value.field == "accuracy_m"


def test_distances_match_the_scale_of_the_demo_city() -> None:
    # Section 10: one degree of longitude is 101.3 km there, one of latitude 110.8 km (on the ellipsoid).
    assert geo.distance_m(24.515, 117.0, 24.515, 118.0) == pytest.approx(101_300, rel=0.003)
    assert geo.distance_m(24.0, 117.65, 25.0, 117.65) == pytest.approx(110_800, rel=0.005)


@settings(max_examples=100, deadline=None)
@given(a=WIDE_LAT, b=WIDE_LNG, c=WIDE_LAT, d=WIDE_LNG)
def test_distance_is_symmetric_and_never_negative(a: float, b: float, c: float, d: float) -> None:
    there = geo.distance_m(a, b, c, d)
    assert there >= 0
    assert there == pytest.approx(geo.distance_m(c, d, a, b))


def test_opposite_points_are_half_the_globe_apart() -> None:
    assert geo.distance_m(24.5, 117.6, -24.5, -62.4) == pytest.approx(20_015_114, rel=1e-6)


@pytest.mark.parametrize(("lat", "lng", "bearing"), [(25, 117, 0), (24, 118, 90), (23, 117, 180), (24, 116, 270)])
def test_bearings_turn_clockwise_from_north(lat: float, lng: float, bearing: float) -> None:
    assert geo.bearing_deg(24, 117, lat, lng) == pytest.approx(bearing, abs=0.3)


def test_the_pure_modules_import_nothing_of_django() -> None:
    modules = ["geo", "code_tables", *[f"demo_city.{part}" for part in ("people", "gazetteer", "base_map")]]
    code = f"import sys, {', '.join(f'incidents.{name}' for name in modules)}; assert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)

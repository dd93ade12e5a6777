"""What a camera sees, which comes next, which area is looked through, and what a table of cameras may hold."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image

from incidents.cameras import shapes, simulated, table
from incidents.cameras.follow import Stop, following
from incidents.cameras.sight import Eye, Sees, place_of, sees
from incidents.demo_city.cameras import cameras
from tests.people import BOX

LAT, LNG = 24.5112, 117.6540
NORTH_50 = LAT + 50 / 111_195
NOW = dt.datetime(2026, 3, 5, 7, 58, tzinfo=dt.UTC)
CODE = "35060200001320000001"
HEADING = "gb_code,name,lat,lng,crs,owner_net,bearing,fov_deg,range_m,pole_code,state,neighbours\n"


@pytest.mark.parametrize(
    ("bearing", "fov", "reach", "expected"),
    [
        (0.0, 60.0, 80.0, Sees.YES),
        (29.9, 60.0, 80.0, Sees.YES),
        (30.5, 60.0, 80.0, Sees.NO),
        (331.0, 60.0, 80.0, Sees.YES),  # across north
        (180.0, 60.0, 80.0, Sees.NO),
        (0.0, 60.0, 49.0, Sees.NO),  # too far
        (None, 60.0, 80.0, Sees.MAYBE),  # it turns
        (None, None, 40.0, Sees.NO),
        (0.0, None, 80.0, Sees.MAYBE),  # the register does not say how wide
        (0.0, 60.0, None, Sees.MAYBE),
    ],
)
def test_a_camera_sees_what_lies_in_its_range_and_within_half_of_its_view(
    bearing: float | None, fov: float | None, reach: float | None, expected: Sees
) -> None:
    assert sees(Eye(LAT, LNG, bearing, fov, reach), NORTH_50, LNG) == expected


def test_cameras_that_look_there_come_before_nearer_ones_that_do_not() -> None:
    told = [(Sees.NO, 10.0), (Sees.MAYBE, 30.0), (Sees.YES, 90.0), (Sees.YES, 60.0)]
    assert sorted(told, key=lambda one: place_of(*one)) == [told[3], told[2], told[1], told[0]]


def stop(number: int, north_m: float, east_m: float) -> Stop:
    return Stop(number, f"{number:020d}", LAT + north_m / 111_195, LNG + east_m / 101_170)


def test_the_next_camera_is_a_declared_neighbour_then_what_lies_ahead_at_the_time_of_travel() -> None:
    here, ahead, behind, beside = stop(1, 0, 0), stop(2, -300, 0), stop(3, 200, 0), stop(4, 0, 250)
    named, far = stop(5, 700, 0), stop(6, 5_000, 0)
    others = [here, behind, beside, ahead, named, far]
    found = following(here, others, declared=[named.code], at=NOW, pace="foot", heading=180.0)
    assert [one.id for one in found] == [5, 2, 4, 3]  # heading south: ahead 300 m before beside 250 m and behind 200 m
    assert [one.declared for one in found] == [True, False, False, False]
    assert found[1].metres == pytest.approx(390, rel=0.01)  # the straight line and its usual detour
    assert (found[1].at - NOW).total_seconds() == pytest.approx(260, rel=0.01)
    assert found[1].bearing == pytest.approx(180, abs=0.5)
    by_road = following(
        here, [ahead, beside], declared=[], at=NOW, pace="drive", road_m=lambda stops: [450.0 for _one in stops]
    )
    assert [(one.metres, one.by_road) for one in by_road] == [(450.0, True)] * 2
    assert by_road[0].travel_s == pytest.approx(50)


def test_areas_are_circles_strips_and_polygons_and_widening_loses_no_ground() -> None:
    circle = shapes.ring_of("circle", [(LAT, LNG)], 500)
    near, far = (LAT + 480 / 111_195, LNG), (LAT + 520 / 111_195, LNG)
    assert shapes.inside(circle, [near, far]) == [True, False]
    strip = shapes.ring_of("route", [(LAT, LNG), (LAT, LNG + 0.02)], 100)
    assert shapes.inside(strip, [(LAT + 0.0008, LNG + 0.01), (LAT + 0.001, LNG + 0.01)]) == [True, False]
    both = shapes.joined(circle, strip)
    assert shapes.inside(both, [near, (LAT, LNG + 0.019)]) == [True, True]
    for kind, points, why in [
        ("polygon", [(LAT, LNG), (LAT + 0.01, LNG + 0.01), (LAT + 0.01, LNG), (LAT, LNG + 0.01)], "shape"),
        ("polygon", [(24.0, 117.0), (25.0, 117.0), (25.0, 118.0)], "size"),
        ("route", [(LAT, LNG)], "points"),
    ]:
        with pytest.raises(shapes.BadShape, match=why):
            shapes.ring_of(kind, points, 100)
    with pytest.raises(shapes.BadShape):
        shapes.joined(circle, shapes.ring_of("circle", [(LAT + 0.05, LNG)], 100))


def test_a_table_names_every_fault_by_line_and_column_and_reads_other_datums() -> None:
    good = f"{CODE},新华路01杆,24.5085,117.6588,GCJ02,专网,360,60,90,XH001,在线,35060200001320000002\n"
    [facts] = table.read(io.StringIO(HEADING + good), BOX)
    assert (facts["bearing"], facts["owner_net"], facts["state"]) == (0.0, "police", "online")
    assert facts["lat"] == pytest.approx(24.5112, abs=0.003)
    assert facts["lat"] != 24.5085
    assert facts["neighbours"] == ["35060200001320000002"]
    bad = f"123,,91,x,,own,361,0,nan,,off,12\n{good}{good}{CODE[:-1]}2,外地,31.2,121.5,WGS84,police\n"
    with pytest.raises(table.BadTable) as refused:
        table.read(io.StringIO(HEADING + bad), BOX)
    told = {(one.line, one.column) for one in refused.value.faults}
    first = {"gb_code", "name", "lat", "lng", "owner_net", "bearing", "fov_deg", "range_m", "state", "neighbours"}
    assert told == {(2, name) for name in first} | {(4, "gb_code"), (5, "lat")}
    with pytest.raises(table.BadTable, match="owner_net: the column is missing"):
        table.read(io.StringIO("gb_code,name,lat,lng,crs\n"), BOX)


def test_a_simulated_picture_is_the_same_at_the_same_moment_and_moves_on() -> None:
    one = simulated.picture(CODE, NOW, 123.0)
    assert one == simulated.picture(CODE, NOW, 123.0)
    assert one != simulated.picture(CODE, NOW + dt.timedelta(seconds=1), 123.0)
    assert one != simulated.picture(CODE[:-1] + "9", NOW, 123.0)
    with Image.open(io.BytesIO(one)) as drawn:
        assert drawn.size == (960, 540)


def test_the_demo_citys_cameras_stand_in_its_box_and_know_their_neighbours() -> None:
    found = cameras()
    codes = {one["gb_code"] for one in found}
    assert 300 < len(found) == len(codes) < 1_000
    assert all(len(code) == 20 and code.isdigit() for code in codes)
    assert all(set(one["neighbours"]) <= codes for one in found)
    assert any(one["bearing"] is None for one in found)
    assert all(one["bearing"] is None or 0 <= one["bearing"] < 360 for one in found)
    south, west, north, east = BOX
    assert all(south <= one["lat"] <= north and west <= one["lng"] <= east for one in found)

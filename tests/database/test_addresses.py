"""The address index: houses by interpolation, crossings, old names, poles; files that are refused or take over; areas."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from incidents import geo, places
from incidents.addresses import editions
from incidents.addresses.editions import Name, Range
from incidents.models import Area, Entry, Incident, Place, PlaceEdition
from tests.database.acts import send, take
from tests.people import Cast

NAMES = [
    Name("road", "新华路", 24.5110, 117.6540),
    Name("road", "新华路", 24.5110, 117.6540, alias="东门大街"),
    Name("road", "延安路", 24.5090, 117.6570),
    Name("road", "新华北路", 24.5200, 117.6540),
    Name("crossing", "新华路与延安路路口", 24.5100, 117.6550),
    Name("post", "新华路灯杆XH012", 24.5111, 117.6541, code="XH012"),
    Name("landmark", "中山公园", 24.5100, 117.6520, "公园"),
    Name("shop", "𠮷野家小吃店", 24.5112, 117.6542, "新华路45号"),
    Name("shop", "100%水果店", 24.5113, 117.6543, "延安路"),
]
HOUSES = [
    Range("新华路", 1, 99, "odd", 24.5000, 117.6500, 24.5000, 117.6598),
    Range("新华路", 2, 100, "even", 24.5010, 117.6500, 24.5010, 117.6598),
]


@pytest.fixture
def indexed(quick: Cast) -> Cast:
    """The cast's centre with a small index."""
    edition = editions.write(quick.centre.pk, source="t", digest="", datum="GCJ02", names=NAMES, ranges=HOUSES)
    editions.use_edition(by=None, centre_id=quick.centre.pk, edition_id=edition.pk, names=9, houses=2)
    return quick


def first(cast: Cast, text: str) -> Any:
    found = places.search(cast.centre.pk, text)
    return found[0] if found else None


def test_a_house_is_found_by_interpolation_on_its_side_of_the_street(indexed: Cast) -> None:
    for text in ("新华路45号", "新华路４５号", "xhl45", "xinhualu 45", "新华45号", "新华路45"):
        odd = first(indexed, text)
        assert (odd.name, odd.kind, odd.lat) == ("新华路45号", "house", 24.5000), text
        assert odd.lng == pytest.approx(117.6500 + 0.0098 * 44 / 98)
    assert first(indexed, "新华路46号").lat == 24.5010
    assert first(indexed, "新华路45号2栋").name == "新华路45号2栋"
    assert first(indexed, "新华路45号").row()["accuracy_m"] == pytest.approx(20.2, abs=0.2)
    assert first(indexed, "新华路45号").row()["crs_in"] == "GCJ02"
    assert all(one.kind != "house" for one in places.search(indexed.centre.pk, "新华路145号"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("新华路延安路口", "新华路与延安路路口"),
        ("延安路和新华路交叉口", "新华路与延安路路口"),
        ("新华路与延安路路口", "新华路与延安路路口"),
        ("xhlyal", "新华路与延安路路口"),
        ("xhl", "新华路"),
        ("xinhua", "新华路"),
        ("ＸＨＬ", "新华路"),
        ("东门大街", "新华路"),
        ("dmdj", "新华路"),
        ("XH012", "新华路灯杆XH012"),
        ("xh01", "新华路灯杆XH012"),
        ("公园", "中山公园"),
        ("gongyuan", "中山公园"),
        ("𠮷野", "𠮷野家小吃店"),
        ("100%", "100%水果店"),
        ("水\u200b果", "100%水果店"),
    ],
)  # fmt: skip
def test_a_place_is_found_as_people_type_it(indexed: Cast, text: str, name: str) -> None:
    assert first(indexed, text).name == name


def test_an_old_name_says_what_it_was_and_a_pole_can_be_asked_for_alone(indexed: Cast, api: Any) -> None:
    desk = api(indexed.user("tess"))
    assert desk.get("/api/places/", q="东门").json()["places"][0]["alias"] == "东门大街"
    poles = desk.get("/api/places/", q="xh", kind="post").json()["places"]
    assert [(one["kind"], one["code"]) for one in poles] == [("post", "XH012")]
    assert desk.get("/api/places/", q="xh", kind="river").status_code == 400


@pytest.mark.parametrize("text", ["%", "_", "新_路", "' OR '1'='1", "\u200b", "\ufeff\u202e", "😀"])
def test_wildcards_and_signs_that_nobody_sees_are_literal_and_harmless(indexed: Cast, text: str) -> None:
    assert places.search(indexed.centre.pk, text) == []


def test_a_text_of_a_megabyte_is_refused_at_once(indexed: Cast, api: Any) -> None:
    assert api(indexed.user("tess")).get("/api/places/", q="新" * 350_000).status_code == 400


def test_every_kind_of_question_is_answered_by_an_index_and_not_by_reading_the_table(indexed: Cast) -> None:
    signs = "新华延安胜利民主建设中山丹霞元光南昌水仙"
    many = [Name("shop", f"{a}{b}{c}便利店", 24.5, 117.65) for a in signs for b in signs for c in signs[:8]]
    edition = editions.write(indexed.centre.pk, source="many", digest="", datum="WGS84", names=many, ranges=HOUSES)
    editions.settle()
    editions.use_edition(by=None, centre_id=indexed.centre.pk, edition_id=edition.pk, names=len(many), houses=2)
    asked: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many_: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many_, context)

    with connection.execute_wrapper(keep):
        for text in ("新华", "xhl", "xinhua", "新华路45号", "新华路延安路口", "水仙便利", "仙便"):
            places.search(indexed.centre.pk, text)
    assert len(asked) > 7
    with connection.cursor() as cursor:
        # A small table is read whole where that is cheaper; here it is asked whether an index could answer.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql, params in asked:
            cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan on incidents_place " not in plan, (params, plan)


# --- files ---

HEAD = "kind,name,lat,lng,alias,code,note,low,high,side,lat2,lng2"
GOOD = [
    "road,新华路,24.5080,117.6588,,,,,,,,",
    "road,新华路,24.5080,117.6588,东门大街,,,,,,,",
    "post,新华路灯杆XH001,24.5081,117.6588,,XH001,,,,,,",
    "house,新华路,24.5080,117.6588,,,,1,99,odd,24.5080,117.6688",
]


def file(folder: Path, *lines: str) -> Path:
    path = folder / "addresses.csv"
    path.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    return path


def load(cast: Cast, path: Path, datum: str = "GCJ02") -> str:
    out = io.StringIO()
    call_command("load_addresses", str(path), "--datum", datum, "--centre", cast.centre.code, stdout=out)
    return out.getvalue()


def test_a_file_takes_over_in_one_step_and_a_second_time_changes_nothing(indexed: Cast, tmp_path: Path) -> None:
    path = file(tmp_path, *GOOD)
    assert "3 names, 1 ranges" in load(indexed, path)
    road = first(indexed, "xhl")
    # 117.6588 GCJ-02 is 117.654 WGS-84: unconverted it would lie 590 m off (domain 9).
    assert (road.lat, road.lng) == pytest.approx(geo.to_wgs84(24.5080, 117.6588, "GCJ02"), abs=1e-6)
    assert first(indexed, "中山公园") is None
    assert Place.objects.exclude(edition__state="current").count() == 0
    entry = Entry.objects.filter(kind="addresses.loaded").latest("seq")
    assert {"names": 3, "houses": 1, "datum": "GCJ02"}.items() <= json.loads(entry.body)["data"].items()
    assert "already" in load(indexed, path)
    assert Entry.objects.filter(kind="addresses.loaded").latest("seq").seq == entry.seq


def test_a_file_with_faults_names_each_row_and_field_and_changes_nothing(indexed: Cast, tmp_path: Path) -> None:
    bad = [
        "river,九龙江,24.5,117.65,,,,,,,,",
        "road,,24.5,117.65,,,,,,,,",
        "road,延安路,117.65,24.5,,,,,,,,",
        "road,延安路,nan,117.65,,,,,,,,",
        "post,灯杆,24.5,117.65,,,,,,,,",
        "house,延安路,24.5,117.65,,,,9,1,odd,24.5,117.66",
        "house,延安路,24.5,117.65,,,,1,8,odd,24.5,117.66",
        "road,远路,30.0,120.0,,,,,,,,",
    ]  # fmt: skip
    path = file(tmp_path, GOOD[0], *bad)
    with pytest.raises(CommandError, match="8 faults"):
        load(indexed, path, "WGS84")
    with path.with_name("addresses.csv.errors.csv").open(encoding="utf-8") as lines:
        faults = [(int(row), column) for row, column, _ in list(csv.reader(lines))[1:]]
    fields = ["kind", "name", "lat", "lat", "code", "high", "low", "lat"]
    assert faults == list(zip(range(3, 11), fields, strict=True))
    assert first(indexed, "中山公园") is not None
    assert PlaceEdition.objects.filter(centre=indexed.centre, state="loading").count() == 0
    with pytest.raises(CommandError):
        call_command("load_addresses", str(path), stdout=io.StringIO())  # no datum


def test_what_a_broken_load_left_behind_is_removed_by_the_next(indexed: Cast, tmp_path: Path) -> None:
    editions.write(indexed.centre.pk, source="half", digest="", datum="WGS84", names=NAMES[:2], ranges=HOUSES)
    assert len(places.search(indexed.centre.pk, "xhl")) == len(
        {(one.kind, one.name) for one in places.search(indexed.centre.pk, "xhl")}
    )
    load(indexed, file(tmp_path, *GOOD))
    assert set(Place.objects.values_list("edition__source", flat=True)) == {"addresses.csv"}


# --- areas ---

SQUARE = [[117.65, 24.50], [117.66, 24.50], [117.66, 24.52], [117.65, 24.52], [117.65, 24.50]]


def areas(folder: Path, ring: Any, **properties: Any) -> Path:
    facts = {"code": "R1", "name": "古城3分钟圈", "minutes": 3, "unit_kinds": ["UP"], **properties}
    feature = {"type": "Feature", "properties": facts, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path = folder / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def load_areas(cast: Cast, path: Path, kind: str = "ring", datum: str = "WGS84") -> None:
    call_command(
        "load_areas", str(path), "--kind", kind, "--datum", datum, "--centre", cast.centre.code, stdout=io.StringIO()
    )


def test_a_ring_gives_its_minutes_to_the_incident_and_to_the_arrival_limit(quick: Cast, tmp_path: Path) -> None:
    before = send(quick, take(quick))
    assert (before.incident.deadlines.get(kind="arrive").due_at - before.dispatched_at).total_seconds() == 600
    load_areas(quick, areas(tmp_path, SQUARE))
    Area.objects.create(centre=quick.centre, kind="beat", code="B1", name="一号巡区", ring=SQUARE)
    Area.objects.create(centre=quick.centre, kind="grid", code="G1", name="网格1", ring=SQUARE)
    incident = take(quick)
    row = incident.row()
    assert (row["beat"]["name"], row["grid"]["code"], row["ring"]["minutes"]) == ("一号巡区", "G1", 3)
    order = send(quick, incident, quick.car7)
    assert (incident.deadlines.get(kind="arrive").due_at - order.dispatched_at).total_seconds() == 180
    assert Entry.objects.filter(kind="areas.loaded").count() == 1
    load_areas(quick, areas(tmp_path, SQUARE))
    assert Entry.objects.filter(kind="areas.loaded").count() == 1
    assert Incident.objects.get(pk=incident.pk).areas["ring"]["unit_kinds"] == ["UP"]


@pytest.mark.parametrize(
    ("ring", "says"),
    [
        ([*SQUARE[:2], SQUARE[3], SQUARE[2], SQUARE[0]], "geometry.coordinates.0: is no simple polygon"),
        ([[24.50, 117.65], *SQUARE[1:]], "coordinates.0.0: latitude and longitude are swapped"),
        ([[float("nan"), 24.5], *SQUARE[1:]], "coordinates.0.0: must be"),
        ([[1e308, 24.5], *SQUARE[1:]], "coordinates.0.0"),
        (SQUARE[:4], "is not closed"),
        (SQUARE * 5_000, "4 to 20000 points"),
        ([SQUARE[0]] * 5, "is no simple polygon"),
        ("x", "one ring"),
    ],
)
def test_a_bad_polygon_is_refused_with_the_path_of_its_field(quick: Cast, tmp_path: Path, ring: Any, says: str) -> None:
    with pytest.raises(CommandError, match=says):
        load_areas(quick, areas(tmp_path, ring))
    assert not Area.objects.filter(centre=quick.centre, kind="ring").exists()


def test_areas_without_a_datum_a_minute_or_a_known_owner_are_refused(quick: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="datum"):
        call_command("load_areas", str(areas(tmp_path, SQUARE)), "--kind", "ring", stdout=io.StringIO())
    with pytest.raises(CommandError, match="minutes"):
        load_areas(quick, areas(tmp_path, SQUARE, minutes=0))
    with pytest.raises(CommandError, match=r"properties\.owner: there is no organisation NO"):
        load_areas(quick, areas(tmp_path, SQUARE, owner="NO"))
    load_areas(quick, areas(tmp_path, SQUARE, owner="S404"), datum="GCJ02")
    assert Area.objects.get(kind="ring").ring[0] != SQUARE[0]

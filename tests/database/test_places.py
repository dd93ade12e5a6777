"""Who owns a point, where a name is, and a demo city that can be built twice."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents import places
from incidents.addresses import editions
from incidents.addresses.editions import Name, Range
from incidents.code_tables import TABLES
from incidents.demo_city import border, fleet, people
from incidents.demo_city.gazetteer import gazetteer
from incidents.models import Area, Centre, Code, Entry, Organisation, Place, User
from patrol.models import Unit
from tests.people import Cast


def add_area(cast: Cast, kind: str, code: str, box: tuple[float, float, float, float], **more: Any) -> Area:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return Area.objects.create(centre=cast.centre, kind=kind, code=code, name=more.pop("name", code), ring=ring, **more)


@pytest.fixture
def bare(quick: Cast) -> Cast:
    """The cast's centre without areas."""
    Area.objects.filter(centre=quick.centre).delete()
    return quick


@pytest.fixture
def town(bare: Cast) -> Cast:
    """Two stations side by side; the west one lies in the urban core."""
    second = Organisation.objects.create(centre=bare.centre, kind="station", code="S405", name="南坑派出所")
    add_area(bare, "station", "S404", (117.60, 24.46, 117.66, 24.57), name="巷口所", owner=bare.station)
    add_area(bare, "station", "S405", (117.66, 24.46, 117.78, 24.57), name="南坑所", owner=second)
    add_area(bare, "area_kind", "suburban", (117.60, 24.46, 117.78, 24.57))
    add_area(bare, "area_kind", "urban", (117.635, 24.495, 117.69, 24.53))
    return bare


def test_a_point_has_the_station_and_the_kind_of_area_that_it_lies_in(town: Cast) -> None:
    found = places.locate(town.centre.pk, 24.5112, 117.6540)
    assert (found.organisation_id, found.organisation_name, found.area_kind) == (town.station.pk, "巷口所", "urban")
    assert places.locate(town.centre.pk, 24.5650, 117.7700).area_kind == "suburban"
    assert places.locate(town.centre.pk, 24.5650, 117.7700).organisation_name == "南坑所"


def test_a_point_on_the_border_of_two_stations_always_belongs_to_the_same_one(town: Cast) -> None:
    assert {places.locate(town.centre.pk, 24.51, 117.66).organisation_name for _ in range(5)} == {"巷口所"}


def test_a_point_outside_every_area_has_no_owner_and_is_rural(town: Cast) -> None:
    found = places.locate(town.centre.pk, 24.40, 117.71)
    assert (found.organisation_id, found.organisation_name, found.area_kind) == (None, "", "rural")


def test_a_centre_without_areas_knows_nothing_about_a_point(bare: Cast) -> None:
    assert places.locate(bare.centre.pk, 24.51, 117.65) == places.Located(None, "", "")


def test_a_moved_border_holds_for_the_next_point(town: Cast) -> None:
    assert places.locate(town.centre.pk, 24.51, 117.68).organisation_name == "南坑所"
    west = Area.objects.get(centre=town.centre, code="S404")
    Area.objects.filter(pk=west.pk).update(
        ring=[[117.6, 24.46], [117.7, 24.46], [117.7, 24.57], [117.6, 24.57], [117.6, 24.46]], version=2
    )
    assert places.locate(town.centre.pk, 24.51, 117.68).organisation_name == "巷口所"


def test_areas_of_another_centre_do_not_count(town: Cast) -> None:
    other = Centre.objects.create(code="T9", name="别处", box=[24.0, 117.0, 25.0, 118.0], number_prefix="T9")
    assert places.locate(other.pk, 24.5112, 117.6540).organisation_id is None


NAMES = [
    ("road", "新华路", "xinhualu", "xhl", ""),
    ("crossing", "新华路与延安路路口", "xinhualuyuyananlulukou", "xhlyyallk", ""),
    ("crossing", "新华路与丹霞路路口", "xinhualuyudanxialulukou", "xhlydxllk", ""),
    ("shop", "锦衣坊服装店", "jinyifangfuzhuangdian", "jyffzd", "新华路"),
    ("post", "新华路灯杆XH012", "xinhualudengganxh012", "xhldgxh012", "XH012"),
    ("landmark", "新华书店", "xinhuashudian", "xhsd", ""),
    ("landmark", "中山公园", "zhongshangongyuan", "zsgy", "公园"),
]


@pytest.fixture
def directory(bare: Cast) -> int:
    """An address index of seven names."""
    names = [
        Name(kind, name, 24.5, 117.65, note, code=note if kind == "post" else "") for kind, name, *_, note in NAMES
    ]
    load(bare, names)
    return bare.centre.pk


def load(cast: Cast, names: list[Name], ranges: list[Range] | None = None) -> None:
    """Put an index in use."""
    edition = editions.write(cast.centre.pk, source="t", digest="", datum="WGS84", names=names, ranges=ranges or [])
    editions.use_edition(by=None, centre_id=cast.centre.pk, edition_id=edition.pk, names=len(names), houses=0)


def found(centre_id: int, text: str) -> list[str]:
    return [place.name for place in places.search(centre_id, text)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("新华路", "新华路"),
        ("xinhualu", "新华路"),
        ("xhl", "新华路"),
        ("XHL", "新华路"),
        ("ｘｈｌ", "新华路"),
        ("xin hua lu", "新华路"),
        ("服装", "锦衣坊服装店"),
        ("新华路 延安路", "新华路与延安路路口"),
        ("新华路延安路", "新华路与延安路路口"),
        ("延安路和新华路路口", "新华路与延安路路口"),
        ("xhlyyal", "新华路与延安路路口"),
        ("XH012", "新华路灯杆XH012"),
        ("zsgy", "中山公园"),
        ("gongyuan", "中山公园"),
    ],
)
def test_a_place_is_found_by_its_words_pinyin_and_initials(directory: int, text: str, first: str) -> None:
    assert found(directory, text)[0] == first


def test_landmarks_come_before_crossings_and_lamp_posts_come_last(directory: int) -> None:
    assert found(directory, "新华")[:2] == ["新华书店", "新华路"]
    named = [name for name in found(directory, "新华路") if name.startswith("新华路")]
    assert named[0] == "新华路"
    assert named[-1] == "新华路灯杆XH012"


def test_shops_on_a_road_are_found_by_the_road(directory: int) -> None:
    assert "锦衣坊服装店" in found(directory, "新华路")


@pytest.mark.parametrize("text", ["", "   ", "\x00", "没有这个地方", "zzzz", "%", "_", "' OR 1=1 --", "𠮷" * 400])
def test_what_is_not_a_place_finds_nothing_and_does_no_harm(directory: int, text: str) -> None:
    assert found(directory, text) == []


def test_the_limit_holds_and_other_centres_are_not_searched(directory: int) -> None:
    assert len(places.search(directory, "xinhua", limit=2)) == 2
    assert places.search(directory + 1, "新华路") == []


@pytest.fixture(scope="module")
def laid_out() -> None:
    """Lay out the city before a transaction is open: it takes seconds, and idle transactions are cut."""
    gazetteer()


def test_the_demo_city_is_built_once_and_again_without_change(
    laid_out: None, db: None, tmp_path: Any, settings: Any
) -> None:
    settings.HOME = tmp_path
    places._read_map.cache_clear()  # an earlier test may have drawn it into another data folder
    call_command("seed", stdout=io.StringIO())
    centre = Centre.objects.get(code="350600")
    assert centre.box == [24.46, 117.6, 24.57, 117.78]
    assert Organisation.objects.filter(centre=centre, kind="station").count() == 10
    assert Area.objects.filter(centre=centre, kind__in=("station", "area_kind")).count() == 12
    assert Place.objects.filter(centre=centre).count() > 2_000
    assert User.objects.filter(centre=centre).count() == len(people.people()) + len(border.GATEWAYS)
    assert User.objects.get(username="jiejing1").check_password(people.DEMO_PASSWORD)
    assert Unit.objects.filter(centre=centre).count() == len(fleet.units())
    assert Code.objects.count() == sum(len(rows) for rows in TABLES.values())
    assert [entry.kind for entry in Entry.objects.filter(centre=centre).order_by("seq")[:1]] == ["centre.opened"]
    shop = places.search(centre.pk, "jyffzd")[0]
    assert places.locate(centre.pk, shop.lat, shop.lng).organisation_name == "巷口所"
    written = Entry.objects.filter(centre=centre).count()
    call_command("seed", stdout=io.StringIO())
    assert Entry.objects.filter(centre=centre).count() == written
    assert Place.objects.filter(centre=centre).count() > 2_000
    assert json.loads(places.base_map())["layers"]["roads"]
    assert list((tmp_path / "maps").iterdir())


def test_another_centre_opens_empty_and_only_once(db: None) -> None:
    for _ in range(2):
        call_command(
            "seed", "--centre", "R1", "--empty", "--box", "-122.6", "37.6", "-122.3", "37.9", stdout=io.StringIO()
        )
    centre = Centre.objects.get(code="R1")
    assert centre.box == [37.6, -122.6, 37.9, -122.3]
    assert not User.objects.filter(centre=centre).exists()
    assert not Unit.objects.filter(centre=centre).exists()
    assert Entry.objects.filter(centre=centre, kind="centre.opened").count() == 1


@pytest.mark.parametrize(
    "words", [["--centre", "X1"], ["--centre", "350600", "--empty"], ["--centre", "X1", "--empty", "--box", "3", "2", "1", "0"]]
)  # fmt: skip
def test_a_seed_that_makes_no_sense_is_refused(db: None, words: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("seed", *words, stdout=io.StringIO())


def test_a_point_is_told_its_owner_and_the_nearest_name(
    laid_out: None, db: None, tmp_path: Any, settings: Any, api: Any
) -> None:
    settings.HOME = tmp_path
    call_command("seed", stdout=io.StringIO())
    desk = api(User.objects.get(username="jiejing1"))
    told = desk.get("/api/places/at/", lat=24.5112, lng=117.6540).json()
    assert told["owner"] == "巷口所"
    assert told["area_kind"] == "urban"
    assert told["nearest"]["metres"] < 60
    assert desk.get("/api/places/at/", lat=0, lng=0).json()["nearest"] is None
    for wrong in ({"lat": "x", "lng": 1}, {"lat": 91, "lng": 1}, {"lng": 1}, {"lat": "nan", "lng": 1}):
        assert desk.get("/api/places/at/", **wrong).status_code == 400

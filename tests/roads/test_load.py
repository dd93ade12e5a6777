"""Loading roads from real extracts, from tables, and from files that are none."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from incidents.models import Entry
from patrol.roads import network as files
from patrol.roads import osm, routes, store
from tests.people import Cast

EXTRACTS = Path(django_settings.BASE_DIR).parent / "shared" / "data" / "roads"
NAMES = ["Helsinki.osm.pbf", "harrisburg.osm.pbf", "monaco.osm.gz"]


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """A data folder of the test's own."""
    settings.HOME = tmp_path / "home"
    return tmp_path


def load(*words: Any, centre: str) -> dict[str, Any]:
    """Run the command and return its report."""
    out = io.StringIO()
    call_command("load_roads", *[str(word) for word in words], "--json", "--centre", centre, stdout=out)
    return dict(json.loads(out.getvalue()))


def extract(name: str) -> Path:
    """Return a real extract; without them the test is skipped with a line that says so."""
    path = EXTRACTS / name
    if not path.exists():
        pytest.skip(f"the real extract {name} is not here (it is where this project is developed and in CI)")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_real_extract_becomes_a_network_that_can_be_driven(quick: Cast, home: Path, name: str) -> None:
    found = load(extract(name), centre=quick.centre.code)
    network = store.current(quick.centre.pk)
    assert network is not None
    assert found["nodes"] == network.nodes > 1_000
    assert sum(found["report"]["km"].values()) > 10
    assert network.report["one_way_edges"] > 0
    cars = np.flatnonzero((network.flags & files.CAR_ON) != 0)
    ends = [network.tail[cars[0]], network.tail[cars[-1]]]
    points = [(float(network.lat[node]), float(network.lng[node])) for node in ends]
    assert routes.route(network, points[0], points[1], "car", 8) is not None
    assert load(extract(name), centre=quick.centre.code)["new"] is False
    assert Entry.objects.filter(kind="roads.loaded").count() == 1


def test_a_box_keeps_what_lies_in_it(quick: Cast, home: Path) -> None:
    load(extract("monaco.osm.gz"), "--box", 7.415, 43.73, 7.43, 43.74, centre=quick.centre.code)
    network = store.current(quick.centre.pk)
    assert network is not None
    south, west, north, east = network.box
    assert south >= 43.73
    assert west >= 7.415
    assert north <= 43.74
    assert east <= 7.43
    assert network.report["clipped_edges"] > 0


def test_tables_of_a_gis_department_load_with_their_datum(quick: Cast, home: Path) -> None:
    nodes, arcs = tables(home)
    found = load("--nodes", nodes, "--arcs", arcs, "--crs", "GCJ02", centre=quick.centre.code)
    assert found["nodes"] == 4
    network = store.current(quick.centre.pk)
    assert network is not None
    assert abs(network.lat.min() - 24.50) > 0.001  # it was moved to WGS-84
    assert network.kmh.max() == pytest.approx(36.0)  # 100 m in 10 s
    assert network.report["one_way_edges"] == 1


def tables(folder: Path) -> tuple[Path, Path]:
    """Write a town of four corners."""
    (folder / "nodes.csv").write_text(
        "id,lon,lat\n1,117.65,24.50\n2,117.651,24.50\n3,117.651,24.501\n4,117.65,24.501\n", encoding="utf-8"
    )
    (folder / "arcs.csv").write_text(
        "from,to,metres,seconds,class,one_way\n1,2,100,10,primary,0\n2,3,110,,residential,0\n"
        "3,4,100,,residential,1\n4,1,110,,residential,\n1,3,,,path,0\n",
        encoding="utf-8",
    )
    return folder / "nodes.csv", folder / "arcs.csv"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.osm", b""),
        ("broken.osm", b"<osm version='0.6'><node id='1'"),
        ("broken.osm.pbf", b"\x00\x00\x00\x0dnothing at all"),
        ("no_roads.osm", b"<osm version='0.6'><node id='1' lat='1' lon='1'/></osm>"),
        ("picture.png", b"\x89PNG"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing_and_says_why(
    quick: Cast, home: Path, name: str, content: bytes
) -> None:
    nodes, arcs = tables(home)
    before = load("--nodes", nodes, "--arcs", arcs, centre=quick.centre.code)["version"]
    (home / name).write_bytes(content)
    with pytest.raises(CommandError, match=r"Nothing was changed"):
        load(home / name, centre=quick.centre.code)
    network = store.current(quick.centre.pk)
    assert network is not None
    assert network.version == before


def test_a_bad_line_of_a_table_is_named(quick: Cast, home: Path) -> None:
    nodes, arcs = tables(home)
    with arcs.open("a", encoding="utf-8") as file:
        file.write("1,9,10,,residential,0\n")
    with pytest.raises(CommandError, match=r"arcs.csv line 7: .*no node 9"):
        load("--nodes", nodes, "--arcs", arcs, centre=quick.centre.code)


@pytest.mark.parametrize(
    ("tags", "on", "back", "foot"),
    [
        ({"highway": "residential"}, True, True, True),
        ({"highway": "primary", "oneway": "yes"}, True, False, True),
        ({"highway": "primary", "oneway": "-1"}, False, True, True),
        ({"highway": "tertiary", "junction": "roundabout"}, True, False, True),
        ({"highway": "footway"}, False, False, True),
        ({"highway": "footway", "emergency": "yes"}, True, True, True),
        ({"highway": "motorway"}, True, False, False),
        ({"highway": "service", "access": "private"}, True, True, True),
        ({"highway": "service", "access": "no"}, False, False, False),
        ({"highway": "residential", "motor_vehicle": "no"}, False, False, True),
        ({"highway": "residential", "foot": "no"}, True, True, False),
        ({"highway": "construction"}, False, False, False),
        ({"highway": "pedestrian", "area": "yes"}, False, False, False),
    ],
)
def test_tags_say_who_may_use_a_way(tags: dict[str, str], on: bool, back: bool, foot: bool) -> None:
    flags = osm.kind_and_flags(tags)[1]
    assert bool(flags & files.CAR_ON) is on
    assert bool(flags & files.CAR_BACK) is back
    assert bool(flags & files.FOOT_ON) is foot


@pytest.mark.parametrize(("text", "kmh"), [("50", 50), ("30 mph", 48.3), ("CN:urban", 0), ("", 0), ("none", 0)])
def test_posted_speeds_are_read_with_their_unit(text: str, kmh: float) -> None:
    assert osm.kmh(text) == pytest.approx(kmh)

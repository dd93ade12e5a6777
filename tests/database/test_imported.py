"""Histories of other systems: read by a mapping, checked first, loaded once, counted apart from our own."""

from __future__ import annotations

import csv
import gzip
import io
import math
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dispatch.imported import mapping, reading
from dispatch.imported.models import History, HistoryResponse
from incidents.models import Incident
from tests.database.acts import kinds
from tests.people import Cast

REAL = Path(__file__).parents[3] / "shared" / "data" / "calls" / "sf_fire_calls.csv.gz"
MAPPING = """
[source]
name = "旧系统"
timezone = "Asia/Shanghai"
format = "%Y/%m/%d %H:%M:%S"
datum = "GCJ02"

[columns]
incident = "no"
unit = "unit"
received = "received"
dispatched = "sent"
en_route = "left"
on_scene = "there"
cleared = "free"
type = "type"
priority = "level"
place = "place"
lat = "lat"
lng = "lng"

[priority]
"一级" = 1
"三级" = 3

[type]
"盗窃" = "0201"
"""
SAN_FRANCISCO = """
[source]
name = "San Francisco Fire Department"
timezone = "America/Los_Angeles"
format = "%m/%d/%Y %I:%M:%S %p"
datum = "WGS84"

[columns]
incident = "Incident Number"
unit = "Unit ID"
received = "Received DtTm"
dispatched = "Dispatch DtTm"
en_route = "Response DtTm"
on_scene = "On Scene DtTm"
cleared = "Available DtTm"
type = "Call Type"
priority = "Final Priority"
place = "Address"
point = "Location"

[priority]
2 = 3
3 = 2
"""
HEAD = "no,unit,received,sent,left,there,free,type,level,place,lat,lng"
ROWS = [
    "A1,巡1,2026/03/01 08:00:00,2026/03/01 08:00:30,2026/03/01 08:01:00,2026/03/01 08:05:00,2026/03/01 08:30:00,盗窃,三级,新华路,24.5112,117.6540",
    "A1,巡2,2026/03/01 08:00:00,2026/03/01 08:01:00,,2026/03/01 08:04:00,2026/03/01 08:20:00,盗窃,三级,新华路,24.5112,117.6540",
    "A2,巡1,2026/03/01 23:59:50,2026/03/02 00:00:20,2026/03/02 00:01:00,2026/03/02 00:09:51,,斗殴,一级,胜利路,,",
    "A3,巡3,2026/03/02 10:00:00,,,,,斗殴,未知,,,",
]


def written(folder: Path, rows: list[str], said: str = MAPPING) -> tuple[Path, Path]:
    """Write a file and its mapping."""
    file, by = folder / "calls.csv", folder / "mapping.toml"
    file.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    by.write_text(said, encoding="utf-8")
    return file, by


def load(cast: Cast, file: Path, by: Path, *more: str) -> str:
    """Run the command; returns what it said."""
    out = io.StringIO()
    call_command("import_history", str(file), "--mapping", str(by), "--centre", cast.centre.code, *more, stdout=out)
    return out.getvalue()


def test_a_file_is_loaded_once_and_a_longer_one_of_the_same_source_adds_what_is_new(cast: Cast, tmp_path: Path) -> None:
    file, by = written(tmp_path, ROWS[:3])
    load(cast, file, by)
    assert "loaded already" in load(cast, file, by)
    file, by = written(tmp_path, ROWS)
    load(cast, file, by)
    first, second = History.objects.order_by("id")
    assert (first.rows_done, first.rows_repeated, first.state) == (3, 0, "loaded")
    assert (second.rows_done, second.rows_repeated) == (4, 3)
    kept = HistoryResponse.objects.order_by("id")
    assert [(one.incident, one.unit, one.priority, one.type_code) for one in kept] == [
        ("A1", "巡1", 3, "0201"), ("A1", "巡2", 3, "0201"), ("A2", "巡1", 1, ""), ("A3", "巡3", None, ""),
    ]  # fmt: skip
    assert kept[0].received_at.isoformat() == "2026-03-01T00:00:00+00:00"
    assert kept[0].lat is not None
    assert 0.002 < kept[0].lat - 24.5112 < 0.006  # the file is GCJ-02, what is kept is WGS-84
    assert kinds()[-4:] == ["history.begun", "history.loaded"] * 2
    assert Incident.objects.count() == 0


def test_a_faulty_file_changes_nothing_unless_the_faulty_rows_are_left_out_by_name(cast: Cast, tmp_path: Path) -> None:
    wrong = [
        "A4,,2026/03/02 10:00:00,,,,,,,,,",
        "A5,巡1,昨天,,,,,,,,,",
        "A6,巡1,2026/03/02 10:00:00,2026/03/02 09:00:00,,,,,,,,",
        "A7,巡1,2026/03/02 10:00:00,,,,,,,,95,117",
        "A8,巡1,2026/03/02 10:00:00,,,,2026/05/02 10:00:00,,,,,",
    ]
    file, by = written(tmp_path, [*ROWS, *wrong])
    with pytest.raises(CommandError, match="leave-faulty"):
        load(cast, file, by)
    assert History.objects.count() == 0
    with (tmp_path / "calls.csv.errors.csv").open(encoding="utf-8") as lines:
        told = [(row["row"], row["column"]) for row in csv.DictReader(lines)]
    assert told == [("6", "unit"), ("7", "received"), ("8", "sent"), ("9", "lat"), ("10", "free")]
    load(cast, file, by, "--leave-faulty")
    history = History.objects.get()
    assert (history.rows_done, history.rows_faulty, history.responses.count()) == (4, 5, 4)


def test_a_load_that_was_killed_goes_on_where_it_was(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dispatch.imported import services

    file, by = written(tmp_path, ROWS)
    monkeypatch.setattr(services, "CHUNK", 1)
    wrote = services.write

    def dies(history: History, chunk: list[Any]) -> int:
        if chunk[0].incident == "A2":
            raise KeyboardInterrupt
        return wrote(history, chunk)

    monkeypatch.setattr(services, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        load(cast, file, by)
    assert (History.objects.get().rows_done, HistoryResponse.objects.count()) == (2, 2)
    monkeypatch.setattr(services, "write", wrote)
    load(cast, file, by)
    assert (History.objects.get().state, HistoryResponse.objects.count()) == ("loaded", 4)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('timezone = "Asia/Shanghai"', 'timezone = "Mars"'), "timezone"),
        (('datum = "GCJ02"', ""), "datum"),
        (('received = "received"', ""), "columns.received"),
        (('"一级" = 1', '"一级" = 7'), "priority.一级"),
        (('"盗窃" = "0201"', '"盗窃" = "9999"'), "no type 9999"),
        (("[type]", "[types]"), "types"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_by_name(change: tuple[str, str], says: str) -> None:
    with pytest.raises(mapping.BadMapping, match=says):
        mapping.read(MAPPING.replace(*change), {"0201"})


def test_the_figures_are_the_plain_ones_and_every_answer_says_that_they_were_imported(
    cast: Cast, api: Any, tmp_path: Path
) -> None:
    load(cast, *written(tmp_path, ROWS))
    history = History.objects.get()
    leader = api(cast.user("lee"))
    listed = leader.get("/api/history/").json()["histories"]
    assert [(one["source"], one["rows_total"]) for one in listed] == [("旧系统", 4)]
    answer = leader.get(f"/api/history/{history.pk}/figures/").json()
    assert (answer["imported"], answer["history"]["source"]) == (True, "旧系统")
    found = {(one["key"], one["clock"], one["measure"]): one for one in answer["figures"]}
    # A1 is reached after 240 s, A2 after 601 s, A3 by nobody; A3 has no order.
    assert [found[key, clock, "rate"]["hits"] for key, clock in (("K7", "A"), ("K8", "A"), ("K8", "B"))] == [1, 1, 2]
    assert (found["K7", "A", "rate"]["value"], found["K7", "A", "rate"]["n"]) == (0.333333, 3)
    assert (found["K8", "B", "rate"]["value"], found["K8", "B", "rate"]["no_arrival"]) == (1, 1)
    assert (found["K9", "A", "p50"]["value"], found["K9", "A", "p90"]["value"]) == (240, 601)
    days = leader.get(f"/api/history/{history.pk}/figures/", by="day", since="2026-03-02").json()["figures"]
    assert {one["value_of"] for one in days} == {"2026-03-02"}
    file = leader.get(f"/api/history/{history.pk}/figures/", by="hour", **{"as": "csv"})
    lines = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert {line["source"] for line in lines} == {"旧系统"}
    assert "imported" in file["Content-Disposition"]
    assert leader.get(f"/api/history/{history.pk}/figures/", by="mood").status_code == 400
    assert api(cast.user("omar")).get("/api/history/").status_code == 403
    ours = leader.get("/api/statistics/figures/", since="2026-03-01", until="2026-03-02").json()
    assert all(one["n"] == 0 for one in ours["groups"][0]["figures"])


@pytest.mark.skipif(not REAL.exists(), reason="the real export is not beside this checkout (shared/data)")
def test_a_real_export_of_ten_thousand_responses_is_loaded_and_counted(cast: Cast, api: Any, tmp_path: Path) -> None:
    by = tmp_path / "sf.toml"
    by.write_text(SAN_FRANCISCO, encoding="utf-8")
    load(cast, REAL, by, "--leave-faulty", "--errors", str(tmp_path / "errors.csv"))
    history = History.objects.get()
    assert history.rows_done + history.rows_faulty == 10_410
    assert history.rows_faulty < 200
    shown = api(cast.user("lee")).get(f"/api/history/{history.pk}/figures/").json()["figures"]
    figures = {(one["key"], one["clock"], one["measure"]): one for one in shown}
    seconds = sorted(plain_arrivals())
    rank = math.ceil(0.9 * len(seconds)) - 1
    assert (figures["K9", "A", "p90"]["value"], figures["K9", "A", "p90"]["n"]) == (seconds[rank], len(seconds))
    assert figures["K7", "A", "rate"]["hits"] == sum(second <= 300 for second in seconds)


def plain_arrivals() -> list[int]:
    """Work out the seconds from the first call to the first arrival of each incident, with nothing but the file."""
    said = mapping.read(SAN_FRANCISCO, set())
    received: dict[str, Any] = {}
    arrived: dict[str, Any] = {}
    with gzip.open(REAL, "rt", encoding="utf-8-sig", newline="") as lines:
        for one in reading.read(lines, said):
            if isinstance(one, reading.Fault):
                continue
            received[one.incident] = min(received.get(one.incident, one.received_at), one.received_at)
            if one.on_scene_at:
                arrived[one.incident] = min(arrived.get(one.incident, one.on_scene_at), one.on_scene_at)
    return [math.ceil((at - received[incident]).total_seconds()) for incident, at in arrived.items()]

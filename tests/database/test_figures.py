"""The routes of the figures: what they answer, what they refuse, what a reader may not see, and the files they give."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

import pytest
from openpyxl import load_workbook

from dispatch.statistics import follower
from dispatch.statistics.counting import Touched, recount
from incidents.models import Entry, Head, Incident
from tests.database.test_statistics import Day, at, day
from tests.people import PLACE, Cast

__all__ = ["day"]  # a fixture
MONDAY = {"since": "2026-03-02", "until": "2026-03-02"}


@pytest.fixture
def told(day: Day) -> Day:
    """A Monday with a hit, two misses of which one is a complaint, and an address that looks like a formula."""
    day.handled(0, 30, 200, address_text="=HYPERLINK(1)")
    day.handled(2000, 2030, 2700, priority=3)
    day.call(4000, type_reported="1001")
    follower.follow()
    return day


def ask(api: Any, cast: Cast, which: str, who: str = "sam", **query: Any) -> Any:
    """Ask a route about that Monday, in the evening."""
    with at(12 * 3600):
        return api(cast.user(who)).get(f"/api/statistics/{which}/", **{**MONDAY, **query})


def test_figures_of_any_dimension_say_how_far_they_have_come(told: Day, api: Any) -> None:
    answer = ask(api, told.cast, "figures", keys="K7", by="priority", clock="A", source="button").json()
    assert answer["seq"] == Head.objects.get(centre=told.cast.centre).seq == Entry.objects.count()
    assert answer["as_of"] == "2026-03-02T13:00:00.000Z"
    found = {one["value"]: [(f["hits"], f["n"]) for f in one["figures"]] for one in answer["groups"]}
    assert found == {"2": [(1, 2)], "3": [(0, 1)]}
    [weekday] = [
        one
        for one in ask(api, told.cast, "figures", keys="K8", by="weekday", clock="B", source="button").json()["groups"]
        if one["figures"][0]["n"]
    ]
    assert weekday["value"] == "1"


def test_a_period_stands_beside_the_one_before(told: Day, api: Any) -> None:
    answer = ask(api, told.cast, "figures", keys="volume", against="previous", measure="incidents").json()
    [figure] = answer["groups"][0]["figures"]
    assert (figure["value"], figure["before"], figure["change"]) == (3, {"value": 0, "n": 0}, 3)
    assert (answer["against"]["first"], answer["against"]["last"]) == ("2026-03-01", "2026-03-01")


def test_what_is_of_this_moment_has_no_before(told: Day, api: Any) -> None:
    answer = ask(api, told.cast, "figures", keys="K20,K8", against="previous", measure="open,rate").json()
    before = {figure["key"]: figure["before"] for figure in answer["groups"][0]["figures"]}
    assert before["K20"] is None
    assert before["K8"] == {"value": None, "n": 0}


def test_a_series_has_every_day_also_one_without_anything(told: Day, api: Any) -> None:
    with at(12 * 3600):
        answer = api(told.cast.user("lee")).get(
            "/api/statistics/series/", since="2026-02-27", until="2026-03-02", keys="K7", clock="A", source="published"
        )
    rows = [(one["value"], one["figures"][0]["n"]) for one in answer.json()["groups"]]
    assert rows == [("2026-02-27", 0), ("2026-02-28", 0), ("2026-03-01", 0), ("2026-03-02", 3)]


@pytest.mark.parametrize(
    ("which", "query"),
    [
        ("figures", {"keys": "K7,K9,volume", "by": "cell", "measure": "rate,p90,incidents"}),
        ("figures", {"keys": "K1,K2,K3,K11", "by": "priority", "measure": "p90,within,satisfied"}),
        ("figures", {"keys": "K9", "by": "slot", "measure": "p90", "clock": "A", "source": "published"}),
        ("series", {"keys": "K7", "by": "station", "split": "1", "per": "week", "measure": "rate"}),
        ("series", {"keys": "volume", "per": "day", "measure": "incidents", "since": "2026-02-27"}),
        ("figures", {"keys": "K7", "by": "station", "measure": "rate", "since": "2026-02-01", "until": "2026-02-02"}),
    ],
)
def test_columns_say_the_same_as_rows(told: Day, api: Any, which: str, query: dict[str, str]) -> None:
    rows = ask(api, told.cast, which, **query).json()
    columns = ask(api, told.cast, which, **query, shape="columns").json()
    for one in rows["groups"]:
        assert one.pop("buckets") == []
    assert unfolded(columns.pop("groups"), columns.pop("columns")) == [
        {**one, "figures": [{**figure, "group": one["value"]} for figure in one["figures"]]}
        for one in rows.pop("groups")
    ]
    assert columns == rows


def unfolded(groups: dict[str, list[Any]], columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lay columns out as the rows that they stand for."""
    found = []
    for at_, value in enumerate(groups.get("value", [])):
        figures = [
            {
                **one["same"],
                **{name: values[at_] for name, values in one["lists"].items()},
                **{
                    kind: {code: counts[at_] for code, counts in one[kind].items() if counts[at_]}
                    for kind in ("excluded", "excluded_late")
                },
                "group": value,
            }
            for one in columns
        ]
        found.append({**{name: values[at_] for name, values in groups.items()}, "figures": figures})
    return found


def test_the_rows_behind_a_figure_hide_a_complaint_from_a_leader_and_say_so(told: Day, api: Any) -> None:
    asked = {"of": "K7.A.button", "part": "misses"}
    seen = ask(api, told.cast, "rows", "ina", **asked).json()
    assert (len(seen["rows"]), seen["hidden"], seen["next"]) == (2, 0, None)
    seen = ask(api, told.cast, "rows", "lee", **asked).json()
    assert (len(seen["rows"]), seen["hidden"]) == (1, 1)
    assert ask(api, told.cast, "rows", "lee", of="K1").json()["rows"] == []
    assert ask(api, told.cast, "open-loops", "lee").json()["hidden"] == 1
    assert ask(api, told.cast, "open-loops", "ina").json()["hidden"] == 0


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_equals_the_picture_and_runs_no_formula(told: Day, api: Any, form: str) -> None:
    query = {"keys": "K7,K4", "by": "priority"}
    picture = ask(api, told.cast, "figures", **query).json()
    lines = table_of(ask(api, told.cast, "figures", **query, **{"as": form}), form)
    head, *rest = lines
    of_file = {
        (row["group"], row["key"], row["clock"], row["source"], row["measure"]): (row["value"], row["n"])
        for row in (dict(zip(head, line, strict=True)) for line in rest)
    }
    for one in picture["groups"]:
        for figure in one["figures"]:
            key = (one["value"], figure["key"], figure["clock"], figure["source"], figure["measure"])
            value, n = of_file[key]
            assert (float(value) if value not in ("", None) else None, int(n)) == (figure["value"], figure["n"])
    rows = table_of(ask(api, told.cast, "rows", of="base.button", part="all", **{"as": form}), form)
    assert any("'=HYPERLINK(1)" in [str(value) for value in line] for line in rows)


def test_buckets_stand_beside_those_of_the_period_before_in_picture_and_file(told: Day, api: Any) -> None:
    query = {"keys": "K4", "since": "2026-03-03", "until": "2026-03-03", "against": "previous"}  # without an order
    picture = ask(api, told.cast, "figures", **query).json()
    lines = table_of(ask(api, told.cast, "figures", **query, **{"as": "csv"}), "csv")
    [now] = picture["groups"][0]["buckets"]
    assert (now["n"], now["before"]["n"]) == (0, 2)
    assert sum(one["before"] for one in now["buckets"]) + now["before"]["not_yet"] == 2
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    shares = [float(row["before"]) for row in rows if row["unit"] == "share"]
    assert sum(shares) == 1
    assert {row["before_n"] for row in rows if row["unit"] == "share"} == {"2"}


def test_the_misses_of_any_period_are_listed_by_limit_and_source_page_by_page(told: Day, api: Any) -> None:
    whole = ask(api, told.cast, "misses").json()
    assert (whole["period"]["first"], whole["count"]) == ("2026-03-02", len(whole["misses"]))
    assert whole["count"] > 1
    ten = ask(api, told.cast, "misses", limit="K8").json()
    assert {row["incident"] for row in ten["misses"]} == {
        row["incident"] for row in whole["misses"] if any(name.startswith("K8") for name in row["missed"])
    }
    rest = ask(api, told.cast, "misses", skip=1).json()
    assert [row["incident"] for row in rest["misses"]] == [row["incident"] for row in whole["misses"]][1:]
    assert rest["count"] == whole["count"]
    first = ask(api, told.cast, "misses", most=1).json()
    assert (first["misses"], first["count"], first["next"]) == (whole["misses"][:1], whole["count"], 1)
    urgent = ask(api, told.cast, "misses", urgent="1").json()
    assert {row["priority"] for row in urgent["misses"]} <= {1, 2}
    for source in ("published", "position"):
        figure = ask(api, told.cast, "figures", keys="K8", clock="A", source=source).json()["groups"][0]["figures"][0]
        listed = ask(api, told.cast, "misses", limit="K8", source=source).json()
        assert sum("K8.A" in row["missed"] for row in listed["misses"]) == figure["n"] - figure["hits"]
        for row in listed["misses"]:
            assert abs(sum(gap["seconds"] for gap in row["gaps"]) - row["elapsed"]["A"]) < 0.01
    assert ask(api, told.cast, "misses", since="2026-01-05", until="2026-01-06").json()["count"] == 0


def table_of(answer: Any, form: str) -> list[list[Any]]:
    """Read a file."""
    assert f".{form}" in answer["Content-Disposition"]
    if form == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [[("" if value is None else str(value)) for value in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize(
    ("which", "query"),
    [
        ("figures", {"by": "nothing"}),
        ("misses", {"limit": "K9"}),
        ("misses", {"skip": "-1"}),
        ("misses", {"most": "301"}),
        ("misses", {"until": "2026-09-03"}),
        ("figures", {"keys": "K21"}),
        ("figures", {"since": "2026-13-01"}),
        ("figures", {"since": "2026-03-03"}),
        ("figures", {"since": "2020-01-01"}),
        ("figures", {"against": "always"}),
        ("figures", {"as": "pdf"}),
        ("figures", {"value": "x" * 41}),
        ("figures", {"shape": "table"}),
        ("figures", {"shape": "columns"}),
        ("figures", {"shape": "columns", "measure": "rate", "against": "year"}),
        ("figures", {"shape": "columns", "measure": "rate", "as": "csv"}),
        ("figures", {"shape": "columns", "measure": "open", "keys": "K20"}),
        ("series", {"per": "hour"}),
        ("series", {"split": "2"}),
        ("series", {"split": "1", "against": "year"}),
        ("series", {"split": "1", "by": "station", "value": "1"}),
        ("worst", {"hours": "73"}),
        ("types", {"since": "2026-13-01"}),
        ("rows", {}),
        ("rows", {"of": "K7.A.button", "part": "lost"}),
        ("rows", {"of": "K1", "over": "-1"}),
        ("rows", {"of": "K1", "after": "yesterday"}),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_name(cast: Cast, api: Any, which: str, query: Any) -> None:
    with at(0):
        answer = api(cast.user("lee")).get(f"/api/statistics/{which}/", **{**MONDAY, **query})
    assert answer.status_code == 400, query
    assert answer.json()["fields"]


def test_definitions_are_there_in_both_languages(cast: Cast, api: Any) -> None:
    found = api(cast.user("tess")).get("/api/statistics/definitions/").json()
    assert found["en"]["definitions"]["K7.A"]["name"] == "On scene within 5 minutes"
    assert found["zh-hans"]["definitions"]["K11.handling"]["name"] == "群众满意率"
    assert {one.split(".")[0] for one in found["en"]["definitions"]} == {
        *(f"K{at}" for at in range(1, 21)),
        "volume",
        "funnel",
        "times",
    }
    assert found["version"] >= 1


def test_a_split_gives_each_value_its_own_times_and_adds_up_to_the_whole(told: Day, api: Any) -> None:
    told.handled(86_400 + 100, 86_400 + 130, 86_400 + 300, priority=3)
    follower.follow()
    query = {"keys": "K7", "clock": "A", "source": "button", "since": "2026-03-02", "until": "2026-03-03", "per": "day"}
    with at(86_400 + 12 * 3600):
        asks = api(told.cast.user("lee"))
        split = asks.get("/api/statistics/series/", **{**query, "by": "priority", "split": "1"}).json()["groups"]
        whole = asks.get("/api/statistics/series/", **query).json()["groups"]
        # Monday and Tuesday are of one week and one month, the weekend before is of others.
        longer = {**query, "since": "2026-02-28"}
        by_time = {
            per: asks.get("/api/statistics/series/", **{**longer, "per": per}).json()["groups"]
            for per in ("week", "month")
        }
    counts = {
        per: {one["value"]: (one["figures"][0]["hits"], one["figures"][0]["n"]) for one in groups}
        for per, groups in by_time.items()
    }
    assert counts == {
        "week": {"2026-02-23": (0, 0), "2026-03-02": (2, 4)}, "month": {"2026-02-01": (0, 0), "2026-03-01": (2, 4)},
    }  # fmt: skip
    found = {(one["value"], one["at"]): (one["figures"][0]["hits"], one["figures"][0]["n"]) for one in split}
    assert found == {
        ("2", "2026-03-02"): (1, 2), ("2", "2026-03-03"): (0, 0),
        ("3", "2026-03-02"): (0, 1), ("3", "2026-03-03"): (1, 1),
    }  # fmt: skip
    for day_of_all in whole:
        n = sum(n for (_value, moment), (_hits, n) in found.items() if moment == day_of_all["value"])
        assert n == day_of_all["figures"][0]["n"]


def test_every_cell_says_where_it_lies(told: Day, api: Any) -> None:
    answer = ask(api, told.cast, "figures", keys="K9", measure="p90", clock="A", source="published", by="cell").json()
    [cell] = [one for one in answer["groups"] if one["box"]]
    south, west, north, east = cell["box"]
    assert south <= PLACE["lat"] <= north and west <= PLACE["lng"] <= east
    assert cell["figures"][0]["n"] == 2


def test_the_slowest_stand_first_with_steps_and_timeline_and_hide_a_complaint(told: Day, api: Any) -> None:
    answer = ask(api, told.cast, "worst").json()
    taken = [row["elapsed"]["A"] for row in answer["rows"]]
    assert taken == sorted(taken, reverse=True) and len(taken) == 3
    assert (answer["rows"][0]["arrived_at"], answer["rows"][1]["elapsed"]["A"]) == (None, 700)
    assert sum(gap["seconds"] for gap in answer["rows"][1]["gaps"]) == 700
    masked = ask(api, told.cast, "worst", who="lee").json()
    assert (masked["hidden"], [row["elapsed"]["A"] for row in masked["rows"]]) == (1, [700, 200])
    head, *lines = table_of(ask(api, told.cast, "worst", **{"as": "csv"}), "csv")
    assert [line[head.index("seconds_a")] for line in lines] == [str(one) for one in taken]


def test_types_as_reported_stand_against_types_as_verified(told: Day, api: Any) -> None:
    Incident.objects.filter(priority=3).update(type_verified="0401")
    recount(told.cast.centre.pk, Touched(set(Incident.objects.values_list("id", flat=True)), set(), set()))
    answer = ask(api, told.cast, "types").json()
    plain = Counter(
        Incident.objects.filter(drill=False, merged_into=None).values_list("type_reported", "type_verified")
    )
    assert {(row["reported"], row["verified"]): row["n"] for row in answer["rows"]} == plain
    assert answer["n"] == plain.total() == 3
    [figure] = [
        one
        for one in ask(api, told.cast, "figures", keys="times").json()["groups"][0]["figures"]
        if one["measure"] == "same_type"
    ]
    assert (figure["value"], figure["n"], figure["open"]) == (0, 1, 2)


def test_the_pages_of_the_figures_are_for_supervisors(cast: Cast, client: Any) -> None:
    for path in ("/statistics/", "/wallboard/", "/bulletin/", "/leader/"):
        for who, status in (("sam", 200), ("lee", 200), ("dana", 403), ("omar", 403)):
            client.force_login(cast.user(who))
            assert client.get(path).status_code == status, (path, who)

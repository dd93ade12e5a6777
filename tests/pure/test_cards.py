"""Question cards as data: what is shipped is complete, a finer type changes what it names, a bad file is refused."""

from __future__ import annotations

import copy
import re
import tomllib
from typing import Any

import pytest

from dispatch import report_form
from incidents import cards, code_tables

SHIPPED = cards.read()
DATA: dict[str, Any] = tomllib.loads(cards.SHIPPED.read_text(encoding="utf-8"))


def test_every_top_level_type_has_a_card_and_every_section_is_a_type() -> None:
    types = {row.code for row in code_tables.TABLES["incident_type"]}
    assert {code for code in SHIPPED.by_type if code} <= types
    assert {f"{number:02d}" for number in range(1, 13)} <= set(SHIPPED.by_type)
    for code, card in SHIPPED.by_type.items():
        shown: list[Any] = [*card.questions, *card.checklist]
        for one in shown:
            assert re.search(r"[\u4e00-\u9fff]", one.zh), (code, one)
            assert not re.search(r"[\u4e00-\u9fff]", one.en), (code, one)


@pytest.mark.parametrize("code", ["01", "02", "03", "05", "06", "07", "08", "0206", "0503", "0602"])
def test_safety_is_asked_before_anything_else(code: str) -> None:
    first = [one for one in SHIPPED.of(code).questions if one.kind != cards.SAY][:3]
    assert {one.fills for one in first} & {"weapon", "injured", "trapped", "explosion_leak"}, code


def test_a_finer_type_takes_the_card_of_its_parent_and_changes_what_it_names() -> None:
    parent, child = SHIPPED.of("02"), SHIPPED.of("020601")
    assert [one.key for one in child.questions[:3]] == ["weapon", "here", "children"]
    assert child.questions[3:] == tuple(one for one in parent.questions if one.key != "weapon")
    assert child.checklist[: len(parent.checklist)] == parent.checklist
    assert SHIPPED.of("0101") == SHIPPED.of("01")
    assert SHIPPED.of("").questions == ()
    assert [one.key for one in SHIPPED.of("050301").questions][:2] == ["height", "now"]


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        (("01", "questions"), [["weapon", "yesno", "injured", "问", "ask"]], "cannot fill injured"),
        (("01", "questions"), [["a", "yesno", "", "问", "ask"], ["a", "yesno", "", "问", "ask"]], "stands twice"),
        (("01", "questions"), [["a", "maybe", "", "问", "ask"]], "unknown kind"),
        (("01", "questions"), [["a", "yesno", "", "", "ask"]], "words are missing"),
        (("01", "asks"), [], "unknown name"),
        (("1x", "advice"), "", "two, four or six digits"),
        (("all", "order"), "{where}", "unknown place"),
        (("words", "late_zh"), "", "words are missing"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(where: tuple[str, str], value: Any, said: str) -> None:
    data = copy.deepcopy(DATA)
    data.setdefault(where[0], {})[where[1]] = value
    with pytest.raises(cards.BadCards, match=re.escape(said)):
        cards.from_data(data)


def test_what_differs_between_two_versions_is_named() -> None:
    data = copy.deepcopy(DATA)
    data["0104"]["advice"] = "先救人"
    data["words"]["late_zh"] = "改"
    assert cards.changed(SHIPPED, cards.from_data(data)) == ["0104", "words"]


def test_a_part_of_the_order_without_its_value_is_left_out() -> None:
    values = {"type": "抢夺", "place": "新华路", "advice": "沿逃离方向堵截"}
    assert cards.order_text(SHIPPED.of("0104").order, values) == "抢夺 · 新华路 · 沿逃离方向堵截"


def attribute(table: str, code: str, name: str) -> Any:
    """Look an attribute up among the shipped codes."""
    return code_tables.find(table, code).attributes.get(name)


def lacks(**facts: Any) -> list[str]:
    """Return what a report still lacks beside what every one needs."""
    whole = {"process_text": "x", "address_verified": "x", "camera_ref": "x", **facts}
    return report_form.missing(whole, report_form.needed(whole, on_scene=True, attribute=attribute))


@pytest.mark.parametrize("row", code_tables.TABLES["result"], ids=lambda row: row.code)
def test_every_result_asks_for_its_own_field_by_name(row: code_tables.CodeRow) -> None:
    field = row.attributes.get("extra_field")
    assert ("extra" in row.attributes) == (field is not None)
    missing = lacks(type_verified="0402", result_codes=[row.code], process_text="")
    assert set(missing) == {"process_text"} | ({field} if field else set())


def test_suspects_are_counted_for_crime_and_public_order_and_a_nought_says_something() -> None:
    assert lacks(type_verified="0104", result_codes=["RS20"]) == ["caught", "involved", "escaped", "loss_yuan"]
    counted = {"caught": 0, "involved": 2, "escaped": 2, "loss_unknown": True}
    assert lacks(type_verified="0104", result_codes=["RS20"], **counted) == []
    assert lacks(type_verified="0104", result_codes=["RS01"], **counted) == ["caught"]
    assert lacks(type_verified="0104", result_codes=["RS16"]) == []


def test_traffic_asks_for_its_annex_unless_there_was_no_accident() -> None:
    annex = ["traffic_cause", "road_surface", "visibility", "vehicles_damaged"]
    assert lacks(type_verified="0302", result_codes=["RS08"]) == ["traffic_form", *annex]
    assert lacks(type_verified="0302", result_codes=["RS08"], traffic_form="TF1") == annex
    assert lacks(type_verified="0310", result_codes=["RS07"], traffic_form="TF0") == []

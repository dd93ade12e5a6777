"""The code tables are complete against the domain reference, section 7 (and 5 for states)."""

from __future__ import annotations

import json
import re

import pytest

from incidents.code_tables import TABLES, VERSION, find

COUNTS = {
    "incident_type": 165,  # 12 at the top, 135 below, 18 below those
    "priority": 4,
    "call_kind": 14,
    "channel": 21,
    "result": 24,
    "merit_rule": 6,
    "refusal": 7,
    "delay": 10,
    "cancel": 9,
    "override": 8,
    "exclusion": 6,
    "closing": 8,
    "retention_class": 8,
    "unit_kind": 10,
    "unit_status": 9,
    "grid_duty": 6,
    "duty_level": 3,
    "intake_class": 3,
    "stage": 15,
    "assignment_state": 8,
    "incident_mode": 4,
    "deadline_kind": 12,
    "alert_kind": 42,
    "skill": 6,
    "seat_kind": 5,
    "away_reason": 8,
    "matter": 9,
    "body": 8,
    "traffic_form": 9,
    "traffic_cause": 10,
    "road_surface": 6,
    "visibility": 4,
    "weather": 7,
    "weapon_answer": 3,
    "role": 15,
}
SECOND_LEVEL = {
    "01": 18, "02": 18, "03": 11, "04": 11, "05": 15, "06": 8, "07": 7, "08": 10, "09": 9, "10": 6, "11": 15, "12": 7,
}  # fmt: skip
PRIORITIES_OF_TYPES = {1: 27, 2: 49, 3: 48, 4: 29}  # of levels two and three together: 153
TIMERS = {"1": (30, 30, 300), "2": (60, 30, 300), "3": (180, 60, 600), "4": (1800, 180, None)}


def test_the_tables_are_those_that_were_agreed_and_each_is_complete() -> None:
    assert {table: len(rows) for table, rows in TABLES.items()} == COUNTS
    assert VERSION >= 1


@pytest.mark.parametrize("table", sorted(COUNTS))
def test_every_code_is_unique_named_in_both_languages_and_fits_its_column(table: str) -> None:
    rows = TABLES[table]
    assert len({row.code for row in rows}) == len(rows)
    assert len({row.zh for row in rows}) == len(rows) or table == "incident_type"
    for row in rows:
        assert 0 < len(row.code) <= 24
        assert 0 < len(row.zh) <= 60
        assert 0 < len(row.en) <= 120
        assert re.search(r"[\u4e00-\u9fff]", row.zh) or re.fullmatch(r"\d+", row.zh), row
        assert not re.search(r"[\u4e00-\u9fff]", row.en), row
        assert row.ext_code == ""
        json.dumps(row.attributes)
        assert not set(row.attributes) & {"id", "table", "code", "zh", "en", "ext_code", "active", "version"}


def test_each_top_level_type_has_its_children() -> None:
    types = TABLES["incident_type"]
    for top, count in SECOND_LEVEL.items():
        assert sum(row.attributes["level"] == 2 and row.attributes["parent"] == top for row in types) == count, top
        assert find("incident_type", f"{top}99").attributes["level"] == 2
    assert sum(row.attributes["level"] == 3 for row in types) == 18


def test_a_type_stands_behind_its_parent_and_inherits_whether_it_needs_a_unit() -> None:
    seen: dict[str, dict[str, object]] = {"": {}}
    for row in TABLES["incident_type"]:
        assert row.attributes["parent"] in seen
        assert len(row.code) == 2 * row.attributes["level"]
        parent = seen[row.attributes["parent"]]
        assert parent.get("attendance", row.attributes["attendance"]) == row.attributes["attendance"]
        seen[row.code] = row.attributes
    without = {row.code for row in TABLES["incident_type"] if not row.attributes["attendance"]}
    assert {code[:2] for code in without} == {"10", "11", "12"}


def test_default_priorities_of_types_are_those_of_the_domain_reference() -> None:
    below = [row.attributes["priority"] for row in TABLES["incident_type"] if row.attributes["level"] > 1]
    assert {priority: below.count(priority) for priority in (1, 2, 3, 4)} == PRIORITIES_OF_TYPES
    for code, priority in {"0101": 1, "010403": 2, "020101": 3, "0216": 4, "050301": 1, "0607": 2, "1204": 3}.items():
        assert find("incident_type", code).attributes["priority"] == priority, code


def test_every_top_level_type_has_a_card() -> None:
    for top in SECOND_LEVEL:
        card = find("incident_type", top).attributes
        assert card["first_units"]
        assert card["first_units_en"]
        assert len(card["told"]) == len(card["told_en"])
        assert card["intake_class"] in {row.code for row in TABLES["intake_class"]}
        assert set(card["unit_kinds"]) <= {row.code for row in TABLES["unit_kind"]}
    assert find("incident_type", "10").attributes["told_en"] == ["inspectors only"]


@pytest.mark.parametrize("code", sorted(TIMERS))
def test_the_timers_of_a_priority_are_those_of_the_domain_reference(code: str) -> None:
    timers = find("priority", code).attributes
    assert (timers["order_s"], timers["accept_s"], timers.get("arrive_s")) == TIMERS[code]


def test_call_kinds_say_what_they_create_and_how_they_count() -> None:
    kinds = {row.code: row.attributes for row in TABLES["call_kind"]}
    assert {code for code, kind in kinds.items() if kind["creates_incident"] == "yes"} == {
        "CK01", "CK02", "CK03", "CK04",
    }  # fmt: skip
    assert kinds["CK08"]["creates_incident"] == "joins"
    assert kinds["CK08"]["validity"] == "duplicate"
    assert kinds["CK13"]["creates_incident"] == "if_danger"
    invalid = {code for code, kind in kinds.items() if kind["validity"] == "invalid"}
    assert invalid == {"CK09", "CK10", "CK11", "CK12"}
    closings = {row.code for row in TABLES["closing"]}
    assert {kind["closing"] for kind in kinds.values() if "closing" in kind} <= closings


def test_nothing_ever_rings_back_on_the_two_silent_channels() -> None:
    assert {row.code for row in TABLES["channel"] if row.attributes.get("never_ring_back")} == {"CH21", "CH23"}
    assert {row.code for row in TABLES["channel"] if row.attributes.get("voice")} == {"CH11", "CH12", "CH13"}


def test_results_name_what_they_demand() -> None:
    demands = {row.code: row.attributes["extra"] for row in TABLES["result"] if "extra" in row.attributes}
    assert demands == {
        "RS01": "suspects",
        "RS02": "case_no",
        "RS03": "case_no",
        "RS06": "grid_task",
        "RS09": "case_no",
        "RS11": "where",
        "RS13": "who",
        "RS14": "transfer",
        "RS18": "property",
        "RS19": "receipt",
        "RS23": "reason",
        "RS99": "text",
    }


@pytest.mark.parametrize("table", ["refusal", "delay", "cancel", "override", "closing", "result", "call_kind"])
def test_the_reason_other_needs_a_text(table: str) -> None:
    for row in TABLES[table]:
        assert (row.zh == "其他") == bool(row.attributes.get("needs_text")), row


def test_no_refusal_says_not_my_area() -> None:
    assert not [row for row in TABLES["refusal"] if "辖区" in row.zh or "area" in row.en]


def test_unit_statuses_carry_the_numbers_of_the_domain_reference_and_none_is_red() -> None:
    numbers = {row.code: row.attributes["number"] for row in TABLES["unit_status"]}
    assert list(numbers.values()) == [10, 20, 25, 30, 40, 50, 60, 70, 80]
    assert {row.code for row in TABLES["unit_status"] if row.attributes["derived"]} == {
        "assigned", "en_route", "on_scene",
    }  # fmt: skip
    assert "#ff3838" not in {row.attributes["hex"] for row in TABLES["unit_status"]}


def test_seats_and_partner_teams_are_never_sent_alone() -> None:
    never = {row.code for row in TABLES["unit_kind"] if not row.attributes["dispatchable"]}
    assert never == {"UB", "UV", "UJ"}


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        find("refusal", "RF7")

"""The replay on paper: reading the export, the stated rules, the order of the steps, and what counts as a difference."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest

from dispatch.replay import check, mapping, plan, rows
from dispatch.replay.check import Found
from dispatch.replay.plan import Plan
from dispatch.replay.progress import OtherReplay, Progress
from incidents import code_tables

BOX = (-122.6, 37.6, -122.3, 37.9)
COLUMNS = {
    "Call Number": "200983546",
    "Unit ID": "E32",
    "Incident Number": "20041901",
    "Call Type": "Medical Incident",
    "Received DtTm": "04/07/2020 11:53:08 PM",
    "Entry DtTm": "04/07/2020 11:55:30 PM",
    "Dispatch DtTm": "04/07/2020 11:55:56 PM",
    "Response DtTm": "04/07/2020 11:58:22 PM",
    "On Scene DtTm": "04/08/2020 12:00:00 AM",
    "Transport DtTm": "",
    "Call Final Disposition": "Code 2 Transport",
    "Available DtTm": "04/08/2020 12:15:40 AM",
    "Address": "4000 Block of MISSION ST",
    "City": "San Francisco",
    "Original Priority": "3",
    "Final Priority": "3",
    "Unit Type": "ENGINE",
    "Location": "(37.73217458500619, -122.42779351441527)",
    "RowID": "200983546-E32",
}


def line(**changes: str) -> dict[str, str]:
    named = {
        "unit": "Unit ID",
        "incident": "Incident Number",
        "dispatch": "Dispatch DtTm",
        "response": "Response DtTm",
        "arrival": "On Scene DtTm",
        "available": "Available DtTm",
        "received": "Received DtTm",
        "entry": "Entry DtTm",
        "location": "Location",
    }
    changed = {**COLUMNS, **{named[name]: value for name, value in changes.items()}}
    changed["RowID"] = f"{changed['Incident Number']}-{changed['Unit ID']}"
    return changed


def clock(text: str) -> str:
    return f"04/08/2020 {text} AM"


def export_of(*lines: dict[str, str]) -> rows.Export:
    return rows.collected(rows.responses(lines))


def plan_of(*lines: dict[str, str]) -> Plan:
    return plan.made(export_of(*lines), BOX)


def kinds(made: Plan) -> list[str]:
    return [step.kind for step in made.steps]


def test_a_row_is_read_in_pacific_time() -> None:
    [response] = export_of(line()).responses
    assert response.received == dt.datetime(2020, 4, 8, 6, 53, 8, tzinfo=dt.UTC)
    assert (response.lat, response.lng) == (37.73217458500619, -122.42779351441527)
    assert response.address == "4000 Block of MISSION ST, San Francisco"


def test_a_response_becomes_its_steps_in_their_order() -> None:
    made = plan_of(line())
    expected = ["call", "incident", "finish_call", "order", "depart", "arrive", "clear", "report", "close"]
    assert kinds(made) == expected
    assert [step.after for step in made.steps] == [[], *([number] for number in range(len(expected) - 1))]
    assert made.counts == {}


def test_a_repeated_row_counts_once() -> None:
    made = plan_of(line(), line())
    assert len(made.responses) == 1
    assert made.counts == {"duplicate_row": 1}


def test_a_unit_that_never_left_gets_its_order_taken_back() -> None:
    made = plan_of(line(response="", arrival=""))
    assert kinds(made)[3:] == ["order", "withdraw", "cancel"]
    assert made.counts == {"never_left": 1}


def test_a_unit_that_never_arrived_still_ends_and_reports() -> None:
    made = plan_of(line(arrival=""))
    assert kinds(made)[3:] == ["order", "depart", "clear", "report", "close"]
    assert made.counts == {"never_arrived": 1}


def test_a_missing_time_of_clearing_ends_the_order_at_the_last_known_moment() -> None:
    made = plan_of(line(available=""))
    clear = next(step for step in made.steps if step.kind == "clear")
    assert clear.claim is None
    assert abs((clear.at - made.responses["20041901", "E32"].arrived).total_seconds()) < 1  # type: ignore[operator]
    assert made.counts == {"no_clearing_time": 1}


def test_times_out_of_order_are_played_after_their_predecessor_with_their_own_claim() -> None:
    made = plan_of(line(arrival=clock("12:20:00"), available=clock("12:15:40")))
    arrive, clear = (next(step for step in made.steps if step.kind == kind) for kind in ("arrive", "clear"))
    assert arrive.at < clear.at
    assert clear.claim is not None
    assert clear.claim < arrive.claim  # type: ignore[operator]
    assert made.counts == {"out_of_order": 1}


def test_a_unit_holds_one_order_at_a_time() -> None:
    first = line(available=clock("12:50:00"))
    second = line(incident="20041999", dispatch=clock("12:10:00"), response=clock("12:10:05"), arrival=clock("12:12:00"),
                  available=clock("12:20:00"), received=clock("12:08:00"), entry=clock("12:09:00"))  # fmt: skip
    made = plan_of(second, first)
    index = {step.key: number for number, step in enumerate(made.steps)}
    assert index["20041901/clear/E32"] < index["20041999/order/E32"]
    assert index["20041901/clear/E32"] in made.steps[index["20041999/order/E32"]].after
    assert made.counts == {"overlapping_responses": 1}


def test_an_order_in_the_second_of_the_last_clearing_is_no_overlap() -> None:
    second = line(incident="20041999", dispatch=clock("12:15:40"), response=clock("12:16:00"), arrival=clock("12:18:00"),
                  available=clock("12:20:00"), received=clock("12:08:00"), entry=clock("12:09:00"))  # fmt: skip
    made = plan_of(line(), second)
    index = {step.key: number for number, step in enumerate(made.steps)}
    assert index["20041901/clear/E32"] < index["20041999/order/E32"]
    assert made.counts == {}


def test_units_of_one_second_are_sent_in_one_act() -> None:
    made = plan_of(line(), line(unit="M85"), line(unit="T18", dispatch="04/07/2020 11:56:30 PM"))
    orders = [step.units for step in made.steps if step.kind == "order"]
    assert orders == [("E32", "M85"), ("T18",)]


def test_a_point_outside_the_box_goes_out_by_address() -> None:
    made = plan_of(line(location=""))
    assert made.counts == {"no_point": 1}
    far = plan_of(line(location="(40.0, -122.4)"))
    assert far.counts == {"no_point": 1}


def test_no_step_waits_for_a_later_one() -> None:
    lines = [
        line(unit=f"E{unit}", incident=f"2004{number}", dispatch=clock(f"12:{number % 50:02d}:00"),
             received=clock("12:00:00"), entry=clock("12:00:00"), response=clock(f"12:{number % 50:02d}:10"),
             arrival="", available=clock("12:55:00"))
        for number in range(40) for unit in range(number % 3 + 1)
    ]  # fmt: skip
    made = plan_of(*lines)
    assert all(before < number for number, step in enumerate(made.steps) for before in step.after)
    assert len({step.key for step in made.steps}) == len(made.steps)


def test_only_the_first_incidents_are_kept() -> None:
    export = export_of(line(), line(incident="2", received="04/06/2020 11:00:00 PM"))
    assert {one.incident_no for one in rows.first_incidents(export, 1).responses} == {"2"}
    assert rows.first_incidents(export, None) is export


def test_every_code_of_the_mapping_is_in_our_tables() -> None:
    tables = {name: {row.code for row in found} for name, found in code_tables.TABLES.items()}
    assert {*mapping.TYPES.values(), mapping.OTHER_TYPE} <= tables["incident_type"]
    assert {code for code, _ in mapping.RESULTS.values()} <= tables["result"]
    assert {*mapping.UNIT_KINDS.values(), mapping.OTHER_KIND} <= tables["unit_kind"]
    assert {mapping.NEVER_LEFT, mapping.NOBODY_WENT} <= tables["cancel"]
    assert mapping.CHANNEL in tables["channel"]
    assert mapping.CALL_KIND in tables["call_kind"]


def test_priorities_are_mapped_by_urgency() -> None:
    assert mapping.priority_of("E", "3") == 1
    assert mapping.priority_of("3", "3") == 2
    assert mapping.priority_of("A", "2") == 3


# --- differences ---


def stamp(text: str) -> str:
    return dt.datetime.strptime(f"2020-04-08 {text}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=dt.UTC).isoformat()


def played(made: Plan) -> dict[str, Found]:
    """Return what the API would show had the plan been played faithfully, a second of ours for each step."""
    began = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    shown: dict[str, Any] = {}
    for number, step in enumerate(made.steps):
        at = (began + dt.timedelta(seconds=number)).isoformat(timespec="milliseconds")
        first = made.by_incident()[step.incident_no][0]
        found = shown.setdefault(step.incident_no, {"orders": {}, "incident": {}, "calls": []})
        if step.kind == "call":
            found["calls"] = [{"sent_at": first.received.isoformat(), "recording_id": first.call_no}]
        elif step.kind == "incident":
            found["incident"] = {
                "type_reported": mapping.type_of(first.call_type),
                "priority_at_intake": mapping.priority_of(first.original_priority, first.final_priority),
                "address_text": first.address,
                "point": {"lat": round(first.lat, 7), "lng": round(first.lng, 7)} if first.lat and first.lng else None,
            }
        elif step.kind == "order":
            for unit in step.units:
                found["orders"][unit] = order(at, step.claim.isoformat() if step.claim else "")
        elif step.kind in ("close", "cancel"):
            found["incident"]["stage"] = {"close": "closed", "cancel": "cancelled"}[step.kind]
        elif step.units:
            advance(found["orders"][step.units[0]], step.kind, at, step.claim)
    return {number: Found(one["incident"], one["orders"], one["calls"]) for number, one in shown.items()}


def order(at: str, text: str) -> dict[str, Any]:
    empty = dict.fromkeys(("departed_at", "on_scene_at", "finished_at", "withdrawn_at"))
    return {"dispatched_at": at, "order_text": text, "cancel_text": "", "marks": {}, **empty}


def advance(row: dict[str, Any], kind: str, at: str, claim: dt.datetime | None) -> None:
    if kind == "withdraw":
        row |= {"withdrawn_at": at, "cancel_text": claim.isoformat() if claim else ""}
    elif kind in ("depart", "arrive", "clear"):
        column, name = {
            "depart": ("departed_at", "en_route"),
            "arrive": ("on_scene_at", "on_scene"),
            "clear": ("finished_at", "finished"),
        }[kind]
        row[column] = at
        row["marks"][name] = {"implied": False, "device_at": claim.isoformat() if claim else None}


def found_by(made: Plan, found: dict[str, Found]) -> list[tuple[str, str]]:
    return [(one.what, one.rule) for one in check.compare(made, found, [], BOX)]


def test_a_faithful_replay_has_no_difference() -> None:
    made = plan_of(line(), line(unit="M85", dispatch="04/07/2020 11:56:30 PM", response="04/07/2020 11:57:00 PM"))
    assert found_by(made, played(made)) == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"response": "", "arrival": ""}, "never_left"),
        ({"available": ""}, "no_clearing_time"),
        ({"arrival": clock("12:20:00")}, "out_of_order"),
    ],
)
def test_a_difference_that_a_rule_brings_about_is_explained_by_it(changes: dict[str, str], rule: str) -> None:
    made = plan_of(line(**changes))
    found = found_by(made, played(made))
    assert found
    assert {explained for _, explained in found} == {rule}


def test_an_overlap_is_explained_as_one() -> None:
    first = line(available=clock("12:50:00"))
    second = line(incident="20041999", dispatch=clock("12:10:00"), response=clock("12:10:05"), arrival=clock("12:12:00"),
                  available=clock("12:20:00"), received=clock("12:08:00"), entry=clock("12:09:00"))  # fmt: skip
    made = plan_of(first, second)
    assert {rule for _, rule in found_by(made, played(made))} == {"overlapping_responses"}


def test_whatever_no_rule_explains_is_unexplained() -> None:
    made = plan_of(line(), line(unit="M85"))
    good = played(made)

    def changed(**order_changes: Any) -> list[tuple[str, str]]:
        found = copy.deepcopy(good)
        found["20041901"].orders["E32"].update(order_changes)
        return found_by(made, found)

    assert changed(departed_at=None)[0] == ("states", "")
    assert changed(order_text="")[0] == ("time of dispatched", "")
    late = good["20041901"].orders["E32"]["marks"] | {"on_scene": {"implied": False, "device_at": stamp("09:00:00")}}
    assert changed(marks=late)[0] == ("time of on_scene", "")
    assert changed(dispatched_at="2026-01-06T00:00:00.000+00:00") != []

    missing = copy.deepcopy(good)
    del missing["20041901"].orders["M85"]
    assert ("units", "") in found_by(made, missing)
    assert found_by(made, {}) == [("missing incident", "")]
    assert ("extra incident", "") in found_by(made, {**good, "1": good["20041901"]})
    assert check.compare(made, good, ["20041901"], BOX)[0].what == "more than once"


# --- progress ---


def test_progress_survives_a_torn_last_line(tmp_path: Any) -> None:
    path = tmp_path / "replay" / "x.jsonl"
    first = Progress(path)
    first.begin({"centre": "X", "epoch": "1"}, resume=False)
    first.note("1/call", {"id": 7})
    first.note("1/finish_call", {})
    first.write()
    with path.open("a") as file:
        file.write('{"step": "2/ca')
    again = Progress(path)
    again.begin({"centre": "X", "epoch": "1"}, resume=True)
    assert again.done == {"1/call": {"id": 7}, "1/finish_call": {}}


def test_progress_of_another_database_is_refused_and_so_is_a_start_over_it(tmp_path: Any) -> None:
    path = tmp_path / "x.jsonl"
    first = Progress(path)
    first.begin({"centre": "X", "epoch": "1"}, resume=False)
    first.note("1/call", {"id": 7})
    first.write()
    with pytest.raises(OtherReplay):
        Progress(path).begin({"centre": "X", "epoch": "2"}, resume=True)
    with pytest.raises(OtherReplay):
        Progress(path).begin({"centre": "X", "epoch": "1"}, resume=False)

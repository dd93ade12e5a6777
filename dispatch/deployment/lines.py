"""Answers of deployment as tables to save: the same values as on the screen. Pure."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def of_trial(trial: Json) -> list[list[Any]]:
    """Return a line for each measure, then those of the calibration."""
    head = ["measure", "unit", "baseline", "changed", "difference", "low_95", "high_95", "n", "days"]
    answer = trial["answer"] or {"measures": [], "calibration": {}, "n": None, "days": None}
    lines: list[list[Any]] = [head]
    for one in answer["measures"]:
        low, high = one["interval"] or (None, None)
        values = [one["baseline"], one["changed"], one["difference"], low, high]
        lines.append([one["key"], one["unit"], *values, answer["n"], answer["days"]])
    for key in ("recorded_within_5", "played_within_5", "recorded_median_s", "played_median_s", "agrees"):
        if key in answer["calibration"]:
            value = answer["calibration"][key]
            lines.append([f"calibration.{key}", "", value, None, None, None, None, answer["calibration"]["n"], None])
    if answer.get("insufficient"):
        lines.append(["insufficient", "", None, None, None, None, None, answer["n"], answer["days"]])
    return lines


def of_demand(answer: Json) -> list[list[Any]]:
    """Return a line for each area in total and for each of its hours of the week."""
    head = ["area", "name", "hour_of_week", "incidents", "unit_hours", "per_unit_hour", "low_95", "high_95"]
    lines: list[list[Any]] = [head]
    for area in [*answer["areas"], answer["whole"]]:
        for hour, one in [("", area["total"]), *enumerate(area["hours"])]:
            low, high = one["interval"] or (None, None)
            values = [one["incidents"], one["unit_hours"], one["per_unit_hour"], low, high]
            lines.append([area["code"], area["name"], hour, *values])
    return lines

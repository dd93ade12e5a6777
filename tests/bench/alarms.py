"""The alarm budget in a simulated shift (EEMUA 191): how many alarms a seat hears in ten minutes, on average and at worst.

`ZZ110_ALARM_MINUTES` (20) of real time are simulated at the pace of a normal day, then the same again at five times the
calls, which is a flood. Real time, because the limits are: a city played faster would be late by our clocks alone.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import Any

from incidents import alarm_policy
from tests.bench.figures import line
from tests.stack.stack import Stack, manage

NORMAL, FLOOD = 1_200, 6_000  # calls a day
TARGETS = {"normal": "mean ≤ 1", "flood": "worst < 10"}


def play(stack: Stack, calls_a_day: int, minutes: float) -> None:
    """Simulate a part of a shift in real time."""
    volume = ("--calls-per-day", str(calls_a_day), "--minutes", str(minutes), "--seed", "3")
    manage(stack.environment, "simulate", "--url", stack.base_url, "--speed", "1", "--json", *volume)


def alerts(stack: Stack, since: dt.datetime) -> list[dict[str, Any]]:
    """Return what was raised since then."""
    return stack.sql("SELECT kind, severity, sounds, raised_at FROM incidents_alert WHERE created_at > %s", [since])


def told(name: str, rows: list[dict[str, Any]], minutes: float) -> None:
    """Print one line for each kind of seat."""
    rung = [row for row in rows if row["sounds"]]
    joined = sum(not row["sounds"] and row["severity"] != alarm_policy.CAUTION for row in rows)
    listed = sum(row["severity"] == alarm_policy.CAUTION for row in rows)
    for role in alarm_policy.EVERY_SEAT:
        heard = [row["raised_at"] for row in rung if role in alarm_policy.heard_by(row["kind"])]
        line(
            f"alarms_{name}",
            role=role,
            minutes=minutes,
            raised=len(rows),
            rung=len(heard),
            joined=joined,
            listed=listed,
            per_seat_hour=round(len(heard) * 60 / minutes, 2),
            per_10_min=round(alarm_policy.per_window(len(heard), dt.timedelta(minutes=minutes)), 2),
            worst_10_min=alarm_policy.worst_window(heard),
            kinds=json.dumps(sorted({row["kind"] for row in rung})),
            target=f"{TARGETS[name]} in 10 min at a seat",
        )


def run(stack: Stack, seconds: float) -> None:
    """Measure a normal shift and a flood; a short run of benches makes them short."""
    minutes = float(os.environ.get("ZZ110_ALARM_MINUTES", "20" if seconds >= 60 else "2"))
    for name, calls_a_day in (("normal", NORMAL), ("flood", FLOOD)):
        since = dt.datetime.now(dt.UTC)
        play(stack, calls_a_day, minutes)
        told(name, alerts(stack, since), minutes)

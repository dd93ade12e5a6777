"""`manage.py calibrate`: whether the chances that the ranking shows come true, and how early the warnings come, offline."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dispatch.evaluation import calibration
from dispatch.evaluation.world import world


class Command(BaseCommand):
    help = (
        "Foresees the arrivals of a simulated month and compares them with what came: reliability, Brier score, lead."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        told = calibration.calibrate(world(), options["days"], options["seed"])
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for name in ("fitted", "shipped"):
            for limit, one in told[name].items():
                self.stdout.write(
                    f"{name:<8} {limit:<3} n={one['n']} rate {one['rate']:.1%} Brier {one['brier']} "
                    f"(plain rate {one['brier_of_rate']}) mean error {one['mean_error']:.1%} worst {one['worst_bin']:.1%}"
                )
        self.stdout.write("foreseen and true, A5: " + pairs(told["fitted"]["A5"]["table"]))
        self.stdout.write("warning: " + json.dumps(told["warning"]))


def pairs(table: list[dict[str, Any]]) -> str:
    """Return a reliability table in one line."""
    return "  ".join(f"{row['foreseen']:.0%}/{row['true']:.0%} ({row['n']})" for row in table)

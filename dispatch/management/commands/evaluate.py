"""`manage.py evaluate --policy road|straight|fixed-beat --days 30 --seed N`: how a policy would have done, offline."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dispatch import policy as rules
from dispatch import spread
from dispatch.evaluation import days, figures, simulation
from dispatch.evaluation.policies import POLICIES
from dispatch.evaluation.world import world


class Command(BaseCommand):
    help = "Replays the same simulated calls with a dispatch policy, and says how much the others differ."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--policy", choices=sorted(POLICIES), default="road")
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--alone", action="store_true", help="do not run the other policies for comparison")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        told = evaluate(options["policy"], options["days"], options["seed"], alone=options["alone"])
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for name, run in told["runs"].items():
            found = run["all"]
            self.stdout.write(
                f"{name:<11} n={run['n']}  5 min: A {found['A']['within_5']:.1%} B {found['B']['within_5']:.1%}  "
                f"10 min: A {found['A']['within_10']:.1%} B {found['B']['within_10']:.1%}  "
                f"mean A {found['A']['mean_s']} s"
            )
        for name, other in told["against"].items():
            for limit, one in other.items():
                low, high = one["interval"]
                self.stdout.write(
                    f"{told['policy']} − {name}, {limit}: {one['difference']:+.2%} (95 %: {low:+.2%} … {high:+.2%})"
                )


def evaluate(policy: str, length: int, seed: int, *, alone: bool) -> dict[str, Any]:
    """Run a policy, and the others on the same calls unless alone; returns figures, differences and speed (simulated days
    per hour of one core, whatever else the machine does)."""
    city = world()
    calls = list(days.events(city, length, seed))
    shipped = spread.shipped(rules.current())
    names = [policy] if alone else [policy, *(name for name in POLICIES if name != policy)]
    rows, runs, took = {}, {}, {}
    for name in names:
        start = time.process_time()
        result = simulation.run(city, calls, POLICIES[name], shipped, seed)
        took[name] = time.process_time() - start
        rows[name] = figures.arrivals(result)
        runs[name] = {**figures.summary(rows[name]), "orders": len(result.trips), "unserved": result.unserved}
        runs[name]["days_per_hour"] = round(length / took[name] * 3_600)
    against = {name: figures.difference(rows[policy], rows[name], seed) for name in names[1:]}
    told = {"policy": policy, "days": length, "seed": seed, "ranking": rules.current().version, "runs": runs}
    return {**told, "against": against}

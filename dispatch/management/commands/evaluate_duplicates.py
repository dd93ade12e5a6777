"""`manage.py evaluate_duplicates`: what the suggested duplicates are worth on labelled calls, offline."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dispatch.evaluation import duplicates
from incidents import likeness

FITTED_ON = (1001, 1002, 1003)


class Command(BaseCommand):
    help = "Holds suggested duplicates against labelled simulated calls: precision, recall, F1, truth of the chances."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--events", type=int, default=2_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--fit", action="store_true", help="print weights fitted on other seeds instead")

    def handle(self, *args: Any, **options: Any) -> None:
        known = likeness.rules()
        if options["fit"]:
            for name, value in duplicates.fit(options["events"], FITTED_ON, known).items():
                self.stdout.write(f"{name} = {value}")
            return
        told = duplicates.evaluate(options["events"], options["seed"], known)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for name in ("all_words", "half_of_the_words", "old_rule"):
            one = told[name]
            self.stdout.write(
                f"{name:<18} {one['repeat_calls']} of {one['calls']} calls repeat: precision {one['precision']:.1%} "
                f"recall {one['recall']:.1%} F1 {one['f1']:.3f}"
            )
        for row in told["all_words"]["reliability"]["table"]:
            self.stdout.write(f"stated {row['stated']:.1%} true {row['true']:.1%} (n={row['n']})")

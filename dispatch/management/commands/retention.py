"""`manage.py retention`: what would be redacted, what stops it, and how the last runs went; `--now` does tonight's run."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from dispatch import retention
from incidents.archive import classes
from incidents.row import stamp


class Command(BaseCommand):
    help = "Prints what retention would redact; changes nothing without --now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", action="store_true", help="do it: classify, archive, redact")
        parser.add_argument("--class", dest="name", choices=classes.OF_INCIDENTS, help="print this class only")

    def handle(self, *args: Any, now: bool, name: str | None, **options: Any) -> None:
        moment = timezone.now()
        if now:
            self.stdout.write(f"{retention.run(moment)} done")
        succeeded = retention.successes()
        for one in [name] if name else classes.OF_INCIDENTS:
            lines = retention.plan(moment, one)
            last = stamp(succeeded[one]) or "never"
            self.stdout.write(f"{one}: {len(lines)} due, last success {last}")
            for line in lines:
                stops = f"  held by {', '.join(line['held'])}" if line["held"] else ""
                self.stdout.write(f"  {line['incident_no']}  period ended {stamp(line['redact_after'])}{stops}")

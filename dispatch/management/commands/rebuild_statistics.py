"""Count the statistics anew, day by day; a run that was stopped goes on where it was."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from tqdm import tqdm

from dispatch.statistics import head, rebuild
from dispatch.statistics.period import day_of
from incidents.models import Centre


class Command(BaseCommand):
    """`manage.py rebuild_statistics [--centre CODE]`."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the centre; every one without it."""
        parser.add_argument("--centre", default="", help="code of one centre; all without it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the rebuild and do it, one day a transaction."""
        centres = Centre.objects.order_by("code")
        if options["centre"]:
            centres = centres.filter(code=options["centre"])
        for centre in centres:
            days = rebuild.begin(centre.pk, day_of(timezone.now()))
            sources = 0
            with tqdm(total=days, desc=centre.code, unit="day") as bar:
                while head.read(centre.pk).rebuilding:
                    sources += rebuild.step(centre.pk)
                    left = head.read(centre.pk)
                    done = (
                        days - ((left.rebuild_until - left.rebuild_next).days + 1)
                        if left.rebuild_next and left.rebuild_until
                        else days
                    )
                    bar.update(done - bar.n)
            self.stdout.write(f"{centre.code}: {days} days, {sources} rows")

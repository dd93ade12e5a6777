"""`manage.py paper_kit --cards N --out FILE`: cards with serials of their own, unit board and phone tree, for paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from dispatch import paper
from incidents.models import Centre
from incidents.services import blocks

MOST = 200


class Command(BaseCommand):
    """Give out serials and write the kit."""

    help = "Writes a printable kit for work without the system: cards with serials, unit board, phone tree."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the centre, the number of cards and the file."""
        parser.add_argument("--centre", default="", help="code of the centre; the first one by default")
        parser.add_argument("--cards", type=int, default=50, help=f"how many cards, at most {MOST}")
        parser.add_argument("--out", required=True, help="the HTML file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue the block and write the file."""
        found = Centre.objects.filter(code=options["centre"]) if options["centre"] else Centre.objects.order_by("id")
        centre = found.first()
        if centre is None:
            raise CommandError("There is no such centre.")
        if not 1 <= options["cards"] <= MOST:
            raise CommandError(f"1 to {MOST} cards.")
        block = blocks.issue_numbers(by=None, centre_id=centre.pk, purpose="paper", size=options["cards"])
        with translation.override("zh-hans"):
            Path(options["out"]).write_text(paper.kit_file(centre, block), encoding="utf-8")
        self.stdout.write(f"{options['out']}: cards {block.numbers[0]} to {block.numbers[-1]}\n")

"""`manage.py load_cards FILE`: another version of a centre's question cards (微预案), checked before anything changes."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents import cards as plain
from incidents.models import Centre
from incidents.refusals import BadInput
from incidents.services import cards


class Command(BaseCommand):
    help = (
        "Loads question cards from a file in the form of incidents/codes/cards.toml; --dry-run only says what differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--centre", default="350600", help="code of the centre; the demo city's is %(default)s")
        parser.add_argument("--dry-run", action="store_true", help="check the file, name the changes, load nothing")

    def handle(self, *args: Any, file: Path, centre: str, dry_run: bool, **options: Any) -> None:
        found = Centre.objects.filter(code=centre).first()
        if found is None:
            raise CommandError(f"There is no centre {centre}.")
        try:
            fresh = plain.read(file)
        except (OSError, plain.BadCards) as error:
            raise CommandError(f"{file}: {error}") from error
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        if strange := cards.unknown_types(content):
            raise CommandError(f"{file}: {strange[0]} is no type of the code table")
        before = cards.of_centre(found.pk)
        names = ", ".join(plain.changed(before, fresh)) or "nothing"
        self.stdout.write(f"version {before.version} -> {fresh.version}; changed: {names}")
        if dry_run:
            return
        try:
            cards.load_cards(by=None, centre_id=found.pk, content=content)
        except BadInput as error:
            raise CommandError("; ".join(f"{name}: {words}" for name, words in (error.fields or {}).items())) from error
        self.stdout.write("loaded")

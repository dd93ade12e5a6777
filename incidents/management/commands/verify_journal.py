"""`manage.py verify_journal`: hold every journal against its hashes and its anchor."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from psycopg.conninfo import make_conninfo

from incidents.verify import verify_journal


class Command(BaseCommand):
    help = "Verifies the journals; names the first bad number after any edit, deletion, swap or insertion."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", type=Path, default=settings.ANCHOR_FILE, help="file of anchored heads")
        parser.add_argument("--centre", type=int, help="only this centre's id")

    def handle(self, *args: Any, anchor: Path, centre: int | None, **options: Any) -> None:
        found = connection.get_connection_params()
        names = ("dbname", "user", "password", "host", "port")
        url = make_conninfo(**{name: str(found[name]) for name in names if found.get(name)})
        arguments = [url]
        if anchor.is_file():
            arguments += ["--anchor", str(anchor)]
        else:
            self.stderr.write(f"no anchor at {anchor}: a cut tail cannot be found")
        if centre is not None:
            arguments += ["--centre", str(centre)]
        if verify_journal.main(arguments):
            raise SystemExit(1)

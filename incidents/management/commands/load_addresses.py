"""`manage.py load_addresses FILE.csv --datum GCJ02`: the address index of a centre, in use in one step."""

from __future__ import annotations

import csv
import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from incidents import geo
from incidents.addresses import editions, tables
from incidents.models import Centre, PlaceEdition

FAULTS_SHOWN = 5


class Command(BaseCommand):
    help = (
        "Loads the address index: columns kind (road, crossing, landmark, shop, station, post, house), name, lat, lng; "
        "alias, code, note, accuracy_m; for houses low, high, side (odd, even, both), lat2, lng2. Every row is checked "
        "before anything is written; the index in use stays in use until the new one takes over."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--datum", required=True, choices=geo.DATUMS, help="of every point in the file")
        parser.add_argument("--centre", default="350600", help="code of the centre")
        parser.add_argument("--errors", type=Path, help="where faults are written; FILE.errors.csv by default")

    def handle(self, *args: Any, file: Path, datum: str, centre: str, errors: Path | None, **options: Any) -> None:
        found = Centre.objects.filter(code=centre).first()
        if found is None:
            raise CommandError(f"there is no centre {centre}")
        try:
            digest = hashlib.sha256(file.read_bytes() + datum.encode()).hexdigest()
            if PlaceEdition.objects.filter(centre=found, state="current", digest=digest).exists():
                self.stdout.write("this file is in use already")
                return
            with file.open(encoding="utf-8-sig", newline="") as lines:
                read = tables.read(lines, datum, found.box)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{file.name}: {error}; nothing was changed") from error
        if read.faults:
            self.refuse(file, read.faults, errors or file.with_name(f"{file.name}.errors.csv"))
        self.load(found, file.name, digest, datum, read)
        self.stdout.write(f"{len(read.names)} names, {len(read.ranges)} ranges of house numbers in use")

    def refuse(self, file: Path, faults: list[tables.Fault], errors: Path) -> None:
        """Write the faults into a file and stop."""
        with errors.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([tables.Fault._fields, *faults])
        first = "; ".join(f"row {row}, {column}: {says}" for row, column, says in faults[:FAULTS_SHOWN])
        raise CommandError(f"{file.name}: {len(faults)} faults ({first}), all in {errors}; nothing was changed")

    def load(self, centre: Centre, source: str, digest: str, datum: str, read: tables.Read) -> None:
        """Write the edition, let it take over, and forget what it replaces; one load of a centre at a time."""
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"addresses/{centre.pk}"])
            if not cursor.fetchone()[0]:
                raise CommandError("another load of this centre is under way")
        try:
            editions.forget_unused(centre.pk)
            edition = editions.write(
                centre.pk, source=source[:80], digest=digest, datum=datum, names=read.names, ranges=read.ranges
            )
            editions.settle()
            counts = {"names": len(read.names), "houses": len(read.ranges)}
            editions.use_edition(by=None, centre_id=centre.pk, edition_id=edition.pk, **counts)
            editions.forget_unused(centre.pk)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"addresses/{centre.pk}"])

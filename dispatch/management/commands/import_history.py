"""`manage.py import_history FILE.csv --mapping M.toml`: calls for service of another system, kept apart from our own."""

from __future__ import annotations

import csv
import gzip
import hashlib
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from dispatch.imported import mapping, services
from dispatch.imported.models import History
from dispatch.imported.reading import Fault, Response, read
from incidents import codebook
from incidents.models import Centre

FAULTS_SHOWN = 5


class Command(BaseCommand):
    help = (
        "Loads calls for service that another system exported (.csv or .csv.gz, one row a unit's response). Every row is "
        "checked before anything is written. The same file again is nothing new; a load that was stopped goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="TOML: what the columns mean")
        parser.add_argument("--centre", default="350600", help="code of the centre")
        parser.add_argument("--errors", type=Path, help="where faults are written; FILE.errors.csv by default")
        parser.add_argument("--check", action="store_true", help="check the file and write nothing")
        parser.add_argument("--leave-faulty", action="store_true", help="load the good rows, leave the faulty ones out")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        centre = Centre.objects.filter(code=options["centre"]).first()
        if centre is None:
            raise CommandError(f"there is no centre {options['centre']}")
        said, text = self.mapping_of(options["mapping"])
        try:
            good, faults = self.looked_through(file, said)
            digest = hashlib.sha256(file.read_bytes() + text.encode()).hexdigest()
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{file.name}: {error}; nothing was changed") from error
        errors = options["errors"] or file.with_name(f"{file.name}.errors.csv")
        self.tell(file, good, faults, errors)
        if options["check"]:
            return
        if not good or (faults and not options["leave_faulty"]):
            raise CommandError("nothing was changed; --leave-faulty loads the good rows alone")
        history = services.begin_history(
            by=None, centre_id=centre.pk, source=said.name, file_name=file.name[:120], file_digest=digest, mapping=text,
            rows_total=good, rows_faulty=len(faults),
        )  # fmt: skip
        self.load(file, said, history)

    def mapping_of(self, path: Path) -> tuple[mapping.Mapping, str]:
        """Read the mapping."""
        try:
            text = path.read_text(encoding="utf-8")
            return mapping.read(text, {code for table, code in codebook.book() if table == "incident_type"}), text
        except (OSError, UnicodeDecodeError, mapping.BadMapping) as error:
            raise CommandError(f"{path.name}: {error}") from error

    def looked_through(self, file: Path, said: mapping.Mapping) -> tuple[int, list[Fault]]:
        """Read every row; return how many are good, and the faults."""
        good, faults = 0, []
        with opened(file, said.encoding) as lines:
            for one in tqdm(read(lines, said), desc="check", unit="row", disable=None):
                if isinstance(one, Fault):
                    faults.append(one)
                else:
                    good += 1
        return good, faults

    def tell(self, file: Path, good: int, faults: list[Fault], errors: Path) -> None:
        """Say what was found; every fault goes into a file."""
        self.stdout.write(f"{file.name}: {good} good rows, {len(faults)} faulty")
        if not faults:
            return
        with errors.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([Fault._fields, *faults])
        for row, column, says in faults[:FAULTS_SHOWN]:
            self.stdout.write(f"row {row}, {column}: {says}")
        self.stdout.write(f"all in {errors}")

    def load(self, file: Path, said: mapping.Mapping, history: History) -> None:
        """Write what is missing, with a bar, and end."""
        if history.state == History.State.LOADED:
            self.stdout.write("this file is loaded already")
            return
        with (
            opened(file, said.encoding) as lines,
            tqdm(total=history.rows_total, desc="load", unit="row", disable=None) as bar,
        ):
            bar.update(history.rows_done)
            for done in services.load(history, good_rows(lines, said)):
                bar.update(done - bar.n)
        ended = services.end_history(by=None, history_id=history.pk)
        self.stdout.write(f"history {ended.pk}: {ended.rows_done} rows, {ended.rows_repeated} known before")


def good_rows(lines: TextIO, said: mapping.Mapping) -> Iterator[Response]:
    """Return the rows that are in order."""
    return (one for one in read(lines, said) if isinstance(one, Response))


def opened(file: Path, encoding: str) -> TextIO:
    """Open a file, unpacked where it is packed."""
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding=encoding, newline="")
    return file.open(encoding=encoding, newline="")

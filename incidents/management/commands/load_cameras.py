"""`manage.py load_cameras FILE.csv`: the register of cameras; checked whole before anything changes."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.cameras import table
from incidents.models import Centre
from incidents.services.cameras import load_cameras


class Command(BaseCommand):
    help = (
        "Loads cameras. Columns: gb_code, name, lat, lng, crs, owner_net (police or social); where known bearing, "
        "fov_deg, range_m, pole_code, state (online or offline), neighbours (codes with spaces between them)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--centre", default="350600", help="code of the centre")
        parser.add_argument("--end-missing", action="store_true", help="end the cameras that the file does not name")
        parser.add_argument("--dry-run", action="store_true", help="check the file, load nothing")

    def handle(self, *args: Any, file: Path, centre: str, end_missing: bool, dry_run: bool, **options: Any) -> None:
        found = Centre.objects.filter(code=centre).first()
        if found is None:
            raise CommandError(f"there is no centre {centre}")
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                cameras = table.read(lines, found.box)
        except table.BadTable as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(f"{file.name}: {len(error.faults)} faults; nothing was changed") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file.name}: {error}; nothing was changed") from error
        if dry_run:
            self.stdout.write(f"{len(cameras)} cameras, no fault")
            return
        counts = load_cameras(by=None, centre_id=found.pk, cameras=cameras, end_missing=end_missing)
        said = "{made} new, {changed} changed, {ended} ended".format(**counts)
        self.stdout.write(f"{len(cameras)} cameras, {said}")

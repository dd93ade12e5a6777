"""`manage.py load_areas FILE.geojson --kind beat --datum WGS84`: beats, grids, rings, stations' areas, kinds of area."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents import geo
from incidents.addresses import geojson
from incidents.models import Area, Centre
from incidents.refusals import Refusal
from incidents.services.grounds import load_areas_of_kind


class Command(BaseCommand):
    help = (
        "Loads all areas of one kind from a GeoJSON FeatureCollection of polygons with the properties code, name, owner; "
        "for rings also minutes and unit_kinds. Areas that the file does not have any more are ended."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=Area.Kind.values)
        parser.add_argument("--datum", required=True, choices=geo.DATUMS, help="of every point in the file")
        parser.add_argument("--centre", default="350600", help="code of the centre")

    def handle(self, *args: Any, file: Path, kind: str, datum: str, centre: str, **options: Any) -> None:
        found = Centre.objects.filter(code=centre).first()
        if found is None:
            raise CommandError(f"there is no centre {centre}")
        try:
            areas = geojson.read(file.read_text(encoding="utf-8-sig"), kind, datum, found.box)
            counts = load_areas_of_kind(by=None, centre_id=found.pk, kind=kind, source=file.name[:80], areas=areas)
        except (OSError, UnicodeDecodeError, geojson.BadArea) as error:
            raise CommandError(f"{file.name}: {error}; nothing was changed") from error
        except Refusal as error:
            path, (code, *_) = next(iter((error.fields or {"": [""]}).items()))
            raise CommandError(f"{file.name}: {path}: there is no organisation {code}; nothing was changed") from error
        self.stdout.write(
            f"{len(areas)} areas, {counts['made']} new, {counts['changed']} changed, {counts['ended']} ended"
        )

"""`manage.py load_grids --people P.csv [--teams T.csv] [--polygons G.geojson --datum WGS84]`: the directory of the grids."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents import geo, grid_files
from incidents.addresses import geojson
from incidents.models import Area, Centre
from incidents.refusals import BadInput, Refusal
from incidents.services.grids import Pair, load_directory
from incidents.services.grounds import load_areas_of_kind


class Command(BaseCommand):
    help = (
        "Loads the grids of a centre: polygons (GeoJSON, as load_areas), people (columns grid, worker_no, officer_no, "
        "worker_phone) and partner teams (name, kind, leader, phone, call_sign, grid, members, view_level). Every file is "
        "checked whole; each fault is named with line and column, and then nothing of that file changes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--polygons", type=Path)
        parser.add_argument("--datum", choices=geo.DATUMS, help="of every point of the polygons")
        parser.add_argument("--people", type=Path)
        parser.add_argument("--teams", type=Path)
        parser.add_argument("--centre", default="350600", help="code of the centre")

    def handle(
        self, *args: Any, polygons: Path | None, datum: str | None, people: Path | None, teams: Path | None, centre: str,
        **options: Any,
    ) -> None:  # fmt: skip
        found = Centre.objects.filter(code=centre).first()
        if found is None:
            raise CommandError(f"there is no centre {centre}")
        if polygons is not None:
            self.load_polygons(found, polygons, datum)
        if people is None and teams is None:
            return
        pairs = [Pair(**row) for row in table(people, grid_files.PEOPLE, grid_files.PEOPLE_ALSO)]
        listed = table(teams, grid_files.TEAMS, grid_files.TEAMS_ALSO)
        source = "+".join(file.name for file in (people, teams) if file)[:80]
        try:
            made = load_directory(
                by=None, centre_id=found.pk, source=source, pairs=pairs, teams=grid_files.teams_of(listed)
            )
        except BadInput as error:
            raise CommandError(f"{said(error)}\nnothing was changed") from error
        except grid_files.BadDirectory as error:
            raise CommandError("\n".join([*error.faults, "nothing was changed"])) from error
        self.stdout.write(f"{made['posts']} posts, {made['changed']} changed, {made['teams']} teams")

    def load_polygons(self, centre: Centre, file: Path, datum: str | None) -> None:
        """Bring the grids to what the polygons say."""
        if datum is None:
            raise CommandError("polygons need their --datum")
        try:
            areas = geojson.read(file.read_text(encoding="utf-8-sig"), Area.Kind.GRID, datum, centre.box)
            made = load_areas_of_kind(
                by=None, centre_id=centre.pk, kind=Area.Kind.GRID, source=file.name[:80], areas=areas
            )
        except (OSError, UnicodeDecodeError, geojson.BadArea) as error:
            raise CommandError(f"{file.name}: {error}; nothing was changed") from error
        except Refusal as error:
            path, (code, *_) = next(iter((error.fields or {"": [""]}).items()))
            raise CommandError(f"{file.name}: {path}: there is no organisation {code}; nothing was changed") from error
        self.stdout.write(f"{len(areas)} grids, {made['made']} new, {made['changed']} changed, {made['ended']} ended")


def table(file: Path | None, needed: tuple[str, ...], also: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rows of a file, none where no file is named."""
    if file is None:
        return []
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return grid_files.read(lines, needed, also)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file.name}: {error}; nothing was changed") from error
    except grid_files.BadDirectory as error:
        raise CommandError(
            "\n".join(f"{file.name}: {fault}" for fault in error.faults) + "\nnothing was changed"
        ) from error


def said(error: BadInput) -> str:
    """Return a line for each fault that the database knows of: which list, which line, which column."""
    lines = []
    for path, (sentence, *_) in sorted((error.fields or {}).items()):
        of, number, column = path.split(".")
        lines.append(f"{of}: line {int(number) + grid_files.FIRST_LINE}: {column}: {sentence}")
    return "\n".join(lines)

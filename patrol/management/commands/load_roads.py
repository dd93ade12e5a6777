"""`manage.py load_roads`: bring a road network in from OpenStreetMap or from tables; may be repeated."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import shapely
from django.core.management.base import BaseCommand, CommandError
from shapely.geometry.base import BaseGeometry
from tqdm import tqdm

from incidents import geo
from incidents.models import Centre
from patrol.roads import loading, osm, tables
from patrol.roads.build import NothingLeft, Roads, build
from patrol.roads.network import Network


class Command(BaseCommand):
    help = (
        "Loads the road network of a centre from an OpenStreetMap extract or from two tables. "
        "It is in use at the next ranking; a file that cannot be used changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help=".osm, .osm.gz or .osm.pbf")
        parser.add_argument("--nodes", type=Path, help="table of nodes: id, lon, lat")
        parser.add_argument(
            "--arcs", type=Path, help="table of arcs: from, to and any of metres, seconds, kmh, class, one_way"
        )
        parser.add_argument("--crs", default=geo.WGS84, choices=geo.DATUMS, help="datum of the tables")
        parser.add_argument("--centre", default="350600", help="code of the centre; the demo city's is %(default)s")
        parser.add_argument("--box", nargs=4, type=float, metavar=("WEST", "SOUTH", "EAST", "NORTH"))
        parser.add_argument("--polygon", type=Path, help="GeoJSON file with the area to keep")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON line")

    def handle(self, *args: Any, centre: str, **options: Any) -> None:
        found = Centre.objects.filter(code=centre).first()
        if found is None:
            raise CommandError(f"There is no centre {centre}: manage.py seed --centre {centre} --empty opens it.")
        within = area(options["box"], options["polygon"])
        try:
            with tqdm(desc="roads", unit=" rows", disable=options["json"], leave=False) as bar:
                roads, source = self.read(options, bar.update)
            network = build(roads, source=source, within=within)
        except (osm.UnreadableFile, NothingLeft) as error:
            raise CommandError(f"{error}. Nothing was changed.") from error
        is_new = loading.install(found.pk, network)
        self.report(network, is_new, as_json=options["json"])

    def read(self, options: dict[str, Any], progress: Any) -> tuple[Roads, str]:
        """Read what was named: a file, or both tables."""
        file, nodes, arcs = options["file"], options["nodes"], options["arcs"]
        if file is not None and nodes is None and arcs is None:
            return osm.read(file, progress), file.name
        if file is None and nodes is not None and arcs is not None:
            return tables.read(nodes, arcs, options["crs"], progress), f"{nodes.name}, {arcs.name}"
        raise CommandError("Name one extract, or both --nodes and --arcs.")

    def report(self, network: Network, is_new: bool, *, as_json: bool) -> None:
        """Say what came in and what did not."""
        facts = loading.facts(network) | {"new": is_new, "report": network.report}
        if as_json:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        report = network.report
        self.stdout.write(f"{network.source}: {network.nodes} nodes, {network.edges} edges, {facts['km']} km")
        for name, km in report["km"].items():
            self.stdout.write(f"  {name:14} {km:10.1f} km")
        for name, lost in report["dropped"].items():
            self.stdout.write(f"  {name}: {lost['parts']} parts apart, {lost['km']} km not to be reached, closed to it")
        for odd in report["suspicious_speeds"]:
            self.stdout.write(f"  suspicious speed {odd['kmh']} km/h on {odd['edges']} edges, not used")
        self.stdout.write(f"version {network.version}, {'in use from now on' if is_new else 'in use already'}")


def area(box: list[float] | None, polygon: Path | None) -> BaseGeometry | None:
    """Return the area to keep, in degrees with the longitude first. Raises CommandError."""
    try:
        if box is not None:
            region = geo.Box(*box)
            return shapely.box(region.west, region.south, region.east, region.north)
        if polygon is None:
            return None
        found = json.loads(polygon.read_text(encoding="utf-8"))
        parts = (
            [one["geometry"] for one in found["features"]] if "features" in found else [found.get("geometry", found)]
        )
        return shapely.union_all([shapely.from_geojson(json.dumps(part)) for part in parts])
    except (OSError, ValueError, KeyError, AttributeError, shapely.errors.ShapelyError) as error:
        raise CommandError(f"The area cannot be read: {error}. Nothing was changed.") from error

"""`manage.py load_devices FILE.csv --gateway CODE`: the register of one-key devices, alarm panels and terminals."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents import geo
from incidents.models import Gateway
from incidents.refusals import Refusal
from incidents.row import Json
from incidents.services.gateways import DEVICE_CHANNELS, register_devices

COLUMNS = ("device_no", "channel", "name", "address_text", "lat", "lng", "crs")
OPTIONAL = ("place_note", "contact_name", "contact_phone")


class Command(BaseCommand):
    help = "Loads devices; the file has the columns device_no, channel, name, address_text, lat, lng, crs (and others)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--gateway", required=True, help="code of the device gateway")
        parser.add_argument("--centre", default="350600", help="code of the centre")

    def handle(self, *args: Any, file: Path, gateway: str, centre: str, **options: Any) -> None:
        found = Gateway.objects.filter(centre__code=centre, code=gateway, kind=Gateway.Kind.DEVICE).first()
        if found is None:
            raise CommandError(f"{centre} has no device gateway {gateway}: register it with manage.py gateway")
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                devices = read_devices(csv.DictReader(lines), found.centre.box)
            counts = register_devices(by=None, gateway_id=found.pk, devices=devices)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise CommandError(f"{file.name}: {error}; nothing was changed") from error
        except Refusal as error:
            raise CommandError(f"{file.name}: {error.sentence}; nothing was changed") from error
        self.stdout.write(f"{len(devices)} devices, {counts['made']} new, {counts['changed']} changed")


def read_devices(lines: csv.DictReader[str], box: list[float]) -> list[Json]:
    """Return the facts of each line. Raises ValueError with the number of the first bad line."""
    missing = [name for name in COLUMNS if name not in (lines.fieldnames or [])]
    if missing:
        raise ValueError(f"the column {missing[0]} is missing")
    devices = []
    for number, line in enumerate(lines, 2):
        try:
            devices.append(read_device(line, box))
        except (ValueError, geo.BadPoint) as error:
            raise ValueError(f"line {number}: {error}") from error
    if not devices:
        raise ValueError("there is no device in it")
    return devices


def read_device(line: dict[str, str], box: list[float]) -> Json:
    """Return the facts of one line."""
    for name in ("device_no", "name", "address_text"):
        if not (line[name] or "").strip():
            raise ValueError(f"{name} is empty")
    if line["channel"] not in DEVICE_CHANNELS:
        raise ValueError(f"channel must be one of {', '.join(DEVICE_CHANNELS)}")
    lat, lng = geo.to_wgs84(float(line["lat"]), float(line["lng"]), line["crs"])
    south, west, north, east = box
    if not (south <= lat <= north and west <= lng <= east):
        raise ValueError("the point lies outside the region of the centre")
    point = {
        "lat": round(lat, 7),
        "lng": round(lng, 7),
        "accuracy_m": None,
        "source": "register",
        "taken_at": None,
        "crs_in": line["crs"],
        "raw": [float(line["lat"]), float(line["lng"])],
    }
    facts = {name: line[name].strip() for name in ("device_no", "channel", "name", "address_text")}
    return {**facts, **{name: (line.get(name) or "").strip() for name in OPTIONAL}, "point": point}

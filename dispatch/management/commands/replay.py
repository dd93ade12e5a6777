"""`manage.py replay`: a real calls-for-service export, played through the public API and compared with it afterwards."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from argparse import ArgumentParser
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dispatch.replay import opening, plan, rows
from dispatch.replay.check import Difference
from dispatch.replay.progress import OtherReplay, Progress, path_of
from dispatch.replay.run import Options, run
from dispatch.simulator.client import SignInRefused

SHOWN_PER_RULE = 3


class Command(BaseCommand):
    help = "Plays a fire department's export (CSV, CSV.GZ) into a centre of its own over HTTP and compares the result."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--url", default=os.environ.get("ZZ110_ADDRESS", "http://127.0.0.1:8110"))
        parser.add_argument("--centre", default="SFFD", help="code of the centre, opened where it is missing")
        parser.add_argument("--speed", default="max", help="times real time; max or 0: as fast as possible")
        parser.add_argument("--limit", type=int, help="only the first so many incidents")
        parser.add_argument("--resume", action="store_true", help="go on with a replay that was stopped")
        parser.add_argument("--check", action="store_true", help="play nothing, only compare")
        parser.add_argument("--json", action="store_true", help="print one line of JSON at the end, nothing before")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if not file.exists():
            raise CommandError(f"There is no file {file}.")
        export = rows.read(file)
        box = rows.box_around(export.responses)
        made = plan.made(rows.first_incidents(export, options["limit"]), box)
        chosen = Options(
            url=options["url"],
            code=options["centre"],
            speed=speed_of(options["speed"]),
            resume=options["resume"],
            only_check=options["check"],
        )
        if not chosen.only_check:
            units = {response.unit: response.unit_type for response in made.responses.values()}
            quiet = open(os.devnull, "w") if options["json"] else self.stdout  # noqa: SIM115  closed with the process
            opening.open_centre(chosen.code, box, units, say=quiet)
        progress = Progress(path_of(Path(settings.HOME), chosen.code, file))
        try:
            found, differences = asyncio.run(run(chosen, made, box, progress))
        except (OtherReplay, SignInRefused, ConnectionError) as error:
            raise CommandError(str(error)) from error
        self.tell(found, differences, as_json=options["json"])
        if found.get("stopped"):
            raise CommandError("Stopped; add --resume to go on.")
        if found["unexplained"] or found.get("failed"):
            sys.exit(1)

    def tell(self, found: dict[str, Any], differences: list[Difference], *, as_json: bool) -> None:
        """Print the differences by their rule, and the figures."""
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for rule, group in groupby(sorted(differences, key=lambda one: one.rule), key=lambda one: one.rule):
            held = list(group)
            self.stdout.write(f"{rule or 'UNEXPLAINED'}: {len(held)}")
            for one in held[: SHOWN_PER_RULE if rule else None]:
                self.stdout.write(f"  {one.subject}: {one.what}: file {one.file}, ours {one.ours}")
        for name, value in found.items():
            self.stdout.write(f"{name}: {value}")


def speed_of(text: str) -> float:
    """Return the multiple of real time, 0 for as fast as possible. Raises CommandError."""
    if text == "max":
        return 0.0
    try:
        speed = float(text)
    except ValueError as error:
        raise CommandError("--speed is a number, or max.") from error
    if speed < 0:
        raise CommandError("--speed is not below 0.")
    return speed

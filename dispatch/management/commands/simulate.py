"""`manage.py simulate`: callers, desk and patrols of the demo city, through the public API and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispatch.simulator.client import SignInRefused
from dispatch.simulator.report import COUNTED
from dispatch.simulator.run import START_HOUR, Options, Simulation


class Command(BaseCommand):
    help = "Plays the demo city on a running ZZ110: calls, call-takers, dispatchers, patrols on the roads, reviewers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=os.environ.get("ZZ110_ADDRESS", "http://127.0.0.1:8110"))
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same calls and decisions")
        parser.add_argument("--speed", type=float, default=1.0, help="times real time of the agents' clock")
        parser.add_argument("--minutes", type=float, help="minutes of the agents' clock; without it until stopped")
        parser.add_argument("--pace", choices=("gentle", "full"), default="full")
        parser.add_argument("--calls-per-day", type=float, help="another volume than the pace's own")
        parser.add_argument("--hour", type=int, default=START_HOUR, help="hour of the agents' day at the start")
        parser.add_argument("--drill", action="store_true", help="mark every call and incident as a drill")
        parser.add_argument("--json", action="store_true", help="print one line of JSON at the end, nothing before")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["speed"] <= 0 or not 0 <= options["hour"] <= 23:
            raise CommandError("--speed is above 0, --hour from 0 to 23.")
        chosen = Options(
            url=options["url"],
            seed=options["seed"],
            speed=options["speed"],
            minutes=options["minutes"],
            pace=options["pace"],
            calls_a_day=options["calls_per_day"],
            start_hour=options["hour"],
            drill=options["drill"],
        )
        quiet = options["json"]
        try:
            found = asyncio.run(play(chosen, lambda line: None if quiet else self.stdout.write(line)))
        except SignInRefused as error:
            raise CommandError(f"The demo city is not there, or its password is another: {error}") from error
        if quiet:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self.stdout.write(ended(found))


async def play(options: Options, say: Any) -> dict[str, Any]:
    """Run one simulation and return its summary."""
    return await Simulation(options, say).run()


def ended(found: dict[str, Any]) -> str:
    """Return the last lines of a run for a person."""
    counts = ", ".join(f"{found[name]} {name.replace('_', ' ')}" for name in COUNTED if found[name])
    samples = "".join(f"\n  {text}" for text in found["error_samples"])
    return f"simulate: ended after {found['seconds']:.0f} s: {counts or 'nothing'}; {found['errors']} errors{samples}"

"""`manage.py evaluate_hotspots`: whether the forecast of hot spots is worth anything, on weeks that it has not seen."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dispatch.evaluation import hotspots, planted
from dispatch.prevention import past
from dispatch.prevention.model import Settings, grid_over
from incidents.models import Centre

SIMULATED_BOX: Final = [24.46, 117.60, 24.57, 117.78]
KNOWN_WEEKS: Final = 26
LEAST_EVENTS: Final = 500


class Command(BaseCommand):
    """Hold the forecast against held-back weeks and print one JSON line."""

    help = "Hold the forecast of hot spots against held-back weeks: hit rate at 5 % of the area, PAI."

    def add_arguments(self, parser: Any) -> None:
        """Take which history, and how many weeks of it are held back."""
        parser.add_argument(
            "--centre", default="", help="code of a centre: its own history; without it a simulated one"
        )
        parser.add_argument("--weeks", type=int, default=8, help="weeks that are held back")
        parser.add_argument("--seed", type=int, default=110, help="of the simulated history and of what is drawn")
        parser.add_argument("--json", action="store_true", help="one JSON line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate and print."""
        weeks, seed, code = options["weeks"], options["seed"], options["centre"]
        if not 1 <= weeks <= 52:
            raise CommandError("1 to 52 weeks can be held back")
        found = own(code, weeks, seed) if code else simulated(weeks, seed)
        self.stdout.write(json.dumps(found) if options["json"] else "\n".join(f"{k}: {v}" for k, v in found.items()))


def simulated(weeks: int, seed: int) -> dict[str, Any]:
    """Evaluate on a simulated history with planted patterns."""
    grid = grid_over(SIMULATED_BOX, Settings().cell_m)
    found = planted.history(grid, KNOWN_WEEKS + weeks, seed)
    return {"history": "simulated", **hotspots.evaluate(grid, found.events, weeks=weeks, seed=seed)}


def own(code: str, weeks: int, seed: int) -> dict[str, Any]:
    """Evaluate on a centre's own history."""
    centre = Centre.objects.filter(code=code).first()
    if centre is None:
        raise CommandError(f"there is no centre {code}")
    now = timezone.now()
    rows = past.happened(centre.pk, now - (KNOWN_WEEKS + weeks) * 7 * past.DAY, now, past.PREVENTABLE)
    if len(rows) < LEAST_EVENTS:
        raise CommandError(f"{len(rows)} incidents are too few; {LEAST_EVENTS} are wanted")
    grid = grid_over(centre.box, Settings().cell_m)
    return {"history": code, **hotspots.evaluate(grid, past.as_events(grid, rows), weeks=weeks, seed=seed)}

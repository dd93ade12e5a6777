"""The batch of moved units that each process sends to its consoles once a second; latest wins, never replayed."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import connection
from django.utils import timezone

from incidents.row import stamp
from incidents.tree import branch_above
from patrol.models import Unit

COLUMNS = "unit_id, lat, lng, accuracy_m, speed_kmh, heading, fixed_at, source, suspect"


def positions(centre_id: int, since: dt.datetime | None = None) -> tuple[list[list[Any]], dt.datetime | None]:
    """Return the positions of a centre (docs/contract.md 4) received after `since`, and the newest moment of receipt."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS}, received_at FROM patrol_position WHERE centre_id = %s AND received_at > %s",
            [centre_id, since or dt.datetime(2000, 1, 1, tzinfo=dt.UTC)],
        )
        rows = cursor.fetchall()
    shown = [
        [
            unit,
            round(lat, 6),
            round(lng, 6),
            accuracy,
            None if speed is None else round(speed, 1),
            heading,
            int(fixed_at.timestamp() * 1000),
            source,
            int(suspect),
        ]
        for unit, lat, lng, accuracy, speed, heading, fixed_at, source, suspect, _ in rows
    ]
    return shown, max((row[-1] for row in rows), default=since)


def batch(centre_id: int, since_s: float) -> tuple[dict[str, str], float]:
    """Return the frames of what moved since a moment (seconds since 1970) and where to go on: "" for those who see every
    unit, "station.<id>" for a station's own. Empty when nothing moved."""
    since = dt.datetime.fromtimestamp(since_s, dt.UTC) if since_s else timezone.now()
    shown, newest = positions(centre_id, since)
    until = newest.timestamp() if newest else since.timestamp()
    if not shown:
        return {}, until
    squads = dict(Unit.objects.filter(pk__in=[position[0] for position in shown]).values_list("id", "squad_id"))
    by_audience: dict[str, list[Any]] = {"": shown}
    for position in shown:
        squad = squads[position[0]]
        for org in (squad, branch_above(squad)):
            if org:
                by_audience.setdefault(f"station.{org}", []).append(position)
    at = stamp(timezone.now())
    return {name: framed(found, at) for name, found in by_audience.items()}, until


def framed(shown: list[Any], at: str | None) -> str:
    """Return positions as the text of one frame."""
    return json.dumps({"t": "moved", "at": at, "positions": shown}, separators=(",", ":"))

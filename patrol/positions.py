"""Writing positions: not journalled; the last one in Position, the track in Fix (style rule 50, targets class B)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from patrol import filters
from patrol.filters import FixIn, Last


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: how many were taken, and why others were not (index in the batch, reason)."""

    count: int
    refused: list[tuple[int, str]]


def take_fixes(fixes: list[FixIn]) -> Taken:
    """Store a batch of fixes: one upsert of the last positions, one insert into the track."""
    if not fixes:
        return Taken(0, [])
    now = timezone.now()
    last = last_positions({fix.unit_id for fix in fixes})
    rows, refused = [], []
    for index, fix in enumerate(fixes):
        known = last.get(fix.unit_id)
        if reason := filters.refusal(fix, known, now):
            refused.append((index, reason))
            continue
        suspect = filters.impossibly_fast(fix, known, now)
        rows.append((fix, suspect))
        if not suspect and (known is None or fix.fixed_at >= known.fixed_at):
            last[fix.unit_id] = Last(fix.lat, fix.lng, fix.fixed_at)
    store(rows, now)
    return Taken(len(rows), refused)


def last_positions(units: Iterable[int]) -> dict[int, Last]:
    """Return the last positions that are not suspect."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, lat, lng, fixed_at FROM patrol_position WHERE unit_id = ANY(%s) AND NOT suspect",
            [list(units)],
        )
        return {unit: Last(lat, lng, at) for unit, lat, lng, at in cursor.fetchall()}


# A suspect fix moves the marker's doubt, never the marker: the last good position stays (A51).
UPSERT = """
INSERT INTO patrol_position AS p (unit_id, centre_id, lat, lng, accuracy_m, speed_kmh, heading, fixed_at, received_at,
                                  source, suspect)
SELECT f.unit_id, u.centre_id, f.lat, f.lng, f.accuracy_m, f.speed_kmh, f.heading, f.fixed_at, f.received_at, f.source,
       f.suspect
FROM unnest(%s::bigint[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::timestamptz[],
            %s::timestamptz[], %s::text[], %s::bool[])
     AS f (unit_id, lat, lng, accuracy_m, speed_kmh, heading, fixed_at, received_at, source, suspect)
JOIN patrol_unit u ON u.id = f.unit_id
ORDER BY f.unit_id
ON CONFLICT (unit_id) DO UPDATE SET
    lat = CASE WHEN excluded.suspect THEN p.lat ELSE excluded.lat END,
    lng = CASE WHEN excluded.suspect THEN p.lng ELSE excluded.lng END,
    accuracy_m = CASE WHEN excluded.suspect THEN p.accuracy_m ELSE excluded.accuracy_m END,
    speed_kmh = excluded.speed_kmh, heading = excluded.heading,
    fixed_at = CASE WHEN excluded.suspect THEN p.fixed_at ELSE excluded.fixed_at END,
    received_at = excluded.received_at, source = excluded.source, suspect = excluded.suspect
WHERE excluded.fixed_at >= p.fixed_at
"""
TRACK = """
INSERT INTO patrol_fix (unit_id, lat, lng, accuracy_m, speed_kmh, heading, fixed_at, received_at, source, suspect)
SELECT * FROM unnest(%s::bigint[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[],
                     %s::timestamptz[], %s::timestamptz[], %s::text[], %s::bool[])
ON CONFLICT DO NOTHING
"""


def store(rows: list[tuple[FixIn, bool]], now: dt.datetime) -> None:
    """Write a batch in one transaction; of several fixes of a unit the newest becomes the position."""
    if not rows:
        return
    newest: dict[int, tuple[FixIn, bool]] = {}
    for fix, suspect in rows:
        if fix.unit_id not in newest or fix.fixed_at >= newest[fix.unit_id][0].fixed_at:
            newest[fix.unit_id] = (fix, suspect)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UPSERT, columns(list(newest.values()), now))
        cursor.execute(TRACK, columns(rows, now))


def columns(rows: list[tuple[FixIn, bool]], now: dt.datetime) -> list[list[object]]:
    """Turn rows into the columns that unnest takes."""
    return [
        [fix.unit_id for fix, _ in rows],
        [fix.lat for fix, _ in rows],
        [fix.lng for fix, _ in rows],
        [fix.accuracy_m for fix, _ in rows],
        [fix.speed_kmh for fix, _ in rows],
        [fix.heading for fix, _ in rows],
        [fix.fixed_at for fix, _ in rows],
        [now for _ in rows],
        [fix.source for fix, _ in rows],
        [suspect for _, suspect in rows],
    ]

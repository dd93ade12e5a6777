"""When the wrong place of an event was put right, between departure and end: read from the journal."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from dispatch.statistics.delay_parts import MOVED_M
from dispatch.statistics.delay_steps import Steps, steps_of
from dispatch.statistics.incident_rows import Whole
from dispatch.statistics.query import fetch_binary, listed
from incidents.geo import distance_m

# Only what was written between departure and end, so that few bodies are opened. Moments come as microseconds, exactly.
MOVES = """
SELECT late.id, e.at, e.body::jsonb #> '{data,changes}'
FROM unnest(%(ids)s::bigint[], %(since)s::bigint[], %(until)s::bigint[]) AS late (id, since, until)
JOIN incidents_entry e ON e.incident_id = late.id
  AND e.at > timestamptz 'epoch' + late.since * interval '1 microsecond'
  AND e.at <= timestamptz 'epoch' + late.until * interval '1 microsecond'
WHERE e.centre_id = %(centre)s AND e.kind IN ('incident.placed', 'incident.described')
ORDER BY late.id, e.seq
"""
# What was written after the end moved the place too, so the way back begins at the present one.
LATER = """
SELECT late.id, e.at, e.body::jsonb #> '{data,changes}'
FROM unnest(%(ids)s::bigint[], %(until)s::bigint[]) AS late (id, until)
JOIN incidents_entry e ON e.incident_id = late.id AND e.at > timestamptz 'epoch' + late.until * interval '1 microsecond'
WHERE e.centre_id = %(centre)s AND e.kind IN ('incident.placed', 'incident.described')
ORDER BY late.id, e.seq
"""
Point = tuple[float, float]
Edit = tuple[dt.datetime, dict[str, list[float | None]]]
EPOCH, MICROSECOND = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.timedelta(microseconds=1)
FAR = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)  # the end of what has not ended


def find(centre_id: int, wholes: Collection[Whole]) -> None:
    """Write into events when a wrong place was put right between departure and end: since then the accepted place lies
    within 150 m of where it lay at the end, before it did not. A redacted place is not judged."""
    steps = {whole.row["id"]: steps_of(whole) for whole in wholes if whole.row["lat"] is not None}
    asked = [(key, one) for key, one in steps.items() if one.departed_at is not None]
    if not asked:
        return
    since = listed(microseconds(one.departed_at) for _key, one in asked if one.departed_at is not None)
    during = edits(MOVES, {**ends(centre_id, asked), "since": since})
    moved = [(key, one) for key, one in asked if any(edit for _at, edit in during.get(key, ()))]
    if not moved:
        return
    later = edits(LATER, ends(centre_id, moved))
    by_id = {whole.row["id"]: whole for whole in wholes}
    for key, _one in moved:
        row = by_id[key].row
        by_id[key].place_corrected_at = corrected(then((row["lat"], row["lng"]), later[key]), during[key])


def ends(centre_id: int, found: list[tuple[int, Steps]]) -> dict[str, Any]:
    """Return what names events and their ends to a statement."""
    until = listed(microseconds(one.end_at or FAR) for _key, one in found)
    return {"centre": centre_id, "ids": listed(key for key, _one in found), "until": until}


def microseconds(moment: dt.datetime) -> int:
    """Return the microseconds from 1970 to a moment."""
    return (moment - EPOCH) // MICROSECOND


def edits(statement: str, values: dict[str, Any]) -> defaultdict[int, list[Edit]]:
    """Read what was edited of places: moment and `{lat: [before, after], lng: …}`, oldest first."""
    found: defaultdict[int, list[Edit]] = defaultdict(list)
    for incident, at, changes in fetch_binary(statement, values):
        found[incident].append((at, moved_by(changes)))
    return found


def moved_by(stored: Any) -> dict[str, list[float | None]]:
    """Return what an entry's changes say of latitude and longitude; what was redacted says nothing."""
    changes = json.loads(stored) if isinstance(stored, str) else stored
    if not isinstance(changes, dict):
        return {}
    pairs = {name: changes[name] for name in ("lat", "lng") if name in changes}
    return {
        name: pair for name, pair in pairs.items() if all(one is None or isinstance(one, (int, float)) for one in pair)
    }


def then(place: Point, changes: Sequence[Edit]) -> Point:
    """Return where a place lay before some edits, going back from where it lies after them. Before the first place there
    was none: the first stands for it."""
    lat, lng = place
    for _at, edit in reversed(changes):
        before = edit.get("lat", [lat])[0], edit.get("lng", [lng])[0]
        lat, lng = (lat if before[0] is None else before[0]), (lng if before[1] is None else before[1])
    return lat, lng


def corrected(place: Point, changes: Sequence[Edit]) -> dt.datetime | None:
    """Return since when a place lies within 150 m of where it lies after these edits, `place`; None if it always did."""
    for index, (at, _edit) in reversed(list(enumerate(changes))):
        if distance_m(*then(place, changes[index:]), *place) > MOVED_M:
            return at
    return None

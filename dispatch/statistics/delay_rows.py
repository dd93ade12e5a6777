"""Reading what the parts of a delay rest on: a handful of statements for any number of late incidents."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from dispatch import policy as policies
from dispatch.statistics.delay_parts import MOVED_M, Span, Way
from dispatch.statistics.incident_facts import ended_at
from dispatch.statistics.incident_rows import FAMILY
from dispatch.statistics.query import fetch_binary, listed
from incidents.geo import distance_m

COLUMNS = (
    "id", "stage", "attendance", "priority", "jurisdiction_id", "answered_at", "placed_at", "handled_at", "submitted_at",
    "closed_at", "lat", "lng",
)  # fmt: skip
INCIDENTS = f"""
SELECT {", ".join(COLUMNS)} FROM incidents_incident
WHERE centre_id = %(centre)s AND id = ANY(%(ids)s::bigint[]) ORDER BY id
"""
CALLS = """
SELECT DISTINCT ON (incident_id) incident_id, answered_at, ring_at FROM incidents_call
WHERE incident_id = ANY(%(ids)s::bigint[]) AND answered_at IS NOT NULL ORDER BY incident_id, answered_at, id
"""
ORDERS = """
SELECT id, incident_id, unit_id, call_sign, state, dispatched_at, delivered_at, accepted_at, departed_at,
       departed_pos_at, on_scene_at, override_reason, override_text,
       coalesce((marks -> 'delivered' ->> 'implied')::boolean, false) AS delivered_implied,
       coalesce((marks -> 'accepted' ->> 'implied')::boolean, false) AS accepted_implied,
       coalesce((marks -> 'en_route' ->> 'implied')::boolean, false) AS departed_implied,
       rank_basis ->> 'first' AS first, (rank_basis ->> 'rank')::integer AS rank, (rank_basis ->> 'of')::integer AS of,
       (rank_basis ->> 'record')::bigint AS record,
       (rank_basis ->> 'fix_age_s')::float8 AS fix_age_s, (rank_basis ->> 'expected_s')::float8 AS expected_s,
       (rank_basis ->> 'first_expected_s')::float8 AS first_expected_s
FROM dispatch_assignment WHERE incident_id = ANY(%(ids)s::bigint[]) AND purpose <> 'directive' ORDER BY dispatched_at, id
"""
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
NEVER_STAMPED = frozenset({"refused", "withdrawn"})


@dataclass(slots=True)
class Order:
    """One first-response order with what was known when it was made."""

    id: int
    incident: int
    unit: int
    call_sign: str
    state: str
    dispatched_at: dt.datetime
    delivered_at: dt.datetime | None
    accepted_at: dt.datetime | None
    departed_at: dt.datetime | None
    departed_pos_at: dt.datetime | None
    on_scene_at: dt.datetime | None
    override_reason: str
    override_text: str
    delivered_implied: bool
    accepted_implied: bool
    departed_implied: bool
    first: str | None  # call sign that stood first
    rank: int | None
    of: int | None
    record: int | None
    fix_age_s: float | None
    expected_s: float | None
    first_expected_s: float | None

    @property
    def departure(self) -> dt.datetime | None:
        """Return when the unit left: by its button, else as its position shows, else nobody knows."""
        return self.departed_pos_at if self.departed_implied else self.departed_at

    @property
    def near_s(self) -> float | None:
        """Return how long the nearest unit that could go was expected to need: the first of the list, or who was sent if
        its position was fresh. A stale one says nothing."""
        fresh = self.fix_age_s is not None and self.fix_age_s <= policies.current().never_after_s
        known = (self.expected_s if fresh else None, self.first_expected_s)
        return min([one for one in known if one is not None], default=None)


@dataclass(slots=True)
class Late:
    """One event: an incident with the calls and orders of all that was merged into it."""

    row: dict[str, Any]
    answered_at: dt.datetime
    ring_at: dt.datetime | None
    end_at: dt.datetime
    orders: list[Order] = field(default_factory=list)
    corrected_at: dt.datetime | None = None

    @property
    def arrived_at(self) -> dt.datetime | None:
        """Return the first arrival by button, as the misses count it."""
        return min((order.on_scene_at for order in self.orders if order.on_scene_at is not None), default=None)

    @property
    def counting(self) -> Order | None:
        """Return the order that arrived first, else the most advanced one that is still live."""
        there = [order for order in self.orders if order.on_scene_at is not None]
        if there:
            return min(there, key=lambda order: (order.on_scene_at, order.id))
        live = [order for order in self.orders if order.state not in NEVER_STAMPED]
        return max(live, key=lambda one: (one.departed_at is not None, one.accepted_at is not None), default=None)

    def way(self, nobody: list[Span]) -> Way:
        """Return the moments that are split; what a later step implied has none of its own."""
        order = self.counting
        moments: dict[str, Any] = {}
        if order is not None:
            moments = {
                "order_at": order.dispatched_at,
                "delivered_at": None if order.delivered_implied else order.delivered_at,
                "accepted_at": None if order.accepted_implied else order.accepted_at,
                "departed_at": order.departure,
                "near_s": order.near_s,
            }
        return Way(
            answered_at=self.answered_at,
            end_at=self.end_at,
            reached=self.arrived_at is not None,
            ring_at=self.ring_at,
            placed_at=self.row["placed_at"],
            first_order_at=self.orders[0].dispatched_at if self.orders else None,
            corrected_at=self.corrected_at,
            nobody=nobody,
            **moments,
        )


def read(centre_id: int, ids: Collection[int], now: dt.datetime) -> list[Late]:
    """Read events as they stand; incidents that were merged into others are left out."""
    values: dict[str, Any] = {"centre": centre_id, "ids": list(ids)}
    root_of = {member: root for root, member in fetch_binary(FAMILY, values)}
    family = {"ids": listed(root_of)}
    calls: defaultdict[int, list[tuple[dt.datetime, dt.datetime | None]]] = defaultdict(list)
    for incident, answered_at, ring_at in fetch_binary(CALLS, family):
        calls[root_of[incident]].append((answered_at, ring_at))
    orders: defaultdict[int, list[Order]] = defaultdict(list)
    for values_of in fetch_binary(ORDERS, family):
        order = Order(*values_of)
        orders[root_of[order.incident]].append(order)
    rows = fetch_binary(INCIDENTS, {**values, "ids": listed(set(root_of.values()))})
    found = [late_of(dict(zip(COLUMNS, row, strict=True)), calls[row[0]], orders[row[0]], now) for row in rows]
    find_corrections(centre_id, found)
    return found


def late_of(
    row: dict[str, Any],
    calls: list[tuple[dt.datetime, dt.datetime | None]],
    orders: list[Order],
    now: dt.datetime,
) -> Late:
    """Put one event together; clock A begins with the earliest answer."""
    answered_at, ring_at = min(calls, key=lambda call: call[0], default=(row["answered_at"], None))
    if row["answered_at"] < answered_at:
        answered_at, ring_at = row["answered_at"], None
    late = Late(row, answered_at, ring_at, now, orders)
    late.end_at = late.arrived_at or ended_at(row) or row["handled_at"] or row["closed_at"] or now
    return late


def find_corrections(centre_id: int, found: list[Late]) -> None:
    """Write into events when a wrong place was put right between departure and end: since then the accepted place lies
    within 150 m of where it lay at the end, before it did not. A redacted place is not judged."""
    asked = [(late, left) for late in found if (left := departure_of(late)) is not None and late.row["lat"] is not None]
    since = listed(microseconds(left) for _late, left in asked)
    during = edits(MOVES, {**ends(centre_id, [late for late, _left in asked]), "since": since})
    moved = [late for late, _left in asked if any(edit for _at, edit in during.get(late.row["id"], ()))]
    if not moved:
        return
    later = edits(LATER, ends(centre_id, moved))
    for late in moved:
        key = late.row["id"]
        place = then((late.row["lat"], late.row["lng"]), later[key])
        late.corrected_at = corrected(place, during[key])


def ends(centre_id: int, found: list[Late]) -> dict[str, Any]:
    """Return what names events and their ends to a statement."""
    until = listed(microseconds(late.end_at) for late in found)
    return {"centre": centre_id, "ids": listed(late.row["id"] for late in found), "until": until}


def microseconds(moment: dt.datetime) -> int:
    """Return the microseconds from 1970 to a moment."""
    return (moment - EPOCH) // MICROSECOND


def edits(statement: str, values: dict[str, Any]) -> defaultdict[int, list[Edit]]:
    """Read what was edited of places: moment and `{lat: [before, after], lng: …}`, oldest first."""
    found: defaultdict[int, list[Edit]] = defaultdict(list)
    for incident, at, changes in fetch_binary(statement, values):
        found[incident].append((at, moved_by(changes)))
    return found


def departure_of(late: Late) -> dt.datetime | None:
    """Return when the order that counts left."""
    order = late.counting
    return None if order is None else order.departure


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

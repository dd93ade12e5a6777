"""Reading incidents with everything that the statistics ask of them: a few statements for any number of incidents."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from dispatch.statistics.query import fetch, fetch_binary, fetch_named

FAMILY = """
WITH RECURSIVE family (root, member) AS (
    SELECT id, id FROM incidents_incident WHERE centre_id = %(centre)s AND id = ANY(%(ids)s) AND merged_into_id IS NULL
  UNION
    SELECT family.root, child.id FROM incidents_incident child JOIN family ON child.merged_into_id = family.member
) SELECT root, member FROM family
"""
ROOTS = """
WITH RECURSIVE up (start, id, parent) AS (
    SELECT id, id, merged_into_id FROM incidents_incident WHERE centre_id = %(centre)s AND id = ANY(%(ids)s)
  UNION
    SELECT up.start, i.id, i.merged_into_id FROM incidents_incident i JOIN up ON i.id = up.parent
) SELECT start, id FROM up WHERE parent IS NULL
"""
INCIDENTS = """
SELECT id, stage, drill, type_reported, type_verified, priority, lat, lng, point_status, jurisdiction_id, area_kind,
       attendance, answered_at, placed_at, handled_at, submitted_at, closed_at, exclusion, merged_into_id,
       coalesce(areas -> 'beat' ->> 'code', '') AS beat, coalesce(areas -> 'grid' ->> 'code', '') AS grid
FROM incidents_incident WHERE centre_id = %(centre)s AND id = ANY(%(ids)s) ORDER BY id
"""
CALLS = """
SELECT incident_id, answered_at, channel, ring_at FROM incidents_call
WHERE incident_id = ANY(%(ids)s) ORDER BY coalesce(answered_at, ring_at), id
"""
ORDERS = """
SELECT id, incident_id, unit_id, lead_no, purpose, state, dispatched_at, accepted_at, departed_at, on_scene_at,
       finished_at, departed_pos_at, on_scene_pos_at, reported_at, no_attendance, delay_at, delay_code, caller_told_at,
       marks -> 'on_scene', EXISTS (SELECT FROM dispatch_report r
                                    WHERE r.assignment_id = dispatch_assignment.id AND r.corrects_id IS NOT NULL),
       delivered_at,
       coalesce((marks -> 'delivered' ->> 'implied')::boolean, false),
       coalesce((marks -> 'accepted' ->> 'implied')::boolean, false),
       coalesce((marks -> 'en_route' ->> 'implied')::boolean, false),
       coalesce(rank_basis ->> 'way', ''), (rank_basis ->> 'fix_age_s')::float8, (rank_basis ->> 'expected_s')::float8,
       (rank_basis ->> 'first_expected_s')::float8
FROM dispatch_assignment WHERE incident_id = ANY(%(ids)s) ORDER BY dispatched_at, id
"""
MONEY = """
SELECT DISTINCT ON (assignment_id) incident_id, loss_yuan, recovered_yuan FROM dispatch_report
WHERE incident_id = ANY(%(ids)s) AND complete AND kind IN ('handling', 'correction')
ORDER BY assignment_id, reported_at DESC, id DESC
"""
CALLBACKS = """
SELECT id, incident_id, aim, asked_at, outcome, grade, created_at FROM incidents_callback
WHERE incident_id = ANY(%(ids)s) AND follows_id IS NULL
"""
SUPERVISION = """
SELECT id, incident_id, to_id, due_at, closed_at, state FROM incidents_supervisionorder WHERE incident_id = ANY(%(ids)s)
"""
PARTIES = """
SELECT id, incident_id, kind, recovered_at, returned_at FROM incidents_party
WHERE incident_id = ANY(%(ids)s) AND void_at IS NULL AND kind <> 'person'
  AND (recovered_at IS NOT NULL OR returned_at IS NOT NULL)
"""

# One row per person and arrest; a party that was voided never was one.
SUSPECTS = """
SELECT s.id, s.incident_id, s.caught_at,
       ARRAY(SELECT u.id FROM patrol_unit u WHERE u.centre_id = s.centre_id AND u.call_sign = ANY(s.credit_units)
             ORDER BY u.id) AS credited
FROM incidents_suspect s JOIN incidents_party p ON p.id = s.party_id
WHERE s.incident_id = ANY(%(ids)s) AND s.caught_at IS NOT NULL AND p.void_at IS NULL ORDER BY s.caught_at, s.id
"""
CLEARED = (
    "SELECT incident_id, min(at) AS at FROM incidents_cleared WHERE incident_id = ANY(%(ids)s) AND undone_at IS NULL "
    "GROUP BY incident_id"
)
FUSION = """
SELECT id, incident_id, asked_at, accepted_at, locked_at, state FROM incidents_fusionrequest
WHERE incident_id = ANY(%(ids)s)
"""

ENDED = ("cancelled", "handed_over", "invalid")


def arrival_by(source: str, button: dt.datetime | None, position: dt.datetime | None) -> dt.datetime | None:
    """Return an arrival by button, by position, or as published: by position where it exists, else by button."""
    if source == "button":
        return button
    return position or (button if source == "published" else None)


@dataclass(slots=True)
class Order:
    """One order as the statistics see it."""

    id: int
    incident: int
    unit: int
    lead_no: str
    purpose: str
    state: str
    dispatched_at: dt.datetime
    accepted_at: dt.datetime | None
    departed_at: dt.datetime | None
    on_scene_at: dt.datetime | None
    finished_at: dt.datetime | None
    departed_pos_at: dt.datetime | None
    on_scene_pos_at: dt.datetime | None
    reported_at: dt.datetime | None
    no_attendance: bool
    delay_at: dt.datetime | None
    delay_code: str
    caller_told_at: dt.datetime | None
    arrival_mark: Any  # who set the arrival and how, as JSON
    corrected: bool  # a report was corrected
    delivered_at: dt.datetime | None
    delivered_implied: bool  # nobody stamped it, a later step did
    accepted_implied: bool
    departed_implied: bool
    way: str  # what the ranking's expectation rests on: road, straight; empty where none was kept
    fix_age_s: float | None
    expected_s: float | None  # what the ranking told at its moment
    first_expected_s: float | None  # of the unit that stood first

    @property
    def departure(self) -> dt.datetime | None:
        """Return when the unit left: by its button, else as its position shows, else nobody knows."""
        return self.departed_pos_at if self.departed_implied else self.departed_at

    def arrived(self, source: str) -> dt.datetime | None:
        """Return the arrival by a source of time."""
        return arrival_by(source, self.on_scene_at, self.on_scene_pos_at)


@dataclass(slots=True)
class Whole:
    """An incident with its own rows, and with the calls and orders of all that was merged into it."""

    row: dict[str, Any]
    root: int
    own_orders: list[Order] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)  # answered_at, channel, order, ring_at; oldest first
    orders: list[Order] = field(default_factory=list)  # first responses of the whole event, oldest first
    money: list[tuple[float | None, float | None]] = field(default_factory=list)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    supervision: list[dict[str, Any]] = field(default_factory=list)
    parties: list[dict[str, Any]] = field(default_factory=list)
    suspects: list[dict[str, Any]] = field(default_factory=list)  # who were caught, by the moment
    cleared: list[dict[str, Any]] = field(default_factory=list)
    fusion: list[dict[str, Any]] = field(default_factory=list)
    place_corrected_at: dt.datetime | None = None  # after the departure; read only of what may be late

    @property
    def merged(self) -> bool:
        """Tell whether it was merged into another one."""
        return self.row["merged_into_id"] is not None

    @property
    def answered_at(self) -> dt.datetime:
        """Return the start of clock A: the answer of the earliest call, merged calls included."""
        own: dt.datetime = self.row["answered_at"]
        return own if self.merged else min([own, *(call[0] for call in self.calls if call[0] is not None)])

    @property
    def ended_at(self) -> dt.datetime | None:
        """Return when an incident was decided to need nobody any more."""
        row, moment = self.row, None
        if row["stage"] in ENDED:
            moment = row["closed_at"]
        elif not row["attendance"]:
            moment = row["submitted_at"] or row["closed_at"]
        return moment if isinstance(moment, dt.datetime) else None

    @property
    def extra(self) -> list[tuple[int, str]]:
        """Return its beat (11) and its grid (12): those that its point lay in when it was placed."""
        return [(11, self.row["beat"]), (12, self.row["grid"])]


def roots_of(centre_id: int, ids: Collection[int]) -> dict[int, int]:
    """Map incidents to what they were merged into in the end; an incident that was not merged to itself."""
    return dict(fetch(ROOTS, {"centre": centre_id, "ids": list(ids)}))


def read_incidents(centre_id: int, ids: Collection[int]) -> list[Whole]:
    """Read incidents as they stand now."""
    values = {"centre": centre_id, "ids": list(ids)}
    members: defaultdict[int, list[int]] = defaultdict(list)
    for root, member in fetch(FAMILY, values):
        members[root].append(member)
    roots = roots_of(centre_id, ids)
    found = {row["id"]: Whole(row, roots[row["id"]]) for row in fetch_named(INCIDENTS, values)}
    everybody = {"ids": sorted({one for family in members.values() for one in family} | set(found))}
    calls, orders = calls_of(everybody), orders_of(everybody)
    for key, whole in found.items():
        family = members.get(key, [key])
        whole.own_orders = orders[key]
        whole.calls = sorted((call for one in family for call in calls[one]), key=lambda call: call[2])
        whole.orders = [order for one in family for order in orders[one] if order.purpose != "directive"]
        whole.orders.sort(key=lambda order: (order.dispatched_at, order.id))
    attach(found, values)
    return list(found.values())


def calls_of(values: dict[str, Any]) -> defaultdict[int, list[tuple[Any, ...]]]:
    """Read the calls of incidents: answered_at, channel, the order in which they came, and ring_at."""
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for at, (incident, answered_at, channel, ring_at) in enumerate(fetch_binary(CALLS, values)):
        found[incident].append((answered_at, channel, at, ring_at))
    return found


def orders_of(values: dict[str, Any]) -> defaultdict[int, list[Order]]:
    """Read the orders of incidents, oldest first."""
    found: defaultdict[int, list[Order]] = defaultdict(list)
    for row in fetch_binary(ORDERS, values):
        order = Order(*row)
        found[order.incident].append(order)
    return found


def attach(found: dict[int, Whole], values: dict[str, Any]) -> None:
    """Give incidents what followed them."""
    for incident, loss, recovered in fetch(MONEY, values):
        found[incident].money.append((loss, recovered))
    for name, statement in (
        ("callbacks", CALLBACKS),
        ("supervision", SUPERVISION),
        ("parties", PARTIES),
        ("suspects", SUSPECTS),
        ("cleared", CLEARED),
        ("fusion", FUSION),
    ):
        for row in fetch_named(statement, values):
            if row["incident_id"] in found:
                getattr(found[row["incident_id"]], name).append(row)

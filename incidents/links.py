"""What links incidents (M21): plates, telephones, identities, names, places, series; read by exact values, two hops at most.

Every question is answered from indexes on the form in which values are compared (incidents/keys.py). A link is a fact
of the records, never a judgement about a person (design 9).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from incidents import keys
from incidents.audience import MASK
from incidents.models import Call, Clue, Incident, Party, SeriesMember
from incidents.row import Json

PLATE, PHONE, NAME, IDENTITY, PLACE = "plate", "phone", "name", "identity", "place"
KINDS = (PLATE, PHONE, NAME, IDENTITY, PLACE)
MOST_INCIDENTS, MOST_VALUES = 60, 40  # of one hop; more is said, not shown
DEGREE_M = 111_320.0
SAME_PLACE = 4  # decimals of a degree: about 11 m


def keyed(column: str) -> str:
    """Return a column as it is compared, in the words of its index."""
    return f"upper(translate({column}, '{keys.IGNORED}', ''))"


def source(table: str, column: str, incident: str = "incident_id", also: str = "", *, plain: bool = False) -> str:
    """Return the query of the incidents in which one column of a table meets one of some values."""
    compared = column if plain else keyed(column)
    return (
        f"SELECT {incident} AS incident FROM incidents_{table} WHERE centre_id = %s AND {column} <> '' "
        f"AND {compared} = ANY(%s) AND {incident} IS NOT NULL {also}"
    )


NOT_VOID = "AND void_at IS NULL"
SOURCES = {
    PLATE: [
        source("incident", "vehicle_plate", "id"),
        source("party", "plate", also=NOT_VOID),
        source("clue", "value", also=f"AND kind = 'vehicle' {NOT_VOID}", plain=True),
    ],
    PHONE: [
        source("incident", "contact_phone", "id"),
        source("party", "phone", also=NOT_VOID),
        source("call", "caller_number"),
        source("call", "contact_phone"),
        source("clue", "value", also=f"AND kind = 'phone' {NOT_VOID}", plain=True),
    ],
    NAME: [
        source("incident", "contact_name", "id", plain=True),
        source("party", "name", also=f"AND kind = 'person' {NOT_VOID}", plain=True),
    ],
    IDENTITY: [source("party", "id_no", also=NOT_VOID)],
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: a value of one kind, or a place with a radius."""

    kind: str
    value: str = ""
    lat: float = 0.0
    lng: float = 0.0
    radius_m: float = 0.0
    hops: int = 1

    @property
    def key(self) -> str:
        """The value as it is compared."""
        if self.kind == NAME:
            return self.value.strip()
        return keys.phone_key(self.value) if self.kind == PHONE else keys.key(self.value)

    @property
    def label(self) -> str:
        """What the chart calls it; an identity number is shown to nobody."""
        if self.kind == PLACE:
            return f"{self.lat:.5f}, {self.lng:.5f} ±{self.radius_m:.0f} m"
        return MASK if self.kind == IDENTITY else self.value.strip()


@dataclass(slots=True)
class Chart:
    """Nodes and edges, each once."""

    nodes: dict[str, Json] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    cut: bool = False  # there was more than is shown

    def node(self, key: str, kind: str, label: str, **more: Any) -> str:
        """Add a node; a known one stays as it is."""
        self.nodes.setdefault(key, {"id": key, "kind": kind, "label": label, **more})
        return key

    def edge(self, one: str, other: str, how: str) -> None:
        """Join two nodes."""
        self.edges.setdefault((one, other, how), {"a": one, "b": other, "how": how})

    def row(self) -> Json:
        """Return the chart as JSON."""
        return {"nodes": list(self.nodes.values()), "edges": list(self.edges.values()), "cut": self.cut}


def incidents_with(centre_id: int, values: Mapping[str, Sequence[str]]) -> tuple[list[int], bool]:
    """Return the newest incidents that meet one of these values by kind, and whether there were more."""
    parts: list[str] = []
    params: list[Any] = []
    for kind, wanted in values.items():
        for query in SOURCES[kind] if wanted else ():
            parts.append(f"({query} ORDER BY 1 DESC LIMIT {MOST_INCIDENTS + 1})")
            params += [centre_id, list(wanted)]
    if not parts:
        return [], False
    with connection.cursor() as cursor:
        every = " UNION ".join(parts)
        cursor.execute(
            f"SELECT incident FROM ({every}) found ORDER BY incident DESC LIMIT {MOST_INCIDENTS + 1}", params
        )
        found = [row for (row,) in cursor.fetchall()]
    return found[:MOST_INCIDENTS], len(found) > MOST_INCIDENTS


def incidents_near(centre_id: int, question: Question) -> tuple[list[int], bool]:
    """Return the newest incidents within a radius of a place, and whether there were more."""
    high = question.radius_m / DEGREE_M
    wide = high / max(0.1, math.cos(math.radians(question.lat)))
    box = {
        "lat__range": (question.lat - high, question.lat + high),
        "lng__range": (question.lng - wide, question.lng + wide),
    }
    near = []
    rows = Incident.objects.filter(centre_id=centre_id, **box).order_by("-id").values_list("id", "lat", "lng")
    for row_id, lat, lng in rows[: MOST_INCIDENTS * 4]:
        north, east = (float(lat or 0) - question.lat) / high, (float(lng or 0) - question.lng) / wide
        if math.hypot(north, east) <= 1:
            near.append(row_id)
    return near[:MOST_INCIDENTS], len(near) > MOST_INCIDENTS


@dataclass(frozen=True, slots=True)
class Found:
    """One value that an incident holds."""

    kind: str
    key: str
    label: str
    how: str
    person: int = 0  # the party of a person: a name alone is nobody else's name

    @property
    def node(self) -> str:
        """The node that it is: values meet in one, persons in one by identity alone."""
        return f"{self.kind}:{self.key}" if self.kind != "person" else f"person:{self.person}"


def values_of(incident_ids: Sequence[int], incidents: Iterable[Incident]) -> dict[int, list[Found]]:
    """Return everything that these incidents hold: own plate and contact, calls, parties, clues."""
    held: dict[int, list[Found]] = {one: [] for one in incident_ids}
    for row in incidents:
        held[row.pk] += [*plates(row.vehicle_plate, "reported"), *phones(row.contact_phone, "contact")]
    for call in Call.objects.filter(incident_id__in=incident_ids).order_by("id"):
        held[int(call.incident_id or 0)] += [
            *phones(call.caller_number, "caller"),
            *phones(call.contact_phone, "contact"),
        ]
    known: dict[str, int] = {}  # identity → the party that stands for the person
    for party in Party.objects.filter(incident_id__in=incident_ids, void_at__isnull=True).order_by("id"):
        found = held[party.incident_id]
        found += [*plates(party.plate, party.role or "vehicle"), *phones(party.phone, party.role or "contact")]
        if party.kind == Party.Kind.PERSON and (party.name or party.id_no):
            same = known.setdefault(keys.key(party.id_no), party.pk) if party.id_no else party.pk
            found.append(Found("person", keys.key(party.id_no), party.name or MASK, party.role or "other", same))
    for clue in Clue.objects.filter(incident_id__in=incident_ids, void_at__isnull=True).exclude(value=""):
        kind = PLATE if clue.kind == Clue.Kind.VEHICLE else PHONE
        held[clue.incident_id].append(Found(kind, clue.value, clue.value, "clue"))
    return held


def plates(value: str, how: str) -> list[Found]:
    """Return a plate as found."""
    return [Found(PLATE, keys.key(value), value, how)] if value else []


def phones(value: str, how: str) -> list[Found]:
    """Return a telephone number as found."""
    return [Found(PHONE, keys.phone_key(value), value, how)] if value else []


def series_of(incident_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Return the series that incidents are in now: id and name."""
    found = SeriesMember.objects.filter(incident_id__in=incident_ids, left_at__isnull=True).select_related("series")
    return {one.incident_id: (one.series_id, one.series.name) for one in found}

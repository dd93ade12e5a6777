"""Reading what links incidents (M21): with a purpose, journalled, masked as everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from incidents import links
from incidents.actor import Actor
from incidents.audience import MASK, seen
from incidents.commands import command
from incidents.journal import record
from incidents.links import IDENTITY, PHONE, PLACE, PLATE, Chart, Found, Question
from incidents.models import Incident
from incidents.roles import audience_of
from incidents.row import Json

START = "start"
SHOWN = ("incident_no", "type_reported", "stage", "priority", "answered_at")


@command
def read_links(*, by: Actor, question: Question, purpose: str) -> Json:
    """Return the chart of what is linked to a value or a place, one or two hops wide. Who asked, for what and why is in
    the journal; a complaint stays with the inspectors and the desk, of a confidential incident others see that it is."""
    chart = Chart()
    chart.node(START, question.kind, question.label, hop=0)
    if question.kind == PLACE:
        found, more = links.incidents_near(by.centre_id, question)
    else:
        found, more = links.incidents_with(by.centre_id, {question.kind: [question.key]})
    chart.cut = more
    held = first_hop(chart, question, visible(by, found))
    if question.hops > 1:
        second_hop(chart, by, held, found)
    record("links.read", centre_id=by.centre_id, asked=question.kind, subject=question.label, purpose=purpose,
           incidents=len(found), hops=question.hops)  # fmt: skip
    return chart.row()


def visible(by: Actor, incident_ids: Sequence[int]) -> list[tuple[Incident, Json]]:
    """Return the incidents that a reader may see, with the row in which he sees them."""
    audience = audience_of(by)
    rows = Incident.objects.filter(centre_id=by.centre_id, pk__in=incident_ids).order_by("-id")
    told = [(row, seen(audience, "incident", row.row(), row.readers())) for row in rows]
    return [(row, shown) for row, shown in told if shown is not None]


def is_closed(row: Incident, shown: Json) -> bool:
    """Tell whether a reader sees of an incident only that it is: confidential, and not his."""
    return row.confidential and shown["narrative"] == MASK


def first_hop(chart: Chart, question: Question, rows: list[tuple[Incident, Json]]) -> list[Found]:
    """Draw the incidents that meet the question with everything they hold; returns those values."""
    opened = [row for row, shown in rows if not is_closed(row, shown)]
    held = links.values_of([row.pk for row in opened], opened)
    series = links.series_of([row.pk for row in opened])
    for row, shown in rows:
        node = incident_node(chart, shown, hop=1)
        chart.edge(START, node, "met")
        for found in held.get(row.pk, []):
            if (found.kind, found.key) != (question.kind, question.key):
                chart.edge(node, value_node(chart, found, hop=2), found.how)
        if row.pk in series:
            series_id, name = series[row.pk]
            chart.edge(node, chart.node(f"series:{series_id}", "series", name, hop=2), "series")
        if row.lat is not None and row in opened:
            at = f"{row.lat:.{links.SAME_PLACE}f},{row.lng:.{links.SAME_PLACE}f}"
            place = chart.node(f"place:{at}", "place", row.address_text or at, hop=2, lat=row.lat, lng=row.lng)
            chart.edge(node, place, "place")
    return [found for one in held.values() for found in one]


def second_hop(chart: Chart, by: Actor, held: list[Found], known: Sequence[int]) -> None:
    """Draw the further incidents that share a plate, a telephone or an identity with those of the first hop; a name
    alone leads nowhere."""
    wanted: dict[str, list[str]] = {PLATE: [], PHONE: [], IDENTITY: []}
    by_key: dict[tuple[str, str], Found] = {}
    for found in held:
        kind = IDENTITY if found.kind == "person" else found.kind
        if found.key and (kind, found.key) not in by_key and len(wanted[kind]) < links.MOST_VALUES:
            wanted[kind].append(found.key)
            by_key[(kind, found.key)] = found
    ids, more = links.incidents_with(by.centre_id, wanted)
    chart.cut = chart.cut or more
    rows = visible(by, [one for one in ids if one not in set(known)])
    opened = [row for row, shown in rows if not is_closed(row, shown)]
    theirs = links.values_of([row.pk for row in opened], opened)
    shown_of = {row.pk: shown for row, shown in rows}
    for row in opened:
        for found in theirs[row.pk]:
            first = by_key.get((IDENTITY if found.kind == "person" else found.kind, found.key))
            if first is not None and found.key:
                chart.edge(first.node, incident_node(chart, shown_of[row.pk], hop=3), found.how)


def incident_node(chart: Chart, shown: Json, hop: int) -> str:
    """Add an incident as its reader sees it."""
    told: dict[str, Any] = {name: shown[name] for name in SHOWN}
    label = str(shown["address_text"])
    return chart.node(f"incident:{shown['id']}", "incident", label, hop=hop, incident=shown["id"], **told)


def value_node(chart: Chart, found: Found, hop: int) -> str:
    """Add a value; an identity number is never shown, the person's name is."""
    return chart.node(found.node, found.kind, found.label, hop=hop)

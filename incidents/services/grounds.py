"""Areas from a file: beats, grids, rings, stations' areas of a centre brought to a new state in one act."""

from __future__ import annotations

from collections.abc import Sequence

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Area, Organisation
from incidents.refusals import BadInput
from incidents.row import Json
from incidents.services.opening import load_areas


@command
def load_areas_of_kind(*, by: Actor | None, centre_id: int, kind: str, source: str, areas: Sequence[Json]) -> Json:
    """Bring the areas of one kind to this state; those that are gone are ended. `owner` is the code of an organisation.
    Points that were placed before keep what they were in."""
    owners = dict(Organisation.objects.filter(centre_id=centre_id).values_list("code", "id"))
    for number, area in enumerate(areas):
        if area["owner"] and area["owner"] not in owners:
            raise BadInput(**{f"features.{number}.properties.owner": area["owner"]})
    known = set(Area.objects.filter(centre_id=centre_id, kind=kind).values_list("code", flat=True))
    made = sum(area["code"] not in known for area in areas)
    rows = [{**area, "kind": kind, "owner_id": owners.get(area["owner"])} for area in areas]
    changed, ended = load_areas(centre_id, rows, [kind])
    if changed or ended:
        record(
            "areas.loaded", centre_id=centre_id, of=kind, source=source, made=made, changed=changed - made, ended=ended
        )
    return {"made": made, "changed": changed - made, "ended": ended}

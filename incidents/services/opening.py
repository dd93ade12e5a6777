"""Opening a centre: its row and journal, its organisations, areas and places, and its first people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import F
from django.utils import timezone

from incidents.actor import Actor
from incidents.addresses import editions
from incidents.addresses.editions import Name, Range
from incidents.commands import command
from incidents.geo import Box
from incidents.journal import record
from incidents.models import Area, Centre, Head, Organisation, PlaceEdition, User
from incidents.row import Json
from incidents.services.people import check_roles

AREA_FIELDS = ("name", "owner_id", "ring", "minutes", "unit_kinds")
GROUND = (
    "ground"  # the source of an edition that came with the organisations; a file of addresses is not replaced by it
)


@command
def open_centre(*, by: Actor | None, code: str, name: str, name_en: str, area_code: str, box: Box) -> Json:
    """Open a centre with an empty journal; a repeat with the same code answers with the row."""
    known = Centre.objects.filter(code=code).first()
    if known is not None:
        return {"centre": known.row()}
    centre = Centre.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        area_code=area_code,
        box=[box.south, box.west, box.north, box.east],
        number_prefix=code,
    )
    Head.objects.create(centre=centre)
    record("centre.opened", centre_id=centre.pk, code=code, name=name)
    return {"centre": centre.row()}


@command
def load_ground(
    *,
    by: Actor | None,
    centre_id: int,
    version: str,
    organisations: Sequence[Json],
    areas: Sequence[Json],
    places: Sequence[Json],
    houses: Sequence[Sequence[Any]] = (),
) -> Json:
    """Bring organisations (parents first), areas and named places of a centre to this version.

    Organisations and areas are found by their codes and changed in place; areas that the version does not have any more
    are ended. Places are a new edition of the address index, unless one from a file is in use. `owner` and `parent` are
    codes of organisations; `houses` are the fields of ranges of house numbers.
    """
    tree = _load_organisations(centre_id, organisations)
    changed, ended = load_areas(centre_id, [{**area, "owner_id": tree.get(area["owner"])} for area in areas])
    written = _load_places(centre_id, version, places, houses)
    counts = {"organisations": len(tree), "areas": len(areas), "places": len(places)}
    record("places.loaded", centre_id=centre_id, version=version, **counts)
    return {**counts, "areas_changed": changed + ended, "places_written": written}


def _load_organisations(centre_id: int, organisations: Sequence[Json]) -> dict[str, int]:
    """Return the ids of the tree's nodes by code."""
    ids: dict[str, int] = {}
    for node in organisations:
        values = {name: node[name] for name in ("kind", "name", "lat", "lng")}
        found, _ = Organisation.objects.update_or_create(
            centre_id=centre_id, code=node["code"], defaults={**values, "parent_id": ids.get(node["parent"])}
        )
        ids[node["code"]] = found.pk
    return ids


def load_areas(centre_id: int, areas: Sequence[Json], kinds: Sequence[str] = ()) -> tuple[int, int]:
    """Bring areas to this state, inside a command; those of the kinds (all by default) that are gone are ended. Returns
    how many were changed or made, and how many ended."""
    found = Area.objects.filter(centre_id=centre_id)
    present = {(area.kind, area.code): area for area in (found.filter(kind__in=kinds) if kinds else found)}
    changed = 0
    for values in areas:
        area = present.pop((values["kind"], values["code"]), None)
        fields = {"minutes": None, "unit_kinds": []} | {name: values[name] for name in AREA_FIELDS if name in values}
        if area is None:
            Area.objects.create(centre_id=centre_id, kind=values["kind"], code=values["code"], **fields)
        elif area.ended_at is not None or any(getattr(area, name) != value for name, value in fields.items()):
            Area.objects.filter(pk=area.pk).update(version=area.version + 1, ended_at=None, **fields)
        else:
            continue
        changed += 1
    gone = [area.pk for area in present.values() if area.ended_at is None]
    return changed, Area.objects.filter(pk__in=gone).update(ended_at=timezone.now(), version=F("version") + 1)


def _load_places(centre_id: int, version: str, places: Sequence[Json], houses: Sequence[Sequence[Any]]) -> bool:
    """Write the names as a new edition and put it in use; tells whether it did. An index from a file stays."""
    current = PlaceEdition.objects.filter(centre_id=centre_id, state=PlaceEdition.State.CURRENT).first()
    if current is not None and current.source not in (GROUND, "before editions"):
        return False
    names = [Name(**{field: values[field] for field in Name._fields if field in values}) for values in places]
    ranges = [Range(*values) for values in houses]
    edition = editions.write(centre_id, source=GROUND, digest=version, datum="WGS84", names=names, ranges=ranges)
    editions.put_in_use(edition, timezone.now())
    editions.forget_unused(centre_id)
    return True


@command
def enrol(*, by: Actor | None, centre_id: int, password_hash: str, people: Iterable[Json]) -> Json:
    """Create many people with one password hash (a demonstration's); those who exist are left as they are.

    A person is `{"username", "badge", "name", "sworn", "roles", "organisation_id"}`.
    """
    known = set(User.objects.filter(centre_id=centre_id).values_list("username", flat=True))
    wanted = [person for person in people if person["username"] not in known]
    groups = {role: Group.objects.get_or_create(name=role)[0].pk for person in wanted for role in person["roles"]}
    users = User.objects.bulk_create([_user(centre_id, password_hash, person) for person in wanted])
    User.groups.through.objects.bulk_create(
        [User.groups.through(user_id=user.pk, group_id=groups[role])
         for user, person in zip(users, wanted, strict=True) for role in person["roles"]]
    )  # fmt: skip
    for user, person in zip(users, wanted, strict=True):
        record("user.created", centre_id=centre_id, badge=user.badge, name=user.name, roles=sorted(person["roles"]))
    return {"made": len(users)}


def _user(centre_id: int, password_hash: str, person: Json) -> User:
    check_roles(list(person["roles"]))
    fields: dict[str, Any] = {name: person[name] for name in ("username", "badge", "name", "sworn", "organisation_id")}
    return User(centre_id=centre_id, password=password_hash, **fields)

"""`manage.py seed`: the demo city, or another empty centre. Safe to repeat: what is there stays as it is."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from incidents import code_tables, demo_city, geo, places
from incidents.cameras import sources
from incidents.demo_city import border, duty, fleet, grid, ground, people, stations
from incidents.models import (
    Camera,
    Centre,
    Entry,
    Gateway,
    GridPost,
    Organisation,
    PartnerTeam,
    Place,
    Qualification,
    User,
)
from incidents.services import codes, gateways, grids, opening, partners, seats
from incidents.services.cameras import load_cameras
from incidents.services.numbers import CITY_TIME
from patrol.duty import roster
from patrol.models import PlannedShift, Unit
from patrol.services import register_unit

DEMO_CODE = "350600"


class Command(BaseCommand):
    help = (
        "Builds the demo city: centre, code tables, places, people, units. With --centre CODE --empty: another centre."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--centre", default=DEMO_CODE, help="code of the centre; the demo city's is %(default)s")
        parser.add_argument("--empty", action="store_true", help="only the centre and the code tables, for replays")
        parser.add_argument("--name", default="", help="name of an empty centre; its code by default")
        parser.add_argument(
            "--box", nargs=4, type=float, metavar=("WEST", "SOUTH", "EAST", "NORTH"),
            help="region of an empty centre in WGS-84 degrees; the demo city's by default",
        )  # fmt: skip

    def handle(self, *args: Any, centre: str, empty: bool, name: str, box: list[float] | None, **options: Any) -> None:
        if not empty and (centre != DEMO_CODE or box or name):
            raise CommandError("Only an empty centre takes a code, a name or a box of its own: add --empty.")
        if empty and centre == DEMO_CODE:
            raise CommandError(f"{DEMO_CODE} is the demo city; an empty centre needs another --centre CODE.")
        self.started = time.monotonic()
        if empty:
            try:
                region = geo.Box(*box) if box else ground.BOX
            except geo.BadPoint as error:
                raise CommandError(str(error)) from error
            self.open(centre, name or centre, name or centre, region)
            return
        found = self.open(DEMO_CODE, "漳州110指挥中心（演示）", "Zhangzhou 110 (demonstration)", ground.BOX, "0596")
        self.load_ground(found)
        self.enrol(found)
        self.register(found)
        self.open_border(found)
        self.man_grids(found)
        self.set_up_cameras(found)
        self.furnish(found)
        self.plan(found)
        self.draw()
        self.lay_roads(found)

    def open(self, code: str, name: str, name_en: str, box: geo.Box, area_code: str = "") -> Centre:
        """Open the centre where it is missing, and load the code tables."""
        made = opening.open_centre(by=None, code=code, name=name, name_en=name_en, area_code=area_code, box=box)
        centre = Centre.objects.get(pk=made["centre"]["id"])
        self.say(f"centre {centre.code} {centre.name}")
        loaded = codes.load_codes_of_centre(by=None, centre_id=centre.pk)
        total = sum(len(rows) for rows in code_tables.TABLES.values())
        self.say(f"code tables: {total} codes, {loaded['made']} new, {loaded['changed']} changed")
        return centre

    def load_ground(self, centre: Centre) -> None:
        """Load organisations, areas and places, unless this very version of them is loaded already."""
        version = demo_city.digest()
        if loaded_version(centre) == version and Place.objects.filter(centre=centre).exists():
            self.say("places: up to date")
            return
        # Imported here: laying out the city takes a second and is not needed when nothing has changed.
        from incidents.demo_city.gazetteer import gazetteer, houses, old_names

        counts = opening.load_ground(
            by=None,
            centre_id=centre.pk,
            version=version,
            organisations=[organisation(node) for node in stations.organisations()],
            areas=[area(item) for item in stations.areas()],
            places=[place(item) for item in (*gazetteer(), *old_names())],
            houses=houses(),
        )
        self.say(f"places: {counts['organisations']} organisations, {counts['areas']} areas, {counts['places']} names")

    def enrol(self, centre: Centre) -> None:
        """Create the demo people; one hash for all, because they share the published password."""
        orgs = organisation_ids(centre)
        made = opening.enrol(
            by=None,
            centre_id=centre.pk,
            password_hash=make_password(people.DEMO_PASSWORD),
            people=[
                {
                    "username": person.username,
                    "badge": person.badge,
                    "name": person.name,
                    "sworn": person.sworn,
                    "roles": person.roles,
                    "organisation_id": orgs[person.org],
                }
                for person in people.people()
            ],
        )
        self.say(f"people: {len(people.people())}, {made['made']} new")

    def register(self, centre: Centre) -> None:
        """Enter the units that are missing into the register."""
        orgs = organisation_ids(centre)
        known = set(Unit.objects.filter(centre=centre).values_list("call_sign", flat=True))
        missing = [unit for unit in fleet.units() if unit.call_sign not in known]
        for unit in missing:
            register_unit(by=None, centre_id=centre.pk, call_sign=unit.call_sign, facts=unit_facts(unit, orgs))
        self.say(f"units: {len(fleet.units())}, {len(missing)} new")

    def open_border(self, centre: Centre) -> None:
        """Register gateways and devices that are missing; each secret is drawn at random."""
        known = set(Gateway.objects.filter(centre=centre).values_list("code", flat=True))
        for code, kind, name in border.GATEWAYS:
            if code not in known:
                address = sources.SIMULATED if kind == Gateway.Kind.VIDEO else ""
                gateways.register_gateway(
                    by=None, centre_id=centre.pk, code=code, name=name, kind=kind, address=address
                )
        receiver = Gateway.objects.get(centre=centre, code="alarm")
        if not receiver.devices.exists():
            gateways.register_devices(by=None, gateway_id=receiver.pk, devices=[device(one) for one in border.DEVICES])
        self.say(f"gateways: {len(border.GATEWAYS)}, devices: {receiver.devices.count()}")

    def man_grids(self, centre: Centre) -> None:
        """Name worker and officer of the grids around the old town, and the partner teams; what is there stays."""
        if GridPost.objects.filter(centre=centre).exists() or PartnerTeam.objects.filter(centre=centre).exists():
            self.say("grids: up to date")
            return
        officer = User.objects.get(centre=centre, username=grid.OFFICER_USER).badge
        pairs = [grids.Pair(code, grid.WORKER, officer, "19000000136") for code in grid.GRIDS]
        made = grids.load_directory(by=None, centre_id=centre.pk, source="demo", pairs=pairs, teams=grid.teams())
        for team in PartnerTeam.objects.filter(centre=centre, name__in=list(grid.accounts())):
            badges = grid.accounts()[team.name]
            partners.man_team(by=None, centre_id=centre.pk, team_id=team.pk, badges=badges)
        self.say(f"grids: {made['posts']} with worker and officer, {made['teams']} partner teams")

    def set_up_cameras(self, centre: Centre) -> None:
        """Enter the invented cameras into an empty register; one that somebody keeps stays as it is."""
        if not Camera.objects.filter(centre=centre).exists():
            # Imported here: laying out the streets takes a second and is not needed when the cameras stand.
            from incidents.demo_city.cameras import cameras

            load_cameras(by=None, centre_id=centre.pk, cameras=cameras())
        self.say(f"cameras: {Camera.objects.filter(centre=centre, ended_at__isnull=True).count()}")

    def furnish(self, centre: Centre) -> None:
        """Register the seats, and what the people at the desks are qualified for; who was granted a skill once is not
        granted it again."""
        made = seats.register_seats(by=None, centre_id=centre.pk, seats=duty.seats())
        now = timezone.now()
        granted = set(Qualification.objects.filter(centre=centre).values_list("person__badge", "skill"))
        missing = [pair for pair in duty.qualifications() if pair not in granted]
        for badge, skill in missing:
            seats.grant(
                by=None, centre_id=centre.pk, badge=badge, skill=skill, certificate="", starts_at=now,
                expires_at=now + duty.HOLDS_FOR,
            )  # fmt: skip
        self.say(f"seats: {len(duty.SEATS)}, {made['made']} new, {len(missing)} qualifications granted")

    def plan(self, centre: Centre) -> None:
        """Plan the next shifts of the patrols; a unit that is planned at such a time already is left as it is."""
        now = timezone.now()
        known = PlannedShift.objects.filter(centre=centre, cancelled_at__isnull=True, ends_at__gt=now)
        spans = list(known.values_list("unit__call_sign", "starts_at", "ends_at"))
        rows = [row for row in duty.roster(now.astimezone(CITY_TIME)) if not overlaps(row, spans)]
        made = roster.import_roster(by=None, centre_id=centre.pk, rows=rows)["made"] if rows else 0
        self.say(f"roster: {made} shifts planned")

    def draw(self) -> None:
        """Draw the base map, so that the first console need not wait for it."""
        self.say(f"base map: {len(places.base_map()) // 1000} kB")

    def lay_roads(self, centre: Centre) -> None:
        """Lay the demo city's road network, unless a network is loaded that is not an older one of the demo city."""
        # Imported here: laying it out takes seconds and libraries that a repeated seed does not need.
        from patrol.roads import demo, loading, store

        present = store.current(centre.pk)
        if present is not None and (present.source == demo.source() or not present.fictional):
            self.say(f"roads: {present.nodes} nodes from {present.source}, up to date")
            return
        network = demo.demo_network()
        loading.install(centre.pk, network)
        self.say(f"roads: {network.nodes} nodes, {network.edges} edges, fictional")

    def say(self, line: str) -> None:
        """Print one step with the time it took so far."""
        self.stdout.write(f"seed: {line} ({time.monotonic() - self.started:.1f} s)")


def overlaps(row: dict[str, Any], spans: list[tuple[str, Any, Any]]) -> bool:
    """Tell whether a unit has a planned shift at that time."""
    return any(
        row["call_sign"] == unit and row["starts_at"] < end and row["ends_at"] > start for unit, start, end in spans
    )


def loaded_version(centre: Centre) -> str:
    """Return the version of the places that the journal says were loaded last, "" for none."""
    entry = Entry.objects.filter(centre=centre, kind="places.loaded").order_by("-seq").first()
    return str(json.loads(entry.body)["data"]["version"]) if entry else ""


def organisation_ids(centre: Centre) -> dict[str, int]:
    """Return the ids of the centre's organisations by code."""
    return dict(Organisation.objects.filter(centre=centre).values_list("code", "id"))


def organisation(node: stations.Organisation) -> dict[str, Any]:
    """Return an organisation as the command takes it."""
    lng, lat = node.at or (None, None)
    return {"code": node.code, "parent": node.parent, "kind": node.kind, "name": node.name, "lat": lat, "lng": lng}


def area(item: stations.Area) -> dict[str, Any]:
    """Return an area as the command takes it."""
    ring = [list(point) for point in item.ring]
    facts = {"kind": item.kind, "code": item.code, "name": item.name, "owner": item.owner, "ring": ring}
    return {**facts, "minutes": item.minutes, "unit_kinds": list(item.unit_kinds)}


def place(item: Any) -> dict[str, Any]:
    """Return a place as the command takes it."""
    names = ("kind", "name", "lat", "lng", "note", "code", "alias")
    return {name: getattr(item, name) for name in names}


def unit_facts(unit: fleet.Unit, orgs: dict[str, int]) -> dict[str, Any]:
    """Return what the register keeps of a unit."""
    lng, lat = unit.home
    return {
        "squad_id": orgs[unit.squad],
        "label": unit.label,
        "kind": unit.kind,
        "equipment": list(unit.equipment),
        "armed": unit.armed,
        "carries_detainees": unit.carries_detainees,
        "radio_id": unit.radio_id,
        "radio_channel": unit.radio_channel,
        "terminal_id": unit.terminal_id,
        "home_lat": lat,
        "home_lng": lng,
    }


def device(item: tuple[str, str, str, str, float, float, str]) -> dict[str, Any]:
    """Return a demo device's facts."""
    number, channel, name, address, lat, lng, contact = item
    point = {"lat": lat, "lng": lng, "accuracy_m": None, "source": "register", "taken_at": None, "crs_in": "WGS84"}
    return {
        "device_no": number,
        "channel": channel,
        "name": name,
        "address_text": address,
        "contact_name": contact,
        "point": {**point, "raw": [lat, lng]},
    }

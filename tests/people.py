"""The cast, which never changes (style rule 55): call-taker Tess, dispatcher Dana, officers Omar (car-12) and Nia
(car-7), supervisor Sam, reviewer Rae, inspector Ina, leader Lee, administrator Ada, and Cho, who has no role and must
always be refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from incidents.actor import Actor
from incidents.models import Area, Centre, Head, Organisation, User
from incidents.sessions import actor_of
from patrol import positions, services
from patrol.filters import FixIn
from patrol.models import Unit

BOX = [24.46, 117.6, 24.57, 117.78]  # south, west, north, east
PLACE = {"lat": 24.5112, "lng": 117.6540, "crs": "WGS84"}
ROLES = {
    "tess": ["call_taker"],
    "dana": ["dispatcher"],
    "sam": ["watch_commander"],
    "omar": ["officer"],
    "nia": ["officer"],
    "ned": ["officer"],
    "rae": ["reviewer"],
    "ina": ["inspector"],
    "lee": ["leader"],
    "ada": ["administrator"],
    "stan": ["station_duty"],
    "gate": ["adapter"],
    "vic": ["video"],
    "ana": ["analyst"],
    "cal": ["callback_agent"],
    "gil": ["grid_worker"],
    "pat": ["partner"],
    "cho": [],
}


@dataclass
class Cast:
    """A centre with its people and two cars."""

    centre: Centre
    station: Organisation
    squad: Organisation
    users: dict[str, User]
    car12: Unit
    car7: Unit
    shifts: set[str] = field(default_factory=set)

    def user(self, name: str) -> User:
        """Return a person as the database has them now."""
        return User.objects.get(pk=self.users[name].pk)

    def actor(self, name: str) -> Actor:
        """Return a person as an Actor, without a key."""
        return actor_of(self.user(name), {"seat": f"seat-{name}"})

    def analyst(self) -> User:
        """Return Aki, a second analyst, who takes over from Ana."""
        made = User.objects.create(
            username=f"aki@{self.centre.code}", badge="0901", name="Aki", centre=self.centre, organisation=self.squad
        )
        made.groups.set([Group.objects.get_or_create(name="analyst")[0]])
        return made

    def on_duty(self) -> Cast:
        """Start both cars' shifts: Omar leads car-12 with Ned, Nia leads car-7; both stand near the usual place."""
        services.start_shift(
            by=self.actor("omar"), unit_id=self.car12.pk, lead_no="", crew_nos=[self.users["ned"].badge], equipment=[]
        )
        services.start_shift(by=self.actor("nia"), unit_id=self.car7.pk, lead_no="", crew_nos=[], equipment=[])
        self.place(self.car12, 24.5120, 117.6545)
        self.place(self.car7, 24.5200, 117.6700)
        self.car12.refresh_from_db()
        self.car7.refresh_from_db()
        return self

    def place(self, unit: Unit, lat: float, lng: float, at: dt.datetime | None = None) -> None:
        """Give a unit a fix."""
        positions.take_fixes([FixIn(unit.pk, lat, lng, at or timezone.now(), accuracy_m=8.0)])


def cast(code: str = "T1") -> Cast:
    """Open a centre with the cast."""
    centre = Centre.objects.create(code=code, name=f"测试中心{code}", box=BOX, number_prefix="350600")
    Head.objects.create(centre=centre, hash=b"\0" * 32)
    bureau = Organisation.objects.create(centre=centre, kind="bureau", code="BUREAU", name="市局")
    station = Organisation.objects.create(centre=centre, kind="station", code="S404", name="巷口所", parent=bureau)
    squad = Organisation.objects.create(centre=centre, kind="squad", code="Q1", name="一中队", parent=bureau)
    south, west, north, east = BOX
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    Area.objects.create(centre=centre, kind="station", code="S404", name="巷口所", owner=station, ring=ring)
    Area.objects.create(centre=centre, kind="area_kind", code="urban", name="城区", ring=ring)
    users = enter(centre, squad, station)
    car12 = register(centre, squad, "car-12", "UP")
    car7 = register(centre, squad, "car-7", "UP")
    return Cast(centre, station, squad, users, car12, car7)


def enter(centre: Centre, squad: Organisation, station: Organisation) -> dict[str, User]:
    """Enter the people with their roles, all at once: nearly every test begins with them."""
    users = [
        User(
            username=f"{name}@{centre.code}",
            badge=f"{number:04d}",
            name=name.capitalize(),
            centre=centre,
            sworn=name in ("omar", "nia", "sam"),
            organisation=station if name == "stan" else squad,
        )
        for number, name in enumerate(ROLES, 1)
    ]
    User.objects.bulk_create(users)
    held = sorted({role for roles in ROLES.values() for role in roles})
    Group.objects.bulk_create([Group(name=role) for role in held], ignore_conflicts=True)
    groups = dict(Group.objects.filter(name__in=held).values_list("name", "pk"))
    member_of: Any = User.groups.through
    member_of.objects.bulk_create(
        member_of(user=user, group_id=groups[role])
        for user, roles in zip(users, ROLES.values(), strict=True)
        for role in roles
    )
    return dict(zip(ROLES, users, strict=True))


def register(centre: Centre, squad: Organisation, call_sign: str, kind: str, **facts: Any) -> Unit:
    """Enter a unit into the register."""
    return services.register_unit(
        by=None,
        centre_id=centre.pk,
        call_sign=call_sign,
        facts={"squad_id": squad.pk, "label": call_sign, "kind": kind, "radio_channel": "巡1", **facts},
    )

"""The seats, the qualifications and the roster of the demo city: invented like everything else in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from incidents.demo_city import fleet
from incidents.demo_city.people import Person, people

# Six call-taking and three dispatch seats (domain 10), the watch's and the callback desk; J11 and up and P14 and up are
# the training room, where the simulator sits.
SEATS: Final[list[tuple[str, str, str]]] = [
    *((f"J{n:02d}", f"接警{n}席", "call_taking") for n in range(1, 8)),
    ("J08", "外语接警席", "foreign"),
    *((f"J{n}", f"训练接警{n - 10}席", "call_taking") for n in range(11, 18)),
    *((f"P{n}", f"派警{n - 10}席", "dispatch") for n in range(11, 14)),
    *((f"P{n}", f"训练派警{n - 13}席", "dispatch") for n in range(14, 17)),
    ("Z01", "指挥长席", "command"),
    ("Z02", "副指挥长席", "command"),
    ("H01", "回访席", "callback"),
]
SKILLS: Final[dict[str, tuple[str, ...]]] = {
    "call_taker": ("call_taking",),
    "dispatcher": ("call_taking", "dispatch"),
    "watch_commander": ("call_taking", "dispatch", "command"),
    "callback_agent": ("callback",),
}
ENGLISH: Final = frozenset({"jiejing2", "jiejing5"})
HOLDS_FOR: Final = dt.timedelta(days=365)
# The patrols that are planned: those that the simulator brings on duty at its gentle pace, and two that wait for people,
# so that a missing sign-on can be seen.
ON_ROSTER: Final = (
    "C101", "C102", "C103", "C104", "C105", "C106", "C107", "C109", "C111", "C112",
    "B201", "B202", "B204", "B207", "B209", "W301",
)  # fmt: skip
DAY, NIGHT = dt.time(8), dt.time(20)
SHIFTS_AHEAD: Final = 4
REST: Final = dt.timedelta(hours=1)


def seats() -> list[dict[str, Any]]:
    """Return the seats as the command takes them."""
    return [{"code": code, "name": name, "kind": kind} for code, name, kind in SEATS]


def qualifications() -> Iterator[tuple[str, str]]:
    """Yield badge and skill of everybody at a desk."""
    for person in people():
        for role in person.roles:
            for skill in SKILLS.get(role, ()):
                yield person.badge, skill
        if person.username in ENGLISH:
            yield person.badge, "english"


def slots(now: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the shift that begins now (to the minute) and the next ones; day 08:00 to 20:00, night 20:00 to 08:00, in
    the zone of `now`. The first one ends with the running half-day."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    changes = [
        midnight.replace(hour=moment.hour) + dt.timedelta(days=day)
        for day in range(SHIFTS_AHEAD)
        for moment in (DAY, NIGHT)
    ]
    # A rest of less than an hour is no shift: who begins now stays until the change after it.
    ahead = [moment for moment in changes if moment > now + REST][: SHIFTS_AHEAD + 1]
    starts = [now.replace(second=0, microsecond=0), *ahead[:-1]]
    return list(zip(starts, ahead, strict=True))


def roster(now: dt.datetime) -> Iterator[dict[str, Any]]:
    """Yield the planned shifts: the first crew of a unit now, then the second, and so on in turn."""
    badges: dict[str, Person] = {person.username: person for person in people()}
    units = {unit.call_sign: unit for unit in fleet.units()}
    for call_sign in ON_ROSTER:
        unit, name = units[call_sign], call_sign.lower()
        lng, lat = unit.home
        for number, (starts_at, ends_at) in enumerate(slots(now)):
            lead, mate = ("c", "d") if number % 2 else ("a", "b")
            yield {
                "call_sign": call_sign,
                "lead": badges[name + lead].badge,
                "crew": [badges[name + mate].badge],
                "starts_at": starts_at,
                "ends_at": ends_at,
                "vehicle": f"闽E{call_sign[1:]}0警" if unit.kind == "UP" else "",
                "post": f"{unit.label}备勤点",
                "post_lat": lat,
                "post_lng": lng,
                "beat": f"{unit.squad[2:]}号巡区",
            }

"""Who plays: the accounts and units of each pace. The printed demo logins and their unit stay free for people. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dispatch.simulator.volumes import CALLS_A_DAY, Rate
from incidents.demo_city import fleet
from incidents.demo_city.people import DEMO_LOGINS, DEMO_PASSWORD, people

PASSWORD: Final = DEMO_PASSWORD
ADAPTER: Final = "jieru2"
COMMANDER: Final = "zhihui2"
REVIEWER: Final = "shenhe2"
# Units that people may want: the patrol of the printed officers, the station of the printed duty officer, the drone.
LEFT_FREE: Final = frozenset({"C101", "S404", "D701"})
CREWED: Final = ("UP", "UM", "UF", "US")
GENTLE_UNITS: Final = (
    "C102", "C103", "C104", "C106", "C107", "C109", "C111", "C112", "B201", "B202", "B204", "B207", "B209", "W301",
)  # fmt: skip
GENTLE_CALLS_A_DAY: Final = 4_000.0  # an incident about every fifty seconds


@dataclass(frozen=True, slots=True)
class Pace:
    """How a run feels: its calls, its seats and units, and how much room it leaves to people at the console."""

    name: str
    rate: Rate
    call_takers: tuple[str, ...]
    dispatchers: tuple[str, ...]
    units: tuple[str, ...]
    handling: float  # share of the usual handling time
    leave: float  # seconds that agents leave an incident of somebody else alone
    slowness: float  # factor on the desk's own delays
    tells_words: bool  # whether the ring already shows what the caller says, for a person who answers it


@dataclass(frozen=True, slots=True)
class Crew:
    """A unit with those who are on it: the lead signs in, the others are named at the start of the shift."""

    call_sign: str
    kind: str
    lead: str
    others: tuple[str, ...]  # badges
    home: tuple[float, float]  # latitude, longitude
    carries_detainees: bool


def pace(name: str, calls_a_day: float | None = None) -> Pace:
    """Return the pace of a name, with another volume when one is given."""
    if name == "gentle":
        return Pace(
            name=name,
            rate=Rate(calls_a_day or GENTLE_CALLS_A_DAY, by_hour=False, incident_share=0.5),
            call_takers=("jiejing4", "jiejing5", "jiejing6"),
            dispatchers=("paijing3",),
            units=GENTLE_UNITS,
            handling=0.25,
            leave=120.0,
            slowness=1.5,
            tells_words=True,
        )
    return Pace(
        name="full",
        rate=Rate(calls_a_day or CALLS_A_DAY),
        call_takers=("jiejing2", "jiejing3", "jiejing4", "jiejing5", "jiejing6"),
        dispatchers=("paijing2", "paijing3"),
        units=tuple(
            unit.call_sign for unit in fleet.units() if unit.kind in CREWED and unit.call_sign not in LEFT_FREE
        ),
        handling=1.0,
        leave=60.0,
        slowness=1.0,
        tells_words=False,
    )


def crews(call_signs: tuple[str, ...]) -> list[Crew]:
    """Return the crews of units: the first shift's lead, and the auxiliary who rides along."""
    units = {unit.call_sign: unit for unit in fleet.units()}
    badges = {person.username: person.badge for person in people()}
    found = []
    for call_sign in call_signs:
        unit = units[call_sign]
        lng, lat = unit.home
        name = call_sign.lower()
        found.append(Crew(call_sign, unit.kind, f"{name}a", (badges[f"{name}b"],), (lat, lng), unit.carries_detainees))
    return found


def printed() -> frozenset[str]:
    """Return the user names that are printed for people and that no agent may use."""
    return frozenset(login[0] for login in DEMO_LOGINS)

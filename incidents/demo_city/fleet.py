"""The units of the demo city (domain reference, section 10): 24 patrol groups in eight squads, station cars, seats.

Call signs are the demo's own. Home posts are places on the street where a unit waits and to which it returns.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from incidents.demo_city.ground import LngLat
from incidents.demo_city.stations import stations


class Unit(NamedTuple):
    """A unit with its squad, its radio and terminal, and its home post (longitude, latitude)."""

    call_sign: str
    label: str
    kind: str
    squad: str
    radio_id: str
    radio_channel: str
    terminal_id: str
    armed: bool
    carries_detainees: bool
    dispatchable: bool
    equipment: tuple[str, ...]
    home: LngLat


_CAR: Final = ("记录仪", "急救包", "防刺服", "破拆工具", "AED")
_BIKE: Final = ("记录仪", "急救包", "防刺服")
_FOOT: Final = ("记录仪", "急救包")
_STATION_CAR: Final = ("记录仪", "急救包", "警戒带")

# Call sign and home post; three groups a squad, in this order.
_GROUPS: Final[list[tuple[str, str, LngLat]]] = [
    ("C101", "SQ1", (117.6545, 24.5140)), ("B201", "SQ1", (117.6497, 24.5109)), ("W301", "SQ1", (117.6512, 24.5068)),
    ("C102", "SQ2", (117.6655, 24.5140)), ("B202", "SQ2", (117.6699, 24.5105)), ("B203", "SQ2", (117.6615, 24.5060)),
    ("C103", "SQ3", (117.6760, 24.5087)), ("B204", "SQ3", (117.6815, 24.5120)), ("W302", "SQ3", (117.6895, 24.5030)),
    ("C104", "SQ4", (117.6560, 24.5235)), ("C105", "SQ4", (117.6375, 24.5175)), ("B205", "SQ4", (117.6455, 24.5262)),
    ("C106", "SQ5", (117.6710, 24.5296)), ("B206", "SQ5", (117.6625, 24.5300)), ("B207", "SQ5", (117.6750, 24.5200)),
    ("C107", "SQ6", (117.6920, 24.5140)), ("C108", "SQ6", (117.7035, 24.5203)), ("B208", "SQ6", (117.7000, 24.5081)),
    ("C109", "SQ7", (117.7200, 24.5144)), ("C110", "SQ7", (117.7350, 24.5202)), ("B209", "SQ7", (117.7145, 24.5250)),
    ("C111", "SQ8", (117.6280, 24.5080)), ("C112", "SQ8", (117.6700, 24.4905)), ("B210", "SQ8", (117.6415, 24.5062)),
]  # fmt: skip
_KINDS: Final = {"C": ("UP", "巡"), "B": ("UM", "摩"), "W": ("UF", "步")}
_CENTRE: Final[LngLat] = (117.6600, 24.5165)


@lru_cache(maxsize=1)
def units() -> tuple[Unit, ...]:
    """Return every unit of the demo city: groups, station cars, drone, partner teams, video and fusion seats."""
    return (*_groups(), *_station_cars(), *_others(), *_seats())


def _groups() -> list[Unit]:
    found = []
    for number, (call_sign, squad, home) in enumerate(_GROUPS):
        kind, word = _KINDS[call_sign[0]]
        is_car = kind == "UP"
        found.append(
            Unit(
                call_sign,
                word + call_sign[1:],
                kind,
                squad,
                radio_id=f"35061{number + 1:03d}",
                radio_channel=f"巡逻{squad[2:]}频道",
                terminal_id=f"T-{call_sign}",
                armed=is_car,
                carries_detainees=is_car,
                dispatchable=True,
                equipment={"UP": _CAR, "UM": _BIKE, "UF": _FOOT}[kind],
                home=home,
            )
        )
    return found


def _station_cars() -> list[Unit]:
    return [
        Unit(
            station.code, "所" + station.code[1:], "US", station.code,
            radio_id=f"35064{number:03d}", radio_channel="派出所频道", terminal_id=f"T-{station.code}",
            armed=True, carries_detainees=True, dispatchable=True,
            equipment=_STATION_CAR, home=station.at or _CENTRE,
        )
        for number, station in enumerate(stations(), start=1)
    ]  # fmt: skip


def _others() -> list[Unit]:
    drone = Unit(
        "D701", "航701", "UD", "AIR", radio_id="35067001", radio_channel="指挥频道", terminal_id="T-D701",
        armed=False, carries_detainees=False, dispatchable=True, equipment=("热成像", "喊话器", "探照灯"),
        home=(117.6640, 24.5185),
    )  # fmt: skip
    posts: list[tuple[str, LngLat]] = [("T801", (117.7180, 24.5150)), ("T802", (117.6530, 24.5125))]
    teams = [
        Unit(
            call_sign, "联" + call_sign[1:], "UB", "PARTNER",
            radio_id=f"35068{call_sign[2:].zfill(3)}", radio_channel="联动频道", terminal_id=f"T-{call_sign}",
            armed=False, carries_detainees=False, dispatchable=False, equipment=("对讲机", "反光背心"), home=home,
        )
        for call_sign, home in posts
    ]  # fmt: skip
    return [drone, *teams]


def _seats() -> list[Unit]:
    rows = [(f"V5{n:02d}", f"图侦5{n:02d}", "UV", "SQ9") for n in range(1, 7)]
    rows += [(f"J6{n:02d}", f"合成6{n:02d}", "UJ", "FUSION") for n in range(1, 9)]
    return [
        Unit(
            call_sign, label, kind, squad, radio_id="", radio_channel="指挥频道", terminal_id=f"T-{call_sign}",
            armed=False, carries_detainees=False, dispatchable=False, equipment=(), home=_CENTRE,
        )
        for call_sign, label, kind, squad in rows
    ]  # fmt: skip

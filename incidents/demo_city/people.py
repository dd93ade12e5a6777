"""The people of the demo city: one user for every role and four officers for every unit on the street.

Every name is dealt from two lists and stands for nobody; every account has the same published password, which is
why a centre with these accounts is a demonstration and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from random import Random
from typing import Final, NamedTuple

from incidents.demo_city.fleet import units

DEMO_PASSWORD: Final = "zz110-demo"
SEED: Final = 1990


class Person(NamedTuple):
    """A user of the demo: `unit` is the call sign of the unit he or she works on, `org` the organisation's code."""

    username: str
    badge: str
    name: str
    sworn: bool
    roles: tuple[str, ...]
    org: str
    unit: str


DEMO_LOGINS: Final[list[tuple[str, str, str]]] = [
    # user name, Chinese, English: one for every role, worth printing at the start
    ("jiejing1", "接警员", "call-taker"),
    ("paijing1", "派警员", "dispatcher"),
    ("zhihui", "指挥长", "watch commander"),
    ("c101a", "民警（巡101带班）", "officer, lead of C101"),
    ("c101b", "辅警（巡101组员）", "auxiliary officer, crew of C101"),
    ("suo404", "派出所值班（巷口所）", "station duty, S404"),
    ("tuzhen1", "图侦员", "video investigator"),
    ("yanpan1", "研判员", "analyst"),
    ("shenhe1", "审核员", "reviewer"),
    ("huifang1", "回访员", "callback agent"),
    ("ducha1", "督察", "inspector"),
    ("wangge1", "网格员", "grid worker"),
    ("liandong1", "联动力量（闽南护街队）", "partner team T801"),
    ("juzhang", "局领导", "leader"),
    ("guanli", "管理员", "administrator"),
    ("jieru", "接入网关（机器）", "adapter (a machine)"),
]

_SURNAMES: Final = "卓蓝苏沈游洪石涂戴柳庄施卢纪简汤连康尤欧阮翁姚汪蔡郭谢韩唐冯于董萧程曹袁邓许傅曾彭吕苗钟范金"
_GIVEN: Final = [
    "向阳",
    "文博",
    "海川",
    "一鸣",
    "志远",
    "雨桐",
    "嘉树",
    "思源",
    "明哲",
    "子衿",
    "若谷",
    "景行",
    "清和",
    "云起",
    "晓岚",
    "书航",
    "安歌",
    "知行",
    "立夏",
    "望舒",
    "予安",
    "承泽",
    "星野",
    "映川",
    "南乔",
    "北辰",
    "青禾",
    "听澜",
    "修远",
    "慕言",
    "怀瑾",
    "时雨",
    "亦凡",
    "念初",
    "可为",
    "昭然",
    "沐阳",
    "鹤鸣",
    "远山",
    "长风",
    "之恒",
    "允文",
    "令仪",
    "弘毅",
    "既白",
    "如松",
    "松年",
    "守拙",
]
# Badges 0101 to 0150 belong to the centre and its desks, 0201 and up to the street.
_STAFF: Final[list[tuple[str, str, bool, str, str, str]]] = [
    ("zhihui", "0101", True, "watch_commander", "CENTRE", ""),
    ("zhihui2", "0102", True, "watch_commander", "CENTRE", ""),
    ("paijing1", "0111", True, "dispatcher", "CENTRE", ""),
    ("paijing2", "0112", True, "dispatcher", "CENTRE", ""),
    ("paijing3", "0113", True, "dispatcher", "CENTRE", ""),
    ("jiejing1", "0117", False, "call_taker", "CENTRE", ""),
    ("jiejing2", "0118", False, "call_taker", "CENTRE", ""),
    ("jiejing3", "0119", False, "call_taker", "CENTRE", ""),
    ("jiejing4", "0120", False, "call_taker", "CENTRE", ""),
    ("jiejing5", "0121", False, "call_taker", "CENTRE", ""),
    ("jiejing6", "0122", False, "call_taker", "CENTRE", ""),
    ("shenhe1", "0131", True, "reviewer", "CENTRE", ""),
    ("huifang1", "0132", False, "callback_agent", "CENTRE", ""),
    ("ducha1", "0133", True, "inspector", "350600", ""),
    ("juzhang", "0134", True, "leader", "350600", ""),
    ("guanli", "0135", False, "administrator", "350600", ""),
    ("wangge1", "0136", False, "grid_worker", "S404", ""),
    ("tuzhen1", "0141", True, "video", "SQ9", "V501"),
    ("tuzhen2", "0142", True, "video", "SQ9", "V502"),
    ("yanpan1", "0143", True, "analyst", "FUSION", "J601"),
    ("yanpan2", "0144", True, "analyst", "FUSION", "J602"),
    ("liandong1", "0145", False, "partner", "PARTNER", "T801"),
    ("liandong2", "0146", False, "partner", "PARTNER", "T802"),
]
_CREWED: Final = frozenset({"UP", "UM", "UF", "US", "UD"})


@lru_cache(maxsize=1)
def people() -> tuple[Person, ...]:
    """Return every demo user; badges are unique, 0117 is the call-taker of the acceptance stories."""
    names = _names(Random(SEED))
    staff = [Person(user, badge, next(names), sworn, (role,), org, unit)
             for user, badge, sworn, role, org, unit in _STAFF]  # fmt: skip
    adapter = Person("jieru", "", "接入网关", False, ("adapter",), "CENTRE", "")
    return (*staff, adapter, *_officers(names), *_station_duty(names), *_simulated(names))


def _simulated(names: Iterator[str]) -> Iterator[Person]:
    """Yield the people that only the simulator signs in as: the printed logins are free for whoever looks on."""
    yield Person("shenhe2", "0147", next(names), True, ("reviewer",), "CENTRE", "")
    yield Person("jieru2", "", "接入网关（模拟）", False, ("adapter",), "CENTRE", "")


def _officers(names: Iterator[str]) -> Iterator[Person]:
    """Yield two crews a unit: a sworn lead and an auxiliary (a and b), and the same for the next shift (c and d)."""
    badge = 201
    for unit in units():
        if unit.kind not in _CREWED:
            continue
        for letter in "abcd":
            username = unit.call_sign.lower() + letter
            yield Person(
                username, f"{badge:04d}", next(names), letter in "ac", ("officer",), unit.squad, unit.call_sign
            )
            badge += 1


def _station_duty(names: Iterator[str]) -> Iterator[Person]:
    stations = [unit for unit in units() if unit.kind == "US"]
    for number, unit in enumerate(stations, start=151):
        yield Person(f"suo{unit.call_sign[1:]}", f"{number:04d}", next(names), True, ("station_duty",), unit.squad, "")


def _names(random: Random) -> Iterator[str]:
    """Deal names without repetition."""
    deck = [surname + given for surname in _SURNAMES for given in _GIVEN]
    random.shuffle(deck)
    return iter(deck)

"""The named places of the demo city: landmarks, roads, crossings, shops, posts, lamp posts.

The landmarks of the domain reference (section 10) and the two shops of its acceptance stories lie where it says; all
other names are invented and dealt along the roads by a seeded generator.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Final, NamedTuple

from pypinyin import Style, lazy_pinyin
from shapely import LineString, STRtree, get_coordinates, intersection

from incidents.demo_city import ground
from incidents.demo_city.curves import Metres
from incidents.demo_city.ground import LngLat
from incidents.demo_city.roads import BRIDGES, ROADS
from incidents.demo_city.stations import stations
from incidents.demo_city.streets import Street, bend, network

SEED: Final = 596
POST_EVERY_M: Final = 330
STRETCH_M, HOUSE_EVERY_M = 300.0, 12.0
# Invented, as old people say them.
_OLD_NAMES: Final = {
    "新华路": "东门大街",
    "延安路": "府前街",
    "县前街": "衙口街",
    "中山路": "南门街",
    "水仙大街": "花市街",
    "胜利路": "北桥路",
}


class Place(NamedTuple):
    """A named place in WGS-84; `rank` 1 to 4 says from how far away a map should name it."""

    kind: str
    name: str
    lat: float
    lng: float
    note: str
    rank: int
    pinyin: str
    initials: str
    code: str = ""
    alias: str = ""


_LANDMARKS: Final[list[tuple[str, float, float, str]]] = [
    ("中山公园", 117.652, 24.510, "公园"), ("漳州古城", 117.651, 24.507, "步行街区，仅步巡"),
    ("九龙公园", 117.660, 24.518, "公园"), ("闽南师大", 117.647, 24.519, "大学"), ("市医院", 117.645, 24.514, "急诊24小时"),
    ("碧湖生态园", 117.690, 24.498, "公园"), ("碧湖万达广场", 117.6905, 24.5025, "商场"),
    ("蓝田开发区", 117.720, 24.520, "工厂区"), ("110指挥中心", 117.660, 24.5165, ""), ("市民广场", 117.6770, 24.5105, "广场"),
    ("体育中心", 117.698, 24.5043, "体育场"), ("汽车客运中心", 117.6885, 24.5235, "长途客运"),
    ("芝山公园", 117.6415, 24.5300, "公园"), ("西院湖公园", 117.6232, 24.5180, "公园"), ("步文公园", 117.7074, 24.5172, "公园"),
    ("江南公园", 117.6607, 24.4922, "公园"), ("蓝田山公园", 117.7345, 24.5390, "公园"), ("龙文山", 117.7160, 24.5635, "山"),
    ("圆山", 117.6065, 24.4720, "山"), ("翠林郊野公园", 117.7110, 24.4725, "公园"),
    ("蓝田第一工业园", 117.7350, 24.5152, "工厂区"), ("蓝田第二工业园", 117.7200, 24.5296, "工厂区"),
    ("金峰工业园", 117.6230, 24.5350, "工厂区"), ("龙江渡口", 117.7265, 24.4928, "渡口"),
    ("市妇幼保健院", 117.6678, 24.5228, "医院"), ("龙文区医院", 117.7085, 24.5112, "急诊24小时"),
    ("江南医院", 117.6740, 24.4880, "医院"), ("图书馆", 117.6748, 24.5120, ""), ("博物馆", 117.6790, 24.5165, ""),
    ("青少年宫", 117.6585, 24.5125, ""), ("工人文化宫", 117.6535, 24.5130, ""), ("老年大学", 117.6420, 24.5115, "大学"),
    ("中心市场", 117.6590, 24.5075, "市场"), ("水果批发市场", 117.7010, 24.5385, "市场"),
    ("花卉市场", 117.6300, 24.4890, "市场"), ("农机市场", 117.6480, 24.5440, "市场"),
]  # fmt: skip
# Shops of the acceptance stories A and B, and one beside.
_STORY_SHOPS: Final[list[tuple[str, float, float, str]]] = [
    ("锦衣坊服装店", 117.6540, 24.5112, "新华路"),
    ("山岚单车行", 117.6546, 24.5113, "新华路"),
    ("惠民杂货店", 117.6695, 24.5170, "元光路"),
]
_OWNERS: Final = [
    "闽兴",
    "顺达",
    "阿海",
    "老林家",
    "金凤",
    "丰收",
    "福满",
    "吉祥",
    "大江",
    "水仙",
    "荔香",
    "百合",
    "长乐",
    "宏图",
    "美佳",
    "益民",
    "康泰",
    "晨光",
    "好运来",
    "四季",
]
_TRADES: Final = [
    "便利店",
    "药店",
    "面馆",
    "理发店",
    "五金店",
    "手机店",
    "水果店",
    "茶庄",
    "网吧",
    "宾馆",
    "超市",
    "小吃店",
    "修车行",
    "洗车行",
    "金店",
    "眼镜店",
    "书店",
    "幼儿园",
    "诊所",
    "银行网点",
]
_HOUSING: Final = ["花园", "新村", "小区", "公寓", "家园", "雅苑", "名邸"]
_SCHOOLS: Final = ["实验小学", "中学", "职业学校"]


@lru_cache(maxsize=1)
def gazetteer() -> tuple[Place, ...]:
    """Return every named place once, in a fixed order; names are unique within a kind."""
    named = [street for street in network()[0] if street.name and street.road_class != "rail"]
    random = Random(SEED)
    places = [
        *[_place("landmark", name, (lng, lat), note, 1) for name, lng, lat, note in _LANDMARKS],
        *[_place("station", org.name, org.at, org.code, 1) for org in stations() if org.at],
        *[_place("landmark", name, at, "村", 2) for name, at, _ in ground.VILLAGES],
        *[_place("shop", name, (lng, lat), note, 4) for name, lng, lat, note in _STORY_SHOPS],
        *_bridges(),
        *_roads(named),
        *_crossings(named[: len(ROADS)]),
        *_along(named, random),
        *_lamp_posts(named),
    ]
    return tuple({(place.kind, place.name): place for place in places}.values())


def old_names() -> tuple[Place, ...]:
    """Return some roads once more under the names that they had."""
    roads = {place.name: place for place in gazetteer() if place.kind == "road"}
    return tuple(roads[name]._replace(alias=old) for name, old in _OLD_NAMES.items())


@lru_cache(maxsize=1)
def houses() -> tuple[tuple[str, int, int, str, float, float, float, float], ...]:
    """Return the ranges of house numbers along the named roads of the town: street, first, last, side, WGS-84 of the
    first and of the last. Odd numbers stand on the left hand from the road's first end, one every twelve metres."""
    town = [s for s in network()[0] if s.name and s.road_class in ("primary", "secondary", "tertiary", "residential")]
    lines = {street.name: LineString(street.points) for street in reversed(town)}
    return tuple(one for name, line in sorted(lines.items()) for one in _stretches(name, line))


def _stretches(name: str, line: LineString) -> list[tuple[str, int, int, str, float, float, float, float]]:
    found = []
    count = max(1, round(line.length / STRETCH_M))
    for number in range(count):
        low = 2 * round(number * line.length / count / HOUSE_EVERY_M)
        last = 2 * round((number + 1) * line.length / count / HOUSE_EVERY_M) - 2
        for side, first, away in (("odd", 1, 14), ("even", 2, -14)):
            ends = [_off(line, share, away) for share in (number / count, (number + 1) / count)]
            (lng, lat), (lng2, lat2) = (ground.to_lnglat(*spot) for spot in ends)
            found.append((name, low + first, max(low, last) + first, side, lat, lng, lat2, lng2))
    return found


def _off(line: LineString, share: float, side: float) -> Metres:
    """Return a point beside a line, where a share of its length lies behind it."""
    here = line.interpolate(share, normalized=True)
    back, ahead = (line.interpolate(min(1.0, max(0.0, share + step)), normalized=True) for step in (-0.01, 0.01))
    length = back.distance(ahead) or 1.0
    return here.x - (ahead.y - back.y) / length * side, here.y + (ahead.x - back.x) / length * side


def _place(kind: str, name: str, at: LngLat, note: str, rank: int) -> Place:
    syllables = lazy_pinyin(name, style=Style.NORMAL)
    initials = "".join(
        word[0] if word.isalpha() and len(word) > 1 and not word.isupper() else word for word in syllables
    )
    lng, lat = at
    return Place(kind, name, lat, lng, note, rank, "".join(syllables).lower(), initials.lower())


def _at(kind: str, name: str, spot: Metres, note: str, rank: int) -> Place:
    return _place(kind, name, ground.to_lnglat(*spot), note, rank)


def _bridges() -> list[Place]:
    roads = {road.name: LineString([ground.to_metres(*point) for point in road.line]) for road in ROADS}
    found = []
    for name, road, water in BRIDGES:
        middle = roads[road].intersection(ground.water()[water]).centroid
        found.append(_at("landmark", name, bend(middle.x, middle.y), road, 2))
    return found


def _roads(named: list[Street]) -> list[Place]:
    found = []
    for street in named:
        middle = LineString(street.points).interpolate(0.5, normalized=True)
        found.append(_at("road", street.name, (middle.x, middle.y), "", 3))
    return found


def _crossings(named: list[Street]) -> list[Place]:
    lines = [LineString(street.points) for street in named]
    found = []
    one, other = STRtree(lines).query(lines, predicate="intersects")
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        if a < b:
            spots = get_coordinates(intersection(lines[a], lines[b])).tolist()
            name = f"{named[a].name}与{named[b].name}路口"
            found += [_at("crossing", name, (x, y), "", 3) for x, y in spots[:1]]
    return found


def _along(named: list[Street], random: Random) -> list[Place]:
    """Deal shops, housing and schools along the roads; the note says on which."""
    found: list[Place] = []
    owners = [(owner, trade) for owner in _OWNERS for trade in _TRADES]
    random.shuffle(owners)
    town = [street for street in named if street.road_class in ("primary", "secondary", "tertiary")]
    spots = [(street, random.uniform(0.12, 0.88), random.choice((-24, 24))) for street in random.choices(town, k=330)]
    for number, (street, share, side) in enumerate(spots):
        spot = _beside(street, share, side)
        if number < 240:
            owner, trade = owners[number]
            found.append(_at("shop", owner + trade, spot, street.name, 4))
        elif number < 315:
            name = street.name[:2] + random.choice(_HOUSING)
            found.append(_at("landmark", name, spot, street.name, 3))
        else:
            name = street.name[:2] + random.choice(_SCHOOLS)
            found.append(_at("landmark", name, spot, street.name, 3))
    return found


def _beside(street: Street, share: float, side: float) -> Metres:
    line = LineString(street.points)
    here, ahead = line.interpolate(share, normalized=True), line.interpolate(min(1.0, share + 0.02), normalized=True)
    length = here.distance(ahead) or 1.0
    return here.x - (ahead.y - here.y) / length * side, here.y + (ahead.x - here.x) / length * side


def _lamp_posts(named: list[Street]) -> list[Place]:
    """Number the lamp posts of the named roads from their first end: the code on the pole finds the place (特征点)."""
    found = []
    for street, road in zip(named[: len(ROADS)], [road for road in ROADS if road.letters], strict=False):
        line = LineString(street.points)
        for number in range(1, int(line.length / POST_EVERY_M) + 1):
            point = line.interpolate(number * POST_EVERY_M - POST_EVERY_M / 2)
            code = f"{road.letters}{number:03d}"
            post = _at("post", f"{road.name}灯杆{code}", (point.x, point.y), code, 4)
            found.append(post._replace(code=code))
    return found

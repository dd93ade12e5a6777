"""The invented streets of the demo city: a seeded generator cuts the blocks between the named roads.

Land between roads is split in two across its longer side, again and again, until a piece is as small as its part of
town wants; every cut is a street. All of it is deterministic: no clock, no global random state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from math import cos, hypot, pi, sin
from random import Random
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Point, Polygon, STRtree, box
from shapely.ops import nearest_points, polygonize, split, unary_union

from incidents.demo_city import ground
from incidents.demo_city.curves import Metres, pieces, polygons, smooth
from incidents.demo_city.roads import ROADS

SEED: Final = 110
LONGEST_LINK_M: Final = 260
SHORTEST_LANE_M: Final = 60
_FIRST: Final = "文昌太和永宁福寿安康长青金玉瑞凤锦绣华秀兴隆吉庆德仁义礼智信明月清风春晖荷松竹梅兰桂榕棠"
_SECOND: Final = "平安源泉福里园华兴荣隆盛达宝祥瑞景明远光和"


@dataclass(frozen=True, slots=True)
class Street:
    """One drawn way, in metres."""

    name: str
    road_class: str
    points: tuple[Metres, ...]


@dataclass(frozen=True, slots=True)
class Fabric:
    """How fine a part of town is cut: pieces below `area_m2` or narrower than `width_m` are left whole."""

    area_m2: float
    width_m: float
    kept: float  # share of the small streets that are laid


CORE: Final = Fabric(area_m2=17_000, width_m=150, kept=0.90)
OLD_TOWN: Final = Fabric(area_m2=3_600, width_m=64, kept=0.95)
TOWN: Final = Fabric(area_m2=38_000, width_m=220, kept=0.86)
VILLAGE: Final = Fabric(area_m2=7_000, width_m=90, kept=0.80)


def bend(x: float, y: float) -> Metres:
    """Move a place by up to some 25 m, the same way for everything nearby: no town is drawn with a ruler."""
    east = 14 * sin(y / 310 + 0.8 * sin(x / 900)) + 9 * sin(y / 170 + x / 520)
    north = 14 * sin(x / 330 + 0.9 * sin(y / 800) + 1) + 9 * sin(x / 190 - y / 610)
    return x + east, y + north


@lru_cache(maxsize=1)
def network() -> tuple[tuple[Street, ...], tuple[Polygon, ...]]:
    """Return every street of the city, joined where they meet, and the plots of land between them, in metres."""
    named = [_named(index) for index in range(len(ROADS))]
    random = Random(SEED)
    laid, plots = [], []
    for block, fabric in _blocks(named, random):
        cuts, pieces_left = _cut(block, fabric, random, depth=0)
        laid += cuts
        plots += pieces_left
    laid += [("tertiary", line) for line in _village_roads(named)]
    names = _street_names(Random(SEED + 1))
    invented = [Street(_name_of(kind, names), kind, tuple(line.coords)) for kind, line in laid]
    whole = _linked(_joined(named + invented))
    joined = [Street(way.name, way.road_class, tuple(bend(*point) for point in way.points)) for way in whole]
    return tuple(joined), tuple(plots)


def _named(index: int) -> Street:
    road = ROADS[index]
    curve = smooth([ground.to_metres(*point) for point in road.line], 85)
    return Street(road.name, road.road_class, tuple(curve))


def _blocks(named: list[Street], random: Random) -> Iterator[tuple[Polygon, Fabric]]:
    """Yield the land between the named roads with the way it is cut: town by blocks, old town, villages."""
    lines = [LineString(street.points) for street in named if street.road_class != "rail"]
    old, town = ground.outline(ground.OLD_TOWN), ground.outline(ground.BUILT_UP)
    empty = ground.streetless()
    spared = unary_union([empty, old.buffer(15)])
    core = box(
        *ground.to_metres(ground.CORE.west, ground.CORE.south), *ground.to_metres(ground.CORE.east, ground.CORE.north)
    )
    for whole in polygonize(unary_union([*lines, town.boundary])):
        middle = whole.representative_point()
        for block in polygons(whole.difference(spared)) if town.contains(middle) else []:
            if block.area > 4_000:
                yield block, CORE if core.contains(middle) else TOWN
    yield old, OLD_TOWN
    clear = unary_union([empty, *[line.buffer(20) for line in lines]])
    for _, spot, radius in ground.VILLAGES:
        village = _village(ground.to_metres(*spot), radius, random).difference(clear)
        for block in polygons(village.intersection(ground.box_in_metres())):
            if block.area > 10_000:
                yield block, VILLAGE


def _village(middle: Metres, radius: float, random: Random) -> Polygon:
    """Return the outline of a village: grown, not drawn with compasses."""
    corners = [(2 * pi * step / 9, radius * random.uniform(0.62, 1.2)) for step in range(9)]
    return Polygon([(middle[0] + 1.25 * far * cos(turn), middle[1] + 0.85 * far * sin(turn)) for turn, far in corners])


def _village_roads(named: list[Street]) -> list[LineString]:
    """Return a road from each village to the nearest named road."""
    roads = [LineString(street.points) for street in named if street.road_class != "rail"]
    tree, water, lines = STRtree(roads), unary_union(list(ground.water().values())), []
    for _, spot, radius in ground.VILLAGES:
        middle = Point(ground.to_metres(*spot))
        near = nearest_points(middle, roads[tree.nearest(middle)])[1]
        side = ((near.y - middle.y) * 0.12, (middle.x - near.x) * 0.12)
        half = ((near.x + middle.x) / 2 + side[0], (near.y + middle.y) / 2 + side[1])
        line = LineString(smooth([(near.x, near.y), half, (middle.x, middle.y)], 90))
        if line.length > 0.4 * radius and not line.intersects(water):
            lines.append(line)
    return lines


def _cut(
    block: Polygon, fabric: Fabric, random: Random, depth: int
) -> tuple[list[tuple[str, LineString]], list[Polygon]]:
    """Cut a block until its pieces are small; return the cuts with their classes, and the pieces."""
    start, end, width = _axis(block)
    length = hypot(end[0] - start[0], end[1] - start[1])
    if block.area < fabric.area_m2 or (width < fabric.width_m and length < 2.2 * fabric.width_m) or depth > 9:
        return [], [block]
    line = _across(start, end, width, 0.5 + random.uniform(-0.11, 0.11))
    halves = polygons(split(block, line))
    if len(halves) < 2:
        return [], [block]
    ways: list[tuple[str, LineString]] = []
    small = block.area < 3.2 * fabric.area_m2
    if not small or random.random() < fabric.kept:
        kind = _class_of(block, fabric, small)
        ways = [(kind, way) for way in pieces(line.intersection(block)) if way.length > 25]
    plots = []
    for half in halves:
        more, left = _cut(half, fabric, random, depth + 1)
        ways += more
        plots += left
    return ways, plots


def _class_of(block: Polygon, fabric: Fabric, small: bool) -> str:
    if fabric is OLD_TOWN:
        return "foot"
    if fabric is VILLAGE or small:
        return "lane"
    return "tertiary" if block.area > 5 * fabric.area_m2 else "lane"


def _axis(block: Polygon) -> tuple[Metres, Metres, float]:
    """Return the middle line of a block's smallest rectangle along its longer side, and the rectangle's width."""
    corners = list(block.minimum_rotated_rectangle.exterior.coords)
    a, b, c = corners[0], corners[1], corners[2]
    first, second = hypot(b[0] - a[0], b[1] - a[1]), hypot(c[0] - b[0], c[1] - b[1])
    if first < second:
        a, b, c = corners[1], corners[2], corners[3]
        second = first
    shift = ((c[0] - b[0]) / 2, (c[1] - b[1]) / 2)
    return (a[0] + shift[0], a[1] + shift[1]), (b[0] + shift[0], b[1] + shift[1]), second


def _across(start: Metres, end: Metres, width: float, share: float) -> LineString:
    x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
    length = hypot(end[0] - start[0], end[1] - start[1])
    east, north = -(end[1] - start[1]) / length * width, (end[0] - start[0]) / length * width
    return LineString([(x - east, y - north), (x + east, y + north)])


def _street_names(random: Random) -> Iterator[str]:
    names = [first + second for first in _FIRST for second in _SECOND if first != second]
    random.shuffle(names)
    while True:
        yield from names


def _name_of(kind: str, names: Iterator[str]) -> str:
    """Name a through street; the smallest lanes stay without a name, as on any map."""
    ending = {"tertiary": "街", "foot": "巷"}.get(kind)
    return next(names) + ending if ending else ""


def _joined(streets: list[Street]) -> list[Street]:
    """Give two ways that meet a common vertex, so that the lines are a network and not only a drawing."""
    lines = np.array([LineString(street.points) for street in streets])
    extra: list[list[Metres]] = [[] for _ in streets]
    driven = np.array([street.road_class != "rail" for street in streets])
    one, other = STRtree(lines).query(lines, predicate="dwithin", distance=1.0)
    pairs = (one < other) & driven[one] & driven[other]
    one, other = one[pairs], other[pairs]
    crossings, owner = shapely.get_coordinates(shapely.intersection(lines[one], lines[other]), return_index=True)
    for (x, y), pair in zip(crossings.tolist(), owner.tolist(), strict=True):
        extra[one[pair]].append((x, y))
        extra[other[pair]].append((x, y))
    for vertex in (0, -1):
        for guest, host in ((one, other), (other, one)):
            ends = shapely.get_point(lines[guest], vertex)
            for index in np.flatnonzero(shapely.distance(ends, lines[host]) < 1.0):
                extra[host[index]].append((ends[index].x, ends[index].y))
    return [_with_vertices(street, line, more) for street, line, more in zip(streets, lines, extra, strict=True)]


def _near(one: Metres, other: Metres) -> bool:
    return hypot(one[0] - other[0], one[1] - other[1]) < 1.5


def _with_vertices(street: Street, line: LineString, extra: list[Metres]) -> Street:
    """Add the vertices to a way; one that nearly stands there already is moved to it, once."""
    points = list(street.points)
    own = set(range(len(points)))
    for point in dict.fromkeys(extra):
        twin = next((index for index in sorted(own) if _near(points[index], point)), None)
        if twin is None:
            points.append(point)
        else:
            points[twin] = point
            own.remove(twin)
    along = shapely.line_locate_point(line, shapely.points(points)).tolist()
    order = sorted(range(len(points)), key=along.__getitem__)
    # To a tenth of a metre, so that a place computed in two ways is one vertex.
    rounded = [(round(points[index][0], 1), round(points[index][1], 1)) for index in order]
    return Street(street.name, street.road_class, tuple(point for point, _ in groupby(rounded)))


def _linked(streets: list[Street]) -> list[Street]:
    """Tie what stands apart to the rest by a short way, so that every address can be driven to; drop bare ends."""
    groups = _groups(streets)
    rest = max(groups, key=len)
    tree = STRtree(shapely.points(spots := [point for index in rest for point in streets[index].points]))
    links, dropped = [], set()
    for group in groups:
        if group is rest or streets[group[0]].road_class == "rail":
            continue
        own = [point for index in group for point in streets[index].points]
        nearest, far = tree.query_nearest(shapely.points(own), return_distance=True, all_matches=False)
        best = int(np.argmin(far))
        if far[best] > LONGEST_LINK_M or LineString(own).length < SHORTEST_LANE_M:
            dropped |= set(group)
        else:
            links.append(Street("", streets[group[0]].road_class, (own[nearest[0][best]], spots[nearest[1][best]])))
    return [street for index, street in enumerate(streets) if index not in dropped] + links


def _groups(streets: list[Street]) -> list[list[int]]:
    """Return the indices of streets by what hangs together through common vertices."""
    parent: dict[Metres, Metres] = {}

    def root(point: Metres) -> Metres:
        parent.setdefault(point, point)
        while parent[point] != point:
            parent[point] = parent[parent[point]]
            point = parent[point]
        return point

    for street in streets:
        for one, other in pairwise(street.points):
            parent[root(one)] = root(other)
    groups: dict[Metres, list[int]] = {}
    for index, street in enumerate(streets):
        groups.setdefault(root(street.points[0]), []).append(index)
    return list(groups.values())

"""Streets to drive on and places where things happen, from the demo city's data. Pure; building it takes seconds once."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from incidents.demo_city import ground
from incidents.demo_city.gazetteer import Place, gazetteer
from incidents.demo_city.streets import network

Metres = tuple[float, float]

# Speed on a class of street as a multiple of the unit's own average (domain 10: 30 km/h over the town).
PACE_OF: Final = {"trunk": 1.5, "primary": 1.2, "secondary": 1.1, "tertiary": 1.0, "lane": 0.8, "foot": 0.35}
CELL_M: Final = 150.0
CORE_WEIGHT: Final = 4.0  # how much more happens at a place in the dense core
HOMES: Final = ("花园", "新村", "小区", "公寓", "家园", "雅苑", "名邸", "村")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the gazetteer as a caller names it, with the text that the place search finds it by."""

    name: str
    address: str
    lat: float
    lng: float


class Streets:
    """The street network as a graph: nodes in metres, edges with their length and pace."""

    def __init__(self) -> None:
        self.nodes: list[Metres] = []
        self.edges: list[list[tuple[int, float, float]]] = []
        self._lay()
        self._keep_connected()
        self._cells: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, point in enumerate(self.nodes):
            self._cells[_cell(point)].append(index)

    def _lay(self) -> None:
        known: dict[tuple[int, int], int] = {}
        for street in network()[0]:
            if street.road_class == "rail":
                continue
            pace = PACE_OF[street.road_class]
            before = -1
            for point in street.points:
                key = (round(point[0] * 5), round(point[1] * 5))  # joined streets share a vertex to 20 cm
                here = known.get(key, -1)
                if here < 0:
                    here = known[key] = len(self.nodes)
                    self.nodes.append(point)
                    self.edges.append([])
                if before >= 0 and before != here:
                    length = math.dist(self.nodes[before], self.nodes[here])
                    self.edges[before].append((here, length, pace))
                    self.edges[here].append((before, length, pace))
                before = here

    def _keep_connected(self) -> None:
        """Keep the largest connected part: a car must be able to leave where it is."""
        seen: set[int] = set()
        largest: set[int] = set()
        for start in range(len(self.nodes)):
            if start not in seen:
                part = self._reachable(start)
                seen |= part
                largest = max(largest, part, key=len)
        new = {old: index for index, old in enumerate(sorted(largest))}
        self.nodes = [self.nodes[old] for old in new]
        self.edges = [[(new[to], length, pace) for to, length, pace in self.edges[old]] for old in new]

    def _reachable(self, start: int) -> set[int]:
        found, waiting = {start}, [start]
        while waiting:
            for to, _, _ in self.edges[waiting.pop()]:
                if to not in found:
                    found.add(to)
                    waiting.append(to)
        return found

    def nearest(self, point: Metres) -> int:
        """Return the node nearest to a point in metres."""
        column, row = _cell(point)
        for reach in range(1, 200):
            near = [
                index
                for x in range(column - reach, column + reach + 1)
                for y in range(row - reach, row + reach + 1)
                for index in self._cells.get((x, y), ())
            ]
            if near:
                return min(near, key=lambda index: math.dist(self.nodes[index], point))
        raise ValueError("no street anywhere near")

    def route(self, start: Metres, end: Metres) -> list[tuple[Metres, float]]:
        """Return the quickest way as points in metres, each with the pace of the piece that leads to it (A*)."""
        first, last = self.nearest(start), self.nearest(end)
        came = self._search(first, last)
        way: list[tuple[Metres, float]] = [(end, PACE_OF["lane"])]
        node = last
        while node != first:
            before, pace = came[node]
            way.append((self.nodes[node], pace))
            node = before
        way += [(self.nodes[first], PACE_OF["lane"]), (start, 1.0)]
        return way[::-1]

    def _search(self, first: int, last: int) -> dict[int, tuple[int, float]]:
        goal, quickest = self.nodes[last], max(PACE_OF.values())
        cost = {first: 0.0}
        came: dict[int, tuple[int, float]] = {}
        waiting = [(math.dist(self.nodes[first], goal) / quickest, first)]
        done: set[int] = set()
        while waiting:
            _, node = heapq.heappop(waiting)
            if node == last:
                break
            if node in done:
                continue
            done.add(node)
            for to, length, pace in self.edges[node]:
                there = cost[node] + length / pace
                if there < cost.get(to, math.inf):
                    cost[to] = there
                    came[to] = (node, pace)
                    heapq.heappush(waiting, (there + math.dist(self.nodes[to], goal) / quickest, to))
        return came

    def around(self, point: Metres, radius_m: float, random: Random) -> Metres:
        """Draw a street corner within a radius."""
        angle, reach = random.uniform(0, math.tau), radius_m * math.sqrt(random.random())
        return self.nodes[self.nearest((point[0] + reach * math.cos(angle), point[1] + reach * math.sin(angle)))]


def _cell(point: Metres) -> tuple[int, int]:
    return int(point[0] // CELL_M), int(point[1] // CELL_M)


@lru_cache(maxsize=1)
def streets() -> Streets:
    """Return the network of the demo city."""
    return Streets()


def metres(lat: float, lng: float) -> Metres:
    """Return a WGS-84 point in metres east and north of the demo box's corner."""
    return ground.to_metres(lng, lat)


def degrees(point: Metres) -> tuple[float, float]:
    """Return latitude and longitude of a point in metres."""
    lng, lat = ground.to_lnglat(*point)
    return lat, lng


class Spots:
    """Places by what happens there, drawn with more weight in the dense core."""

    def __init__(self) -> None:
        by_where: dict[str, list[Place]] = defaultdict(list)
        for place in gazetteer():
            if where := where_of(place):
                by_where[where].append(place)
        self._by_where = dict(by_where)
        self._weights = {
            where: [CORE_WEIGHT if _in_core(place) else 1.0 for place in places]
            for where, places in self._by_where.items()
        }

    def draw(self, where: str, random: Random) -> Spot:
        """Draw a place where such things happen: street, shop, home or public."""
        place = random.choices(self._by_where[where], weights=self._weights[where])[0]
        return Spot(place.name, address_of(place), place.lat, place.lng)


def where_of(place: Place) -> str:
    """Return which kind of scene a place is, "" for none."""
    if place.kind in ("crossing", "post", "road"):
        return "street"
    if place.kind == "shop":
        return "shop"
    if place.kind == "landmark":
        return "home" if place.name.endswith(HOMES) else "public"
    return ""


def address_of(place: Place) -> str:
    """Return a place as a caller says it."""
    if place.kind == "shop":
        return f"{place.note}{place.name}"
    return f"{place.name}附近" if place.kind == "road" else place.name


def _in_core(place: Place) -> bool:
    core = ground.CORE
    return core.west <= place.lng <= core.east and core.south <= place.lat <= core.north


@lru_cache(maxsize=1)
def spots() -> Spots:
    """Return the places of the demo city."""
    return Spots()

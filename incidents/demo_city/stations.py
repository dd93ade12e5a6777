"""Police stations of the demo city, the areas they own and the organisation tree (domain reference, section 10).

The sites are fictional. A station's area is what lies nearer to it than to any other station, clipped to the box.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from shapely import MultiPoint, Point, Polygon, box, voronoi_polygons

from incidents.demo_city import ground
from incidents.demo_city.ground import LngLat
from incidents.geo import Box

BUREAU: Final = "350600"


class Organisation(NamedTuple):
    """A node of the tree bureau → branch → station or squad."""

    code: str
    parent: str
    kind: str
    name: str
    short_name: str
    at: LngLat | None


class Area(NamedTuple):
    """A polygon with its owner: a station's area, or a kind of area."""

    kind: str
    code: str
    name: str
    owner: str
    ring: list[LngLat]
    minutes: int | None = None
    unit_kinds: tuple[str, ...] = ()


GRID_M: Final = 1_500.0
# Where a patrol must be within so many minutes of the order (快反圈, R17); the radius in metres.
_RINGS: Final[list[tuple[str, LngLat, float, int]]] = [
    ("古城", (117.6510, 24.5070), 700.0, 3),
    ("市医院", (117.6450, 24.5140), 600.0, 3),
    ("市民广场", (117.6770, 24.5105), 700.0, 3),
    ("客运中心", (117.6885, 24.5235), 700.0, 3),
    ("碧湖万达", (117.6905, 24.5025), 1_500.0, 5),
    ("蓝田工业区", (117.7350, 24.5152), 1_500.0, 5),
]
_RING_UNITS: Final = ("UP", "UM")
_STATIONS: Final[list[tuple[str, str, LngLat]]] = [
    ("S401", "东铺头", (117.660, 24.514)),
    ("S402", "西桥", (117.643, 24.509)),
    ("S403", "新桥", (117.652, 24.504)),
    ("S404", "巷口", (117.657, 24.509)),
    ("S405", "南坑", (117.668, 24.508)),
    ("S406", "通北", (117.652, 24.522)),
    ("S407", "芝山", (117.638, 24.525)),
    ("S408", "步文", (117.705, 24.512)),
    ("S409", "碧湖", (117.690, 24.500)),
    ("S410", "蓝田", (117.722, 24.522)),
]
_SQUADS: Final = ("一", "二", "三", "四", "五", "六", "七", "八")


def stations() -> list[Organisation]:
    """Return the ten stations under their branch: west of 117.680 E 芗城, east 龙文."""
    return [
        Organisation(code, "350602" if at[0] < ground.BRANCH_LINE_LNG else "350603", "station",
                     f"{name}派出所", f"{name}所", at)
        for code, name, at in _STATIONS
    ]  # fmt: skip


def organisations() -> list[Organisation]:
    """Return the whole tree of the demo city, parents first."""
    middle = (117.6600, 24.5165)
    squads = [
        Organisation(f"SQ{number}", "BRIGADE", "squad", f"巡特警{word}中队", f"{word}中队", None)
        for number, word in enumerate(_SQUADS, start=1)
    ]
    return [
        Organisation(BUREAU, "", "bureau", "漳州市公安局", "市局", middle),
        Organisation("CENTRE", BUREAU, "branch", "110指挥中心", "指挥中心", middle),
        Organisation("BRIGADE", BUREAU, "branch", "巡特警支队直属大队（漳州110）", "漳州110", (117.6640, 24.5185)),
        Organisation("FUSION", BUREAU, "branch", "110合成作战中心", "合成中心", middle),
        Organisation("350602", BUREAU, "branch", "芗城分局", "芗城分局", (117.6545, 24.5155)),
        Organisation("350603", BUREAU, "branch", "龙文分局", "龙文分局", (117.7050, 24.5150)),
        *stations(),
        *squads,
        Organisation("SQ9", "BRIGADE", "squad", "图侦中队", "图侦中队", middle),
        Organisation("AIR", "BRIGADE", "squad", "警航组", "警航组", None),
        Organisation("PARTNER", "CENTRE", "squad", "联动队伍", "联动队伍", None),
    ]


@lru_cache(maxsize=1)
def areas() -> tuple[Area, ...]:
    """Return the stations' areas, the kinds of area, and two beats of every station, the grids and the rings; of the
    kinds a later one covers what is left by an earlier one.

    Kinds follow the demo rule of section 10: the core is urban, the rest of the box suburban, outside of it rural.
    """
    kinds = [
        Area("area_kind", "urban", "城区", "", _ring(ground.CORE)),
        Area("area_kind", "suburban", "城郊", "", _ring(ground.BOX)),
    ]
    return (*_station_areas(), *kinds, *_beats(), *_grids(), *_rings())


def _beats() -> list[Area]:
    """Cut every station's area in two along the meridian of its site (巡区)."""
    found = []
    for station, whole in zip(stations(), _station_areas(), strict=True):
        lng = (station.at or (0.0, 0.0))[0]
        for letter, word, west, east in (("W", "西", ground.BOX.west, lng), ("E", "东", lng, ground.BOX.east)):
            half = Polygon(whole.ring).intersection(box(west, ground.BOX.south, east, ground.BOX.north))
            ring = [(round(x, 6), round(y, 6)) for x, y in half.normalize().exterior.coords]
            found.append(
                Area("beat", f"B{station.code[1:]}{letter}", f"{station.short_name}{word}巡区", station.code, ring)
            )
    return found


def _grids() -> list[Area]:
    """Lay squares over the box (社区网格)."""
    whole = ground.box_in_metres()
    _, _, width, height = whole.bounds
    found = []
    for row in range(round(height / GRID_M)):
        for column in range(round(width / GRID_M)):
            square = box(column * GRID_M, row * GRID_M, (column + 1) * GRID_M, (row + 1) * GRID_M).intersection(whole)
            ring = [ground.to_lnglat(x, y) for x, y in square.normalize().exterior.coords]
            found.append(
                Area("grid", f"G{row + 1:02d}{column + 1:02d}", f"网格{row + 1:02d}-{column + 1:02d}", "", ring)
            )
    return found


def _rings() -> list[Area]:
    found = []
    for number, (name, at, metres, minutes) in enumerate(_RINGS, 1):
        circle = Point(ground.to_metres(*at)).buffer(metres, quad_segs=6)
        ring = [ground.to_lnglat(x, y) for x, y in circle.exterior.coords]
        found.append(Area("ring", f"R{number:02d}", f"{name}{minutes}分钟圈", "", ring, minutes, _RING_UNITS))
    return found


def _station_areas() -> list[Area]:
    whole = ground.box_in_metres()
    cells = voronoi_polygons(MultiPoint([ground.to_metres(*at) for _, _, at in _STATIONS]), extend_to=whole).geoms
    found = []
    for station in stations():
        site = Point(ground.to_metres(*(station.at or (0, 0))))
        cell = next(cell for cell in cells if cell.contains(site)).intersection(whole)
        ring = [ground.to_lnglat(x, y) for x, y in cell.normalize().exterior.coords]
        found.append(Area("station", station.code, station.short_name, station.code, ring))
    return found


def _ring(box: Box) -> list[LngLat]:
    west, south, east, north = box.west, box.south, box.east, box.north
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]

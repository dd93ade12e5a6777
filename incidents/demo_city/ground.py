"""The ground of the demo city: boxes, rivers, parks and built-up land (domain reference, section 10).

Everything here is a demonstration: shapes are approximate or invented. Coordinates are WGS-84 degrees, written
`(lng, lat)` as in GeoJSON because shapes are; work on shapes happens in metres east and north of the box's
south-west corner.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import transform, unary_union

from incidents.demo_city.curves import rounded, smooth, strip
from incidents.geo import Box

BOX: Final = Box(west=117.600, south=24.460, east=117.780, north=24.570)
CORE: Final = Box(west=117.635, south=24.495, east=117.690, north=24.530)
BRANCH_LINE_LNG: Final = 117.680
"""West of this meridian lies 芗城区, east of it 龙文区."""

M_PER_LNG: Final = 101_300.0
M_PER_LAT: Final = 110_800.0

LngLat = tuple[float, float]

# Centre lines with their widths in metres, upstream first.
RIVERS: Final[dict[str, tuple[float, list[LngLat]]]] = {
    "九龙江西溪": (
        270.0,
        [
            (117.592, 24.5062), (117.604, 24.5040), (117.618, 24.5013), (117.632, 24.5001), (117.646, 24.4988),
            (117.660, 24.4972), (117.676, 24.4956), (117.692, 24.4943), (117.708, 24.4930), (117.724, 24.4914),
            (117.741, 24.4897), (117.757, 24.4862), (117.770, 24.4843), (117.788, 24.4830),
        ],
    ),
    "九龙江北溪": (
        230.0,
        [
            (117.729, 24.578), (117.737, 24.5672), (117.751, 24.5575), (117.7575, 24.5465), (117.7655, 24.5355),
            (117.7668, 24.5235), (117.7720, 24.5120), (117.7790, 24.5030), (117.790, 24.4950),
        ],
    ),
}  # fmt: skip

# Water that is not a river: name and outline.
LAKES: Final[dict[str, list[LngLat]]] = {
    "碧湖": [
        (117.6868, 24.4992), (117.6882, 24.5008), (117.6902, 24.5006), (117.6906, 24.4988), (117.6894, 24.4976),
        (117.6876, 24.4979),
    ],
    "九龙湖": [(117.6592, 24.5184), (117.6601, 24.5192), (117.6612, 24.5187), (117.6608, 24.5177), (117.6597, 24.5175)],
    "西院湖": [
        (117.6212, 24.5182), (117.6236, 24.5200), (117.6252, 24.5190), (117.6248, 24.5166), (117.6228, 24.5158),
    ],
    "蓝田水库": [(117.7318, 24.5395), (117.7352, 24.5412), (117.7368, 24.5388), (117.7340, 24.5372)],
    "翠林湖": [(117.7085, 24.4732), (117.7118, 24.4745), (117.7142, 24.4728), (117.7122, 24.4709), (117.7092, 24.4714)],
}  # fmt: skip

PARKS: Final[dict[str, list[LngLat]]] = {
    "中山公园": [(117.6506, 24.5088), (117.6506, 24.5108), (117.6546, 24.5107), (117.6545, 24.5087)],
    "九龙公园": [(117.6572, 24.5164), (117.6572, 24.5197), (117.6618, 24.5197), (117.6618, 24.5164)],
    "碧湖生态园": [
        (117.6838, 24.4980), (117.6838, 24.5022), (117.6916, 24.5020), (117.6916, 24.4972), (117.6870, 24.4972),
    ],
    "芝山公园": [
        (117.6382, 24.5265), (117.6382, 24.5332), (117.6428, 24.5340), (117.6450, 24.5310), (117.6446, 24.5270),
    ],
    "西院湖公园": [(117.6192, 24.5145), (117.6192, 24.5212), (117.6270, 24.5216), (117.6272, 24.5148)],
    "步文公园": [(117.7052, 24.5158), (117.7052, 24.5187), (117.7096, 24.5187), (117.7096, 24.5158)],
    "蓝田山公园": [
        (117.7290, 24.5345), (117.7288, 24.5425), (117.7352, 24.5442), (117.7400, 24.5405), (117.7388, 24.5348),
    ],
    "江南公园": [(117.6560, 24.4905), (117.6566, 24.4946), (117.6650, 24.4936), (117.6648, 24.4900)],
    "翠林郊野公园": [
        (117.7050, 24.4690), (117.7052, 24.4765), (117.7160, 24.4768), (117.7180, 24.4700), (117.7120, 24.4680),
    ],
    "圆山": [
        (117.6000, 24.4655), (117.6000, 24.4790), (117.6080, 24.4800), (117.6140, 24.4745), (117.6125, 24.4672),
        (117.6060, 24.4640),
    ],
    "龙文山": [
        (117.7090, 24.5565), (117.7060, 24.5640), (117.7130, 24.5700), (117.7240, 24.5700), (117.7260, 24.5640),
        (117.7190, 24.5575),
    ],
}  # fmt: skip

# Land without public streets inside: name, kind and outline.
GROUNDS: Final[dict[str, tuple[str, list[LngLat]]]] = {
    "闽南师大": ("campus", [(117.6436, 24.5165), (117.6436, 24.5215), (117.6496, 24.5215), (117.6496, 24.5165)]),
    "市医院": ("hospital", [(117.6432, 24.5142), (117.6432, 24.5160), (117.6462, 24.5160), (117.6462, 24.5142)]),
    "蓝田第二工业园": ("industry", [(117.7148, 24.5260), (117.7148, 24.5330), (117.7252, 24.5332), (117.7252, 24.5262)]),
    "蓝田第一工业园": ("industry", [(117.7275, 24.5115), (117.7275, 24.5190), (117.7440, 24.5190), (117.7440, 24.5115)]),
    "金峰工业园": ("industry", [(117.6190, 24.5305), (117.6190, 24.5390), (117.6270, 24.5395), (117.6272, 24.5308)]),
    "体育中心": ("sports", [(117.6950, 24.5025), (117.6950, 24.5062), (117.7010, 24.5060), (117.7010, 24.5023)]),
}  # fmt: skip

OLD_TOWN: Final[list[LngLat]] = [
    (117.6486, 24.5048), (117.6486, 24.5086), (117.6549, 24.5084), (117.6548, 24.5046),
]  # fmt: skip
"""漳州古城: lanes for feet only."""

BUILT_UP: Final[list[LngLat]] = [
    (117.6105, 24.5085), (117.6095, 24.5330), (117.6180, 24.5440), (117.6420, 24.5470), (117.6700, 24.5480),
    (117.6960, 24.5535), (117.7230, 24.5490), (117.7420, 24.5480), (117.7500, 24.5300), (117.7530, 24.5070),
    (117.7480, 24.4930), (117.7450, 24.4790), (117.7130, 24.4780), (117.6900, 24.4770), (117.6630, 24.4790),
    (117.6400, 24.4840), (117.6190, 24.4870), (117.6150, 24.4980),
]  # fmt: skip
"""The town's edge: streets are drawn inside, fields and villages outside."""

# Villages outside of the town: name, middle and radius in metres.
VILLAGES: Final[list[tuple[str, LngLat, float]]] = [
    ("上坂村", (117.6045, 24.5235), 330), ("石亭村", (117.6055, 24.5455), 380), ("岱山村", (117.6280, 24.5560), 360),
    ("后巷村", (117.6520, 24.5610), 380), ("浦口村", (117.6790, 24.5605), 340), ("梧桥村", (117.6935, 24.5640), 260),
    ("郭前村", (117.7570, 24.5290), 330), ("檀林村", (117.7585, 24.5030), 360),
    ("洲头村", (117.7600, 24.4935), 300), ("长洲村", (117.7660, 24.5640), 360), ("下庄村", (117.7740, 24.5480), 300),
    ("渡头村", (117.7735, 24.4745), 340), ("内林村", (117.7560, 24.4705), 360), ("田边村", (117.7330, 24.4690), 340),
    ("新塘村", (117.6920, 24.4670), 320), ("丰田村", (117.6720, 24.4690), 360), ("林前村", (117.6480, 24.4720), 360),
    ("古塘村", (117.6290, 24.4730), 330), ("西坑村", (117.6080, 24.4890), 330), ("前锋村", (117.6370, 24.4640), 300),
]  # fmt: skip


def to_metres(lng: float, lat: float) -> tuple[float, float]:
    """Return metres east and north of the box's south-west corner."""
    return (lng - BOX.west) * M_PER_LNG, (lat - BOX.south) * M_PER_LAT


def to_lnglat(x: float, y: float) -> LngLat:
    """Return longitude and latitude of a place given in metres, to a tenth of a metre."""
    return round(BOX.west + x / M_PER_LNG, 6), round(BOX.south + y / M_PER_LAT, 6)


def outline(ring: list[LngLat]) -> Polygon:
    """Return a ring of degrees as a polygon in metres."""
    return Polygon([to_metres(*point) for point in ring])


def in_degrees(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape given in metres in degrees."""
    return transform(lambda x, y: (BOX.west + x / M_PER_LNG, BOX.south + y / M_PER_LAT), shape)


def box_in_metres() -> Polygon:
    """Return the demo box in metres."""
    return outline([(BOX.west, BOX.south), (BOX.east, BOX.south), (BOX.east, BOX.north), (BOX.west, BOX.north)])


@lru_cache(maxsize=1)
def water() -> dict[str, BaseGeometry]:
    """Return every river and lake by its name, in metres, clipped to the box."""
    shapes = {
        name: strip(smooth([to_metres(*point) for point in line], 60), width) for name, (width, line) in RIVERS.items()
    }
    for name, ring in LAKES.items():
        shapes[name] = rounded(outline(ring), 45)
    return {name: shape.intersection(box_in_metres()) for name, shape in shapes.items()}


def parks() -> dict[str, BaseGeometry]:
    """Return every park by its name, in metres; hills in the country are rounder than parks in town."""
    town = outline(BUILT_UP)
    shapes = {name: outline(ring) for name, ring in PARKS.items()}
    return {name: rounded(shape, 20 if town.contains(shape) else 160) for name, shape in shapes.items()}


def streetless() -> BaseGeometry:
    """Return the land on which no street is laid: water, parks, campuses, works."""
    banks = [shape.buffer(35) for shape in water().values()]
    grounds = [outline(ring) for _, ring in GROUNDS.values()]
    return unary_union([*banks, *parks().values(), *grounds])

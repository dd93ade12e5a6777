"""Places where things happen, from the demo city's data, and its plane of metres. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from incidents.demo_city import ground
from incidents.demo_city.gazetteer import Place, gazetteer

Metres = tuple[float, float]

CORE_WEIGHT: Final = 4.0  # how much more happens at a place in the dense core
HOMES: Final = ("花园", "新村", "小区", "公寓", "家园", "雅苑", "名邸", "村")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the gazetteer as a caller names it, with the text that the place search finds it by."""

    name: str
    address: str
    lat: float
    lng: float


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

    def everywhere(self) -> list[Spot]:
        """Return all places, in the gazetteer's order."""
        found = [place for places in self._by_where.values() for place in places]
        return [Spot(place.name, address_of(place), place.lat, place.lng) for place in found]

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

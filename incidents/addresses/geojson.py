"""Reading areas from GeoJSON: what cannot be a polygon of this centre is named by the path of its field (A32)."""

from __future__ import annotations

import json
import math
from typing import Any

from shapely import Polygon
from shapely.validation import explain_validity

from incidents import geo
from incidents.models import Area
from incidents.row import Json

LARGEST_FILE = 50_000_000
MOST_POINTS = 20_000
MOST_AREAS = 20_000
Kind = Area.Kind


class BadArea(ValueError):
    """An area that cannot be one, with the path of the field."""

    def __init__(self, path: str, says: str) -> None:
        super().__init__(f"{path}: {says}")
        self.path, self.says = path, says


def read(text: str, kind: str, datum: str, box: list[float]) -> list[Json]:
    """Return the areas of a FeatureCollection, rings in WGS-84. The datum is said by who loads it, never guessed: a file
    that names another one is refused. Raises BadArea."""
    if len(text) > LARGEST_FILE:
        raise BadArea("", f"the file is larger than {LARGEST_FILE // 1_000_000} MB")
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadArea("", f"is no JSON: {error}") from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not 0 < len(features) <= MOST_AREAS:
        raise BadArea("features", f"must be a list of 1 to {MOST_AREAS} features")
    if found.get("datum", datum) != datum:
        raise BadArea("datum", f"the file says {str(found['datum'])[:20]}, the command {datum}")
    areas = [read_feature(one, f"features.{number}", kind, datum, box) for number, one in enumerate(features)]
    seen: dict[str, int] = {}
    for number, area in enumerate(areas):
        if area["code"] in seen:
            raise BadArea(f"features.{number}.properties.code", f"is the code of features.{seen[area['code']]} too")
        seen[area["code"]] = number
    return areas


def read_feature(feature: Any, path: str, kind: str, datum: str, box: list[float]) -> Json:
    """Return one area. Raises BadArea."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise BadArea(f"{path}.properties", "is missing")
    facts, where = feature["properties"], f"{path}.properties"
    code, name = (word(facts, where, field, limit) for field, limit in (("code", 24), ("name", 60)))
    area: Json = {"code": code, "name": name, "owner": str(facts.get("owner") or "")}
    if kind == Kind.RING:
        area |= ring_facts(facts, where)
    return {**area, "ring": ring_of(feature.get("geometry"), f"{path}.geometry", datum, box)}


def word(facts: dict[str, Any], where: str, field: str, limit: int) -> str:
    """Return a text that must be there. Raises BadArea."""
    found = facts.get(field)
    if not isinstance(found, str) or not 0 < len(found.strip()) <= limit:
        raise BadArea(f"{where}.{field}", f"must be a text of 1 to {limit} signs")
    return found.strip()


def ring_facts(facts: dict[str, Any], where: str) -> Json:
    """Return minutes and kinds of unit of a response ring (R17). Raises BadArea."""
    minutes, kinds = facts.get("minutes"), facts.get("unit_kinds", [])
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= 60:
        raise BadArea(f"{where}.minutes", "must be whole minutes, 1 to 60")
    if not isinstance(kinds, list) or not all(isinstance(one, str) and 0 < len(one) <= 8 for one in kinds):
        raise BadArea(f"{where}.unit_kinds", "must be a list of codes")
    return {"minutes": minutes, "unit_kinds": kinds}


def ring_of(geometry: Any, path: str, datum: str, box: list[float]) -> list[list[float]]:
    """Return the outer ring in WGS-84, [lng, lat]. Raises BadArea for what is no simple polygon inside the box."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Polygon":
        raise BadArea(f"{path}.type", "must be Polygon; a place of several parts is several areas")
    rings = geometry.get("coordinates")
    if not isinstance(rings, list) or len(rings) != 1 or not isinstance(rings[0], list):
        raise BadArea(f"{path}.coordinates", "must be one ring without holes")
    if not 4 <= len(rings[0]) <= MOST_POINTS:
        raise BadArea(f"{path}.coordinates.0", f"must have 4 to {MOST_POINTS} points")
    ring = [point(one, f"{path}.coordinates.0.{number}", datum, box) for number, one in enumerate(rings[0])]
    if ring[0] != ring[-1]:
        raise BadArea(f"{path}.coordinates.0", "is not closed: the last point must be the first")
    shape = Polygon(ring)
    if not shape.is_valid or shape.area == 0:
        raise BadArea(f"{path}.coordinates.0", f"is no simple polygon: {explain_validity(shape)}")
    return ring


def point(found: Any, path: str, datum: str, box: list[float]) -> list[float]:
    """Return one point in WGS-84. Raises BadArea, which says so when latitude and longitude seem to be swapped."""
    numbers = (
        isinstance(found, list)
        and len(found) in (2, 3)
        and all(isinstance(one, (int, float)) and not isinstance(one, bool) and math.isfinite(one) for one in found)
    )
    if not numbers:
        raise BadArea(path, "must be [longitude, latitude], finite numbers")
    lng, lat = found[:2]
    south, west, north, east = box
    try:
        lat, lng = geo.to_wgs84(lat, lng, datum)
    except geo.BadPoint as error:
        raise BadArea(path, swapped(found, box) or str(error)) from error
    # A border may reach a little beyond the box of the centre.
    if not (south - 0.05 <= lat <= north + 0.05 and west - 0.05 <= lng <= east + 0.05):
        raise BadArea(path, swapped(found, box) or "lies outside the region of the centre")
    return [round(lng, 7), round(lat, 7)]


def swapped(found: list[float], box: list[float]) -> str:
    """Return the sentence for a point whose two numbers would fit the other way round, else ""."""
    south, west, north, east = box
    fits = south <= found[0] <= north and west <= found[1] <= east
    return "latitude and longitude are swapped: GeoJSON writes longitude first" if fits else ""

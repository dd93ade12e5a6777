"""Cameras near a place at a time: found by the register's spatial index, ordered by whether they look at it (M24)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from incidents import statements
from incidents.cameras import shapes
from incidents.cameras.sight import Eye, Sees, place_of, sees
from incidents.geo import METRES_PER_DEGREE, bearing_deg, distance_m, shrink
from incidents.models import Camera
from incidents.row import Json, stamp

USUAL_M, LONGEST_M = 500.0, 5_000.0
MOST = 200
# Answered by the index `camera_at`; what has ended is kept for times when it stood.
IN_BOX = (
    "centre_id = %s AND point(lng, lat) <@ box(point(%s, %s), point(%s, %s)) AND (ended_at IS NULL OR ended_at > %s)"
)


@dataclass(frozen=True, slots=True)
class Near:
    """A camera with what it is to a place."""

    camera: Camera
    sees: Sees
    metres: float
    bearing: float  # from the camera to the place

    def row(self) -> Json:
        """Return the camera with its distance, its direction to the place and whether it looks there."""
        extra = {"sees": str(self.sees), "metres": round(self.metres, 1), "towards": round(self.bearing, 1)}
        return {**self.camera.row(), **extra}


def eye_of(camera: Camera) -> Eye:
    """Return where a camera stands and looks."""
    return Eye(camera.lat, camera.lng, camera.bearing, camera.fov_deg, camera.range_m)


def in_box(centre_id: int, box: tuple[float, float, float, float], at: dt.datetime) -> list[Camera]:
    """Return the cameras that stood within south, west, north, east at a time."""
    south, west, north, east = box
    return statements.fetch(Camera, f"{IN_BOX} ORDER BY id", [centre_id, west, south, east, north, stamp(at)])


def near(
    centre_id: int, lat: float, lng: float, *, radius_m: float = USUAL_M, at: dt.datetime, most: int = MOST
) -> list[Near]:
    """Return the cameras within a radius of a place that stood at a time: those that look at it first, then those that
    may, then the others, each by distance."""
    north_deg = radius_m / METRES_PER_DEGREE
    east_deg = north_deg / shrink(lat)
    box = (lat - north_deg, lng - east_deg, lat + north_deg, lng + east_deg)
    found = []
    for camera in in_box(centre_id, box, at):
        metres = distance_m(camera.lat, camera.lng, lat, lng)
        if metres <= radius_m:
            view = sees(eye_of(camera), lat, lng)
            found.append(Near(camera, view, metres, bearing_deg(camera.lat, camera.lng, lat, lng)))
    return sorted(found, key=lambda one: (*place_of(one.sees, one.metres), one.camera.pk))[:most]


def in_ring(centre_id: int, ring: shapes.Ring, at: dt.datetime) -> list[Camera]:
    """Return the cameras that stood inside a ring at a time."""
    found = in_box(centre_id, shapes.box_of(ring), at)
    within = shapes.inside(ring, [(one.lat, one.lng) for one in found])
    return [one for one, is_inside in zip(found, within, strict=True) if is_inside]

"""Routes of the video desk that need units or roads: the squad's counters, the next camera."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.video_figures import figures
from incidents.api.cameras import OPENING, READING, moment_asked
from incidents.cameras import near
from incidents.cameras.follow import PACES, WITHIN_M, Next, Stop, following
from incidents.models import Camera
from incidents.refusals import BadInput, NotFound
from incidents.roles import LEADER, REVIEWER
from incidents.row import Json, stamp
from incidents.services.numbers import CITY_TIME
from patrol.roads import store
from patrol.roads.profiles import CAR, FOOT
from patrol.roads.routes import routes

PROFILE = {"foot": FOOT, "ride": FOOT, "drive": CAR}


class FiguresView(APIView):
    """M57."""

    roles = {"GET": (*READING, LEADER, REVIEWER)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the three counters of a period; without one of this year so far."""
        by: Any = request.auth
        now = timezone.now()
        year = dt.datetime(now.astimezone(CITY_TIME).year, 1, 1, tzinfo=CITY_TIME)
        since, until = moment_asked(request, "since") or year, moment_asked(request, "until") or now
        if until <= since:
            raise BadInput(until=_("The period ends before it begins."))
        return Response(figures(by.centre_id, since, until))


class NextCamerasView(APIView):
    """The next camera on somebody's way."""

    roles = {"GET": OPENING}

    @extend_schema(responses=dict)
    def get(self, request: Request, camera_id: int) -> Response:
        """Return the cameras after this one, the likeliest first, each with when to look there."""
        by: Any = request.auth
        camera = Camera.objects.filter(pk=camera_id, centre_id=by.centre_id).first()
        if camera is None:
            raise NotFound()
        at = moment_asked(request, "at") or timezone.now()
        pace, heading = request.query_params.get("pace", "foot"), heading_asked(request)
        if pace not in PACES:
            raise BadInput(pace=_("The pace is foot, ride or drive."))
        found = near.near(by.centre_id, camera.lat, camera.lng, radius_m=WITHIN_M, at=at)
        known = {one.camera.pk: one.camera for one in found} | declared(camera)
        here = stop(camera)
        steps = following(
            here, [stop(one) for one in known.values()], declared=camera.neighbours, at=at, pace=pace, heading=heading,
            road_m=lambda stops: road_metres(by.centre_id, here, stops, PROFILE[pace], at),
        )  # fmt: skip
        return Response({"at": stamp(at), "next": [told(one, known[one.id]) for one in steps]})


def heading_asked(request: Request) -> float | None:
    """Return the direction of movement in degrees from north. Raises BadInput."""
    given = request.query_params.get("heading")
    if given in (None, ""):
        return None
    try:
        found = float(str(given))
    except ValueError:
        found = -1.0
    if not 0 <= found <= 360:
        raise BadInput(heading=_("A direction is 0 to 360 degrees from north."))
    return found % 360


def declared(camera: Camera) -> dict[int, Camera]:
    """Return the neighbours that the register declares and that still stand."""
    found = Camera.objects.filter(centre_id=camera.centre_id, gb_code__in=camera.neighbours, ended_at__isnull=True)
    return {one.pk: one for one in found}


def stop(camera: Camera) -> Stop:
    """Return a camera as a stop."""
    return Stop(camera.pk, camera.gb_code, camera.lat, camera.lng)


def road_metres(centre_id: int, here: Stop, stops: list[Stop], profile: str, at: dt.datetime) -> list[float | None]:
    """Return metres by road between cameras and this one, None where no network or no way is known. One search; the way
    back is taken for the way there, which one-way streets alone make untrue."""
    network = store.current(centre_id)
    if network is None or not stops:
        return [None] * len(stops)
    hour = at.astimezone(CITY_TIME).hour
    starts = [(one.lat, one.lng) for one in stops]
    found = routes(network, starts, (here.lat, here.lng), profile, hour, emergency=False)
    return [None if one is None else one.metres for one in found]


def told(one: Next, camera: Camera) -> Json:
    """Return a step as the page shows it."""
    return {
        "camera": camera.row(),
        "metres": round(one.metres),
        "bearing": round(one.bearing, 1),
        "travel_s": round(one.travel_s),
        "at": stamp(one.at),
        "declared": one.declared,
        "by_road": one.by_road,
    }

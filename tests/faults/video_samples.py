"""Samples of the commands of the video desk: the register, opened cameras, bookmarks, search areas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from incidents.models import Bookmark, Camera, Incident, Organisation, SearchArea, SearchedCamera
from incidents.services import cameras, search_areas, viewings
from incidents.services.search_areas import Shape
from tests.database.acts import take
from tests.database.casework import SNATCH
from tests.database.test_video import LAT, LNG, area, facts, opened, set_up
from tests.faults.samples import Act, act, by
from tests.people import Cast

CIRCLE = Shape("circle", ((LAT, LNG),), 200)


def scene(cast: Cast) -> tuple[Incident, Camera]:
    """Three cameras at the place of a snatch."""
    return take(cast, **SNATCH), set_up(cast)[0]


def period() -> dict[str, Any]:
    """The hour before now."""
    now = timezone.now()
    return {"since": now - dt.timedelta(hours=1), "until": now}


def of_camera(run: Callable[..., Any], **said: Any) -> Callable[[Cast], Act]:
    """An act on a camera of the register."""
    return lambda cast: act(run, by=by(cast, "vic"), camera_id=scene(cast)[1].pk, **said)


def opens(cast: Cast) -> Act:
    """A camera is opened."""
    incident, camera = scene(cast)
    return act(
        viewings.open_camera,
        by=by(cast, "vic"),
        camera_id=camera.pk,
        incident_id=incident.pk,
        purpose="追查",
        **period(),
    )


def marks(cast: Cast) -> Act:
    """A moment is marked."""
    incident, camera = scene(cast)
    viewing = opened(cast, camera, incident)
    return act(
        viewings.mark_moment, by=by(cast, "vic"), viewing_id=viewing.pk, at=viewing.since, text="红帽", still=None
    )


def makes_clue(cast: Cast) -> Act:
    """A bookmark becomes a clue that the units get."""
    marks(cast)()
    return act(
        viewings.make_clue, by=by(cast, "vic"), bookmark_id=Bookmark.objects.get().pk, text="", confidence="high",
        request_id=None, push=True,
    )  # fmt: skip


def voids(cast: Cast) -> Act:
    """A bookmark is taken back."""
    marks(cast)()
    return act(viewings.void_bookmark, by=by(cast, "vic"), bookmark_id=Bookmark.objects.get().pk, reason="不是同一人")


def searched(cast: Cast) -> SearchArea:
    """An area whose cameras are looked through."""
    incident, _camera = scene(cast)
    return area(cast, incident)


def of_area(run: Callable[..., Any], **said: Any) -> Callable[[Cast], Act]:
    """An act on a search area."""
    return lambda cast: act(run, by=by(cast, "vic"), area_id=searched(cast).pk, **said)


def shares(cast: Cast) -> Act:
    """An area is shared with a branch."""
    branch = Organisation.objects.create(centre=cast.centre, kind="branch", code="B1", name="芗城分局")
    return act(search_areas.share_area, by=by(cast, "vic"), area_id=searched(cast).pk, branch_id=branch.pk)


def checks(cast: Cast) -> Act:
    """A camera was looked through."""
    mark = SearchedCamera.objects.filter(area=searched(cast)).order_by("id")[0]
    return act(search_areas.check_camera, by=by(cast, "vic"), mark_id=mark.pk, checked=True, finding="两人往南")


VIDEO_SAMPLES: dict[str, Callable[[Cast], Act]] = {
    "incidents.services.cameras.describe_camera": of_camera(cameras.describe_camera, version=1, facts={"bearing": 90.0}),
    "incidents.services.cameras.end_camera": of_camera(cameras.end_camera, reason="已拆除"),
    "incidents.services.cameras.load_cameras": lambda cast: act(
        cameras.load_cameras, by=None, centre_id=cast.centre.pk, cameras=[facts(1, 90), facts(2, 40)]
    ),
    "incidents.services.search_areas.check_camera": checks,
    "incidents.services.search_areas.end_area": of_area(search_areas.end_area),
    "incidents.services.search_areas.open_area": lambda cast: act(
        search_areas.open_area, by=by(cast, "vic"), incident_id=scene(cast)[0].pk, shape=CIRCLE, note="",
        request_id=None, branch_id=None, **period(),
    ),
    "incidents.services.search_areas.share_area": shares,
    "incidents.services.search_areas.widen_area": of_area(
        search_areas.widen_area, shape=CIRCLE, branch_id=None, note="扩大"
    ),
    "incidents.services.viewings.make_clue": makes_clue,
    "incidents.services.viewings.void_bookmark": voids,
    "incidents.services.viewings.mark_moment": marks,
    "incidents.services.viewings.open_camera": opens,
}  # fmt: skip

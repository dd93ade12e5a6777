"""Search areas (排查范围, M22): whose cameras are looked through one by one, shared with a branch, widened without losing
what was looked through. They stay open until somebody ends them: no change of shift closes one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.cameras import near, shapes
from incidents.commands import command
from incidents.journal import record
from incidents.models import Camera, FusionRequest, Organisation, SearchArea, SearchedCamera
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.roles import ANALYST, STATION_DUTY, VIDEO, WATCH_COMMANDER, audience_of
from incidents.services.clues import open_incident

MOST_CAMERAS = 1_000
LEADING = (VIDEO, ANALYST, WATCH_COMMANDER)


@dataclass(frozen=True, slots=True)
class Shape:
    """Where to look: `points` are (lat, lng) in WGS-84."""

    kind: str
    points: tuple[tuple[float, float], ...]
    radius_m: float = 0.0

    def ring(self) -> shapes.Ring:
        """Return its ring. Raises BadInput."""
        try:
            return shapes.ring_of(self.kind, list(self.points), self.radius_m)
        except shapes.BadShape as error:
            raise bad_shape(error) from error


def bad_shape(error: shapes.BadShape) -> BadInput:
    """Say what is wrong with a shape."""
    if str(error) == "size":
        return BadInput(shape=_("This area is too large to be looked through."))
    return BadInput(shape=_("This is no area: name its corners in turn, without crossing lines."))


@command
def open_area(
    *, by: Actor, incident_id: int, shape: Shape, since: dt.datetime, until: dt.datetime, note: str,
    request_id: int | None, branch_id: int | None,
) -> SearchArea:  # fmt: skip
    """Open a search area with every camera that stood inside at that time, each yet to be looked through. Raises
    BadInput for a shape or period that is none, and for one without a camera."""
    now = timezone.now()
    incident = open_incident(incident_id, by)
    if until <= since:
        raise BadInput(until=_("The period ends before it begins."))
    if request_id is not None and not FusionRequest.objects.filter(pk=request_id, incident=incident).exists():
        raise BadInput(request=_("This request is about another incident."))
    ring = shape.ring()
    cameras = cameras_in(by.centre_id, ring, since)
    area = SearchArea.make(
        by=by,
        now=now,
        centre_id=by.centre_id,
        incident=incident,
        request_id=request_id,
        ring=ring,
        since=since,
        until=until,
        note=note,
        branch=None if branch_id is None else branch(branch_id, by),
    )
    list_cameras(area, cameras, {}, by=by, now=now)
    record("search.opened", area, cameras=len(cameras))
    return area


def cameras_in(centre_id: int, ring: shapes.Ring, since: dt.datetime) -> list[Camera]:
    """Return the cameras of an area. Raises BadInput for none or too many."""
    found = near.in_ring(centre_id, ring, since)
    if not found:
        raise BadInput(shape=_("No camera stands in this area."))
    if len(found) > MOST_CAMERAS:
        raise BadInput(shape=_("This area is too large to be looked through."))
    return found


def list_cameras(
    area: SearchArea, cameras: list[Camera], before: dict[int, SearchedCamera], *, by: Actor, now: dt.datetime
) -> None:
    """Put cameras on the list of an area; what was looked through before stays so, with who, when and what was found."""
    rows = [
        SearchedCamera(
            centre_id=area.centre_id,
            created_at=now,
            updated_at=now,
            created_by_id=by.user_id,
            updated_by_id=by.user_id,
            terminal=by.place,
            area=area,
            camera=camera,
            **(kept_of(before[camera.pk]) if camera.pk in before else {}),
        )
        for camera in cameras
    ]
    SearchedCamera.objects.bulk_create(rows)


def kept_of(mark: SearchedCamera) -> dict[str, object]:
    """Return what a wider area keeps of a camera."""
    names = ("checked_at", "checked_by_no", "checked_by_name", "finding", "assigned_to")
    return {name: getattr(mark, name) for name in names}


@command
def widen_area(*, by: Actor, area_id: int, shape: Shape, branch_id: int | None, note: str) -> SearchArea:
    """Widen a search (M22): a new area that covers the old one too, keeps every mark, and replaces it. Raises BadInput
    where the two do not meet."""
    now = timezone.now()
    old = locked_open(area_id, by)
    if not old.incident.is_open:
        raise WrongTurn(old.incident)
    try:
        ring = shapes.joined(old.ring, shape.ring())
    except shapes.BadShape as error:
        raise bad_shape(error) from error
    before = {one.camera_id: one for one in old.cameras.select_related("camera")}
    found = {one.pk: one for one in cameras_in(by.centre_id, ring, old.since)}
    found |= {pk: one.camera for pk, one in before.items()}
    area = SearchArea.make(
        by=by,
        now=now,
        centre_id=by.centre_id,
        incident=old.incident,
        request_id=old.request_id,
        ring=ring,
        since=old.since,
        until=old.until,
        note=note or old.note,
        branch=old.branch if branch_id is None else branch(branch_id, by),
        widens=old,
    )
    list_cameras(area, [found[pk] for pk in sorted(found)], before, by=by, now=now)
    old.change(by=by, now=now, ended_at=now)
    checked = sum(1 for one in before.values() if one.checked_at is not None)
    record("search.widened", area, old, cameras=len(found), checked=checked)
    return area


@command
def share_area(*, by: Actor, area_id: int, branch_id: int) -> SearchArea:
    """Share an area with a branch (协同分局, M22): its people and those of its stations see it and look through it."""
    area = locked_open(area_id, by)
    other = branch(branch_id, by)
    if area.branch_id != other.pk:
        area.change(by=by, branch=other)
        record("search.shared", area, branch=other.name)
    return area


@command
def check_camera(*, by: Actor, mark_id: int, checked: bool, finding: str) -> SearchedCamera:
    """Say that one has looked through a camera and what was found, or that it must be looked through again. The area's
    row carries how far the search is."""
    now = timezone.now()
    area_id = (
        SearchedCamera.objects.filter(pk=mark_id, centre_id=by.centre_id).values_list("area_id", flat=True).first()
    )
    if area_id is None:
        raise NotFound()
    area = locked_open(area_id, by)
    mark = SearchedCamera.locked(mark_id, by.centre_id)
    mark.area = area
    who = {"checked_by_no": by.badge, "checked_by_name": by.name} if checked else {}
    gone = {"checked_at": None, "checked_by_no": "", "checked_by_name": "", "finding": ""}
    if checked and mark.checked_at is not None and mark.finding == finding:
        return mark
    if not checked and mark.checked_at is None:
        return mark
    mark.change(by=by, now=now, **({"checked_at": now, "finding": finding, **who} if checked else gone))
    area.touch(by=by, now=now)
    row = area.row()
    counts = {"cameras": row["cameras"], "checked": row["checked"]}
    record("search.checked" if checked else "search.unchecked", mark, area, name=mark.camera.name, **counts)
    return mark


@command
def end_area(*, by: Actor, area_id: int) -> SearchArea:
    """End a search; its list stays readable. A repeat changes nothing."""
    now = timezone.now()
    area = locked(area_id, by)
    if not by.has(*LEADING):
        raise Forbidden()
    if area.ended_at is None:
        area.change(by=by, now=now, ended_at=now)
        row = area.row()
        record("search.ended", area, cameras=row["cameras"], checked=row["checked"])
    return area


def branch(branch_id: int, by: Actor) -> Organisation:
    """Return a branch or station of the centre. Raises BadInput."""
    found = Organisation.objects.filter(pk=branch_id, centre_id=by.centre_id, kind__in=("branch", "station")).first()
    if found is None:
        raise BadInput(branch=_("There is no such branch."))
    return found


def locked(area_id: int, by: Actor) -> SearchArea:
    """Lock an area that a person may work on. Raises NotFound."""
    area = SearchArea.locked(area_id, by.centre_id)
    if area.incident.is_complaint or not (by.has(*LEADING) or is_shared_with(area, by)):
        raise NotFound()
    return area


def locked_open(area_id: int, by: Actor) -> SearchArea:
    """Lock an area that is still searched. Raises NotFound, WrongTurn with the area that replaced it."""
    area = locked(area_id, by)
    if area.ended_at is not None:
        raise WrongTurn(area.widened_by.order_by("id").first() or area, _("This search has ended."))
    return area


def is_shared_with(area: SearchArea, by: Actor) -> bool:
    """Tell whether an area is shared with a person's branch or station."""
    return by.has(STATION_DUTY) and audience_of(by) in area.readers()

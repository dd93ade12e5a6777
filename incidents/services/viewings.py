"""Opening a camera at a time, and marking moments in its pictures (视频倒查, M24): every look is journalled."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.cameras import sources
from incidents.commands import command
from incidents.journal import record
from incidents.models import Bookmark, Camera, Clue, Incident, SearchArea, Viewing
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.roles import ANALYST, DISPATCHER, VIDEO, WATCH_COMMANDER
from incidents.services import search_areas
from incidents.services.clues import open_incident

LONGEST = dt.timedelta(hours=24)
VALID_FOR = dt.timedelta(hours=12)
EVERYWHERE = (VIDEO, ANALYST, DISPATCHER, WATCH_COMMANDER)


@command
def open_camera(
    *, by: Actor, camera_id: int, incident_id: int, since: dt.datetime, until: dt.datetime, purpose: str
) -> Viewing:
    """Open a camera for a period, for an incident, to a purpose: the right to its pictures, and who had it. A branch
    opens what a search area shared with it holds. Raises BadInput for a period of over a day or one in the future."""
    now = timezone.now()
    incident = Incident.objects.filter(pk=incident_id, centre_id=by.centre_id).first()
    camera = Camera.objects.filter(pk=camera_id, centre_id=by.centre_id).first()
    if incident is None or incident.is_complaint or camera is None or not may_open(by, incident, camera):
        raise NotFound()
    if until <= since or until - since > LONGEST:
        raise BadInput(until=_("A camera is opened for a period of up to a day."))
    if since > now:
        raise BadInput(since=_("There are no pictures of the future."))
    adapter = sources.of_centre(by.centre_id)
    if adapter is None:
        raise WrongTurn(camera, _("This centre has no video adapter: register a gateway of kind video."))
    row = Viewing.make(
        by=by,
        now=now,
        centre_id=by.centre_id,
        incident=incident,
        camera=camera,
        since=since,
        until=until,
        purpose=purpose,
        mode=sources.mode_of(adapter.address),
        by_no=by.badge,
        by_name=by.name,
    )
    record("camera.opened", row, name=camera.name, gb_code=camera.gb_code, badge=by.badge, purpose=purpose)
    return row


def may_open(by: Actor, incident: Incident, camera: Camera) -> bool:
    """Tell whether a person may look through a camera for an incident."""
    if by.has(*EVERYWHERE):
        return True
    areas = SearchArea.objects.filter(incident=incident, ended_at__isnull=True, cameras__camera=camera)
    return any(search_areas.is_shared_with(area, by) for area in areas.select_related("incident"))


def own(viewing_id: int, by: Actor) -> Viewing:
    """Return an opened camera of a person, while the right to its pictures lasts. Raises NotFound."""
    fresh = Viewing.objects.filter(pk=viewing_id, centre_id=by.centre_id, created_by_id=by.user_id)
    found = fresh.filter(created_at__gt=timezone.now() - VALID_FOR).select_related("camera", "incident").first()
    if found is None:
        raise NotFound()
    return found


@command
def mark_moment(*, by: Actor, viewing_id: int, at: dt.datetime, text: str, still: dict[str, Any] | None) -> Bookmark:
    """Mark a moment in the pictures that one has open, with the still. Raises BadInput outside the opened period."""
    now = timezone.now()
    viewing = own(viewing_id, by)
    if not viewing.since <= at <= min(viewing.until, now):
        raise BadInput(at=_("This moment lies outside the period that was opened."))
    incident = open_incident(viewing.incident_id, by)
    row = Bookmark.make(
        by=by,
        now=now,
        centre_id=by.centre_id,
        incident=incident,
        camera=viewing.camera,
        at=at,
        text=text,
        still=still,
        by_no=by.badge,
        by_name=by.name,
    )
    record("bookmark.made", row, name=viewing.camera.name, with_still=still is not None)
    return row


@command
def void_bookmark(*, by: Actor, bookmark_id: int, reason: str) -> Bookmark:
    """Take a bookmark back that shows something else, with the reason; row and still stay. A clue that was made of it is
    taken back first: the street must hear of that one by itself (WrongTurn). A repeat changes nothing."""
    now = timezone.now()
    mark = Bookmark.locked(bookmark_id, by.centre_id)
    mark.incident = open_incident(mark.incident_id, by)
    if mark.void_at is not None:
        return mark
    if mark.clues.filter(void_at__isnull=True).exists():
        raise WrongTurn(mark, _("A clue was made of this bookmark; take the clue back first."))
    mark.change(by=by, now=now, void_at=now, void_reason=reason)
    record("bookmark.voided", mark, name=mark.camera.name, reason=reason)
    return mark


@command
def make_clue(*, by: Actor, bookmark_id: int, text: str, confidence: str, request_id: int | None, push: bool) -> Clue:
    """Make a clue of a bookmark: a picture, where the camera stands and when it was seen; with `push` it stands on the
    phones of the units on the incident in the same moment, its still with it."""
    now = timezone.now()
    mark = Bookmark.locked(bookmark_id, by.centre_id)
    incident = mark.incident = open_incident(mark.incident_id, by)
    if mark.void_at is not None:
        raise WrongTurn(mark)
    if request_id is not None and not incident.fusion_requests.filter(pk=request_id).exists():
        raise BadInput(request=_("This request is about another incident."))
    if not (text or mark.text):
        raise BadInput(text=_("Say what the picture shows."))
    camera = mark.camera
    row = Clue.make(
        by=by,
        now=now,
        centre_id=by.centre_id,
        incident=incident,
        request_id=request_id,
        kind=Clue.Kind.PICTURE,
        text=text or mark.text,
        source=camera.name[:100],
        confidence=confidence,
        seen_at=mark.at,
        lat=camera.lat,
        lng=camera.lng,
        camera=camera,
        bookmark=mark,
        pushed_at=now if push else None,
        by_no=by.badge,
        by_name=by.name,
    )
    record("clue.added", row, clue_kind=row.kind, confidence=confidence)
    if push:
        record("clue.pushed", row, clue_kind=row.kind, units=len(incident.units))
    return row


def still_of(bookmark_id: int, by: Actor, audience: str) -> Bookmark:
    """Return a bookmark whose still a person may see: desk, video squad, analysts, inspectors; units and the owner
    station once a clue with it was pushed and holds. Raises NotFound, Forbidden."""
    found = Bookmark.objects.filter(pk=bookmark_id, centre_id=by.centre_id, still__isnull=False)
    mark = found.select_related("incident").first()
    if mark is None or (mark.incident.is_complaint and audience != "inspector"):
        raise NotFound()
    if audience in ("desk", "inspector") or by.has(VIDEO, ANALYST):
        return mark
    pushed = mark.clues.filter(pushed_at__isnull=False, void_at__isnull=True).exists()
    shared = any(
        search_areas.is_shared_with(area, by)
        for area in SearchArea.objects.filter(incident_id=mark.incident_id, cameras__camera_id=mark.camera_id)
    )
    if shared or (pushed and audience in mark.incident.readers()):
        return mark
    raise Forbidden() if audience == "overview" else NotFound()

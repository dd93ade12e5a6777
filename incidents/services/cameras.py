"""The register of cameras (视频点位): loaded from a table, corrected and ended one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Camera
from incidents.refusals import BadInput
from incidents.row import Json

# The state is what the network tells, and a table that does not know it leaves it as it is.
UNKNOWN = {"state": "unknown"}


@command
def load_cameras(*, by: Actor | None, centre_id: int, cameras: Iterable[Json], end_missing: bool = False) -> Json:
    """Enter cameras or write known ones anew, by their GB/T 28181 code; one that had ended stands again. What the table
    does not name stays, or with `end_missing` ends. A table that says nothing new changes and records nothing."""
    now = timezone.now()
    known = {one.gb_code: one for one in Camera.objects.select_for_update().filter(centre_id=centre_id)}
    fresh: list[Camera] = []
    changed = 0
    named = set()
    for facts in cameras:
        named.add(facts["gb_code"])
        camera = known.get(facts["gb_code"])
        if camera is None:
            author = by.user_id if by else None
            stamps = {"created_at": now, "updated_at": now, "created_by_id": author, "updated_by_id": author}
            fresh.append(Camera(centre_id=centre_id, terminal=by.place if by else "", **stamps, **facts))
        elif camera.change(by=by, now=now, **without_unknown(facts), ended_at=None):
            changed += 1
    Camera.objects.bulk_create(fresh, batch_size=500)
    missing = [one for code, one in known.items() if code not in named and one.ended_at is None] if end_missing else []
    for camera in missing:
        camera.change(by=by, now=now, ended_at=now)
    counts = {"made": len(fresh), "changed": changed, "ended": len(missing)}
    if any(counts.values()):
        record("cameras.loaded", centre_id=centre_id, **counts)
    return counts


def without_unknown(facts: Json) -> Json:
    """Return what a table says of a camera."""
    return {name: value for name, value in facts.items() if UNKNOWN.get(name) != value}


@command
def describe_camera(*, by: Actor, camera_id: int, version: int, facts: dict[str, Any]) -> Camera:
    """Correct what the register says of one camera. Raises Stale."""
    row = Camera.locked(camera_id, by.centre_id, version)
    codes = facts.get("neighbours", [])
    if codes and Camera.objects.filter(centre_id=by.centre_id, gb_code__in=codes).count() != len(set(codes)):
        raise BadInput(neighbours=_("The register holds no camera with one of these codes."))
    changes = row.change(by=by, **facts)
    if changes:
        record("camera.described", row, name=row.name, changes=changes)
    return row


@command
def end_camera(*, by: Actor, camera_id: int, reason: str) -> Camera:
    """Take a camera out of the register; what was seen in its pictures stays. A repeat changes nothing."""
    now: dt.datetime = timezone.now()
    row = Camera.locked(camera_id, by.centre_id)
    if row.ended_at is None:
        row.change(by=by, now=now, ended_at=now)
        record("camera.ended", row, name=row.name, reason=reason)
    return row

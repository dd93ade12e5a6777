"""Pictures as commands: a row per picture, so that a retry makes no second one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from dispatch.models import Photo
from incidents.actor import Actor
from incidents.commands import command
from incidents.refusals import Forbidden
from incidents.row import Json


@command
def add_photo(
    *, by: Actor, columns: dict[str, Any], taken_at: dt.datetime | None, lat: float | None, lng: float | None
) -> Json:
    """Enter a stored picture; its report journals it."""
    if by.on_unit is None:
        raise Forbidden()
    photo = Photo.objects.create(
        centre_id=by.centre_id,
        taken_by_id=by.user_id,
        unit_id=by.on_unit,
        taken_at=taken_at,
        received_at=timezone.now(),
        lat=lat,
        lng=lng,
        **columns,
    )
    return {"photo": photo.row()}

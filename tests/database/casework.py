"""Short ways to a situation of the fusion desk; each goes through the real commands."""

from __future__ import annotations

from typing import Any

from incidents.models import Clue, FusionRequest, Incident, LockedPosition, WatchEntry
from incidents.services import clues, fusion, locked_positions, watch
from incidents.services.locked_positions import Fix
from tests.database.acts import take
from tests.people import Cast

PLATE = "闽E0X99T"
BASIS = "刑事诉讼法第一百一十五条"
FIX = Fix(lat=24.5105, lng=117.7050, radius_m=60, source="camera", confidence="high")
SNATCH = {"type_reported": "010403", "priority": 2}


def asked(cast: Cast, incident: Incident | None = None) -> FusionRequest:
    """Let Dana ask for fusion work on a snatch."""
    about = incident or take(cast, **SNATCH)
    return fusion.ask_fusion(
        by=cast.actor("dana"), incident_id=about.pk, ask="person", text="三人，两辆电动车", legal_basis=BASIS
    )


def working(cast: Cast, incident: Incident | None = None) -> FusionRequest:
    """Let Ana take a request on."""
    return fusion.accept_fusion(by=cast.actor("ana"), request_id=asked(cast, incident).pk, speciality="刑侦")


def locked(cast: Cast, request: FusionRequest, fix: Fix = FIX) -> LockedPosition:
    """Let Ana lock a position."""
    return locked_positions.lock_position(by=cast.actor("ana"), request_id=request.pk, fix=fix)


def clue(cast: Cast, request: FusionRequest, **facts: Any) -> Clue:
    """Let Ana note a clue."""
    said = {
        "kind": "vehicle",
        "text": "两辆电动车往北",
        "value": "漳州X·00Z91",
        "source": "图像",
        "confidence": "medium",
    }
    return clues.add_clue(
        by=cast.actor("ana"), incident_id=request.incident_id, request_id=request.pk, facts={**said, **facts}
    )


def entry(cast: Cast, *, approved: bool = True, subject: str = "vehicle", value: str = PLATE) -> WatchEntry:
    """Let Ana ask for a watch entry, and Sam approve it."""
    row = watch.ask_watch(
        by=cast.actor("ana"), subject=subject, value=value, incident_id=None, reason="抢夺逃逸", legal_basis=BASIS
    )
    return watch.approve_watch(by=cast.actor("sam"), entry_id=row.pk) if approved else row

"""Short ways to a situation of the community grid; each goes through the real commands."""

from __future__ import annotations

from typing import Any

from incidents.models import Area, GridPost, GridReport, GridTask, Incident, PartnerAttachment, PartnerTeam
from incidents.services import grid_reports, grid_tasks, grids, partners
from tests.database.acts import POINT, take
from tests.people import BOX, Cast

DISPUTE = {"type_reported": "0402", "address_text": "新华路12号", "contact_phone": "19000000401"}
TEAM = {
    "name": "闽南护街队",
    "call_sign": "T801",
    "kind": "patrol",
    "leader": "卓向阳",
    "phone": "19000000801",
    "members": 12,
}


def grid(cast: Cast, code: str = "G0304") -> Area:
    """Return a grid that covers the whole centre and belongs to the station."""
    south, west, north, east = BOX
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    found = Area.objects.filter(centre=cast.centre, kind="grid", code=code).first()
    return found or Area.objects.create(
        centre=cast.centre, kind="grid", code=code, name="新华网格", owner=cast.station, ring=ring
    )


def manned(cast: Cast) -> GridPost:
    """Name Gil the worker and Omar the officer of the grid."""
    pair = grids.Pair(grid(cast).code, cast.users["gil"].badge, cast.users["omar"].badge, "19000000402")
    return grids.appoint(by=cast.actor("sam"), centre_id=cast.centre.pk, pair=pair)


def dispute(cast: Cast, **facts: Any) -> Incident:
    """Take a dispute between neighbours."""
    return take(cast, **{**DISPUTE, **facts})


def task(cast: Cast, incident: Incident | None = None, **facts: Any) -> GridTask:
    """Let Dana give the grid of a dispute its task."""
    manned(cast)
    about = incident or dispute(cast)
    said = {"demand": "上门调解两户漏水纠纷", **facts}
    return grid_tasks.send_to_grid(by=cast.actor("dana"), incident_id=about.pk, **said)


def settled(cast: Cast, incident: Incident | None = None) -> GridTask:
    """Let Gil settle the dispute; it is looked at again in two weeks."""
    row = task(cast, incident)
    return grid_tasks.finish_task(
        by=cast.actor("gil"), task_id=row.pk, result="双方签了协议", recheck_at=None, picture_ids=[]
    )


def reported(cast: Cast, **facts: Any) -> GridReport:
    """Let Gil report a hazard."""
    manned(cast)
    said: dict[str, Any] = {
        "kind": "hazard", "urgent": False, "text": "楼道堆满杂物", "place_text": "新华路12号二楼", "point": POINT,
        "grid_id": None, "device_at": None, "picture_ids": [], **facts,
    }  # fmt: skip
    return grid_reports.file_report(by=cast.actor("gil"), **said)


def team(cast: Cast, **facts: Any) -> PartnerTeam:
    """Enter the team with Pat's account."""
    row = partners.register_team(by=cast.actor("sam"), centre_id=cast.centre.pk, facts={**TEAM, **facts})
    return partners.man_team(
        by=cast.actor("sam"), centre_id=cast.centre.pk, team_id=row.pk, badges=[cast.users["pat"].badge]
    )


def attached(cast: Cast, incident: Incident | None = None, who: str = "sam", **facts: Any) -> PartnerAttachment:
    """Attach the team to an incident."""
    about = incident or take(cast, vehicle_plate="闽E0X99T")
    known = PartnerTeam.objects.filter(centre=cast.centre).first() or team(cast)
    said = {"reason": "协助巡查", "brief": "黑色摩托，两人", "until_at": None, **facts}
    return partners.ask_attachment(by=cast.actor(who), incident_id=about.pk, team_id=known.pk, **said)

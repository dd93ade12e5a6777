"""Samples of the commands of the community grid, of partner teams and of joint operations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import time_machine
from django.utils import timezone

from incidents.models import GridReport, GridTask
from incidents.services import grid_again, grid_reports, grid_tasks, grids, partners
from patrol.joint import services as joint
from patrol.models import OperationMember
from tests.database import grid_acts
from tests.database.acts import POINT, take
from tests.faults.samples import Act, act, by
from tests.people import Cast

DIGEST = "0" * 64


def of_task(run: Callable[..., Any], make: Callable[[Cast], GridTask] = grid_acts.task, **facts: Any) -> Any:
    """An act of the worker on a task."""
    return lambda cast: act(run, by=by(cast, "gil"), task_id=make(cast).pk, **facts)


def of_report(run: Callable[..., Any], **facts: Any) -> Any:
    """An act of the desk on a report."""
    return lambda cast: act(run, by=by(cast, "tess"), report_id=grid_acts.reported(cast).pk, **facts)


def ago(days: float, make: Callable[[Cast], Any], cast: Cast) -> Any:
    """Make something some days ago."""
    with time_machine.travel(timezone.now() - dt.timedelta(days=days)):
        return make(cast)


def late_task(days: float) -> Callable[[Cast], GridTask]:
    """A task of some days ago; it was due after three."""
    return lambda cast: ago(days, grid_acts.task, cast)


def by_clock(run: Callable[..., Any], name: str, make: Callable[[Cast], Any]) -> Callable[[Cast], Act]:
    """An act of the clock."""
    return lambda cast: act(run, by=None, **{name: make(cast).pk})


def files(cast: Cast) -> Act:
    """A hazard comes in."""
    grid_acts.manned(cast)
    return act(
        grid_reports.file_report, by=by(cast, "gil"), kind="hazard", urgent=True, text="燃气味", place_text="", point=POINT,
        grid_id=None, device_at=None, picture_ids=[],
    )  # fmt: skip


def pictures(cast: Cast) -> Act:
    """A picture comes in."""
    columns = {"file": "00/x.jpg", "sha256": DIGEST, "width": 40, "height": 30}
    return act(grid_reports.add_picture, by=by(cast, "gil"), columns=columns, taken_at=None, lat=24.51, lng=117.65)


def makes(cast: Cast) -> Act:
    """A worker makes a task."""
    area = grid_acts.manned(cast).area
    return act(
        grid_tasks.make_task, by=by(cast, "gil"), grid_id=area.pk, duty="GD1", demand="走访", due_at=None, place_text="",
        point=None,
    )  # fmt: skip


def sends(cast: Cast) -> Act:
    """A dispute goes to its grid."""
    grid_acts.manned(cast)
    return act(grid_tasks.send_to_grid, by=by(cast, "dana"), incident_id=grid_acts.dispute(cast).pk, demand="调解")


def pair(cast: Cast) -> grids.Pair:
    """The two of the grid."""
    return grids.Pair(grid_acts.grid(cast).code, cast.users["gil"].badge, cast.users["omar"].badge)


def of_team(run: Callable[..., Any], **facts: Any) -> Callable[[Cast], Act]:
    """An act on a team."""
    return lambda cast: act(run, by=by(cast, "sam"), team_id=grid_acts.team(cast).pk, **facts)


def of_attachment(run: Callable[..., Any], asked_by: str = "dana", **facts: Any) -> Callable[[Cast], Act]:
    """An act of the watch commander on an attachment."""
    return lambda cast: act(run, by=by(cast, "sam"), attachment_id=grid_acts.attached(cast, who=asked_by).pk, **facts)


def asks(cast: Cast) -> Act:
    """A team is asked for."""
    said = {"team_id": grid_acts.team(cast).pk, "reason": "协助", "brief": "黑色摩托", "until_at": None}
    return act(partners.ask_attachment, by=by(cast, "dana"), incident_id=take(cast).pk, **said)


OPERATION: dict[str, Any] = {"name": "夜查", "purpose": "清查", "incident_id": None, "meeting_place": "", "point": None}


def operation(cast: Cast) -> Any:
    """An operation with car-12."""
    return joint.open_operation(by=cast.actor("sam"), members={"units": [cast.car12.pk]}, **OPERATION)


def calls_roll(cast: Cast) -> Act:
    """Car-12 signs in."""
    operation(cast)
    member = OperationMember.objects.get()
    said = {"came": True, "point": None, "place_text": "", "people": 2}
    return act(joint.call_roll, by=by(cast, "omar"), member_id=member.pk, **said)


def waiting_report(cast: Cast) -> GridReport:
    """A report of yesterday that nobody has taken on."""
    found: GridReport = ago(1, grid_acts.reported, cast)
    return found


GRID_SAMPLES: dict[str, Callable[[Cast], Act]] = {
    "incidents.services.grid_again.mark_task_overdue": by_clock(grid_again.mark_task_overdue, "task_id", late_task(4)),
    "incidents.services.grid_again.recheck_task": of_task(grid_again.recheck_task, grid_acts.settled, calm=False, text="又吵"),
    "incidents.services.grid_again.urge_task": by_clock(grid_again.urge_task, "task_id", late_task(2.7)),
    "incidents.services.grid_reports.add_picture": pictures,
    "incidents.services.grid_reports.file_report": files,
    "incidents.services.grid_reports.mark_report_waiting": by_clock(
        grid_reports.mark_report_waiting, "report_id", waiting_report
    ),
    "incidents.services.grid_reports.settle_report": of_report(
        grid_reports.settle_report, outcome="premise_note", text="楼道堵塞", facts={}
    ),
    "incidents.services.grid_reports.take_report": of_report(grid_reports.take_report),
    "incidents.services.grid_tasks.finish_task": of_task(
        grid_tasks.finish_task, result="签了协议", recheck_at=None, picture_ids=[]
    ),
    "incidents.services.grid_tasks.make_task": makes,
    "incidents.services.grid_tasks.return_task": of_task(grid_tasks.return_task, reason="属公安职责"),
    "incidents.services.grid_tasks.send_to_grid": sends,
    "incidents.services.grid_tasks.start_task": of_task(grid_tasks.start_task),
    "incidents.services.grids.appoint": lambda cast: act(
        grids.appoint, by=by(cast, "sam"), centre_id=cast.centre.pk, pair=pair(cast)
    ),
    "incidents.services.grids.load_directory": lambda cast: act(
        grids.load_directory, by=None, centre_id=cast.centre.pk, source="f", pairs=[pair(cast)], teams=[grid_acts.TEAM]
    ),
    "incidents.services.partners.approve_attachment": of_attachment(partners.approve_attachment),
    "incidents.services.partners.ask_attachment": asks,
    "incidents.services.partners.describe_team": lambda cast: act(
        partners.describe_team, by=by(cast, "sam"), team_id=(row := grid_acts.team(cast)).pk, version=row.version,
        facts={"members": 20},
    ),
    "incidents.services.partners.end_attachment": of_attachment(partners.end_attachment, "sam", reason="任务结束"),
    "incidents.services.partners.end_team": of_team(partners.end_team),
    "incidents.services.partners.man_team": lambda cast: act(
        partners.man_team, by=by(cast, "sam"), centre_id=cast.centre.pk, team_id=grid_acts.team(cast).pk, badges=[]
    ),
    "incidents.services.partners.refuse_attachment": of_attachment(partners.refuse_attachment, reason="人手已足"),
    "incidents.services.partners.register_team": lambda cast: act(
        partners.register_team, by=by(cast, "sam"), centre_id=cast.centre.pk, facts=grid_acts.TEAM
    ),
    "patrol.joint.services.call_roll": calls_roll,
    "patrol.joint.services.close_operation": lambda cast: act(
        joint.close_operation, by=by(cast, "sam"), operation_id=operation(cast).pk, outcome="查获2人"
    ),
    "patrol.joint.services.join_operation": lambda cast: act(
        joint.join_operation, by=by(cast, "sam"), operation_id=operation(cast).pk, members={"units": [cast.car7.pk]}
    ),
    "patrol.joint.services.open_operation": lambda cast: act(
        joint.open_operation, by=by(cast, "sam"), members={"units": [cast.car12.pk]}, **OPERATION
    ),
}  # fmt: skip

"""Tasks of the grid (M34, M35, M37): made from disputes, transfers and by hand, done, looked at again, opened again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres, codebook
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import MEDIATION, Area, GridPicture, GridPost, GridTask, Incident, Transfer
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.roles import DESK, GRID_WORKER, STATION_DUTY, WATCH_COMMANDER
from incidents.row import Json, stamp
from incidents.services import grids, numbers, transfers
from incidents.tree import under

State = GridTask.State
DISPUTE = "04"  # of the code table incident_type
SERVICE = "GD6"  # 代办公共服务: what the centre diverts to a grid that is no dispute
TO_GRID = "RS06"  # 调解未成转网格, of the code table result
DUE_DAYS, RECHECK_DAYS = 7, 14  # where the code table grid_duty says nothing else


def days(duty: str, name: str, usual: int) -> dt.timedelta:
    """Return a period of a duty, an attribute of the code table grid_duty."""
    return dt.timedelta(days=int(codebook.attribute("grid_duty", duty, name, usual)))


def proposed(incident: Incident) -> bool:
    """Tell whether the rule proposes mediation by the grid: a dispute that the street is done with, or one that the
    report passes to the grid, for which there is no task. A person makes it (design 9)."""
    said = incident.result_code == TO_GRID or (
        incident.handled_at is not None and (incident.type_verified or incident.type_reported).startswith(DISPUTE)
    )
    return (
        said and not incident.is_complaint and not GridTask.objects.filter(incident=incident, duty=MEDIATION).exists()
    )


def made(
    *,
    by: Actor | None,
    now: dt.datetime,
    post: GridPost,
    duty: str,
    demand: str,
    due_at: dt.datetime | None = None,
    **fields: Any,
) -> GridTask:
    """Insert a task of a grid inside a command; it is the present worker's and officer's."""
    codebook.require("grid_duty", duty, "duty")
    due = due_at or now + days(duty, "due_days", DUE_DAYS)
    if due <= now:
        raise BadInput(due_at=_("A task is due after now."))
    row_id = numbers.next_id("incidents_gridtask")
    return GridTask.make(
        by=by,
        now=now,
        id=row_id,
        task_no=numbers.number(centres.centre(post.centre_id), "G", row_id, now),
        centre_id=post.centre_id,
        area=post.area,
        station_id=post.area.owner_id or post.officer.organisation_id,
        duty=duty,
        worker=post.worker,
        officer=post.officer,
        demand=demand,
        due_at=due,
        **fields,
    )  # fmt: skip


@command
def make_task(
    *, by: Actor, grid_id: int, duty: str, demand: str, due_at: dt.datetime | None, place_text: str, point: Json | None
) -> GridTask:
    """Make a task by hand: the desk anywhere, a station in its area, a grid worker for the own grid."""
    now = timezone.now()
    area = grids.grid_of(by.centre_id, grid_id)
    post = grids.needed_post(area)
    if not by.has(*DESK, STATION_DUTY):
        grids.refuse_foreign_grid(by, area)
    elif not by.has(*DESK) and by.org_id not in (area.owner_id, post.officer.organisation_id):
        raise NotFound()
    place = {"place_text": place_text, "lat": point["lat"] if point else None, "lng": point["lng"] if point else None}
    row = made(by=by, now=now, post=post, duty=duty, demand=demand, due_at=due_at, **place)
    record("grid.task_made", row, task_no=row.task_no, grid=area.code, duty=duty)
    return row


@command
def send_to_grid(
    *,
    by: Actor,
    incident_id: int,
    demand: str,
    duty: str = MEDIATION,
    grid_id: int | None = None,
    due_at: dt.datetime | None = None,
    by_rule: bool = False,
) -> GridTask:
    """Give an incident's grid a task, usually to mediate a dispute (M37). The demand is what the worker reads: no caller's
    name or number goes along by itself. A complaint is not the grid's (R1)."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id)
    if incident.is_complaint or (not by.has(*DESK) and f"station.{by.org_id}" not in incident.readers()):
        raise NotFound()
    if by_rule and not proposed(incident):
        raise WrongTurn(incident, _("Nothing is proposed for this incident any more."))
    known = GridTask.objects.filter(incident=incident, duty=duty, state__in=[State.TODO, State.DOING]).first()
    if known is not None:
        raise WrongTurn(known, _("The grid has this task already."))
    post = grids.needed_post(area_for(incident, grid_id))
    row = made(
        by=by, now=now, post=post, duty=duty, demand=demand, due_at=due_at, by_rule=by_rule, **place_of(incident)
    )
    record("grid.task_made", row, task_no=row.task_no, grid=post.area.code, duty=duty)
    return row


def area_for(incident: Incident, grid_id: int | None) -> Area | None:
    """Return the chosen grid, else the one that the incident lies in."""
    if grid_id is not None:
        return grids.grid_of(incident.centre_id, grid_id)
    return grids.grid_at(incident.centre_id, incident.lat, incident.lng)


def place_of(incident: Incident) -> Json:
    """Return what a task keeps of its incident's place."""
    hidden = incident.confidential
    return {
        "incident": incident,
        "place_text": "" if hidden else incident.address_text,
        "lat": None if hidden else incident.lat,
        "lng": None if hidden else incident.lng,
    }


@transfers.taker(transfers.GRID)
def take_transfer(row: Transfer, *, by: Actor, now: dt.datetime, grid_id: int | None) -> list[GridTask]:
    """Make the task of a contact that is passed to the grid (社区110, M38): its acceptance, result or return are the
    transfer's."""
    incident, call = row.incident, row.call
    point = incident.point() if incident is not None else call.caller_point
    lat, lng = (point["lat"], point["lng"]) if point else (None, None)
    area = grids.grid_of(row.centre_id, grid_id) if grid_id is not None else grids.grid_at(row.centre_id, lat, lng)
    post = grids.needed_post(area)
    kind = (incident.type_verified or incident.type_reported) if incident is not None else ""
    place = place_of(incident) if incident is not None else {"place_text": call.caller_address, "lat": lat, "lng": lng}
    duty = MEDIATION if kind.startswith(DISPUTE) else SERVICE
    task = made(by=by, now=now, post=post, duty=duty, demand=row.told_caller, transfer=row, **place)
    record("grid.task_made", task, incident_id=row.incident_id, task_no=task.task_no, grid=post.area.code, duty=duty)
    return [task]


# --- the work ---


def locked_task(task_id: int, by: Actor) -> GridTask:
    """Lock a task that the person works on: the worker and the officer, their station, the watch commander. Raises
    NotFound."""
    row = GridTask.locked(task_id, by.centre_id)
    own = by.user_id in (row.worker_id, row.officer_id)
    if own or by.has(WATCH_COMMANDER) or (by.has(STATION_DUTY) and by.org_id == row.station_id):
        return row
    raise NotFound()


def move(row: GridTask, to: str, *, by: Actor | None, now: dt.datetime, **fields: Any) -> None:
    """Move a task along its state machine; the only writer of its state. Raises WrongTurn."""
    if to not in GridTask.TRANSITIONS[State(row.state)]:
        raise WrongTurn(row)
    row.change(by=by, now=now, state=to, **fields)


@command
def start_task(*, by: Actor, task_id: int) -> GridTask:
    """Begin with a task (办理中); of a transfer it is the receipt."""
    now = timezone.now()
    row = locked_task(task_id, by)
    if row.state == State.DOING:
        return row
    move(row, State.DOING, by=by, now=now, started_at=row.started_at or now)
    record("grid.task_started", row, task_no=row.task_no)
    pass_on(row, Transfer.State.ACCEPTED, by=by, now=now, receipt_no=row.task_no)
    return row


@command
def finish_task(
    *, by: Actor, task_id: int, result: str, recheck_at: dt.datetime | None, picture_ids: list[int]
) -> GridTask:
    """End a task with its result and pictures (已办结). A dispute is looked at again at `recheck_at` (M37)."""
    now = timezone.now()
    row = locked_task(task_id, by)
    if row.state == State.DONE:
        return row
    again: dt.datetime | None = None
    if row.duty == MEDIATION:
        again = recheck_at or now + days(row.duty, "recheck_days", RECHECK_DAYS)
        if again <= now:
            raise BadInput(recheck_at=_("A dispute is looked at again after now."))
    move(
        row, State.DONE, by=by, now=now, started_at=row.started_at or now, done_at=now, result=result, recheck_at=again,
        ended_at=None if again else now, urged_at=None, overdue_at=None,
    )  # fmt: skip
    keep_pictures(picture_ids, by=by, task=row)
    ended = end_causes(now, "grid_overdue", "grid_reopened", centre_id=row.centre_id, **{"data->>'task'": str(row.pk)})
    record("grid.task_done", row, *ended, task_no=row.task_no, pictures=len(picture_ids), recheck_at=stamp(again))
    pass_on(row, Transfer.State.FINISHED, by=by, now=now, result_text=result)
    return row


@command
def return_task(*, by: Actor, task_id: int, reason: str) -> GridTask:
    """Give a task back that is no matter for the grid, with the reason; a transfer returns with it and its call stands in
    the queue again (R23)."""
    now = timezone.now()
    row = locked_task(task_id, by)
    if row.state == State.RETURNED:
        return row
    move(row, State.RETURNED, by=by, now=now, return_reason=reason, ended_at=now)
    ended = end_causes(now, "grid_overdue", "grid_reopened", centre_id=row.centre_id, **{"data->>'task'": str(row.pk)})
    if row.transfer_id is None:  # a transfer tells of its own return
        told: dict[str, Any] = {"incident_id": row.incident_id, "task": row.pk, "number": row.task_no, "reason": reason}
        ended.append(raise_alert("grid_returned", centre_id=row.centre_id, by=by, now=now, **told))
    record("grid.task_returned", row, *ended, task_no=row.task_no, reason=reason)
    pass_on(row, Transfer.State.RETURNED, by=by, now=now, return_reason=reason)
    return row


def pass_on(row: GridTask, to: Transfer.State, *, by: Actor, now: dt.datetime, **facts: Any) -> None:
    """Let the transfer of a task follow it, inside the command."""
    if row.transfer_id is None:
        return
    found = Transfer.objects.select_for_update(no_key=True, of=("self",)).select_related("call").get(pk=row.transfer_id)
    if to in Transfer.TRANSITIONS[Transfer.State(found.state)]:
        transfers.noted(found, to, by=by, now=now, facts=facts)


def keep_pictures(picture_ids: list[int], *, by: Actor, **of: Any) -> None:
    """Join the person's own pictures to a task or a report. Raises BadInput for any other."""
    mine = GridPicture.objects.filter(
        pk__in=picture_ids, centre_id=by.centre_id, taken_by_id=by.user_id, task__isnull=True, report__isnull=True
    )
    if len(mine) != len(set(picture_ids)):
        raise BadInput(photos=_("A picture is unknown or belongs to another report."))
    mine.update(**of)


def visible(by: Actor) -> Any:
    """Return the tasks that a person may see: the own ones, a station's, all for the desk and those who oversee."""
    found = GridTask.objects.filter(centre_id=by.centre_id).select_related("area", "worker", "officer", "incident")
    if by.has(GRID_WORKER):
        return found.filter(worker_id=by.user_id)
    if by.has(STATION_DUTY):
        return found.filter(station_id__in=under(by.org_id or 0))
    if by.has("officer"):
        return found.filter(officer_id=by.user_id)
    return found

"""What comes in from the grid: hazards and information, each with an owner and an outcome, never lost (M34, M35)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres, places
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import GridPicture, GridPost, GridReport, Ownership, PremiseNote
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.roles import DESK, GRID_WORKER, OFFICER, PARTNER, STATION_DUTY, WATCH_COMMANDER
from incidents.row import Json
from incidents.services import calls, grid_tasks, grids, incidents, numbers, premises
from incidents.tree import under

State, Outcome = GridReport.State, GridReport.Outcome
URGENT_WITHIN, USUAL_WITHIN = dt.timedelta(minutes=5), dt.timedelta(hours=4)
REVIEWED_AFTER, NOTE_FOR = dt.timedelta(days=90), dt.timedelta(days=365)
WALK_IN = "CH69"  # 其他部门: how a hazard that the grid tells becomes a contact with its incident
HAZARD_TYPE = "0899"  # 其他灾害


@command
def file_report(
    *,
    by: Actor,
    kind: str,
    urgent: bool,
    text: str,
    place_text: str,
    point: Json | None,
    grid_id: int | None,
    device_at: dt.datetime | None,
    picture_ids: list[int],
) -> GridReport:
    """Bring in a hazard or information. The desk is told of an urgent one in the same moment; any one is told of when
    nobody has taken it on in time."""
    now = timezone.now()
    area = grids.grid_of(by.centre_id, grid_id) if grid_id is not None else None
    lat, lng = (point["lat"], point["lng"]) if point else (None, None)
    if area is None:
        area = grids.grid_at(by.centre_id, lat, lng) or grid_of_worker(by)
    station = places.locate(by.centre_id, lat, lng).organisation_id if lat is not None and lng is not None else None
    row_id = numbers.next_id("incidents_gridreport")
    row = GridReport.make(
        by=by,
        now=now,
        id=row_id,
        report_no=numbers.number(centres.centre(by.centre_id), "I", row_id, now),
        centre_id=by.centre_id,
        area=area,
        team_id=by.on_team if by.has(PARTNER) else None,
        station_id=station or (area.owner_id if area else None),
        author_id=by.user_id,
        kind=kind,
        urgent=urgent,
        text=text,
        place_text=place_text,
        lat=lat,
        lng=lng,
        filed_at=now,
        device_at=device_at,
        take_by=now + (URGENT_WITHIN if urgent else USUAL_WITHIN),
    )
    grid_tasks.keep_pictures(picture_ids, by=by, report=row)
    alerts = [tell(row, "grid_urgent", by=by, now=now)] if urgent else []
    record("grid.report_filed", row, *alerts, report_no=row.report_no, of=kind, urgent=urgent)
    return row


def grid_of_worker(by: Actor) -> Any:
    """Return the grid of a worker who has one alone."""
    mine = list(GridPost.objects.filter(worker_id=by.user_id, ended_at__isnull=True).select_related("area")[:2])
    return mine[0].area if len(mine) == 1 else None


def tell(row: GridReport, kind: str, *, by: Actor | None, now: dt.datetime) -> Any:
    """Raise an alert about a report."""
    return raise_alert(
        kind, centre_id=row.centre_id, by=by, now=now, report=row.pk, number=row.report_no, author=row.author.name,
        of=row.kind,
    )  # fmt: skip


def locked_report(report_id: int, by: Actor) -> GridReport:
    """Lock a report that the person may work on: the desk any, a station those of its area. Raises NotFound."""
    row = GridReport.locked(report_id, by.centre_id)
    if by.has(*DESK) or (by.has(STATION_DUTY) and by.org_id == row.station_id):
        return row
    raise NotFound()


@command
def take_report(*, by: Actor, report_id: int) -> GridReport:
    """Take a report on; from now on it is this person's. Of several one wins; the watch commander may take it over."""
    now = timezone.now()
    row = locked_report(report_id, by)
    if row.owner_id == by.user_id or (row.state == State.SETTLED):
        return row
    if row.state == State.TAKEN and not by.has(WATCH_COMMANDER):
        raise WrongTurn(row, _("Somebody else has taken this report on."))
    row.change(by=by, now=now, state=State.TAKEN, owner_id=by.user_id, taken_at=row.taken_at or now)
    record("grid.report_taken", row, *quiet(row, now), report_no=row.report_no, badge=by.badge)
    return row


def is_owner(row: GridReport, by: Actor) -> bool:
    """Tell whether a report is a person's: taken on, or handed over by name since."""
    handed = Ownership.objects.filter(centre_id=row.centre_id, noun="grid_report", row_id=row.pk, ended_at__isnull=True)
    owner = handed.values_list("owner_id", flat=True).first()
    return (owner or row.owner_id) == by.user_id


def quiet(row: GridReport, now: dt.datetime) -> list[Any]:
    """End the alerts that nobody had taken it on."""
    found = {"centre_id": row.centre_id, "data->>'report'": str(row.pk)}
    return end_causes(now, "grid_urgent", "grid_waiting", **found)


@command
def settle_report(*, by: Actor, report_id: int, outcome: str, text: str, facts: Json) -> GridReport:
    """Say what comes of a report: a premise note at the place, an incident, a task of the grid, another body, or nothing
    further. Note, incident and task are made in the same act; whoever has not taken it on takes it on with it."""
    now = timezone.now()
    row = locked_report(report_id, by)
    if row.state == State.SETTLED:
        raise WrongTurn(row)
    if row.state == State.TAKEN and not is_owner(row, by) and not by.has(WATCH_COMMANDER):
        raise WrongTurn(row, _("Somebody else has taken this report on."))
    makers = {Outcome.NOTE: note_of, Outcome.INCIDENT: incident_of, Outcome.TASK: task_of}
    if outcome in makers:
        if outcome != Outcome.TASK and row.lat is None:
            raise BadInput(outcome=_("This report has no place: give it one first."))
        linked = makers[Outcome(outcome)](row, by=by, now=now, text=text, facts=facts)
    elif not text.strip():
        raise BadInput(text=_("Say what came of it."))
    else:
        linked = {}
    row.change(
        by=by, now=now, state=State.SETTLED, outcome=outcome, outcome_text=text, settled_at=now,
        owner_id=row.owner_id or by.user_id, taken_at=row.taken_at or now, **linked,
    )  # fmt: skip
    record("grid.report_settled", row, *quiet(row, now), report_no=row.report_no, outcome=outcome)
    return row


def note_of(row: GridReport, *, by: Actor, now: dt.datetime, text: str, facts: Json) -> Json:
    """Write the premise note of a hazard; the person reads it before, and the words are the note's."""
    kind = PremiseNote.Kind.HAZARD if row.kind == GridReport.Kind.HAZARD else PremiseNote.Kind.OTHER
    said = {
        "kind": kind, "text": text or row.text, "place_name": row.place_text, "radius_m": 50, "sensitive": False,
        "review_at": now + REVIEWED_AFTER, "expires_at": now + NOTE_FOR,
    }  # fmt: skip
    return {"note": premises.noted(by=by, now=now, lat=row.lat or 0.0, lng=row.lng or 0.0, facts=said)}


def incident_of(row: GridReport, *, by: Actor, now: dt.datetime, text: str, facts: Json) -> Json:
    """Open the incident of what must not wait; the report is its contact."""
    if not by.has(*DESK):
        raise Forbidden()
    point = {
        "lat": row.lat, "lng": row.lng, "accuracy_m": None, "source": "grid", "taken_at": None, "crs_in": "WGS84",
        "raw": [row.lat, row.lng],
    }  # fmt: skip
    said = {
        "type_reported": facts.get("type_reported") or HAZARD_TYPE, "address_text": row.place_text, "point": point,
        "narrative": text or row.text,
    }  # fmt: skip
    contact = {"channel": WALK_IN, "caller_name": row.author.name, "narrative": row.text}
    opened = incidents.open_incident(by=by, now=now, centre=centres.centre(by.centre_id), facts=said, call=None)
    call = calls.met(by=by, now=now, incident=opened.incident, facts=contact)
    record("incident.created", opened.incident, call, *opened.deadlines, call_no=call.call_no)
    return {"incident": opened.incident}


def task_of(row: GridReport, *, by: Actor, now: dt.datetime, text: str, facts: Json) -> Json:
    """Make the grid's task of a report."""
    duty = facts.get("duty") or ("GD3" if row.kind == GridReport.Kind.HAZARD else "GD2")
    post = grids.needed_post(row.area)
    task = grid_tasks.made(
        by=by,
        now=now,
        post=post,
        duty=duty,
        demand=text or row.text,
        place_text=row.place_text,
        lat=row.lat,
        lng=row.lng,
    )
    record("grid.task_made", task, task_no=task.task_no, grid=post.area.code, duty=duty)
    return {"task": task}


def untaken(now: dt.datetime) -> list[int]:
    """Return the reports that nobody has taken on in time and of which nobody was told."""
    found = GridReport.objects.filter(state=State.WAITING, waited_at__isnull=True, take_by__lte=now)
    return list(found.order_by("take_by").values_list("pk", flat=True)[:200])


@command
def mark_report_waiting(*, by: Actor | None, report_id: int) -> GridReport:
    """Tell the desk once that a report waits for an owner."""
    now = timezone.now()
    row = GridReport.objects.select_for_update(no_key=True).get(pk=report_id)
    if row.pk in untaken(now):
        row.change(by=by, now=now, waited_at=now)
        record("grid.report_waited", row, tell(row, "grid_waiting", by=by, now=now), report_no=row.report_no)
    return row


@command
def add_picture(
    *, by: Actor, columns: dict[str, Any], taken_at: dt.datetime | None, lat: float | None, lng: float | None
) -> Json:
    """Enter a stored picture; the task or the report that names it journals it."""
    picture = GridPicture.objects.create(
        centre_id=by.centre_id, taken_by_id=by.user_id, taken_at=taken_at, received_at=timezone.now(), lat=lat, lng=lng,
        **columns,
    )  # fmt: skip
    return {"picture": picture.row()}


def visible(by: Actor) -> Any:
    """Return the reports that a person may see: the own ones, a station's, all for the desk and those who oversee."""
    found = GridReport.objects.filter(centre_id=by.centre_id).select_related("area", "author", "owner")
    if by.has(GRID_WORKER, PARTNER, OFFICER):
        return found.filter(author_id=by.user_id)
    return found.filter(station_id__in=under(by.org_id or 0)) if by.has(STATION_DUTY) else found


def may_see_picture(by: Actor, picture: GridPicture) -> bool:
    """Tell whether a person may see a picture: who took it, and who may see what it belongs to."""
    if picture.taken_by_id == by.user_id:
        return True
    if picture.task_id is not None:
        return bool(grid_tasks.visible(by).filter(pk=picture.task_id).exists())
    return picture.report_id is not None and bool(visible(by).filter(pk=picture.report_id).exists())

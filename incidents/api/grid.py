"""Routes of the community grid (社区110): the worker's page, tasks, reports, pictures, the directory and its figures."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Any

from django.db.models import Count, Q
from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import centres, geo, pictures
from incidents.actor import Actor
from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, keyed, parsed, stored_point
from incidents.audience import seen
from incidents.fields import CRS, Flag, Ident, Input, Moment, PointInput, Text, convertible
from incidents.models import MEDIATION, Area, GridPicture, GridReport, GridTask, Incident, PartnerTeam
from incidents.refusals import BadInput, NotFound
from incidents.roles import (
    ADMINISTRATOR,
    DESK,
    GRID_WORKER,
    INSPECTOR,
    LEADER,
    OFFICER,
    PARTNER,
    REVIEWER,
    STATION_DUTY,
    WATCH_COMMANDER,
    audience_of,
)
from incidents.row import Json, stamp
from incidents.services import grid_again, grid_reports, grid_tasks, grids, premises
from incidents.tree import under

READING = (GRID_WORKER, OFFICER, STATION_DUTY, *DESK, INSPECTOR, LEADER, REVIEWER)
WORKING = (GRID_WORKER, OFFICER, STATION_DUTY, WATCH_COMMANDER)
MAKING = (GRID_WORKER, STATION_DUTY, *DESK)
REPORTING = (GRID_WORKER, PARTNER, OFFICER, STATION_DUTY)
ANSWERING = (STATION_DUTY, *DESK)
COUNTING = (STATION_DUTY, *DESK, INSPECTOR, LEADER, REVIEWER)
DIRECTORY = (WATCH_COMMANDER, ADMINISTRATOR)
ENDED_SHOWN, LIVE_SHOWN, PROPOSED_SHOWN = 60, 500, 50
KINDS = list(GridReport.Kind.values)
PROPOSED_FOR = dt.timedelta(days=30)


class NewTask(Input):
    """A task made by hand."""

    grid = Ident()
    duty = Text(4, code=True)
    demand = Text(1000)
    due_at = Moment(required=False, allow_null=True, default=None)
    place_text = Text(200, required=False, default="")
    point = PointInput(required=False, allow_null=True, default=None)


class ToGrid(Input):
    """What an incident's grid is asked to do."""

    demand = Text(1000)
    duty = Text(4, code=True, required=False, default=MEDIATION)
    grid = Ident(required=False, allow_null=True, default=None)
    due_at = Moment(required=False, allow_null=True, default=None)
    by_rule = Flag(required=False, default=False)


class TaskResult(Input):
    """How a task ended."""

    result = Text(4000)
    recheck_at = Moment(required=False, allow_null=True, default=None)
    photos = serializers.ListField(child=Ident(), max_length=20, required=False, default=list)


class Recheck(Input):
    """What somebody found who looked again."""

    calm = Flag()
    text = Text(1000, required=False, default="")


class NewGridReport(Input):
    """A hazard or information."""

    kind = serializers.ChoiceField(KINDS)
    urgent = Flag(required=False, default=False)
    text = Text(1000)
    place_text = Text(200, required=False, default="")
    point = PointInput(required=False, allow_null=True, default=None)
    grid = Ident(required=False, allow_null=True, default=None)
    device_at = Moment(required=False, allow_null=True, default=None)
    photos = serializers.ListField(child=Ident(), max_length=20, required=False, default=list)


class GridReportEnd(Input):
    """What came of a report."""

    outcome = serializers.ChoiceField(GridReport.Outcome.values)
    text = Text(1000, required=False, default="")
    type_reported = Text(8, code=True, required=False, default="")
    duty = Text(4, code=True, required=False, default="")


class PostInput(Input):
    """The two of a grid, by badge."""

    grid = Text(24, code=True)
    worker = Text(12, code=True)
    officer = Text(12, code=True)
    worker_phone = Text(32, code=True, required=False, default="")


class GridPictureInput(Input):
    """A picture with when and where it was taken."""

    file = serializers.FileField()
    taken_at = Moment(required=False, allow_null=True)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False, allow_null=True)
    lng = serializers.FloatField(min_value=-180, max_value=180, required=False, allow_null=True)
    crs = serializers.ChoiceField(CRS, required=False)


def stored(said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Replace the point of a body by what is stored of it."""
    point = said.pop("point", None)
    return {**said, "point": stored_point(point, centres.centre(by.centre_id)) if point else None}


class GridView(APIView):
    """The grid as one may see it."""

    roles = {"GET": READING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return one's grids with their two, teams and premise notes, the tasks and reports; to the desk also what the
        rule proposes."""
        by: Any = request.auth
        return Response(
            {
                "grids": directory(by),
                "tasks": with_pictures(by, latest(grid_tasks.visible(by)), "task"),
                "reports": with_pictures(by, latest(grid_reports.visible(by)), "report"),
                "proposals": proposals(by) if by.has(*ANSWERING) else [],
            }
        )


def directory(by: Actor) -> list[Json]:
    """Return the grids that concern a person: the own ones, those of the station, all for the desk."""
    posts = grids.present(by.centre_id)
    if by.has(GRID_WORKER, OFFICER) and not by.has(*DESK):
        posts = [one for one in posts if by.user_id in (one.worker_id, one.officer_id)]
    elif by.has(STATION_DUTY) and not by.has(*DESK):
        posts = [one for one in posts if {one.area.owner_id, one.officer.organisation_id} & set(under(by.org_id or 0))]
    teams: dict[int, list[Json]] = {}
    for team in PartnerTeam.objects.filter(
        area__in=[one.area_id for one in posts], ended_at__isnull=True
    ).select_related("area"):
        teams.setdefault(team.area_id or 0, []).append(team.row())
    whole = by.has(GRID_WORKER, OFFICER, STATION_DUTY)
    return [
        {
            **one.row(),
            "teams": teams.get(one.area_id, []),
            "ring": one.area.ring if whole else None,
            "notes": notes_of(one.area, by) if whole else [],
        }
        for one in posts
    ]


def notes_of(area: Area, by: Actor) -> list[Json]:
    """Return the premise notes in force within a grid's bounds (M36); the sensitive ones say that they exist."""
    lngs, lats = [point[0] for point in area.ring], [point[1] for point in area.ring]
    found = premises.in_force(by.centre_id, timezone.now()).filter(
        lat__range=(min(lats), max(lats)), lng__range=(min(lngs), max(lngs))
    )
    return [one.row() for one in found.order_by("kind", "-id")[:50]]


def latest(found: Any) -> list[Any]:
    """Return everything that is still to be done, and the newest of the rest."""
    over = Q(ended_at__isnull=False) if found.model is GridTask else Q(state=GridReport.State.SETTLED)
    return [*found.exclude(over).order_by("id")[:LIVE_SHOWN], *found.filter(over).order_by("-id")[:ENDED_SHOWN]]


def with_pictures(by: Actor, rows: list[Any], of: str) -> list[Json]:
    """Return rows with their pictures, masked as everywhere."""
    by_row: dict[int, list[Json]] = {}
    for one in GridPicture.objects.filter(**{f"{of}__in": [row.pk for row in rows]}).order_by("id"):
        by_row.setdefault(getattr(one, f"{of}_id"), []).append(one.row())
    audience = audience_of(by) or f"worker.{by.user_id}"
    told = [(row, seen(audience, row.NOUN, row.row(), [*row.readers(), audience])) for row in rows]
    return [{**shown, "pictures": by_row.get(row.pk, [])} for row, shown in told if shown is not None]


def proposals(by: Actor) -> list[Json]:
    """Return the disputes for which the rule proposes mediation by the grid."""
    since = timezone.now() - PROPOSED_FOR
    found = Incident.objects.filter(
        centre_id=by.centre_id, answered_at__gte=since, grid_tasks__isnull=True, drill=False
    )
    found = found.filter(
        Q(result_code=grid_tasks.TO_GRID) | Q(type_reported__startswith=grid_tasks.DISPUTE, handled_at__isnull=False)
    )
    if not by.has(*DESK):
        found = found.filter(jurisdiction_id__in=under(by.org_id or 0))
    names = ("incident_no", "type_reported", "address_text", "grid", "result_code", "stage", "jurisdiction_name")
    shown = [
        (one, seen(audience_of(by), "incident", one.row(), one.readers()))
        for one in found.order_by("-id")[:PROPOSED_SHOWN]
    ]
    return [
        {"incident": one.pk, **{name: row[name] for name in names}}
        for one, row in shown
        if row is not None and grid_tasks.proposed(one)
    ]


class TasksView(APIView):
    """Making a task."""

    roles = {"POST": MAKING}

    @extend_schema(request=NewTask, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Make it for a grid."""
        by = actor(request)
        said = stored(parsed(NewTask, request), by)
        return carried_out(grid_tasks.make_task, by=by, grid_id=said.pop("grid"), **said)


class ToGridView(APIView):
    """An incident goes on to its grid."""

    roles = {"POST": ANSWERING}

    @extend_schema(request=ToGrid, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Make the grid's task."""
        by, said = actor(request), parsed(ToGrid, request)
        return carried_out(grid_tasks.send_to_grid, by=by, incident_id=incident_id, grid_id=said.pop("grid"), **said)


class StartTaskView(APIView):
    """办理中."""

    roles = {"POST": WORKING}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, task_id: int) -> Response:
        """Begin."""
        parsed(Input, request)
        return carried_out(grid_tasks.start_task, by=actor(request), task_id=task_id)


class FinishTaskView(APIView):
    """已办结."""

    roles = {"POST": WORKING}

    @extend_schema(request=TaskResult, responses=dict)
    def post(self, request: Request, task_id: int) -> Response:
        """End it with its result."""
        by, said = actor(request), parsed(TaskResult, request)
        return carried_out(grid_tasks.finish_task, by=by, task_id=task_id, picture_ids=said.pop("photos"), **said)


class ReturnTaskView(APIView):
    """退回."""

    roles = {"POST": WORKING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, task_id: int) -> Response:
        """Give it back."""
        by, said = actor(request), parsed(Reason, request)
        return carried_out(grid_tasks.return_task, by=by, task_id=task_id, reason=said["reason"])


class RecheckTaskView(APIView):
    """复查."""

    roles = {"POST": WORKING}

    @extend_schema(request=Recheck, responses=dict)
    def post(self, request: Request, task_id: int) -> Response:
        """Say whether it is calm."""
        by, said = actor(request), parsed(Recheck, request)
        return carried_out(grid_again.recheck_task, by=by, task_id=task_id, **said)


class GridReportsView(APIView):
    """Bringing something in."""

    roles = {"POST": REPORTING}

    @extend_schema(request=NewGridReport, responses={201: dict})
    def post(self, request: Request) -> Response:
        """File a hazard or information."""
        by = actor(request)
        said = stored(parsed(NewGridReport, request), by)
        grid_id, picture_ids = said.pop("grid"), said.pop("photos")
        return carried_out(grid_reports.file_report, by=by, grid_id=grid_id, picture_ids=picture_ids, **said)


class TakeReportView(APIView):
    """受理."""

    roles = {"POST": ANSWERING}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, report_id: int) -> Response:
        """Take it on."""
        parsed(Input, request)
        return carried_out(grid_reports.take_report, by=actor(request), report_id=report_id)


class SettleReportView(APIView):
    """办结."""

    roles = {"POST": ANSWERING}

    @extend_schema(request=GridReportEnd, responses=dict)
    def post(self, request: Request, report_id: int) -> Response:
        """Say what came of it."""
        by, said = actor(request), parsed(GridReportEnd, request)
        outcome, text = said.pop("outcome"), said.pop("text")
        return carried_out(
            grid_reports.settle_report, by=by, report_id=report_id, outcome=outcome, text=text, facts=said
        )


class PostsView(APIView):
    """The directory."""

    roles = {"GET": (*DIRECTORY, *DESK, INSPECTOR), "POST": DIRECTORY}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return who answers for each grid, and the grids without anybody."""
        by: Any = request.auth
        posts = grids.present(by.centre_id)
        taken = {one.area_id for one in posts}
        free = Area.objects.filter(centre_id=by.centre_id, kind=Area.Kind.GRID, ended_at__isnull=True).exclude(
            pk__in=taken
        )
        return Response(
            {"grid_posts": [one.row() for one in posts], "without": [one.label() for one in free.order_by("code")]}
        )

    @extend_schema(request=PostInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Name the two of a grid."""
        by, said = actor(request), parsed(PostInput, request)
        pair = grids.Pair(said["grid"], said["worker"], said["officer"], said["worker_phone"])
        return carried_out(grids.appoint, by=by, centre_id=by.centre_id, pair=pair)


class GridFiguresView(APIView):
    """The figures of the grids."""

    roles = {"GET": COUNTING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Count the tasks by grid, duty and state, the reopenings, the overdue ones and the reports."""
        by: Any = request.auth
        now = timezone.now()
        tasks, reports = (
            GridTask.objects.filter(centre_id=by.centre_id),
            GridReport.objects.filter(centre_id=by.centre_id),
        )
        if by.has(STATION_DUTY) and not by.has(*DESK):
            mine = under(by.org_id or 0)
            tasks, reports = tasks.filter(station_id__in=mine), reports.filter(station_id__in=mine)
        late = Q(state__in=["todo", "doing"], due_at__lte=now)
        rows = (
            tasks.values("area_id", "area__code", "area__name", "duty")
            .annotate(
                n=Count("id"),
                todo=Count("id", filter=Q(state="todo")),
                doing=Count("id", filter=Q(state="doing")),
                done=Count("id", filter=Q(state="done")),
                returned=Count("id", filter=Q(state="returned")),
                overdue=Count("id", filter=late),
                reopened=Count("id", filter=~Q(reopened=[])),
                to_recheck=Count("id", filter=Q(state="done", ended_at__isnull=True)),
            )
            .order_by("area__code", "duty")
        )
        counted = reports.values("kind", "state").annotate(n=Count("id")).order_by("kind", "state")
        named = {"area_id": "grid", "area__code": "grid_code", "area__name": "grid_name"}
        lines = [{named.get(key, key): value for key, value in row.items()} for row in rows]
        return Response({"as_of": stamp(now), "tasks": lines, "reports": list(counted)})


class GridPicturesView(APIView):
    """Upload a picture."""

    roles = {"POST": REPORTING}
    parser_classes = [MultiPartParser]

    @extend_schema(request=GridPictureInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Store it; a task or a report then names it."""
        found = parsed(GridPictureInput, request)
        data = found["file"].read()
        digest = hashlib.sha256(f"{request.path}\n".encode() + data).digest()
        by = replace(keyed(request), body_hash=digest)
        lat, lng = found.get("lat"), found.get("lng")
        if lat is not None and lng is not None:
            if "crs" not in found:
                raise BadInput(crs=_("A point needs its datum."))
            convertible({"lat": lat, "lng": lng, "crs": found["crs"]})
            lat, lng = geo.to_wgs84(lat, lng, found["crs"])
        columns = pictures.store(data)
        answer = carried_out(
            grid_reports.add_picture, by=by, columns=columns, taken_at=found.get("taken_at"), lat=lat, lng=lng
        )
        answer.status_code = 201
        return answer


class GridPictureView(APIView):
    """One picture."""

    roles = {"GET": (*READING, PARTNER)}

    @extend_schema(responses={(200, "image/jpeg"): bytes})
    def get(self, request: Request, picture_id: int) -> HttpResponseBase:
        """Return it to whoever took it and to those who may see what it belongs to."""
        by: Any = request.auth
        picture = GridPicture.objects.filter(pk=picture_id, centre_id=by.centre_id).first()
        if picture is None or not picture.file or not grid_reports.may_see_picture(by, picture):
            raise NotFound()
        return FileResponse(
            pictures.path_of(picture.file).open("rb"), content_type="image/jpeg", headers=pictures.HEADERS
        )

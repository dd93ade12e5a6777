"""Routes of the community grid (社区110): the worker's page, the directory, the posts and the figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.actor import Actor
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import seen
from incidents.fields import Input, Text
from incidents.models import Area, GridPicture, GridReport, GridTask, Incident, PartnerTeam
from incidents.roles import (
    ADMINISTRATOR,
    DESK,
    GRID_WORKER,
    INSPECTOR,
    LEADER,
    OFFICER,
    REVIEWER,
    STATION_DUTY,
    WATCH_COMMANDER,
    audience_of,
)
from incidents.row import Json, stamp
from incidents.services import grid_reports, grid_tasks, grids, premises
from incidents.tree import under

READING = (GRID_WORKER, OFFICER, STATION_DUTY, *DESK, INSPECTOR, LEADER, REVIEWER)
ANSWERING = (STATION_DUTY, *DESK)
COUNTING = (STATION_DUTY, *DESK, INSPECTOR, LEADER, REVIEWER)
DIRECTORY = (WATCH_COMMANDER, ADMINISTRATOR)
ENDED_SHOWN, LIVE_SHOWN, PROPOSED_SHOWN = 60, 500, 50
PROPOSED_FOR = dt.timedelta(days=30)


class PostInput(Input):
    """The two of a grid, by badge."""

    grid = Text(24, code=True)
    worker = Text(12, code=True)
    officer = Text(12, code=True)
    worker_phone = Text(32, code=True, required=False, default="")


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

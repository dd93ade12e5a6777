"""Routes of the grid's tasks (网格任务): made from an incident or by hand, started, finished, returned, rechecked."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import centres
from incidents.actor import Actor
from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.fields import Flag, Ident, Input, Moment, PointInput, Text
from incidents.models import MEDIATION
from incidents.roles import (
    DESK,
    GRID_WORKER,
    OFFICER,
    STATION_DUTY,
    WATCH_COMMANDER,
)
from incidents.services import grid_again, grid_tasks

WORKING = (GRID_WORKER, OFFICER, STATION_DUTY, WATCH_COMMANDER)
MAKING = (GRID_WORKER, STATION_DUTY, *DESK)
ANSWERING = (STATION_DUTY, *DESK)


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


def stored(said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Replace the point of a body by what is stored of it."""
    point = said.pop("point", None)
    return {**said, "point": stored_point(point, centres.centre(by.centre_id)) if point else None}


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

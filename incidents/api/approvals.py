"""Routes about what the watch commander is asked for, and decides."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import approvals
from incidents.actor import Actor
from incidents.api.followup import about
from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Input, Text, Whole
from incidents.models import Request as ApprovalRequest
from incidents.refusals import Forbidden
from incidents.roles import DESK, INSPECTOR, REVIEWER, WATCH_COMMANDER
from incidents.row import Json, stamp
from incidents.services.approvals import ask

DECIDING = (WATCH_COMMANDER, INSPECTOR)


class AskInput(Input):
    """What is asked for, and why."""

    kind = serializers.ChoiceField(ApprovalRequest.Kind.values)
    priority = Whole(1, 4, required=False, allow_null=True, default=None)
    reason = Text(400)


class AskView(APIView):
    """Asking the watch commander about an incident."""

    roles = {"POST": (*DESK, REVIEWER)}

    @extend_schema(request=AskInput, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Ask, with the reason."""
        said = parsed(AskInput, request)
        return carried_out(
            ask, by=actor(request), incident_id=incident_id, kind=said["kind"], to_priority=said["priority"],
            reason=said["reason"],
        )  # fmt: skip


class ApprovalsView(APIView):
    """What waits."""

    roles = {"GET": DECIDING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List everything that waits for the person, the oldest first."""
        by: Any = request.auth
        lines = approvals.waiting(by.centre_id, *by.roles)
        return Response({"approvals": [shown(by, kind, line) for kind, line in lines]})


def shown(by: Actor, kind: str, line: approvals.Line) -> Json:
    """Return a line of the list."""
    return {
        **about(line.row),
        "id": line.row.pk,
        "kind": kind,
        "what": line.what,
        "incident": getattr(line.row, "incident_id", None),
        "asked_by": line.asked_by,
        "asked_at": stamp(line.asked_at),
        "reason": line.reason,
        "about": line.about,
        "own": line.asked_by == by.badge,
        **(line.extra or {}),
    }


def kind_for(by: Actor, kind: str) -> approvals.Approvable:
    """Return a kind that the person decides on. Raises NotFound, Forbidden."""
    found = approvals.of(kind)
    if not by.has(*found.roles):
        raise Forbidden()
    return found


class ApproveView(APIView):
    """Approving."""

    roles = {"POST": DECIDING}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, kind: str, row_id: int) -> Response:
        """Approve, and do what was asked for in the same moment."""
        parsed(Input, request)
        by = actor(request)
        found = kind_for(by, kind)
        return carried_out(found.approve, by=by, **{found.argument: row_id})


class RefuseView(APIView):
    """Not approving."""

    roles = {"POST": DECIDING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, kind: str, row_id: int) -> Response:
        """Refuse, with the reason."""
        said = parsed(Reason, request)
        by = actor(request)
        found = kind_for(by, kind)
        return carried_out(found.refuse, by=by, reason=said["reason"], **{found.argument: row_id})

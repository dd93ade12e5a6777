"""Routes about decisions on an incident."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.services import decisions, merging
from incidents.api.inputs import Versioned, VersionedReason
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Ident, Text
from incidents.roles import DESK, ORDERING, REVIEWER, WATCH_COMMANDER


class NoAttendanceInput(VersionedReason):
    """Why nobody is sent."""

    result_code = Text(4, code=True)


class MergeInput(VersionedReason):
    """Which incident it joins."""

    into = Ident()


class HandOverInput(VersionedReason):
    """Who goes on with it."""

    to = Ident()


class CancelInput(Versioned):
    """Why it is cancelled."""

    cancel_code = Text(4, code=True)
    reason = Text(400, required=False, default="")


def decide(
    request: Request, incident_id: int, run: Callable[..., Any], body: type[Versioned], **names: str
) -> Response:
    """Parse the body, rename its fields to the command's, and carry it out."""
    by, found = actor(request), parsed(body, request)
    for field, argument in names.items():
        found[argument] = found.pop(field)
    return carried_out(run, by=by, incident_id=incident_id, **found)


class NoAttendanceView(APIView):
    """Settle it without sending anybody."""

    roles = {"POST": DESK}

    @extend_schema(request=NoAttendanceInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """To review with a result and EX5."""
        return decide(request, incident_id, decisions.need_no_attendance, NoAttendanceInput)


class SubmitView(APIView):
    """Hand it to review."""

    roles: ClassVar[dict[str, Any]] = {"POST": (*DESK,)}

    @extend_schema(request=Versioned, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Check the mandatory fields and submit."""
        return decide(request, incident_id, decisions.submit, Versioned)


class ApproveView(APIView):
    """Close it."""

    roles = {"POST": (REVIEWER, WATCH_COMMANDER)}

    @extend_schema(request=Versioned, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Approve; never an own one."""
        return decide(request, incident_id, decisions.approve, Versioned)


class ReturnInput(VersionedReason):
    """Why it goes back, and which orders' reports must be corrected: all by default, none with an empty list."""

    assignments = serializers.ListField(child=Ident(), required=False, allow_null=True, max_length=50)


class ReturnView(APIView):
    """Give it back."""

    roles = {"POST": (REVIEWER, WATCH_COMMANDER)}

    @extend_schema(request=ReturnInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Return with a reason."""
        return decide(request, incident_id, decisions.send_back, ReturnInput)


class MergeView(APIView):
    """Join it to another one."""

    roles = {"POST": ORDERING}

    @extend_schema(request=MergeInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Merge."""
        return decide(request, incident_id, merging.merge, MergeInput)


class HandOverView(APIView):
    """Hand it to a station or branch."""

    roles = {"POST": ORDERING}

    @extend_schema(request=HandOverInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Hand over."""
        return decide(request, incident_id, decisions.hand_over, HandOverInput)


class CancelView(APIView):
    """Cancel it."""

    roles = {"POST": ORDERING}

    @extend_schema(request=CancelInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Cancel with a code."""
        return decide(request, incident_id, decisions.cancel, CancelInput, cancel_code="code")


class InvalidateView(APIView):
    """Declare it invalid."""

    roles = {"POST": (WATCH_COMMANDER,)}

    @extend_schema(request=VersionedReason, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Invalidate."""
        return decide(request, incident_id, decisions.invalidate, VersionedReason)


class ReopenView(APIView):
    """Take it back."""

    roles = {"POST": (WATCH_COMMANDER,)}

    @extend_schema(request=VersionedReason, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Reopen, or undo a merge, hand-over, cancellation."""
        return decide(request, incident_id, decisions.reopen, VersionedReason)

"""Routes about calls."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api import inputs
from incidents.api.inputs import centre_of
from incidents.api_tools import actor, carried_out, parsed
from incidents.emergency import carried_out_or_spooled
from incidents.fields import Input
from incidents.refusals import Forbidden
from incidents.roles import ADAPTER, DESK, WATCH_COMMANDER
from incidents.services import calls, joining

RINGING = {"POST": (*DESK, ADAPTER)}
AT_DESK = {"POST": DESK, "PATCH": DESK}


class CallsView(APIView):
    """Open a call record."""

    roles = RINGING
    while_locked = ("POST",)  # no caller waits for a PIN

    @extend_schema(request=inputs.NewCall, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Open a call, ringing or answered, optionally with its incident."""
        by, facts = actor(request), parsed(inputs.NewCall, request)
        waiting = facts.pop("state") == "waiting"
        incident, number = facts.pop("incident", None), facts.pop("number", None)
        if by.has(ADAPTER) and not waiting:
            raise Forbidden(_("A gateway rings calls; people answer them."))
        centre = centre_of(by)
        if incident is not None:
            incident = inputs.with_point(incident, centre, path="incident.")
        facts = inputs.with_point(facts, centre, "caller_point")
        return carried_out_or_spooled(
            calls.take_call,
            by=by,
            act="call",
            body=request.data,
            number=number,
            check=lambda: calls.check_opening(facts, waiting, incident),
            facts=facts,
            waiting=waiting,
            incident=incident,
        )


class CallView(APIView):
    """One call."""

    roles = AT_DESK

    @extend_schema(request=inputs.CallEdit, responses=dict)
    def patch(self, request: Request, call_id: int) -> Response:
        """Write what the caller said."""
        by, facts = actor(request), parsed(inputs.CallEdit, request)
        version = facts.pop("version")
        facts = inputs.with_point(facts, centre_of(by), "caller_point")
        return carried_out(calls.describe_call, by=by, call_id=call_id, version=version, facts=facts)


class AnswerView(APIView):
    """Answer a waiting call."""

    roles = AT_DESK
    while_locked = ("POST",)  # no caller waits for a PIN

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Claim the call; of several one wins."""
        parsed(Input, request)
        return carried_out(calls.answer_call, by=actor(request), call_id=call_id)


class HangUpView(APIView):
    """End the talk."""

    roles = RINGING

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Hang up."""
        parsed(Input, request)
        return carried_out(calls.hang_up, by=actor(request), call_id=call_id)


class LoseView(APIView):
    """The caller gave up."""

    roles = RINGING

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Mark a waiting call as lost."""
        parsed(Input, request)
        return carried_out(calls.lose_call, by=actor(request), call_id=call_id)


class CallBackView(APIView):
    """Ring a lost call's number."""

    roles = AT_DESK

    @extend_schema(request=inputs.Attempt, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Note a try and whether somebody answered."""
        found = parsed(inputs.Attempt, request)
        return carried_out(calls.call_back, by=actor(request), call_id=call_id, answered=found["answered"])


class SupplementView(APIView):
    """What the caller added later."""

    roles = AT_DESK

    @extend_schema(request=inputs.Words, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Append words."""
        found = parsed(inputs.Words, request)
        return carried_out(calls.supplement_call, by=actor(request), call_id=call_id, text=found["text"])


class CodedView(APIView):
    """A caller who cannot speak freely (R18)."""

    roles = AT_DESK

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Begin the yes/no script."""
        parsed(Input, request)
        return carried_out(calls.begin_coded, by=actor(request), call_id=call_id)


class ListenedView(APIView):
    """The recording of a coded call."""

    roles = AT_DESK

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Note that it was listened to."""
        parsed(Input, request)
        return carried_out(calls.note_listened, by=actor(request), call_id=call_id)


class IncidentOfCallView(APIView):
    """The incident of a call."""

    roles = AT_DESK

    @extend_schema(request=inputs.IncidentFacts, responses={201: dict})
    def post(self, request: Request, call_id: int) -> Response:
        """Open it, while the caller still talks if need be."""
        by, facts = actor(request), parsed(inputs.IncidentFacts, request)
        facts = inputs.with_point(facts, centre_of(by))
        return carried_out(calls.open_incident_of_call, by=by, call_id=call_id, facts=facts)


class JoinView(APIView):
    """Attach a call to an incident."""

    roles = AT_DESK

    @extend_schema(request=inputs.Join, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Join another caller's incident."""
        found = parsed(inputs.Join, request)
        return carried_out(joining.join_call, by=actor(request), call_id=call_id, incident_id=found["incident"])


class FinishCallView(APIView):
    """A call's outcome."""

    roles = AT_DESK

    @extend_schema(request=inputs.FinishCall, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Finish the call."""
        facts = parsed(inputs.FinishCall, request)
        return carried_out(calls.finish_call, by=actor(request), call_id=call_id, facts=facts)


class ReopenCallView(APIView):
    """Take a finished call back."""

    roles = {"POST": (WATCH_COMMANDER,)}

    @extend_schema(request=inputs.Reason, responses=dict)
    def post(self, request: Request, call_id: int) -> Response:
        """Reopen with a reason."""
        found = parsed(inputs.Reason, request)
        return carried_out(calls.reopen_call, by=actor(request), call_id=call_id, reason=found["reason"])

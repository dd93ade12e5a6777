"""Routes about transfers, callbacks and supervision orders."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.inputs import Reason, Words
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import MASK
from incidents.fields import Flag, Ident, Input, Moment, Text, Whole
from incidents.models import Callback, SupervisionOrder, Transfer
from incidents.refusals import NotFound
from incidents.roles import (
    CALLBACK_AGENT,
    DESK,
    FOLLOWING_UP,
    INSPECTOR,
    LEADER,
    REVIEWER,
    STATION_DUTY,
    WATCH_COMMANDER,
)
from incidents.row import Json
from incidents.services import callbacks, supervision, transfers

MOST = 500
ISSUING = (WATCH_COMMANDER, LEADER, INSPECTOR, REVIEWER, CALLBACK_AGENT)
ASKING = (CALLBACK_AGENT, WATCH_COMMANDER)


class NewTransfer(Input):
    """A contact that is passed on."""

    to_body = Text(8, code=True)
    way = serializers.ChoiceField(Transfer.Way.values)
    danger = Flag()
    told_caller = Text(400)
    grid = Ident(required=False, allow_null=True, default=None)


class Receipt(Input):
    """The other body's number."""

    receipt_no = Text(60, code=True, required=False, default="")


class Result(Input):
    """The other body's result."""

    result_text = Text(2_000)


class CallbackResult(Input):
    """What an agent heard."""

    version = Whole(1, 2**31 - 1)
    outcome = serializers.ChoiceField(Callback.Outcome.values)
    grade = Whole(1, 3, required=False, allow_null=True, default=None)
    words = Text(2_000, required=False, default="")
    aspects = serializers.ListField(
        child=serializers.ChoiceField(["manner", "speed", "dress", "language", "result"]), required=False, default=list
    )
    reason = Text(200, required=False, default="")


class NewSupervision(Input):
    """An order to put something right."""

    cause = serializers.ChoiceField(SupervisionOrder.Cause.values)
    demand = Text(400)
    to = Ident(required=False, allow_null=True, default=None)
    due_at = Moment(required=False, allow_null=True, default=None)


def about(row: Any) -> Json:
    """Return what a list shows of a row's incident."""
    incident = getattr(row, "incident", None)
    if incident is None:
        return {"incident_no": "", "address_text": "", "type_reported": "", "stage": ""}
    hidden = incident.confidential or incident.is_complaint
    return {
        "incident_no": incident.incident_no,
        "address_text": MASK if hidden else incident.address_text,
        "type_reported": incident.type_verified or incident.type_reported,
        "stage": incident.stage,
    }


class TransfersView(APIView):
    """Transfers."""

    roles = {"GET": (*DESK, INSPECTOR, LEADER)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List the latest, the open ones first."""
        by: Any = request.auth
        found = (
            Transfer.objects.filter(centre_id=by.centre_id).select_related("incident", "call").order_by("-id")[:MOST]
        )
        rows = [{**row.row(), **about(row), "call_no": row.call.call_no} for row in found]
        if not by.has(*DESK, INSPECTOR):
            rows = [{**row, "told_caller": MASK, "result_text": MASK} for row in rows]
        rows.sort(key=lambda row: row["state"] in ("finished", "returned"))
        return Response({"transfers": rows})


class TransferCallView(APIView):
    """Passing a call on."""

    roles = {"POST": DESK}

    @extend_schema(request=NewTransfer, responses={201: dict})
    def post(self, request: Request, call_id: int) -> Response:
        """Pass it on."""
        said = parsed(NewTransfer, request)
        by, grid_id = actor(request), said.pop("grid")
        return carried_out(transfers.transfer, by=by, call_id=call_id, grid_id=grid_id, **said)


class NoteTransferView(APIView):
    """What a person heard of a transfer where no adapter tells it."""

    roles = {"POST": DESK}
    to: str
    body: type[Input]

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, transfer_id: int) -> Response:
        """Note it."""
        by, said = actor(request), parsed(self.body, request)
        row = Transfer.objects.filter(pk=transfer_id, centre_id=by.centre_id).first()
        if row is None:
            raise NotFound()
        facts = {"return_reason": said["reason"]} if "reason" in said else said
        return carried_out(
            transfers.note, by=by, centre_id=by.centre_id, transfer_no=row.transfer_no, to=self.to, facts=facts
        )


class AcceptTransferView(NoteTransferView):
    """The body has it."""

    to, body = Transfer.State.ACCEPTED, Receipt


class FinishTransferView(NoteTransferView):
    """The body has settled it."""

    to, body = Transfer.State.FINISHED, Result


class ReturnTransferView(NoteTransferView):
    """The body gives it back."""

    to, body = Transfer.State.RETURNED, Reason


class CallbacksView(APIView):
    """Callbacks."""

    roles = {"GET": (CALLBACK_AGENT, WATCH_COMMANDER, LEADER, INSPECTOR, REVIEWER)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List the open ones, then the latest; the three counts always together (K11)."""
        by: Any = request.auth
        mine = Callback.objects.filter(centre_id=by.centre_id)
        found = mine.select_related("incident").order_by("-id")[:MOST]
        asks = by.has(*ASKING)
        rows = [{**row.row(), **about(row), "number": row.number if asks else MASK} for row in found]
        rows.sort(key=lambda row: (row["outcome"] != "", row["due_at"] if not row["outcome"] else ""))
        return Response({"callbacks": rows, "counts": counts(mine)})


def counts(found: Any) -> Json:
    """Return satisfied, replied and asked, with what is not to be called beside them (K11)."""
    asked = found.filter(asked_at__isnull=False)
    replied = asked.filter(outcome=Callback.Outcome.ANSWERED)
    return {
        "asked": asked.count(),
        "replied": replied.count(),
        "satisfied": replied.filter(grade__lte=2).count(),
        "very_satisfied": replied.filter(grade=1).count(),
        "unsuitable": found.filter(outcome=Callback.Outcome.UNSUITABLE).count(),
    }


class RecordCallbackView(APIView):
    """The result of a callback."""

    roles = {"POST": ASKING}

    @extend_schema(request=CallbackResult, responses=dict)
    def post(self, request: Request, callback_id: int) -> Response:
        """Write it down."""
        said = parsed(CallbackResult, request)
        return carried_out(callbacks.record_callback, by=actor(request), callback_id=callback_id, **said)


class SupervisionView(APIView):
    """Supervision orders."""

    roles = {"GET": FOLLOWING_UP}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List them, overdue ones first; a station's duty desk sees its own."""
        by: Any = request.auth
        found = SupervisionOrder.objects.filter(centre_id=by.centre_id).select_related("incident").order_by("-id")
        if by.roles == {STATION_DUTY}:
            found = found.filter(to_id=by.org_id) | found.filter(escalated_to_id=by.org_id)
        rows = [{**row.row(), **about(row)} for row in found[:MOST]]
        rows.sort(key=lambda row: (row["state"] == "closed", row["overdue_at"] is None, row["due_at"]))
        return Response({"supervision_orders": rows})


class SuperviseView(APIView):
    """A supervision order about an incident."""

    roles = {"POST": ISSUING}

    @extend_schema(request=NewSupervision, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Issue it."""
        said = parsed(NewSupervision, request)
        return carried_out(supervision.issue, by=actor(request), incident_id=incident_id, **said)


class SignSupervisionView(APIView):
    """Taking note of an order."""

    roles = {"POST": (STATION_DUTY, WATCH_COMMANDER)}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, order_id: int) -> Response:
        """Sign it."""
        parsed(Input, request)
        return carried_out(supervision.sign, by=actor(request), order_id=order_id)


class ReplySupervisionView(APIView):
    """The unit's reply."""

    roles = {"POST": (STATION_DUTY, WATCH_COMMANDER)}

    @extend_schema(request=Words, responses=dict)
    def post(self, request: Request, order_id: int) -> Response:
        """Reply."""
        said = parsed(Words, request)
        return carried_out(supervision.reply, by=actor(request), order_id=order_id, text=said["text"])


class CloseSupervisionView(APIView):
    """Accepting the reply."""

    roles = {"POST": ISSUING}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, order_id: int) -> Response:
        """Close the order."""
        parsed(Input, request)
        return carried_out(supervision.close, by=actor(request), order_id=order_id)


class ReturnSupervisionView(APIView):
    """Sending the reply back."""

    roles = {"POST": ISSUING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, order_id: int) -> Response:
        """Return it with the reason."""
        said = parsed(Reason, request)
        return carried_out(supervision.send_back, by=actor(request), order_id=order_id, reason=said["reason"])

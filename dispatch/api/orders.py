"""Routes about orders, their moves and reports."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch import urging
from dispatch.services import check_place, moves, orders, reports, swap
from incidents import centres
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.fields import Flag, Ident, Input, Moment, Number, PointInput, Text, Whole
from incidents.roles import DESK, OFFICER, ORDERING

MOVING = {"POST": (OFFICER, *ORDERING)}


class ChoiceInput(Input):
    """One unit to send."""

    unit = Ident()
    purpose = serializers.ChoiceField(["first", "support", "relief"], required=False, default="first")
    override_reason = Text(4, required=False, default="", code=True)
    override_text = Text(200, required=False, default="")
    drop = Ident(required=False, allow_null=True, default=None)


class OrdersInput(Input):
    """Whom to send; `seen` are the units that stood first on the screen, best first."""

    units = serializers.ListField(child=ChoiceInput(), min_length=1, max_length=20)
    order_text = Text(2_000, required=False, default="")
    seen = serializers.ListField(child=Ident(), required=False, default=list, max_length=20)


class Claim(Input):
    """A move from a device: its own time, kept as a claim."""

    device_at = Moment(required=False, allow_null=True)


class RefusalInput(Claim):
    """Why the lead refuses."""

    refusal_code = Text(4, code=True)
    text = Text(400)


class FinishInput(Claim):
    """How it ended."""

    result_code = Text(4, code=True)
    no_attendance = Flag(required=False, default=False)


class WithdrawInput(Input):
    """Why the order is taken back."""

    cancel_code = Text(4, code=True)
    text = Text(400, required=False, default="")


class DelayInput(Claim):
    """Why the unit is held up."""

    delay_code = Text(4, code=True)
    text = Text(400, required=False, default="")


class ReportInput(Claim):
    """A field report."""

    kind = serializers.ChoiceField(reports.KINDS)
    type_verified = Text(8, required=False, code=True)
    address_verified = Text(200, required=False)
    handled_point = PointInput(required=False, allow_null=True)
    result_codes = serializers.ListField(child=Text(4, code=True), required=False, max_length=10)
    result_place = Text(200, required=False)
    process_text = Text(10_000, required=False)
    rescued = Whole(0, 100_000, required=False, allow_null=True)
    injured = Whole(0, 100_000, required=False, allow_null=True)
    dead = Whole(0, 100_000, required=False, allow_null=True)
    caught = Whole(0, 100_000, required=False, allow_null=True)
    involved = Whole(0, 100_000, required=False, allow_null=True)
    escaped = Whole(0, 100_000, required=False, allow_null=True)
    loss_yuan = Number(0, 1e12, required=False, allow_null=True)
    recovered_yuan = Number(0, 1e12, required=False, allow_null=True)
    case_no = Text(40, required=False, code=True)
    camera_ref = Text(64, required=False, code=True)
    loss_unknown = Flag(required=False)
    property_text = Text(200, required=False)
    receipt = Text(200, required=False)
    handover_to = Text(100, required=False)
    handover_contact = Text(100, required=False)
    handover_reply = Text(200, required=False)
    weather = Text(4, required=False, code=True)
    community = Text(100, required=False)
    traffic_form = Text(4, required=False, code=True)
    traffic_cause = Text(4, required=False, code=True)
    road_surface = Text(4, required=False, code=True)
    visibility = Text(4, required=False, code=True)
    vehicles_damaged = Whole(0, 1_000, required=False, allow_null=True)
    photos = serializers.ListField(child=Ident(), required=False, default=list, max_length=20)


class OrdersView(APIView):
    """Send units to an incident."""

    roles = {"POST": ORDERING}

    @extend_schema(request=OrdersInput, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Order them in one act."""
        by, found = actor(request), parsed(OrdersInput, request)
        choices = [
            orders.Choice(one["unit"], one["purpose"], one["override_reason"], one["override_text"], one["drop"])
            for one in found["units"]
        ]
        return carried_out(
            orders.assign,
            by=by,
            incident_id=incident_id,
            choices=choices,
            text=found["order_text"],
            seen=found["seen"],
        )


class CheckPlaceView(APIView):
    """A lost or silent caller whose place is known (R18)."""

    roles = {"POST": DESK}

    @extend_schema(request=Input, responses={201: dict})
    def post(self, request: Request, call_id: int) -> Response:
        """Open the incident and, by a dispatcher, send the nearest unit to look."""
        parsed(Input, request)
        return carried_out(check_place.check_place, by=actor(request), call_id=call_id)


class MoveView(APIView):
    """A move of an order; the subclass of the route names its target."""

    roles = MOVING
    to = ""

    @extend_schema(request=Claim, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Make the move."""
        by, found = actor(request), parsed(Claim, request)
        return carried_out(
            moves.advance, by=by, assignment_id=assignment_id, to=self.to, device_at=found.get("device_at")
        )


class DeliverView(MoveView):
    """The terminal has stored the order."""

    to = "delivered"
    while_locked = ("POST",)  # the phone says so by itself


class AcceptView(MoveView):
    """签收."""

    to = "accepted"


class DepartView(MoveView):
    """出警."""

    to = "en_route"


class ArriveView(MoveView):
    """到场."""

    to = "on_scene"


class RefuseView(APIView):
    """退单: the lead only."""

    roles = {"POST": (OFFICER,)}

    @extend_schema(request=RefusalInput, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Refuse with code and words."""
        by, found = actor(request), parsed(RefusalInput, request)
        return carried_out(
            moves.refuse,
            by=by,
            assignment_id=assignment_id,
            code=found["refusal_code"],
            text=found["text"],
            device_at=found.get("device_at"),
        )


class FinishView(APIView):
    """处置完毕."""

    roles = MOVING

    @extend_schema(request=FinishInput, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Finish with a result."""
        by, found = actor(request), parsed(FinishInput, request)
        return carried_out(moves.finish, by=by, assignment_id=assignment_id, **found)


class WithdrawView(APIView):
    """撤回."""

    roles = {"POST": ORDERING}

    @extend_schema(request=WithdrawInput, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Take the order back."""
        by, found = actor(request), parsed(WithdrawInput, request)
        return carried_out(
            orders.withdraw, by=by, assignment_id=assignment_id, code=found["cancel_code"], text=found["text"]
        )


class SwapInput(Input):
    """Which unit goes instead."""

    unit = Ident()


class SwapView(APIView):
    """改派: a nearer unit goes instead (CX3)."""

    roles = {"POST": ORDERING}

    @extend_schema(request=SwapInput, responses={201: dict})
    def post(self, request: Request, assignment_id: int) -> Response:
        """Take the order back and send the other unit, in one act."""
        by, found = actor(request), parsed(SwapInput, request)
        return carried_out(swap.swap, by=by, assignment_id=assignment_id, unit_id=found["unit"])


class ConfirmWithdrawalView(APIView):
    """The unit has understood the withdrawal."""

    roles = MOVING

    @extend_schema(request=Claim, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Confirm."""
        parsed(Claim, request)
        return carried_out(orders.confirm_withdrawal, by=actor(request), assignment_id=assignment_id)


class DelayView(APIView):
    """晚到报告 (R14)."""

    roles = MOVING

    @extend_schema(request=DelayInput, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Say that the unit is held up."""
        by, found = actor(request), parsed(DelayInput, request)
        return carried_out(
            moves.report_delay,
            by=by,
            assignment_id=assignment_id,
            code=found["delay_code"],
            text=found["text"],
            device_at=found.get("device_at"),
        )


class CallerToldView(APIView):
    """The desk has told the caller (R14)."""

    roles = {"POST": DESK}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Tick it."""
        parsed(Input, request)
        return carried_out(moves.tell_caller, by=actor(request), assignment_id=assignment_id)


class UrgeInput(Input):
    """What the desk adds."""

    text = Text(200, required=False, default="")


class UrgeView(APIView):
    """Urging a unit (催办)."""

    roles = {"POST": DESK}

    @extend_schema(request=UrgeInput, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Urge it."""
        said = parsed(UrgeInput, request)
        return carried_out(urging.urge_order, by=actor(request), assignment_id=assignment_id, text=said["text"])


class ReportsView(APIView):
    """反馈单."""

    roles = MOVING

    @extend_schema(request=ReportInput, responses={201: dict})
    def post(self, request: Request, assignment_id: int) -> Response:
        """File a report."""
        by, facts = actor(request), parsed(ReportInput, request)
        if facts.get("handled_point"):
            centre = centres.centre(by.centre_id)
            facts["handled_point"] = stored_point(facts["handled_point"], centre, "handled_point")
        kind, photo_ids = facts.pop("kind"), facts.pop("photos")
        device_at: Any = facts.pop("device_at", None)
        return carried_out(
            reports.file_report,
            by=by,
            assignment_id=assignment_id,
            kind=kind,
            facts=facts,
            photo_ids=photo_ids,
            device_at=device_at,
        )

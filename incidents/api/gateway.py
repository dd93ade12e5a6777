"""Routes for the machines at the border; signed, see docs/contract.md 8."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import signatures
from incidents.api.inputs import centre_of, with_point
from incidents.api_tools import carried_out, parsed
from incidents.fields import Flag, Input, Moment, PointInput, Text
from incidents.gateways import SignedGateway
from incidents.models import Gateway
from incidents.refusals import Forbidden
from incidents.roles import ADAPTER
from incidents.services import callbacks, cases, devices, telephony, texts, transfers, watch_hits


class ExchangeEvent(Input):
    """One event of a telephone exchange."""

    type = serializers.ChoiceField(telephony.TYPES)
    call = Text(80, code=True)
    dialled_number = Text(32, required=False, code=True)
    caller_number = Text(32, required=False, code=True)
    subscriber = Text(100, required=False)
    subscriber_address = Text(200, required=False)
    caller_point = PointInput(required=False, allow_null=True)
    remote_city = Text(60, required=False)
    video = Flag(required=False)
    seat = Text(20, required=False, code=True)
    recording_id = Text(64, required=False, code=True)


class IncomingText(Input):
    """One text from the telephone network."""

    message = Text(80, code=True)
    number = Text(32, code=True)
    text = Text(2_000)
    sent_at = Moment(required=False, allow_null=True)


class DeviceEvent(Input):
    """One event of an alarm device."""

    type = serializers.ChoiceField(devices.TYPES)
    device = Text(40, code=True)
    text = Text(400, required=False, default="")
    sent_at = Moment(required=False, allow_null=True)
    point = PointInput(required=False, allow_null=True)


class SightingEvent(Input):
    """One sighting of a feed: a camera that reads plates, a network that knows numbers, a desk that checks persons."""

    kind = serializers.ChoiceField(sorted(watch_hits.SUBJECT_OF))
    value = Text(60, code=True)
    seen_at = Moment()
    camera = Text(20, required=False, code=True, default="")
    point = PointInput(required=False, allow_null=True)
    text = Text(400, required=False, default="")


class GatewayView(APIView):
    """A signed door for one kind of gateway."""

    authentication_classes = [SignedGateway]
    roles = {"POST": (ADAPTER,)}
    kind: str

    def of_kind(self, request: Request) -> Gateway:
        """Return the gateway that signed; another kind has another door."""
        gateway: Gateway = request._request.gateway  # type: ignore[attr-defined]
        if gateway.kind != self.kind:
            raise Forbidden(_("This gateway is of another kind."))
        return gateway


class ExchangeView(GatewayView):
    """The telephone exchange."""

    kind = Gateway.Kind.EXCHANGE

    @extend_schema(request=ExchangeEvent, responses=dict)
    def post(self, request: Request) -> Response:
        """Hear of a ring, an answer, a hang-up, a caller who gave up, or a recording."""
        gateway, by = self.of_kind(request), request.auth
        facts: dict[str, Any] = with_point(parsed(ExchangeEvent, request), centre_of(by), "caller_point")
        kind, reference = facts.pop("type"), facts.pop("call")
        return carried_out(telephony.hear, by=by, gateway_id=gateway.pk, kind=kind, reference=reference, facts=facts)


class TextInView(GatewayView):
    """The text service."""

    kind = Gateway.Kind.TEXT

    @extend_schema(request=IncomingText, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Take a text into its thread."""
        gateway, said = self.of_kind(request), parsed(IncomingText, request)
        by: Any = request.auth
        question = callbacks.open_question(by.centre_id, said["number"], timezone.now())
        if question is not None and callbacks.grade_of(said["text"]) is not None:
            return carried_out(callbacks.reply_by_text, by=by, callback_id=question.pk, text=said["text"])
        return carried_out(
            texts.receive_text,
            by=request.auth,
            gateway_id=gateway.pk,
            number=said["number"],
            text=said["text"],
            external_id=said["message"],
            sent_at=said.get("sent_at"),
        )


class BodyEvent(Input):
    """What another body tells: of a transfer of ours, or something that it passes to us (`new`)."""

    type = serializers.ChoiceField(["accepted", "finished", "returned", "new"])
    transfer = Text(32, code=True)
    receipt_no = Text(60, required=False, code=True)
    result_text = Text(2_000, required=False)
    return_reason = Text(400, required=False)
    narrative = Text(10_000, required=False)
    caller_name = Text(200, required=False)
    contact_phone = Text(32, required=False, code=True)
    caller_address = Text(200, required=False)
    caller_point = PointInput(required=False, allow_null=True)
    remote_city = Text(60, required=False)


OF_A_TRANSFER = ("receipt_no", "result_text", "return_reason")


class BodyInView(GatewayView):
    """Another body: 12345, 119, 120, another city."""

    kind = Gateway.Kind.BODY

    @extend_schema(request=BodyEvent, responses=dict)
    def post(self, request: Request) -> Response:
        """Hear of a transfer, or take what is passed to us."""
        gateway, by = self.of_kind(request), request.auth
        said = with_point(parsed(BodyEvent, request), centre_of(by), "caller_point")
        kind, reference = said.pop("type"), said.pop("transfer")
        facts = {name: said.pop(name) for name in OF_A_TRANSFER if name in said}
        if kind == "new":
            said["caller_number"] = said.get("contact_phone", "")
            said["gateway_id"] = gateway.pk
            return carried_out(transfers.receive, by=by, body=gateway.code, reference=reference, facts=said)
        return carried_out(
            transfers.note, by=by, centre_id=gateway.centre_id, transfer_no=reference, to=kind, facts=facts
        )


class CaseEvent(Input):
    """What the case records system tells: the number of the case that it opened for an incident."""

    incident_no = Text(32, code=True)
    case_no = Text(40, code=True)


class CaseInView(GatewayView):
    """The case records system."""

    kind = Gateway.Kind.CASE

    @extend_schema(request=CaseEvent, responses=dict)
    def post(self, request: Request) -> Response:
        """Take the number of a case."""
        gateway, said = self.of_kind(request), parsed(CaseEvent, request)
        return carried_out(cases.take_case_number, by=request.auth, centre_id=gateway.centre_id, **said)


class SightingsView(GatewayView):
    """A feed of sightings (布控)."""

    kind = Gateway.Kind.WATCH_FEED

    @extend_schema(request=SightingEvent, responses=dict)
    def post(self, request: Request) -> Response:
        """Compare a sighting with what is watched for."""
        gateway, by = self.of_kind(request), request.auth
        said = with_point(parsed(SightingEvent, request), centre_of(by))
        return carried_out(
            watch_hits.hear_sighting,
            by=by,
            feed=gateway.code,
            event=request.headers.get(signatures.EVENT, ""),
            kind=said["kind"],
            value=said["value"],
            seen_at=said["seen_at"],
            gb_code=said["camera"],
            point=said.get("point"),
            text=said["text"],
        )


class DeviceInView(GatewayView):
    """The receiver of alarm devices."""

    kind = Gateway.Kind.DEVICE

    @extend_schema(request=DeviceEvent, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Hear of an alarm, a test, a fault, or that all is well again."""
        gateway, by = self.of_kind(request), request.auth
        said = with_point(parsed(DeviceEvent, request), centre_of(by))
        return carried_out(
            devices.hear_device,
            by=by,
            gateway_id=gateway.pk,
            kind=said["type"],
            device_no=said["device"],
            text=said["text"],
            sent_at=said.get("sent_at"),
            point=said.get("point"),
        )

"""The public report page's routes: no sign-in, a secret link instead; little is told, nothing is asked twice."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from dispatch.models import Assignment
from incidents import centres, pictures
from incidents.actor import Actor
from incidents.api.inputs import with_point
from incidents.api.reference import map_answer
from incidents.api_tools import body_hash, carried_out, keyed_by, parsed
from incidents.fields import Flag, Input, Moment, PointInput, Text
from incidents.gateways import actor_of_gateway
from incidents.models import Call, Gateway, Message
from incidents.refusals import BadInput, NotFound
from incidents.row import Json, stamp
from incidents.services import texts

SHOWN = {
    "new": "taken",
    "pending": "taken",
    "dispatched": "sent",
    "accepted": "sent",
    "en_route": "under_way",
    "on_scene": "there",
}


class NewReport(Input):
    """A report from the public page."""

    narrative = Text(2_000)
    caller_name = Text(200, required=False, default="")
    contact_phone = Text(32, required=False, default="", code=True)
    caller_address = Text(200, required=False, default="")
    caller_point = PointInput(required=False, allow_null=True)
    silent = Flag(required=False, default=False)
    sent_at = Moment(required=False, allow_null=True)


class FurtherText(Input):
    """What a reporter adds."""

    text = Text(2_000)


class FurtherPicture(Input):
    """A picture that a reporter adds."""

    file = serializers.FileField()


class Reports(AnonRateThrottle):
    """So many new reports an hour from one address: many phones share one, so it is generous."""

    scope = "report"


class FurtherReports(AnonRateThrottle):
    """So many additions and looks an hour from one address."""

    scope = "report_further"


def gateway_of_page() -> Gateway:
    """Return the public page's gateway. Raises NotFound where a centre has none."""
    found = Gateway.objects.filter(kind=Gateway.Kind.WEB, active=True).order_by("id").first()
    if found is None:
        raise NotFound()
    return found


def hash_of(token: str) -> str:
    """Return how a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def call_of(token: str) -> Call:
    """Return the call of a secret link."""
    found = Call.objects.filter(token_hash=hash_of(token)).select_related("incident", "gateway__user").first()
    if found is None or found.gateway is None:
        raise NotFound()
    return found


def reporter(request: Request, gateway: Gateway) -> Actor:
    """Return the page's Actor with the request's key; keys of different reporters cannot meet."""
    return replace(keyed_by(request, actor_of_gateway(gateway)), body_hash=body_hash(request))


class PublicView(APIView):
    """Open to everybody; no session is looked at, so that no other site can act in its name."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [FurtherReports]


class ReportsView(PublicView):
    """New reports."""

    throttle_classes = [Reports]

    @extend_schema(request=NewReport, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Report something; the answer holds the secret link's token."""
        gateway = gateway_of_page()
        facts = with_point(parsed(NewReport, request), centres.centre(gateway.centre_id), "caller_point")
        by = reporter(request, gateway)
        # Made from the key: the same request sent again must answer with the same link.
        token = hashlib.sha256(f"{gateway.secret}/{by.key}".encode()).hexdigest()[:43]
        facts["caller_number"] = facts["contact_phone"]
        answer = carried_out(texts.report_online, by=by, gateway_id=gateway.pk, facts=facts, token_hash=hash_of(token))
        return Response({"token": token}, status=answer.status_code)


class PublicMapView(PublicView):
    """The base map, on which a reporter points at the place."""

    @extend_schema(responses=dict)
    def get(self, request: Request) -> HttpResponse:
        """Return it; unchanged maps are 304."""
        return map_answer(request, centres.centre(gateway_of_page().centre_id))


class ReportView(PublicView):
    """One's own report."""

    @extend_schema(responses=dict)
    def get(self, request: Request, token: str) -> Response:
        """Tell how it stands, and what was written."""
        return Response(told(call_of(token)))


class ReportTextsView(PublicView):
    """Further words."""

    @extend_schema(request=FurtherText, responses={201: dict})
    def post(self, request: Request, token: str) -> Response:
        """Add them."""
        call, said = call_of(token), parsed(FurtherText, request)
        carried_out(texts.add_online, by=reporter(request, own(call)), call_id=call.pk, text=said["text"])
        return Response(told(call_of(token)), status=201)


class ReportPicturesView(PublicView):
    """Pictures."""

    parser_classes = [MultiPartParser]

    @extend_schema(request=FurtherPicture, responses={201: dict})
    def post(self, request: Request, token: str) -> Response:
        """Add one."""
        call, said = call_of(token), parsed(FurtherPicture, request)
        if call.messages.filter(picture__isnull=False).count() >= 9:
            raise BadInput(file=_("Nine pictures are enough."))
        data = said["file"].read()
        by = replace(
            keyed_by(request, actor_of_gateway(own(call))),
            body_hash=hashlib.sha256(call.call_no.encode() + data).digest(),
        )
        carried_out(texts.add_online, by=by, call_id=call.pk, text="", picture=pictures.store(data))
        return Response(told(call_of(token)), status=201)


def own(call: Call) -> Gateway:
    """Return the page through which a call came."""
    assert call.gateway is not None  # call_of has looked
    return call.gateway


def told(call: Call) -> Json:
    """Return what a reporter may know: how far it is, whether the unit is held up, the thread."""
    messages = Message.objects.filter(call=call).exclude(state=Message.State.FAILED).order_by("id")
    return {
        "call_no": call.call_no,
        "state": state_of(call),
        "delayed": is_delayed(call),
        "silent": call.silent,
        "open": call.state != Call.State.DONE,
        "at": stamp(call.ring_at),
        "messages": [
            {
                "at": stamp(one.created_at),
                "by": "you" if one.direction == Message.Direction.IN else "110",
                "text": one.text,
                "picture": one.picture is not None,
            }
            for one in messages
        ],
    }


def state_of(call: Call) -> str:
    """Return waiting, taken, sent, under_way, there or ended."""
    if call.incident is not None:
        return SHOWN.get(call.incident.stage, "ended")
    if call.state == Call.State.DONE:
        return "ended"
    return "waiting" if call.answered_at is None else "taken"


def is_delayed(call: Call) -> bool:
    """Tell whether a unit on its way has reported that it is held up (R14)."""
    return call.incident_id is not None and bool(
        Assignment.objects.filter(
            incident_id=call.incident_id,
            delay_at__isnull=False,
            on_scene_at__isnull=True,
            finished_at__isnull=True,
            refused_at__isnull=True,
            withdrawn_at__isnull=True,
        ).exists()
    )

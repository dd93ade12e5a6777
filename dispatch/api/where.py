"""The public page of the location link: no sign-in, a secret that works once."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.api.public import PublicView
from incidents import centres
from incidents.actor import Actor
from incidents.api_tools import body_hash, carried_out, keyed_by, parsed, stored_point
from incidents.fields import Input, PointInput
from incidents.gateways import actor_of_gateway
from incidents.models import Call
from incidents.refusals import NotFound
from incidents.row import stamp
from incidents.services import texts, where


class HereInput(Input):
    """Where a browser is."""

    point = PointInput()


class WhereView(PublicView):
    """One location link."""

    @extend_schema(responses=dict)
    def get(self, request: Request, token: str) -> Response:
        """Tell whether it can still be used; nothing about the call."""
        call = where.call_of(token)
        return Response({"state": where.state_of(call, timezone.now()), "until": stamp(call.where_until)})

    @extend_schema(request=HereInput, responses=dict)
    def post(self, request: Request, token: str) -> Response:
        """Take the position, once."""
        call, said = where.call_of(token), parsed(HereInput, request)
        point = stored_point(said["point"], centres.centre(call.centre_id))
        carried_out(where.tell_where, by=sender(request, call), call_id=call.pk, token=token, point=point)
        return Response({"state": "used", "until": None})


def sender(request: Request, call: Call) -> Actor:
    """Return the text service as the Actor, with the request's key. Raises NotFound where it is gone."""
    gateway = texts.gateway_of(call)
    if gateway is None:
        raise NotFound()
    return replace(keyed_by(request, actor_of_gateway(gateway)), body_hash=body_hash(request))

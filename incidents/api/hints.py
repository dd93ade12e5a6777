"""Routes about what a narrative suggests, and about notices."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import hints
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Input, Text
from incidents.roles import DESK
from incidents.services import notices


class Narrative(Input):
    """Words that are being typed."""

    text = Text(10_000, required=False, default="")


class ReceivedBy(Input):
    """Who took a notice."""

    received_by = Text(60, required=False, default="")


class HintsView(APIView):
    """What a narrative suggests; nothing is written."""

    roles = {"POST": DESK}

    @extend_schema(request=Narrative, responses=dict)
    def post(self, request: Request) -> Response:
        """Return types, a priority and dangers with their reasons."""
        return Response(asdict(hints.read(parsed(Narrative, request)["text"])))


class NoticeReceiptView(APIView):
    """The receipt of a notice."""

    roles = {"POST": DESK}

    @extend_schema(request=ReceivedBy, responses=dict)
    def post(self, request: Request, notice_id: int) -> Response:
        """Note it."""
        said = parsed(ReceivedBy, request)
        return carried_out(notices.note_receipt, by=actor(request), notice_id=notice_id, **said)

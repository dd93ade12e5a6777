"""Routes about text threads and flags on numbers, for the desk."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import pictures
from incidents.api import inputs
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Input, Moment, Text
from incidents.models import Message, NumberFlag
from incidents.refusals import NotFound
from incidents.roles import DESK, INSPECTOR, WATCH_COMMANDER
from incidents.services import number_flags, texts, where


class ShortText(Input):
    """What the desk writes to a contact."""

    text = Text(500)


class FlagInput(Input):
    """A flag that is asked for."""

    number = Text(32, code=True)
    kind = serializers.ChoiceField(NumberFlag.Kind.values)
    reason = Text(400)
    expires_at = Moment()


class WriteTextView(APIView):
    """The thread of a contact."""

    roles = {"POST": DESK}

    @extend_schema(request=ShortText, responses={201: dict})
    def post(self, request: Request, call_id: int) -> Response:
        """Write to the contact."""
        said = parsed(ShortText, request)
        return carried_out(texts.write_text, by=actor(request), call_id=call_id, text=said["text"])


class AskWhereView(APIView):
    """The location link of a contact."""

    roles = {"POST": DESK}

    @extend_schema(request=Input, responses={201: dict})
    def post(self, request: Request, call_id: int) -> Response:
        """Send it by text."""
        parsed(Input, request)
        return carried_out(where.ask_where, by=actor(request), call_id=call_id)


class MessagePictureView(APIView):
    """The picture of a message."""

    roles = {"GET": (*DESK, INSPECTOR)}

    @extend_schema(responses={(200, "image/jpeg"): bytes})
    def get(self, request: Request, message_id: int) -> HttpResponseBase:
        """Return it."""
        by: Any = request.auth
        message = Message.objects.filter(pk=message_id, centre_id=by.centre_id, picture__isnull=False).first()
        if message is None or message.picture is None:
            raise NotFound()
        return FileResponse(
            pictures.path_of(message.picture["file"]).open("rb"),
            content_type="image/jpeg",
            headers=pictures.HEADERS,
        )


class NumberFlagsView(APIView):
    """Flags on numbers."""

    roles = {"GET": (*DESK, INSPECTOR), "POST": DESK}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List those that are asked for or in force."""
        by: Any = request.auth
        found = NumberFlag.objects.filter(
            centre_id=by.centre_id, ended_at__isnull=True, expires_at__gt=timezone.now()
        ).order_by("-id")[:500]
        return Response({"number_flags": [flag.row() for flag in found]})

    @extend_schema(request=FlagInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Ask for one."""
        return carried_out(number_flags.ask_flag, by=actor(request), **parsed(FlagInput, request))


class ApproveFlagView(APIView):
    """Approval of a flag."""

    roles = {"POST": (WATCH_COMMANDER,)}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, flag_id: int) -> Response:
        """Put it in force."""
        parsed(Input, request)
        return carried_out(number_flags.approve_flag, by=actor(request), flag_id=flag_id)


class EndFlagView(APIView):
    """The end of a flag."""

    roles = {"POST": (WATCH_COMMANDER,)}

    @extend_schema(request=inputs.Reason, responses=dict)
    def post(self, request: Request, flag_id: int) -> Response:
        """End it, or refuse one that is asked for."""
        said = parsed(inputs.Reason, request)
        return carried_out(number_flags.end_flag, by=actor(request), flag_id=flag_id, reason=said["reason"])

"""Routes about question cards."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import cards as plain
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Input, Text
from incidents.roles import DESK, OFFICER, WATCHING
from incidents.services import cards


class AnswerInput(Input):
    """An answer to a question of the card."""

    question = Text(32, code=True)
    answer = Text(plain.LONGEST)


class CardsView(APIView):
    """The cards of the centre."""

    roles = {"GET": (*WATCHING, OFFICER)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return every card of the version that holds."""
        by: Any = request.auth
        return Response(cards.of_centre(by.centre_id).row())


class AnswersView(APIView):
    """The answers to an incident's card."""

    roles = {"POST": DESK}

    @extend_schema(request=AnswerInput, responses=dict)
    def post(self, request: Request, incident_id: int) -> Response:
        """Keep an answer."""
        said = parsed(AnswerInput, request)
        return carried_out(cards.answer_question, by=actor(request), incident_id=incident_id, **said)

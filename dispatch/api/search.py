"""The route of the search. It is a POST, so that no name and no number stands in an address or a server's log (B9)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.search import index
from dispatch.search.find import Question, find
from dispatch.search.terms import LONGEST_QUERY
from incidents.api_tools import parsed
from incidents.fields import Input, Moment, Text, Whole
from incidents.models import Stage
from incidents.roles import WATCHING

MOST_PAGES = 50


class SearchInput(Input):
    """What is looked for, where, and why."""

    q = Text(LONGEST_QUERY, required=False, default="")
    purpose = Text(200, required=False, default="")
    kind = serializers.ChoiceField(["", "incident", "call", "number"], required=False, default="")
    stage = serializers.ChoiceField(["", *Stage.values], required=False, default="")
    type = Text(8, code=True, required=False, default="")
    since = Moment(required=False, allow_null=True, default=None)
    before = Moment(required=False, allow_null=True, default=None)
    page = Whole(1, MOST_PAGES, required=False, default=1)


class SearchView(APIView):
    """Everything that one may see."""

    roles = {"POST": WATCHING}

    @extend_schema(request=SearchInput, responses=dict)
    def post(self, request: Request) -> Response:
        """Find it."""
        by: Any = request.auth
        said = parsed(SearchInput, request)
        said["type_code"] = said.pop("type")
        index.follow(by.centre_id)
        return Response(find(by, Question(**said)))

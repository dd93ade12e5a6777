"""The query across incidents, persons, vehicles, telephones and places (M21)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api_tools import carried_out
from incidents.fields import Input, Text
from incidents.links import KINDS, PLACE, Question
from incidents.refusals import BadInput
from incidents.roles import ANALYST, DISPATCHER, INSPECTOR, VIDEO, WATCH_COMMANDER
from incidents.services import links

READING = (DISPATCHER, WATCH_COMMANDER, ANALYST, VIDEO, INSPECTOR)
SHORTEST = 2


class LinksQuery(Input):
    """What is looked for, and why; the values of an address are text."""

    kind = serializers.ChoiceField(KINDS)
    value = Text(60, required=False, code=True, default="")
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False, default=0.0)
    lng = serializers.FloatField(min_value=-180, max_value=180, required=False, default=0.0)
    radius_m = serializers.FloatField(min_value=1, max_value=5_000, required=False, default=200.0)
    hops = serializers.IntegerField(min_value=1, max_value=2, required=False, default=1)
    purpose = Text(200)


class LinksView(APIView):
    """What is linked to a value."""

    roles = {"GET": READING}

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", OpenApiTypes.STR, required=True, enum=KINDS),
            OpenApiParameter("purpose", OpenApiTypes.STR, required=True),
            *(OpenApiParameter(name, OpenApiTypes.STR) for name in ("value", "lat", "lng", "radius_m", "hops")),
        ],
        responses=dict,
    )
    def get(self, request: Request) -> Response:
        """Return the chart: nodes, edges, and whether there was more."""
        said: dict[str, Any] = dict(LinksQuery().run_validation(dict(request.query_params.items())))
        purpose = said.pop("purpose")
        question = Question(**said)
        if question.kind != PLACE and len(question.key) < SHORTEST:
            raise BadInput(value=_("This is too short to be looked for."))
        if question.kind == PLACE and not (question.lat and question.lng):
            raise BadInput(lat=_("A place needs its coordinates."))
        return carried_out(links.read_links, by=request.auth, question=question, purpose=purpose)

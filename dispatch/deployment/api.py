"""Routes of deployment: demand against unit hours, and trials of another deployment."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.deployment import demand, fleet, lines, play, services
from dispatch.deployment.models import DeploymentTrial
from dispatch.statistics_questions import as_file, chosen, form_of, period_of
from incidents import centres
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.fields import Input, PointInput, Text, Whole
from incidents.refusals import BadInput, NotFound
from incidents.roles import LEADER, SUPERVISING, WATCH_COMMANDER
from incidents.row import stamp

ASKING: Final = (LEADER, WATCH_COMMANDER)
LISTED: Final = 100
MOST_CHANGES: Final = 40
LAST_MINUTE: Final = 24 * 60 - 1
KINDS: Final = [fleet.MOVE, fleet.REMOVE, fleet.ADD, fleet.SHIFT]
AS = OpenApiParameter("as", str, description="csv or xlsx; JSON without it.")
ASKED = [
    OpenApiParameter("since", str, description="First day, YYYY-MM-DD; today without it."),
    OpenApiParameter("until", str, description="Last day, included; today without it."),
    OpenApiParameter("by", str, description="beat (the station's area where there is none) or station."),
    AS,
]


class ChangeInput(Input):
    """One change against reality; which facts it needs follows from its kind."""

    kind = serializers.ChoiceField(KINDS)
    call_sign = Text(12, required=False, default="", code=True)
    point = PointInput(required=False, allow_null=True)
    place = Text(100, required=False, default="")
    unit_kind = Text(4, required=False, default="", code=True)
    from_minute = Whole(0, LAST_MINUTE, required=False, default=0)
    to_minute = Whole(0, LAST_MINUTE, required=False, default=0)
    minutes = Whole(-720, 720, required=False, default=0)


class TrialInput(Input):
    """A period, a way of sending, and what is changed."""

    name = Text(100, required=False, default="")
    since = serializers.DateField()
    until = serializers.DateField()
    way = serializers.ChoiceField(list(play.WAYS), required=False, default=play.ROAD)
    changes = serializers.ListField(child=ChangeInput(), required=False, default=list, max_length=MOST_CHANGES)


class DemandView(APIView):
    """Demand against unit hours."""

    roles: ClassVar = {"GET": SUPERVISING}

    @extend_schema(parameters=ASKED, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response | HttpResponse:
        """Return incidents and unit hours by area and hour of the week."""
        by: Any = request.auth
        now = timezone.now()
        period, form = period_of(request, now), form_of(request)
        if len(period.days()) > services.LONGEST_DAYS:
            raise BadInput(since=services.too_long())
        found = demand.demand(by.centre_id, period, chosen(request, "by", demand.BY, demand.BEAT), now)
        days = {"first": str(period.first), "last": str(period.last)}
        if form:
            return as_file(by, form, lines.of_demand(found), "demand", f"{days['first']}_{days['last']}")
        return Response({"as_of": stamp(now), "period": days, **found})


class TrialsView(APIView):
    """Trials of another deployment."""

    roles: ClassVar = {"GET": SUPERVISING, "POST": ASKING}

    @extend_schema(operation_id="deployment_trials_newest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """List them without their answers, the newest first."""
        by: Any = request.auth
        found = DeploymentTrial.objects.filter(centre_id=by.centre_id).order_by("-id").defer("answer", "spread")
        return Response({"trials": [one.brief() for one in found[:LISTED]]})

    @extend_schema(request=TrialInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        """Ask for one."""
        by, said = actor(request), parsed(TrialInput, request)
        centre = centres.centre(by.centre_id)
        for number, one in enumerate(said["changes"]):
            if one.get("point"):
                one["point"] = stored_point(one["point"], centre, f"changes.{number}.point")
        return carried_out(services.ask_trial, by=by, **said)


class TrialView(APIView):
    """One trial."""

    roles: ClassVar = {"GET": SUPERVISING}

    @extend_schema(parameters=[AS], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, trial_id: int) -> Response | HttpResponse:
        """Return it with its answer; as a file the lines of the answer."""
        by: Any = request.auth
        form = form_of(request)
        found = DeploymentTrial.objects.filter(pk=trial_id, centre_id=by.centre_id).first()
        if found is None:
            raise NotFound()
        if form:
            return as_file(by, form, lines.of_trial(found.row()), "deployment", str(found.pk))
        return Response({found.NOUN: found.row()})


class CancelTrialView(APIView):
    """Cancelling."""

    roles: ClassVar = {"POST": ASKING}

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, trial_id: int) -> Response:
        """Cancel a trial that is still to be played."""
        return carried_out(services.cancel_trial, by=actor(request), trial_id=trial_id)

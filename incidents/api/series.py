"""Routes about series of incidents (M26, M61)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import serial
from incidents.actor import Actor
from incidents.api.inputs import Reason, VersionedReason
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import seen
from incidents.fields import Ident, Input, Text, Whole
from incidents.models import Incident, Series, SeriesMember
from incidents.refusals import NotFound
from incidents.roles import ANALYST, DESK, DISPATCHER, OVERVIEW, VIDEO, WATCH_COMMANDER, audience_of
from incidents.row import Json
from incidents.services import series
from incidents.standing import report_of

JOINING = (DISPATCHER, WATCH_COMMANDER, ANALYST, VIDEO)
READING = (*DESK, *OVERVIEW)
CLOSED_SHOWN = 50
TOLD = ("incident_no", "stage", "type_reported", "address_text", "answered_at")


class NewSeries(Input):
    """A series with its first incidents."""

    name = Text(100)
    reason = Text(400)
    incidents = serializers.ListField(child=Ident(), min_length=1, max_length=50)


class SeriesEdit(Input):
    """Name or reason anew, from a version."""

    version = Whole(1, 2**31 - 1)
    name = Text(100, required=False, allow_blank=False)
    reason = Text(400, required=False, allow_blank=False)


class Membership(Reason):
    """Which incident, and why."""

    incident = Ident()


class SeriesListView(APIView):
    """The series of the centre."""

    roles = {"GET": READING, "POST": JOINING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the open ones, and the last that were closed."""
        by: Any = request.auth
        mine = Series.objects.filter(centre_id=by.centre_id)
        rows = [*mine.filter(state="open").order_by("-id"), *mine.filter(state="closed").order_by("-id")[:CLOSED_SHOWN]]
        return Response({"series": [with_members(by, row) for row in rows]})

    @extend_schema(request=NewSeries, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Open one."""
        by, said = actor(request), parsed(NewSeries, request)
        said["incident_ids"] = said.pop("incidents")
        return carried_out(series.open_series, by=by, **said)


class SeriesView(APIView):
    """One series."""

    roles = {"PATCH": JOINING}

    @extend_schema(request=SeriesEdit, responses=dict)
    def patch(self, request: Request, series_id: int) -> Response:
        """Write name or reason anew."""
        by, facts = actor(request), parsed(SeriesEdit, request)
        version = facts.pop("version")
        return carried_out(series.describe_series, by=by, series_id=series_id, version=version, facts=facts)


class JoinSeriesView(APIView):
    """An incident joins."""

    roles = {"POST": JOINING}

    @extend_schema(request=Membership, responses=dict)
    def post(self, request: Request, series_id: int) -> Response:
        """Take it in with the reason."""
        return membership(request, series_id, series.join_series)


class LeaveSeriesView(APIView):
    """An incident leaves."""

    roles = {"POST": JOINING}

    @extend_schema(request=Membership, responses=dict)
    def post(self, request: Request, series_id: int) -> Response:
        """Take it out with the reason."""
        return membership(request, series_id, series.leave_series)


class CloseSeriesView(APIView):
    """The end of a series."""

    roles = {"POST": JOINING}

    @extend_schema(request=VersionedReason, responses=dict)
    def post(self, request: Request, series_id: int) -> Response:
        """Close it with its outcome."""
        by, said = actor(request), parsed(VersionedReason, request)
        return carried_out(series.close_series, by=by, series_id=series_id, **said)


class SeriesOfIncidentView(APIView):
    """The series of an incident, and what else may belong to it."""

    roles = {"GET": READING}

    @extend_schema(responses=dict)
    def get(self, request: Request, incident_id: int) -> Response:
        """Return its series and, when asked, the incidents that have most in common with it."""
        by: Any = request.auth
        incident = Incident.objects.filter(pk=incident_id, centre_id=by.centre_id).first()
        if incident is None or shown(by, incident) is None:
            raise NotFound()
        member = SeriesMember.objects.filter(incident=incident, left_at__isnull=True).select_related("series").first()
        wanted = request.query_params.get("likely") == "1"
        return Response(
            {
                "series": with_members(by, member.series) if member else None,
                "likely": likely(by, incident) if wanted else None,
            }
        )


def membership(request: Request, series_id: int, run: Any) -> Response:
    """Parse which incident and why, and carry it out."""
    by, said = actor(request), parsed(Membership, request)
    return carried_out(run, by=by, series_id=series_id, incident_id=said["incident"], reason=said["reason"])


def shown(by: Actor, incident: Incident) -> Json | None:
    """Return an incident as the person may see it."""
    return seen(audience_of(by), "incident", incident.row(), incident.readers())


def with_members(by: Actor, row: Series) -> Json:
    """Return a series with what its members are, as the person may see them; what one may not see is left out."""
    told: Json = row.row()
    held = {one.incident_id: one.incident for one in row.members_now()}
    told["members"] = [
        {**one, **{name: found[name] for name in TOLD}}
        for one in told["members"]
        if (found := shown(by, held[one["incident"]])) is not None
    ]
    return told


def likely(by: Actor, incident: Incident) -> list[Json]:
    """Return the incidents that may be of one hand with this one, with the reasons and the series they are in."""
    known = serial.rules()
    since = timezone.now() - dt.timedelta(days=known.settings["days"])
    others = Incident.objects.filter(centre_id=by.centre_id, answered_at__gte=since, drill=incident.drill)
    others = others.exclude(pk=incident.pk).exclude(stage__in=["merged", "invalid"])
    kept = {one.pk: one for one in others.order_by("-answered_at")[: int(known.settings["read"])]}
    found = serial.kin_of(report_of(incident, []), {pk: report_of(one, []) for pk, one in kept.items()}, known)
    rows = [(kin, shown(by, kept[kin.id])) for kin in found]
    ids = [kin.id for kin in found]
    inside = dict(
        SeriesMember.objects.filter(incident_id__in=ids, left_at__isnull=True).values_list("incident_id", "series_id")
    )
    return [
        {
            **{name: value for name, value in asdict(kin).items() if name != "id"},
            "incident": kin.id,
            **{name: row[name] for name in TOLD},
            "series": inside.get(kin.id),
        }
        for kin, row in rows
        if row is not None
    ]

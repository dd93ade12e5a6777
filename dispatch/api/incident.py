"""One incident: reading it whole, and editing its facts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch import board
from dispatch.models import Assignment, Directive, Report, Tick
from incidents.actor import Actor
from incidents.api.inputs import IncidentEdit, centre_of, with_point
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import seen
from incidents.models import Alert, Call, CardAnswer, Deadline, Incident, Message, Note, Notice, Party, Suspect
from incidents.refusals import NotFound
from incidents.roles import DESK, OFFICER, WATCHING, audience_of
from incidents.row import Json
from incidents.services.incidents import describe_incident


def visible_incident(by: Actor, incident_id: int) -> tuple[Incident, Json]:
    """Return an incident and its row as the person may see it; else NotFound, as if there were none."""
    incident = Incident.objects.filter(pk=incident_id, centre_id=by.centre_id).first()
    shown = seen(audience_of(by), "incident", incident.row(), incident.readers()) if incident else None
    if incident is None or shown is None:
        raise NotFound()
    return incident, shown


def rows_of(by: Actor, incident: Incident, shown: Json) -> dict[str, list[Json]]:
    """Return everything that belongs to an incident as the person may see it; `shown` is the incident itself so."""
    audience = audience_of(by)
    found = {
        "assignment": Assignment.objects.filter(incident=incident).order_by("id"),
        "deadline": Deadline.objects.filter(incident=incident).order_by("id"),
        "note": Note.objects.filter(incident=incident).order_by("id"),
        "notice": Notice.objects.filter(incident=incident).order_by("id"),
        "party": Party.objects.filter(incident=incident).order_by("id"),
        "report": Report.objects.filter(incident=incident).order_by("id"),
        "card_answer": CardAnswer.objects.filter(incident=incident).order_by("id"),
        "grid_task": board.tasks_with_people(incident=incident),
        "directive": Directive.objects.filter(incident=incident).prefetch_related("lines").order_by("id"),
        "suspect": Suspect.objects.filter(incident=incident).prefetch_related("cleared_rows").order_by("id"),
        "tick": Tick.objects.filter(incident=incident).order_by("id"),
    }
    rows: dict[str, list[Json]] = {"incident": [shown]}
    for noun, items in found.items():
        rows[noun] = board.visible(audience, board.attach(items, {incident.pk: incident}))
    rows["call"] = board.visible(audience, calls_of(incident))
    messages = Message.objects.filter(call__incident=incident).order_by("id").select_related("call")
    rows["message"] = board.visible(audience, messages)
    rows["alert"] = board.visible(
        audience, Alert.objects.filter(incident=incident).order_by("id").select_related("incident")
    )
    return rows


def calls_of(incident: Incident) -> QuerySet[Call]:
    """Return every call about an incident, with those of what was merged into it."""
    return Call.objects.filter(Q(incident=incident) | Q(incident__merged_into=incident)).order_by("id")


class IncidentView(APIView):
    """One incident with everything that belongs to it."""

    roles = {"GET": (*WATCHING, OFFICER), "PATCH": DESK}

    @extend_schema(responses=dict)
    def get(self, request: Request, incident_id: int) -> Response:
        """Return all its rows."""
        by: Any = request.auth
        incident, shown = visible_incident(by, incident_id)
        return Response({"rows": rows_of(by, incident, shown)})

    @extend_schema(request=IncidentEdit, responses=dict)
    def patch(self, request: Request, incident_id: int) -> Response:
        """Write facts, from a version."""
        by, facts = actor(request), parsed(IncidentEdit, request)
        version = facts.pop("version")
        facts = with_point(facts, centre_of(by))
        return carried_out(describe_incident, by=by, incident_id=incident_id, version=version, facts=facts)

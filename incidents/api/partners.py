"""Routes of the partner teams: the list, attaching to an incident, and the team's own page (M48, M50)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import seen
from incidents.fields import Ident, Input, Moment, Text, Whole
from incidents.models import GridReport, Incident, PartnerAttachment, PartnerTeam, User
from incidents.models.incidents import ENDED
from incidents.roles import ADMINISTRATOR, DESK, INSPECTOR, LEADER, PARTNER, STATION_DUTY, WATCH_COMMANDER, audience_of
from incidents.row import Json, stamp
from incidents.services import partners

KINDS = list(PartnerTeam.Kind.values)
LISTING = (WATCH_COMMANDER, ADMINISTRATOR)


class TeamFacts(Input):
    """What may be written of a team."""

    name = Text(60, required=False)
    call_sign = Text(12, code=True, required=False)
    kind = serializers.ChoiceField(KINDS, required=False)
    grid = Text(24, code=True, required=False)
    leader = Text(60, required=False)
    phone = Text(32, code=True, required=False)
    members = Whole(0, 10_000, required=False, allow_null=True)
    view_level = serializers.ChoiceField(PartnerTeam.View.values, required=False)


class NewTeam(TeamFacts):
    """A team of the list."""

    name = Text(60)
    kind = serializers.ChoiceField(KINDS)
    leader = Text(60)
    phone = Text(32, code=True)


class ChangedTeam(TeamFacts):
    """A team as it is written anew."""

    version = Whole(1, 2**31 - 1)


class TeamPeople(Input):
    """The accounts of a team, by badge."""

    people = serializers.ListField(child=Text(12, code=True), max_length=200)


class NewAttachment(Input):
    """A team that is to join an incident."""

    team = Ident()
    reason = Text(200)
    brief = Text(400, required=False, default="")
    until_at = Moment(required=False, allow_null=True, default=None)


class TeamsView(APIView):
    """The list."""

    roles = {"GET": (*DESK, STATION_DUTY, INSPECTOR, LEADER, ADMINISTRATOR), "POST": LISTING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the teams with the badges of their accounts."""
        by: Any = request.auth
        found = PartnerTeam.objects.filter(centre_id=by.centre_id, ended_at__isnull=True).select_related("area")
        people: dict[int, list[str]] = {}
        for team, badge in User.objects.filter(centre_id=by.centre_id, on_team__isnull=False).values_list(
            "on_team", "badge"
        ):
            people.setdefault(team or 0, []).append(badge)
        rows = [{**one.row(), "people": sorted(people.get(one.pk, []))} for one in found.order_by("call_sign", "name")]
        return Response({"partner_teams": rows})

    @extend_schema(request=NewTeam, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Enter a team."""
        by, said = actor(request), parsed(NewTeam, request)
        return carried_out(partners.register_team, by=by, centre_id=by.centre_id, facts=said)


class TeamView(APIView):
    """One team."""

    roles = {"PATCH": LISTING}

    @extend_schema(request=ChangedTeam, responses=dict)
    def patch(self, request: Request, team_id: int) -> Response:
        """Write it anew."""
        by, said = actor(request), parsed(ChangedTeam, request)
        return carried_out(partners.describe_team, by=by, team_id=team_id, version=said.pop("version"), facts=said)


class TeamPeopleView(APIView):
    """Whose accounts belong to a team."""

    roles = {"POST": LISTING}

    @extend_schema(request=TeamPeople, responses=dict)
    def post(self, request: Request, team_id: int) -> Response:
        """Say which, by badge."""
        by, said = actor(request), parsed(TeamPeople, request)
        return carried_out(partners.man_team, by=by, centre_id=by.centre_id, team_id=team_id, badges=said["people"])


class EndTeamView(APIView):
    """Off the list."""

    roles = {"POST": LISTING}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, team_id: int) -> Response:
        """End it."""
        parsed(Input, request)
        return carried_out(partners.end_team, by=actor(request), team_id=team_id)


class AttachView(APIView):
    """A team joins an incident."""

    roles = {"GET": (*DESK, INSPECTOR), "POST": DESK}

    @extend_schema(responses=dict)
    def get(self, request: Request, incident_id: int) -> Response:
        """Return every team that was asked for, attached or detached, with from, to and approver."""
        by: Any = request.auth
        found = PartnerAttachment.objects.filter(incident_id=incident_id, centre_id=by.centre_id)
        return Response({"attachments": [one.row() for one in found.select_related("team").order_by("id")]})

    @extend_schema(request=NewAttachment, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Ask for it; the watch commander's own asking attaches."""
        by, said = actor(request), parsed(NewAttachment, request)
        return carried_out(partners.ask_attachment, by=by, incident_id=incident_id, team_id=said.pop("team"), **said)


class EndAttachmentView(APIView):
    """解除."""

    roles = {"POST": DESK}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, attachment_id: int) -> Response:
        """Detach it."""
        by, said = actor(request), parsed(Reason, request)
        return carried_out(partners.end_attachment, by=by, attachment_id=attachment_id, reason=said["reason"])


class PartnerView(APIView):
    """What a partner team may see."""

    roles = {"GET": (PARTNER,)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the incidents that the team is attached to now, each with the fields of its level alone, and what the
        person has reported."""
        by: Any = request.auth
        mine = (
            GridReport.objects.filter(author_id=by.user_id)
            .select_related("area", "author", "owner")
            .order_by("-id")[:20]
        )
        team = PartnerTeam.objects.filter(pk=by.on_team, ended_at__isnull=True).first() if by.on_team else None
        return Response(
            {
                "team": {"id": team.pk, "name": team.name, "call_sign": team.call_sign} if team else None,
                "incidents": attached_incidents(by, team) if team else [],
                "reports": [own(one) for one in mine],
            }
        )


def own(report: GridReport) -> Json:
    """Return what a partner reads of the own report: not who works on it."""
    row = report.row()
    return {
        name: row[name]
        for name in ("id", "version", "report_no", "kind", "urgent", "text", "place_text", "filed_at", "state")
    }


def attached_incidents(by: Any, team: PartnerTeam) -> list[Json]:
    """Return the partner's part of each incident, and until when."""
    running = Q(state=PartnerAttachment.State.ATTACHED, until_at__gt=timezone.now())
    until = dict(PartnerAttachment.objects.filter(running, team=team).values_list("incident_id", "until_at"))
    found = Incident.objects.filter(pk__in=list(until)).exclude(stage__in=ENDED).order_by("-id")
    shown = [(one, seen(audience_of(by), "incident", one.row(), one.readers())) for one in found]
    return [{**row, "until_at": stamp(until[one.pk])} for one, row in shown if row is not None]

"""Routes of joint operations: opening, joining, the roll call and its export."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import centres
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.fields import Flag, Ident, Input, PointInput, Text, Whole
from incidents.refusals import NotFound
from incidents.roles import DISPATCHER, INSPECTOR, LEADER, OFFICER, ORDERING, PARTNER, STATION_DUTY, WATCH_COMMANDER
from incidents.row import Json, stamp
from incidents.services.numbers import CITY_TIME
from patrol.joint import services
from patrol.models import JointOperation, OperationMember, Position

READING = (DISPATCHER, WATCH_COMMANDER, LEADER, INSPECTOR, STATION_DUTY, OFFICER)
SIGNING = (*ORDERING, STATION_DUTY, OFFICER, PARTNER)
CLOSED_SHOWN = 20
# A spreadsheet takes a text that begins so for a formula (A29).
FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEAD = ("时间", "成员", "签到/签退", "人数", "地点", "纬度", "经度", "定位时间", "来源", "登记人")


class Members(Input):
    """Who takes part."""

    units = serializers.ListField(child=Ident(), required=False, max_length=200)
    teams = serializers.ListField(child=Ident(), required=False, max_length=200)
    organisations = serializers.ListField(child=Ident(), required=False, max_length=200)
    task = Text(200, required=False, default="")


class NewOperation(Members):
    """A joint operation."""

    name = Text(100)
    purpose = Text(1000)
    incident = Ident(required=False, allow_null=True, default=None)
    meeting_place = Text(200, required=False, default="")
    point = PointInput(required=False, allow_null=True, default=None)


class RollInput(Input):
    """One line of the roll."""

    came = Flag()
    point = PointInput(required=False, allow_null=True, default=None)
    place_text = Text(200, required=False, default="")
    people = Whole(0, 10_000, required=False, allow_null=True, default=None)


class Outcome(Input):
    """What came of it."""

    outcome = Text(4000)


def visible(by: Any) -> Any:
    """Return the operations that a person may see: the desk and those who oversee all, others those that they are on."""
    found = JointOperation.objects.filter(centre_id=by.centre_id).select_related("commander")
    if by.has(DISPATCHER, WATCH_COMMANDER, LEADER, INSPECTOR):
        return found
    if by.has(STATION_DUTY):
        return found.filter(members__organisation_id=by.org_id)
    return found.filter(members__unit_id=by.on_unit) if by.on_unit else found.none()


def found_for(by: Any, operation_id: int) -> JointOperation:
    """Return an operation that a person may see. Raises NotFound."""
    row: JointOperation | None = visible(by).filter(pk=operation_id).first()
    if row is None:
        raise NotFound()
    return row


def whole(row: JointOperation) -> Json:
    """Return an operation with its members, where each unit is now, and its roll."""
    members = list(row.members.order_by("id"))
    fixes = {
        one.unit_id: one for one in Position.objects.filter(unit__in=[one.unit_id for one in members if one.unit_id])
    }
    return {
        **row.row(),
        "members": [{**one.row(), "position": at(fixes.get(one.unit_id or 0))} for one in members],
        "roll": [one.row() for one in services.roll_of(row)],
    }


def at(fix: Position | None) -> Json | None:
    """Return where a unit is, with the age of what says so."""
    return {"lat": fix.lat, "lng": fix.lng, "fixed_at": stamp(fix.fixed_at)} if fix else None


class OperationsView(APIView):
    """The operations."""

    roles = {"GET": READING, "POST": ORDERING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the open ones and the last closed ones, each with its roll."""
        by: Any = request.auth
        opened = visible(by).filter(closed_at__isnull=True).order_by("id").distinct()
        closed = visible(by).filter(closed_at__isnull=False).order_by("-id").distinct()[:CLOSED_SHOWN]
        return Response({"operations": [whole(one) for one in [*opened, *closed]]})

    @extend_schema(request=NewOperation, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Open one."""
        by, said = actor(request), parsed(NewOperation, request)
        point = said.pop("point")
        stored = stored_point(point, centres.centre(by.centre_id)) if point else None
        facts = {name: said.pop(name) for name in ("name", "purpose", "meeting_place")}
        incident_id = said.pop("incident")
        return carried_out(services.open_operation, by=by, incident_id=incident_id, point=stored, members=said, **facts)


class MembersView(APIView):
    """Who takes part."""

    roles = {"POST": ORDERING}

    @extend_schema(request=Members, responses=dict)
    def post(self, request: Request, operation_id: int) -> Response:
        """Let others join."""
        by, said = actor(request), parsed(Members, request)
        return carried_out(services.join_operation, by=by, operation_id=operation_id, members=said)


class RollView(APIView):
    """The roll call of one member."""

    roles = {"POST": SIGNING}

    @extend_schema(request=RollInput, responses=dict)
    def post(self, request: Request, member_id: int) -> Response:
        """Sign in or out."""
        by, said = actor(request), parsed(RollInput, request)
        point = said.pop("point")
        stored = stored_point(point, centres.centre(by.centre_id)) if point else None
        return carried_out(services.call_roll, by=by, member_id=member_id, point=stored, **said)


class CloseOperationView(APIView):
    """The end."""

    roles = {"POST": ORDERING}

    @extend_schema(request=Outcome, responses=dict)
    def post(self, request: Request, operation_id: int) -> Response:
        """Close it with its outcome."""
        by, said = actor(request), parsed(Outcome, request)
        return carried_out(services.close_operation, by=by, operation_id=operation_id, outcome=said["outcome"])


class RollFileView(APIView):
    """The roll as a file."""

    roles = {"GET": READING}

    @extend_schema(responses={(200, "text/csv"): str})
    def get(self, request: Request, operation_id: int) -> HttpResponse:
        """Return it as CSV that a spreadsheet opens in Chinese."""
        row = found_for(request.auth, operation_id)
        lines = [HEAD, *(line_of(one) for one in services.roll_of(row))]
        text = "\ufeff" + "\r\n".join(",".join(cell(value) for value in line) for line in lines) + "\r\n"
        name = f"roll-{row.operation_no}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def line_of(mark: Any) -> tuple[Any, ...]:
    """Return a line of the roll as text."""
    clock = [
        moment.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M:%S") if moment else ""
        for moment in (mark.at, mark.fixed_at)
    ]
    word = "签到" if mark.came else "签退"
    lat, lng = ("", "") if mark.lat is None else (f"{mark.lat:.6f}", f"{mark.lng:.6f}")
    people = "" if mark.people is None else str(mark.people)
    return (
        clock[0],
        mark.member.name,
        word,
        people,
        mark.place_text,
        lat,
        lng,
        clock[1],
        mark.source,
        f"{mark.by_no} {mark.by_name}".strip(),
    )


def cell(value: Any) -> str:
    """Write one cell: quoted, and never a formula."""
    text = str(value)
    return '"' + (f"'{text}" if text.startswith(FORMULA) else text).replace('"', '""') + '"'


def operations_of_team(team_id: int) -> list[Json]:
    """Return what a partner team reads of the operations that it is on: name, meeting place and its own line."""
    found = OperationMember.objects.filter(team_id=team_id, operation__closed_at__isnull=True).select_related(
        "operation"
    )
    return [
        {
            "member": one.pk,
            "version": one.version,
            "name": one.operation.name,
            "task": one.task,
            "meeting_place": one.operation.meeting_place,
            "point": {"lat": one.operation.lat, "lng": one.operation.lng} if one.operation.lat is not None else None,
            "signed_in_at": stamp(one.signed_in_at),
            "signed_out_at": stamp(one.signed_out_at),
        }
        for one in found.order_by("id")
    ]


class MyOperationsView(APIView):
    """The operations of a partner team."""

    roles = {"GET": (PARTNER,)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the own line of each."""
        by: Any = request.auth
        return Response({"operations": operations_of_team(by.on_team) if by.on_team else []})

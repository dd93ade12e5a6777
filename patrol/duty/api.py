"""Routes about the roster, who is on duty, post checks and the duty level."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import centres, duty
from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed, stored_point
from incidents.fields import Ident, Input, Moment, PointInput, Text, Whole
from incidents.models import DutyLevel
from incidents.refusals import BadInput
from incidents.roles import (
    DESK,
    DISPATCHER,
    INSPECTOR,
    LEADER,
    OFFICER,
    ORDERING,
    STATION_DUTY,
    WATCH_COMMANDER,
    WATCHING,
)
from incidents.row import Json, stamp
from incidents.services.duty_levels import set_duty_level
from incidents.services.numbers import CITY_TIME
from patrol import services
from patrol.api import StatusInput
from patrol.duty import checks, csv_rows, reading, roster
from patrol.duty.models import PostCheck
from patrol.models import Unit

READING = (WATCH_COMMANDER, DISPATCHER, STATION_DUTY, INSPECTOR, LEADER)
PLANNING = (WATCH_COMMANDER, STATION_DUTY)
MOST_DAYS = 31
CHECKS_SHOWN = 60


class PlanFacts(Input):
    """What a planned shift says."""

    lead = Text(12, code=True, required=False)
    crew = serializers.ListField(child=Text(12, code=True), required=False, max_length=8)
    vehicle = Text(20, code=True, required=False)
    post = Text(100, required=False)
    post_point = PointInput(required=False, allow_null=True)
    beat = Text(60, required=False)
    starts_at = Moment(required=False)
    ends_at = Moment(required=False)


class NewPlan(PlanFacts):
    """A shift to plan."""

    unit = Ident()
    lead = Text(12, code=True)
    starts_at = Moment()
    ends_at = Moment()


class PlanEdit(PlanFacts):
    """An edit, made from a version."""

    version = Whole(1, 2**31 - 1)


class Table(Input):
    """A roster as a table."""

    csv = Text(400_000)


class NewCheck(Input):
    """Who is asked; nobody named means everybody on duty."""

    units = serializers.ListField(child=Ident(), required=False, default=list, max_length=500)
    call_signs = serializers.ListField(child=Text(20, code=True), required=False, default=list, max_length=500)
    squad = Ident(required=False, allow_null=True, default=None)
    within_s = Whole(30, 3_600, required=False, allow_null=True, default=None)


class CheckAnswer(Input):
    """Where the unit is."""

    point = PointInput(required=False, allow_null=True, default=None)
    place_text = Text(200, required=False, default="")


class NewLevel(Input):
    """Another duty level."""

    level = Whole(1, 3)
    reason = Text(400)
    task_sheet = Text(4_000, required=False, default="")


class BulkStatus(StatusInput):
    """One status for many units."""

    units = serializers.ListField(child=Ident(), required=False, default=list, max_length=200)
    call_signs = serializers.ListField(child=Text(20, code=True), required=False, default=list, max_length=200)


def named(centre_id: int, said: Json) -> list[int]:
    """Return the ids of the units that are named, by id, call sign or label. Raises BadInput for a name that no unit
    has: it must not mean fewer units than were said."""
    ids, names = said.pop("units"), said.pop("call_signs")
    if not names:
        return list(ids)
    known: dict[str, int] = {}
    for pk, call_sign, label in Unit.objects.filter(centre_id=centre_id).values_list("pk", "call_sign", "label"):
        known |= {call_sign.upper(): pk, label.upper(): pk}
    for name in names:
        if name.upper() not in known:
            raise BadInput(call_signs=_("There is no unit %(unit)s.") % {"unit": name})
    return [*ids, *(known[name.upper()] for name in names)]


def day_of(request: Request, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the span that is asked for: `since` a day of the city (today), `days` (7)."""
    given = request.query_params.get("since", "")[:10]
    days = request.query_params.get("days", "7")[:4]
    try:
        day = dt.date.fromisoformat(given) if given else now.astimezone(CITY_TIME).date()
        if not 2000 <= day.year < 2100:
            raise ValueError
        number = int(days)
    except ValueError as error:
        raise BadInput(since=_("A day is written as 2026-01-31, days as a whole number.")) from error
    if not 1 <= number <= MOST_DAYS:
        raise BadInput(days=_("At most 31 days at once."))
    start = dt.datetime.combine(day, dt.time(), CITY_TIME).astimezone(dt.UTC)
    return start, start + dt.timedelta(days=number)


def facts_of(said: Json, by: Any) -> Json:
    """Return what the roster keeps of the facts that came in; the post's point in WGS-84."""
    if "post_point" not in said:
        return said
    point = said.pop("post_point")
    found = stored_point(point, centres.centre(by.centre_id), "post_point") if point else {"lat": None, "lng": None}
    return {**said, "post_lat": found["lat"], "post_lng": found["lng"]}


class RosterView(APIView):
    """The roster."""

    roles = {"GET": READING, "POST": PLANNING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the planned shifts of some days, the units, and the check-in rate since the first of them."""
        by: Any = request.auth
        now = timezone.now()
        since, until = day_of(request, now)
        return Response({**reading.roster(by, since, until), "check_in": reading.check_in(by, since, now)})

    @extend_schema(request=NewPlan, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Plan a shift."""
        by, said = actor(request), parsed(NewPlan, request)
        unit_id = said.pop("unit")
        return carried_out(
            roster.plan_shift, by=by, centre_id=by.centre_id, unit_id=unit_id, facts=facts_of(said, by)
        )  # fmt: skip


class PlannedView(APIView):
    """One planned shift."""

    roles = {"PATCH": PLANNING}

    @extend_schema(request=PlanEdit, responses=dict)
    def patch(self, request: Request, planned_id: int) -> Response:
        """Change it."""
        by, said = actor(request), parsed(PlanEdit, request)
        version = said.pop("version")
        return carried_out(
            roster.change_planned, by=by, planned_id=planned_id, version=version, facts=facts_of(said, by)
        )


class CancelPlannedView(APIView):
    """A shift that will not take place."""

    roles = {"POST": PLANNING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, planned_id: int) -> Response:
        """Take it off the roster."""
        said = parsed(Reason, request)
        return carried_out(roster.cancel_planned, by=actor(request), planned_id=planned_id, reason=said["reason"][:200])


class ImportRosterView(APIView):
    """A roster from a table."""

    roles = {"POST": PLANNING}

    @extend_schema(request=Table, responses=dict)
    def post(self, request: Request) -> Response:
        """Plan all of its rows, or none."""
        by, said = actor(request), parsed(Table, request)
        rows = csv_rows.rows_of(said["csv"])
        return carried_out(roster.import_roster, by=by, centre_id=by.centre_id, rows=rows)


class OnDutyView(APIView):
    """Who is on duty."""

    roles = {"GET": READING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the units on duty against the plan, those that are away, and today's check-in rate."""
        by: Any = request.auth
        now = timezone.now()
        today = dt.datetime.combine(now.astimezone(CITY_TIME).date(), dt.time(), CITY_TIME)
        return Response(
            {
                "at": stamp(now),
                "units": reading.on_duty(by, now),
                "away": reading.away(by),
                "check_in": reading.check_in(by, today, now),
            }
        )


class PostChecksView(APIView):
    """Post checks."""

    roles = {"GET": READING, "POST": (WATCH_COMMANDER, INSPECTOR)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List the latest with their answers; a station reads those of its units."""
        by: Any = request.auth
        found = PostCheck.objects.filter(centre_id=by.centre_id).order_by("-id")
        mine = None if by.has(*DESK, INSPECTOR, LEADER) else by.org_id
        if mine is not None:
            found = found.filter(answers__unit__squad_id=mine).distinct()
        rows = [check_row(check, mine) for check in found.prefetch_related("answers__unit")[:CHECKS_SHOWN]]
        squads = reading.units_for(by).filter(on_shift__isnull=False).values_list("squad_id", "squad_name").distinct()
        names = [{"id": pk, "name": name} for pk, name in squads.order_by("squad_name")]
        return Response({"post_checks": rows, "squads": names})

    @extend_schema(request=NewCheck, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Ask."""
        by, said = actor(request), parsed(NewCheck, request)
        unit_ids = named(by.centre_id, said)
        within = dt.timedelta(seconds=said["within_s"]) if said["within_s"] else None
        return carried_out(
            checks.ask, by=by, unit_ids=unit_ids, squad_id=said["squad"], within=within
        )  # fmt: skip


def check_row(check: PostCheck, squad_id: int | None) -> Json:
    """Return a check with its answers, those without one first."""
    order = ["asked", "no_answer", "late", "answered"]
    answers = [one.row() for one in check.answers.all() if squad_id is None or one.unit.squad_id == squad_id]
    answers.sort(key=lambda row: (order.index(row["state"]), -(row["distance_m"] or 0), row["call_sign"]))
    return {**check.row(), "answers": answers}


class AnswerCheckView(APIView):
    """The answer of a unit."""

    roles = {"POST": (OFFICER, *ORDERING)}

    @extend_schema(request=CheckAnswer, responses=dict)
    def post(self, request: Request, answer_id: int) -> Response:
        """Take it, from the phone or by radio."""
        by, said = actor(request), parsed(CheckAnswer, request)
        point = stored_point(said["point"], centres.centre(by.centre_id)) if said["point"] else None
        return carried_out(checks.answer, by=by, answer_id=answer_id, point=point, place_text=said["place_text"])


class DutyLevelView(APIView):
    """The duty level."""

    roles = {"GET": (*WATCHING, OFFICER), "POST": (WATCH_COMMANDER,)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the present one, what it changes, the shortfall, and the latest ones."""
        by: Any = request.auth
        latest = list(DutyLevel.objects.filter(centre_id=by.centre_id).order_by("-id")[:20])
        rules = duty.present(by.centre_id)
        return Response(
            {
                "duty_level": next((one.row() for one in latest if one.ended_at is None), None),
                "settings": settings_row(rules),
                "shortfall": reading.shortfall(by.centre_id) if by.has(*WATCHING) else [],
                "duty_levels": [one.row() for one in latest],
            }
        )

    @extend_schema(request=NewLevel, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Set it."""
        return carried_out(set_duty_level, by=actor(request), **parsed(NewLevel, request))


def settings_row(rules: duty.Settings) -> Json:
    """Return what holds at a level, durations in seconds."""
    return {
        "level": rules.level,
        "min_units": rules.min_units,
        "breaks_at_once": rules.breaks_at_once,
        "break_s": int(rules.break_within.total_seconds()),
        "check_s": int(rules.check_within.total_seconds()),
        "sign_on_s": int(rules.sign_on_within.total_seconds()),
        "limit_percent": rules.limit_percent,
        "ring_minutes": rules.ring_minutes,
    }


class BulkStatusView(APIView):
    """One status for many units, by the desk."""

    roles = {"POST": ORDERING}

    @extend_schema(operation_id="units_statuses_create", request=BulkStatus, responses=dict)
    def post(self, request: Request) -> Response:
        """Set it; units that cannot take it are named."""
        by, said = actor(request), parsed(BulkStatus, request)
        unit_ids = named(by.centre_id, said)
        if not unit_ids:
            raise BadInput(units=_("Name at least one unit."))
        return carried_out(services.choose_statuses, by=by, unit_ids=unit_ids, **said)

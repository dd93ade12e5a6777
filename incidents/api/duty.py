"""Routes about seats, qualifications and hand-overs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Ident, Input, Moment, Text
from incidents.matters import open_matters
from incidents.models import HandOver, Qualification, SeatPermit, User
from incidents.refusals import BadInput
from incidents.roles import ADMINISTRATOR, CALLBACK_AGENT, DESK, INSPECTOR, STATION_DUTY, WATCH_COMMANDER
from incidents.row import Json, stamp
from incidents.services import handovers, seats

MOST = 200
HANDING_OVER = (*DESK, STATION_DUTY)
QUALIFYING = (WATCH_COMMANDER, ADMINISTRATOR)
NOUNS = ["incident", "call", "callback", "transfer", "supervision_order", "alert"]


class NewPermit(Input):
    """Who may sit where for this shift."""

    seat = Text(20, code=True)
    badge = Text(12, code=True)
    reason = Text(400)


class NewQualification(Input):
    """A skill that a person holds."""

    badge = Text(12, code=True)
    skill = Text(20, code=True)
    certificate = Text(60, required=False, default="")
    starts_at = Moment(required=False)
    expires_at = Moment()


class Remark(Input):
    """A remark, also none."""

    text = Text(400, required=False, default="")


class NewHandOver(Input):
    """A sheet."""

    remark = Text(2_000, required=False, default="")


class Acceptance(Input):
    """The lines that are taken over; none named means all."""

    items = serializers.ListField(child=Ident(), required=False, allow_null=True, default=None, max_length=3_000)


class SeatsView(APIView):
    """The seats."""

    roles = {"GET": (*DESK, INSPECTOR, CALLBACK_AGENT)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List them with who sits there, and the permits that hold."""
        by: Any = request.auth
        now = timezone.now()
        permits = SeatPermit.objects.filter(centre_id=by.centre_id, expires_at__gt=now).select_related("seat", "person")
        return Response(
            {"seats": seats.seats_of(by.centre_id, now), "permits": [one.row() for one in permits.order_by("-id")]}
        )


class PermitsView(APIView):
    """Letting somebody sit where a qualification is missing."""

    roles = {"POST": (WATCH_COMMANDER,)}

    @extend_schema(request=NewPermit, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Allow it for this shift."""
        said = parsed(NewPermit, request)
        return carried_out(
            seats.allow, by=actor(request), seat_no=said["seat"], badge=said["badge"], reason=said["reason"]
        )


class QualificationsView(APIView):
    """Who holds which skill until when."""

    roles = {"GET": (*QUALIFYING, INSPECTOR), "POST": QUALIFYING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List those that hold now or later, what ends first on top."""
        by: Any = request.auth
        now = timezone.now()
        found = Qualification.objects.filter(centre_id=by.centre_id, expires_at__gt=now).select_related("person")
        rows = [
            {**one.row(), "badge": one.person.badge, "name": one.person.name}
            for one in found.order_by("expires_at", "person__badge")
        ]
        return Response({"qualifications": rows})

    @extend_schema(request=NewQualification, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Note one."""
        by, said = actor(request), parsed(NewQualification, request)
        said.setdefault("starts_at", timezone.now())
        return carried_out(seats.grant, by=by, centre_id=by.centre_id, **said)


class EndQualificationView(APIView):
    """A skill that is not held any longer."""

    roles = {"POST": QUALIFYING}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, qualification_id: int) -> Response:
        """End it."""
        said = parsed(Reason, request)
        return carried_out(
            seats.end_qualification, by=actor(request), qualification_id=qualification_id, reason=said["reason"]
        )


class HandOversView(APIView):
    """Hand-over sheets."""

    roles = {"GET": (*HANDING_OVER, INSPECTOR), "POST": HANDING_OVER}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List the open ones, then the latest; a station's duty desk reads its own."""
        by: Any = request.auth
        found = HandOver.objects.filter(centre_id=by.centre_id)
        if not by.has(*DESK, INSPECTOR):
            found = found.filter(organisation_id=by.org_id, scope=HandOver.Scope.STATION)
        rows = [shown(by, one) for one in found.prefetch_related("items").order_by("-id")[:MOST]]
        rows.sort(key=lambda row: row["state"] != "open")
        return Response({"hand_overs": rows, "waits": handovers.waiting_for(by)})

    @extend_schema(request=NewHandOver, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Write one, or bring the open one up to date."""
        said = parsed(NewHandOver, request)
        return carried_out(handovers.draw_up, by=actor(request), remark=said["remark"])


def shown(by: Any, sheet: HandOver) -> Json:
    """Return a sheet with what this person may do with it."""
    open_now = sheet.state == HandOver.State.OPEN
    free = sheet.receiver_id in (None, by.user_id)
    return {
        **sheet.row(),
        "mine": sheet.giver_id == by.user_id,
        "may_receive": open_now and free and handovers.may_receive(sheet, by),
    }


class AcceptHandOverView(APIView):
    """Taking over."""

    roles = {"POST": HANDING_OVER}

    @extend_schema(request=Acceptance, responses=dict)
    def post(self, request: Request, hand_over_id: int) -> Response:
        """Take the named lines over, or all."""
        said = parsed(Acceptance, request)
        return carried_out(
            handovers.accept_hand_over, by=actor(request), hand_over_id=hand_over_id, items=said["items"]
        )


class WithdrawHandOverView(APIView):
    """Going on oneself."""

    roles = {"POST": HANDING_OVER}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, hand_over_id: int) -> Response:
        """Withdraw the sheet."""
        parsed(Input, request)
        return carried_out(handovers.withdraw_hand_over, by=actor(request), hand_over_id=hand_over_id)


class RemarkView(APIView):
    """A remark beside a line."""

    roles = {"POST": HANDING_OVER}

    @extend_schema(request=Remark, responses=dict)
    def post(self, request: Request, item_id: int) -> Response:
        """Write it."""
        said = parsed(Remark, request)
        return carried_out(handovers.remark_on, by=actor(request), item_id=item_id, text=said["text"])


class MattersView(APIView):
    """Everything open, with its owner."""

    roles = {"GET": (*DESK, INSPECTOR)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List it."""
        by: Any = request.auth
        found = open_matters(by.centre_id)
        people = User.objects.in_bulk([one.owner_id for one in found if one.owner_id])
        return Response({"at": stamp(timezone.now()), "matters": [matter_row(one, people) for one in found]})


def matter_row(one: Any, people: dict[int, User]) -> Json:
    """Return an open matter as a list shows it."""
    owner = people.get(one.owner_id or 0)
    return {
        "noun": one.noun,
        "row": one.row_id,
        "number": one.number,
        "words": one.words,
        "state": one.state,
        "owner_no": owner.badge if owner else "",
        "owner_name": owner.name if owner else "",
    }


class OwnershipView(APIView):
    """Who owned what."""

    roles = {"GET": (*DESK, INSPECTOR)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the owners of one matter, the first one first."""
        by: Any = request.auth
        noun, given = request.query_params.get("noun", ""), request.query_params.get("id", "")
        if noun not in NOUNS:
            raise BadInput(noun=_("There is no such kind of matter."))
        if not given.isascii() or not given.isdigit() or len(given) > 15:
            raise BadInput(id=_("An id is a whole number."))
        found = handovers.history(by.centre_id, noun, int(given))
        return Response({"owners": [one.row() for one in found]})

"""Routes about what is entered afterwards: numbers, offline queue, paper (targets 1.4)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.api.late_inputs import (
    LateInput,
    LateMovesInput,
    LateOrdersInput,
    arguments,
    entered_late,
    moves_of,
    times_of,
)
from dispatch.services import catch_up
from incidents import emergency
from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed
from incidents.emergency import carried_out_or_spooled
from incidents.fields import Ident, Input, Moment, Text, Whole
from incidents.models import CatchUp, LateEntry, NumberBlock
from incidents.roles import DESK, ORDERING, WATCH_COMMANDER
from incidents.row import Json, stamp
from incidents.services import blocks, calls, late

SHOWN = 200  # late entries on the page
FACTS = ("incident_no", "type_reported", "address_text", "priority", "stage")


class BlockInput(Input):
    """How many numbers, for what."""

    purpose = serializers.ChoiceField(["seat", "paper"])
    size = Whole(1, 200, required=False, default=blocks.SEAT_SIZE)


class VoidInput(Reason):
    """Which card was spoilt or lost."""

    number = Ident()


class CatchUpInput(Input):
    """The outage that the paper is about."""

    began_at = Moment()
    over_at = Moment()
    reason = Text(400)


class DegradedView(APIView):
    """How the server stands."""

    roles = {"GET": DESK}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return whether writes are taken and what waits in the spool."""
        return Response(emergency.standing())


class BlocksView(APIView):
    """Numbers given out beforehand."""

    roles = {"POST": DESK}
    while_locked = ("POST",)  # a locked seat keeps its stock

    @extend_schema(request=BlockInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Give out a block."""
        by, found = actor(request), parsed(BlockInput, request)
        return carried_out(blocks.issue_numbers, by=by, centre_id=by.centre_id, **found)


class VoidView(APIView):
    """A card that was spoilt or lost."""

    roles = {"POST": DESK}

    @extend_schema(request=VoidInput, responses=dict)
    def post(self, request: Request, block_id: int) -> Response:
        """Account for it."""
        found = parsed(VoidInput, request)
        return carried_out(blocks.void_number, by=actor(request), block_id=block_id, **found)


class LateEntriesView(APIView):
    """Calls entered afterwards."""

    roles = {"POST": DESK}
    while_locked = ("POST",)  # what a caller told waits for no PIN

    @extend_schema(request=LateInput, responses=dict)
    def post(self, request: Request) -> Response:
        """Enter one with its incident and orders; when the database refuses, it goes to the spool."""
        by, found = actor(request), arguments(actor(request), request.data)
        number, facts, incident = found.pop("number"), found["facts"], found["incident"]
        return carried_out_or_spooled(
            entered_late(),
            by=by,
            act="late",
            body=request.data,
            number=number,
            check=lambda: calls.check_opening(facts, False, incident),
            **found,
        )


class CheckCardView(APIView):
    """A second person's comparison."""

    roles = {"POST": DESK}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, entry_id: int) -> Response:
        """Note that the card and the entry are the same."""
        parsed(Input, request)
        return carried_out(late.check_card, by=actor(request), entry_id=entry_id)


class TellApartView(APIView):
    """An event of its own."""

    roles = {"POST": DESK}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, entry_id: int) -> Response:
        """Put the proposals to merge away."""
        parsed(Input, request)
        return carried_out(late.tell_apart, by=actor(request), entry_id=entry_id)


class CatchUpView(APIView):
    """Catch-up mode and what was entered in it."""

    roles = {"GET": DESK, "POST": (WATCH_COMMANDER,)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the open catch-up, what became of the numbers, and the newest entries."""
        by: Any = request.auth
        return Response(standing_of(by.centre_id))

    @extend_schema(request=CatchUpInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Open it."""
        return carried_out(late.open_catch_up_mode, by=actor(request), **parsed(CatchUpInput, request))


class EndCatchUpView(APIView):
    """The end of a catch-up."""

    roles = {"POST": (WATCH_COMMANDER,)}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, catch_up_id: int) -> Response:
        """End it."""
        parsed(Input, request)
        return carried_out(late.end_catch_up, by=actor(request), catch_up_id=catch_up_id)


class LateOrdersView(APIView):
    """Orders by radio."""

    roles = {"POST": ORDERING}

    @extend_schema(request=LateOrdersInput, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Enter them with their own times."""
        found = parsed(LateOrdersInput, request)
        orders = [times_of(order) for order in found.pop("orders")]
        return carried_out(catch_up.note_orders, by=actor(request), incident_id=incident_id, orders=orders, **found)


class LateMovesView(APIView):
    """Moves by radio."""

    roles = {"POST": ORDERING}

    @extend_schema(request=LateMovesInput, responses=dict)
    def post(self, request: Request, assignment_id: int) -> Response:
        """Enter their times."""
        found = parsed(LateMovesInput, request)
        return carried_out(
            catch_up.note_moves,
            by=actor(request),
            assignment_id=assignment_id,
            moves=moves_of(found),
            result_code=found["result_code"],
            source=found["source"],
            reason=found["reason"],
        )


def standing_of(centre_id: int) -> Json:
    """Return everything that the catch-up page shows."""
    opened = CatchUp.objects.filter(centre_id=centre_id, ended_at__isnull=True).first()
    papers = NumberBlock.objects.filter(centre_id=centre_id).exclude(purpose="spool").select_related("centre")
    entries = LateEntry.objects.filter(centre_id=centre_id).select_related("call", "incident").order_by("-id")[:SHOWN]
    return {
        "catch_up": opened.row() if opened else None,
        "blocks": [{**block.row(), **blocks.account(block)} for block in papers.order_by("-id")[:40]],
        "entries": [entry_row(entry) for entry in entries],
    }


def entry_row(entry: LateEntry) -> Json:
    """Return an entry with what the list shows of its call and incident; proposals whose incident was merged are gone."""
    incident = entry.incident
    shown = {name: getattr(incident, name) for name in FACTS} if incident else {}
    settled = entry.apart_at is not None or incident is None or incident.merged_into_id is not None
    return {
        **entry.row(),
        "similar": [] if settled else entry.similar,
        "call_no": entry.call.call_no,
        "answered_at": stamp(entry.call.answered_at),
        "version_of_incident": incident.version if incident else None,
        **shown,
    }

"""Reading what is foreseen: outlooks of the open incidents, the route of an order, the joint proposal for the queue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch import candidates, joint, order_routes, outlooks
from dispatch.models import Assignment
from incidents.models import Incident, Stage
from incidents.refusals import NotFound, WrongTurn
from incidents.roles import DESK, OFFICER, OVERVIEW, STATION_DUTY, WATCHING
from incidents.row import Json, stamp

MOST_PENDING = 20


class OutlookView(APIView):
    """What is foreseen for every incident that nobody has reached."""

    roles = {"GET": DESK}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return them, the least slack first."""
        by: Any = request.auth
        return Response(outlooks.shown(by.centre_id, timezone.now()))


class RoutesView(APIView):
    """The roads that the orders under way have before them, for the map of a desk."""

    roles = {"GET": DESK}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return line and arrival of each order under way, from the last position of its unit."""
        by: Any = request.auth
        return Response(order_routes.shown(by.centre_id, timezone.now()))


class RouteView(APIView):
    """The road that an order has before it: for who watches, and for the unit that drives it."""

    roles = {"GET": (*WATCHING, OFFICER)}

    @extend_schema(responses=dict)
    def get(self, request: Request, assignment_id: int) -> Response:
        """Return line and arrival from the unit's last position."""
        by: Any = request.auth
        order = Assignment.objects.filter(pk=assignment_id, centre_id=by.centre_id).select_related("incident").first()
        if order is None or order.incident.is_complaint or not sees(by, order):
            raise NotFound()
        if order.state not in outlooks.GOING or order.incident.lat is None:
            raise WrongTurn(order)
        return Response(order_routes.row(order, timezone.now()))


def sees(by: Any, order: Assignment) -> bool:
    """Tell whether a person may see an order's road: an officer that of the own unit, a station's duty officer those to
    the own area, everybody else who watches all of them."""
    if by.has(*DESK, *OVERVIEW):
        return True
    own_unit = by.has(OFFICER) and by.on_unit == order.unit_id
    return bool(own_unit or (by.has(STATION_DUTY) and f"station.{by.org_id}" in order.incident.readers()))


class ProposalsView(APIView):
    """Several pending incidents matched to units together."""

    roles = {"GET": DESK}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the joint proposal beside the one-by-one ranking, with the difference in seconds."""
        by: Any = request.auth
        return Response(proposals(by.centre_id, timezone.now()))


def proposals(centre_id: int, now: dt.datetime) -> Json:
    """Match the pending incidents of a centre, the most urgent first."""
    pending = Incident.objects.filter(
        centre_id=centre_id, stage=Stage.PENDING, attendance=True, lat__isnull=False
    ).order_by("priority", "answered_at")[:MOST_PENDING]
    queue = list(pending)
    rankings = {one.pk: candidates.rank(one, now, with_coverage=False) for one in queue}
    found = joint.match(
        [(one.pk, one.priority) for one in queue], {pk: ranking.recommended() for pk, ranking in rankings.items()}
    )
    greedy = {one.incident: one for one in found.one_by_one}
    numbers = {one.pk: one.incident_no for one in queue}
    return {
        "at": stamp(now),
        "incidents": len(queue),
        "basis": "road" if any(one.basis == "road" for one in rankings.values()) else "straight",
        "proposals": [
            {
                "incident": one.incident,
                "incident_no": numbers[one.incident],
                "unit": one.unit,
                "call_sign": one.call_sign,
                "expected_s": round(one.expected_s),
                "alone": greedy[one.incident].call_sign if one.incident in greedy else "",
                "alone_s": round(greedy[one.incident].expected_s) if one.incident in greedy else None,
            }
            for one in found.together
        ],
        "together_s": round(found.together_s),
        "one_by_one_s": round(found.one_by_one_s),
        "saves_s": round(found.saves_s),
        "without": found.without,
    }

"""Bodies of the routes about what is entered afterwards, and their reading; the emergency spool reads them again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from dispatch.services import catch_up
from dispatch.services.catch_up import Times
from incidents.actor import Actor
from incidents.api.inputs import CallFacts, IncidentFacts, centre_of, with_point
from incidents.api_tools import reader_of
from incidents.fields import Ident, Input, Moment, Text
from incidents.services.late import Original

MOVES = ("accepted_at", "departed_at", "arrived_at", "finished_at")


class MovesInput(Input):
    """Times of an order."""

    accepted_at = Moment(required=False, allow_null=True)
    departed_at = Moment(required=False, allow_null=True)
    arrived_at = Moment(required=False, allow_null=True)
    finished_at = Moment(required=False, allow_null=True)
    result_code = Text(4, required=False, default="", code=True)


class OrderInput(MovesInput):
    """An order that was given by radio."""

    unit = Ident()
    sent_at = Moment()


class LateInput(CallFacts):
    """A call that was taken while the system was away."""

    source = serializers.ChoiceField(["offline", "paper"])  # type: ignore[assignment]
    number = Ident()
    answered_at = Moment()
    hung_up_at = Moment(required=False, allow_null=True)
    taken_by = Text(12, required=False, default="", code=True)
    reason = Text(400, required=False, default="")
    channel = Text(8, code=True)
    closing_reason = Text(8, required=False, code=True)
    closing_text = Text(400, required=False)
    incident = IncidentFacts(required=False, allow_null=True)
    orders = serializers.ListField(child=OrderInput(), required=False, default=list, max_length=20)


class LateOrdersInput(Input):
    """Orders by radio of an incident on the board."""

    source = serializers.ChoiceField(["offline", "paper"])  # type: ignore[assignment]
    reason = Text(400)
    orders = serializers.ListField(child=OrderInput(), min_length=1, max_length=20)


class LateMovesInput(MovesInput):
    """Times of an order on the board."""

    source = serializers.ChoiceField(["offline", "paper"])  # type: ignore[assignment]
    reason = Text(400)


def entered_late() -> Callable[..., Any]:
    """Return the command that a late entry asks for."""
    return catch_up.enter_late


def arguments(by: Actor, body: Any) -> dict[str, Any]:
    """Return the command's arguments that a body makes. Raises ValidationError and BadInput with the fields' paths."""
    facts: dict[str, Any] = dict(reader_of(LateInput).run_validation(body))
    centre = centre_of(by)
    incident = facts.pop("incident", None)
    if incident is not None:
        incident = with_point(incident, centre, path="incident.")
    original = Original(facts.pop("answered_at"), facts.pop("hung_up_at", None), facts.pop("taken_by"))
    orders = [times_of(order) for order in facts.pop("orders")]
    found = {name: facts.pop(name) for name in ("source", "number", "reason")}
    return {
        **found,
        "facts": with_point(facts, centre, "caller_point"),
        "original": original,
        "incident": incident,
        "orders": orders,
    }


def times_of(order: dict[str, Any]) -> Times:
    """Return an order's times."""
    return Times(order["unit"], order["sent_at"], moves_of(order), order["result_code"])


def moves_of(order: dict[str, Any]) -> dict[str, Any]:
    """Return the moves that have a time."""
    return {name: order[name] for name in MOVES if order.get(name)}

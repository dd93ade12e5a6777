"""Bodies of the routes about calls and incidents."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from incidents import centres
from incidents.api_tools import stored_point
from incidents.fields import SEXES, Flag, Ident, Input, Moment, PointInput, Text, Whole
from incidents.models import Answer, Centre

ANSWERS = Answer.choices


class CallFacts(Input):
    """What is known about a call (docs/contract.md 5)."""

    dialled_number = Text(32, required=False, code=True)
    kind = Text(8, required=False, code=True)
    caller_number = Text(32, required=False, code=True)
    subscriber = Text(100, required=False)
    subscriber_address = Text(200, required=False)
    caller_name = Text(200, required=False)
    caller_sex = serializers.ChoiceField(SEXES, required=False)
    contact_phone = Text(32, required=False, code=True)
    caller_address = Text(200, required=False)
    caller_point = PointInput(required=False, allow_null=True)
    narrative = Text(10_000, required=False)
    recording_id = Text(64, required=False, code=True)
    foreign_language = Flag(required=False)
    silent = Flag(required=False)
    remote_city = Text(60, required=False)
    sent_at = Moment(required=False, allow_null=True)
    drill = Flag(required=False)


class IncidentFacts(Input):
    """What is known about an incident."""

    type_reported = Text(8, required=False, code=True)
    priority = Whole(1, 4, required=False)
    intake_class = Text(8, required=False, code=True)
    address_text = Text(200, required=False)
    place_note = Text(200, required=False)
    point = PointInput(required=False, allow_null=True)
    point_status = serializers.ChoiceField(["verified", "unverified"], required=False)
    narrative = Text(10_000, required=False)
    occurred_from = Moment(required=False, allow_null=True)
    occurred_to = Moment(required=False, allow_null=True)
    offenders_reported = Whole(0, 100_000, required=False, allow_null=True)
    vehicle_plate = Text(20, required=False, code=True)
    vehicle_note = Text(200, required=False)
    weapon = serializers.ChoiceField(ANSWERS, required=False)
    hazmat = serializers.ChoiceField(ANSWERS, required=False)
    explosion_leak = serializers.ChoiceField(ANSWERS, required=False)
    trapped = Whole(0, 100_000, required=False, allow_null=True)
    injured = Whole(0, 100_000, required=False, allow_null=True)
    dead = Whole(0, 100_000, required=False, allow_null=True)
    contact_name = Text(200, required=False)
    contact_phone = Text(32, required=False, code=True)
    confidential = Flag(required=False)
    attendance = Flag(required=False)
    drill = Flag(required=False)


class IncidentEdit(IncidentFacts):
    """Facts that an edit may change; priority, attendance and drill have acts of their own."""

    version = Whole(1, 2**31 - 1)
    priority = None  # type: ignore[assignment]
    attendance = None  # type: ignore[assignment]
    drill = None  # type: ignore[assignment]


class CallEdit(CallFacts):
    """An edit of a call, made from a version."""

    version = Whole(1, 2**31 - 1)
    drill = None  # type: ignore[assignment]


class NewCall(CallFacts):
    """A new call; with `incident` both are made in one command."""

    channel = Text(8, code=True)
    state = serializers.ChoiceField(["waiting", "in_progress"], default="in_progress")
    incident = IncidentFacts(required=False, allow_null=True)
    number = Ident(required=False, allow_null=True)


class Attempt(Input):
    """A try to reach a lost call's caller."""

    answered = Flag()


class Shelf(Input):
    """For how long an alert is put aside, and why."""

    minutes = Whole(1, 30)
    reason = Text(200)


class Words(Input):
    """A text."""

    text = Text(10_000)


class Reason(Input):
    """A reason."""

    reason = Text(400)


class Versioned(Input):
    """A decision made from a version."""

    version = Whole(1, 2**31 - 1)


class VersionedReason(Versioned):
    """A decision with its reason."""

    reason = Text(400)


class FinishCall(Input):
    """A call's outcome."""

    kind = Text(8, required=False, code=True)
    closing_reason = Text(8, required=False, code=True)
    closing_text = Text(400, required=False)


class Join(Input):
    """The incident that a call joins."""

    incident = Ident()


class PlaceInput(Versioned):
    """An accepted place."""

    point = PointInput()
    point_status = serializers.ChoiceField(["verified", "unverified"], required=False)
    address_text = Text(200, required=False)
    place_note = Text(200, required=False)


class PriorityInput(Versioned):
    """Another priority."""

    priority = Whole(1, 4)
    reason = Text(400, required=False, default="")


class ModeInput(Versioned):
    """Another mode."""

    mode = Text(12, code=True)
    quiet = Flag(required=False, allow_null=True, default=None)
    reason = Text(200, required=False, default="")


def centre_of(by: Any) -> Centre:
    """Return the centre of the person."""
    return centres.centre(by.centre_id)


def with_point(facts: dict[str, Any], centre: Centre, name: str = "point", path: str = "") -> dict[str, Any]:
    """Return the facts with their point in WGS-84; raises BadInput outside the centre's box."""
    if facts.get(name):
        facts = {**facts, name: stored_point(facts[name], centre, f"{path}{name}")}
    return facts

"""Routes about persons, vehicles and property."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.inputs import Reason
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import SEXES, Input, Number, Text, Whole
from incidents.models import Party
from incidents.roles import DESK, OFFICER, STATION_DUTY
from incidents.services import parties

STATUSES = ["", *Party.Status.values]
WORKING = {"POST": (*DESK, OFFICER, STATION_DUTY), "PATCH": (*DESK, OFFICER, STATION_DUTY)}


class PartyFacts(Input):
    """What is known of a person, a vehicle or a thing."""

    role = serializers.ChoiceField(["", *Party.Role.values], required=False)
    name = Text(100, required=False)
    description = Text(400, required=False)
    sex = serializers.ChoiceField(SEXES, required=False)
    age = Whole(0, 130, required=False, allow_null=True)
    id_no = Text(32, required=False, code=True)
    phone = Text(32, required=False, code=True)
    address = Text(200, required=False)
    plate = Text(20, required=False, code=True)
    frame_no = Text(40, required=False, code=True)
    brand = Text(40, required=False)
    colour = Text(20, required=False)
    value_yuan = Number(0.01, 1e10, required=False, allow_null=True)
    status = serializers.ChoiceField(STATUSES, required=False)
    returned_to = Text(100, required=False)
    receipt = Text(200, required=False)


class NewParty(PartyFacts):
    """A new slot."""

    kind = serializers.ChoiceField(Party.Kind.values)


class PartyEdit(PartyFacts):
    """An edit, made from a version."""

    version = Whole(1, 2**31 - 1)


class Purpose(Input):
    """Why an identity is read."""

    purpose = Text(200)


class PartiesView(APIView):
    """The slots of an incident."""

    roles = WORKING

    @extend_schema(request=NewParty, responses={201: dict})
    def post(self, request: Request, incident_id: int) -> Response:
        """Add one."""
        facts: dict[str, Any] = parsed(NewParty, request)
        kind = facts.pop("kind")
        return carried_out(parties.add_party, by=actor(request), incident_id=incident_id, kind=kind, facts=facts)


class PartyView(APIView):
    """One slot."""

    roles = {"PATCH": WORKING["PATCH"]}

    @extend_schema(request=PartyEdit, responses=dict)
    def patch(self, request: Request, party_id: int) -> Response:
        """Write what is known now."""
        facts: dict[str, Any] = parsed(PartyEdit, request)
        version = facts.pop("version")
        return carried_out(parties.describe_party, by=actor(request), party_id=party_id, version=version, facts=facts)


class VoidPartyView(APIView):
    """Taking a slot back."""

    roles = {"POST": WORKING["POST"]}

    @extend_schema(request=Reason, responses=dict)
    def post(self, request: Request, party_id: int) -> Response:
        """Void it with the reason."""
        said = parsed(Reason, request)
        return carried_out(parties.void_party, by=actor(request), party_id=party_id, reason=said["reason"])


class IdentityView(APIView):
    """A person's identity number."""

    roles = {"POST": WORKING["POST"]}

    @extend_schema(request=Purpose, responses=dict)
    def post(self, request: Request, party_id: int) -> Response:
        """Read it, with the purpose."""
        said = parsed(Purpose, request)
        return carried_out(parties.read_identity, by=actor(request), party_id=party_id, purpose=said["purpose"])

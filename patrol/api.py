"""Routes about units, shifts and positions."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import geo
from incidents.api_tools import actor, carried_out, parsed
from incidents.audience import seen
from incidents.fields import CRS, Ident, Input, Moment, Number, Text, convertible
from incidents.refusals import Forbidden, NotFound
from incidents.roles import ADAPTER, OFFICER, ORDERING, WATCHING, audience_of
from patrol import positions, services, track
from patrol.filters import FixIn
from patrol.models import Status, Unit

STATUSES = list(Status.values)


class FixInput(Input):
    """One fix with its datum and moment."""

    lat = Number(-90, 90)
    lng = Number(-180, 180)
    crs = serializers.ChoiceField(CRS)
    accuracy_m = Number(0, 100_000, required=False, allow_null=True)
    speed_kmh = Number(0, 2_000, required=False, allow_null=True)
    heading = Number(0, 360, required=False, allow_null=True)
    taken_at = Moment()
    source = Text(12, required=False, code=True)  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what its datum cannot express."""
        return convertible(attrs)


class BatchFix(FixInput):
    """One fix of a gateway's batch; the unit by id or call sign."""

    unit = Ident(required=False)
    call_sign = Text(12, required=False, code=True)


class OwnFixes(Input):
    """What a phone has gathered."""

    fixes = serializers.ListField(child=FixInput(), max_length=200)


class Batch(Input):
    """What a gateway has gathered."""

    fixes = serializers.ListField(child=BatchFix(), max_length=2_000)


class StatusInput(Input):
    """Another status."""

    status = serializers.ChoiceField(STATUSES)
    reason = Text(200, required=False, default="")
    reason_code = Text(16, required=False, default="", code=True)  # code table away_reason
    back_at = Moment(required=False, allow_null=True, default=None)  # when a unit out of service is expected back


class ShiftInput(Input):
    """Who comes on duty on which unit."""

    unit = Ident()
    lead = Text(12, required=False, default="", code=True)
    crew = serializers.ListField(child=Text(12, code=True), required=False, default=list, max_length=8)
    equipment = serializers.ListField(child=Text(40), required=False, default=list, max_length=40)


class EmergencyInput(Input):
    """An officer in danger."""

    silent = serializers.BooleanField(required=False)
    device_at = Moment(required=False, allow_null=True)


def fix_of(unit_id: int, data: dict[str, Any]) -> FixIn:
    """Make a fix in WGS-84 of validated data."""
    lat, lng = geo.to_wgs84(data["lat"], data["lng"], data["crs"])
    return FixIn(
        unit_id=unit_id,
        lat=lat,
        lng=lng,
        fixed_at=data["taken_at"],
        accuracy_m=data.get("accuracy_m"),
        speed_kmh=data.get("speed_kmh"),
        heading=data.get("heading"),
        source=data.get("source") or "terminal",
    )


class UnitsView(APIView):
    """All units that the reader may see."""

    roles = {"GET": (*WATCHING, OFFICER)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List them."""
        by: Any = request.auth
        audience = audience_of(by)
        units = Unit.objects.filter(centre_id=by.centre_id, ended_at__isnull=True).order_by("call_sign")
        shown = [row for unit in units if (row := seen(audience, "unit", unit.row(), unit.readers()))]
        return Response({"units": shown})


class TrackView(APIView):
    """Where a unit was."""

    roles = {"GET": WATCHING}

    @extend_schema(responses=dict)
    def get(self, request: Request, unit_id: int) -> Response:
        """Return the fixes between two moments, at most a day."""
        by: Any = request.auth
        unit = Unit.objects.filter(pk=unit_id, centre_id=by.centre_id).first()
        if unit is None or seen(audience_of(by), "unit", unit.row(), unit.readers()) is None:
            raise NotFound()
        window = track.window(request.query_params)
        return Response({"unit": unit.pk, "fixes": track.between(unit.pk, *window)})


class UnitStatusView(APIView):
    """A unit's status, by radio."""

    roles = {"POST": ORDERING}

    @extend_schema(request=StatusInput, responses=dict)
    def post(self, request: Request, unit_id: int) -> Response:
        """Set it for the unit."""
        found = parsed(StatusInput, request)
        return carried_out(services.choose_status, by=actor(request), unit_id=unit_id, **found)


class EndEmergencyView(APIView):
    """The officer is safe."""

    roles = {"POST": ORDERING}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request, unit_id: int) -> Response:
        """End the emergency."""
        parsed(Input, request)
        return carried_out(services.end_emergency, by=actor(request), unit_id=unit_id)


class PositionsView(APIView):
    """A gateway's batch of fixes: class B, no key, newest wins."""

    roles = {"POST": (ADAPTER,)}

    @extend_schema(request=Batch, responses=dict)
    def post(self, request: Request) -> Response:
        """Take what can be taken and say why the rest was not."""
        by: Any = request.auth
        found = parsed(Batch, request)["fixes"]
        units = dict(Unit.objects.filter(centre_id=by.centre_id).values_list("call_sign", "id"))
        known = set(units.values())
        fixes, indexes, refused = [], [], []
        for index, data in enumerate(found):
            unit_id = data.get("unit") or units.get(data.get("call_sign", ""))
            if unit_id not in known:
                refused.append({"index": index, "reason": "unknown_unit"})
                continue
            fixes.append(fix_of(unit_id, data))
            indexes.append(index)
        taken = positions.take_fixes(fixes)
        refused += [{"index": indexes[index], "reason": reason} for index, reason in taken.refused]
        return Response({"taken": taken.count, "refused": refused})


class ShiftView(APIView):
    """Coming on duty."""

    roles = {"POST": (OFFICER,)}

    @extend_schema(request=ShiftInput, responses=dict)
    def post(self, request: Request) -> Response:
        """Start a shift."""
        by, found = actor(request), parsed(ShiftInput, request)
        return carried_out(
            services.start_shift,
            by=by,
            unit_id=found["unit"],
            lead_no=found["lead"],
            crew_nos=found["crew"],
            equipment=found["equipment"],
        )


def own_unit_id(by: Any) -> int:
    """Return the unit of the person's shift; raises Forbidden off duty."""
    if by.on_unit is None:
        raise Forbidden()
    return int(by.on_unit)


class EndShiftView(APIView):
    """Going off duty."""

    roles = {"POST": (OFFICER,)}

    @extend_schema(request=Input, responses=dict)
    def post(self, request: Request) -> Response:
        """End the shift."""
        parsed(Input, request)
        by = actor(request)
        return carried_out(services.end_shift, by=by, unit_id=own_unit_id(by))


class OwnStatusView(APIView):
    """The own unit's status."""

    roles = {"POST": (OFFICER,)}

    @extend_schema(request=StatusInput, responses=dict)
    def post(self, request: Request) -> Response:
        """Set it."""
        by, found = actor(request), parsed(StatusInput, request)
        return carried_out(services.choose_status, by=by, unit_id=own_unit_id(by), **found)


class OwnPositionView(APIView):
    """The phone's fixes; the answer carries the unit's row, so that an order arrives without a socket (rule 49)."""

    roles = {"POST": (OFFICER,)}
    while_locked = ("POST",)  # a locked phone is still a unit on the map

    @extend_schema(request=OwnFixes, responses=dict)
    def post(self, request: Request) -> Response:
        """Take the fixes and answer with the unit."""
        by: Any = request.auth
        found = parsed(OwnFixes, request)["fixes"]
        unit_id = own_unit_id(by)
        taken = positions.take_fixes([fix_of(unit_id, data) for data in found])
        refused = [{"index": index, "reason": reason} for index, reason in taken.refused]
        unit = Unit.objects.get(pk=unit_id)
        return Response({"unit": unit.row(), "taken": taken.count, "refused": refused})


class EmergencyView(APIView):
    """The emergency button."""

    roles = {"POST": (OFFICER,)}
    while_locked = ("POST",)  # an officer in danger waits for no PIN

    @extend_schema(request=EmergencyInput, responses=dict)
    def post(self, request: Request) -> Response:
        """Tell every console that this officer is in danger."""
        by, found = actor(request), parsed(EmergencyInput, request)
        return carried_out(services.call_emergency, by=by, device_at=found.get("device_at"))

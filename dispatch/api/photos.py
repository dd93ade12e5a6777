"""Routes about pictures."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.models import Photo
from dispatch.services.pictures import add_photo
from incidents import geo, pictures
from incidents.api_tools import carried_out, keyed, parsed
from incidents.audience import seen
from incidents.fields import CRS, Input, Moment, convertible
from incidents.refusals import BadInput, NotFound
from incidents.roles import OFFICER, WATCHING, audience_of


class PhotoInput(Input):
    """A picture with when and where it was taken."""

    file = serializers.FileField()
    taken_at = Moment(required=False, allow_null=True)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False, allow_null=True)
    lng = serializers.FloatField(min_value=-180, max_value=180, required=False, allow_null=True)
    crs = serializers.ChoiceField(CRS, required=False)


def place_of(found: dict[str, Any]) -> tuple[float | None, float | None]:
    """Return where the picture was taken, in WGS-84; a point without its datum is refused."""
    lat, lng = found.get("lat"), found.get("lng")
    if lat is None or lng is None or not math.isfinite(lat) or not math.isfinite(lng):
        return None, None
    if "crs" not in found:
        raise BadInput(crs=_("A point needs its datum."))
    found = convertible({"lat": lat, "lng": lng, "crs": found["crs"]})
    return geo.to_wgs84(lat, lng, found["crs"])


class PhotosView(APIView):
    """Upload a picture."""

    roles = {"POST": (OFFICER,)}
    parser_classes = [MultiPartParser]

    @extend_schema(request=PhotoInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Store it; a report then names it."""
        found = parsed(PhotoInput, request)
        data = found["file"].read()
        digest = hashlib.sha256(f"{request.path}\n".encode() + data).digest()
        by = replace(keyed(request), body_hash=digest)
        lat, lng = place_of(found)
        answer = carried_out(
            add_photo, by=by, columns=pictures.store(data), taken_at=found.get("taken_at"), lat=lat, lng=lng
        )
        answer.status_code = 201
        return answer


class PhotoView(APIView):
    """One picture."""

    roles = {"GET": (*WATCHING, OFFICER)}

    @extend_schema(responses={(200, "image/jpeg"): bytes})
    def get(self, request: Request, photo_id: int) -> HttpResponseBase:
        """Return it to those who may see its report, and to the unit that took it."""
        by: Any = request.auth
        photo = Photo.objects.filter(pk=photo_id, centre_id=by.centre_id).select_related("report__incident").first()
        if photo is None or not photo.file or not may_see(photo, by):
            raise NotFound()
        picture = pictures.path_of(photo.file).open("rb")
        return FileResponse(picture, content_type="image/jpeg", headers=pictures.HEADERS)


def may_see(photo: Photo, by: Any) -> bool:
    """Tell whether a person may see a picture."""
    if photo.taken_by_id == by.user_id or (by.on_unit is not None and photo.unit_id == by.on_unit):
        return True
    report = photo.report
    return report is not None and seen(audience_of(by), "report", report.row(), report.readers()) is not None

"""The printable hand-over sheet (交接单): what was open, by name, who had it and who has it now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from incidents.models import HandOver
from incidents.roles import DESK, INSPECTOR, STATION_DUTY
from incidents.row import stamp
from incidents.sessions import actor_of


@never_cache
def hand_over_sheet(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """Show one sheet, made for paper; a station's duty desk sees its own alone."""
    user: Any = request.user
    if not user.is_authenticated or user.centre_id is None:
        return render(request, "403.html", status=403)
    by = actor_of(user, request.session)
    if not by.has(*DESK, STATION_DUTY, INSPECTOR):
        return render(request, "403.html", status=403)
    sheet = HandOver.objects.filter(pk=hand_over_id, centre_id=by.centre_id).first()
    own = sheet is not None and sheet.scope == HandOver.Scope.STATION and sheet.organisation_id == by.org_id
    if sheet is None or not (own or by.has(*DESK, INSPECTOR)):
        return render(request, "404.html", status=404)
    context = {"sheet": sheet.row(), "centre": user.centre, "person": user, "printed_at": stamp(timezone.now())}
    return render(request, "incidents/hand_over.html", context)
